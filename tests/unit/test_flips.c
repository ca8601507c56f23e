/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * No byte of a ledger can be altered without verify naming its entry: every
 * bit turned, and every byte set to 0x00 and to 0xFF, one at a time. Two
 * processes, each with a copy of its own, take every other byte.
 */

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
#include "maker_file.h"

#define PROCESSES 2
#define VARIANTS  10 /* of a byte: eight bits, 0x00 and 0xFF */
#define RUN_EACH  97 /* so many variants for one run of the command */

/* The sanitizers look at some bytes of every entry, in a tenth of the time. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STRIDE 11
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define STRIDE 11
#endif
#endif
#ifndef STRIDE
#define STRIDE 1
#endif

/* No more than this ledger needs: most of genesis is its policy. */
static const char policy[] = "[ledger]\n"
			     "time zone = UTC\n"
			     "working days = mon\n"
			     "holidays = none\n"
			     "user verification = required\n"
			     "attestation = any\n"
			     "clock tolerance = 10m\n"
			     "synced credentials = refused\n"
			     "[freeze]\n"
			     "by = admin\n"
			     "on drift = freeze\n"
			     "[store *]\n"
			     "platform = other\n"
			     "marketplaces = none\n"
			     "legal name = none\n"
			     "slots = payout\n"
			     "[change key.add key.revoke policy.set]\n"
			     "approvals = 1 admin\n"
			     "request lives = 72h\n"
			     "may request = admin\n"
			     "[change payout.iban]\n"
			     "approvals = 1 admin\n"
			     "first seen = none\n"
			     "after contact change = none\n"
			     "request lives = 72h\n"
			     "cooling off = 0h\n"
			     "apply window = none\n"
			     "re-enter = none\n"
			     "on screen = 0s\n"
			     "evidence = none\n"
			     "may request = admin\n"
			     "may apply = admin\n"
			     "may observe = none\n"
			     "confirmed by another = no\n"
			     "confirmed level = none\n"
			     "read back within = none\n"
			     "read back again after = none\n"
			     "countries = any\n"
			     "currencies = any\n"
			     "company domains = none\n"
			     "free mail = none\n"
			     "blocked domains = none\n"
			     "one per store = no\n";

static const struct maker_person persons[] = {
	{ "lin", "admin approver operator", 1 },
	{ "mina", "admin approver operator", 1 },
};

/* What a process has to say when it ends. */
struct result {
	uint64_t checked;
	uint64_t runs;
	uint64_t failed;
	char first[200]; /* of what failed */
};

struct work {
	const struct maker *m;
	struct maker_file file;
	struct cseal_ledger *l;
	sqlite3_stmt *put;
	const char *command; /* NULL: not built here */
	struct result result;
};

static struct maker *
make(void)
{
	struct maker *m = maker_founded_by(1, persons, 2, policy);
	uint64_t n;

	n = maker_do(m, maker_request(m, 0, NULL));
	(void)maker_do(m, maker_approve(m, 1, n));
	(void)maker_do(m, maker_apply(m, 0, n, CSEAL_APPLY_ENTERED));
	n = maker_do(m, maker_key_add(m, 0, maker_key_new(m, "lin")));
	(void)maker_do(m, maker_approve(m, 1, n));
	n = maker_do(m, maker_request(m, 2, NULL));
	(void)maker_do(m, maker_reject(m, 1, n));
	(void)maker_do(m, maker_request(m, 2, NULL));
	return m;
}

static void
put(struct work *w, uint64_t index, const uint8_t *p, size_t n)
{
	assert_int_equal(
	    sqlite3_bind_blob(w->put, 1, p, (int)n, SQLITE_STATIC), SQLITE_OK);
	assert_int_equal(
	    sqlite3_bind_int64(w->put, 2, (sqlite3_int64)index), SQLITE_OK);
	assert_int_equal(sqlite3_step(w->put), SQLITE_DONE);
	assert_int_equal(sqlite3_reset(w->put), SQLITE_OK);
}

/* One finding of grade error, about that entry, and there the fold ends. */
static bool
names(const struct cseal_replay *r, uint64_t index)
{
	const struct cseal_finding *f = cseal_replay_ended(r);

	return f != NULL && f == cseal_replay_finding(r, 0) &&
	       cseal_replay_finding(r, 1) == NULL && f->has_entry &&
	       f->entry == index && f->rule->grade == CSEAL_FINDING_ERROR &&
	       cseal_state_size(cseal_replay_state(r)) == index;
}

static bool
library_finds(struct work *w, uint64_t index)
{
	const struct cseal_replay_options o = { .threads = 1 };
	struct cseal_replay *r = NULL;
	bool ok;

	ok =
	    cseal_replay_new(&r, w->l, &o, NULL) == CSEAL_OK && names(r, index);
	cseal_replay_free(r);
	return ok;
}

/* "entry 1", and not "entry 12". */
static bool
has_entry(const char *text, uint64_t index)
{
	char want[32];
	size_t n;

	n = (size_t)snprintf(
	    want, sizeof(want), "entry %llu", (unsigned long long)index);
	for (; (text = strstr(text, want)) != NULL; text += n) {
		if (text[n] < '0' || text[n] > '9')
			return true;
	}
	return false;
}

