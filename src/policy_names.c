/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of the policy language: codes, domains, banks, names, holidays. */

#include <stdlib.h>
#include <string.h>

#include "policy_parts.h"
#include "utf8.h"

#define NAMES_MAX	64
#define DOMAIN_MAX	253 /* RFC 1035 section 2.3.4, as text */
#define LABEL_MAX	63
#define NAME_CHARACTERS 70
#define NAME_BREAK	" | "
#define HOLIDAYS_MAX	100
#define HOLIDAY_CHARS	10 /* "2026-12-25" */

static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char upper_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
static const char ldh[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

/* ---- one item ---- */

static bool
is_made_of(const char *s, size_t n, const char *set)
{
	for (size_t i = 0; i < n; i++) {
		if (strchr(set, s[i]) == NULL)
			return false;
	}
	return true;
}

static bool
is_country(const char *s, size_t n)
{
	return n == 2 && is_made_of(s, n, upper);
}

static bool
is_currency(const char *s, size_t n)
{
	return n == 3 && is_made_of(s, n, upper);
}

static bool
is_marketplace(const char *s, size_t n)
{
	return n >= 2 && n <= 16 && is_made_of(s, n, upper_digits);
}

static bool
is_label(const char *s, size_t n)
{
	return n > 0 && n <= LABEL_MAX && is_made_of(s, n, ldh) &&
	       s[0] != '-' && s[n - 1] != '-';
}

/* Two labels or more, in lower case. */
static bool
is_domain(const char *s, size_t n)
{
	size_t labels = 0, len;

	if (n > DOMAIN_MAX)
		return false;
	for (size_t at = 0; at <= n; at += len + 1, labels++) {
		for (len = 0; at + len < n && s[at + len] != '.';)
			len++;
		if (!is_label(s + at, len))
			return false;
	}
	return labels > 1;
}

/* "BIC:CITIIE2X": as the facts write it. */
static bool
is_bank(const char *s, size_t n)
{
	size_t scheme = 0;

	while (scheme < n && s[scheme] != ':')
		scheme++;
	return scheme > 0 && scheme <= 8 && scheme + 1 < n && n <= 39 &&
	       is_made_of(s, scheme, upper) &&
	       is_made_of(s + scheme + 1, n - scheme - 1, upper_digits);
}

/* What names of holders are made of, whatever their account (docs/kinds.md). */
static const struct {
	uint32_t first;
	uint32_t last;
} name_characters[] = {
	{ 0x0020, 0x007b }, /* ASCII, without what stands between names */
	{ 0x007d, 0x007e },
	{ 0x00b7, 0x00b7 }, /* the dot within names of some peoples */
	{ 0x3005, 0x3005 }, { 0x3007, 0x3007 }, { 0x3400, 0x4dbf }, /* Han */
	{ 0x4e00, 0x9fff }, { 0xff61, 0xff9f }, /* Katakana of half width */
};

static bool
is_name_character(uint32_t c)
{
	const size_t n = sizeof(name_characters) / sizeof(*name_characters);

	for (size_t i = 0; i < n; i++) {
		if (c >= name_characters[i].first &&
		    c <= name_characters[i].last)
			return true;
	}
	return false;
}

static bool
is_name(const char *s, size_t n)
{
	size_t characters = 0, len;

	if (n == 0 || s[0] == ' ' || s[n - 1] == ' ')
		return false;
	for (size_t at = 0; at < n; at += len, characters++) {
		if (!is_name_character(
			utf8_next((const uint8_t *)s + at, n - at, &len)))
			return false;
	}
	return characters <= NAME_CHARACTERS;
}

/* ---- lists of them ---- */

static size_t
count_items(const char *value, const char *between)
{
	size_t n = 1;

	while ((value = strstr(value, between)) != NULL) {
		value += strlen(between);
		n++;
	}
	return n;
}

/* The same word twice says nothing new. */
static bool
is_twin(const char **items, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(items[i], word) == 0)
			return true;
	}
	return false;
}

