// SPDX-License-Identifier: Apache-2.0
/*
 * spawn.c - the two floors that figures are held against, measured without an interpreter in between.
 *
 *     spawn run N [NAME=VALUE]... CMD [ARG]... [--- [NAME=VALUE]... CMD [ARG]...]...
 *                                posix_spawn to exit, N times in turn, as a machine's noise then meets all of them alike; output
 *                                to /dev/null: p10, p50 and p99 in ms, a line each
 *     spawn flush N FILE BYTES   append and fdatasync, N times: p10, p50 and p99 in ms, and records/s
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
	printf("%.3f %.3f %.3f %.0f\n", times[count / 10], times[count / 2], times[count * 99 / 100],
	       (double)count / total_ms * 1e3);
}

static int run_once(char **command, posix_spawn_file_actions_t *actions)
{
	int status = -1;
	pid_t pid;

	for (; strchr(*command, '=') && !strchr(*command, ' ') && **command != '/'; command++)
		putenv(*command);
	if (posix_spawnp(&pid, command[0], actions, NULL, command, environ))
		return -1;
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

#define COMMANDS_MAX 8

/* Splits at "---". */
static size_t split(char **words, char **commands[COMMANDS_MAX])
{
	size_t count = 1;

	commands[0] = words;
	for (; *words && count < COMMANDS_MAX; words++)
		if (!strcmp(*words, "---")) {
			*words = NULL;
			commands[count++] = words + 1;
		}
	return count;
}

static int run(size_t count, char **words)
{
	posix_spawn_file_actions_t actions;
	char **commands[COMMANDS_MAX];
	size_t kinds = split(words, commands);
	double *times[COMMANDS_MAX];
	double totals[COMMANDS_MAX] = { 0 };

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	for (size_t i = 0; i < kinds; i++)
		times[i] = calloc(count, sizeof(double));
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < kinds; j++) {
			double start = now_ms();

			if (!times[j] || run_once(commands[j], &actions)) {
				fprintf(stderr, "spawn: '%s' failed\n", commands[j][0]);
				return 1;
			}
			times[j][i] = now_ms() - start;
			totals[j] += times[j][i];
		}
	for (size_t j = 0; j < kinds; j++)
		report(times[j], count, totals[j]);
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
		return run(count, argv + 3);
	if (!strcmp(argv[1], "flush") && argc == 5)
		return flush(times, count, argv[3], strtoul(argv[4], NULL, 10));
	return 2;
}
