// SPDX-License-Identifier: Apache-2.0
/*
 * audit_server.c - the writer among clients: many at once, its start and end, its death at any moment, a disk that
 * fills up, a folder that cannot be written.
 */
#include "tests/unit/audit_scratch.h"

#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "sandbox/audit/message.h"
#include "sandbox/base/channel.h"
#include "sandbox/base/ident.h"

TestSuite(server, .init = scratch_make, .fini = scratch_drop, .timeout = 120);

static void sleep_us(unsigned int us)
{
	const struct timespec time = { us / 1000000, (long)(us % 1000000) * 1000 };

	nanosleep(&time, NULL);
}

/* The pid of the process that holds a log's folder locked, by /proc/locks; 0: none. */
static pid_t writer_of(const char *folder)
{
	char line[256];
	struct stat stat_of_folder;
	FILE *locks = fopen("/proc/locks", "re");
	pid_t found = 0;

	if (!locks || stat(folder, &stat_of_folder) < 0)
		return 0;
	while (fgets(line, sizeof(line), locks)) {
		int pid;
		unsigned int major, minor;
		unsigned long inode;

		if (sscanf(line, "%*d: FLOCK ADVISORY WRITE %d %x:%x:%lu", &pid, &major, &minor, &inode) == 4 &&
		    inode == stat_of_folder.st_ino)
			found = pid;
	}
	fclose(locks);
	return found;
}

static void append_many(unsigned int who, unsigned int count)
{
	struct audit *audit = NULL;
	struct cordon_err err = { 0 };
	uint64_t before = 0;

	if (audit_open(scratch_log, &audit, &err) < 0)
		_exit(1);
	for (unsigned int i = 0; i < count; i++) {
		char record[100];
		uint64_t index;

		snprintf(record, sizeof(record), "{\"who\":%u,\"n\":%u}", who, i);
		if (audit_append(audit, slice_of(record), &index, &err) < 0 || (i && index <= before)) {
			fprintf(stderr, "%s\n", err.text);
			_exit(2);
		}
		before = index;
	}
	audit_close(audit);
	_exit(0);
}

static unsigned int count_records(const char *needle)
{
	struct audit_reader *reader = NULL;
	struct cordon_err err = { 0 };
	unsigned int count = 0;

	cr_assert_eq(audit_reader_open(scratch_log, &reader, &err), 0, "%s", err.text);
	for (uint64_t i = 0; i < audit_reader_size(reader, NULL); i++) {
		struct cordon_slice record;

		cr_assert_eq(audit_reader_get(reader, i, &record, &err), 0, "%s", err.text);
		count += memmem(record.data, record.len, needle, strlen(needle)) != NULL;
	}
	audit_reader_close(reader);
	return count;
}

/* 16 processes that all find no writer at the same moment. */
Test(server, processes_that_start_at_once_share_one_writer)
{
	enum { CLIENTS = 16, RECORDS = 40 };
	pid_t pids[CLIENTS];
	struct audit_proof proof;

	for (unsigned int i = 0; i < CLIENTS; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			append_many(i, RECORDS);
	}
	for (unsigned int i = 0; i < CLIENTS; i++) {
		int status = 0;

		waitpid(pids[i], &status, 0);
		cr_expect_eq(status, 0, "client %u", i);
	}
	for (unsigned int i = 0; i < CLIENTS; i++) {
		char needle[32];

		snprintf(needle, sizeof(needle), "{\"who\":%u,", i);
		cr_expect_eq(count_records(needle), RECORDS, "client %u", i);
	}
	cr_expect_eq(count_records("\"kind\":\"boot\""), 1);
	scratch_wait_idle(scratch_log);
	proof = scratch_verify(scratch_log);
	cr_expect(proof.intact, "%s", proof.fault);
	cr_expect_eq(proof.signed_size, CLIENTS * RECORDS + 1);
}

