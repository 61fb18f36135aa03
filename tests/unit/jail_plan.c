// SPDX-License-Identifier: Apache-2.0
/*
 * jail_plan.c - the plan as a pure function: machines and hosts are handed in, nothing is asked of this one.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "sandbox/base/slice.h"
#include "sandbox/jail/filter.h"
#include "sandbox/jail/launch_steps.h"
#include "sandbox/jail/leftover.h"
#include "sandbox/jail/outcome.h"
#include "sandbox/jail/plan.h"
#include "sandbox/jail/plan_rows.h"

static struct jail_machine machine;
static struct scene scene;
static struct jail_spec spec;
static struct jail_path paths[4];
static struct scene_owner owners[4];
static struct plan plan;
static struct cordon_err err;
static char *hidden[2], *readonly[2];
static char data[] = "/home/u/ws/a/data", config[] = "/home/u/ws/b/c/cordon.yaml";
static const char *const argv[] = { "prog", "arg", NULL };
static const char *const env[] = { "PATH=/usr/bin:/bin", "HOME=/tmp", "TMPDIR=/tmp", "HOMELY=x", NULL };
static char usr_bin[] = "usr/bin";

/* A usual machine and host, an ordinary user, one writable folder. */
static void make(void)
{
	machine = (struct jail_machine){
		.landlock_abi = 4, .userns = true, .mounts = true, .proc = true, .seccomp = true
	};
	paths[0] = (struct jail_path){ "/home/u/ws", JAIL_WRITE, -1 };
	owners[0] = owners[1] = (struct scene_owner){ 1000, 1000 };
	scene = (struct scene){
		.uid = 1000,
		.gid = 1001,
		.spare = 0x70000001,
		.roots = { { "/usr", true, NULL }, { "/bin", true, usr_bin }, { "/opt-not-there", false, NULL } },
		.etc = { { "/etc/ld.so.cache", true }, { "/etc/localtime", false } },
		.owners = owners,
		.hidden = hidden,
		.readonly = readonly,
		.folder = "/tmp/cordon-x",
	};
	spec = (struct jail_spec){ .argv = argv,
				   .env = env,
				   .cwd = "/home/u/ws",
				   .paths = paths,
				   .path_count = 1,
				   .limits = { 10000, 5000, 256u << 20, 64, 1u << 20, 64u << 20, 8192 } };
}

static void drop(void)
{
	plan_release(&plan);
}

TestSuite(jail_plan, .init = make, .fini = drop);

static void make_plan(void)
{
	plan_release(&plan);
	cr_assert_eq(plan_make(&spec, &machine, &scene, &plan, &err), 0, "%s", err.text);
}

/* Index of the last row of this kind at this place; -1. */
static int row(enum launch_mount_kind kind, const char *target)
{
	int found = -1;

	for (size_t i = 0; i < plan.launch.mount_count; i++)
		if (plan.launch.mounts[i].kind == kind && !strcmp(plan.launch.mounts[i].target, target))
			found = (int)i;
	return found;
}

static uint32_t access_of(const char *path)
{
	for (size_t i = 0; i < plan.launch.rule_count; i++)
		if (!strcmp(plan.launch.rules[i].path, path))
			return plan.launch.rules[i].access;
	return 0;
}

