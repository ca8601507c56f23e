/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * User verification in makeCredential, step by step: CTAP 2.1, section
 * 6.1.2.
 */
#include "pin_fixture.h"

#define RK    "\xa1\x62rk\xf5"
#define UV    "\xa1\x62uv\xf5"
#define RK_UV "\xa2\x62rk\xf5\x62uv\xf5"
#define UP    0x01
#define UP_UV 0x05

static void
with_options(struct request *q, const char *options)
{
	request_make(q, REQUEST_RP);
	if (options != NULL)
		request_raw(q, 0x07, options, strlen(options));
}

static void
with_token(const struct fixture *f, struct request *q, const char *options)
{
	with_options(q, options);
	client_auth(&f->c, q, 0x08, request_hash, sizeof(request_hash));
}

/* It works, and the flags are these. */
static void
expect_flags(struct fixture *f, const struct request *q, uint8_t want)
{
	struct harness_message reply;

	assert_int_equal(request_run(f->h, q, &reply), CTAP2_OK);
	assert_int_equal(request_flags(&reply) & 0x3f, want);
}

static void
get_token(struct fixture *f)
{
	assert_int_equal(
	    client_token(&f->c, PIN, PINUV_MC, REQUEST_RP), CTAP2_OK);
}

/* Step 1: whose key is meant, for clients of CTAP 2.0. */
static void
empty_param_chooses_a_key(void **state)
{
	struct fixture *f = *state;
	struct request q;

	with_options(&q, NULL);
	request_bytes(&q, 0x08, "", 0);
	request_expect(f->h, &q, CTAP2_ERR_PIN_NOT_SET);
	assert_int_equal(f->h->last_act, ACT_SELECT);
	request_uint(&q, 0x09, f->c.protocol);
	f->h->person = PRESENCE_DENIED;
	request_expect(f->h, &q, CTAP2_ERR_OPERATION_DENIED);
	f->h->person = PRESENCE_PENDING;
	request_expect(f->h, &q, CTAP2_ERR_OPERATION_DENIED);
	f->h->person = PRESENCE_GRANTED;
	assert_int_equal(client_set_pin(&f->c, PIN), CTAP2_OK);
	request_expect(f->h, &q, CTAP2_ERR_PIN_INVALID);
	assert_int_equal(client_pin_retries(f->h, NULL), 8);
	assert_int_equal(f->h->asked, 4);
}

/* Step 2, before a person is asked. */
static void
protocol_of_the_param(void **state)
{
	struct fixture *f = *state;
	struct request q;

	with_options(&q, NULL);
	request_bytes(&q, 0x08, "x", 1);
	request_expect(f->h, &q, CTAP2_ERR_MISSING_PARAMETER);
	request_uint(&q, 0x09, 3);
	request_expect(f->h, &q, CTAP1_ERR_INVALID_PARAMETER);
	assert_int_equal(f->h->asked, 0);
}

/* Step 5: a token takes precedence over the option. */
static void
uv_option(void **state)
{
	struct fixture *f = *state;
	struct request q;

	with_options(&q, UV);
	request_expect(f->h, &q, CTAP2_ERR_INVALID_OPTION);
	get_token(f);
	with_token(f, &q, UV);
	expect_flags(f, &q, UP_UV);
	assert_int_equal(f->h->asked, 1);
	assert_false(f->h->last_verify);
}

/* Step 7: makeCredUvNotRqd, but not for a discoverable credential. */
static void
discoverable_ones_want_a_pin(void **state)
{
	struct fixture *f = *state;
	struct request q;

	with_options(&q, NULL);
	expect_flags(f, &q, UP);
	with_options(&q, RK);
	request_expect(f->h, &q, CTAP2_ERR_PUAT_REQUIRED);
	get_token(f);
	with_token(f, &q, RK);
	expect_flags(f, &q, UP_UV);
	assert_int_equal(f->h->saved.residents.n, 1);
}

