/* SPDX-License-Identifier: BSD-2-Clause */
/* request --replaces N: two touches, N is withdrawn and asked for anew. */

#include "request.h"

#include <string.h>

#include "reading.h"

/* The first word may be the kind, which must be N's; values have a '='. */
static int
check_words(struct request *q, const struct cseal_state_change *h, size_t *n)
{
	static const char *const own[] = { "store", "slot", "op" };
	struct cli *c = q->c;
	char where[16];

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
		snprintf(where, sizeof(where), "--%s", own[i]);
		if (cli_option_given(c, own[i]))
			return cli_error(c, CSEAL_ERR_USAGE, where,
			    "goes not with --replaces, which keeps that of the "
			    "change it replaces");
	}
	*n = c->n_words > 0 && strchr(c->words[0], '=') == NULL ? 1 : 0;
	if (*n == 1 && strcmp(c->words[0], h->kind->name) != 0)
		return cli_error(c, CSEAL_ERR_USAGE, c->words[0],
		    "is not the kind of #%s, which is %s: withdraw that, and "
		    "ask for this",
		    q->old_name, h->kind->name);
	return CSEAL_OK;
}

/* Only one's own, and only while nothing has become of it. */
static int
check_change(struct request *q, const struct cseal_state_change *h)
{
	const struct cseal_state *s = cseal_desk_state(q->act.desk);
	const struct cseal_state_key *k = cseal_state_key(s, q->act.key.number);
	const enum cseal_change_status status = reading_status(q->act.desk, h);
	struct cli *c = q->c;

	if (h->kind->authority)
		return cli_error(c, CSEAL_ERR_REFUSED, "--replaces",
		    "#%s is a change of keys: withdraw it, and ask anew",
		    q->old_name);
	if (status != CSEAL_CHANGE_ASKED && status != CSEAL_CHANGE_APPROVED &&
	    status != CSEAL_CHANGE_EXPIRED)
		return cli_error(c, CSEAL_ERR_REFUSED, "--replaces",
		    "#%s is not open any more, but %s: ask for a new change",
		    q->old_name, cseal_change_status_name(status));
	if (k == NULL || k->person != h->requester)
		return cli_error(c, CSEAL_ERR_REFUSED, "--replaces",
		    "#%s was asked for by %s: nobody else can replace it. "
		    "Reject it, or let %s do this",
		    q->old_name, reading_handle(s, h->requester),
		    reading_handle(s, h->requester));
	return CSEAL_OK;
}

static int
take_values(struct request *q, const struct cseal_state_change *h)
{
	struct cli *c = q->c;
	int r;

	r = cli_change_load(c, q->act.desk, h, &q->old);
	return r == CSEAL_OK ? cseal_change_init(&q->change, h->kind->name,
				   h->op, h->store, h->slot, &c->err)
			     : r;
}

/* Where nobody is asked, what was not given is as it was. */
static int
keep_the_rest(struct request *q)
{
	struct cli *c = q->c;
	int r = CSEAL_OK;

	for (size_t i = 0; i < q->old.n_values && r == CSEAL_OK; i++) {
		const struct cseal_value *v = &q->old.values[i];
		const char *name = v->field->name;

		if (cseal_change_value(&q->change, name) == NULL)
			r = cseal_change_set(&q->change, name, strlen(name),
			    v->text.data, v->text.len, &c->err);
	}
	if (r == CSEAL_OK && q->change.reason.len == 0 && q->old.reason.len > 0)
		r = cseal_change_set(&q->change, "reason", 6,
		    q->old.reason.data, q->old.reason.len, &c->err);
	return r == CSEAL_OK ? request_check(q) : r;
}

static bool
same(const struct cseal_value *a, const struct cseal_value *b)
{
	return a != NULL && b != NULL && a->text.len == b->text.len &&
	       memcmp(a->text.data, b->text.data, a->text.len) == 0;
}

static void
say_value(struct cli *c, const char *label, const struct cseal_field *f,
    const struct cseal_value *v)
{
	struct cseal_buf text, shown;

	cseal_buf_init(&text, 0);
	cseal_buf_init(&shown, 0);
	if (v != NULL) {
		(void)cseal_buf_add(&text, v->text.data, v->text.len);
		(void)f->format->group(f->format, cseal_buf_str(&text), &shown);
	}
	cli_note(c, "  %-17s %s\n", label,
	    v != NULL ? cseal_buf_str(&shown) : "(none)");
	cseal_buf_free(&shown);
	cseal_buf_free(&text);
}

