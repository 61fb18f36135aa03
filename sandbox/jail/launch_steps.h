/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_steps.h - what `cordon-launch` does for a call, in order, one row a step; and what it does in some of the steps,
 * one row a namespace, a limit, a call that init makes in the tool's place. The functions stand beside the identifiers in
 * launcher/launch_main.c, launch_init.c and launch_tool.c; order is data there too.
 *
 * Each row ends with the attack (tests/attacks/) that reaches its goal when the row is left out, and the names of what else
 * holds that attack and has to be left out with it. With those left out and the row in its place the attack must still be
 * contained. FAILS_CLOSED: without the row no program is started. tests/attacks/switch-off.sh shows that it is so.
 */
#ifndef JAIL_LAUNCH_STEPS_H
#define JAIL_LAUNCH_STEPS_H

#include "sandbox/base/switch_off.h"

#define FAILS_CLOSED "fails closed"

/* identifier, name, reason, attack, what else holds it */
#define LAUNCH_STEPS(X)                                                                                                \
	/* the launcher, outside; where there are no namespaces, init is made just before id-maps */                   \
	X(DEATH_SIGNAL, "die-with-supervisor", "kill -9 of the supervisor must leave nothing", "outlive-supervisor",   \
	  "channel-end")                                                                                               \
	X(TERMINAL, "leave-terminal", "Ctrl-C is for the supervisor, which forwards it once", "signal-group",          \
	  "session landlock")                                                                                          \
	X(GROUPS, "groups", "started by root: root's groups open files of root's", "read-by-group", "")                \
	X(NAMESPACES, "namespaces", "user, mount, pid, net, ipc, uts and cgroup namespaces", FAILS_CLOSED, "")         \
	X(SET_ID, "unprivileged-id", "rung 3 started by root: no root inside", "read-shadow", "landlock")              \
	X(OPEN_BINDS, "open-binds", "as root what is bound is opened before root is given up", FAILS_CLOSED, "")       \
	X(ID_MAPS, "id-maps", "one unprivileged id inside and outside", FAILS_CLOSED, "")                              \
	/* init, inside */                                                                                             \
	X(INIT_IDS, "inside-ids", "the mapped id, so that what it makes belongs to it", FAILS_CLOSED, "")              \
	X(INIT_PRIVATE, "private-mounts", "what is mounted on one side may not show on the other", "late-mount",       \
	  "bind-private")                                                                                              \
	X(INIT_BINDS, "binds", "what is bound is opened while the host's tree is still there", FAILS_CLOSED, "")       \
	X(INIT_PROC, "proc", "a /proc of the call's own processes", FAILS_CLOSED, "")                                  \
	X(INIT_ROOT, "root", "an empty root that the profile fills", FAILS_CLOSED, "")                                 \
	X(INIT_MOUNTS, "mounts", "what the profile lists, in order", FAILS_CLOSED, "")                                 \
	X(INIT_PIVOT, "pivot-root", "the host's tree goes away", "read-outside", "landlock")                           \
	X(INIT_READONLY, "read-only-root", "no file is made beside what is writable", "write-etc", "landlock")         \
	X(INIT_HOSTNAME, "host-name", "the host's name is nobody's business", "learn-host-name", "")                   \
	X(INIT_RULES, "landlock-rules", "built on the final tree: rules on host paths do not cover binds",             \
	  FAILS_CLOSED, "")                                                                                            \
	X(INIT_DROP, "drop-capabilities", "bounding, ambient and all others, before any foreign code", "clock",        \
	  "seccomp")                                                                                                   \
	/* the tool, inside */                                                                                         \
	X(TOOL_SESSION, "session", "no terminal, and one group for signals", "signal-group",                           \
	  "leave-terminal landlock")                                                                                   \
	X(TOOL_STDIO, "standard-streams", "the call's own pipes on 0, 1, 2", "flood-output", "helper-streams")         \
	X(TOOL_CLOSE, "close-descriptors", "nothing else is inherited", "leaked-descriptor", "helper-descriptors")     \
	X(TOOL_FOLDER, "working-folder", "as it is inside", "read-caller-folder", "landlock")                          \
	X(TOOL_LIMITS, "limits", "processes, file size, open files, processor time, no core", "fork-bomb", "")         \
	X(TOOL_PRIVILEGES, "no-new-privileges", "Landlock and seccomp need it; set-id programs stay plain",            \
	  FAILS_CLOSED, "")                                                                                            \
	X(TOOL_LANDLOCK, "landlock", "a second wall around files, the only one on rung 3", "read-outside", "")         \
	X(TOOL_FILTER, "seccomp", "last: it forbids what the others do", "user-namespace", "")                         \
	X(TOOL_EXEC, "exec", "the program", FAILS_CLOSED, "")

