/* SPDX-License-Identifier: BSD-2-Clause */
/* What a change rests on: its request's evidence and that of its approvals. */

#include "reading.h"

#include <string.h>

#define LABEL_COLUMN 20 /* where what stands behind a label begins */

struct walk {
	struct cli *c;
	struct cseal_desk *d;
	bool full;
	json_t *list; /* for programs; NULL: for people */
	json_t *checks;
};

/* ---- for people ---- */

static void
say_row(
    const struct walk *w, const char *label, const char *what, const char *who)
{
	cli_say(w->c, "  %-*s %s, by %s\n", LABEL_COLUMN - 3, label, what, who);
}

/* A number is masked as one of a field would be. */
static void
describe(const struct walk *w, uint64_t kind, struct cseal_buf *text,
    struct cseal_buf *out)
{
	const struct cseal_format *phone = cseal_format_find("phone");
	struct cseal_evidence_file f;
	char hex[2 * CSEAL_HASH_BYTES + 1];

	if (kind == CSEAL_EVIDENCE_CALL_BACK && phone != NULL) {
		(void)(w->full ? phone->group : phone->mask)(
		    phone, cseal_buf_str(text), out);
	} else if (cseal_evidence_file_parse(&f, cseal_buf_slice(text))) {
		cseal_hex(f.digest, sizeof(f.digest), hex);
		cseal_buf_printf(out, "%s (SHA-256 %.16s...)", f.name, hex);
	} else {
		(void)cseal_text_safe(out, text->data, text->len, 200);
	}
}

static void
say_piece(const struct walk *w, const char *name, uint64_t kind,
    struct cseal_buf *text, const char *who)
{
	struct cseal_buf line;

	cseal_buf_init(&line, 0);
	if (text == NULL)
		cseal_buf_add_str(&line, "(not on this desk)");
	else
		describe(w, kind, text, &line);
	say_row(w, name, cseal_buf_str(&line), who);
	cseal_buf_free(&line);
}

/* ---- for programs ---- */

static json_t *
piece_json(const struct walk *w, const char *name, uint64_t kind,
    struct cseal_buf *text, const struct reading_entry *e)
{
	struct cseal_evidence_file f;
	struct cseal_buf line;
	json_t *o, *digest = json_null(), *value = json_null();

	cseal_buf_init(&line, 0);
	if (text != NULL &&
	    cseal_evidence_file_parse(&f, cseal_buf_slice(text))) {
		digest = cli_json_hex(f.digest, sizeof(f.digest));
		value = json_string(f.name);
	} else if (text != NULL) {
		describe(w, kind, text, &line);
		value = cli_json_text(cseal_buf_slice(&line));
	}
	o = json_pack("{s:I, s:s, s:s, s:s, s:o, s:o}", "index",
	    (json_int_t)e->index, "person", e->person, "name", name, "kind",
	    cseal_word_name(cseal_evidence_kinds, kind), "value", value,
	    "sha256", digest);
	cseal_buf_free(&line);
	return o;
}

static const char *
result_of(const struct cseal_check *check)
{
	const struct cseal_word *t = cseal_check_results(check->check);
	const char *word = t != NULL ? cseal_word_name(t, check->result) : NULL;

	return word != NULL ? word : "?";
}

json_t *
reading_checks_json(const struct cseal_statement *st)
{
	size_t n;
	const struct cseal_check *v = cseal_checks_of(st, &n);
	json_t *o = json_object();

	for (size_t i = 0; i < n; i++)
		json_object_set_new(o,
		    cseal_word_name(cseal_checks, v[i].check),
		    json_string(result_of(&v[i])));
	return o;
}

json_t *
reading_evidence_names(const struct cseal_statement *st)
{
	char name[CSEAL_EVIDENCE_NAME_BYTES];
	size_t n;
	const struct cseal_evidence *v = cseal_evidence_of(st, &n);
	json_t *list = json_array();

	for (size_t i = 0; cseal_evidence_name(v, n, i, name); i++)
		json_array_append_new(list, json_string(name));
	return list;
}

void
reading_checks(const struct cseal_statement *st, struct cseal_buf *out)
{
	size_t n;
	const struct cseal_check *v = cseal_checks_of(st, &n);

	for (size_t i = 0; i < n; i++)
		cseal_buf_printf(out, "%s%s %s", out->len > 0 ? ", " : "",
		    cseal_word_name(cseal_checks, v[i].check),
		    result_of(&v[i]));
}

/* ---- both ---- */

