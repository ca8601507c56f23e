/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * credentialManagement (CTAP 2.1, section 6.8) from the client's side, with
 * both PIN/UV auth protocols.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <openssl/evp.h>

#include <cmocka.h>

#include "piece.h"
#include "pin_client.h"
#include "pinuv.h"
#include "scan.h"
#include "status.h"

#define CREDMAN 0x0a
#define PIN	"1234"
#define OTHER	"other.example"

enum subcommand {
	METADATA = 0x01,
	RPS_BEGIN = 0x02,
	RPS_NEXT = 0x03,
	CREDENTIALS_BEGIN = 0x04,
	CREDENTIALS_NEXT = 0x05,
	DELETE = 0x06,
	UPDATE = 0x07
};

struct fixture {
	struct harness *h;
	struct client c;
	int client;
	uint32_t cid;
	struct harness_message reply;
};

/* subCommandParams, as they travel. */
struct params {
	size_t n;
	uint8_t data[512];
};

/* A resident credential, while the key has no PIN yet. */
static void
make(struct fixture *f, const char *rp, char account)
{
	const uint8_t user[] = { 0xa2, 0x62, 'i', 'd', 0x41, (uint8_t)account,
		0x64, 'n', 'a', 'm', 'e', 0x61, (uint8_t)account };
	struct request q;

	request_begin(&q, 0x01);
	request_bytes(&q, 0x01, request_hash, sizeof(request_hash));
	request_key(&q, 0x02);
	request_put(&q, "\xa1\x62id", 4);
	request_put_text(&q, rp);
	request_raw(&q, 0x03, user, sizeof(user));
	request_raw(&q, 0x04,
	    "\x81\xa2\x63"
	    "alg\x26\x64type\x6apublic-key",
	    23);
	request_raw(&q, 0x07, "\xa1\x62rk\xf5", 5);
	assert_int_equal(request_run(f->h, &q, &f->reply), CTAP2_OK);
}

static int
set_up_bare(void **state)
{
	static struct fixture f;
	const unsigned int *protocol = *state;

	f.h = harness_new("device:", false);
	f.client = harness_client(f.h);
	f.cid = harness_channel(f.h, f.client);
	client_begin(&f.c, f.h, *protocol);
	*state = &f;
	return 0;
}

static void
take_token(struct fixture *f, unsigned int permissions, const char *rp)
{
	assert_int_equal(client_token(&f->c, PIN, permissions, rp), CTAP2_OK);
}

/* Two of one rp, one of another, and a PIN. */
static int
set_up(void **state)
{
	struct fixture *f;

	set_up_bare(state);
	f = *state;
	make(f, REQUEST_RP, 'a');
	make(f, OTHER, 'b');
	make(f, REQUEST_RP, 'c');
	assert_int_equal(client_set_pin(&f->c, PIN), CTAP2_OK);
	take_token(f, PINUV_CM, NULL);
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	client_end(&f->c);
	harness_free(f->h);
	return 0;
}

static int
send_bytes(struct fixture *f, const void *p, size_t n)
{
	harness_send_message(f->h, f->client, f->cid, CTAPHID_CBOR, p, n);
	assert_true(harness_receive_message(f->h, f->client, &f->reply));
	assert_int_equal(f->reply.cmd, CTAPHID_CBOR);
	if (f->reply.len > 1)
		assert_true(
		    scan_is_canonical(f->reply.data + 1, f->reply.len - 1));
	return f->reply.data[0];
}

/* `signed_as` is what the authentication is made over. */
static int
run_as(struct fixture *f, enum subcommand sub, enum subcommand signed_as,
    const struct params *params)
{
	uint8_t msg[1 + sizeof(params->data)] = { (uint8_t)signed_as }, mac[32];
	size_t n = 1;
	struct request q;

	request_begin(&q, CREDMAN);
	request_uint(&q, 0x01, sub);
	if (params != NULL) {
		request_raw(&q, 0x02, params->data, params->n);
		memcpy(msg + n, params->data, params->n);
		n += params->n;
	}
	request_uint(&q, 0x03, f->c.protocol);
	request_bytes(
	    &q, 0x04, mac, client_mac(&f->c, f->c.token, msg, n, mac));
	return send_bytes(f, q.data, q.n);
}

static int
run(struct fixture *f, enum subcommand sub, const struct params *params)
{
	return run_as(f, sub, sub, params);
}

