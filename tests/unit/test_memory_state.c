/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state as bytes: a fold that goes on from what was written comes to the
 * same end as the whole one, wherever it was cut.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "maker_wander.h"
#include "memory_state.h"

#define LEDGERS 12
#define TRIES	120

static void
encode(struct cseal_state *s, struct cseal_buf *out)
{
	struct memory_codec c;

	cseal_buf_reset(out);
	codec_init_write(&c, out);
	memory_state_move(&c, s, cseal_state_size(s));
	assert_int_equal(codec_end(&c), CSEAL_OK);
}

static int
decode(struct cseal_slice bytes, uint64_t size, struct cseal_state **out)
{
	struct memory_codec c;
	int r;

	*out = state_new();
	assert_non_null(*out);
	codec_init_read(&c, bytes);
	memory_state_move(&c, *out, size);
	r = codec_end(&c);
	if (r != CSEAL_OK) {
		state_free(*out);
		*out = NULL;
	}
	return r;
}

static void
fold(struct cseal_state *s, const struct maker *m, uint64_t to)
{
	struct fold_notes notes = { .n = 0 };
	struct fold_entry e;
	enum rule_id rule;

	for (uint64_t i = cseal_state_size(s); i < to; i++) {
		rule = fold_entry_read(&e, i, maker_bytes(m, i));
		if (rule == RULE_OK)
			rule = fold_check(s, &e, &notes);
		if (rule != RULE_OK)
			fail_msg("entry %llu: %s (%s)", (unsigned long long)i,
			    rule_row(rule)->code, e.detail);
		assert_int_equal(fold_accept(s, &e), CSEAL_OK);
		fold_entry_free(&e);
	}
}

static void
assert_same(const struct cseal_buf *a, const struct cseal_buf *b)
{
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->data, b->data, a->len);
}

static void
check_every_cut(const struct maker *m)
{
	uint64_t n = cseal_state_size(m->state);
	struct cseal_state *s = state_new(), *again;
	struct cseal_buf whole, at, b;

	cseal_buf_init(&whole, 0);
	cseal_buf_init(&at, 0);
	cseal_buf_init(&b, 0);
	encode(m->state, &whole);
	for (uint64_t k = 1; k <= n; k++) {
		fold(s, m, k);
		encode(s, &at);
		assert_int_equal(
		    decode(cseal_buf_slice(&at), k, &again), CSEAL_OK);
		encode(again, &b);
		assert_same(&at, &b);
		fold(again, m, n);
		encode(again, &b);
		assert_same(&whole, &b);
		state_free(again);
	}
	state_free(s);
	cseal_buf_free(&whole);
	cseal_buf_free(&at);
	cseal_buf_free(&b);
}

static void
test_every_cut(void **state)
{
	struct maker *m;
	size_t seen[7] = { 0 };

	(void)state;
	for (unsigned seed = 1; seed <= LEDGERS; seed++) {
		m = maker_founded(seed);
		maker_wander(m, TRIES);
		seen[0] += m->state->changes.n;
		seen[1] += m->state->slots.n;
		seen[2] += m->state->freezes.n;
		seen[3] += m->state->policies.n - 1;
		seen[4] += m->state->keys.n - MAKER_PERSONS;
		seen[5] += m->state->persons.n - MAKER_PERSONS;
		seen[6] += m->entries.n;
		check_every_cut(m);
		maker_free(m);
	}
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
		print_message("# %zu\n", seen[i]);
		assert_true(seen[i] > 0);
	}
}