/* A client that comes while the last writer leaves: at every moment around the second that it lingers. */
Test(server, a_client_that_comes_while_the_writer_leaves_is_served)
{
	struct cordon_err err = { 0 };

	for (unsigned int i = 0; i < 20; i++) {
		struct audit *audit = scratch_open(scratch_log);

		scratch_append(audit, "{\"a\":1}");
		audit_close(audit);
		if (i % 2) { /* end it by hand, and knock in the middle of that */
			pid_t writer = writer_of(scratch_log);

			if (writer > 0)
				kill(writer, SIGTERM);
			sleep_us(i * 300);
		}
		audit = scratch_open(scratch_log);
		scratch_append(audit, "{\"b\":1}");
		cr_assert_eq(audit_checkpoint(audit, &err), 0, "%s", err.text);
		audit_close(audit);
	}
	cr_expect_eq(count_records("{\"a\":1}"), 20);
	cr_expect_eq(count_records("{\"b\":1}"), 20);
}

struct acked {
	uint64_t index;
	unsigned int number;
};

/* Appends until the writer is gone, telling of each acknowledged record by the pipe. */
static void append_until_killed(int report, unsigned int from)
{
	struct audit *audit = NULL;
	struct cordon_err err;

	if (audit_open(scratch_log, &audit, &err) < 0)
		_exit(1);
	for (;; from++) {
		struct acked acked = { .number = from };
		char record[600];
		int len = snprintf(record, sizeof(record), "{\"number\":%u,\"fill\":\"%0*d\"}", from, (int)(from % 400),
				   0);

		if (audit_append(audit, (struct cordon_slice){ record, (size_t)len }, &acked.index, &err) < 0)
			_exit(0);
		if (write(report, &acked, sizeof(acked)) != sizeof(acked))
			_exit(2);
	}
}

/* Reads what was acknowledged until the pipe ends or the time is over; returns how many. */
static size_t collect(int report, struct acked *acked, size_t room, int ms)
{
	uint64_t until = clock_monotonic_ns() + (uint64_t)ms * 1000000;
	size_t count = 0;

	while (count < room) {
		struct pollfd polled = { .fd = report, .events = POLLIN };
		uint64_t now = clock_monotonic_ns();

		if (now >= until || poll(&polled, 1, (int)((until - now) / 1000000) + 1) <= 0)
			break;
		if (read(report, &acked[count], sizeof(*acked)) != sizeof(*acked))
			break;
		count++;
	}
	return count;
}

static void expect_acked(const struct acked *acked, size_t count)
{
	struct audit_reader *reader = NULL;
	struct cordon_err err = { 0 };

	cr_assert_eq(audit_reader_open(scratch_log, &reader, &err), 0, "%s", err.text);
	for (size_t i = 0; i < count; i++) {
		struct cordon_slice record;
		char needle[40];

		snprintf(needle, sizeof(needle), "{\"number\":%u,", acked[i].number);
		cr_assert_eq(audit_reader_get(reader, acked[i].index, &record, &err), 0, "%s", err.text);
		cr_assert(slice_starts(record, slice_of(needle)), "record %" PRIu64 " is not number %u", acked[i].index,
			  acked[i].number);
	}
	audit_reader_close(reader);
}

Test(server, thirty_kills_lose_no_acknowledged_record)
{
	enum { ROUNDS = 30, ACKED_MAX = 1 << 21 };
	struct acked *acked = calloc(ACKED_MAX, sizeof(*acked));
	struct audit_proof proof;
	size_t count = 0;
	struct audit *audit;

	srand(7);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		int report[2];
		pid_t client;
		pid_t writer = 0;

		cr_assert_eq(pipe(report), 0);
		client = fork();
		if (client == 0) {
			close(report[0]);
			append_until_killed(report[1], round * 100000);
		}
		close(report[1]);
		cr_assert_eq(collect(report[0], &acked[count], 1, 5000), 1);
		count++;
		/* Some live to publish. */
		count += collect(report[0], &acked[count], ACKED_MAX - count, rand() % (round % 5 == 4 ? 1200 : 60));
		writer = writer_of(scratch_log);
		cr_assert_gt(writer, 0);
		kill(writer, SIGKILL);
		count += collect(report[0], &acked[count], ACKED_MAX - count, 5000);
		close(report[0]);
		waitpid(client, NULL, 0);
	}
	audit = scratch_open(scratch_log);
	scratch_append(audit, "{\"last\":1}");
	audit_close(audit);
	scratch_wait_idle(scratch_log);
	expect_acked(acked, count);
	proof = scratch_verify(scratch_log);
	cr_expect(proof.intact, "%s", proof.fault);
	cr_expect_eq(proof.size, proof.signed_size);
	cr_expect_eq(count_records("\"kind\":\"boot\""), ROUNDS + 1);
	free(acked);
}

