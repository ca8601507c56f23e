/* SPDX-License-Identifier: BSD-2-Clause */
/* Reports and exports of whole ledgers, sound and damaged. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "maker.h"
#include "report.h"

#define NOTHING UINT64_MAX /* no entry is altered */

struct world {
	struct maker *m;
	uint64_t change; /* asked for, approved, entered */
	char dir[256];
	char path[300];
	struct cseal_ledger *l;
	struct cseal_replay *r;
};

/* The ledger of `m` in a file, the last byte of entry `spoilt` altered. */
static void
put_ledger(struct world *w, uint64_t spoilt)
{
	struct cseal_buf b;

	assert_int_equal(
	    cseal_ledger_open(&w->l, w->path, CSEAL_LEDGER_CREATE, NULL),
	    CSEAL_OK);
	cseal_buf_init(&b, 0);
	for (uint64_t i = 0; i < w->m->entries.n; i++) {
		struct cseal_slice s = maker_bytes(w->m, i);

		cseal_buf_reset(&b);
		cseal_buf_add(&b, s.data, s.len);
		if (i == spoilt)
			b.data[b.len - 1] ^= 1;
		assert_int_equal(cseal_ledger_append(w->l, i,
				     cseal_buf_slice(&b), NULL, 0, NULL),
		    CSEAL_OK);
	}
	cseal_buf_free(&b);
}

