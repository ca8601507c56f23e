/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Three desks at one ledger, each with its own machine's files: lin's is the
 * home, mina's and petr's are replicas. Each has its own view of the folder.
 */

#ifndef TESTS_UNIT_MAKER_TEAM_H
#define TESTS_UNIT_MAKER_TEAM_H

#include "counterseal/desk_key.h"
#include "counterseal/exchange.h"

#include "maker_desk.h"

#define TEAM 3 /* LIN, MINA, PETR: seats and keys have these numbers */

/* What an exchange told, by kind, and the last text of each. */
struct team_tale {
	unsigned n[CSEAL_EXCHANGE_YIELDED + 1];
	char text[CSEAL_EXCHANGE_YIELDED + 1][600];
};

struct team_seat {
	char ledger[128];
	char folder[128]; /* this desk's view of it */
	char machine[16];
	struct cseal_desk_key *key;
	struct cseal_desk *d;
};

struct maker_team {
	struct maker_desk f; /* maker, keys, clock, error; no desk */
	char base[64];
	struct team_seat seats[TEAM];
	struct team_tale tale; /* of the last exchange */
};

/*
 * For cmocka: the home is founded, and its desk is open. Nothing is re-entered
 * by the policy of the first; the account by that of the second.
 */
int maker_team_setup(void **state);
int maker_team_setup_blind(void **state);
int maker_team_teardown(void **state);

/* A test that begins so. */
#define TEAM_TEST(f)                     \
	cmocka_unit_test_setup_teardown( \
	    f, maker_team_setup, maker_team_teardown)
#define TEAM_TEST_BLIND(f)               \
	cmocka_unit_test_setup_teardown( \
	    f, maker_team_setup_blind, maker_team_teardown)

/* Fails the test with the error's words if there is one. */
void team_ok(struct maker_team *t, int r);

void team_open(struct maker_team *t, size_t seat);
void team_close(struct maker_team *t, size_t seat);

/* Takes an event into a struct team_tale. */
int team_tell(void *ctx, const struct cseal_exchange_event *e);

/* Replicas from what is in their views of the folder, and open. */
void team_join(struct maker_team *t, size_t seat);

/* Error codes; what happened is in t->tale. */
int team_send(struct maker_team *t, size_t seat);
int team_receive(struct maker_team *t, size_t seat);

/* Every file of one view into another, or into all others. */
void team_carry(struct maker_team *t, size_t from, size_t to);
/* Those of one kind: "entries", "openings". */
void team_carry_kind(
    struct maker_team *t, size_t from, size_t to, const char *kind);
void team_carry_all(struct maker_team *t);

/* Everybody sends, all is carried, everybody receives; `times` times. */
void team_rounds(struct maker_team *t, unsigned times);

/* All three desks, founded and in step. */
void team_begin(struct maker_team *t);

/* The seat's own person seals it; index, or CSEAL_INDEX_NONE. */
uint64_t team_do(struct maker_team *t, size_t seat, struct cseal_draft *p);

/* A request by the seat's person, of the n-th account. */
struct cseal_draft *team_request(
    struct maker_team *t, size_t seat, const char *iban);
struct cseal_draft *team_approve(
    struct maker_team *t, size_t seat, uint64_t change);

/* Statements on their way at a seat, and those that were refused. */
void team_pending(
    struct maker_team *t, size_t seat, size_t *waiting, size_t *refused);

/* Every desk has the same head. */
void team_same(struct maker_team *t);

/* A change as a seat's desk has it. */
const struct cseal_state_change *team_change(
    struct maker_team *t, size_t seat, uint64_t index);

/* The account that it asks for is `want`; an error code if it is not here. */
int team_value(
    struct maker_team *t, size_t seat, uint64_t index, const char *want);

/* How many files there are in a view. */
size_t team_files(struct maker_team *t, size_t seat);

#endif
