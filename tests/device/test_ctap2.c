/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CTAP2 commands byte by byte: what each parameter may be, and which status
 * of CTAP 2.1 says that it is not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "device_harness.h"
#include "scan.h"
#include "status.h"

#define MAKE	 0x01
#define GET	 0x02
#define KEYS_MAX 16

/* A parameter map: raw CBOR by key. */
struct value {
	const void *p;
	size_t n;
};

struct params {
	uint8_t command;
	struct value at[KEYS_MAX];
};

struct message {
	size_t n;
	uint8_t data[CTAPHID_MESSAGE_MAX];
};

#define SET(params, key, bytes) \
	((params)->at[key] = (struct value){ bytes, sizeof(bytes) - 1 })

#define HASH       \
	"\x58\x20" \
	"0123456789abcdef0123456789abcdef"
#define RP_ID  \
	"\x6b" \
	"example.org"
#define RP "\xa1\x62id" RP_ID
#define USER                          \
	"\xa2\x62id\x41u\x64name\x65" \
	"alice"
#define ALG    \
	"\x63" \
	"alg"
#define TYPE   "\x64type\x6apublic-key"
#define ES256  "\xa2" ALG "\x26" TYPE
#define ALGS   "\x81" ES256
#define UP_NO  "\xa1\x62up\xf4"
#define UV_YES "\xa1\x62uv\xf5"
#define PROTECT \
	"\x6b"  \
	"credProtect"
#define HMAC   \
	"\x6b" \
	"hmac-secret"
#define FOREIGN          \
	"\xa2\x62id\x43" \
	"abc" TYPE

/* Where the authenticator data stands in a reply, and things in it. */
enum offset {
	MAKE_AUTHDATA = 13,
	FLAGS = 32,
	COUNTER = 33,
	AAGUID = 37,
	ID_LEN = 53,
	ID = 55
};

static int
set_up(void **state)
{
	*state = harness_new("device:", true);
	return 0;
}

static int
set_up_no_uv(void **state)
{
	*state = harness_new("device:", false);
	return 0;
}

static int
tear_down(void **state)
{
	harness_free(*state);
	return 0;
}

static struct params
make_params(void)
{
	struct params p = { .command = MAKE };

	SET(&p, 1, HASH);
	SET(&p, 2, RP);
	SET(&p, 3, USER);
	SET(&p, 4, ALGS);
	return p;
}

/* The last one is the allow list, for the caller to fill. */
static struct params
get_params(const struct message *list)
{
	struct params p = { .command = GET };

	SET(&p, 1, RP_ID);
	SET(&p, 2, HASH);
	p.at[3] = (struct value){ list->data, list->n };
	return p;
}

static void
add(struct message *m, const void *p, size_t n)
{
	assert_true(n <= sizeof(m->data) - m->n);
	if (n > 0)
		memcpy(m->data + m->n, p, n);
	m->n += n;
}

static void
build(const struct params *p, struct message *m)
{
	uint8_t head[2] = { p->command, 0xa0 };

	m->n = 0;
	for (size_t i = 0; i < KEYS_MAX; i++)
		head[1] = (uint8_t)(head[1] + (p->at[i].p != NULL));
	add(m, head, sizeof(head));
	for (size_t i = 0; i < KEYS_MAX; i++) {
		const uint8_t key = (uint8_t)i;

		if (p->at[i].p == NULL)
			continue;
		add(m, &key, 1);
		add(m, p->at[i].p, p->at[i].n);
	}
}

static int
run(struct harness *h, const struct params *p, struct harness_message *reply)
{
	struct message m;

	build(p, &m);
	return harness_ctap(h, m.data, m.n, reply);
}

static void
expect(struct harness *h, const struct params *p, int want)
{
	struct harness_message reply;
	int got = run(h, p, &reply);

	if (got != want)
		fail_msg("command %02x: status %02x instead of %02x",
		    p->command, (unsigned int)got, (unsigned int)want);
	if (want != CTAP2_OK)
		assert_int_equal(reply.len, 1);
}

