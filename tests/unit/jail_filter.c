// SPDX-License-Identifier: Apache-2.0
/*
 * jail_filter.c - proves the compiled filters, both architectures' on any machine, by running them in a simulator of classic
 * BPF: every number, with arguments at and around each test of the table, must be decided as the table says; and a list of
 * hostile calls, written by hand, as that list says. Then the kernel itself is asked.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "sandbox/jail/filter.h"

#define filter_inside inside_x86_64
#define filter_bare bare_x86_64
#define filter_names names_x86_64
#include "filter_x86_64.h"
#undef filter_inside
#undef filter_bare
#undef filter_names
#define filter_inside inside_aarch64
#define filter_bare bare_aarch64
#define filter_names names_aarch64
#include "filter_aarch64.h"

#define NUMBERS 600U
#define X32_BIT 0x40000000U
#define BROKEN 0xdeadbeefU
#define STEPS_MAX 4096

struct machine {
	const char *name;
	uint32_t arch;
	const char *const *names;
	size_t name_count;
	const struct sock_filter *code[2]; /* by enum filter_kind */
	size_t len[2];
};

static const struct machine machines[] = {
	{ "x86_64",
	  AUDIT_ARCH_X86_64,
	  names_x86_64,
	  ARRAY_LEN(names_x86_64),
	  { inside_x86_64, bare_x86_64 },
	  { ARRAY_LEN(inside_x86_64), ARRAY_LEN(bare_x86_64) } },
	{ "aarch64",
	  AUDIT_ARCH_AARCH64,
	  names_aarch64,
	  ARRAY_LEN(names_aarch64),
	  { inside_aarch64, bare_aarch64 },
	  { ARRAY_LEN(inside_aarch64), ARRAY_LEN(bare_aarch64) } },
};

static bool jumps(const struct sock_filter *at, uint32_t acc)
{
	switch (BPF_OP(at->code)) {
	case BPF_JEQ:
		return acc == at->k;
	case BPF_JGT:
		return acc > at->k;
	case BPF_JGE:
		return acc >= at->k;
	default:
		return acc & at->k; /* BPF_JSET */
	}
}

/* The verdict, or BROKEN for an instruction that these filters do not use or a jump out of the program. */
static uint32_t simulate(const struct sock_filter *code, size_t len, const struct seccomp_data *call)
{
	uint32_t acc = 0;
	size_t pc = 0;

	for (size_t i = 0; i < STEPS_MAX && pc < len; i++) {
		const struct sock_filter *at = &code[pc++];

		if (at->code == (BPF_LD | BPF_W | BPF_ABS) && at->k <= sizeof(*call) - sizeof(acc))
			memcpy(&acc, (const char *)call + at->k, sizeof(acc));
		else if (at->code == (BPF_ALU | BPF_AND | BPF_K))
			acc &= at->k;
		else if (at->code == (BPF_JMP | BPF_JA))
			pc += at->k;
		else if (BPF_CLASS(at->code) == BPF_JMP && BPF_SRC(at->code) == BPF_K)
			pc += jumps(at, acc) ? at->jt : at->jf;
		else if (at->code == (BPF_RET | BPF_K))
			return at->k;
		else
			return BROKEN;
	}
	return BROKEN;
}

