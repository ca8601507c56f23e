/* SPDX-License-Identifier: BSD-2-Clause */
/* Openings that were damaged beside a ledger whose entries all stand. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/desk.h"
#include "counterseal/ledger.h"
#include "maker_break.h"
#include "maker_file.h"
#include "maker_within.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* What is put in the place of a secret; docs/format.md, section 8. */
static const char *const damages[] = {
	"CAST(x'00' || substr(secret, 2) AS BLOB)",
	"CAST(x'02' || substr(secret, 2) AS BLOB)",
	"CAST(substr(secret, 1, length(secret) - 1) || x'01' AS BLOB)",
	"CAST(x'01ffff' || substr(secret, 4) AS BLOB)",
	"CAST(x'010000' || substr(secret, 4) AS BLOB)",
	/* A salt, and the same value; then a value that is no text. */
	"CAST(substr(secret, 1, 3) || x'ff' || substr(secret, 5) AS BLOB)",
	"CAST(substr(secret, 1, 19) || x'ff' || substr(secret, 21) AS BLOB)",
	"CAST(secret || x'00' AS BLOB)",
	"CAST(zeroblob(63) || x'01' AS BLOB)",
	"zeroblob(63)",
	"x''",
};

static int
setup(void **state)
{
	static struct maker_file file;

	maker_file_init(&file);
	*state = &file;
	return 0;
}

static int
teardown(void **state)
{
	maker_file_free(*state);
	return 0;
}

static void
damage(struct maker_file *file, const struct maker *m, uint64_t entry,
    const char *secret)
{
	char sql[256];

	maker_file_write(file, m);
	snprintf(sql, sizeof(sql),
	    "UPDATE opening SET secret = %s WHERE entry = %llu AND "
	    "name = 'iban'",
	    secret, (unsigned long long)entry);
	maker_file_run(file, sql, NULL, 0);
}

/* The finding of that number, in the form CODE ENTRY DETAIL. */
static void
tell(const struct cseal_replay *r, size_t i, char out[128])
{
	const struct cseal_finding *f = cseal_replay_finding(r, i);
	char entry[24] = "-";

	if (f == NULL) {
		snprintf(out, 128, "nothing");
		return;
	}
	if (f->has_entry)
		snprintf(
		    entry, sizeof(entry), "%llu", (unsigned long long)f->entry);
	snprintf(out, 128, "%s %s %.60s", f->rule->code, entry, f->detail);
}

static void
must_find(const struct cseal_replay *r, const char *secret, size_t i,
    const char *want)
{
	char found[128];

	tell(r, i, found);
	if (strcmp(found, want) != 0)
		fail_msg("%s: finding %zu: %s, not %s", secret, i, found, want);
}

/* A damage is a finding of its change, and all else is judged. */
static void
test_findings(void **state)
{
	struct maker_file *file = *state;
	struct maker *m = maker_founded(1);
	uint64_t damaged = maker_asked(m);
	struct cseal_error err = { 0 };
	char want[64];

	(void)maker_asked(m);
	snprintf(want, sizeof(want), "opening-false %llu iban",
	    (unsigned long long)damaged);
	for (size_t i = 0; i < COUNT(damages); i++) {
		struct cseal_replay *r = NULL;
		struct cseal_ledger *l = NULL;

		damage(file, m, damaged, damages[i]);
		assert_int_equal(
		    cseal_ledger_open(&l, file->path, CSEAL_LEDGER_READ, &err),
		    CSEAL_OK);
		assert_int_equal(cseal_replay_new(&r, l, NULL, &err), CSEAL_OK);
		if (cseal_replay_recheck(r, l, &err) != CSEAL_OK)
			fail_msg("%s: %s", damages[i], err.what);
		must_find(r, damages[i], 0, want);
		must_find(r, damages[i], 1, "facts-unchecked - 1 change");
		must_find(r, damages[i], 2, "nothing");
		assert_false(cseal_replay_clean(r));
		cseal_replay_free(r);
		cseal_ledger_close(l);
	}
	maker_free(m);
}

