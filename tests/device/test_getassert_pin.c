/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * User verification in getAssertion, step by step: CTAP 2.1, section 6.2.2.
 */
#include "pin_fixture.h"

#define UV	 "\xa1\x62uv\xf5"
#define UP_NO	 "\xa1\x62up\xf4"
#define UP_NO_UV "\xa2\x62up\xf4\x62uv\xf5"
#define RK	 "\xa1\x62rk\xf5"

enum flag { NONE = 0, UP = 1, UP_UV = 5, UV_ONLY = 4 };

/* The credential that all tests ask for. */
static uint8_t id[256];
static size_t id_len;

static void
make(struct fixture *f)
{
	struct request q;
	struct harness_message reply;
	const uint8_t *p;

	request_make(&q, REQUEST_RP);
	assert_int_equal(request_run(f->h, &q, &reply), CTAP2_OK);
	p = request_id(&reply, &id_len);
	assert_true(id_len <= sizeof(id));
	memcpy(id, p, id_len);
	f->h->asked = f->h->forgotten = 0;
}

static int
begin(void **state)
{
	set_up(state);
	make(*state);
	return 0;
}

static int
begin_pin(void **state)
{
	set_up_pin(state);
	make(*state);
	return 0;
}

static int
begin_uv(void **state)
{
	set_up_uv(state);
	make(*state);
	return 0;
}

static int
begin_uv_pin(void **state)
{
	set_up_uv_pin(state);
	make(*state);
	return 0;
}

static void
with_options(struct request *q, const char *options)
{
	request_get(q, REQUEST_RP, id, id_len);
	if (options != NULL)
		request_raw(q, 0x05, options, strlen(options));
}

static void
with_token(const struct fixture *f, struct request *q, const char *options)
{
	with_options(q, options);
	client_auth(&f->c, q, 0x06, request_hash, sizeof(request_hash));
}

static void
expect_flags(struct fixture *f, const struct request *q, enum flag want)
{
	struct harness_message reply;

	assert_int_equal(request_run(f->h, q, &reply), CTAP2_OK);
	assert_int_equal(request_flags(&reply), want);
}

static void
get_token(struct fixture *f)
{
	assert_int_equal(
	    client_token(&f->c, PIN, PINUV_GA, REQUEST_RP), CTAP2_OK);
}

/* Step 1. */
static void
empty_param_chooses_a_key(void **state)
{
	struct fixture *f = *state;
	struct request q;

	with_options(&q, NULL);
	request_bytes(&q, 0x06, "", 0);
	request_expect(f->h, &q, CTAP2_ERR_PIN_NOT_SET);
	assert_int_equal(f->h->last_act, ACT_SELECT);
	f->h->person = PRESENCE_DENIED;
	request_expect(f->h, &q, CTAP2_ERR_OPERATION_DENIED);
	f->h->person = PRESENCE_PENDING;
	request_expect(f->h, &q, CTAP2_ERR_OPERATION_DENIED);
	f->h->person = PRESENCE_GRANTED;
	assert_int_equal(client_set_pin(&f->c, PIN), CTAP2_OK);
	request_expect(f->h, &q, CTAP2_ERR_PIN_INVALID);
	assert_int_equal(f->h->asked, 4);
}

/* Step 2. */
static void
protocol_of_the_param(void **state)
{
	struct fixture *f = *state;
	struct request q;

	with_options(&q, NULL);
	request_bytes(&q, 0x06, "x", 1);
	request_expect(f->h, &q, CTAP2_ERR_MISSING_PARAMETER);
	request_uint(&q, 0x07, 0);
	request_expect(f->h, &q, CTAP1_ERR_INVALID_PARAMETER);
	assert_int_equal(f->h->asked, 0);
}

/* Step 4. */
static void
options(void **state)
{
	struct fixture *f = *state;
	struct request q;

	with_options(&q, UV);
	request_expect(f->h, &q, CTAP2_ERR_INVALID_OPTION);
	with_options(&q, RK);
	request_expect(f->h, &q, CTAP2_ERR_UNSUPPORTED_OPTION);
	get_token(f);
	with_token(f, &q, UV);
	expect_flags(f, &q, UP_UV);
	assert_false(f->h->last_verify);
}

/* A PIN that is set does not make it mandatory here. */
static void
without_verification(void **state)
{
	struct fixture *f = *state;
	struct request q;

	with_options(&q, NULL);
	expect_flags(f, &q, UP);
	with_options(&q, UP_NO);
	expect_flags(f, &q, NONE);
	assert_int_equal(f->h->asked, 1);
}

/* Steps 6.1 and 9. */
static void
with_a_pin(void **state)
{
	struct fixture *f = *state;
	struct request q;

	with_token(f, &q, NULL);
	request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
	get_token(f);
	f->c.token[0] ^= 1;
	with_token(f, &q, NULL);
	request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
	f->c.token[0] ^= 1;
	assert_int_equal(f->h->asked, 0);
	with_token(f, &q, NULL);
	expect_flags(f, &q, UP_UV);
	assert_int_equal(f->h->asked, 1);
	assert_int_equal(f->h->last_act, ACT_SIGN);
	/* Step 9.4. */
	request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
}

