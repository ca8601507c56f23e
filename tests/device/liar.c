/* SPDX-License-Identifier: BSD-2-Clause */
#include "liar.h"

#include "dcbor.h"
#include "digest.h"

#define STATUS_OK 0x00

static void
on_reply(
    void *liar, const uint8_t *asked, size_t n, uint8_t *reply, size_t *len)
{
	struct liar *l = liar;

	l->lying = l->lie != NULL && asked[0] == l->command;
	l->nth = 0;
	l->n_kept = 0;
	if (!l->lying)
		return;
	l->told++;
	memcpy(l->asked, asked, n);
	l->n_asked = n;
	if (l->lie->reply != NULL)
		l->lie->reply(l, reply, len);
	assert_true(*len <= CTAPHID_MESSAGE_MAX);
}

static void
on_report(void *liar, int client, const uint8_t report[CTAPHID_REPORT])
{
	struct liar *l = liar;
	size_t len = (size_t)report[5] << 8 | report[6];

	l->client = client;
	if (l->mute)
		return;
	if (!l->lying || l->lie == NULL || l->lie->report == NULL ||
	    report[4] == CTAPHID_INIT || report[4] == CTAPHID_KEEPALIVE) {
		liar_send(l, report);
		return;
	}
	if (l->nth == 0)
		l->last = len <= CTAPHID_INIT_DATA
			      ? 0
			      : (unsigned)((len - CTAPHID_INIT_DATA +
					       CTAPHID_CONT_DATA - 1) /
					   CTAPHID_CONT_DATA);
	l->lie->report(l, l->nth, report);
	l->nth++;
}

struct liar *
liar_new(struct stage *s)
{
	struct liar *l = calloc(1, sizeof(*l));

	assert_non_null(l);
	l->s = s;
	l->h = s->lin.m.h;
	l->h->liar = l;
	l->h->on_reply = on_reply;
	l->h->on_report = on_report;
	return l;
}

void
liar_send(struct liar *l, const uint8_t report[CTAPHID_REPORT])
{
	harness_report(l->h, l->client, report);
}

/* ---- reports ---- */

static bool
is_meant(const struct liar *l, unsigned nth)
{
	return l->lie->arg == LIE_ALL || nth == l->lie->arg ||
	       (l->lie->arg == LIE_LAST && nth == l->last);
}

void
lie_lost(struct liar *l, unsigned nth, const uint8_t report[CTAPHID_REPORT])
{
	if (!is_meant(l, nth))
		liar_send(l, report);
}

void
lie_mute(struct liar *l)
{
	l->mute = true;
	l->told++;
}

void
lie_silent(struct liar *l, unsigned nth, const uint8_t report[CTAPHID_REPORT])
{
	(void)l;
	(void)nth;
	(void)report;
}

static void
keep(struct liar *l, const uint8_t report[CTAPHID_REPORT])
{
	memcpy(l->kept[l->n_kept++], report, CTAPHID_REPORT);
}

static void
send_kept(void *liar)
{
	struct liar *l = liar;

	for (size_t i = 0; i < l->n_kept; i++)
		liar_send(l, l->kept[i]);
	l->n_kept = 0;
}

/* All of it, arg seconds later. */
void
lie_late(struct liar *l, unsigned nth, const uint8_t report[CTAPHID_REPORT])
{
	keep(l, report);
	if (nth != l->last)
		return;
	l->h->event = send_kept;
	l->h->event_arg = l;
	l->h->event_at = l->h->now + 1000 * (uint64_t)l->lie->arg;
}

/* A report twice, or (LIE_ALL) the whole answer once more behind itself. */
void
lie_doubled(struct liar *l, unsigned nth, const uint8_t report[CTAPHID_REPORT])
{
	liar_send(l, report);
	if (l->lie->arg == LIE_ALL)
		keep(l, report);
	else if (is_meant(l, nth))
		liar_send(l, report);
	if (l->lie->arg == LIE_ALL && nth == l->last)
		send_kept(l);
}

void
lie_channel(struct liar *l, unsigned nth, const uint8_t report[CTAPHID_REPORT])
{
	uint8_t other[CTAPHID_REPORT];

	memcpy(other, report, sizeof(other));
	other[3] ^= is_meant(l, nth) ? 0x55 : 0;
	liar_send(l, other);
}

/* The reports 1 and 2 change places. */
void
lie_swapped(struct liar *l, unsigned nth, const uint8_t report[CTAPHID_REPORT])
{
	if (nth == 1) {
		keep(l, report);
		return;
	}
	liar_send(l, report);
	if (nth == 2)
		send_kept(l);
}

