/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * authenticatorConfig and what it changes: CTAP 2.1, sections 6.11 and 12.4.
 */
#include "pin_fixture.h"

#define TOGGLE	0x02
#define SET_MIN 0x03

/* subCommandParams: newMinPINLength 6, and so on. */
#define MIN_6	    "\xa1\x01\x06"
#define MIN_6_FORCE "\xa2\x01\x06\x03\xf5"
#define FORCE	    "\xa1\x03\xf5"
#define RPS                \
	"\xa1\x02\x82\x6b" \
	"example.org\x6d"  \
	"other.example"

/* A request with the token's pinUvAuthParam over what the standard says. */
static void
build(const struct client *c, struct request *q, uint8_t sub,
    const char *params, size_t n)
{
	uint8_t msg[34 + 4096];

	assert_true(n <= sizeof(msg) - 34);
	memset(msg, 0xff, 32);
	msg[32] = 0x0d;
	msg[33] = sub;
	memcpy(msg + 34, params, n);
	request_begin(q, 0x0d);
	request_uint(q, 0x01, sub);
	if (n > 0)
		request_raw(q, 0x02, params, n);
	if (c != NULL) {
		uint8_t mac[32];
		size_t len = client_mac(c, c->token, msg, 34 + n, mac);

		request_uint(q, 0x03, c->protocol);
		request_bytes(q, 0x04, mac, len);
	}
}

#define BUILD(c, q, sub, params) build(c, q, sub, params, sizeof(params) - 1)

static void
get_token(struct fixture *f)
{
	assert_int_equal(client_token(&f->c, PIN, PINUV_ACFG, NULL), CTAP2_OK);
}

static int
begin_pin(void **state)
{
	set_up_pin(state);
	get_token(*state);
	return 0;
}

/* What getInfo says; `text` is a piece of its CBOR. */
static bool
info_has(struct harness *h, const char *text, size_t n)
{
	struct harness_message reply;

	assert_int_equal(harness_ctap(h, "\x04", 1, &reply), CTAP2_OK);
	return memmem(reply.data, reply.len, text, n) != NULL;
}

#define INFO_HAS(h, text) info_has(h, text, sizeof(text) - 1)

/* Steps 1 and 2. */
static void
subcommands(void **state)
{
	static const uint8_t numbers[] = { 0, 1, 4, 0x17, 0xff };
	struct fixture *f = *state;
	struct request q;

	request_begin(&q, 0x0d);
	request_expect(f->h, &q, CTAP2_ERR_MISSING_PARAMETER);
	for (size_t i = 0; i < sizeof(numbers); i++) {
		BUILD(&f->c, &q, numbers[i], "");
		request_expect(f->h, &q, CTAP1_ERR_INVALID_PARAMETER);
	}
	request_begin(&q, 0x0d);
	request_raw(&q, 0x01, "\x61x", 2);
	request_expect(f->h, &q, CTAP2_ERR_CBOR_UNEXPECTED_TYPE);
}

/* Step 4. */
static void
token_is_needed(void **state)
{
	struct fixture *f = *state;
	struct request q;
	uint8_t mac[32] = { 0 };

	BUILD(NULL, &q, TOGGLE, "");
	request_expect(f->h, &q, CTAP2_ERR_PUAT_REQUIRED);
	request_bytes(&q, 0x04, mac, sizeof(mac));
	request_expect(f->h, &q, CTAP2_ERR_MISSING_PARAMETER);
	BUILD(NULL, &q, TOGGLE, "");
	request_uint(&q, 0x03, 7);
	request_bytes(&q, 0x04, mac, sizeof(mac));
	request_expect(f->h, &q, CTAP1_ERR_INVALID_PARAMETER);
	f->c.token[3] ^= 1;
	BUILD(&f->c, &q, TOGGLE, "");
	request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
	f->c.token[3] ^= 1;
	BUILD(&f->c, &q, TOGGLE, "");
	request_expect(f->h, &q, CTAP2_OK);
}

/* Every byte that is to be authenticated is. */
static void
params_are_authenticated(void **state)
{
	struct fixture *f = *state;
	struct request q;

	BUILD(&f->c, &q, SET_MIN, MIN_6);
	for (size_t i = 0; i + 2 < q.n; i++) {
		if (q.data[i] != 0x06 || q.data[i - 1] != 0x01 || i < 4)
			continue;
		q.data[i] = 0x07;
		request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
		q.data[i] = 0x06;
		break;
	}
	/* The subcommand: 3 for 2. */
	assert_int_equal(q.data[3], SET_MIN);
	q.data[3] = TOGGLE;
	request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
	q.data[3] = SET_MIN;
	request_expect(f->h, &q, CTAP2_OK);
	assert_int_equal(f->h->saved.min_pin_length, 6);
}

