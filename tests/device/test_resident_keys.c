/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Credentials that the token finds by itself, as libfido2 makes and uses
 * them: CTAP 2.1, 6.1.2 step 17, 6.2.2 steps 7, 11 and 12.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <fido.h>
#include <fido/es256.h>

#include <cmocka.h>

#include "device_harness.h"
#include "status.h"

#define RP "example.org"

static const uint8_t client_data_hash[32] = "the hash of some client data...";

struct fixture {
	struct harness *h;
	fido_dev_t *dev;
	fido_assert_t *assertion;
};

static int
set_up(void **state)
{
	static struct fixture f;

	f.h = harness_new("device:", true);
	f.dev = harness_open(f.h);
	f.assertion = NULL;
	*state = &f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	fido_assert_free(&f->assertion);
	harness_close(&f->dev);
	harness_free(f->h);
	return 0;
}

static void
power_cycle(struct fixture *f)
{
	harness_close(&f->dev);
	harness_power_cycle(f->h);
	f->dev = harness_open(f->h);
}

/* The account's number is its user id; its name is made from it. */
static fido_cred_t *
new_cred(const char *rp, uint8_t account)
{
	fido_cred_t *c = fido_cred_new();
	char name[16], display[24];

	snprintf(name, sizeof(name), "user%u", account);
	snprintf(display, sizeof(display), "User %u of %s", account, rp);
	assert_int_equal(fido_cred_set_type(c, COSE_ES256), FIDO_OK);
	assert_int_equal(fido_cred_set_clientdata_hash(
			     c, client_data_hash, sizeof(client_data_hash)),
	    FIDO_OK);
	assert_int_equal(fido_cred_set_rp(c, rp, NULL), FIDO_OK);
	assert_int_equal(
	    fido_cred_set_user(c, &account, 1, name, display, NULL), FIDO_OK);
	assert_int_equal(fido_cred_set_rk(c, FIDO_OPT_TRUE), FIDO_OK);
	assert_int_equal(fido_cred_set_uv(c, FIDO_OPT_TRUE), FIDO_OK);
	return c;
}

static int
make(struct fixture *f, const char *rp, uint8_t account)
{
	fido_cred_t *c = new_cred(rp, account);
	int r = fido_dev_make_cred(f->dev, c, NULL);

	if (r == FIDO_OK)
		assert_int_equal(fido_cred_verify_self(c), FIDO_OK);
	fido_cred_free(&c);
	return r;
}

/* `listed` may be NULL. */
static int
sign(
    struct fixture *f, const char *rp, const fido_cred_t *listed, fido_opt_t uv)
{
	fido_assert_t *a = fido_assert_new();

	assert_int_equal(fido_assert_set_clientdata_hash(
			     a, client_data_hash, sizeof(client_data_hash)),
	    FIDO_OK);
	assert_int_equal(fido_assert_set_rp(a, rp), FIDO_OK);
	assert_int_equal(fido_assert_set_uv(a, uv), FIDO_OK);
	if (listed != NULL)
		assert_int_equal(
		    fido_assert_allow_cred(
			a, fido_cred_id_ptr(listed), fido_cred_id_len(listed)),
		    FIDO_OK);
	fido_assert_free(&f->assertion);
	f->assertion = a;
	return fido_dev_get_assert(f->dev, a, NULL);
}

static void
expect_account(const struct fixture *f, size_t i, uint8_t account, bool names)
{
	const fido_assert_t *a = f->assertion;
	char name[16];

	assert_true(i < fido_assert_count(a));
	assert_int_equal(fido_assert_user_id_len(a, i), 1);
	assert_int_equal(fido_assert_user_id_ptr(a, i)[0], account);
	if (!names) {
		assert_null(fido_assert_user_name(a, i));
		assert_null(fido_assert_user_display_name(a, i));
		return;
	}
	snprintf(name, sizeof(name), "user%u", account);
	assert_string_equal(fido_assert_user_name(a, i), name);
	assert_non_null(fido_assert_user_display_name(a, i));
}

