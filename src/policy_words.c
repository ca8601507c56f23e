/* SPDX-License-Identifier: BSD-2-Clause */

#include "policy_words.h"

#include <stdio.h>
#include <string.h>

#include "counterseal/statement.h"
#include "counterseal/text.h"

#define PLACE_COUNT_MAX 16
#define WORD_BYTES	65
#define WORDS_MAX	32

/* The words of one value. */
struct words {
	char words[WORDS_MAX][WORD_BYTES];
	size_t n;
};

/* Splits at single spaces; an empty word or too many of them is refused. */
static int
split(const char *value, struct words *out)
{
	out->n = 0;
	for (;;) {
		size_t n = strcspn(value, " ");

		if (n == 0 || n >= WORD_BYTES || out->n == WORDS_MAX)
			return CSEAL_ERR_INPUT;
		memcpy(out->words[out->n], value, n);
		out->words[out->n++][n] = '\0';
		if (value[n] == '\0')
			return CSEAL_OK;
		value += n + 1;
	}
}

/* A decimal number without leading zeros, at most six digits. */
static int
number(const char *s, size_t n, uint64_t *out)
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

int
policy_read_duration(const char *value, void *to)
{
	size_t n = strlen(value);
	uint64_t v, unit;
	int r;

	if (n < 2)
		return CSEAL_ERR_INPUT;
	switch (value[n - 1]) {
	case 'm': unit = 60; break;
	case 'h': unit = 3600; break;
	case 'd': unit = 86400; break;
	default: return CSEAL_ERR_INPUT;
	}
	r = number(value, n - 1, &v);
	if (r != CSEAL_OK)
		return r;
	v *= unit;
	memcpy(to, &v, sizeof(v));
	return CSEAL_OK;
}

static int
choose(const struct cseal_word *words, const char *value, void *to)
{
	uint64_t v;

	if (!cseal_word_find(words, value, &v))
		return CSEAL_ERR_INPUT;
	memcpy(to, &v, sizeof(v));
	return CSEAL_OK;
}

int
policy_read_uv(const char *value, void *to)
{
	static const struct cseal_word words[] = {
		{ 1, "required" },
		{ 0, "optional" },
		{ 0, NULL },
	};

	return choose(words, value, to);
}

int
policy_read_synced(const char *value, void *to)
{
	static const struct cseal_word words[] = {
		{ 0, "refused" },
		{ 1, "allowed" },
		{ 0, NULL },
	};

	return choose(words, value, to);
}

int
policy_read_attestation(const char *value, void *to)
{
	static const struct cseal_word words[] = {
		{ CSEAL_VERDICT_SOFTWARE, "any" },
		{ CSEAL_VERDICT_TRUSTED, "trusted" },
		{ CSEAL_VERDICT_LISTED, "models" },
		{ 0, NULL },
	};

	return choose(words, value, to);
}

int
policy_read_on_drift(const char *value, void *to)
{
	static const struct cseal_word words[] = {
		{ 1, "freeze" },
		{ 0, "report" },
		{ 0, NULL },
	};

	return choose(words, value, to);
}

int
policy_read_reenter(const char *value, void *to)
{
	static const struct cseal_word words[] = {
		{ CSEAL_REENTER_NONE, "none" },
		{ CSEAL_REENTER_ACCOUNT, "account" },
		{ CSEAL_REENTER_ALL, "all" },
		{ 0, NULL },
	};

	return choose(words, value, to);
}

/* The same word twice says nothing new, and is refused. */
static bool
has_twin(const struct words *l)
{
	for (size_t i = 0; i < l->n; i++) {
		for (size_t j = 0; j < i; j++) {
			if (strcmp(l->words[i], l->words[j]) == 0)
				return true;
		}
	}
	return false;
}

/* The first kind of change that stands in that slot; none is a mistake. */
static bool
find_slot(const char *word, size_t *kind)
{
	const struct cseal_kind *k;

	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		*kind = i;
		if (!k->authority && strcmp(k->slot, word) == 0)
			return i < POLICY_KINDS_MAX;
	}
	return false;
}

int
policy_read_slots(const char *value, void *to)
{
	uint64_t slots = 0;
	struct words l;
	size_t kind;
	int r;

	r = split(value, &l);
	if (r != CSEAL_OK || has_twin(&l))
		return CSEAL_ERR_INPUT;
	for (size_t i = 0; i < l.n; i++) {
		if (!find_slot(l.words[i], &kind))
			return CSEAL_ERR_INPUT;
		slots |= (uint64_t)1 << kind;
	}
	memcpy(to, &slots, sizeof(slots));
	return CSEAL_OK;
}

int
policy_read_roles(const char *value, void *to)
{
	struct cseal_roles *roles = to;
	struct words l;
	int r;

	memset(roles, 0, sizeof(*roles));
	if (strcmp(value, "none") == 0)
		return CSEAL_OK;
	r = split(value, &l);
	if (r != CSEAL_OK || l.n > CSEAL_PLACES_MAX || has_twin(&l))
		return CSEAL_ERR_INPUT;
	for (size_t i = 0; i < l.n; i++) {
		if (!cseal_text_is_handle(l.words[i], strlen(l.words[i])))
			return CSEAL_ERR_INPUT;
		memcpy(roles->names[i], l.words[i], strlen(l.words[i]));
	}
	roles->n = l.n;
	return CSEAL_OK;
}

/* "1 approver and 1 finance": words in threes, the last without its "and". */
int
policy_read_places(const char *value, void *to)
{
	struct cseal_places *places = to;
	struct words l;
	uint64_t count;
	int r;

	memset(places, 0, sizeof(*places));
	r = split(value, &l);
	if (r != CSEAL_OK || l.n % 3 != 2)
		return CSEAL_ERR_INPUT;
	for (size_t i = 0; i < l.n; i += 3, places->n++) {
		struct cseal_place *to_fill;

		if (places->n == CSEAL_PLACES_MAX ||
		    number(l.words[i], strlen(l.words[i]), &count) !=
			CSEAL_OK ||
		    count == 0 || count > PLACE_COUNT_MAX ||
		    !cseal_text_is_handle(
			l.words[i + 1], strlen(l.words[i + 1])) ||
		    (i + 2 < l.n && strcmp(l.words[i + 2], "and") != 0))
			return CSEAL_ERR_INPUT;
		for (size_t k = 0; k < places->n; k++) {
			if (strcmp(places->place[k].role, l.words[i + 1]) == 0)
				return CSEAL_ERR_INPUT;
		}
		to_fill = &places->place[places->n];
		to_fill->count = (unsigned)count;
		memcpy(to_fill->role, l.words[i + 1], strlen(l.words[i + 1]));
	}
	return CSEAL_OK;
}
