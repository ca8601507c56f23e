/* SPDX-License-Identifier: BSD-2-Clause */
/* A desk at work: every act's way from draft to entry, and refusals. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "maker_break.h"
#include "maker_desk.h"
#include "maker_within.h"

#define UP     CSEAL_FLAG_UP
#define UV     CSEAL_FLAG_UV
#define IBAN   "DE89370400440532013000"
#define SECOND "DE02120300000000202051"

/* What a panel may be: some lines of at most 80 characters, no controls. */
static void
assert_panel(const struct cseal_draft *p, const char *says)
{
	const char *text = cseal_draft_panel(p);
	size_t column = 0, lines = 0;

	assert_non_null(strstr(text, says));
	for (; *text != '\0'; text++) {
		column = *text == '\n' ? 0 : column + 1;
		lines += *text == '\n';
		assert_true(*text == '\n' || (uint8_t)*text >= 0x20);
		assert_in_range(column, 0, 80);
	}
	assert_in_range(lines, 2, 24);
}

/* ---- the way of a change ---- */

static void
test_request_to_apply(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_draft *p;
	struct cseal_buf value;
	uint64_t n;

	maker_desk_begin(f);
	p = maker_desk_request(f, f->d, LIN, IBAN);
	assert_panel(p, "lin");
	assert_string_equal(cseal_draft_rp_id(p), MAKER_RP_ID);
	assert_memory_equal(
	    cseal_draft_credential(p).data, f->m->keys[LIN].id, 32);
	assert_int_equal(cseal_draft_statement(p)->key, LIN);
	assert_int_equal(cseal_draft_statement(p)->clock, f->now);
	n = maker_desk_do(f, p, LIN);
	assert_int_equal(maker_desk_status(f, n), CSEAL_CHANGE_ASKED);

	cseal_buf_init(&value, 0);
	assert_int_equal(cseal_desk_value(f->d,
			     cseal_state_change_find(cseal_desk_state(f->d), n),
			     "iban", &value, &f->err),
	    CSEAL_OK);
	assert_string_equal(cseal_buf_str(&value), IBAN);
	assert_int_equal(cseal_desk_value(f->d,
			     cseal_state_change_find(cseal_desk_state(f->d), n),
			     "bic", &value, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	cseal_buf_free(&value);

	p = maker_desk_approve(f, f->d, MINA, n);
	assert_panel(p, "DE89 3704 0044 0532 0130 00");
	(void)maker_desk_do(f, p, MINA);
	assert_int_equal(maker_desk_status(f, n), CSEAL_CHANGE_APPROVED);
	assert_int_equal(cseal_draft_apply(
			     &p, f->d, LIN, n, CSEAL_APPLY_ENTERED, 3, &f->err),
	    CSEAL_OK);
	(void)maker_desk_do(f, p, LIN);
	assert_int_equal(maker_desk_status(f, n), CSEAL_CHANGE_IN_FORCE);

	/* The next one is shown against the first. */
	n = maker_desk_do(f, maker_desk_request(f, f->d, LIN, SECOND), LIN);
	p = maker_desk_approve(f, f->d, MINA, n);
	assert_panel(p, "DE89 3704 0044 0532 0130 00");
	assert_panel(p, "DE02 1203 0000 0000 2020 51");
	(void)maker_desk_do(f, p, MINA);
}

static void
test_reject_and_withdraw(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_draft *p;
	uint64_t n;

	maker_desk_begin(f);
	n = maker_desk_do(f, maker_desk_request(f, f->d, LIN, IBAN), LIN);
	assert_int_equal(
	    cseal_draft_reject(&p, f->d, PETR, n, 6, &f->err), CSEAL_OK);
	assert_panel(p, "reject");
	(void)maker_desk_do(f, p, PETR);
	assert_int_equal(maker_desk_status(f, n), CSEAL_CHANGE_REJECTED);
	n = maker_desk_do(f, maker_desk_request(f, f->d, LIN, IBAN), LIN);
	assert_int_equal(
	    cseal_draft_withdraw(&p, f->d, LIN, n, &f->err), CSEAL_OK);
	assert_panel(p, "withdraw");
	(void)maker_desk_do(f, p, LIN);
	assert_int_equal(maker_desk_status(f, n), CSEAL_CHANGE_WITHDRAWN);
}

/* An offer as it would have been read from a file. */
static void
offer_of(const struct maker_desk *f, size_t key, bool for_ledger,
    struct cseal_offer *o)
{
	memset(o, 0, sizeof(*o));
	o->key = f->m->keys[key].record;
	memcpy(o->rp_id, f->m->keys[key].rp_id, sizeof(o->rp_id));
	o->has_ledger = for_ledger;
	if (for_ledger)
		memcpy(o->ledger, cseal_state_ledger_id(f->m->state),
		    CSEAL_HASH_BYTES);
	else
		o->org = maker_slice(MAKER_ORG);
}

static void
test_keys(void **state)
{
	const struct cseal_revocation lost = { .key = LIN, .reason = 2 };
	struct maker_desk *f = *state;
	size_t key = maker_key_new(f->m, "lin");
	struct cseal_offer o;
	struct cseal_draft *p;
	uint64_t n;

	maker_desk_begin(f);
	offer_of(f, key, true, &o);
	assert_int_equal(
	    cseal_draft_key_add(&p, f->d, LIN, &o, &f->err), CSEAL_OK);
	assert_panel(p, "key.add");
	n = maker_desk_do(f, p, LIN);
	p = maker_desk_approve(f, f->d, MINA, n);
	assert_panel(p, "key.add");
	(void)maker_desk_do(f, p, MINA);
	assert_non_null(cseal_state_key(cseal_desk_state(f->d), key));
	(void)maker_desk_do(f, maker_desk_request(f, f->d, key, IBAN), key);

	assert_int_equal(
	    cseal_draft_key_revoke(&p, f->d, MINA, &lost, &f->err), CSEAL_OK);
	n = maker_desk_do(f, p, MINA);
	(void)maker_desk_do(f, maker_desk_approve(f, f->d, PETR, n), PETR);
	assert_true(cseal_state_key(cseal_desk_state(f->d), LIN)->revoked);
}

/* ---- a new ledger ---- */

static struct cseal_draft *
draft_genesis(struct maker_desk *f, struct cseal_offer offers[2])
{
	struct cseal_founding founding = {
		.org = MAKER_ORG, .offers = offers, .n_offers = 2
	};
	struct cseal_draft *p = NULL;
	int r;

	offer_of(f, LIN, false, &offers[0]);
	offer_of(f, MINA, false, &offers[1]);
	f->now = MAKER_CLOCK;
	r = cseal_draft_genesis(&p, &founding, f->now, &f->err);
	return maker_desk_draft(f, r, p);
}

static int
found(struct maker_desk *f, struct cseal_draft *p, size_t key)
{
	struct cseal_buf auth, sig;
	int r;

	cseal_buf_init(&auth, 0);
	cseal_buf_init(&sig, 0);
	maker_touch(&f->m->keys[key], p, &auth, &sig);
	r = cseal_desk_found(f->file.path, p, cseal_buf_slice(&auth),
	    cseal_buf_slice(&sig), NULL, &f->err);
	cseal_buf_free(&auth);
	cseal_buf_free(&sig);
	return r;
}

static void
test_found_and_join(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_offer offers[2];
	struct cseal_draft *p = draft_genesis(f, offers);
	const struct cseal_slice none = { NULL, 0 };

	assert_panel(p, MAKER_ORG);
	/* Neither by no seal nor by another key than the first offer's. */
	assert_int_equal(
	    cseal_desk_found(f->file.path, p, none, none, NULL, &f->err),
	    CSEAL_ERR_TOKEN);
	assert_string_equal(f->err.where, "seal");
	assert_int_equal(found(f, p, MINA), CSEAL_ERR_SIGNATURE);
	assert_int_not_equal(access(f->file.path, F_OK), 0);
	assert_int_equal(found(f, p, LIN), CSEAL_OK);
	assert_int_equal(found(f, p, LIN), CSEAL_ERR_EXISTS);
	cseal_draft_free(p);
	f->d = maker_desk_open(f);
	assert_false(cseal_state_founded(cseal_desk_state(f->d)));
	assert_int_equal(cseal_draft_join(&p, f->d, 0, &f->err),
	    CSEAL_ERR_REFUSED); /* lin has joined by founding */
	assert_int_equal(cseal_draft_join(&p, f->d, 1, &f->err), CSEAL_OK);
	assert_null(strstr(cseal_draft_panel(p), " \n")); /* no empty line */
	assert_panel(p, "mina");
	(void)maker_desk_do(f, p, MINA);
	assert_true(cseal_state_founded(cseal_desk_state(f->d)));
	(void)maker_desk_do(f, maker_desk_request(f, f->d, 0, IBAN), LIN);
}

static void
test_founding_refused(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_founding founding = { .org = MAKER_ORG };
	struct cseal_offer offers[2];
	struct cseal_draft *p = NULL;

	founding.offers = offers;
	offer_of(f, LIN, false, &offers[0]);
	offer_of(f, MINA, false, &offers[1]);
	assert_int_equal(
	    cseal_draft_genesis(&p, &founding, 1, &f->err), CSEAL_ERR_USAGE);
	founding.n_offers = 1;
	assert_int_equal(
	    cseal_draft_genesis(&p, &founding, 1, &f->err), CSEAL_ERR_REFUSED);
	founding.n_offers = 2;
	founding.org = "Another";
	assert_int_equal(
	    cseal_draft_genesis(&p, &founding, 1, &f->err), CSEAL_ERR_REFUSED);
	founding.org = MAKER_ORG;
	founding.policy = "nonsense\n";
	assert_int_equal(
	    cseal_draft_genesis(&p, &founding, 1, &f->err), CSEAL_ERR_REFUSED);
	assert_non_null(strstr(f->err.what, "genesis-policy"));
	founding.policy = NULL;
	offers[1].has_ledger = true;
	assert_int_equal(
	    cseal_draft_genesis(&p, &founding, 1, &f->err), CSEAL_ERR_REFUSED);
	assert_null(p);
}

/* ---- refused before a touch ---- */

static void
test_drafts_refused(void **state)
{
	const struct cseal_revocation none = { .key = 99, .reason = 2 };
	struct maker_desk *f = *state;
	struct cseal_draft *p = NULL;
	struct cseal_offer o;
	uint64_t n;

	maker_desk_begin(f);
	n = maker_desk_do(f, maker_desk_request(f, f->d, LIN, IBAN), LIN);
	assert_int_equal(
	    cseal_draft_approve(&p, f->d, LIN, n, NULL, NULL, &f->err),
	    CSEAL_ERR_REFUSED);
	assert_non_null(strstr(f->err.what, "approver-is-requester"));
	assert_null(p);
	assert_int_equal(
	    cseal_draft_approve(&p, f->d, MINA, 2, NULL, NULL, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(
	    cseal_draft_approve(&p, f->d, 99, n, NULL, NULL, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(cseal_draft_reject(&p, f->d, MINA, n, 99, &f->err),
	    CSEAL_ERR_FORMAT);
	assert_int_equal(cseal_draft_apply(&p, f->d, LIN, n, 1, 3, &f->err),
	    CSEAL_ERR_REFUSED);
	assert_non_null(strstr(f->err.what, "apply-not-approved"));
	assert_int_equal(cseal_draft_apply(&p, f->d, LIN, n, 0, 3, &f->err),
	    CSEAL_ERR_INPUT);
	assert_int_equal(cseal_draft_key_revoke(&p, f->d, MINA, &none, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	offer_of(f, LIN, true, &o);
	o.ledger[0] ^= 1;
	assert_int_equal(cseal_draft_key_add(&p, f->d, MINA, &o, &f->err),
	    CSEAL_ERR_REFUSED);
	f->now += 73 * 3600;
	assert_int_equal(
	    cseal_draft_approve(&p, f->d, MINA, n, NULL, NULL, &f->err),
	    CSEAL_ERR_REFUSED);
	assert_non_null(strstr(f->err.what, "approve-expired"));
	assert_null(p);
	assert_int_equal(maker_desk_size(f->d), n + 1);
}

/* The requester's machine puts less in doubt than what others had seen. */
static void
test_doubt_as_attested(void **state)
{
	struct cseal_revocation v = {
		.key = LIN, .reason = 3, .has_lost = true
	};
	struct maker_desk *f = *state;
	struct cseal_draft *p = NULL;
	struct cseal_attested a;
	uint64_t n;

	maker_desk_begin(f);
	n = maker_desk_do(f, maker_desk_request(f, f->d, LIN, IBAN), LIN);
	(void)maker_desk_do(f, maker_desk_approve(f, f->d, MINA, n), MINA);
	/* Lin's own word counts for nothing. */
	(void)maker_desk_do(f, maker_desk_request(f, f->d, LIN, IBAN), LIN);
	v.lost_since = f->now;
	f->now += 3600;
	(void)maker_desk_do(f, maker_desk_request(f, f->d, LIN, IBAN), LIN);
	assert_int_equal(
	    cseal_desk_attested(f->d, LIN, f->now + 1, &a, &f->err),
	    CSEAL_ERR_INPUT);
	assert_int_equal(cseal_desk_attested(f->d, 99, f->now, &a, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(
	    cseal_desk_attested(f->d, LIN, v.lost_since, &a, &f->err),
	    CSEAL_OK);
	assert_true(a.has_entry);
	assert_int_equal(a.size, n + 1);
	assert_int_equal(a.entry, n + 1);

	v.lost_size = a.size + 1;
	assert_int_equal(
	    cseal_draft_key_revoke(&p, f->d, MINA, &v, &f->err), CSEAL_OK);
	n = maker_desk_do(f, p, MINA);
	assert_int_equal(
	    cseal_draft_approve(&p, f->d, PETR, n, NULL, NULL, &f->err),
	    CSEAL_ERR_REFUSED);
	assert_non_null(strstr(f->err.what, "do not approve it"));
	assert_null(p);
	v.lost_size = a.size;
	assert_int_equal(
	    cseal_draft_key_revoke(&p, f->d, MINA, &v, &f->err), CSEAL_OK);
	n = maker_desk_do(f, p, MINA);
	(void)maker_desk_do(f, maker_desk_approve(f, f->d, PETR, n), PETR);
	assert_true(cseal_state_key(cseal_desk_state(f->d), LIN)->lost);
}

/* The requester's machine claimed other facts than the values have. */
static void
test_facts_recomputed(void **state)
{
	struct maker_desk *f = *state;
	struct maker_draft *d = maker_request(f->m, LIN, NULL);
	struct cseal_draft *p = NULL;
	struct cseal_facts facts;
	uint64_t n;

	assert_int_equal(
	    cseal_facts_parse(&facts, d->st.u.request.facts), CSEAL_OK);
	memcpy(facts.country, "FR", 3);
	cseal_buf_reset(&d->facts);
	assert_int_equal(cseal_facts_encode(&d->facts, &facts), CSEAL_OK);
	d->st.u.request.facts = cseal_buf_slice(&d->facts);
	n = maker_do(f->m, d);
	maker_desk_begin(f);
	assert_int_equal(
	    maker_desk_try_approve(f, f->d, MINA, n, &p), CSEAL_ERR_REFUSED);
	assert_string_equal(f->err.where, "facts");
	assert_null(p);
}

/* A value beside the ledger that is not the one committed to. */
static void
test_opening_altered(void **state)
{
	struct maker_desk *f = *state;
	uint64_t a = maker_asked(f->m), b = maker_asked(f->m);
	struct cseal_change typed;
	struct cseal_draft *p = NULL;
	char sql[256];

	maker_file_write(&f->file, f->m);
	snprintf(sql, sizeof(sql),
	    "UPDATE opening SET secret = (SELECT secret FROM opening WHERE "
	    "entry = %llu AND name = 'iban') WHERE entry = %llu AND "
	    "name = 'iban'",
	    (unsigned long long)a, (unsigned long long)b);
	maker_file_run(&f->file, sql, NULL, 0);
	f->now = f->m->clock + 60;
	f->d = maker_desk_open(f);
	maker_desk_typed(&typed, IBAN);
	assert_int_equal(
	    cseal_desk_reenter(f->d, b, &typed, &f->err), CSEAL_ERR_CORRUPT);
	assert_int_equal(
	    cseal_draft_approve(&p, f->d, MINA, b, &typed, NULL, &f->err),
	    CSEAL_ERR_CORRUPT);
	cseal_change_free(&typed);
	assert_null(p);
	p = maker_desk_approve(f, f->d, MINA, a);
	cseal_draft_free(p);
}

/* ---- refused at the end ---- */

static int
append_with(struct maker_desk *f, struct cseal_draft *p, size_t key,
    uint8_t flags, size_t more)
{
	static const uint8_t zeros[2000];
	struct cseal_buf auth, sig;
	uint64_t index = 0;
	int r;

	cseal_buf_init(&auth, 0);
	cseal_buf_init(&sig, 0);
	maker_auth_data(MAKER_RP_ID, flags, 1000, &auth);
	maker_key_seal(&f->m->keys[key], cseal_buf_slice(&auth),
	    cseal_draft_client_data(p), &sig);
	cseal_buf_add(&sig, zeros, more);
	r = cseal_desk_append(f->d, p, cseal_buf_slice(&auth),
	    cseal_buf_slice(&sig), &index, &f->err);
	cseal_buf_free(&auth);
	cseal_buf_free(&sig);
	return r;
}

static void
test_seals_refused(void **state)
{
	static const struct {
		size_t key;
		uint8_t flags;
		size_t more;
		int wanted;
		const char *code;
	} rows[] = {
		{ MINA, UP | UV, 0, CSEAL_ERR_SIGNATURE, "seal-signature" },
		{ LIN, UV, 0, CSEAL_ERR_SIGNATURE, "seal-touch" },
		{ LIN, UP, 0, CSEAL_ERR_SIGNATURE, "seal-verification" },
		{ LIN, UP | UV | CSEAL_FLAG_BE, 0, CSEAL_ERR_SIGNATURE,
		    "seal-synced" },
		{ LIN, UP | UV, 1, CSEAL_ERR_SIGNATURE, "seal-signature" },
		{ LIN, UP | UV, 2000, CSEAL_ERR_TOKEN, "too long" },
	};
	struct maker_desk *f = *state;
	struct cseal_draft *p;
	uint64_t before;

	maker_desk_begin(f);
	before = maker_desk_size(f->d);
	p = maker_desk_request(f, f->d, LIN, IBAN);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
		    append_with(f, p, rows[i].key, rows[i].flags, rows[i].more),
		    rows[i].wanted);
		assert_non_null(strstr(f->err.what, rows[i].code));
		assert_int_equal(maker_desk_size(f->d), before);
	}
	assert_int_equal(append_with(f, p, LIN, UP | UV, 0), CSEAL_OK);
	/* The same draft once more is a copy. */
	assert_int_equal(append_with(f, p, LIN, UP | UV, 0), CSEAL_ERR_REFUSED);
	assert_non_null(strstr(f->err.what, "statement-copy"));
	cseal_draft_free(p);
	assert_int_equal(maker_desk_size(f->d), before + 1);
}

static void
test_clock_ahead(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_draft *p;
	uint64_t index;

	maker_desk_begin(f);
	f->now += 601;
	p = maker_desk_request(f, f->d, LIN, IBAN);
	f->now -= 601;
	assert_int_equal(
	    maker_desk_append(f, f->d, p, LIN, &index), CSEAL_ERR_REFUSED);
	assert_string_equal(f->err.where, "clock");
	f->now += 600;
	p = maker_desk_request(f, f->d, LIN, IBAN);
	f->now -= 600;
	(void)maker_desk_do(f, p, LIN);
}

static void
test_no_ledger(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_desk_options o = maker_desk_options(f);
	struct cseal_desk *d = NULL;

	assert_int_equal(cseal_desk_open(&d, &o, &f->err), CSEAL_ERR_NOT_FOUND);
	assert_null(d);
	cseal_desk_close(NULL);
	cseal_draft_free(NULL);
}

#define DESK(t)                          \
	cmocka_unit_test_setup_teardown( \
	    t, maker_desk_setup, maker_desk_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(test_request_to_apply),
		DESK(test_reject_and_withdraw),
		DESK(test_keys),
		DESK(test_found_and_join),
		DESK(test_founding_refused),
		DESK(test_drafts_refused),
		DESK(test_doubt_as_attested),
		DESK(test_facts_recomputed),
		DESK(test_opening_altered),
		DESK(test_seals_refused),
		DESK(test_clock_ahead),
		DESK(test_no_ledger),
	};

	return cmocka_run_group_tests_name("desk", tests, NULL, NULL);
}
