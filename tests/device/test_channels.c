/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several clients on several channels, whole messages at a time: CTAP 2.1,
 * sections 11.2.4 and 11.2.5. test_ctaphid.c has the packets and
 * test_presence_wait.c one waiting client.
 */
#include "pin_fixture.h"

#define CLIENTS 12

struct peer {
	int client;
	uint32_t cid;
};

static struct peer
new_peer(struct harness *h)
{
	struct peer p = { .client = harness_client(h) };

	p.cid = harness_channel(h, p.client);
	return p;
}

static void
send_request(struct harness *h, const struct peer *p, const struct request *q)
{
	harness_send_message(h, p->client, p->cid, CTAPHID_CBOR, q->data, q->n);
}

static int
receive(struct harness *h, const struct peer *p, struct harness_message *m)
{
	assert_true(harness_receive_message(h, p->client, m));
	assert_int_equal(m->cid, p->cid);
	assert_int_equal(m->cmd, CTAPHID_CBOR);
	return m->data[0];
}

static void
expect_busy(struct harness *h, const struct peer *p)
{
	struct harness_message m;

	assert_true(harness_receive_message(h, p->client, &m));
	assert_int_equal(m.cid, p->cid);
	assert_int_equal(m.cmd, CTAPHID_ERROR);
	assert_int_equal(m.data[0], CTAPHID_ERR_CHANNEL_BUSY);
}

/* A parameter that nobody knows fills it to the last byte (11.2.4). */
static void
longest_message(void **state)
{
	struct fixture *f = *state;
	struct request q;
	struct harness_message m;
	uint8_t filler[CTAPHID_MESSAGE_MAX] = { 0 };

	request_make(&q, REQUEST_RP);
	request_bytes(&q, 0x17, filler, CTAPHID_MESSAGE_MAX - q.n - 4);
	assert_int_equal(q.n, 7609);
	assert_int_equal(request_run(f->h, &q, &m), CTAP2_OK);
	/* And with a token over all its packets. */
	assert_int_equal(
	    client_token(&f->c, PIN, PINUV_MC, REQUEST_RP), CTAP2_OK);
	request_make(&q, REQUEST_RP);
	client_auth(&f->c, &q, 0x08, request_hash, sizeof(request_hash));
	request_bytes(&q, 0x17, filler, CTAPHID_MESSAGE_MAX - q.n - 4);
	assert_int_equal(q.n, 7609);
	assert_int_equal(request_run(f->h, &q, &m), CTAP2_OK);
	assert_int_equal(request_flags(&m) & 0x05, 0x05);
}

/* All ask before one reads; each reads the answer to its own question. */
static void
each_gets_its_own_answer(void **state)
{
	struct fixture *f = *state;
	struct peer peers[CLIENTS];
	struct harness_message m;
	struct request q;

	for (size_t i = 0; i < CLIENTS; i++)
		peers[i] = new_peer(f->h);
	for (size_t i = 0; i < CLIENTS; i++) {
		request_begin(&q, 0x06);
		request_uint(&q, 0x01, 1 + i % 2);
		request_uint(
		    &q, 0x02, i % 3 == 0 ? GET_KEY_AGREEMENT : GET_PIN_RETRIES);
		send_request(f->h, &peers[i], &q);
	}
	for (size_t k = 0; k < CLIENTS; k++) {
		size_t i = CLIENTS - 1 - k;

		assert_int_equal(receive(f->h, &peers[i], &m), CTAP2_OK);
		assert_int_equal(m.len, i % 3 == 0 ? 3 + CLIENT_COSE : 6);
		assert_true(harness_is_quiet(f->h, peers[i].client));
	}
}

/* Packet by packet: who came first is heard out, the other is told. */
static void
messages_do_not_mix(void **state)
{
	struct fixture *f = *state;
	struct peer a = new_peer(f->h), b = new_peer(f->h);
	struct request q;
	struct harness_message m;

	request_make(&q, REQUEST_RP);
	assert_in_range(q.n, CTAPHID_INIT_DATA + 1,
	    CTAPHID_INIT_DATA + 2 * CTAPHID_CONT_DATA);
	harness_send_packet(f->h, a.client, a.cid, CTAPHID_CBOR, q.n, q.data,
	    CTAPHID_INIT_DATA);
	harness_send_packet(f->h, b.client, b.cid, CTAPHID_CBOR, q.n, q.data,
	    CTAPHID_INIT_DATA);
	expect_busy(f->h, &b);
	for (uint8_t seq = 0; seq < 2; seq++) {
		size_t at = CTAPHID_INIT_DATA + (size_t)seq * CTAPHID_CONT_DATA;
		size_t n = at >= q.n ? 0 : q.n - at;

		if (n == 0)
			break;
		harness_send_packet(f->h, a.client, a.cid, seq, 0, q.data + at,
		    n < CTAPHID_CONT_DATA ? n : CTAPHID_CONT_DATA);
	}
	assert_int_equal(receive(f->h, &a, &m), CTAP2_OK);
	send_request(f->h, &b, &q);
	assert_int_equal(receive(f->h, &b, &m), CTAP2_OK);
}

static void
verification(const struct client *c, struct request *q)
{
	client_request(c, q, GET_TOKEN_USING_UV);
	request_uint(q, 0x09, PINUV_GA);
	request_text(q, 0x0a, REQUEST_RP);
}

