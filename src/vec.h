/* SPDX-License-Identifier: BSD-2-Clause */
/* A growing list of pointers, and a set of 32-byte hashes. */

#ifndef SRC_VEC_H
#define SRC_VEC_H

#include "counterseal/api.h"

/* Items are owned one by one, so a pointer to one stays good as it grows. */
struct vec {
	void **items;
	size_t n;
	size_t cap;
};

/* Adds a zeroed item of `size` bytes and returns it; NULL without memory. */
void *vec_add(struct vec *v, size_t size);
/* Item i, NULL behind the last. */
void *vec_at(const struct vec *v, size_t i);
/* Frees the items and the list; `free_item` may be NULL. */
void vec_free(struct vec *v, void (*free_item)(void *item));

struct hashset {
	uint8_t (*slots)[CSEAL_HASH_BYTES]; /* all zero: empty */
	size_t n;
	size_t cap; /* a power of two */
	bool has_zero;
};

bool hashset_has(const struct hashset *s, const uint8_t h[CSEAL_HASH_BYTES]);
int hashset_add(struct hashset *s, const uint8_t h[CSEAL_HASH_BYTES]);
/* Room for n hashes in all, in one step, before they are added. */
int hashset_reserve(struct hashset *s, size_t n);
void hashset_free(struct hashset *s);

#endif