/* Makes a credential and leaves a list with it alone in *list. */
static void
make_credential(struct harness *h, struct message *list)
{
	const struct params p = make_params();
	struct harness_message reply;
	const uint8_t *ad = reply.data + MAKE_AUTHDATA;
	uint8_t len;

	assert_int_equal(run(h, &p, &reply), CTAP2_OK);
	assert_memory_equal(reply.data + 1, "\xa3\x01\x66packed\x02\x58", 11);
	assert_int_equal(ad[ID_LEN], 0);
	len = ad[ID_LEN + 1];
	list->n = 0;
	add(list, "\x81\xa2\x62id\x58", 6);
	add(list, &len, 1);
	add(list, ad + ID, len);
	add(list, TYPE, sizeof(TYPE) - 1);
}

static void
replies_are_canonical(void **state)
{
	struct harness *h = *state;
	struct params p = make_params();
	struct harness_message reply;
	struct message list;

	assert_int_equal(run(h, &p, &reply), CTAP2_OK);
	assert_true(scan_is_canonical(reply.data + 1, reply.len - 1));
	make_credential(h, &list);
	p = get_params(&list);
	assert_int_equal(run(h, &p, &reply), CTAP2_OK);
	assert_true(scan_is_canonical(reply.data + 1, reply.len - 1));
	assert_memory_equal(reply.data + 1, "\xa3\x01\xa2\x62id", 6);
}

static void
missing_parameters(void **state)
{
	struct harness *h = *state;
	struct message list;

	make_credential(h, &list);
	h->asked = h->forgotten = 0;
	for (size_t key = 1; key <= 4; key++) {
		struct params p = make_params();

		p.at[key].p = NULL;
		expect(h, &p, CTAP2_ERR_MISSING_PARAMETER);
	}
	for (size_t key = 1; key <= 2; key++) {
		struct params p = get_params(&list);

		p.at[key].p = NULL;
		expect(h, &p, CTAP2_ERR_MISSING_PARAMETER);
	}
	assert_int_equal(h->asked, 0);
}

struct wrong {
	uint8_t command, key;
	const char *bytes;
	size_t n;
	int status;
};

#define W(command, key, bytes, status)                         \
	{                                                      \
		command, key, bytes, sizeof(bytes) - 1, status \
	}
#define TYPE_ERR    CTAP2_ERR_CBOR_UNEXPECTED_TYPE
#define LENGTH_ERR  CTAP1_ERR_INVALID_LENGTH
#define MISSING_ERR CTAP2_ERR_MISSING_PARAMETER