/* A subcommand that takes no token. */
static int
follow(struct fixture *f, enum subcommand sub)
{
	struct request q;

	request_begin(&q, CREDMAN);
	request_uint(&q, 0x01, sub);
	return send_bytes(f, q.data, q.n);
}

static struct piece
found(const struct fixture *f, uint8_t key)
{
	return piece_find(f->reply.data + 1, &key, 1);
}

static void
add(struct params *p, const void *data, size_t n)
{
	assert_true(n <= sizeof(p->data) - p->n);
	memcpy(p->data + p->n, data, n);
	p->n += n;
}

static struct params
of_rp(const char *rp)
{
	struct params p = { 0 };
	uint8_t hash[32];

	EVP_Digest(rp, strlen(rp), hash, NULL, EVP_sha256(), NULL);
	add(&p, "\xa1\x01\x58\x20", 4);
	add(&p, hash, sizeof(hash));
	return p;
}

/* The descriptor as enumerateCredentials gave it, and `user` if not NULL. */
static struct params
of_credential(struct piece descriptor, const void *user, size_t n)
{
	struct params p = { 0 };

	add(&p, user != NULL ? "\xa2\x02" : "\xa1\x02", 2);
	add(&p, descriptor.p, descriptor.n);
	if (user != NULL) {
		add(&p, "\x03", 1);
		add(&p, user, n);
	}
	return p;
}

/* Deletes or updates the first credential of an rp. */
static struct params
first_of(struct fixture *f, const char *rp, const void *user, size_t n)
{
	const struct params p = of_rp(rp);

	assert_int_equal(run(f, CREDENTIALS_BEGIN, &p), CTAP2_OK);
	return of_credential(found(f, 0x07), user, n);
}

static bool
is_user(const struct fixture *f, const void *raw, size_t n)
{
	return piece_is(found(f, 0x06), raw, n);
}

static void
metadata_counts(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(run(f, METADATA, NULL), CTAP2_OK);
	assert_true(piece_is(found(f, 0x01), "\x03", 1));
	assert_true(piece_is(found(f, 0x02), "\x18\x1d", 2));
	assert_int_equal(f->reply.len, 1 + 6);
}

static void
expect_rp(const struct fixture *f, const char *rp)
{
	struct piece id = PIECE_FIND(found(f, 0x03).p, "\x62id");
	struct piece hash = piece_string(found(f, 0x04).p);
	uint8_t want[32];

	EVP_Digest(rp, strlen(rp), want, NULL, EVP_sha256(), NULL);
	assert_true(piece_is(piece_string(id.p), rp, strlen(rp)));
	assert_true(piece_is(hash, want, sizeof(want)));
}

static void
rps_are_listed_once(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(run(f, RPS_BEGIN, NULL), CTAP2_OK);
	expect_rp(f, REQUEST_RP);
	assert_true(piece_is(found(f, 0x05), "\x02", 1));
	assert_int_equal(follow(f, RPS_NEXT), CTAP2_OK);
	expect_rp(f, OTHER);
	assert_null(found(f, 0x05).p);
	assert_int_equal(follow(f, RPS_NEXT), CTAP2_ERR_NOT_ALLOWED);
}

static void
credentials_are_listed(void **state)
{
	struct fixture *f = *state;
	struct params p = of_rp(REQUEST_RP);

	assert_int_equal(run(f, CREDENTIALS_BEGIN, &p), CTAP2_OK);
	assert_true(is_user(f, "\xa2\x62id\x41\x61\x64name\x61\x61", 13));
	assert_true(piece_is(found(f, 0x09), "\x02", 1));
	assert_true(piece_is(found(f, 0x0a), "\x01", 1));
	/* EC2, ES256, P-256. */
	assert_memory_equal(
	    found(f, 0x08).p, "\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", 10);
	assert_int_equal(follow(f, CREDENTIALS_NEXT), CTAP2_OK);
	assert_true(is_user(f, "\xa2\x62id\x41\x63\x64name\x61\x63", 13));
	assert_null(found(f, 0x09).p);
	assert_int_equal(follow(f, CREDENTIALS_NEXT), CTAP2_ERR_NOT_ALLOWED);
	p = of_rp("unknown.example");
	assert_int_equal(
	    run(f, CREDENTIALS_BEGIN, &p), CTAP2_ERR_NO_CREDENTIALS);
}

