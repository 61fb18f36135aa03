// SPDX-License-Identifier: Apache-2.0
/*
 * config_rule.c - the sections `flows`, `limits` and `shield`.
 */
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/config.h"

static int read_flow(const struct loading *loading, const json_t *source, size_t index)
{
	struct flow *flow = &loading->policy->flows[loading->policy->flow_count++];
	const json_t *deny = json_object_get(source, "deny");
	const char *name = jsontext_get_text(source, "name", NULL);
	char pointer[64], numbered[32];
	int rc;

	snprintf(pointer, sizeof(pointer), "/flows/%zu", index);
	snprintf(numbered, sizeof(numbered), "flow-%zu", index + 1);
	*flow = (struct flow){ .effect = deny ? FLOW_DENY : FLOW_ASK, .name = strdup(name ? name : numbered) };
	if (!flow->name)
		return err_nomem(loading->err);
	rc = config_where(loading, pointer, &flow->where);
	rc = rc < 0 ? rc : config_text(loading, deny ? deny : json_object_get(source, "ask"), &flow->mark);
	rc = rc < 0 ? rc : config_text(loading, json_object_get(source, "say"), &flow->say);
	return rc < 0 ? rc : config_texts(loading, json_object_get(source, "after"), &flow->after);
}

static int read_limit(const struct loading *loading, const json_t *source, size_t index)
{
	struct limit *limit = &loading->policy->limits[loading->policy->limit_count++];
	char pointer[64];
	int rc;

	snprintf(pointer, sizeof(pointer), "/limits/%zu", index);
	*limit = (struct limit){ 0 };
	rc = config_where(loading, pointer, &limit->where);
	rc = rc < 0 ? rc : config_text(loading, json_object_get(source, "tools"), &limit->tools);
	rc = rc < 0 ? rc : parse_rate(slice_of(jsontext_get_text(source, "max", "")), &limit->rate, loading->err);
	return config_place(loading, pointer, rc);
}

static enum shield_action action_of(const json_t *shield, const char *key, enum shield_action otherwise)
{
	const char *name = jsontext_get_text(shield, key, NULL);

	if (!name)
		return otherwise;
	return !strcmp(name, "fence") ? ACTION_FENCE : !strcmp(name, "redact") ? ACTION_REDACT : ACTION_QUARANTINE;
}

int config_rules(const struct loading *loading, const json_t *root)
{
	struct policy *policy = loading->policy;
	const json_t *flows = json_object_get(root, "flows");
	const json_t *limits = json_object_get(root, "limits");
	const json_t *shield = json_object_get(root, "shield");
	const json_t *tests = json_object_get(root, "tests");
	int rc = 0;

	policy->injection = action_of(shield, "injection", policy->injection);
	policy->suspicious = action_of(shield, "suspicious", policy->suspicious);
	policy->secrets = action_of(shield, "secrets", policy->secrets);
	if (tests)
		policy->tests = json_deep_copy(tests);
	if (flows) {
		policy->flows = calloc(json_array_size(flows) + 1, sizeof(*policy->flows));
		rc = policy->flows ? 0 : err_nomem(loading->err);
	}
	for (size_t i = 0; i < json_array_size(flows) && rc == 0; i++)
		rc = read_flow(loading, json_array_get(flows, i), i);
	if (rc == 0 && limits) {
		policy->limits = calloc(json_array_size(limits) + 1, sizeof(*policy->limits));
		rc = policy->limits ? 0 : err_nomem(loading->err);
	}
	for (size_t i = 0; i < json_array_size(limits) && rc == 0; i++)
		rc = read_limit(loading, json_array_get(limits, i), i);
	return rc;
}
