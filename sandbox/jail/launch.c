// SPDX-License-Identifier: Apache-2.0
/*
 * launch.c - the encoding of launch.h's messages, for both sides.
 *
 * A plan comes from our own supervisor, but the launcher trusts no byte of it further than it must: counts are bound
 * before anything is allocated, texts hold no NUL, and a plan that does not end exactly where it says is refused whole.
 */
#include "sandbox/jail/launch.h"

#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/jail/launch_steps.h"

#define WORDS_MAX 262144u /* arguments or environment: the kernel's own bound is bytes, this one is memory */

static const char *const step_names[] = {
#define X(id, name, ...) name,
	LAUNCH_STEPS(X)
#undef X
};

const char *launch_step_name(uint32_t step)
{
	return step < LAUNCH_STEP_COUNT ? step_names[step] : "unknown step";
}

static int put_numbers(struct buf *out, const uint64_t *numbers, size_t count, struct cordon_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < count && rc == 0; i++)
		rc = wire_put_u64(out, numbers[i], err);
	return rc;
}

static int put_words(struct buf *out, const char *const *words, struct cordon_err *err)
{
	size_t count = 0;
	int rc;

	while (words && words[count])
		count++;
	rc = wire_put_u32(out, (uint32_t)count, err);
	for (size_t i = 0; i < count && rc == 0; i++)
		rc = wire_put_text(out, words[i], err);
	return rc;
}

static int put_mount(struct buf *out, const struct launch_mount *mount, struct cordon_err *err)
{
	const uint64_t numbers[] = { mount->kind, (uint64_t)(int64_t)mount->object, mount->size_bytes, mount->inodes };
	int rc = put_numbers(out, numbers, ARRAY_LEN(numbers), err);

	rc = rc < 0 ? rc : wire_put_text(out, mount->source, err);
	rc = rc < 0 ? rc : wire_put_text(out, mount->target, err);
	return rc < 0 ? rc : wire_put_text(out, mount->text, err);
}

static int put_rule(struct buf *out, const struct launch_rule *rule, struct cordon_err *err)
{
	const uint64_t numbers[] = { rule->access, (uint64_t)(int64_t)rule->object };
	int rc = put_numbers(out, numbers, ARRAY_LEN(numbers), err);

	return rc < 0 ? rc : wire_put_text(out, rule->path, err);
}

int launch_plan_encode(const struct launch_plan *plan, struct buf *out, struct cordon_err *err)
{
	const uint64_t numbers[] = {
		LAUNCH_VERSION,		 plan->rung,	     plan->flags,	 plan->inside_uid,
		plan->inside_gid,	 plan->host_uid,     plan->host_gid,	 plan->limits.processes,
		plan->limits.file_bytes, plan->limits.files, plan->limits.cpu_s, plan->mount_count,
		plan->rule_count,
	};
	const char *const texts[] = { plan->cwd, plan->search, plan->hostname };
	int rc = put_numbers(out, numbers, ARRAY_LEN(numbers), err);

	for (size_t i = 0; i < plan->mount_count && rc == 0; i++)
		rc = put_mount(out, &plan->mounts[i], err);
	for (size_t i = 0; i < plan->rule_count && rc == 0; i++)
		rc = put_rule(out, &plan->rules[i], err);
	rc = rc < 0 ? rc : wire_put_bytes(out, plan->filter, err);
	for (size_t i = 0; i < ARRAY_LEN(texts) && rc == 0; i++)
		rc = wire_put_text(out, texts[i], err);
	rc = rc < 0 ? rc : put_words(out, (const char *const *)plan->argv, err);
	return rc < 0 ? rc : put_words(out, (const char *const *)plan->env, err);
}

static uint32_t get_small(struct wire_reader *reader, uint64_t limit)
{
	uint64_t value = wire_get_u64(reader);

	reader->bad = reader->bad || value > limit;
	return reader->bad ? 0 : (uint32_t)value;
}

static int32_t get_object(struct wire_reader *reader)
{
	int64_t value = (int64_t)wire_get_u64(reader);

	reader->bad = reader->bad || value < -1 || value > 1000;
	return reader->bad ? -1 : (int32_t)value;
}