static void
nothing_to_list(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(client_set_pin(&f->c, PIN), CTAP2_OK);
	take_token(f, PINUV_CM, NULL);
	assert_int_equal(run(f, RPS_BEGIN, NULL), CTAP2_ERR_NO_CREDENTIALS);
	assert_int_equal(follow(f, RPS_NEXT), CTAP2_ERR_NOT_ALLOWED);
	assert_int_equal(run(f, METADATA, NULL), CTAP2_OK);
	assert_true(piece_is(found(f, 0x01), "\x00", 1));
}

/* Each kind of list follows its own beginning alone, and not for ever. */
static void
following_has_limits(void **state)
{
	static const uint8_t get_info = 0x04;
	struct fixture *f = *state;
	const struct params p = of_rp(REQUEST_RP);

	assert_int_equal(follow(f, RPS_NEXT), CTAP2_ERR_NOT_ALLOWED);
	assert_int_equal(follow(f, CREDENTIALS_NEXT), CTAP2_ERR_NOT_ALLOWED);
	assert_int_equal(run(f, RPS_BEGIN, NULL), CTAP2_OK);
	assert_int_equal(follow(f, CREDENTIALS_NEXT), CTAP2_ERR_NOT_ALLOWED);
	assert_int_equal(follow(f, RPS_NEXT), CTAP2_ERR_NOT_ALLOWED);
	assert_int_equal(run(f, CREDENTIALS_BEGIN, &p), CTAP2_OK);
	assert_int_equal(run(f, METADATA, NULL), CTAP2_OK);
	assert_int_equal(follow(f, CREDENTIALS_NEXT), CTAP2_ERR_NOT_ALLOWED);
	assert_int_equal(run(f, CREDENTIALS_BEGIN, &p), CTAP2_OK);
	assert_int_equal(send_bytes(f, &get_info, 1), CTAP2_OK);
	assert_int_equal(follow(f, CREDENTIALS_NEXT), CTAP2_ERR_NOT_ALLOWED);
	assert_int_equal(run(f, CREDENTIALS_BEGIN, &p), CTAP2_OK);
	f->h->now += 30001;
	assert_int_equal(follow(f, CREDENTIALS_NEXT), CTAP2_ERR_NOT_ALLOWED);
	/* getNextAssertion is none of them. */
	take_token(f, PINUV_CM, NULL);
	assert_int_equal(run(f, RPS_BEGIN, NULL), CTAP2_OK);
	assert_int_equal(send_bytes(f, "\x08", 1), CTAP2_ERR_NOT_ALLOWED);
}

static void
deleted_is_gone(void **state)
{
	struct fixture *f = *state;
	struct params p = first_of(f, REQUEST_RP, NULL, 0);

	assert_int_equal(run(f, DELETE, &p), CTAP2_OK);
	assert_int_equal(f->reply.len, 1);
	assert_int_equal(f->h->saved.residents.n, 2);
	assert_int_equal(run(f, DELETE, &p), CTAP2_ERR_NO_CREDENTIALS);
	p = of_rp(REQUEST_RP);
	assert_int_equal(run(f, CREDENTIALS_BEGIN, &p), CTAP2_OK);
	assert_true(is_user(f, "\xa2\x62id\x41\x63\x64name\x61\x63", 13));
	assert_true(piece_is(found(f, 0x09), "\x01", 1));
	p = first_of(f, OTHER, NULL, 0);
	assert_int_equal(run(f, DELETE, &p), CTAP2_OK);
	assert_int_equal(run(f, RPS_BEGIN, NULL), CTAP2_OK);
	assert_true(piece_is(found(f, 0x05), "\x01", 1));
}

/* Not even its id is of use any more. */
static void
deleted_does_not_sign(void **state)
{
	struct fixture *f = *state;
	const struct params p = first_of(f, OTHER, NULL, 0);
	struct piece descriptor = found(f, 0x07);
	struct piece id = piece_string(PIECE_FIND(descriptor.p, "\x62id").p);
	struct request q;

	request_get(&q, OTHER, id.p, id.n);
	/* No touch, which would use the token up. */
	request_raw(&q, 0x05, "\xa1\x62up\xf4", 5);
	assert_int_equal(request_run(f->h, &q, NULL), CTAP2_OK);
	assert_int_equal(run(f, DELETE, &p), CTAP2_OK);
	assert_int_equal(request_run(f->h, &q, NULL), CTAP2_ERR_NO_CREDENTIALS);
}