static bool listed(const char *names, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = strstr(names, name); at; at = strstr(at + 1, name))
		if ((at == names || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
	return false;
}

static const char *name_of(const struct machine *machine, uint32_t number)
{
	return number < machine->name_count ? machine->names[number] : NULL;
}

static uint32_t number_of(const struct machine *machine, const char *name)
{
	for (uint32_t i = 0; i < machine->name_count; i++)
		if (machine->names[i] && !strcmp(machine->names[i], name))
			return i;
	return UINT32_MAX;
}

static bool fits(const struct filter_row *row, const uint64_t args[6])
{
	for (size_t i = 0; i < ARRAY_LEN(row->tests); i++)
		if ((args[row->tests[i].arg] & row->tests[i].mask) != row->tests[i].value)
			return false;
	return true;
}

/* What the table says. */
static uint32_t expected(const struct machine *machine, enum filter_kind kind, const struct seccomp_data *call)
{
	const char *name = name_of(machine, (uint32_t)call->nr);
	uint64_t args[6];

	memcpy(args, call->args, sizeof(args));
	for (size_t i = 0; i < filter_row_count && name; i++) {
		const struct filter_row *row = &filter_rows[i];

		if ((row->inside_only && kind != FILTER_INSIDE) || !listed(row->names, name) || !fits(row, args))
			continue;
		return row->action == FILTER_ALLOW ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | (uint32_t)row->os_errno;
	}
	return SECCOMP_RET_USER_NOTIF;
}

static void compare(const struct machine *machine, enum filter_kind kind, uint32_t number, const uint64_t args[6])
{
	struct seccomp_data call = { .nr = (int)number, .arch = machine->arch };
	uint32_t want, got;

	memcpy(call.args, args, sizeof(call.args));
	want = expected(machine, kind, &call);
	got = simulate(machine->code[kind], machine->len[kind], &call);
	cr_assert_eq(got, want, "%s kind %d call %u (%s) args %llx %llx %llx %llx: %x where %x is right", machine->name,
		     kind, number, name_of(machine, number) ? name_of(machine, number) : "?",
		     (unsigned long long)args[0], (unsigned long long)args[1], (unsigned long long)args[2],
		     (unsigned long long)args[3], got, want);
}

/* The values of one argument that lie at and around a test. */
static void around(const struct filter_test *test, uint64_t values[6])
{
	uint64_t low_bit = test->mask & -test->mask;

	values[0] = test->value;
	values[1] = test->value | ~test->mask;
	values[2] = test->value ^ low_bit;
	values[3] = test->value | 1ULL << 32;
	values[4] = 0;
	values[5] = UINT64_MAX;
}

static void compare_row(const struct machine *machine, enum filter_kind kind, uint32_t number,
			const struct filter_row *row)
{
	uint64_t first[6], second[6];

	around(&row->tests[0], first);
	around(&row->tests[1], second);
	for (size_t i = 0; i < ARRAY_LEN(first); i++)
		for (size_t j = 0; j < ARRAY_LEN(second); j++) {
			uint64_t args[6] = { 0 };

			args[row->tests[0].arg] = first[i];
			if (row->tests[1].mask)
				args[row->tests[1].arg] = second[j];
			compare(machine, kind, number, args);
		}
}

Test(filter, decides_every_number_as_the_table_says)
{
	const uint64_t none[6] = { 0 };
	const uint64_t all[6] = { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX };

	for (size_t m = 0; m < ARRAY_LEN(machines); m++)
		for (uint32_t number = 0; number < NUMBERS; number++)
			for (enum filter_kind kind = FILTER_INSIDE; kind <= FILTER_BARE; kind++) {
				compare(&machines[m], kind, number, none);
				compare(&machines[m], kind, number, all);
			}
}

Test(filter, decides_arguments_at_and_around_every_test_as_the_table_says)
{
	size_t compared = 0;

	for (size_t m = 0; m < ARRAY_LEN(machines); m++)
		for (size_t r = 0; r < filter_row_count; r++)
			for (uint32_t number = 0; number < machines[m].name_count; number++) {
				const char *name = name_of(&machines[m], number);

				if (!filter_rows[r].tests[0].mask || !name || !listed(filter_rows[r].names, name))
					continue;
				compare_row(&machines[m], FILTER_INSIDE, number, &filter_rows[r]);
				compare_row(&machines[m], FILTER_BARE, number, &filter_rows[r]);
				compared++;
			}
	cr_assert_gt(compared, 80, "only %zu rows were met: names and table do not fit", compared);
}

Test(filter, kills_what_speaks_for_another_architecture)
{
	const uint32_t foreign[] = { AUDIT_ARCH_I386, AUDIT_ARCH_ARM, 0, UINT32_MAX };

	for (size_t m = 0; m < ARRAY_LEN(machines); m++)
		for (enum filter_kind kind = FILTER_INSIDE; kind <= FILTER_BARE; kind++)
			for (uint32_t number = 0; number < NUMBERS; number++)
				for (size_t i = 0; i <= ARRAY_LEN(foreign); i++) {
					struct seccomp_data call = { .nr = (int)number };

					call.arch = i < ARRAY_LEN(foreign) ? foreign[i] : machines[!m].arch;
					cr_assert_eq(simulate(machines[m].code[kind], machines[m].len[kind], &call),
						     SECCOMP_RET_KILL_PROCESS);
				}
}

Test(filter, kills_x32_calls)
{
	for (uint32_t number = 0; number < NUMBERS; number++) {
		struct seccomp_data call = { .nr = (int)(X32_BIT | number), .arch = AUDIT_ARCH_X86_64 };

		cr_assert_eq(simulate(inside_x86_64, ARRAY_LEN(inside_x86_64), &call), SECCOMP_RET_KILL_PROCESS);
		cr_assert_eq(simulate(bare_x86_64, ARRAY_LEN(bare_x86_64), &call), SECCOMP_RET_KILL_PROCESS);
	}
}

#define YES SECCOMP_RET_ALLOW
#define ASK SECCOMP_RET_USER_NOTIF
#define NOT_THERE (SECCOMP_RET_ERRNO | ENOSYS)

struct hostile {
	const char *name;
	uint64_t args[6];
	uint32_t inside, bare;
};

/* Written from what an attacker would try, not from the table. */
static const struct hostile hostile[] = {
	{ "clone", { 0x01200011 }, YES, YES },
	{ "clone", { 0x10000011 /* NEWUSER */ }, ASK, ASK },
	{ "clone", { 0x1000000020000011 /* NEWPID, and high bits */ }, ASK, ASK },
	{ "clone", { 0x003d0f00 /* a thread of glibc */ }, YES, YES },
	{ "clone3", { 0 }, NOT_THERE, NOT_THERE },
	{ "unshare", { 0x10000000 }, ASK, ASK },
	{ "unshare", { 0x80 /* NEWTIME */ }, ASK, ASK },
	{ "setns", { 0 }, ASK, ASK },
	{ "socket", { AF_UNIX, SOCK_STREAM }, YES, ASK },
	{ "socket", { AF_INET, SOCK_STREAM }, ASK, ASK },
	{ "socket", { AF_INET | 1ULL << 40, SOCK_STREAM }, ASK, ASK },
	{ "socket", { AF_INET, SOCK_STREAM, 262 /* MPTCP */ }, ASK, ASK },
	{ "socket", { AF_INET6, SOCK_DGRAM }, ASK, ASK },
	{ "socket", { AF_NETLINK, SOCK_RAW }, ASK, ASK },
	{ "socket", { AF_PACKET, SOCK_RAW }, ASK, ASK },
	{ "socket", { AF_VSOCK, SOCK_STREAM }, ASK, ASK },
	{ "socket", { AF_ALG, SOCK_SEQPACKET }, ASK, ASK },
	{ "socketpair", { AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC }, YES, YES },
	{ "socketpair", { AF_UNIX, SOCK_DGRAM }, ASK, ASK },
	{ "socketpair", { AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK }, ASK, ASK },
	{ "socketpair", { 30 /* TIPC */, SOCK_STREAM }, ASK, ASK },
	{ "connect", { 3 }, ASK, ASK },
	{ "socket", { AF_UNIX, SOCK_DGRAM }, ASK, ASK },
	{ "socket", { AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC }, YES, ASK },
	{ "sendto", { 3, 0, 0, 0x20000000 /* FASTOPEN */ }, ASK, ASK },
	{ "sendto", { 3, 0, 0, 0x120004000 }, ASK, ASK },
	{ "sendmsg", { 3, 0, 0x20000000 }, ASK, ASK },
	{ "sendmmsg", { 3, 0, 1, 0x20000000 }, ASK, ASK },
	{ "sendto", { 3, 0, 0, 0x4000 /* NOSIGNAL */ }, YES, YES },
	{ "kill", { 1, 9 }, YES, ASK },
	{ "tgkill", { 1, 1, 9 }, YES, ASK },
	{ "rt_sigqueueinfo", { 1, 9 }, YES, ASK },
	{ "pidfd_send_signal", { 3, 9 }, YES, ASK },
	{ "fcntl", { 3, F_SETFD }, YES, YES },
	{ "fcntl", { 3, F_SETOWN, 1 }, ASK, ASK },
	{ "fcntl", { 3, 15 /* F_SETOWN_EX */ }, ASK, ASK },
	{ "fcntl", { 3, 10 /* F_SETSIG */ }, ASK, ASK },
	{ "fchmod", { 3, 0755 }, YES, ASK },
	{ "fchmodat", { 3, 0, 0755 }, YES, ASK },
	{ "utimensat", { 3 }, YES, ASK },
	{ "truncate", { 0 }, YES, ASK },
	{ "fchownat", { 3 }, YES, ASK },
	{ "inotify_add_watch", { 3 }, YES, ASK },
	{ "fchmod", { 3, 04755 }, ASK, ASK },
	{ "fchmod", { 3, 02755 }, ASK, ASK },
	{ "fchmodat", { 3, 0, 06755 }, ASK, ASK },
	{ "openat", { 3, 0, O_RDONLY, 0xffff }, YES, YES },
	{ "openat", { 3, 0, O_CREAT | O_WRONLY, 0644 }, YES, YES },
	{ "openat", { 3, 0, O_CREAT | O_WRONLY, 04755 }, ASK, ASK },
	{ "openat", { 3, 0, 020000000 | O_WRONLY /* O_TMPFILE */, 04755 }, ASK, ASK },
	{ "openat2", { 0 }, NOT_THERE, NOT_THERE },
	{ "mknodat", { 3, 0, S_IFCHR | 0600 }, ASK, ASK },
	{ "mknodat", { 3, 0, S_IFBLK | 0600 }, ASK, ASK },
	{ "mknodat", { 3, 0, S_IFIFO | 0600 }, YES, YES },
	{ "mknodat", { 3, 0, S_IFREG | 04755 }, ASK, ASK },
	{ "renameat2", { 3, 0, 4, 0, 1 /* NOREPLACE */ }, YES, YES },
	{ "renameat2", { 3, 0, 4, 0, 4 /* WHITEOUT */ }, ASK, ASK },
	{ "setxattr", { 0 }, ASK, ASK },
	{ "fsetxattr", { 0 }, ASK, ASK },
	{ "getxattr", { 0 }, YES, YES },
	{ "ioctl", { 0, 0x5401 }, YES, YES },
	{ "ioctl", { 0, 0x5412 /* TIOCSTI */ }, ASK, ASK },
	{ "ioctl", { 0, 0x5412 | 1ULL << 32 }, ASK, ASK },
	{ "ioctl", { 0, 0x541c /* TIOCLINUX */ }, ASK, ASK },
	{ "personality", { 0xffffffff }, YES, YES },
	{ "personality", { 0x0040000 }, ASK, ASK },
	{ "prctl", { 15 /* PR_SET_NAME */ }, YES, YES },
	{ "prctl", { 22 /* PR_SET_SECCOMP */ }, ASK, ASK },
	{ "prctl", { 35 /* PR_SET_MM */ }, ASK, ASK },
	{ "prlimit64", { 0 }, YES, YES },
	{ "prlimit64", { 1 }, ASK, ASK },
	{ "setpriority", { 0, 0 }, YES, YES },
	{ "setpriority", { 2 /* PRIO_USER */, 0 }, YES, ASK },
	{ "mmap", { 0, 4096, 3, 0x22 }, YES, YES },
	{ "mmap", { 0, 4096, 3, 0x40022 /* HUGETLB */ }, ASK, ASK },
	{ "io_uring_setup", { 1 }, NOT_THERE, NOT_THERE },
	{ "memfd_create", { 0 }, NOT_THERE, NOT_THERE },
	{ "memfd_secret", { 0 }, NOT_THERE, NOT_THERE },
	{ "ptrace", { 0 }, ASK, ASK },
	{ "process_vm_readv", { 1 }, ASK, ASK },
	{ "pidfd_getfd", { 3 }, ASK, ASK },
	{ "bpf", { 0 }, ASK, ASK },
	{ "perf_event_open", { 0 }, ASK, ASK },
	{ "userfaultfd", { 0 }, ASK, ASK },
	{ "keyctl", { 0 }, ASK, ASK },
	{ "add_key", { 0 }, ASK, ASK },
	{ "mount", { 0 }, ASK, ASK },
	{ "umount2", { 0 }, ASK, ASK },
	{ "pivot_root", { 0 }, ASK, ASK },
	{ "chroot", { 0 }, ASK, ASK },
	{ "open_tree", { 0 }, ASK, ASK },
	{ "mount_setattr", { 0 }, ASK, ASK },
	{ "open_by_handle_at", { 0 }, ASK, ASK },
	{ "shmget", { 0 }, ASK, ASK },
	{ "shmat", { 0 }, ASK, ASK },
	{ "msgget", { 0 }, ASK, ASK },
	{ "mq_open", { 0 }, ASK, ASK },
	{ "setgroups", { 0 }, ASK, ASK },
	{ "seccomp", { 1 }, ASK, ASK },
	{ "kexec_load", { 0 }, ASK, ASK },
	{ "init_module", { 0 }, ASK, ASK },
	{ "settimeofday", { 0 }, ASK, ASK },
	{ "sethostname", { 0 }, ASK, ASK },
	{ "sched_setscheduler", { 0 }, ASK, ASK },
	{ "quotactl", { 0 }, ASK, ASK },
	{ "vmsplice", { 0 }, ASK, ASK },
};

Test(filter, decides_hostile_calls_on_both_architectures)
{
	for (size_t m = 0; m < ARRAY_LEN(machines); m++)
		for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
			const struct hostile *row = &hostile[i];
			struct seccomp_data call = { .nr = (int)number_of(&machines[m], row->name),
						     .arch = machines[m].arch };

			cr_assert_neq(call.nr, -1, "%s has no '%s'", machines[m].name, row->name);
			memcpy(call.args, row->args, sizeof(call.args));
			for (enum filter_kind kind = FILTER_INSIDE; kind <= FILTER_BARE; kind++)
				cr_assert_eq(simulate(machines[m].code[kind], machines[m].len[kind], &call),
					     kind == FILTER_BARE ? row->bare : row->inside, "%s row %zu: %s",
					     machines[m].name, i, row->name);
		}
}

