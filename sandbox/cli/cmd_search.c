// SPDX-License-Identifier: Apache-2.0
/*
 * cmd_search.c - `cordon search`: ranked passages, fenced; or TREC runs over a file of queries.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/fence.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/cli/records.h"
#include "sandbox/cli/surroundings.h"
#include "sandbox/cli/terminal.h"
#include "sandbox/cli/verbs.h"

#define HITS 10
#define HITS_TREC 1000 /* TREC's depth */
#define HITS_MAX 100000

struct search {
	const struct options *options;
	struct retriever *retriever;
	struct retriever_query query;
};

static void cleanup_hits_run(struct retriever_hits *hits)
{
	retriever_hits_release(hits);
}

static int fence_hit(const struct retriever_hit *hit, struct buf *out, struct cordon_err *err)
{
	struct fence_label label = {
		.source = hit->doc,
		.trust = hit->trust,
		.verdict = shield_verdict_name(hit->verdict),
	};

	return fence_wrap(out, slice_of(hit->text), &label, err);
}

static int print_json(const struct retriever_hit *hit, const char *query, struct cordon_err *err)
{
	cleanup_buf struct buf fenced = { .limit = SIZE_MAX };
	json_t *object = json_object();
	int rc = fence_hit(hit, &fenced, err);

	if (rc < 0) {
		json_decref(object);
		return rc;
	}
	if (query)
		json_object_set_new(object, "query", text_or_null(query));
	json_object_set_new(object, "rank", json_integer((json_int_t)hit->rank));
	json_object_set_new(object, "score", json_real(hit->score));
	json_object_set_new(object, "doc", text_or_null(hit->doc));
	json_object_set_new(object, "title", text_or_null(hit->title));
	json_object_set_new(object, "uri", text_or_null(hit->uri));
	json_object_set_new(object, "start", json_integer((json_int_t)hit->start));
	json_object_set_new(object, "end", json_integer((json_int_t)hit->end));
	json_object_set_new(object, "trust", text_or_null(hit->trust));
	json_object_set_new(object, "verdict", json_string(shield_verdict_name(hit->verdict)));
	json_object_set_new(object, "text", text_or_null(hit->text));
	json_object_set_new(object, "fenced", jsontext_string(buf_slice(&fenced)));
	return terminal_json(object) ? err_nomem(err) : 0;
}

static int print_text(const struct retriever_hit *hit, struct cordon_err *err)
{
	cleanup_buf struct buf fenced = { .limit = SIZE_MAX };
	int rc = fence_hit(hit, &fenced, err);

	if (rc < 0)
		return rc;
	terminal_line(stdout, "%llu. %.2f %s (bytes %llu to %llu)", (unsigned long long)hit->rank, hit->score, hit->doc,
		      (unsigned long long)hit->start, (unsigned long long)hit->end);
	terminal_text(stdout, buf_slice(&fenced));
	fputs(fenced.len && fenced.data[fenced.len - 1] == '\n' ? "\n" : "\n\n", stdout);
	return 0;
}

/* A run file is split at white space: an id that holds some has it percent-encoded. */
static void print_trec_id(const char *id)
{
	for (; *id; id++) {
		if ((unsigned char)*id <= ' ' || *id == 0x7f)
			printf("%%%02X", (unsigned char)*id);
		else
			putchar(*id);
	}
}

static int print_hit(const struct search *search, const struct retriever_hit *hit, const char *query,
		     struct cordon_err *err)
{
	if (search->options->trec) {
		print_trec_id(query);
		fputs(" Q0 ", stdout);
		print_trec_id(hit->doc);
		printf(" %llu %.6f cordon\n", (unsigned long long)hit->rank, hit->score);
		return 0;
	}
	return search->options->json ? print_json(hit, query, err) : print_text(hit, err);
}

static int search_one(const struct search *search, struct cordon_slice text, const char *id, struct cordon_err *err)
{
	CLEANUP(cleanup_hits_run) struct retriever_hits hits = { .count = 0 };
	struct retriever_query query = search->query;
	int rc;

	query.text = text;
	rc = retriever_search(search->retriever, &query, &hits, err);
	for (size_t i = 0; i < hits.count && rc == 0; i++)
		rc = print_hit(search, &hits.rows[i], id, err);
	return rc;
}

static int on_query(void *ctx, const struct record_line *line, struct cordon_err *err)
{
	return search_one(ctx, line->text, line->id, err);
}

static int search_file(struct search *search, struct cordon_err *err)
{
	cleanup_close int fd = -1;
	const char *path = search->options->queries;
	struct records records = { .fd = STDIN_FILENO, .name = path, .each = on_query, .ctx = search };
	int rc;

	if (strcmp(path, "-")) {
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (fd < 0)
			return err_set(err, CORDON_ESYS, errno, "cannot open '%s'", path);
		records.fd = fd;
	}
	rc = records_each(&records, err);
	return rc < 0 ? rc : records.failed ? 1 : 0;
}

static int check_options(const struct options *options, struct cordon_err *err)
{
	if (options->queries && !options->trec && !options->json)
		return err_set(err, CORDON_EINVAL, 0, "'--queries' needs '--trec' or '--json'");
	if (options->trec && !options->queries)
		return err_set(err, CORDON_EINVAL, 0, "'--trec' needs '--queries FILE'");
	if (options->queries && options->operand_count)
		return err_set(err, CORDON_EINVAL, 0, "either '--queries' or a QUERY, not both");
	if (!options->queries && !options->operand_count)
		return err_set(err, CORDON_EINVAL, 0, "'search' needs a QUERY: see 'cordon search --help'");
	if (options->number > HITS_MAX)
		return err_set(err, CORDON_EINVAL, 0, "'-k' is at most %d", HITS_MAX);
	return 0;
}

static int run(const struct options *options)
{
	cleanup_surroundings struct surroundings around = { .policy = NULL };
	struct cordon_err err = { .code = 0 };
	uint32_t k = (uint32_t)options->number;
	struct search search = {
		.options = options,
		.query = {
			.collection = options->collection,
			.k = k ? k : options->trec ? HITS_TREC : HITS,
			.unit = options->trec ? RETRIEVER_DOCUMENTS : RETRIEVER_PASSAGES,
		},
	};
	int rc = check_options(options, &err);

	if (rc == 0)
		rc = surroundings_open(options, &around, &err);
	if (rc == 0)
		rc = supervisor_retriever(around.supervisor, &search.retriever, &err);
	if (rc == 0 && options->queries)
		rc = search_file(&search, &err);
	else if (rc == 0)
		rc = search_one(&search, slice_of(options->operands[0]), NULL, &err);
	return rc < 0 ? terminal_fault(&err) : rc;
}

static const struct option_row rows[] = {
	OPTION_ROW("-k", "N", OPTION_NUMBER, number, "hits wanted (10; with --trec 1000)"),
	OPTION_ROW("--collection", "C", OPTION_TEXT, collection, "only documents of this collection"),
	OPTION_ROW("--queries", "FILE", OPTION_TEXT, queries,
		   "JSON lines {\"id\",\"text\"}, one query each; - is stdin"),
	OPTION_ROW("--trec", NULL, OPTION_FLAG, trec, "print a TREC run: qid Q0 docid rank score cordon"),
};

const struct verb verb_search = {
	.name = "search",
	.operands = "QUERY",
	.summary = "Search the safe store: ranked passages, fenced; what is held back is in no result",
	.detail = "QUERY is plain text, and every string is valid. No hit is status 0.",
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.operand_max = 1,
	.fault_status = 2,
	.run = run,
};
