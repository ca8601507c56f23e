/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules that every entry meets, in order; then those of its kind. */

#include "fold.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "digest.h"

/* One row a kind of statement. */
static const struct {
	enum rule_id (*check)(const struct cseal_state *, struct fold_entry *);
	int (*accept)(struct cseal_state *, struct fold_entry *);
} kinds[] = {
	[CSEAL_GENESIS] = { fold_check_genesis, fold_accept_genesis },
	[CSEAL_JOIN] = { fold_check_join, fold_accept_join },
	[CSEAL_REQUEST] = { fold_check_request, fold_accept_request },
	[CSEAL_APPROVE] = { fold_check_approve, fold_accept_approve },
	[CSEAL_REJECT] = { fold_check_reject, fold_accept_reject },
	[CSEAL_WITHDRAW] = { fold_check_withdraw, fold_accept_withdraw },
	[CSEAL_APPLY] = { fold_check_apply, fold_accept_apply },
	[CSEAL_OBSERVE] = { fold_check_observe, fold_accept_observe },
	[CSEAL_FREEZE] = { fold_check_freeze, fold_accept_freeze },
	[CSEAL_ERASE] = { fold_check_erase, fold_accept_erase },
	[CSEAL_ENDORSE] = { fold_check_endorse, fold_accept_endorse },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

enum rule_id
fold_say(struct fold_entry *e, enum rule_id rule, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(e->detail, sizeof(e->detail), fmt, ap);
	va_end(ap);
	return rule;
}

static enum rule_id
read_statement(struct fold_entry *e, struct cseal_slice statement)
{
	struct cseal_error err = { 0 };
	int r;

	if (digest_sha256(e->digest, &statement, 1) != CSEAL_OK)
		return fold_say(e, RULE_ENTRY_MALFORMED, "no SHA-256");
	r = cseal_statement_parse(&e->st, statement, &err);
	if (r == CSEAL_OK)
		return RULE_OK;
	return fold_say(e,
	    r == CSEAL_ERR_NEWER ? RULE_ENTRY_NEWER : RULE_ENTRY_MALFORMED,
	    "%.40s: %.100s", err.where, err.what);
}

static enum rule_id
if_on(enum rule_id rule)
{
	return rule_is_on(rule) ? rule : RULE_OK;
}

enum rule_id
fold_entry_read(struct fold_entry *e, uint64_t index, struct cseal_slice bytes)
{
	memset(e, 0, sizeof(*e));
	e->index = index;
	if (cseal_merkle_leaf(bytes.data, bytes.len, e->leaf) != CSEAL_OK ||
	    cseal_entry_parse(&e->entry, bytes) != CSEAL_OK)
		return if_on(fold_say(e, RULE_ENTRY_MALFORMED,
		    "not four byte strings within their limits"));
	return if_on(read_statement(e, e->entry.statement));
}

enum rule_id
fold_draft_read(struct fold_entry *e, const struct cseal_state *s,
    struct cseal_slice statement)
{
	memset(e, 0, sizeof(*e));
	e->index = s == NULL ? 0 : s->frontier.size;
	e->is_draft = true;
	e->entry.statement = statement;
	return if_on(read_statement(e, statement));
}

void
fold_entry_free(struct fold_entry *e)
{
	if (e != NULL)
		cseal_statement_free(&e->st);
}

static bool
is_bad_news(const struct cseal_statement *st)
{
	return st->kind == CSEAL_OBSERVE &&
	       st->u.observe.outcome != CSEAL_OBSERVE_MATCH;
}

static enum rule_id
check_signer(const struct cseal_state *s, struct fold_entry *e)
{
	const struct state_key *k = state_key(s, e->st.key);

	if (k == NULL)
		return fold_say(e, RULE_KEY_UNKNOWN, "key %llu",
		    (unsigned long long)e->st.key);
	if (k->pub.revoked)
		return fold_say(e, RULE_KEY_REVOKED, "key %llu, by entry %llu",
		    (unsigned long long)e->st.key,
		    (unsigned long long)k->pub.revoked_at);
	if (state_person(s, k->pub.person)->left)
		return fold_say(e, RULE_PERSON_LEFT, "%s",
		    state_person(s, k->pub.person)->handle);
	if (state_key_frozen(s, e->st.key))
		return fold_say(e, RULE_KEY_FROZEN, "key %llu",
		    (unsigned long long)e->st.key);
	if (k->pub.monitor && !is_bad_news(&e->st))
		return RULE_MONITOR_ACTS;
	return RULE_OK;
}

static enum rule_id
check_seal(const struct cseal_state *s, struct fold_entry *e)
{
	const struct state_key *k = state_key(s, e->st.key);
	const struct cseal_policy *p = cseal_state_policy(s);
	struct cseal_demand demand = {
		.rp_id = { (const uint8_t *)k->pub.rp_id,
		    strlen(k->pub.rp_id) },
		.silent = k->pub.monitor,
		.uv = cseal_policy_uv(p),
		.synced = cseal_policy_synced(p),
	};

	if (e->is_draft)
		return RULE_OK;
	return rule_of_seal(
	    cseal_seal_check(&e->entry, CSEAL_NAMESPACE, &demand));
}

static enum rule_id
check_place(const struct cseal_state *s, struct fold_entry *e)
{
	if (memcmp(e->st.ledger, s->id, sizeof(s->id)) != 0)
		return RULE_LEDGER_OTHER;
	if (hashset_has(&s->statements, e->digest))
		return RULE_STATEMENT_COPY;
	return RULE_OK;
}

static enum rule_id
check_head(const struct cseal_state *s, struct fold_entry *e)
{
	uint64_t size = e->st.seen.size;
	const uint8_t *root, *authority;

	if (size > e->index)
		return fold_say(e, RULE_HEAD_AHEAD, "size %llu at index %llu",
		    (unsigned long long)size, (unsigned long long)e->index);
	root = state_root(s, size);
	if (root == NULL)
		return RULE_HEAD_OLD;
	if (memcmp(root, e->st.seen.root, CSEAL_HASH_BYTES) != 0)
		return fold_say(e, RULE_HEAD_FORKED, "at size %llu",
		    (unsigned long long)size);
	authority = digest_log_at(&s->authority, size);
	if (authority == NULL ||
	    memcmp(authority, e->st.authority, CSEAL_HASH_BYTES) != 0)
		return RULE_AUTHORITY_DIGEST;
	return RULE_OK;
}

static void
note(struct fold_notes *notes, enum rule_id rule)
{
	size_t max = sizeof(notes->rules) / sizeof(notes->rules[0]);

	if (notes->n < max)
		notes->rules[notes->n++] = rule;
}

/* The highest of the key's counters in the entries before `size`. */
static uint32_t
highest_counter(const struct state_key *k, uint64_t size)
{
	for (size_t i = k->counts.n; i > 0; i--) {
		const struct state_count *c = k->counts.items[i - 1];

		if (c->entry < size)
			return c->highest;
	}
	return 0;
}

static bool
has_counter(const struct state_key *k, uint32_t counter)
{
	for (size_t i = 0; i < k->counts.n; i++) {
		const struct state_count *c = k->counts.items[i];

		if (c->counter == counter)
			return true;
	}
	return false;
}

/*
 * Of the same key: every seal that the signer had seen must count less, and
 * no two seals may carry one number. Any other fall is told quietly.
 */
static enum rule_id
check_counter(const struct state_key *k, const struct fold_entry *e)
{
	uint32_t counter = cseal_seal_counter(&e->entry.seal);
	uint32_t seen = highest_counter(k, e->st.seen.size);
	uint32_t highest = highest_counter(k, UINT64_MAX);

	if (counter < seen || (counter == seen && counter != 0))
		return RULE_COUNTER_FALLS;
	if (counter > highest || highest == 0)
		return RULE_OK;
	return counter != 0 && has_counter(k, counter) ? RULE_COUNTER_FALLS
						       : RULE_COUNTER_DISORDER;
}

static void
take_notes(const struct cseal_state *s, const struct fold_entry *e,
    struct fold_notes *notes)
{
	const struct cseal_policy *p = cseal_state_policy(s);
	uint64_t size = e->st.seen.size;
	enum rule_id rule;

	if (size > 0 && e->st.clock < s->clocks[size - 1] &&
	    s->clocks[size - 1] - e->st.clock > cseal_policy_tolerance(p))
		note(notes, RULE_CLOCK_BEHIND);
	if (!e->is_draft &&
	    (rule = check_counter(state_key(s, e->st.key), e)) != RULE_OK)
		note(notes, rule);
	if (e->st.kind >= CSEAL_IGNORED_FROM)
		note(notes, RULE_KIND_RESERVED);
	if (e->st.kind == CSEAL_REJECT && fold_is_late_rejection(s, e))
		note(notes, RULE_LATE_REJECTION);
}

/* Kinds whose rules this version does not have yet are not judged valid. */
static enum rule_id
check_kind(const struct cseal_state *s, struct fold_entry *e)
{
	if (e->st.kind >= CSEAL_IGNORED_FROM)
		return RULE_OK;
	if (e->st.kind >= KINDS || kinds[e->st.kind].check == NULL)
		return fold_say(e, RULE_ENTRY_NEWER, "kind %llu",
		    (unsigned long long)e->st.kind);
	return kinds[e->st.kind].check(s, e);
}

static enum rule_id
judge(
    const struct cseal_state *s, struct fold_entry *e, struct fold_notes *notes)
{
	enum rule_id rule;

	if ((e->index == 0) != (e->st.kind == CSEAL_GENESIS))
		return RULE_GENESIS_PLACE;
	if (e->index == 0)
		return fold_check_genesis(s, e);
	if ((rule = check_place(s, e)) != RULE_OK ||
	    (rule = check_signer(s, e)) != RULE_OK ||
	    (rule = check_seal(s, e)) != RULE_OK ||
	    (rule = check_head(s, e)) != RULE_OK)
		return rule;
	if (!cseal_state_founded(s) && e->st.kind != CSEAL_JOIN)
		return RULE_NOT_FOUNDED;
	if ((rule = check_kind(s, e)) != RULE_OK)
		return rule;
	if (notes != NULL)
		take_notes(s, e, notes);
	return RULE_OK;
}

enum rule_id
fold_check(
    const struct cseal_state *s, struct fold_entry *e, struct fold_notes *notes)
{
	return if_on(judge(s, e, notes));
}

static int
remember_counter(struct cseal_state *s, const struct fold_entry *e)
{
	struct state_key *k = state_key(s, e->st.key);
	uint32_t before = highest_counter(k, UINT64_MAX);
	struct state_count *c = vec_add(&k->counts, sizeof(*c));

	if (c == NULL)
		return CSEAL_ERR_NOMEM;
	c->entry = e->index;
	c->counter = cseal_seal_counter(&e->entry.seal);
	c->highest = c->counter > before ? c->counter : before;
	k->pub.counter = c->counter;
	return CSEAL_OK;
}

int
fold_accept(struct cseal_state *s, struct fold_entry *e)
{
	int r;

	if ((r = hashset_add(&s->statements, e->digest)) != CSEAL_OK ||
	    (r = state_grow(s, e->leaf, e->st.clock)) != CSEAL_OK)
		return r;
	if (e->st.kind < KINDS) {
		r = kinds[e->st.kind].accept(s, e);
		if (r != CSEAL_OK)
			return r;
	}
	return remember_counter(s, e);
}

const struct cseal_pubkey *
fold_signer(const struct cseal_state *s, const struct fold_entry *e)
{
	const struct state_key *k = state_key(s, e->st.key);

	return k == NULL ? NULL : k->pub.pubkey;
}
