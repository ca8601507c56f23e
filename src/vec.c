/* SPDX-License-Identifier: BSD-2-Clause */

#include "vec.h"

#include <stdlib.h>
#include <string.h>

#include "counterseal/err.h"

void *
vec_add(struct vec *v, size_t size)
{
	void **grown, *item;
	size_t cap;

	if (v->n == v->cap) {
		cap = v->cap == 0 ? 8 : v->cap * 2;
		grown = reallocarray(v->items, cap, sizeof(*grown));
		if (grown == NULL)
			return NULL;
		v->items = grown;
		v->cap = cap;
	}
	item = calloc(1, size);
	if (item != NULL)
		v->items[v->n++] = item;
	return item;
}

void *
vec_at(const struct vec *v, size_t i)
{
	return i < v->n ? v->items[i] : NULL;
}

void
vec_free(struct vec *v, void (*free_item)(void *item))
{
	for (size_t i = 0; i < v->n; i++) {
		if (free_item != NULL)
			free_item(v->items[i]);
		free(v->items[i]);
	}
	free(v->items);
	memset(v, 0, sizeof(*v));
}

static const uint8_t zero[CSEAL_HASH_BYTES];

/*
 * The slot where `h` is or would be. Hashes come from outside, but to choose
 * many that begin alike costs an attacker 2^n work for n bits, and slows one
 * ledger that he can write to anyway.
 */
static size_t
find_slot(const struct hashset *s, const uint8_t *h)
{
	size_t i;

	memcpy(&i, h, sizeof(i));
	for (i &= s->cap - 1;; i = (i + 1) & (s->cap - 1)) {
		if (memcmp(s->slots[i], zero, sizeof(zero)) == 0 ||
		    memcmp(s->slots[i], h, CSEAL_HASH_BYTES) == 0)
			return i;
	}
}

bool
hashset_has(const struct hashset *s, const uint8_t h[CSEAL_HASH_BYTES])
{
	if (memcmp(h, zero, sizeof(zero)) == 0)
		return s->has_zero;
	if (s->n == 0)
		return false;
	return memcmp(s->slots[find_slot(s, h)], h, CSEAL_HASH_BYTES) == 0;
}

static int
grow(struct hashset *s, size_t cap)
{
	struct hashset bigger = { .n = s->n, .has_zero = s->has_zero };

	bigger.cap = cap;
	bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots));
	if (bigger.slots == NULL)
		return CSEAL_ERR_NOMEM;
	for (size_t i = 0; i < s->cap; i++) {
		if (memcmp(s->slots[i], zero, sizeof(zero)) != 0)
			memcpy(bigger.slots[find_slot(&bigger, s->slots[i])],
			    s->slots[i], CSEAL_HASH_BYTES);
	}
	free(s->slots);
	*s = bigger;
	return CSEAL_OK;
}

int
hashset_reserve(struct hashset *s, size_t n)
{
	size_t cap = 64;

	while (n > cap / 4 * 3)
		cap *= 2;
	return cap > s->cap ? grow(s, cap) : CSEAL_OK;
}

int
hashset_add(struct hashset *s, const uint8_t h[CSEAL_HASH_BYTES])
{
	int r;

	if (memcmp(h, zero, sizeof(zero)) == 0) {
		s->has_zero = true;
		return CSEAL_OK;
	}
	if ((s->n + 1) * 4 > s->cap * 3) {
		r = grow(s, s->cap == 0 ? 64 : s->cap * 2);
		if (r != CSEAL_OK)
			return r;
	}
	if (!hashset_has(s, h)) {
		memcpy(s->slots[find_slot(s, h)], h, CSEAL_HASH_BYTES);
		s->n++;
	}
	return CSEAL_OK;
}

void
hashset_free(struct hashset *s)
{
	free(s->slots);
	memset(s, 0, sizeof(*s));
}
