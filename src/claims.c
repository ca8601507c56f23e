/* SPDX-License-Identifier: BSD-2-Clause */

#include "claims.h"

#include <string.h>

#include "slice.h"
#include "used.h"

static int
find_elsewhere(
    const struct claims *c, enum used_answer *out, struct cseal_error *err)
{
	const struct cseal_change *h = c->change;
	struct used u;

	used_begin(&u, h->kind);
	for (size_t i = 0; i < h->n_values; i++)
		used_set(&u, h->values[i].field->name,
		    cseal_buf_slice(&h->values[i].text));
	return used_elsewhere(
	    &u, c->openings, c->state, h->store, c->seen, out, err);
}

static int
find(const struct claims *c, struct cseal_facts *out,
    enum used_answer *elsewhere, struct cseal_error *err)
{
	int r;

	if ((r = cseal_change_facts(c->change, out, err)) != CSEAL_OK ||
	    (r = find_elsewhere(c, elsewhere, err)) != CSEAL_OK)
		return r;
	out->has_elsewhere = out->elsewhere = *elsewhere == USED_YES;
	return CSEAL_OK;
}

int
claims_make(
    const struct claims *c, struct cseal_facts *out, struct cseal_error *err)
{
	enum used_answer elsewhere;

	return find(c, out, &elsewhere, err);
}

int
claims_hold(const struct claims *c, struct cseal_slice stated, bool *hold,
    struct cseal_error *err)
{
	struct cseal_facts mine, told;
	enum used_answer elsewhere;
	struct cseal_buf bytes;
	int r;

	*hold = false;
	if ((r = find(c, &mine, &elsewhere, err)) != CSEAL_OK)
		return r;
	if (cseal_facts_parse(&told, stated) != CSEAL_OK)
		return CSEAL_OK;
	if (elsewhere == USED_UNKNOWN && told.elsewhere)
		mine.has_elsewhere = mine.elsewhere = true;
	cseal_buf_init(&bytes, 1024);
	r = cseal_facts_encode(&bytes, &mine);
	*hold = r == CSEAL_OK && slice_same(cseal_buf_slice(&bytes), stated);
	cseal_buf_free(&bytes);
	return r;
}