/* The first report says that there will be 65,535 bytes. */
void
lie_length(struct liar *l, unsigned nth, const uint8_t report[CTAPHID_REPORT])
{
	uint8_t other[CTAPHID_REPORT];

	memcpy(other, report, sizeof(other));
	if (nth == 0)
		other[5] = other[6] = 0xff;
	liar_send(l, other);
}

/* An answer to another command of CTAPHID, whose number is arg. */
void
lie_command(struct liar *l, unsigned nth, const uint8_t report[CTAPHID_REPORT])
{
	uint8_t other[CTAPHID_REPORT];

	memcpy(other, report, sizeof(other));
	if (nth == 0)
		other[4] = (uint8_t)l->lie->arg;
	liar_send(l, other);
}

static void
babble(void *liar)
{
	struct liar *l = liar;
	uint8_t report[CTAPHID_REPORT] = { 0 };

	memcpy(report, l->kept[0], 4);
	report[4] = CTAPHID_KEEPALIVE;
	report[6] = 1;
	report[7] = CTAPHID_UPNEEDED;
	liar_send(l, report);
	l->h->event = babble;
	l->h->event_arg = l;
	l->h->event_at = l->h->now + 10;
}

/* Keepalives and nothing else, a hundred a second, whoever cancels. */
void
lie_babble(struct liar *l, unsigned nth, const uint8_t report[CTAPHID_REPORT])
{
	if (nth != 0)
		return;
	keep(l, report);
	babble(l);
}

/* Pulled out behind the report. */
void
lie_gone(struct liar *l, unsigned nth, const uint8_t report[CTAPHID_REPORT])
{
	if (is_meant(l, nth))
		l->s->lin.m.gone = true;
	else
		liar_send(l, report);
}

/* Of each report the last byte is missing. */
void
lie_cut(struct liar *l, unsigned nth, const uint8_t report[CTAPHID_REPORT])
{
	(void)nth;
	l->s->lin.m.cut = 1;
	liar_send(l, report);
}

/* ---- replies ---- */

void
lie_status(struct liar *l, uint8_t *reply, size_t *len)
{
	reply[0] = (uint8_t)l->lie->arg;
	*len = 1;
}

/* arg bytes are left; 999: half of it. */
void
lie_short(struct liar *l, uint8_t *reply, size_t *len)
{
	(void)reply;
	*len = l->lie->arg == 999 ? *len / 2 : l->lie->arg;
}

/* CBOR that is none: arg chooses. */
void
lie_garbage(struct liar *l, uint8_t *reply, size_t *len)
{
	static const struct {
		uint8_t begin[8];
		size_t n;
		uint8_t then;
		size_t len;
	} kinds[] = {
		{ { 0 }, 0, 0xff, 200 },    /* breaks */
		{ { 0 }, 0, 0x81, 3000 },   /* arrays in arrays */
		{ { 0xbf }, 1, 0x00, 500 }, /* a map without end */
		{ { 0xbb, 0xff, 0xff, 0xff, 0xff }, 5, 0xff, 100 },
		{ { 0x5b, 0x7f, 0xff, 0xff, 0xff }, 5, 0xff, 100 },
		{ { 0x40 }, 1, 0, 1 },		   /* bytes, no map */
		{ { 0xa0 }, 1, 0, 1 },		   /* an empty map */
		{ { 0xa1, 0x02, 0xf6 }, 3, 0, 3 }, /* null */
		{ { 0x9a, 0xff, 0xff, 0xff, 0xff }, 5, 0, 100 },
	};
	unsigned i = l->lie->arg;

	assert_true(i < sizeof(kinds) / sizeof(*kinds));
	reply[0] = STATUS_OK;
	memset(reply + 1, kinds[i].then, kinds[i].len);
	memcpy(reply + 1, kinds[i].begin, kinds[i].n);
	*len = 1 + kinds[i].len;
}

/* As long as a message can be: one long byte string behind the answer. */
void
lie_huge(struct liar *l, uint8_t *reply, size_t *len)
{
	size_t rest = CTAPHID_MESSAGE_MAX - *len - 5;

	(void)l;
	reply[1]++; /* the map has one more pair */
	reply[*len] = 0x18;
	reply[*len + 1] = 0x63; /* its key is 99 */
	reply[*len + 2] = 0x59;
	reply[*len + 3] = (uint8_t)(rest >> 8);
	reply[*len + 4] = (uint8_t)rest;
	memset(reply + *len + 5, 0xa5, rest);
	*len = CTAPHID_MESSAGE_MAX;
}

/* ---- assertions ---- */

static uint8_t *
auth_data(const uint8_t *reply, size_t len)
{
	static const struct cseal_slice rp = { (const uint8_t *)RP,
		sizeof(RP) - 1 };
	uint8_t hash[CSEAL_HASH_BYTES], *p;

	assert_int_equal(digest_sha256(hash, &rp, 1), CSEAL_OK);
	p = memmem(reply, len, hash, sizeof(hash));
	assert_non_null(p);
	return p;
}

