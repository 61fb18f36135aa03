/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jail_live.h - starts the real `cordon-launch` with a plan made by hand, and collects what it says and what the tool
 * prints. A test runs in its own process, so one that wants to be an ordinary user becomes one (live_user()).
 */
#ifndef TESTS_JAIL_LIVE_H
#define TESTS_JAIL_LIVE_H

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/base/channel.h"
#include "sandbox/jail/filter.h"
#include "sandbox/jail/launch.h"
#include "sandbox/jail/launch_steps.h"

#define LIVE_NOBODY 65534U
#define LIVE_HOST_ID 64321U /* nobody's */
#define LIVE_ARGS_MAX 16
#define LIVE_WAIT_MS 10000

struct live {
	char folder[64]; /* the workspace */
	struct launch_mount mounts[40];
	struct launch_rule rules[8];
	const char *argv[LIVE_ARGS_MAX];
	const char *env[4];
	int objects[4]; /* go with the plan */
	size_t object_count;
	char mark
		[32]; /* MARK=PID, in the tool's environment: names its sleeps, while other tests run beside this one */
	struct launch_plan plan;
	bool without_word; /* the launcher is not told to execute the program */
	pid_t launcher;
	int channel;
	int output; /* our end of the tool's stdout and stderr */
	pid_t init; /* 0: not started */
	int proc; /* the tree's /proc; -1 */
	int ended; /* LAUNCH_FAILED or LAUNCH_EXITED; 0: neither */
	struct launch_failure failure;
	struct launch_report report;
	char text[1 << 16];
};

static const struct {
	enum launch_mount_kind kind;
	const char *source, *target;
} live_rows[] = {
	{ LAUNCH_MOUNT_READ, "/usr", "/usr" },
	{ LAUNCH_MOUNT_LINK, "usr/bin", "/bin" },
	{ LAUNCH_MOUNT_LINK, "usr/lib", "/lib" },
	{ LAUNCH_MOUNT_LINK, "usr/lib64", "/lib64" },
	{ LAUNCH_MOUNT_FOLDER, "", "/dev" },
	{ LAUNCH_MOUNT_DEVICE, "/dev/null", "/dev/null" },
	{ LAUNCH_MOUNT_DEVICE, "/dev/zero", "/dev/zero" },
	{ LAUNCH_MOUNT_DEVICE, "/dev/urandom", "/dev/urandom" },
	{ LAUNCH_MOUNT_TMPFS, "", "/tmp" },
	{ LAUNCH_MOUNT_TEXT, "", "/etc/passwd" },
	{ LAUNCH_MOUNT_PROC, "", "/proc" },
	{ LAUNCH_MOUNT_COVER, "", "/proc/sys" },
	{ LAUNCH_MOUNT_COVER, "", "/proc/kcore" },
	{ LAUNCH_MOUNT_COVER, "", "/proc/sysrq-trigger" },
};

static const struct {
	const char *path;
	uint32_t access;
} live_rules[] = {
	{ "/usr", 1U << LAUNCH_ACCESS_READ | 1U << LAUNCH_ACCESS_EXEC },
	{ "/dev", 1U << LAUNCH_ACCESS_READ | 1U << LAUNCH_ACCESS_WRITE },
	{ "/tmp", 1U << LAUNCH_ACCESS_READ | 1U << LAUNCH_ACCESS_WRITE | 1U << LAUNCH_ACCESS_EXEC },
	{ "/proc", 1U << LAUNCH_ACCESS_READ },
	{ "/etc", 1U << LAUNCH_ACCESS_READ },
};

