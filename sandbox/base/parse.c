// SPDX-License-Identifier: Apache-2.0
/*
 * parse.c - numbers, sizes, times and rates as people write them.
 */
#include "sandbox/base/parse.h"

#include <stdbool.h>

#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit byte_units[] = { { "K", 1U << 10 }, { "M", 1U << 20 }, { "G", 1U << 30 } };
static const struct unit time_units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 } };
static const struct unit periods[] = {
	{ "s", RATE_SECOND }, { "min", RATE_MINUTE },	   { "h", RATE_HOUR },
	{ "day", RATE_DAY },  { "session", RATE_SESSION },
};

static bool digits_to_u64(struct cordon_slice text, uint64_t *value)
{
	uint64_t sum = 0;

	if (!text.len || (text.data[0] == '0' && text.len > 1))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned int digit = (unsigned char)text.data[i] - '0';

		if (digit > 9 || __builtin_mul_overflow(sum, 10, &sum) || __builtin_add_overflow(sum, digit, &sum))
			return false;
	}
	*value = sum;
	return true;
}

static size_t digit_count(struct cordon_slice text)
{
	size_t count = 0;

	while (count < text.len && text.data[count] >= '0' && text.data[count] <= '9')
		count++;
	return count;
}

static int quote(struct cordon_slice text)
{
	return text.len < 80 ? (int)text.len : 80;
}

int parse_u64(struct cordon_slice text, uint64_t *value, struct cordon_err *err)
{
	if (digits_to_u64(text, value))
		return 0;
	return err_set(err, CORDON_EINVAL, 0, "'%.*s' is not a whole number of at most 64 bits", quote(text),
		       text.data);
}

int parse_i64(struct cordon_slice text, int64_t *value, struct cordon_err *err)
{
	bool negative = text.len && text.data[0] == '-';
	uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
	uint64_t size;

	if (!digits_to_u64(slice_from(text, negative), &size) || size > limit)
		return err_set(err, CORDON_EINVAL, 0, "'%.*s' is not an integer of 64 bits", quote(text), text.data);
	*value = negative ? (int64_t)(0 - size) : (int64_t)size;
	return 0;
}

/* "12" + one of the units. */
static bool with_unit(struct cordon_slice text, const struct unit *units, size_t count, uint64_t *value)
{
	size_t digits = digit_count(text);
	uint64_t number;
	uint64_t product;

	if (!digits_to_u64((struct cordon_slice){ text.data, digits }, &number))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!slice_is(slice_from(text, digits), units[i].name))
			continue;
		if (__builtin_mul_overflow(number, units[i].factor, &product))
			return false;
		*value = product;
		return true;
	}
	return false;
}

int parse_bytes(struct cordon_slice text, uint64_t *bytes, struct cordon_err *err)
{
	if (slice_is(text, "0")) {
		*bytes = 0;
		return 0;
	}
	if (with_unit(text, byte_units, ARRAY_LEN(byte_units), bytes))
		return 0;
	return err_set(err, CORDON_EINVAL, 0, "'%.*s' is not a size: write a whole number and K, M or G, as in 64M",
		       quote(text), text.data);
}

int parse_duration_ms(struct cordon_slice text, uint64_t *ms, struct cordon_err *err)
{
	if (with_unit(text, time_units, ARRAY_LEN(time_units), ms))
		return 0;
	return err_set(err, CORDON_EINVAL, 0, "'%.*s' is not a time: write a whole number and ms, s, m or h, as in 10s",
		       quote(text), text.data);
}

int parse_rate(struct cordon_slice text, struct rate *rate, struct cordon_err *err)
{
	size_t digits = digit_count(text);
	struct cordon_slice rest = slice_from(text, digits);
	uint64_t max;

	if (digits_to_u64((struct cordon_slice){ text.data, digits }, &max) && max && slice_starts(rest, SLICE("/")))
		for (size_t i = 0; i < ARRAY_LEN(periods); i++)
			if (slice_is(slice_from(rest, 1), periods[i].name)) {
				*rate = (struct rate){ max, (enum rate_period)periods[i].factor };
				return 0;
			}
	return err_set(err, CORDON_EINVAL, 0,
		       "'%.*s' is not a rate: write N/s, N/min, N/h, N/day or N/session, as in 30/min", quote(text),
		       text.data);
}
