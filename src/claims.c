/* SPDX-License-Identifier: BSD-2-Clause */

#include "claims.h"

#include <string.h>

#include "slice.h"
#include "used.h"

/* ---- fact 5: what the policy says of domains ---- */

enum domain_class {
	DOMAIN_COMPANY = 1,
	DOMAIN_FREE_MAIL = 2,
	DOMAIN_OTHER = 3,
};

/*
 * "example.com" of the address of which a row of the kind's facts is;
 * canonical, so that bytes compare. Without data if it is not given.
 */
static struct cseal_slice
domain_of(const struct cseal_change *c, const struct cseal_kind_fact *f)
{
	const struct cseal_value *v = f->fact == CSEAL_FACT_DOMAIN
					  ? cseal_change_value(c, f->field)
					  : NULL;
	struct cseal_slice s = { NULL, 0 };
	size_t at;

	if (v == NULL)
		return s;
	for (at = v->text.len; at > 0 && v->text.data[at - 1] != '@';)
		at--;
	s.data = v->text.data + at;
	s.len = v->text.len - at;
	return s;
}

static bool
is_named(const struct cseal_names *names, struct cseal_slice domain)
{
	for (size_t i = 0; i < names->n; i++) {
		if (slice_is(domain, names->items[i]))
			return true;
	}
	return false;
}

static uint8_t
class_of(const struct cseal_policy_change *rules, struct cseal_slice domain)
{
	if (is_named(&rules->company_domains, domain))
		return DOMAIN_COMPANY;
	return is_named(&rules->free_mail, domain) ? DOMAIN_FREE_MAIL
						   : DOMAIN_OTHER;
}

/* Of several addresses the one that is known least decides. */
static uint8_t
find_domain(const struct claims *c)
{
	const struct cseal_kind *k = c->change->kind;
	const struct cseal_policy *p = state_policy_at(c->state, c->seen);
	const struct cseal_policy_change *rules =
	    p != NULL ? cseal_policy_change(p, k) : NULL;
	uint8_t most = 0, class;

	if (rules == NULL || rules->company_domains.n + rules->free_mail.n == 0)
		return 0;
	for (size_t i = 0; i < k->n_facts; i++) {
		struct cseal_slice d = domain_of(c->change, &k->facts[i]);

		class = d.data != NULL ? class_of(rules, d) : 0;
		most = class > most ? class : most;
	}
	return most;
}

int
claims_blocked(const struct cseal_policy *p, const struct cseal_change *c,
    struct cseal_error *err)
{
	const struct cseal_policy_change *rules =
	    cseal_policy_change(p, c->kind);

	for (size_t i = 0; rules != NULL && i < c->kind->n_facts; i++) {
		struct cseal_slice d = domain_of(c, &c->kind->facts[i]);

		if (d.data == NULL || !is_named(&rules->blocked_domains, d))
			continue;
		return cseal_error_set(err, CSEAL_ERR_REFUSED,
		    c->kind->facts[i].field,
		    "the policy blocks the domain %.*s for %s: use an address "
		    "that the organisation controls",
		    (int)d.len, (const char *)d.data, c->kind->name);
	}
	return CSEAL_OK;
}

/* ---- fact 11: used at another store ---- */

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

/* ---- all of them ---- */

static int
find(const struct claims *c, struct cseal_facts *out,
    enum used_answer *elsewhere, struct cseal_error *err)
{
	int r;

	if ((r = cseal_change_facts(c->change, out, err)) != CSEAL_OK ||
	    (r = find_elsewhere(c, elsewhere, err)) != CSEAL_OK)
		return r;
	out->domain = find_domain(c);
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
