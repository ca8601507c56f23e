/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trees against a second, naive definition: the recursions of RFC 9162
 * section 2.1 written down as they stand, hashing with OpenSSL directly.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "counterseal/err.h"
#include "counterseal/merkle.h"

#define COUNT(a)   (sizeof(a) / sizeof(*(a)))
#define LEVELS	   4
#define EXHAUSTIVE 130	 /* sizes with every proof checked */
#define EVERY_BIT  13	 /* sizes with every bit of every proof spoilt */
#define LARGE	   66400 /* leaves: three levels and a bit */
#define HASH	   CSEAL_HASH_BYTES

typedef uint8_t hash[HASH];

/* Hashes by level, and what was asked of them. */
struct forest {
	hash *level[LEVELS];
	uint64_t size; /* leaves that may be seen */
	unsigned reads;
	unsigned fail_at; /* the read that fails; 0: none */
};

static void
naive_node(const hash l, const hash r, hash out)
{
	uint8_t in[1 + 2 * HASH] = { 1 };

	memcpy(in + 1, l, HASH);
	memcpy(in + 1 + HASH, r, HASH);
	assert_int_equal(
	    EVP_Digest(in, sizeof(in), out, NULL, EVP_sha256(), NULL), 1);
}

static void
naive_leaf(uint32_t i, hash out)
{
	const uint8_t in[] = { 0, (uint8_t)(i >> 24), (uint8_t)(i >> 16),
		(uint8_t)(i >> 8), (uint8_t)i };

	assert_int_equal(
	    EVP_Digest(in, sizeof(in), out, NULL, EVP_sha256(), NULL), 1);
}

static uint64_t
naive_split(uint64_t n)
{
	uint64_t k = 1;

	while (2 * k < n)
		k *= 2;
	return k;
}

/* MTH(D_n) of leaf hashes */
static void
naive_root(hash *leaf, uint64_t n, hash out)
{
	uint64_t k;
	hash l, r;

	if (n == 0) {
		assert_int_equal(
		    EVP_Digest("", 0, out, NULL, EVP_sha256(), NULL), 1);
		return;
	}
	if (n == 1) {
		memcpy(out, leaf[0], HASH);
		return;
	}
	k = naive_split(n);
	naive_root(leaf, k, l);
	naive_root(leaf + k, n - k, r);
	naive_node(l, r, out);
}

static void
naive_push(struct cseal_proof *p, hash *leaf, uint64_t n)
{
	naive_root(leaf, n, p->hashes[p->n++]);
}

/* PATH(m, D_n) */
static void
naive_path(uint64_t m, hash *leaf, uint64_t n, struct cseal_proof *p)
{
	uint64_t k;

	if (n == 1)
		return;
	k = naive_split(n);
	if (m < k) {
		naive_path(m, leaf, k, p);
		naive_push(p, leaf + k, n - k);
	} else {
		naive_path(m - k, leaf + k, n - k, p);
		naive_push(p, leaf, k);
	}
}

/* SUBPROOF(m, D_n, b) */
static void
naive_subproof(
    uint64_t m, hash *leaf, uint64_t n, bool b, struct cseal_proof *p)
{
	uint64_t k;

	if (m == n) {
		if (!b)
			naive_push(p, leaf, n);
		return;
	}
	k = naive_split(n);
	if (m <= k) {
		naive_subproof(m, leaf, k, b, p);
		naive_push(p, leaf + k, n - k);
	} else {
		naive_subproof(m - k, leaf + k, n - k, false, p);
		naive_push(p, leaf, k);
	}
}

/* Fails the test when a hash is asked for that does not exist yet. */
static int
forest_tile(void *ctx, unsigned level, uint64_t index, size_t want, hash *out)
{
	struct forest *f = ctx;

	if (++f->reads == f->fail_at)
		return CSEAL_ERR_IO;
	assert_true(level < LEVELS);
	assert_in_range(want, 1, CSEAL_TILE_HASHES);
	assert_true(index * CSEAL_TILE_HASHES + want <= f->size >> 8 * level);
	memcpy(out, f->level[level] + index * CSEAL_TILE_HASHES, want * HASH);
	return CSEAL_OK;
}

static struct cseal_hash_source
source(struct forest *f, uint64_t size)
{
	f->size = size;
	f->reads = 0;
	f->fail_at = 0;
	return (struct cseal_hash_source){ forest_tile, f };
}

