/* SPDX-License-Identifier: BSD-2-Clause */
/* Repair: what is cut, what is kept of it, and what is refused. */

#include "sqlite_fixture.h"

#include "counterseal/repair.h"

#include "dcbor.h"
#include "maker.h"
#include "rules.h"

#define NOW 1795200000 /* 2026-11-20T18:40:00Z */

struct repairing {
	struct fixture f;
	struct maker *m;
	struct cseal_repair *r;
	const char *path; /* of the ledger; NULL: that of the fixture */
};

static int
begin(void **state)
{
	struct repairing *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return -1;
	(void)snprintf(
	    t->f.folder, sizeof(t->f.folder), "/tmp/test_repair.XXXXXX");
	if (mkdtemp(t->f.folder) == NULL)
		return -1;
	(void)snprintf(
	    t->f.where, sizeof(t->f.where), "%s/ledger", t->f.folder);
	/* Seven entries: a request at 4, its approval, and what followed. */
	t->m = maker_founded(1);
	maker_do(t->m, maker_request(t->m, LIN, NULL));
	maker_do(t->m, maker_approve(t->m, MINA, 4));
	maker_do(t->m, maker_request_email(t->m, LIN));
	maker_write(t->m, t->f.where);
	*state = t;
	return 0;
}

static int
finish(void **state)
{
	struct repairing *t = *state;
	struct fixture *f = calloc(1, sizeof(*f));

	cseal_repair_free(t->r);
	maker_free(t->m);
	*f = t->f;
	free(t);
	*state = f;
	return teardown(state);
}

static int
look(struct repairing *t)
{
	const struct cseal_repair_options o = {
		.ledger = t->path != NULL ? t->path : t->f.where,
		.replay = { .threads = 1 },
	};

	cseal_repair_free(t->r);
	t->r = NULL;
	memset(&t->f.err, 0, sizeof(t->f.err));
	return cseal_repair_new(&t->r, &o, &t->f.err);
}

static void
assert_refused(struct repairing *t, const char *where, const char *what)
{
	assert_int_equal(look(t), CSEAL_ERR_REFUSED);
	assert_null(t->r);
	assert_string_equal(t->f.err.where, where);
	if (strstr(t->f.err.what, what) == NULL)
		fail_msg("%s", t->f.err.what);
}

/* Behind the entries, by somebody who has the library but asks no desk. */
static void
add(struct repairing *t, struct cseal_slice entry,
    const struct cseal_opening *openings, size_t n)
{
	struct cseal_ledger *l;
	uint64_t size;

	assert_int_equal(
	    cseal_ledger_open(&l, t->f.where, CSEAL_LEDGER_WRITE, &t->f.err),
	    CSEAL_OK);
	assert_int_equal(cseal_ledger_size(l, &size, &t->f.err), CSEAL_OK);
	assert_int_equal(
	    cseal_ledger_append(l, size, entry, openings, n, &t->f.err),
	    CSEAL_OK);
	cseal_ledger_close(l);
}

static void
add_text(struct repairing *t, const char *text)
{
	add(t, (struct cseal_slice){ (const uint8_t *)text, strlen(text) },
	    NULL, 0);
}

static void
add_draft(struct repairing *t, struct maker_draft *d)
{
	struct cseal_buf entry;

	cseal_buf_init(&entry, 0);
	maker_seal(d, &entry);
	add(t, cseal_buf_slice(&entry), d->openings, d->n_openings);
	cseal_buf_free(&entry);
	maker_draft_free(d);
}

/* The last byte of entry `index`, which is the signature's, another one. */
static void
alter(struct repairing *t, uint64_t index)
{
	char sql[200];

	(void)snprintf(sql, sizeof(sql),
	    "UPDATE entry SET body = CAST(substr(body, 1, length(body) - 1)"
	    " || char(1) AS BLOB) WHERE idx = %llu",
	    (unsigned long long)index);
	forge(&t->f, sql);
}

