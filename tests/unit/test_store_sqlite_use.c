/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SQLite's engine beside others: readers that leave no trace and users without
 * rights, locks, full disks.
 */

#include <dirent.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "sqlite_fixture.h"

static unsigned syncs; /* calls that make SQLite's writing durable */

/* Seen by SQLite's library, which a hidden name would not be. */
__attribute__((visibility("default"))) int
fsync(int fd)
{
	syncs++;
	return (int)syscall(SYS_fsync, fd);
}

__attribute__((visibility("default"))) int
fdatasync(int fd)
{
	syncs++;
	return (int)syscall(SYS_fdatasync, fd);
}

/* What a folder and its ledger are, to see whether somebody touched them. */
struct trace {
	char names[512];
	struct stat st;
	uint32_t sum; /* of the file's bytes */
};

static uint32_t
sum_of(const char *path)
{
	uint32_t sum = 1;
	FILE *in = fopen(path, "r");
	int c;

	assert_non_null(in);
	while ((c = fgetc(in)) != EOF)
		sum = sum * 31 + (uint32_t)c;
	assert_int_equal(fclose(in), 0);
	return sum;
}

static void
trace_take(struct fixture *f, struct trace *t)
{
	struct dirent **list;
	int n;

	memset(t, 0, sizeof(*t));
	assert_true((n = scandir(f->folder, &list, NULL, alphasort)) > 0);
	for (int i = 0; i < n; i++) {
		strncat(t->names, list[i]->d_name,
		    sizeof(t->names) - strlen(t->names) - 1);
		free(list[i]);
	}
	free(list);
	assert_int_equal(stat(f->where, &t->st), 0);
	t->sum = sum_of(f->where);
}

static void
assert_untouched(struct fixture *f, const struct trace *before)
{
	struct trace now;

	trace_take(f, &now);
	assert_string_equal(now.names, before->names);
	assert_int_equal(now.st.st_size, before->st.st_size);
	assert_int_equal(now.st.st_ino, before->st.st_ino);
	assert_int_equal(now.st.st_mode, before->st.st_mode);
	assert_int_equal(now.st.st_mtim.tv_nsec, before->st.st_mtim.tv_nsec);
	assert_int_equal(now.sum, before->sum);
}

static void
read_all(struct fixture *f, uint64_t want)
{
	uint8_t hashes[1][CSEAL_HASH_BYTES];

	assert_int_equal(open_as(f, STORE_READ), CSEAL_OK);
	assert_entries(f, want);
	assert_int_equal(
	    store_sqlite.tile(f->store, 0, 0, 1, hashes, &f->err), CSEAL_OK);
	assert_int_equal(append(f, want), CSEAL_ERR_PERMISSION);
	assert_int_equal(
	    store_sqlite.opening_erase(f->store, 0, "iban", &f->err),
	    CSEAL_ERR_PERMISSION);
}

static void
appends_are_durable(void **state)
{
	struct fixture *f = *state;

	make_ledger(f, 1);
	for (uint64_t i = 1; i < 5; i++) {
		syncs = 0;
		assert_int_equal(append(f, i), CSEAL_OK);
		assert_true(syncs > 0);
	}
	syncs = 0;
	assert_entries(f, 5);
	assert_int_equal(syncs, 0);
}

static void
reading_leaves_no_trace(void **state)
{
	struct fixture *f = *state;
	struct trace before;

	make_ledger(f, 5);
	shut(f);
	trace_take(f, &before);
	read_all(f, 5);
	shut(f);
	assert_untouched(f, &before);
}

/* While somebody writes: no file more, and what is only in the -wal is seen. */
static void
reading_beside_a_writer(void **state)
{
	struct fixture *f = *state;
	struct store *writer;
	struct trace before;

	make_ledger(f, 5);
	writer = f->store;
	f->store = NULL;
	trace_take(f, &before);
	read_all(f, 5);
	shut(f);
	assert_untouched(f, &before);
	f->store = writer;
	assert_int_equal(append(f, 5), CSEAL_OK);
}