static int
forest_setup(void **state)
{
	struct forest *f = calloc(1, sizeof(*f));
	uint64_t n = LARGE;

	if (f == NULL)
		return -1;
	for (unsigned l = 0; l < LEVELS; l++, n /= 256) {
		if ((f->level[l] = calloc(n + 1, HASH)) == NULL)
			return -1;
		for (uint64_t i = 0; i < n; i++) {
			if (l == 0)
				naive_leaf((uint32_t)i, f->level[0][i]);
			else
				naive_root(f->level[l - 1] + i * 256, 256,
				    f->level[l][i]);
		}
	}
	*state = f;
	return 0;
}

static int
forest_teardown(void **state)
{
	struct forest *f = *state;

	for (unsigned l = 0; l < LEVELS; l++)
		free(f->level[l]);
	free(f);
	return 0;
}

static struct cseal_head
head_of(struct forest *f, uint64_t size)
{
	struct cseal_head h = { .size = size };

	naive_root(f->level[0], size, h.root);
	return h;
}

static void
assert_same_proof(const struct cseal_proof *a, const struct cseal_proof *b)
{
	assert_int_equal(a->n, b->n);
	assert_memory_equal(a->hashes, b->hashes, a->n * HASH);
}

static const uint64_t large_sizes[] = { 65535, 65536, 65537, 65536 + 255,
	65536 + 256, 65536 + 257, 65536 + 700, LARGE };

static void
roots(void **state)
{
	struct forest *f = *state;
	struct cseal_frontier fr;
	struct cseal_hash_source s;
	hash want, root;

	cseal_frontier_init(&fr);
	for (uint64_t n = 0; n <= LARGE; n++) {
		bool large = false;

		for (size_t i = 0; i < COUNT(large_sizes); i++)
			large = large || large_sizes[i] == n;
		if (n <= 600 || large) {
			naive_root(f->level[0], n, want);
			s = source(f, n);
			assert_int_equal(cseal_merkle_root(&s, n, root), 0);
			assert_memory_equal(root, want, HASH);
			assert_int_equal(cseal_frontier_root(&fr, root), 0);
			assert_memory_equal(root, want, HASH);
			assert_int_equal(fr.size, n);
		}
		if (n < LARGE)
			assert_int_equal(
			    cseal_frontier_add(&fr, f->level[0][n]), 0);
	}
}

static void
every_inclusion(void **state)
{
	struct forest *f = *state;

	for (uint64_t n = 1; n <= EXHAUSTIVE; n++) {
		struct cseal_head h = head_of(f, n);
		struct cseal_hash_source s = source(f, n);

		for (uint64_t i = 0; i < n; i++) {
			struct cseal_proof p, want = { .n = 0 };

			assert_int_equal(
			    cseal_merkle_inclusion(&s, i, n, &p), CSEAL_OK);
			naive_path(i, f->level[0], n, &want);
			assert_same_proof(&p, &want);
			assert_int_equal(cseal_merkle_check_inclusion(
					     f->level[0][i], i, &h, &p),
			    CSEAL_OK);
		}
	}
}

static void
every_consistency(void **state)
{
	struct forest *f = *state;

	for (uint64_t n = 0; n <= EXHAUSTIVE; n++) {
		struct cseal_head h = head_of(f, n);
		struct cseal_hash_source s = source(f, n);

		for (uint64_t m = 0; m <= n; m++) {
			struct cseal_head old = head_of(f, m);
			struct cseal_proof p, want = { .n = 0 };

			assert_int_equal(
			    cseal_merkle_consistency(&s, m, n, &p), CSEAL_OK);
			if (m > 0)
				naive_subproof(m, f->level[0], n, true, &want);
			assert_same_proof(&p, &want);
			assert_int_equal(
			    cseal_merkle_check_consistency(&old, &h, &p),
			    CSEAL_OK);
		}
	}
}

/* A proof that holds, and the two ways of asking whether it does. */
struct claim {
	bool inclusion;
	hash leaf;
	uint64_t index;
	struct cseal_head old, head;
	struct cseal_proof proof;
};

static int
claim_check(const struct claim *c)
{
	if (c->inclusion)
		return cseal_merkle_check_inclusion(
		    c->leaf, c->index, &c->head, &c->proof);
	return cseal_merkle_check_consistency(&c->old, &c->head, &c->proof);
}

