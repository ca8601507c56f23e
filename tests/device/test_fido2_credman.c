/* SPDX-License-Identifier: BSD-2-Clause */
/* credentialManagement and hmac-secret as libfido2 uses them, with a PIN. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <fido.h>
#include <fido/credman.h>

#include <cmocka.h>

#include "device_harness.h"

#define RP    "example.org"
#define OTHER "other.example"
#define PIN   "a PIN"
#define SALT  32

static const uint8_t client_data_hash[32] = "the hash of some client data...";

struct fixture {
	struct harness *h;
	fido_dev_t *dev;
};

static int
set_up(void **state)
{
	static struct fixture f;

	f.h = harness_new("device:", false);
	f.dev = harness_open(f.h);
	assert_int_equal(fido_dev_set_pin(f.dev, PIN, NULL), FIDO_OK);
	/* What it is capable of is read when it is opened. */
	harness_close(&f.dev);
	f.dev = harness_open(f.h);
	*state = &f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	harness_close(&f->dev);
	harness_free(f->h);
	return 0;
}

static fido_cred_t *
make(struct fixture *f, const char *rp, uint8_t account, const char *name)
{
	fido_cred_t *c = fido_cred_new();

	assert_int_equal(fido_cred_set_type(c, COSE_ES256), FIDO_OK);
	assert_int_equal(fido_cred_set_clientdata_hash(
			     c, client_data_hash, sizeof(client_data_hash)),
	    FIDO_OK);
	assert_int_equal(fido_cred_set_rp(c, rp, NULL), FIDO_OK);
	assert_int_equal(
	    fido_cred_set_user(c, &account, 1, name, NULL, NULL), FIDO_OK);
	assert_int_equal(fido_cred_set_rk(c, FIDO_OPT_TRUE), FIDO_OK);
	assert_int_equal(
	    fido_cred_set_extensions(c, FIDO_EXT_HMAC_SECRET), FIDO_OK);
	assert_int_equal(fido_dev_make_cred(f->dev, c, PIN), FIDO_OK);
	assert_int_equal(fido_cred_verify_self(c), FIDO_OK);
	return c;
}

static void
expect_count(struct fixture *f, uint64_t want)
{
	fido_credman_metadata_t *m = fido_credman_metadata_new();

	assert_int_equal(
	    fido_credman_get_dev_metadata(f->dev, m, PIN), FIDO_OK);
	assert_int_equal(fido_credman_rk_existing(m), want);
	assert_int_equal(fido_credman_rk_remaining(m), RESIDENT_MAX - want);
	fido_credman_metadata_free(&m);
}

static void
rps_and_their_credentials(void **state)
{
	struct fixture *f = *state;
	fido_cred_t *a = make(f, RP, 1, "anna"), *b = make(f, RP, 2, "berta"),
		    *c = make(f, OTHER, 1, "anna");
	fido_credman_rp_t *rp = fido_credman_rp_new();
	fido_credman_rk_t *rk = fido_credman_rk_new();

	assert_true(fido_dev_supports_credman(f->dev));
	expect_count(f, 3);
	assert_int_equal(fido_credman_get_dev_rp(f->dev, rp, PIN), FIDO_OK);
	assert_int_equal(fido_credman_rp_count(rp), 2);
	assert_string_equal(fido_credman_rp_id(rp, 0), RP);
	assert_string_equal(fido_credman_rp_id(rp, 1), OTHER);
	assert_int_equal(fido_credman_get_dev_rk(f->dev, RP, rk, PIN), FIDO_OK);
	assert_int_equal(fido_credman_rk_count(rk), 2);
	assert_string_equal(
	    fido_cred_user_name(fido_credman_rk(rk, 0)), "anna");
	assert_string_equal(
	    fido_cred_user_name(fido_credman_rk(rk, 1)), "berta");
	assert_memory_equal(fido_cred_pubkey_ptr(fido_credman_rk(rk, 1)),
	    fido_cred_pubkey_ptr(b), fido_cred_pubkey_len(b));
	assert_int_equal(
	    fido_credman_get_dev_rp(f->dev, rp, "wrong"), FIDO_ERR_PIN_INVALID);
	fido_credman_rk_free(&rk);
	fido_credman_rp_free(&rp);
	fido_cred_free(&a);
	fido_cred_free(&b);
	fido_cred_free(&c);
}

