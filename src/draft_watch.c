/* SPDX-License-Identifier: BSD-2-Clause */
/* Drafts of the brake: a freeze, and the request to lift one. */

#include <string.h>

#include "counterseal/text.h"

#include "draft_making.h"
#include "records.h"

/* The fold takes any alias, so that a typing error would freeze nothing. */
static int
check_store(const struct making *m, struct cseal_slice alias)
{
	const struct cseal_policy *p = cseal_state_policy(m->s);
	char store[CSEAL_HANDLE_BYTES];

	if (state_copy(store, sizeof(store), alias) &&
	    cseal_text_is_handle(store, strlen(store)) &&
	    cseal_policy_store(p, store) != NULL)
		return CSEAL_OK;
	return cseal_error_set(m->err, CSEAL_ERR_NOT_FOUND, "store",
	    "the policy declares no store of that alias");
}

int
cseal_draft_freeze(struct cseal_draft **out, struct cseal_desk *d, uint64_t key,
    const struct cseal_freeze *what, struct cseal_error *err)
{
	struct making m;
	int r;

	*out = NULL;
	r = making_begin(&m, d, key, CSEAL_FREEZE, err);
	if (r == CSEAL_OK && what->has_store)
		r = check_store(&m, what->store);
	if (r == CSEAL_OK && what->has_key && state_key(m.s, what->key) == NULL)
		r = cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "key",
		    "the ledger has no key number %llu; see: counterseal key "
		    "list",
		    (unsigned long long)what->key);
	if (r == CSEAL_OK) {
		m.st.u.freeze = *what;
		r = panel_freeze(&m.p->panel, m.s, what, m.panel.signer);
	}
	return making_end(&m, r, out);
}

static const struct cseal_state_freeze *
find_freeze(const struct cseal_state *s, uint64_t entry)
{
	const struct cseal_state_freeze *f;

	for (size_t i = 0; (f = cseal_state_freeze(s, i)) != NULL; i++) {
		if (f->entry == entry)
			return f;
	}
	return NULL;
}

int
cseal_draft_lift(struct cseal_draft **out, struct cseal_desk *d, uint64_t key,
    uint64_t freeze, struct cseal_error *err)
{
	char slot[sizeof("freeze/") + 8] = "freeze/";
	const struct cseal_state_freeze *f;
	struct record_leaf detail;
	struct making m;
	int r;

	*out = NULL;
	r = making_begin(&m, d, key, CSEAL_REQUEST, err);
	f = r == CSEAL_OK ? find_freeze(m.s, freeze) : NULL;
	if (r == CSEAL_OK && f == NULL)
		r = cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "freeze",
		    "entry %llu froze nothing; see: counterseal status",
		    (unsigned long long)freeze);
	if (r != CSEAL_OK)
		return making_end(&m, r, out);
	memcpy(detail.leaf, f->leaf, sizeof(detail.leaf));
	cseal_base32(f->leaf, 8, slot + strlen(slot));
	r = schema_encode(&record_freeze_lift, &m.detail, &detail);
	if (r == CSEAL_OK)
		r = panel_lift(&m.panel.about, m.s, &detail);
	return r != CSEAL_OK ? making_end(&m, r, out)
			     : making_authority(&m, "freeze.lift", slot, out);
}