/* No damaged value is shown, and none passes for one that was erased. */
static void
test_values(void **state)
{
	struct maker_file *file = *state;
	struct maker *m = maker_founded(1);
	uint64_t damaged = maker_asked(m);
	const struct cseal_desk_options o = { .ledger = file->path };

	for (size_t i = 0; i < COUNT(damages); i++) {
		struct cseal_error err = { 0 };
		struct cseal_desk *d = NULL;
		struct cseal_buf value;
		int r;

		damage(file, m, damaged, damages[i]);
		assert_int_equal(cseal_desk_open(&d, &o, &err), CSEAL_OK);
		cseal_buf_init(&value, 0);
		r = cseal_desk_value(d,
		    cseal_state_change_find(cseal_desk_state(d), damaged),
		    "iban", &value, &err);
		if (r != CSEAL_ERR_CORRUPT || value.len != 0 ||
		    strstr(err.what, "do not use it") == NULL)
			fail_msg("%s: %d: %s", damages[i], r, err.what);
		cseal_buf_free(&value);
		cseal_desk_close(d);
	}
	maker_free(m);
}

/* ---- fact 11: used at another store ---- */

/* What verify says of a ledger in which the opening `sql` was dealt with. */
static void
must_verify(struct maker_file *file, const struct maker *m, const char *sql,
    const char *want)
{
	struct cseal_error err = { 0 };
	struct cseal_replay *r = NULL;
	struct cseal_ledger *l = NULL;

	maker_file_write(file, m);
	if (sql != NULL)
		maker_file_run(file, sql, NULL, 0);
	assert_int_equal(
	    cseal_ledger_open(&l, file->path, CSEAL_LEDGER_READ, &err),
	    CSEAL_OK);
	assert_int_equal(cseal_replay_new(&r, l, NULL, &err), CSEAL_OK);
	assert_int_equal(cseal_replay_recheck(r, l, &err), CSEAL_OK);
	must_find(r, want, 0, want);
	cseal_replay_free(r);
	cseal_ledger_close(l);
}

/* Another account at that store. */
static struct maker_draft *
other(struct maker *m, const char *store, bool stated)
{
	struct maker_draft *d = maker_request(m, LIN, NULL);
	struct cseal_facts facts;

	snprintf(d->store, sizeof(d->store), "%s", store);
	d->st.u.request.store = maker_slice(d->store);
	assert_int_equal(
	    cseal_facts_parse(&facts, d->st.u.request.facts), CSEAL_OK);
	facts.has_elsewhere = facts.elsewhere = stated;
	maker_facts(d, &facts);
	return d;
}

