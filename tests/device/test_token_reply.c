/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys that lie, babble, break off or are of the wrong kind. */

#include "meddle.h"

#include "dcbor.h"
#include "digest.h"

#define OK_STATUS 0x00

/* An assertion as the test wants it; zero is the honest one. */
struct forged {
	uint8_t flip;	  /* bits of the flags */
	const char *rp;	  /* another relying party */
	size_t cut;	  /* bytes of authData that are missing */
	size_t more;	  /* bytes too many */
	size_t sig_len;	  /* 0: 70 */
	bool no_id;	  /* the credential's id is left out */
	bool other_id;	  /* or is not the one asked for */
	bool short_id;	  /* or only begins like it */
	uint64_t count;	  /* numberOfCredentials, if not 0 */
	const char *says; /* of the error; NULL: it is accepted */
};

struct fixture {
	struct meddler m;
	struct cseal_token *t;
	struct cseal_enrolment e;
	struct cseal_slice id;
	struct cseal_error err;
	struct forged forged;
	bool cancel;
	unsigned int touches, dones, ticks;
};

static void
on_touch(void *ctx, const char *name)
{
	struct fixture *f = ctx;

	(void)name;
	f->touches++;
}

static int
on_tick(void *ctx, int ms_left)
{
	struct fixture *f = ctx;

	(void)ms_left;
	f->ticks++;
	return f->cancel;
}

static void
on_done(void *ctx)
{
	struct fixture *f = ctx;

	f->dones++;
}

static int
open_token(struct fixture *f)
{
	const struct cseal_prompt prompt = {
		.ctx = f,
		.touch = on_touch,
		.tick = on_tick,
		.done = on_done,
	};

	return meddle_token(&f->m, &f->t, &prompt, &f->err);
}

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->m.h = harness_new(MEDDLE_PATH, true);
	f->m.ctx = f;
	f->m.init_flags = -1;
	assert_int_equal(open_token(f), CSEAL_OK);
	assert_int_equal(cseal_token_enrol(f->t, RP, "anna", client_data, NULL,
			     0, &f->e, &f->err),
	    CSEAL_OK);
	f->id = cseal_buf_slice(&f->e.credential);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(f->touches, f->dones);
	cseal_enrolment_free(&f->e);
	cseal_token_close(f->t);
	harness_free(f->m.h);
	free(f);
	return 0;
}

static int
seal(struct fixture *f, struct cseal_assertion *a)
{
	return cseal_token_seal(f->t, RP, client_data, &f->id, 1, a, &f->err);
}

static void
put_reply(struct meddle_reply *reply, struct cseal_buf *b)
{
	assert_int_equal(cseal_buf_error(b), CSEAL_OK);
	assert_true(b->len < sizeof(reply->data));
	reply->data[0] = OK_STATUS;
	memcpy(reply->data + 1, b->data, b->len);
	reply->len = b->len + 1;
	cseal_buf_free(b);
}

static void
put_auth_data(struct cseal_buf *b, const struct forged *g)
{
	const char *rp = g->rp != NULL ? g->rp : RP;
	const struct cseal_slice s = { (const uint8_t *)rp, strlen(rp) };
	uint8_t ad[80] = { 0 };

	assert_int_equal(digest_sha256(ad, &s, 1), CSEAL_OK);
	ad[32] = (uint8_t)((TOKEN_FLAG_UP | TOKEN_FLAG_UV) ^ g->flip);
	ad[36] = 7;
	/* What follows extensions' flag must be a map for libfido2. */
	ad[37] = 0xa0;
	dcbor_put_bytes(b, ad, TOKEN_AUTH_DATA_MIN - g->cut + g->more);
}

static void
put_id(struct cseal_buf *b, const struct fixture *f)
{
	uint8_t id[CSEAL_CREDENTIAL_MAX];
	size_t n = f->id.len;

	memcpy(id, f->id.data, n);
	if (f->forged.other_id)
		id[n - 1] ^= 1;
	if (f->forged.short_id)
		n--;
	dcbor_put_uint(b, 1);
	dcbor_put_map(b, 2);
	dcbor_put_str(b, "id");
	dcbor_put_bytes(b, id, n);
	dcbor_put_str(b, "type");
	dcbor_put_str(b, "public-key");
}

static void
forge(struct meddler *m, const uint8_t *request, size_t n,
    struct meddle_reply *reply)
{
	static const uint8_t sig[300] = { 0x30 };
	struct fixture *f = m->ctx;
	const struct forged *g = &f->forged;
	struct cseal_buf b;