Test(server, after_its_writer_died_a_client_is_told_and_goes_on_with_the_next)
{
	struct audit *audit = scratch_open(scratch_log);
	struct cordon_err err = { 0 };
	uint64_t index = 0;

	scratch_append(audit, "{\"a\":1}");
	kill(writer_of(scratch_log), SIGKILL);
	sleep_us(20000);
	/* Sent to nobody it may be sent again; read by somebody who died, it may not. */
	if (audit_append(audit, SLICE("{\"b\":1}"), &index, &err) < 0) {
		cr_expect_eq(err.code, CORDON_EPROTO);
		cr_expect_not_null(strstr(err.text, "audit tail"), "%s", err.text);
	}
	scratch_append(audit, "{\"c\":1}");
	audit_close(audit);
	cr_expect_leq(count_records("{\"b\":1}"), 1);
	cr_expect_eq(count_records("{\"c\":1}"), 1);
}

Test(server, a_record_of_every_size_comes_back)
{
	static const size_t sizes[] = { 2, 3, 16376, 16377, 16384, 65534, 65535 };
	struct audit *audit = scratch_open(scratch_log);
	struct cordon_err err = { 0 };
	char *record = malloc(65537);
	uint64_t index = 0;

	memset(record, ' ', 65537);
	record[0] = '{';
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		record[sizes[i] - 1] = '}';
		cr_assert_eq(audit_append(audit, (struct cordon_slice){ record, sizes[i] }, &index, &err), 0, "%s",
			     err.text);
		record[sizes[i] - 1] = ' ';
	}
	record[65535] = '}';
	cr_expect_eq(audit_append(audit, (struct cordon_slice){ record, 65536 }, &index, &err), CORDON_ELIMIT);
	cr_expect_eq(audit_append(audit, SLICE("[1]"), &index, &err), CORDON_EINVAL);
	scratch_append(audit, "{\"still\":1}");
	audit_close(audit);
	free(record);
}

/* ---- hostile peers ---- */