Test(jail_plan, each_machine_has_its_rung)
{
	static const struct {
		int landlock;
		bool userns, mounts, proc, seccomp;
		int rung;
	} cases[] = {
		{ 0, true, true, true, true, 1 },    { 1, true, true, true, true, 1 },
		{ 2, true, true, true, true, 1 },    { 4, true, true, true, true, 1 },
		{ 6, true, true, true, true, 1 },    { 4, true, true, false, true, 2 },
		{ 0, true, true, false, true, 2 },   { 1, true, false, false, true, 3 },
		{ 6, false, false, false, true, 3 }, { 0, false, false, false, true, 0 },
		{ 0, true, false, false, true, 0 },  { 6, true, true, true, false, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		machine.landlock_abi = cases[i].landlock;
		machine.userns = cases[i].userns;
		machine.mounts = cases[i].mounts;
		machine.proc = cases[i].proc;
		machine.seccomp = cases[i].seccomp;
		spec.allow_missing = 1U << JAIL_PROMISE_NAMESPACES;
		cr_expect_eq(jail_rung(&machine), cases[i].rung, "case %zu", i);
		plan_release(&plan);
		if (!cases[i].rung) {
			cr_expect_eq(plan_make(&spec, &machine, &scene, &plan, &err), CORDON_EMISSING, "case %zu", i);
			continue;
		}
		make_plan();
		cr_expect_eq(plan.launch.rung, (uint32_t)cases[i].rung);
		cr_expect_eq(!!(plan.launch.flags & LAUNCH_USERNS), cases[i].rung < 3);
		cr_expect_eq(!!(plan.launch.flags & LAUNCH_PROC), cases[i].rung == 1);
		cr_expect_eq(!!(plan.launch.flags & LAUNCH_LANDLOCK), cases[i].landlock > 0);
		cr_expect_eq(plan.missing, cases[i].rung == 3 ? 1U << JAIL_PROMISE_NAMESPACES : 0);
	}
}

Test(jail_plan, newer_system_calls_change_nothing)
{
	cleanup_buf struct buf without = { .limit = 1 << 22 }, with = { .limit = 1 << 22 };

	make_plan();
	cr_assert_eq(launch_plan_encode(&plan.launch, &without, NULL), 0);
	machine.openat2 = machine.clone3 = machine.close_range = true;
	make_plan();
	cr_assert_eq(launch_plan_encode(&plan.launch, &with, NULL), 0);
	cr_expect(slice_equal(buf_slice(&with), buf_slice(&without)));
}

Test(jail_plan, rung_3_needs_the_profiles_word_and_names_the_remedy)
{
	machine.userns = machine.mounts = machine.proc = false;
	snprintf(machine.cause, sizeof(machine.cause), "this is a chroot");
	snprintf(machine.remedy, sizeof(machine.remedy), "enter by pivot_root");
	cr_expect_eq(plan_make(&spec, &machine, &scene, &plan, &err), CORDON_EMISSING);
	cr_expect_not_null(strstr(err.text, "this is a chroot"));
	cr_expect_not_null(strstr(err.text, "enter by pivot_root"));
	cr_expect_not_null(strstr(err.text, "allow-missing: [namespaces]"));
	spec.allow_missing = 1U << JAIL_PROMISE_LANDLOCK;
	cr_expect_eq(plan_make(&spec, &machine, &scene, &plan, &err), CORDON_EMISSING);
}

Test(jail_plan, rung_3_moves_home_and_mounts_nothing)
{
	machine.userns = machine.mounts = machine.proc = false;
	spec.allow_missing = 1U << JAIL_PROMISE_NAMESPACES;
	make_plan();
	cr_expect_eq(plan.launch.mount_count, 0);
	cr_expect_str_eq(plan.launch.env[1], "HOME=/tmp/cordon-x");
	cr_expect_str_eq(plan.launch.env[2], "TMPDIR=/tmp/cordon-x");
	cr_expect_str_eq(plan.launch.env[3], "HOMELY=x");
	cr_expect(access_of("/home/u/ws") & 1U << LAUNCH_ACCESS_WRITE);
	cr_expect(access_of("/usr") & 1U << LAUNCH_ACCESS_EXEC);
	cr_expect_not(access_of("/usr") & 1U << LAUNCH_ACCESS_WRITE);
	cr_expect_eq(access_of("/"), 0);
	cr_expect_eq(access_of("/proc"), 0);
	cr_expect_eq(access_of("/etc/passwd"), 0);
	cr_expect(slice_equal(plan.launch.filter, filter_native(FILTER_BARE)));
	spec.cwd = "/";
	make_plan();
	cr_expect_str_eq(plan.launch.cwd, "/tmp/cordon-x");
}

Test(jail_plan, rung_3_refuses_what_it_cannot_guard)
{
	machine.userns = machine.mounts = machine.proc = false;
	spec.allow_missing = 1U << JAIL_PROMISE_NAMESPACES;
	hidden[0] = data;
	spec.hidden_count = 1;
	cr_expect_eq(plan_make(&spec, &machine, &scene, &plan, &err), CORDON_EMISSING);
	spec.hidden_count = 0;
	readonly[0] = config;
	spec.readonly_count = 1;
	cr_expect_eq(plan_make(&spec, &machine, &scene, &plan, &err), CORDON_EMISSING);
	paths[0].grant = JAIL_READ;
	make_plan();
	spec.readonly_count = 0;
	paths[0].path = "/";
	cr_expect_eq(plan_make(&spec, &machine, &scene, &plan, &err), CORDON_EMISSING);
}

Test(jail_plan, guards_lie_over_paths_and_pin_the_folders_between)
{
	hidden[0] = data;
	readonly[0] = config;
	spec.hidden_count = spec.readonly_count = 1;
	make_plan();
	cr_expect_gt(row(LAUNCH_MOUNT_COVER, data), row(LAUNCH_MOUNT_WRITE, "/home/u/ws/a"));
	cr_expect_gt(row(LAUNCH_MOUNT_WRITE, "/home/u/ws/a"), row(LAUNCH_MOUNT_WRITE, "/home/u/ws"));
	cr_expect_gt(row(LAUNCH_MOUNT_READ, config), row(LAUNCH_MOUNT_WRITE, "/home/u/ws/b/c"));
	cr_expect_gt(row(LAUNCH_MOUNT_WRITE, "/home/u/ws/b/c"), row(LAUNCH_MOUNT_WRITE, "/home/u/ws/b"));
	cr_expect_lt(row(LAUNCH_MOUNT_WRITE, "/home/u"), 0);
}

Test(jail_plan, what_is_not_shown_needs_no_guard)
{
	static char elsewhere[] = "/var/data";

	hidden[0] = elsewhere;
	readonly[0] = elsewhere;
	spec.hidden_count = spec.readonly_count = 1;
	make_plan();
	cr_expect_lt(row(LAUNCH_MOUNT_COVER, elsewhere), 0);
	cr_expect_lt(row(LAUNCH_MOUNT_READ, elsewhere), 0);
}

Test(jail_plan, a_guard_gives_no_write_where_the_nearest_path_only_reads)
{
	static char deep[] = "/home/u/ws/sub/d/cordon.yaml";

	paths[1] = (struct jail_path){ "/home/u/ws/sub", JAIL_READ, -1 };
	spec.path_count = 2;
	hidden[0] = readonly[0] = deep;
	spec.hidden_count = spec.readonly_count = 1;
	make_plan();
	cr_expect_lt(row(LAUNCH_MOUNT_WRITE, "/home/u/ws/sub"), 0);
	cr_expect_lt(row(LAUNCH_MOUNT_WRITE, "/home/u/ws/sub/d"), 0);
	cr_expect_geq(row(LAUNCH_MOUNT_COVER, deep), 0);
}

Test(jail_plan, parents_come_before_children_and_the_later_grant_wins)
{
	paths[0] = (struct jail_path){ "/home/u/ws/deep/er", JAIL_WRITE, -1 };
	paths[1] = (struct jail_path){ "/home/u/ws", JAIL_READ, -1 };
	spec.path_count = 2;
	make_plan();
	cr_expect_gt(row(LAUNCH_MOUNT_WRITE, "/home/u/ws/deep/er"), row(LAUNCH_MOUNT_READ, "/home/u/ws"));
	cr_expect_gt(row(LAUNCH_MOUNT_READ, "/home/u/ws"), row(LAUNCH_MOUNT_TMPFS, "/tmp"));
}

Test(jail_plan, checked_objects_travel_by_index)
{
	paths[1] = (struct jail_path){ "/home/u/ws/file", JAIL_READ, 77 };
	spec.path_count = 2;
	make_plan();
	cr_assert_eq(plan.object_count, 1);
	cr_expect_eq(plan.objects[0], 77);
	cr_expect_eq(plan.launch.mounts[row(LAUNCH_MOUNT_READ, "/home/u/ws/file")].object, 0);
	cr_expect_eq(plan.launch.mounts[row(LAUNCH_MOUNT_WRITE, "/home/u/ws")].object, -1);
}

Test(jail_plan, the_system_runtime_is_read_only_and_of_etc_only_a_few)
{
	make_plan();
	cr_expect_geq(row(LAUNCH_MOUNT_READ, "/usr"), 0);
	cr_expect_str_eq(plan.launch.mounts[row(LAUNCH_MOUNT_LINK, "/bin")].source, "usr/bin");
	cr_expect_geq(row(LAUNCH_MOUNT_READ, "/etc/ld.so.cache"), 0);
	cr_expect_lt(row(LAUNCH_MOUNT_READ, "/etc/localtime"), 0, "it is not there");
	cr_expect_not_null(strstr(plan.launch.mounts[row(LAUNCH_MOUNT_TEXT, "/etc/passwd")].text, "tool:x:1000:1001:"));
	cr_expect_lt(row(LAUNCH_MOUNT_DEVICE, "/dev/tty"), 0);
	cr_expect_geq(row(LAUNCH_MOUNT_DEVICE, "/dev/null"), 0);
	cr_expect(access_of("/dev/null") & 1U << LAUNCH_ACCESS_WRITE);
	cr_expect_not(access_of("/") & 1U << LAUNCH_ACCESS_WRITE);
}

Test(jail_plan, a_readable_root_shows_no_proc_sys_dev_or_run)
{
	char home[] = "home", proc[] = "proc", run[] = "run", sys[] = "sys";
	char *top[] = { home, proc, run, sys, NULL };

	paths[0] = (struct jail_path){ "/", JAIL_READ, -1 };
	scene.top = top;
	make_plan();
	cr_expect_geq(row(LAUNCH_MOUNT_READ, "/home"), 0);
	cr_expect_lt(row(LAUNCH_MOUNT_READ, "/proc"), 0);
	cr_expect_lt(row(LAUNCH_MOUNT_READ, "/run"), 0);
	cr_expect_lt(row(LAUNCH_MOUNT_READ, "/sys"), 0);
	cr_expect_lt(row(LAUNCH_MOUNT_READ, "/"), 0);
}

Test(jail_plan, some_paths_are_never_granted)
{
	static const struct jail_path bad[] = { { "/", JAIL_WRITE, -1 },
						{ "/proc", JAIL_READ, -1 },
						{ "/proc/1", JAIL_READ, -1 },
						{ "/sys", JAIL_WRITE, -1 } };

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		paths[0] = bad[i];
		cr_expect_eq(plan_make(&spec, &machine, &scene, &plan, &err), CORDON_EINVAL, "%s", bad[i].path);
	}
}

