/* SPDX-License-Identifier: BSD-2-Clause */
/* Openings on their way: in clear, locked, and what must not be taken. */

#include "counterseal/openings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "dcbor.h"
#include "maker_item.h"
#include "slice.h"

#define N 4

static const char *const names[N] = { "holder", "iban", "reason", "" };
static const char *const values[N] = { "Example Trading GmbH",
	"DE89370400440532013000", "new bank\nsee letter", "" };

struct fixture {
	uint8_t ledger[CSEAL_HASH_BYTES], leaf[CSEAL_HASH_BYTES];
	struct cseal_opening list[CSEAL_OPENINGS_MAX + 1];
	struct cseal_buf bytes;
	struct cseal_openings got;
	struct cseal_error err;
};

static int
setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	memset(f.ledger, 0x11, sizeof(f.ledger));
	memset(f.leaf, 0x22, sizeof(f.leaf));
	for (size_t i = 0; i < CSEAL_OPENINGS_MAX + 1; i++) {
		struct cseal_opening *o = &f.list[i];

		snprintf(o->name, sizeof(o->name), "field%zu", i);
		if (i < N)
			snprintf(o->name, sizeof(o->name), "%s", names[i]);
		memset(o->salt, (int)(0x30 + i), sizeof(o->salt));
		cseal_buf_init(&o->value, 0);
		cseal_buf_add_str(&o->value, i < N ? values[i] : "v");
	}
	cseal_buf_init(&f.bytes, 0);
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < CSEAL_OPENINGS_MAX + 1; i++)
		cseal_opening_free(&f->list[i]);
	cseal_buf_free(&f->bytes);
	cseal_openings_free(&f->got);
	return 0;
}

static int
encode(struct fixture *f, size_t n, const char *const *blind, size_t n_blind)
{
	cseal_buf_reset(&f->bytes);
	return cseal_openings_encode(
	    &f->bytes, f->ledger, f->leaf, f->list, n, blind, n_blind, &f->err);
}

static int
parse(struct fixture *f)
{
	int r;

	cseal_openings_free(&f->got);
	f->err.what[0] = '\0';
	r = cseal_openings_parse(&f->got, &f->bytes, &f->err);
	assert_int_equal(f->err.what[0] != '\0', r != CSEAL_OK);
	assert_int_equal(f->got.n != 0, r == CSEAL_OK);
	return r;
}

static void
assert_values(const struct fixture *f, size_t n, bool there)
{
	assert_int_equal(f->got.n, n);
	assert_memory_equal(f->got.ledger, f->ledger, CSEAL_HASH_BYTES);
	assert_memory_equal(f->got.leaf, f->leaf, CSEAL_HASH_BYTES);
	for (size_t i = 0; i < n; i++) {
		const struct cseal_opening *a = &f->got.list[i];
		const struct cseal_opening *b = &f->list[i];

		assert_string_equal(a->name, b->name);
		assert_memory_equal(a->salt, b->salt, CSEAL_SALT_BYTES);
		assert_int_equal(a->value.len, there ? b->value.len : 0);
		if (a->value.len > 0)
			assert_memory_equal(
			    a->value.data, b->value.data, a->value.len);
	}
}

static void
test_in_clear(void **state)
{
	struct fixture *f = *state;

	for (size_t n = 1; n <= CSEAL_OPENINGS_MAX; n++) {
		assert_int_equal(encode(f, n, NULL, 0), CSEAL_OK);
		assert_int_equal(parse(f), CSEAL_OK);
		assert_int_equal(f->bytes.len, 0);
		assert_false(f->got.locked);
		assert_int_equal(f->got.n_asked, 0);
		assert_values(f, n, true);
	}
	assert_int_equal(
	    cseal_openings_unlock(&f->got, NULL, 0, &f->err), CSEAL_ERR_USAGE);
	cseal_openings_free(NULL);
}

static void
test_in_clear_bytes(void **state)
{
	static const uint8_t end[] = { 0x05, 0x42, 0x81, 0x60 };
	struct fixture *f = *state;

	cseal_buf_reset(&f->list[0].value);
	assert_int_equal(encode(f, 1, NULL, 0), CSEAL_OK);
	assert_int_equal(f->bytes.data[0], 0xa5);
	assert_memory_equal(
	    f->bytes.data + f->bytes.len - sizeof(end), end, sizeof(end));
}