static int connect_raw(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	cr_assert_lt((size_t)snprintf(address.sun_path, sizeof(address.sun_path), "%.90s/" MESSAGE_SOCKET, scratch_log),
		     sizeof(address.sun_path));
	cr_assert_eq(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static const struct bad_bytes {
	const char *bytes;
	size_t len;
} bad_bytes[] = {
	{ "\1\0\0\0\xff\xff\xff\xff", 8 }, /* a record of 4 GiB */
	{ "\1\0\0\0\0\0\1\0", 8 }, /* of 65,536 bytes */
	{ "\x63\0\0\0\0\0\0\0", 8 }, /* an unknown message */
	{ "\2\0\0\0\1\0\0\0x", 9 }, /* a checkpoint with a payload */
	{ "\1\0\0\0\2\0\0\0[]", 10 }, /* no object */
	{ "\1\0\0", 3 },
	{ "", 0 },
};

Test(server, a_peer_that_talks_nonsense_harms_nobody)
{
	struct audit *audit = scratch_open(scratch_log);

	scratch_append(audit, "{\"first\":1}");
	for (size_t i = 0; i < ARRAY_LEN(bad_bytes); i++) {
		int fd = connect_raw();

		cr_assert_eq(write(fd, bad_bytes[i].bytes, bad_bytes[i].len), (ssize_t)bad_bytes[i].len);
		scratch_append(audit, "{\"a\":1}");
		close(fd);
	}
	cr_expect_eq(count_records("{\"a\":1}"), (unsigned int)ARRAY_LEN(bad_bytes));
	cr_expect_eq(count_records("[]"), 0);
	audit_close(audit);
}

Test(server, a_peer_that_reads_no_answers_holds_up_nobody)
{
	struct audit *audit = scratch_open(scratch_log);
	int fd;

	scratch_append(audit, "{\"first\":1}");
	fd = connect_raw();
	fcntl(fd, F_SETFL, O_NONBLOCK);
	for (int i = 0; i < 200000; i++)
		if (send(fd, "\1\0\0\0\2\0\0\0{}", 10, MSG_NOSIGNAL) < 0)
			break;
	scratch_append(audit, "{\"a\":1}");
	close(fd);
	audit_close(audit);
}

/* ---- the socket and the process ---- */

Test(server, the_socket_and_the_files_are_this_users_alone)
{
	static const char *const files[] = { "socket", "key", "wal-0" };
	struct audit *audit = scratch_open(scratch_log);
	struct stat found;
	char path[400];

	scratch_append(audit, "{}");
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", scratch_log, files[i]);
		cr_assert_eq(stat(path, &found), 0, "%s", path);
		cr_expect_eq(found.st_mode & 0177, 0, "%s: %o", path, found.st_mode);
	}
	cr_assert_eq(stat(scratch_log, &found), 0);
	cr_expect_eq(found.st_mode & 0777, 0700);
	audit_close(audit);
}

Test(server, another_user_is_turned_away)
{
	struct audit *audit;
	pid_t child;
	int status = 0;

	if (geteuid() != 0)
		cr_skip_test("only root can become another user");
	audit = scratch_open(scratch_log);
	scratch_append(audit, "{}");
	chmod(scratch, 0755);
	chmod(scratch_log, 0755);
	cr_assert_eq(scratch_shell("chmod 777 %s/socket", scratch_log), 0);
	child = fork();
	if (child == 0) {
		struct channel_message message = { 0 };
		struct cordon_err err = { 0 };

		if (setgid(65534) < 0 || setuid(65534) < 0)
			_exit(9);
		_exit(channel_receive(connect_raw(), 2000, &message, &err) == 1 && message.type == MESSAGE_REFUSED ? 0
														   : 1);
	}
	waitpid(child, &status, 0);
	cr_expect_eq(status, 0);
	audit_close(audit);
}

static bool status_has(pid_t pid, const char *line)
{
	char path[64], found[256];
	FILE *file;
	bool has = false;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	while (file && fgets(found, sizeof(found), file))
		has = has || slice_starts(slice_of(found), slice_of(line));
	if (file)
		fclose(file);
	return has;
}

Test(server, the_writer_is_confined_and_in_a_session_of_its_own)
{
	struct audit *audit = scratch_open(scratch_log);
	pid_t writer;

	scratch_append(audit, "{}");
	writer = writer_of(scratch_log);
	cr_assert_gt(writer, 0);
	cr_expect_eq(getsid(writer), writer);
	cr_expect(status_has(writer, "Seccomp:\t2"));
	cr_expect(status_has(writer, "NoNewPrivs:\t1"));
	cr_expect(status_has(writer, "CapEff:\t0000000000000000"));
	audit_close(audit);
}

/* ---- no room, no right ---- */

static void expect_told(const char *folder, int os_errno, const char *words)
{
	struct audit *audit = NULL;
	struct cordon_err err = { 0 };
	uint64_t index;
	int rc = audit_open(folder, &audit, &err);

	if (rc == 0)
		rc = audit_append(audit, SLICE("{}"), &index, &err);
	if (rc >= 0 || err.os_errno != os_errno || !strstr(err.text, words)) {
		fprintf(stderr, "rc %d, errno %d: %s\n", rc, err.os_errno, err.text);
		_exit(1);
	}
	audit_close(audit);
}

Test(server, a_folder_that_this_user_cannot_write_is_an_error_with_a_remedy)
{
	pid_t child;
	int status = 0;

	mkdir(scratch_log, 0755);
	chmod(scratch, 0755);
	chmod(scratch_log, 0555);
	child = fork();
	if (child == 0) {
		char below[400];

		snprintf(below, sizeof(below), "%s/audit", scratch_log);
		if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
			_exit(9);
		expect_told(scratch_log, EACCES, "make it writable by this user");
		expect_told(below, EACCES, below);
		_exit(0);
	}
	waitpid(child, &status, 0);
	cr_expect_eq(status, 0);
}

/* In a mount namespace of its own: a log on 256 KiB, filled up, then given more room. */
static void fill_up(void)
{
	struct cordon_err err = { 0 };
	struct audit *audit = NULL;
	struct audit_proof proof = { 0 };
	char record[5000];
	uint64_t index = 0, last = 0;
	unsigned int acked = 0;
	int rc;

	memset(record, 'x', sizeof(record));
	memcpy(record, "{\"f\":\"", 6);
	memcpy(record + sizeof(record) - 2, "\"}", 2);
	if (audit_open(scratch_log, &audit, &err) < 0)
		_exit(3);
	while ((rc = audit_append(audit, (struct cordon_slice){ record, sizeof(record) }, &index, &err)) == 0) {
		acked++;
		last = index;
	}
	if (err.os_errno != ENOSPC || !strstr(err.text, "free some space")) {
		fprintf(stderr, "%d: %s\n", err.os_errno, err.text);
		_exit(4);
	}
	/* Again and again it is refused, and nothing of it stays. */
	for (int i = 0; i < 3; i++)
		if (audit_append(audit, (struct cordon_slice){ record, sizeof(record) }, &index, &err) == 0)
			_exit(5);
	if (mount(NULL, scratch_log, NULL, MS_REMOUNT, "size=16m") < 0)
		_exit(6);
	if (audit_append(audit, SLICE("{\"room\":1}"), &index, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		_exit(7);
	}
	if (index <= last || audit_checkpoint(audit, &err) < 0)
		_exit(8);
	audit_close(audit);
	if (count_records("xxxx") != acked || count_records("{\"room\":1}") != 1)
		_exit(10);
	if (audit_verify(scratch_log, NULL, &proof, &err) < 0 || !proof.intact) {
		fprintf(stderr, "%s %s\n", err.text, proof.fault);
		_exit(11);
	}
	scratch_wait_idle(scratch_log);
	_exit(0);
}

Test(server, a_full_disk_is_an_error_with_a_remedy_and_leaves_no_half_record)
{
	int status = 0;
	pid_t child;

	mkdir(scratch_log, 0700);
	child = fork();
	if (child == 0) {
		if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
		    mount("tmpfs", scratch_log, "tmpfs", 0, "size=256k,mode=700") < 0)
			_exit(77);
		fill_up();
	}
	waitpid(child, &status, 0);
	if (WEXITSTATUS(status) == 77)
		cr_skip_test("no tmpfs can be mounted here");
	cr_expect_eq(status, 0, "exit %d", WEXITSTATUS(status));
}

Test(server, a_damaged_log_is_an_error_with_a_remedy_and_not_touched)
{
	struct audit *audit = scratch_open(scratch_log);

	scratch_append(audit, "{}");
	audit_close(audit);
	scratch_wait_idle(scratch_log);
	cr_assert_eq(scratch_shell("cd %s && sed -i 's/boot/B00T/' tile/entries/000.p/2 && cp -a . ../keep",
				   scratch_log),
		     0);
	expect_told(scratch_log, 0, "move it away");
	scratch_wait_idle(scratch_log);
	cr_expect_eq(scratch_shell("cd %s && rm -f socket && diff -r . ../keep", scratch_log), 0);
}

Test(server, a_path_longer_than_a_socket_address_works)
{
	char folder[600];
	struct audit *audit, *second;

	snprintf(folder, sizeof(folder), "%s/%0120d/audit", scratch, 0);
	audit = scratch_open(folder);
	scratch_append(audit, "{\"a\":1}");
	second = scratch_open(folder);
	scratch_append(second, "{\"b\":1}");
	audit_close(audit);
	audit_close(second);
	scratch_wait_idle(folder);
	cr_expect(scratch_verify(folder).intact);
}
