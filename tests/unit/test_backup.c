/* SPDX-License-Identifier: BSD-2-Clause */
/* Backups of whole ledgers, and what restoring them refuses. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "counterseal/backup.h"

#include "backup_file.h"
#include "maker_team.h"

#define IBAN "DE89370400440532013000"
#define ACTS 40 /* of the process that appends meanwhile */

static const char *
at(struct maker_team *t, const char *name, char out[128])
{
	snprintf(out, 128, "%s/%s", t->base, name);
	return out;
}

static bool
is_there(struct maker_team *t, const char *name)
{
	char path[128];

	return access(at(t, name, path), F_OK) == 0;
}

/* Of lin's ledger, for mina's desk. */
static int
back_up(struct maker_team *t, const char *name)
{
	uint8_t desk[1][CSEAL_DESK_KEY_BYTES];
	const struct cseal_backup_to to = {
		.desks = (const uint8_t(*)[CSEAL_DESK_KEY_BYTES])desk, .n = 1
	};
	char path[128];

	cseal_desk_key_public(t->seats[MINA].key, desk[0]);
	return cseal_backup_write(at(t, name, path), t->seats[LIN].ledger, NULL,
	    &to, 7, NULL, &t->f.err);
}

/* The backup `name` into the ledger `as`, by mina's key. */
static int
restore(struct maker_team *t, const char *name, const char *as,
    struct cseal_restored *out)
{
	char path[128], ledger[128], state[128];
	const struct cseal_restore_options o = { .ledger = at(t, as, ledger),
		.state_dir = at(t, "state", state),
		.machine = "machine" };
	struct cseal_backup *b = NULL;
	int r;

	(void)mkdir(state, 0700);
	memset(out, 0, sizeof(*out));
	r = cseal_backup_open(&b, at(t, name, path), &t->f.err);
	if (r == CSEAL_OK)
		r = cseal_backup_unlock(b, t->seats[MINA].key,
		    (struct cseal_slice){ 0 }, &t->f.err);
	if (r == CSEAL_OK)
		r = cseal_backup_restore(b, &o, out, &t->f.err);
	cseal_backup_free(b);
	return r;
}

