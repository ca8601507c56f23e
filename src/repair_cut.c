/* SPDX-License-Identifier: BSD-2-Clause */
/* The cut: first kept, then gone. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "counterseal/text.h"

#include "repair.h"
#include "tree_check.h"

#define STAMP_BYTES 20

/* "ledger.db.cut-733-20261123T141000Z" */
static int
name_file(struct cseal_repair *r, uint64_t now, struct cseal_error *err)
{
	char utc[CSEAL_TIME_BYTES], stamp[STAMP_BYTES];
	char *name = NULL;
	size_t n = 0;
	int code = CSEAL_OK;

	cseal_time_utc(now, utc);
	for (size_t i = 0; utc[i] != '\0' && n + 1 < sizeof(stamp); i++) {
		if (utc[i] != '-' && utc[i] != ':')
			stamp[n++] = utc[i];
	}
	stamp[n] = '\0';
	if (asprintf(&name, "%s.cut-%" PRIu64 "-%s", r->where, r->keep, stamp) <
	    0)
		return CSEAL_ERR_NOMEM;
	if (access(name, F_OK) == 0 || errno != ENOENT)
		code = cseal_error_set(err, CSEAL_ERR_EXISTS, "repair",
		    "a file of an earlier cut is there already, or its folder "
		    "cannot be read: try again in a second");
	if (code == CSEAL_OK)
		r->file = name; /* transferred */
	else
		free(name);
	return code;
}

/* Before anything is gone, and under the lock: still the same, and kept. */
static int
keep_rows(void *ctx)
{
	struct cseal_repair *r = ctx;
	uint8_t digest[CSEAL_HASH_BYTES];
	int code = repair_rows_digest(r->rows, digest);

	if (code != CSEAL_OK)
		return code;
	if (memcmp(digest, r->digest, sizeof(digest)) != 0)
		return cseal_error_set(r->err, CSEAL_ERR_AGAIN, "ledger",
		    "its end is not what it was: nothing was cut; look again");
	code = cseal_buf_write_file(&r->rows->bytes, r->file);
	if (code == CSEAL_ERR_IO)
		code = cseal_error_set(r->err, code, "repair",
		    "keeping what is to be cut beside the ledger: %m; nothing "
		    "was cut");
	return code;
}

static int
run_cut(struct cseal_repair *r, uint64_t now, struct cseal_error *err)
{
	struct repair_rows rows;
	struct store_sink sink;
	int code;

	repair_rows_init(&rows);
	repair_rows_head(&rows, cseal_repair_state(r), now, r->reason);
	rows.done = keep_rows;
	rows.ctx = r;
	r->rows = &rows;
	r->err = err;
	sink = repair_rows_sink(&rows);
	code = ledger_cut(r->ledger, r->keep, &sink, err);
	r->rows = NULL;
	r->err = NULL;
	repair_rows_free(&rows);
	return code;
}

/* A failed cut leaves no file, unless it came through all the same. */
static void
drop_file(struct cseal_repair *r)
{
	uint64_t size;

	if (cseal_ledger_size(r->ledger, &size, NULL) == CSEAL_OK &&
	    size != r->keep)
		(void)unlink(r->file);
	free(r->file);
	r->file = NULL;
}

static int
check_rest(const struct cseal_repair *r, struct cseal_error *err)
{
	const struct cseal_head head = cseal_state_head(cseal_repair_state(r));
	struct tree_check c;
	uint64_t size;
	int code;

	if ((code = cseal_ledger_size(r->ledger, &size, err)) != CSEAL_OK ||
	    (code = tree_check(r->ledger, &head, &c, err)) != CSEAL_OK)
		return code;
	if (size == head.size && c.fits)
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_INTERNAL, "ledger",
	    "after the cut it is not what it should be: verify it");
}

int
cseal_repair_cut(struct cseal_repair *r, uint64_t now, struct cseal_error *err)
{
	int code;

	if (!cseal_repair_needed(r) || r->file != NULL)
		return cseal_error_set(
		    err, CSEAL_ERR_USAGE, "repair", "there is nothing to cut");
	cseal_ledger_close(r->ledger);
	r->ledger = NULL;
	code = cseal_ledger_open(&r->ledger, r->where, CSEAL_LEDGER_WRITE, err);
	if (code == CSEAL_OK)
		code = name_file(r, now, err);
	if (code != CSEAL_OK)
		return code;
	if ((code = run_cut(r, now, err)) != CSEAL_OK) {
		drop_file(r);
		return code;
	}
	return check_rest(r, err);
}
