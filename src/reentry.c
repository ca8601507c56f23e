/* SPDX-License-Identifier: BSD-2-Clause */

#include "reentry.h"

#include <string.h>

#include "counterseal/openings.h"

#include "commitment.h"
#include "desk.h"
#include "ledger_beside.h"
#include "post.h"
#include "slice.h"
#include "tries.h"

#define WHERE "re-entry"

/* ---- what is wanted ---- */

size_t
reentry_names(const struct cseal_state *s, const struct cseal_statement *st,
    const char *names[CSEAL_KIND_FIELDS_MAX])
{
	const struct cseal_request *q = &st->u.request;
	const struct cseal_policy_change *rules;
	const struct cseal_kind *k;
	const struct cseal_field *f;
	size_t n = 0;

	if (st->kind != CSEAL_REQUEST)
		return 0;
	k = cseal_kind_find(
	    (const char *)q->change_kind.data, q->change_kind.len);
	rules =
	    k != NULL ? cseal_policy_change(cseal_state_policy(s), k) : NULL;
	for (size_t i = 0;
	     rules != NULL && i < q->n_fields && n < CSEAL_KIND_FIELDS_MAX;
	     i++) {
		f = cseal_kind_field(k, (const char *)q->fields[i].name.data,
		    q->fields[i].name.len);
		if (f != NULL && cseal_policy_reenters(rules, f))
			names[n++] = f->name;
	}
	return n;
}

bool
cseal_change_reenters(const struct cseal_state *s,
    const struct cseal_state_change *c, const struct cseal_field *f)
{
	const struct cseal_policy_change *rules =
	    cseal_policy_change(cseal_state_policy(s), c->kind);

	return rules != NULL && cseal_policy_reenters(rules, f) &&
	       commitment_find(c->request, f->name) != NULL;
}

/* A change, and its values as far as they came locked to this desk. */
struct check {
	struct cseal_desk *d;
	const struct cseal_state_change *c;
	struct cseal_openings locked;
	bool has_locked;
	struct cseal_error *err;
};

/* Are the values of the request here, open? */
static int
are_here(const struct check *k, bool *here)
{
	char name[COMMITMENT_NAME_BYTES];
	struct cseal_opening o;
	int r;

	*here = true;
	if (!commitment_name(k->c->request, 0, name))
		return CSEAL_OK;
	r = cseal_ledger_opening(k->d->ledger, k->c->index, name, &o, k->err);
	if (r == CSEAL_OK)
		cseal_opening_free(&o);
	*here = r != CSEAL_ERR_NOT_FOUND;
	return *here ? r : CSEAL_OK;
}

static int
check_begin(struct check *k, struct cseal_desk *d,
    const struct cseal_state_change *c, struct cseal_error *err)
{
	bool here;
	int r;

	memset(k, 0, sizeof(*k));
	k->d = d;
	k->c = c;
	k->err = err;
	r = are_here(k, &here);
	if (r != CSEAL_OK || here)
		return r;
	r = post_locked(d, c->leaf, &k->locked, err);
	k->has_locked = r == CSEAL_OK;
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

static int
check_end(struct check *k, int r)
{
	cseal_openings_free(&k->locked);
	return r;
}

static bool
is_lock(const struct check *k, const char *name)
{
	for (size_t i = 0; k->has_locked && i < k->locked.n_asked; i++) {
		if (strcmp(k->locked.list[k->locked.asked[i]].name, name) == 0)
			return true;
	}
	return false;
}

static bool
is_wanted(const struct check *k, const struct cseal_field *f)
{
	return cseal_change_reenters(cseal_desk_state(k->d), k->c, f) ||
	       is_lock(k, f->name);
}

static int
find_change(struct cseal_desk *d, uint64_t change,
    const struct cseal_state_change **out, struct cseal_error *err)
{
	*out = cseal_state_change_find(cseal_desk_state(d), change);
	if (*out != NULL)
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "change",
	    "there is no change #%llu; see: counterseal list",
	    (unsigned long long)change);
}

