/* SPDX-License-Identifier: BSD-2-Clause */
/* Desks that exchange files: the way of a change, and what goes wrong. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "maker_team.h"

#include "exchange_folder.h"
#include "ledger_beside.h"

#define IBAN   "DE89370400440532013000"
#define SECOND "DE02120300000000202051"

/* ---- the way of a change ---- */

static void
test_home_asks(void **state)
{
	struct maker_team *t = *state;
	size_t waiting, refused;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	assert_int_equal(n, TEAM);
	team_rounds(t, 1);
	team_ok(t, team_value(t, MINA, n, IBAN));
	team_ok(t, team_value(t, PETR, n, IBAN));
	assert_int_equal(
	    team_do(t, MINA, team_approve(t, MINA, n)), CSEAL_INDEX_NONE);
	team_pending(t, MINA, &waiting, &refused);
	assert_int_equal(waiting, 1);
	assert_int_equal(team_change(t, MINA, n)->status, CSEAL_CHANGE_ASKED);
	team_ok(t, team_send(t, MINA));
	team_carry(t, MINA, LIN);
	team_ok(t, team_receive(t, LIN));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_APPENDED], 1);
	assert_int_equal(team_change(t, LIN, n)->status, CSEAL_CHANGE_APPROVED);
	team_ok(t, team_send(t, LIN));
	team_carry(t, LIN, MINA);
	team_ok(t, team_receive(t, MINA));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_ARRIVED], 1);
	team_pending(t, MINA, &waiting, &refused);
	assert_int_equal(waiting + refused, 0);
	team_carry(t, LIN, PETR);
	team_ok(t, team_receive(t, PETR));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_ENTRY], 1);
	team_same(t);
}

/* Asked at one replica, approved at the other; values reach all three. */
static void
test_replica_asks(void **state)
{
	struct maker_team *t = *state;
	uint64_t n = TEAM;

	team_begin(t);
	assert_int_equal(
	    team_do(t, MINA, team_request(t, MINA, SECOND)), CSEAL_INDEX_NONE);
	team_rounds(t, 2);
	for (size_t i = 0; i < TEAM; i++)
		team_ok(t, team_value(t, i, n, SECOND));
	(void)team_do(t, PETR, team_approve(t, PETR, n));
	team_rounds(t, 2);
	for (size_t i = 0; i < TEAM; i++)
		assert_int_equal(
		    team_change(t, i, n)->status, CSEAL_CHANGE_APPROVED);
	team_same(t);
	team_rounds(t, 1);
	/* Nothing is left to say. */
	for (size_t i = 0; i < TEAM; i++) {
		team_ok(t, team_send(t, i));
		assert_int_equal(t->tale.n[CSEAL_EXCHANGE_WROTE], 0);
		team_ok(t, team_receive(t, i));
		assert_int_equal(t->tale.n[CSEAL_EXCHANGE_IGNORED], 0);
	}
}

/* Two approve on Friday; one place is to be filled on Monday. */
static void
test_refused(void **state)
{
	struct maker_team *t = *state;
	size_t waiting, refused;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_rounds(t, 1);
	(void)team_do(t, MINA, team_approve(t, MINA, n));
	t->f.now += 60;
	(void)team_do(t, PETR, team_approve(t, PETR, n));
	team_rounds(t, 2);
	team_same(t);
	team_pending(t, MINA, &waiting, &refused);
	assert_int_equal(waiting + refused, 0);
	team_pending(t, PETR, &waiting, &refused);
	assert_int_equal(waiting, 0);
	assert_int_equal(refused, 1);
	assert_int_equal(team_change(t, PETR, n)->n_approvals, 1);
}

struct found {
	uint8_t leaf[CSEAL_HASH_BYTES];
	char why[600];
};

static int
find_refused(void *ctx, const struct cseal_pending *p)
{
	struct found *f = ctx;

	if (p->refused != NULL) {
		memcpy(f->leaf, p->leaf, sizeof(f->leaf));
		snprintf(f->why, sizeof(f->why), "%s", p->refused);
	}
	return CSEAL_OK;
}

static void
test_reason(void **state)
{
	struct maker_team *t = *state;
	struct found found = { .why = "" };
	struct cseal_draft *p = NULL;
	size_t waiting, refused;
	struct cseal_desk *d;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_rounds(t, 1);
	(void)team_do(t, PETR, team_approve(t, PETR, n));
	t->f.now += 60;
	team_ok(
	    t, cseal_draft_withdraw(&p, t->seats[LIN].d, LIN, n, &t->f.err));
	(void)team_do(t, LIN, p);
	team_rounds(t, 2);
	d = t->seats[PETR].d;
	team_ok(t, cseal_desk_pending(d, find_refused, &found, &t->f.err));
	assert_non_null(strstr(found.why, "change-ended"));
	team_ok(t, cseal_desk_pending_drop(d, found.leaf, &t->f.err));
	assert_int_equal(cseal_desk_pending_drop(d, found.leaf, &t->f.err),
	    CSEAL_ERR_NOT_FOUND);
	team_pending(t, PETR, &waiting, &refused);
	assert_int_equal(waiting + refused, 0);
}

/* The same act once more, while the first is on its way. */
static void
test_twice(void **state)
{
	struct maker_team *t = *state;
	struct cseal_draft *p = NULL;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_rounds(t, 1);
	(void)team_do(t, MINA, team_approve(t, MINA, n));
	assert_int_equal(
	    maker_desk_try_approve(&t->f, t->seats[MINA].d, MINA, n, &p),
	    CSEAL_ERR_REFUSED);
	assert_non_null(strstr(t->f.err.what, "on its way"));
	assert_null(p);
}