static const struct wrong wrongs[] = {
	W(MAKE, 1, "\x60", TYPE_ERR),
	W(MAKE, 1, "\x40", LENGTH_ERR),
	W(MAKE, 1,
	    "\x58\x1f"
	    "0123456789abcdef0123456789abcde",
	    LENGTH_ERR),
	W(MAKE, 1,
	    "\x58\x21"
	    "0123456789abcdef0123456789abcdef0",
	    LENGTH_ERR),
	W(MAKE, 2, RP_ID, TYPE_ERR),
	W(MAKE, 2, "\xa0", MISSING_ERR),
	W(MAKE, 2, "\xa1\x62id\x41x", TYPE_ERR),
	W(MAKE, 2, "\xa1\x62id\x60", LENGTH_ERR),
	W(MAKE, 3, "\x80", TYPE_ERR),
	W(MAKE, 3, "\xa1\x64name\x61x", MISSING_ERR),
	W(MAKE, 3, "\xa1\x62id\x61x", TYPE_ERR),
	W(MAKE, 3, "\xa2\x62id\x41x\x64name\x01", TYPE_ERR),
	W(MAKE, 4, "\xa0", TYPE_ERR),
	W(MAKE, 4, "\x80", CTAP2_ERR_UNSUPPORTED_ALGORITHM),
	W(MAKE, 4, "\x81\x01", TYPE_ERR),
	W(MAKE, 4, "\x81\xa1" TYPE, MISSING_ERR),
	W(MAKE, 4, "\x81\xa1" ALG "\x26", MISSING_ERR),
	W(MAKE, 4, "\x81\xa2" ALG "\x61x" TYPE, TYPE_ERR),
	W(MAKE, 4, "\x81\xa2" ALG "\x26\x64type\x01", TYPE_ERR),
	/* A bad entry behind a good one is bad too. */
	W(MAKE, 4, "\x82" ES256 "\xa0", MISSING_ERR),
	W(MAKE, 4, "\x81\xa2" ALG "\x26\x64type\x61x",
	    CTAP2_ERR_UNSUPPORTED_ALGORITHM),
	/* RS256, 7, and -7 - 2^32 */
	W(MAKE, 4, "\x81\xa2" ALG "\x39\x01\x00" TYPE,
	    CTAP2_ERR_UNSUPPORTED_ALGORITHM),
	W(MAKE, 4, "\x81\xa2" ALG "\x07" TYPE, CTAP2_ERR_UNSUPPORTED_ALGORITHM),
	W(MAKE, 4, "\x81\xa2" ALG "\x3b\x00\x00\x00\x01\x00\x00\x00\x06" TYPE,
	    CTAP2_ERR_UNSUPPORTED_ALGORITHM),
	W(MAKE, 5, "\xa0", TYPE_ERR),
	W(MAKE, 5, "\x81\x01", TYPE_ERR),
	W(MAKE, 5, "\x81\xa1" TYPE, MISSING_ERR),
	W(MAKE, 5, "\x81\xa1\x62id\x41x", MISSING_ERR),
	W(MAKE, 5, "\x81\xa2\x62id\x61x" TYPE, TYPE_ERR),
	W(MAKE, 5, "\x81\xa2\x62id\x41x\x64type\x41x", TYPE_ERR),
	W(MAKE, 6, "\x80", TYPE_ERR),
	W(MAKE, 6, "\xa1" PROTECT "\xf5", TYPE_ERR),
	W(MAKE, 6, "\xa1" PROTECT "\x00", CTAP2_ERR_INVALID_OPTION),
	W(MAKE, 6, "\xa1" PROTECT "\x04", CTAP2_ERR_INVALID_OPTION),
	W(MAKE, 6, "\xa1" HMAC "\x01", TYPE_ERR),
	W(MAKE, 7, "\x80", TYPE_ERR),
	W(MAKE, 7, "\xa1\x62uv\x01", TYPE_ERR),
	W(MAKE, 7, "\xa1\x62uv\xf6", TYPE_ERR),
	W(MAKE, 7, "\xa1\x62up\xf9\x00\x00", TYPE_ERR),
	W(MAKE, 7, "\xa1\x62rk\x64true", TYPE_ERR),
	W(MAKE, 7, UP_NO, CTAP2_ERR_INVALID_OPTION),
	W(MAKE, 8, "\x60", TYPE_ERR),
	/* pinUvAuthParam with no protocol. */
	W(MAKE, 8, "\x41x", MISSING_ERR),
	W(MAKE, 9, "\x20", TYPE_ERR),
	W(MAKE, 10, "\xf5", TYPE_ERR),
	W(MAKE, 10, "\x01", CTAP1_ERR_INVALID_PARAMETER),
	W(GET, 1,
	    "\x4b"
	    "example.org",
	    TYPE_ERR),
	W(GET, 1, "\x60", LENGTH_ERR),
	W(GET, 2, "\x60", TYPE_ERR),
	W(GET, 2, "\x40", LENGTH_ERR),
	W(GET, 3, "\xa0", TYPE_ERR),
	W(GET, 3, "\x80", CTAP2_ERR_NO_CREDENTIALS),
	W(GET, 3, "\x81\xa0", MISSING_ERR),
	W(GET, 3, "\x81" FOREIGN, CTAP2_ERR_NO_CREDENTIALS),
	W(GET, 4, "\x80", TYPE_ERR),
	W(GET, 4, "\xa1" HMAC "\xf5", TYPE_ERR),
	W(GET, 4, "\xa1" HMAC "\xa0", MISSING_ERR),
	W(GET, 4, "\xa1" HMAC "\xa1\x01\x01", TYPE_ERR),
	W(GET, 4, "\xa1" HMAC "\xa1\x01\xa0", MISSING_ERR),
	W(GET, 5, "\x80", TYPE_ERR),
	W(GET, 5, "\xa1\x62uv\x00", TYPE_ERR),
	W(GET, 5, "\xa1\x62rk\xf5", CTAP2_ERR_UNSUPPORTED_OPTION),
	W(GET, 5, "\xa1\x62rk\xf4", CTAP2_ERR_UNSUPPORTED_OPTION),
	W(GET, 6, "\x60", TYPE_ERR),
	W(GET, 6, "\x41x", MISSING_ERR),
	W(GET, 7, "\x60", TYPE_ERR),
};

