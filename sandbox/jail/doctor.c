// SPDX-License-Identifier: Apache-2.0
/*
 * doctor.c - each protection with its cause and remedy where it is missing.
 *
 * The probe says what failed; this file says why, for the cases that people meet: Ubuntu's AppArmor (the namespace can be
 * made, filling it is denied), a chroot (the kernel makes no user namespace in one), a container's filter or masked
 * /proc, a sysctl that allows none, WSL, root without CAP_SYS_ADMIN. First match wins; the order is from the certain sign
 * to the guess.
 */
#include "sandbox/jail/doctor.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "sandbox/base/file.h"

static bool holds(const char *path, const char *text)
{
	cleanup_buf struct buf content = { 0 };

	buf_init(&content, 1 << 20);
	return file_read(AT_FDCWD, path, &content, NULL) == 0 && strstr(buf_text(&content), text);
}

static bool is_number(const char *path, const char *number)
{
	cleanup_buf struct buf content = { 0 };
	size_t len = strlen(number);

	buf_init(&content, 64);
	return file_read(AT_FDCWD, path, &content, NULL) == 0 && content.len >= len &&
	       !memcmp(content.data, number, len) && (content.len == len || content.data[len] == '\n');
}

static bool none_allowed(const struct probe_result *result)
{
	return result->os_errno == ENOSPC || is_number("/proc/sys/user/max_user_namespaces", "0");
}

static bool unprivileged_off(const struct probe_result *result)
{
	(void)result;
	return is_number("/proc/sys/kernel/unprivileged_userns_clone", "0");
}

static bool in_wsl1(const struct probe_result *result)
{
	(void)result;
	return holds("/proc/version", "Microsoft"); /* WSL 2 spells it microsoft */
}

/* Whether the first process of this system has another root than we do; false where we may not look. */
static bool has_other_root(void)
{
	struct statx first, own;

	if (statx(AT_FDCWD, "/proc/1/root/", 0, STATX_MNT_ID, &first) < 0 ||
	    statx(AT_FDCWD, "/", 0, STATX_MNT_ID, &own) < 0)
		return false;
	return first.stx_mnt_id != own.stx_mnt_id;
}

/* In a chroot the root folder is no mount point, or at least not the one that the first process has. */
static bool in_chroot(const struct probe_result *result)
{
	if (result->failed != PROBE_NAMESPACES || result->os_errno != EPERM)
		return false;
	if (!holds("/proc/self/mountinfo", " / rw") && !holds("/proc/self/mountinfo", " / ro"))
		return true;
	return has_other_root();
}

static bool apparmor_restricts(const struct probe_result *result)
{
	(void)result;
	return is_number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1");
}

static bool under_filter(const struct probe_result *result)
{
	(void)result;
	return holds("/proc/self/status", "Seccomp:\t2");
}

static bool apparmor_confines(const struct probe_result *result)
{
	(void)result;
	return holds("/proc/self/attr/current", "(enforce)");
}

static bool no_kernel_support(const struct probe_result *result)
{
	return result->os_errno == EINVAL || result->os_errno == ENOSYS;
}

static bool bare_root(const struct probe_result *result)
{
	return geteuid() == 0 && !result->admin;
}

/* Without a filter, a sysctl or a lack of privilege before it, EPERM is the kernel's word for a chroot, or a module's. */
static bool in_chroot_perhaps(const struct probe_result *result)
{
	return result->failed == PROBE_NAMESPACES && result->os_errno == EPERM;
}

static bool always(const struct probe_result *result)
{
	(void)result;
	return true;
}

static const struct {
	bool (*applies)(const struct probe_result *result);
	const char *cause, *remedy;
} namespace_cases[] = {
	{ none_allowed, "the sysctl user.max_user_namespaces allows none",
	  "sudo sysctl -w user.max_user_namespaces=15000" },
	{ unprivileged_off, "the sysctl kernel.unprivileged_userns_clone is 0",
	  "sudo sysctl -w kernel.unprivileged_userns_clone=1" },
	{ in_wsl1, "WSL 1 has no namespaces", "wsl --set-version <distribution> 2" },
	{ in_chroot, "this is a chroot, in which the kernel makes no user namespace",
	  "enter it by pivot_root in place of chroot, for example with systemd-nspawn -D DIR" },
	{ apparmor_restricts, "AppArmor lets unprivileged programs make a user namespace, but not fill it (Ubuntu)",
	  "sudo make install (loads configs/apparmor/cordon), or sudo sysctl -w "
	  "kernel.apparmor_restrict_unprivileged_userns=0" },
	{ under_filter, "a container's seccomp filter refuses namespaces (Docker, Kubernetes)",
	  "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined ..., or allow clone, "
	  "unshare, "
	  "mount and pivot_root in its profile" },
	{ apparmor_confines, "this process is confined by an AppArmor profile that denies mounts",
	  "docker run --security-opt apparmor=unconfined ..., or allow userns and mount in the profile" },
	{ no_kernel_support, "this kernel is built without user namespaces", "boot a kernel with CONFIG_USER_NS=y" },
	{ bare_root, "root here has no CAP_SYS_ADMIN, and namespaces are refused to it",
	  "run Cordon as an ordinary user, or give the container CAP_SYS_ADMIN" },
	{ in_chroot_perhaps,
	  "this looks like a chroot, in which the kernel makes no user namespace; a security module may "
	  "refuse them, too",
	  "enter it by pivot_root in place of chroot, for example with systemd-nspawn -D DIR" },
	{ always, "the kernel refuses user namespaces to this process, and none of the known reasons is there",
	  "run Cordon outside of the container or service that confines it" },
};

