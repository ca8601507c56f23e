/* SPDX-License-Identifier: BSD-2-Clause */
/* CTAPHID, CTAP 2.1 section 11.2, packet by packet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pair.h"
#include "status.h"

static const uint8_t nonce[] = { 8, 7, 6, 5, 4, 3, 2, 1 };

static void
fill(uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(i * 7 + 1);
}

static void
expect_ping(struct pair *p, int client, uint32_t cid, size_t len)
{
	uint8_t data[CTAPHID_MESSAGE_MAX];
	struct harness_message m;

	fill(data, len);
	harness_send_message(p->h, client, cid, CTAPHID_PING, data, len);
	assert_true(harness_receive_message(p->h, client, &m));
	assert_int_equal(m.cmd, CTAPHID_PING);
	assert_int_equal(m.cid, cid);
	assert_int_equal(m.len, len);
	assert_memory_equal(m.data, data, len);
	assert_true(harness_is_quiet(p->h, client));
}

static void
start_ping(struct pair *p, size_t len)
{
	uint8_t data[CTAPHID_INIT_DATA];

	fill(data, sizeof(data));
	harness_send_packet(
	    p->h, p->a, p->cid_a, CTAPHID_PING, len, data, sizeof(data));
	assert_true(harness_is_quiet(p->h, p->a));
}

static void
init_tells_channel_and_abilities(void **state)
{
	struct pair *p = *state;
	struct harness_message m;
	int c = harness_client(p->h);

	harness_send_packet(
	    p->h, c, CTAPHID_BROADCAST, CTAPHID_INIT, 8, nonce, 8);
	assert_true(harness_receive_message(p->h, c, &m));
	assert_int_equal(m.cid, CTAPHID_BROADCAST);
	assert_int_equal(m.len, 17);
	assert_memory_equal(m.data, nonce, 8);
	assert_int_equal(m.data[12], 2);
	/* WINK, CBOR, no MSG */
	assert_int_equal(m.data[16], 0x0d);
	assert_true(harness_is_quiet(p->h, p->a));
}

static void
channels_differ(void **state)
{
	const struct pair *p = *state;
	uint32_t more = harness_channel(p->h, p->a);

	assert_int_not_equal(p->cid_a, p->cid_b);
	assert_int_not_equal(p->cid_a, more);
	assert_int_not_equal(p->cid_b, more);
	assert_int_not_equal(p->cid_a, 0);
	assert_int_not_equal(p->cid_a, CTAPHID_BROADCAST);
}

static void
init_of_wrong_length_is_refused(void **state)
{
	static const size_t lengths[] = { 0, 7, 9, 57, 58, 7609, 0xffff };
	struct pair *p = *state;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		harness_send_packet(p->h, p->a, CTAPHID_BROADCAST, CTAPHID_INIT,
		    lengths[i], nonce, 8);
		expect_error(
		    p, p->a, CTAPHID_BROADCAST, CTAPHID_ERR_INVALID_LEN);
	}
}

static void
init_on_own_channel_keeps_it(void **state)
{
	struct pair *p = *state;
	struct harness_message m;

	harness_send_packet(p->h, p->a, p->cid_a, CTAPHID_INIT, 8, nonce, 8);
	assert_true(harness_receive_message(p->h, p->a, &m));
	assert_int_equal(m.cmd, CTAPHID_INIT);
	assert_int_equal(m.cid, p->cid_a);
	assert_int_equal(m.data[11], p->cid_a & 0xff);
	expect_ping(p, p->a, p->cid_a, 3);
}

static void
unknown_channels_are_refused(void **state)
{
	struct pair *p = *state;
	const uint32_t wrong[] = { 0, p->cid_b, 0x12345678, 0xfffffffe };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		harness_send_packet(
		    p->h, p->a, wrong[i], CTAPHID_PING, 1, "x", 1);
		expect_error(p, p->a, wrong[i], CTAPHID_ERR_INVALID_CHANNEL);
		harness_send_packet(
		    p->h, p->a, wrong[i], CTAPHID_INIT, 8, nonce, 8);
		expect_error(p, p->a, wrong[i], CTAPHID_ERR_INVALID_CHANNEL);
	}
	harness_send_packet(
	    p->h, p->a, CTAPHID_BROADCAST, CTAPHID_PING, 1, "x", 1);
	expect_error(p, p->a, CTAPHID_BROADCAST, CTAPHID_ERR_INVALID_CHANNEL);
	assert_true(harness_is_quiet(p->h, p->b));
}

