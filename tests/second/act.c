/* SPDX-License-Identifier: BSD-2-Clause */
/* One act: from its row to the draft that an honest desk would make. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/offer.h"
#include "mutant.h"

#define DAY	 86400
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const handles[] = { "lin", "mina", "petr", "omar", "zoe" };

static const char *
handle_of(const struct act *a)
{
	return handles[a->choice % COUNT(handles)];
}

static bool
is_change(struct maker *m, uint64_t index)
{
	return cseal_state_change_find(m->state, index) != NULL;
}

/* ---- requests ---- */

static struct maker_draft *
iban(struct maker *m, const struct act *a)
{
	struct maker_draft *d = maker_request(m, a->key, NULL);

	if (a->choice % 4 == 0) {
		maker_evidence(m, d, 1 + a->choice % 5);
		maker_evidence(m, d, 1 + a->choice / 5 % 5);
	}
	if (a->choice % 5 == 0)
		maker_check(d, 1, 1 + a->choice % 3);
	return d;
}

static struct maker_draft *
iban_item(struct maker *m, const struct act *a)
{
	static const char *const slots[] = { "payout/00000000",
		"payout/a1b2c3d4" };
	struct maker_draft *d = maker_request(m, a->key, slots[a->choice % 2]);

	d->st.u.request.op =
	    a->choice % 3 == 0 ? CSEAL_OP_ADD : CSEAL_OP_REPLACE;
	return d;
}

static struct maker_draft *
email(struct maker *m, const struct act *a)
{
	return maker_request_email(m, a->key);
}

static bool
has_values(struct maker *m, uint64_t index)
{
	const struct maker_entry *e = vec_at(&m->entries, (size_t)index);

	return is_change(m, index) && e != NULL && e->n_openings > 0;
}

/* An account that was asked for before, and what is stated of it, or not. */
static struct maker_draft *
again(struct maker *m, const struct act *a)
{
	static const char *const stores[] = { MAKER_STORE, "shop-fr",
		"shop-it" };
	uint64_t index = a->about;

	while (index > 0 && !has_values(m, index))
		index--;
	if (index == 0)
		return NULL;
	return maker_request_again(
	    m, a->key, stores[a->choice % 3], index, a->choice % 2 == 0);
}

static struct maker_draft *
iban_remove(struct maker *m, const struct act *a)
{
	struct maker_draft *d = maker_request(m, a->key, NULL);

	maker_request_remove(d);
	return d;
}

static struct maker_draft *
iban_baseline(struct maker *m, const struct act *a)
{
	static const char *const slots[] = { "payout", "payout/baseline",
		"payout/00000000" };
	struct maker_draft *d = maker_request(m, a->key, slots[a->choice % 3]);

	d->st.u.request.op = CSEAL_OP_BASELINE;
	return d;
}

/* ---- authority ---- */

/* Before it is enrolled. */
static void
spoil_key(struct maker *m, struct maker_key *k, const struct act *a)
{
	const struct maker_key *first = &m->keys[0];

	switch (a->wrong) {
	case 1: memcpy(k->nonce, first->nonce, sizeof(k->nonce)); break;
	case 2: memcpy(k->id, first->id, sizeof(k->id)); break;
	case 3:
		memcpy(k->aaguid, cseal_software_aaguid, sizeof(k->aaguid));
		break;
	case 4: *(k->has_desk ? &k->desk[64] : &k->point[1]) ^= 1; break;
	case 5: maker_key_alg(k, m->seed, 0, CSEAL_ALG_ES256); break;
	default: break;
	}
}

static struct maker_draft *
key_add(struct maker *m, const struct act *a)
{
	static const int algs[] = { CSEAL_ALG_ES256, CSEAL_ALG_ES384,
		CSEAL_ALG_EDDSA };
	const struct maker_enrolment how = { .ledger = m->state->id,
		.ledger_rp_id = a->choice % 7 != 0,
		.flags = a->wrong == 6	 ? 0x4d
			 : a->wrong == 7 ? 0x44
					 : 0,
		.handle = a->wrong == 8 ? "nobody" : NULL,
		.format = a->choice % 3 == 0 ? "none" : NULL };
	struct maker_key *k;
	size_t key;

	if (m->n_keys == MAKER_KEYS)
		return NULL;
	key = maker_key_new(m, handle_of(a));
	k = &m->keys[key];
	maker_key_alg(k, m->seed, key, algs[a->choice / 8 % 3]);
	k->monitor = a->choice % 4 == 0;
	if (a->choice % 5 < 3)
		maker_key_desk(k, m->seed, key);
	if (!how.ledger_rp_id)
		snprintf(k->rp_id, sizeof(k->rp_id), "pay.example.com");
	spoil_key(m, k, a);
	maker_key_enrol(k, &how);
	return maker_key_add(m, a->key, key);
}

