/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking in a folder of files, or one file. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "counterseal/exchange.h"
#include "counterseal/text.h"

#include "desk.h"
#include "digest.h"
#include "exchange_file.h"
#include "exchange_folder.h"
#include "exchange_seen.h"
#include "hearing.h"
#include "intake.h"
#include "ledger_beside.h"
#include "outbox.h"

/* Sealed statements are taken in by their clocks, then by their leaves. */
struct sealed_item {
	struct cseal_buf bytes;
	uint64_t clock;
	uint8_t leaf[CSEAL_HASH_BYTES];
	char file[FOLDER_NAME_BYTES];
};

struct receiving {
	struct intake in;
	struct vec sealed; /* struct sealed_item */
	uint64_t behind;   /* first entries that are there and cannot follow */
	bool gap;
	struct cseal_error *err;
};

/* ---- items ---- */

static void
free_item(void *item)
{
	cseal_buf_free(&((struct sealed_item *)item)->bytes);
}

static int
by_clock(const void *a, const void *b)
{
	const struct sealed_item *x = *(const struct sealed_item *const *)a;
	const struct sealed_item *y = *(const struct sealed_item *const *)b;

	if (x->clock != y->clock)
		return x->clock < y->clock ? -1 : 1;
	return memcmp(x->leaf, y->leaf, sizeof(x->leaf));
}

/* Put aside until all files are read, so that their order is always one. */
static int
gather_sealed(struct receiving *v, struct cseal_slice entry, const char *file)
{
	struct sealed_item *item;
	struct cseal_statement st;
	struct cseal_entry e;
	int r;

	if (cseal_entry_parse(&e, entry) != CSEAL_OK ||
	    cseal_statement_parse(&st, e.statement, NULL) != CSEAL_OK)
		return intake_tell(&v->in, CSEAL_EXCHANGE_IGNORED, 0,
		    "what should be a sealed statement is none");
	item = vec_add(&v->sealed, sizeof(*item));
	if (item != NULL) {
		cseal_buf_init(&item->bytes, 0);
		item->clock = st.clock;
		(void)snprintf(item->file, sizeof(item->file), "%s", file);
	}
	cseal_statement_free(&st);
	if (item == NULL)
		return CSEAL_ERR_NOMEM;
	r = cseal_buf_add(&item->bytes, entry.data, entry.len);
	return r == CSEAL_OK
		   ? cseal_merkle_leaf(entry.data, entry.len, item->leaf)
		   : r;
}

static int
take_entries(struct receiving *v, const struct parcel_entries *e, bool *done)
{
	uint64_t after;
	int r = intake_entries(&v->in, e, &after, v->err);

	*done = after <= cseal_state_size(cseal_desk_state(v->in.d));
	if (r == CSEAL_OK && !*done && (!v->gap || e->first < v->behind)) {
		v->gap = true;
		v->behind = e->first;
	}
	return r;
}

/* Everything of one parcel; *done if it need not be read again. */
static int
take_parcel(
    struct receiving *v, const struct parcel *p, const char *file, bool *done)
{
	bool early;
	int r = CSEAL_OK;

	*done = true;
	if (p->has_entries)
		r = take_entries(v, &p->entries, done);
	if (r == CSEAL_OK && p->has_question)
		r = intake_question(&v->in, p->question, v->err);
	for (size_t i = 0; r == CSEAL_OK && i < p->n_refusals; i++)
		r = intake_refusal(&v->in, &p->refusals[i], v->err);
	for (size_t i = 0; r == CSEAL_OK && i < p->n_envelopes; i++) {
		r = intake_envelope(&v->in, &p->envelopes[i], &early, v->err);
		*done = *done && !early;
	}
	for (size_t i = 0; r == CSEAL_OK && i < p->n_sealed; i++)
		r = gather_sealed(v, p->sealed[i], file);
	if (r == CSEAL_OK && p->has_heard)
		r = intake_heard(&v->in, &p->heard, v->err);
	/* They are taken in at the end, and noted then. */
	if (p->has_sealed)
		*done = false;
	return r;
}

static bool
is_of(const struct cseal_desk *d, const struct parcel *p)
{
	return memcmp(p->ledger, cseal_state_ledger_id(cseal_desk_state(d)),
		   sizeof(p->ledger)) == 0;
}

/*
 * The sealed ones, in their order; then those that this desk took back when
 * it yielded to another history.
 */
static int
take_own(void *ctx, const char *name, struct cseal_slice value)
{
	struct receiving *v = ctx;

	(void)name;
	return gather_sealed(v, value, "");
}

static int
take_sealed(struct receiving *v)
{
	struct cseal_desk *d = v->in.d;
	const struct sealed_item *item;
	bool home;
	int r;

	r = hearing_end(d, &home, v->err);
	if (r == CSEAL_OK && home)
		r = intake_tell(&v->in, CSEAL_EXCHANGE_HOME, 0, NULL);
	if (r != CSEAL_OK || d->site.is != CSEAL_SITE_HOME)
		return r;
	r = ledger_beside_each(d->ledger, OUTBOX_SEALED, take_own, v, v->err);
	if (r == CSEAL_OK && v->sealed.n > 0)
		qsort(v->sealed.items, v->sealed.n, sizeof(*v->sealed.items),
		    by_clock);
	for (size_t i = 0;
	     r == CSEAL_OK && (item = vec_at(&v->sealed, i)) != NULL; i++) {
		v->in.file = item->file;
		r = intake_sealed(
		    &v->in, cseal_buf_slice(&item->bytes), v->err);
		if (r == CSEAL_OK && item->file[0] != '\0')
			r = seen_note(d, item->file, v->err);
	}
	return r;
}

