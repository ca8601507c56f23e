/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hmac-secret (CTAP 2.1, section 12.5) from the client's side, with both
 * PIN/UV auth protocols.
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
#include "scan.h"
#include "status.h"

#define BLOCK  16
#define SALT   32
#define FLAGS  32
#define HEAD   37
#define ED     0x80
#define UP_NO  "\xa1\x62up\xf4"
#define UV_YES "\xa1\x62uv\xf5"
#define NAME   \
	"\x6b" \
	"hmac-secret"

struct fixture {
	struct harness *h;
	struct client c;
	struct harness_message reply;
	size_t id_len;
	uint8_t id[CODEC_CRED_ID_MAX];
};

/* What a request asks; the rest is as it should be. */
struct ask {
	const uint8_t *salts;
	size_t n; /* bytes of salt */
	const char *options;
	size_t options_len;
	uint8_t spoil;	       /* of saltAuth */
	unsigned int protocol; /* told, or 0 for the true one, or ABSENT */
	bool off_curve;
};

#define ABSENT 99

static const uint8_t salts[2 * SALT] =
    "the first salt, of thirty-two b.the second salt, of thirty-two.";

static void
make(struct fixture *f)
{
	struct request q;
	const uint8_t *id;

	request_begin(&q, 0x01);
	request_bytes(&q, 0x01, request_hash, sizeof(request_hash));
	request_raw(&q, 0x02, "\xa1\x62id\x6b" REQUEST_RP, 16);
	request_raw(&q, 0x03, "\xa1\x62id\x41u", 6);
	request_raw(&q, 0x04,
	    "\x81\xa2\x63"
	    "alg\x26\x64type\x6apublic-key",
	    23);
	request_raw(&q, 0x06, "\xa1" NAME "\xf5", 14);
	assert_int_equal(request_run(f->h, &q, &f->reply), CTAP2_OK);
	id = request_id(&f->reply, &f->id_len);
	assert_true(f->id_len <= sizeof(f->id));
	memcpy(f->id, id, f->id_len);
}