static void
pings_of_all_shapes_return(void **state)
{
	static const size_t lengths[] = { 0, 1, 56, 57, 58, 115, 116, 117, 174,
		175, 1024, 7608, 7609 };
	struct pair *p = *state;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		expect_ping(p, p->a, p->cid_a, lengths[i]);
}

static void
too_long_a_message_is_refused(void **state)
{
	static const size_t lengths[] = { 7610, 8192, 0xffff };
	struct pair *p = *state;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		harness_send_packet(
		    p->h, p->a, p->cid_a, CTAPHID_PING, lengths[i], "x", 1);
		expect_error(p, p->a, p->cid_a, CTAPHID_ERR_INVALID_LEN);
		harness_send_packet(
		    p->h, p->a, p->cid_a, CTAPHID_CBOR, lengths[i], "x", 1);
		expect_error(p, p->a, p->cid_a, CTAPHID_ERR_INVALID_LEN);
	}
	expect_ping(p, p->a, p->cid_a, 100);
}

static void
lengths_of_commands_are_checked(void **state)
{
	struct pair *p = *state;

	harness_send_packet(p->h, p->a, p->cid_a, CTAPHID_CBOR, 0, NULL, 0);
	expect_error(p, p->a, p->cid_a, CTAPHID_ERR_INVALID_LEN);
	harness_send_packet(p->h, p->a, p->cid_a, CTAPHID_WINK, 1, "x", 1);
	expect_error(p, p->a, p->cid_a, CTAPHID_ERR_INVALID_LEN);
	assert_int_equal(p->h->winks, 0);
}

static void
wink_winks(void **state)
{
	struct pair *p = *state;
	struct harness_message m;

	harness_send_packet(p->h, p->a, p->cid_a, CTAPHID_WINK, 0, NULL, 0);
	assert_true(harness_receive_message(p->h, p->a, &m));
	assert_int_equal(m.cmd, CTAPHID_WINK);
	assert_int_equal(m.len, 0);
	assert_int_equal(p->h->winks, 1);
}

static void
other_commands_are_refused(void **state)
{
	/* MSG, LOCK, KEEPALIVE, ERROR, vendor, none */
	static const uint8_t wrong[] = { 0x83, 0x84, 0xbb, 0xbf, 0xc0, 0xff,
		0x80 };
	struct pair *p = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		harness_send_packet(
		    p->h, p->a, p->cid_a, wrong[i], 100, "x", 1);
		expect_error(p, p->a, p->cid_a, CTAPHID_ERR_INVALID_CMD);
		/* The rest of that message has lost its head. */
		harness_send_packet(p->h, p->a, p->cid_a, 0, 0, "y", 1);
		assert_true(harness_is_quiet(p->h, p->a));
	}
	expect_ping(p, p->a, p->cid_a, 1);
}

static void
wrong_sequence_ends_the_message(void **state)
{
	static const uint8_t wrong[] = { 1, 2, 0x7f };
	struct pair *p = *state;

	for (size_t i = 0; i < sizeof(wrong); i++) {
		start_ping(p, 300);
		harness_send_packet(p->h, p->a, p->cid_a, wrong[i], 0, "y", 1);
		expect_error(p, p->a, p->cid_a, CTAPHID_ERR_INVALID_SEQ);
		harness_send_packet(p->h, p->a, p->cid_a, 0, 0, "y", 1);
		assert_true(harness_is_quiet(p->h, p->a));
	}
	start_ping(p, 300);
	harness_send_packet(p->h, p->a, p->cid_a, 0, 0, "y", 1);
	harness_send_packet(p->h, p->a, p->cid_a, 0, 0, "y", 1);
	expect_error(p, p->a, p->cid_a, CTAPHID_ERR_INVALID_SEQ);
	expect_ping(p, p->a, p->cid_a, 300);
}

static void
command_inside_a_message_ends_it(void **state)
{
	struct pair *p = *state;

	start_ping(p, 300);
	harness_send_packet(p->h, p->a, p->cid_a, CTAPHID_PING, 1, "x", 1);
	expect_error(p, p->a, p->cid_a, CTAPHID_ERR_INVALID_SEQ);
	expect_ping(p, p->a, p->cid_a, 300);
}

