/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clientPIN but for its tokens, with both protocols: CTAP 2.1, sections
 * 6.5.5.2 to 6.5.5.6.
 */
#include "pin_fixture.h"

/* A request with the subcommand's own parameters, as far as `mask` says. */
enum part { PROTOCOL = 1, KEY = 2, AUTH = 4, NEW_PIN = 8, HASH = 16 };

static void
build(const struct client *c, struct request *q, enum client_subcommand sub,
    unsigned int mask)
{
	uint8_t sealed[2 * CLIENT_SEALED], mac[32];
	size_t n = client_seal_pin(c, "5678", 64, sealed);
	size_t m = client_seal_hash(c, PIN, sealed + n);
	size_t signed_len = sub == SET_PIN ? n : n + m;
	size_t mac_len = client_mac(c, c->hmac_key, sealed, signed_len, mac);

	request_begin(q, 0x06);
	if ((mask & PROTOCOL) != 0)
		request_uint(q, 0x01, c->protocol);
	request_uint(q, 0x02, sub);
	if ((mask & KEY) != 0)
		request_raw(q, 0x03, c->cose, sizeof(c->cose));
	if ((mask & AUTH) != 0)
		request_bytes(q, 0x04, mac, mac_len);
	if ((mask & NEW_PIN) != 0)
		request_bytes(q, 0x05, sealed, n);
	if ((mask & HASH) != 0)
		request_bytes(q, 0x06, sealed + n, m);
}

/* 6.5.5.5, step 1, and its like. */
static void
mandatory_parameters(void **state)
{
	static const struct {
		enum client_subcommand sub;
		unsigned int needs;
	} subs[] = {
		{ GET_KEY_AGREEMENT, PROTOCOL },
		{ SET_PIN, PROTOCOL | KEY | AUTH | NEW_PIN },
		{ CHANGE_PIN, PROTOCOL | KEY | AUTH | NEW_PIN | HASH },
		{ GET_PIN_TOKEN, PROTOCOL | KEY | HASH },
	};
	struct fixture *f = *state;
	struct request q;

	for (size_t i = 0; i < sizeof(subs) / sizeof(subs[0]); i++) {
		for (unsigned int bit = 1; bit <= HASH; bit <<= 1) {
			if ((subs[i].needs & bit) == 0)
				continue;
			build(&f->c, &q, subs[i].sub, subs[i].needs & ~bit);
			request_expect(f->h, &q, CTAP2_ERR_MISSING_PARAMETER);
		}
	}
	request_begin(&q, 0x06);
	request_expect(f->h, &q, CTAP2_ERR_MISSING_PARAMETER);
	assert_int_equal(f->h->saves, 0);
}

static void
unknown_subcommands(void **state)
{
	static const uint64_t numbers[] = { 0, 8, 10, 0xff, 0x100000003U };
	struct fixture *f = *state;
	struct request q;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		request_begin(&q, 0x06);
		request_uint(&q, 0x01, f->c.protocol);
		request_uint(&q, 0x02, numbers[i]);
		request_expect(f->h, &q, CTAP2_ERR_INVALID_SUBCOMMAND);
	}
}

/* Step 2. */
static void
unknown_protocols(void **state)
{
	static const uint64_t numbers[] = { 0, 3, 0x100000001U };
	static const enum client_subcommand subs[] = { GET_KEY_AGREEMENT,
		SET_PIN, CHANGE_PIN, GET_PIN_TOKEN };
	struct fixture *f = *state;
	struct request q, r;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		for (size_t k = 0; k < sizeof(subs) / sizeof(subs[0]); k++) {
			build(&f->c, &q, subs[k], KEY | AUTH | NEW_PIN | HASH);
			/* Key 1 goes before all others. */
			request_begin(&r, 0x06);
			request_uint(&r, 0x01, numbers[i]);
			r.data[1] = (uint8_t)(r.data[1] + q.data[1] - 0xa0);
			request_put(&r, q.data + 2, q.n - 2);
			request_expect(f->h, &r, CTAP1_ERR_INVALID_PARAMETER);
		}
	}
}