/* Runs `fn` in a child; SQLite must not be open then. */
static int
in_child(int (*fn)(struct fixture *f), struct fixture *f)
{
	int status;
	pid_t pid;

	assert_null(f->store);
	assert_true((pid = fork()) >= 0);
	if (pid == 0)
		_exit(fn(f));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
append_and_die(struct fixture *f)
{
	uint64_t n = 0;

	if (open_as(f, STORE_WRITE) != CSEAL_OK ||
	    store_sqlite.size(f->store, &n, NULL) != CSEAL_OK ||
	    append(f, n) != CSEAL_OK)
		return 1;
	return kill(getpid(), SIGKILL);
}

/* The log of a killed writer belongs to the ledger and stays as it is. */
static void
reading_after_a_killed_writer(void **state)
{
	struct fixture *f = *state;
	struct trace before;

	make_ledger(f, 5);
	shut(f);
	assert_int_equal(in_child(append_and_die, f), -1);
	assert_true(is_there(f, "-wal"));
	trace_take(f, &before);
	read_all(f, 6);
	shut(f);
	assert_untouched(f, &before);
	assert_int_equal(open_as(f, STORE_WRITE), CSEAL_OK);
	assert_int_equal(append(f, 6), CSEAL_OK);
	shut(f);
	assert_false(is_there(f, "-wal"));
	read_all(f, 7);
}

/* A user who may read the ledger but write nothing there. */
static bool
become_a_reader(void)
{
	return geteuid() != 0 || setresuid(NOBODY, NOBODY, NOBODY) == 0;
}

static void
for_readers(struct fixture *f, bool on)
{
	assert_int_equal(chmod(f->where, on ? 0444 : 0600), 0);
	assert_int_equal(chmod(f->folder, on ? 0555 : 0700), 0);
}

/* 100 and what went wrong, or the number of entries. */
static int
count_as_reader(struct fixture *f)
{
	uint64_t n = 0;
	int r;

	if (!become_a_reader())
		return 255;
	if ((r = open_as(f, STORE_READ)) != CSEAL_OK ||
	    (r = count_entries(f, &n)) != CSEAL_OK)
		return 100 - r;
	store_sqlite.close(f->store);
	return (int)n;
}

static int
write_as_reader(struct fixture *f)
{
	return become_a_reader() ? 100 - open_as(f, STORE_WRITE) : 255;
}

static int
create_as_reader(struct fixture *f)
{
	(void)snprintf(f->where, sizeof(f->where), "%s/new", f->folder);
	return become_a_reader() ? 100 - open_as(f, STORE_CREATE) : 255;
}

static void
users_without_rights(void **state)
{
	struct fixture *f = *state;
	struct trace before;

	need_nobody();
	make_ledger(f, 5);
	shut(f);
	for_readers(f, true);
	trace_take(f, &before);
	assert_int_equal(in_child(count_as_reader, f), 5);
	assert_untouched(f, &before);
	assert_int_equal(
	    in_child(write_as_reader, f), 100 - CSEAL_ERR_PERMISSION);
	assert_int_equal(
	    in_child(create_as_reader, f), 100 - CSEAL_ERR_PERMISSION);
	assert_untouched(f, &before);
	for_readers(f, false);
	assert_int_equal(chmod(f->where, 0), 0);
	assert_int_equal(chmod(f->folder, 0755), 0);
	assert_int_equal(
	    in_child(count_as_reader, f), 100 - CSEAL_ERR_PERMISSION);
	assert_int_equal(chmod(f->folder, 0), 0);
	assert_int_equal(
	    in_child(count_as_reader, f), 100 - CSEAL_ERR_PERMISSION);
	assert_int_equal(chmod(f->folder, 0700), 0);
}

/*
 * The entry of a killed writer is in the -wal alone. A user who can write
 * nothing must see it or be told, but never a ledger without it.
 */
static void
reader_and_orphaned_log(void **state)
{
	struct fixture *f = *state;
	char log[160], index[160];
	int r;

	need_nobody();
	make_ledger(f, 5);
	shut(f);
	assert_int_equal(in_child(append_and_die, f), -1);
	(void)snprintf(log, sizeof(log), "%s-wal", f->where);
	(void)snprintf(index, sizeof(index), "%s-shm", f->where);
	assert_int_equal(chmod(log, 0444), 0);
	assert_int_equal(chmod(index, 0444), 0);
	for_readers(f, true);
	assert_int_equal(in_child(count_as_reader, f), 6);
	for_readers(f, false);
	assert_int_equal(unlink(index), 0);
	for_readers(f, true);
	r = in_child(count_as_reader, f);
	assert_int_equal(r, 100 - CSEAL_ERR_IO);
	for_readers(f, false);
	read_all(f, 6);
}

/* Gives up all writing; false where the kernel has no Landlock. */
static bool
enter_sandbox(void)
{
	const struct landlock_ruleset_attr attr = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_WRITE_FILE |
				     LANDLOCK_ACCESS_FS_MAKE_REG |
				     LANDLOCK_ACCESS_FS_REMOVE_FILE,
	};
	const int fd =
	    (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);

	return fd >= 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       syscall(SYS_landlock_restrict_self, fd, 0) == 0;
}