Test(jail_plan, an_ordinary_user_keeps_the_ids)
{
	make_plan();
	cr_expect_eq(plan.launch.inside_uid, 1000);
	cr_expect_eq(plan.launch.host_uid, 1000);
	cr_expect_eq(plan.launch.host_gid, 1001);
	cr_expect_not(plan.launch.flags & (LAUNCH_IDMAP | LAUNCH_SETID));
}

Test(jail_plan, root_is_nobody_inside_and_out)
{
	scene.uid = scene.gid = 0;
	machine.root = machine.idmap = true;
	owners[0] = (struct scene_owner){ 0, 0 };
	make_plan();
	cr_expect_eq(plan.launch.host_uid, scene.spare);
	cr_expect_eq(plan.launch.inside_uid, 1000);
	cr_expect(plan.launch.flags & LAUNCH_IDMAP);
}

Test(jail_plan, without_id_maps_root_becomes_the_owner_or_refuses)
{
	scene.uid = scene.gid = 0;
	machine.root = machine.idmap = true;
	scene.by_owner = true;
	make_plan();
	cr_expect_eq(plan.launch.host_uid, 1000);
	cr_expect_not(plan.launch.flags & LAUNCH_IDMAP);
	owners[0] = (struct scene_owner){ 0, 0 };
	cr_expect_eq(plan_make(&spec, &machine, &scene, &plan, &err), CORDON_EMISSING);
	cr_expect_not_null(strstr(err.text, "overlayfs"), "%s", err.text);
	owners[0] = (struct scene_owner){ 1000, 1000 };
	paths[1] = (struct jail_path){ "/other", JAIL_WRITE, -1 };
	owners[1] = (struct scene_owner){ 1001, 1001 };
	spec.path_count = 2;
	cr_expect_eq(plan_make(&spec, &machine, &scene, &plan, &err), CORDON_EMISSING);
}