/* None of them reaches a person. */
static void
wrong_values(void **state)
{
	struct harness *h = *state;
	struct message list;

	make_credential(h, &list);
	h->asked = h->forgotten = 0;
	for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		const struct wrong *w = &wrongs[i];
		struct params p =
		    w->command == MAKE ? make_params() : get_params(&list);
		int got;

		p.at[w->key] = (struct value){ w->bytes, w->n };
		got = run(h, &p, NULL);
		if (got != w->status)
			fail_msg("row %zu: status %02x instead of %02x", i,
			    (unsigned int)got, (unsigned int)w->status);
	}
	assert_int_equal(h->asked, 0);
}

/* There are two (step 2). */
static void
pin_protocols_are_unknown(void **state)
{
	static const char numbers[] = "\x00\x03\x17";
	struct harness *h = *state;
	struct message list;

	make_credential(h, &list);
	for (size_t i = 0; i < 3; i++) {
		struct params make = make_params(), get = get_params(&list);

		SET(&make, 8, "\x41x");
		make.at[9] = (struct value){ numbers + i, 1 };
		expect(h, &make, CTAP1_ERR_INVALID_PARAMETER);
		SET(&get, 6, "\x41x");
		get.at[7] = (struct value){ numbers + i, 1 };
		expect(h, &get, CTAP1_ERR_INVALID_PARAMETER);
	}
}

/* A protocol without pinUvAuthParam says nothing (step 2). */
static void
harmless_extras_are_ignored(void **state)
{
	struct harness *h = *state;
	struct params p = make_params();

	SET(&p, 2, "\xa2\x62id" RP_ID "\x64name\x61x");
	SET(&p, 4,
	    "\x83\xa2" ALG "\x28" TYPE "\xa2" ALG "\x26\x64type\x61x" ES256);
	SET(&p, 5, "\x81" FOREIGN);
	SET(&p, 6, "\xa1\x63xyz\xf5");
	SET(&p, 7, "\xa4\x62no\x01\x62rk\xf4\x62up\xf5\x62uv\xf4");
	SET(&p, 9, "\x01");
	SET(&p, 15, "\x81\x81\x81\x00");
	expect(h, &p, CTAP2_OK);
	assert_int_equal(h->asked, 1);
}

static void
uv_needs_a_model_with_uv(void **state)
{
	struct harness *h = *state;
	struct params p = make_params();
	struct message list;

	SET(&p, 7, UV_YES);
	expect(h, &p, CTAP2_ERR_INVALID_OPTION);
	make_credential(h, &list);
	p = get_params(&list);
	SET(&p, 5, UV_YES);
	expect(h, &p, CTAP2_ERR_INVALID_OPTION);
	assert_int_equal(h->asked, 1);
}

static void
long_rp_ids(void **state)
{
	static const uint8_t head[7] = "\xa1\x62id\x79\x01";
	uint8_t rp[sizeof(head) + 256];
	struct params p = make_params();

	memcpy(rp, head, sizeof(head));
	memset(rp + sizeof(head), 'x', 256);
	p.at[2] = (struct value){ rp, sizeof(rp) };
	expect(*state, &p, CTAP1_ERR_INVALID_LENGTH);
	memcpy(rp, "\xa1\x62id\x78\xff", 6);
	memset(rp + 6, 'x', 255);
	p.at[2].n = 6 + 255;
	expect(*state, &p, CTAP2_OK);
}

