// SPDX-License-Identifier: Apache-2.0
/*
 * cordon.c - the public interface: cordon.h over the supervisor. The environment is not read; the home folder is the
 * password database's, and a tool sees of the environment only what its profile gives it.
 */
#include "include/cordon.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/supervisor.h"
#include "sandbox/tool_list.h"

#define JSON_TEXT_MAX (256u << 20) /* content of SHIELD_TEXT_MAX, escaped */

struct cordon {
	struct policy *policy;
	struct supervisor *supervisor;
};

static const struct {
	const char *name;
	enum shield_format format;
} formats[] = {
	{ "auto", SHIELD_AUTO },
	{ "text", SHIELD_TEXT },
	{ "html", SHIELD_HTML },
	{ "markdown", SHIELD_MARKDOWN },
};

static void cleanup_call_run(struct call *call)
{
	call_release(call);
}

static int give_text(const json_t *object, char **out, struct cordon_err *err)
{
	cleanup_buf struct buf text = { .limit = JSON_TEXT_MAX };
	char *taken;
	int rc = jsontext_dump(object, &text, err);

	if (rc < 0)
		return rc;
	taken = buf_take(&text);
	if (!taken)
		return err_nomem(err);
	*out = taken;
	return 0;
}

static int load(const char *config, const char *workspace, struct policy **out, struct cordon_err *err)
{
	struct passwd entry;
	struct passwd *found = NULL;
	char names[4096];
	char cwd[PATH_MAX];
	struct policy_place place = { .config = config, .workspace = workspace, .cwd = cwd, .uid = getuid() };

	if (!getcwd(cwd, sizeof(cwd)))
		return err_set(err, CORDON_ESYS, errno, "cannot tell the current folder");
	if (getpwuid_r(place.uid, &entry, names, sizeof(names), &found) == 0 && found)
		place.home = entry.pw_dir;
	return policy_load(&place, out, err);
}

CORDON_API const char *cordon_version(void)
{
	return CORDON_VERSION;
}

CORDON_API int cordon_open(const char *config, const char *workspace, const char *session, struct cordon **out,
			   struct cordon_err *err)
{
	struct cordon *cordon = calloc(1, sizeof(*cordon));
	int rc;

	if (!cordon)
		return err_nomem(err);
	rc = load(config, workspace, &cordon->policy, err);
	if (rc == 0)
		rc = supervisor_open(cordon->policy, session, &cordon->supervisor, err);
	if (rc < 0) {
		cordon_close(cordon);
		return rc;
	}
	*out = cordon;
	return 0;
}

CORDON_API void cordon_close(struct cordon *cordon)
{
	if (!cordon)
		return;
	supervisor_close(cordon->supervisor);
	policy_free(cordon->policy);
	free(cordon);
}

CORDON_API int cordon_call(struct cordon *cordon, const char *tool, struct cordon_slice args, char **out_json,
			   struct cordon_err *err)
{
	CLEANUP(cleanup_call_run) struct call call;
	int rc;

	call_init(&call);
	call.request.door = "library";
	call.request.tool = tool;
	call.request.args_text = args;
	rc = supervisor_call(cordon->supervisor, &call, err);
	return rc < 0 ? rc : give_text(call.reply.object, out_json, err);
}

CORDON_API int cordon_scan(struct cordon *cordon, const char *format, struct cordon_slice text, char **out_json,
			   struct cordon_err *err)
{
	CLEANUP(shield_report_release) struct shield_report report = { .findings = NULL };
	cleanup_json json_t *object = NULL;
	struct shield_request request = { .text = text };
	struct shield *shield;
	size_t row = 0;
	int rc;

	while (row < ARRAY_LEN(formats) && strcmp(formats[row].name, format))
		row++;
	if (row == ARRAY_LEN(formats))
		return err_set(err, CORDON_EINVAL, 0, "unknown format '%s': auto, text, html or markdown", format);
	request.format = formats[row].format;
	rc = supervisor_shield(cordon->supervisor, &shield, err);
	if (rc == 0)
		rc = shield_scan(shield, &request, &report, err);
	if (rc < 0)
		return rc;
	object = report_to_json(&report, NULL, NULL, EXCERPTS_PUT_IN);
	return give_text(object, out_json, err);
}

CORDON_API int cordon_tools(struct cordon *cordon, const char *dialect, char **out_json, struct cordon_err *err)
{
	cleanup_json json_t *list = NULL;
	int rc = tool_list(cordon->policy, dialect, &list, err);

	return rc < 0 ? rc : give_text(list, out_json, err);
}

CORDON_API void cordon_free(void *memory)
{
	free(memory);
}
