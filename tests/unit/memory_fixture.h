/* SPDX-License-Identifier: BSD-2-Clause */
/* A desk in a folder of its own: a ledger's file, and what is remembered. */

#ifndef TESTS_UNIT_MEMORY_FIXTURE_H
#define TESTS_UNIT_MEMORY_FIXTURE_H

#include <dirent.h>
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

#include "maker_wander.h"
#include "counterseal.h"
#include "memory.h"

struct home {
	char folder[64];  /* the state folder, and all else */
	char path[128];	  /* of the ledger */
	char memory[256]; /* of the files, once the ledger was written */
	char head[272];
	char pins[128];
	struct maker *m;
	struct cseal_ledger *l;
	struct cseal_memory *memo;
	struct cseal_replay *r;
	struct cseal_error err;
	unsigned told;	 /* notices */
	char said[1024]; /* the last of them */
};

static inline void
hear(void *ctx, const char *where, const char *what)
{
	struct home *h = ctx;

	h->told++;
	(void)snprintf(h->said, sizeof(h->said), "%s: %s", where, what);
}

/* Shuts what look() opened. */
static inline void
leave(struct home *h)
{
	cseal_replay_free(h->r);
	cseal_memory_free(h->memo);
	cseal_ledger_close(h->l);
	h->r = NULL;
	h->memo = NULL;
	h->l = NULL;
}

static inline int
setup(void **state)
{
	struct home *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return -1;
	(void)snprintf(h->folder, sizeof(h->folder), "/tmp/test_memory.XXXXXX");
	if (mkdtemp(h->folder) == NULL)
		return -1;
	(void)snprintf(h->path, sizeof(h->path), "%s/ledger", h->folder);
	(void)snprintf(h->pins, sizeof(h->pins), "%s/pins", h->folder);
	*state = h;
	return 0;
}

static inline int
teardown(void **state)
{
	struct home *h = *state;
	char name[400];
	struct dirent *e;
	DIR *d;
	int r;

	leave(h);
	(void)chmod(h->folder, 0700);
	if ((d = opendir(h->folder)) == NULL)
		return -1;
	while ((e = readdir(d)) != NULL) {
		(void)snprintf(
		    name, sizeof(name), "%s/%s", h->folder, e->d_name);
		if (unlink(name) != 0)
			(void)rmdir(name);
	}
	(void)closedir(d);
	r = rmdir(h->folder);
	maker_free(h->m);
	free(h);
	return r;
}

/* Entries [from, to) of the maker behind those that are there. */
static inline void
write_entries(struct home *h, uint64_t from, uint64_t to)
{
	struct cseal_ledger *l = NULL;

	assert_int_equal(
	    cseal_ledger_open(&l, h->path,
		from == 0 ? CSEAL_LEDGER_CREATE : CSEAL_LEDGER_WRITE, &h->err),
	    CSEAL_OK);
	for (uint64_t i = from; i < to; i++)
		assert_int_equal(cseal_ledger_append(l, i, maker_bytes(h->m, i),
				     NULL, 0, &h->err),
		    CSEAL_OK);
	cseal_ledger_close(l);
}

/* A ledger of the first n entries of a maker (taken over). */
static inline void
write_ledger(struct home *h, struct maker *m, uint64_t n)
{
	char hex[2 * CSEAL_HASH_BYTES + 1];

	leave(h);
	if (h->m != m)
		maker_free(h->m);
	h->m = m;
	(void)unlink(h->path);
	write_entries(h, 0, n);
	cseal_hex(cseal_state_ledger_id(m->state), CSEAL_HASH_BYTES, hex);
	(void)snprintf(
	    h->memory, sizeof(h->memory), "%s/%s.memory", h->folder, hex);
	(void)snprintf(h->head, sizeof(h->head), "%s.head", h->memory);
}

static inline int
open_memory(struct home *h, bool look)
{
	struct cseal_memory_options o = { .state_dir = h->folder,
		.ledger = h->path,
		.look = look,
		.notice = hear,
		.ctx = h };

	leave(h);
	h->told = 0;
	h->said[0] = '\0';
	memset(&h->err, 0, sizeof(h->err));
	assert_int_equal(
	    cseal_ledger_open(&h->l, h->path, CSEAL_LEDGER_READ, &h->err),
	    CSEAL_OK);
	return cseal_memory_open(&h->memo, h->l, &o, &h->err);
}

/* Opens and resumes. */
static inline int
look(struct home *h)
{
	int r = open_memory(h, false);

	return r != CSEAL_OK
		   ? r
		   : cseal_memory_resume(h->memo, &h->r, h->l, NULL, &h->err);
}

/* The same, which must be well, and remembers. */
static inline void
look_well(struct home *h)
{
	int r = look(h);

	if (r != CSEAL_OK)
		fail_msg("%s: %s", h->err.where, h->err.what);
	assert_null(cseal_replay_ended(h->r));
	assert_int_equal(cseal_memory_save(h->memo, h->r), CSEAL_OK);
}

/* Opens and verifies. */
static inline void
verify(struct home *h)
{
	assert_int_equal(open_memory(h, false), CSEAL_OK);
	assert_int_equal(
	    cseal_memory_verify(h->memo, &h->r, h->l, NULL, &h->err), CSEAL_OK);
}

static inline const struct cseal_finding *
find(const struct home *h, const char *code)
{
	const struct cseal_finding *f;

	for (size_t i = 0; (f = cseal_replay_finding(h->r, i)) != NULL; i++) {
		if (strcmp(f->rule->code, code) == 0)
			return f;
	}
	return NULL;
}

/* A statement on the ledger's database, the triggers being off. */
static inline void
meddle_with(const struct home *h, const char *sql)
{
	sqlite3 *db = NULL;
	char *why = NULL;

	assert_int_equal(sqlite3_open(h->path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL),
	    SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s", why);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static inline struct cseal_buf
read_all(const char *path)
{
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	assert_int_equal(cseal_buf_read_file(&b, path, 1 << 24), CSEAL_OK);
	return b;
}

static inline void
write_all(const char *path, const void *p, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

static inline bool
exists(const char *path)
{
	return access(path, F_OK) == 0;
}

#endif
