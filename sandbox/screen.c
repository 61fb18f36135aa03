// SPDX-License-Identifier: Apache-2.0
/*
 * screen.c - what came back is read by the shield and then held, cut or passed on, as the policy says.
 *
 * The bytes that are scanned are the bytes that are shown: what is no UTF-8 is replaced before, not after, so that a
 * finding's offsets are those of the text that the fence will hold. Passages of the store were scanned when they came
 * in and carry their verdict. They are stored as they were, so what the policy says of secrets is done to them here.
 */
#include "sandbox/screen.h"

#include <stdio.h>

#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"

#define MARK_MAX 64

/* ---- cutting ---- */

static enum shield_action action_of(const struct policy *policy, enum shield_verdict verdict)
{
	if (verdict == SHIELD_CLEAN)
		return ACTION_FENCE;
	return verdict == SHIELD_SUSPICIOUS ? policy->suspicious : policy->injection;
}

static bool has_secret(const struct shield_report *report)
{
	for (size_t i = 0; i < report->finding_count; i++)
		if (report->findings[i].kind == SHIELD_KIND_SECRET)
			return true;
	return false;
}

#define KIND_BIT(kind) (UINT32_C(1) << (kind))
#define KINDS_ALL (KIND_BIT(SHIELD_KIND_COUNT) - 1)

/* The first finding of one of these kinds that ends after `at`; NULL where none is left. */
static const struct shield_finding *next_cut(const struct shield_report *report, uint64_t at, uint32_t kinds)
{
	const struct shield_finding *best = NULL;

	for (size_t i = 0; i < report->finding_count; i++) {
		const struct shield_finding *finding = &report->findings[i];

		if (finding->end <= at || !(KIND_BIT(finding->kind) & kinds))
			continue;
		if (!best || finding->start < best->start ||
		    (finding->start == best->start && finding->end > best->end))
			best = finding;
	}
	return best;
}

static bool is_inside_character(struct cordon_slice text, size_t at)
{
	return at > 0 && at < text.len && ((unsigned char)text.data[at] & 0xc0) == 0x80;
}

/* An offset moved off the middle of a character: a cut takes the whole of it. */
static size_t whole_before(struct cordon_slice text, uint64_t offset)
{
	size_t at = offset > text.len ? text.len : (size_t)offset;

	while (is_inside_character(text, at))
		at--;
	return at;
}

static size_t whole_after(struct cordon_slice text, uint64_t offset)
{
	size_t at = offset > text.len ? text.len : (size_t)offset;

	while (is_inside_character(text, at))
		at++;
	return at;
}

static int cut_out(struct cordon_slice text, const struct shield_report *report, uint32_t kinds, struct call *call,
		   struct cordon_err *err)
{
	const struct shield_finding *finding;
	char mark[MARK_MAX];
	size_t at = 0;
	int rc = 0;

	while (rc == 0 && at < text.len && (finding = next_cut(report, at, kinds))) {
		size_t start = whole_before(text, finding->start);

		if (start > at)
			rc = buf_add(&call->screen.text, (struct cordon_slice){ text.data + at, start - at }, err);
		snprintf(mark, sizeof(mark), "[redacted: %s]", shield_kind_name(finding->kind));
		if (rc == 0)
			rc = buf_add_text(&call->screen.text, mark, err);
		call->screen.redacted = true;
		at = whole_after(text, finding->end);
	}
	return rc < 0 ? rc : buf_add(&call->screen.text, slice_from(text, at), err);
}

int screen_apply(const struct policy *policy, const struct shield_report *report, struct cordon_slice text,
		 struct call *call, struct cordon_err *err)
{
	enum shield_action action = action_of(policy, report->verdict);
	uint32_t kinds;

	if (action == ACTION_QUARANTINE || (policy->secrets == ACTION_QUARANTINE && has_secret(report))) {
		call->screen.held = true;
		return 0;
	}
	kinds = action == ACTION_REDACT ? KINDS_ALL & ~KIND_BIT(SHIELD_KIND_SECRET) : 0;
	if (policy->secrets == ACTION_REDACT)
		kinds |= KIND_BIT(SHIELD_KIND_SECRET);
	return cut_out(text, report, kinds, call, err);
}

/* ---- what came back ---- */

static void hold(struct call *call, const struct cordon_err *fault)
{
	shield_report_release(&call->screen.report);
	buf_clear(&call->screen.text);
	call->screen.report = (struct shield_report){ .verdict = SHIELD_INJECTION };
	call->screen.held = true;
	snprintf(call->screen.fault, sizeof(call->screen.fault), "%s", fault->text);
}

