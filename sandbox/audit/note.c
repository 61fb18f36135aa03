// SPDX-License-Identifier: Apache-2.0
/*
 * note.c - signed notes (C2SP signed-note), checkpoints (tlog-checkpoint) and the text forms of keys.
 *
 * What is signed is the text with its last line feed; a blank line and the signature lines follow. A key's id is the
 * start of a hash over its name, its kind and its bytes, so it says which line is whose and proves nothing: only the
 * signature does. Every form here has exactly one spelling; another one is refused, so that a flipped bit never reads
 * as the same note.
 */
#include "sandbox/audit/note.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "sandbox/base/encode.h"
#include "sandbox/base/err.h"
#include "sandbox/base/parse.h"
#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"

#define KIND_ED25519 0x01
#define ID_BYTES 4
#define DASH "\xe2\x80\x94 " /* an em dash and a blank begin a signature line */
#define SECRET_PREFIX "PRIVATE+KEY+"

static bool name_is_valid(struct cordon_slice name)
{
	if (!name.len || name.len >= NOTE_NAME_MAX || utf8_valid_until(name) != name.len)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.data[i];

		if (c <= ' ' || c == 0x7f || c == '+')
			return false;
	}
	return true;
}

/* Everything up to the first `stop`, which is taken off too; false where there is none. */
static bool take_until(struct cordon_slice *rest, char stop, struct cordon_slice *out)
{
	const char *at = rest->len ? memchr(rest->data, stop, rest->len) : NULL;

	if (!at)
		return false;
	*out = (struct cordon_slice){ rest->data, (size_t)(at - rest->data) };
	*rest = slice_from(*rest, out->len + 1);
	return true;
}

static int decode_exact(struct cordon_slice text, unsigned char *to, size_t len, struct cordon_err *err)
{
	cleanup_buf struct buf bytes = { 0 };
	int rc;

	buf_init(&bytes, len + 2);
	rc = decode_base64(&bytes, text, err);
	if (rc < 0)
		return rc;
	if (bytes.len != len)
		return err_set(err, CORDON_ECORRUPT, 0, "%zu bytes of base64 where %zu belong", bytes.len, len);
	memcpy(to, bytes.data, len);
	return 0;
}

int note_key_make(const char *name, const struct seal_key *public_key, struct note_key *key, struct cordon_err *err)
{
	char text[NOTE_NAME_MAX + 2 + SEAL_KEY];
	size_t len = strlen(name);
	struct digest digest;

	if (!name_is_valid((struct cordon_slice){ name, len }))
		return err_set(err, CORDON_EINVAL, 0, "'%.*s' is no name of a key", NOTE_NAME_MAX, name);
	memcpy(text, name, len);
	text[len] = '\n';
	text[len + 1] = KIND_ED25519;
	memcpy(text + len + 2, public_key->bytes, SEAL_KEY);
	seal_hash((struct cordon_slice){ text, len + 2 + SEAL_KEY }, &digest);
	memcpy(key->name, name, len + 1);
	memcpy(key->id, digest.bytes, ID_BYTES);
	key->public_key = *public_key;
	return 0;
}

static int format_key(const char *prefix, const struct note_key *key, const struct seal_key *bytes,
		      char text[NOTE_KEY_TEXT], struct cordon_err *err)
{
	cleanup_buf struct buf out = { 0 };
	unsigned char typed[1 + SEAL_KEY] = { KIND_ED25519 };
	int rc;

	memcpy(typed + 1, bytes->bytes, SEAL_KEY);
	buf_init(&out, NOTE_KEY_TEXT - 1);
	rc = buf_addf(&out, err, "%s%s+%02x%02x%02x%02x+", prefix, key->name, key->id[0], key->id[1], key->id[2],
		      key->id[3]);
	if (rc == 0)
		rc = encode_base64(&out, (struct cordon_slice){ (const char *)typed, sizeof(typed) }, err);
	if (rc == 0)
		memcpy(text, out.data, out.len + 1);
	if (out.data)
		explicit_bzero(out.data, out.len);
	explicit_bzero(typed, sizeof(typed));
	return rc;
}

int note_key_format(const struct note_key *key, char text[NOTE_KEY_TEXT], struct cordon_err *err)
{
	return format_key("", key, &key->public_key, text, err);
}

int note_seed_format(const struct note_key *key, const struct seal_key *seed, char text[NOTE_KEY_TEXT],
		     struct cordon_err *err)
{
	return format_key(SECRET_PREFIX, key, seed, text, err);
}

/* One spelling only: decode_hex() takes capitals too. */
static bool is_lower_hex(struct cordon_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!memchr("0123456789abcdef", text.data[i], 16))
			return false;
	return true;
}

