/* SPDX-License-Identifier: BSD-2-Clause */
/* Drafts of makers: observations, freezes, erasures, endorsements. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "maker_within.h"

#define LEVEL_FULL   3
#define REASON_DRILL 8

struct maker_draft *
maker_observe(struct maker *m, size_t key, const char *slot, uint64_t outcome)
{
	struct maker_draft *d = maker_draft(m, key, CSEAL_OBSERVE);
	struct cseal_observe *o = &d->st.u.observe;

	snprintf(d->slot, sizeof(d->slot), "%s", slot);
	o->store = maker_slice(MAKER_STORE);
	o->slot = maker_slice(d->slot);
	o->outcome = outcome;
	o->level = LEVEL_FULL;
	o->fields = d->fields;
	o->n_fields = 1;
	d->fields[0].name = maker_slice("iban");
	maker_draw(m, d->fields[0].hash, CSEAL_HASH_BYTES);
	o->source = maker_slice("script");
	return d;
}

struct maker_draft *
maker_freeze_store(struct maker *m, size_t key, const char *store)
{
	struct maker_draft *d = maker_draft(m, key, CSEAL_FREEZE);
	struct cseal_freeze *f = &d->st.u.freeze;

	f->has_store = store != NULL;
	if (store != NULL) {
		snprintf(d->store, sizeof(d->store), "%s", store);
		f->store = maker_slice(d->store);
	}
	f->reason = REASON_DRILL;
	return d;
}

struct maker_draft *
maker_freeze_key(struct maker *m, size_t key, uint64_t number)
{
	struct maker_draft *d = maker_freeze_store(m, key, NULL);

	d->st.u.freeze.has_key = true;
	d->st.u.freeze.key = number;
	return d;
}

struct maker_draft *
maker_erase(struct maker *m, size_t key, uint64_t change, const char *name)
{
	struct maker_draft *d = maker_about(m, key, CSEAL_ERASE, change);
	struct cseal_erase *x = &d->st.u.erase;
	struct cseal_erase e = {
		.index = change, .names = d->names, .n_names = 1
	};

	memcpy(e.leaf, maker_change(m, change)->leaf, CSEAL_HASH_BYTES);
	d->names[0] = maker_slice(name);
	memset(&d->st.u, 0, sizeof(d->st.u));
	*x = e;
	return d;
}

struct maker_draft *
maker_endorse(struct maker *m, size_t key)
{
	struct maker_draft *d = maker_draft(m, key, CSEAL_ENDORSE);

	d->st.u.endorse = d->st.seen;
	return d;
}

struct maker_draft *
maker_reserved(struct maker *m, size_t key)
{
	static const uint8_t payload[] = { 0x63, 'a', 'b', 'c' };
	struct maker_draft *d = maker_draft(m, key, CSEAL_ENDORSE);

	d->st.kind = CSEAL_IGNORED_FROM;
	d->st.u.ignored.data = payload;
	d->st.u.ignored.len = sizeof(payload);
	return d;
}
