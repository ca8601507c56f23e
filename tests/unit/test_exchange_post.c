/* SPDX-License-Identifier: BSD-2-Clause */
/* Envelopes that come with files: which fit, when, and to whom. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "counterseal/openings.h"

#include "desk.h"
#include "exchange_folder.h"
#include "intake.h"
#include "ledger_beside.h"
#include "maker_break.h"
#include "maker_forge.h"
#include "maker_team.h"
#include "post.h"

#define IBAN   "DE89370400440532013000"
#define SECOND "DE02120300000000202051"

/* ---- envelopes that fit, early and late ---- */

static void
test_early(void **state)
{
	struct maker_team *t = *state;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_ok(t, team_send(t, LIN));
	team_carry_kind(t, LIN, MINA, "openings");
	team_ok(t, team_receive(t, MINA));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_OPENED], 0);
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_IGNORED], 0);
	team_carry_kind(t, LIN, MINA, "entries");
	team_ok(t, team_receive(t, MINA));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_OPENED], 1);
	team_ok(t, team_value(t, MINA, n, IBAN));

	/* The other way round. */
	team_carry_kind(t, LIN, PETR, "entries");
	team_ok(t, team_receive(t, PETR));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_OPENED], 0);
	assert_int_equal(team_value(t, PETR, n, IBAN), CSEAL_ERR_NOT_FOUND);
	team_carry_kind(t, LIN, PETR, "openings");
	team_ok(t, team_receive(t, PETR));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_OPENED], 1);
	team_ok(t, team_value(t, PETR, n, IBAN));
}

/* ---- envelopes that do not fit ---- */

static void
test_unfit(void **state)
{
	struct maker_team *t = *state;
	struct forged f = { .name = "iban", .value = SECOND, .to = MINA };
	struct cseal_buf der, bytes;
	uint64_t n, other;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	other = team_do(t, LIN, team_request(t, LIN, SECOND));
	team_ok(t, team_send(t, LIN));
	team_carry_kind(t, LIN, MINA, "entries");
	team_ok(t, team_receive(t, MINA));
	memcpy(f.ledger, t->f.m->state->id, sizeof(f.ledger));
	memcpy(f.leaf, team_change(t, MINA, n)->leaf, sizeof(f.leaf));

	/* Another value; another name; another ledger's; another leaf's. */
	forge(t, &f, &der);
	forged_bring(t, MINA, f.leaf, cseal_buf_slice(&der));
	forged_told(t);
	cseal_buf_free(&der);
	f.name = "no_field";
	forge(t, &f, &der);
	forged_bring(t, MINA, f.leaf, cseal_buf_slice(&der));
	forged_told(t);
	cseal_buf_free(&der);
	f.name = "iban";
	f.ledger[0] ^= 1;
	forge(t, &f, &der);
	forged_bring(t, MINA, f.leaf, cseal_buf_slice(&der));
	forged_told(t);
	cseal_buf_free(&der);
	f.ledger[0] ^= 1;
	forged_bring(t, MINA, f.leaf, team_kept(t, LIN, other, &bytes));
	forged_told(t);
	cseal_buf_free(&bytes);
	/* Noise. For another desk: that is nobody's fault. */
	forged_bring(t, MINA, f.leaf,
	    (struct cseal_slice){ (const uint8_t *)"noise", 5 });
	forged_told(t);
	f.to = PETR;
	forge(t, &f, &der);
	forged_bring(t, MINA, f.leaf, cseal_buf_slice(&der));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_IGNORED], 0);
	cseal_buf_free(&der);

	/* The right one comes, and stays. */
	assert_int_equal(team_value(t, MINA, n, IBAN), CSEAL_ERR_NOT_FOUND);
	team_carry_kind(t, LIN, MINA, "openings");
	team_ok(t, team_receive(t, MINA));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_OPENED], 2);
	f.to = MINA;
	forge(t, &f, &der);
	forged_bring(t, MINA, f.leaf, cseal_buf_slice(&der));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_IGNORED], 0);
	cseal_buf_free(&der);
	team_ok(t, team_value(t, MINA, n, IBAN));
	team_ok(t, team_value(t, MINA, other, SECOND));
}