static void
wrong_types(void **state)
{
	static const struct {
		uint8_t key;
		const char *item;
	} wrongs[] = { { 0x01, "\x20" }, { 0x02, "\x61x" }, { 0x03, "\x01" },
		{ 0x04, "\x61x" }, { 0x05, "\x01" }, { 0x06, "\x61x" },
		{ 0x09, "\x20" }, { 0x0a, "\x41x" } };
	struct fixture *f = *state;
	struct request q;

	for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		request_begin(&q, 0x06);
		if (wrongs[i].key > 0x02)
			request_uint(&q, 0x02, SET_PIN);
		request_raw(
		    &q, wrongs[i].key, wrongs[i].item, strlen(wrongs[i].item));
		request_expect(f->h, &q, CTAP2_ERR_CBOR_UNEXPECTED_TYPE);
	}
}

static void
key_agreement_stays_until_power_off(void **state)
{
	struct fixture *f = *state;
	struct harness_message first, again;
	struct request q;

	request_begin(&q, 0x06);
	request_uint(&q, 0x01, f->c.protocol);
	request_uint(&q, 0x02, GET_KEY_AGREEMENT);
	assert_int_equal(request_run(f->h, &q, &first), CTAP2_OK);
	assert_int_equal(request_run(f->h, &q, &again), CTAP2_OK);
	assert_memory_equal(first.data, again.data, first.len);
	harness_power_cycle(f->h);
	assert_int_equal(request_run(f->h, &q, &again), CTAP2_OK);
	assert_memory_not_equal(first.data, again.data, first.len);
	f->h->random_fails = true;
	harness_power_cycle(f->h);
	request_expect(f->h, &q, CTAP1_ERR_OTHER);
}

/* Step 4: each byte of our key's frame, a point off the curve, no map. */
static void
keys_that_are_none(void **state)
{
	static const uint8_t framing[] = { 0, 2, 4, 5, 7, 8, 43 };
	struct fixture *f = *state;
	struct request q;

	for (size_t i = 0; i < sizeof(framing); i++) {
		struct client c = f->c;

		c.cose[framing[i]] ^= framing[i] == 0 ? 0x06 : 0x01;
		build(&c, &q, SET_PIN, PROTOCOL | KEY | AUTH | NEW_PIN);
		assert_int_not_equal(request_run(f->h, &q, NULL), CTAP2_OK);
	}
	f->c.cose[20] ^= 1;
	build(&f->c, &q, SET_PIN, PROTOCOL | KEY | AUTH | NEW_PIN);
	request_expect(f->h, &q, CTAP1_ERR_INVALID_PARAMETER);
	request_begin(&q, 0x06);
	request_uint(&q, 0x01, f->c.protocol);
	request_uint(&q, 0x02, SET_PIN);
	request_raw(&q, 0x03, "\xa0", 1);
	request_bytes(&q, 0x04, "", 0);
	request_bytes(&q, 0x05, "", 0);
	request_expect(f->h, &q, CTAP1_ERR_INVALID_PARAMETER);
	assert_false(f->h->saved.pin_set);
}

/* One with a parameter more is none of section 6.5.6. */
static void
key_with_something_added(void **state)
{
	struct fixture *f = *state;
	uint8_t cose[CLIENT_COSE + 2], sealed[CLIENT_SEALED], mac[32];
	size_t n = client_seal_pin(&f->c, PIN, 64, sealed);
	struct request q;

	memcpy(cose, f->c.cose, CLIENT_COSE);
	cose[0]++;
	memcpy(cose + CLIENT_COSE, "\x23\x00", 2);
	request_begin(&q, 0x06);
	request_uint(&q, 0x01, f->c.protocol);
	request_uint(&q, 0x02, SET_PIN);
	request_raw(&q, 0x03, cose, sizeof(cose));
	request_bytes(
	    &q, 0x04, mac, client_mac(&f->c, f->c.hmac_key, sealed, n, mac));
	request_bytes(&q, 0x05, sealed, n);
	request_expect(f->h, &q, CTAP1_ERR_INVALID_PARAMETER);
}