static bool
command_finds(struct work *w, uint64_t index)
{
	char line[512], out[8192];
	size_t n = 0, got;
	FILE *pipe;
	int status;

	snprintf(line, sizeof(line), "exec '%s' verify '%s' 2>&1 </dev/null",
	    w->command, w->file.path);
	pipe = popen(line, "r");
	assert_non_null(pipe);
	while ((got = fread(out + n, 1, sizeof(out) - 1 - n, pipe)) > 0)
		n += got;
	out[n] = '\0';
	status = pclose(pipe);
	w->result.runs++;
	return WIFEXITED(status) && WEXITSTATUS(status) == 1 &&
	       has_entry(out, index);
}

static void
try_variant(
    struct work *w, uint64_t index, size_t at, const uint8_t *bytes, size_t n)
{
	struct result *r = &w->result;
	const char *who = "library";
	bool ok;

	put(w, index, bytes, n);
	ok = library_finds(w, index);
	if (ok && w->command != NULL && r->checked % RUN_EACH == 0) {
		who = "command";
		ok = command_finds(w, index);
	}
	r->checked++;
	if (!ok && r->failed++ == 0)
		snprintf(r->first, sizeof(r->first),
		    "entry %llu, byte %zu set to 0x%02x: not named by the %s",
		    (unsigned long long)index, at, bytes[at], who);
}

static void
try_byte(struct work *w, uint64_t index, size_t at, uint8_t *bytes, size_t n)
{
	uint8_t was = bytes[at];

	for (unsigned v = 0; v < VARIANTS; v++) {
		bytes[at] = (uint8_t)(v < 8    ? was ^ (1u << v)
				      : v == 8 ? 0x00
					       : 0xff);
		if (bytes[at] != was)
			try_variant(w, index, at, bytes, n);
	}
	bytes[at] = was;
}

static void
try_ledger(struct work *w, size_t mine)
{
	static uint8_t copy[CSEAL_ENTRY_MAX];
	size_t place = 0;

	for (uint64_t i = 0; i < w->m->entries.n; i++) {
		struct cseal_slice entry = maker_bytes(w->m, i);

		memcpy(copy, entry.data, entry.len);
		for (size_t at = 0; at < entry.len; at++, place++) {
			if (place % PROCESSES == mine &&
			    place / PROCESSES % STRIDE == 0)
				try_byte(w, i, at, copy, entry.len);
		}
		put(w, i, entry.data, entry.len);
	}
}

static void
work_open(struct work *w, const struct maker *m)
{
	struct cseal_error err = { 0 };

	memset(w, 0, sizeof(*w));
	w->m = m;
	w->command = getenv("COUNTERSEAL");
	if (w->command != NULL && access(w->command, X_OK) != 0)
		w->command = NULL;
	maker_file_init(&w->file);
	maker_file_write(&w->file, m);
	if (cseal_ledger_open(&w->l, w->file.path, CSEAL_LEDGER_READ, &err) !=
	    CSEAL_OK)
		fail_msg("%s: %s", err.where, err.what);
	maker_file_meddle(&w->file);
	assert_int_equal(
	    sqlite3_prepare_v2(w->file.raw,
		"UPDATE entry SET body = ?1 WHERE idx = ?2", -1, &w->put, NULL),
	    SQLITE_OK);
}

static void
work_close(struct work *w)
{
	(void)sqlite3_finalize(w->put);
	cseal_ledger_close(w->l);
	maker_file_free(&w->file);
}

/* As it is, it is clean: what is found later was made here. */
static void
assert_clean(const struct work *w)
{
	struct cseal_replay *r = NULL;

	assert_int_equal(cseal_replay_new(&r, w->l, NULL, NULL), CSEAL_OK);
	assert_null(cseal_replay_finding(r, 0));
	assert_int_equal(cseal_replay_sealed(r), w->m->entries.n);
	cseal_replay_free(r);
}

static struct child
start(const struct maker *m, size_t mine)
{
	struct child c;
	struct work w;

	if (!child_start(&c))
		return c;
	work_open(&w, m);
	assert_clean(&w);
	try_ledger(&w, mine);
	assert_clean(&w);
	work_close(&w);
	child_end(&c, &w.result, sizeof(w.result));
}

static void
collect(const struct child *c, struct result *sum)
{
	struct result r;

	child_collect(c, &r, sizeof(r));
	sum->checked += r.checked;
	sum->runs += r.runs;
	sum->failed += r.failed;
	if (r.failed > 0)
		printf("# %s\n", r.first);
}

static void
test_flips(void **state)
{
	struct maker *m = make();
	struct result sum = { 0 };
	struct child children[PROCESSES];
	size_t bytes = 0;

	(void)state;
	assert_int_equal(m->entries.n, 10);
	for (uint64_t i = 0; i < m->entries.n; i++)
		bytes += maker_bytes(m, i).len;
	for (size_t i = 0; i < PROCESSES; i++)
		children[i] = start(m, i);
	for (size_t i = 0; i < PROCESSES; i++)
		collect(&children[i], &sum);
	printf("# %zu entries, %zu bytes x %d variants = %llu checked",
	    m->entries.n, bytes, VARIANTS, (unsigned long long)sum.checked);
	if (STRIDE > 1)
		printf(" (every byte in %d)", STRIDE);
	printf("; the command ran %llu times\n", (unsigned long long)sum.runs);
	/* A byte has nine or ten variants that differ from it. */
	assert_in_range(sum.checked, bytes / STRIDE * 8, bytes * VARIANTS);
	assert_int_equal(sum.failed, 0);
	maker_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flips),
	};

	return cmocka_run_group_tests_name("flips", tests, NULL, NULL);
}