/* The public half of a key, by way of its COSE_Key. */
static struct cseal_pubkey *
pubkey_of(EVP_PKEY *pkey, int64_t kty, int64_t alg, int64_t crv)
{
	uint8_t raw[128];
	size_t n = sizeof(raw), used = 0, half;
	struct cseal_pubkey *k = NULL;
	struct cseal_buf b;

	assert_non_null(pkey);
	if (kty == 1)
		assert_int_equal(EVP_PKEY_get_raw_public_key(pkey, raw, &n), 1);
	else
		assert_int_equal(
		    EVP_PKEY_get_octet_string_param(
			pkey, OSSL_PKEY_PARAM_PUB_KEY, raw, sizeof(raw), &n),
		    1);
	half = n / 2;
	cseal_buf_init(&b, 0);
	dcbor_put_map(&b, kty == 1 ? 4 : 5);
	dcbor_put_int(&b, 1);
	dcbor_put_int(&b, kty);
	dcbor_put_int(&b, 3);
	dcbor_put_int(&b, alg);
	dcbor_put_int(&b, -1);
	dcbor_put_int(&b, crv);
	dcbor_put_int(&b, -2);
	if (kty == 1) {
		dcbor_put_bytes(&b, raw, n);
	} else {
		dcbor_put_bytes(&b, raw + 1, half);
		dcbor_put_int(&b, -3);
		dcbor_put_bytes(&b, raw + 1 + half, half);
	}
	assert_int_equal(
	    cseal_pubkey_from_cose(&k, cseal_buf_slice(&b), &used), CSEAL_OK);
	cseal_buf_free(&b);
	return k;
}

/* A ledger longer than the window: of what is behind it clocks are kept. */
static void
test_window(void **state)
{
	struct maker *m = maker_founded(1);
	struct cseal_state *s = m->state, *again = NULL;
	uint64_t size = STATE_WINDOW + 5000;
	uint8_t leaf[CSEAL_HASH_BYTES];
	struct cseal_buf a, b;

	(void)state;
	cseal_buf_init(&a, 0);
	cseal_buf_init(&b, 0);
	for (uint64_t i = cseal_state_size(s); i < size; i++) {
		memset(leaf, 0, sizeof(leaf));
		memcpy(leaf, &i, sizeof(i));
		leaf[31] = 1;
		assert_int_equal(hashset_add(&s->statements, leaf), CSEAL_OK);
		assert_int_equal(
		    state_grow(s, leaf, MAKER_CLOCK + i), CSEAL_OK);
		if (i % 1000 == 0)
			assert_int_equal(
			    digest_log_add(&s->authority, i + 1, leaf),
			    CSEAL_OK);
	}
	encode(s, &a);
	assert_int_equal(decode(cseal_buf_slice(&a), size, &again), CSEAL_OK);
	encode(again, &b);
	assert_same(&a, &b);
	assert_null(state_root(again, size - STATE_WINDOW - 1));
	for (uint64_t i = size - STATE_WINDOW; i <= size; i++) {
		assert_memory_equal(
		    state_root(again, i), state_root(s, i), CSEAL_HASH_BYTES);
		assert_memory_equal(digest_log_at(&again->authority, i),
		    digest_log_at(&s->authority, i), CSEAL_HASH_BYTES);
	}
	assert_true(again->authority.n < s->authority.n);
	/* Since when something is in force may be long ago. */
	assert_memory_equal(
	    again->clocks, s->clocks, (size_t)size * sizeof(*s->clocks));
	state_free(again);
	cseal_buf_free(&a);
	cseal_buf_free(&b);
	maker_free(m);
}

/* A state whose keys are of every algorithm, of some desks, and again. */
static void
test_algorithms(void **state)
{
	static const struct {
		const char *type, *group;
		int64_t kty, alg, crv;
	} rows[] = {
		{ "EC", "P-384", 2, CSEAL_ALG_ES384, 2 },
		{ "ED25519", NULL, 1, CSEAL_ALG_EDDSA, 6 },
		{ "EC", "P-256", 2, CSEAL_ALG_ES256, 1 },
	};
	struct maker *m = maker_founded(1);
	struct cseal_state *again = NULL;
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct state_key *k = state_key(m->state, i);
		EVP_PKEY *pkey =
		    rows[i].group != NULL
			? EVP_PKEY_Q_keygen(
			      NULL, NULL, rows[i].type, rows[i].group)
			: EVP_PKEY_Q_keygen(NULL, NULL, rows[i].type);

		cseal_pubkey_free(k->pub.pubkey);
		k->pub.pubkey =
		    pubkey_of(pkey, rows[i].kty, rows[i].alg, rows[i].crv);
		EVP_PKEY_free(pkey);
		k->pub.has_desk = i < 2;
		memset(
		    k->pub.desk, i < 2 ? (int)i + 1 : 0, sizeof(k->pub.desk));
	}
	encode(m->state, &b);
	assert_int_equal(
	    decode(cseal_buf_slice(&b), m->entries.n, &again), CSEAL_OK);
	for (uint64_t i = 0; i < m->state->keys.n; i++) {
		const struct cseal_pubkey *was =
		    cseal_state_key(m->state, i)->pubkey;
		const struct cseal_pubkey *now =
		    cseal_state_key(again, i)->pubkey;
		struct cseal_slice x = cseal_pubkey_raw(was);
		struct cseal_slice y = cseal_pubkey_raw(now);

		assert_int_equal(cseal_pubkey_alg(was), cseal_pubkey_alg(now));
		assert_int_equal(x.len, y.len);
		assert_memory_equal(x.data, y.data, x.len);
		assert_int_equal(cseal_state_key(again, i)->has_desk, i < 2);
		assert_memory_equal(cseal_state_key(again, i)->desk,
		    cseal_state_key(m->state, i)->desk, CSEAL_DESK_KEY_BYTES);
	}
	state_free(again);
	cseal_buf_free(&b);
	maker_free(m);
}

