/* SPDX-License-Identifier: BSD-2-Clause */
/* What changes of authority ask for: rules as text, a key. */

#include "records.h"
#include "state.h"

struct cseal_slice
cseal_state_policy_text(const struct cseal_state *s, uint64_t *since)
{
	const struct state_policy *p = state_policy_now(s);
	const struct cseal_slice none = { NULL, 0 };

	if (since != NULL)
		*since = p == NULL ? 0 : p->since;
	return p == NULL ? none : cseal_buf_slice(&p->text);
}

int
cseal_change_policy_text(
    const struct cseal_state_change *c, struct cseal_slice *out)
{
	struct cseal_policy_text text;
	int r;

	*out = (struct cseal_slice){ NULL, 0 };
	if (c->kind->detail != CSEAL_DETAIL_POLICY_SET)
		return CSEAL_ERR_NOT_FOUND;
	r = schema_parse_all(
	    &record_policy, c->request->u.request.detail, &text, NULL);
	if (r == CSEAL_OK)
		*out = text.text;
	return r;
}

int
cseal_change_revoked_key(const struct cseal_state_change *c, uint64_t *key)
{
	struct cseal_revocation v;
	int r;

	*key = 0;
	if (c->kind->detail != CSEAL_DETAIL_KEY_REVOKE)
		return CSEAL_ERR_NOT_FOUND;
	r = cseal_revocation_parse(&v, c->request->u.request.detail);
	if (r == CSEAL_OK)
		*key = v.key;
	return r;
}
