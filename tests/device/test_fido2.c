/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The software token as libfido2 and OpenSSL see it: two implementations
 * that share nothing with it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <fido.h>
#include <fido/es256.h>
#include <openssl/evp.h>

#include <cmocka.h>

#include "device_harness.h"
#include "status.h"

#define RP "example.org"

static const uint8_t client_data_hash[32] = "the hash of some client data...";

struct fixture {
	struct harness *h;
	fido_dev_t *dev;
	fido_cred_t *cred;
	fido_assert_t *assertion;
};

static int
begin(void **state, bool uv)
{
	static struct fixture f;

	f.h = harness_new("device:", uv);
	f.dev = harness_open(f.h);
	f.cred = NULL;
	f.assertion = NULL;
	*state = &f;
	return 0;
}

static int
set_up(void **state)
{
	return begin(state, true);
}

static int
set_up_no_uv(void **state)
{
	return begin(state, false);
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	fido_assert_free(&f->assertion);
	fido_cred_free(&f->cred);
	harness_close(&f->dev);
	harness_free(f->h);
	return 0;
}

static fido_cred_t *
new_cred(struct fixture *f, const char *rp, fido_opt_t uv)
{
	fido_cred_t *c = fido_cred_new();

	assert_non_null(c);
	assert_int_equal(fido_cred_set_type(c, COSE_ES256), FIDO_OK);
	assert_int_equal(fido_cred_set_clientdata_hash(
			     c, client_data_hash, sizeof(client_data_hash)),
	    FIDO_OK);
	assert_int_equal(fido_cred_set_rp(c, rp, NULL), FIDO_OK);
	assert_int_equal(fido_cred_set_user(
			     c, (const uint8_t *)"id", 2, "alice", NULL, NULL),
	    FIDO_OK);
	assert_int_equal(fido_cred_set_uv(c, uv), FIDO_OK);
	fido_cred_free(&f->cred);
	f->cred = c;
	return c;
}

static int
make(struct fixture *f, fido_opt_t uv)
{
	return fido_dev_make_cred(f->dev, new_cred(f, RP, uv), NULL);
}

/* The credential may be of another rp: `rp` is what is asked for. */
static int
sign(struct fixture *f, const char *rp, fido_opt_t up, fido_opt_t uv)
{
	fido_assert_t *a = fido_assert_new();

	assert_non_null(a);
	assert_int_equal(fido_assert_set_clientdata_hash(
			     a, client_data_hash, sizeof(client_data_hash)),
	    FIDO_OK);
	assert_int_equal(fido_assert_set_rp(a, rp), FIDO_OK);
	assert_int_equal(fido_assert_allow_cred(a, fido_cred_id_ptr(f->cred),
			     fido_cred_id_len(f->cred)),
	    FIDO_OK);
	assert_int_equal(fido_assert_set_up(a, up), FIDO_OK);
	assert_int_equal(fido_assert_set_uv(a, uv), FIDO_OK);
	fido_assert_free(&f->assertion);
	f->assertion = a;
	return fido_dev_get_assert(f->dev, a, NULL);
}

static int
verify(const struct fixture *f)
{
	es256_pk_t *pk = es256_pk_new();
	int r;

	assert_int_equal(es256_pk_from_ptr(pk, fido_cred_pubkey_ptr(f->cred),
			     fido_cred_pubkey_len(f->cred)),
	    FIDO_OK);
	r = fido_assert_verify(f->assertion, 0, COSE_ES256, pk);
	es256_pk_free(&pk);
	return r;
}

static void
expect_flags(const struct fixture *f, uint8_t want)
{
	assert_int_equal(fido_assert_count(f->assertion), 1);
	assert_int_equal(fido_assert_flags(f->assertion, 0), want);
	assert_int_equal(verify(f), FIDO_OK);
}

