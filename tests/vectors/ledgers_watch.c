/* SPDX-License-Identifier: BSD-2-Clause */
/* Observations, freezes, what is kept; seals, clocks and counters. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ledgers.h"

static struct maker *
observed(void)
{
	struct maker *m = maker_founded(1);

	(void)maker_entered(m);
	(void)maker_do(
	    m, maker_observe(m, MINA, "payout", CSEAL_OBSERVE_MATCH));
	(void)maker_do(
	    m, maker_observe(m, LIN, "payout/0a1b2c3d", CSEAL_OBSERVE_MATCH));
	return m;
}

/* A drift freezes the store; two lift it; the change goes on. */
static struct maker *
drift(void)
{
	struct maker *m = maker_founded(1);
	uint64_t n = maker_asked(m);
	uint64_t freeze =
	    maker_do(m, maker_observe(m, MINA, "payout", CSEAL_OBSERVE_DRIFT));

	(void)maker_agreed(m, maker_lift(m, LIN, freeze));
	(void)maker_do(m, maker_approve(m, MINA, n));
	(void)maker_do(m, maker_apply(m, LIN, n, CSEAL_APPLY_ENTERED));
	return m;
}

static struct maker *
drift_reported(void)
{
	struct maker_broken b;
	struct maker *m;

	memset(&b, 0, sizeof(b));
	m = maker_broken_under(&b, "[freeze]", "on drift", "report");
	(void)maker_do(
	    m, maker_observe(m, MINA, "payout", CSEAL_OBSERVE_MISMATCH));
	(void)maker_entered(m);
	return m;
}

/* A monitor's key: neither touch nor PIN, bad news alone. */
static struct maker *
monitor(void)
{
	struct maker *m = maker_founded(1);
	const struct maker_enrolment how = { .ledger = m->state->id,
		.ledger_rp_id = true };
	size_t key = maker_key_new(m, "mina");

	m->keys[key].monitor = true;
	maker_key_enrol(&m->keys[key], &how);
	(void)maker_agreed(m, maker_key_add(m, LIN, key));
	(void)maker_do(
	    m, maker_observe(m, key, "payout", CSEAL_OBSERVE_MISMATCH));
	(void)maker_do(m, maker_observe(m, key, "payout", CSEAL_OBSERVE_DRIFT));
	return m;
}

static struct maker *
freezes(void)
{
	struct maker *m = maker_founded(1);
	uint64_t n = maker_do(m, maker_freeze_store(m, MINA, MAKER_STORE));
	uint64_t all = maker_do(m, maker_freeze_store(m, PETR, NULL));

	(void)maker_agreed(m, maker_lift(m, LIN, n));
	(void)maker_agreed(m, maker_lift(m, LIN, all));
	(void)maker_do(m, maker_freeze_store(m, MINA, "another"));
	(void)maker_approved(m);
	return m;
}

/* Frozen, nobody approves or enters; all else goes on. */
static struct maker *
frozen(void)
{
	struct maker *m = maker_founded(1);
	uint64_t n = maker_asked(m);

	(void)maker_do(m, maker_freeze_store(m, MINA, NULL));
	(void)maker_asked(m);
	(void)maker_do(m, maker_reject(m, MINA, n));
	(void)maker_agreed(m, maker_log_set(m, LIN, NULL));
	(void)maker_do(
	    m, maker_observe(m, MINA, "payout", CSEAL_OBSERVE_MATCH));
	return m;
}

static struct maker *
key_frozen(void)
{
	struct maker *m = maker_founded(1);
	uint64_t freeze = maker_do(m, maker_freeze_key(m, MINA, OMAR));
	uint64_t n = maker_do(m, maker_lift(m, LIN, freeze));

	(void)maker_do(m, maker_approve(m, PETR, n));
	(void)maker_do(m, maker_request(m, OMAR, NULL));
	return m;
}

static struct maker *
erased(void)
{
	struct maker *m = maker_founded(1);
	uint64_t n = maker_asked(m);

	(void)maker_do(m, maker_reject(m, MINA, n));
	(void)maker_do(m, maker_erase(m, PETR, n, "iban"));
	(void)maker_do(m, maker_erase(m, PETR, n, "iban"));
	return m;
}

static struct maker *
endorsed(void)
{
	struct maker *m = maker_founded(1);
	struct cseal_head before = cseal_state_head(m->state);
	struct maker_draft *d;

	(void)maker_do(m, maker_endorse(m, LIN));
	d = maker_endorse(m, MINA);
	d->st.u.endorse = before;
	(void)maker_do(m, d);
	return m;
}

/* Kinds to come, with and without a thread, with any payload. */
static struct maker *
reserved(void)
{
	static const uint8_t any[] = { 0x82, 0x20, 0xf6 };
	struct maker *m = maker_founded(1);
	struct maker_draft *d = maker_reserved(m, LIN);

	d->st.has_thread = true;
	(void)maker_do(m, d);
	d = maker_reserved(m, OMAR);
	d->st.kind = UINT64_MAX;
	d->st.u.ignored.data = any;
	d->st.u.ignored.len = sizeof(any);
	(void)maker_do(m, d);
	(void)maker_asked(m);
	return m;
}

static struct maker *
clocks(void)
{
	struct maker *m = maker_founded(1);
	struct maker_draft *d = maker_endorse(m, LIN);

	d->st.clock = UINT64_MAX; /* and nobody seals later than that */
	(void)maker_do(m, d);
	d = maker_endorse(m, MINA);
	(void)maker_do(m, d);
	d = maker_endorse(m, PETR);
	d->st.clock = m->clock - 660; /* the tolerance, to the second */
	(void)maker_do(m, d);
	return m;
}

