/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ways to a pinUvAuthToken, what it permits, and how long: CTAP 2.1,
 * sections 6.5.2.1 and 6.5.5.7.
 */
#include "pin_fixture.h"

#define OTHER_RP "other.example"

/* makeCredential with the token, and what it answers. */
static int
make(struct fixture *f, const char *rp)
{
	struct request q;

	request_make(&q, rp);
	client_auth(&f->c, &q, 0x08, request_hash, sizeof(request_hash));
	return request_run(f->h, &q, NULL);
}

/* getAssertion with no credential: 0x2e once the token is accepted. */
static int
get(struct fixture *f, const char *rp)
{
	struct request q;

	request_get(&q, rp, (const uint8_t *)"none", 4);
	client_auth(&f->c, &q, 0x06, request_hash, sizeof(request_hash));
	return request_run(f->h, &q, NULL);
}

#define ACCEPTED CTAP2_ERR_NO_CREDENTIALS

/* 6.5.5.7.1, to its end: the default permissions, no rp id. */
static void
token_by_pin(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(client_pin_token(&f->c, PIN), CTAP2_OK);
	assert_int_equal(f->h->asked, 0);
	assert_int_equal(get(f, REQUEST_RP), ACCEPTED);
	/* The first use has bound it (6.2.2, step 6.1). */
	assert_int_equal(get(f, OTHER_RP), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(make(f, OTHER_RP), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(make(f, REQUEST_RP), CTAP2_OK);
	/* 6.1.2, step 14.4: a touch uses it up. */
	assert_int_equal(make(f, REQUEST_RP), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(get(f, REQUEST_RP), CTAP2_ERR_PIN_AUTH_INVALID);
}

/* 6.5.5.7.1, steps 3 and 4. */
static void
old_way_has_no_permissions(void **state)
{
	struct fixture *f = *state;
	struct request q;
	uint8_t sealed[CLIENT_SEALED];
	size_t n = client_seal_hash(&f->c, PIN, sealed);

	client_request(&f->c, &q, GET_PIN_TOKEN);
	request_bytes(&q, 0x06, sealed, n);
	request_uint(&q, 0x09, PINUV_MC);
	request_expect(f->h, &q, CTAP1_ERR_INVALID_PARAMETER);
	client_request(&f->c, &q, GET_PIN_TOKEN);
	request_bytes(&q, 0x06, sealed, n);
	request_text(&q, 0x0a, REQUEST_RP);
	request_expect(f->h, &q, CTAP1_ERR_INVALID_PARAMETER);
	assert_int_equal(client_pin_retries(f->h, NULL), 8);
}

static void
no_token_without_a_pin(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(client_pin_token(&f->c, PIN), CTAP2_ERR_PIN_NOT_SET);
	assert_int_equal(client_token(&f->c, PIN, PINUV_MC, REQUEST_RP),
	    CTAP2_ERR_PIN_NOT_SET);
}

/* 6.5.5.7.2, steps 1 and 3, before a try is counted. */
static void
permissions_are_asked_for(void **state)
{
	struct fixture *f = *state;
	struct request q;
	uint8_t sealed[CLIENT_SEALED];
	size_t n = client_seal_hash(&f->c, PIN, sealed);

	client_request(&f->c, &q, GET_TOKEN_USING_PIN);
	request_bytes(&q, 0x06, sealed, n);
	request_expect(f->h, &q, CTAP2_ERR_MISSING_PARAMETER);
	client_request(&f->c, &q, GET_TOKEN_USING_PIN);
	request_uint(&q, 0x09, PINUV_ACFG);
	request_expect(f->h, &q, CTAP2_ERR_MISSING_PARAMETER);
	assert_int_equal(client_token(&f->c, PIN, 0, REQUEST_RP),
	    CTAP1_ERR_INVALID_PARAMETER);
	assert_int_equal(client_token(&f->c, PIN, PINUV_MC, NULL),
	    CTAP2_ERR_MISSING_PARAMETER);
	assert_int_equal(client_token(&f->c, PIN, PINUV_GA | PINUV_CM, NULL),
	    CTAP2_ERR_MISSING_PARAMETER);
	assert_int_equal(client_pin_retries(f->h, NULL), 8);
}

/* Step 4: no bioEnrollment and no largeBlobs here. */
static void
permissions_of_what_is_not_there(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(client_token(&f->c, PIN, PINUV_BE, NULL),
	    CTAP2_ERR_UNAUTHORIZED_PERMISSION);
	assert_int_equal(
	    client_token(&f->c, PIN, PINUV_LBW | PINUV_MC, REQUEST_RP),
	    CTAP2_ERR_UNAUTHORIZED_PERMISSION);
	assert_int_equal(client_pin_retries(f->h, NULL), 8);
	/* Undefined ones are ignored. */
	assert_int_equal(
	    client_token(&f->c, PIN, 0xff00 | PINUV_GA, REQUEST_RP), CTAP2_OK);
	assert_int_equal(get(f, REQUEST_RP), ACCEPTED);
}

static void
wrong_pin_gives_no_token(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(client_token(&f->c, WRONG, PINUV_MC, REQUEST_RP),
	    CTAP2_ERR_PIN_INVALID);
	assert_int_equal(client_pin_retries(f->h, NULL), 7);
	assert_int_equal(make(f, REQUEST_RP), CTAP2_ERR_PIN_AUTH_INVALID);
}

static void
each_permission_for_its_command(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
	    client_token(&f->c, PIN, PINUV_GA, REQUEST_RP), CTAP2_OK);
	assert_int_equal(make(f, REQUEST_RP), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(get(f, OTHER_RP), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(get(f, REQUEST_RP), ACCEPTED);
	assert_int_equal(
	    client_token(&f->c, PIN, PINUV_MC, REQUEST_RP), CTAP2_OK);
	assert_int_equal(get(f, REQUEST_RP), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(make(f, OTHER_RP), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(make(f, REQUEST_RP), CTAP2_OK);
	assert_int_equal(client_token(&f->c, PIN, PINUV_ACFG, NULL), CTAP2_OK);
	assert_int_equal(make(f, REQUEST_RP), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(get(f, REQUEST_RP), CTAP2_ERR_PIN_AUTH_INVALID);
}

/* resetPinUvAuthToken() for all protocols, at each issue and each change. */
static void
one_token_at_a_time(void **state)
{
	struct fixture *f = *state;
	struct client other, first;

	assert_int_equal(
	    client_token(&f->c, PIN, PINUV_GA, REQUEST_RP), CTAP2_OK);
	first = f->c;
	client_begin(&other, f->h, 3 - f->c.protocol);
	assert_int_equal(
	    client_token(&other, PIN, PINUV_GA, REQUEST_RP), CTAP2_OK);
	assert_int_equal(get(f, REQUEST_RP), CTAP2_ERR_PIN_AUTH_INVALID);
	/* And of its own protocol only. */
	f->c = other;
	assert_int_equal(get(f, REQUEST_RP), ACCEPTED);
	f->c.protocol = 3 - f->c.protocol;
	assert_int_equal(get(f, REQUEST_RP), CTAP2_ERR_PIN_AUTH_INVALID);
	f->c = first;
	assert_int_equal(
	    client_token(&f->c, PIN, PINUV_GA, REQUEST_RP), CTAP2_OK);
	assert_int_equal(client_change_pin(&f->c, PIN, "5678"), CTAP2_OK);
	assert_int_equal(get(f, REQUEST_RP), CTAP2_ERR_PIN_AUTH_INVALID);
}

/* A right param, and the number of the other protocol beside it. */
static void
token_belongs_to_its_protocol(void **state)
{
	struct fixture *f = *state;
	struct request q;
	uint8_t mac[32];
	size_t n;

	assert_int_equal(
	    client_token(&f->c, PIN, PINUV_GA, REQUEST_RP), CTAP2_OK);
	n = client_mac(
	    &f->c, f->c.token, request_hash, sizeof(request_hash), mac);
	request_get(&q, REQUEST_RP, (const uint8_t *)"none", 4);
	request_bytes(&q, 0x06, mac, n);
	request_uint(&q, 0x07, 3 - f->c.protocol);
	request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(get(f, REQUEST_RP), ACCEPTED);
}

/* clearPinUvAuthTokenPermissionsExceptLbw(): of all the others, too. */
static void
touch_takes_every_permission(void **state)
{
	struct fixture *f = *state;
	uint8_t msg[34], mac[32];
	struct request q;

	memset(msg, 0xff, 32);
	msg[32] = 0x0d;
	msg[33] = 0x02;
	for (int touched = 0; touched < 2; touched++) {
		assert_int_equal(
		    client_token(&f->c, PIN, PINUV_MC | PINUV_ACFG, REQUEST_RP),
		    CTAP2_OK);
		if (touched)
			assert_int_equal(make(f, REQUEST_RP), CTAP2_OK);
		request_begin(&q, 0x0d);
		request_uint(&q, 0x01, 0x02);
		request_uint(&q, 0x03, f->c.protocol);
		request_bytes(&q, 0x04, mac,
		    client_mac(&f->c, f->c.token, msg, sizeof(msg), mac));
		request_expect(
		    f->h, &q, touched ? CTAP2_ERR_PIN_AUTH_INVALID : CTAP2_OK);
	}
}

static void
token_ends_with_power_and_reset(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
	    client_token(&f->c, PIN, PINUV_GA, REQUEST_RP), CTAP2_OK);
	harness_power_cycle(f->h);
	assert_int_equal(get(f, REQUEST_RP), CTAP2_ERR_PIN_AUTH_INVALID);
	restart(f);
	assert_int_equal(
	    client_token(&f->c, PIN, PINUV_GA, REQUEST_RP), CTAP2_OK);
	assert_int_equal(harness_ctap(f->h, "\x07", 1, NULL), CTAP2_OK);
	agree_again(f);
	assert_int_equal(client_set_pin(&f->c, PIN), CTAP2_OK);
	assert_int_equal(get(f, REQUEST_RP), CTAP2_ERR_PIN_AUTH_INVALID);
}

/* 6.5.2.1: 30 seconds to be used at all, ten minutes in all. */
static void
token_grows_old(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
	    client_token(&f->c, PIN, PINUV_GA, REQUEST_RP), CTAP2_OK);
	f->h->now += PINUV_INITIAL_MS;
	assert_int_equal(get(f, REQUEST_RP), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(
	    client_token(&f->c, PIN, PINUV_GA, REQUEST_RP), CTAP2_OK);
	f->h->now += PINUV_INITIAL_MS - 1;
	assert_int_equal(get(f, REQUEST_RP), ACCEPTED);
	f->h->now += PINUV_MAX_MS - PINUV_INITIAL_MS;
	assert_int_equal(get(f, REQUEST_RP), ACCEPTED);
	f->h->now++;
	assert_int_equal(get(f, REQUEST_RP), CTAP2_ERR_PIN_AUTH_INVALID);
}

static void
no_chance_no_token(void **state)
{
	struct fixture *f = *state;

	f->h->random_fails = true;
	assert_int_equal(
	    client_token(&f->c, PIN, PINUV_GA, REQUEST_RP), CTAP1_ERR_OTHER);
	f->h->random_fails = false;
	agree_again(f);
	assert_int_equal(get(f, REQUEST_RP), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(
	    client_token(&f->c, PIN, PINUV_GA, REQUEST_RP), CTAP2_OK);
	assert_int_equal(get(f, REQUEST_RP), ACCEPTED);
}

/* 6.5.5.7.3: who touches is verified, and present. */
static void
token_by_verification(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
	    client_token_uv(&f->c, PINUV_MC | PINUV_GA, REQUEST_RP), CTAP2_OK);
	assert_int_equal(f->h->asked, 1);
	assert_int_equal(f->h->last_act, ACT_VERIFY);
	assert_true(f->h->last_verify);
	assert_string_equal(f->h->last_rp, REQUEST_RP);
	assert_int_equal(get(f, REQUEST_RP), ACCEPTED);
	assert_int_equal(get(f, OTHER_RP), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(make(f, REQUEST_RP), CTAP2_OK);
	assert_int_equal(f->h->asked, 1);
	assert_int_equal(client_token_uv(&f->c, PINUV_ACFG, NULL), CTAP2_OK);
	assert_string_equal(f->h->last_rp, "");
}

/* Steps 1 to 5. */
static void
verification_has_its_parameters(void **state)
{
	struct fixture *f = *state;
	struct request q;

	client_request(&f->c, &q, GET_TOKEN_USING_UV);
	request_expect(f->h, &q, CTAP2_ERR_MISSING_PARAMETER);
	assert_int_equal(
	    client_token_uv(&f->c, 0, REQUEST_RP), CTAP1_ERR_INVALID_PARAMETER);
	assert_int_equal(client_token_uv(&f->c, PINUV_GA, NULL),
	    CTAP2_ERR_MISSING_PARAMETER);
	assert_int_equal(client_token_uv(&f->c, PINUV_BE, NULL),
	    CTAP2_ERR_UNAUTHORIZED_PERMISSION);
	f->c.cose[20] ^= 1;
	assert_int_equal(client_token_uv(&f->c, PINUV_CM, NULL),
	    CTAP1_ERR_INVALID_PARAMETER);
	assert_int_equal(f->h->asked, 0);
}

static void
verification_that_is_not_built_in(void **state)
{
	struct fixture *f = *state;
	struct request q;

	assert_int_equal(client_token_uv(&f->c, PINUV_GA, REQUEST_RP),
	    CTAP2_ERR_NOT_ALLOWED);
	request_begin(&q, 0x06);
	request_uint(&q, 0x02, GET_UV_RETRIES);
	request_expect(f->h, &q, CTAP2_ERR_INVALID_SUBCOMMAND);
	assert_int_equal(f->h->asked, 0);
}

/* Step 10. */
static void
persons_who_are_not_verified(void **state)
{
	struct fixture *f = *state;

	f->h->person = PRESENCE_PENDING;
	assert_int_equal(client_token_uv(&f->c, PINUV_GA, REQUEST_RP),
	    CTAP2_ERR_USER_ACTION_TIMEOUT);
	f->h->person = PRESENCE_DENIED;
	assert_int_equal(client_token_uv(&f->c, PINUV_GA, REQUEST_RP),
	    CTAP2_ERR_OPERATION_DENIED);
	assert_int_equal(client_uv_retries(f->h), 5);
	f->h->person = PRESENCE_STRANGER;
	for (unsigned int i = 1; i < 5; i++) {
		assert_int_equal(client_token_uv(&f->c, PINUV_GA, REQUEST_RP),
		    CTAP2_ERR_UV_INVALID);
		assert_int_equal(client_uv_retries(f->h), 5 - i);
		assert_int_equal(f->h->saved.uv_retries, 5 - i);
	}
	assert_int_equal(
	    client_token_uv(&f->c, PINUV_GA, REQUEST_RP), CTAP2_ERR_UV_BLOCKED);
	f->h->asked = f->h->forgotten = 0;
	f->h->person = PRESENCE_GRANTED;
	assert_int_equal(
	    client_token_uv(&f->c, PINUV_GA, REQUEST_RP), CTAP2_ERR_UV_BLOCKED);
	assert_int_equal(f->h->asked, 0);
	assert_int_equal(client_uv_retries(f->h), 0);
	/* The PIN gives the tries back (6.5.2.3). */
	assert_int_equal(client_pin_token(&f->c, PIN), CTAP2_OK);
	assert_int_equal(client_uv_retries(f->h), 5);
	assert_int_equal(
	    client_token_uv(&f->c, PINUV_GA, REQUEST_RP), CTAP2_OK);
}

static void
verified_person_gives_the_tries_back(void **state)
{
	struct fixture *f = *state;

	f->h->person = PRESENCE_STRANGER;
	assert_int_equal(
	    client_token_uv(&f->c, PINUV_GA, REQUEST_RP), CTAP2_ERR_UV_INVALID);
	f->h->person = PRESENCE_GRANTED;
	assert_int_equal(
	    client_token_uv(&f->c, PINUV_GA, REQUEST_RP), CTAP2_OK);
	assert_int_equal(client_uv_retries(f->h), 5);
	f->h->person = PRESENCE_STRANGER;
	f->h->save_fails = true;
	assert_int_equal(
	    client_token_uv(&f->c, PINUV_GA, REQUEST_RP), CTAP1_ERR_OTHER);
	assert_int_equal(client_uv_retries(f->h), 5);
}

/* A blocked PIN takes built-in verification with it (6.5.2.3). */
static void
blocked_pin_blocks_all(void **state)
{
	struct fixture *f = *state;

	for (unsigned int i = 0; i < 8; i++) {
		if (i % 3 == 0)
			restart(f);
		agree_again(f);
		assert_int_not_equal(client_pin_token(&f->c, WRONG), CTAP2_OK);
	}
	restart(f);
	assert_int_equal(client_uv_retries(f->h), 0);
	assert_int_equal(
	    client_token_uv(&f->c, PINUV_GA, REQUEST_RP), CTAP2_ERR_UV_BLOCKED);
}

/* A model without PIN: of clientPIN, what the other half needs. */
static void
model_without_pin(void **state)
{
	static const enum client_subcommand subs[] = { GET_PIN_RETRIES, SET_PIN,
		CHANGE_PIN, GET_PIN_TOKEN, GET_TOKEN_USING_PIN };
	struct fixture *f = *state;
	struct request q;

	f->h->model.no_pin = true;
	restart(f);
	for (size_t i = 0; i < sizeof(subs) / sizeof(subs[0]); i++) {
		client_request(&f->c, &q, subs[i]);
		request_expect(f->h, &q, CTAP2_ERR_INVALID_SUBCOMMAND);
	}
	assert_int_equal(
	    client_token_uv(&f->c, PINUV_GA, REQUEST_RP), CTAP2_OK);
	assert_int_equal(get(f, REQUEST_RP), ACCEPTED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(token_by_pin, set_up_pin),
		BOTH(old_way_has_no_permissions, set_up_pin),
		BOTH(no_token_without_a_pin, set_up),
		BOTH(permissions_are_asked_for, set_up_pin),
		BOTH(permissions_of_what_is_not_there, set_up_pin),
		BOTH(wrong_pin_gives_no_token, set_up_pin),
		BOTH(each_permission_for_its_command, set_up_pin),
		BOTH(one_token_at_a_time, set_up_pin),
		BOTH(token_belongs_to_its_protocol, set_up_pin),
		BOTH(touch_takes_every_permission, set_up_pin),
		BOTH(token_ends_with_power_and_reset, set_up_pin),
		BOTH(token_grows_old, set_up_pin),
		BOTH(no_chance_no_token, set_up_pin),
		BOTH(token_by_verification, set_up_uv),
		BOTH(verification_has_its_parameters, set_up_uv),
		BOTH(verification_that_is_not_built_in, set_up_pin),
		BOTH(persons_who_are_not_verified, set_up_uv_pin),
		BOTH(verified_person_gives_the_tries_back, set_up_uv),
		BOTH(blocked_pin_blocks_all, set_up_uv_pin),
		BOTH(model_without_pin, set_up_uv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