static void
discoverable_ones_want_verification(void **state)
{
	struct fixture *f = *state;
	struct request q;

	with_options(&q, RK);
	request_expect(f->h, &q, CTAP2_ERR_OPERATION_DENIED);
	assert_int_equal(f->h->asked, 0);
	with_options(&q, RK_UV);
	expect_flags(f, &q, UP_UV);
}

static void
nothing_protects_a_key_without_both(void **state)
{
	struct fixture *f = *state;
	struct request q;

	with_options(&q, RK);
	expect_flags(f, &q, UP);
	/* Step 11 does not apply, so the param says nothing. */
	with_token(f, &q, NULL);
	expect_flags(f, &q, UP);
}

/* Steps 11.1.1 to 11.1.3. */
static void
params_that_verify_nothing(void **state)
{
	struct fixture *f = *state;
	struct request q;
	uint8_t mac[32], hash[32];
	size_t n;

	with_token(f, &q, NULL);
	request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
	get_token(f);
	n = client_mac(
	    &f->c, f->c.token, request_hash, sizeof(request_hash), mac);
	for (size_t i = 0; i < n; i++) {
		with_options(&q, NULL);
		mac[i] ^= 0x80;
		request_bytes(&q, 0x08, mac, n);
		mac[i] ^= 0x80;
		request_uint(&q, 0x09, f->c.protocol);
		request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
	}
	/* Too short, too long for any protocol, of other data. */
	for (size_t len = 1; len < sizeof(q.data); len = len * 3 + 5) {
		uint8_t long_mac[512] = { 0 };

		if (len > sizeof(long_mac))
			break;
		memcpy(long_mac, mac, n);
		with_options(&q, NULL);
		request_bytes(&q, 0x08, long_mac, len == n ? n - 1 : len);
		request_uint(&q, 0x09, f->c.protocol);
		request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
	}
	memcpy(hash, request_hash, sizeof(hash));
	hash[31] ^= 1;
	with_options(&q, NULL);
	client_auth(&f->c, &q, 0x08, hash, sizeof(hash));
	request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(f->h->asked, 0);
	/* The token outlives them. */
	with_token(f, &q, NULL);
	expect_flags(f, &q, UP_UV);
}

/* Steps 13 and 14: the touch that verified is the touch. */
static void
built_in_verification(void **state)
{
	struct fixture *f = *state;
	struct request q;

	with_options(&q, UV);
	expect_flags(f, &q, UP_UV);
	assert_int_equal(f->h->asked, 1);
	assert_int_equal(f->h->last_act, ACT_CREATE);
	assert_true(f->h->last_verify);
}

/* Step 11.2.3. */
static void
built_in_verification_fails(void **state)
{
	struct fixture *f = *state;
	struct request q;

	with_options(&q, UV);
	f->h->person = PRESENCE_PENDING;
	request_expect(f->h, &q, CTAP2_ERR_USER_ACTION_TIMEOUT);
	f->h->person = PRESENCE_DENIED;
	request_expect(f->h, &q, CTAP2_ERR_OPERATION_DENIED);
	f->h->person = PRESENCE_STRANGER;
	for (int i = 0; i < 4; i++)
		request_expect(f->h, &q, CTAP2_ERR_OPERATION_DENIED);
	request_expect(f->h, &q, CTAP2_ERR_PIN_BLOCKED);
	f->h->asked = f->h->forgotten = 0;
	f->h->person = PRESENCE_GRANTED;
	request_expect(f->h, &q, CTAP2_ERR_PIN_BLOCKED);
	assert_int_equal(f->h->asked, 0);
	/* A stranger can touch. */
	f->h->person = PRESENCE_STRANGER;
	with_options(&q, NULL);
	expect_flags(f, &q, UP);
	assert_int_equal(f->h->saved.counter, 1);
}

