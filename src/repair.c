/* SPDX-License-Identifier: BSD-2-Clause */

#include "repair.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterseal/text.h"

#include "rules.h"
#include "tree_check.h"

static const char backup[] = "restore the ledger from a backup";

static int
refuse(const struct cseal_repair *r, struct cseal_error *err, const char *why,
    const char *what_to_do)
{
	char where[32];

	(void)snprintf(where, sizeof(where), "entry %" PRIu64, r->keep);
	return cseal_error_set(
	    err, CSEAL_ERR_REFUSED, where, "%s: %s", why, what_to_do);
}

/* ---- what is wrong ---- */

static int
count_entry(void *ctx, uint64_t index, struct cseal_slice entry)
{
	(void)entry;
	*(uint64_t *)ctx = index + 1;
	return CSEAL_OK;
}

/* How many entries, from the first on, can be read at all. */
static int
find_readable(struct cseal_repair *r, struct cseal_error *err)
{
	uint64_t n = 0;
	int code;

	code =
	    cseal_ledger_read(r->ledger, 0, UINT64_MAX, count_entry, &n, err);
	if (code != CSEAL_ERR_CORRUPT)
		return code;
	r->unreadable = true;
	if (n == 0)
		return refuse(r, err, "the first entry cannot be read", backup);
	r->options.replay.limit = n;
	return CSEAL_OK;
}

static void
find_reason(struct cseal_repair *r)
{
	const struct cseal_finding *f = cseal_replay_ended(r->replay);
	struct cseal_buf text;

	cseal_buf_init(&text, REPAIR_REASON_BYTES - 1);
	if (f != NULL)
		(void)cseal_finding_text(f, &text);
	else if (r->unreadable)
		(void)cseal_buf_printf(&text,
		    "entry %" PRIu64 ": it is missing, or not of a size that "
		    "an entry has",
		    r->keep);
	else
		(void)cseal_buf_add_str(&text,
		    "ledger: openings or hashes are stored that belong to no "
		    "entry");
	(void)snprintf(
	    r->reason, sizeof(r->reason), "%s", cseal_buf_str(&text));
	cseal_buf_free(&text);
}

static int
find_tail(struct cseal_repair *r, struct cseal_error *err)
{
	struct repair_rows rows;
	struct store_sink sink;
	int code;

	repair_rows_init(&rows);
	rows.look = repair_look;
	rows.ctx = r;
	sink = repair_rows_sink(&rows);
	code = ledger_tail(r->ledger, r->keep, &sink, err);
	if (code == CSEAL_OK)
		code = repair_rows_digest(&rows, r->digest);
	r->entries = rows.entries;
	r->others = rows.others;
	if (code == CSEAL_ERR_TOO_LARGE)
		code = refuse(r, err,
		    "more stands behind it than can be kept as evidence",
		    backup);
	repair_rows_free(&rows);
	return code;
}

/* The tree of what stays: replay looks at it only if nothing ended it. */
static int
check_tree(const struct cseal_repair *r, struct cseal_error *err)
{
	const struct cseal_finding *f = cseal_replay_ended(r->replay);
	const struct cseal_head head = cseal_state_head(cseal_repair_state(r));
	struct tree_check c = { .fits = true };
	int code = CSEAL_OK;

	if (f != NULL && f->rule == rule_row(RULE_STORE_DAMAGED))
		c.fits = false;
	else if (f != NULL)
		code = tree_check(r->ledger, &head, &c, err);
	if (code != CSEAL_OK || c.fits)
		return code;
	return cseal_error_set(err, CSEAL_ERR_REFUSED, "ledger",
	    "the tree stored beside the entries does not fit them, and no cut "
	    "would mend it: %s",
	    backup);
}

static int
judge_tail(const struct cseal_repair *r, int code, struct cseal_error *err)
{
	char why[128];

	if (code == CSEAL_ERR_NEWER)
		return refuse(r, err,
		    "a newer counterseal made it, and a key of this ledger "
		    "sealed it",
		    "update this program");
	if (code != CSEAL_OK || !r->witness.found)
		return code;
	(void)snprintf(why, sizeof(why),
	    "%s sealed entry %" PRIu64 " after having seen another one here, "
	    "so it was altered, not appended",
	    r->witness.handle, r->witness.entry);
	return refuse(r, err, why, backup);
}

