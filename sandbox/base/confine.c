// SPDX-License-Identifier: Apache-2.0
/*
 * confine.c - how Cordon's own helper programs lock themselves in after start-up.
 *
 * The filter is a straight list: architecture, x32 bit, then one comparison a call. A helper makes few system calls and
 * few kinds of them, so the list needs no tree, and a reader can check it against the table at a glance.
 */
#include "sandbox/base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "sandbox/base/err.h"

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#error "Cordon runs on x86_64 and aarch64"
#endif

#define CALLS_MAX 120 /* a jump of classic BPF reaches 255 instructions, and each call takes one */
#define CAPABILITY_LAST 63

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IF_EQUAL(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (yes), (no))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))

static void drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };

	for (unsigned long cap = 0; cap <= CAPABILITY_LAST; cap++)
		prctl(PR_CAPBSET_DROP, cap, 0, 0, 0); /* needs CAP_SETPCAP: an ordinary user has nothing to drop */
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	syscall(SYS_capset, &header, none);
}

int confine_self(const struct confine_call *calls, size_t count, struct cordon_err *err)
{
	struct sock_filter code[CALLS_MAX + 8];
	struct sock_fprog program = { .filter = code };
	unsigned short at = 0;

	if (count > CALLS_MAX)
		return err_set(err, CORDON_ELIMIT, 0, "a table of %zu system calls where %d fit", count, CALLS_MAX);
	code[at++] = (struct sock_filter)LOAD(arch);
	code[at++] = (struct sock_filter)IF_EQUAL(ARCH, 1, 0);
	code[at++] = (struct sock_filter)RETURN(SECCOMP_RET_KILL_PROCESS);
	code[at++] = (struct sock_filter)LOAD(nr);
	for (size_t i = 0; i < count; i++)
		code[at++] = (struct sock_filter)IF_EQUAL((unsigned int)calls[i].number, (unsigned char)(count - i), 0);
	code[at++] = (struct sock_filter)RETURN(SECCOMP_RET_KILL_PROCESS); /* x32 too: its numbers are in no table */
	code[at++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	program.len = at;
	drop_capabilities();
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot give up privileges");
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
		return err_set(err, CORDON_EMISSING, errno, "cannot load a seccomp filter");
	return 0;
}

#define FILE_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE)
#define FILE_WRITE                                                                                                     \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |              \
	 LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |                    \
	 LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |                 \
	 LANDLOCK_ACCESS_FS_MAKE_SYM)
#define FILE_REFER (1ULL << 13) /* Landlock 2 */
#define FILE_TRUNCATE (1ULL << 14) /* Landlock 3 */

static int add_folder(int rules, const char *folder, uint64_t access, struct cordon_err *err)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = access };
	cleanup_close int fd = -1;

	fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot open '%s'", folder);
	rule.parent_fd = fd;
	if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot allow '%s' to ourselves", folder);
	return 0;
}

int confine_files(const char *const *folders, size_t count, int *kept, struct cordon_err *err)
{
	struct landlock_ruleset_attr attributes = { .handled_access_fs = FILE_READ | FILE_WRITE };
	cleanup_close int rules = -1;
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	if (abi < 1) {
		*kept = 0;
		return 0;
	}
	attributes.handled_access_fs |= (abi >= 2 ? FILE_REFER : 0) | (abi >= 3 ? FILE_TRUNCATE : 0);
	rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes.handled_access_fs), 0);
	if (rules < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot make a Landlock ruleset");
	for (size_t i = 0; i < count; i++) {
		int rc = add_folder(rules, folders[i], attributes.handled_access_fs & ~LANDLOCK_ACCESS_FS_EXECUTE, err);

		if (rc < 0)
			return rc;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || syscall(SYS_landlock_restrict_self, rules, 0) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot apply a Landlock ruleset");
	*kept = 1;
	return 0;
}