/* ---- locked ---- */

/* Locked by iban and holder, which the caller may name in any order. */
static void
lock(struct fixture *f)
{
	static const char *const blind[] = { "iban", "holder" };

	assert_int_equal(encode(f, N, blind, 2), CSEAL_OK);
	assert_int_equal(parse(f), CSEAL_OK);
	assert_true(f->got.locked);
	assert_int_equal(f->got.n_asked, 2);
	assert_int_equal(f->got.asked[0], 0);
	assert_int_equal(f->got.asked[1], 1);
	assert_values(f, N, false);
}

static int
unlock(struct fixture *f, const char *holder, const char *iban)
{
	const struct cseal_slice typed[] = { slice_of(holder), slice_of(iban) };

	return cseal_openings_unlock(&f->got, typed, 2, &f->err);
}

static void
test_locked(void **state)
{
	struct fixture *f = *state;

	lock(f);
	assert_int_equal(unlock(f, values[0], values[1]), CSEAL_OK);
	assert_false(f->got.locked);
	assert_values(f, N, true);
	assert_int_equal(unlock(f, values[0], values[1]), CSEAL_ERR_USAGE);
}

/* No value, and nothing that tells its length, but for the sum of all. */
static void
test_locked_hides(void **state)
{
	static const char *const blind[] = { "iban" };
	struct fixture *f = *state;
	struct cseal_buf first;

	assert_int_equal(encode(f, N, blind, 1), CSEAL_OK);
	for (size_t i = 0; i < N - 1; i++)
		assert_null(memmem(f->bytes.data, f->bytes.len, values[i], 6));
	cseal_buf_init(&first, 0);
	cseal_buf_add(&first, f->bytes.data, f->bytes.len);
	assert_int_equal(encode(f, N, blind, 1), CSEAL_OK);
	assert_int_equal(first.len, f->bytes.len);
	assert_memory_not_equal(first.data, f->bytes.data, first.len);
	cseal_buf_free(&first);
}

/* One differs, or the other, or both, or the border: one answer for all. */
static void
test_differs(void **state)
{
	static const char *const typed[][2] = {
		{ "Example Trading GmbH", "DE89370400440532013001" },
		{ "Example Trading AG", "DE89370400440532013000" },
		{ "", "" },
		{ "DE89370400440532013000", "Example Trading GmbH" },
		{ "Example Trading GmbHD", "E89370400440532013000" },
		{ "Example Trading GmbH", "DE89370400440532013000 " },
	};
	struct fixture *f = *state;
	char said[CSEAL_ERROR_WHAT_BYTES] = "";

	lock(f);
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
		assert_int_equal(
		    unlock(f, typed[i][0], typed[i][1]), CSEAL_ERR_REFUSED);
		if (i > 0)
			assert_string_equal(f->err.what, said);
		snprintf(said, sizeof(said), "%s", f->err.what);
		assert_string_equal(f->err.where, "openings");
		assert_null(strstr(said, "iban"));
		assert_true(f->got.locked);
		assert_values(f, N, false);
	}
	assert_int_equal(
	    cseal_openings_unlock(&f->got,
		(struct cseal_slice[]){ slice_of(values[0]) }, 1, &f->err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(unlock(f, values[0], values[1]), CSEAL_OK);
}

/* Every byte in front of the lock is bound to it. */
static void
test_bound(void **state)
{
	static const char *const blind[] = { "holder", "iban" };
	struct fixture *f = *state;
	struct cseal_buf whole;
	size_t refused = 0;

	assert_int_equal(encode(f, N, blind, 2), CSEAL_OK);
	cseal_buf_init(&whole, 0);
	cseal_buf_add(&whole, f->bytes.data, f->bytes.len);
	for (size_t i = 0; i < whole.len * 8; i++) {
		cseal_buf_reset(&f->bytes);
		cseal_buf_add(&f->bytes, whole.data, whole.len);
		f->bytes.data[i / 8] ^= (uint8_t)(1u << i % 8);
		if (parse(f) != CSEAL_OK)
			continue;
		assert_int_not_equal(unlock(f, values[0], values[1]), CSEAL_OK);
		for (size_t k = 0; k < f->got.n; k++)
			assert_int_equal(f->got.list[k].value.len, 0);
		refused++;
	}
	/* Ledger id, leaf, and a salt for each: all of that is parsed. */
	assert_true(refused > (32 + 32 + N * 16) * 8);
	cseal_buf_free(&whole);
}

/* ---- the page, worked out another way ---- */

static void
hmac(const uint8_t *key, size_t n, const struct cseal_buf *b, uint8_t out[32])
{
	unsigned len = 32;

	assert_non_null(
	    HMAC(EVP_sha256(), key, (int)n, b->data, b->len, out, &len));
}

/* RFC 5869, for one block. */
static void
page_key(const struct fixture *f, uint8_t key[32])
{
	struct cseal_buf b;
	uint8_t salt[32], prk[32];

	memcpy(salt, f->list[0].salt, 16);
	memcpy(salt + 16, f->list[1].salt, 16);
	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < 2; i++) {
		cseal_buf_add_u32(&b, (uint32_t)strlen(values[i]));
		cseal_buf_add_str(&b, values[i]);
	}
	hmac(salt, sizeof(salt), &b, prk);
	cseal_buf_reset(&b);
	cseal_buf_add_str(&b, "counterseal-reentry");
	cseal_buf_add(&b, f->leaf, sizeof(f->leaf));
	cseal_buf_add_u8(&b, 1);
	hmac(prk, sizeof(prk), &b, key);
	cseal_buf_free(&b);
}

