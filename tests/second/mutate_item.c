/* SPDX-License-Identifier: BSD-2-Clause */
/* One member of one statement, changed as bytes. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "maker_item.h"
#include "mutant.h"

#define ITEMS_MAX 1024

/* A statement cut into its items, and the one whose turn it is. */
struct cut {
	struct cseal_buf *raw;
	struct item items[ITEMS_MAX];
	size_t n;
	const struct item *it;
	const struct entries *base;
	struct chance *c;
};

static unsigned
major(const struct cut *t)
{
	return item_major(cseal_buf_slice(t->raw), t->it);
}

/* The item becomes that one. */
static void
becomes(struct cut *t, unsigned to_major, uint64_t value, const void *bytes)
{
	struct cseal_buf with;

	cseal_buf_init(&with, 0);
	item_put_head(&with, to_major, value);
	if (bytes != NULL)
		cseal_buf_add(&with, bytes, (size_t)value);
	assert_true(item_splice(t->raw, t->it->from, t->it->to, &with));
	cseal_buf_free(&with);
}

static const char *
alter_number(struct cut *t)
{
	uint64_t v = item_value(cseal_buf_slice(t->raw), t->it);
	const uint64_t to[] = { v + 1, v - 1, 0, 1, 2, 3, v ^ 1, 12, 127, 128,
		UINT64_MAX, UINT64_MAX - 1, v + 86400, v - 86400,
		chance_next(t->c) % 32 };

	becomes(t, major(t), to[chance_below(t->c, sizeof(to) / sizeof(to[0]))],
	    NULL);
	return "a number";
}

static const char *
alter_bytes(struct cut *t)
{
	size_t n = (size_t)item_value(cseal_buf_slice(t->raw), t->it);
	uint8_t *p = t->raw->data + t->it->to - n;

	if (n == 0)
		return alter_number(t);
	switch (chance_below(t->c, 4)) {
	case 0: memset(p, 0, n); return "bytes to zero";
	case 1: becomes(t, 2, n - 1, p); return "bytes cut";
	default:
		p[chance_below(t->c, n)] ^=
		    (uint8_t)(1u << chance_below(t->c, 8));
		return "a bit";
	}
}

static const char *
alter_text(struct cut *t)
{
	static const char *const words[] = { "", "a", "Z", "lin", "mina",
		"omar", "admin", "approver", "operator", "payout", "policy",
		"log", "shop-de", "shop-fr", "contact.login_email", "iban",
		"holder", "reason", "email", "payout.iban", "payout/00000000",
		"key.add", "key.revoke", "person.set", "person.leave",
		"policy.set", "log.set", "freeze.lift", "payout.moon",
		"\x1b[2J", "\xff", "K3x9w2b7.counterseal.invalid" };
	const char *w =
	    words[chance_below(t->c, sizeof(words) / sizeof(words[0]))];
	size_t n = (size_t)item_value(cseal_buf_slice(t->raw), t->it);

	if (n > 0 && chance_one_in(t->c, 3)) {
		t->raw->data[t->it->to - n + chance_below(t->c, n)] ^= 1;
		return "a letter";
	}
	becomes(t, 3, strlen(w), w);
	return "a word";
}

/* The second member of a list or a map goes, or stands twice. */
static const char *
alter_list(struct cut *t)
{
	size_t n = 0, at = (size_t)(t->it - t->items), first = 0, last = 0;
	size_t step = major(t) == 5 ? 2 : 1;
	struct cseal_buf some;
	bool ok;

	for (size_t i = at + 1; i < t->n; i++) {
		if (t->items[i].parent == at && t->items[i].child < step)
			first = first == 0 ? i : first;
		if (t->items[i].parent == at && t->items[i].child < step)
			last = i;
		n += t->items[i].parent == at ? 1 : 0;
	}
	cseal_buf_init(&some, 0);
	if (n == 0) {
		cseal_buf_add_u8(&some, 0xf6);
		ok = item_splice(t->raw, t->it->from, t->it->to, &some);
	} else if (chance_one_in(t->c, 2)) {
		ok = item_recount(t->raw, t->it->from, -1) &&
		     item_splice(t->raw, t->items[first].from,
			 t->items[last].to, &some);
	} else {
		cseal_buf_add(&some, t->raw->data + t->items[first].from,
		    t->items[last].to - t->items[first].from);
		ok = item_recount(t->raw, t->it->from, 1) &&
		     item_splice(t->raw, t->it->to, t->it->to, &some);
	}
	cseal_buf_free(&some);
	return ok ? "a list" : "nothing";
}

static const char *
alter_simple(struct cut *t)
{
	static const uint8_t hash[CSEAL_HASH_BYTES] = { 9 };

	switch (chance_below(t->c, 4)) {
	case 0: becomes(t, 7, 20, NULL); break;
	case 1: becomes(t, 7, 21, NULL); break;
	case 2: becomes(t, 0, 0, NULL); break;
	default: becomes(t, 2, sizeof(hash), hash); break;
	}
	return "null, true or false";
}