static void
init_inside_a_message_resyncs(void **state)
{
	struct pair *p = *state;
	struct harness_message m;

	start_ping(p, 300);
	harness_send_packet(p->h, p->a, p->cid_a, CTAPHID_INIT, 8, nonce, 8);
	assert_true(harness_receive_message(p->h, p->a, &m));
	assert_int_equal(m.cmd, CTAPHID_INIT);
	harness_send_packet(p->h, p->a, p->cid_a, 0, 0, "y", 1);
	assert_true(harness_is_quiet(p->h, p->a));
	expect_ping(p, p->a, p->cid_a, 300);
}

/* b may ask for a channel and is told to wait; a's message stays whole. */
static void
others_wait_while_a_message_comes(void **state)
{
	struct pair *p = *state;
	uint8_t data[100];
	struct harness_message m;

	fill(data, sizeof(data));
	harness_send_packet(p->h, p->a, p->cid_a, CTAPHID_PING, 100, data, 57);
	harness_channel(p->h, p->b);
	harness_send_packet(p->h, p->b, p->cid_b, CTAPHID_PING, 1, "x", 1);
	expect_error(p, p->b, p->cid_b, CTAPHID_ERR_CHANNEL_BUSY);
	harness_send_packet(p->h, p->b, p->cid_b, 0, 0, "y", 1);
	harness_send_packet(p->h, p->b, p->cid_a, 0, 0, "y", 1);
	assert_true(harness_is_quiet(p->h, p->b));
	harness_send_packet(p->h, p->a, p->cid_a, 0, 0, data + 57, 43);
	assert_true(harness_receive_message(p->h, p->a, &m));
	assert_int_equal(m.cmd, CTAPHID_PING);
	assert_int_equal(m.len, 100);
	assert_memory_equal(m.data, data, 100);
	expect_ping(p, p->b, p->cid_b, 100);
}

static void
lonely_continuation_is_ignored(void **state)
{
	struct pair *p = *state;

	for (unsigned int seq = 0; seq < 0x80; seq++)
		harness_send_packet(
		    p->h, p->a, p->cid_a, (uint8_t)seq, 0, "y", 1);
	harness_send_packet(p->h, p->a, 0, 0, 0, "y", 1);
	harness_send_packet(p->h, p->a, CTAPHID_BROADCAST, 0, 0, "y", 1);
	assert_true(harness_is_quiet(p->h, p->a));
	assert_int_equal(device_poll(p->h->dev), DEVICE_NEVER);
}

static void
slow_message_times_out(void **state)
{
	struct pair *p = *state;
	uint64_t begin = p->h->now;

	start_ping(p, 300);
	p->h->now += 499;
	harness_send_packet(p->h, p->a, p->cid_a, 0, 0, "y", 1);
	assert_true(harness_is_quiet(p->h, p->a));
	assert_int_equal(device_poll(p->h->dev), begin + 999);
	p->h->now += 499;
	device_poll(p->h->dev);
	assert_true(harness_is_quiet(p->h, p->a));
	expect_error(p, p->a, p->cid_a, CTAPHID_ERR_MSG_TIMEOUT);
	assert_int_equal(p->h->now, begin + 999);
	harness_send_packet(p->h, p->a, p->cid_a, 1, 0, "y", 1);
	assert_true(harness_is_quiet(p->h, p->a));
	expect_ping(p, p->a, p->cid_a, 300);
}

/* Even if nobody polled in between. */
static void
late_packet_finds_the_message_gone(void **state)
{
	struct pair *p = *state;

	start_ping(p, 300);
	p->h->now += 500;
	harness_send_packet(p->h, p->b, p->cid_b, CTAPHID_WINK, 0, NULL, 0);
	assert_int_equal(p->h->winks, 1);
	expect_error(p, p->a, p->cid_a, CTAPHID_ERR_MSG_TIMEOUT);
}