	assert_true(n > 0);
	if (request[0] != CMD_GET && request[0] != CMD_NEXT)
		return;
	cseal_buf_init(&b, 0);
	dcbor_put_map(
	    &b, 2U + (g->no_id ? 0U : 1U) + (g->count != 0 ? 1U : 0U));
	if (!g->no_id)
		put_id(&b, f);
	dcbor_put_uint(&b, 2);
	put_auth_data(&b, g);
	dcbor_put_uint(&b, 3);
	dcbor_put_bytes(&b, sig, g->sig_len != 0 ? g->sig_len : 70);
	if (g->count != 0) {
		dcbor_put_uint(&b, 5);
		dcbor_put_uint(&b, g->count);
	}
	put_reply(reply, &b);
}

static const struct forged forgeries[] = {
	{ .says = NULL },
	{ .sig_len = 8, .says = NULL },
	{ .sig_len = 72, .says = NULL },
	{ .no_id = true, .says = NULL },
	{ .flip = TOKEN_FLAG_UP, .says = "without a touch" },
	{ .flip = TOKEN_FLAG_UV, .says = "did not verify who" },
	{ .flip = TOKEN_FLAG_UP | TOKEN_FLAG_UV, .says = "without a touch" },
	{ .flip = TOKEN_FLAG_AT, .says = "a new credential that nobody" },
	{ .flip = TOKEN_FLAG_ED, .more = 1, .says = "extensions that nobody" },
	{ .rp = "a1b3.counterseal.invalid", .says = "another relying party" },
	{ .cut = 1, .says = "damaged" },
	{ .cut = TOKEN_AUTH_DATA_MIN, .says = "damaged" },
	{ .more = 1, .says = "wrong length" },
	{ .sig_len = 7, .says = "7 bytes instead of 8 to 72" },
	{ .sig_len = 73, .says = "73 bytes instead of 8 to 72" },
	{ .sig_len = 300, .says = "300 bytes instead of 8 to 72" },
	{ .other_id = true, .says = "was not asked for" },
	{ .short_id = true, .says = "was not asked for" },
	{ .count = 2, .says = "gave 2 assertions" },
};

static void
test_forged_assertion(void **state)
{
	struct fixture *f = *state;
	struct cseal_assertion a;

	f->m.hook = forge;
	for (size_t i = 0; i < sizeof(forgeries) / sizeof(*forgeries); i++) {
		int r;

		f->forged = forgeries[i];
		r = seal(f, &a);
		if (f->forged.says == NULL) {
			assert_int_equal(r, CSEAL_OK);
			assert_int_equal(a.auth_data.len, TOKEN_AUTH_DATA_MIN);
			cseal_assertion_free(&a);
			continue;
		}
		assert_int_equal(r, CSEAL_ERR_TOKEN);
		meddle_expect(&f->err, f->forged.says);
		assert_string_equal(f->err.where, MEDDLE_PATH);
		assert_null(a.auth_data.data);
		assert_null(a.signature.data);
	}
}

/* With a choice, a key must say which it took. */
static void
test_nameless_choice(void **state)
{
	struct fixture *f = *state;
	struct cseal_slice ids[2] = { f->id, f->id };
	struct cseal_assertion a;
	size_t which;

	f->m.hook = forge;
	f->forged.no_id = true;
	assert_int_equal(
	    cseal_token_seal(f->t, RP, client_data, ids, 2, &a, &f->err),
	    CSEAL_ERR_TOKEN);
	meddle_expect(&f->err, "was not asked for");
	assert_int_equal(cseal_token_holds(f->t, RP, ids, 2, &which, &f->err),
	    CSEAL_ERR_TOKEN);
	assert_int_equal(
	    cseal_token_holds(f->t, RP, ids, 1, &which, &f->err), CSEAL_OK);
}

/* Where the reply to makeCredential is bent, and what must be said. */
struct bent {
	size_t at; /* offset in authData */
	uint8_t flip;
	const char *says;
};

static const struct bent bents[] = {
	{ 0, 1, "another relying party" },
	{ 32, TOKEN_FLAG_UP, "without a touch" },
	{ 32, TOKEN_FLAG_UV, "did not verify who" },
	{ 36, 1, "signature is wrong" },       /* counter */
	{ 37, 1, "signature is wrong" },       /* AAGUID */
	{ 55, 1, "signature is wrong" },       /* credential id */
	{ SIZE_MAX, 1, "signature is wrong" }, /* last byte of the key's y */
};

static uint8_t *
find(struct meddle_reply *reply, const void *what, size_t n)
{
	uint8_t *p = memmem(reply->data, reply->len, what, n);

	assert_non_null(p);
	return p;
}

static void
bend(struct meddler *m, const uint8_t *request, size_t n,
    struct meddle_reply *reply)
{
	static const struct cseal_slice rp = { (const uint8_t *)RP,
		sizeof(RP) - 1 };
	const struct bent *b = m->ctx;
	uint8_t hash[CSEAL_HASH_BYTES], *ad;
	size_t at = b->at;