/* Without a test of presence nothing is used up. */
static void
silent_and_verified(void **state)
{
	struct fixture *f = *state;
	struct request q;

	get_token(f);
	with_token(f, &q, UP_NO);
	expect_flags(f, &q, UV_ONLY);
	expect_flags(f, &q, UV_ONLY);
	assert_int_equal(f->h->asked, 0);
	with_token(f, &q, NULL);
	expect_flags(f, &q, UP_UV);
}

static void
built_in_verification(void **state)
{
	struct fixture *f = *state;
	struct request q;

	with_options(&q, UV);
	expect_flags(f, &q, UP_UV);
	assert_int_equal(f->h->asked, 1);
	assert_true(f->h->last_verify);
	/* Step 8: who was verified has touched, asked or not. */
	with_options(&q, UP_NO_UV);
	expect_flags(f, &q, UP_UV);
	assert_int_equal(f->h->asked, 2);
}

/* Step 6.2. */
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
	/* The PIN is as good, and gives the tries back. */
	get_token(f);
	with_token(f, &q, NULL);
	expect_flags(f, &q, UP_UV);
	with_options(&q, UV);
	expect_flags(f, &q, UP_UV);
}

/* Step 9.1: presence that came with the token. */
static void
presence_of_the_token(void **state)
{
	struct fixture *f = *state;
	struct request q;

	assert_int_equal(
	    client_token_uv(&f->c, PINUV_GA, REQUEST_RP), CTAP2_OK);
	with_token(f, &q, UP_NO);
	expect_flags(f, &q, UV_ONLY);
	with_token(f, &q, NULL);
	expect_flags(f, &q, UP_UV);
	assert_int_equal(f->h->asked, 1);
	assert_int_equal(
	    client_token_uv(&f->c, PINUV_GA, REQUEST_RP), CTAP2_OK);
	with_token(f, &q, UP_NO);
	expect_flags(f, &q, UV_ONLY);
	f->h->now += PINUV_PRESENT_MS;
	with_token(f, &q, NULL);
	expect_flags(f, &q, UP_UV);
	assert_int_equal(f->h->asked, 3);
	assert_int_equal(f->h->last_act, ACT_SIGN);
}

/* Another client's touch uses the token up as well. */
static void
any_touch_uses_it_up(void **state)
{
	struct fixture *f = *state;
	struct request q;

	get_token(f);
	with_options(&q, NULL);
	expect_flags(f, &q, UP);
	with_token(f, &q, NULL);
	request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
}

/* Step 8 goes past 9.4. */
static void
verification_leaves_the_token(void **state)
{
	struct fixture *f = *state;
	struct request q;

	assert_int_equal(
	    client_token_uv(&f->c, PINUV_GA, REQUEST_RP), CTAP2_OK);
	with_options(&q, UV);
	expect_flags(f, &q, UP_UV);
	with_token(f, &q, NULL);
	expect_flags(f, &q, UP_UV);
	assert_int_equal(f->h->asked, 2);
}

static void
refused_touch(void **state)
{
	struct fixture *f = *state;
	struct request q;

	get_token(f);
	with_token(f, &q, NULL);
	f->h->person = PRESENCE_DENIED;
	request_expect(f->h, &q, CTAP2_ERR_OPERATION_DENIED);
	f->h->person = PRESENCE_PENDING;
	request_expect(f->h, &q, CTAP2_ERR_USER_ACTION_TIMEOUT);
	f->h->person = PRESENCE_GRANTED;
	assert_int_equal(f->h->saved.counter, 1);
	get_token(f);
	with_token(f, &q, NULL);
	expect_flags(f, &q, UP_UV);
}

/* Step 5. */
static void
always_uv_with_a_pin(void **state)
{
	struct fixture *f = *state;
	struct request q;

	f->h->saved.always_uv = true;
	restart(f);
	with_options(&q, NULL);
	request_expect(f->h, &q, CTAP2_ERR_PUAT_REQUIRED);
	/* A look without a touch stays free. */
	with_options(&q, UP_NO);
	expect_flags(f, &q, NONE);
	assert_int_equal(client_set_pin(&f->c, PIN), CTAP2_OK);
	with_options(&q, NULL);
	request_expect(f->h, &q, CTAP2_ERR_PUAT_REQUIRED);
	assert_int_equal(f->h->asked, 0);
	get_token(f);
	with_token(f, &q, NULL);
	expect_flags(f, &q, UP_UV);
}

static void
always_uv_without_a_pin(void **state)
{
	struct fixture *f = *state;
	struct request q;

	f->h->saved.always_uv = true;
	f->h->model.no_pin = true;
	restart(f);
	with_options(&q, NULL);
	request_expect(f->h, &q, CTAP2_ERR_OPERATION_DENIED);
}

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
		BOTH(empty_param_chooses_a_key, begin),
		BOTH(protocol_of_the_param, begin_pin),
		BOTH(options, begin_pin),
		BOTH(without_verification, begin_pin),
		BOTH(with_a_pin, begin_pin),
		BOTH(silent_and_verified, begin_pin),
		BOTH(built_in_verification, begin_uv),
		BOTH(built_in_verification_fails, begin_uv_pin),
		BOTH(presence_of_the_token, begin_uv),
		BOTH(any_touch_uses_it_up, begin_pin),
		BOTH(verification_leaves_the_token, begin_uv),
		BOTH(refused_touch, begin_pin),
		BOTH(always_uv_with_a_pin, begin),
		BOTH(always_uv_without_a_pin, begin),
		BOTH(always_uv_built_in, begin_uv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
