/* SPDX-License-Identifier: BSD-2-Clause */
/* What a change rests on: its request's evidence, what approvers checked. */

#include <string.h>

#include "counterseal/text.h"

#include "panel.h"

#define NAME_COLUMNS 30 /* of a file */
#define FILES_TOLD   3	/* of one statement; the others are counted */
#define DIGEST_SHOWN 8	/* bytes of it, for comparing */

/* Somebody's evidence and checks, told at length or in short. */
struct teller {
	struct panel_change *p;
	const char *who;
	const struct cseal_evidence *list;
	const struct cseal_slice *texts; /* of the list */
	size_t n;
	const struct cseal_check *checks;
	size_t n_checks;
	bool reason_told; /* in a row of its own */
};

static bool
is_file(uint64_t kind)
{
	return kind == CSEAL_EVIDENCE_DOCUMENT ||
	       kind == CSEAL_EVIDENCE_SCREENSHOT ||
	       kind == CSEAL_EVIDENCE_OTHER;
}

static void
put_file(struct cseal_buf *out, struct cseal_slice text)
{
	struct cseal_evidence_file f;
	struct cseal_slice name;
	char hex[2 * DIGEST_SHOWN + 1];

	if (!cseal_evidence_file_parse(&f, text)) {
		panel_safe(out, text, NAME_COLUMNS);
		return;
	}
	name.data = (const uint8_t *)f.name;
	name.len = strlen(f.name);
	cseal_hex(f.digest, DIGEST_SHOWN, hex);
	panel_safe(out, name, NAME_COLUMNS);
	(void)cseal_buf_printf(out, " (SHA-256 %s...)", hex);
}

static void
put_files(const struct teller *t)
{
	struct cseal_buf line;
	size_t files = 0;

	for (size_t i = 0; i < t->n; i++)
		files += is_file(t->list[i].kind);
	for (size_t i = 0, told = 0; i < t->n && told < FILES_TOLD; i++) {
		if (!is_file(t->list[i].kind))
			continue;
		cseal_buf_init(&line, 0);
		put_file(&line, t->texts[i]);
		if (++told == FILES_TOLD && files > told)
			(void)cseal_buf_printf(
			    &line, " and %zu more", files - told);
		(void)cseal_buf_printf(&line, ", by %s", t->who);
		panel_row(&t->p->evidence,
		    cseal_word_name(cseal_evidence_kinds, t->list[i].kind), "",
		    cseal_buf_str(&line));
		cseal_buf_free(&line);
	}
}

/* A number in its groups. */
static void
put_number(struct cseal_buf *out, struct cseal_slice text)
{
	const struct cseal_format *f = cseal_format_find("phone");
	struct cseal_buf value, grouped;

	cseal_buf_init(&value, 0);
	cseal_buf_init(&grouped, 0);
	(void)cseal_buf_add(&value, text.data, text.len);
	(void)f->group(f, cseal_buf_str(&value), &grouped);
	panel_safe(out, cseal_buf_slice(&grouped), NAME_COLUMNS);
	cseal_buf_free(&value);
	cseal_buf_free(&grouped);
}

static void
put_texts(const struct teller *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const bool call = t->list[i].kind == CSEAL_EVIDENCE_CALL_BACK;
		struct cseal_buf line;

		if (is_file(t->list[i].kind) || (!call && t->reason_told))
			continue;
		cseal_buf_init(&line, 0);
		if (call)
			put_number(&line, t->texts[i]);
		else
			panel_safe(&line, t->texts[i],
			    (size_t)PANEL_VALUE_COLUMNS * 2);
		(void)cseal_buf_printf(&line, ", by %s", t->who);
		panel_row(&t->p->evidence, call ? "called" : "reason", "",
		    cseal_buf_str(&line));
		cseal_buf_free(&line);
	}
}

/* "call-back confirmed, name match" */
static void
list_checks(struct cseal_buf *out, const struct teller *t)
{
	for (size_t i = 0; i < t->n_checks; i++) {
		const struct cseal_check *c = &t->checks[i];
		const struct cseal_word *results =
		    cseal_check_results(c->check);

		if (results != NULL)
			(void)cseal_buf_printf(out, "%s%s %s",
			    out->len > 0 ? ", " : "",
			    cseal_word_name(cseal_checks, c->check),
			    cseal_word_name(results, c->result));
	}
}