/* Cuts `text` into its n items. */
static bool
cut(char *text, const char **items, size_t n, const struct policy_list *form)
{
	char *end;

	for (size_t i = 0; i < n; i++) {
		end = strstr(text, form->between);
		if (end == NULL)
			end = text + strlen(text);
		if (!form->fits(text, (size_t)(end - text)))
			return false;
		items[i] = text;
		if (i + 1 < n)
			text = end + strlen(form->between);
		*end = '\0';
		if (is_twin(items, i, items[i]))
			return false;
	}
	return true;
}

/* Pointers, then a copy of the text that they point into. */
int
policy_read_names(
    struct policy_pool *pool, const char *value, const void *how, void *to)
{
	const struct policy_list *form = how;
	struct cseal_names *names = to;
	size_t n = count_items(value, form->between);
	const char **items;
	char *text;

	if (strcmp(value, form->none) == 0)
		return CSEAL_OK;
	if (n > form->most)
		return CSEAL_ERR_INPUT;
	items = policy_pool_take(pool, n * sizeof(*items) + strlen(value) + 1);
	if (items == NULL)
		return CSEAL_ERR_NOMEM;
	text = (char *)(items + n);
	memcpy(text, value, strlen(value) + 1);
	if (!cut(text, items, n, form))
		return CSEAL_ERR_INPUT;
	names->items = items;
	names->n = n;
	return CSEAL_OK;
}

const struct policy_list policy_countries = { "any", " ", is_country, 250 };
const struct policy_list policy_currencies = { "any", " ", is_currency, 180 };
const struct policy_list policy_marketplaces = { "none", " ", is_marketplace,
	NAMES_MAX };
const struct policy_list policy_domains = { "none", " ", is_domain, NAMES_MAX };
const struct policy_list policy_banks = { "none", " ", is_bank, NAMES_MAX };
const struct policy_list policy_payees = { "none", NAME_BREAK, is_name,
	NAMES_MAX };
const struct policy_list policy_name = { "none", NAME_BREAK, is_name, 1 };

/* ---- holidays ---- */

/* "2026-12-25" as 20261225; 0 if it is no such day. */
static uint32_t
read_date(const char *s)
{
	uint32_t date = 0;

	if (strnlen(s, HOLIDAY_CHARS) != HOLIDAY_CHARS || s[4] != '-' ||
	    s[7] != '-')
		return 0;
	for (size_t i = 0; i < HOLIDAY_CHARS; i++) {
		if (i == 4 || i == 7)
			continue;
		if (s[i] < '0' || s[i] > '9')
			return 0;
		date = date * 10 + (uint32_t)(s[i] - '0');
	}
	return cseal_date_exists(date) ? date : 0;
}

int
policy_read_holidays(
    struct policy_pool *pool, const char *value, const void *how, void *to)
{
	struct cseal_calendar *calendar = to;
	size_t n = (strlen(value) + 1) / (HOLIDAY_CHARS + 1);
	uint32_t *dates;

	(void)how;
	if (strcmp(value, "none") == 0)
		return CSEAL_OK;
	if (n == 0 || n > HOLIDAYS_MAX ||
	    strlen(value) != n * (HOLIDAY_CHARS + 1) - 1)
		return CSEAL_ERR_INPUT;
	dates = policy_pool_take(pool, n * sizeof(*dates));
	if (dates == NULL)
		return CSEAL_ERR_NOMEM;
	for (size_t i = 0; i < n; i++, value += HOLIDAY_CHARS + 1) {
		dates[i] = read_date(value);
		if (dates[i] == 0 || (i > 0 && dates[i] <= dates[i - 1]) ||
		    (i + 1 < n && value[HOLIDAY_CHARS] != ' '))
			return CSEAL_ERR_INPUT;
	}
	calendar->holidays = dates;
	calendar->n_holidays = n;
	return CSEAL_OK;
}

/* ---- memory ---- */

void *
policy_pool_take(struct policy_pool *pool, size_t bytes)
{
	size_t cap = pool->cap == 0 ? 16 : pool->cap * 2;
	void **grown, *block;

	if (pool->n == pool->cap) {
		grown = reallocarray(pool->blocks, cap, sizeof(*grown));
		if (grown == NULL)
			return NULL;
		pool->blocks = grown;
		pool->cap = cap;
	}
	block = calloc(1, bytes);
	if (block != NULL)
		pool->blocks[pool->n++] = block;
	return block;
}
