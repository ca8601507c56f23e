/* SPDX-License-Identifier: BSD-2-Clause */
/* Which desk appends: two homes, copies, homes that were set back. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "maker_team.h"

#define IBAN   "DE89370400440532013000"
#define SECOND "DE02120300000000202051"
#define MANY   500 /* requests, each with its withdrawal */

static enum cseal_site
site(struct maker_team *t, size_t seat)
{
	return cseal_desk_site(t->seats[seat].d);
}

static uint64_t
size(struct maker_team *t, size_t seat)
{
	return maker_desk_size(t->seats[seat].d);
}

static void
settle(struct maker_team *t, size_t seat, enum cseal_site as)
{
	team_ok(t, cseal_desk_settle(t->seats[seat].d, as, &t->f.err));
	assert_int_equal(site(t, seat), as);
}

/* Into a file that may be there: it stays the same file. */
static void
copy_file(const char *from, const char *to)
{
	char command[512];

	snprintf(command, sizeof(command), "cat '%s' >'%s'", from, to);
	assert_int_equal(system(command), 0);
}

/* A seat's own statement that is not to be appended, and why. */
static void
refused(struct maker_team *t, size_t seat, const char *why)
{
	struct cseal_draft *p = team_request(t, seat, SECOND);
	const uint64_t before = size(t, seat);
	uint64_t index;

	assert_int_equal(
	    maker_desk_append(&t->f, t->seats[seat].d, p, seat, &index),
	    CSEAL_ERR_REFUSED);
	assert_non_null(strstr(t->f.err.what, why));
	assert_int_equal(size(t, seat), before);
}

/* Mina's is a second home by force; both appended an entry of number TEAM. */
static void
two_homes(struct maker_team *t)
{
	team_begin(t);
	settle(t, MINA, CSEAL_SITE_HOME);
	assert_int_equal(team_do(t, LIN, team_request(t, LIN, IBAN)), TEAM);
	assert_int_equal(team_do(t, MINA, team_request(t, MINA, SECOND)), TEAM);
	team_ok(t, team_send(t, LIN));
	team_ok(t, team_send(t, MINA));
}

/* Hashes in a sentence. */
static size_t
hashes(const char *s)
{
	static const char hex[] = "0123456789abcdef";
	size_t n = 0;

	while (*s != '\0') {
		const size_t run = strspn(s, hex);

		n += run == 64;
		s += run > 0 ? run : 1;
	}
	return n;
}

/* The home and a third desk that has its entry both refuse the other's. */
static void
test_two_homes(void **state)
{
	struct maker_team *t = *state;

	two_homes(t);
	team_carry(t, LIN, PETR);
	team_ok(t, team_receive(t, PETR));
	team_carry(t, MINA, PETR);
	team_carry(t, MINA, LIN);
	for (size_t i = 0; i < TEAM; i++) {
		if (i == MINA)
			continue;
		assert_int_equal(team_receive(t, i), CSEAL_ERR_VIOLATION);
		assert_int_equal(hashes(t->f.err.what), 2);
		assert_int_equal(size(t, i), TEAM + 1);
		team_ok(t, team_value(t, i, TEAM, IBAN));
	}
}

/* The home by force takes the other's, and judges its own again. */
static void
test_yields(void **state)
{
	struct maker_team *t = *state;

	two_homes(t);
	team_carry(t, LIN, MINA);
	team_ok(t, team_receive(t, MINA));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_YIELDED], 1);
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_APPENDED], 1);
	assert_int_equal(size(t, MINA), TEAM + 2);
	team_ok(t, team_value(t, MINA, TEAM, IBAN));
	team_ok(t, team_value(t, MINA, TEAM + 1, SECOND));
}

