/* SPDX-License-Identifier: BSD-2-Clause */
/* The first look at a ledger that others have: which it is, and a replica. */

#include <string.h>

#include "counterseal/exchange.h"

#include "desk.h"
#include "exchange_file.h"
#include "exchange_folder.h"
#include "genesis.h"

#define LEDGERS_MAX 64

/* Ids that were told already. */
struct look {
	uint8_t ids[LEDGERS_MAX][CSEAL_HASH_BYTES];
	size_t n;
	int (*fn)(void *ctx, const uint8_t id[CSEAL_HASH_BYTES],
	    struct cseal_slice genesis);
	void *ctx;
};

/*
 * The genesis of a parcel: entry 0 of which the ledger's id is the hash.
 * Nobody can make another one for the same id.
 */
static bool
find_genesis(const struct parcel *p, struct cseal_slice *out)
{
	uint8_t id[CSEAL_HASH_BYTES];

	if (!p->has_entries || p->entries.first != 0 ||
	    genesis_id(p->entries.list[0], id) != CSEAL_OK ||
	    memcmp(id, p->ledger, sizeof(id)) != 0)
		return false;
	*out = p->entries.list[0];
	return true;
}

static int
look_at(struct look *l, const struct parcel *p)
{
	struct cseal_slice genesis;

	if (!find_genesis(p, &genesis))
		return CSEAL_OK;
	for (size_t i = 0; i < l->n; i++) {
		if (memcmp(l->ids[i], p->ledger, CSEAL_HASH_BYTES) == 0)
			return CSEAL_OK;
	}
	if (l->n == LEDGERS_MAX)
		return CSEAL_OK;
	memcpy(l->ids[l->n++], p->ledger, CSEAL_HASH_BYTES);
	return l->fn(l->ctx, p->ledger, genesis);
}

static int
look_at_file(
    struct look *l, const struct folder *folder, const struct folder_file *f)
{
	struct cseal_buf bytes;
	struct parcel p;
	int r = CSEAL_OK;

	cseal_buf_init(&bytes, PARCEL_MAX);
	if (folder_read(folder, f, &bytes, NULL) == CSEAL_OK &&
	    parcel_parse(&p, cseal_buf_slice(&bytes), NULL) == CSEAL_OK) {
		r = look_at(l, &p);
		parcel_free(&p);
	}
	cseal_buf_free(&bytes);
	return r;
}

static int
look_everywhere(struct look *l, const char *from, struct cseal_error *err)
{
	const struct folder_file *f;
	struct folder folder;
	struct cseal_buf bytes;
	struct parcel p;
	int r;

	if (!exchange_is_folder(from)) {
		cseal_buf_init(&bytes, PARCEL_MAX);
		r = exchange_read(from, &bytes, &p, err);
		if (r == CSEAL_OK) {
			r = look_at(l, &p);
			parcel_free(&p);
		}
		cseal_buf_free(&bytes);
		return r;
	}
	if ((r = folder_open(&folder, from, NULL, err)) != CSEAL_OK)
		return r;
	for (size_t i = 0;
	     r == CSEAL_OK && (f = folder_file(&folder, i)) != NULL; i++) {
		if (f->kind == FOLDER_ENTRIES && f->a == 0)
			r = look_at_file(l, &folder, f);
	}
	folder_free(&folder);
	return r;
}

/* ---- telling ---- */

struct telling {
	int (*fn)(void *ctx, const uint8_t id[CSEAL_HASH_BYTES],
	    struct cseal_slice org);
	void *ctx;
};

static int
tell(void *ctx, const uint8_t id[CSEAL_HASH_BYTES], struct cseal_slice genesis)
{
	const struct telling *t = ctx;
	struct cseal_statement st;
	struct cseal_entry e;
	int r;

	if (cseal_entry_parse(&e, genesis) != CSEAL_OK ||
	    cseal_statement_parse(&st, e.statement, NULL) != CSEAL_OK)
		return CSEAL_OK;
	r = st.kind == CSEAL_GENESIS ? t->fn(t->ctx, id, st.u.genesis.org)
				     : CSEAL_OK;
	cseal_statement_free(&st);
	return r;
}

int
cseal_exchange_look(const char *from,
    int (*fn)(
	void *ctx, const uint8_t id[CSEAL_HASH_BYTES], struct cseal_slice org),
    void *ctx, struct cseal_error *err)
{
	struct telling t = { fn, ctx };
	struct look l = { .fn = tell, .ctx = &t };

	return look_everywhere(&l, from, err);
}

/* ---- joining ---- */

struct joining {
	const char *where;
	const char *machine;
	const uint8_t *id;
	bool found;
	struct cseal_error *err;
};

static int
make(void *ctx, const uint8_t id[CSEAL_HASH_BYTES], struct cseal_slice genesis)
{
	struct joining *j = ctx;

	if (memcmp(id, j->id, CSEAL_HASH_BYTES) != 0)
		return CSEAL_OK;
	j->found = true;
	return desk_make(
	    j->where, genesis, j->machine, CSEAL_SITE_REPLICA, j->err);
}

int
cseal_exchange_join(const char *where, const char *from,
    const uint8_t id[CSEAL_HASH_BYTES], const char *machine,
    struct cseal_error *err)
{
	struct joining j = { where, machine, id, false, err };
	struct look l = { .fn = make, .ctx = &j };
	int r = look_everywhere(&l, from, err);

	if (r == CSEAL_OK && !j.found)
		return cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "ledger",
		    "the beginning of this ledger is not there: let its home "
		    "send once more");
	return r;
}
