/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/openings.h"

#include <string.h>

#include "aead.h"
#include "openings_lock.h"
#include "slice.h"

#define WHERE "openings"

static int
plainly(int r, struct cseal_error *err)
{
	if (r == CSEAL_OK)
		return r;
	return cseal_error_set(err, r, WHERE, "%s", cseal_strerror(r));
}

/* ---- encoding ---- */

/* What is being encoded. Everything points into the caller's openings. */
struct making {
	struct openings_form form;
	struct openings_item items[CSEAL_OPENINGS_MAX];
	struct cseal_slice values[CSEAL_OPENINGS_MAX];
	/* Names and values of what is to be re-entered. */
	struct cseal_slice asked[CSEAL_KIND_FIELDS_MAX];
	struct cseal_slice asked_values[CSEAL_KIND_FIELDS_MAX];
};

static int
take_openings(struct making *m, const struct cseal_opening *openings, size_t n,
    struct cseal_error *err)
{
	if (n == 0 || n > CSEAL_OPENINGS_MAX)
		return cseal_error_set(err, CSEAL_ERR_USAGE, WHERE,
		    "1 to %d of an entry", CSEAL_OPENINGS_MAX);
	for (size_t i = 0; i < n; i++) {
		m->items[i].name = slice_of(openings[i].name);
		memcpy(m->items[i].salt, openings[i].salt, CSEAL_SALT_BYTES);
		m->values[i] = cseal_buf_slice(&openings[i].value);
		for (size_t k = 0; k < i; k++) {
			if (slice_same(m->items[k].name, m->items[i].name))
				return cseal_error_set(err, CSEAL_ERR_USAGE,
				    WHERE, "a name stands twice");
		}
	}
	m->form.list = m->items;
	m->form.n = n;
	return CSEAL_OK;
}

/* In the order of the openings, whatever that of `blind` is. */
static int
take_asked(struct making *m, const char *const *blind, size_t n_blind,
    struct cseal_error *err)
{
	size_t n = 0;

	for (size_t i = 0; i < m->form.n; i++) {
		for (size_t k = 0; k < n_blind; k++) {
			if (!slice_is(m->items[i].name, blind[k]))
				continue;
			if (n == CSEAL_KIND_FIELDS_MAX)
				return cseal_error_set(err, CSEAL_ERR_USAGE,
				    WHERE, "too many fields to re-enter");
			m->asked[n] = m->items[i].name;
			m->asked_values[n++] = m->values[i];
			break;
		}
	}
	if (n != n_blind)
		return cseal_error_set(err, CSEAL_ERR_INPUT, WHERE,
		    "a field to re-enter is not among them, or named twice");
	m->form.asked = m->asked;
	m->form.n_asked = n;
	m->form.has_asked = n > 0;
	return CSEAL_OK;
}

static int
encode(struct making *m, struct cseal_buf *out, struct cseal_error *err)
{
	const struct openings_values list = { m->values, m->form.n };
	struct cseal_buf clear, locked;
	int r;

	cseal_buf_init(&clear, 0);
	cseal_buf_init(&locked, 0);
	r = schema_encode(&openings_record_values, &clear, &list);
	m->form.values = cseal_buf_slice(&clear);
	if (r == CSEAL_OK && m->form.has_asked) {
		r = openings_lock(
		    &locked, &m->form, m->asked_values, m->form.values);
		m->form.values = cseal_buf_slice(&locked);
	}
	if (r == CSEAL_OK)
		r = schema_encode(&openings_record, out, &m->form);
	cseal_buf_free(&clear);
	cseal_buf_free(&locked);
	if (r == CSEAL_ERR_FORMAT)
		return cseal_error_set(err, CSEAL_ERR_INPUT, WHERE,
		    "a name or a value is too long, or has characters that "
		    "no field has");
	return plainly(r, err);
}

int
cseal_openings_encode(struct cseal_buf *out,
    const uint8_t ledger[CSEAL_HASH_BYTES],
    const uint8_t leaf[CSEAL_HASH_BYTES], const struct cseal_opening *openings,
    size_t n, const char *const *blind, size_t n_blind, struct cseal_error *err)
{
	struct making m;
	int r;

	memset(&m, 0, sizeof(m));
	m.form.version = 1;
	memcpy(m.form.ledger, ledger, sizeof(m.form.ledger));
	memcpy(m.form.leaf, leaf, sizeof(m.form.leaf));
	if ((r = take_openings(&m, openings, n, err)) != CSEAL_OK ||
	    (r = take_asked(&m, blind, n_blind, err)) != CSEAL_OK)
		return r;
	return encode(&m, out, err);
}

/* ---- parsing ---- */

static int
damaged(struct cseal_error *err)
{
	return cseal_error_set(err, CSEAL_ERR_FORMAT, WHERE,
	    "they are damaged, or not counterseal's");
}

static int
take_names(struct cseal_openings *o, const struct openings_form *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct openings_item *item = &f->list[i];

		for (size_t k = 0; k < i; k++) {
			if (slice_same(f->list[k].name, item->name))
				return CSEAL_ERR_FORMAT;
		}
		if (item->name.len > 0)
			memcpy(
			    o->list[i].name, item->name.data, item->name.len);
		memcpy(o->list[i].salt, item->salt, CSEAL_SALT_BYTES);
	}
	o->n = f->n;
	return CSEAL_OK;
}