static struct maker_draft *
key_revoke(struct maker *m, const struct act *a)
{
	struct maker_draft *d = maker_key_revoke(m, a->key, a->about);
	const struct cseal_revocation v = { .key = a->about,
		.reason = 1 + a->choice % 9,
		.has_lost = a->choice % 2 == 0,
		.lost_since = MAKER_CLOCK,
		.lost_size = a->choice % 8 };

	cseal_buf_reset(&d->detail);
	assert_int_equal(cseal_revocation_encode(&d->detail, &v), CSEAL_OK);
	d->st.u.request.detail = cseal_buf_slice(&d->detail);
	return d;
}

static struct maker_draft *
person_set(struct maker *m, const struct act *a)
{
	static const char *const roles[] = { "approver", "admin approver",
		"operator finance", "finance approver operator",
		"admin approver operator" };

	return maker_person_set(
	    m, a->key, handle_of(a), roles[a->choice / 8 % COUNT(roles)]);
}

static struct maker_draft *
person_leave(struct maker *m, const struct act *a)
{
	return maker_person_leave(m, a->key, handle_of(a));
}

static struct maker_draft *
policy_set(struct maker *m, const struct act *a)
{
	static const char *const lines[][3] = {
		{ "[change payout.iban]", "approvals", "2 approver" },
		{ "[change payout.iban]", "approvals",
		    "1 approver and 1 operator" },
		{ "[change contact.login_email]", "may request", NULL },
		{ "[ledger]", "attestation", "trusted" },
		{ "[ledger]", "clock tolerance", "0m" },
		{ "[change payout.iban]", "cooling off", "1h" },
		{ "[freeze]", "by", "operator" },
		{ "[change payout.iban]", "evidence", "name-check document" },
		{ "[change payout.iban]", "request lives", "1h" },
		{ "[store *]", "slots", "payout" },
		{ "[change payout.iban]", "may apply", "none" },
		{ "[ledger]", "attestation", "perhaps" },
		{ "[change policy.set]", "approvals", NULL },
		{ "[change key.revoke]", "approvals", "3 admin" },
		{ "[change payout.iban]", "may request", NULL },
		{ "[change payout.iban]", "first seen", "1 more approver" },
		{ "[change payout.iban]", "after contact change",
		    "1 more approver for 7d" },
		{ "[change payout.iban]", "countries", "FR" },
		{ "[change payout.iban]", "currencies", "USD" },
		{ "[change contact.login_email]", "free mail", "example.com" },
		{ "[change contact.login_email]", "company domains",
		    "example.org" },
	};
	size_t i = a->choice % COUNT(lines);
	struct maker_draft *d;
	struct cseal_buf text;

	cseal_buf_init(&text, 0);
	maker_policy(&text, NULL, lines[i][0], lines[i][1], lines[i][2]);
	d = maker_policy_set(m, a->key, cseal_buf_str(&text));
	cseal_buf_free(&text);
	return d;
}

static struct maker_draft *
log_set(struct maker *m, const struct act *a)
{
	static const uint8_t key[CSEAL_HASH_BYTES] = { 7 };

	return maker_log_set(m, a->key, a->choice % 2 == 0 ? key : NULL);
}

/* Of the freeze that stands, as a rule. */
static struct maker_draft *
lift(struct maker *m, const struct act *a)
{
	const struct cseal_state_freeze *f;
	uint64_t entry = a->about;

	for (size_t i = 0; (f = cseal_state_freeze(m->state, i)) != NULL; i++) {
		if (!f->lifted && a->choice % 8 != 0)
			entry = f->entry;
	}
	if (cseal_state_freeze(m->state, 0) == NULL || entry >= m->entries.n)
		return NULL;
	return maker_lift(m, a->key, entry);
}

/* ---- about a change ---- */

static struct maker_draft *
approve(struct maker *m, const struct act *a)
{
	struct maker_draft *d;

	if (!is_change(m, a->about))
		return NULL;
	d = maker_approve(m, a->key, a->about);
	if (a->choice % 3 == 0 &&
	    maker_change(m, a->about)->request->u.request.n_fields > 0) {
		d->names[0] = maker_change(m, a->about)
				  ->request->u.request.fields[0]
				  .name;
		d->st.u.act.n_reentered = 1; /* at times not what is asked */
	}
	if (a->choice % 7 < 2)
		maker_evidence(m, d, 1 + a->choice % 5);
	if (a->choice % 7 < 3)
		maker_check(d, 1, 1 + (a->choice % 19 == 0 ? 2 : 0));
	if (a->choice % 7 == 1)
		maker_check(d, 2, 1 + (a->choice % 17 == 0 ? 2 : 0));
	d->st.u.act.shown.utc_offset = (int64_t)(a->choice % 120) - 60;
	return d;
}

