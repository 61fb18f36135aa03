/* SPDX-License-Identifier: Apache-2.0 */
/*
 * records.h - JSON lines {"id","text"} from a file: what `scan --jsonl` and `search --queries` read.
 */
#ifndef CLI_RECORDS_H
#define CLI_RECORDS_H

#include <stdint.h>

#include "include/cordon.h"
#include "sandbox/base/cleanup.h"

struct record_line {
	uint64_t number; /* of the line, from 1 */
	const char *id;
	struct cordon_slice text;
};

/*
 * Calls each() for every line; blank ones are skipped, unknown fields ignored. A line that is not such an object is told
 * on stderr as "name:line: ..." and counted in `failed`, and the rest goes on; an error of each() ends it.
 */
struct records {
	int fd; /* borrowed */
	const char *name; /* for messages */
	int (*each)(void *ctx, const struct record_line *line, struct cordon_err *err);
	void *ctx;
	uint64_t failed;
};
USE_RESULT int records_each(struct records *records, struct cordon_err *err);

#endif