/* The whole way, and what is kept of it: never the PIN. */
static void
pin_is_set(void **state)
{
	static const uint8_t sha256_1234[] = { 0x03, 0xac, 0x67, 0x42, 0x16,
		0xf3, 0xe1, 0x5c, 0x76, 0x1e, 0xe1, 0xa5, 0xe2, 0x55, 0xf0,
		0x67 };
	struct fixture *f = *state;
	bool power_cycle;

	assert_int_equal(client_pin_retries(f->h, &power_cycle), 8);
	assert_false(power_cycle);
	assert_int_equal(client_set_pin(&f->c, PIN), CTAP2_OK);
	assert_true(f->h->saved.pin_set);
	assert_memory_equal(f->h->saved.pin_hash, sha256_1234, 16);
	assert_int_equal(f->h->saved.pin_length, 4);
	assert_int_equal(f->h->asked, 0);
	restart(f);
	assert_int_equal(client_pin_token(&f->c, PIN), CTAP2_OK);
}

/* Step 3. */
static void
pin_is_set_once(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
	    client_set_pin(&f->c, "5678"), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(client_pin_token(&f->c, PIN), CTAP2_OK);
}

/* Steps 5 to 7. */
static void
set_pin_with_wrong_seals(void **state)
{
	static const size_t lengths[] = { 0, 16, 48, 80 };
	struct fixture *f = *state;
	const struct client *c = &f->c;
	uint8_t sealed[CLIENT_SEALED], mac[32];
	struct request q;

	for (size_t i = 0; i < 16; i++) {
		size_t n = client_seal_pin(c, PIN, 64, sealed);
		size_t m = client_mac(c, c->hmac_key, sealed, n, mac);

		mac[i] ^= 1;
		client_request(c, &q, SET_PIN);
		request_bytes(&q, 0x04, mac, i == 15 ? m - 1 : m);
		request_bytes(&q, 0x05, sealed, n);
		request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
	}
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		size_t n = client_seal_pin(c, "", lengths[i], sealed);

		client_request(c, &q, SET_PIN);
		request_bytes(
		    &q, 0x04, mac, client_mac(c, c->hmac_key, sealed, n, mac));
		request_bytes(&q, 0x05, sealed, n);
		request_expect(f->h, &q, CTAP1_ERR_INVALID_PARAMETER);
	}
	/* No ciphertext at all: part of a block. */
	client_request(c, &q, SET_PIN);
	request_bytes(
	    &q, 0x04, mac, client_mac(c, c->hmac_key, sealed, 15, mac));
	request_bytes(&q, 0x05, sealed, 15);
	request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
	assert_false(f->h->saved.pin_set);
}

#define E4  "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
#define TEN "0123456789"

/* Steps 8 to 10. */
static void
pins_that_are_too_short_or_too_long(void **state)
{
	static const char *const bad[] = { "", "1", "123", "\xc3\xa9\xc3\xa9",
		"\xff\xff\xff\xff", "12\xc3", TEN TEN TEN TEN TEN TEN "1234" };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(client_set_pin(&f->c, bad[i]),
		    CTAP2_ERR_PIN_POLICY_VIOLATION);
	assert_int_equal(client_set_pin(&f->c, E4), CTAP2_OK);
	assert_int_equal(f->h->saved.pin_length, 4);
	assert_int_equal(
	    client_change_pin(&f->c, E4, TEN TEN TEN TEN TEN TEN "123"),
	    CTAP2_OK);
	assert_int_equal(f->h->saved.pin_length, 63);
	assert_int_equal(
	    client_pin_token(&f->c, TEN TEN TEN TEN TEN TEN "123"), CTAP2_OK);
}

static void
pin_is_changed(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(client_change_pin(&f->c, PIN, "98765"), CTAP2_OK);
	assert_int_equal(f->h->saved.pin_length, 5);
	assert_int_equal(client_pin_token(&f->c, "98765"), CTAP2_OK);
	assert_int_equal(client_pin_token(&f->c, PIN), CTAP2_ERR_PIN_INVALID);
}

static void
change_pin_needs_one(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
	    client_change_pin(&f->c, PIN, "5678"), CTAP2_ERR_PIN_NOT_SET);
}

