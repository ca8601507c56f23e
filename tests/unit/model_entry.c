/* SPDX-License-Identifier: BSD-2-Clause */
/* Acts of the model, as the bytes that a key would have sealed. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/text.h"
#include "dcbor.h"
#include "digest.h"
#include "maker_within.h"
#include "model_ledger.h"

/* What a statement borrows while it is encoded. */
struct scratch {
	struct cseal_statement st;
	struct cseal_commitment fields[2];
	struct cseal_evidence evidence[2];
	struct cseal_check checks[2];
	struct cseal_slice name, typed[2];
	struct cseal_buf detail;
	char slot[65];
};

static const char *const handles[MODEL_PERSONS] = { "lin", "mina", "petr",
	"omar", "zoe", "yan" };
static const char *const stores[MODEL_STORES] = { "shop-de", "shop-at" };
static const char *const items[] = { "", "/aaaaaaaa", "/bbbbbbbb" };
static const char *const role_names[MODEL_ROLES] = { "admin", "approver",
	"operator", "finance" };

/* 32 bytes that stand for a number. */
static void
hash_of(uint64_t number, uint8_t out[CSEAL_HASH_BYTES])
{
	for (size_t i = 0; i < CSEAL_HASH_BYTES; i += 8) {
		number = (number ^ number >> 29) * 0x9e3779b97f4a7c15u + i + 1;
		memcpy(out + i, &number, 8);
	}
}

static void
hash_or_lie(uint8_t out[CSEAL_HASH_BYTES], const uint8_t *right, bool is_lie)
{
	if (right == NULL || is_lie)
		hash_of(UINT64_MAX, out);
	else
		memcpy(out, right, CSEAL_HASH_BYTES);
}

static const uint8_t *
leaf_of(const struct cseal_state *s, uint64_t change)
{
	const struct state_change *c = state_change(s, change);

	return c == NULL ? NULL : c->pub.leaf;
}

/* ---- details ---- */

static void
put_person(struct cseal_buf *b, const struct model_act *a)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < MODEL_ROLES; i++)
		n += a->roles >> i & 1;
	dcbor_put_array(b, 2);
	dcbor_put_array(b, 2);
	dcbor_put_str(b, handles[a->number]);
	dcbor_put_array(b, n);
	for (unsigned i = 0; i < MODEL_ROLES; i++) {
		if ((a->roles >> i & 1) != 0)
			dcbor_put_str(b, role_names[i]);
	}
	dcbor_put_null(b);
}

static void
put_policy(const struct model_founding *f, struct cseal_buf *b,
    const struct model_act *a)
{
	const struct cseal_buf *text = NULL;

	for (size_t i = 0; i < f->policies->n; i++) {
		if (a->rules == &f->policies->at[i].rules)
			text = &f->policies->at[i].text;
	}
	dcbor_put_array(b, 2);
	dcbor_put_uint(b, CSEAL_POLICY_LANGUAGE);
	if (text == NULL || a->lie == MODEL_POLICY)
		dcbor_put_str(b, "[ledger]\n");
	else
		dcbor_put_text(b, text->data, text->len);
}

static const uint8_t *
freeze_leaf(const struct cseal_state *s, uint64_t number)
{
	const struct cseal_state_freeze *f =
	    cseal_state_freeze(s, (size_t)number);

	return f == NULL ? NULL : f->leaf;
}

static void
put_detail(const struct model_founding *f, const struct cseal_state *s,
    struct cseal_buf *b, const struct model_act *a)
{
	const struct cseal_revocation v = { .key = a->number, .reason = 2 };
	uint8_t leaf[CSEAL_HASH_BYTES];

	switch (a->what) {
	case MODEL_KEY_ADD:
		(void)cseal_buf_add(
		    b, f->spares[a->number].data, f->spares[a->number].len);
		break;
	case MODEL_KEY_REVOKE: (void)cseal_revocation_encode(b, &v); break;
	case MODEL_PERSON_SET: put_person(b, a); break;
	case MODEL_PERSON_LEAVE: dcbor_put_str(b, handles[a->number]); break;
	case MODEL_POLICY_SET: put_policy(f, b, a); break;
	case MODEL_FREEZE_LIFT:
		hash_or_lie(leaf, freeze_leaf(s, a->number), false);
		dcbor_put_bytes(b, leaf, sizeof(leaf));
		break;
	default: dcbor_put_null(b); break;
	}
}

/* ---- request ---- */