static void
cancel_is_never_answered(void **state)
{
	struct pair *p = *state;

	harness_send_packet(p->h, p->a, p->cid_a, CTAPHID_CANCEL, 0, NULL, 0);
	harness_send_packet(
	    p->h, p->a, p->cid_a, CTAPHID_CANCEL, 5, "hello", 5);
	harness_send_packet(p->h, p->a, 0x12345678, CTAPHID_CANCEL, 0, NULL, 0);
	harness_send_packet(
	    p->h, p->a, CTAPHID_BROADCAST, CTAPHID_CANCEL, 0, NULL, 0);
	assert_true(harness_is_quiet(p->h, p->a));
	start_ping(p, 58);
	harness_send_packet(p->h, p->a, p->cid_a, CTAPHID_CANCEL, 0, NULL, 0);
	assert_true(harness_is_quiet(p->h, p->a));
	harness_send_packet(p->h, p->a, p->cid_a, 0, 0, "y", 1);
	assert_false(harness_is_quiet(p->h, p->a));
}

static void
reports_of_other_sizes(void **state)
{
	static const size_t wrong[] = { 0, 1, 63, 66, 128 };
	const struct pair *p = *state;
	uint8_t with_id[130] = { 0 };
	struct harness_message m;

	with_id[4] = (uint8_t)p->cid_a;
	with_id[5] = CTAPHID_PING;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		harness_send(p->h, p->a, with_id, wrong[i]);
	with_id[0] = 1;
	harness_send(p->h, p->a, with_id, 65);
	assert_true(harness_is_quiet(p->h, p->a));
	with_id[0] = 0;
	harness_send(p->h, p->a, with_id, 65);
	assert_true(harness_receive_message(p->h, p->a, &m));
	assert_int_equal(m.cmd, CTAPHID_PING);
}

static void
oldest_channel_makes_room(void **state)
{
	struct pair *p = *state;
	uint32_t last = 0;

	/* a is in the middle of something, so its channel stays. */
	start_waiting(p);
	for (int i = 0; i < CTAPHID_CHANNELS + 5; i++)
		last = harness_channel(p->h, p->b);
	p->h->person = PRESENCE_GRANTED;
	expect_status(p, p->a, p->cid_a, CTAP2_OK);
	expect_ping(p, p->a, p->cid_a, 1);
	expect_ping(p, p->b, last, 1);
	harness_send_packet(p->h, p->b, p->cid_b, CTAPHID_PING, 1, "x", 1);
	expect_error(p, p->b, p->cid_b, CTAPHID_ERR_INVALID_CHANNEL);
}

static void
drain(const struct pair *p, int client)
{
	uint8_t report[CTAPHID_REPORT];

	while (!harness_is_quiet(p->h, client))
		assert_true(harness_receive(p->h, client, report, 0));
}

/* Whatever comes, the token stays usable. */
static void
survives_noise(void **state)
{
	struct pair *p = *state;
	const struct device_hooks *k = &p->h->dev->hooks;

	p->h->person = PRESENCE_PENDING;
	for (int i = 0; i < 50000; i++) {
		uint8_t r[CTAPHID_REPORT], dice[4];

		k->random(k->ctx, r, sizeof(r));
		k->random(k->ctx, dice, sizeof(dice));
		memset(r, 0, 3);
		r[3] = dice[0] & 3;
		if ((dice[0] & 4) != 0)
			r[4] = (uint8_t)(0x80 | (dice[1] % 0x12));
		if ((dice[0] & 8) != 0)
			r[5] = 0;
		harness_send(p->h, p->a, r, sizeof(r));
		p->h->now += dice[2] & 0x1f;
		device_poll(p->h->dev);
		drain(p, p->a);
	}
	harness_send_packet(p->h, p->a, p->cid_a, CTAPHID_INIT, 8, nonce, 8);
	drain(p, p->a);
	expect_ping(p, p->a, p->cid_a, 7609);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(init_tells_channel_and_abilities),
		TEST(channels_differ),
		TEST(init_of_wrong_length_is_refused),
		TEST(init_on_own_channel_keeps_it),
		TEST(unknown_channels_are_refused),
		TEST(pings_of_all_shapes_return),
		TEST(too_long_a_message_is_refused),
		TEST(lengths_of_commands_are_checked),
		TEST(wink_winks),
		TEST(other_commands_are_refused),
		TEST(wrong_sequence_ends_the_message),
		TEST(command_inside_a_message_ends_it),
		TEST(init_inside_a_message_resyncs),
		TEST(others_wait_while_a_message_comes),
		TEST(lonely_continuation_is_ignored),
		TEST(slow_message_times_out),
		TEST(late_packet_finds_the_message_gone),
		TEST(cancel_is_never_answered),
		TEST(reports_of_other_sizes),
		TEST(oldest_channel_makes_room),
		TEST(survives_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