/* Something of the same kind and length from elsewhere in the ledger. */
static const char *
borrow(struct cut *t)
{
	struct cseal_slice from, all = cseal_buf_slice(t->raw);
	static const unsigned tries = 64;
	struct item items[ITEMS_MAX];
	struct cseal_buf with;
	struct cseal_entry e;

	for (unsigned i = 0; i < tries; i++) {
		size_t at = chance_below(t->c, t->base->list.n), n;
		const struct item *it;

		if (cseal_entry_parse(&e, entries_at(t->base, at)) != CSEAL_OK)
			continue;
		from = e.statement;
		n = item_list(from, items, ITEMS_MAX);
		if (n == 0 || n > ITEMS_MAX)
			continue;
		it = &items[chance_below(t->c, n)];
		if (item_major(from, it) != major(t) ||
		    item_is_key(from, items, it) ||
		    (major(t) == 2 &&
			item_value(from, it) != item_value(all, t->it)))
			continue;
		cseal_buf_init(&with, 0);
		cseal_buf_add(&with, from.data + it->from, it->to - it->from);
		assert_true(item_splice(t->raw, t->it->from, t->it->to, &with));
		cseal_buf_free(&with);
		return "borrowed";
	}
	return "nothing";
}

/* The item goes, with its key; or stands twice; or something unknown. */
static const char *
restructure(struct cut *t)
{
	const struct item *it = t->it;
	const struct item *above =
	    it->parent == ITEM_NONE ? NULL : &t->items[it->parent];
	struct cseal_buf some;
	size_t from = it->from;
	bool ok;

	if (above == NULL)
		return alter_list(t);
	if (item_major(cseal_buf_slice(t->raw), above) == 5 &&
	    it->child % 2 == 1)
		from = (it - 1)->from;
	cseal_buf_init(&some, 0);
	switch (chance_below(t->c, 4)) {
	case 0:
		cseal_buf_add_u8(&some, 0x17);
		cseal_buf_add_u8(&some, 0x00);
		ok = item_recount(t->raw, above->from, 1) &&
		     item_splice(t->raw, above->to, above->to, &some);
		break;
	case 1: /* a head that is too long */
		cseal_buf_add_u8(
		    &some, (uint8_t)((t->raw->data[it->from] & 0xe0) | 24));
		cseal_buf_add_u8(
		    &some, (uint8_t)(t->raw->data[it->from] & 0x1f));
		ok = item_splice(t->raw, it->from, it->from + 1, &some);
		break;
	default:
		ok = item_recount(t->raw, above->from, -1) &&
		     item_splice(t->raw, from, it->to, &some);
		break;
	}
	cseal_buf_free(&some);
	return ok ? "structure" : "nothing";
}

static const char *
alter(struct cut *t)
{
	static const char *(*const by_major[])(struct cut *) = { alter_number,
		alter_number, alter_bytes, alter_text, alter_list, alter_list,
		alter_list, alter_simple };

	if (chance_one_in(t->c, 8))
		return restructure(t);
	if (chance_one_in(t->c, 3))
		return borrow(t);
	return by_major[major(t)](t);
}

/* The statement says now which key it is of; that one seals it. */
static void
follow_key(struct maker *m, struct maker_draft *d)
{
	struct cseal_statement st;
	struct maker_key *k;

	if (cseal_statement_parse(&st, cseal_buf_slice(&d->raw), NULL) !=
	    CSEAL_OK)
		return;
	k = key_of_number(m, st.key);
	if (k != NULL && k != d->key) {
		d->key = k;
		d->counter = ++k->counter;
		memcpy(d->rp_id, k->rp_id, sizeof(d->rp_id));
	}
	cseal_statement_free(&st);
}

/* Kinds of statement are taken in turn, as far as the script has them. */
size_t
turn_of_kind(const struct script *s, struct chance *c)
{
	static const enum cseal_statement_kind kinds[ACT_KINDS] = {
		[ACT_GENESIS] = CSEAL_GENESIS,
		[ACT_JOIN] = CSEAL_JOIN,
		[ACT_APPROVE] = CSEAL_APPROVE,
		[ACT_REJECT] = CSEAL_REJECT,
		[ACT_WITHDRAW] = CSEAL_WITHDRAW,
		[ACT_APPLY] = CSEAL_APPLY,
		[ACT_OBSERVE] = CSEAL_OBSERVE,
		[ACT_FREEZE_STORE] = CSEAL_FREEZE,
		[ACT_FREEZE_KEY] = CSEAL_FREEZE,
		[ACT_ERASE] = CSEAL_ERASE,
		[ACT_ENDORSE] = CSEAL_ENDORSE,
	};
	size_t wanted = 1 + c->turns[0]++ % CSEAL_ENDORSE;
	size_t from = chance_below(c, s->n);

	for (size_t i = 0; i < s->n; i++) {
		size_t at = (from + i) % s->n;
		size_t kind = kinds[s->acts[at].kind];

		if (kind == wanted || (kind == 0 && wanted == CSEAL_REQUEST))
			return at;
	}
	return from;
}

/* The member whose turn it is, of that kind; names of members seldom. */
static const struct item *
turn_of_member(struct cut *t, uint64_t kind)
{
	size_t *turn = &t->c->turns[kind < TURNS ? kind : TURNS - 1];
	const struct item *it;

	do {
		it = &t->items[(*turn)++ % t->n];
	} while (item_is_key(cseal_buf_slice(t->raw), t->items, it) &&
		 !chance_one_in(t->c, 10));
	return it;
}

const char *
mutate_member(struct maker *m, struct maker_draft *d,
    const struct entries *base, struct chance *c)
{
	struct cut *t = calloc(1, sizeof(*t));
	const char *what;

	assert_non_null(t);
	assert_int_equal(cseal_statement_encode(&d->raw, &d->st), CSEAL_OK);
	t->raw = &d->raw;
	t->base = base;
	t->c = c;
	t->n = item_list(cseal_buf_slice(&d->raw), t->items, ITEMS_MAX);
	assert_true(t->n > 0 && t->n <= ITEMS_MAX);
	t->it = turn_of_member(t, d->st.kind);
	what = alter(t);
	free(t);
	follow_key(m, d);
	return what;
}