Test(filter, refuses_set_id_bits_by_the_old_calls_too)
{
	static const struct hostile old[] = {
		{ "open", { 0, O_CREAT, 04755 }, ASK, ASK },
		{ "open", { 0, O_RDONLY, 04755 }, YES, YES },
		{ "creat", { 0, 04755 }, ASK, ASK },
		{ "chmod", { 0, 02755 }, ASK, ASK },
		{ "mknod", { 0, S_IFCHR | 0666 }, ASK, ASK },
		{ "mknod", { 0, S_IFIFO | 02666 }, ASK, ASK },
		{ "modify_ldt", { 0 }, ASK, ASK },
		{ "iopl", { 3 }, ASK, ASK },
	};

	for (size_t i = 0; i < ARRAY_LEN(old); i++) {
		struct seccomp_data call = { .nr = (int)number_of(&machines[0], old[i].name),
					     .arch = AUDIT_ARCH_X86_64 };

		memcpy(call.args, old[i].args, sizeof(call.args));
		cr_assert_eq(simulate(inside_x86_64, ARRAY_LEN(inside_x86_64), &call), old[i].inside, "row %zu", i);
	}
}

Test(filter, every_row_says_why)
{
	for (size_t i = 0; i < filter_row_count; i++) {
		const struct filter_row *row = &filter_rows[i];

		cr_assert(*row->names && *row->reason, "row %zu", i);
		cr_assert_eq(row->action == FILTER_REFUSE, row->os_errno != 0, "row %zu", i);
		for (size_t t = 0; t < ARRAY_LEN(row->tests); t++)
			cr_assert_eq(row->tests[t].value & ~row->tests[t].mask, 0, "row %zu can never be true", i);
	}
}

