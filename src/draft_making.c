/* SPDX-License-Identifier: BSD-2-Clause */

#include "draft_making.h"

#include <string.h>

#include "outbox.h"

static void
making_free(struct making *m)
{
	cseal_buf_free(&m->facts);
	cseal_buf_free(&m->detail);
	cseal_buf_free(&m->why);
	cseal_buf_free(&m->panel.about);
	cseal_buf_free(&m->panel.reentered);
	for (size_t i = 0; i < VALUES_MAX; i++)
		cseal_buf_free(&m->values[i]);
	cseal_draft_free(m->p);
}

int
making_begin(struct making *m, struct cseal_desk *d, uint64_t key,
    uint64_t kind, struct cseal_error *err)
{
	memset(m, 0, sizeof(*m));
	m->desk = d;
	m->err = err;
	m->s = cseal_desk_state(d);
	m->key = cseal_state_key(m->s, key);
	if (m->key == NULL)
		return cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "key",
		    "the ledger has no key number %llu",
		    (unsigned long long)key);
	m->p = draft_new();
	if (m->p == NULL)
		return CSEAL_ERR_NOMEM;
	m->st.version = CSEAL_FORMAT_VERSION;
	m->st.kind = kind;
	m->st.has_ledger = true;
	memcpy(m->st.ledger, cseal_state_ledger_id(m->s), CSEAL_HASH_BYTES);
	m->st.seen = cseal_state_head(m->s);
	memcpy(m->st.authority, cseal_state_authority(m->s), CSEAL_HASH_BYTES);
	m->st.key = key;
	m->st.clock = cseal_desk_now(d);
	m->panel.state = m->s;
	m->panel.utc_offset = d->options.utc_offset;
	m->panel.signer = cseal_state_person(m->s, m->key->person)->handle;
	return CSEAL_OK;
}

int
making_end(struct making *m, int r, struct cseal_draft **out)
{
	if (r == CSEAL_OK)
		r = outbox_check(m->desk, &m->st, m->err);
	if (r == CSEAL_OK)
		r = draft_finish(m->p, m->s, &m->st, m->key, m->err);
	if (r == CSEAL_OK) {
		/* Terminated, so that it can be handed out as it is. */
		(void)cseal_buf_str(&m->p->panel);
		*out = m->p; /* transferred */
		m->p = NULL;
	}
	making_free(m);
	return r;
}

struct panel_value *
making_add_value(struct making *m, const struct cseal_field *f)
{
	struct panel_value *v = &m->panel.values[m->panel.n_values++];

	v->name = f->name;
	v->label = f->label;
	return v;
}

int
making_put_now(struct making *m, struct panel_value *v)
{
	const struct cseal_state_slot *t =
	    cseal_state_slot_find(m->s, m->panel.store, m->panel.slot);
	struct cseal_buf *b = &m->values[m->panel.n_values - 1];
	const struct cseal_state_change *c;
	int r;

	if (t == NULL)
		return CSEAL_OK;
	c = cseal_state_change_find(m->s, t->change);
	if (c == m->panel.change)
		return CSEAL_OK;
	r = cseal_desk_value(m->desk, c, v->name, b, m->err);
	if (r == CSEAL_ERR_NOT_FOUND)
		return CSEAL_OK;
	v->has_now = r == CSEAL_OK;
	v->now = cseal_buf_slice(b);
	return r;
}