/* The ledger stands with `n` entries, and the next honest one is taken. */
static void
assert_sound(struct repairing *t, uint64_t n)
{
	const struct cseal_replay_options o = { .threads = 1 };
	struct cseal_ledger *l;
	struct cseal_replay *r;

	assert_int_equal(
	    cseal_ledger_open(&l, t->f.where, CSEAL_LEDGER_READ, &t->f.err),
	    CSEAL_OK);
	assert_int_equal(cseal_replay_new(&r, l, &o, &t->f.err), CSEAL_OK);
	assert_true(cseal_replay_clean(r));
	assert_int_equal(cseal_replay_sealed(r), n);
	assert_int_equal(cseal_replay_entries(r), n);
	cseal_replay_free(r);
	cseal_ledger_close(l);
}

static unsigned
count_files(const struct repairing *t)
{
	DIR *d = opendir(t->f.folder);
	unsigned n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	(void)closedir(d);
	return n - 2;
}

static void
assert_cuts(struct repairing *t, uint64_t entries, const char *reason)
{
	assert_int_equal(look(t), CSEAL_OK);
	assert_true(cseal_repair_needed(t->r));
	assert_int_equal(cseal_repair_entries(t->r), entries);
	assert_int_equal(cseal_state_size(cseal_repair_state(t->r)), 7);
	if (strstr(cseal_repair_reason(t->r), reason) == NULL)
		fail_msg("%s", cseal_repair_reason(t->r));
	if (cseal_repair_cut(t->r, NOW, &t->f.err) != CSEAL_OK)
		fail_msg("%s: %s", t->f.err.where, t->f.err.what);
	assert_sound(t, 7);
}

static void
a_sound_ledger_is_left_alone(void **state)
{
	struct repairing *t = *state;
	struct stat before, after;

	assert_int_equal(stat(t->f.where, &before), 0);
	assert_int_equal(look(t), CSEAL_OK);
	assert_false(cseal_repair_needed(t->r));
	assert_int_equal(cseal_repair_entries(t->r), 0);
	assert_string_equal(cseal_repair_reason(t->r), "");
	assert_null(cseal_repair_finding(t->r));
	assert_string_equal(cseal_repair_file(t->r), "");
	assert_int_equal(
	    cseal_repair_cut(t->r, NOW, &t->f.err), CSEAL_ERR_USAGE);
	cseal_repair_free(t->r);
	t->r = NULL;
	assert_int_equal(stat(t->f.where, &after), 0);
	assert_memory_equal(
	    &before.st_mtim, &after.st_mtim, sizeof(before.st_mtim));
	assert_int_equal(count_files(t), 1);
}

static void
assert_row(struct dcbor_reader *in, uint64_t kind, uint64_t index)
{
	assert_int_equal(dcbor_get_array(in), 3);
	assert_int_equal(dcbor_get_uint(in), kind);
	assert_int_equal(dcbor_get_uint(in), index);
}

static void
assert_head(struct repairing *t, struct dcbor_reader *in)
{
	const struct cseal_state *s = cseal_repair_state(t->r);
	const struct cseal_head head = cseal_state_head(s);
	struct dcbor_map m;

	dcbor_get_map(in, &m);
	assert_int_equal(m.left, 5);
	(void)dcbor_map_more(in, &m);
	assert_int_equal(dcbor_map_key_uint(in, &m), 1);
	assert_int_equal(dcbor_get_uint(in), 1);
	(void)dcbor_map_more(in, &m);
	assert_int_equal(dcbor_map_key_uint(in, &m), 2);
	assert_memory_equal(dcbor_get_bytes(in).data, cseal_state_ledger_id(s),
	    CSEAL_HASH_BYTES);
	(void)dcbor_map_more(in, &m);
	assert_int_equal(dcbor_map_key_uint(in, &m), 3);
	assert_int_equal(dcbor_get_array(in), 2);
	assert_int_equal(dcbor_get_uint(in), 7);
	assert_memory_equal(
	    dcbor_get_bytes(in).data, head.root, CSEAL_HASH_BYTES);
	(void)dcbor_map_more(in, &m);
	assert_int_equal(dcbor_map_key_uint(in, &m), 4);
	assert_int_equal(dcbor_get_uint(in), NOW);
	(void)dcbor_map_more(in, &m);
	assert_int_equal(dcbor_map_key_uint(in, &m), 5);
	assert_int_equal(
	    dcbor_get_text(in).len, strlen(cseal_repair_reason(t->r)));
	assert_false(dcbor_map_more(in, &m));
}

