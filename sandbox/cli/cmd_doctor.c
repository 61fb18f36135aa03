// SPDX-License-Identifier: Apache-2.0
/*
 * cmd_doctor.c - `cordon doctor`: what this machine can keep, by trying it; each gap with its cause and the one line that
 * mends it.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "sandbox/base/program.h"
#include "sandbox/cli/surroundings.h"
#include "sandbox/cli/terminal.h"
#include "sandbox/cli/verbs.h"

static const char *const programs[] = { "cordon-launch", "cordon-log", "cordon-store", "cordon-shield" };

static const char *const rungs[] = {
	"no rung: this machine cannot confine a tool, so every call of a program is refused",
	"rung 1: every promise holds",
	"rung 2: every promise holds; there is no /proc inside",
	"rung 3: no namespaces; only a profile with 'allow-missing: [namespaces]' runs here",
};

struct report {
	struct jail_machine machine;
	struct jail_check checks[JAIL_CHECKS_MAX];
	size_t check_count;
	int rung;
	bool whole; /* all programs are there, and the config loads */
	char config[sizeof(((struct cordon_err *)0)->text)]; /* what is wrong with the config; "" */
};

static json_t *check_to_json(const struct jail_check *check)
{
	return json_pack("{s:o, s:b, s:b, s:o, s:o, s:o}", "name", text_or_null(check->name), "present", check->present,
			 "needed", check->needed, "why", text_or_null(check->why), "cause", text_or_null(check->cause),
			 "remedy", text_or_null(check->remedy));
}

static int print_json(struct report *report, const char *data)
{
	json_t *checks = json_array();
	json_t *found = json_object();
	char path[PATH_MAX];

	for (size_t i = 0; i < report->check_count; i++)
		json_array_append_new(checks, check_to_json(&report->checks[i]));
	for (size_t i = 0; i < ARRAY_LEN(programs); i++)
		json_object_set_new(found, programs[i],
				    program_find(programs[i], path, sizeof(path), NULL) == 0 ? text_or_null(path)
											     : json_null());
	return terminal_json(json_pack("{s:i, s:s, s:o, s:o, s:o, s:o}", "rung", report->rung, "meaning",
				       rungs[report->rung], "checks", checks, "programs", found, "data",
				       text_or_null(data), "config",
				       text_or_null(report->config[0] ? report->config : NULL)));
}

static void print_check(const struct jail_check *check)
{
	terminal_line(stdout, "%s  %-16s %s",
		      check->present  ? "yes"
		      : check->needed ? "NO "
				      : "no ",
		      check->name, check->why);
	if (check->present)
		return;
	if (check->cause[0])
		terminal_line(stdout, "     cause:  %s", check->cause);
	if (check->remedy[0])
		terminal_line(stdout, "     remedy: %s", check->remedy);
}

static void print(struct report *report, const char *data)
{
	char path[PATH_MAX];
	struct cordon_err err = { .code = 0 };

	terminal_line(stdout, "%s", rungs[report->rung]);
	for (size_t i = 0; i < report->check_count; i++)
		print_check(&report->checks[i]);
	for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
		bool found = program_find(programs[i], path, sizeof(path), &err) == 0;

		terminal_line(stdout, "%s  %-16s %s", found ? "yes" : "NO ", programs[i], found ? path : err.text);
	}
	if (report->config[0])
		terminal_line(stdout, "NO   config           %s", report->config);
	else
		terminal_line(stdout, "yes  config           data folder %s", data);
}

static void look(struct report *report, int config_rc, const struct cordon_err *config_err)
{
	char path[PATH_MAX];

	report->check_count = jail_doctor(&report->machine, report->checks);
	report->rung = jail_rung(&report->machine);
	report->whole = config_rc == 0;
	if (config_rc < 0)
		snprintf(report->config, sizeof(report->config), "%s", config_err->text);
	if (report->rung < 0 || (size_t)report->rung >= ARRAY_LEN(rungs))
		report->rung = 0;
	for (size_t i = 0; i < ARRAY_LEN(programs); i++)
		if (program_find(programs[i], path, sizeof(path), NULL) < 0)
			report->whole = false;
}

static int run(const struct options *options)
{
	cleanup_surroundings struct surroundings around = { .policy = NULL };
	struct report report = { .rung = 0 };
	struct cordon_err config_err = { .code = 0 };
	struct cordon_err err = { .code = 0 };
	int config_rc = surroundings_load(options, &around, &config_err);
	int rc = jail_probe(&report.machine, &err);

	if (rc < 0)
		return terminal_fault(&err);
	look(&report, config_rc, &config_err);
	if (options->json)
		rc = print_json(&report, around.policy ? around.policy->data : NULL);
	else
		print(&report, around.policy ? around.policy->data : "");
	return rc || !report.rung || !report.whole ? 1 : 0;
}

const struct verb verb_doctor = {
	.name = "doctor",
	.operands = "",
	.summary = "Try what this kernel and machine can keep; name each gap, its cause and what mends it",
	.detail = "Exit status: 0 a rung holds, 1 none does, or a part of Cordon is missing.",
	.fault_status = 2,
	.run = run,
};