static void
info_through_libfido2(void **state)
{
	const struct fixture *f = *state;
	fido_cbor_info_t *info = fido_cbor_info_new();

	assert_true(fido_dev_is_fido2(f->dev));
	assert_true(fido_dev_has_uv(f->dev));
	assert_false(fido_dev_has_pin(f->dev));
	assert_true(fido_dev_supports_pin(f->dev));
	assert_int_equal(fido_dev_get_cbor_info(f->dev, info), FIDO_OK);
	assert_int_equal(fido_cbor_info_aaguid_len(info), 16);
	assert_memory_equal(
	    fido_cbor_info_aaguid_ptr(info), "cseal-SOFT-token", 16);
	assert_int_equal(fido_cbor_info_maxmsgsiz(info), 7609);
	assert_int_equal(fido_cbor_info_maxcredcntlst(info), 32);
	assert_int_equal(fido_cbor_info_maxcredidlen(info), 128);
	assert_int_equal(fido_cbor_info_algorithm_count(info), 3);
	assert_int_equal(fido_cbor_info_algorithm_cose(info, 0), COSE_ES256);
	assert_int_equal(fido_cbor_info_algorithm_cose(info, 1), COSE_EDDSA);
	assert_int_equal(fido_cbor_info_algorithm_cose(info, 2), COSE_ES384);
	fido_cbor_info_free(&info);
}

static void
attestation_is_its_own(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	assert_string_equal(fido_cred_fmt(f->cred), "packed");
	assert_int_equal(fido_cred_x5c_len(f->cred), 0);
	assert_int_equal(fido_cred_verify_self(f->cred), FIDO_OK);
	assert_memory_equal(
	    fido_cred_aaguid_ptr(f->cred), "cseal-SOFT-token", 16);
	assert_int_equal(fido_cred_flags(f->cred), 0x41);
	assert_false(f->h->last_verify);
	assert_string_equal(f->h->last_rp, RP);
	assert_int_equal(f->h->last_act, ACT_CREATE);
	assert_int_equal(make(f, FIDO_OPT_TRUE), FIDO_OK);
	assert_int_equal(fido_cred_verify_self(f->cred), FIDO_OK);
	assert_int_equal(fido_cred_flags(f->cred), 0x45);
	assert_true(f->h->last_verify);
}

static void
flags_say_what_happened(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	assert_int_equal(sign(f, RP, FIDO_OPT_TRUE, FIDO_OPT_OMIT), FIDO_OK);
	expect_flags(f, 0x01);
	assert_int_equal(f->h->last_act, ACT_SIGN);
	assert_int_equal(sign(f, RP, FIDO_OPT_OMIT, FIDO_OPT_FALSE), FIDO_OK);
	expect_flags(f, 0x01);
	assert_false(f->h->last_verify);
	assert_int_equal(sign(f, RP, FIDO_OPT_TRUE, FIDO_OPT_TRUE), FIDO_OK);
	expect_flags(f, 0x05);
	assert_true(f->h->last_verify);
	assert_int_equal(f->h->asked, 4);
}

static void
silent_assertion_asks_nobody(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	f->h->person = PRESENCE_PENDING;
	assert_int_equal(sign(f, RP, FIDO_OPT_FALSE, FIDO_OPT_OMIT), FIDO_OK);
	expect_flags(f, 0x00);
	assert_int_equal(f->h->asked, 1);
	assert_int_equal(
	    sign(f, "other.example", FIDO_OPT_FALSE, FIDO_OPT_OMIT),
	    FIDO_ERR_NO_CREDENTIALS);
}

static EVP_PKEY *
public_key(const struct fixture *f)
{
	es256_pk_t *pk = es256_pk_new();
	EVP_PKEY *pkey;

	assert_int_equal(es256_pk_from_ptr(pk, fido_cred_pubkey_ptr(f->cred),
			     fido_cred_pubkey_len(f->cred)),
	    FIDO_OK);
	pkey = es256_pk_to_EVP_PKEY(pk);
	es256_pk_free(&pk);
	assert_non_null(pkey);
	return pkey;
}

