/* SPDX-License-Identifier: BSD-2-Clause */
/* What a desk has to say to the others, as files of a folder or as one. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterseal/exchange.h"
#include "counterseal/text.h"

#include "desk.h"
#include "exchange_folder.h"
#include "exchange_seen.h"
#include "hearing.h"
#include "outbox.h"
#include "post.h"

#define FILE_ENTRIES 256
#define FILE_BYTES   ((size_t)1 << 20)

struct sending {
	struct cseal_desk *d;
	struct folder *folder;
	cseal_exchange_fn tell;
	void *ctx;
	struct cseal_error *err;
};

static void
address(const struct cseal_desk *d, struct parcel *p)
{
	memset(p, 0, sizeof(*p));
	p->version = 1;
	memcpy(p->ledger, cseal_state_ledger_id(cseal_desk_state(d)),
	    sizeof(p->ledger));
}

/* One file of the folder; what this desk wrote it need not read again. */
static int
post_file(struct sending *s, enum folder_kind kind, uint64_t a, uint64_t b,
    const struct parcel *p)
{
	struct cseal_exchange_event e = { .what = CSEAL_EXCHANGE_WROTE,
		.text = "" };
	char name[FOLDER_NAME_BYTES];
	bool wrote;
	int r;

	r = folder_write(s->folder, kind, a, b, p, name, &wrote, s->err);
	if (r != CSEAL_OK || !wrote)
		return r;
	if ((r = seen_note(s->d, name, s->err)) != CSEAL_OK)
		return r;
	e.file = name;
	return s->tell(s->ctx, &e);
}

/* ---- entries ---- */

/* Entries in the making of a parcel, with their bytes. */
struct stack {
	struct cseal_buf bytes;
	size_t offsets[FILE_ENTRIES + 1];
	struct cseal_slice list[FILE_ENTRIES];
	size_t n;
};

static int
stack_add(void *ctx, uint64_t index, struct cseal_slice entry)
{
	struct stack *k = ctx;
	int r;

	(void)index;
	if (k->n > 0 && k->bytes.len + entry.len > FILE_BYTES)
		return CSEAL_ERR_TOO_LARGE; /* the stack is full */
	r = cseal_buf_add(&k->bytes, entry.data, entry.len);
	if (r == CSEAL_OK)
		k->offsets[++k->n] = k->bytes.len;
	return r;
}

/* As many of [first, end) as one file takes. */
static int
stack_fill(struct stack *k, struct cseal_desk *d, uint64_t first, uint64_t end,
    struct cseal_error *err)
{
	uint64_t n = end - first;
	int r;

	cseal_buf_reset(&k->bytes);
	k->n = 0;
	k->offsets[0] = 0;
	if (n > FILE_ENTRIES)
		n = FILE_ENTRIES;
	r = cseal_ledger_read(d->ledger, first, n, stack_add, k, err);
	for (size_t i = 0; i < k->n; i++) {
		k->list[i].data = k->bytes.data + k->offsets[i];
		k->list[i].len = k->offsets[i + 1] - k->offsets[i];
	}
	return r == CSEAL_ERR_TOO_LARGE && k->n > 0 ? CSEAL_OK : r;
}

static int
send_range(struct sending *s, uint64_t first, uint64_t end)
{
	struct stack *k = calloc(1, sizeof(*k));
	struct parcel p;
	int r = CSEAL_OK;

	if (k == NULL)
		return CSEAL_ERR_NOMEM;
	cseal_buf_init(&k->bytes, 0);
	while (r == CSEAL_OK && first < end) {
		if ((r = stack_fill(k, s->d, first, end, s->err)) != CSEAL_OK)
			break;
		address(s->d, &p);
		p.has_entries = true;
		p.entries.first = first;
		p.entries.list = k->list;
		p.entries.n = k->n;
		r = post_file(s, FOLDER_ENTRIES, first, first + k->n, &p);
		first += k->n;
	}
	cseal_buf_free(&k->bytes);
	free(k);
	return r;
}