/* Keys without a counter are no twins of each other. */
static struct maker *
counters_zero(void)
{
	struct maker *m = maker_usual(9);
	struct maker_draft *d;

	for (size_t i = LIN; i <= OMAR; i++) {
		d = i == LIN ? maker_genesis(m, i) : maker_join(m, i);
		d->counter = 0;
		(void)maker_do(m, d);
	}
	for (size_t i = 0; i < 4; i++) {
		d = maker_endorse(m, i % 2);
		d->counter = 0;
		(void)maker_do(m, d);
	}
	return m;
}

/* Falls are told, and the ledger goes on; the order of seeing decides. */
static struct maker *
counters(void)
{
	static const uint32_t seen[] = { 100, 50, 50, 75, 0, 101 };
	struct maker *m = maker_founded(1);
	struct maker_draft *d[3];

	for (size_t i = 0; i < 6; i++) {
		struct maker_draft *e = maker_endorse(m, LIN);

		e->counter = seen[i];
		(void)maker_do(m, e);
	}
	for (size_t i = 0; i < 3; i++)
		d[i] = maker_endorse(m, LIN);
	d[0]->counter = 300;
	d[1]->counter = 200; /* in another order */
	d[2]->counter = 300; /* a twin */
	for (size_t i = 0; i < 3; i++) {
		d[i]->st.clock += i; /* statements of their own */
		(void)maker_do(m, d[i]);
	}
	return m;
}

static struct maker *
late(void)
{
	struct maker *m = maker_founded(1);
	uint64_t n = maker_approved(m);
	struct maker_draft *d = maker_reject(m, PETR, n);

	(void)maker_do(m, maker_apply(m, LIN, n, CSEAL_APPLY_ENTERED));
	d->st.clock = 0;
	d->counter = 1; /* all three at once: both clock and counter */
	(void)maker_do(m, d);
	(void)maker_entered(m);
	return m;
}

/* UV optional, synced credentials allowed, extensions. */
static struct maker *
softer(void)
{
	static const uint8_t extensions[] = { 0xa1, 0x61, 'a', 0x01 };
	struct maker_broken b;
	struct cseal_buf text, more;
	struct maker_draft *d;
	struct maker *m;

	memset(&b, 0, sizeof(b));
	cseal_buf_init(&text, 0);
	cseal_buf_init(&more, 0);
	maker_policy(&text, NULL, "[ledger]", "user verification", "optional");
	maker_policy(&more, cseal_buf_str(&text), "[ledger]",
	    "synced credentials", "allowed");
	m = maker_founded_under(1, cseal_buf_str(&more));
	d = maker_endorse(m, LIN);
	d->flags = CSEAL_FLAG_UP | CSEAL_FLAG_BE | CSEAL_FLAG_BS;
	(void)maker_do(m, d);
	d = maker_endorse(m, MINA);
	d->flags |= CSEAL_FLAG_ED;
	maker_auth_data(d->rp_id, d->flags, d->counter, &d->auth_data);
	cseal_buf_add(&d->auth_data, extensions, sizeof(extensions));
	(void)maker_do(m, d);
	cseal_buf_free(&text);
	cseal_buf_free(&more);
	return m;
}

/* The same act twice by one key, of different statements. */
static struct maker *
entry_longest(void)
{
	struct maker *m = maker_founded(1);
	struct maker_draft *d = maker_reserved(m, LIN);
	struct cseal_buf payload;

	cseal_buf_init(&payload, 0);
	/* 65,535 bytes in all */
	cseal_buf_add_u8(&payload, 0x59);
	cseal_buf_add_u8(&payload, 0xfc);
	cseal_buf_add_u8(&payload, 0x00);
	for (size_t i = 0; i < 0xfc00; i++)
		cseal_buf_add_u8(&payload, 0x2a);
	d->st.u.ignored = cseal_buf_slice(&payload);
	(void)maker_do(m, d);
	cseal_buf_free(&payload);
	return m;
}

#define FALLS	 "counter-falls error "
#define DISORDER "counter-disorder notice "

const struct ledger_row ledgers_watch[] = {
	{ "observed", "matches, of a slot and of an item", observed, "none" },
	{ "drift", "a drift freezes; the freeze is lifted", drift, "none" },
	{ "drift-reported", "a mismatch where the policy says report",
	    drift_reported, "none" },
	{ "monitor", "a monitor's key reports bad news", monitor, "none" },
	{ "freezes", "freezes of a store and of all, lifted in turn", freezes,
	    "none" },
	{ "frozen", "what goes on while all stores are frozen", frozen,
	    "none" },
	{ "key-frozen", "a key is frozen, and thawed", key_frozen, "none" },
	{ "erased", "values are erased, twice", erased, "none" },
	{ "endorsed", "heads are endorsed, old and new", endorsed, "none" },
	{ "reserved", "kinds without effect", reserved,
	    "kind-reserved notice 4; kind-reserved notice 5" },
	{ "entry-large", "an entry of some 64 KiB", entry_longest,
	    "kind-reserved notice 4" },
	{ "clocks", "the end of time, and the tolerance to the second", clocks,
	    "clock-behind warning 5" },
	{ "counters-zero", "keys without a counter", counters_zero, "none" },
	{ "counters", "counters that fall, seen and unseen", counters,
	    FALLS "5; " FALLS "6; " FALLS "7; " FALLS "8; " DISORDER
		  "11; " FALLS "12" },
	{ "late-rejection",
	    "a rejection that comes late, with clock and counter behind", late,
	    "clock-behind warning 7; " FALLS "7; late-rejection warning 7" },
	{ "softer", "UV optional, synced credentials, extensions", softer,
	    "none" },
	{ NULL, NULL, NULL, NULL },
};