/* Step 14.1: presence came with the token, for 30 seconds and once. */
static void
presence_of_the_token(void **state)
{
	struct fixture *f = *state;
	struct request q;

	assert_int_equal(
	    client_token_uv(&f->c, PINUV_MC, REQUEST_RP), CTAP2_OK);
	f->h->now += PINUV_PRESENT_MS - 1;
	with_token(f, &q, NULL);
	expect_flags(f, &q, UP_UV);
	assert_int_equal(f->h->asked, 1);
	request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(
	    client_token_uv(&f->c, PINUV_MC | PINUV_GA, REQUEST_RP), CTAP2_OK);
	/* Used, so that it lives on. */
	f->h->now += PINUV_PRESENT_MS - 1;
	request_get(&q, REQUEST_RP, (const uint8_t *)"none", 4);
	client_auth(&f->c, &q, 0x06, request_hash, sizeof(request_hash));
	request_expect(f->h, &q, CTAP2_ERR_NO_CREDENTIALS);
	f->h->now++;
	with_token(f, &q, NULL);
	expect_flags(f, &q, UP_UV);
	assert_int_equal(f->h->asked, 3);
	assert_int_equal(f->h->last_act, ACT_CREATE);
	assert_false(f->h->last_verify);
}

/* Step 14.2: another's request has no part in it. */
static void
presence_is_not_for_others(void **state)
{
	struct fixture *f = *state;
	struct request q;

	assert_int_equal(
	    client_token_uv(&f->c, PINUV_MC, REQUEST_RP), CTAP2_OK);
	with_options(&q, NULL);
	expect_flags(f, &q, UP);
	assert_int_equal(f->h->asked, 2);
}

/* Step 13 goes past 14.4: a token lives on. */
static void
verification_leaves_the_token(void **state)
{
	struct fixture *f = *state;
	struct request q;

	assert_int_equal(
	    client_token_uv(&f->c, PINUV_MC, REQUEST_RP), CTAP2_OK);
	with_options(&q, UV);
	expect_flags(f, &q, UP_UV);
	with_token(f, &q, NULL);
	expect_flags(f, &q, UP_UV);
	assert_int_equal(f->h->asked, 2);
}

/* Makes a credential and puts it on the exclude list of *q. */
static void
exclude(struct fixture *f, struct request *q)
{
	static const char type[] = "\x64type\x6apublic-key";
	struct harness_message reply;
	const uint8_t *id;
	size_t n;

	with_options(q, NULL);
	assert_int_equal(request_run(f->h, q, &reply), CTAP2_OK);
	id = request_id(&reply, &n);
	request_make(q, REQUEST_RP);
	request_raw(q, 0x05, "\x81\xa2\x62id", 5);
	request_put_bytes(q, id, n);
	request_put(q, type, sizeof(type) - 1);
	f->h->asked = f->h->forgotten = 0;
}

/* Step 12: no second touch where there was one. */
static void
excluded_with_a_token(void **state)
{
	struct fixture *f = *state;
	struct request q;

	exclude(f, &q);
	assert_int_equal(
	    client_token_uv(&f->c, PINUV_MC, REQUEST_RP), CTAP2_OK);
	client_auth(&f->c, &q, 0x08, request_hash, sizeof(request_hash));
	request_expect(f->h, &q, CTAP2_ERR_CREDENTIAL_EXCLUDED);
	assert_int_equal(f->h->asked, 1);
	f->h->now += PINUV_PRESENT_MS;
	request_expect(f->h, &q, CTAP2_ERR_CREDENTIAL_EXCLUDED);
	assert_int_equal(f->h->asked, 2);
}

static void
excluded_with_a_pin(void **state)
{
	struct fixture *f = *state;
	struct request q;

	exclude(f, &q);
	get_token(f);
	client_auth(&f->c, &q, 0x08, request_hash, sizeof(request_hash));
	f->h->person = PRESENCE_DENIED;
	request_expect(f->h, &q, CTAP2_ERR_CREDENTIAL_EXCLUDED);
	assert_int_equal(f->h->asked, 1);
}

