/* SPDX-License-Identifier: BSD-2-Clause */
/* Several writers of one ledger, and writers that are killed. */

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "ledger_fixture.h"

#define WRITERS 2
#define APPENDS 200 /* of each writer */
#define KILLS	25  /* writers that are killed */

/* Appends once, after as many tries as it takes; the index, or -1. */
static int64_t
append_at_last(struct cseal_ledger *l, const char *text)
{
	const struct cseal_slice entry = { (const uint8_t *)text,
		strlen(text) };
	uint64_t size;
	int r = CSEAL_ERR_AGAIN;

	while (r == CSEAL_ERR_AGAIN) {
		if (cseal_ledger_size(l, &size, NULL) != CSEAL_OK)
			return -1;
		r = cseal_ledger_append(l, size, entry, NULL, 0, NULL);
	}
	return r == CSEAL_OK ? (int64_t)size : -1;
}

/* What a writer tells when an append was acknowledged. */
struct receipt {
	int writer, number;
	int64_t index;
};

/* In a child: appends `n` entries (or until it is killed). Never returns. */
static void
write_entries(const char *where, int out, int writer, int n)
{
	struct cseal_ledger *l;
	struct receipt t = { .writer = writer };
	char text[32];

	if (cseal_ledger_open(&l, where, CSEAL_LEDGER_WRITE, NULL) != CSEAL_OK)
		_exit(1);
	for (t.number = 0; t.number < n; t.number++) {
		(void)snprintf(text, sizeof(text), "writer %d number %d",
		    writer, t.number);
		if ((t.index = append_at_last(l, text)) < 0)
			_exit(2);
		if (write(out, &t, sizeof(t)) != (ssize_t)sizeof(t))
			_exit(3);
	}
	cseal_ledger_close(l);
	_exit(0);
}

static pid_t
start_writer(struct fixture *f, int pipes[2], int writer, int n)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		(void)close(pipes[0]);
		write_entries(f->where, pipes[1], writer, n);
	}
	return pid;
}

/* False at the end of all writers; receipts are shorter than PIPE_BUF. */
static bool
next_receipt(int in, struct receipt *t)
{
	ssize_t n;

	do {
		n = read(in, t, sizeof(*t));
	} while (n < 0 && errno == EINTR);
	assert_true(n == 0 || n == (ssize_t)sizeof(*t));
	return n != 0;
}

static void
assert_receipt_holds(struct fixture *f, const struct receipt *t)
{
	char text[32];

	(void)snprintf(
	    text, sizeof(text), "writer %d number %d", t->writer, t->number);
	assert_entry(f, (uint64_t)t->index, text);
}

static void
two_writers(void **state)
{
	struct fixture *f = *state;
	static struct receipt got[WRITERS * APPENDS];
	int64_t last[WRITERS] = { -1, -1 };
	int pipes[2], status;
	size_t n = 0;

	shut(f);
	assert_int_equal(pipe(pipes), 0);
	for (int w = 0; w < WRITERS; w++)
		(void)start_writer(f, pipes, w, APPENDS);
	(void)close(pipes[1]);
	while (n < COUNT(got) && next_receipt(pipes[0], &got[n]))
		n++;
	for (int w = 0; w < WRITERS; w++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	(void)close(pipes[0]);
	assert_int_equal(n, COUNT(got));
	reopen(f, CSEAL_LEDGER_READ);
	assert_int_equal(size_of(f), n);
	for (size_t i = 0; i < n; i++) {
		assert_receipt_holds(f, &got[i]);
		assert_true(got[i].index > last[got[i].writer]);
		last[got[i].writer] = got[i].index;
	}
	assert_tree_is_right(f);
}

/*
 * Writers are killed after some receipts. What was acknowledged is there, at
 * most one more entry is, and the tree fits.
 */
static void
killed_writers(void **state)
{
	struct fixture *f = *state;
	uint64_t size = 0, seen;
	struct receipt t;
	int pipes[2], status;
	pid_t pid;

	for (int k = 0; k < KILLS; k++) {
		shut(f);
		assert_int_equal(pipe(pipes), 0);
		pid = start_writer(f, pipes, k, 1 << 20);
		(void)close(pipes[1]);
		for (int i = 0; i <= k * 7 % 23; i++)
			assert_true(next_receipt(pipes[0], &t));
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		reopen(f, k % 2 == 0 ? CSEAL_LEDGER_READ : CSEAL_LEDGER_WRITE);
		do {
			assert_receipt_holds(f, &t);
			seen = (uint64_t)t.index + 1;
		} while (next_receipt(pipes[0], &t));
		(void)close(pipes[0]);
		size = size_of(f);
		assert_true(size == seen || size == seen + 1);
		assert_tree_is_right(f);
	}
	reopen(f, CSEAL_LEDGER_WRITE);
	assert_int_equal(append(f, size, "after all"), CSEAL_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(two_writers, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    killed_writers, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
