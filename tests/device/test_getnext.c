/* SPDX-License-Identifier: BSD-2-Clause */
/* getNextAssertion: when it may follow and when it may not (section 6.3). */
#include "raw.h"
#include "scan.h"
#include "status.h"

#define MAKE 0x01
#define GET  0x02
#define NEXT 0x08

#define HASH       \
	"\x58\x20" \
	"0123456789abcdef0123456789abcdef"
#define RP_ID  \
	"\x6b" \
	"example.org"
#define ES256 "\x81\xa2\x63\x61lg\x26\x64type\x6apublic-key"
#define RK    "\xa2\x62rk\xf5\x62uv\xf5"
#define UV    "\xa1\x62uv\xf5"

struct fixture {
	struct harness *h;
	int client;
	uint32_t cid;
};

static int
set_up(void **state)
{
	static struct fixture f;

	f.h = harness_new("device:", true);
	f.client = harness_client(f.h);
	f.cid = harness_channel(f.h, f.client);
	*state = &f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	harness_free(f->h);
	return 0;
}

static void
make(const struct fixture *f, char account)
{
	char user[] = "\xa2\x62id\x41.\x64name\x61.";
	struct raw r = raw_new(MAKE);
	struct harness_message reply;

	user[5] = account;
	user[12] = account;
	RAW_SET(&r, 1, HASH);
	RAW_SET(&r, 2, "\xa1\x62id" RP_ID);
	raw_set(&r, 3, user, sizeof(user) - 1);
	RAW_SET(&r, 4, ES256);
	RAW_SET(&r, 7, RK);
	assert_int_equal(raw_on(f->h, f->client, f->cid, &r, &reply), CTAP2_OK);
}

static int
get(const struct fixture *f, struct harness_message *reply, bool uv)
{
	struct raw r = raw_new(GET);

	RAW_SET(&r, 1, RP_ID);
	RAW_SET(&r, 2, HASH);
	if (uv)
		RAW_SET(&r, 5, UV);
	return raw_on(f->h, f->client, f->cid, &r, reply);
}

static int
next_on(const struct fixture *f, int client, uint32_t cid,
    struct harness_message *reply)
{
	static const uint8_t next = NEXT;

	harness_send_message(f->h, client, cid, CTAPHID_CBOR, &next, 1);
	assert_true(harness_receive_message(f->h, client, reply));
	return reply->data[0];
}

static int
next(const struct fixture *f)
{
	struct harness_message reply;

	return next_on(f, f->client, f->cid, &reply);
}

static void
begin(const struct fixture *f)
{
	struct harness_message reply;

	assert_int_equal(get(f, &reply, false), CTAP2_OK);
}

static void
expect_user(const struct harness_message *reply, char account, bool name)
{
	const uint8_t *map = reply->data + 1;
	struct piece user = PIECE_FIND(map, "\x04");
	const uint8_t id[] = { 0x41, (uint8_t)account };
	const uint8_t text[] = { 0x61, (uint8_t)account };

	assert_true(scan_is_canonical(map, reply->len - 1));
	assert_non_null(user.p);
	assert_true(piece_is(PIECE_FIND(user.p, "\x62id"), id, sizeof(id)));
	assert_int_equal(
	    piece_is(PIECE_FIND(user.p, "\x64name"), text, sizeof(text)), name);
}

static void
goes_through_all(void **state)
{
	const struct fixture *f = *state;
	struct harness_message reply;

	make(f, 'a');
	make(f, 'b');
	make(f, 'c');
	for (int uv = 0; uv < 2; uv++) {
		unsigned int asked;

		assert_int_equal(get(f, &reply, uv != 0), CTAP2_OK);
		expect_user(&reply, 'c', uv != 0);
		assert_true(
		    piece_is(PIECE_FIND(reply.data + 1, "\x05"), "\x03", 1));
		asked = f->h->asked;
		for (char account = 'b'; account >= 'a'; account--) {
			assert_int_equal(
			    next_on(f, f->client, f->cid, &reply), CTAP2_OK);
			expect_user(&reply, account, uv != 0);
			/* Only the first reply says how many. */
			assert_null(PIECE_FIND(reply.data + 1, "\x05").p);
		}
		assert_int_equal(f->h->asked, asked);
		assert_int_equal(next(f), CTAP2_ERR_NOT_ALLOWED);
	}
}

static void
needs_several(void **state)
{
	const struct fixture *f = *state;

	assert_int_equal(next(f), CTAP2_ERR_NOT_ALLOWED);
	make(f, 'a');
	begin(f);
	assert_int_equal(next(f), CTAP2_ERR_NOT_ALLOWED);
}