int
cseal_desk_reentry(struct cseal_desk *d, uint64_t change,
    struct cseal_reentry *out, struct cseal_error *err)
{
	const struct cseal_state_change *c;
	struct check k;
	int r;

	memset(out, 0, sizeof(*out));
	if ((r = find_change(d, change, &c, err)) != CSEAL_OK ||
	    (r = check_begin(&k, d, c, err)) != CSEAL_OK)
		return r;
	out->locked = k.has_locked;
	out->left = tries_left(d, c->leaf);
	for (size_t i = 0; i < c->kind->n_fields; i++) {
		if (is_wanted(&k, &c->kind->fields[i]))
			out->fields[out->n++] = &c->kind->fields[i];
	}
	return check_end(&k, CSEAL_OK);
}

/* ---- comparing ---- */

static const struct cseal_opening *
find_locked(const struct check *k, const char *name)
{
	for (size_t i = 0; k->has_locked && i < k->locked.n; i++) {
		if (strcmp(k->locked.list[i].name, name) == 0)
			return &k->locked.list[i];
	}
	return NULL;
}

/* By the commitment: the salt alone is known here. */
static int
fits_locked(const struct check *k, const struct cseal_value *v, bool *same)
{
	const char *name = v->field->name;
	const struct cseal_opening *o = find_locked(k, name);
	uint8_t hash[CSEAL_HASH_BYTES];
	int r;

	if (o == NULL)
		return CSEAL_OK;
	r = cseal_commit(o->salt, v->text.data, v->text.len, name, hash);
	*same =
	    r == CSEAL_OK && memcmp(hash, commitment_find(k->c->request, name),
				 sizeof(hash)) == 0;
	return r;
}

static int
fits_open(const struct check *k, const struct cseal_value *v, bool *same)
{
	struct cseal_buf value;
	int r;

	cseal_buf_init(&value, 0);
	r = cseal_desk_value(k->d, k->c, v->field->name, &value, k->err);
	*same = r == CSEAL_OK &&
		slice_same(cseal_buf_slice(&value), cseal_buf_slice(&v->text));
	cseal_buf_free(&value);
	if (r == CSEAL_ERR_NOT_FOUND)
		return cseal_error_set(k->err, r, v->field->name,
		    "its value is not on this desk in any form, so nobody can "
		    "judge it here: receive what the requester's desk sends");
	return r;
}

static int
is_same(const struct check *k, const struct cseal_value *v, bool *same)
{
	*same = false;
	if (commitment_find(k->c->request, v->field->name) == NULL)
		return CSEAL_OK; /* typed, and never asked for */
	return k->has_locked ? fits_locked(k, v, same) : fits_open(k, v, same);
}

/* Of several fields it is never told which one. */
static int
say_differs(const struct check *k, const struct cseal_change *typed)
{
	const struct cseal_state *s = cseal_desk_state(k->d);
	char name[CSEAL_CHANGE_NAME_BYTES];

	cseal_change_name(k->c, name);
	return cseal_error_set(k->err, CSEAL_ERR_REFUSED,
	    typed->n_values == 1 ? typed->values[0].field->name : WHERE,
	    "%s from what %s asked for; if it is what the source document "
	    "says: counterseal reject %s --reason reentry_mismatch",
	    typed->n_values == 1 ? "differs" : "something of it differs",
	    cseal_state_person(s, k->c->requester)->handle, name);
}

static int
compare(struct check *k, const struct cseal_change *typed)
{
	const struct cseal_kind *kind = k->c->kind;
	bool same, all = true;
	int r;

	if (typed->kind != kind)
		return cseal_error_set(k->err, CSEAL_ERR_USAGE, WHERE,
		    "the change is of the kind %s", kind->name);
	for (size_t i = 0; i < kind->n_fields; i++) {
		const char *name = kind->fields[i].name;

		if (is_wanted(k, &kind->fields[i]) &&
		    cseal_change_value(typed, name) == NULL)
			return cseal_error_set(k->err, CSEAL_ERR_USAGE, name,
			    "is to be typed from the source document");
	}
	/* All are compared, so that the time taken tells nothing either. */
	for (size_t i = 0; i < typed->n_values; i++) {
		r = is_same(k, &typed->values[i], &same);
		if (r != CSEAL_OK)
			return r;
		all = all && same;
	}
	return all ? CSEAL_OK : say_differs(k, typed);
}