static int
set_up(void **state)
{
	static struct fixture f;
	const unsigned int *protocol = *state;

	f.h = harness_new("device:", true);
	client_begin(&f.c, f.h, *protocol);
	make(&f);
	*state = &f;
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

static void
put_extension(const struct fixture *f, struct request *q, const struct ask *a)
{
	uint8_t sealed[CLIENT_SEALED + BLOCK], mac[32], cose[CLIENT_COSE];
	size_t n = client_seal(&f->c, a->salts, a->n, sealed);
	size_t mac_len = client_mac(&f->c, f->c.hmac_key, sealed, n, mac);

	mac[0] ^= a->spoil;
	memcpy(cose, f->c.cose, sizeof(cose));
	if (a->off_curve)
		cose[CLIENT_COSE - 1] ^= 1;
	request_key(q, 0x04);
	request_put(q, "\xa1" NAME, 13);
	request_put(q, a->protocol == ABSENT ? "\xa3\x01" : "\xa4\x01", 2);
	request_put(q, cose, sizeof(cose));
	request_put(q, "\x02", 1);
	request_put_bytes(q, sealed, n);
	request_put(q, "\x03", 1);
	request_put_bytes(q, mac, mac_len);
	if (a->protocol != ABSENT) {
		const uint8_t told[] = { 0x04,
			(uint8_t)(a->protocol != 0 ? a->protocol
						   : f->c.protocol) };

		request_put(q, told, sizeof(told));
	}
}

static int
get(struct fixture *f, const struct ask *a)
{
	struct request q;

	request_get(&q, REQUEST_RP, f->id, f->id_len);
	put_extension(f, &q, a);
	if (a->options != NULL)
		request_raw(&q, 0x05, a->options, a->options_len);
	return request_run(f->h, &q, &f->reply);
}

/* decrypt() */
static void
unseal(const struct fixture *f, struct piece in, uint8_t *out, size_t n)
{
	static const uint8_t zero[BLOCK];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t iv = f->c.protocol == 1 ? 0 : BLOCK;
	int len;

	assert_int_equal(in.n, iv + n);
	assert_int_equal(EVP_DecryptInit_ex(ctx, EVP_aes_256_cbc(), NULL,
			     f->c.aes_key, iv == 0 ? zero : in.p),
	    1);
	EVP_CIPHER_CTX_set_padding(ctx, 0);
	assert_int_equal(
	    EVP_DecryptUpdate(ctx, out, &len, in.p + iv, (int)n), 1);
	assert_int_equal(len, n);
	EVP_CIPHER_CTX_free(ctx);
}

/* The outputs of the reply that came last. */
static void
outputs(const struct fixture *f, uint8_t *out, size_t n)
{
	struct piece ad = piece_string(PIECE_FIND(f->reply.data + 1, "\x02").p);
	struct piece sealed;

	assert_true(scan_is_canonical(f->reply.data + 1, f->reply.len - 1));
	assert_true(scan_is_canonical(ad.p + HEAD, ad.n - HEAD));
	assert_true((ad.p[FLAGS] & ED) != 0);
	sealed = piece_string(PIECE_FIND(ad.p + HEAD, NAME).p);
	unseal(f, sealed, out, n);
}

/* The secrets for `n` bytes of salt, verified or not. */
static void
secrets(struct fixture *f, const uint8_t *salt, size_t n, bool uv, uint8_t *out)
{
	const struct ask a = { .salts = salt,
		.n = n,
		.options = uv ? UV_YES : NULL,
		.options_len = sizeof(UV_YES) - 1 };

	assert_int_equal(get(f, &a), CTAP2_OK);
	outputs(f, out, n);
}

static void
creation_says_yes(void **state)
{
	struct fixture *f = *state;
	struct piece ad;

	make(f);
	ad = piece_string(PIECE_FIND(f->reply.data + 1, "\x02").p);
	assert_true((ad.p[FLAGS] & ED) != 0);
	assert_memory_equal(ad.p + ad.n - 14, "\xa1" NAME "\xf5", 14);
}

static void
same_salt_same_secret(void **state)
{
	struct fixture *f = *state;
	uint8_t first[SALT], again[SALT], both[2 * SALT], other[SALT];

	secrets(f, salts, SALT, false, first);
	assert_memory_not_equal(first, salts, SALT);
	harness_power_cycle(f->h);
	client_begin(&f->c, f->h, f->c.protocol);
	secrets(f, salts, SALT, false, again);
	assert_memory_equal(first, again, SALT);
	secrets(f, salts, 2 * SALT, false, both);
	assert_memory_equal(both, first, SALT);
	secrets(f, salts + SALT, SALT, false, other);
	assert_memory_equal(both + SALT, other, SALT);
	assert_memory_not_equal(first, other, SALT);
	/* And with the other protocol. */
	client_begin(&f->c, f->h, 3 - f->c.protocol);
	secrets(f, salts, SALT, false, again);
	assert_memory_equal(first, again, SALT);
}

static void
each_credential_has_its_own(void **state)
{
	struct fixture *f = *state;
	uint8_t first[SALT], other[SALT];

	secrets(f, salts, SALT, false, first);
	make(f);
	secrets(f, salts, SALT, false, other);
	assert_memory_not_equal(first, other, SALT);
}

/* CredRandomWithUV and CredRandomWithoutUV. */
static void
verified_users_have_another(void **state)
{
	struct fixture *f = *state;
	uint8_t with[SALT], without[SALT], again[SALT];

	secrets(f, salts, SALT, false, without);
	secrets(f, salts, SALT, true, with);
	assert_memory_not_equal(with, without, SALT);
	secrets(f, salts, SALT, true, again);
	assert_memory_equal(with, again, SALT);
}

static void
wrong_requests(void **state)
{
	static const uint8_t many[96];
	struct fixture *f = *state;
	struct ask a = { .salts = salts, .n = SALT, .spoil = 1 };

	assert_int_equal(get(f, &a), CTAP2_ERR_PIN_AUTH_INVALID);
	a.spoil = 0;
	a.options = UP_NO;
	a.options_len = sizeof(UP_NO) - 1;
	assert_int_equal(get(f, &a), CTAP2_ERR_UNSUPPORTED_OPTION);
	a.options = NULL;
	for (size_t n = 0; n <= sizeof(many); n += BLOCK) {
		const struct ask b = { .salts = many, .n = n };

		assert_int_equal(get(f, &b), n == SALT || n == 2 * SALT
						 ? CTAP2_OK
						 : CTAP1_ERR_INVALID_PARAMETER);
	}
	a.protocol = 3;
	assert_int_equal(get(f, &a), CTAP1_ERR_INVALID_PARAMETER);
	a.protocol = 3 - f->c.protocol;
	assert_int_equal(get(f, &a), CTAP2_ERR_PIN_AUTH_INVALID);
	a.protocol = 0;
	a.off_curve = true;
	assert_int_equal(get(f, &a), CTAP1_ERR_INVALID_PARAMETER);
	a.off_curve = false;
	assert_int_equal(get(f, &a), CTAP2_OK);
	/* Before there were two protocols nobody named one. */
	a.protocol = ABSENT;
	assert_int_equal(get(f, &a),
	    f->c.protocol == 1 ? CTAP2_OK : CTAP2_ERR_PIN_AUTH_INVALID);
}

static void
nothing_asked_nothing_told(void **state)
{
	struct fixture *f = *state;
	struct request q;
	struct piece ad;

	request_get(&q, REQUEST_RP, f->id, f->id_len);
	assert_int_equal(request_run(f->h, &q, &f->reply), CTAP2_OK);
	ad = piece_string(PIECE_FIND(f->reply.data + 1, "\x02").p);
	assert_int_equal(ad.n, HEAD);
	assert_int_equal(ad.p[FLAGS] & ED, 0);
}

/* Without a list: each of several answers has its own secret. */
static void
next_assertions_have_theirs(void **state)
{
	static const uint8_t next = 0x08;
	struct fixture *f = *state;
	int client = harness_client(f->h);
	uint32_t cid = harness_channel(f->h, client);
	const struct ask a = { .salts = salts, .n = SALT };
	uint8_t first[SALT], second[SALT], alone[SALT];
	struct request q;

	for (char account = 'a'; account <= 'b'; account++) {
		const uint8_t user[] = { 0xa1, 0x62, 'i', 'd', 0x41,
			(uint8_t)account };

		request_begin(&q, 0x01);
		request_bytes(&q, 0x01, request_hash, sizeof(request_hash));
		request_raw(&q, 0x02, "\xa1\x62id\x6b" REQUEST_RP, 16);
		request_raw(&q, 0x03, user, sizeof(user));
		request_raw(&q, 0x04,
		    "\x81\xa2\x63"
		    "alg\x26\x64type\x6apublic-key",
		    23);
		request_raw(&q, 0x07, "\xa2\x62rk\xf5\x62uv\xf5", 9);
		assert_int_equal(request_run(f->h, &q, &f->reply), CTAP2_OK);
	}
	request_begin(&q, 0x02);
	request_text(&q, 0x01, REQUEST_RP);
	request_bytes(&q, 0x02, request_hash, sizeof(request_hash));
	put_extension(f, &q, &a);
	harness_send_message(f->h, client, cid, CTAPHID_CBOR, q.data, q.n);
	assert_true(harness_receive_message(f->h, client, &f->reply));
	assert_int_equal(f->reply.data[0], CTAP2_OK);
	outputs(f, first, SALT);
	harness_send_message(f->h, client, cid, CTAPHID_CBOR, &next, 1);
	assert_true(harness_receive_message(f->h, client, &f->reply));
	assert_int_equal(f->reply.data[0], CTAP2_OK);
	outputs(f, second, SALT);
	assert_memory_not_equal(first, second, SALT);
	/* It is the one that its credential has when it is named. */
	f->id_len = f->h->saved.residents.at[0].id.len;
	memcpy(f->id, f->h->saved.residents.at[0].id.data, f->id_len);
	secrets(f, salts, SALT, false, alone);
	assert_memory_equal(second, alone, SALT);
}

static unsigned int protocol_one = 1, protocol_two = 2;

/* A test with each protocol. */
#define BOTH(f)                                                           \
	{ #f " (protocol one)", f, set_up, tear_down, &protocol_one },    \
	{                                                                 \
#f " (protocol two)", f, set_up, tear_down, &protocol_two \
	}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(creation_says_yes),
		BOTH(same_salt_same_secret),
		BOTH(each_credential_has_its_own),
		BOTH(verified_users_have_another),
		BOTH(wrong_requests),
		BOTH(nothing_asked_nothing_told),
		BOTH(next_assertions_have_theirs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