/* 6.5.5.6, step 5: before any try is counted. */
static void
change_pin_with_wrong_seals(void **state)
{
	struct fixture *f = *state;
	struct request q;
	struct client c = f->c;

	c.hmac_key[0] ^= 1;
	build(&c, &q, CHANGE_PIN, PROTOCOL | KEY | AUTH | NEW_PIN | HASH);
	request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(client_pin_retries(f->h, NULL), 8);
	assert_int_equal(client_change_pin(&f->c, PIN, "123"),
	    CTAP2_ERR_PIN_POLICY_VIOLATION);
	assert_int_equal(client_pin_token(&f->c, PIN), CTAP2_OK);
}

/* Steps 9 and 10: the old PIN is right, the new one is of another length. */
static void
change_pin_with_other_lengths(void **state)
{
	static const size_t lengths[] = { 0, 48, 80 };
	struct fixture *f = *state;
	const struct client *c = &f->c;
	uint8_t sealed[2 * CLIENT_SEALED], mac[32];
	struct request q;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		size_t n = client_seal_pin(c, "", lengths[i], sealed);
		size_t m = client_seal_hash(c, PIN, sealed + n);
		size_t mac_len = client_mac(c, c->hmac_key, sealed, n + m, mac);

		client_request(c, &q, CHANGE_PIN);
		request_bytes(&q, 0x04, mac, mac_len);
		request_bytes(&q, 0x05, sealed, n);
		request_bytes(&q, 0x06, sealed + n, m);
		request_expect(f->h, &q, CTAP1_ERR_INVALID_PARAMETER);
	}
	/* A right PIN counts as one (step 8). */
	assert_int_equal(client_pin_retries(f->h, NULL), 8);
	assert_int_equal(client_pin_token(&f->c, PIN), CTAP2_OK);
}

/* Step 7.1.1: the secret of a wrong guess is worth no second one. */
static void
wrong_pin_ends_the_secret(void **state)
{
	struct fixture *f = *state;
	struct client old = f->c;

	assert_int_equal(
	    client_change_pin(&f->c, WRONG, "5678"), CTAP2_ERR_PIN_INVALID);
	assert_int_equal(
	    client_change_pin(&old, PIN, "5678"), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(client_pin_retries(f->h, NULL), 7);
	agree_again(f);
	assert_int_equal(client_change_pin(&f->c, PIN, "5678"), CTAP2_OK);
	assert_int_equal(client_pin_retries(f->h, NULL), 8);
}

/* 3 a power cycle, 8 in all, and not one given back. */
static void
tries_run_out(void **state)
{
	static const int want[8] = { CTAP2_ERR_PIN_INVALID,
		CTAP2_ERR_PIN_INVALID, CTAP2_ERR_PIN_AUTH_BLOCKED,
		CTAP2_ERR_PIN_INVALID, CTAP2_ERR_PIN_INVALID,
		CTAP2_ERR_PIN_AUTH_BLOCKED, CTAP2_ERR_PIN_INVALID,
		CTAP2_ERR_PIN_BLOCKED };
	struct fixture *f = *state;
	bool power_cycle;

	for (unsigned int i = 0; i < 8; i++) {
		agree_again(f);
		assert_int_equal(client_pin_token(&f->c, WRONG), want[i]);
		assert_int_equal(client_pin_retries(f->h, &power_cycle), 7 - i);
		assert_int_equal(power_cycle, i % 3 == 2);
		if (!power_cycle)
			continue;
		/* Blocked is blocked, even for the right PIN. */
		agree_again(f);
		assert_int_equal(
		    client_pin_token(&f->c, PIN), CTAP2_ERR_PIN_AUTH_BLOCKED);
		assert_int_equal(client_change_pin(&f->c, PIN, "5678"),
		    CTAP2_ERR_PIN_AUTH_BLOCKED);
		assert_int_equal(client_pin_retries(f->h, NULL), 7 - i);
		restart(f);
	}
	restart(f);
	assert_int_equal(client_pin_token(&f->c, PIN), CTAP2_ERR_PIN_BLOCKED);
	assert_int_equal(
	    client_change_pin(&f->c, PIN, "5678"), CTAP2_ERR_PIN_BLOCKED);
	assert_int_equal(client_token(&f->c, PIN, PINUV_MC, REQUEST_RP),
	    CTAP2_ERR_PIN_BLOCKED);
	assert_int_equal(client_pin_retries(f->h, NULL), 0);
}

static void
right_pin_gives_the_tries_back(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 3; i++) {
		assert_int_equal(
		    client_pin_token(&f->c, WRONG), CTAP2_ERR_PIN_INVALID);
		agree_again(f);
		assert_int_equal(
		    client_pin_token(&f->c, WRONG), CTAP2_ERR_PIN_INVALID);
		agree_again(f);
		assert_int_equal(client_pin_retries(f->h, NULL), 6);
		assert_int_equal(client_pin_token(&f->c, PIN), CTAP2_OK);
		assert_int_equal(client_pin_retries(f->h, NULL), 8);
	}
}

