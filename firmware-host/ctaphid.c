/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctaphid.h"

#include <string.h>

#include "version.h"

struct packet {
	int client;
	uint32_t cid;
	uint8_t cmd;
	size_t len;
	const uint8_t *data;
};

struct command_row {
	uint8_t cmd;
	size_t min, max;
};

/* CTAPHID_MSG is absent (NMSG), LOCK is optional (11.2.9.2.2). */
static const struct command_row commands[] = {
	{ CTAPHID_PING, 0, CTAPHID_MESSAGE_MAX },
	{ CTAPHID_CBOR, 1, CTAPHID_MESSAGE_MAX },
	{ CTAPHID_WINK, 0, 0 },
};

static uint32_t
load32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static void
store32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static struct ctaphid_channel *
channel_find(struct ctaphid *h, uint32_t cid)
{
	if (cid == 0 || cid == CTAPHID_BROADCAST)
		return NULL;
	for (size_t i = 0; i < CTAPHID_CHANNELS; i++) {
		if (h->channel[i].cid == cid)
			return &h->channel[i];
	}
	return NULL;
}

static bool
channel_in_use(const struct ctaphid *h, const struct ctaphid_channel *ch)
{
	return h->state != CTAPHID_IDLE && h->msg.cid == ch->cid;
}

static struct ctaphid_channel *
channel_oldest(struct ctaphid *h)
{
	struct ctaphid_channel *best = NULL;

	for (size_t i = 0; i < CTAPHID_CHANNELS; i++) {
		struct ctaphid_channel *ch = &h->channel[i];

		if (ch->cid == 0)
			return ch;
		if (channel_in_use(h, ch))
			continue;
		if (best == NULL || ch->used < best->used)
			best = ch;
	}
	return best;
}

static uint32_t
channel_open(struct ctaphid *h, int client)
{
	struct ctaphid_channel *ch = channel_oldest(h);

	do {
		h->last_cid++;
	} while (h->last_cid == 0 || h->last_cid == CTAPHID_BROADCAST ||
		 channel_find(h, h->last_cid) != NULL);
	ch->cid = h->last_cid;
	ch->client = client;
	ch->used = ++h->tick;
	return ch->cid;
}

static void
say_error(
    struct ctaphid_event *ev, const struct packet *pk, enum ctaphid_error error)
{
	ev->what = CTAPHID_IS_ERROR;
	ev->client = pk->client;
	ev->cid = pk->cid;
	ev->error = (uint8_t)error;
}

/* Section 11.2.9.1.3 */
static void
take_init(struct ctaphid *h, const struct packet *pk, struct ctaphid_event *ev)
{
	uint32_t cid = pk->cid;

	if (pk->len != CTAPHID_INIT_NONCE) {
		say_error(ev, pk, CTAPHID_ERR_INVALID_LEN);
		return;
	}
	if (cid == CTAPHID_BROADCAST) {
		cid = channel_open(h, pk->client);
	} else if (h->state != CTAPHID_IDLE && h->msg.cid == cid) {
		ev->aborted = h->state == CTAPHID_BUSY;
		h->state = CTAPHID_IDLE;
	}
	ev->what = CTAPHID_IS_INIT;
	ev->client = pk->client;
	ev->cid = pk->cid;
	memcpy(ev->reply, pk->data, CTAPHID_INIT_NONCE);
	store32(ev->reply + 8, cid);
	ev->reply[12] = CTAPHID_PROTOCOL;
	ev->reply[13] = FIRMWARE_MAJOR;
	ev->reply[14] = FIRMWARE_MINOR;
	ev->reply[15] = FIRMWARE_BUILD;
	ev->reply[16] = CTAPHID_CAP_WINK | CTAPHID_CAP_CBOR | CTAPHID_CAP_NMSG;
}

/*
 * Section 11.2.9.1.5: a CANCEL is never answered itself, whatever it looks
 * like, and transaction rules do not apply to it.
 */
static void
take_cancel(
    const struct ctaphid *h, const struct packet *pk, struct ctaphid_event *ev)
{
	if (h->state == CTAPHID_BUSY && h->msg.cid == pk->cid &&
	    h->msg.client == pk->client && pk->len == 0)
		ev->what = CTAPHID_IS_CANCEL;
}

/* 0 if the packet may begin a message now, else the error for its sender. */
static int
check_start(const struct ctaphid *h, const struct packet *pk)
{
	bool same = h->state != CTAPHID_IDLE && h->msg.cid == pk->cid;

	if (h->state == CTAPHID_RECEIVING && same)
		return CTAPHID_ERR_INVALID_SEQ;
	if (h->state != CTAPHID_IDLE)
		return CTAPHID_ERR_CHANNEL_BUSY;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (commands[i].cmd != pk->cmd)
			continue;
		if (pk->len < commands[i].min || pk->len > commands[i].max)
			return CTAPHID_ERR_INVALID_LEN;
		return 0;
	}
	return CTAPHID_ERR_INVALID_CMD;
}

static void
take_data(struct ctaphid *h, const uint8_t *data, size_t room, uint64_t now,
    struct ctaphid_event *ev)
{
	size_t n = h->msg.len - h->got;