static void
good_request_with_a_byte_behind(void **state)
{
	const struct params p = make_params();
	struct message m;

	build(&p, &m);
	add(&m, "", 1);
	assert_int_equal(
	    harness_ctap(*state, m.data, m.n, NULL), CTAP2_ERR_INVALID_CBOR);
}

static void
lists_have_a_limit(void **state)
{
	struct harness *h = *state;
	struct message list = { 0 }, own;
	struct params p = make_params();

	make_credential(h, &own);
	add(&list, "\x98\x20", 2);
	for (int i = 0; i < CODEC_CREDENTIALS - 1; i++)
		add(&list, FOREIGN, sizeof(FOREIGN) - 1);
	add(&list, own.data + 1, own.n - 1);
	p.at[5] = (struct value){ list.data, list.n };
	expect(h, &p, CTAP2_ERR_CREDENTIAL_EXCLUDED);
	p = get_params(&list);
	expect(h, &p, CTAP2_OK);
	list.data[1]++;
	add(&list, FOREIGN, sizeof(FOREIGN) - 1);
	p = get_params(&list);
	expect(h, &p, CTAP2_ERR_LIMIT_EXCEEDED);
}

/* Nobody's here, whatever it looks like. */
static void
ids_of_odd_length(void **state)
{
	static const uint8_t lengths[] = { 0, 1, 13, 14, 29, 30, 61, 63, 128,
		129, 200, 255 };
	struct message list;

	for (size_t i = 0; i < sizeof(lengths); i++) {
		struct message body = { 0 };
		struct params p;
		uint8_t id[255];

		memset(id, 1, sizeof(id));
		add(&body, "\x81\xa2\x62id\x58", 6);
		if (lengths[i] < 24)
			body.data[body.n - 1] = (uint8_t)(0x40 | lengths[i]);
		else
			add(&body, &lengths[i], 1);
		add(&body, id, lengths[i]);
		add(&body, TYPE, sizeof(TYPE) - 1);
		list = body;
		p = get_params(&list);
		expect(*state, &p, CTAP2_ERR_NO_CREDENTIALS);
	}
}

/* Any byte of an id changed, and it is nobody's. */
static void
tampered_ids(void **state)
{
	struct harness *h = *state;
	struct message list;
	struct params p;

	make_credential(h, &list);
	p = get_params(&list);
	for (size_t i = 7; i < list.n - (sizeof(TYPE) - 1); i++) {
		list.data[i] ^= 0x01;
		expect(h, &p, CTAP2_ERR_NO_CREDENTIALS);
		list.data[i] ^= 0x01;
	}
	expect(h, &p, CTAP2_OK);
}

/* Any byte of a request changed: a status, never a crash, never a hang. */
static void
mutated_requests_are_answered(void **state)
{
	struct harness *h = *state;
	struct message list, m, mutant;

	make_credential(h, &list);
	for (int turn = 0; turn < 2; turn++) {
		const struct params p =
		    turn == 0 ? make_params() : get_params(&list);

		build(&p, &m);
		for (size_t i = 0; i < m.n; i++) {
			for (uint8_t x = 1; x != 0; x = (uint8_t)(x << 1)) {
				mutant = m;
				mutant.data[i] ^= x;
				harness_ctap(h, mutant.data, mutant.n, NULL);
			}
		}
		for (size_t n = 1; n < m.n; n++)
			assert_int_not_equal(
			    harness_ctap(h, m.data, n, NULL), CTAP2_OK);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define TEST_NO_UV(f) \
	cmocka_unit_test_setup_teardown(f, set_up_no_uv, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(replies_are_canonical),
		TEST(missing_parameters),
		TEST(wrong_values),
		TEST(pin_protocols_are_unknown),
		TEST(harmless_extras_are_ignored),
		TEST_NO_UV(uv_needs_a_model_with_uv),
		TEST(long_rp_ids),
		TEST(good_request_with_a_byte_behind),
		TEST(lists_have_a_limit),
		TEST(ids_of_odd_length),
		TEST(tampered_ids),
		TEST(mutated_requests_are_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