static void
renamed_and_deleted(void **state)
{
	struct fixture *f = *state;
	fido_cred_t *a = make(f, RP, 1, "anna"), *renamed = fido_cred_new();
	fido_credman_rk_t *rk = fido_credman_rk_new();
	const uint8_t account = 1;

	assert_int_equal(
	    fido_cred_set_id(renamed, fido_cred_id_ptr(a), fido_cred_id_len(a)),
	    FIDO_OK);
	assert_int_equal(fido_cred_set_user(
			     renamed, &account, 1, "annika", "Annika B.", NULL),
	    FIDO_OK);
	assert_int_equal(
	    fido_credman_set_dev_rk(f->dev, renamed, PIN), FIDO_OK);
	assert_int_equal(fido_credman_get_dev_rk(f->dev, RP, rk, PIN), FIDO_OK);
	assert_string_equal(
	    fido_cred_user_name(fido_credman_rk(rk, 0)), "annika");
	assert_string_equal(
	    fido_cred_display_name(fido_credman_rk(rk, 0)), "Annika B.");
	assert_int_equal(fido_credman_del_dev_rk(f->dev, fido_cred_id_ptr(a),
			     fido_cred_id_len(a), "wrong"),
	    FIDO_ERR_PIN_INVALID);
	assert_int_equal(fido_credman_del_dev_rk(f->dev, fido_cred_id_ptr(a),
			     fido_cred_id_len(a), PIN),
	    FIDO_OK);
	assert_int_equal(fido_credman_del_dev_rk(f->dev, fido_cred_id_ptr(a),
			     fido_cred_id_len(a), PIN),
	    FIDO_ERR_NO_CREDENTIALS);
	expect_count(f, 0);
	fido_credman_rk_free(&rk);
	fido_cred_free(&renamed);
	fido_cred_free(&a);
}

static fido_assert_t *
secret(struct fixture *f, const uint8_t *salt, size_t n, const char *pin)
{
	fido_assert_t *a = fido_assert_new();

	assert_int_equal(fido_assert_set_clientdata_hash(
			     a, client_data_hash, sizeof(client_data_hash)),
	    FIDO_OK);
	assert_int_equal(fido_assert_set_rp(a, RP), FIDO_OK);
	assert_int_equal(
	    fido_assert_set_extensions(a, FIDO_EXT_HMAC_SECRET), FIDO_OK);
	assert_int_equal(fido_assert_set_hmac_salt(a, salt, n), FIDO_OK);
	assert_int_equal(fido_dev_get_assert(f->dev, a, pin), FIDO_OK);
	assert_int_equal(fido_assert_hmac_secret_len(a, 0), n);
	return a;
}

static void
secrets_of_one_salt_and_two(void **state)
{
	static const uint8_t salts[2 * SALT] = "one salt and another";
	struct fixture *f = *state;
	fido_cred_t *c = make(f, RP, 1, "anna");
	fido_assert_t *one = secret(f, salts, SALT, PIN);
	fido_assert_t *two = secret(f, salts, 2 * SALT, PIN);
	fido_assert_t *unverified = secret(f, salts, SALT, NULL);

	assert_memory_equal(fido_assert_hmac_secret_ptr(one, 0),
	    fido_assert_hmac_secret_ptr(two, 0), SALT);
	assert_memory_not_equal(fido_assert_hmac_secret_ptr(two, 0),
	    fido_assert_hmac_secret_ptr(two, 0) + SALT, SALT);
	assert_memory_not_equal(fido_assert_hmac_secret_ptr(one, 0),
	    fido_assert_hmac_secret_ptr(unverified, 0), SALT);
	fido_assert_free(&one);
	fido_assert_free(&two);
	fido_assert_free(&unverified);
	fido_cred_free(&c);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rps_and_their_credentials),
		TEST(renamed_and_deleted),
		TEST(secrets_of_one_salt_and_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