static const char proc_cause[] =
	"a /proc of its own cannot be mounted, because this container's /proc is masked (Docker)";
static const char proc_remedy[] =
	"docker run --security-opt systempaths=unconfined ...; without it calls have no /proc";

static void say(char *to, size_t room, const char *text)
{
	snprintf(to, room, "%s", text);
}

void doctor_explain(struct jail_machine *machine, const struct probe_result *result)
{
	if (machine->mounts) {
		say(machine->cause, sizeof(machine->cause), machine->proc ? "" : proc_cause);
		say(machine->remedy, sizeof(machine->remedy), machine->proc ? "" : proc_remedy);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(namespace_cases); i++) {
		if (!namespace_cases[i].applies(result))
			continue;
		say(machine->cause, sizeof(machine->cause), namespace_cases[i].cause);
		say(machine->remedy, sizeof(machine->remedy), namespace_cases[i].remedy);
		return;
	}
}

/* ---- the report ---- */

static bool has_seccomp(const struct jail_machine *machine)
{
	return machine->seccomp;
}

static bool has_namespaces(const struct jail_machine *machine)
{
	return machine->userns && machine->mounts;
}

static bool has_proc(const struct jail_machine *machine)
{
	return machine->proc;
}

static bool has_landlock(const struct jail_machine *machine)
{
	return machine->landlock_abi > 0;
}

static bool has_landlock_scope(const struct jail_machine *machine)
{
	return machine->landlock_abi >= 6;
}

static bool has_idmap(const struct jail_machine *machine)
{
	return machine->idmap || geteuid() != 0;
}

#define LANDLOCK_REMEDY                                                                                                \
	"boot with landlock in the list of lsm= (WSL 2: kernelCommandLine=lsm=landlock,yama in .wslconfig), on Linux " \
	"5.13 or newer"

static const struct {
	const char *name, *why;
	bool needed;
	bool (*present)(const struct jail_machine *machine);
	const char *cause, *remedy; /* NULL: the machine's own */
} checks_of[] = {
	{ "seccomp", "a tool makes only the system calls on a list; without it nothing is run", true, has_seccomp,
	  "seccomp filters with a listener cannot be loaded here",
	  "boot a kernel with CONFIG_SECCOMP_FILTER=y; leave an outer sandbox that holds the one listener" },
	{ "namespaces", "a tool has its own files, network, processes, /tmp, and all of it ends with the call", true,
	  has_namespaces, NULL, NULL },
	{ "proc", "a tool finds a /proc with its own processes; without it there is none", false, has_proc, NULL,
	  NULL },
	{ "landlock", "a second wall around files, and the only one where namespaces are missing", false, has_landlock,
	  "this kernel has no Landlock, or it is not switched on", LANDLOCK_REMEDY },
	{ "landlock-scope", "Landlock keeps signals and abstract sockets inside as well (version 6)", false,
	  has_landlock_scope, "this kernel's Landlock is older than version 6: the other walls keep the promise",
	  "nothing to do; Linux 6.12 or newer has it" },
	{ "id-maps", "started by root, a tool is nobody, and what it makes still belongs to the folder's owner", false,
	  has_idmap, "root here may not map ids: no CAP_SYS_ADMIN, or Linux older than 5.12",
	  "start Cordon as an ordinary user" },
};

size_t jail_doctor(const struct jail_machine *machine, struct jail_check checks[JAIL_CHECKS_MAX])
{
	static_assert(ARRAY_LEN(checks_of) <= JAIL_CHECKS_MAX, "the report has a limit");

	for (size_t i = 0; i < ARRAY_LEN(checks_of); i++) {
		struct jail_check *check = &checks[i];

		*check = (struct jail_check){ .name = checks_of[i].name,
					      .why = checks_of[i].why,
					      .needed = checks_of[i].needed,
					      .present = checks_of[i].present(machine) };
		if (check->present)
			continue;
		say(check->cause, sizeof(check->cause), checks_of[i].cause ? checks_of[i].cause : machine->cause);
		say(check->remedy, sizeof(check->remedy), checks_of[i].remedy ? checks_of[i].remedy : machine->remedy);
	}
	return ARRAY_LEN(checks_of);
}
