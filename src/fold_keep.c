/* SPDX-License-Identifier: BSD-2-Clause */
/* erase and endorse: values that go, heads that are kept. */

#include <string.h>

#include "fold.h"

/* ---- erase ---- */

static bool
has_opening(const struct state_change *c, struct cseal_slice name)
{
	const struct cseal_request *r = &c->statement.u.request;

	for (size_t i = 0; i < r->n_fields; i++) {
		if (r->fields[i].name.len == name.len &&
		    memcmp(r->fields[i].name.data, name.data, name.len) == 0)
			return true;
	}
	return fold_has_evidence(c, name);
}

enum rule_id
fold_check_erase(const struct cseal_state *s, struct fold_entry *e)
{
	static const struct cseal_roles admins = { { "admin" }, 1 };
	const struct cseal_erase *x = &e->st.u.erase;
	const struct state_change *c = state_change(s, x->index);
	enum rule_id rule = fold_check_about(s, e, x->index, x->leaf);

	if (rule != RULE_OK)
		return rule;
	if (!fold_signer_in(s, e, &admins))
		return RULE_ERASE_ROLE;
	if (state_is_open(c) || c->pub.status == CSEAL_CHANGE_IN_FORCE)
		return RULE_ERASE_OPEN;
	for (size_t i = 0; i < x->n_names; i++) {
		if (!has_opening(c, x->names[i]))
			return RULE_FIELDS;
	}
	return RULE_OK;
}

int
fold_accept_erase(struct cseal_state *s, struct fold_entry *e)
{
	struct state_change *c = state_change(s, e->st.u.erase.index);

	c->pub.erased = true;
	return digest_log_step(&c->thread, e->index + 1, e->leaf);
}

/* ---- endorse ---- */

/* The head endorsed is within what the signer had seen. */
enum rule_id
fold_check_endorse(const struct cseal_state *s, struct fold_entry *e)
{
	const struct cseal_head *h = &e->st.u.endorse;
	const uint8_t *root;

	if (h->size > e->st.seen.size)
		return RULE_ENDORSE_ROOT;
	root = state_root(s, h->size);
	if (root == NULL)
		return RULE_HEAD_OLD;
	return memcmp(root, h->root, CSEAL_HASH_BYTES) == 0 ? RULE_OK
							    : RULE_ENDORSE_ROOT;
}

int
fold_accept_endorse(struct cseal_state *s, struct fold_entry *e)
{
	(void)s;
	(void)e;
	return CSEAL_OK;
}
