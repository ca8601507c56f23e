/* SPDX-License-Identifier: BSD-2-Clause */
/* One file instead of a folder: what goes by mail. */

#include "exchange_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "counterseal/exchange.h"
#include "counterseal/text.h"

#include "desk.h"
#include "hearing.h"
#include "outbox.h"
#include "post.h"

bool
exchange_is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int
exchange_read(const char *path, struct cseal_buf *bytes, struct parcel *p,
    struct cseal_error *err)
{
	int r = cseal_buf_read_file(bytes, path, PARCEL_MAX);

	if (r == CSEAL_ERR_IO)
		return cseal_error_set(err,
		    errno == ENOENT ? CSEAL_ERR_NOT_FOUND : CSEAL_ERR_IO,
		    "file", "reading it: %m");
	if (r == CSEAL_ERR_TOO_LARGE)
		return cseal_error_set(err, r, "file",
		    "it has more than 8 MiB: no parcel of Counterseal");
	return r == CSEAL_OK ? parcel_parse(p, cseal_buf_slice(bytes), err) : r;
}

/* ---- sending ---- */

/* A parcel that grows; what it points to is kept in `bytes`, piece by piece. */
struct making {
	struct cseal_desk *d;
	struct parcel p;
	struct vec pieces; /* struct cseal_buf */
	size_t bytes;
	struct cseal_error *err;
};

static void
free_piece(void *piece)
{
	cseal_buf_free(piece);
}

/* A copy that stays until the parcel is written. */
static int
keep(struct making *m, struct cseal_slice in, struct cseal_slice *out)
{
	struct cseal_buf *b;
	int r;

	m->bytes += in.len + 128;
	if (m->bytes > PARCEL_MAX)
		return cseal_error_set(m->err, CSEAL_ERR_TOO_LARGE, "file",
		    "it would have more than 8 MiB: exchange through a "
		    "folder, or give --from a later entry (%" PRIu64
		    " entries fit)",
		    (uint64_t)m->p.entries.n);
	if ((b = vec_add(&m->pieces, sizeof(*b))) == NULL)
		return CSEAL_ERR_NOMEM;
	cseal_buf_init(b, 0);
	r = cseal_buf_add(b, in.data, in.len);
	*out = cseal_buf_slice(b);
	return r;
}

static int
add_entry(void *ctx, uint64_t index, struct cseal_slice entry)
{
	struct making *m = ctx;

	(void)index;
	if (m->p.entries.n == PARCEL_ENTRIES_MAX)
		return cseal_error_set(m->err, CSEAL_ERR_TOO_LARGE, "file",
		    "one file takes %d entries: exchange through a folder, "
		    "or give --from a later entry",
		    PARCEL_ENTRIES_MAX);
	return keep(m, entry, &m->p.entries.list[m->p.entries.n++]);
}

static int
add_refusal(void *ctx, const char *name, struct cseal_slice value)
{
	struct making *m = ctx;
	struct parcel_refusal *to = &m->p.refusals[m->p.n_refusals];
	struct cseal_slice kept;
	int r;

	if (m->p.n_refusals == PARCEL_ITEMS_MAX)
		return CSEAL_OK;
	r = keep(m, value, &kept);
	if (r == CSEAL_OK)
		r = outbox_refusal_read(to, name, kept, m->err);
	if (r != CSEAL_OK)
		return r;
	m->p.has_refusals = true;
	m->p.n_refusals++;
	return CSEAL_OK;
}