/* In the order of the openings, so that there is one way to ask. */
static int
find_asked(struct cseal_openings *o, const struct openings_form *f)
{
	size_t at = 0;

	for (size_t i = 0; i < f->n_asked; i++) {
		while (at < f->n && !slice_same(f->list[at].name, f->asked[i]))
			at++;
		if (at == f->n)
			return CSEAL_ERR_FORMAT;
		o->asked[i] = at++;
	}
	o->n_asked = f->n_asked;
	o->locked = f->has_asked;
	return CSEAL_OK;
}

/* All values, or none. */
static int
take_values(struct cseal_openings *o, struct cseal_slice encoded)
{
	struct openings_values v;
	int r;

	r = schema_parse_all(&openings_record_values, encoded, &v, NULL);
	if (r != CSEAL_OK)
		return r;
	r = v.n == o->n ? CSEAL_OK : CSEAL_ERR_FORMAT;
	for (size_t i = 0; i < o->n && r == CSEAL_OK; i++)
		r = cseal_buf_add(
		    &o->list[i].value, v.list[i].data, v.list[i].len);
	for (size_t i = 0; i < o->n && r != CSEAL_OK; i++)
		cseal_buf_free(&o->list[i].value);
	schema_free(&openings_record_values, &v);
	return r;
}

static int
take_form(struct cseal_openings *o, const struct openings_form *f)
{
	int r;

	memcpy(o->ledger, f->ledger, sizeof(o->ledger));
	memcpy(o->leaf, f->leaf, sizeof(o->leaf));
	if ((r = take_names(o, f)) != CSEAL_OK ||
	    (r = find_asked(o, f)) != CSEAL_OK)
		return r;
	if (!o->locked)
		return take_values(o, f->values);
	return f->values.len > AEAD_NONCE_BYTES + AEAD_TAG_BYTES
		   ? CSEAL_OK
		   : CSEAL_ERR_FORMAT;
}

int
cseal_openings_parse(struct cseal_openings *out, struct cseal_buf *bytes,
    struct cseal_error *err)
{
	struct openings_form f;
	int r;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < CSEAL_OPENINGS_MAX; i++)
		cseal_buf_init(&out->list[i].value, CSEAL_VALUE_MAX);
	if (bytes->len > CSEAL_ENVELOPE_PLAIN_MAX)
		return plainly(CSEAL_ERR_TOO_LARGE, err);
	r = schema_parse_all(
	    &openings_record, cseal_buf_slice(bytes), &f, NULL);
	if (r == CSEAL_OK) {
		r = take_form(out, &f);
		schema_free(&openings_record, &f);
	}
	if (r == CSEAL_OK) {
		out->bytes = *bytes; /* transferred */
		cseal_buf_init(bytes, bytes->max);
		return CSEAL_OK;
	}
	cseal_openings_free(out);
	return r == CSEAL_ERR_FORMAT ? damaged(err) : plainly(r, err);
}

void
cseal_openings_free(struct cseal_openings *o)
{
	if (o == NULL)
		return;
	for (size_t i = 0; i < CSEAL_OPENINGS_MAX; i++)
		cseal_opening_free(&o->list[i]);
	cseal_buf_free(&o->bytes);
	memset(o, 0, sizeof(*o));
}

/* ---- unlocking ---- */

/* Whoever locked them may have put others inside than he asked for. */
static int
check_inside(const struct cseal_openings *o, const struct cseal_slice *values)
{
	for (size_t i = 0; i < o->n_asked; i++) {
		const struct cseal_buf *b = &o->list[o->asked[i]].value;

		if (!slice_same(cseal_buf_slice(b), values[i]))
			return CSEAL_ERR_FORMAT;
	}
	return CSEAL_OK;
}

static int
unlock(struct cseal_openings *o, const struct cseal_slice *values)
{
	struct openings_form f;
	struct cseal_buf clear;
	int r;

	r = schema_parse_all(
	    &openings_record, cseal_buf_slice(&o->bytes), &f, NULL);
	if (r != CSEAL_OK)
		return r;
	cseal_buf_init(&clear, CSEAL_ENVELOPE_PLAIN_MAX);
	r = openings_unlock(&clear, &f, values);
	if (r == CSEAL_OK)
		r = take_values(o, cseal_buf_slice(&clear));
	if (r == CSEAL_OK)
		r = check_inside(o, values);
	for (size_t i = 0; i < o->n && r != CSEAL_OK; i++)
		cseal_buf_free(&o->list[i].value);
	cseal_buf_free(&clear);
	schema_free(&openings_record, &f);
	return r;
}

int
cseal_openings_unlock(struct cseal_openings *o,
    const struct cseal_slice *values, size_t n, struct cseal_error *err)
{
	int r;

	if (!o->locked || n != o->n_asked)
		return cseal_error_set(
		    err, CSEAL_ERR_USAGE, WHERE, "other fields are asked for");
	r = unlock(o, values);
	if (r == CSEAL_OK)
		o->locked = false;
	else if (r == CSEAL_ERR_CORRUPT)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, WHERE,
		    "what was re-entered differs from what was asked for");
	else if (r == CSEAL_ERR_FORMAT || r == CSEAL_ERR_NEWER)
		return damaged(err);
	return plainly(r, err);
}