Test(jail_plan, a_bare_root_never_stays_root)
{
	scene.uid = scene.gid = 0;
	machine.userns = machine.mounts = machine.proc = false;
	spec.allow_missing = 1U << JAIL_PROMISE_NAMESPACES;
	spec.path_count = 0;
	make_plan();
	cr_expect(plan.launch.flags & LAUNCH_SETID);
	cr_expect_eq(plan.launch.host_uid, scene.spare);
}

Test(jail_plan, limits_leave_the_watch_room_to_tell_the_reason)
{
	make_plan();
	cr_expect_gt(plan.launch.limits.file_bytes, spec.limits.disk_bytes);
	cr_expect_leq(plan.launch.limits.file_bytes, spec.limits.disk_bytes * 5 / 4);
	cr_expect_leq(plan.launch.mounts[row(LAUNCH_MOUNT_TMPFS, "/tmp")].size_bytes, spec.limits.disk_bytes * 5 / 4);
	cr_expect_eq(plan.launch.limits.processes, 64);
	cr_expect_eq(plan.launch.limits.cpu_s, 6);
	scene.largest = 1ull << 40;
	make_plan();
	cr_expect_gt(plan.launch.limits.file_bytes, 1ull << 40);
	scene.largest = UINT64_MAX;
	make_plan();
	cr_expect_eq(plan.launch.limits.file_bytes, UINT64_MAX);
}