/* One waits for its person, the others hear that it does. */
static void
others_while_a_person_is_awaited(void **state)
{
	struct fixture *f = *state;
	struct peer a = new_peer(f->h), b = new_peer(f->h);
	struct request q, info;
	struct harness_message m;

	f->h->person = PRESENCE_PENDING;
	verification(&f->c, &q);
	send_request(f->h, &a, &q);
	request_begin(&info, 0x04);
	info.n = 1;
	send_request(f->h, &b, &info);
	expect_busy(f->h, &b);
	f->h->person = PRESENCE_GRANTED;
	assert_int_equal(receive(f->h, &a, &m), CTAP2_OK);
	send_request(f->h, &b, &info);
	assert_int_equal(receive(f->h, &b, &m), CTAP2_OK);
}

/* CANCEL ends it: no token, and no try is lost. */
static void
cancelled_verification(void **state)
{
	struct fixture *f = *state;
	struct peer a = new_peer(f->h);
	struct request q;
	struct harness_message m;
	uint8_t report[CTAPHID_REPORT];

	f->h->person = PRESENCE_PENDING;
	verification(&f->c, &q);
	send_request(f->h, &a, &q);
	assert_true(harness_receive(f->h, a.client, report, 0));
	assert_int_equal(report[4], CTAPHID_KEEPALIVE);
	assert_int_equal(report[7], CTAPHID_UPNEEDED);
	assert_true(harness_receive(f->h, a.client, report, 100));
	assert_int_equal(report[4], CTAPHID_KEEPALIVE);
	harness_send_packet(f->h, a.client, a.cid, CTAPHID_CANCEL, 0, NULL, 0);
	assert_int_equal(receive(f->h, &a, &m), CTAP2_ERR_KEEPALIVE_CANCEL);
	assert_int_equal(f->h->asked, f->h->forgotten);
	assert_int_equal(client_uv_retries(f->h), 5);
	request_get(&q, REQUEST_RP, (const uint8_t *)"none", 4);
	client_auth(&f->c, &q, 0x06, request_hash, sizeof(request_hash));
	request_expect(f->h, &q, CTAP2_ERR_PIN_AUTH_INVALID);
}

/* Two agree upon secrets at once; neither's PIN is the other's secret. */
static void
two_agree_at_once(void **state)
{
	struct fixture *f = *state;
	struct client other;

	client_begin(&other, f->h, f->c.protocol);
	assert_memory_not_equal(
	    other.aes_key, f->c.aes_key, sizeof(other.aes_key));
	assert_int_equal(client_pin_token(&f->c, PIN), CTAP2_OK);
	assert_int_equal(client_pin_token(&other, PIN), CTAP2_OK);
	assert_memory_not_equal(other.token, f->c.token, sizeof(other.token));
	/* A wrong PIN of one costs the other its secret as well. */
	assert_int_equal(client_pin_token(&f->c, WRONG), CTAP2_ERR_PIN_INVALID);
	assert_int_equal(client_pin_token(&other, PIN), CTAP2_ERR_PIN_INVALID);
	client_begin(&other, f->h, f->c.protocol);
	assert_int_equal(client_pin_token(&other, PIN), CTAP2_OK);
}

/* The nth request of clientPIN and authenticatorConfig. */
static bool
sample(const struct client *c, size_t nth, struct request *q)
{
	uint8_t sealed[2 * CLIENT_SEALED], mac[32];
	size_t n = client_seal_pin(c, "5678", 64, sealed);
	size_t m = client_seal_hash(c, PIN, sealed + n);

	switch (nth) {
	case 0:
		client_request(c, q, CHANGE_PIN);
		request_bytes(q, 0x04, mac,
		    client_mac(c, c->hmac_key, sealed, n + m, mac));
		request_bytes(q, 0x05, sealed, n);
		request_bytes(q, 0x06, sealed + n, m);
		return true;
	case 1:
		client_request(c, q, GET_TOKEN_USING_PIN);
		request_bytes(q, 0x06, sealed + n, m);
		request_uint(q, 0x09, PINUV_ACFG);
		return true;
	case 2:
		request_begin(q, 0x0d);
		request_uint(q, 0x01, 0x03);
		request_raw(q, 0x02, "\xa2\x01\x06\x02\x81\x61x", 7);
		client_auth(c, q, 0x03, "no such message", 15);
		return true;
	default: return false;
	}
}

/*
 * Any bit of a request changed: a status, never a crash, never a hang, and
 * never a PIN or a rule that nobody authenticated.
 */
static void
mutated_requests_are_answered(void **state)
{
	struct fixture *f = *state;
	struct request q, mutant;
	struct device_state before = f->h->saved;

	for (size_t nth = 0; sample(&f->c, nth, &q); nth++) {
		for (size_t i = 8; i < 8 * q.n; i++) {
			mutant = q;
			mutant.data[i / 8] ^= (uint8_t)(1 << i % 8);
			request_run(f->h, &mutant, NULL);
			assert_memory_equal(f->h->saved.pin_hash,
			    before.pin_hash, sizeof(before.pin_hash));
			assert_int_equal(f->h->saved.min_pin_length, 4);
			assert_false(f->h->saved.always_uv);
			/* The tries that mutants use up. */
			f->h->saved = before;
			harness_power_cycle(f->h);
			agree_again(f);
			sample(&f->c, nth, &q);
		}
		for (size_t n = 1; n < q.n; n++)
			assert_int_not_equal(
			    harness_ctap(f->h, q.data, n, NULL), CTAP2_OK);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(longest_message, set_up_pin),
		BOTH(each_gets_its_own_answer, set_up_pin),
		BOTH(messages_do_not_mix, set_up),
		BOTH(others_while_a_person_is_awaited, set_up_uv),
		BOTH(cancelled_verification, set_up_uv),
		BOTH(two_agree_at_once, set_up_pin),
		BOTH(mutated_requests_are_answered, set_up_pin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
