/* SPDX-License-Identifier: BSD-2-Clause */
/* Desks beside each other: one is faster, one does harm, two at once. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "child.h"
#include "maker_desk.h"

#define TIMES  200 /* appends of each of two desks at once */
#define IBAN   "DE89370400440532013000"
#define SECOND "DE02120300000000202051"

/* ---- other desks ---- */

/* Another was faster: the same seal stands one place further on. */
static void
test_judged_again(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_desk *other;
	struct cseal_draft *p;
	uint64_t index, first, n;

	maker_desk_begin(f);
	other = maker_desk_open(f);
	n = maker_desk_do(f, maker_desk_request(f, f->d, LIN, IBAN), LIN);
	assert_int_equal(cseal_desk_refresh(other, &f->err), CSEAL_OK);
	p = maker_desk_approve(f, other, MINA, n);
	first =
	    maker_desk_do(f, maker_desk_request(f, f->d, OMAR, SECOND), OMAR);
	(void)maker_desk_do(f, maker_desk_request(f, f->d, LIN, SECOND), LIN);
	if (maker_desk_append(f, other, p, MINA, &index) != CSEAL_OK)
		fail_msg("%s: %s", f->err.where, f->err.what);
	assert_int_equal(index, first + 2);
	assert_int_equal(maker_desk_size(other), first + 3);
	assert_int_equal(cseal_desk_refresh(f->d, &f->err), CSEAL_OK);
	assert_int_equal(maker_desk_status(f, n), CSEAL_CHANGE_APPROVED);
	cseal_desk_close(other);
}

/* What happened meanwhile made it void: said so, and nothing is appended. */
static void
test_void_meanwhile(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_desk *other;
	struct cseal_draft *p, *q;
	uint64_t index, n;

	maker_desk_begin(f);
	other = maker_desk_open(f);
	n = maker_desk_do(f, maker_desk_request(f, f->d, LIN, IBAN), LIN);
	assert_int_equal(cseal_desk_refresh(other, &f->err), CSEAL_OK);
	p = maker_desk_approve(f, other, MINA, n);
	assert_int_equal(
	    cseal_draft_reject(&q, f->d, PETR, n, 6, &f->err), CSEAL_OK);
	(void)maker_desk_do(f, q, PETR);
	assert_int_equal(
	    maker_desk_append(f, other, p, MINA, &index), CSEAL_ERR_REFUSED);
	assert_non_null(strstr(f->err.what, "change-ended"));
	assert_int_equal(cseal_desk_refresh(f->d, &f->err), CSEAL_OK);
	assert_int_equal(maker_desk_size(f->d), n + 2);
	cseal_desk_close(other);
}

/* No honest desk extends a ledger that holds a bad entry. */
static void
test_violation(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_desk_options o;
	struct cseal_desk *other = NULL;
	struct cseal_draft *p;
	struct cseal_slice entry;
	uint8_t copy[CSEAL_ENTRY_MAX];
	uint64_t index, n;

	maker_desk_begin(f);
	p = maker_desk_request(f, f->d, LIN, IBAN);
	n = maker_do(f->m, maker_request_email(f->m, MINA));
	entry = maker_bytes(f->m, n);
	memcpy(copy, entry.data, entry.len);
	copy[entry.len - 1] ^= 1;
	entry.data = copy;
	maker_file_put(&f->file, n, entry);
	assert_int_equal(
	    maker_desk_append(f, f->d, p, LIN, &index), CSEAL_ERR_VIOLATION);
	assert_non_null(strstr(f->err.what, "entry 4"));
	assert_int_equal(
	    cseal_desk_refresh(f->d, &f->err), CSEAL_ERR_VIOLATION);
	o = maker_desk_options(f);
	assert_int_equal(
	    cseal_desk_open(&other, &o, &f->err), CSEAL_ERR_VIOLATION);
	assert_non_null(strstr(f->err.what, "seal-signature"));
	assert_null(other);
}

/* ---- two desks at once ---- */

struct tally {
	unsigned requests, approvals, refused;
	char why[200]; /* of the first that was refused */
};

