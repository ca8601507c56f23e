/* SPDX-License-Identifier: BSD-2-Clause */

#include "draft_making.h"

#include <string.h>

#include "outbox.h"

static void
making_free(struct making *m)
{
	cseal_buf_free(&m->facts);
	cseal_buf_free(&m->detail);
	panel_change_free(&m->panel);
	values_free(m->openings);
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
	m->openings = values_new(d->ledger);
	if (m->p == NULL || m->openings == NULL)
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
	m->panel.openings = m->openings;
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

int
making_by_key(const void *a, const void *b)
{
	const struct cseal_commitment *x = a, *y = b;

	if (x->name.len != y->name.len)
		return x->name.len < y->name.len ? -1 : 1;
	return memcmp(x->name.data, y->name.data, x->name.len);
}