/* As a replica it would have been refused; so it is when judged again. */
static void
test_yields_refused(void **state)
{
	struct maker_team *t = *state;
	struct cseal_draft *p = NULL;
	size_t waiting, refusals;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_rounds(t, 1);
	settle(t, MINA, CSEAL_SITE_HOME);
	team_ok(
	    t, cseal_draft_withdraw(&p, t->seats[LIN].d, LIN, n, &t->f.err));
	(void)team_do(t, LIN, p);
	t->f.now += 60;
	(void)team_do(t, MINA, team_approve(t, MINA, n));
	team_ok(t, team_send(t, LIN));
	team_carry(t, LIN, MINA);
	team_ok(t, team_receive(t, MINA));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_YIELDED], 1);
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_REFUSED], 1);
	assert_int_equal(size(t, MINA), TEAM + 2);
	team_pending(t, MINA, &waiting, &refusals);
	assert_int_equal(waiting, 0);
}

/* ---- copies ---- */

static void
copy_ledger(struct maker_team *t, const char *to)
{
	struct team_seat *s = &t->seats[LIN];

	team_close(t, LIN);
	copy_file(s->ledger, to);
	snprintf(s->ledger, sizeof(s->ledger), "%s", to);
	team_open(t, LIN);
}

static void
test_copy(void **state)
{
	struct maker_team *t = *state;
	char where[96];

	team_begin(t);
	/* A home that was never settled has no mark of its file. */
	settle(t, LIN, CSEAL_SITE_HOME);
	snprintf(where, sizeof(where), "%s/copy", t->base);
	copy_ledger(t, where);
	assert_int_equal(site(t, LIN), CSEAL_SITE_COPY);
	refused(t, LIN, "a copy of the home's ledger");
	assert_int_equal(
	    cseal_desk_settle(t->seats[LIN].d, CSEAL_SITE_COPY, &t->f.err),
	    CSEAL_ERR_USAGE);
	settle(t, LIN, CSEAL_SITE_REPLICA);
	assert_int_equal(
	    team_do(t, LIN, team_request(t, LIN, IBAN)), CSEAL_INDEX_NONE);
	team_open(t, LIN);
	assert_int_equal(site(t, LIN), CSEAL_SITE_REPLICA);
}

static void
test_moved(void **state)
{
	struct maker_team *t = *state;
	struct team_seat *s = &t->seats[LIN];
	char where[96];

	team_begin(t);
	settle(t, LIN, CSEAL_SITE_HOME);
	team_close(t, LIN);
	snprintf(where, sizeof(where), "%s/moved", t->base);
	assert_int_equal(rename(s->ledger, where), 0);
	snprintf(s->ledger, sizeof(s->ledger), "%s", where);
	team_open(t, LIN);
	assert_int_equal(site(t, LIN), CSEAL_SITE_HOME);
	assert_int_equal(team_do(t, LIN, team_request(t, LIN, IBAN)), TEAM);
	/* On another machine it is a copy, though its number be the same. */
	snprintf(s->machine, sizeof(s->machine), "another");
	team_open(t, LIN);
	assert_int_equal(site(t, LIN), CSEAL_SITE_COPY);
}

/* ---- from a backup ---- */

static int
count_heard(void *ctx, const struct cseal_state_key *k, bool heard)
{
	(void)k;
	*(unsigned *)ctx += heard;
	return CSEAL_OK;
}

static unsigned
heard(struct maker_team *t)
{
	unsigned n = 0;

	team_ok(
	    t, cseal_desk_heard(t->seats[LIN].d, count_heard, &n, &t->f.err));
	return n;
}

static void
answer(struct maker_team *t, size_t seat)
{
	team_carry(t, LIN, seat);
	team_ok(t, team_receive(t, seat));
	team_ok(t, team_send(t, seat));
	team_carry(t, seat, LIN);
	team_ok(t, team_receive(t, LIN));
}

static void
test_restored(void **state)
{
	struct maker_team *t = *state;

	team_begin(t);
	team_rounds(t, 1);
	assert_int_equal(heard(t), 2);
	settle(t, LIN, CSEAL_SITE_RESTORED);
	refused(t, LIN, "comes from a backup");
	/* What was told before the question is no answer to it. */
	team_ok(t, team_receive(t, LIN));
	assert_int_equal(heard(t), 0);
	team_ok(t, team_send(t, LIN));
	answer(t, MINA);
	assert_int_equal(heard(t), 1);
	assert_int_equal(site(t, LIN), CSEAL_SITE_RESTORED);
	team_open(t, LIN);
	refused(t, LIN, "comes from a backup");
	answer(t, PETR);
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_HOME], 1);
	assert_int_equal(site(t, LIN), CSEAL_SITE_HOME);
	assert_int_equal(team_do(t, LIN, team_request(t, LIN, IBAN)), TEAM);
	team_rounds(t, 1);
	team_same(t);
}