	assert_true(n > 0);
	if (request[0] != CMD_MAKE)
		return;
	assert_int_equal(digest_sha256(hash, &rp, 1), CSEAL_OK);
	ad = find(reply, hash, sizeof(hash));
	if (at == SIZE_MAX) /* the 2-byte length in front of authData */
		at = ((size_t)ad[-2] << 8 | ad[-1]) - 1;
	if (ad[-2] == 0x58 && b->at == SIZE_MAX)
		at = (size_t)ad[-1] - 1;
	ad[at] ^= b->flip;
}

static int
enrol(struct fixture *f, struct cseal_enrolment *e)
{
	return cseal_token_enrol(
	    f->t, RP, "anna", client_data, NULL, 0, e, &f->err);
}

static void
test_bent_enrolment(void **state)
{
	struct fixture *f = *state;
	struct cseal_enrolment e;

	f->m.hook = bend;
	for (size_t i = 0; i < sizeof(bents) / sizeof(*bents); i++) {
		struct bent b = bents[i];

		f->m.ctx = &b;
		assert_int_equal(enrol(f, &e), CSEAL_ERR_TOKEN);
		/* libfido2 may find a bad point of the curve by itself. */
		if (b.at != SIZE_MAX)
			meddle_expect(&f->err, b.says);
		assert_null(e.attestation.data);
		assert_null(e.credential.data);
	}
}

/* Rewrites the reply to makeCredential with another statement. */
static void
restate(struct meddler *m, const uint8_t *request, size_t n,
    struct meddle_reply *reply)
{
	struct fixture *f = m->ctx;
	struct dcbor_reader r;
	struct dcbor_map map;
	struct cseal_slice ad = { NULL, 0 };
	struct cseal_buf b;

	assert_true(n > 0);
	if (request[0] != CMD_MAKE)
		return;
	dcbor_reader_init(&r, reply->data + 1, reply->len - 1);
	dcbor_get_map(&r, &map);
	while (dcbor_map_more(&r, &map)) {
		if (dcbor_map_key_uint(&r, &map) == 2)
			ad = dcbor_get_bytes(&r);
		else
			(void)dcbor_get_any(&r);
	}
	assert_int_equal(dcbor_reader_end(&r), CSEAL_OK);
	cseal_buf_init(&b, 0);
	dcbor_put_map(&b, 3);
	dcbor_put_uint(&b, 1);
	dcbor_put_str(&b, f->forged.other_id ? "packed" : "none");
	dcbor_put_uint(&b, 2);
	dcbor_put_bytes(&b, ad.data, ad.len);
	dcbor_put_uint(&b, 3);
	if (f->forged.other_id) {
		/* {"alg": -7 in three bytes, "sig": h'..'} */
		dcbor_put_map(&b, 2);
		dcbor_put_str(&b, "alg");
		(void)cseal_buf_add(&b, "\x39\x00\x06", 3);
		dcbor_put_str(&b, "sig");
		dcbor_put_bytes(&b, ad.data, 70);
	} else {
		dcbor_put_map(&b, 0);
	}
	put_reply(reply, &b);
}

static void
test_attestation_statement(void **state)
{
	struct fixture *f = *state;
	struct cseal_enrolment e;

	f->m.hook = restate;
	assert_int_equal(enrol(f, &e), CSEAL_OK);
	assert_memory_equal(e.attestation.data + 1,
	    "\x63"
	    "fmt\x64none",
	    9);
	cseal_enrolment_free(&e);
	f->forged.other_id = true;
	assert_int_equal(enrol(f, &e), CSEAL_ERR_TOKEN);
	meddle_expect(&f->err, "not canonical CBOR");
}

/* A key that blinks for ever: the deadline is ours. */
static void
test_babble(void **state)
{
	struct fixture *f = *state;
	uint64_t start = f->m.h->now;
	struct cseal_assertion a;
	struct cseal_enrolment e;
	size_t which;

	f->ticks = 0;
	f->m.babble_after = CMD_GET;
	assert_int_equal(seal(f, &a), CSEAL_ERR_TIMEOUT);
	meddle_expect(&f->err, "nobody touched");
	assert_in_range(f->m.h->now - start, 32000, 32600);
	assert_in_range(f->ticks, 310, 330);
	assert_int_equal(f->m.cancels, 1);

	start = f->m.h->now;
	assert_int_equal(
	    cseal_token_holds(f->t, RP, &f->id, 1, &which, &f->err),
	    CSEAL_ERR_TOKEN);
	meddle_expect(&f->err, "does not answer");
	assert_in_range(f->m.h->now - start, 3000, 3600);
	assert_int_equal(f->m.cancels, 2);

	start = f->m.h->now;
	f->m.babble_after = CMD_MAKE;
	assert_int_equal(enrol(f, &e), CSEAL_ERR_TIMEOUT);
	assert_in_range(f->m.h->now - start, 32000, 32600);
	assert_int_equal(f->m.cancels, 3);
	/* It obeyed CANCEL, so it is still good for another question. */
	assert_int_equal(seal(f, &a), CSEAL_OK);
	cseal_assertion_free(&a);
}