Test(filter, fits_into_the_kernel_and_stays_shallow)
{
	for (size_t m = 0; m < ARRAY_LEN(machines); m++)
		for (enum filter_kind kind = FILTER_INSIDE; kind <= FILTER_BARE; kind++)
			cr_assert_lt(machines[m].len[kind], 1024, "%zu instructions", machines[m].len[kind]);
}

/* Loads the filter without a listener: what would be asked is then ENOSYS, and a foreign call is death. */
static void load(enum filter_kind kind)
{
	struct cordon_slice code = filter_native(kind);
	struct sock_fprog program = { (unsigned short)(code.len / sizeof(struct sock_filter)),
				      (struct sock_filter *)(uintptr_t)code.data };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
		_exit(100);
}

static int status_of(enum filter_kind kind, int (*run)(void))
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		load(kind);
		_exit(run());
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return status;
}

static int try_refused(void)
{
	char path[] = "/";

	if (syscall(SYS_ptrace, 0, 0, 0, 0) != -1 || errno != ENOSYS)
		return 1;
	if (socket(AF_INET, SOCK_STREAM, 0) != -1 || errno != ENOSYS)
		return 2;
	if (syscall(SYS_clone3, NULL, 0) != -1 || errno != ENOSYS)
		return 3;
	if (syscall(SYS_fchmodat, AT_FDCWD, path, 04755) != -1 || errno != ENOSYS)
		return 4;
	return getpid() > 0 && access("/", F_OK) == 0 ? 0 : 5;
}

Test(filter, is_taken_and_kept_by_the_kernel)
{
	cr_assert_eq(status_of(FILTER_INSIDE, try_refused), 0);
	cr_assert_eq(status_of(FILTER_BARE, try_refused), 0);
}

#if defined(__x86_64__)
static int try_x32(void)
{
	syscall(X32_BIT | SYS_getpid);
	return 1;
}

Test(filter, an_x32_call_is_death)
{
	int status = status_of(FILTER_INSIDE, try_x32);

	cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS, "status %x", status);
}
#endif