/* ---- who writes into the folder ---- */

/* A file with these entries, put into a desk's view. */
static void
put_entries(struct maker_team *t, size_t seat, uint64_t first,
    struct cseal_slice *list, size_t n)
{
	struct parcel p = {
		.version = 1, .has_entries = true, .entries = { first, list, n }
	};
	char name[FOLDER_NAME_BYTES];
	struct folder folder;
	bool wrote;

	memcpy(p.ledger, t->f.m->state->id, sizeof(p.ledger));
	team_ok(
	    t, folder_open(&folder, t->seats[seat].folder, NULL, &t->f.err));
	team_ok(t, folder_write(&folder, FOLDER_ENTRIES, first, first + n, &p,
		       name, &wrote, &t->f.err));
	assert_true(wrote);
	folder_free(&folder);
}

static void
get_entry(struct maker_team *t, uint64_t index, struct cseal_buf *out)
{
	cseal_buf_init(out, 0);
	team_ok(t, cseal_ledger_get(cseal_desk_ledger(t->seats[LIN].d), index,
		       out, &t->f.err));
}

/* Junk behind the end, junk in place of an entry, entries in another order. */
static void
test_made_up(void **state)
{
	struct maker_team *t = *state;
	struct cseal_buf last, junk;
	struct cseal_slice list[1];
	uint64_t n;

	team_begin(t);
	get_entry(t, 2, &last);
	get_entry(t, 2, &junk);
	junk.data[junk.len - 1] ^= 1;
	list[0] = cseal_buf_slice(&junk);
	put_entries(t, MINA, 3, list, 1);
	put_entries(t, MINA, 1, list, 1);
	list[0] = cseal_buf_slice(&last);
	put_entries(t, MINA, 1, list, 1);
	put_entries(t, MINA, 3, list, 1);
	team_ok(t, team_receive(t, MINA));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_IGNORED], 4);
	assert_int_equal(maker_desk_size(t->seats[MINA].d), 3);
	/* And it goes on. */
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_rounds(t, 1);
	team_ok(t, team_value(t, MINA, n, IBAN));
	team_same(t);
	cseal_buf_free(&last);
	cseal_buf_free(&junk);
}

/* A head that nobody has seals nothing: told, and passed over. */
static void
test_made_up_head(void **state)
{
	struct maker_team *t = *state;
	struct parcel p = { .version = 1, .has_heard = true };
	char name[FOLDER_NAME_BYTES];
	struct folder folder;
	bool wrote;

	team_begin(t);
	memcpy(p.ledger, t->f.m->state->id, sizeof(p.ledger));
	p.heard.key = PETR;
	p.heard.head.size = 2;
	team_ok(t, folder_open(&folder, t->seats[LIN].folder, NULL, &t->f.err));
	team_ok(t, folder_write(&folder, FOLDER_HEARD, PETR, 2, &p, name,
		       &wrote, &t->f.err));
	folder_free(&folder);
	team_ok(t, team_receive(t, LIN));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_IGNORED], 1);
	assert_non_null(
	    strstr(t->tale.text[CSEAL_EXCHANGE_IGNORED], "Two histories"));
}

/* Two processes at the home's file: what the other appended is its own. */
static void
test_home_twice(void **state)
{
	struct maker_team *t = *state;
	struct cseal_desk *first;
	uint64_t n;

	team_begin(t);
	first = t->seats[LIN].d;
	t->seats[LIN].d = NULL;
	team_open(t, LIN);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_ok(t, team_send(t, LIN));
	team_close(t, LIN);
	t->seats[LIN].d = first; /* it has not seen that entry */
	assert_int_equal(maker_desk_size(first), n);
	/* As if another desk had written the file. */
	team_ok(t,
	    ledger_beside_clear(cseal_desk_ledger(first), "seen", &t->f.err));
	team_ok(t, team_receive(t, LIN));
	assert_int_equal(cseal_desk_site(first), CSEAL_SITE_HOME);
	assert_int_equal(maker_desk_size(first), n + 1);
}

/* What was refused stays so, though it would stand now. */
static void
test_refused_for_good(void **state)
{
	struct maker_team *t = *state;
	size_t waiting, refused;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_rounds(t, 1);
	t->f.now += 3600; /* petr's clock is an hour ahead */
	(void)team_do(t, PETR, team_approve(t, PETR, n));
	t->f.now -= 3600;
	team_rounds(t, 1);
	t->f.now += 3600;
	team_ok(t, ledger_beside_clear(
		       cseal_desk_ledger(t->seats[LIN].d), "seen", &t->f.err));
	team_rounds(t, 2);
	assert_int_equal(team_change(t, LIN, n)->status, CSEAL_CHANGE_ASKED);
	team_pending(t, PETR, &waiting, &refused);
	assert_int_equal(waiting, 0);
	assert_int_equal(refused, 1);
	/* He seals it anew. */
	(void)team_do(t, PETR, team_approve(t, PETR, n));
	team_rounds(t, 2);
	assert_int_equal(team_change(t, LIN, n)->status, CSEAL_CHANGE_APPROVED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEAM_TEST(test_home_asks),
		TEAM_TEST(test_replica_asks),
		TEAM_TEST(test_refused),
		TEAM_TEST(test_reason),
		TEAM_TEST(test_twice),
		TEAM_TEST(test_made_up),
		TEAM_TEST(test_made_up_head),
		TEAM_TEST(test_home_twice),
		TEAM_TEST(test_refused_for_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
