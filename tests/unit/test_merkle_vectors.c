/* SPDX-License-Identifier: BSD-2-Clause */
/* Trees with published hashes, trees too large to build, bad questions. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/err.h"
#include "counterseal/merkle.h"
#include "counterseal/text.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))
#define HASH	 CSEAL_HASH_BYTES

typedef uint8_t hash[HASH];

/*
 * The tree of eight leaves of github.com/google/certificate-transparency
 * (cpp/merkletree/merkle_tree_test.cc), whose values every log repeats.
 */
static const struct cseal_slice ct_leaves[] = {
	{ (const uint8_t *)"", 0 },
	{ (const uint8_t *)"\x00", 1 },
	{ (const uint8_t *)"\x10", 1 },
	{ (const uint8_t *)"\x20\x21", 2 },
	{ (const uint8_t *)"\x30\x31", 2 },
	{ (const uint8_t *)"\x40\x41\x42\x43", 4 },
	{ (const uint8_t *)"\x50\x51\x52\x53\x54\x55\x56\x57", 8 },
	{ (const uint8_t *)"\x60\x61\x62\x63\x64\x65\x66\x67"
			   "\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
	    16 },
};
static const char *const ct_roots[] = {
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};
#define CT_6E34 \
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
#define CT_FAC5 \
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
#define CT_D37E \
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
#define CT_96A2 \
	"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
#define CT_5F08 \
	"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
#define CT_6B47 \
	"6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
#define CT_BC1A \
	"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
#define CT_CA85 \
	"ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
#define CT_0EBC \
	"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
static const struct {
	bool inclusion;
	uint64_t a, size;
	const char *want[4];
} ct_proofs[] = {
	{ true, 0, 1, { NULL } },
	{ true, 0, 8, { CT_96A2, CT_5F08, CT_6B47 } },
	{ true, 5, 8, { CT_BC1A, CT_CA85, CT_D37E } },
	{ true, 2, 3, { CT_FAC5 } },
	{ true, 1, 5, { CT_6E34, CT_5F08, CT_BC1A } },
	{ false, 1, 1, { NULL } },
	{ false, 1, 8, { CT_96A2, CT_5F08, CT_6B47 } },
	{ false, 6, 8, { CT_0EBC, CT_CA85, CT_D37E } },
	{ false, 2, 5, { CT_5F08, CT_BC1A } },
};

static int
leaves_tile(void *ctx, unsigned level, uint64_t index, size_t want, hash *out)
{
	assert_int_equal(level, 0);
	assert_int_equal(index, 0);
	assert_in_range(want, 1, 8);
	memcpy(out, ctx, want * HASH);
	return CSEAL_OK;
}

static void
known_tree(void **state)
{
	hash leaf[8], want, root;
	const struct cseal_hash_source s = { leaves_tile, leaf };
	struct cseal_frontier fr;

	(void)state;
	cseal_frontier_init(&fr);
	for (size_t n = 0; n <= 8; n++) {
		assert_int_equal(cseal_unhex(ct_roots[n], want, HASH), 0);
		assert_int_equal(cseal_merkle_root(&s, n, root), CSEAL_OK);
		assert_memory_equal(root, want, HASH);
		assert_int_equal(cseal_frontier_root(&fr, root), CSEAL_OK);
		assert_memory_equal(root, want, HASH);
		if (n == 8)
			break;
		assert_int_equal(cseal_merkle_leaf(ct_leaves[n].data,
				     ct_leaves[n].len, leaf[n]),
		    CSEAL_OK);
		assert_int_equal(cseal_frontier_add(&fr, leaf[n]), CSEAL_OK);
	}
	for (size_t i = 0; i < COUNT(ct_proofs); i++) {
		struct cseal_proof p;
		size_t n = 0;
		int r;

		r = ct_proofs[i].inclusion
			? cseal_merkle_inclusion(
			      &s, ct_proofs[i].a, ct_proofs[i].size, &p)
			: cseal_merkle_consistency(
			      &s, ct_proofs[i].a, ct_proofs[i].size, &p);
		assert_int_equal(r, CSEAL_OK);
		for (; n < 4 && ct_proofs[i].want[n] != NULL; n++) {
			assert_int_equal(
			    cseal_unhex(ct_proofs[i].want[n], want, HASH), 0);
			assert_memory_equal(p.hashes[n], want, HASH);
		}
		assert_int_equal(p.n, n);
	}
}