static int
tell_gap(struct receiving *v)
{
	static const char remedy[] = "let another desk send once more";
	const uint64_t size = cseal_state_size(cseal_desk_state(v->in.d));
	char text[128];

	if (!v->gap || v->behind <= size)
		return CSEAL_OK;
	if (v->behind == size + 1)
		(void)snprintf(text, sizeof(text),
		    "entry %" PRIu64 " is not there: %s", size, remedy);
	else
		(void)snprintf(text, sizeof(text),
		    "entries %" PRIu64 " to %" PRIu64 " are not there: %s",
		    size, v->behind - 1, remedy);
	v->in.file = "";
	return intake_tell(&v->in, CSEAL_EXCHANGE_MISSING, size, text);
}

/* ---- a folder ---- */

static int
ignore(
    struct receiving *v, const struct folder_file *f, struct cseal_error *why)
{
	v->in.file = f->name;
	return intake_tell(&v->in, CSEAL_EXCHANGE_IGNORED, 0, why->what);
}

/*
 * A file with entries that do not stand must not keep the others from being
 * taken: anybody who writes into the folder could leave one there.
 */
static int
take_or_ignore(
    struct receiving *v, const struct folder_file *f, const struct parcel *p)
{
	bool done;
	int r;

	if (!is_of(v->in.d, p))
		return intake_tell(&v->in, CSEAL_EXCHANGE_IGNORED, 0,
		    "it is of another ledger");
	r = take_parcel(v, p, f->name, &done);
	if (r == CSEAL_ERR_REFUSED || r == CSEAL_ERR_SIGNATURE)
		return ignore(v, f, v->err);
	return r == CSEAL_OK && done ? seen_note(v->in.d, f->name, v->err) : r;
}

static int
take_file(struct receiving *v, const struct folder *folder,
    const struct folder_file *f)
{
	struct cseal_error why = { .code = CSEAL_OK };
	struct cseal_buf bytes;
	struct parcel p;
	int r;

	cseal_buf_init(&bytes, PARCEL_MAX);
	r = folder_read(folder, f, &bytes, &why);
	if (r == CSEAL_OK)
		r = parcel_parse(&p, cseal_buf_slice(&bytes), &why);
	if (r != CSEAL_OK) {
		r = r == CSEAL_ERR_NOMEM ? r : ignore(v, f, &why);
		goto out;
	}
	v->in.file = f->name;
	r = take_or_ignore(v, f, &p);
	parcel_free(&p);
out:
	cseal_buf_free(&bytes);
	return r;
}

/* Nothing that this desk could use: it is somebody else's to read. */
static bool
is_for_others(const struct cseal_desk *d, const struct folder_file *f)
{
	if (f->kind == FOLDER_SEALED)
		return d->site.is == CSEAL_SITE_REPLICA ||
		       d->site.is == CSEAL_SITE_COPY;
	return f->kind == FOLDER_REFUSED && d->site.is != CSEAL_SITE_REPLICA;
}

static int
take_unseen(
    struct receiving *v, const struct folder *folder, const struct seen *seen)
{
	const struct folder_file *f;
	struct cseal_error why;
	int r = CSEAL_OK;

	for (size_t i = 0;
	     r == CSEAL_OK && (f = folder_file(folder, i)) != NULL; i++) {
		if (is_for_others(v->in.d, f) || seen_has(seen, f->name))
			continue;
		if (folder_is_whole(folder, f)) {
			r = take_file(v, folder, f);
			continue;
		}
		(void)cseal_error_set(&why, CSEAL_ERR_CORRUPT, f->name,
		    "it is not here as a whole yet");
		r = ignore(v, f, &why);
	}
	return r;
}

static int
take_folder(struct receiving *v, const char *path)
{
	struct cseal_desk *d = v->in.d;
	struct folder folder;
	struct seen seen;
	int r;

	r = folder_open(
	    &folder, path, cseal_state_ledger_id(cseal_desk_state(d)), v->err);
	if (r != CSEAL_OK)
		return r;
	r = seen_load(&seen, d, v->err);
	if (r == CSEAL_OK) {
		r = take_unseen(v, &folder, &seen);
		seen_free(&seen);
	}
	folder_free(&folder);
	return r;
}

/* ---- one file ---- */

static int
take_one(struct receiving *v, const char *path)
{
	struct cseal_buf bytes;
	struct parcel p;
	bool done;
	int r;

	cseal_buf_init(&bytes, PARCEL_MAX);
	r = exchange_read(path, &bytes, &p, v->err);
	if (r == CSEAL_OK) {
		if (is_of(v->in.d, &p))
			r = take_parcel(v, &p, "", &done);
		else
			r = cseal_error_set(v->err, CSEAL_ERR_INPUT, "ledger",
			    "the file is of another ledger than the one that "
			    "is open here");
		parcel_free(&p);
	}
	cseal_buf_free(&bytes);
	return r;
}

int
cseal_exchange_receive(struct cseal_desk *d, const char *from,
    cseal_exchange_fn tell, void *ctx, struct cseal_error *err)
{
	struct cseal_error own = { .code = CSEAL_OK };
	struct receiving v = { .in = { d, tell, ctx, "" },
		.err = err != NULL ? err : &own };
	int r = exchange_is_folder(from) ? take_folder(&v, from)
					 : take_one(&v, from);

	if (r == CSEAL_OK)
		r = tell_gap(&v);
	if (r == CSEAL_OK)
		r = take_sealed(&v);
	vec_free(&v.sealed, free_item);
	return r;
}
