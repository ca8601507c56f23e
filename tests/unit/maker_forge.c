/* SPDX-License-Identifier: BSD-2-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "maker_forge.h"

#include "counterseal/openings.h"

#include "intake.h"
#include "post.h"

void
forge(struct maker_team *t, const struct forged *f, struct cseal_buf *der)
{
	uint8_t to[1][CSEAL_DESK_KEY_BYTES];
	struct cseal_opening o = { .salt = { 0 } };
	struct cseal_buf plain;

	cseal_buf_init(&plain, 0);
	cseal_buf_init(der, 0);
	cseal_buf_init(&o.value, 0);
	snprintf(o.name, sizeof(o.name), "%s", f->name);
	team_ok(t, cseal_buf_add_str(&o.value, f->value));
	team_ok(t, cseal_openings_encode(&plain, f->ledger, f->leaf, &o, 1,
		       &f->name, f->locked ? 1 : 0, &t->f.err));
	cseal_desk_key_public(t->seats[f->to].key, to[0]);
	team_ok(
	    t, cseal_envelope_seal(der, cseal_buf_slice(&plain),
		   (const uint8_t(*)[CSEAL_DESK_KEY_BYTES])to, 1, &t->f.err));
	cseal_opening_free(&o);
	cseal_buf_free(&plain);
}

bool
forged_comes(struct maker_team *t, size_t seat,
    const uint8_t leaf[CSEAL_HASH_BYTES], struct cseal_slice der)
{
	const struct intake in = { t->seats[seat].d, team_tell, &t->tale, "" };
	struct parcel_envelope e = { .der = der };
	bool early;

	memcpy(e.leaf, leaf, sizeof(e.leaf));
	memset(&t->tale, 0, sizeof(t->tale));
	team_ok(t, intake_envelope(&in, &e, &early, &t->f.err));
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_OPENED], 0);
	return early;
}

void
forged_bring(struct maker_team *t, size_t seat,
    const uint8_t leaf[CSEAL_HASH_BYTES], struct cseal_slice der)
{
	assert_false(forged_comes(t, seat, leaf, der));
}

void
forged_told(struct maker_team *t)
{
	assert_int_equal(t->tale.n[CSEAL_EXCHANGE_IGNORED], 1);
	assert_non_null(strstr(
	    t->tale.text[CSEAL_EXCHANGE_IGNORED], "not what was sealed"));
}

struct cseal_slice
team_kept(
    struct maker_team *t, size_t seat, uint64_t index, struct cseal_buf *bytes)
{
	struct post post;

	cseal_buf_init(bytes, 0);
	team_ok(
	    t, post_find(t->seats[seat].d, team_change(t, seat, index)->leaf,
		   &post, bytes, &t->f.err));
	return post.der;
}