/* What no whole file of the folder covers. */
static int
send_entries(struct sending *s)
{
	const uint64_t size = cseal_state_size(cseal_desk_state(s->d));
	const struct folder_file *f;
	uint64_t next = 0;
	int r = CSEAL_OK;

	for (size_t i = 0; r == CSEAL_OK && next < size &&
			   (f = folder_file(s->folder, i)) != NULL;
	     i++) {
		if (f->kind != FOLDER_ENTRIES || f->b <= next ||
		    !folder_is_whole(s->folder, f))
			continue;
		if (f->a > next)
			r = send_range(s, next, f->a < size ? f->a : size);
		next = f->b;
	}
	return r == CSEAL_OK && next < size ? send_range(s, next, size) : r;
}

/* ---- what stands beside the ledger ---- */

static int
send_sealed(void *ctx, const char *name, struct cseal_slice value)
{
	struct sending *s = ctx;
	struct parcel p;

	(void)name;
	address(s->d, &p);
	p.has_sealed = true;
	p.sealed = &value;
	p.n_sealed = 1;
	return post_file(s, FOLDER_SEALED, 0, 0, &p);
}

static int
send_refused(void *ctx, const char *name, struct cseal_slice value)
{
	struct sending *s = ctx;
	struct parcel_refusal refusal;
	struct parcel p;
	int r = outbox_refusal_read(&refusal, name, value, s->err);

	if (r != CSEAL_OK)
		return r;
	address(s->d, &p);
	p.has_refusals = true;
	p.refusals = &refusal;
	p.n_refusals = 1;
	return post_file(s, FOLDER_REFUSED, 0, 0, &p);
}

static int
send_envelope(void *ctx, const char *name, struct cseal_slice value)
{
	struct sending *s = ctx;
	struct parcel_envelope envelope;
	struct parcel p;

	if (!post_read(&envelope, name, value))
		return CSEAL_OK;
	address(s->d, &p);
	p.has_envelopes = true;
	p.envelopes = &envelope;
	p.n_envelopes = 1;
	return post_file(s, FOLDER_OPENINGS, 0, 0, &p);
}

static int
send_heard(struct sending *s)
{
	struct parcel p;
	int r;

	address(s->d, &p);
	r = hearing_say(s->d, &p.heard, s->err);
	if (r == CSEAL_ERR_NOT_FOUND)
		return CSEAL_OK;
	p.has_heard = true;
	return r != CSEAL_OK ? r
			     : post_file(s, FOLDER_HEARD, p.heard.key,
				   p.heard.head.size, &p);
}

static int
send_question(struct sending *s)
{
	struct parcel p;

	if (s->d->site.is != CSEAL_SITE_RESTORED)
		return CSEAL_OK;
	address(s->d, &p);
	p.has_question = true;
	memcpy(p.question, s->d->site.question, sizeof(p.question));
	return post_file(s, FOLDER_QUESTION, 0, 0, &p);
}

static int
send_all(struct sending *s)
{
	struct cseal_ledger *l = s->d->ledger;
	const bool replica = s->d->site.is == CSEAL_SITE_REPLICA;
	int r;

	if ((r = send_entries(s)) != CSEAL_OK ||
	    (r = send_question(s)) != CSEAL_OK ||
	    (r = post_refresh_all(s->d, s->err)) != CSEAL_OK ||
	    (r = ledger_beside_each(l, POST_KIND, send_envelope, s, s->err)) !=
		CSEAL_OK)
		return r;
	r = ledger_beside_each(l, replica ? OUTBOX_SEALED : OUTBOX_REFUSED,
	    replica ? send_sealed : send_refused, s, s->err);
	return r == CSEAL_OK ? send_heard(s) : r;
}

int
cseal_exchange_send(struct cseal_desk *d, const char *path,
    cseal_exchange_fn tell, void *ctx, struct cseal_error *err)
{
	struct folder folder;
	struct sending s = { d, &folder, tell, ctx, err };
	int r;

	r = folder_open(
	    &folder, path, cseal_state_ledger_id(cseal_desk_state(d)), err);
	if (r != CSEAL_OK)
		return r;
	r = send_all(&s);
	folder_free(&folder);
	return r;
}