static void
names_can_be_changed(void **state)
{
	static const char user[] = "\xa3\x62id\x41\x61\x64name\x62"
				   "Al\x6b"
				   "displayName\x63"
				   "Ali";
	struct fixture *f = *state;
	struct params p = first_of(f, REQUEST_RP, user, sizeof(user) - 1);

	assert_int_equal(run(f, UPDATE, &p), CTAP2_OK);
	assert_int_equal(f->reply.len, 1);
	p = first_of(f, REQUEST_RP, NULL, 0);
	assert_true(is_user(f, user, sizeof(user) - 1));
	/* What is not given is taken away. */
	p = first_of(f, REQUEST_RP, "\xa1\x62id\x41\x61", 6);
	assert_int_equal(run(f, UPDATE, &p), CTAP2_OK);
	p = first_of(f, REQUEST_RP, NULL, 0);
	assert_true(is_user(f, "\xa1\x62id\x41\x61", 6));
	/* Another user id is another account. */
	p = first_of(f, REQUEST_RP, "\xa1\x62id\x41\x62", 6);
	assert_int_equal(run(f, UPDATE, &p), CTAP1_ERR_INVALID_PARAMETER);
	p.data[10] ^= 1; /* in the id */
	assert_int_equal(run(f, UPDATE, &p), CTAP2_ERR_NO_CREDENTIALS);
}

/* What a failing store did not take has not happened. */
static void
changes_need_storage(void **state)
{
	struct fixture *f = *state;
	const struct params gone = first_of(f, REQUEST_RP, NULL, 0);
	const struct params named =
	    first_of(f, REQUEST_RP, "\xa1\x62id\x41\x61", 6);

	f->h->save_fails = true;
	assert_int_equal(run(f, DELETE, &gone), CTAP1_ERR_OTHER);
	assert_int_equal(run(f, UPDATE, &named), CTAP1_ERR_OTHER);
	f->h->save_fails = false;
	first_of(f, REQUEST_RP, NULL, 0);
	assert_true(is_user(f, "\xa2\x62id\x41\x61\x64name\x61\x61", 13));
	assert_true(piece_is(found(f, 0x09), "\x02", 1));
}

static void
token_is_needed(void **state)
{
	static const enum subcommand subs[] = { METADATA, RPS_BEGIN,
		CREDENTIALS_BEGIN, DELETE, UPDATE };
	struct fixture *f = *state;
	const struct params p =
	    first_of(f, REQUEST_RP, "\xa1\x62id\x41\x61", 6);
	const struct params rp = of_rp(REQUEST_RP);

	for (size_t i = 0; i < sizeof(subs) / sizeof(subs[0]); i++) {
		const struct params *with = i < 2 ? NULL : i == 2 ? &rp : &p;

		assert_int_equal(follow(f, subs[i]), CTAP2_ERR_PUAT_REQUIRED);
		assert_int_equal(
		    run_as(f, subs[i], 0x7f, with), CTAP2_ERR_PIN_AUTH_INVALID);
	}
	assert_int_equal(f->h->saved.residents.n, 3);
	/* The parameters are authenticated as well. */
	for (size_t i = 0; i < p.n; i++) {
		struct request q;
		uint8_t msg[1 + sizeof(p.data)] = { DELETE }, mac[32];

		memcpy(msg + 1, p.data, p.n);
		msg[1 + i] ^= 1;
		request_begin(&q, CREDMAN);
		request_uint(&q, 0x01, DELETE);
		request_raw(&q, 0x02, p.data, p.n);
		request_uint(&q, 0x03, f->c.protocol);
		request_bytes(&q, 0x04, mac,
		    client_mac(&f->c, f->c.token, msg, 1 + p.n, mac));
		assert_int_equal(
		    send_bytes(f, q.data, q.n), CTAP2_ERR_PIN_AUTH_INVALID);
	}
}