static void
assert_refused(const struct claim *c)
{
	assert_int_equal(claim_check(c), CSEAL_ERR_SIGNATURE);
}

/* Flips bits of `p`: all of them, or one in each `step`. */
static void
spoil(struct claim *c, uint8_t *p, size_t step)
{
	for (size_t bit = 0; bit < (size_t)8 * HASH; bit += step) {
		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_refused(c);
		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

static void
wrong_lengths(const struct claim *good)
{
	struct claim c = *good;
	struct cseal_proof *p = &c.proof;

	p->n++;
	assert_refused(&c);
	if (p->n > 1)
		memcpy(p->hashes[p->n - 1], p->hashes[p->n - 2], HASH);
	assert_refused(&c);
	memmove(p->hashes[1], p->hashes[0], HASH * (p->n - 1));
	assert_refused(&c);
	c = *good;
	p->n = CSEAL_PROOF_MAX;
	assert_refused(&c);
	p->n = CSEAL_PROOF_MAX + 1;
	assert_refused(&c);
	p->n = SIZE_MAX;
	assert_refused(&c);
	for (size_t n = 0; n < good->proof.n; n++) {
		c = *good;
		p->n = n;
		assert_refused(&c);
		memmove(p->hashes[0], p->hashes[1], HASH * (good->proof.n - 1));
		assert_refused(&c);
	}
}

static void
spoil_claim(struct claim *c)
{
	const size_t step = c->head.size <= EVERY_BIT ? 1 : 67;

	assert_int_equal(claim_check(c), CSEAL_OK);
	for (size_t i = 0; i < c->proof.n; i++)
		spoil(c, c->proof.hashes[i], step);
	spoil(c, c->head.root, step);
	spoil(c, c->inclusion ? c->leaf : c->old.root, step);
	wrong_lengths(c);
}

/* Beyond the small trees, those with an edge beside a whole subtree. */
static bool
worth_spoiling(uint64_t n)
{
	return n <= EVERY_BIT || (n + 1) % 32 <= 2;
}

static void
spoilt_inclusions(void **state)
{
	struct forest *f = *state;

	for (uint64_t n = 1; n <= EXHAUSTIVE; n++) {
		struct claim c = { .inclusion = true, .head = head_of(f, n) };
		struct cseal_hash_source s = source(f, n);

		if (!worth_spoiling(n))
			continue;
		for (uint64_t i = 0; i < n; i++) {
			c.index = i;
			memcpy(c.leaf, f->level[0][i], HASH);
			assert_int_equal(
			    cseal_merkle_inclusion(&s, i, n, &c.proof), 0);
			spoil_claim(&c);
			for (c.index = 0; c.index <= n; c.index++) {
				if (c.index != i)
					assert_refused(&c);
			}
		}
	}
}

static void
spoilt_consistencies(void **state)
{
	struct forest *f = *state;

	for (uint64_t n = 0; n <= EXHAUSTIVE; n++) {
		struct claim c = { .head = head_of(f, n) }, swapped;
		struct cseal_hash_source s = source(f, n);

		if (!worth_spoiling(n))
			continue;
		for (uint64_t m = 1; m <= n; m++) {
			c.old = head_of(f, m);
			assert_int_equal(
			    cseal_merkle_consistency(&s, m, n, &c.proof), 0);
			spoil_claim(&c);
			swapped = c;
			swapped.old = c.head;
			swapped.head = c.old;
			if (m != n)
				assert_refused(&swapped);
		}
	}
}

/* How long proofs of (i, n) are; SIZE_MAX where there is none. */
struct lengths {
	size_t of[EVERY_BIT + 1][EVERY_BIT + 1];
};

static void
find_lengths(bool inclusion, struct lengths *out)
{
	hash leaf[EVERY_BIT] = { { 0 } };

	memset(out, 0xff, sizeof(*out));
	for (uint64_t n = 1; n <= EVERY_BIT; n++) {
		for (uint64_t i = 0; i <= n; i++) {
			struct cseal_proof p = { .n = 0 };

			if (inclusion && i < n)
				naive_path(i, leaf, n, &p);
			else if (!inclusion && i > 0)
				naive_subproof(i, leaf, n, true, &p);
			else
				continue;
			out->of[i][n] = p.n;
		}
	}
}

/*
 * A root does not tell the size of its tree, so a size that is a lie is found
 * only by the length that the proof would have to have.
 */
static void
lie_about_sizes(struct claim *c, const struct lengths *l)
{
	assert_int_equal(claim_check(c), CSEAL_OK);
	for (uint64_t n = 1; n <= EVERY_BIT; n++) {
		for (uint64_t i = 0; i <= EVERY_BIT; i++) {
			c->index = i;
			c->old.size = i;
			c->head.size = n;
			if (l->of[i][n] != c->proof.n)
				assert_refused(c);
		}
	}
}

static void
sizes_that_are_lies(void **state)
{
	struct forest *f = *state;
	struct lengths in, con;

	find_lengths(true, &in);
	find_lengths(false, &con);
	for (uint64_t n = 1; n <= EVERY_BIT; n++) {
		struct cseal_hash_source s = source(f, n);

		for (uint64_t i = 0; i < n; i++) {
			struct claim c = { .head = head_of(f, n) };

			c.inclusion = true;
			c.index = i;
			memcpy(c.leaf, f->level[0][i], HASH);
			assert_int_equal(
			    cseal_merkle_inclusion(&s, i, n, &c.proof), 0);
			lie_about_sizes(&c, &in);
			c.inclusion = false;
			c.head = head_of(f, n);
			c.old = head_of(f, i + 1);
			assert_int_equal(
			    cseal_merkle_consistency(&s, i + 1, n, &c.proof),
			    0);
			lie_about_sizes(&c, &con);
		}
	}
}

/* An empty tree precedes every tree, but only with its own root. */
static void
from_the_empty_tree(void **state)
{
	struct forest *f = *state;
	struct claim c = { .old = head_of(f, 0), .head = head_of(f, 5) };

	assert_int_equal(claim_check(&c), CSEAL_OK);
	c.proof.n = 1;
	assert_refused(&c);
	c.proof.n = 0;
	spoil(&c, c.old.root, 1);
	c.inclusion = true;
	c.head = head_of(f, 0);
	assert_refused(&c);
}

static void
large_proofs(void **state)
{
	static const uint64_t at[] = { 0, 1, 256, 65280, 65536, 65793,
		LARGE - 1 };
	struct forest *f = *state;

	for (size_t a = 0; a < COUNT(large_sizes); a++) {
		const uint64_t n = large_sizes[a];
		struct claim c = { .head = head_of(f, n) };

		for (size_t b = 0; b < COUNT(at) && at[b] <= n; b++) {
			struct cseal_hash_source s = source(f, n);

			c.old = head_of(f, at[b]);
			c.inclusion = false;
			assert_int_equal(
			    cseal_merkle_consistency(&s, at[b], n, &c.proof),
			    CSEAL_OK);
			assert_int_equal(claim_check(&c), CSEAL_OK);
			assert_true(f->reads <= 6);
			if (at[b] == n)
				continue;
			s = source(f, n);
			c.inclusion = true;
			c.index = at[b];
			memcpy(c.leaf, f->level[0][at[b]], HASH);
			assert_int_equal(
			    cseal_merkle_inclusion(&s, at[b], n, &c.proof),
			    CSEAL_OK);
			assert_int_equal(claim_check(&c), CSEAL_OK);
			assert_true(f->reads <= 6);
		}
	}
}

/* Whichever read of the source fails, its error comes back. */
static void
failing_source(void **state)
{
	struct forest *f = *state;
	struct cseal_proof p;
	hash root;

	for (unsigned k = 1; k <= 3; k++) {
		struct cseal_hash_source s = source(f, 65536 + 700);

		f->fail_at = k;
		assert_int_equal(
		    cseal_merkle_root(&s, 65536 + 700, root), CSEAL_ERR_IO);
		f->reads = 0;
		assert_int_equal(cseal_merkle_inclusion(&s, 5, 65536 + 700, &p),
		    CSEAL_ERR_IO);
		assert_int_equal(p.n, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roots),
		cmocka_unit_test(every_inclusion),
		cmocka_unit_test(every_consistency),
		cmocka_unit_test(spoilt_inclusions),
		cmocka_unit_test(spoilt_consistencies),
		cmocka_unit_test(sizes_that_are_lies),
		cmocka_unit_test(from_the_empty_tree),
		cmocka_unit_test(large_proofs),
		cmocka_unit_test(failing_source),
	};

	return cmocka_run_group_tests(tests, forest_setup, forest_teardown);
}