/* All leaves alike: the hashes of a tree too large to be kept. */
static int
alike_tile(void *ctx, unsigned level, uint64_t index, size_t want, hash *out)
{
	hash *heights = ctx;

	(void)index;
	for (size_t i = 0; i < want; i++)
		memcpy(out[i], heights[(size_t)8 * level], HASH);
	return CSEAL_OK;
}

static void
assert_proofs_hold(const struct cseal_hash_source *s, const hash leaf,
    uint64_t index, const struct cseal_head *head)
{
	struct cseal_head old = { .size = index };
	struct cseal_proof p;

	assert_int_equal(
	    cseal_merkle_inclusion(s, index, head->size, &p), CSEAL_OK);
	assert_int_equal(
	    cseal_merkle_check_inclusion(leaf, index, head, &p), CSEAL_OK);
	assert_int_equal(cseal_merkle_root(s, index, old.root), CSEAL_OK);
	assert_int_equal(
	    cseal_merkle_consistency(s, index, head->size, &p), CSEAL_OK);
	assert_int_equal(
	    cseal_merkle_check_consistency(&old, head, &p), CSEAL_OK);
}

static void
huge_trees(void **state)
{
	static const uint64_t sizes[] = { (uint64_t)1 << 40,
		((uint64_t)1 << 62) + 12345, (uint64_t)INT64_MAX,
		(uint64_t)1 << 63 };
	hash heights[64] = { { 7 } };
	const struct cseal_hash_source s = { alike_tile, heights };

	(void)state;
	for (size_t h = 1; h < 64; h++)
		assert_int_equal(cseal_merkle_node(heights[h - 1],
				     heights[h - 1], heights[h]),
		    CSEAL_OK);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		const uint64_t at[] = { 0, 77, sizes[i] / 3, sizes[i] - 1 };
		struct cseal_head head = { .size = sizes[i] };

		assert_int_equal(
		    cseal_merkle_root(&s, sizes[i], head.root), CSEAL_OK);
		for (size_t k = 0; k < COUNT(at); k++)
			assert_proofs_hold(&s, heights[0], at[k], &head);
	}
}

static void
bad_questions(void **state)
{
	hash heights[64] = { { 7 } };
	const struct cseal_hash_source s = { alike_tile, heights };
	struct cseal_frontier full = { .size = UINT64_MAX };
	struct cseal_proof p = { .n = 3 };

	(void)state;
	assert_int_equal(
	    cseal_merkle_inclusion(&s, 10, 10, &p), CSEAL_ERR_USAGE);
	assert_int_equal(p.n, 0);
	assert_int_equal(cseal_merkle_inclusion(&s, 0, 0, &p), CSEAL_ERR_USAGE);
	p.n = 3;
	assert_int_equal(
	    cseal_merkle_consistency(&s, 11, 10, &p), CSEAL_ERR_USAGE);
	assert_int_equal(p.n, 0);
	/* 65 hashes: no proof holds as many, and none is cut. */
	assert_int_equal(
	    cseal_merkle_consistency(&s, UINT64_MAX - 2, UINT64_MAX, &p),
	    CSEAL_ERR_TOO_LARGE);
	assert_int_equal(p.n, 0);
	assert_int_equal(
	    cseal_frontier_add(&full, heights[0]), CSEAL_ERR_TOO_LARGE);
	assert_true(full.size == UINT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_tree),
		cmocka_unit_test(huge_trees),
		cmocka_unit_test(bad_questions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