/* Stated if it is so, not stated if not; either where nobody can tell. */
static void
test_elsewhere(void **state)
{
	static const struct {
		const char *store;
		bool same, stated, erased;
		const char *want; /* with the entry's number at the end */
	} rows[] = {
		{ "shop-fr", true, true, false, "nothing" },
		{ "shop-fr", true, false, false, "fact-false" },
		{ "shop-fr", false, true, false, "fact-false" },
		{ "shop-fr", false, false, false, "nothing" },
		{ MAKER_STORE, true, true, false, "fact-false" },
		{ MAKER_STORE, true, false, false, "nothing" },
		{ "shop-fr", true, true, true, "facts-unchecked" },
		{ "shop-fr", true, false, true, "facts-unchecked" },
		{ "shop-fr", false, true, true, "facts-unchecked" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct maker *m = maker_founded(1);
		uint64_t n = maker_asked(m), last;
		char want[64], sql[128];

		last = maker_do(
		    m, rows[i].same ? maker_request_again(m, LIN, rows[i].store,
					  n, rows[i].stated)
				    : other(m, rows[i].store, rows[i].stated));
		snprintf(sql, sizeof(sql),
		    "UPDATE opening SET secret = zeroblob(length(secret)) "
		    "WHERE entry = %llu AND name = 'iban'",
		    (unsigned long long)n);
		if (strcmp(rows[i].want, "fact-false") == 0)
			snprintf(want, sizeof(want), "fact-false %llu ",
			    (unsigned long long)last);
		else if (strcmp(rows[i].want, "nothing") == 0)
			snprintf(want, sizeof(want), "nothing");
		else
			snprintf(
			    want, sizeof(want), "facts-unchecked - 1 change");
		must_verify(*state, m, rows[i].erased ? sql : NULL, want);
		maker_free(m);
	}
}

/* Only what the requester had seen. */
static void
test_elsewhere_seen(void **state)
{
	static const bool stated[] = { false, true };

	for (size_t i = 0; i < COUNT(stated); i++) {
		struct maker *m = maker_founded(1);
		struct maker_draft *d;
		uint64_t n, last;
		char want[64] = "nothing";

		n = maker_asked(m);
		/* Made before the other is there, sealed behind it. */
		d = maker_request_again(m, MINA, MAKER_STORE, n, stated[i]);
		n = maker_do(
		    m, maker_request_again(m, LIN, "shop-fr", n, true));
		last = maker_do(m, d);
		assert_int_equal(last, n + 1);
		if (stated[i])
			snprintf(want, sizeof(want), "fact-false %llu ",
			    (unsigned long long)last);
		must_verify(*state, m, NULL, want);
		maker_free(m);
	}
}

/* ---- fact 5: the domain class ---- */

/* By the policy that the requester had seen, and by no later one. */
static void
test_domains(void **state)
{
	static const struct {
		const char *key, *names;
		uint8_t stated;
		bool stands;
	} rows[] = {
		{ "company domains", "example.com example.org", 1, true },
		{ "company domains", "example.com", 2, false },
		{ "company domains", "example.com", 0, false },
		{ "free mail", "example.com", 2, true },
		{ "free mail", "example.com", 1, false },
		/* Neither a part of a name nor what it is a part of. */
		{ "company domains", "www.example.com", 1, false },
		{ "company domains", "le.com", 1, false },
		{ "blocked domains", "example.org", 0, true },
		{ "blocked domains", "example.org", 3, false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cseal_buf policy, none;
		struct maker_draft *d;
		struct cseal_facts facts;
		struct maker *m;
		uint64_t n;
		char want[64] = "nothing";

		cseal_buf_init(&policy, 0);
		cseal_buf_init(&none, 0);
		maker_policy(&policy, NULL, "[change contact.login_email]",
		    rows[i].key, rows[i].names);
		maker_policy(&none, NULL, "[change contact.login_email]",
		    rows[i].key, "none");
		m = maker_founded_under(1, cseal_buf_str(&policy));
		d = maker_request_email(m, LIN);
		assert_int_equal(
		    cseal_facts_parse(&facts, d->st.u.request.facts), CSEAL_OK);
		facts.domain = rows[i].stated;
		maker_facts(d, &facts);
		if (maker_add(m, d) == RULE_OK) {
			n = cseal_state_size(m->state) - 1;
			if (!rows[i].stands)
				snprintf(want, sizeof(want), "fact-false %llu ",
				    (unsigned long long)n);
			(void)maker_agreed(
			    m, maker_policy_set(m, LIN, cseal_buf_str(&none)));
			must_verify(*state, m, NULL, want);
		} else {
			/* The fold may refuse what is false, too. */
			assert_false(rows[i].stands);
		}
		maker_free(m);
		cseal_buf_free(&none);
		cseal_buf_free(&policy);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_values, setup, teardown),
		cmocka_unit_test_setup_teardown(test_findings, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_elsewhere, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_elsewhere_seen, setup, teardown),
		cmocka_unit_test_setup_teardown(test_domains, setup, teardown),
	};

	return cmocka_run_group_tests_name("recheck", tests, NULL, NULL);
}
