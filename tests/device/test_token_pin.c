/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys with a PIN, played by rewriting the software key's replies: PIN tokens
 * are noise, since nobody here checks what is made of them.
 */

#include "meddle.h"

#include "dcbor.h"
#include "digest.h"

#define PIN_RETRIES	0x01
#define PIN_AGREEMENT	0x02
#define PIN_TOKEN	0x05
#define STATUS_NONE	0x2e
#define STATUS_WRONG	0x31
#define STATUS_BLOCKED	0x32
#define STATUS_REPLUG	0x34
#define STATUS_UV_BLOCK 0x3c
#define MESSAGE_MAX	1200 /* bytes that this key takes */
#define ASKS_MAX	12

struct fixture {
	struct meddler m;
	struct cseal_token *t;
	struct cseal_error err;
	/* The key. */
	bool uv, uv_blocked, no_pin_set;
	unsigned int max_ids; /* in a list, of 100 bytes at most; 0: not said */
	bool empty;	      /* no credential is on it */
	unsigned int retries; /* that it says and counts down */
	unsigned int wrong;   /* so many tries are wrong */
	uint8_t wrong_status; /* of the last of them, if not STATUS_WRONG */
	/* The person. */
	const char *pin;   /* NULL: gives none */
	size_t pin_len;	   /* 0: strlen(pin) */
	bool nobody;	   /* no function to ask with */
	unsigned int asks; /* and the retries that each was shown */
	int shown[ASKS_MAX];
	unsigned int touches, dones;
};

static const uint8_t credential[16] = "a credential id";
static const struct cseal_slice id = { credential, sizeof(credential) };

/* The generator of P-256 (SEC 2 section 2.4.2): a point that is on the curve.
 */
static const uint8_t point_x[32] = { 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42,
	0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d,
	0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2,
	0x96 };
static const uint8_t point_y[32] = { 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f,
	0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33,
	0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51,
	0xf5 };

static void
put_info(const struct fixture *f, struct cseal_buf *b)
{
	dcbor_put_map(b, f->max_ids != 0 ? 7 : 5);
	dcbor_put_uint(b, 1);
	dcbor_put_array(b, 1);
	dcbor_put_str(b, "FIDO_2_0");
	dcbor_put_uint(b, 3);
	dcbor_put_bytes(b, credential, sizeof(credential));
	dcbor_put_uint(b, 4);
	dcbor_put_map(b, f->uv ? 2 : 1);
	if (f->uv) {
		dcbor_put_str(b, "uv");
		dcbor_put_bool(b, true);
	}
	dcbor_put_str(b, "clientPin");
	dcbor_put_bool(b, !f->no_pin_set);
	dcbor_put_uint(b, 5);
	dcbor_put_uint(b, MESSAGE_MAX);
	dcbor_put_uint(b, 6);
	dcbor_put_array(b, 1);
	dcbor_put_uint(b, 1);
	if (f->max_ids == 0)
		return;
	dcbor_put_uint(b, 7);
	dcbor_put_uint(b, f->max_ids);
	dcbor_put_uint(b, 8);
	dcbor_put_uint(b, 100);
}

static void
put_agreement(struct cseal_buf *b)
{
	dcbor_put_map(b, 1);
	dcbor_put_uint(b, 1);
	dcbor_put_map(b, 5);
	dcbor_put_uint(b, 1);
	dcbor_put_uint(b, 2); /* kty: EC2 */
	dcbor_put_uint(b, 3);
	dcbor_put_int(b, -25); /* alg: ECDH-ES+HKDF-256 */
	dcbor_put_int(b, -1);
	dcbor_put_uint(b, 1); /* crv: P-256 */
	dcbor_put_int(b, -2);
	dcbor_put_bytes(b, point_x, sizeof(point_x));
	dcbor_put_int(b, -3);
	dcbor_put_bytes(b, point_y, sizeof(point_y));
}

static void
put_assertion(struct cseal_buf *b)
{
	static const struct cseal_slice rp = { (const uint8_t *)RP,
		sizeof(RP) - 1 };
	static const uint8_t sig[70] = { 0x30 };
	uint8_t ad[TOKEN_AUTH_DATA_MIN] = { 0 };

	assert_int_equal(digest_sha256(ad, &rp, 1), CSEAL_OK);
	ad[32] = TOKEN_FLAG_UP | TOKEN_FLAG_UV;
	dcbor_put_map(b, 2);
	dcbor_put_uint(b, 2);
	dcbor_put_bytes(b, ad, sizeof(ad));
	dcbor_put_uint(b, 3);
	dcbor_put_bytes(b, sig, sizeof(sig));
}

