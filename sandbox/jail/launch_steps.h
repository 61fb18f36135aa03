/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_steps.h - what `cordon-launch` does for a call, in order, one row a step: identifier, name in messages, why it is
 * there, and the attack (tests/attacks/) that reaches its goal when the step is left out. The functions stand beside the
 * identifiers in launcher/launch_main.c, launch_init.c and launch_tool.c; order is data there too.
 *
 * A build with -DCORDON_SWITCH_OFF='"name"' leaves out the step of that name, for the test that each one is needed.
 */
#ifndef JAIL_LAUNCH_STEPS_H
#define JAIL_LAUNCH_STEPS_H

#include <stdbool.h>
#include <string.h>

#define LAUNCH_STEPS(X)                                                                                                \
	/* the launcher, outside */                                                                                    \
	X(DEATH_SIGNAL, "die-with-supervisor", "kill -9 of the supervisor must leave nothing", "")                     \
	X(TERMINAL, "leave-terminal", "Ctrl-C is for the supervisor, which forwards it once", "")                      \
	X(GROUPS, "groups", "started by root: root's groups open files of root's", "read-by-group")                    \
	X(SET_ID, "unprivileged-id", "rung 3 started by root: no root inside", "read-shadow")                          \
	X(OPEN_BINDS, "open-binds", "as root what is bound is opened before root is given up", "")                     \
	X(NAMESPACES, "namespaces", "user, mount, pid, net, ipc, uts and cgroup namespaces", "see-processes")          \
	X(ID_MAPS, "id-maps", "one unprivileged id inside and outside", "")                                            \
	/* init, inside */                                                                                             \
	X(INIT_IDS, "inside-ids", "the mapped id, so that what it makes belongs to it", "")                            \
	X(INIT_PRIVATE, "private-mounts", "nothing that is mounted here may show outside", "")                         \
	X(INIT_BINDS, "binds", "what is bound is opened while the host's tree is still there", "")                     \
	X(INIT_PROC, "proc", "a /proc of the call's own processes", "")                                                \
	X(INIT_ROOT, "root", "an empty root that the profile fills", "")                                               \
	X(INIT_MOUNTS, "mounts", "what the profile lists, in order", "")                                               \
	X(INIT_PIVOT, "pivot-root", "the host's tree goes away", "read-outside")                                       \
	X(INIT_READONLY, "read-only-root", "no file is made beside what is writable", "")                              \
	X(INIT_HOSTNAME, "host-name", "the host's name is nobody's business", "")                                      \
	X(INIT_RULES, "landlock-rules", "built on the final tree: rules on host paths do not cover binds", "")         \
	X(INIT_DROP, "drop-capabilities", "bounding, ambient and all others, before any foreign code", "mount")        \
	/* the tool, inside */                                                                                         \
	X(TOOL_SESSION, "session", "no terminal, and one group for signals", "type-ahead")                             \
	X(TOOL_STDIO, "standard-streams", "the call's own pipes on 0, 1, 2", "")                                       \
	X(TOOL_CLOSE, "close-descriptors", "nothing else is inherited", "leaked-descriptor")                           \
	X(TOOL_FOLDER, "working-folder", "as it is inside", "")                                                        \
	X(TOOL_LIMITS, "limits", "processes, file size, open files, processor time, no core", "fork-bomb")             \
	X(TOOL_PRIVILEGES, "no-new-privileges", "Landlock and seccomp need it; set-id programs stay plain", "")        \
	X(TOOL_LANDLOCK, "landlock", "a second wall around files, the only one on rung 3", "")                         \
	X(TOOL_FILTER, "seccomp", "last: it forbids what the others do", "user-namespace")                             \
	X(TOOL_EXEC, "exec", "the program", "")

enum launch_step {
#define X(id, name, reason, attack) LAUNCH_STEP_##id,
	LAUNCH_STEPS(X)
#undef X
		LAUNCH_STEP_COUNT
};

#ifdef CORDON_SWITCH_OFF
static inline bool switched_off(const char *name)
{
	return !strcmp(name, CORDON_SWITCH_OFF);
}
#else
#define switched_off(name) false
#endif

#endif