static void
put_core(const struct fixture *f, struct cseal_buf *b, uint64_t members)
{
	dcbor_put_map(b, members);
	dcbor_put_uint(b, 1);
	dcbor_put_uint(b, 1);
	dcbor_put_uint(b, 2);
	dcbor_put_bytes(b, f->ledger, sizeof(f->ledger));
	dcbor_put_uint(b, 3);
	dcbor_put_bytes(b, f->leaf, sizeof(f->leaf));
	dcbor_put_uint(b, 4);
	dcbor_put_array(b, N);
	for (size_t i = 0; i < N; i++) {
		dcbor_put_array(b, 2);
		dcbor_put_str(b, f->list[i].name);
		dcbor_put_bytes(b, f->list[i].salt, 16);
	}
}

static void
put_asked(struct cseal_buf *b)
{
	dcbor_put_uint(b, 6);
	dcbor_put_array(b, 2);
	dcbor_put_str(b, names[0]);
	dcbor_put_str(b, names[1]);
}

/* The values locked by the page's own words: nonce, ciphertext, tag. */
static void
page_lock(const struct fixture *f, const char *const *inside, size_t n,
    struct cseal_buf *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	struct cseal_buf aad, clear;
	uint8_t key[32], cipher[512];
	const uint8_t nonce[12] = { 7 };
	int len;

	cseal_buf_init(&aad, 0);
	cseal_buf_init(&clear, 0);
	put_core(f, &aad, 5);
	put_asked(&aad);
	dcbor_put_array(&clear, n);
	for (size_t i = 0; i < n; i++)
		dcbor_put_str(&clear, inside[i]);
	page_key(f, key);
	EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce);
	EVP_EncryptUpdate(ctx, NULL, &len, aad.data, (int)aad.len);
	EVP_EncryptUpdate(ctx, cipher, &len, clear.data, (int)clear.len);
	assert_int_equal(len, clear.len);
	cseal_buf_add(out, nonce, sizeof(nonce));
	cseal_buf_add(out, cipher, (size_t)len);
	assert_int_equal(EVP_EncryptFinal_ex(ctx, cipher, &len), 1);
	EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, cipher);
	cseal_buf_add(out, cipher, 16);
	EVP_CIPHER_CTX_free(ctx);
	cseal_buf_free(&aad);
	cseal_buf_free(&clear);
}

static int
unlock_of_page(struct fixture *f, const char *const *inside, size_t n)
{
	struct cseal_buf locked;

	cseal_buf_init(&locked, 0);
	page_lock(f, inside, n, &locked);
	cseal_buf_reset(&f->bytes);
	put_core(f, &f->bytes, 6);
	dcbor_put_uint(&f->bytes, 5);
	dcbor_put_bytes(&f->bytes, locked.data, locked.len);
	put_asked(&f->bytes);
	cseal_buf_free(&locked);
	assert_int_equal(parse(f), CSEAL_OK);
	assert_true(f->got.locked);
	return unlock(f, values[0], values[1]);
}

