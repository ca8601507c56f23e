/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of the policy language that name roles, slots and kinds. */

#include <string.h>

#include "counterseal/text.h"

#include "policy_parts.h"

#define PLACE_COUNT_MAX 16

/* The same word twice says nothing new, and is refused. */
static bool
has_twin(const struct policy_words *l)
{
	for (size_t i = 0; i < l->n; i++) {
		for (size_t j = 0; j < i; j++) {
			if (strcmp(l->words[i], l->words[j]) == 0)
				return true;
		}
	}
	return false;
}

static bool
is_handle(const char *word)
{
	return cseal_text_is_handle(word, strlen(word));
}

/* ---- slots and schemes ---- */

/* The first kind with that name, or that stands in that slot. */
static bool
find_kind(const char *word, bool by_slot, size_t *kind)
{
	const struct cseal_kind *k;

	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		*kind = i;
		if (!k->authority &&
		    strcmp(by_slot ? k->slot : k->name, word) == 0)
			return i < POLICY_KINDS_MAX;
	}
	return false;
}

static int
read_kinds(const char *value, bool by_slot, void *to)
{
	struct policy_words l;
	uint64_t bits = 0;
	size_t kind;
	int r;

	if ((r = policy_split(value, &l)) != CSEAL_OK)
		return r;
	if (has_twin(&l))
		return CSEAL_ERR_INPUT;
	for (size_t i = 0; i < l.n; i++) {
		if (!find_kind(l.words[i], by_slot, &kind))
			return CSEAL_ERR_INPUT;
		bits |= (uint64_t)1 << kind;
	}
	memcpy(to, &bits, sizeof(bits));
	return CSEAL_OK;
}

int
policy_read_slots(
    struct policy_pool *pool, const char *value, const void *how, void *to)
{
	(void)pool;
	(void)how;
	return read_kinds(value, true, to);
}

int
policy_read_schemes(
    struct policy_pool *pool, const char *value, const void *how, void *to)
{
	(void)pool;
	(void)how;
	return read_kinds(value, false, to);
}

/* ---- roles ---- */

int
policy_read_roles(
    struct policy_pool *pool, const char *value, const void *how, void *to)
{
	struct cseal_roles *roles = to;
	struct policy_words l;
	int r;

	(void)pool;
	(void)how;
	memset(roles, 0, sizeof(*roles));
	if (strcmp(value, "none") == 0)
		return CSEAL_OK;
	r = policy_split(value, &l);
	if (r != CSEAL_OK || l.n > CSEAL_PLACES_MAX || has_twin(&l))
		return CSEAL_ERR_INPUT;
	for (size_t i = 0; i < l.n; i++) {
		if (!is_handle(l.words[i]))
			return CSEAL_ERR_INPUT;
		memcpy(roles->names[i], l.words[i], strlen(l.words[i]));
	}
	roles->n = l.n;
	return CSEAL_OK;
}

/* ---- places ---- */

/* How many persons: 1 to 16. */
static bool
read_count(const char *word, unsigned *out)
{
	uint64_t n;

	if (policy_number(word, strlen(word), &n) != CSEAL_OK || n == 0 ||
	    n > PLACE_COUNT_MAX)
		return false;
	*out = (unsigned)n;
	return true;
}

static bool
has_role(const struct cseal_places *places, const char *role)
{
	for (size_t i = 0; i < places->n; i++) {
		if (strcmp(places->place[i].role, role) == 0)
			return true;
	}
	return false;
}

/* "1 approver and 1 finance": words in threes, the last without its "and". */
int
policy_read_places(
    struct policy_pool *pool, const char *value, const void *how, void *to)
{
	struct cseal_places *places = to;
	struct policy_words l;
	int r;

	(void)pool;
	(void)how;
	memset(places, 0, sizeof(*places));
	r = policy_split(value, &l);
	if (r != CSEAL_OK || l.n % 3 != 2)
		return CSEAL_ERR_INPUT;
	for (size_t i = 0; i < l.n; i += 3, places->n++) {
		struct cseal_place *to_fill = &places->place[places->n];
		const char *role = l.words[i + 1];

		if (places->n == CSEAL_PLACES_MAX ||
		    !read_count(l.words[i], &to_fill->count) ||
		    !is_handle(role) || has_role(places, role) ||
		    (i + 2 < l.n && strcmp(l.words[i + 2], "and") != 0))
			return CSEAL_ERR_INPUT;
		memcpy(to_fill->role, role, strlen(role));
	}
	return CSEAL_OK;
}

/* "1 more approver", "1 more approver for 7d", "none". */
int
policy_read_extra(
    struct policy_pool *pool, const char *value, const void *how, void *to)
{
	struct cseal_extra *extra = to;
	struct policy_words l;
	int r;

	memset(extra, 0, sizeof(*extra));
	if (strcmp(value, "none") == 0)
		return CSEAL_OK;
	if ((r = policy_split(value, &l)) != CSEAL_OK)
		return r;
	if (l.n != (how != NULL ? 5u : 3u) ||
	    !read_count(l.words[0], &extra->count) ||
	    strcmp(l.words[1], "more") != 0 || !is_handle(l.words[2]) ||
	    (how != NULL && strcmp(l.words[3], how) != 0))
		return CSEAL_ERR_INPUT;
	memcpy(extra->role, l.words[2], strlen(l.words[2]));
	return how == NULL ? CSEAL_OK
			   : policy_read_duration(
				 pool, l.words[4], NULL, &extra->within);
}