/* Thirty seconds from one to the next, not in all. */
static void
waits_thirty_seconds(void **state)
{
	const struct fixture *f = *state;

	for (char account = 'a'; account <= 'e'; account++)
		make(f, account);
	begin(f);
	for (int i = 0; i < 2; i++) {
		f->h->now += 30000;
		assert_int_equal(next(f), CTAP2_OK);
	}
	f->h->now += 30001;
	assert_int_equal(next(f), CTAP2_ERR_NOT_ALLOWED);
	assert_int_equal(next(f), CTAP2_ERR_NOT_ALLOWED);
}

static void
ends_with_any_other_command(void **state)
{
	static const uint8_t others[] = { 0x04, 0x0b, 0x01, 0x40 };
	const struct fixture *f = *state;
	struct harness_message reply;

	make(f, 'a');
	make(f, 'b');
	for (size_t i = 0; i < sizeof(others); i++) {
		begin(f);
		harness_ctap(f->h, &others[i], 1, NULL);
		assert_int_equal(next(f), CTAP2_ERR_NOT_ALLOWED);
	}
	begin(f);
	f->h->person = PRESENCE_DENIED;
	assert_int_equal(get(f, &reply, false), CTAP2_ERR_OPERATION_DENIED);
	assert_int_equal(next(f), CTAP2_ERR_NOT_ALLOWED);
	f->h->person = PRESENCE_GRANTED;
	/* Another getAssertion begins anew. */
	begin(f);
	begin(f);
	assert_int_equal(next(f), CTAP2_OK);
}

static void
belongs_to_one_channel(void **state)
{
	const struct fixture *f = *state;
	struct harness_message reply;
	int other = harness_client(f->h);
	uint32_t cid = harness_channel(f->h, other);
	uint32_t second = harness_channel(f->h, f->client);

	make(f, 'a');
	make(f, 'b');
	begin(f);
	assert_int_equal(next_on(f, other, cid, &reply), CTAP2_ERR_NOT_ALLOWED);
	begin(f);
	assert_int_equal(
	    next_on(f, f->client, second, &reply), CTAP2_ERR_NOT_ALLOWED);
	/* Whoever asks out of turn ends it. */
	assert_int_equal(next(f), CTAP2_ERR_NOT_ALLOWED);
}

/* With who asked goes what was remembered for it, secrets included. */
static void
ends_with_its_client(void **state)
{
	static const struct follow nothing;
	struct fixture *f = *state;

	make(f, 'a');
	make(f, 'b');
	begin(f);
	assert_memory_not_equal(&f->h->dev->follow, &nothing, sizeof(nothing));
	device_client_gone(f->h->dev, f->client);
	assert_memory_equal(&f->h->dev->follow, &nothing, sizeof(nothing));
	f->cid = harness_channel(f->h, f->client);
	assert_int_equal(next(f), CTAP2_ERR_NOT_ALLOWED);
}

static void
ends_with_power(void **state)
{
	struct fixture *f = *state;

	make(f, 'a');
	make(f, 'b');
	begin(f);
	harness_power_cycle(f->h);
	f->cid = harness_channel(f->h, f->client);
	assert_int_equal(next(f), CTAP2_ERR_NOT_ALLOWED);
}

static void
a_list_of_unknown_types_finds_nothing(void **state)
{
	const struct fixture *f = *state;
	struct raw r = raw_new(GET);
	struct harness_message reply;

	make(f, 'a');
	RAW_SET(&r, 1, RP_ID);
	RAW_SET(&r, 2, HASH);
	RAW_SET(&r, 3, "\x81\xa2\x62id\x41x\x64type\x61x");
	assert_int_equal(raw_send(f->h, &r, &reply), CTAP2_ERR_NO_CREDENTIALS);
	/* An empty one is as good as none. */
	RAW_SET(&r, 3, "\x80");
	assert_int_equal(raw_send(f->h, &r, &reply), CTAP2_OK);
	expect_user(&reply, 'a', false);
}

static void
no_signature_without_storage(void **state)
{
	const struct fixture *f = *state;

	make(f, 'a');
	make(f, 'b');
	begin(f);
	f->h->save_fails = true;
	assert_int_equal(next(f), CTAP1_ERR_OTHER);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(goes_through_all),
		TEST(needs_several),
		TEST(waits_thirty_seconds),
		TEST(ends_with_any_other_command),
		TEST(belongs_to_one_channel),
		TEST(ends_with_its_client),
		TEST(ends_with_power),
		TEST(a_list_of_unknown_types_finds_nothing),
		TEST(no_signature_without_storage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