/* A try of the PIN: the status. */
static uint8_t
try_pin(struct fixture *f)
{
	if (f->wrong == 0)
		return 0;
	f->wrong--;
	if (f->retries > 0)
		f->retries--;
	if (f->wrong == 0 && f->wrong_status != 0)
		return f->wrong_status;
	return STATUS_WRONG;
}

/* clientPIN, by the subcommand, which is the second value of the request. */
static uint8_t
client_pin(struct fixture *f, uint8_t sub, struct cseal_buf *b)
{
	static const uint8_t noise[32] = { 0xa5 };
	uint8_t status;

	switch (sub) {
	case PIN_RETRIES:
		dcbor_put_map(b, 1);
		dcbor_put_uint(b, 3);
		dcbor_put_uint(b, f->retries);
		return 0;
	case PIN_AGREEMENT: put_agreement(b); return 0;
	case PIN_TOKEN:
		if ((status = try_pin(f)) != 0)
			return status;
		dcbor_put_map(b, 1);
		dcbor_put_uint(b, 2);
		dcbor_put_bytes(b, noise, sizeof(noise));
		return 0;
	default: fail_msg("unexpected clientPIN subcommand %d", sub); return 1;
	}
}

static void
play(struct meddler *m, const uint8_t *request, size_t n,
    struct meddle_reply *reply)
{
	struct fixture *f = m->ctx;
	struct cseal_buf b;

	assert_in_range(n, 1, MESSAGE_MAX);
	cseal_buf_init(&b, 0);
	reply->data[0] = 0;
	switch (request[0]) {
	case CMD_INFO: put_info(f, &b); break;
	case CMD_PIN:
		/* 06, map, 01 protocol, 02 subcommand */
		assert_true(n >= 6 && request[2] == 1 && request[4] == 2);
		reply->data[0] = client_pin(f, request[5], &b);
		break;
	case CMD_GET:
		if (f->uv && f->uv_blocked && m->requests[CMD_PIN] == 0)
			reply->data[0] = STATUS_UV_BLOCK;
		else if (f->empty)
			reply->data[0] = STATUS_NONE;
		else
			put_assertion(&b);
		break;
	default: fail_msg("unexpected command %d", request[0]);
	}
	assert_int_equal(cseal_buf_error(&b), CSEAL_OK);
	if (b.len > 0)
		memcpy(reply->data + 1, b.data, b.len);
	reply->len = b.len + 1;
	cseal_buf_free(&b);
}

static int
on_pin(void *ctx, const char *name, int retries, struct cseal_buf *pin)
{
	struct fixture *f = ctx;

	assert_string_equal(name, MEDDLE_PATH);
	assert_int_equal(pin->len, 0);
	assert_int_equal(f->touches, f->dones);
	assert_true(f->asks < ASKS_MAX);
	f->shown[f->asks++] = retries;
	if (f->pin == NULL)
		return 1;
	return cseal_buf_add(
	    pin, f->pin, f->pin_len != 0 ? f->pin_len : strlen(f->pin));
}

static void
on_touch(void *ctx, const char *name)
{
	struct fixture *f = ctx;

	(void)name;
	f->touches++;
}

static void
on_done(void *ctx)
{
	struct fixture *f = ctx;

	f->dones++;
}

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->m.h = harness_new(MEDDLE_PATH, false);
	f->m.ctx = f;
	f->m.init_flags = -1;
	f->m.hook = play;
	f->retries = 8;
	f->pin = "1234";
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(f->touches, f->dones);
	cseal_token_close(f->t);
	harness_free(f->m.h);
	free(f);
	return 0;
}

static void
open_token(struct fixture *f)
{
	const struct cseal_prompt prompt = {
		.ctx = f,
		.touch = on_touch,
		.done = on_done,
		.pin = f->nobody ? NULL : on_pin,
	};

	assert_int_equal(
	    meddle_token(&f->m, &f->t, &prompt, &f->err), CSEAL_OK);
}

static int
seal(struct fixture *f)
{
	struct cseal_assertion a;
	int r;

	if (f->t == NULL)
		open_token(f);
	r = cseal_token_seal(f->t, RP, client_data, &id, 1, &a, &f->err);
	if (r == CSEAL_OK)
		assert_int_equal(a.signature.len, 70);
	else
		assert_null(a.signature.data);
	cseal_assertion_free(&a);
	return r;
}

static void
test_info(void **state)
{
	struct fixture *f = *state;
	struct cseal_token_info info;

	f->retries = 5;
	open_token(f);
	assert_int_equal(cseal_token_get_info(f->t, &info, &f->err), CSEAL_OK);
	assert_true(info.pin_supported);
	assert_true(info.pin_set);
	assert_false(info.uv);
	assert_false(info.software);
	assert_int_equal(info.pin_retries, 5);
	assert_int_equal(info.max_msg_size, MESSAGE_MAX);
	assert_string_equal(info.versions, "FIDO_2_0");
	f->retries = 900; /* nonsense */
	assert_int_equal(cseal_token_get_info(f->t, &info, &f->err), CSEAL_OK);
	assert_int_equal(info.pin_retries, -1);
}