/* A change that somebody else asked for and nobody approved. */
static const struct cseal_state_change *
find_open(const struct cseal_state *s, size_t person)
{
	const struct cseal_state_change *c;

	for (size_t i = 0; (c = cseal_state_change(s, i)) != NULL; i++) {
		if (c->status == CSEAL_CHANGE_ASKED && c->requester != person)
			return c;
	}
	return NULL;
}

static void
work_once(struct maker_desk *f, size_t key, struct tally *t)
{
	const struct cseal_state_change *c;
	struct cseal_draft *p;
	uint64_t index;
	unsigned *count;

	f->now++;
	if (cseal_desk_refresh(f->d, &f->err) != CSEAL_OK)
		fail_msg("%s: %s", f->err.where, f->err.what);
	c = find_open(cseal_desk_state(f->d), key);
	count = c != NULL ? &t->approvals : &t->requests;
	p = c != NULL ? maker_desk_approve(f, f->d, key, c->index)
		      : maker_desk_request(f, f->d, key, IBAN);
	if (maker_desk_append(f, f->d, p, key, &index) == CSEAL_OK)
		(*count)++;
	else if (t->refused++ == 0)
		snprintf(t->why, sizeof(t->why), "%.60s: %.120s", f->err.where,
		    f->err.what);
}

/* A process of its own, which begins when `go` is closed. */
static struct child
start(struct maker_desk *f, size_t key, const int go[2])
{
	struct tally t = { 0, 0, 0, "" };
	struct child c;
	char byte;

	if (!child_start(&c))
		return c;
	close(go[1]);
	f->d = maker_desk_open(f);
	if (read(go[0], &byte, 1) != 0)
		_exit(1);
	for (unsigned i = 0; i < TIMES; i++)
		work_once(f, key, &t);
	cseal_desk_close(f->d);
	child_end(&c, &t, sizeof(t));
}

static struct tally
collect(const struct child *c)
{
	struct tally t;

	child_collect(c, &t, sizeof(t));
	printf("# %u requests, %u approvals, %u refused%s%s\n", t.requests,
	    t.approvals, t.refused, t.refused > 0 ? ": " : "", t.why);
	assert_int_equal(t.requests + t.approvals + t.refused, TIMES);
	assert_int_equal(t.refused > 0, t.why[0] != '\0');
	return t;
}

static void
test_two_at_once(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_replay *r = NULL;
	struct tally a, b;
	struct child children[2];
	int go[2];
	uint64_t before;

	maker_file_write(&f->file, f->m);
	f->now = f->m->clock + 60;
	before = f->m->entries.n;
	assert_int_equal(pipe(go), 0);
	children[0] = start(f, LIN, go);
	children[1] = start(f, MINA, go);
	close(go[0]);
	close(go[1]);
	a = collect(&children[0]);
	b = collect(&children[1]);
	/* None of these acts makes another void. */
	assert_int_equal(a.refused + b.refused, 0);
	f->d = maker_desk_open(f);
	assert_int_equal(maker_desk_size(f->d), before + 2 * TIMES);
	assert_true(cseal_replay_clean(cseal_desk_replay(f->d)));
	assert_int_equal(
	    cseal_replay_sealed(cseal_desk_replay(f->d)), before + 2 * TIMES);
	assert_null(cseal_replay_finding(cseal_desk_replay(f->d), 0));
	assert_int_equal(
	    cseal_replay_new(&r, cseal_desk_ledger(f->d), NULL, &f->err),
	    CSEAL_OK);
	assert_int_equal(
	    cseal_replay_recheck(r, cseal_desk_ledger(f->d), &f->err),
	    CSEAL_OK);
	assert_null(cseal_replay_finding(r, 0));
	cseal_replay_free(r);
}

#define DESK(t)                          \
	cmocka_unit_test_setup_teardown( \
	    t, maker_desk_setup, maker_desk_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(test_judged_again),
		DESK(test_void_meanwhile),
		DESK(test_violation),
		DESK(test_two_at_once),
	};

	return cmocka_run_group_tests_name("desk_many", tests, NULL, NULL);
}