/* What differs from N, and that alone; the whole is on the panel. */
static int
say_differences(struct request *q, const struct cseal_state_change *h)
{
	const struct cseal_kind *kind = q->change.kind;
	struct cli *c = q->c;
	bool any = q->change.reason.len != q->old.reason.len ||
		   (q->old.reason.len > 0 &&
		       memcmp(q->change.reason.data, q->old.reason.data,
			   q->old.reason.len) != 0);

	cli_note(c,
	    "Instead of #%s, in two touches: the first withdraws it,\nthe second "
	    "asks anew.\n",
	    q->old_name);
	if (any)
		cli_note(c, "  the reason differs\n");
	for (size_t i = 0; i < kind->n_fields; i++) {
		const struct cseal_field *f = &kind->fields[i];
		const struct cseal_value *was =
		    cseal_change_value(&q->old, f->name);
		const struct cseal_value *is =
		    cseal_change_value(&q->change, f->name);

		if (same(was, is) || (was == NULL && is == NULL))
			continue;
		any = true;
		say_value(c, f->label, f, was);
		say_value(c, "  instead", f, is);
	}
	if (any || reading_status(q->act.desk, h) == CSEAL_CHANGE_EXPIRED)
		return CSEAL_OK;
	return cli_error(c, CSEAL_ERR_USAGE, "--replaces",
	    "nothing would differ from #%s: give what is to", q->old_name);
}

/* Values as they are to be; all that can be refused is, before a touch. */
static int
prepare(struct request *q)
{
	const struct cseal_state_change *h;
	struct cli *c = q->c;
	size_t first = 0;
	int r;

	r = request_begin(q, cli_option(c, "replaces"));
	if (r != CSEAL_OK)
		return r;
	h = q->act.change;
	q->replaces = true;
	cseal_change_name(h, q->old_name);
	if ((r = check_words(q, h, &first)) != CSEAL_OK ||
	    (r = check_change(q, h)) != CSEAL_OK ||
	    (r = take_values(q, h)) != CSEAL_OK ||
	    (r = request_gather(q, first)) != CSEAL_OK)
		return r;
	if (!q->ask)
		r = keep_the_rest(q);
	if (r == CSEAL_OK)
		r = request_rest(q);
	if (r == CSEAL_OK && q->ask)
		r = request_ask(q);
	if (r == CSEAL_OK)
		r = cseal_change_close(&q->change, &c->err);
	if (r == CSEAL_OK)
		r = say_differences(q, h);
	if (r == CSEAL_OK)
		cli_act_notes(c, &q->act, &q->change);
	if (r == CSEAL_OK)
		r = cseal_draft_request(&q->act.draft, q->act.desk,
		    q->act.key.number, &q->change, &q->given, &c->err);
	cseal_draft_free(q->act.draft);
	q->act.draft = NULL;
	return r;
}

/* The first touch. */
static int
withdraw(struct request *q)
{
	struct cli_act *a = &q->act;
	struct cseal_draft *p = NULL;
	struct cli *c = q->c;
	uint64_t index;
	int r;

	r = cseal_draft_withdraw(
	    &p, a->desk, a->key.number, a->change->index, &c->err);
	if (r == CSEAL_OK)
		r = cli_seal(c, a->desk, p, &a->key,
		    "to withdraw the old one (1 of 2)", &index);
	cseal_draft_free(p);
	a->change = NULL; /* the append may have moved it */
	if (r == CSEAL_OK)
		cli_note(c, "#%s withdrawn by %s%s.\n", q->old_name,
		    a->key.handle,
		    index == CSEAL_INDEX_NONE ? ", kept here for the home"
					      : "");
	return r;
}

/* The first touch stands, whatever became of the second. */
static int
half_done(struct request *q, int r)
{
	struct cli *c = q->c;
	char what[CSEAL_ERROR_WHAT_BYTES], where[sizeof(c->err.where)];

	snprintf(what, sizeof(what), "%.300s",
	    c->err.code == r && c->err.what[0] != '\0' ? c->err.what
						       : cseal_strerror(r));
	snprintf(
	    where, sizeof(where), "%s", c->err.code == r ? c->err.where : "");
	if (cli_signals_pending(c))
		cli_warn(c, "#%s is withdrawn; nothing was asked for instead",
		    q->old_name);
	return cli_error(c, r, where,
	    "%s. #%s is withdrawn; nothing was asked for instead", what,
	    q->old_name);
}

int
request_replace(struct request *q)
{
	struct cli_act *a = &q->act;
	struct cli *c = q->c;
	int r;

	if ((r = prepare(q)) != CSEAL_OK || (r = withdraw(q)) != CSEAL_OK)
		return r;
	a->replaces = q->old_name;
	a->why = "to ask for the new one (2 of 2)";
	r = cseal_draft_request(
	    &a->draft, a->desk, a->key.number, &q->change, &q->given, &c->err);
	if (r == CSEAL_OK)
		r = cli_act_seal(c, a);
	return r == CSEAL_OK ? r : half_done(q, r);
}
