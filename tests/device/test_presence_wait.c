/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens on the wire while a person is awaited. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pair.h"
#include "status.h"

static const uint8_t nonce[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static void
expect_ping(struct pair *p, int client, uint32_t cid)
{
	struct harness_message m;

	harness_send_packet(p->h, client, cid, CTAPHID_PING, 2, "hi", 2);
	assert_true(harness_receive_message(p->h, client, &m));
	assert_int_equal(m.cmd, CTAPHID_PING);
	assert_int_equal(m.cid, cid);
	assert_memory_equal(m.data, "hi", 2);
}

static void
cancel_ends_a_wait(void **state)
{
	struct pair *p = *state;

	start_waiting(p);
	/* Not another's, not one with data. */
	harness_send_packet(p->h, p->b, p->cid_b, CTAPHID_CANCEL, 0, NULL, 0);
	harness_send_packet(p->h, p->b, p->cid_a, CTAPHID_CANCEL, 0, NULL, 0);
	harness_send_packet(p->h, p->a, p->cid_a, CTAPHID_CANCEL, 1, "x", 1);
	assert_int_equal(p->h->asked, p->h->forgotten + 1);
	harness_send_packet(p->h, p->a, p->cid_a, CTAPHID_CANCEL, 0, NULL, 0);
	assert_int_equal(p->h->asked, p->h->forgotten);
	expect_status(p, p->a, p->cid_a, CTAP2_ERR_KEEPALIVE_CANCEL);
	assert_true(harness_is_quiet(p->h, p->b));
	expect_ping(p, p->b, p->cid_b);
}

static void
busy_while_a_person_is_awaited(void **state)
{
	struct pair *p = *state;

	start_waiting(p);
	harness_send_packet(p->h, p->b, p->cid_b, CTAPHID_PING, 1, "x", 1);
	expect_error(p, p->b, p->cid_b, CTAPHID_ERR_CHANNEL_BUSY);
	harness_channel(p->h, p->b);
	p->h->person = PRESENCE_GRANTED;
	expect_status(p, p->a, p->cid_a, CTAP2_OK);
}

static void
second_request_on_a_busy_channel(void **state)
{
	struct pair *p = *state;
	uint8_t report[CTAPHID_REPORT];

	start_waiting(p);
	assert_true(harness_receive(p->h, p->a, report, 0));
	assert_int_equal(report[4], CTAPHID_KEEPALIVE);
	harness_send_packet(
	    p->h, p->a, p->cid_a, CTAPHID_CBOR, 1, SELECTION, 1);
	expect_error(p, p->a, p->cid_a, CTAPHID_ERR_CHANNEL_BUSY);
	p->h->person = PRESENCE_GRANTED;
	expect_status(p, p->a, p->cid_a, CTAP2_OK);
}

static void
init_aborts_a_wait(void **state)
{
	struct pair *p = *state;
	struct harness_message m;

	start_waiting(p);
	harness_send_packet(p->h, p->a, p->cid_a, CTAPHID_INIT, 8, nonce, 8);
	assert_int_equal(p->h->asked, p->h->forgotten);
	assert_true(harness_receive_message(p->h, p->a, &m));
	assert_int_equal(m.cmd, CTAPHID_INIT);
	assert_int_equal(device_poll(p->h->dev), DEVICE_NEVER);
	assert_true(harness_is_quiet(p->h, p->a));
	expect_ping(p, p->a, p->cid_a);
}

static void
leaving_client_ends_its_wait(void **state)
{
	struct pair *p = *state;
	uint8_t report[CTAPHID_REPORT];

	start_waiting(p);
	device_client_gone(p->h->dev, p->b);
	assert_int_equal(p->h->asked, p->h->forgotten + 1);
	device_client_gone(p->h->dev, p->a);
	assert_int_equal(p->h->asked, p->h->forgotten);
	p->cid_b = harness_channel(p->h, p->b);
	expect_ping(p, p->b, p->cid_b);
	harness_send_packet(p->h, p->a, p->cid_a, CTAPHID_PING, 1, "x", 1);
	assert_true(harness_receive(p->h, p->a, report, 0));
	assert_int_equal(report[4], CTAPHID_KEEPALIVE);
	expect_error(p, p->a, p->cid_a, CTAPHID_ERR_INVALID_CHANNEL);
}

/* One at once, then each 100 ms; another status, another keepalive. */
static void
keepalives_keep_time(void **state)
{
	struct pair *p = *state;
	uint8_t report[CTAPHID_REPORT];
	uint64_t begin = p->h->now;

	p->h->person_delay = 250;
	harness_send_packet(
	    p->h, p->a, p->cid_a, CTAPHID_CBOR, 1, SELECTION, 1);
	for (uint64_t at = 0; at <= 200; at += 100) {
		assert_true(harness_receive(p->h, p->a, report, -1));
		assert_int_equal(report[4], CTAPHID_KEEPALIVE);
		assert_int_equal(report[6], 1);
		assert_int_equal(report[7], CTAPHID_UPNEEDED);
		assert_int_equal(p->h->now, begin + at);
	}
	assert_true(harness_receive(p->h, p->a, report, -1));
	assert_int_equal(report[4], CTAPHID_KEEPALIVE);
	assert_int_equal(report[7], CTAPHID_PROCESSING);
	assert_int_equal(p->h->now, begin + 250);
	expect_status(p, p->a, p->cid_a, CTAP2_OK);
}

static void
touch_is_granted(void **state)
{
	struct pair *p = *state;

	harness_send_packet(
	    p->h, p->a, p->cid_a, CTAPHID_CBOR, 1, SELECTION, 1);
	expect_status(p, p->a, p->cid_a, CTAP2_OK);
	assert_int_equal(p->h->asked, 1);
	assert_int_equal(p->h->forgotten, 1);
	assert_int_equal(p->h->last_act, ACT_SELECT);
}

static void
refusal_is_told(void **state)
{
	struct pair *p = *state;

	p->h->person = PRESENCE_DENIED;
	p->h->person_delay = 700;
	harness_send_packet(
	    p->h, p->a, p->cid_a, CTAPHID_CBOR, 1, SELECTION, 1);
	expect_status(p, p->a, p->cid_a, CTAP2_ERR_OPERATION_DENIED);
	assert_int_equal(p->h->forgotten, 1);
}

static void
nobody_comes_for_30_seconds(void **state)
{
	struct pair *p = *state;
	uint64_t begin = p->h->now;

	start_waiting(p);
	expect_status(p, p->a, p->cid_a, CTAP2_ERR_USER_ACTION_TIMEOUT);
	assert_int_equal(p->h->now, begin + 30000);
	assert_int_equal(p->h->forgotten, 1);
	assert_int_equal(device_poll(p->h->dev), DEVICE_NEVER);
	expect_ping(p, p->a, p->cid_a);
}

static void
touch_in_the_last_moment_counts(void **state)
{
	struct pair *p = *state;

	p->h->person_delay = 29999;
	harness_send_packet(
	    p->h, p->a, p->cid_a, CTAPHID_CBOR, 1, SELECTION, 1);
	expect_status(p, p->a, p->cid_a, CTAP2_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(cancel_ends_a_wait),
		TEST(busy_while_a_person_is_awaited),
		TEST(second_request_on_a_busy_channel),
		TEST(init_aborts_a_wait),
		TEST(leaving_client_ends_its_wait),
		TEST(keepalives_keep_time),
		TEST(touch_is_granted),
		TEST(refusal_is_told),
		TEST(nobody_comes_for_30_seconds),
		TEST(touch_in_the_last_moment_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