struct key_text {
	char name[NOTE_NAME_MAX];
	unsigned char id[ID_BYTES];
	struct seal_key key;
};

/* "name+id+base64", with or without one final line feed. */
static int parse_key(struct cordon_slice text, struct key_text *out, struct cordon_err *err)
{
	cleanup_buf struct buf id = { 0 };
	unsigned char typed[1 + SEAL_KEY];
	struct cordon_slice name;
	struct cordon_slice hex;
	int rc;

	if (text.len && text.data[text.len - 1] == '\n')
		text.len--;
	if (!take_until(&text, '+', &name) || !take_until(&text, '+', &hex) || !name_is_valid(name))
		return err_set(err, CORDON_ECORRUPT, 0, "is not name+id+key");
	buf_init(&id, ID_BYTES);
	rc = is_lower_hex(hex) ? decode_hex(&id, hex, err) : CORDON_ECORRUPT;
	if (rc < 0 || id.len != ID_BYTES)
		return err_set(err, CORDON_ECORRUPT, 0, "the id of the key is not 8 hex digits");
	rc = decode_exact(text, typed, sizeof(typed), err);
	if (rc < 0)
		return rc;
	if (typed[0] != KIND_ED25519)
		return err_set(err, CORDON_ECORRUPT, 0, "a key of kind %d, not Ed25519 (1)", typed[0]);
	memcpy(out->name, name.data, name.len);
	out->name[name.len] = '\0';
	memcpy(out->id, id.data, ID_BYTES);
	memcpy(out->key.bytes, typed + 1, SEAL_KEY);
	explicit_bzero(typed, sizeof(typed));
	return 0;
}

static int same_id(const struct key_text *text, const struct note_key *key, struct cordon_err *err)
{
	if (memcmp(text->id, key->id, ID_BYTES) != 0)
		return err_set(err, CORDON_ECORRUPT, 0, "the id does not belong to the key");
	return 0;
}

int note_key_parse(struct cordon_slice text, struct note_key *key, struct cordon_err *err)
{
	struct note_key made = { 0 };
	struct key_text parts;
	int rc = parse_key(text, &parts, err);

	if (rc == 0)
		rc = note_key_make(parts.name, &parts.key, &made, err);
	if (rc == 0)
		rc = same_id(&parts, &made, err);
	if (rc == 0)
		*key = made;
	return rc;
}

int note_seed_parse(struct cordon_slice text, struct note_key *key, struct seal_key *seed, struct cordon_err *err)
{
	struct note_key made = { 0 };
	struct seal_key public_key;
	struct key_text parts;
	int rc;

	if (!slice_starts(text, SLICE(SECRET_PREFIX)))
		return err_set(err, CORDON_ECORRUPT, 0, "does not begin with " SECRET_PREFIX);
	rc = parse_key(slice_from(text, sizeof(SECRET_PREFIX) - 1), &parts, err);
	if (rc == 0)
		rc = seal_public(&parts.key, &public_key, err);
	if (rc == 0)
		rc = note_key_make(parts.name, &public_key, &made, err);
	if (rc == 0)
		rc = same_id(&parts, &made, err);
	if (rc == 0) {
		*key = made;
		*seed = parts.key;
	}
	seal_forget(&parts.key);
	return rc;
}

int note_sign(const struct note_checkpoint *checkpoint, const struct note_key *key, const struct seal_key *seed,
	      struct buf *out, struct cordon_err *err)
{
	unsigned char blob[ID_BYTES + SEAL_SIGNATURE];
	struct seal_signature signature;
	size_t start = out->len;
	int rc;

	rc = buf_addf(out, err, "%s\n%" PRIu64 "\n", checkpoint->origin, checkpoint->size);
	if (rc == 0)
		rc = encode_base64(out, (struct cordon_slice){ (const char *)checkpoint->root.bytes, DIGEST_BYTES },
				   err);
	if (rc == 0)
		rc = buf_add_text(out, "\n", err);
	if (rc == 0)
		rc = seal_sign(seed, slice_from(buf_slice(out), start), &signature, err);
	if (rc < 0)
		return rc;
	memcpy(blob, key->id, ID_BYTES);
	memcpy(blob + ID_BYTES, signature.bytes, SEAL_SIGNATURE);
	rc = buf_addf(out, err, "\n" DASH "%s ", key->name);
	if (rc == 0)
		rc = encode_base64(out, (struct cordon_slice){ (const char *)blob, sizeof(blob) }, err);
	return rc < 0 ? rc : buf_add_text(out, "\n", err);
}