/*
 * A member that somebody adds to the state must be moved, too. Whoever comes
 * here because of that: move it in src/memory_*.c, then alter the number.
 */
static void
test_nothing_forgotten(void **state)
{
	(void)state;
#ifdef __LP64__
	assert_int_equal(sizeof(struct cseal_state), 2968);
	assert_int_equal(sizeof(struct state_change), 904);
	assert_int_equal(sizeof(struct state_key), 496);
	assert_int_equal(sizeof(struct state_count), 16);
	assert_int_equal(sizeof(struct state_policy), 64);
	assert_int_equal(sizeof(struct cseal_state_person), 320);
	assert_int_equal(sizeof(struct cseal_state_approval), 56);
	assert_int_equal(sizeof(struct cseal_state_slot), 176);
	assert_int_equal(sizeof(struct cseal_state_freeze), 120);
#endif
}

/* Judges and takes what stands of the entries behind the cut, as they come. */
static void
go_on(struct cseal_state *s, const struct maker *m, uint64_t from)
{
	struct fold_notes notes = { .n = 0 };
	struct fold_entry e;

	for (uint64_t i = from; i < m->entries.n; i++) {
		if (fold_entry_read(&e, cseal_state_size(s),
			maker_bytes(m, i)) == RULE_OK &&
		    fold_check(s, &e, &notes) == RULE_OK)
			assert_int_equal(fold_accept(s, &e), CSEAL_OK);
		fold_entry_free(&e);
	}
}

/* No bit of it may lead outside the state's memory; many are refused. */
static void
test_hostile(void **state)
{
	struct maker *m = maker_founded(3);
	struct cseal_state *s = NULL;
	struct cseal_buf b;
	size_t refused = 0;
	uint64_t size;

	(void)state;
	maker_wander(m, 20);
	size = cseal_state_size(m->state);
	cseal_buf_init(&b, 0);
	encode(m->state, &b);
	maker_wander(m, 20);
	for (size_t i = 0; i < b.len; i++) {
		b.data[i] ^= (uint8_t)(1u << i % 8);
		if (decode(cseal_buf_slice(&b), size, &s) == CSEAL_OK)
			go_on(s, m, size);
		else
			refused++;
		state_free(s);
		b.data[i] ^= (uint8_t)(1u << i % 8);
	}
	print_message("# %zu of %zu refused\n", refused, b.len);
	assert_true(refused > 0);
	for (size_t n = 0; n < b.len; n++) {
		struct cseal_slice cut = { b.data, n };

		assert_int_not_equal(decode(cut, size, &s), CSEAL_OK);
	}
	assert_int_not_equal(
	    decode(cseal_buf_slice(&b), size + 1, &s), CSEAL_OK);
	(void)cseal_buf_add_u8(&b, 0);
	assert_int_not_equal(decode(cseal_buf_slice(&b), size, &s), CSEAL_OK);
	cseal_buf_free(&b);
	maker_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_algorithms),
		cmocka_unit_test(test_nothing_forgotten),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests_name("memory state", tests, NULL, NULL);
}