static int
count_in_sandbox(struct fixture *f)
{
	uint64_t n = 0;
	int r;

	if (!enter_sandbox())
		return 77;
	if ((r = open_as(f, STORE_READ)) != CSEAL_OK ||
	    (r = count_entries(f, &n)) != CSEAL_OK)
		return 100 - r;
	store_sqlite.close(f->store);
	return (int)n;
}

static void
reading_in_a_sandbox(void **state)
{
	struct fixture *f = *state;
	struct trace before;
	int r;

	make_ledger(f, 5);
	shut(f);
	trace_take(f, &before);
	r = in_child(count_in_sandbox, f);
	if (r == 77)
		skip();
	assert_int_equal(r, 5);
	assert_untouched(f, &before);
}

static int
read_while_written(struct fixture *f)
{
	uint64_t n = 0;
	int r;

	if (!become_a_reader() || open_as(f, STORE_READ) != CSEAL_OK ||
	    count_entries(f, &n) != CSEAL_OK || n != 5)
		return 255;
	/* Somebody with more rights would have written this. */
	if (raise(SIGSTOP) != 0)
		return 255;
	r = count_entries(f, &n);
	return 100 - r;
}

static void
frozen_ledger_that_thaws(void **state)
{
	struct fixture *f = *state;
	int status;
	pid_t pid;

	need_nobody();
	make_ledger(f, 5);
	shut(f);
	for_readers(f, true);
	assert_true((pid = fork()) >= 0);
	if (pid == 0)
		_exit(read_while_written(f));
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_true(WIFSTOPPED(status));
	assert_int_equal(chmod(f->where, 0644), 0);
	assert_int_equal(chmod(f->folder, 0755), 0);
	assert_int_equal(open_as(f, STORE_WRITE), CSEAL_OK);
	assert_int_equal(append(f, 5), CSEAL_OK);
	shut(f);
	assert_int_equal(kill(pid, SIGCONT), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 100 - CSEAL_ERR_AGAIN);
}

static void
lock_held_by_another(void **state)
{
	struct fixture *f = *state;
	sqlite3 *db;

	make_ledger(f, 1);
	db = raw_open(f->where);
	assert_int_equal(
	    sqlite3_exec(db, "BEGIN IMMEDIATE", 0, 0, 0), SQLITE_OK);
	assert_int_equal(append(f, 1), CSEAL_ERR_BUSY);
	assert_non_null(strstr(f->err.what, "five seconds"));
	assert_entries(f, 1);
	assert_int_equal(sqlite3_exec(db, "COMMIT", 0, 0, 0), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(append(f, 1), CSEAL_OK);
	assert_entries(f, 2);
}

static bool
limit_file_size(rlim_t bytes)
{
	const struct rlimit limit = { bytes, bytes };

	return signal(SIGXFSZ, SIG_IGN) != SIG_ERR &&
	       setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

static int
create_on_full_disk(struct fixture *f)
{
	return limit_file_size(4096) ? 100 - open_as(f, STORE_CREATE) : 255;
}

/* Appends until it fails: 100 and how; the entries are still there. */
static int
append_on_full_disk(struct fixture *f)
{
	uint64_t n = 5;
	int r;

	if (!limit_file_size(100000) || open_as(f, STORE_WRITE) != CSEAL_OK)
		return 255;
	while ((r = append(f, n)) == CSEAL_OK)
		n++;
	return count_entries(f, &n) == CSEAL_OK && n > 5 ? 100 - r : 254;
}

static void
full_disk(void **state)
{
	struct fixture *f = *state;
	uint64_t n;

	assert_int_equal(in_child(create_on_full_disk, f), 100 - CSEAL_ERR_IO);
	assert_false(is_there(f, ""));
	assert_false(is_there(f, "-journal"));
	make_ledger(f, 5);
	shut(f);
	assert_int_equal(in_child(append_on_full_disk, f), 100 - CSEAL_ERR_IO);
	assert_int_equal(open_as(f, STORE_WRITE), CSEAL_OK);
	assert_int_equal(count_entries(f, &n), CSEAL_OK);
	assert_int_equal(append(f, n), CSEAL_OK);
	assert_entries(f, n + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    appends_are_durable, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    reading_leaves_no_trace, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    reading_beside_a_writer, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    reading_after_a_killed_writer, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    users_without_rights, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    reader_and_orphaned_log, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    reading_in_a_sandbox, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    frozen_ledger_that_thaws, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    lock_held_by_another, setup, teardown),
		cmocka_unit_test_setup_teardown(full_disk, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