static void
put_checks(const struct teller *t)
{
	struct cseal_buf line;

	if (t->n_checks == 0)
		return;
	cseal_buf_init(&line, 0);
	list_checks(&line, t);
	(void)cseal_buf_printf(&line, ", says %s", t->who);
	panel_row(&t->p->evidence, "checked", "", cseal_buf_str(&line));
	cseal_buf_free(&line);
}

/* One row of all: "2 pieces, call-back confirmed, by mina". */
static void
put_short(const struct teller *t)
{
	struct cseal_buf line;
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += is_file(t->list[i].kind);
	if (n == 0 && t->n_checks == 0)
		return;
	cseal_buf_init(&line, 0);
	if (n > 0)
		(void)cseal_buf_printf(
		    &line, "%zu file%s", n, n == 1 ? "" : "s");
	list_checks(&line, t);
	(void)cseal_buf_printf(&line, ", by %s", t->who);
	panel_row(&t->p->evidence_short, "evidence", "", cseal_buf_str(&line));
	cseal_buf_free(&line);
}

static int
tell(const struct teller *t)
{
	put_files(t);
	put_texts(t);
	put_checks(t);
	put_short(t);
	return cseal_buf_error(&t->p->evidence);
}

/* Of the request all must be here, as of its values. */
static int
tell_request(struct panel_change *p, struct cseal_error *err)
{
	const struct cseal_request *q = &p->change->statement.u.request;
	struct cseal_slice texts[CSEAL_EVIDENCE_MAX];
	const struct teller t = { .p = p,
		.who = state_person(p->state, p->change->pub.requester)->handle,
		.list = q->evidence,
		.texts = texts,
		.n = q->n_evidence,
		.checks = q->checks,
		.n_checks = q->n_checks,
		.reason_told = true };
	char name[CSEAL_EVIDENCE_NAME_BYTES];
	int r = CSEAL_OK;

	for (size_t i = 0; i < t.n && r == CSEAL_OK; i++) {
		if (!cseal_evidence_name(t.list, t.n, i, name))
			return CSEAL_ERR_FORMAT;
		r = values_get(p->openings, p->change, name, &texts[i], err);
		if (r == CSEAL_ERR_NOT_FOUND)
			r = cseal_error_set(err, r, name,
			    "this evidence is not on this desk, so nobody can "
			    "judge it here");
	}
	return r == CSEAL_OK ? tell(&t) : r;
}

/* What they checked stands in the state; what they gave does not. */
static int
tell_approvals(struct panel_change *p)
{
	const struct cseal_state_change *c = &p->change->pub;
	int r = CSEAL_OK;

	for (size_t i = 0; i < c->n_approvals && r == CSEAL_OK; i++) {
		const struct cseal_state_approval *a = &c->approvals[i];
		struct cseal_check checks[CSEAL_CHECKS_MAX];
		struct teller t = { .p = p,
			.who = state_person(p->state, a->person)->handle,
			.checks = checks };

		for (uint64_t k = 0; k < CSEAL_CHECKS_MAX; k++) {
			if (a->checks[k] == 0)
				continue;
			checks[t.n_checks].check = k + 1;
			checks[t.n_checks++].result = a->checks[k];
		}
		if (!a->lapsed)
			r = tell(&t);
	}
	return r;
}

int
panel_evidence(struct panel_change *p, const struct cseal_statement *st,
    struct cseal_error *err)
{
	struct teller t = { .p = p, .who = p->signer, .texts = p->given };
	int r = CSEAL_OK;

	t.list = cseal_evidence_of(st, &t.n);
	t.checks = cseal_checks_of(st, &t.n_checks);
	t.reason_told = st->kind == CSEAL_REQUEST;
	if (p->change != NULL && (r = tell_request(p, err)) == CSEAL_OK)
		r = tell_approvals(p);
	return r == CSEAL_OK ? tell(&t) : r;
}