/* A stranger's envelope, too, is in the folder before the entry is. */
static void
test_unfit_early(void **state)
{
	struct maker_team *t = *state;
	struct forged f = { .name = "iban", .value = SECOND, .to = MINA };
	struct parcel_envelope e;
	struct parcel p = { .version = 1,
		.has_envelopes = true,
		.envelopes = &e,
		.n_envelopes = 1 };
	char name[FOLDER_NAME_BYTES];
	struct folder folder = { .path = t->seats[MINA].folder };
	struct cseal_buf der;
	bool wrote;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_ok(t, team_send(t, LIN));
	team_carry_kind(t, LIN, MINA, "openings");
	team_ok(t, team_receive(t, MINA));
	memcpy(f.ledger, t->f.m->state->id, sizeof(f.ledger));
	memcpy(f.leaf, team_change(t, LIN, n)->leaf, sizeof(f.leaf));
	memcpy(p.ledger, f.ledger, sizeof(p.ledger));
	memcpy(e.leaf, f.leaf, sizeof(e.leaf));
	forge(t, &f, &der);
	e.der = cseal_buf_slice(&der);
	team_ok(t, folder_write(&folder, FOLDER_OPENINGS, 0, 0, &p, name,
		       &wrote, &t->f.err));
	cseal_buf_free(&der);
	assert_true(wrote);
	team_ok(t, team_receive(t, MINA));
	team_carry_kind(t, LIN, MINA, "entries");
	team_ok(t, team_receive(t, MINA));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_OPENED], 1);
	team_ok(t, team_value(t, MINA, n, IBAN));
}

/* ---- to whom ---- */

/* Does the envelope that lin's desk keeps for it open with this key? */
static int
opens(struct maker_team *t, uint64_t index, const struct cseal_desk_key *key)
{
	struct cseal_buf bytes, plain;
	struct cseal_slice der = team_kept(t, LIN, index, &bytes);
	int r;

	cseal_buf_init(&plain, 0);
	r = cseal_envelope_open(&plain, der, key, &t->f.err);
	cseal_buf_free(&plain);
	cseal_buf_free(&bytes);
	return r;
}

/* A key of petr's, made at one more desk. */
static size_t
new_key(struct maker_team *t, struct cseal_desk_key **desk)
{
	const struct maker_enrolment how = { .ledger = t->f.m->state->id,
		.ledger_rp_id = true };
	const size_t key = maker_key_new(t->f.m, "petr");
	char path[128];

	snprintf(path, sizeof(path), "%s/desk-new.key", t->base);
	team_ok(t, cseal_desk_key_open(desk, path, true, &t->f.err));
	t->f.m->keys[key].has_desk = true;
	cseal_desk_key_public(*desk, t->f.m->keys[key].desk);
	maker_key_enrol(&t->f.m->keys[key], &how);
	return key;
}

static void
test_later_desk(void **state)
{
	struct maker_team *t = *state;
	struct cseal_offer offer = { .has_ledger = true };
	struct cseal_desk_key *desk;
	struct cseal_draft *p;
	uint64_t n, ended, added;
	size_t key;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	ended = team_do(t, LIN, team_request(t, LIN, SECOND));
	team_rounds(t, 1);
	team_ok(t,
	    cseal_draft_withdraw(&p, t->seats[LIN].d, LIN, ended, &t->f.err));
	(void)team_do(t, LIN, p);
	key = new_key(t, &desk);
	assert_int_equal(opens(t, n, desk), CSEAL_ERR_NOT_FOUND);
	offer.key = t->f.m->keys[key].record;
	memcpy(offer.rp_id, t->f.m->keys[key].rp_id, sizeof(offer.rp_id));
	memcpy(offer.ledger, t->f.m->state->id, sizeof(offer.ledger));
	team_ok(t,
	    cseal_draft_key_add(&p, t->seats[LIN].d, LIN, &offer, &t->f.err));
	added = team_do(t, LIN, p);
	team_rounds(t, 1);
	assert_int_equal(opens(t, n, desk), CSEAL_ERR_NOT_FOUND);
	(void)team_do(t, MINA, team_approve(t, MINA, added));
	team_rounds(t, 2);
	team_same(t);
	/* What is open reaches it; what has ended does not. */
	assert_int_equal(opens(t, n, desk), CSEAL_OK);
	assert_int_equal(opens(t, n, t->seats[MINA].key), CSEAL_OK);
	assert_int_equal(opens(t, ended, desk), CSEAL_ERR_NOT_FOUND);
	/* And made once. */
	team_rounds(t, 1);
	for (size_t i = 0; i < TEAM; i++) {
		team_ok(t, team_send(t, i));
		assert_int_equal(t->tale.n[CSEAL_EXCHANGE_WROTE], 0);
	}
	cseal_desk_key_free(desk);
}

