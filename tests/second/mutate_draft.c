/* SPDX-License-Identifier: BSD-2-Clause */
/* One statement stated by another, with another look; other seals. */

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

#define UP CSEAL_FLAG_UP
#define UV CSEAL_FLAG_UV
#define BE CSEAL_FLAG_BE
#define BS CSEAL_FLAG_BS
#define AT CSEAL_FLAG_AT
#define ED CSEAL_FLAG_ED

struct maker_key *
key_of_number(struct maker *m, uint64_t number)
{
	const struct cseal_state_key *s = cseal_state_key(m->state, number);

	for (size_t i = 0; s != NULL && i < m->n_keys; i++) {
		if (s->credential.len == sizeof(m->keys[i].id) &&
		    memcmp(s->credential.data, m->keys[i].id,
			sizeof(m->keys[i].id)) == 0)
			return &m->keys[i];
	}
	return NULL;
}

/* Who should not, or who could as well. */
const char *
mutate_actor(struct maker *m, struct maker_draft *d, const struct entries *base,
    struct chance *c)
{
	uint64_t number = chance_below(c, m->n_keys);
	struct maker_key *k = key_of_number(m, number);

	(void)base;
	d->st.key = number;
	if (k == NULL)
		return "no such actor";
	d->key = k;
	d->counter = ++k->counter;
	d->flags = k->monitor ? 0 : k->flags;
	memcpy(d->rp_id, k->rp_id, sizeof(d->rp_id));
	return "another actor";
}

/* An earlier head; what was known then, or what is known now. */
const char *
mutate_look(struct maker *m, struct maker_draft *d, const struct entries *base,
    struct chance *c)
{
	uint64_t size = chance_below(c, (size_t)d->st.seen.size + 2);
	const struct state_change *about =
	    d->st.has_thread ? state_change(m->state, d->st.u.act.index) : NULL;
	const uint8_t *p;

	(void)base;
	d->st.seen.size = size;
	if (chance_one_in(c, 8))
		return "a size alone";
	p = state_root(m->state, size);
	if (p != NULL)
		memcpy(d->st.seen.root, p, CSEAL_HASH_BYTES);
	if (chance_one_in(c, 8))
		return "a head alone";
	p = digest_log_at(&m->state->authority, size);
	if (p != NULL)
		memcpy(d->st.authority, p, CSEAL_HASH_BYTES);
	if (chance_one_in(c, 8) || about == NULL)
		return "an earlier look";
	p = digest_log_at(&about->thread, size);
	if (p != NULL)
		memcpy(d->st.thread, p, CSEAL_HASH_BYTES);
	return "an earlier look at the change";
}

const char *
mutate_clock(struct maker *m, struct maker_draft *d, const struct entries *base,
    struct chance *c)
{
	const uint64_t to[] = { 0, UINT64_MAX, UINT64_MAX - 1,
		d->st.clock + UINT64_C(5) * 86400, d->st.clock - 86400,
		d->st.clock - 600, d->st.clock - 661 };

	(void)m;
	(void)base;
	d->st.clock = to[chance_below(c, sizeof(to) / sizeof(to[0]))];
	return "another clock";
}

/* ---- seals ---- */

static const char *
other_flags(struct maker *m, struct maker_draft *d, struct chance *c)
{
	static const uint8_t flags[] = { 0, UP, UP, UV, UP | UV | BE,
		UP | UV | BE | BS, UP | UV | BS, UP | UV | AT, UP | UV | ED,
		UP | UV | 0x22, 0xff };

	(void)m;
	d->flags = flags[chance_below(c, sizeof(flags))];
	return "other flags";
}

static const char *
other_counter(struct maker *m, struct maker_draft *d, struct chance *c)
{
	const uint32_t to[] = { 0, 1, 2, d->counter - 1, d->counter - 2,
		UINT32_MAX };

	(void)m;
	d->counter = to[chance_below(c, sizeof(to) / sizeof(to[0]))];
	return "another counter";
}

static const char *
other_rp_id(struct maker *m, struct maker_draft *d, struct chance *c)
{
	(void)m;
	if (chance_one_in(c, 2))
		maker_auth_data(
		    "pay.example.com", d->flags, d->counter, &d->auth_data);
	else
		snprintf(d->rp_id, sizeof(d->rp_id), "pay.example.com");
	return "another rp id";
}

static const char *
other_namespace(struct maker *m, struct maker_draft *d, struct chance *c)
{
	(void)m;
	d->ns = chance_one_in(c, 2) ? "file" : CSEAL_NAMESPACE_ENROL;
	return "another namespace";
}

static const char *
other_key(struct maker *m, struct maker_draft *d, struct chance *c)
{
	d->key = &m->keys[chance_below(c, m->n_keys)];
	return "another key's seal";
}

static const char *
extensions(struct maker *m, struct maker_draft *d, struct chance *c)
{
	static const char *const tails[] = { "! a1616101", "! a0", "! 80",
		"! a16161", "! a161611801", "! a161610100",
		"! a2626161f5616101" };

	(void)m;
	if (chance_one_in(c, 4) == 0)
		d->flags |= ED;
	maker_auth_data(d->rp_id, d->flags, d->counter, &d->auth_data);
	assert_true(item_edit(&d->auth_data,
	    tails[chance_below(c, sizeof(tails) / sizeof(tails[0]))]));
	return "extensions";
}

/* The seal as it would be, to be altered as bytes. */
static void
seal_now(struct maker_draft *d)
{
	struct cseal_buf entry;

	cseal_buf_init(&entry, 0);
	maker_seal(d, &entry);
	cseal_buf_free(&entry);
}

static const char *
bit_of(struct cseal_buf *b, struct chance *c, const char *what)
{
	b->data[chance_below(c, b->len)] ^= (uint8_t)(1u << chance_below(c, 8));
	return what;
}

static const char *
client_data_bit(struct maker *m, struct maker_draft *d, struct chance *c)
{
	(void)m;
	seal_now(d);
	cseal_buf_reset(&d->signature);
	return bit_of(&d->client_data, c, "clientDataJSON, sealed");
}

static const char *
signature_bit(struct maker *m, struct maker_draft *d, struct chance *c)
{
	(void)m;
	seal_now(d);
	return bit_of(&d->signature, c, "a bit of the signature");
}

static const char *
auth_data_bit(struct maker *m, struct maker_draft *d, struct chance *c)
{
	(void)m;
	seal_now(d);
	if (chance_one_in(c, 2))
		cseal_buf_reset(&d->signature);
	return bit_of(&d->auth_data, c, "a bit of authenticatorData");
}

const char *
mutate_seal(struct maker *m, struct maker_draft *d, const struct entries *base,
    struct chance *c)
{
	static const char *(*const ways[])(
	    struct maker *, struct maker_draft *, struct chance *) = {
		other_flags,
		other_flags,
		other_counter,
		other_counter,
		other_rp_id,
		other_namespace,
		other_key,
		extensions,
		client_data_bit,
		signature_bit,
		auth_data_bit,
	};

	(void)base;
	return ways[chance_below(c, sizeof(ways) / sizeof(ways[0]))](m, d, c);
}