static int
take_piece(struct walk *w, const struct reading_entry *e, size_t i)
{
	size_t n;
	const struct cseal_evidence *v = cseal_evidence_of(e->statement, &n);
	char name[CSEAL_EVIDENCE_NAME_BYTES];
	struct cseal_buf text;
	bool here;
	int r;

	cseal_buf_init(&text, CSEAL_VALUE_MAX);
	r = cseal_desk_evidence(
	    w->d, e->index, e->statement, i, name, &text, &w->c->err);
	here = r == CSEAL_OK;
	if (r == CSEAL_ERR_NOT_FOUND)
		r = CSEAL_OK;
	if (r == CSEAL_OK && w->list != NULL)
		json_array_append_new(w->list,
		    piece_json(w, name, v[i].kind, here ? &text : NULL, e));
	else if (r == CSEAL_OK)
		say_piece(w, name, v[i].kind, here ? &text : NULL, e->person);
	cseal_buf_free(&text);
	return r;
}

/* The request's reason is told by itself. */
static bool
is_told(const struct reading_entry *e, const struct cseal_evidence *v)
{
	return e->statement->kind == CSEAL_REQUEST &&
	       v->kind == CSEAL_EVIDENCE_REASON;
}

static int
take_entry(void *ctx, const struct reading_entry *e)
{
	struct walk *w = ctx;
	size_t n, n_checks;
	const struct cseal_evidence *v = cseal_evidence_of(e->statement, &n);
	const struct cseal_check *checks =
	    cseal_checks_of(e->statement, &n_checks);
	int r = CSEAL_OK;

	for (size_t i = 0; i < n && r == CSEAL_OK; i++) {
		if (w->list != NULL || !is_told(e, &v[i]))
			r = take_piece(w, e, i);
	}
	for (size_t i = 0; i < n_checks && r == CSEAL_OK; i++) {
		const char *name =
		    cseal_word_name(cseal_checks, checks[i].check);

		if (w->list == NULL)
			say_row(w, name, result_of(&checks[i]), e->person);
		else
			json_array_append_new(
			    w->checks, json_pack("{s:I, s:s, s:s, s:s}",
					   "index", (json_int_t)e->index,
					   "person", e->person, "check", name,
					   "result", result_of(&checks[i])));
	}
	return r;
}

static int
walk_change(struct walk *w, const struct cseal_state_change *h)
{
	int r = reading_entries(w->c, w->d, h->index, 1, take_entry, w);

	for (size_t i = 0; i < h->n_approvals && r == CSEAL_OK; i++)
		r = reading_entries(
		    w->c, w->d, h->approvals[i].entry, 1, take_entry, w);
	return r;
}

int
reading_evidence_say(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, bool full)
{
	struct walk w = { .c = c, .d = d, .full = full };

	return walk_change(&w, h);
}

int
reading_evidence_json(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, json_t **out, json_t **checks)
{
	struct walk w = {
		.c = c, .d = d, .list = json_array(), .checks = json_array()
	};
	int r = walk_change(&w, h);

	*out = w.list;
	*checks = w.checks;
	return r;
}

/* ---- a file, written out again ---- */

/* Looked for in the request, then in the approvals. */
struct search {
	struct cli *c;
	struct cseal_desk *d;
	const char *name;
	struct cseal_evidence_file about;
	struct cseal_buf *out;
	bool found;
};

static int
search_entry(void *ctx, const struct reading_entry *e)
{
	struct search *s = ctx;
	size_t n;
	const struct cseal_evidence *v = cseal_evidence_of(e->statement, &n);

	if (s->found || cseal_evidence_find(v, n, s->name) == NULL)
		return CSEAL_OK;
	s->found = true;
	return cseal_desk_evidence_file(s->d, e->index, e->statement, s->name,
	    &s->about, s->out, &s->c->err);
}

int
reading_evidence_file(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, const char *name,
    struct cseal_evidence_file *about, struct cseal_buf *out)
{
	struct search s = { .c = c, .d = d, .name = name, .out = out };
	int r = reading_entries(c, d, h->index, 1, search_entry, &s);

	for (size_t i = 0; i < h->n_approvals && r == CSEAL_OK; i++)
		r = reading_entries(
		    c, d, h->approvals[i].entry, 1, search_entry, &s);
	*about = s.about;
	if (r == CSEAL_OK && !s.found)
		r = cli_error(c, CSEAL_ERR_NOT_FOUND, name,
		    "the change has no evidence of this name; counterseal "
		    "show tells the names");
	return r;
}