static void
found_without_a_list(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
	    sign(f, RP, NULL, FIDO_OPT_OMIT), FIDO_ERR_NO_CREDENTIALS);
	assert_int_equal(f->h->asked, 0);
	assert_int_equal(make(f, RP, 1), FIDO_OK);
	assert_int_equal(f->h->saved.residents.n, 1);
	assert_int_equal(sign(f, RP, NULL, FIDO_OPT_OMIT), FIDO_OK);
	assert_int_equal(fido_assert_count(f->assertion), 1);
	expect_account(f, 0, 1, false);
	/* One alone needs no name to be chosen by. */
	assert_int_equal(sign(f, RP, NULL, FIDO_OPT_TRUE), FIDO_OK);
	expect_account(f, 0, 1, false);
	assert_int_equal(sign(f, "example.or", NULL, FIDO_OPT_OMIT),
	    FIDO_ERR_NO_CREDENTIALS);
	power_cycle(f);
	assert_int_equal(sign(f, RP, NULL, FIDO_OPT_OMIT), FIDO_OK);
	expect_account(f, 0, 1, false);
}

static void
newest_comes_first(void **state)
{
	struct fixture *f = *state;
	uint32_t last = 0;

	for (uint8_t i = 1; i <= 5; i++) {
		assert_int_equal(make(f, RP, i), FIDO_OK);
		assert_int_equal(make(f, "other.example", i), FIDO_OK);
	}
	power_cycle(f);
	assert_int_equal(sign(f, RP, NULL, FIDO_OPT_OMIT), FIDO_OK);
	assert_int_equal(fido_assert_count(f->assertion), 5);
	for (size_t i = 0; i < 5; i++) {
		expect_account(f, i, (uint8_t)(5 - i), false);
		assert_true(fido_assert_sigcount(f->assertion, i) > last);
		last = fido_assert_sigcount(f->assertion, i);
	}
	/* Names are for verified users. */
	assert_int_equal(sign(f, RP, NULL, FIDO_OPT_TRUE), FIDO_OK);
	for (size_t i = 0; i < 5; i++) {
		expect_account(f, i, (uint8_t)(5 - i), true);
		assert_int_equal(fido_assert_flags(f->assertion, i), 0x05);
	}
}

/* Each signature is by the key that was made for that account. */
static void
each_signs_with_its_own_key(void **state)
{
	struct fixture *f = *state;
	fido_cred_t *c[3];

	for (uint8_t i = 0; i < 3; i++) {
		c[i] = new_cred(RP, i);
		assert_int_equal(
		    fido_dev_make_cred(f->dev, c[i], NULL), FIDO_OK);
	}
	assert_int_equal(sign(f, RP, NULL, FIDO_OPT_OMIT), FIDO_OK);
	for (size_t i = 0; i < 3; i++) {
		es256_pk_t *pk = es256_pk_new();

		assert_int_equal(
		    es256_pk_from_ptr(pk, fido_cred_pubkey_ptr(c[2 - i]),
			fido_cred_pubkey_len(c[2 - i])),
		    FIDO_OK);
		assert_int_equal(
		    fido_assert_verify(f->assertion, i, COSE_ES256, pk),
		    FIDO_OK);
		assert_int_not_equal(fido_assert_verify(f->assertion,
					 (i + 1) % 3, COSE_ES256, pk),
		    FIDO_OK);
		es256_pk_free(&pk);
	}
	for (size_t i = 0; i < 3; i++)
		fido_cred_free(&c[i]);
}

/* With a list there is one answer, and it still names the account. */
static void
listed_ones_work_too(void **state)
{
	struct fixture *f = *state;
	fido_cred_t *c = new_cred(RP, 7);

	assert_int_equal(make(f, RP, 1), FIDO_OK);
	assert_int_equal(fido_dev_make_cred(f->dev, c, NULL), FIDO_OK);
	assert_int_equal(make(f, RP, 2), FIDO_OK);
	assert_int_equal(sign(f, RP, c, FIDO_OPT_TRUE), FIDO_OK);
	assert_int_equal(fido_assert_count(f->assertion), 1);
	expect_account(f, 0, 7, false);
	fido_cred_free(&c);
}