/* A statement that waits at a replica meanwhile is appended when it is home. */
static void
test_restored_waits(void **state)
{
	struct maker_team *t = *state;
	uint64_t n;

	team_begin(t);
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_rounds(t, 1);
	settle(t, LIN, CSEAL_SITE_RESTORED);
	(void)team_do(t, MINA, team_approve(t, MINA, n));
	team_ok(t, team_send(t, MINA));
	team_carry(t, MINA, LIN);
	team_ok(t, team_receive(t, LIN));
	assert_int_equal(size(t, LIN), TEAM + 1);
	team_rounds(t, 3);
	assert_int_equal(site(t, LIN), CSEAL_SITE_HOME);
	assert_int_equal(size(t, LIN), TEAM + 2);
	team_same(t);
}

/* The same file with last week's bytes: it takes itself for the home. */
static void
test_set_back(void **state)
{
	struct maker_team *t = *state;
	struct team_seat *s = &t->seats[LIN];
	char old[96];

	team_begin(t);
	/* So that it has a mark of its file. */
	settle(t, LIN, CSEAL_SITE_RESTORED);
	team_rounds(t, 2);
	assert_int_equal(site(t, LIN), CSEAL_SITE_HOME);
	snprintf(old, sizeof(old), "%s/old", t->base);
	team_close(t, LIN);
	copy_file(s->ledger, old);
	team_open(t, LIN);
	(void)team_do(t, LIN, team_request(t, LIN, IBAN));
	team_rounds(t, 1);
	team_close(t, LIN);
	copy_file(old, s->ledger);
	team_open(t, LIN);
	assert_int_equal(site(t, LIN), CSEAL_SITE_HOME);
	assert_int_equal(size(t, LIN), TEAM);
	team_ok(t, team_receive(t, LIN));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_MISSING], 1);
	assert_int_equal(site(t, LIN), CSEAL_SITE_RESTORED);
	assert_int_equal(size(t, LIN), TEAM + 1);
	refused(t, LIN, "comes from a backup");
	team_rounds(t, 2);
	assert_int_equal(site(t, LIN), CSEAL_SITE_HOME);
	(void)team_do(t, LIN, team_request(t, LIN, SECOND));
	team_rounds(t, 1);
	team_same(t);
}

/* ---- a desk that was away ---- */

static double
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void
test_away(void **state)
{
	struct maker_team *t = *state;
	struct cseal_draft *p;
	double begin;
	uint64_t n;

	team_begin(t);
	for (unsigned i = 0; i < MANY; i++) {
		n = team_do(t, LIN, team_request(t, LIN, IBAN));
		team_ok(t, cseal_draft_withdraw(
			       &p, t->seats[LIN].d, LIN, n, &t->f.err));
		(void)team_do(t, LIN, p);
	}
	/* Of what is open the values are sent. */
	n = team_do(t, LIN, team_request(t, LIN, IBAN));
	team_ok(t, team_send(t, LIN));
	team_carry(t, LIN, PETR);
	begin = now_ms();
	team_ok(t, team_receive(t, PETR));
	print_message(
	    "# %u entries: %.0f ms\n", 2 * MANY + 1, now_ms() - begin);
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_ENTRY], 2 * MANY + 1);
	assert_int_equal(size(t, PETR), size(t, LIN));
	team_ok(t, team_value(t, PETR, n, IBAN));
	team_ok(t, team_receive(t, PETR));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_ENTRY], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEAM_TEST(test_two_homes),
		TEAM_TEST(test_yields),
		TEAM_TEST(test_yields_refused),
		TEAM_TEST(test_copy),
		TEAM_TEST(test_moved),
		TEAM_TEST(test_restored),
		TEAM_TEST(test_restored_waits),
		TEAM_TEST(test_set_back),
		TEAM_TEST(test_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
