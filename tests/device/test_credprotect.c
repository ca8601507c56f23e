/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * credProtect (CTAP 2.1, section 12.1): who finds a credential of each
 * level, with a list and without, verified and not.
 */
#include "authdata.h"
#include "raw.h"
#include "scan.h"
#include "status.h"

#define MAKE 0x01
#define GET  0x02

#define HASH       \
	"\x58\x20" \
	"0123456789abcdef0123456789abcdef"
#define RP_ID  \
	"\x6b" \
	"example.org"
#define USER  "\xa1\x62id\x41u"
#define ES256 "\x81\xa2\x63\x61lg\x26\x64type\x6apublic-key"
#define RK    "\xa2\x62rk\xf5\x62uv\xf5"
#define UV    "\xa1\x62uv\xf5"
#define TYPE  "\x64type\x6apublic-key"

/* A list with one credential. */
struct list {
	size_t n;
	uint8_t data[CODEC_CRED_ID_MAX + 32];
};

static int
set_up(void **state)
{
	*state = harness_new("device:", true);
	return 0;
}

static int
tear_down(void **state)
{
	harness_free(*state);
	return 0;
}

static struct raw
make_raw(void)
{
	struct raw r = raw_new(MAKE);

	RAW_SET(&r, 1, HASH);
	RAW_SET(&r, 2, "\xa1\x62id" RP_ID);
	RAW_SET(&r, 3, USER);
	RAW_SET(&r, 4, ES256);
	return r;
}

static void
list_one(const uint8_t *id, size_t len, struct list *list)
{
	static const char head[] = "\x81\xa2\x62id\x58";

	memcpy(list->data, head, 6);
	list->data[6] = (uint8_t)len;
	memcpy(list->data + 7, id, len);
	memcpy(list->data + 7 + len, TYPE, sizeof(TYPE) - 1);
	list->n = 7 + len + sizeof(TYPE) - 1;
}

/* Level 0: without the extension. */
static void
make(struct harness *h, uint8_t level, bool rk, struct list *list)
{
	char extension[] = "\xa1\x6b"
			   "credProtect.";
	struct raw r = make_raw();
	struct harness_message reply;
	struct piece ad;
	size_t id_len, cose_len;

	extension[sizeof(extension) - 2] = (char)level;
	if (level != 0)
		raw_set(&r, 6, extension, sizeof(extension) - 1);
	if (rk)
		RAW_SET(&r, 7, RK);
	assert_int_equal(raw_send(h, &r, &reply), CTAP2_OK);
	assert_true(scan_is_canonical(reply.data + 1, reply.len - 1));
	ad = piece_string(PIECE_FIND(reply.data + 1, "\x02").p);
	id_len = ad.p[AUTHDATA_HEAD + 17];
	list_one(ad.p + AUTHDATA_HEAD + 18, id_len, list);
	cose_len = piece_len(ad.p + AUTHDATA_HEAD + 18 + id_len);
	ad.n -= AUTHDATA_HEAD + 18 + id_len + cose_len;
	ad.p += AUTHDATA_HEAD + 18 + id_len + cose_len;
	/* The reply tells the level that was asked for, and only then. */
	if (level == 0)
		assert_int_equal(ad.n, 0);
	else
		assert_true(piece_is(ad, extension, sizeof(extension) - 1));
}

static int
get(struct harness *h, const struct list *list, bool uv)
{
	struct raw r = raw_new(GET);

	RAW_SET(&r, 1, RP_ID);
	RAW_SET(&r, 2, HASH);
	if (list != NULL)
		raw_set(&r, 3, list->data, list->n);
	if (uv)
		RAW_SET(&r, 5, UV);
	return raw_send(h, &r, NULL);
}

struct row {
	uint8_t level;
	bool listed, uv;
	int status;
};

static const struct row rows[] = {
	{ 0, false, false, CTAP2_OK },
	{ 0, true, false, CTAP2_OK },
	{ 1, false, false, CTAP2_OK },
	{ 1, false, true, CTAP2_OK },
	{ 1, true, false, CTAP2_OK },
	{ 1, true, true, CTAP2_OK },
	{ 2, false, false, CTAP2_ERR_NO_CREDENTIALS },
	{ 2, false, true, CTAP2_OK },
	{ 2, true, false, CTAP2_OK },
	{ 2, true, true, CTAP2_OK },
	{ 3, false, false, CTAP2_ERR_NO_CREDENTIALS },
	{ 3, false, true, CTAP2_OK },
	{ 3, true, false, CTAP2_ERR_NO_CREDENTIALS },
	{ 3, true, true, CTAP2_OK },
};

static void
levels_decide_who_finds(void **state)
{
	struct harness *h = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct list list;
		int got;

		/* In the place of the one before. */
		make(h, r->level, true, &list);
		got = get(h, r->listed ? &list : NULL, r->uv);
		if (got != r->status)
			fail_msg("row %zu: status %02x instead of %02x", i,
			    (unsigned int)got, (unsigned int)r->status);
	}
	assert_int_equal(h->saved.residents.n, 1);
}

static void
unprotected_ones_are_left(void **state)
{
	struct harness *h = *state;
	struct list list;
	struct raw r = make_raw(), g = raw_new(GET);
	struct harness_message reply;

	make(h, 3, true, &list);
	RAW_SET(&r, 3, "\xa1\x62id\x41v");
	RAW_SET(&r, 7, RK);
	assert_int_equal(raw_send(h, &r, NULL), CTAP2_OK);
	RAW_SET(&g, 1, RP_ID);
	RAW_SET(&g, 2, HASH);
	assert_int_equal(raw_send(h, &g, &reply), CTAP2_OK);
	/* One, so nobody is told that there is another. */
	assert_null(PIECE_FIND(reply.data + 1, "\x05").p);
	RAW_SET(&g, 5, UV);
	assert_int_equal(raw_send(h, &g, &reply), CTAP2_OK);
	assert_true(piece_is(PIECE_FIND(reply.data + 1, "\x05"), "\x02", 1));
}

/* It holds for keys that travel in their ids, too. */
static void
not_only_for_resident_ones(void **state)
{
	struct harness *h = *state;
	struct list list;

	make(h, 3, false, &list);
	assert_int_equal(h->saved.residents.n, 0);
	h->asked = h->forgotten = 0;
	assert_int_equal(get(h, &list, false), CTAP2_ERR_NO_CREDENTIALS);
	assert_int_equal(h->asked, 0);
	assert_int_equal(get(h, &list, true), CTAP2_OK);
}

/* Step 12: excluding a protected one would tell that it is there. */
static void
excluded_if_it_may_be_known(void **state)
{
	static const struct {
		uint8_t level;
		bool uv;
		int status;
	} cases[] = {
		{ 1, false, CTAP2_ERR_CREDENTIAL_EXCLUDED },
		{ 2, false, CTAP2_ERR_CREDENTIAL_EXCLUDED },
		{ 3, false, CTAP2_OK },
		{ 3, true, CTAP2_ERR_CREDENTIAL_EXCLUDED },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct raw r = make_raw();
		struct list list;

		make(*state, cases[i].level, false, &list);
		raw_set(&r, 5, list.data, list.n);
		if (cases[i].uv)
			RAW_SET(&r, 7, UV);
		assert_int_equal(raw_send(*state, &r, NULL), cases[i].status);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(levels_decide_who_finds),
		TEST(unprotected_ones_are_left),
		TEST(not_only_for_resident_ones),
		TEST(excluded_if_it_may_be_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
