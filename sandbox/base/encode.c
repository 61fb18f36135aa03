// SPDX-License-Identifier: Apache-2.0
/*
 * encode.c - hex and base64.
 */
#include "sandbox/base/encode.h"

#include <string.h>

#include "sandbox/base/err.h"

static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int encode_hex(struct buf *out, struct cordon_slice bytes, struct cordon_err *err)
{
	static const char digits[] = "0123456789abcdef";
	char *to = buf_reserve(out, 2 * bytes.len, err);

	if (!to)
		return CORDON_ELIMIT;
	for (size_t i = 0; i < bytes.len; i++) {
		to[2 * i] = digits[(unsigned char)bytes.data[i] >> 4];
		to[2 * i + 1] = digits[bytes.data[i] & 0xf];
	}
	out->len += 2 * bytes.len;
	out->data[out->len] = '\0';
	return 0;
}

/* Up to three bytes as four characters of the alphabet; returns how many of the four carry bits. */
static size_t encode_group(const unsigned char *from, size_t len, const char *alphabet, char to[4])
{
	uint32_t bits = (uint32_t)from[0] << 16 | (len > 1 ? (uint32_t)from[1] << 8 : 0) | (len > 2 ? from[2] : 0U);

	for (size_t i = 0; i < 4; i++)
		to[i] = alphabet[bits >> (18 - 6 * i) & 0x3f];
	return len + 1;
}

static int encode_64(struct buf *out, struct cordon_slice bytes, const char *alphabet, struct cordon_err *err)
{
	for (size_t at = 0; at < bytes.len; at += 3) {
		size_t left = bytes.len - at;
		char group[4];
		size_t used =
			encode_group((const unsigned char *)bytes.data + at, left < 3 ? left : 3, alphabet, group);
		int rc;

		if (alphabet == plain) {
			memset(group + used, '=', 4 - used);
			used = 4;
		}
		rc = buf_add(out, (struct cordon_slice){ group, used }, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int encode_base64(struct buf *out, struct cordon_slice bytes, struct cordon_err *err)
{
	return encode_64(out, bytes, plain, err);
}

int encode_base64url(struct buf *out, struct cordon_slice bytes, struct cordon_err *err)
{
	return encode_64(out, bytes, url, err);
}

static void cut_back(struct buf *out, size_t len)
{
	out->len = len;
	if (out->data)
		out->data[len] = '\0';
}

static int value_64(char digit)
{
	const char *at = digit ? strchr(plain, digit) : NULL;

	return at ? (int)(at - plain) : -1;
}

/* One group of four; returns the bytes it holds, 0 where it is not canonical. */
static size_t decode_group(const char *from, char to[3])
{
	size_t pad = from[3] != '=' ? 0 : from[2] != '=' ? 1 : 2;
	uint32_t bits = 0;

	for (size_t i = 0; i < 4; i++) {
		int value = i < 4 - pad ? value_64(from[i]) : 0;

		if (value < 0)
			return 0;
		bits = bits << 6 | (uint32_t)value;
	}
	if ((pad == 1 && (bits & 0xff)) || (pad == 2 && (bits & 0xffff)))
		return 0;
	to[0] = (char)(bits >> 16);
	to[1] = (char)(bits >> 8);
	to[2] = (char)bits;
	return 3 - pad;
}

int decode_base64(struct buf *out, struct cordon_slice text, struct cordon_err *err)
{
	size_t before = out->len;

	if (text.len % 4)
		return err_set(err, CORDON_EINVAL, 0, "base64 of %zu characters: a multiple of 4 is right", text.len);
	for (size_t at = 0; at < text.len; at += 4) {
		char group[3];
		size_t len = decode_group(text.data + at, group);
		int rc;

		if (!len || (len < 3 && at + 4 != text.len)) {
			cut_back(out, before);
			return err_set(err, CORDON_EINVAL, 0, "not base64 at character %zu", at);
		}
		rc = buf_add(out, (struct cordon_slice){ group, len }, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int value_16(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

int decode_hex(struct buf *out, struct cordon_slice text, struct cordon_err *err)
{
	size_t before = out->len;

	if (text.len % 2)
		return err_set(err, CORDON_EINVAL, 0, "an odd number of hex digits");
	for (size_t at = 0; at < text.len; at += 2) {
		int high = value_16(text.data[at]);
		int low = value_16(text.data[at + 1]);
		char byte;
		int rc;

		if (high < 0 || low < 0) {
			cut_back(out, before);
			return err_set(err, CORDON_EINVAL, 0, "not a hex digit at character %zu", at + (high >= 0));
		}
		byte = (char)(high << 4 | low);
		rc = buf_add(out, (struct cordon_slice){ &byte, 1 }, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}