/* OpenSSL alone, over bytes taken apart by hand. */
static void
signature_verifies_with_openssl(void **state)
{
	struct fixture *f = *state;
	const uint8_t *ad;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY *pkey;
	uint8_t rp_hash[32];

	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	assert_int_equal(sign(f, RP, FIDO_OPT_TRUE, FIDO_OPT_TRUE), FIDO_OK);
	pkey = public_key(f);
	/* libfido2 gives authenticator data in a CBOR byte string. */
	ad = fido_assert_authdata_ptr(f->assertion, 0);
	assert_int_equal(fido_assert_authdata_len(f->assertion, 0), 39);
	assert_memory_equal(ad, "\x58\x25", 2);
	EVP_Digest(RP, strlen(RP), rp_hash, NULL, EVP_sha256(), NULL);
	assert_memory_equal(ad + 2, rp_hash, 32);
	assert_int_equal(
	    EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, pkey), 1);
	assert_int_equal(EVP_DigestVerifyUpdate(ctx, ad + 2, 37), 1);
	assert_int_equal(EVP_DigestVerifyUpdate(ctx, client_data_hash, 32), 1);
	assert_int_equal(
	    EVP_DigestVerifyFinal(ctx, fido_assert_sig_ptr(f->assertion, 0),
		fido_assert_sig_len(f->assertion, 0)),
	    1);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
}

static void
excluded_after_the_touch(void **state)
{
	static const enum presence_answer answers[] = { PRESENCE_GRANTED,
		PRESENCE_DENIED, PRESENCE_PENDING };
	struct fixture *f = *state;
	uint8_t id[128];
	size_t len;

	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	len = fido_cred_id_len(f->cred);
	assert_true(len <= sizeof(id));
	memcpy(id, fido_cred_id_ptr(f->cred), len);
	for (size_t i = 0; i < 3; i++) {
		new_cred(f, RP, FIDO_OPT_OMIT);
		assert_int_equal(fido_cred_exclude(f->cred, id, len), FIDO_OK);
		f->h->person = answers[i];
		assert_int_equal(fido_dev_make_cred(f->dev, f->cred, NULL),
		    FIDO_ERR_CREDENTIAL_EXCLUDED);
		assert_int_equal(f->h->asked, 2 + i);
	}
	new_cred(f, RP, FIDO_OPT_TRUE);
	assert_int_equal(fido_cred_exclude(f->cred, id, len), FIDO_OK);
	f->h->person = PRESENCE_DENIED;
	assert_int_equal(fido_dev_make_cred(f->dev, f->cred, NULL),
	    FIDO_ERR_OPERATION_DENIED);
	f->h->person = PRESENCE_GRANTED;
	assert_int_equal(fido_dev_make_cred(f->dev, f->cred, NULL),
	    FIDO_ERR_CREDENTIAL_EXCLUDED);
	new_cred(f, "other.example", FIDO_OPT_OMIT);
	assert_int_equal(fido_cred_exclude(f->cred, id, len), FIDO_OK);
	assert_int_equal(fido_dev_make_cred(f->dev, f->cred, NULL), FIDO_OK);
}

static void
only_its_own_credentials(void **state)
{
	struct fixture *f = *state;
	struct harness *other = harness_new("device:other", true);

	other->saved.master[0] ^= 1;
	harness_power_cycle(other);
	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	f->h->asked = f->h->forgotten = 0;
	assert_int_equal(sign(f, "other.example", FIDO_OPT_TRUE, FIDO_OPT_OMIT),
	    FIDO_ERR_NO_CREDENTIALS);
	assert_int_equal(f->h->asked, 0);
	/* Verification comes first where it is asked for. */
	assert_int_equal(sign(f, "other.example", FIDO_OPT_TRUE, FIDO_OPT_TRUE),
	    FIDO_ERR_NO_CREDENTIALS);
	assert_int_equal(f->h->asked, 1);
	harness_close(&f->dev);
	f->dev = harness_open(other);
	assert_int_equal(
	    sign(f, RP, FIDO_OPT_TRUE, FIDO_OPT_OMIT), FIDO_ERR_NO_CREDENTIALS);
	harness_close(&f->dev);
	f->dev = harness_open(f->h);
	harness_free(other);
}