static const char *
person_of_key(const struct cseal_state *s, uint64_t key)
{
	const struct cseal_state_key *k = cseal_state_key(s, key);

	return k == NULL ? "nobody" : cseal_state_person(s, k->person)->handle;
}

static void
put_slot(const struct model_founding *f, const struct cseal_state *s,
    const struct model_act *a, char slot[65])
{
	const char *name = "", *item = "";
	char lift[9];

	switch (a->what) {
	case MODEL_IBAN:
		name = "payout";
		item = items[a->item];
		break;
	case MODEL_EMAIL:
		name = "contact.login_email";
		item = items[a->item];
		break;
	case MODEL_KEY_ADD:
		name = handles[f->model.spares[a->number].person];
		break;
	case MODEL_KEY_REVOKE: name = person_of_key(s, a->number); break;
	case MODEL_PERSON_SET:
	case MODEL_PERSON_LEAVE: name = handles[a->number]; break;
	case MODEL_POLICY_SET: name = "policy"; break;
	case MODEL_LOG_SET: name = "log"; break;
	case MODEL_FREEZE_LIFT:
		name = "freeze/";
		if (freeze_leaf(s, a->number) != NULL) {
			cseal_base32(freeze_leaf(s, a->number), 8, lift);
			item = lift;
		}
		break;
	case MODEL_WHATS: break;
	}
	(void)snprintf(slot, 65, "%s%s", name, item);
	if (a->lie == MODEL_SLOT)
		(void)snprintf(slot, 65, "elsewhere");
}

/* In the order of the encoded names: iban is shorter than holder. */
static size_t
put_fields(const struct model_act *a, struct cseal_commitment fields[2])
{
	static const char *const iban[2] = { "iban", "holder" };
	bool valued = a->what < MODEL_KEY_ADD && a->op != CSEAL_OP_REMOVE;
	size_t n = a->what == MODEL_IBAN ? 2 : 1;
	uint64_t commits[MODEL_COMMITS] = { a->commits, a->commits + 1 };

	(void)model_commits(a, commits);
	for (size_t i = 0; i < 2; i++) {
		fields[i].name =
		    maker_slice(a->what == MODEL_EMAIL ? "email" : iban[i]);
		hash_of(commits[i], fields[i].hash);
	}
	if (a->lie == MODEL_FIELDS)
		return valued ? n - 1 : 1;
	return valued ? n : 0;
}

/* Its commitments are the last ones, those before `end`. */
static size_t
put_evidence(const struct model_act *a, struct scratch *x, const uint64_t *end)
{
	size_t n = 0;

	if (a->reason)
		x->evidence[n++].kind = CSEAL_EVIDENCE_REASON;
	if (a->document)
		x->evidence[n++].kind = CSEAL_EVIDENCE_DOCUMENT;
	for (size_t i = 0; i < n; i++)
		hash_of(end[(ptrdiff_t)i - (ptrdiff_t)n], x->evidence[i].hash);
	return n;
}

static size_t
put_checks(const struct model_act *a, struct cseal_check checks[2])
{
	size_t n = 0;

	if (a->callback != 0)
		checks[n++] =
		    (struct cseal_check){ CSEAL_CHECK_CALL_BACK, a->callback };
	if (a->names != 0)
		checks[n++] =
		    (struct cseal_check){ CSEAL_CHECK_NAME, a->names };
	return n;
}

static void
fill_request(const struct model_founding *f, const struct cseal_state *s,
    const struct model_act *a, struct scratch *x)
{
	static const char *const names[MODEL_WHATS] = { "payout.iban",
		"contact.login_email", "key.add", "key.revoke", "person.set",
		"person.leave", "policy.set", "log.set", "freeze.lift" };
	static const uint8_t facts[] = { 0xa1, 0x01, 0x62, 'D', 'E' };
	struct cseal_request *r = &x->st.u.request;
	bool authority = a->what >= MODEL_KEY_ADD;
	uint64_t commits[MODEL_COMMITS];
	size_t n = model_commits(a, commits);

	r->change_kind =
	    maker_slice(a->lie == MODEL_KIND ? "payout.gold" : names[a->what]);
	r->op = a->op;
	r->store = maker_slice(
	    (a->lie == MODEL_STORE) != authority ? "" : stores[a->store]);
	put_slot(f, s, a, x->slot);
	r->slot = maker_slice(x->slot);
	r->fields = x->fields;
	r->n_fields = put_fields(a, x->fields);
	r->has_before = a->before != 0 || a->lie == MODEL_BEFORE;
	hash_or_lie(r->before, leaf_of(s, a->before), a->lie == MODEL_BEFORE);
	r->not_after = a->not_after;
	r->facts.data = facts;
	r->facts.len = sizeof(facts);
	r->has_detail = authority != (a->lie == MODEL_DETAIL);
	put_detail(f, s, &x->detail, a);
	r->detail = cseal_buf_slice(&x->detail);
	r->n_evidence = put_evidence(a, x, commits + n);
	r->has_evidence = r->n_evidence > 0;
	r->evidence = x->evidence;
	r->n_checks = put_checks(a, x->checks);
	r->has_checks = r->n_checks > 0;
	r->checks = x->checks;
}

