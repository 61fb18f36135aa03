/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.h - from a checked tree to struct policy, section by section.
 */
#ifndef POLICY_CONFIG_H
#define POLICY_CONFIG_H

#include "sandbox/policy/policy.h"
#include "sandbox/policy/yaml.h"

struct loading { /* one file on its way; borrowed by the sections */
	struct policy *policy;
	const struct yaml *yaml;
	struct cordon_err *err;
};

/* CORDON_ECONFIG with "FILE:LINE: sentence". pointer is a JSON pointer into the file. */
int config_fault(const struct loading *loading, const char *pointer, const char *format, ...) PRINTF_LIKE(3, 4);
/* Puts "FILE:LINE: " before the sentence that is in the error already. */
int config_place(const struct loading *loading, const char *pointer, int rc);
/* "FILE:LINE" of a pointer, malloc()ed. */
USE_RESULT int config_where(const struct loading *loading, const char *pointer, char **out);
/* A copy of a text (value NULL: "" ), and of a list of texts, NULL-terminated. */
USE_RESULT int config_text(const struct loading *loading, const json_t *value, char **out);
USE_RESULT int config_texts(const struct loading *loading, const json_t *value, char ***out);
/* ${workspace} replaced, made absolute from the file's folder, links resolved. */
USE_RESULT int config_path(const struct loading *loading, const char *text, char **out);

/* The sections. Each adds to loading->policy. */
USE_RESULT int config_profiles(const struct loading *loading, const json_t *profiles);
USE_RESULT int config_tools(const struct loading *loading, const json_t *root);
USE_RESULT int config_rules(const struct loading *loading, const json_t *root);
/* After all sections: rules that can never match, wide profiles, the file's own tests. */
USE_RESULT int config_review(const struct loading *loading, const json_t *root);

void config_free_texts(char **texts);

/* The text of a built-in config; data NULL: there is no such one. */
struct cordon_slice config_builtin(size_t at);

#endif