static void
unsupported_things(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(make(f, FIDO_OPT_TRUE), FIDO_ERR_PIN_REQUIRED);
	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	assert_int_equal(
	    sign(f, RP, FIDO_OPT_TRUE, FIDO_OPT_TRUE), FIDO_ERR_PIN_REQUIRED);
	assert_false(fido_dev_has_uv(f->dev));
}

static void
persons_who_do_not_touch(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	f->h->person = PRESENCE_DENIED;
	assert_int_equal(sign(f, RP, FIDO_OPT_TRUE, FIDO_OPT_OMIT),
	    FIDO_ERR_OPERATION_DENIED);
	f->h->person = PRESENCE_PENDING;
	assert_int_equal(sign(f, RP, FIDO_OPT_TRUE, FIDO_OPT_TRUE),
	    FIDO_ERR_USER_ACTION_TIMEOUT);
	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_ERR_USER_ACTION_TIMEOUT);
	f->h->person = PRESENCE_DENIED;
	assert_int_equal(make(f, FIDO_OPT_TRUE), FIDO_ERR_OPERATION_DENIED);
	/* Nobody touched, so nothing was counted. */
	assert_int_equal(f->h->saved.counter, 1);
}

static void
cancel(void *dev)
{
	assert_int_equal(fido_dev_cancel(dev), FIDO_OK);
}

static void
cancel_from_the_host(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	f->h->person = PRESENCE_PENDING;
	f->h->event = cancel;
	f->h->event_arg = f->dev;
	f->h->event_at = f->h->now + 1234;
	assert_int_equal(sign(f, RP, FIDO_OPT_TRUE, FIDO_OPT_OMIT),
	    FIDO_ERR_KEEPALIVE_CANCEL);
	assert_int_equal(f->h->asked, f->h->forgotten);
	f->h->person = PRESENCE_GRANTED;
	assert_int_equal(sign(f, RP, FIDO_OPT_TRUE, FIDO_OPT_OMIT), FIDO_OK);
}

static void
counter_rises_over_power_cycles(void **state)
{
	struct fixture *f = *state;
	uint32_t last;

	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	last = fido_cred_sigcount(f->cred);
	for (unsigned int i = 0; i < 6; i++) {
		const fido_opt_t up =
		    (i & 1) == 0 ? FIDO_OPT_TRUE : FIDO_OPT_FALSE;

		assert_int_equal(sign(f, RP, up, FIDO_OPT_OMIT), FIDO_OK);
		assert_int_equal(
		    fido_assert_sigcount(f->assertion, 0), last + 1);
		last++;
		/* Saved, at the latest, when the reply went out. */
		assert_int_equal(f->h->saved.counter, last);
		if (i % 2 == 1) {
			harness_close(&f->dev);
			harness_power_cycle(f->h);
			f->dev = harness_open(f->h);
		}
	}
}

/* No signature leaves with a counter that could come again. */
static void
nothing_is_signed_without_storage(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	f->h->save_fails = true;
	assert_int_equal(
	    sign(f, RP, FIDO_OPT_TRUE, FIDO_OPT_OMIT), CTAP1_ERR_OTHER);
	assert_int_equal(make(f, FIDO_OPT_OMIT), CTAP1_ERR_OTHER);
	assert_int_equal(fido_dev_reset(f->dev), CTAP1_ERR_OTHER);
	f->h->save_fails = false;
	f->h->random_fails = true;
	assert_int_equal(make(f, FIDO_OPT_OMIT), CTAP1_ERR_OTHER);
	assert_int_equal(fido_dev_reset(f->dev), CTAP1_ERR_OTHER);
}