/* A new one for the same account: the old one is no more, listed or not. */
static void
same_account_is_overwritten(void **state)
{
	struct fixture *f = *state;
	fido_cred_t *old = new_cred(RP, 1);

	assert_int_equal(fido_dev_make_cred(f->dev, old, NULL), FIDO_OK);
	assert_int_equal(make(f, RP, 2), FIDO_OK);
	assert_int_equal(make(f, "other.example", 1), FIDO_OK);
	assert_int_equal(sign(f, RP, old, FIDO_OPT_OMIT), FIDO_OK);
	assert_int_equal(make(f, RP, 1), FIDO_OK);
	assert_int_equal(f->h->saved.residents.n, 3);
	assert_int_equal(
	    sign(f, RP, old, FIDO_OPT_OMIT), FIDO_ERR_NO_CREDENTIALS);
	assert_int_equal(sign(f, RP, NULL, FIDO_OPT_OMIT), FIDO_OK);
	assert_int_equal(fido_assert_count(f->assertion), 2);
	expect_account(f, 0, 1, false);
	expect_account(f, 1, 2, false);
	fido_cred_free(&old);
}

static void
full_store_is_told(void **state)
{
	struct fixture *f = *state;
	fido_cred_t *c = new_cred(RP, 200);

	for (uint8_t i = 0; i < RESIDENT_MAX; i++)
		assert_int_equal(make(f, RP, i), FIDO_OK);
	assert_int_equal(make(f, RP, RESIDENT_MAX), FIDO_ERR_KEY_STORE_FULL);
	assert_int_equal(f->h->saved.residents.n, RESIDENT_MAX);
	/* What is not resident needs no room, what is overwritten neither. */
	assert_int_equal(make(f, RP, 3), FIDO_OK);
	assert_int_equal(fido_cred_set_rk(c, FIDO_OPT_FALSE), FIDO_OK);
	assert_int_equal(fido_dev_make_cred(f->dev, c, NULL), FIDO_OK);
	fido_cred_free(&c);
	assert_int_equal(sign(f, RP, NULL, FIDO_OPT_OMIT), FIDO_OK);
	assert_int_equal(fido_assert_count(f->assertion), RESIDENT_MAX);
	expect_account(f, 0, 3, false);
}

static void
nothing_is_kept_that_was_not_stored(void **state)
{
	struct fixture *f = *state;

	f->h->save_fails = true;
	assert_int_equal(make(f, RP, 1), CTAP1_ERR_OTHER);
	f->h->save_fails = false;
	f->h->person = PRESENCE_DENIED;
	assert_int_equal(make(f, RP, 1), FIDO_ERR_OPERATION_DENIED);
	f->h->person = PRESENCE_GRANTED;
	assert_int_equal(
	    sign(f, RP, NULL, FIDO_OPT_OMIT), FIDO_ERR_NO_CREDENTIALS);
	assert_int_equal(f->h->saved.residents.n, 0);
}

static void
reset_ends_them(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(make(f, RP, 1), FIDO_OK);
	assert_int_equal(fido_dev_reset(f->dev), FIDO_OK);
	assert_int_equal(f->h->saved.residents.n, 0);
	assert_int_equal(
	    sign(f, RP, NULL, FIDO_OPT_OMIT), FIDO_ERR_NO_CREDENTIALS);
}

static void
excluded_like_others(void **state)
{
	struct fixture *f = *state;
	fido_cred_t *old = new_cred(RP, 1), *c = new_cred(RP, 2);

	assert_int_equal(fido_dev_make_cred(f->dev, old, NULL), FIDO_OK);
	assert_int_equal(
	    fido_cred_exclude(c, fido_cred_id_ptr(old), fido_cred_id_len(old)),
	    FIDO_OK);
	assert_int_equal(
	    fido_dev_make_cred(f->dev, c, NULL), FIDO_ERR_CREDENTIAL_EXCLUDED);
	assert_int_equal(make(f, RP, 1), FIDO_OK);
	/* Overwritten: no longer there to be excluded. */
	assert_int_equal(fido_dev_make_cred(f->dev, c, NULL), FIDO_OK);
	fido_cred_free(&old);
	fido_cred_free(&c);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(found_without_a_list),
		TEST(newest_comes_first),
		TEST(each_signs_with_its_own_key),
		TEST(listed_ones_work_too),
		TEST(same_account_is_overwritten),
		TEST(full_store_is_told),
		TEST(nothing_is_kept_that_was_not_stored),
		TEST(reset_ends_them),
		TEST(excluded_like_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
