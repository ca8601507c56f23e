/* SPDX-License-Identifier: BSD-2-Clause */
/* What is looked at before somebody types: could it be asked for at all? */

#include <string.h>

#include "counterseal/text.h"

#include "desk.h"

#define NEAR_MAX 1024 /* stores that a mistyped one is compared with */

/* "main-ed; did you mean main-de?" as the refusal's particulars. */
static enum rule_id
say_store(const struct cseal_state *s, struct fold_entry *e, const char *store)
{
	const struct cseal_policy *p = cseal_state_policy(s);
	const struct cseal_policy_store *declared;
	const char *names[NEAR_MAX];
	struct cseal_buf near;
	enum rule_id rule;
	size_t n = 0;

	while (n < NEAR_MAX && (declared = cseal_policy_store_at(p, n)) != NULL)
		names[n++] = declared->name;
	cseal_buf_init(&near, 0);
	(void)cseal_near(&near, store, names, n);
	rule = fold_say(e, RULE_STORE_UNKNOWN, "%s%s%s%s", store,
	    near.len > 0 ? "; did you mean " : "", cseal_buf_str(&near),
	    near.len > 0 ? "?" : "");
	cseal_buf_free(&near);
	return rule;
}

/* The rules of a request that need none of its values. */
static enum rule_id
check(const struct cseal_state *s, struct fold_entry *e,
    const struct cseal_change *c)
{
	const struct cseal_policy *p = cseal_state_policy(s);
	const struct cseal_policy_change *rules =
	    cseal_policy_change(p, c->kind);

	if (rules == NULL)
		return fold_say(e, RULE_KIND_NOT_ALLOWED, "%s", c->kind->name);
	if (!fold_signer_in(s, e, &rules->may_request))
		return fold_say(e, RULE_REQUESTER_ROLE, "%s", c->kind->name);
	if (c->kind->authority)
		return RULE_OK;
	if (cseal_policy_store(p, c->store) == NULL)
		return say_store(s, e, c->store);
	return cseal_policy_has_slot(p, c->store, c->slot)
		   ? RULE_OK
		   : fold_say(e, RULE_STORE_UNKNOWN, "%s has no slot %s",
			 c->store, c->slot);
}

int
cseal_desk_may_request(struct cseal_desk *d, uint64_t key,
    const struct cseal_change *c, struct cseal_error *err)
{
	const struct cseal_state *s = cseal_desk_state(d);
	struct fold_entry e = { 0 };
	enum rule_id rule;

	if (cseal_state_key(s, key) == NULL)
		return cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "key",
		    "the ledger has no key number %llu",
		    (unsigned long long)key);
	e.st.kind = CSEAL_REQUEST;
	e.st.key = key;
	rule = check(s, &e, c);
	return rule == RULE_OK ? CSEAL_OK : desk_refuse(err, rule, &e);
}