/* ---- the other kinds ---- */

/* The names of what an approver typed again. */
static void
put_reentered(
    const struct cseal_state *s, const struct model_act *a, struct scratch *x)
{
	const struct cseal_state_change *c =
	    cseal_state_change_find(s, a->change);
	struct cseal_act *act = &x->st.u.act;

	act->reentered = x->typed;
	if (a->lie == MODEL_NAMES) {
		x->typed[0] = x->name;
		act->n_reentered = 1;
	} else if (c != NULL && !c->kind->authority && a->reentered > 0) {
		x->typed[0] = maker_slice(c->kind->fields[0].name);
		if (c->kind->n_fields > 1)
			x->typed[0] = maker_slice("iban");
		x->typed[1] = maker_slice("holder");
		act->n_reentered = c->kind->n_fields > 1 ? a->reentered : 1;
	}
}

static void
fill_act(
    const struct cseal_state *s, const struct model_act *a, struct scratch *x)
{
	static const uint8_t facts[2][5] = { { 0xa1, 0x01, 0x62, 'D', 'E' },
		{ 0xa1, 0x01, 0x62, 'F', 'R' } };
	struct cseal_act *act = &x->st.u.act;
	uint64_t commits[MODEL_COMMITS] = { 0 };
	size_t n = model_commits(a, commits);

	act->index = a->change;
	hash_or_lie(act->leaf, leaf_of(s, a->change), a->lie == MODEL_LEAF);
	put_reentered(s, a, x);
	act->shown.template_number = 1;
	act->shown.language = maker_slice("en");
	hash_of(commits[0], act->shown.hash);
	act->facts.data = facts[a->lie == MODEL_FACTS];
	act->facts.len = sizeof(facts[0]);
	act->n_evidence = put_evidence(a, x, commits + n);
	act->has_evidence = act->n_evidence > 0;
	act->evidence = x->evidence;
	act->n_checks = put_checks(a, x->checks);
	act->has_checks = act->n_checks > 0;
	act->checks = x->checks;
	act->reason = 6;
	act->outcome = a->outcome;
}

static void
fill_erase(
    const struct cseal_state *s, const struct model_act *a, struct scratch *x)
{
	struct cseal_erase *e = &x->st.u.erase;

	e->index = a->change;
	hash_or_lie(e->leaf, leaf_of(s, a->change), a->lie == MODEL_LEAF);
	if (a->lie != MODEL_NAMES)
		x->name = maker_slice("reason");
	e->names = &x->name;
	e->n_names = 1;
}

static void
fill_observe(const struct model_act *a, struct scratch *x)
{
	struct cseal_observe *o = &x->st.u.observe;
	uint64_t commits[MODEL_COMMITS] = { 0 };

	(void)model_commits(a, commits);
	(void)snprintf(x->slot, sizeof(x->slot), "%s%s",
	    a->lie == MODEL_SLOT    ? "elsewhere"
	    : a->what == MODEL_IBAN ? "payout"
				    : "contact.login_email",
	    items[a->item]);
	o->store = maker_slice(stores[a->store]);
	o->slot = maker_slice(x->slot);
	o->outcome = a->outcome;
	o->level = a->level;
	o->fields = x->fields;
	o->n_fields = 1;
	x->fields[0].name = maker_slice("iban");
	hash_of(commits[0], x->fields[0].hash);
	o->source = maker_slice("script");
}

static void
fill_freeze(const struct model_act *a, struct scratch *x)
{
	struct cseal_freeze *z = &x->st.u.freeze;

	z->has_store = a->has_store;
	z->store = maker_slice(stores[a->store]);
	z->has_key = a->has_key;
	z->key = a->number;
	z->reason = 8;
}