static void
permission_is_needed(void **state)
{
	struct fixture *f = *state;
	struct request q;

	assert_int_equal(client_token(&f->c, PIN,
			     PINUV_MC | PINUV_GA | PINUV_CM, REQUEST_RP),
	    CTAP2_OK);
	BUILD(&f->c, &q, TOGGLE, "");
	request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
	/* Bound to an rp id or not. */
	assert_int_equal(
	    client_token(&f->c, PIN, PINUV_ACFG, REQUEST_RP), CTAP2_OK);
	BUILD(&f->c, &q, TOGGLE, "");
	request_expect(f->h, &q, CTAP2_OK);
}

static void
verified_person_may_as_well(void **state)
{
	struct fixture *f = *state;
	struct request q;

	BUILD(NULL, &q, TOGGLE, "");
	request_expect(f->h, &q, CTAP2_ERR_PUAT_REQUIRED);
	assert_int_equal(client_token_uv(&f->c, PINUV_ACFG, NULL), CTAP2_OK);
	BUILD(&f->c, &q, TOGGLE, "");
	request_expect(f->h, &q, CTAP2_OK);
}

/* Section 6.11.2, and what getInfo makes of it. */
static void
always_uv_is_toggled(void **state)
{
	struct fixture *f = *state;
	struct request q;

	assert_true(INFO_HAS(f->h, "\x68"
				   "alwaysUv\xf4"));
	assert_true(INFO_HAS(f->h, "\x70makeCredUvNotRqd\xf5"));
	BUILD(&f->c, &q, TOGGLE, "");
	request_expect(f->h, &q, CTAP2_OK);
	assert_true(f->h->saved.always_uv);
	assert_true(INFO_HAS(f->h, "\x68"
				   "alwaysUv\xf5"));
	assert_true(INFO_HAS(f->h, "\x70makeCredUvNotRqd\xf4"));
	request_expect(f->h, &q, CTAP2_OK);
	assert_true(INFO_HAS(f->h, "\x68"
				   "alwaysUv\xf4"));
	f->h->save_fails = true;
	request_expect(f->h, &q, CTAP1_ERR_OTHER);
	assert_true(INFO_HAS(f->h, "\x68"
				   "alwaysUv\xf4"));
}

/* Step 3: nobody to be verified; alwaysUv can be left again. */
static void
key_that_nobody_protects(void **state)
{
	struct fixture *f = *state;
	struct request q, min;

	BUILD(NULL, &min, SET_MIN, MIN_6);
	request_expect(f->h, &min, CTAP2_OK);
	BUILD(NULL, &q, TOGGLE, "");
	request_expect(f->h, &q, CTAP2_OK);
	request_expect(f->h, &min, CTAP2_ERR_PUAT_REQUIRED);
	request_expect(f->h, &q, CTAP2_OK);
	request_expect(f->h, &min, CTAP2_OK);
}

/* Section 6.11.4. */
static void
minimum_length_only_grows(void **state)
{
	struct fixture *f = *state;
	struct request q;

	BUILD(NULL, &q, SET_MIN, MIN_6);
	request_expect(f->h, &q, CTAP2_OK);
	assert_true(INFO_HAS(f->h, "\x0d\x06\x0e"));
	request_expect(f->h, &q, CTAP2_OK);
	BUILD(NULL, &q, SET_MIN, "\xa1\x01\x05");
	request_expect(f->h, &q, CTAP2_ERR_PIN_POLICY_VIOLATION);
	BUILD(NULL, &q, SET_MIN, "\xa1\x01\x18\x40");
	request_expect(f->h, &q, CTAP2_ERR_PIN_POLICY_VIOLATION);
	BUILD(NULL, &q, SET_MIN, "\xa1\x01\x19\x01\x06");
	request_expect(f->h, &q, CTAP2_ERR_PIN_POLICY_VIOLATION);
	assert_int_equal(f->h->saved.min_pin_length, 6);
	/* And holds for PINs to come, over power-off too. */
	restart(f);
	assert_int_equal(
	    client_set_pin(&f->c, "12345"), CTAP2_ERR_PIN_POLICY_VIOLATION);
	assert_int_equal(client_set_pin(&f->c, "123456"), CTAP2_OK);
	assert_int_equal(client_change_pin(&f->c, "123456", "54321"),
	    CTAP2_ERR_PIN_POLICY_VIOLATION);
	/* Nothing given, nothing changed. */
	assert_int_equal(
	    client_token(&f->c, "123456", PINUV_ACFG, NULL), CTAP2_OK);
	BUILD(&f->c, &q, SET_MIN, "");
	request_expect(f->h, &q, CTAP2_OK);
	BUILD(&f->c, &q, SET_MIN, "\xa0");
	request_expect(f->h, &q, CTAP2_OK);
	assert_int_equal(f->h->saved.min_pin_length, 6);
	assert_false(f->h->saved.force_pin_change);
}