static void
permission_is_needed(void **state)
{
	struct fixture *f = *state;
	const struct params rp = of_rp(REQUEST_RP), other = of_rp(OTHER);
	struct params mine, theirs;

	theirs = first_of(f, OTHER, NULL, 0);
	mine = first_of(f, REQUEST_RP, NULL, 0);
	take_token(f, PINUV_MC | PINUV_GA, REQUEST_RP);
	assert_int_equal(run(f, METADATA, NULL), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(
	    run(f, CREDENTIALS_BEGIN, &rp), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(run(f, DELETE, &mine), CTAP2_ERR_PIN_AUTH_INVALID);
	/* Bound to one rp: what is of all is refused, and what is another's. */
	take_token(f, PINUV_CM, REQUEST_RP);
	assert_int_equal(run(f, METADATA, NULL), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(run(f, RPS_BEGIN, NULL), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(
	    run(f, CREDENTIALS_BEGIN, &other), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(run(f, DELETE, &theirs), CTAP2_ERR_PIN_AUTH_INVALID);
	assert_int_equal(f->h->saved.residents.n, 3);
	assert_int_equal(run(f, CREDENTIALS_BEGIN, &rp), CTAP2_OK);
	assert_int_equal(run(f, DELETE, &mine), CTAP2_OK);
}

static int
send_params(struct fixture *f, enum subcommand sub, const char *raw, size_t n)
{
	struct params p = { 0 };

	add(&p, raw, n);
	return run(f, sub, &p);
}

#define SEND(f, sub, raw) send_params(f, sub, raw, sizeof(raw) - 1)

static void
malformed_requests(void **state)
{
	static const uint8_t empty[] = { CREDMAN, 0xa0 };
	static const uint8_t text[] = { CREDMAN, 0xa1, 0x01, 0x60 };
	struct fixture *f = *state;
	struct request q;

	assert_int_equal(send_bytes(f, empty, 1), CTAP2_ERR_MISSING_PARAMETER);
	assert_int_equal(
	    send_bytes(f, empty, sizeof(empty)), CTAP2_ERR_MISSING_PARAMETER);
	assert_int_equal(
	    send_bytes(f, text, sizeof(text)), CTAP2_ERR_CBOR_UNEXPECTED_TYPE);
	assert_int_equal(follow(f, 0), CTAP1_ERR_INVALID_PARAMETER);
	assert_int_equal(follow(f, 8), CTAP1_ERR_INVALID_PARAMETER);
	assert_int_equal(
	    run(f, CREDENTIALS_BEGIN, NULL), CTAP2_ERR_MISSING_PARAMETER);
	assert_int_equal(run(f, DELETE, NULL), CTAP2_ERR_MISSING_PARAMETER);
	assert_int_equal(SEND(f, UPDATE, "\xa1\x03\xa1\x62id\x41\x61"),
	    CTAP2_ERR_MISSING_PARAMETER);
	assert_int_equal(SEND(f, CREDENTIALS_BEGIN, "\xa1\x01\x41x"),
	    CTAP1_ERR_INVALID_LENGTH);
	assert_int_equal(SEND(f, CREDENTIALS_BEGIN, "\xa1\x01\x01"),
	    CTAP2_ERR_CBOR_UNEXPECTED_TYPE);
	assert_int_equal(
	    SEND(f, DELETE, "\xa1\x02\x01"), CTAP2_ERR_CBOR_UNEXPECTED_TYPE);
	assert_int_equal(
	    SEND(f, DELETE, "\x80"), CTAP2_ERR_CBOR_UNEXPECTED_TYPE);
	/* A descriptor of another type is nobody's. */
	assert_int_equal(
	    SEND(f, DELETE, "\xa1\x02\xa2\x62id\x41x\x64type\x61x"),
	    CTAP2_ERR_NO_CREDENTIALS);
	/* No protocol, and one that there is not. */
	request_begin(&q, CREDMAN);
	request_uint(&q, 0x01, METADATA);
	request_bytes(&q, 0x04, "x", 1);
	assert_int_equal(
	    send_bytes(f, q.data, q.n), CTAP2_ERR_MISSING_PARAMETER);
	request_begin(&q, CREDMAN);
	request_uint(&q, 0x01, METADATA);
	request_uint(&q, 0x03, 3);
	request_bytes(&q, 0x04, "x", 1);
	assert_int_equal(
	    send_bytes(f, q.data, q.n), CTAP1_ERR_INVALID_PARAMETER);
}

static unsigned int protocol_one = 1, protocol_two = 2;

/* A test with each protocol. */
#define BOTH(f, before)                                                   \
	{ #f " (protocol one)", f, before, tear_down, &protocol_one },    \
	{                                                                 \
#f " (protocol two)", f, before, tear_down, &protocol_two \
	}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(metadata_counts, set_up),
		BOTH(rps_are_listed_once, set_up),
		BOTH(credentials_are_listed, set_up),
		BOTH(nothing_to_list, set_up_bare),
		BOTH(following_has_limits, set_up),
		BOTH(deleted_is_gone, set_up),
		BOTH(deleted_does_not_sign, set_up),
		BOTH(names_can_be_changed, set_up),
		BOTH(changes_need_storage, set_up),
		BOTH(token_is_needed, set_up),
		BOTH(permission_is_needed, set_up),
		BOTH(malformed_requests, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