/* A request for what the kind does not have, and a letter behind it. */
static void
what_is_cut_is_kept(void **state)
{
	struct repairing *t = *state;
	struct maker_draft *d = maker_request_email(t->m, OMAR);
	struct dcbor_reader in;
	struct cseal_slice body;
	struct cseal_buf file;
	char value[100];
	struct stat st;

	(void)snprintf(
	    value, sizeof(value), "%s", cseal_buf_str(&d->openings[0].value));
	assert_true(strlen(value) > 8);
	d->st.u.request.op = CSEAL_OP_ADD;
	add_draft(t, d);
	add_text(t, "Dear Sir or Madam");
	assert_cuts(t, 2, "[op-not-allowed]");
	assert_string_equal(
	    cseal_repair_finding(t->r)->rule->code, "op-not-allowed");
	assert_non_null(
	    strstr(cseal_repair_file(t->r), "/ledger.cut-7-20261120T184000Z"));
	assert_int_equal(stat(cseal_repair_file(t->r), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	cseal_buf_init(&file, 0);
	assert_int_equal(
	    cseal_buf_read_file(&file, cseal_repair_file(t->r), 100000),
	    CSEAL_OK);
	dcbor_reader_init(&in, file.data, file.len);
	assert_head(t, &in);
	assert_row(&in, 1, 7);
	assert_true(dcbor_get_bytes(&in).len > 200);
	assert_row(&in, 1, 8);
	body = dcbor_get_bytes(&in);
	assert_int_equal(body.len, 17);
	assert_memory_equal(body.data, "Dear Sir or Madam", 17);
	assert_row(&in, 2, 7);
	body = dcbor_get_text(&in);
	assert_int_equal(body.len, 5);
	assert_memory_equal(body.data, "email", 5);
	assert_int_equal(dcbor_get_array(&in), 2);
	assert_int_equal(dcbor_get_uint(&in), 3);
	assert_int_equal(dcbor_get_uint(&in), 2);
	assert_int_equal(dcbor_reader_end(&in), CSEAL_OK);
	/* Names of openings, but no values. */
	assert_null(memmem(file.data, file.len, value, strlen(value)));
	cseal_buf_free(&file);
}

/* What a stranger can write is cut, whatever it is. */
static void
every_junk_is_cut(void **state)
{
	static const struct {
		const char *sql;
		uint64_t entries;
		const char *reason;
	} junk[] = {
		{ "INSERT INTO entry VALUES (7, x'00')", 1,
		    "[entry-malformed]" },
		{ "INSERT INTO entry SELECT 7, body FROM entry WHERE idx = 5",
		    1, "[statement-copy]" },
		{ "INSERT INTO entry SELECT 7, body FROM entry WHERE idx = 0;"
		  "INSERT INTO entry SELECT 8, body FROM entry WHERE idx = 6",
		    2, "[genesis-place]" },
		{ "INSERT INTO entry SELECT 4000, body FROM entry"
		  " WHERE idx = 5",
		    1, "entry 7: it is missing" },
		{ "INSERT INTO entry VALUES (9223372036854775807, x'00')", 1,
		    "entry 7: it is missing" },
		{ "INSERT INTO entry VALUES (7, zeroblob(70000))", 1,
		    "entry 7: it is missing, or not of a size" },
		{ "INSERT INTO entry VALUES (7, zeroblob(3000000))", 1,
		    "entry 7: it is missing, or not of a size" },
		{ "INSERT INTO entry VALUES (7, x'')", 1, "entry 7: " },
		{ "INSERT INTO node VALUES (0, 7, zeroblob(32))", 0,
		    "belong to no entry" },
		{ "PRAGMA foreign_keys = OFF; INSERT INTO opening"
		  " VALUES (-5, 7, 'iban', zeroblob(64))",
		    0, "belong to no entry" },
		{ "WITH RECURSIVE i (n) AS (SELECT 7 UNION ALL"
		  " SELECT n + 1 FROM i WHERE n < 5006)"
		  " INSERT INTO entry SELECT n, zeroblob(100) FROM i",
		    5000, "[entry-malformed]" },
	};
	struct repairing *t = *state;

	for (size_t i = 0; i < COUNT(junk); i++) {
		forge(&t->f, junk[i].sql);
		assert_cuts(t, junk[i].entries, junk[i].reason);
		assert_false(cseal_repair_altered(t->r));
		assert_int_equal(unlink(cseal_repair_file(t->r)), 0);
		assert_int_equal(count_files(t), 1 + 2);
	}
	add_draft(t, maker_approve(t->m, PETR, 6));
	assert_sound(t, 8);
}

static void
what_needs_a_backup(void **state)
{
	struct repairing *t = *state;

	alter(t, 5);
	/* The request at 6 was sealed by lin, who had seen the approval. */
	assert_refused(t, "entry 5", "lin sealed entry 6");
	assert_non_null(strstr(t->f.err.what, "altered, not appended"));
	assert_non_null(strstr(t->f.err.what, "backup"));
	alter(t, 0);
	assert_refused(t, "entry 0", "backup");
}

static void
what_needs_a_backup_too(void **state)
{
	struct repairing *t = *state;

	forge(&t->f, "UPDATE node SET hash = zeroblob(32) WHERE idx = 3");
	assert_refused(t, "ledger", "tree");
	add_text(t, "junk");
	assert_refused(t, "ledger", "tree");
	forge(&t->f, "DELETE FROM entry WHERE idx = 0");
	assert_refused(t, "entry 0", "cannot be read");
	assert_int_equal(count_files(t), 1);
}

/* A witness needs a key of this ledger: junk cannot keep itself from it. */
static void
no_witness_without_a_key(void **state)
{
	struct repairing *t = *state;
	struct maker *other = maker_founded(2);
	struct maker_draft *d;

	add_text(t, "junk");
	maker_do(other, maker_request(other, LIN, NULL));
	d = maker_request(other, LIN, NULL);
	d->st.seen.size = 8;
	memcpy(
	    d->st.ledger, cseal_state_ledger_id(t->m->state), CSEAL_HASH_BYTES);
	add_draft(t, d);
	/* And one who does not say that he had seen more. */
	add_draft(t, maker_request(t->m, OMAR, NULL));
	assert_cuts(t, 3, "[entry-malformed]");
	maker_free(other);
}

/* The last entry may be damaged or junk: nobody has sealed behind it. */
static void
an_altered_end_is_told(void **state)
{
	struct repairing *t = *state;

	alter(t, 6);
	assert_int_equal(look(t), CSEAL_OK);
	assert_int_equal(cseal_repair_entries(t->r), 1);
	assert_true(cseal_repair_altered(t->r));
	assert_int_equal(cseal_repair_cut(t->r, NOW, &t->f.err), CSEAL_OK);
	assert_sound(t, 6);
}

/* A statement of a kind that only a later version knows. */
static struct maker_draft *
newer(struct repairing *t)
{
	struct maker_draft *d = maker_reserved(t->m, LIN);
	const uint8_t kind[] = { 2, 0x18, 0 };
	uint8_t *at;

	assert_int_equal(cseal_statement_encode(&d->raw, &d->st), CSEAL_OK);
	at = memmem(d->raw.data, d->raw.len, kind, 2);
	assert_non_null(at);
	at[2] = 127;
	return d;
}

static void
newer_is_not_junk(void **state)
{
	struct repairing *t = *state;
	struct maker_draft *d = newer(t);

	add_draft(t, d);
	assert_refused(t, "entry 7", "update this program");
	alter(t, 7);
	assert_cuts(t, 1, "[entry-newer]");
}

static void
a_desk_remembers(void **state)
{
	struct repairing *t = *state;
	struct cseal_head head;

	add_text(t, "junk");
	assert_int_equal(look(t), CSEAL_OK);
	head = cseal_state_head(cseal_repair_state(t->r));
	assert_int_equal(cseal_repair_check(t->r, &head, &t->f.err), CSEAL_OK);
	head.root[5] ^= 1;
	assert_int_equal(
	    cseal_repair_check(t->r, &head, &t->f.err), CSEAL_ERR_REFUSED);
	assert_non_null(strstr(t->f.err.what, "backup"));
	head.size = 8;
	assert_int_equal(
	    cseal_repair_check(t->r, &head, &t->f.err), CSEAL_ERR_REFUSED);
	assert_non_null(strstr(t->f.err.what, "verified 8 entries"));
	head.size = 0;
	assert_int_equal(cseal_repair_check(t->r, &head, &t->f.err), CSEAL_OK);
}

/* Between the look and the cut somebody else has repaired, and worked on. */
static void
only_what_was_shown_is_cut(void **state)
{
	struct repairing *t = *state;

	add_text(t, "junk");
	assert_int_equal(look(t), CSEAL_OK);
	forge(&t->f, "DELETE FROM entry WHERE idx = 7;"
		     "DELETE FROM node WHERE level = 0 AND idx = 7");
	add_draft(t, maker_approve(t->m, PETR, 6));
	assert_int_equal(
	    cseal_repair_cut(t->r, NOW, &t->f.err), CSEAL_ERR_AGAIN);
	assert_string_equal(cseal_repair_file(t->r), "");
	assert_sound(t, 8);
	cseal_repair_free(t->r);
	t->r = NULL;
	assert_int_equal(count_files(t), 1);
}

/* What is to be cut cannot be kept: its file's name would be too long. */
static void
nothing_is_cut_unkept(void **state)
{
	struct repairing *t = *state;
	char name[300], old[128];

	add_text(t, "junk");
	(void)snprintf(name, sizeof(name), "%s/%0230d", t->f.folder, 7);
	assert_int_equal(rename(t->f.where, name), 0);
	(void)snprintf(old, sizeof(old), "%s", t->f.where);
	t->path = name;
	assert_int_equal(look(t), CSEAL_OK);
	assert_int_equal(cseal_repair_cut(t->r, NOW, &t->f.err), CSEAL_ERR_IO);
	assert_non_null(strstr(t->f.err.what, "nothing was cut"));
	assert_string_equal(cseal_repair_file(t->r), "");
	assert_int_equal(look(t), CSEAL_OK);
	assert_int_equal(cseal_repair_entries(t->r), 1);
	cseal_repair_free(t->r);
	t->r = NULL;
	assert_int_equal(count_files(t), 1);
	assert_int_equal(rename(name, old), 0);
	t->path = NULL;
	assert_cuts(t, 1, "[entry-malformed]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_sound_ledger_is_left_alone, begin, finish),
		cmocka_unit_test_setup_teardown(
		    what_is_cut_is_kept, begin, finish),
		cmocka_unit_test_setup_teardown(
		    every_junk_is_cut, begin, finish),
		cmocka_unit_test_setup_teardown(
		    what_needs_a_backup, begin, finish),
		cmocka_unit_test_setup_teardown(
		    what_needs_a_backup_too, begin, finish),
		cmocka_unit_test_setup_teardown(
		    no_witness_without_a_key, begin, finish),
		cmocka_unit_test_setup_teardown(
		    an_altered_end_is_told, begin, finish),
		cmocka_unit_test_setup_teardown(
		    newer_is_not_junk, begin, finish),
		cmocka_unit_test_setup_teardown(
		    a_desk_remembers, begin, finish),
		cmocka_unit_test_setup_teardown(
		    only_what_was_shown_is_cut, begin, finish),
		cmocka_unit_test_setup_teardown(
		    nothing_is_cut_unkept, begin, finish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