	if (n > room)
		n = room;
	memcpy(h->msg.data + h->got, data, n);
	h->got += n;
	if (h->got < h->msg.len) {
		h->state = CTAPHID_RECEIVING;
		h->deadline = now + CTAPHID_GAP_MS;
		return;
	}
	h->state = CTAPHID_BUSY;
	ev->what = CTAPHID_IS_MESSAGE;
}

static void
take_start(struct ctaphid *h, const struct packet *pk, uint64_t now,
    struct ctaphid_event *ev)
{
	int error = check_start(h, pk);

	if (error != 0) {
		if (error == CTAPHID_ERR_INVALID_SEQ)
			h->state = CTAPHID_IDLE;
		say_error(ev, pk, (enum ctaphid_error)error);
		return;
	}
	h->msg.client = pk->client;
	h->msg.cid = pk->cid;
	h->msg.cmd = pk->cmd;
	h->msg.len = pk->len;
	h->got = 0;
	h->seq = 0;
	take_data(h, pk->data, CTAPHID_INIT_DATA, now, ev);
}

static void
take_init_packet(struct ctaphid *h, const struct packet *pk, uint64_t now,
    struct ctaphid_event *ev)
{
	struct ctaphid_channel *ch = channel_find(h, pk->cid);
	bool known = ch != NULL && ch->client == pk->client;

	if (pk->cmd == CTAPHID_CANCEL) {
		take_cancel(h, pk, ev);
		return;
	}
	if (!known &&
	    !(pk->cid == CTAPHID_BROADCAST && pk->cmd == CTAPHID_INIT)) {
		say_error(ev, pk, CTAPHID_ERR_INVALID_CHANNEL);
		return;
	}
	if (known)
		ch->used = ++h->tick;
	if (pk->cmd == CTAPHID_INIT)
		take_init(h, pk, ev);
	else
		take_start(h, pk, now, ev);
}

/* A continuation that nobody waits for is ignored (11.2.5.4). */
static void
take_continuation(struct ctaphid *h, const struct packet *pk, uint8_t seq,
    uint64_t now, struct ctaphid_event *ev)
{
	if (h->state != CTAPHID_RECEIVING || h->msg.cid != pk->cid ||
	    h->msg.client != pk->client)
		return;
	if (seq != h->seq) {
		h->state = CTAPHID_IDLE;
		say_error(ev, pk, CTAPHID_ERR_INVALID_SEQ);
		return;
	}
	h->seq++;
	take_data(h, pk->data, CTAPHID_CONT_DATA, now, ev);
}

void
ctaphid_in(struct ctaphid *h, int client, const uint8_t report[CTAPHID_REPORT],
    uint64_t now, struct ctaphid_event *ev)
{
	struct packet pk = { .client = client, .cid = load32(report) };

	memset(ev, 0, sizeof(*ev));
	if ((report[4] & 0x80) == 0) {
		pk.data = report + 5;
		take_continuation(h, &pk, report[4], now, ev);
		return;
	}
	pk.cmd = report[4];
	pk.len = (size_t)report[5] << 8 | report[6];
	pk.data = report + 7;
	take_init_packet(h, &pk, now, ev);
}

void
ctaphid_expire(struct ctaphid *h, uint64_t now, struct ctaphid_event *ev)
{
	struct packet pk = { .client = h->msg.client, .cid = h->msg.cid };

	memset(ev, 0, sizeof(*ev));
	if (h->state != CTAPHID_RECEIVING || now < h->deadline)
		return;
	h->state = CTAPHID_IDLE;
	say_error(ev, &pk, CTAPHID_ERR_MSG_TIMEOUT);
}

void
ctaphid_done(struct ctaphid *h)
{
	h->state = CTAPHID_IDLE;
}

bool
ctaphid_client_gone(struct ctaphid *h, int client)
{
	bool working = h->state != CTAPHID_IDLE && h->msg.client == client;

	for (size_t i = 0; i < CTAPHID_CHANNELS; i++) {
		if (h->channel[i].client == client)
			memset(&h->channel[i], 0, sizeof(h->channel[i]));
	}
	if (working)
		h->state = CTAPHID_IDLE;
	return working;
}

void
ctaphid_split(int client, uint32_t cid, uint8_t cmd, const uint8_t *data,
    size_t len, ctaphid_emit *emit, void *ctx)
{
	uint8_t report[CTAPHID_REPORT] = { 0 };
	size_t n = len < CTAPHID_INIT_DATA ? len : CTAPHID_INIT_DATA;
	size_t done = n;

	store32(report, cid);
	report[4] = cmd;
	report[5] = (uint8_t)(len >> 8);
	report[6] = (uint8_t)len;
	if (n > 0)
		memcpy(report + 7, data, n);
	emit(ctx, client, report);
	for (uint8_t seq = 0; done < len; seq++) {
		n = len - done;
		if (n > CTAPHID_CONT_DATA)
			n = CTAPHID_CONT_DATA;
		memset(report + 4, 0, sizeof(report) - 4);
		report[4] = seq;
		memcpy(report + 5, data + done, n);
		emit(ctx, client, report);
		done += n;
	}
}
