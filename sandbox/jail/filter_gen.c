// SPDX-License-Identifier: Apache-2.0
/*
 * filter_gen.c - compiles the table into BPF with libseccomp, when Cordon is built.
 *
 *     filter_gen c ARCH    for x86_64 or aarch64: the arrays filter_inside[] and filter_bare[], and the calls' names
 *     filter_gen pfc ARCH KIND    the same as text, for the golden files; KIND is inside or bare
 *
 * Names that an architecture does not have (open on aarch64) are left out there; a name that libseccomp does not know at
 * all is a mistake in the table and fails the build (2.5.4 knows every name in it).
 */
#include <errno.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <linux/filter.h>

#include "sandbox/base/switch_off.h"
#include "sandbox/jail/filter.h"

#define NAME_MAX_BYTES 64
#define NUMBERS_MAX 512 /* both architectures end below; x32's own numbers begin at 512 */

/* Whether a test-only build leaves the row out: see filter.h. */
static bool is_off(const struct filter_row *row)
{
	char name[NAME_MAX_BYTES];

	snprintf(name, sizeof(name), "rule-%.*s", (int)strcspn(row->names, " "), row->names);
	return row->attack && switched_off(name);
}

static bool names_call(const struct filter_row *row, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = strstr(row->names, name); at; at = strstr(at + 1, name))
		if ((at == row->names || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
	return false;
}

/* The first row that names the call and is off: it speaks for all that do. NULL: none. */
static const struct filter_row *row_off(const char *name)
{
	for (size_t i = 0; i < filter_row_count; i++)
		if (names_call(&filter_rows[i], name) && is_off(&filter_rows[i]))
			return &filter_rows[i];
	return NULL;
}

static int add_rule(scmp_filter_ctx ctx, const struct filter_row *row, int number, const char *name)
{
	const struct filter_row *open = row_off(name);
	uint32_t action =
		row->action == FILTER_ALLOW || open ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO((uint32_t)row->os_errno);
	struct scmp_arg_cmp tests[FILTER_TESTS_MAX];
	unsigned int count = 0;

	if (open && open != row)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(row->tests) && !open; i++)
		if (row->tests[i].mask)
			tests[count++] = (struct scmp_arg_cmp){ .arg = row->tests[i].arg,
								.op = SCMP_CMP_MASKED_EQ,
								.datum_a = row->tests[i].mask,
								.datum_b = row->tests[i].value };
	return seccomp_rule_add_exact_array(ctx, action, number, count, tests);
}

static int add_name(scmp_filter_ctx ctx, const struct filter_row *row, const char *name, uint32_t arch)
{
	int number = seccomp_syscall_resolve_name_arch(arch, name);
	int rc;

	if (number == __NR_SCMP_ERROR) {
		fprintf(stderr, "filter_gen: '%s' is unknown to this libseccomp\n", name);
		return -ENOSYS;
	}
	if (number < 0)
		return 0; /* not on this architecture */
	/* libseccomp takes the build host's number (a made-up negative one where it has none) and translates it. */
	rc = add_rule(ctx, row, seccomp_syscall_resolve_name(name), name);
	if (rc < 0)
		fprintf(stderr, "filter_gen: rule for '%s': %s\n", name, strerrordesc_np(-rc));
	return rc;
}

static int add_row(scmp_filter_ctx ctx, const struct filter_row *row, uint32_t arch)
{
	const char *at = row->names;

	while (*at) {
		char name[NAME_MAX_BYTES];
		size_t len = strcspn(at, " ");
		int rc;

		if (len >= sizeof(name))
			return -EINVAL;
		memcpy(name, at, len);
		name[len] = '\0';
		rc = add_name(ctx, row, name, arch);
		if (rc < 0)
			return rc;
		at += len + (at[len] == ' ');
	}
	return 0;
}

static scmp_filter_ctx build(uint32_t arch, enum filter_kind kind)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_NOTIFY);
	int rc = ctx ? 0 : -ENOMEM;

	if (rc == 0 && arch != seccomp_arch_native()) {
		rc = seccomp_arch_add(ctx, arch);
		rc = rc < 0 ? rc : seccomp_arch_remove(ctx, SCMP_ARCH_NATIVE);
	}
	rc = rc < 0 ? rc
		    : seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH,
				       switched_off("architecture") ? SCMP_ACT_ALLOW : SCMP_ACT_KILL_PROCESS);
	rc = rc < 0 ? rc : seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a tree: three times faster to load */
	for (size_t i = 0; i < filter_row_count && rc == 0; i++)
		if (!filter_rows[i].inside_only || kind == FILTER_INSIDE || is_off(&filter_rows[i]))
			rc = add_row(ctx, &filter_rows[i], arch);
	if (rc == 0)
		return ctx;
	fprintf(stderr, "filter_gen: %s\n", strerrordesc_np(-rc));
	exit(1);
}

static void print_array(uint32_t arch, enum filter_kind kind, const char *name)
{
	scmp_filter_ctx ctx = build(arch, kind);
	struct sock_filter code[4096];
	int fd = memfd_create("filter", MFD_CLOEXEC);
	ssize_t len;

	if (fd < 0 || seccomp_export_bpf(ctx, fd) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		exit(1);
	len = read(fd, code, sizeof(code));
	if (len <= 0 || (size_t)len == sizeof(code))
		exit(1);
	printf("static const struct sock_filter %s[] = {\n", name);
	for (size_t i = 0; i < (size_t)len / sizeof(code[0]); i++)
		printf("\t{ 0x%02x, %u, %u, 0x%08x },\n", code[i].code, code[i].jt, code[i].jf, code[i].k);
	printf("};\n");
	close(fd);
	seccomp_release(ctx);
}

/* The simulator's test asks by name what each architecture's numbers are. */
static void print_names(uint32_t arch)
{
	printf("static const char *const filter_names[] = {\n");
	for (int number = 0; number < NUMBERS_MAX; number++) {
		cleanup_free char *name = NULL;

		name = seccomp_syscall_resolve_num_arch(arch, number);
		if (name)
			printf("\t[%d] = \"%s\",\n", number, name);
	}
	printf("};\n");
}

static int print_c(uint32_t arch, const char *arch_name)
{
	const struct scmp_version *version = seccomp_version();

	printf("/* Made by filter_gen.c from filter_table.c for %s, by libseccomp %u.%u.%u. */\n", arch_name,
	       version->major, version->minor, version->micro);
	print_array(arch, FILTER_INSIDE, "filter_inside");
	print_array(arch, FILTER_BARE, "filter_bare");
	print_names(arch);
	return fflush(stdout) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	uint32_t arch = argc < 3 ? 0 : !strcmp(argv[2], "x86_64") ? SCMP_ARCH_X86_64 : SCMP_ARCH_AARCH64;

	if (argc == 3 && !strcmp(argv[1], "c"))
		return print_c(arch, argv[2]);
	if (argc == 4 && !strcmp(argv[1], "pfc"))
		return seccomp_export_pfc(build(arch, strcmp(argv[3], "bare") ? FILTER_INSIDE : FILTER_BARE), 1) < 0;
	fprintf(stderr, "usage: filter_gen c ARCH | pfc ARCH KIND\n");
	return 2;
}