void
lie_rp(struct liar *l, uint8_t *reply, size_t *len)
{
	(void)l;
	auth_data(reply, *len)[31] ^= 1;
}

/* The public key's map of five, behind the id, has members without end. */
void
lie_cose(struct liar *l, uint8_t *reply, size_t *len)
{
	uint8_t *ad = auth_data(reply, *len);
	uint8_t *cose = ad + 55 + ((size_t)ad[53] << 8 | ad[54]);

	(void)l;
	assert_int_equal(cose[0], 0xa5);
	memcpy(cose, "\xba\xff\xff\xff\xff", 5);
}

void
lie_flags(struct liar *l, uint8_t *reply, size_t *len)
{
	auth_data(reply, *len)[32] ^= (uint8_t)l->lie->arg;
}

/* The signature, which is the last thing in an assertion: 58 LL 30 .. */
static uint8_t *
signature(uint8_t *reply, size_t len)
{
	uint8_t *p = auth_data(reply, len) + TOKEN_AUTH_DATA_MIN;

	assert_memory_equal(p, "\x03\x58", 2);
	assert_ptr_equal(p + 3 + p[2], reply + len);
	return p + 3;
}

void
lie_signature(struct liar *l, uint8_t *reply, size_t *len)
{
	(void)l;
	signature(reply, *len)[40] ^= 1;
}

/*
 * DER that is not strict (X.690 section 10), each time the same or another
 * number in it; the CBOR around it is in order.
 */
void
lie_der(struct liar *l, uint8_t *reply, size_t *len)
{
	uint8_t *s = signature(reply, *len), r_len = s[3];

	switch (l->lie->arg) {
	case 0: s[0] = 0x31; break;	     /* a SET */
	case 1: s[1]++; break;		     /* longer than it is */
	case 2: s[1] = 0x80; break;	     /* of indefinite length */
	case 3: s[2] = 0x03; break;	     /* r is a BIT STRING */
	case 4: s[3] = 0x7f; break;	     /* r leads out of it */
	case 5: s[4] |= 0x80; break;	     /* r is negative */
	case 6: s[4 + r_len + 1] = 0; break; /* s has no bytes */
	case 7:				     /* bytes behind the sequence */
		s[-1] += 8;
		memset(s + s[-1] - 8, 0, 8);
		*len += 8;
		break;
	default: fail_msg("no such DER");
	}
}

/* The clientDataHash of getAssertion: the only 58 20 in it. */
static const uint8_t *
client_data_hash(const struct liar *l)
{
	const uint8_t *p = memmem(l->asked, l->n_asked, "\x02\x58\x20", 3);

	assert_non_null(p);
	return p + 3;
}

/* What mina's key answers to the same question, as if it were lin's. */
void
lie_other_key(struct liar *l, uint8_t *reply, size_t *len)
{
	const struct cseal_slice id = l->s->mina.id;
	struct harness_message m;
	struct cseal_buf b;
	uint8_t *sig;

	cseal_buf_init(&b, 0);
	(void)cseal_buf_add(&b, "\x02", 1);
	dcbor_put_map(&b, 4);
	dcbor_put_uint(&b, 1);
	dcbor_put_str(&b, RP);
	dcbor_put_uint(&b, 2);
	dcbor_put_bytes(&b, client_data_hash(l), CSEAL_HASH_BYTES);
	dcbor_put_uint(&b, 3);
	dcbor_put_array(&b, 1);
	dcbor_put_map(&b, 2);
	dcbor_put_str(&b, "id");
	dcbor_put_bytes(&b, id.data, id.len);
	dcbor_put_str(&b, "type");
	dcbor_put_str(&b, "public-key");
	dcbor_put_uint(&b, 5);
	dcbor_put_map(&b, 1);
	dcbor_put_str(&b, "uv");
	dcbor_put_bool(&b, true);
	assert_int_equal(
	    harness_ctap(l->s->mina.m.h, b.data, b.len, &m), STATUS_OK);
	cseal_buf_free(&b);
	sig = signature(m.data, m.len);
	/* authData and all behind it; lin's id stays in front. */
	*len = (size_t)(auth_data(reply, *len) - reply);
	m.len -= (size_t)(sig - 3 - TOKEN_AUTH_DATA_MIN - m.data);
	memcpy(reply + *len, sig - 3 - TOKEN_AUTH_DATA_MIN, m.len);
	*len += m.len;
}

void
lie_counter(struct liar *l)
{
	assert_true(l->h->dev->state.counter > l->lie->arg);
	l->h->dev->state.counter -= l->lie->arg;
}
