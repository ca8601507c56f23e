/* SPDX-License-Identifier: BSD-2-Clause */
/* Statements and entries with one thing wrong, from tables. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "maker.h"
#include "maker_item.h"
#include "mkvectors.h"

/* A ledger in which something was asked, and something entered. */
struct ground {
	struct maker *m;
	uint64_t asked;
	uint64_t entered;
};

static struct maker_draft *
make_request(const struct ground *g)
{
	return maker_request(g->m, LIN, NULL);
}

static struct maker_draft *
make_key_add(const struct ground *g)
{
	return maker_key_add(g->m, LIN, maker_key_new(g->m, "lin"));
}

static struct maker_draft *
make_join(const struct ground *g)
{
	return maker_join(g->m, MINA);
}

static struct maker_draft *
make_approve(const struct ground *g)
{
	return maker_approve(g->m, MINA, g->asked);
}

static struct maker_draft *
make_reject(const struct ground *g)
{
	return maker_reject(g->m, MINA, g->asked);
}

static struct maker_draft *
make_withdraw(const struct ground *g)
{
	return maker_withdraw(g->m, LIN, g->asked);
}

static struct maker_draft *
make_apply(const struct ground *g)
{
	return maker_apply(g->m, LIN, g->asked, CSEAL_APPLY_ENTERED);
}

static struct maker_draft *
make_observe(const struct ground *g)
{
	return maker_observe(g->m, MINA, "payout", CSEAL_OBSERVE_MATCH);
}

static struct maker_draft *
make_freeze(const struct ground *g)
{
	return maker_freeze_store(g->m, MINA, MAKER_STORE);
}

static struct maker_draft *
make_erase(const struct ground *g)
{
	return maker_erase(g->m, MINA, g->entered, "iban");
}

static struct maker_draft *
make_endorse(const struct ground *g)
{
	return maker_endorse(g->m, MINA);
}

static struct maker_draft *
make_reserved(const struct ground *g)
{
	static const uint8_t payload[] = { 0x63, 'a', 'b', 'c' };
	struct maker_draft *d = maker_draft(g->m, MINA, CSEAL_ENDORSE);

	d->st.kind = CSEAL_IGNORED_FROM;
	d->st.u.ignored.data = payload;
	d->st.u.ignored.len = sizeof(payload);
	return d;
}

/* One founder is enough to be read. */
static struct maker_draft *
make_genesis(const struct ground *g)
{
	(void)g;
	return NULL;
}

static const struct {
	const char *name;
	struct maker_draft *(*make)(const struct ground *g);
} bases[] = {
	{ "genesis", make_genesis },
	{ "join", make_join },
	{ "request", make_request },
	{ "key.add", make_key_add },
	{ "approve", make_approve },
	{ "reject", make_reject },
	{ "withdraw", make_withdraw },
	{ "apply", make_apply },
	{ "observe", make_observe },
	{ "freeze", make_freeze },
	{ "erase", make_erase },
	{ "endorse", make_endorse },
	{ "reserved", make_reserved },
};
#define BASES (sizeof(bases) / sizeof(bases[0]))

static void
encode(struct maker_draft *d, struct cseal_buf *out)
{
	assert_int_equal(cseal_statement_encode(out, &d->st), CSEAL_OK);
	maker_draft_free(d);
}

static void
encode_genesis(struct cseal_buf *out)
{
	static const struct maker_person one[] = { { "lin", "admin", 1 } };
	struct maker *m = maker_new(2, one, 1);

	cseal_buf_reset(&m->policy);
	cseal_buf_add_str(&m->policy, "; rules\n");
	encode(maker_genesis(m, 0), out);
	maker_free(m);
}

/* Each statement once; the rows are edits of them. */
static void
encode_bases(struct cseal_buf out[BASES])
{
	struct ground g = { .m = maker_founded(2) };

	g.entered = maker_do(g.m, maker_request(g.m, LIN, NULL));
	g.asked = maker_do(g.m, maker_request_email(g.m, LIN));
	for (size_t i = 0; i < BASES; i++) {
		cseal_buf_init(&out[i], 0);
		if (bases[i].make == make_genesis)
			encode_genesis(&out[i]);
		else
			encode(bases[i].make(&g), &out[i]);
	}
	maker_free(g.m);
}

static const struct cseal_buf *
base_of(const struct cseal_buf encoded[BASES], const char *name)
{
	for (size_t i = 0; i < BASES; i++) {
		if (strcmp(bases[i].name, name) == 0)
			return &encoded[i];
	}
	fail_msg("no base %s", name);
	return NULL;
}

static void
write_row(struct out *o, const char *kind, const char *folder,
    const struct edited *row, const struct cseal_buf *base)
{
	struct vector v = { .lines = { .items = NULL } };
	struct cseal_buf b;
	char name[128], finding[64];

	cseal_buf_init(&b, 0);
	cseal_buf_add(&b, base->data, base->len);
	if (!item_edit(&b, row->edits))
		fail_msg("%s: cannot: %s", row->name, row->edits);
	vector_add(&v, "kind", kind);
	(void)snprintf(finding, sizeof(finding), "%s%s", row->finding,
	    strcmp(row->finding, "none") == 0 ? "" : " error -");
	vector_add(&v, "finding", finding);
	vector_add_bytes(&v, kind, cseal_buf_slice(&b));
	(void)snprintf(name, sizeof(name), "%s/%s", folder, row->name);
	out_write(o, &v, name, row->about);
	vector_free(&v);
	cseal_buf_free(&b);
}

static void
write_statements(struct out *o)
{
	static const struct {
		const char *folder;
		const struct edited *rows;
	} tables[] = {
		{ "statement", edited_envelope },
		{ "encoding", edited_encoding },
		{ "founding", edited_founding },
		{ "request", edited_request },
		{ "acts", edited_acts },
	};
	struct cseal_buf encoded[BASES];

	encode_bases(encoded);
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
		for (const struct edited *r = tables[t].rows; r->name != NULL;
		     r++)
			write_row(o, "statement", tables[t].folder, r,
			    base_of(encoded, r->base));
	}
	for (size_t i = 0; i < BASES; i++)
		cseal_buf_free(&encoded[i]);
}

void
write_edited(struct out *o)
{
	struct maker *m = maker_founded(2);
	struct maker_draft *d;
	struct cseal_buf entry;

	write_statements(o);
	cseal_buf_init(&entry, 0);
	(void)maker_do(m, maker_request(m, LIN, NULL));
	d = maker_endorse(m, LIN);
	maker_seal(d, &entry);
	maker_draft_free(d);
	for (const struct edited *r = edited_entry; r->name != NULL; r++)
		write_row(o, "entry", "entry", r, &entry);
	cseal_buf_free(&entry);
	maker_free(m);
}
