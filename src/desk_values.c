/* SPDX-License-Identifier: BSD-2-Clause */
/* The values of a change, all together. */

#include <string.h>

#include "commitment.h"
#include "desk.h"

static int
load_value(struct cseal_desk *d, const struct cseal_state_change *c,
    const struct cseal_field *f, struct cseal_change *out,
    struct cseal_error *err)
{
	struct cseal_value *v = &out->values[out->n_values];
	int r;

	cseal_buf_init(&v->text, 0);
	r = cseal_desk_value(d, c, f->name, &v->text, err);
	if (r != CSEAL_OK) {
		cseal_buf_free(&v->text);
		return r == CSEAL_ERR_NOT_FOUND
			   ? cseal_error_set(err, r, f->name,
				 "its value in #%llu is not on this desk",
				 (unsigned long long)c->index)
			   : r;
	}
	(void)cseal_buf_str(&v->text); /* terminated */
	v->field = f;
	out->n_values++;
	return CSEAL_OK;
}

int
cseal_desk_values(struct cseal_desk *d, const struct cseal_state_change *c,
    struct cseal_change *out, struct cseal_error *err)
{
	int r = CSEAL_OK;

	memset(out, 0, sizeof(*out));
	out->kind = c->kind;
	out->op = c->op;
	memcpy(out->store, c->store, sizeof(out->store));
	memcpy(out->slot, c->slot, sizeof(out->slot));
	for (size_t i = 0; i < c->kind->n_fields && r == CSEAL_OK; i++) {
		if (commitment_find(c->request, c->kind->fields[i].name) !=
		    NULL)
			r = load_value(d, c, &c->kind->fields[i], out, err);
	}
	out->closed = r == CSEAL_OK;
	if (r != CSEAL_OK)
		cseal_change_free(out);
	return r;
}