static void
test_as_the_page_says(void **state)
{
	const char *const other[N] = { values[0], "DE00", values[2], "" };
	struct fixture *f = *state;

	assert_int_equal(unlock_of_page(f, values, N), CSEAL_OK);
	assert_values(f, N, true);
	/* Another account inside than the one it was locked with. */
	assert_int_equal(unlock_of_page(f, other, N), CSEAL_ERR_FORMAT);
	assert_true(f->got.locked);
	assert_values(f, N, false);
	assert_int_equal(unlock_of_page(f, values, N - 1), CSEAL_ERR_FORMAT);
	assert_values(f, N, false);
}

/* ---- what is not taken ---- */

static void
test_encode_refuses(void **state)
{
	static const char *const unknown[] = { "bic" };
	static const char *const twice[] = { "iban", "iban" };
	static const char *const shown[] = { "" };
	const char *all[CSEAL_OPENINGS_MAX];
	struct fixture *f = *state;
	size_t n = CSEAL_OPENINGS_MAX;

	assert_int_equal(encode(f, 0, NULL, 0), CSEAL_ERR_USAGE);
	assert_int_equal(encode(f, n + 1, NULL, 0), CSEAL_ERR_USAGE);
	assert_int_equal(encode(f, N, unknown, 1), CSEAL_ERR_INPUT);
	assert_int_equal(encode(f, N, twice, 2), CSEAL_ERR_INPUT);
	assert_int_equal(encode(f, N, shown, 1), CSEAL_ERR_INPUT);
	for (size_t i = 0; i < n; i++)
		all[i] = f->list[i].name;
	assert_int_equal(encode(f, n, all, n), CSEAL_ERR_USAGE);
	cseal_buf_add_str(&f->list[0].value, "\x1b[2J");
	assert_int_equal(encode(f, N, NULL, 0), CSEAL_ERR_INPUT);
	cseal_buf_reset(&f->list[0].value);
	for (size_t i = 0; i <= CSEAL_VALUE_MAX; i++)
		cseal_buf_add_u8(&f->list[0].value, 'a');
	assert_int_equal(encode(f, N, NULL, 0), CSEAL_ERR_INPUT);
	cseal_buf_reset(&f->list[0].value);
	snprintf(f->list[0].name, sizeof(f->list[0].name), "iban");
	assert_int_equal(encode(f, N, NULL, 0), CSEAL_ERR_USAGE);
}

struct spoiled {
	const char *edits; /* see maker_item.h */
	int code;
};

static void
refuses(struct fixture *f, const char *const *blind, size_t n_blind,
    const struct spoiled *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(encode(f, N, blind, n_blind), CSEAL_OK);
		if (!item_edit(&f->bytes, rows[i].edits))
			fail_msg("%s", rows[i].edits);
		if (parse(f) != rows[i].code)
			fail_msg("%s: %d", rows[i].edits, f->err.code);
		assert_int_not_equal(f->bytes.len, 0);
	}
}

static void
test_parse_refuses(void **state)
{
	static const struct spoiled rows[] = {
		{ "= 1 02", CSEAL_ERR_NEWER },
		{ "= 1 00", CSEAL_ERR_FORMAT },
		{ "= 2 4100", CSEAL_ERR_FORMAT },
		{ "= 3 f6", CSEAL_ERR_FORMAT },
		{ "= 4 80", CSEAL_ERR_FORMAT },
		{ "= 4/0 60", CSEAL_ERR_FORMAT },
		{ "= 4/0/0 646962616e", CSEAL_ERR_FORMAT }, /* iban, twice */
		{ "= 4/0/0 7821(61)*33", CSEAL_ERR_FORMAT },
		{ "= 4/0/0 611b", CSEAL_ERR_FORMAT },
		{ "= 4/0/1 4100", CSEAL_ERR_FORMAT },
		{ "= 4 93(826160500000000000000000000000000000000000)*19",
		    CSEAL_ERR_FORMAT },
		{ "= 5 60", CSEAL_ERR_FORMAT },
		{ "= 5 40", CSEAL_ERR_FORMAT },
		{ "= 5 4180", CSEAL_ERR_FORMAT },
		{ "= 5 4483606060", CSEAL_ERR_FORMAT },	    /* too few */
		{ "= 5 46856060606060", CSEAL_ERR_FORMAT }, /* too many */
		{ "= 5 46846060606060", CSEAL_ERR_FORMAT }, /* behind them */
		{ "= 5 4684606060611b", CSEAL_ERR_FORMAT },
		{ "= 5 468460606061ff", CSEAL_ERR_FORMAT },
		{ "= 5 458460606040", CSEAL_ERR_FORMAT },
		{ "- 5", CSEAL_ERR_FORMAT },
		{ "+ . 0700", CSEAL_ERR_NEWER },
		{ "! 00", CSEAL_ERR_FORMAT },
	};

	refuses(*state, NULL, 0, rows, sizeof(rows) / sizeof(rows[0]));
}

