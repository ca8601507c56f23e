/* SPDX-License-Identifier: BSD-2-Clause */
/* What policy says of a change's values, which it sees as facts alone. */

#include <string.h>

#include "fold.h"

#define DOMAIN_OTHER 3 /* docs/format.md section 4, facts */

static bool
is_listed(const struct cseal_names *names, const char *fact)
{
	return names->n == 0 || fact[0] == '\0' || cseal_names_has(names, fact);
}

/* Where providers are declared, others are not paid through. */
static bool
is_provider(const struct cseal_policy *p, const char *name)
{
	const struct cseal_provider *v = cseal_policy_provider(p, 0);

	if (v == NULL || name[0] == '\0')
		return true;
	for (size_t i = 0; (v = cseal_policy_provider(p, i)) != NULL; i++) {
		if (strcmp(v->name, name) == 0)
			return v->member != 0;
	}
	return false;
}

static bool
is_domain(const struct cseal_policy_change *rules, uint8_t class)
{
	return (rules->company_domains.n == 0 && rules->free_mail.n == 0) ||
	       class != DOMAIN_OTHER;
}

enum rule_id
fold_check_facts(const struct cseal_state *s, struct fold_entry *e,
    const struct cseal_policy_change *rules, const struct cseal_facts *f)
{
	if (!is_listed(&rules->countries, f->country))
		return fold_say(e, RULE_REQUEST_COUNTRY, "%s", f->country);
	if (!is_listed(&rules->currencies, f->currency))
		return fold_say(e, RULE_REQUEST_CURRENCY, "%s", f->currency);
	if (!is_provider(cseal_state_policy(s), f->provider))
		return fold_say(e, RULE_REQUEST_PROVIDER, "%s", f->provider);
	if (!is_domain(rules, f->domain))
		return RULE_REQUEST_DOMAIN;
	if (rules->one_per_store != 0 && f->has_elsewhere && f->elsewhere)
		return RULE_REQUEST_ELSEWHERE;
	return RULE_OK;
}
