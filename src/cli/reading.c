/* SPDX-License-Identifier: BSD-2-Clause */

#include "reading.h"

#include <inttypes.h>
#include <string.h>

#define COLUMNS 80

struct walk {
	const struct cseal_state *state;
	reading_fn fn;
	void *ctx;
	struct cseal_error *err;
};

const char *
reading_handle(const struct cseal_state *s, size_t person)
{
	const struct cseal_state_person *p = cseal_state_person(s, person);

	return p != NULL ? p->handle : "?";
}

const char *
reading_person(const struct cseal_state *s, uint64_t key)
{
	const struct cseal_state_key *k = cseal_state_key(s, key);

	return k != NULL ? reading_handle(s, k->person) : "?";
}

/* The request that a statement is or is about. */
static bool
subject_of(const struct cseal_statement *s, uint64_t index, uint64_t *change)
{
	switch (s->kind) {
	case CSEAL_REQUEST: *change = index; return true;
	case CSEAL_APPROVE:
	case CSEAL_REJECT:
	case CSEAL_WITHDRAW:
	case CSEAL_APPLY: *change = s->u.act.index; return true;
	case CSEAL_ERASE: *change = s->u.erase.index; return true;
	default: return false;
	}
}

static int
give_entry(const struct walk *w, uint64_t index, const struct cseal_entry *e,
    const struct cseal_statement *s, const uint8_t leaf[CSEAL_HASH_BYTES])
{
	struct reading_entry re = { .index = index, .seal = &e->seal };
	const struct cseal_state_change *h = NULL;
	char name[CSEAL_CHANGE_NAME_BYTES] = "";

	memcpy(re.leaf, leaf, sizeof(re.leaf));
	re.statement = s;
	re.kind = cseal_word_name(cseal_statement_kinds, s->kind);
	if (re.kind == NULL)
		re.kind = "ignored";
	re.person = reading_person(w->state, s->key);
	re.has_change = subject_of(s, index, &re.change);
	if (re.has_change)
		h = cseal_state_change_find(w->state, re.change);
	if (h != NULL)
		cseal_change_name(h, name);
	re.subject = name;
	return w->fn(w->ctx, &re);
}

static int
visit(void *ctx, uint64_t index, struct cseal_slice bytes)
{
	const struct walk *w = ctx;
	uint8_t leaf[CSEAL_HASH_BYTES];
	struct cseal_statement s;
	struct cseal_entry e;
	int r;

	if ((r = cseal_merkle_leaf(bytes.data, bytes.len, leaf)) != CSEAL_OK ||
	    (r = cseal_entry_parse(&e, bytes)) != CSEAL_OK ||
	    (r = cseal_statement_parse(&s, e.statement, w->err)) != CSEAL_OK)
		return r;
	r = give_entry(w, index, &e, &s, leaf);
	cseal_statement_free(&s);
	return r;
}

int
reading_entries(struct cli *c, struct cseal_desk *d, uint64_t from, uint64_t n,
    reading_fn fn, void *ctx)
{
	struct walk w = { cseal_desk_state(d), fn, ctx, &c->err };
	const struct cseal_head head = cseal_state_head(w.state);

	/* What was appended since the desk looked is not verified yet. */
	return cseal_ledger_read_proven(
	    cseal_desk_ledger(d), &head, from, n, visit, &w, &c->err);
}

void
reading_place(const struct cseal_state_change *h, char out[READING_PLACE_BYTES])
{
	const char *slot = h->slot;

	if (h->store[0] != '\0' && strcmp(slot, h->kind->slot) == 0)
		slot = "";
	snprintf(out, READING_PLACE_BYTES, "%s%s%s", h->store,
	    h->store[0] != '\0' && slot[0] != '\0' ? "/" : "", slot);
}

enum cseal_change_status
reading_status(const struct cseal_desk *d, const struct cseal_state_change *h)
{
	return cseal_change_view(h, cseal_desk_now(d));
}

void
reading_cut(const char *s, size_t columns, char out[READING_CELL_BYTES])
{
	struct cseal_buf safe;

	cseal_buf_init(&safe, 0);
	cseal_text_safe(&safe, (const uint8_t *)s, strlen(s), columns);
	snprintf(out, READING_CELL_BYTES, "%s", cseal_buf_str(&safe));
	cseal_buf_free(&safe);
}

void
reading_wrap(struct cli *c, unsigned indent, const char *text)
{
	size_t column = indent, n, wide;
	char word[READING_CELL_BYTES];

	cli_say(c, "%*s", (int)indent, "");
	for (text += strspn(text, " "); *text != '\0';
	     text += n + strspn(text + n, " ")) {
		n = strcspn(text, " ");
		snprintf(word, sizeof(word), "%.*s", (int)n, text);
		wide = cseal_text_columns(word);
		if (column > indent && column + 1 + wide > COLUMNS) {
			cli_say(c, "\n%*s", (int)indent, "");
			column = indent;
		}
		cli_say(c, "%s%s", column > indent ? " " : "", word);
		column += wide + (column > indent ? 1 : 0);
	}
	cli_say(c, "\n");
}