/* Becomes an ordinary user with one group, as a login would. */
static void live_user(void)
{
	if (geteuid() != 0)
		return;
	cr_assert_eq(setgroups(0, NULL), 0);
	cr_assert_eq(setresgid(LIVE_NOBODY, LIVE_NOBODY, LIVE_NOBODY), 0);
	cr_assert_eq(setresuid(LIVE_NOBODY, LIVE_NOBODY, LIVE_NOBODY), 0);
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static void live_add_paths(struct live *live)
{
	size_t count = ARRAY_LEN(live_rows);

	for (size_t i = 0; i < count; i++)
		live->mounts[i] = (struct launch_mount){ .kind = live_rows[i].kind,
							 .source = live_rows[i].source,
							 .target = live_rows[i].target,
							 .object = -1,
							 .size_bytes = 1 << 20,
							 .inodes = live_rows[i].kind == LAUNCH_MOUNT_TMPFS ? 64 : 0,
							 .text = "tool:x:0:0::/tmp:/bin/sh\n" };
	live->mounts[count] = (struct launch_mount){
		.kind = LAUNCH_MOUNT_WRITE, .source = live->folder, .target = live->folder, .object = -1, .text = ""
	};
	live->plan.mounts = live->mounts;
	live->plan.mount_count = count + 1;
	count = ARRAY_LEN(live_rules);
	for (size_t i = 0; i < count; i++)
		live->rules[i] = (struct launch_rule){ live_rules[i].path, live_rules[i].access, -1 };
	live->rules[count] = (struct launch_rule){
		live->folder, 1U << LAUNCH_ACCESS_READ | 1U << LAUNCH_ACCESS_WRITE | 1U << LAUNCH_ACCESS_EXEC, -1
	};
	live->plan.rules = live->rules;
	live->plan.rule_count = count + 1;
}

/* A plan for this user on rung 1 or 3. */
static struct live *live_new(uint32_t rung)
{
	struct live *live = calloc(1, sizeof(*live));
	bool root = geteuid() == 0;

	cr_assert(live);
	snprintf(live->folder, sizeof(live->folder), "/var/tmp/cordon-live-XXXXXX");
	cr_assert(mkdtemp(live->folder));
	live->proc = -1;
	snprintf(live->mark, sizeof(live->mark), "MARK=%d", getpid());
	live->env[0] = "PATH=/usr/bin:/bin";
	live->env[1] = live->mark;
	live->plan = (struct launch_plan){
		.rung = rung,
		.flags = LAUNCH_LANDLOCK | (rung == 3 ? root ? LAUNCH_SETID : 0
						      : LAUNCH_USERNS | LAUNCH_PROC | (root ? LAUNCH_IDMAP : 0)),
		.inside_uid = root ? 1000 : geteuid(),
		.inside_gid = root ? 1000 : getegid(),
		.host_uid = root ? LIVE_HOST_ID : geteuid(),
		.host_gid = root ? LIVE_HOST_ID : getegid(),
		.limits = { .processes = 32, .file_bytes = 1 << 24, .files = 64, .cpu_s = 10 },
		.filter = filter_native(rung == 3 ? FILTER_BARE : FILTER_INSIDE),
		.cwd = live->folder,
		.argv = live->argv,
		.env = live->env,
		.search = "/usr/local/bin:/usr/bin:/bin",
		.hostname = "cordon",
	};
	live_add_paths(live);
	if (rung == 3) {
		live->plan.mount_count = 0;
		if (root)
			cr_assert_eq(chown(live->folder, LIVE_HOST_ID, LIVE_HOST_ID), 0);
	}
	return live;
}

static void live_spawn(struct live *live, int channel)
{
	char path[512];
	char bare[] = LAUNCH_BARE;
	char *argv[] = { path, live->plan.flags & LAUNCH_USERNS ? NULL : bare, NULL };
	char *env[] = { NULL };
	posix_spawn_file_actions_t actions;

	cr_assert(getenv("CORDON_BUILD"), "CORDON_BUILD names the folder with the programs");
	snprintf(path, sizeof(path), "%s/cordon-launch", getenv("CORDON_BUILD"));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&actions, 0, 1);
	posix_spawn_file_actions_adddup2(&actions, 0, 2);
	posix_spawn_file_actions_adddup2(&actions, channel, 3);
	posix_spawn_file_actions_addclosefrom_np(&actions, 4);
	cr_assert_eq(posix_spawn(&live->launcher, path, &actions, NULL, argv, env), 0, "cannot start %s", path);
	posix_spawn_file_actions_destroy(&actions);
}