static void
test_right(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(seal(f), CSEAL_OK);
	assert_int_equal(f->asks, 1);
	assert_int_equal(f->shown[0], 8);
	assert_int_equal(f->touches, 1);
}

static void
test_wrong_then_right(void **state)
{
	struct fixture *f = *state;

	f->wrong = 2;
	assert_int_equal(seal(f), CSEAL_OK);
	assert_int_equal(f->asks, 3);
	assert_int_equal(f->shown[0], 8);
	assert_int_equal(f->shown[1], 7);
	assert_int_equal(f->shown[2], 6);
}

static void
test_blocked_until_replugged(void **state)
{
	struct fixture *f = *state;

	f->wrong = 3;
	f->wrong_status = STATUS_REPLUG;
	assert_int_equal(seal(f), CSEAL_ERR_TOKEN_PIN);
	meddle_expect(&f->err, "until it was unplugged");
	assert_int_equal(f->asks, 3);
}

static void
test_blocked_for_good(void **state)
{
	struct fixture *f = *state;

	f->retries = 2;
	f->wrong = 2;
	f->wrong_status = STATUS_BLOCKED;
	assert_int_equal(seal(f), CSEAL_ERR_TOKEN_PIN);
	meddle_expect(&f->err, "blocked for good");
	assert_int_equal(f->asks, 2);
	/* Nobody is asked for a PIN that cannot be right. */
	assert_int_equal(seal(f), CSEAL_ERR_TOKEN_PIN);
	meddle_expect(&f->err, "blocked for good");
	assert_int_equal(f->asks, 2);
}

/* A key that never says that it is enough. */
static void
test_endlessly_wrong(void **state)
{
	struct fixture *f = *state;

	f->wrong = 1000;
	f->retries = 8;
	assert_int_equal(seal(f), CSEAL_ERR_TOKEN_PIN);
	assert_int_equal(f->asks, 8);
	f->retries = 900; /* not believed, and not asked for ever either */
	f->asks = 0;
	assert_int_equal(seal(f), CSEAL_ERR_TOKEN_PIN);
	meddle_expect(&f->err, "the PIN is wrong");
	assert_int_equal(f->asks, 8);
	assert_int_equal(f->shown[0], -1);
}