int
reentry_compare(struct cseal_desk *d, const struct cseal_state_change *c,
    const struct cseal_change *typed, struct cseal_error *err)
{
	struct check k;
	int r = check_begin(&k, d, c, err);

	return check_end(&k, r == CSEAL_OK ? compare(&k, typed) : r);
}

/* ---- unlocking ---- */

static int
say_false(const struct check *k)
{
	return cseal_error_set(k->err, CSEAL_ERR_CORRUPT, WHERE,
	    "what was sent as the values of #%llu is not what was sealed "
	    "there: ask the requester to send it again",
	    (unsigned long long)k->c->index);
}

/* What was typed fits the commitments; now it must open the rest as well. */
static int
unlock(struct check *k, const struct cseal_change *typed)
{
	struct cseal_slice values[CSEAL_KIND_FIELDS_MAX];
	struct cseal_openings *o = &k->locked;
	int r;

	for (size_t i = 0; i < o->n_asked; i++) {
		const struct cseal_value *v =
		    cseal_change_value(typed, o->list[o->asked[i]].name);

		if (v == NULL)
			return say_false(k); /* locked with no field */
		values[i] = cseal_buf_slice(&v->text);
	}
	r = cseal_openings_unlock(o, values, o->n_asked, k->err);
	if (r == CSEAL_ERR_REFUSED || r == CSEAL_ERR_FORMAT)
		return say_false(k);
	for (size_t i = 0; i < o->n && r == CSEAL_OK; i++)
		r = commitment_check(k->c->request, &o->list[i]);
	if (r == CSEAL_ERR_CORRUPT || r == CSEAL_ERR_FORMAT)
		return say_false(k);
	if (r == CSEAL_OK)
		r = ledger_add_openings(
		    k->d->ledger, k->c->index, o->list, o->n, k->err);
	return r == CSEAL_ERR_EXISTS ? CSEAL_OK : r;
}

/* ---- tries ---- */

static int
say_no_more(const struct check *k)
{
	char name[CSEAL_CHANGE_NAME_BYTES];

	cseal_change_name(k->c, name);
	return cseal_error_set(k->err, CSEAL_ERR_REFUSED, WHERE,
	    "it differed %d times at this desk, which compares nothing more "
	    "for this change: counterseal reject %s --reason reentry_mismatch; "
	    "or %s asks again: counterseal request --replaces %s",
	    CSEAL_REENTRY_TRIES, name,
	    cseal_state_person(cseal_desk_state(k->d), k->c->requester)->handle,
	    name);
}

/* Written down before anything is compared, and put back unless it differs. */
static int
try_once(struct check *k, const struct cseal_change *typed)
{
	int r;

	if (!tries_take(k->d, k->c->leaf))
		return say_no_more(k);
	r = compare(k, typed);
	if (r != CSEAL_ERR_REFUSED)
		tries_give_back(k->d, k->c->leaf);
	return r;
}

int
cseal_desk_reenter(struct cseal_desk *d, uint64_t change,
    const struct cseal_change *typed, struct cseal_error *err)
{
	const struct cseal_state_change *c;
	struct check k;
	int r;

	if ((r = find_change(d, change, &c, err)) != CSEAL_OK ||
	    (r = check_begin(&k, d, c, err)) != CSEAL_OK)
		return r;
	r = try_once(&k, typed);
	if (r == CSEAL_OK && k.has_locked)
		r = unlock(&k, typed);
	return check_end(&k, r);
}