/* Lin asks, Mina approves, Lin enters; then Lin asks and nobody answers. */
static void
make(struct world *w, uint64_t seed, uint64_t spoilt)
{
	const char *tmp = getenv("TMPDIR");

	memset(w, 0, sizeof(*w));
	snprintf(w->dir, sizeof(w->dir), "%s/report.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(w->dir));
	snprintf(w->path, sizeof(w->path), "%s/ledger.db", w->dir);
	w->m = maker_founded(seed);
	w->change = maker_do(w->m, maker_request(w->m, LIN, NULL));
	maker_do(w->m, maker_approve(w->m, MINA, w->change));
	maker_do(w->m, maker_apply(w->m, LIN, w->change, CSEAL_APPLY_ENTERED));
	maker_do(w->m, maker_request(w->m, LIN, NULL));
	put_ledger(w, spoilt);
	assert_int_equal(cseal_replay_new(&w->r, w->l, NULL, NULL), CSEAL_OK);
}

static void
unmake(struct world *w)
{
	char line[512];

	cseal_replay_free(w->r);
	cseal_ledger_close(w->l);
	maker_free(w->m);
	snprintf(line, sizeof(line), "rm -r %s", w->dir);
	assert_int_equal(system(line), 0);
}

static void
sound_ledger(void **state)
{
	struct report p;
	struct world w;

	(void)state;
	make(&w, 1, NOTHING);
	assert_int_equal(report_gather(&p, w.r), CSEAL_OK);
	assert_true(p.known && p.valid);
	assert_int_equal(p.entries, w.m->entries.n);
	assert_int_equal(p.sealed, p.entries);
	assert_int_equal(p.size, p.entries);
	assert_int_equal(p.persons, MAKER_PERSONS);
	assert_int_equal(p.keys, w.m->n_keys);
	assert_int_equal(p.software + p.unproven, p.keys);
	assert_int_equal(p.changes, 2);
	assert_int_equal(p.n_findings, 0);
	assert_int_equal(strlen(p.fingerprint), 24);
	assert_int_equal(strncmp(p.ledger, p.root, 64) != 0, 1);
	report_free(&p);
	unmake(&w);
}

/* The altered entry is named, with what follows from it. */
static void
consequence_of(uint64_t behind, const char *sentence)
{
	struct report p;
	struct world w;
	uint64_t last;

	make(&w, 1, NOTHING);
	last = w.m->entries.n - 1;
	unmake(&w);
	make(&w, 1, last - behind);
	assert_int_equal(report_gather(&p, w.r), CSEAL_OK);
	assert_false(p.valid);
	assert_int_equal(p.size, last - behind);
	assert_int_equal(p.n_findings, 1);
	assert_int_equal(p.grades[CSEAL_FINDING_ERROR], 1);
	assert_int_equal(p.findings[0].finding->entry, last - behind);
	assert_non_null(strstr(p.findings[0].consequence, sentence));
	report_free(&p);
	unmake(&w);
}

static void
altered_entries(void **state)
{
	(void)state;
	consequence_of(0, "It has no effect.");
	consequence_of(1, "It and the 1 behind it have no effect. Change #");
	consequence_of(1, " is approved, and not entered.");
	consequence_of(2, "It and the 2 behind it have no effect. Change #");
	consequence_of(2, " is not approved.");
}

static void
altered_genesis(void **state)
{
	struct cseal_buf b;
	struct report p;
	struct world w;

	(void)state;
	make(&w, 1, 0);
	assert_int_equal(report_gather(&p, w.r), CSEAL_OK);
	assert_false(p.known || p.valid);
	assert_int_equal(p.size, 0);
	cseal_buf_init(&b, 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(cseal_report_find(i == 0 ? "text" : "json")
				     ->render(w.r, &b),
		    CSEAL_OK);
	assert_non_null(strstr(cseal_buf_str(&b), "ledger unknown"));
	assert_non_null(strstr(cseal_buf_str(&b), "\"ledger\":null"));
	cseal_buf_free(&b);
	report_free(&p);
	unmake(&w);
}

static int
count_file(void *ctx, const char *file, const struct cseal_buf *content)
{
	size_t *n = ctx;

	assert_true(content->len > 0);
	assert_null(strchr(file, '/'));
	(*n)++;
	return CSEAL_OK;
}

static void
every_entry_is_exported(void **state)
{
	const struct cseal_state *s;
	struct world w;
	size_t n;

	(void)state;
	make(&w, 1, NOTHING);
	s = cseal_replay_state(w.r);
	for (uint64_t i = 0; i < cseal_state_size(s); i++) {
		n = 0;
		assert_int_equal(
		    cseal_export(s, w.l, i, "ssh", count_file, &n, NULL),
		    CSEAL_OK);
		assert_int_equal(n, 4);
		assert_int_equal(cseal_export(s, w.l, i, "fido2-assert",
				     count_file, &n, NULL),
		    CSEAL_OK);
		assert_int_equal(n, 4 + 7);
	}
	unmake(&w);
}

static void
no_such_entry_or_format(void **state)
{
	const struct cseal_state *s;
	struct cseal_error err;
	struct world w;
	size_t n = 0;

	(void)state;
	make(&w, 1, NOTHING);
	s = cseal_replay_state(w.r);
	assert_int_equal(cseal_export(s, w.l, cseal_state_size(s), "ssh",
			     count_file, &n, &err),
	    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(
	    cseal_export(s, w.l, UINT64_MAX, "ssh", count_file, &n, &err),
	    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(cseal_export(s, w.l, 0, "html", count_file, &n, &err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(n, 0);
	unmake(&w);
}

/* Behind the end of the fold nothing is exported. */
static void
entries_that_do_not_stand(void **state)
{
	const struct cseal_state *s;
	struct cseal_error err;
	struct world w;
	size_t n = 0;

	(void)state;
	make(&w, 1, 4);
	s = cseal_replay_state(w.r);
	assert_int_equal(cseal_state_size(s), 4);
	for (uint64_t i = 4; i < w.m->entries.n; i++)
		assert_int_equal(
		    cseal_export(s, w.l, i, "ssh", count_file, &n, &err),
		    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(n, 0);
	unmake(&w);
}

/* The store gives other bytes than those that were replayed. */
static void
entries_that_changed_meanwhile(void **state)
{
	struct cseal_error err;
	struct world w, other;
	size_t n = 0;

	(void)state;
	make(&w, 1, NOTHING);
	make(&other, 2, NOTHING);
	for (uint64_t i = 0; i < w.m->entries.n; i++) {
		assert_int_equal(cseal_export(cseal_replay_state(w.r), other.l,
				     i, "ssh", count_file, &n, &err),
		    CSEAL_ERR_VIOLATION);
		assert_non_null(strstr(err.what, "altered since"));
	}
	assert_int_equal(n, 0);
	unmake(&other);
	unmake(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sound_ledger),
		cmocka_unit_test(altered_entries),
		cmocka_unit_test(altered_genesis),
		cmocka_unit_test(every_entry_is_exported),
		cmocka_unit_test(no_such_entry_or_format),
		cmocka_unit_test(entries_that_do_not_stand),
		cmocka_unit_test(entries_that_changed_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