static void
minimum_length_of_wrong_form(void **state)
{
	struct fixture *f = *state;
	struct request q;

	BUILD(NULL, &q, SET_MIN, "\x80");
	request_expect(f->h, &q, CTAP2_ERR_CBOR_UNEXPECTED_TYPE);
	BUILD(NULL, &q, SET_MIN, "\xa1\x01\x20");
	request_expect(f->h, &q, CTAP2_ERR_CBOR_UNEXPECTED_TYPE);
	BUILD(NULL, &q, SET_MIN, "\xa1\x02\x01");
	request_expect(f->h, &q, CTAP2_ERR_CBOR_UNEXPECTED_TYPE);
	BUILD(NULL, &q, SET_MIN, "\xa1\x02\x81\x01");
	request_expect(f->h, &q, CTAP2_ERR_CBOR_UNEXPECTED_TYPE);
	BUILD(NULL, &q, SET_MIN, "\xa1\x02\x81\x60");
	request_expect(f->h, &q, CTAP1_ERR_INVALID_LENGTH);
	BUILD(NULL, &q, SET_MIN, "\xa1\x03\x01");
	request_expect(f->h, &q, CTAP2_ERR_CBOR_UNEXPECTED_TYPE);
	BUILD(NULL, &q, SET_MIN, FORCE);
	request_expect(f->h, &q, CTAP2_ERR_PIN_NOT_SET);
	assert_int_equal(f->h->saves, 0);
}

/* What follows once the PIN must be changed. */
static void
expect_forced(struct fixture *f)
{
	struct request q;

	assert_true(INFO_HAS(f->h, "\x0c\xf5\x0d"));
	/* Tokens from before are void. */
	BUILD(&f->c, &q, TOGGLE, "");
	request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(client_pin_token(&f->c, PIN), CTAP2_ERR_PIN_INVALID);
	assert_int_equal(client_token(&f->c, PIN, PINUV_GA, REQUEST_RP),
	    CTAP2_ERR_PIN_POLICY_VIOLATION);
	assert_int_equal(client_pin_retries(f->h, NULL), 8);
}

static void
pin_must_be_changed(void **state)
{
	struct fixture *f = *state;
	struct request q;

	assert_true(INFO_HAS(f->h, "\x0c\xf4\x0d"));
	BUILD(&f->c, &q, SET_MIN, FORCE);
	request_expect(f->h, &q, CTAP2_OK);
	expect_forced(f);
	/* 6.5.5.6, step 13: not to the same. */
	assert_int_equal(
	    client_change_pin(&f->c, PIN, PIN), CTAP2_ERR_PIN_POLICY_VIOLATION);
	assert_int_equal(client_change_pin(&f->c, PIN, "5678"), CTAP2_OK);
	assert_true(INFO_HAS(f->h, "\x0c\xf4\x0d"));
	assert_int_equal(client_pin_token(&f->c, "5678"), CTAP2_OK);
	assert_int_equal(client_change_pin(&f->c, "5678", "5678"), CTAP2_OK);
}

static void
short_pin_must_be_changed(void **state)
{
	struct fixture *f = *state;
	struct request q;

	BUILD(&f->c, &q, SET_MIN, MIN_6);
	request_expect(f->h, &q, CTAP2_OK);
	expect_forced(f);
	restart(f);
	expect_forced(f);
	assert_int_equal(client_change_pin(&f->c, PIN, "12345"),
	    CTAP2_ERR_PIN_POLICY_VIOLATION);
	assert_int_equal(client_change_pin(&f->c, PIN, "123456"), CTAP2_OK);
	assert_int_equal(client_pin_token(&f->c, "123456"), CTAP2_OK);
}

static void
reset_forgets_it_all(void **state)
{
	struct fixture *f = *state;
	struct request q;

	BUILD(&f->c, &q, TOGGLE, "");
	request_expect(f->h, &q, CTAP2_OK);
	BUILD(&f->c, &q, SET_MIN, MIN_6_FORCE);
	request_expect(f->h, &q, CTAP2_OK);
	assert_int_equal(harness_ctap(f->h, "\x07", 1, NULL), CTAP2_OK);
	assert_true(INFO_HAS(f->h, "\x0c\xf4\x0d\x04\x0e"));
	assert_true(INFO_HAS(f->h, "\x68"
				   "alwaysUv\xf4"));
	assert_true(INFO_HAS(f->h, "\x69"
				   "clientPin\xf4"));
}