static void
test_not_tried(void **state)
{
	static const struct {
		const char *pin;
		size_t len;
		const char *says;
	} rows[] = {
		{ "", 0, "4 to 63 bytes" },
		{ "123", 0, "4 to 63 bytes" },
		{ "1234567890123456789012345678901234567890"
		  "123456789012345678901234",
		    0, "4 to 63 bytes" },
		{ "12\0"
		  "45",
		    5, "UTF-8 text" },
		{ "1234\xff", 0, "UTF-8 text" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		f->pin = rows[i].pin;
		f->pin_len = rows[i].len;
		assert_int_equal(seal(f), CSEAL_ERR_TOKEN_PIN);
		meddle_expect(&f->err, rows[i].says);
		meddle_expect(&f->err, "was not tried");
	}
	assert_int_equal(f->retries, 8);
	assert_int_equal(f->touches, 0);
	f->pin = "1234567890123456789012345678901234567890"
		 "12345678901234567890123";
	f->pin_len = 0;
	assert_int_equal(seal(f), CSEAL_OK);
}

static void
test_no_answer(void **state)
{
	struct fixture *f = *state;

	f->pin = NULL;
	assert_int_equal(seal(f), CSEAL_ERR_CANCELLED);
	meddle_expect(&f->err, "no PIN was given");
	assert_int_equal(f->touches, 0);
}

static void
test_nobody(void **state)
{
	struct fixture *f = *state;

	f->nobody = true;
	assert_int_equal(seal(f), CSEAL_ERR_TOKEN_PIN);
	meddle_expect(&f->err, "nobody can be asked");
}

static void
test_not_set(void **state)
{
	struct fixture *f = *state;

	f->no_pin_set = true;
	assert_int_equal(seal(f), CSEAL_ERR_TOKEN_PIN);
	meddle_expect(&f->err, "fido2-token -S");
	assert_int_equal(f->asks, 0);
	assert_int_equal(f->touches, 0);
}

/* A finger is preferred to a PIN, and a PIN helps where the finger fails. */
static void
test_finger(void **state)
{
	struct fixture *f = *state;

	f->uv = true;
	assert_int_equal(seal(f), CSEAL_OK);
	assert_int_equal(f->asks, 0);
	f->uv_blocked = true;
	assert_int_equal(seal(f), CSEAL_OK);
	assert_int_equal(f->asks, 1);
	assert_int_equal(f->touches, 3);
}

static void
test_finger_alone(void **state)
{
	struct fixture *f = *state;

	f->uv = f->uv_blocked = f->no_pin_set = true;
	assert_int_equal(seal(f), CSEAL_ERR_TOKEN_PIN);
	meddle_expect(&f->err, "fingerprint reader is blocked");
	assert_int_equal(f->asks, 0);
}

/* Room for five of these: more are asked for in several messages. */
#define MANY 30

static void
test_small_messages(void **state)
{
	static const uint8_t bytes[MANY + 100];
	struct fixture *f = *state;
	struct cseal_slice ids[MANY];
	struct cseal_assertion a;
	size_t which;

	for (size_t i = 0; i < MANY; i++)
		ids[i] = (struct cseal_slice){ bytes + i, 100 };
	open_token(f);
	f->empty = true;
	assert_int_equal(
	    cseal_token_holds(f->t, RP, ids, MANY, &which, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_in_range(f->m.requests[CMD_GET], MANY / 8, MANY / 5);
	assert_int_equal(
	    cseal_token_seal(f->t, RP, client_data, ids, MANY, &a, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(f->touches, 0);

	/* As many at once as the key says, and none that is too long. */
	cseal_token_close(f->t);
	f->max_ids = 2;
	open_token(f);
	f->m.requests[CMD_GET] = 0;
	ids[3].len = 101;
	assert_int_equal(cseal_token_holds(f->t, RP, ids, 5, &which, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(f->m.requests[CMD_GET], 3); /* 0 1, 2, 4 */
	assert_int_equal(
	    cseal_token_seal(f->t, RP, client_data, ids + 3, 1, &a, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(f->m.requests[CMD_GET], 3);
	assert_int_equal(f->touches, 0);
}

/* A status of CTAP for each sentence that has its own code. */
static void
fail_with(struct meddler *m, const uint8_t *request, size_t n,
    struct meddle_reply *reply)
{
	const uint8_t *status = m->ctx;

	(void)request;
	assert_true(n > 0);
	reply->data[0] = *status;
	reply->len = 1;
}

static void
test_status(void **state)
{
	static const struct {
		uint8_t status;
		int code;
		const char *says;
	} rows[] = {
		{ 0x06, CSEAL_ERR_TOKEN, "another program" },
		{ 0x19, CSEAL_ERR_EXISTS, "is enrolled already" },
		{ 0x27, CSEAL_ERR_TOKEN, "refused at the key" },
		{ 0x28, CSEAL_ERR_TOKEN, "no room" },
		{ 0x2b, CSEAL_ERR_TOKEN, "set a PIN" },
		{ 0x2d, CSEAL_ERR_CANCELLED, "cancelled" },
		{ 0x2e, CSEAL_ERR_NOT_FOUND, "was not enrolled here" },
		{ 0x2f, CSEAL_ERR_TIMEOUT, "nobody touched" },
		{ 0x3a, CSEAL_ERR_TIMEOUT, "nobody touched" },
		{ 0x32, CSEAL_ERR_TOKEN_PIN, "blocked for good" },
		{ 0x34, CSEAL_ERR_TOKEN_PIN, "plugged in again" },
		{ 0x35, CSEAL_ERR_TOKEN_PIN, "fido2-token -S" },
		{ 0x3c, CSEAL_ERR_TOKEN_PIN, "blocked" },
		{ 0x3f, CSEAL_ERR_TOKEN_PIN, "did not recognise" },
		{ 0x7e, CSEAL_ERR_TOKEN, "error 0x7e" },
	};
	struct fixture *f = *state;

	f->uv = f->no_pin_set = true;
	open_token(f);
	f->m.hook = fail_with;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint8_t status = rows[i].status;

		f->m.ctx = &status;
		assert_int_equal(seal(f), rows[i].code);
		meddle_expect(&f->err, rows[i].says);
	}
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_info),
		TEST(test_right),
		TEST(test_wrong_then_right),
		TEST(test_blocked_until_replugged),
		TEST(test_blocked_for_good),
		TEST(test_endlessly_wrong),
		TEST(test_not_tried),
		TEST(test_no_answer),
		TEST(test_nobody),
		TEST(test_not_set),
		TEST(test_finger),
		TEST(test_finger_alone),
		TEST(test_small_messages),
		TEST(test_status),
	};

	return cmocka_run_group_tests_name("token_pin", tests, NULL, NULL);
}
