// SPDX-License-Identifier: Apache-2.0
/*
 * filter_gen.c - compiles the table into BPF with libseccomp, when Cordon is built.
 *
 *     filter_gen c ARCH    C arrays filter_inside[] and filter_bare[] for x86_64 or aarch64
 *     filter_gen pfc ARCH KIND    the same as text, for the golden files; KIND is inside or bare
 *
 * Names that an architecture does not have (open on aarch64) are left out there; a name that no architecture has is a
 * mistake in the table and fails the build, unless this libseccomp is older than the call.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <linux/filter.h>

#include "sandbox/jail/filter.h"

#define NAME_MAX_BYTES 64

static int add_rule(scmp_filter_ctx ctx, const struct filter_row *row, int number)
{
	uint32_t action = row->action == FILTER_ALLOW ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO((uint32_t)row->os_errno);
	struct scmp_arg_cmp cmp = { .arg = row->arg ? (unsigned int)row->arg - 1 : 0,
				    .op = SCMP_CMP_MASKED_EQ,
				    .datum_a = row->mask,
				    .datum_b = row->value };

	return row->arg ? seccomp_rule_add_exact_array(ctx, action, number, 1, &cmp)
			: seccomp_rule_add_exact_array(ctx, action, number, 0, NULL);
}

static int add_name(scmp_filter_ctx ctx, const struct filter_row *row, const char *name, uint32_t arch)
{
	int number = seccomp_syscall_resolve_name_arch(arch, name);
	int rc;

	if (number == __NR_SCMP_ERROR) {
		fprintf(stderr, "filter_gen: '%s' is unknown to this libseccomp: left out, so refused\n", name);
		return 0;
	}
	if (number < 0)
		return 0; /* not on this architecture */
	rc = add_rule(ctx, row, number);
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
	rc = rc < 0 ? rc : seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	rc = rc < 0 ? rc : seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a tree: three times faster to load */
	for (size_t i = 0; i < filter_row_count && rc == 0; i++)
		if (!filter_rows[i].inside_only || kind == FILTER_INSIDE)
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

int main(int argc, char **argv)
{
	uint32_t arch = argc < 3 ? 0 : !strcmp(argv[2], "x86_64") ? SCMP_ARCH_X86_64 : SCMP_ARCH_AARCH64;

	if (argc == 3 && !strcmp(argv[1], "c")) {
		printf("/* Made by filter_gen.c from filter_table.c for %s. */\n", argv[2]);
		print_array(arch, FILTER_INSIDE, "filter_inside");
		print_array(arch, FILTER_BARE, "filter_bare");
		return 0;
	}
	if (argc == 4 && !strcmp(argv[1], "pfc"))
		return seccomp_export_pfc(build(arch, strcmp(argv[3], "bare") ? FILTER_INSIDE : FILTER_BARE), 1) < 0;
	fprintf(stderr, "usage: filter_gen c ARCH | pfc ARCH KIND\n");
	return 2;
}