static void
fill_endorse(
    const struct cseal_state *s, const struct model_act *a, struct scratch *x)
{
	struct cseal_head *h = &x->st.u.endorse;

	h->size = a->number;
	hash_or_lie(h->root, state_root(s, a->number), a->lie == MODEL_LEAF);
}

static void
fill_payload(const struct model_founding *f, const struct cseal_state *s,
    const struct model_act *a, struct scratch *x)
{
	static const uint8_t any[] = { 0xf6 };

	x->name = maker_slice("nonsense");
	switch (a->kind) {
	case CSEAL_JOIN:
		hash_or_lie(x->st.u.join.genesis, s->genesis_leaf,
		    a->lie == MODEL_LEAF);
		break;
	case CSEAL_REQUEST: fill_request(f, s, a, x); break;
	case CSEAL_OBSERVE: fill_observe(a, x); break;
	case CSEAL_FREEZE: fill_freeze(a, x); break;
	case CSEAL_ERASE: fill_erase(s, a, x); break;
	case CSEAL_ENDORSE: fill_endorse(s, a, x); break;
	case CSEAL_APPROVE:
	case CSEAL_REJECT:
	case CSEAL_WITHDRAW:
	case CSEAL_APPLY: fill_act(s, a, x); break;
	default:
		x->st.u.ignored.data = any;
		x->st.u.ignored.len = sizeof(any);
		break;
	}
}

static void
fill_header(const struct cseal_state *s, const struct model_act *a,
    struct cseal_statement *st)
{
	const struct state_change *c = state_change(s, a->change);

	st->version = CSEAL_FORMAT_VERSION;
	st->kind = a->kind;
	st->has_ledger = true;
	hash_or_lie(st->ledger, s->id, a->lie == MODEL_LEDGER);
	st->seen.size = a->seen;
	hash_or_lie(
	    st->seen.root, state_root(s, a->seen), a->lie == MODEL_ROOT);
	hash_or_lie(st->authority, digest_log_at(&s->authority, a->seen),
	    a->lie == MODEL_A);
	st->has_thread = (a->kind >= CSEAL_APPROVE && a->kind <= CSEAL_APPLY) ||
			 a->kind == CSEAL_ERASE;
	hash_or_lie(st->thread,
	    c == NULL ? NULL : digest_log_at(&c->thread, a->seen),
	    a->lie == MODEL_T);
	st->key = a->key;
	st->clock = a->clock;
}

/* ---- the seal ---- */

static void
put_seal(const struct model_act *a, struct cseal_slice statement,
    struct cseal_buf *out)
{
	static const uint8_t none[] = "signature";
	struct cseal_entry e = { .statement = statement };
	struct cseal_buf auth, client;
	unsigned flags = CSEAL_FLAG_UP | CSEAL_FLAG_UV;

	if (a->lie == MODEL_UP)
		flags &= ~(unsigned)CSEAL_FLAG_UP;
	if (a->lie == MODEL_UV)
		flags &= ~(unsigned)CSEAL_FLAG_UV;
	cseal_buf_init(&auth, 0);
	cseal_buf_init(&client, 0);
	maker_auth_data(MAKER_RP_ID, (uint8_t)flags, a->counter, &auth);
	if (cseal_seal_client_data(&client, "webauthn.get", CSEAL_NAMESPACE,
		statement, maker_slice(MAKER_RP_ID)) != CSEAL_OK)
		abort();
	e.seal.auth_data = cseal_buf_slice(&auth);
	e.seal.client_data = cseal_buf_slice(&client);
	e.seal.signature.data = none;
	e.seal.signature.len = sizeof(none);
	if (cseal_entry_encode(out, &e) != CSEAL_OK)
		abort();
	cseal_buf_free(&auth);
	cseal_buf_free(&client);
}

void
model_entry(const struct model_founding *f, const struct cseal_state *s,
    const struct model_act *a, struct cseal_buf *out)
{
	struct cseal_buf statement;
	struct scratch x;

	memset(&x, 0, sizeof(x));
	cseal_buf_init(&x.detail, 0);
	cseal_buf_init(&statement, 0);
	fill_header(s, a, &x.st);
	fill_payload(f, s, a, &x);
	if (cseal_statement_encode(&statement, &x.st) != CSEAL_OK)
		abort();
	put_seal(a, cseal_buf_slice(&statement), out);
	cseal_buf_free(&statement);
	cseal_buf_free(&x.detail);
}