static const char **get_words(struct wire_reader *reader)
{
	uint32_t count = wire_get_u32(reader);
	const char **words;

	if (reader->bad || count > WORDS_MAX || count > reader->bytes.len / sizeof(uint32_t)) {
		reader->bad = true;
		return NULL;
	}
	words = calloc(count + 1, sizeof(*words));
	reader->bad = reader->bad || !words;
	for (uint32_t i = 0; i < count && !reader->bad; i++)
		words[i] = wire_get_text(reader);
	return words;
}

/* Absolute, and without a step upwards, which would lead out of the new root while it is being filled. */
static bool is_inside_path(const char *path)
{
	const char *at = strstr(path, "/..");

	while (at && at[3] && at[3] != '/')
		at = strstr(at + 1, "/..");
	return path[0] == '/' && !at;
}

static void get_mounts(struct wire_reader *reader, struct launch_plan *plan, size_t count)
{
	plan->mounts = calloc(count + 1, sizeof(*plan->mounts));
	reader->bad = reader->bad || !plan->mounts;
	for (size_t i = 0; i < count && !reader->bad; i++) {
		struct launch_mount *mount = &plan->mounts[plan->mount_count++];

		mount->kind = (enum launch_mount_kind)get_small(reader, LAUNCH_MOUNT_COVER);
		mount->object = get_object(reader);
		mount->size_bytes = wire_get_u64(reader);
		mount->inodes = wire_get_u64(reader);
		mount->source = wire_get_text(reader);
		mount->target = wire_get_text(reader);
		mount->text = wire_get_text(reader);
		reader->bad = reader->bad || !is_inside_path(mount->target);
	}
}

static void get_rules(struct wire_reader *reader, struct launch_plan *plan, size_t count)
{
	plan->rules = calloc(count + 1, sizeof(*plan->rules));
	reader->bad = reader->bad || !plan->rules;
	for (size_t i = 0; i < count && !reader->bad; i++) {
		struct launch_rule *rule = &plan->rules[plan->rule_count++];

		rule->access = get_small(reader, UINT32_MAX);
		rule->object = get_object(reader);
		rule->path = wire_get_text(reader);
	}
}

static void get_plan(struct wire_reader *reader, struct launch_plan *plan)
{
	uint32_t mounts, rules;

	reader->bad = wire_get_u64(reader) != LAUNCH_VERSION || reader->bad;
	plan->rung = get_small(reader, 3);
	plan->flags = get_small(reader, UINT32_MAX);
	plan->inside_uid = get_small(reader, UINT32_MAX);
	plan->inside_gid = get_small(reader, UINT32_MAX);
	plan->host_uid = get_small(reader, UINT32_MAX);
	plan->host_gid = get_small(reader, UINT32_MAX);
	plan->limits.processes = wire_get_u64(reader);
	plan->limits.file_bytes = wire_get_u64(reader);
	plan->limits.files = wire_get_u64(reader);
	plan->limits.cpu_s = wire_get_u64(reader);
	mounts = get_small(reader, LAUNCH_MOUNTS_MAX);
	rules = get_small(reader, LAUNCH_RULES_MAX);
	get_mounts(reader, plan, mounts);
	get_rules(reader, plan, rules);
	plan->filter = wire_get_bytes(reader);
	plan->cwd = wire_get_text(reader);
	plan->search = wire_get_text(reader);
	plan->hostname = wire_get_text(reader);
	plan->argv = get_words(reader);
	plan->env = get_words(reader);
	reader->bad = reader->bad || !plan->argv[0] || plan->filter.len % 8 || plan->filter.len > 8 * 4096;
}

int launch_plan_decode(struct cordon_slice bytes, struct launch_plan *plan, struct cordon_err *err)
{
	struct wire_reader reader = wire_reader_of(bytes);
	struct launch_plan in = { 0 };

	get_plan(&reader, &in);
	if (!wire_done(&reader)) {
		launch_plan_release(&in);
		return err_set(err, CORDON_EPROTO, 0, "a plan that is not whole, or of another version of Cordon");
	}
	*plan = in;
	return 0;
}

