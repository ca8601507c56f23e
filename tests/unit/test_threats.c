/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The attacks of docs/threats.md that are made of statements and entries,
 * each played to its end. A test is named after its row.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "maker.h"

/* ---- a ledger as a keeper has it: entries that can be tampered with ---- */

struct place {
	char folder[64];
	char path[128];
};

static void
place_new(struct place *p)
{
	(void)snprintf(p->folder, sizeof(p->folder), "/tmp/cs-threats.XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	(void)snprintf(p->path, sizeof(p->path), "%s/ledger.db", p->folder);
}

static void
place_free(const struct place *p)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char path[160];

	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(path, sizeof(path), "%s%s", p->path, ends[i]);
		(void)unlink(path);
	}
	assert_int_equal(rmdir(p->folder), 0);
}

/* What somebody does who can write the file: triggers are no obstacle. */
static void
tamper(const struct place *p, const char *sql)
{
	sqlite3 *db = NULL;
	int off = 0;

	assert_int_equal(sqlite3_open(p->path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, &off),
	    SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* The first error that verify finds; its entry into *entry. */
static const char *
first_error(const struct place *p, uint64_t *entry)
{
	const struct cseal_finding *f;
	struct cseal_ledger *l = NULL;
	struct cseal_replay *r = NULL;
	const char *code = "none";

	*entry = UINT64_MAX;
	assert_int_equal(
	    cseal_ledger_open(&l, p->path, CSEAL_LEDGER_READ, NULL), CSEAL_OK);
	if (cseal_replay_new(&r, l, NULL, NULL) != CSEAL_OK)
		code = "unreadable";
	else
		assert_int_equal(cseal_replay_recheck(r, l, NULL), CSEAL_OK);
	for (size_t i = 0;
	     r != NULL && (f = cseal_replay_finding(r, i)) != NULL; i++) {
		if (f->rule->grade != CSEAL_FINDING_ERROR)
			continue;
		code = f->rule->code;
		*entry = f->has_entry ? f->entry : UINT64_MAX;
		break;
	}
	cseal_replay_free(r);
	cseal_ledger_close(l);
	return code;
}

/* Does verify say this of the entry? */
static bool
names(const struct place *p, const char *code, uint64_t entry)
{
	const struct cseal_finding *f;
	struct cseal_ledger *l = NULL;
	struct cseal_replay *r = NULL;
	bool found = false;

	assert_int_equal(
	    cseal_ledger_open(&l, p->path, CSEAL_LEDGER_READ, NULL), CSEAL_OK);
	assert_int_equal(cseal_replay_new(&r, l, NULL, NULL), CSEAL_OK);
	for (size_t i = 0; (f = cseal_replay_finding(r, i)) != NULL; i++)
		found = found ||
			(f->entry == entry && strcmp(f->rule->code, code) == 0);
	cseal_replay_free(r);
	cseal_ledger_close(l);
	return found;
}

static uint64_t
approved_change(struct maker *m)
{
	uint64_t n = maker_do(m, maker_request(m, LIN, NULL));

	(void)maker_do(m, maker_approve(m, MINA, n));
	return n;
}

/* ---- 6: one person alone ---- */

static void
threat_06_one_person_is_not_two(void **state)
{
	struct maker *m = maker_founded(6);
	size_t second = maker_key_new(m, "lin");
	uint64_t n = maker_do(m, maker_key_add(m, LIN, second));

	(void)state;
	(void)maker_do(m, maker_approve(m, MINA, n));
	n = maker_do(m, maker_request(m, LIN, NULL));
	assert_int_equal(
	    maker_add(m, maker_approve(m, LIN, n)), RULE_APPROVER_IS_REQUESTER);
	assert_int_equal(maker_add(m, maker_approve(m, second, n)),
	    RULE_APPROVER_IS_REQUESTER);
	/* A second name: nobody becomes a person by one admin alone. */
	n = maker_do(m, maker_person_set(m, LIN, "lina", "approver"));
	assert_int_equal(
	    maker_add(m, maker_approve(m, LIN, n)), RULE_APPROVER_IS_REQUESTER);
	assert_null(cseal_state_person_find(m->state, "lina"));
	maker_free(m);
}

/* ---- 7: an approver alone changes who and what counts ---- */

static void
threat_07_authority_takes_a_quorum(void **state)
{
	struct maker *m = maker_founded(7);
	struct cseal_buf soft;
	uint64_t n;

	(void)state;
	cseal_buf_init(&soft, 0);
	maker_policy(&soft, cseal_buf_str(&m->policy), "[ledger]",
	    "user verification", "optional");
	n = maker_do(m, maker_policy_set(m, MINA, cseal_buf_str(&soft)));
	assert_int_equal(maker_add(m, maker_approve(m, MINA, n)),
	    RULE_APPROVER_IS_REQUESTER);
	assert_true(cseal_policy_uv(cseal_state_policy(m->state)));
	/* Who is no admin may not even ask, nor approve what one asked. */
	assert_int_equal(
	    maker_add(m, maker_key_add(m, OMAR, maker_key_new(m, "omar"))),
	    RULE_REQUESTER_ROLE);
	assert_int_equal(
	    maker_add(m, maker_approve(m, OMAR, n)), RULE_APPROVER_ROLE);
	/* With the quorum it happens, and stays visible in the ledger. */
	(void)maker_do(m, maker_approve(m, PETR, n));
	assert_false(cseal_policy_uv(cseal_state_policy(m->state)));
	assert_non_null(maker_change(m, n));
	cseal_buf_free(&soft);
	maker_free(m);
}

/* ---- 8, 9: a stolen key ---- */

static void
threat_08_a_key_without_its_pin(void **state)
{
	struct maker *m = maker_founded(8);
	uint64_t n = maker_do(m, maker_request(m, LIN, NULL));
	struct maker_draft *d = maker_approve(m, MINA, n);

	(void)state;
	d->flags = CSEAL_FLAG_UP;
	assert_int_equal(maker_add(m, d), RULE_SEAL_VERIFICATION);
	maker_free(m);
}

static void
threat_09_a_key_with_its_pin(void **state)
{
	struct maker *m = maker_founded(9);
	size_t spare = maker_key_new(m, "mina");
	uint64_t lost_size, in_doubt, n;
	struct maker_draft *d;
	struct cseal_revocation v = { .reason = 3 };
	struct place p;
	uint64_t entry;

	(void)state;
	n = maker_do(m, maker_key_add(m, MINA, spare));
	(void)maker_do(m, maker_approve(m, PETR, n));
	lost_size = cseal_state_size(m->state);
	/* The thief approves; what he asks for still takes another person. */
	n = maker_do(m, maker_request(m, MINA, NULL));
	assert_int_equal(maker_add(m, maker_approve(m, MINA, n)),
	    RULE_APPROVER_IS_REQUESTER);
	n = maker_do(m, maker_request(m, LIN, NULL));
	in_doubt = maker_do(m, maker_approve(m, MINA, n));
	/* Lost since then: said by Mina's spare key, approved by Petr. */
	d = maker_key_revoke(m, spare, MINA);
	v.key = MINA;
	v.has_lost = true;
	v.lost_size = lost_size;
	cseal_buf_reset(&d->detail);
	assert_int_equal(cseal_revocation_encode(&d->detail, &v), CSEAL_OK);
	d->st.u.request.detail = cseal_buf_slice(&d->detail);
	n = maker_do(m, d);
	(void)maker_do(m, maker_approve(m, PETR, n));
	assert_int_equal(
	    maker_add(m, maker_request(m, MINA, NULL)), RULE_KEY_REVOKED);
	/* Its approval counts no more, and verify names it. */
	assert_int_equal(
	    maker_change(m, in_doubt - 1)->status, CSEAL_CHANGE_ASKED);
	place_new(&p);
	maker_write(m, p.path);
	assert_string_equal(first_error(&p, &entry), "none");
	assert_true(names(&p, "sealed-in-doubt", in_doubt));
	place_free(&p);
	maker_free(m);
}

/* ---- 10: a cloned key ---- */

static void
threat_10_a_cloned_key(void **state)
{
	struct maker *m = maker_founded(10);
	uint64_t n = maker_do(m, maker_request(m, LIN, NULL));
	struct maker_draft *d = maker_approve(m, MINA, n);

	(void)state;
	(void)maker_do(m, d);
	/* The twin has not counted what the original sealed meanwhile. */
	d = maker_request(m, MINA, NULL);
	d->counter = 1;
	(void)maker_do(m, d);
	assert_true(maker_noted(m, RULE_COUNTER_FALLS));
	maker_free(m);
}

/* ---- 11: an approval used otherwise than it was given ---- */

static void
threat_11_an_old_approval(void **state)
{
	struct maker *m = maker_founded(11);
	uint64_t first = maker_do(m, maker_request(m, LIN, NULL));
	uint64_t second = maker_do(m, maker_request_email(m, LIN));
	struct maker_draft *d = maker_approve(m, MINA, first);

	(void)state;
	/* Moved to another request. */
	d->st.u.act.index = second;
	assert_int_equal(maker_add(m, d), RULE_CHANGE_LEAF);
	/* Replayed: the very same entry again. */
	(void)maker_do(m, maker_approve(m, MINA, first));
	assert_int_equal(
	    maker_judge(
		m, maker_bytes(m, cseal_state_size(m->state) - 1), false),
	    RULE_STATEMENT_COPY);
	assert_int_equal(
	    maker_add(m, maker_approve(m, MINA, first)), RULE_APPROVER_TWICE);
	/* After a rejection; after the request's time. */
	(void)maker_do(m, maker_reject(m, PETR, first));
	assert_int_equal(
	    maker_add(m, maker_approve(m, MINA, first)), RULE_CHANGE_ENDED);
	d = maker_approve(m, MINA, second);
	d->st.clock = maker_change(m, second)->not_after + 1;
	assert_int_equal(maker_add(m, d), RULE_APPROVE_EXPIRED);
	maker_free(m);
}

/* ---- 12: write access to the file ---- */

static void
threat_12_the_file_is_altered(void **state)
{
	static const struct {
		const char *sql;
		uint64_t entry;
	} acts[] = {
		{ "UPDATE entry SET body = CAST(replace(body, 'shop-de',"
		  " 'shop-dk') AS BLOB) WHERE idx = 4",
		    4 },
		{ "DELETE FROM entry WHERE idx = 4", 4 },
		{ "UPDATE entry SET idx = 100 WHERE idx = 4;"
		  "UPDATE entry SET idx = 4 WHERE idx = 5;"
		  "UPDATE entry SET idx = 5 WHERE idx = 100",
		    4 },
		{ "UPDATE entry SET body = (SELECT body FROM entry"
		  " WHERE idx = 4) WHERE idx = 5",
		    5 },
	};
	uint64_t entry;

	(void)state;
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		struct maker *m = maker_founded(12);
		const char *code;
		struct place p;

		(void)approved_change(m);
		place_new(&p);
		maker_write(m, p.path);
		assert_string_equal(first_error(&p, &entry), "none");
		tamper(&p, acts[i].sql);
		code = first_error(&p, &entry);
		assert_string_not_equal(code, "none");
		if (strcmp(code, "unreadable") != 0)
			assert_int_equal(entry, acts[i].entry);
		place_free(&p);
		maker_free(m);
	}
}

/* ---- 13, 14: another history ---- */

static void
threat_13_the_tail_is_cut(void **state)
{
	struct maker *m = maker_founded(13), *cut = maker_founded(13);
	uint64_t n = approved_change(m);
	struct maker_draft *d = maker_apply(m, LIN, n, CSEAL_APPLY_ENTERED);

	(void)state;
	/* Whoever was there signs the longer history, and it does not fit. */
	assert_int_equal(maker_add(cut, d), RULE_HEAD_AHEAD);
	maker_free(m);
	maker_free(cut);
}

static void
threat_14_two_parties_two_ledgers(void **state)
{
	struct maker *one = maker_founded(14), *other = maker_founded(14);
	uint64_t n;

	(void)state;
	(void)maker_do(one, maker_request(one, LIN, NULL));
	n = maker_do(other, maker_request_email(other, LIN));
	(void)maker_do(one, maker_request_email(one, OMAR));
	assert_int_equal(
	    maker_add(one, maker_approve(other, MINA, n)), RULE_HEAD_FORKED);
	maker_free(one);
	maker_free(other);
}

/* ---- 15: guessing values ---- */

static void
threat_15_values_cannot_be_guessed(void **state)
{
	static const uint8_t account[] = "12345678";
	uint8_t salts[2][CSEAL_SALT_BYTES] = { { 1 }, { 2 } };
	uint8_t hashes[2][CSEAL_HASH_BYTES];

	(void)state;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(
		    cseal_commit(salts[i], account, 8, "account", hashes[i]),
		    CSEAL_OK);
	assert_memory_not_equal(hashes[0], hashes[1], CSEAL_HASH_BYTES);
}

/* ---- 16: a lying clock ---- */

static void
threat_16_a_backdated_approval(void **state)
{
	struct maker *m = maker_founded(16);
	uint64_t n = maker_do(m, maker_request(m, LIN, NULL));
	struct maker_draft *d = maker_approve(m, MINA, n);

	(void)state;
	d->st.clock -= 2 * 3600;
	(void)maker_do(m, d);
	assert_true(maker_noted(m, RULE_CLOCK_BEHIND));
	maker_free(m);
}

/* ---- 21: softer facts ---- */

static void
threat_21_softer_facts(void **state)
{
	struct cseal_facts soft = { .country = "FR" };
	struct maker *m = maker_founded(21);
	struct maker_draft *d = maker_request(m, LIN, NULL);
	struct place p;
	uint64_t entry, n;

	(void)state;
	cseal_buf_reset(&d->facts);
	assert_int_equal(cseal_facts_encode(&d->facts, &soft), CSEAL_OK);
	d->st.u.request.facts = cseal_buf_slice(&d->facts);
	n = maker_do(m, d);
	/* Found by verify where the openings are. */
	place_new(&p);
	maker_write(m, p.path);
	assert_string_equal(first_error(&p, &entry), "fact-false");
	assert_int_equal(entry, n);
	place_free(&p);
	/* An approver who states the true facts does not approve these. */
	d = maker_approve(m, MINA, n);
	cseal_buf_reset(&d->facts);
	memcpy(soft.country, "DE", 3);
	assert_int_equal(cseal_facts_encode(&d->facts, &soft), CSEAL_OK);
	d->st.u.act.facts = cseal_buf_slice(&d->facts);
	assert_int_equal(maker_add(m, d), RULE_APPROVE_FACTS);
	maker_free(m);
}

/* Puts another value of that field under the request. */
static void
commit_to(struct maker_draft *d, const char *name, const void *value, size_t n)
{
	struct cseal_opening *o = d->openings;
	struct cseal_commitment *f = d->fields;

	while (strcmp(o->name, name) != 0)
		o++;
	while (f->name.len != strlen(name) ||
	       memcmp(f->name.data, name, f->name.len) != 0)
		f++;
	cseal_buf_reset(&o->value);
	assert_int_equal(cseal_buf_add(&o->value, value, n), CSEAL_OK);
	assert_int_equal(
	    cseal_commit(o->salt, value, n, name, f->hash), CSEAL_OK);
}

/* A value that begins with NULs bears out no fact, and not the lack of one. */
static void
threat_21_no_fact_at_all(void **state)
{
	struct cseal_facts none = { .country = "" };
	struct maker *m = maker_founded(1);
	struct maker_draft *d = maker_request(m, LIN, NULL);
	struct place p;
	uint64_t entry, n;

	(void)state;
	commit_to(d, "iban", "\0\0 89 3704 0044", 15);
	(void)snprintf(none.currency, sizeof(none.currency), "EUR");
	(void)snprintf(none.bank_code, sizeof(none.bank_code), "BIC:COBADEFF");
	cseal_buf_reset(&d->facts);
	assert_int_equal(cseal_facts_encode(&d->facts, &none), CSEAL_OK);
	d->st.u.request.facts = cseal_buf_slice(&d->facts);
	n = maker_do(m, d);
	place_new(&p);
	maker_write(m, p.path);
	assert_string_equal(first_error(&p, &entry), "fact-false");
	assert_int_equal(entry, n);
	place_free(&p);
	maker_free(m);
}

/* ---- 22: a rejection is withheld ---- */

static void
threat_22_a_rejection_is_withheld(void **state)
{
	struct maker *m = maker_founded(22);
	uint64_t n = approved_change(m);
	struct maker_draft *veto = maker_reject(m, PETR, n);

	(void)state;
	(void)maker_do(m, maker_apply(m, LIN, n, CSEAL_APPLY_ENTERED));
	/* It comes too late, stands, and verify says so. */
	(void)maker_do(m, veto);
	assert_true(maker_noted(m, RULE_LATE_REJECTION));
	assert_int_equal(maker_change(m, n)->status, CSEAL_CHANGE_IN_FORCE);
	/* Whoever leaves it out later contradicts the thread digest. */
	veto = maker_reject(m, MINA, n);
	memset(veto->st.thread, 0, sizeof(veto->st.thread));
	assert_int_equal(maker_add(m, veto), RULE_THREAD_DIGEST);
	maker_free(m);
}

/* ---- 23: junk behind the end ---- */

static void
threat_23_junk_has_no_effect(void **state)
{
	struct cseal_desk_options o = { .write = true };
	struct maker *m = maker_founded(23);
	struct cseal_desk *d = NULL;
	struct cseal_error err = { 0 };
	struct place p;
	uint64_t entry;

	(void)state;
	(void)approved_change(m);
	place_new(&p);
	maker_write(m, p.path);
	tamper(&p, "INSERT INTO entry(idx, body) VALUES(6, x'00')");
	assert_string_equal(first_error(&p, &entry), "entry-malformed");
	assert_int_equal(entry, 6);
	/* Honest commands stop there. */
	o.ledger = p.path;
	assert_int_equal(cseal_desk_open(&d, &o, &err), CSEAL_ERR_VIOLATION);
	assert_null(d);
	place_free(&p);
	maker_free(m);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(threat_06_one_person_is_not_two),
		cmocka_unit_test(threat_07_authority_takes_a_quorum),
		cmocka_unit_test(threat_08_a_key_without_its_pin),
		cmocka_unit_test(threat_09_a_key_with_its_pin),
		cmocka_unit_test(threat_10_a_cloned_key),
		cmocka_unit_test(threat_11_an_old_approval),
		cmocka_unit_test(threat_12_the_file_is_altered),
		cmocka_unit_test(threat_13_the_tail_is_cut),
		cmocka_unit_test(threat_14_two_parties_two_ledgers),
		cmocka_unit_test(threat_15_values_cannot_be_guessed),
		cmocka_unit_test(threat_16_a_backdated_approval),
		cmocka_unit_test(threat_21_softer_facts),
		cmocka_unit_test(threat_21_no_fact_at_all),
		cmocka_unit_test(threat_22_a_rejection_is_withheld),
		cmocka_unit_test(threat_23_junk_has_no_effect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
