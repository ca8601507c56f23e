/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of the policy language: choices, times, a calendar's words. */

#include <string.h>

#include "counterseal/statement.h"

#include "policy_parts.h"

int
policy_split(const char *value, struct policy_words *out)
{
	out->n = 0;
	for (;;) {
		size_t n = strcspn(value, " ");

		if (n == 0 || n >= POLICY_WORD_BYTES ||
		    out->n == POLICY_WORDS_MAX)
			return CSEAL_ERR_INPUT;
		memcpy(out->words[out->n], value, n);
		out->words[out->n++][n] = '\0';
		if (value[n] == '\0')
			return CSEAL_OK;
		value += n + 1;
	}
}

int
policy_number(const char *s, size_t n, uint64_t *out)
{
	*out = 0;
	if (n == 0 || n > 6 || (s[0] == '0' && n > 1))
		return CSEAL_ERR_INPUT;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return CSEAL_ERR_INPUT;
		*out = *out * 10 + (uint64_t)(s[i] - '0');
	}
	return CSEAL_OK;
}

/* ---- one of some words, or several ---- */

int
policy_read_choice(
    struct policy_pool *pool, const char *value, const void *how, void *to)
{
	uint64_t v;

	(void)pool;
	if (!cseal_word_find(how, value, &v))
		return CSEAL_ERR_INPUT;
	memcpy(to, &v, sizeof(v));
	return CSEAL_OK;
}

int
policy_read_bits(
    struct policy_pool *pool, const char *value, const void *how, void *to)
{
	struct policy_words l;
	uint64_t bits = 0, v;
	int r;

	(void)pool;
	if (strcmp(value, "none") == 0)
		return CSEAL_OK;
	if ((r = policy_split(value, &l)) != CSEAL_OK)
		return r;
	for (size_t i = 0; i < l.n; i++) {
		if (!cseal_word_find(how, l.words[i], &v) || (bits & v) != 0)
			return CSEAL_ERR_INPUT;
		bits |= v;
	}
	memcpy(to, &bits, sizeof(bits));
	return CSEAL_OK;
}

int
policy_read_platform(
    struct policy_pool *pool, const char *value, const void *how, void *to)
{
	static const char *const platforms[] = { "amazon", "ebay", "walmart",
		"shopify", "tiktok", "etsy", "other" };
	const char **platform = to;

	(void)pool;
	(void)how;
	for (size_t i = 0; i < sizeof(platforms) / sizeof(*platforms); i++) {
		if (strcmp(platforms[i], value) == 0) {
			*platform = platforms[i];
			return CSEAL_OK;
		}
	}
	return CSEAL_ERR_INPUT;
}

/* ---- times ---- */

static int
read_seconds(const char *value, uint64_t *out)
{
	static const struct {
		char letter;
		uint64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	size_t n = strlen(value);
	int r;

	for (size_t i = 0; n > 1 && i < sizeof(units) / sizeof(*units); i++) {
		if (value[n - 1] != units[i].letter)
			continue;
		if ((r = policy_number(value, n - 1, out)) == CSEAL_OK)
			*out *= units[i].seconds;
		return r;
	}
	return CSEAL_ERR_INPUT;
}

int
policy_read_duration(
    struct policy_pool *pool, const char *value, const void *how, void *to)
{
	uint64_t v;
	int r = read_seconds(value, &v);

	(void)pool;
	(void)how;
	if (r == CSEAL_OK)
		memcpy(to, &v, sizeof(v));
	return r;
}

/* "none", "48h", "1 working day", "3 working days". */
int
policy_read_span(
    struct policy_pool *pool, const char *value, const void *how, void *to)
{
	const size_t digits = strcspn(value, " ");
	struct cseal_span *span = to;
	const char *unit;
	int r;

	(void)pool;
	(void)how;
	if (strcmp(value, "none") == 0)
		return CSEAL_OK;
	if (value[digits] == '\0') {
		r = read_seconds(value, &span->n);
	} else if ((r = policy_number(value, digits, &span->n)) == CSEAL_OK) {
		unit = span->n == 1 ? " working day" : " working days";
		span->working_days = true;
		if (strcmp(value + digits, unit) != 0 || span->n > 366)
			return CSEAL_ERR_INPUT;
	}
	return r == CSEAL_OK && span->n > 0 ? r : CSEAL_ERR_INPUT;
}

/* ---- the calendar ---- */

int
policy_read_zone(
    struct policy_pool *pool, const char *value, const void *how, void *to)
{
	struct cseal_calendar *calendar = to;

	(void)pool;
	(void)how;
	if (!cseal_zone_is_name(value))
		return CSEAL_ERR_INPUT;
	memcpy(calendar->zone, value, strlen(value) + 1);
	return CSEAL_OK;
}

const struct cseal_word policy_days[] = {
	{ 1u << 0, "mon" },
	{ 1u << 1, "tue" },
	{ 1u << 2, "wed" },
	{ 1u << 3, "thu" },
	{ 1u << 4, "fri" },
	{ 1u << 5, "sat" },
	{ 1u << 6, "sun" },
	{ 0, NULL },
};

/* "mon tue wed": in the order of the week. */
int
policy_read_weekdays(
    struct policy_pool *pool, const char *value, const void *how, void *to)
{
	struct cseal_calendar *calendar = to;
	struct policy_words l;
	uint64_t day;
	int r;

	(void)pool;
	(void)how;
	if ((r = policy_split(value, &l)) != CSEAL_OK)
		return r;
	for (size_t i = 0; i < l.n; i++) {
		if (!cseal_word_find(policy_days, l.words[i], &day) ||
		    day <= calendar->weekdays)
			return CSEAL_ERR_INPUT;
		calendar->weekdays |= (unsigned)day;
	}
	return CSEAL_OK;
}