static void
test_revoked(void **state)
{
	const struct cseal_revocation left = { .key = PETR, .reason = 2 };
	struct maker_team *t = *state;
	struct cseal_draft *p;
	uint64_t n, later, gone;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_rounds(t, 1);
	assert_int_equal(opens(t, n, t->seats[PETR].key), CSEAL_OK);
	team_ok(t,
	    cseal_draft_key_revoke(&p, t->seats[LIN].d, LIN, &left, &t->f.err));
	gone = team_do(t, LIN, p);
	team_rounds(t, 1);
	(void)team_do(t, MINA, team_approve(t, MINA, gone));
	team_rounds(t, 2);
	later = team_do(t, LIN, team_request(t, LIN, SECOND));
	team_rounds(t, 1);
	assert_int_equal(
	    opens(t, later, t->seats[PETR].key), CSEAL_ERR_NOT_FOUND);
	assert_int_equal(opens(t, later, t->seats[MINA].key), CSEAL_OK);
	assert_int_equal(
	    team_value(t, PETR, later, SECOND), CSEAL_ERR_NOT_FOUND);
}

/* A ledger that a person has left: his desk gets no values. */
static void
test_left(void **state)
{
	struct maker_team *t = *state;
	struct maker *m = t->f.m;
	uint64_t n;

	team_close(t, LIN);
	assert_int_equal(unlink(t->seats[LIN].ledger), 0);
	(void)maker_do(m, maker_join(m, MINA));
	(void)maker_do(m, maker_join(m, PETR));
	n = maker_do(m, maker_person_leave(m, LIN, "petr"));
	(void)maker_do(m, maker_approve(m, MINA, n));
	maker_write(m, t->seats[LIN].ledger);
	t->f.now = m->clock + 60;
	team_open(t, LIN);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_ok(t, team_send(t, LIN));
	assert_int_equal(opens(t, n, t->seats[PETR].key), CSEAL_ERR_NOT_FOUND);
	assert_int_equal(opens(t, n, t->seats[MINA].key), CSEAL_OK);
}

static int
count_things(void *ctx, const char *name, struct cseal_slice value)
{
	(void)name;
	(void)value;
	++*(size_t *)ctx;
	return CSEAL_OK;
}

static size_t
count_kept(struct maker_team *t, size_t seat, const char *kind)
{
	size_t n = 0;

	team_ok(t, ledger_beside_each(cseal_desk_ledger(t->seats[seat].d), kind,
		       count_things, &n, &t->f.err));
	return n;
}

/* Envelopes for entries that nobody has: some are kept, none is sent on. */
static void
test_flood(void **state)
{
	const struct cseal_slice noise = { (const uint8_t *)"noise", 5 };
	struct maker_team *t = *state;
	uint8_t leaf[CSEAL_HASH_BYTES] = { 0 };
	size_t told = 0;
	uint64_t n;

	team_begin(t);
	team_ok(t, team_send(t, MINA));
	for (unsigned i = 0; i < 300; i++) {
		leaf[0] = (uint8_t)i;
		leaf[1] = (uint8_t)(i >> 8);
		assert_true(forged_comes(t, MINA, leaf, noise));
		told += t->tale.n[CSEAL_EXCHANGE_IGNORED];
	}
	assert_int_equal(count_kept(t, MINA, POST_EARLY), 256);
	assert_int_equal(told, 300 - 256);
	assert_int_equal(count_kept(t, MINA, POST_KIND), 0);
	team_ok(t, team_send(t, MINA));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_WROTE], 0);
	/* In a folder, the right ones come in nevertheless. */
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_ok(t, team_send(t, LIN));
	team_carry_kind(t, LIN, MINA, "openings");
	team_ok(t, team_receive(t, MINA));
	team_carry_kind(t, LIN, MINA, "entries");
	team_ok(t, team_receive(t, MINA));
	team_ok(t, team_receive(t, MINA));
	team_ok(t, team_value(t, MINA, n, IBAN));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEAM_TEST(test_early),
		TEAM_TEST(test_unfit),
		TEAM_TEST(test_unfit_early),
		TEAM_TEST(test_later_desk),
		TEAM_TEST(test_revoked),
		TEAM_TEST(test_left),
		TEAM_TEST(test_flood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