static void
test_round_trip(void **state)
{
	struct maker_team *t = *state;
	struct cseal_restored out;
	char path[128];
	struct stat st;

	team_begin(t);
	(void)team_do(t, LIN, team_request(t, LIN, IBAN));
	team_ok(t, back_up(t, "b"));
	assert_int_equal(stat(at(t, "b", path), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(back_up(t, "b"), CSEAL_ERR_EXISTS);
	team_ok(t, restore(t, "b", "new", &out));
	assert_int_equal(out.site, CSEAL_SITE_RESTORED);
	assert_int_equal(out.head.size, TEAM + 1);
	assert_int_equal(out.forgotten.size, 0);
	assert_int_equal(out.key, CSEAL_RESTORED_NONE);
	assert_false(is_there(t, "new.restoring"));
	assert_int_equal(restore(t, "b", "new", &out), CSEAL_ERR_EXISTS);
	/* What is left of another ledger would be taken for a part of it. */
	at(t, "more-wal", path);
	assert_int_equal(fclose(fopen(path, "w")), 0);
	assert_int_equal(restore(t, "b", "more", &out), CSEAL_ERR_EXISTS);
	assert_false(is_there(t, "more"));
}

/* Some of the bytes: all of them are tried in test_backup_box. */
static void
test_altered(void **state)
{
	struct maker_team *t = *state;
	struct cseal_restored out;
	struct cseal_buf b;
	char path[128];

	team_begin(t);
	team_ok(t, back_up(t, "b"));
	cseal_buf_init(&b, 0);
	team_ok(t, cseal_buf_read_file(&b, at(t, "b", path), CSEAL_BACKUP_MAX));
	for (size_t i = 0; i < b.len; i += 997) {
		b.data[i] ^= 1;
		team_ok(t, cseal_buf_write_file(&b, at(t, "bad", path)));
		b.data[i] ^= 1;
		assert_int_not_equal(restore(t, "bad", "new", &out), CSEAL_OK);
	}
	for (size_t len = b.len; b.len > 0 && len > 9000; len -= 8999) {
		b.len = len - 1;
		team_ok(t, cseal_buf_write_file(&b, at(t, "bad", path)));
		assert_int_not_equal(restore(t, "bad", "new", &out), CSEAL_OK);
	}
	cseal_buf_free(&b);
	assert_false(is_there(t, "new"));
	assert_false(is_there(t, "new.restoring"));
}

/* Who made it knows how: what is in it is judged all the same. */
static void
make(struct maker_team *t, const char *name, struct cseal_slice file)
{
	uint8_t desk[1][CSEAL_DESK_KEY_BYTES], key[AEAD_KEY_BYTES];
	const struct cseal_backup_to to = {
		.desks = (const uint8_t(*)[CSEAL_DESK_KEY_BYTES])desk, .n = 1
	};
	struct backup_contents c = { .version = 1 };
	struct cseal_buf plain, sealed;
	char path[128];

	cseal_desk_key_public(t->seats[MINA].key, desk[0]);
	memcpy(c.ledger, t->f.m->state->id, sizeof(c.ledger));
	cseal_buf_init(&plain, 0);
	cseal_buf_init(&sealed, 0);
	team_ok(t, backup_contents_encode(&plain, &c));
	team_ok(t, cseal_buf_add(&plain, file.data, file.len));
	team_ok(t, backup_box_seal(&sealed, &to, BACKUP_LOG_N,
		       cseal_buf_slice(&plain), key, &t->f.err));
	team_ok(t, cseal_buf_write_file(&sealed, at(t, name, path)));
	cseal_buf_free(&plain);
	cseal_buf_free(&sealed);
}

static void
test_no_ledger(void **state)
{
	static const uint8_t junk[] = "this is no ledger at all";
	struct maker_team *t = *state;
	struct cseal_restored out;

	make(t, "junk", (struct cseal_slice){ junk, sizeof(junk) });
	assert_int_equal(restore(t, "junk", "new", &out), CSEAL_ERR_CORRUPT);
	make(t, "empty", (struct cseal_slice){ junk, 0 });
	assert_int_equal(restore(t, "empty", "new", &out), CSEAL_ERR_CORRUPT);
	assert_false(is_there(t, "new"));
	assert_false(is_there(t, "new.restoring"));
}

static void
test_unsound(void **state)
{
	struct maker_team *t = *state;
	struct cseal_restored out;
	sqlite3 *db;

	team_begin(t);
	team_close(t, LIN);
	assert_int_equal(sqlite3_open(t->seats[LIN].ledger, &db), SQLITE_OK);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	assert_int_equal(sqlite3_exec(db,
			     "UPDATE entry SET body = (SELECT body FROM entry "
			     "WHERE idx = 1) WHERE idx = 2",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	team_ok(t, back_up(t, "b"));
	assert_int_equal(restore(t, "b", "new", &out), CSEAL_ERR_VIOLATION);
	assert_false(is_there(t, "new"));
	assert_false(is_there(t, "new.restoring"));
}

/* ---- while another process appends ---- */

static void
append_and_exit(struct maker_team *t, int ready)
{
	team_open(t, LIN);
	for (unsigned i = 0; i < ACTS; i++) {
		(void)team_do(t, LIN, team_request(t, LIN, IBAN));
		if (write(ready, "", 1) != 1)
			_exit(1);
	}
	team_close(t, LIN);
	_exit(0);
}

static void
test_meanwhile(void **state)
{
	struct maker_team *t = *state;
	struct cseal_restored out;
	unsigned before = 0, made = 0;
	char name[32], as[32], got;
	int ready[2], status;
	pid_t child;

	team_begin(t);
	team_close(t, LIN);
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		close(ready[0]);
		append_and_exit(t, ready[1]);
	}
	close(ready[1]);
	while (read(ready[0], &got, 1) == 1) {
		before++;
		if (before % 8 != 1)
			continue;
		snprintf(name, sizeof(name), "b%u", made);
		snprintf(as, sizeof(as), "new%u", made++);
		team_ok(t, back_up(t, name));
		team_ok(t, restore(t, name, as, &out));
		assert_true(out.head.size >= TEAM + before);
		assert_true(out.head.size <= TEAM + ACTS);
	}
	close(ready[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(before, ACTS);
	assert_int_equal(made, ACTS / 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEAM_TEST(test_round_trip),
		TEAM_TEST(test_altered),
		TEAM_TEST(test_no_ledger),
		TEAM_TEST(test_unsound),
		TEAM_TEST(test_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