/* Starts the launcher and sends it the plan with `words` as argv. */
static void live_start(struct live *live, const char *const *words)
{
	struct buf bytes = { 0 };
	struct cordon_err err;
	int pair[2], out[2], fds[3 + ARRAY_LEN(live->objects)];

	for (size_t i = 0; words[i]; i++)
		live->argv[i] = words[i];
	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	cr_assert_eq(pipe2(out, O_CLOEXEC), 0);
	pair[1] = fcntl(pair[1], F_DUPFD_CLOEXEC, 64);
	live_spawn(live, pair[1]);
	close(pair[1]);
	live->channel = pair[0];
	live->output = out[0];
	buf_init(&bytes, LAUNCH_REQUEST_MAX);
	cr_assert_eq(launch_plan_encode(&live->plan, &bytes, &err), 0);
	fds[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	fds[1] = fds[2] = out[1];
	memcpy(fds + 3, live->objects, sizeof(live->objects));
	cr_assert_eq(channel_send(live->channel, LAUNCH_REQUEST, buf_slice(&bytes),
				  (struct channel_fds){ fds, 3 + live->object_count }, &err),
		     0);
	buf_release(&bytes);
	close(fds[0]);
	close(out[1]);
	if (!live->without_word)
		cr_assert_eq(channel_send_plain(live->channel, LAUNCH_GO, (struct cordon_slice){ "", 0 }, NULL), 0);
}

static UNUSED void live_send(const struct live *live, enum launch_message type, uint32_t number)
{
	struct buf bytes = { 0 };

	buf_init(&bytes, 16);
	cr_assert_eq(wire_put_u32(&bytes, number, NULL), 0);
	cr_assert_eq(channel_send_plain(live->channel, type, buf_slice(&bytes), NULL), 0);
	buf_release(&bytes);
}

/* One message; false at the end of the stream. */
static bool live_receive(struct live *live)
{
	struct channel_message message;
	struct pollfd ready = { live->channel, POLLIN, 0 };
	struct wire_reader reader;

	cr_assert_eq(poll(&ready, 1, LIVE_WAIT_MS), 1, "the launcher is silent");
	if (channel_receive(live->channel, 1 << 20, &message, NULL) <= 0)
		return false;
	reader = wire_reader_of(buf_slice(&message.payload));
	if (message.type == LAUNCH_STARTED) {
		live->init = (pid_t)wire_get_u32(&reader);
		live->proc = message.fd_count ? TAKE_FD(message.fds[0]) : -1;
	} else if (message.type == LAUNCH_FAILED) {
		live->ended = LAUNCH_FAILED;
		cr_assert_eq(launch_failure_decode(buf_slice(&message.payload), &live->failure, NULL), 0);
	} else if (message.type == LAUNCH_EXITED) {
		live->ended = LAUNCH_EXITED;
		cr_assert_eq(launch_report_decode(buf_slice(&message.payload), &live->report, NULL), 0);
	}
	channel_message_release(&message);
	return true;
}

static UNUSED void live_until_started(struct live *live)
{
	while (!live->init && !live->ended && live_receive(live))
		;
	cr_assert(live->init, "step %s, errno %d, %s", launch_step_name(live->failure.step), live->failure.os_errno,
		  live->failure.subject);
}

/* Until the report or failure is there; the launcher is reaped. */
static void live_finish(struct live *live)
{
	size_t have = 0;
	ssize_t count;

	while (!live->ended && live_receive(live))
		;
	while ((count = read(live->output, live->text + have, sizeof(live->text) - 1 - have)) > 0)
		have += (size_t)count;
	live->text[have] = '\0';
	cr_assert_eq(waitpid(live->launcher, NULL, 0), live->launcher);
	close(live->channel);
	close(live->output);
	if (live->proc >= 0)
		close(live->proc);
}

static void live_free(struct live *live)
{
	char path[PATH_MAX];
	DIR *folder = opendir(live->folder);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		snprintf(path, sizeof(path), "%s/%s", live->folder, entry->d_name);
		unlink(path);
	}
	if (folder)
		closedir(folder);
	rmdir(live->folder);
	free(live->failure.subject);
	free(live);
}

/* The whole of it. What must hold for a plain run: it was started and gave a report. */
static struct live *live_run(uint32_t rung, const char *const *words)
{
	struct live *live = live_new(rung);

	live_start(live, words);
	live_finish(live);
	cr_assert_eq(live->ended, LAUNCH_EXITED, "step '%s', errno %d, '%s'", launch_step_name(live->failure.step),
		     live->failure.os_errno, live->failure.subject ? live->failure.subject : "");
	return live;
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define SHELL(text) WORDS("sh", "-c", text)

static UNUSED const struct launch_denial *live_denied(const struct live *live, uint32_t number)
{
	for (uint32_t i = 0; i < live->report.denial_count; i++)
		if (live->report.denials[i].number == number)
			return &live->report.denials[i];
	return NULL;
}

/* Whether one of the sleeps of this test's tools ("sleep 4242.${MARK}.1") is there. */
static UNUSED bool live_sleeps(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	char mark[48];
	bool found = false;

	snprintf(mark, sizeof(mark), "4242.%d", getpid());
	while (proc && !found && (entry = readdir(proc))) {
		char path[300], text[64] = "";
		int fd;

		snprintf(path, sizeof(path), "/proc/%s/cmdline", entry->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		(void)!read(fd, text, sizeof(text) - 1);
		close(fd);
		found = !strcmp(text, "sleep") && !strncmp(text + 6, mark, strlen(mark));
	}
	if (proc)
		closedir(proc);
	return found;
}

/* Waits until none is there, at most two seconds. */
static UNUSED bool live_sleeps_end(void)
{
	for (int i = 0; i < 200; i++) {
		if (!live_sleeps())
			return true;
		usleep(10000);
	}
	return false;
}

#endif
