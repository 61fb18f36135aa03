// SPDX-License-Identifier: Apache-2.0
/*
 * spawn.c - the two floors that figures are held against, measured without an interpreter in between.
 *
 *     spawn run N CMD [ARG]...   posix_spawn to exit, N times, output to /dev/null: p50 and p99 in ms
 *     spawn flush N FILE BYTES   append and fdatasync, N times: p50 and p99 in ms, and records/s
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static void report(double *times, size_t count, double total_ms)
{
	qsort(times, count, sizeof(*times), compare);
	printf("%.3f %.3f %.0f\n", times[count / 2], times[count * 99 / 100], (double)count / total_ms * 1e3);
}

static int run_once(char **command, posix_spawn_file_actions_t *actions)
{
	int status = -1;
	pid_t pid;

	if (posix_spawnp(&pid, command[0], actions, NULL, command, environ))
		return -1;
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

static int run(double *times, size_t count, char **command)
{
	posix_spawn_file_actions_t actions;
	double begin = now_ms();

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	for (size_t i = 0; i < count; i++) {
		double start = now_ms();

		if (run_once(command, &actions)) {
			fprintf(stderr, "spawn: '%s' failed\n", command[0]);
			return 1;
		}
		times[i] = now_ms() - start;
	}
	report(times, count, now_ms() - begin);
	return 0;
}

static int flush(double *times, size_t count, const char *file, size_t len)
{
	char *bytes = calloc(1, len);
	int fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	double begin = now_ms();

	for (size_t i = 0; i < count; i++) {
		double start = now_ms();

		if (fd < 0 || !bytes || write(fd, bytes, len) != (ssize_t)len || fdatasync(fd) < 0) {
			fprintf(stderr, "spawn: cannot append to '%s'\n", file);
			return 1;
		}
		times[i] = now_ms() - start;
	}
	report(times, count, now_ms() - begin);
	return 0;
}

int main(int argc, char **argv)
{
	size_t count = argc > 3 ? strtoul(argv[2], NULL, 10) : 0;
	double *times = calloc(count ? count : 1, sizeof(*times));

	if (!times || !count)
		return 2;
	if (!strcmp(argv[1], "run"))
		return run(times, count, argv + 3);
	if (!strcmp(argv[1], "flush") && argc == 5)
		return flush(times, count, argv[3], strtoul(argv[4], NULL, 10));
	return 2;
}