Test(jail_plan, a_call_without_a_program_is_refused)
{
	static const char *const none[] = { NULL };

	spec.argv = none;
	cr_expect_eq(plan_make(&spec, &machine, &scene, &plan, &err), CORDON_EINVAL);
}

/* ---- links, words ---- */

Test(jail_plan, links_are_judged_by_where_they_lead)
{
	static const struct {
		const char *target;
		bool stays;
	} cases[] = {
		{ "file", true },
		{ "not/there/yet", true },
		{ "/usr/bin/env", true },
		{ "/bin/sh", true },
		{ "/dev/null", true },
		{ "../ws/file", true },
		{ "/etc/shadow", false },
		{ "/etc/passwd", false },
		{ "../../../etc/shadow", false },
		{ "..", false },
		{ "nowhere/../../../x", false },
		{ "/proc/self/root", false },
		{ "/dev/mem", false },
		{ "/tmp/x", false },
		{ "/", false },
		{ "/home/u/ws2", false },
		{ "/home/u/ws", true },
		{ "/home/u/ws/a/data/key", false },
		{ "/usr/../etc/shadow", false },
	};
	static const char *const out[] = { "/home/u/ws/a/data" };

	spec.hidden = out;
	spec.hidden_count = 1;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect_eq(leftover_stays_inside(&spec, "/home/u/ws", cases[i].target), cases[i].stays, "%s",
			     cases[i].target);
}

Test(jail_plan, names_of_reasons_and_promises_are_the_contracts)
{
	cr_expect_str_eq(jail_reason_name(JAIL_ERROR), "error");
	cr_expect_str_eq(jail_reason_name(JAIL_CANCELLED), "cancelled");
	cr_expect_str_eq(jail_reason_name(JAIL_DENIED), "denied");
	cr_expect_str_eq(jail_promise_name(JAIL_PROMISE_NAMESPACES), "namespaces");
	cr_expect_str_eq(syscall_name(0), "read");
	cr_expect_null(syscall_name(100000));
}

Test(jail_plan, a_death_by_the_filter_is_denied_and_any_other_is_not)
{
	struct launch_report report = { .wait_status = 31, .seccomp_killed = 1 };
	const struct outcome_seen nothing = { .killed = JAIL_ERROR };
	struct jail_outcome outcome = { .reason = JAIL_ERROR };

	outcome_fill(&outcome, &report, &nothing, &spec.limits);
	cr_expect_eq(outcome.reason, JAIL_DENIED);
	cr_expect_eq(outcome.signal, 31);
	outcome = (struct jail_outcome){ .reason = JAIL_ERROR };
	report = (struct launch_report){ .wait_status = 24 };
	outcome_fill(&outcome, &report, &nothing, &spec.limits);
	cr_expect_eq(outcome.reason, JAIL_CPU);
	outcome = (struct jail_outcome){ .reason = JAIL_ERROR };
	report = (struct launch_report){ .wait_status = 3 << 8 };
	outcome_fill(&outcome, &report, &nothing, &spec.limits);
	cr_expect_eq(outcome.reason, JAIL_EXITED);
	cr_expect_eq(outcome.exit, 3);
}

Test(jail_plan, a_removed_link_with_an_evil_name_is_printable)
{
	struct jail_outcome outcome = { .reason = JAIL_ERROR };

	outcome_deny_link(&outcome, "/ws", "a\033[31m\n\xff", "/etc/\xe2\x80\xaeshadow");
	cr_assert_eq(outcome.denied_count, 1);
	for (const char *at = outcome.denied[0].detail; *at; at++)
		cr_expect((unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80, "%s", outcome.denied[0].detail);
}
