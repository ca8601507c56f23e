/* SPDX-License-Identifier: BSD-2-Clause */
/* A change's values: from a file, from the ledger; and what to note of them. */
#include "change_json.h"

#include <string.h>

#include "input.h"

int
cli_change_lines(struct cli *c, struct cseal_change *ch, const char *path)
{
	struct cseal_buf b;
	int r;

	cseal_buf_init(&b, CSEAL_CHANGE_FILE_MAX);
	r = input_read(c, path, CSEAL_CHANGE_FILE_MAX, &b);
	if (r == CSEAL_OK)
		r = change_is_json(&b)
			? change_set_json(c, ch, &b)
			: cseal_change_set_lines(ch, b.data, b.len, &c->err);
	cseal_buf_free(&b);
	return r;
}

/* One value, if it is on this desk. */
static int
load_value(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, const char *name,
    struct cseal_change *ch)
{
	struct cseal_buf b;
	int r;

	cseal_buf_init(&b, CSEAL_VALUE_MAX);
	r = cseal_desk_value(d, h, name, &b, &c->err);
	if (r == CSEAL_OK && b.len > 0)
		r = cseal_change_set(
		    ch, name, strlen(name), b.data, b.len, &c->err);
	else if (r == CSEAL_ERR_NOT_FOUND)
		r = CSEAL_OK;
	cseal_buf_free(&b);
	return r;
}

int
cli_change_load(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, struct cseal_change *ch)
{
	int r;

	r = cseal_change_init(
	    ch, h->kind->name, h->op, h->store, h->slot, &c->err);
	for (size_t i = 0; i < h->kind->n_fields && r == CSEAL_OK; i++)
		r = load_value(c, d, h, h->kind->fields[i].name, ch);
	return r == CSEAL_OK ? load_value(c, d, h, "reason", ch) : r;
}

void
cli_act_notes(struct cli *c, struct cli_act *a, const struct cseal_change *ch)
{
	cseal_change_notes(ch, cseal_desk_now(a->desk), &a->notes);
	for (size_t i = 0; i < a->notes.n; i++)
		cli_note_place(c, "  note: ", a->notes.list[i].field,
		    a->notes.list[i].what);
}