/* What is kept for a leaf, if anything is. */
static int
add_envelope(struct making *m, const uint8_t leaf[CSEAL_HASH_BYTES])
{
	struct parcel_envelope *to = &m->p.envelopes[m->p.n_envelopes];
	struct cseal_buf bytes;
	struct post post;
	int r;

	if (m->p.n_envelopes == PARCEL_ITEMS_MAX)
		return CSEAL_OK;
	cseal_buf_init(&bytes, 0);
	r = post_find(m->d, leaf, &post, &bytes, m->err);
	if (r == CSEAL_OK) {
		memcpy(to->leaf, leaf, sizeof(to->leaf));
		r = keep(m, post.der, &to->der);
	}
	if (r == CSEAL_OK) {
		m->p.has_envelopes = true;
		m->p.n_envelopes++;
	}
	cseal_buf_free(&bytes);
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

/* Of what is sealed here and on its way: the values with the statement. */
static int
add_sealed(void *ctx, const char *name, struct cseal_slice value)
{
	struct making *m = ctx;
	uint8_t leaf[CSEAL_HASH_BYTES];
	int r;

	(void)name;
	if (m->p.n_sealed == PARCEL_ITEMS_MAX)
		return CSEAL_OK; /* the others with the next file */
	m->p.has_sealed = true;
	r = keep(m, value, &m->p.sealed[m->p.n_sealed++]);
	if (r == CSEAL_OK)
		r = cseal_merkle_leaf(value.data, value.len, leaf);
	return r == CSEAL_OK ? add_envelope(m, leaf) : r;
}

/* Of what is open or in force, the newest first, whoever sealed it. */
static int
add_envelopes(struct making *m)
{
	const struct cseal_state *s = cseal_desk_state(m->d);
	const struct cseal_state_change *c;
	size_t n = 0;
	int r = CSEAL_OK;

	while (cseal_state_change(s, n) != NULL)
		n++;
	while (r == CSEAL_OK && n-- > 0) {
		c = cseal_state_change(s, n);
		if (!c->kind->authority && !c->erased &&
		    c->status <= CSEAL_CHANGE_IN_FORCE)
			r = add_envelope(m, c->leaf);
	}
	return r;
}

static int
fill(struct making *m, uint64_t from)
{
	struct cseal_ledger *l = m->d->ledger;
	const uint64_t size = cseal_state_size(cseal_desk_state(m->d));
	const bool replica = m->d->site.is == CSEAL_SITE_REPLICA;
	int r = CSEAL_OK;

	m->p.version = 1;
	memcpy(m->p.ledger, cseal_state_ledger_id(cseal_desk_state(m->d)),
	    sizeof(m->p.ledger));
	m->p.entries.first = from;
	if (from < size)
		r = cseal_ledger_read(
		    l, from, size - from, add_entry, m, m->err);
	m->p.has_entries = m->p.entries.n > 0;
	if (r == CSEAL_OK)
		r = post_refresh_all(m->d, m->err);
	if (r == CSEAL_OK)
		r = add_envelopes(m);
	if (r == CSEAL_OK)
		r = ledger_beside_each(l,
		    replica ? OUTBOX_SEALED : OUTBOX_REFUSED,
		    replica ? add_sealed : add_refusal, m, m->err);
	if (r != CSEAL_OK)
		return r;
	r = hearing_say(m->d, &m->p.heard, m->err);
	m->p.has_heard = r == CSEAL_OK;
	m->p.has_question = m->d->site.is == CSEAL_SITE_RESTORED;
	memcpy(m->p.question, m->d->site.question, sizeof(m->p.question));
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

static int
write_one(const struct making *m, const char *path, struct cseal_error *err)
{
	struct cseal_buf bytes;
	int r;

	cseal_buf_init(&bytes, PARCEL_MAX);
	r = parcel_encode(&bytes, &m->p);
	if (r == CSEAL_OK)
		r = cseal_buf_write_file(&bytes, path);
	if (r == CSEAL_ERR_IO)
		r = cseal_error_set(err, r, "file", "writing it: %m");
	cseal_buf_free(&bytes);
	return r;
}

int
cseal_exchange_send_file(struct cseal_desk *d, const char *path, uint64_t from,
    cseal_exchange_fn tell, void *ctx, struct cseal_error *err)
{
	const struct cseal_exchange_event wrote = { CSEAL_EXCHANGE_WROTE, from,
		path, "" };
	struct making m = { .d = d, .err = err };
	int r = CSEAL_ERR_NOMEM;

	m.p.entries.list =
	    calloc(PARCEL_ENTRIES_MAX, sizeof(*m.p.entries.list));
	m.p.sealed = calloc(PARCEL_ITEMS_MAX, sizeof(*m.p.sealed));
	m.p.envelopes = calloc(PARCEL_ITEMS_MAX, sizeof(*m.p.envelopes));
	m.p.refusals = calloc(PARCEL_ITEMS_MAX, sizeof(*m.p.refusals));
	if (m.p.entries.list != NULL && m.p.sealed != NULL &&
	    m.p.envelopes != NULL && m.p.refusals != NULL)
		r = fill(&m, from);
	if (r == CSEAL_OK)
		r = write_one(&m, path, err);
	if (r == CSEAL_OK)
		r = tell(ctx, &wrote);
	vec_free(&m.pieces, free_piece);
	parcel_free(&m.p);
	return r;
}