/* stdout, then stderr on a line of its own. */
static int gather_output(const struct jail_outcome *outcome, struct buf *out, struct cordon_err *err)
{
	int rc = buf_add_utf8(out, buf_slice(&outcome->out), err);

	if (rc == 0 && out->len && outcome->err.len && out->data[out->len - 1] != '\n')
		rc = buf_add_text(out, "\n", err);
	return rc < 0 ? rc : buf_add_utf8(out, buf_slice(&outcome->err), err);
}

static int scan_output(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	cleanup_buf struct buf text = { .limit = SHIELD_TEXT_MAX };
	struct cordon_err fault = { .code = 0 };
	struct shield *shield;
	int rc = gather_output(&call->result.outcome, &text, &fault);

	buf_init(&call->screen.text, SHIELD_TEXT_MAX);
	call->screen.report = (struct shield_report){ .verdict = SHIELD_CLEAN, .bytes = text.len };
	call->screen.bytes = text.len;
	if (rc == 0)
		rc = digest_of(buf_slice(&text), &call->screen.digest, &fault);
	if (rc == 0 && text.len) {
		struct shield_request request = { .text = buf_slice(&text), .format = SHIELD_AUTO };

		rc = supervisor_shield(supervisor, &shield, &fault);
		if (rc == 0)
			rc = shield_scan(shield, &request, &call->screen.report, &fault);
	}
	if (rc == 0)
		rc = screen_apply(supervisor->policy, &call->screen.report, buf_slice(&text), call, &fault);
	if (rc == CORDON_ENOMEM)
		return err_nomem(err);
	if (rc < 0)
		hold(call, &fault);
	return 0;
}

static int weigh_hits(struct call *call, struct cordon_err *err)
{
	const struct retriever_hits *hits = &call->result.hits;
	struct shield_report *report = &call->screen.report;
	cleanup_buf struct buf text = { .limit = SIZE_MAX };
	int rc = 0;

	*report = (struct shield_report){ .verdict = SHIELD_CLEAN };
	for (size_t i = 0; i < hits->count && rc == 0; i++) {
		if (hits->rows[i].verdict < report->verdict)
			report->verdict = hits->rows[i].verdict;
		rc = buf_add_text(&text, hits->rows[i].text, err);
	}
	report->bytes = text.len;
	call->screen.bytes = text.len;
	return rc < 0 ? rc : digest_of(buf_slice(&text), &call->screen.digest, err);
}

/* The policy's word on secrets, for one passage: its text is replaced, or the whole reply is held. */
static int clear_hit(struct shield *shield, const struct policy *policy, struct retriever_hit *hit, struct call *call,
		     struct cordon_err *err)
{
	struct shield_report report = { .verdict = SHIELD_INJECTION };
	const struct shield_request request = { .text = slice_of(hit->text), .format = SHIELD_TEXT };
	int rc = shield_scan(shield, &request, &report, err);

	if (rc == 0 && has_secret(&report)) {
		buf_clear(&call->screen.text);
		call->screen.held = call->screen.held || policy->secrets == ACTION_QUARANTINE;
		rc = cut_out(request.text, &report, KIND_BIT(SHIELD_KIND_SECRET), call, err);
		if (rc == 0) {
			free(hit->text);
			hit->text = buf_take(&call->screen.text);
			rc = hit->text ? 0 : err_nomem(err);
		}
	}
	shield_report_release(&report);
	return rc;
}

static int scan_hits(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	struct retriever_hits *hits = &call->result.hits;
	struct cordon_err fault = { .code = 0 };
	struct shield *shield;
	int rc = weigh_hits(call, err);

	if (rc < 0 || !hits->count || supervisor->policy->secrets == ACTION_FENCE)
		return rc;
	buf_init(&call->screen.text, SHIELD_TEXT_MAX);
	rc = supervisor_shield(supervisor, &shield, &fault);
	for (size_t i = 0; i < hits->count && rc == 0; i++)
		rc = clear_hit(shield, supervisor->policy, &hits->rows[i], call, &fault);
	if (rc == CORDON_ENOMEM)
		return err_nomem(err);
	if (rc < 0)
		hold(call, &fault);
	return 0;
}

int stage_scan(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	call->screen.scanned = true;
	return call->tool->kind == TOOL_RUN ? scan_output(supervisor, call, err) : scan_hits(supervisor, call, err);
}