enum launch_step {
#define X(id, ...) LAUNCH_STEP_##id,
	LAUNCH_STEPS(X)
#undef X
		LAUNCH_STEP_COUNT
};

/* Step "namespaces": flag, name, reason, attack, what else holds it */
#define LAUNCH_NAMESPACES(X)                                                                                           \
	X(CLONE_NEWUSER, "namespace-user", "no root of the host's, and the right to make the others", FAILS_CLOSED,    \
	  "")                                                                                                          \
	X(CLONE_NEWNS, "namespace-mount", "a tree of its own", FAILS_CLOSED, "")                                       \
	X(CLONE_NEWPID, "namespace-pid", "nobody else to see, to signal, to trace; all end with init",                 \
	  "signal-outside", "landlock")                                                                                \
	X(CLONE_NEWNET, "namespace-net", "no interface, and abstract sockets of its own", "connect-abstract", "")      \
	X(CLONE_NEWIPC, "namespace-ipc", "System V and POSIX queues, System V memory", "shared-memory", "seccomp")     \
	X(CLONE_NEWUTS, "namespace-uts", "step host-name names this one, not the machine", FAILS_CLOSED, "")           \
	X(CLONE_NEWCGROUP, "namespace-cgroup", "where the caller stands is nobody's business", "learn-cgroup", "")

/* Step "limits": resource, name, reason, attack, what else holds it */
#define LAUNCH_RLIMITS(X)                                                                                              \
	X(NPROC, "rlimit-processes", "at `pids` fork fails; init counts too", "fork-bomb", "")                         \
	X(FSIZE, "rlimit-file-size", "one file, before the watch looks", "fill-disk", "limit-disk")                    \
	X(NOFILE, "rlimit-open-files", "descriptors are kernel memory", "open-files", "")                              \
	X(CPU, "rlimit-cpu", "one process, should the watch be late", "spin-alone", "limit-cpu")                       \
	X(CORE, "rlimit-core", "no file; and with 1 no program of core_pattern's either", "dump-core", "")             \
	X(MEMLOCK, "rlimit-locked-memory", "a little helps programs; more starves the machine", "lock-memory", "")     \
	X(MSGQUEUE, "rlimit-queues", "queues are in nobody's count", "message-queue", "seccomp")                       \
	X(SIGPENDING, "rlimit-signals", "queued signals are kernel memory", "queue-signals", "")                       \
	X(NICE, "rlimit-nice", "no way before others", "raise-priority", "")                                           \
	X(RTPRIO, "rlimit-real-time", "real-time priority would starve others", "real-time", "seccomp")

/* What init does in the tool's place, after a look: function, name, reason, attack, what else holds it */
#define LAUNCH_IN_PLACE(X)                                                                                             \
	X(launch_connect_for, "connect-in-place", "rungs 1 and 2: only to sockets that were made inside",              \
	  "connect-shown-socket", "")                                                                                  \
	X(launch_signal_for, "signal-in-place", "rung 3: only to processes of the call", "signal-outside", "")         \
	X(launch_attributes_for, "attributes-in-place", "rung 3: only of what is writable", "chmod-outside", "")

#endif