/* The try is stored before the PIN is looked at. */
static void
plug_pulled_at_the_try(void **state)
{
	struct fixture *f = *state;

	f->h->saves = 0;
	assert_int_equal(client_pin_token(&f->c, WRONG), CTAP2_ERR_PIN_INVALID);
	assert_int_equal(f->h->saves, 1);
	assert_int_equal(f->h->saved.pin_retries, 7);
	agree_again(f);
	f->h->save_fails = true;
	assert_int_equal(client_pin_token(&f->c, PIN), CTAP1_ERR_OTHER);
	assert_int_equal(client_pin_token(&f->c, WRONG), CTAP1_ERR_OTHER);
	assert_int_equal(
	    client_change_pin(&f->c, PIN, "5678"), CTAP1_ERR_OTHER);
	f->h->save_fails = false;
	assert_int_equal(client_pin_token(&f->c, PIN), CTAP2_OK);
}

static void
pin_that_cannot_be_stored(void **state)
{
	struct fixture *f = *state;

	f->h->save_fails = true;
	assert_int_equal(client_set_pin(&f->c, PIN), CTAP1_ERR_OTHER);
	f->h->save_fails = false;
	assert_int_equal(client_pin_token(&f->c, PIN), CTAP2_ERR_PIN_NOT_SET);
}

static void
reset_forgets_the_pin(void **state)
{
	struct fixture *f = *state;
	bool power_cycle;

	for (int i = 0; i < 3; i++) {
		agree_again(f);
		assert_int_not_equal(client_pin_token(&f->c, WRONG), CTAP2_OK);
	}
	assert_int_equal(client_pin_retries(f->h, &power_cycle), 5);
	assert_true(power_cycle);
	assert_int_equal(harness_ctap(f->h, "\x07", 1, NULL), CTAP2_OK);
	assert_int_equal(client_pin_retries(f->h, &power_cycle), 8);
	assert_false(power_cycle);
	agree_again(f);
	assert_int_equal(client_pin_token(&f->c, PIN), CTAP2_ERR_PIN_NOT_SET);
	assert_int_equal(client_set_pin(&f->c, "5678"), CTAP2_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(mandatory_parameters, set_up),
		BOTH(unknown_subcommands, set_up),
		BOTH(unknown_protocols, set_up),
		BOTH(wrong_types, set_up),
		BOTH(key_agreement_stays_until_power_off, set_up),
		BOTH(keys_that_are_none, set_up),
		BOTH(key_with_something_added, set_up),
		BOTH(pin_is_set, set_up),
		BOTH(pin_is_set_once, set_up_pin),
		BOTH(set_pin_with_wrong_seals, set_up),
		BOTH(pins_that_are_too_short_or_too_long, set_up),
		BOTH(pin_is_changed, set_up_pin),
		BOTH(change_pin_needs_one, set_up),
		BOTH(change_pin_with_wrong_seals, set_up_pin),
		BOTH(change_pin_with_other_lengths, set_up_pin),
		BOTH(wrong_pin_ends_the_secret, set_up_pin),
		BOTH(tries_run_out, set_up_pin),
		BOTH(right_pin_gives_the_tries_back, set_up_pin),
		BOTH(plug_pulled_at_the_try, set_up_pin),
		BOTH(pin_that_cannot_be_stored, set_up),
		BOTH(reset_forgets_the_pin, set_up_pin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