/* Talking all the time, a key cannot keep a person from cancelling. */
static void
test_babble_cancel(void **state)
{
	struct fixture *f = *state;
	uint64_t start = f->m.h->now;
	struct cseal_assertion a;

	f->m.babble_after = CMD_GET;
	f->cancel = true;
	assert_int_equal(seal(f, &a), CSEAL_ERR_CANCELLED);
	assert_in_range(f->m.h->now - start, 0, 300);
	assert_int_equal(f->m.cancels, 1);
}

static void
test_deaf(void **state)
{
	struct fixture *f = *state;
	uint64_t start = f->m.h->now;
	struct cseal_assertion a;
	unsigned int asked;

	f->m.babble_after = CMD_GET;
	f->m.deaf = true;
	assert_int_equal(seal(f, &a), CSEAL_ERR_TIMEOUT);
	assert_in_range(f->m.h->now - start, 32000, 32600);
	assert_int_equal(f->m.cancels, 1);
	asked = f->m.requests[CMD_GET];
	assert_int_equal(seal(f, &a), CSEAL_ERR_TOKEN);
	meddle_expect(&f->err, "did not finish what it was asked before");
	assert_int_equal(f->m.requests[CMD_GET], asked);
}

/* The answer is under way when the person cancels: all of it is read away. */
static void
cross(struct meddler *m, const uint8_t *request, size_t n,
    struct meddle_reply *reply)
{
	struct fixture *f = m->ctx;

	(void)reply;
	assert_true(n > 0);
	if (request[0] != CMD_GET)
		return;
	assert_true(reply->len > CTAPHID_INIT_DATA + CTAPHID_CONT_DATA);
	f->cancel = true;
	m->h->now += IO_SLICE_MS;
}

static void
test_crossed(void **state)
{
	struct fixture *f = *state;
	struct cseal_assertion a;
	size_t which;

	f->m.hook = cross;
	assert_int_equal(seal(f, &a), CSEAL_ERR_CANCELLED);
	assert_int_equal(f->m.cancels, 1);
	f->m.hook = NULL;
	f->cancel = false;
	/* Its first frame was read, the others were not: they are gone. */
	assert_int_equal(
	    cseal_token_holds(f->t, RP, &f->id, 1, &which, &f->err), CSEAL_OK);
}

static void
test_unplugged(void **state)
{
	struct fixture *f = *state;
	struct cseal_assertion a;

	f->m.gone = true;
	assert_int_equal(seal(f, &a), CSEAL_ERR_TOKEN);
	meddle_expect(&f->err, "the key is gone");
	f->m.gone = false;
	assert_int_equal(seal(f, &a), CSEAL_ERR_TOKEN);
	meddle_expect(&f->err, "unplug it");
}

static void
refuse_info(struct meddler *m, const uint8_t *request, size_t n,
    struct meddle_reply *reply)
{
	(void)m;
	assert_true(n > 0);
	if (request[0] == CMD_INFO) {
		reply->data[0] = 0x01; /* CTAP1_ERR_INVALID_COMMAND */
		reply->len = 1;
	}
}

static void
test_not_fido2(void **state)
{
	struct fixture *f = *state;

	cseal_token_close(f->t);
	f->m.init_flags = FIDO_CAP_WINK;
	assert_int_equal(open_token(f), CSEAL_ERR_TOKEN);
	meddle_expect(&f->err, "not a FIDO2 key");
	assert_null(f->t);
	f->m.init_flags = -1;
	f->m.hook = refuse_info;
	assert_int_equal(open_token(f), CSEAL_ERR_TOKEN);
	meddle_expect(&f->err, "says of itself cannot be read");
	assert_null(f->t);
	f->m.hook = NULL;
	assert_int_equal(open_token(f), CSEAL_OK);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_forged_assertion),
		TEST(test_nameless_choice),
		TEST(test_bent_enrolment),
		TEST(test_attestation_statement),
		TEST(test_babble),
		TEST(test_babble_cancel),
		TEST(test_deaf),
		TEST(test_crossed),
		TEST(test_unplugged),
		TEST(test_not_fido2),
	};

	return cmocka_run_group_tests_name("token_reply", tests, NULL, NULL);
}
