/* SPDX-License-Identifier: BSD-2-Clause */
/* Drafts of makers: changes of authority. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/text.h"
#include "dcbor.h"
#include "maker_within.h"

#define REASON_LOST 2

struct maker_draft *
maker_key_add(struct maker *m, size_t key, size_t added)
{
	const struct maker_key *k = &m->keys[added];
	struct maker_draft *d = maker_authority(m, key, "key.add", k->handle);

	assert_int_equal(cseal_key_encode(&d->detail, &k->record), CSEAL_OK);
	maker_detail(d);
	return d;
}

struct maker_draft *
maker_key_revoke(struct maker *m, size_t key, uint64_t number)
{
	const struct cseal_revocation v = { .key = number,
		.reason = REASON_LOST };
	const struct cseal_state_key *k = cseal_state_key(m->state, number);
	struct maker_draft *d = maker_authority(m, key, "key.revoke",
	    k != NULL ? cseal_state_person(m->state, k->person)->handle
		      : "nobody");

	assert_int_equal(cseal_revocation_encode(&d->detail, &v), CSEAL_OK);
	maker_detail(d);
	return d;
}

struct maker_draft *
maker_person_set(
    struct maker *m, size_t key, const char *handle, const char *roles)
{
	struct maker_draft *d = maker_authority(m, key, "person.set", handle);
	struct cseal_slice role[CSEAL_ROLES_MAX];
	size_t n = maker_roles(roles, role);

	dcbor_put_array(&d->detail, 2);
	dcbor_put_array(&d->detail, 2);
	dcbor_put_str(&d->detail, handle);
	dcbor_put_array(&d->detail, n);
	for (size_t i = 0; i < n; i++)
		dcbor_put_text(&d->detail, role[i].data, role[i].len);
	dcbor_put_null(&d->detail);
	maker_detail(d);
	return d;
}

struct maker_draft *
maker_person_leave(struct maker *m, size_t key, const char *handle)
{
	struct maker_draft *d = maker_authority(m, key, "person.leave", handle);

	dcbor_put_str(&d->detail, handle);
	maker_detail(d);
	return d;
}

struct maker_draft *
maker_policy_set(struct maker *m, size_t key, const char *text)
{
	struct maker_draft *d = maker_authority(m, key, "policy.set", "policy");

	dcbor_put_array(&d->detail, 2);
	dcbor_put_uint(&d->detail, CSEAL_POLICY_LANGUAGE);
	dcbor_put_str(&d->detail, text);
	maker_detail(d);
	return d;
}

struct maker_draft *
maker_log_set(struct maker *m, size_t key, const uint8_t *log_key)
{
	struct maker_draft *d = maker_authority(m, key, "log.set", "log");

	if (log_key != NULL)
		dcbor_put_bytes(&d->detail, log_key, CSEAL_HASH_BYTES);
	else
		dcbor_put_null(&d->detail);
	maker_detail(d);
	return d;
}

struct maker_draft *
maker_lift(struct maker *m, size_t key, uint64_t freeze)
{
	struct cseal_slice entry = maker_bytes(m, freeze);
	uint8_t leaf[CSEAL_HASH_BYTES];
	char slot[32], name[9];
	struct maker_draft *d;

	assert_int_equal(
	    cseal_merkle_leaf(entry.data, entry.len, leaf), CSEAL_OK);
	cseal_base32(leaf, 8, name);
	snprintf(slot, sizeof(slot), "freeze/%s", name);
	d = maker_authority(m, key, "freeze.lift", slot);
	dcbor_put_bytes(&d->detail, leaf, sizeof(leaf));
	maker_detail(d);
	return d;
}