/* Whatever was refused leaves nothing behind. */
static void
refused_touch(void **state)
{
	struct fixture *f = *state;
	struct request q;

	get_token(f);
	with_token(f, &q, RK);
	f->h->person = PRESENCE_DENIED;
	request_expect(f->h, &q, CTAP2_ERR_OPERATION_DENIED);
	f->h->person = PRESENCE_PENDING;
	request_expect(f->h, &q, CTAP2_ERR_USER_ACTION_TIMEOUT);
	assert_int_equal(f->h->saved.residents.n, 0);
	/* The token is not used up by a touch that did not come. */
	f->h->person = PRESENCE_GRANTED;
	expect_flags(f, &q, UP_UV);
}

static void
toggle_always_uv(struct fixture *f)
{
	struct request q;

	/* Before there is anybody to be verified, or with a token. */
	request_begin(&q, 0x0d);
	request_uint(&q, 0x01, 0x02);
	request_expect(f->h, &q, CTAP2_OK);
}

/* Step 6.2 and 6.4.1. */
static void
always_uv_with_a_pin(void **state)
{
	struct fixture *f = *state;
	struct request q;

	toggle_always_uv(f);
	with_options(&q, NULL);
	request_expect(f->h, &q, CTAP2_ERR_PUAT_REQUIRED);
	assert_int_equal(client_set_pin(&f->c, PIN), CTAP2_OK);
	request_expect(f->h, &q, CTAP2_ERR_PUAT_REQUIRED);
	with_options(&q, UV);
	request_expect(f->h, &q, CTAP2_ERR_INVALID_OPTION);
	assert_int_equal(f->h->asked, 0);
	get_token(f);
	with_token(f, &q, NULL);
	expect_flags(f, &q, UP_UV);
}

/* Step 6.2.2: nothing could ever satisfy it. */
static void
always_uv_without_a_pin(void **state)
{
	struct fixture *f = *state;
	struct request q;

	f->h->model.no_pin = true;
	restart(f);
	toggle_always_uv(f);
	with_options(&q, NULL);
	request_expect(f->h, &q, CTAP2_ERR_OPERATION_DENIED);
	toggle_always_uv(f);
	expect_flags(f, &q, UP);
}

/* Step 6.3: as if the option were there. */
static void
always_uv_built_in(void **state)
{
	struct fixture *f = *state;
	struct request q;

	f->h->saved.always_uv = true;
	restart(f);
	with_options(&q, NULL);
	expect_flags(f, &q, UP_UV);
	assert_true(f->h->last_verify);
	f->h->person = PRESENCE_STRANGER;
	request_expect(f->h, &q, CTAP2_ERR_OPERATION_DENIED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(empty_param_chooses_a_key, set_up),
		BOTH(protocol_of_the_param, set_up_pin),
		BOTH(uv_option, set_up_pin),
		BOTH(discoverable_ones_want_a_pin, set_up_pin),
		BOTH(discoverable_ones_want_verification, set_up_uv),
		BOTH(nothing_protects_a_key_without_both, set_up),
		BOTH(params_that_verify_nothing, set_up_pin),
		BOTH(built_in_verification, set_up_uv),
		BOTH(built_in_verification_fails, set_up_uv_pin),
		BOTH(presence_of_the_token, set_up_uv),
		BOTH(presence_is_not_for_others, set_up_uv),
		BOTH(verification_leaves_the_token, set_up_uv),
		BOTH(excluded_with_a_token, set_up_uv),
		BOTH(excluded_with_a_pin, set_up_pin),
		BOTH(refused_touch, set_up_pin),
		BOTH(always_uv_with_a_pin, set_up),
		BOTH(always_uv_without_a_pin, set_up),
		BOTH(always_uv_built_in, set_up_uv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
