/* SPDX-License-Identifier: BSD-2-Clause */
/* The draft that asks for other rules. */

#include "draft_making.h"
#include "records.h"

int
cseal_draft_policy_set(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, struct cseal_slice text, struct cseal_error *err)
{
	const struct cseal_policy_text detail = {
		.language = CSEAL_POLICY_LANGUAGE,
		.text = text,
	};
	struct cseal_policy *p = NULL;
	struct making m;
	int r;

	*out = NULL;
	r = cseal_policy_parse(&p, detail.language, text, err);
	cseal_policy_free(p);
	if (r != CSEAL_OK)
		return r;
	r = making_begin(&m, d, key, CSEAL_REQUEST, err);
	if (r == CSEAL_OK)
		r = schema_encode(&record_policy, &m.detail, &detail);
	if (r == CSEAL_OK)
		r = panel_policy(
		    &m.panel.about, m.s, cseal_buf_slice(&m.detail));
	return r != CSEAL_OK
		   ? making_end(&m, r, out)
		   : making_authority(&m, "policy.set", "policy", out);
}