static void
counter_ends_rather_than_wraps(void **state)
{
	struct fixture *f = *state;

	f->h->saved.counter = UINT32_MAX - 2;
	harness_close(&f->dev);
	harness_power_cycle(f->h);
	f->dev = harness_open(f->h);
	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	assert_int_equal(sign(f, RP, FIDO_OPT_TRUE, FIDO_OPT_OMIT), FIDO_OK);
	assert_int_equal(fido_assert_sigcount(f->assertion, 0), UINT32_MAX);
	assert_int_equal(
	    sign(f, RP, FIDO_OPT_TRUE, FIDO_OPT_OMIT), CTAP1_ERR_OTHER);
	assert_int_equal(f->h->saved.counter, UINT32_MAX);
}

static void
reset_ends_all_credentials(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	f->h->person = PRESENCE_DENIED;
	assert_int_equal(fido_dev_reset(f->dev), FIDO_ERR_OPERATION_DENIED);
	f->h->person = PRESENCE_GRANTED;
	assert_int_equal(sign(f, RP, FIDO_OPT_TRUE, FIDO_OPT_OMIT), FIDO_OK);
	assert_int_equal(fido_dev_reset(f->dev), FIDO_OK);
	assert_int_equal(f->h->last_act, ACT_RESET);
	assert_int_equal(
	    sign(f, RP, FIDO_OPT_TRUE, FIDO_OPT_OMIT), FIDO_ERR_NO_CREDENTIALS);
	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	assert_int_equal(fido_cred_sigcount(f->cred), 3);
}

static void
reset_only_after_power_on(void **state)
{
	struct fixture *f = *state;

	f->h->now += DEVICE_RESET_MS;
	assert_int_equal(fido_dev_reset(f->dev), FIDO_OK);
	f->h->now++;
	assert_int_equal(fido_dev_reset(f->dev), FIDO_ERR_NOT_ALLOWED);
	harness_close(&f->dev);
	harness_power_cycle(f->h);
	f->dev = harness_open(f->h);
	assert_int_equal(fido_dev_reset(f->dev), FIDO_OK);
	f->h->model.late_reset = true;
	harness_close(&f->dev);
	harness_power_cycle(f->h);
	f->dev = harness_open(f->h);
	f->h->now += 100 * (uint64_t)DEVICE_RESET_MS;
	assert_int_equal(fido_dev_reset(f->dev), FIDO_OK);
}

static void
same_chance_same_key(void **state)
{
	struct fixture *f = *state;
	uint8_t first[64];

	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	assert_int_equal(fido_cred_pubkey_len(f->cred), sizeof(first));
	memcpy(first, fido_cred_pubkey_ptr(f->cred), sizeof(first));
	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	assert_memory_not_equal(
	    fido_cred_pubkey_ptr(f->cred), first, sizeof(first));
	tear_down(state);
	set_up(state);
	assert_int_equal(make(f, FIDO_OPT_OMIT), FIDO_OK);
	assert_memory_equal(
	    fido_cred_pubkey_ptr(f->cred), first, sizeof(first));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(info_through_libfido2),
		TEST(attestation_is_its_own),
		TEST(flags_say_what_happened),
		TEST(silent_assertion_asks_nobody),
		TEST(signature_verifies_with_openssl),
		TEST(excluded_after_the_touch),
		TEST(only_its_own_credentials),
		cmocka_unit_test_setup_teardown(
		    unsupported_things, set_up_no_uv, tear_down),
		TEST(persons_who_do_not_touch),
		TEST(cancel_from_the_host),
		TEST(counter_rises_over_power_cycles),
		TEST(nothing_is_signed_without_storage),
		TEST(counter_ends_rather_than_wraps),
		TEST(reset_ends_all_credentials),
		TEST(reset_only_after_power_on),
		TEST(same_chance_same_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