static void free_text(const char *text)
{
	free((void *)(uintptr_t)text);
}

static void free_words(const char **words)
{
	for (size_t i = 0; words && words[i]; i++)
		free_text(words[i]);
	free((void *)words);
}

void launch_plan_release(struct launch_plan *plan)
{
	for (size_t i = 0; i < plan->mount_count; i++) {
		free_text(plan->mounts[i].source);
		free_text(plan->mounts[i].target);
		free_text(plan->mounts[i].text);
	}
	for (size_t i = 0; i < plan->rule_count; i++)
		free_text(plan->rules[i].path);
	free(plan->mounts);
	free(plan->rules);
	free_text(plan->cwd);
	free_text(plan->search);
	free_text(plan->hostname);
	free_words(plan->argv);
	free_words(plan->env);
	*plan = (struct launch_plan){ 0 };
}

int launch_report_encode(const struct launch_report *report, struct buf *out, struct cordon_err *err)
{
	const uint64_t numbers[] = { (uint32_t)report->wait_status,
				     (uint32_t)report->exec_errno,
				     report->user_us,
				     report->system_us,
				     report->max_rss_kb,
				     report->seccomp_killed,
				     report->denial_count };
	int rc = put_numbers(out, numbers, ARRAY_LEN(numbers), err);

	for (size_t i = 0; i < report->denial_count && rc == 0; i++) {
		const struct launch_denial *denial = &report->denials[i];
		const uint64_t head[] = { denial->number, denial->count };

		rc = put_numbers(out, head, ARRAY_LEN(head), err);
		rc = rc < 0 ? rc : put_numbers(out, denial->args, ARRAY_LEN(denial->args), err);
	}
	return rc;
}

int launch_report_decode(struct cordon_slice bytes, struct launch_report *report, struct cordon_err *err)
{
	struct wire_reader reader = wire_reader_of(bytes);
	struct launch_report in = { 0 };

	in.wait_status = (int32_t)get_small(&reader, UINT32_MAX);
	in.exec_errno = (int32_t)get_small(&reader, UINT32_MAX);
	in.user_us = wire_get_u64(&reader);
	in.system_us = wire_get_u64(&reader);
	in.max_rss_kb = wire_get_u64(&reader);
	in.seccomp_killed = get_small(&reader, 1);
	in.denial_count = get_small(&reader, LAUNCH_DENIALS_MAX);
	for (size_t i = 0; i < in.denial_count && !reader.bad; i++) {
		in.denials[i].number = get_small(&reader, UINT32_MAX);
		in.denials[i].count = get_small(&reader, UINT32_MAX);
		for (size_t arg = 0; arg < ARRAY_LEN(in.denials[i].args); arg++)
			in.denials[i].args[arg] = wire_get_u64(&reader);
	}
	if (!wire_done(&reader))
		return err_set(err, CORDON_EPROTO, 0, "a report that is not whole");
	*report = in;
	return 0;
}

int launch_failure_encode(const struct launch_failure *failure, struct buf *out, struct cordon_err *err)
{
	const uint64_t numbers[] = { failure->step, (uint32_t)failure->os_errno };
	int rc = put_numbers(out, numbers, ARRAY_LEN(numbers), err);

	return rc < 0 ? rc : wire_put_text(out, failure->subject, err);
}

int launch_failure_decode(struct cordon_slice bytes, struct launch_failure *failure, struct cordon_err *err)
{
	struct wire_reader reader = wire_reader_of(bytes);
	struct launch_failure in = { 0 };

	in.step = get_small(&reader, UINT32_MAX);
	in.os_errno = (int32_t)get_small(&reader, UINT32_MAX);
	in.subject = wire_get_text(&reader);
	if (!wire_done(&reader)) {
		free(in.subject);
		return err_set(err, CORDON_EPROTO, 0, "a failure report that is not whole");
	}
	*failure = in;
	return 0;
}