static void
test_parse_refuses_asked(void **state)
{
	static const char *const blind[] = { "holder", "iban" };
	static const struct spoiled rows[] = {
		{ "= 6 80", CSEAL_ERR_FORMAT },
		{ "= 6 f6", CSEAL_ERR_FORMAT },
		{ "= 6 8160", CSEAL_ERR_FORMAT },
		{ "= 6 8163626963", CSEAL_ERR_FORMAT },	  /* bic */
		{ "= 6/0 646962616e", CSEAL_ERR_FORMAT }, /* iban, twice */
		{ "= 6 82646962616e66686f6c646572", CSEAL_ERR_FORMAT },
		{ "= 6 91(6161)*17", CSEAL_ERR_FORMAT },
		{ "= 5 581c(00)*28", CSEAL_ERR_FORMAT }, /* nothing locked */
		{ "- 6", CSEAL_ERR_FORMAT },
	};

	refuses(*state, blind, 2, rows, sizeof(rows) / sizeof(rows[0]));
}

static void
test_parse_refuses_lengths(void **state)
{
	struct fixture *f = *state;
	struct cseal_buf whole;

	assert_int_equal(encode(f, N, NULL, 0), CSEAL_OK);
	cseal_buf_init(&whole, 0);
	cseal_buf_add(&whole, f->bytes.data, f->bytes.len);
	for (size_t n = 0; n < whole.len; n++) {
		cseal_buf_reset(&f->bytes);
		cseal_buf_add(&f->bytes, whole.data, n);
		assert_int_equal(parse(f), CSEAL_ERR_FORMAT);
	}
	cseal_buf_reset(&f->bytes);
	cseal_buf_add(&f->bytes, whole.data, whole.len);
	cseal_buf_add_u8(&f->bytes, 0);
	assert_int_equal(parse(f), CSEAL_ERR_FORMAT);
	while (f->bytes.len <= CSEAL_ENVELOPE_PLAIN_MAX)
		cseal_buf_add_u8(&f->bytes, 0);
	assert_int_equal(parse(f), CSEAL_ERR_TOO_LARGE);
	cseal_buf_free(&whole);
}

/* The largest that can be sent goes into one envelope. */
static void
test_largest(void **state)
{
	struct fixture *f = *state;
	const char *const blind[] = { f->list[4].name };

	for (size_t i = 0; i < CSEAL_OPENINGS_MAX; i++) {
		cseal_buf_reset(&f->list[i].value);
		while (f->list[i].value.len < CSEAL_VALUE_MAX)
			cseal_buf_add_u8(&f->list[i].value, 'a');
	}
	assert_int_equal(encode(f, CSEAL_OPENINGS_MAX, blind, 1), CSEAL_OK);
	assert_in_range(f->bytes.len, 1, CSEAL_ENVELOPE_PLAIN_MAX);
	assert_int_equal(parse(f), CSEAL_OK);
	assert_int_equal(
	    cseal_openings_unlock(&f->got,
		(struct cseal_slice[]){ cseal_buf_slice(&f->list[4].value) }, 1,
		&f->err),
	    CSEAL_OK);
	assert_values(f, CSEAL_OPENINGS_MAX, true);
}

#define OPENINGS(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OPENINGS(test_in_clear),
		OPENINGS(test_in_clear_bytes),
		OPENINGS(test_locked),
		OPENINGS(test_locked_hides),
		OPENINGS(test_differs),
		OPENINGS(test_bound),
		OPENINGS(test_as_the_page_says),
		OPENINGS(test_encode_refuses),
		OPENINGS(test_parse_refuses),
		OPENINGS(test_parse_refuses_asked),
		OPENINGS(test_parse_refuses_lengths),
		OPENINGS(test_largest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
