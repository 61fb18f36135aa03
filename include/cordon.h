/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cordon.h - the public interface of libcordon.
 *
 * One call goes in as JSON text and comes out as JSON text, by the same path that `cordon run` takes: parse, gather,
 * decide, intend, run, scan, record, reply. Nothing here prints, exits or reads the environment. C99 and C++.
 */
#ifndef CORDON_H
#define CORDON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CORDON_VERSION "0.1.0"

#if defined(__GNUC__)
#define CORDON_API __attribute__((visibility("default")))
#define CORDON_USE_RESULT __attribute__((warn_unused_result))
#else
#define CORDON_API
#define CORDON_USE_RESULT
#endif

/* Bytes with a length; not NUL-terminated, may hold any byte. Borrowed unless a declaration says otherwise. */
struct cordon_slice {
	const char *data;
	size_t len;
};

/* Error classes. Functions return 0 or one of these; the sentence in struct cordon_err has the detail. */
enum cordon_code {
	CORDON_OK = 0,
	CORDON_EINVAL = -1, /* the input is wrong: names the input, the place, what would be right */
	CORDON_ECONFIG = -2, /* the configuration is wrong, or not trusted */
	CORDON_ESYS = -3, /* the kernel refused; os_errno says why */
	CORDON_ENOMEM = -4, /* out of memory */
	CORDON_ELIMIT = -5, /* a limit of Cordon's own was reached */
	CORDON_EPROTO = -6, /* a peer broke the protocol */
	CORDON_ECORRUPT = -7, /* stored data does not hold together */
	CORDON_EMISSING = -8, /* this machine or build cannot keep a promise that was asked for */
	CORDON_EBUSY = -9 /* somebody else holds what is needed */
};

/* Fixed size, on the caller's stack; never allocates. Untouched on success. */
struct cordon_err {
	int code; /* enum cordon_code */
	int os_errno; /* 0, or the errno behind CORDON_ESYS */
	char text[1000]; /* one sentence, lower case, no full stop, printable UTF-8 */
};

struct cordon; /* a loaded config with its session state, helpers and log; belongs to one thread at a time */

CORDON_API const char *cordon_version(void);

/*
 * Opens the config file `config` (NULL: the built-in default). `workspace` and `session` may be NULL (current folder,
 * the user's default session). On success *out is taken by the caller and given back to cordon_close().
 */
CORDON_API CORDON_USE_RESULT int cordon_open(const char *config, const char *workspace, const char *session,
					     struct cordon **out, struct cordon_err *err);
CORDON_API void cordon_close(struct cordon *cordon);

/*
 * One tool call. `args` is a JSON object as text. *out_json is malloc()ed, NUL-terminated, the object that
 * `cordon run --json` prints, and is freed by the caller with cordon_free(). A denial is not an error.
 */
CORDON_API CORDON_USE_RESULT int cordon_call(struct cordon *cordon, const char *tool, struct cordon_slice args,
					     char **out_json, struct cordon_err *err);

/* The shield on any text; format is "auto", "text", "html" or "markdown". *out_json as `cordon scan --json` prints. */
CORDON_API CORDON_USE_RESULT int cordon_scan(struct cordon *cordon, const char *format, struct cordon_slice text,
					     char **out_json, struct cordon_err *err);

/* The tools that the config offers; dialect is "mcp", "openai" or "anthropic". */
CORDON_API CORDON_USE_RESULT int cordon_tools(struct cordon *cordon, const char *dialect, char **out_json,
					      struct cordon_err *err);

CORDON_API void cordon_free(void *memory);

#ifdef __cplusplus
}
#endif
#endif