static struct maker_draft *
reject(struct maker *m, const struct act *a)
{
	return is_change(m, a->about) ? maker_reject(m, a->key, a->about)
				      : NULL;
}

static struct maker_draft *
withdraw(struct maker *m, const struct act *a)
{
	return is_change(m, a->about) ? maker_withdraw(m, a->key, a->about)
				      : NULL;
}

static struct maker_draft *
apply(struct maker *m, const struct act *a)
{
	struct maker_draft *d;

	if (!is_change(m, a->about))
		return NULL;
	d = maker_apply(m, a->key, a->about,
	    a->choice % 6 == 0 ? CSEAL_APPLY_DIFFERS : CSEAL_APPLY_ENTERED);
	d->st.u.act.level = a->choice % 5;
	return d;
}

/* ---- the others ---- */

static struct maker_draft *
observe(struct maker *m, const struct act *a)
{
	return maker_observe(m, a->key,
	    a->choice % 3 == 0 ? "contact.login_email" : "payout",
	    a->choice % 4 == 0	 ? CSEAL_OBSERVE_DRIFT
	    : a->choice % 8 == 1 ? CSEAL_OBSERVE_MISMATCH
				 : CSEAL_OBSERVE_MATCH);
}

static struct maker_draft *
freeze_store(struct maker *m, const struct act *a)
{
	return maker_freeze_store(m, a->key,
	    a->choice % 3 == 0	 ? NULL
	    : a->choice % 3 == 1 ? MAKER_STORE
				 : "elsewhere");
}

static struct maker_draft *
freeze_key(struct maker *m, const struct act *a)
{
	return maker_freeze_key(m, a->key, a->about);
}

static struct maker_draft *
erase(struct maker *m, const struct act *a)
{
	static const char *const names[] = { "iban", "holder", "email",
		"reason", "document", "document-2", "call-back" };

	return is_change(m, a->about) ? maker_erase(m, a->key, a->about,
					    names[a->choice % COUNT(names)])
				      : NULL;
}

static struct maker_draft *
endorse(struct maker *m, const struct act *a)
{
	return maker_endorse(m, a->key);
}

static struct maker_draft *
reserved(struct maker *m, const struct act *a)
{
	struct maker_draft *d = maker_reserved(m, a->key);

	d->st.kind += a->choice % 4;
	return d;
}

static struct maker_draft *
genesis(struct maker *m, const struct act *a)
{
	return m->entries.n == 0 ? maker_genesis(m, a->key) : NULL;
}

static struct maker_draft *
join(struct maker *m, const struct act *a)
{
	return maker_join(m, a->key);
}

static struct maker_draft *(*const drafts[])(
    struct maker *, const struct act *) = {
	[ACT_GENESIS] = genesis,
	[ACT_JOIN] = join,
	[ACT_IBAN] = iban,
	[ACT_ITEM] = iban_item,
	[ACT_EMAIL] = email,
	[ACT_AGAIN] = again,
	[ACT_REMOVE] = iban_remove,
	[ACT_BASELINE] = iban_baseline,
	[ACT_KEY_ADD] = key_add,
	[ACT_KEY_REVOKE] = key_revoke,
	[ACT_PERSON_SET] = person_set,
	[ACT_PERSON_LEAVE] = person_leave,
	[ACT_POLICY_SET] = policy_set,
	[ACT_LOG_SET] = log_set,
	[ACT_LIFT] = lift,
	[ACT_APPROVE] = approve,
	[ACT_REJECT] = reject,
	[ACT_WITHDRAW] = withdraw,
	[ACT_APPLY] = apply,
	[ACT_OBSERVE] = observe,
	[ACT_FREEZE_STORE] = freeze_store,
	[ACT_FREEZE_KEY] = freeze_key,
	[ACT_ERASE] = erase,
	[ACT_ENDORSE] = endorse,
	[ACT_RESERVED] = reserved,
};

struct maker_draft *
act_draft(struct maker *m, const struct act *a)
{
	struct maker_draft *d;

	if (a->key >= m->n_keys ||
	    (m->entries.n == 0 && a->kind != ACT_GENESIS))
		return NULL;
	m->clock += (uint64_t)a->days * DAY;
	d = drafts[a->kind](m, a);
	if (d != NULL && a->wrong != 0)
		act_spoil(m, d, a);
	return d;
}