/* The signed text ends at the last blank line, as no line of a signature is blank. */
static int split(struct cordon_slice note, struct cordon_slice *text, struct cordon_slice *signatures,
		 struct cordon_err *err)
{
	const char *blank = NULL;

	if (note.len > NOTE_MAX || utf8_valid_until(note) != note.len)
		return err_set(err, CORDON_ECORRUPT, 0, "is not a note: too long, or no UTF-8");
	for (size_t i = 0; i + 1 < note.len; i++)
		if (note.data[i] == '\n' && note.data[i + 1] == '\n')
			blank = note.data + i;
	if (!blank)
		return err_set(err, CORDON_ECORRUPT, 0, "is not a note: no blank line before the signatures");
	*text = (struct cordon_slice){ note.data, (size_t)(blank - note.data) + 1 };
	*signatures = slice_from(note, text->len + 1);
	if (!signatures->len || signatures->data[signatures->len - 1] != '\n')
		return err_set(err, CORDON_ECORRUPT, 0, "is not a note: its last line is cut short");
	return 0;
}

static int read_text(struct cordon_slice text, struct note_checkpoint *out, struct cordon_err *err)
{
	struct note_checkpoint read = { 0 };
	struct cordon_slice origin;
	struct cordon_slice size;
	struct cordon_slice root;

	if (!take_until(&text, '\n', &origin) || !take_until(&text, '\n', &size) || !take_until(&text, '\n', &root))
		return err_set(err, CORDON_ECORRUPT, 0, "is not a checkpoint: less than three lines");
	if (!name_is_valid(origin))
		return err_set(err, CORDON_ECORRUPT, 0, "line 1 is no origin");
	if (parse_u64(size, &read.size, err) < 0)
		return err_wrap(err, CORDON_ECORRUPT, "line 2, the size");
	if (decode_exact(root, read.root.bytes, DIGEST_BYTES, err) < 0)
		return err_wrap(err, CORDON_ECORRUPT, "line 3, the root");
	memcpy(read.origin, origin.data, origin.len);
	*out = read;
	return 0;
}

int note_read(struct cordon_slice note, struct note_checkpoint *checkpoint, struct cordon_err *err)
{
	struct cordon_slice text;
	struct cordon_slice signatures;
	int rc = split(note, &text, &signatures, err);

	return rc < 0 ? rc : read_text(text, checkpoint, err);
}

/* 1: the line is by `key` and holds; 0: it is by another key; else what is wrong with it. */
static int check_line(struct cordon_slice line, struct cordon_slice text, const struct note_key *key,
		      struct cordon_err *err)
{
	unsigned char blob[ID_BYTES + SEAL_SIGNATURE];
	struct seal_signature signature;
	struct cordon_slice name;
	int rc;

	if (!slice_starts(line, SLICE(DASH)))
		return err_set(err, CORDON_ECORRUPT, 0, "a signature line that does not begin with an em dash");
	line = slice_from(line, sizeof(DASH) - 1);
	if (!take_until(&line, ' ', &name) || !name_is_valid(name))
		return err_set(err, CORDON_ECORRUPT, 0, "a signature line without a name");
	if (!slice_is(name, key->name))
		return 0;
	rc = decode_exact(line, blob, sizeof(blob), err);
	if (rc < 0)
		return err_wrap(err, rc, "the signature by '%s'", key->name);
	if (memcmp(blob, key->id, ID_BYTES) != 0)
		return 0;
	memcpy(signature.bytes, blob + ID_BYTES, SEAL_SIGNATURE);
	rc = seal_check(&key->public_key, text, &signature, err);
	return rc < 0 ? rc : 1;
}

int note_open(struct cordon_slice note, const struct note_key *key, struct note_checkpoint *checkpoint,
	      struct cordon_err *err)
{
	struct note_checkpoint read;
	struct cordon_slice text;
	struct cordon_slice rest;
	struct cordon_slice line;
	bool signed_by_key = false;
	int rc = split(note, &text, &rest, err);

	if (rc == 0)
		rc = read_text(text, &read, err);
	if (rc < 0)
		return rc;
	while (take_until(&rest, '\n', &line)) {
		rc = check_line(line, text, key, err);
		if (rc < 0)
			return rc;
		signed_by_key = signed_by_key || rc == 1;
	}
	if (!signed_by_key)
		return err_set(err, CORDON_ECORRUPT, 0, "no signature by the key of '%s'", key->name);
	if (strcmp(read.origin, key->name) != 0)
		return err_set(err, CORDON_ECORRUPT, 0, "the checkpoint is of '%s', the key of '%s'", read.origin,
			       key->name);
	*checkpoint = read;
	return 0;
}