static int
find_out(struct cseal_repair *r, struct cseal_error *err)
{
	const struct cseal_finding *f;
	int code;

	if ((code = find_readable(r, err)) != CSEAL_OK ||
	    (code = cseal_replay_new(
		 &r->replay, r->ledger, &r->options.replay, err)) != CSEAL_OK)
		return code;
	f = cseal_replay_ended(r->replay);
	r->keep = cseal_state_size(cseal_repair_state(r));
	if (r->keep == 0)
		return refuse(r, err,
		    "the first entry does not stand, and nothing would be left",
		    backup);
	if ((code = check_tree(r, err)) != CSEAL_OK)
		return code;
	code = judge_tail(r, find_tail(r, err), err);
	if (code != CSEAL_OK)
		return code;
	if (f == NULL && !r->unreadable && r->entries > 0)
		return cseal_error_set(err, CSEAL_ERR_AGAIN, "ledger",
		    "it moved on meanwhile: try again");
	if (cseal_repair_needed(r))
		find_reason(r);
	return CSEAL_OK;
}

int
cseal_repair_new(struct cseal_repair **out,
    const struct cseal_repair_options *o, struct cseal_error *err)
{
	struct cseal_repair *r = calloc(1, sizeof(*r));
	int code = CSEAL_ERR_NOMEM;

	*out = NULL;
	if (r == NULL)
		return code;
	r->options = *o;
	if (o->ledger != NULL && (r->where = strdup(o->ledger)) == NULL)
		goto out;
	code = cseal_ledger_open(&r->ledger, r->where, CSEAL_LEDGER_READ, err);
	if (code == CSEAL_OK)
		code = find_out(r, err);
	if (code == CSEAL_OK) {
		*out = r; /* transferred */
		r = NULL;
	}
out:
	cseal_repair_free(r);
	return code;
}

void
cseal_repair_free(struct cseal_repair *r)
{
	if (r == NULL)
		return;
	cseal_replay_free(r->replay);
	cseal_ledger_close(r->ledger);
	free(r->where);
	free(r->file);
	free(r);
}

bool
cseal_repair_needed(const struct cseal_repair *r)
{
	return r->entries > 0 || r->others > 0;
}

const struct cseal_state *
cseal_repair_state(const struct cseal_repair *r)
{
	return cseal_replay_state(r->replay);
}

uint64_t
cseal_repair_entries(const struct cseal_repair *r)
{
	return r->entries;
}

const char *
cseal_repair_reason(const struct cseal_repair *r)
{
	return r->reason;
}

const struct cseal_finding *
cseal_repair_finding(const struct cseal_repair *r)
{
	return cseal_replay_ended(r->replay);
}

bool
cseal_repair_altered(const struct cseal_repair *r)
{
	return r->altered;
}

const char *
cseal_repair_file(const struct cseal_repair *r)
{
	return r->file != NULL ? r->file : "";
}

int
cseal_repair_check(const struct cseal_repair *r,
    const struct cseal_head *remembered, struct cseal_error *err)
{
	const struct cseal_hash_source s = cseal_ledger_hashes(r->ledger);
	uint8_t root[CSEAL_HASH_BYTES];
	char why[128];
	int code;

	if (remembered->size == 0)
		return CSEAL_OK;
	if (remembered->size > r->keep) {
		(void)snprintf(why, sizeof(why),
		    "this desk has verified %" PRIu64 " entries, and this one "
		    "among them, so it was altered, not appended",
		    remembered->size);
		return refuse(r, err, why, backup);
	}
	code = cseal_merkle_root(&s, remembered->size, root);
	if (code != CSEAL_OK)
		return code;
	if (memcmp(root, remembered->root, sizeof(root)) == 0)
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_REFUSED, "ledger",
	    "its first %" PRIu64 " entries are not those that this desk has "
	    "verified, and no cut would mend that: %s",
	    remembered->size, backup);
}
