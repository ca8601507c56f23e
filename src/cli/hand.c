/* SPDX-License-Identifier: BSD-2-Clause */
/* The approved values, one by one, to who enters them in the console. */
#include "apply.h"

#include <string.h>

#define LABEL_COLUMNS 18

static bool
has_field(const struct cseal_request *q, const char *name)
{
	for (size_t i = 0; i < q->n_fields; i++) {
		if (q->fields[i].name.len == strlen(name) &&
		    memcmp(q->fields[i].name.data, name, strlen(name)) == 0)
			return true;
	}
	return false;
}

int
apply_load(struct apply *p)
{
	const struct cseal_state_change *h = p->act.change;
	struct cseal_value *v;
	int r = CSEAL_OK;

	for (size_t i = 0; i < h->kind->n_fields && r == CSEAL_OK; i++) {
		if (!has_field(&h->request->u.request, h->kind->fields[i].name))
			continue;
		v = &p->values[p->n_values++];
		v->field = &h->kind->fields[i];
		cseal_buf_init(&v->text, 0);
		r = cseal_desk_value(
		    p->act.desk, h, v->field->name, &v->text, &p->c->err);
	}
	return r;
}

void
apply_free(struct apply *p)
{
	for (size_t i = 0; i < p->n_values; i++)
		cseal_buf_free(&p->values[i].text);
	p->n_values = 0;
}

/* "  2 of 4  IBAN              DE02 1203 0000 0000 2020 51" */
static int
show_value(struct apply *p, size_t i)
{
	struct cseal_buf *value = &p->values[i].text;
	const struct cseal_field *f = p->values[i].field;
	struct cseal_buf shown;
	int r;

	cseal_buf_init(&shown, 0);
	r = f->format->group(f->format, cseal_buf_str(value), &shown);
	if (r == CSEAL_OK)
		cli_note(p->c, "  %zu of %zu  %-*s %s\n", i + 1, p->n_values,
		    LABEL_COLUMNS, f->label, cseal_buf_str(&shown));
	cseal_buf_free(&shown);
	return r;
}

int
apply_show(struct apply *p)
{
	int r = CSEAL_OK;

	for (size_t i = 0; i < p->n_values && r == CSEAL_OK; i++)
		r = show_value(p, i);
	return r;
}

/* Whatever is pasted here by mistake was not pasted there. */
static int
await_enter(struct apply *p)
{
	const char *prompt = clipboard_is_screen(&p->clip)
				 ? "          enter it, then press Enter: "
				 : "          copied; paste it, then press "
				   "Enter: ";
	struct cseal_buf answer;
	int r;

	cseal_buf_init(&answer, 0);
	do {
		cseal_buf_reset(&answer);
		r = cli_ask(p->c, prompt, true, &answer);
		if (r == CSEAL_OK && answer.len > 0)
			cli_note(p->c, "  ! That came here, and not into the "
				       "console.\n");
	} while (r == CSEAL_OK && answer.len > 0);
	cseal_buf_free(&answer);
	return r;
}

/*
 * The clipboard is looked at twice: a value that was exchanged at once is not
 * pasted at all; one that was exchanged later is told before more is done.
 */
static int
hand_value(struct apply *p, size_t i)
{
	const struct cseal_slice v = cseal_buf_slice(&p->values[i].text);
	const char *name = p->values[i].field->name;
	int r;

	if ((r = show_value(p, i)) != CSEAL_OK)
		return r;
	if (clipboard_is_screen(&p->clip))
		return await_enter(p);
	if ((r = clipboard_put(&p->clip, v)) != CSEAL_OK ||
	    (r = clipboard_check(&p->clip, v, name)) != CSEAL_OK ||
	    (r = await_enter(p)) != CSEAL_OK)
		return r;
	return clipboard_check(&p->clip, v, name);
}

static void
introduce(const struct apply *p)
{
	const struct cseal_state_change *h = p->act.change;
	char name[CSEAL_CHANGE_NAME_BYTES];

	cseal_change_name(h, name);
	if (p->n_values == 0) {
		cli_note(p->c,
		    "  Remove what stands in %s of store %s (#%s).\n", h->slot,
		    h->store, name);
		return;
	}
	cli_note(p->c, "  Enter #%s in the console of store %s, in this order",
	    name, h->store);
	if (clipboard_is_screen(&p->clip))
		cli_note(p->c, ".\n");
	else
		cli_note(p->c, ", from the\n  clipboard (%s)%s.\n",
		    clipboard_name(&p->clip),
		    clipboard_is_watched(&p->clip)
			? ""
			: ", which cannot be watched: compare what is pasted");
}

int
apply_hand(struct apply *p)
{
	int r = CSEAL_OK;

	introduce(p);
	for (size_t i = 0; i < p->n_values && r == CSEAL_OK; i++)
		r = hand_value(p, i);
	clipboard_clear(&p->clip);
	return r;
}