/* makeCredential asks for the minimum: true if the reply tells it. */
static bool
tells_minimum(struct fixture *f, const char *rp, const char *extensions)
{
	static const char want[] = "\xa1\x6cminPinLength\x06";
	struct harness_message reply;
	struct request q;
	bool has;

	request_make(&q, rp);
	request_raw(&q, 0x06, extensions, strlen(extensions));
	assert_int_equal(request_run(f->h, &q, &reply), CTAP2_OK);
	has = memmem(reply.data, reply.len, want, sizeof(want) - 1) != NULL;
	assert_int_equal((request_flags(&reply) & 0x80) != 0, has);
	return has;
}

#define ASK	"\xa1\x6cminPinLength\xf5"
#define ASK_NOT "\xa1\x6cminPinLength\xf4"

/* Section 12.4: only who was put on the list is told. */
static void
minimum_is_told_to_some(void **state)
{
	struct fixture *f = *state;
	struct request q;

	BUILD(NULL, &q, SET_MIN, MIN_6);
	request_expect(f->h, &q, CTAP2_OK);
	assert_false(tells_minimum(f, REQUEST_RP, ASK));
	BUILD(NULL, &q, SET_MIN, RPS);
	request_expect(f->h, &q, CTAP2_OK);
	assert_true(tells_minimum(f, REQUEST_RP, ASK));
	assert_true(tells_minimum(f, "other.example", ASK));
	assert_false(tells_minimum(f, "third.example", ASK));
	assert_false(tells_minimum(f, "example.or", ASK));
	assert_false(tells_minimum(f, REQUEST_RP, ASK_NOT));
	restart(f);
	assert_true(tells_minimum(f, REQUEST_RP, ASK));
	/* A list replaces the one before; without one it stays. */
	BUILD(NULL, &q, SET_MIN, MIN_6);
	request_expect(f->h, &q, CTAP2_OK);
	assert_true(tells_minimum(f, REQUEST_RP, ASK));
	BUILD(NULL, &q, SET_MIN, "\xa1\x02\x80");
	request_expect(f->h, &q, CTAP2_OK);
	assert_false(tells_minimum(f, REQUEST_RP, ASK));
	request_make(&q, REQUEST_RP);
	request_raw(&q, 0x06, "\xa1\x6cminPinLength\x01", 15);
	request_expect(f->h, &q, CTAP2_ERR_CBOR_UNEXPECTED_TYPE);
}

/* maxRPIDsForSetMinPINLength is 8. */
static void
list_of_rps_has_a_limit(void **state)
{
	char params[3 + 9 * 2 + 1] = "\xa1\x02\x88";
	struct fixture *f = *state;
	struct request q;

	for (size_t i = 0; i < 9; i++) {
		params[3 + 2 * i] = '\x61';
		params[4 + 2 * i] = (char)('a' + i);
	}
	build(NULL, &q, SET_MIN, params, 3 + 8 * 2);
	request_expect(f->h, &q, CTAP2_OK);
	assert_int_equal(f->h->saved.min_pin_rps.n, 8);
	params[2]++;
	build(NULL, &q, SET_MIN, params, 3 + 9 * 2);
	request_expect(f->h, &q, CTAP2_ERR_KEY_STORE_FULL);
	assert_int_equal(f->h->saved.min_pin_rps.n, 8);
}

static void
model_without_pin(void **state)
{
	struct fixture *f = *state;
	struct request q;

	f->h->model.no_pin = true;
	restart(f);
	BUILD(NULL, &q, SET_MIN, MIN_6);
	request_expect(f->h, &q, CTAP1_ERR_INVALID_PARAMETER);
	assert_false(INFO_HAS(f->h, "setMinPINLength"));
	assert_false(INFO_HAS(f->h, "clientPin"));
	/* With nobody to be verified there is no token, and no CTAP 2.1. */
	assert_false(INFO_HAS(f->h, "pinUvAuthToken"));
	assert_false(INFO_HAS(f->h, "FIDO_2_1"));
	f->h->model.uv = true;
	restart(f);
	assert_false(INFO_HAS(f->h, "clientPin"));
	assert_true(INFO_HAS(f->h, "pinUvAuthToken\xf5"));
	assert_true(INFO_HAS(f->h, "FIDO_2_1"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(subcommands, begin_pin),
		BOTH(token_is_needed, begin_pin),
		BOTH(params_are_authenticated, begin_pin),
		BOTH(permission_is_needed, begin_pin),
		BOTH(verified_person_may_as_well, set_up_uv),
		BOTH(always_uv_is_toggled, begin_pin),
		BOTH(key_that_nobody_protects, set_up),
		BOTH(minimum_length_only_grows, set_up),
		BOTH(minimum_length_of_wrong_form, set_up),
		BOTH(pin_must_be_changed, begin_pin),
		BOTH(short_pin_must_be_changed, begin_pin),
		BOTH(reset_forgets_it_all, begin_pin),
		BOTH(minimum_is_told_to_some, set_up),
		BOTH(list_of_rps_has_a_limit, set_up),
		BOTH(model_without_pin, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
