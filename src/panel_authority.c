/* SPDX-License-Identifier: BSD-2-Clause */
/* What changes of persons, keys and freezes are about, in whole lines. */

#include <string.h>

#include "counterseal/text.h"

#include "panel.h"
#include "records.h"

#define NAMES_MOST 6 /* changes, keys: what else there is, is counted */

/* ---- freezes ---- */

static void
put_target(struct cseal_buf *out, const struct cseal_state *s, bool has_store,
    const char *store, bool has_key, uint64_t key)
{
	const struct state_key *k = has_key ? state_key(s, key) : NULL;

	if (has_store)
		(void)cseal_buf_printf(out, "store %s", store);
	else if (k != NULL)
		(void)cseal_buf_printf(out, "key %llu of %s",
		    (unsigned long long)key,
		    state_person(s, k->pub.person)->handle);
	else
		(void)cseal_buf_add_str(out, "all stores");
}

static const char *
reason_word(uint64_t reason)
{
	const char *word = cseal_word_name(cseal_reasons, reason);

	return word != NULL ? word : "a reason of a newer version";
}

static bool
is_stopped(const struct state_change *c, bool has_store, const char *store)
{
	return !c->pub.kind->authority && state_is_open(c) &&
	       (!has_store || strcmp(c->pub.store, store) == 0);
}

/* Changes that wait until it is lifted. */
static void
put_stopped(struct cseal_buf *out, const struct cseal_state *s, bool has_store,
    const char *store)
{
	char name[CSEAL_CHANGE_NAME_BYTES];
	struct cseal_buf list;
	size_t n = 0;

	cseal_buf_init(&list, 0);
	for (size_t i = 0; i < s->changes.n; i++) {
		const struct state_change *c = s->changes.items[i];

		if (!is_stopped(c, has_store, store) || n++ >= NAMES_MOST)
			continue;
		cseal_change_name(&c->pub, name);
		(void)cseal_buf_printf(
		    &list, "%s#%s", list.len > 0 ? ", " : "", name);
	}
	if (n > NAMES_MOST)
		(void)cseal_buf_printf(&list, " and %zu more", n - NAMES_MOST);
	if (n > 0)
		panel_row(out, "stops", "", cseal_buf_str(&list));
	cseal_buf_free(&list);
}

int
panel_freeze(struct cseal_buf *out, const struct cseal_state *s,
    const struct cseal_freeze *f, const char *signer)
{
	char store[CSEAL_HANDLE_BYTES] = "";
	struct cseal_buf what;

	cseal_buf_init(&what, 0);
	if (f->has_store)
		(void)state_copy(store, sizeof(store), f->store);
	put_target(&what, s, f->has_store, store, f->has_key, f->key);
	(void)cseal_buf_add_str(out, "  Freeze\n");
	panel_row(out, "what", "", cseal_buf_str(&what));
	panel_row(out, "reason", "", reason_word(f->reason));
	panel_row(out, "from then on", "",
	    f->has_key ? "it seals nothing until two people lift the freeze"
		       : "nothing is approved or entered there until two "
			 "people lift the freeze; rejections and reports go "
			 "on");
	if (!f->has_key)
		put_stopped(out, s, f->has_store, store);
	if (cseal_state_demo(s))
		panel_say(out, "DEMONSTRATION: software keys prove nothing.");
	(void)cseal_buf_printf(out, "  With this touch %s will freeze %s.\n",
	    signer, cseal_buf_str(&what));
	cseal_buf_free(&what);
	return cseal_buf_error(out);
}

int
panel_lift(struct cseal_buf *out, const struct cseal_state *s,
    const struct record_leaf *d)
{
	const struct cseal_state_freeze *f;
	struct cseal_buf text;
	size_t i = 0;

	while ((f = cseal_state_freeze(s, i)) != NULL &&
	       memcmp(f->leaf, d->leaf, sizeof(f->leaf)) != 0)
		i++;
	if (f == NULL)
		return CSEAL_ERR_FORMAT;
	cseal_buf_init(&text, 0);
	put_target(&text, s, f->has_store, f->store, f->has_key, f->key);
	panel_row(out, "freeze of", "", cseal_buf_str(&text));
	cseal_buf_reset(&text);
	(void)cseal_buf_printf(&text, "entry %llu, by %s: %s",
	    (unsigned long long)f->entry, state_person(s, f->person)->handle,
	    reason_word(f->reason));
	panel_row(out, "frozen by", "", cseal_buf_str(&text));
	cseal_buf_free(&text);
	return cseal_buf_error(out);
}

/* ---- keys ---- */

/* What the key sealed since: entries, and whether any of them is in force. */
static void
put_doubt(struct cseal_buf *out, const struct cseal_state *s,
    const struct cseal_revocation *v)
{
	const struct state_key *k = state_key(s, v->key);
	struct cseal_buf text;
	size_t n = 0;

	for (size_t i = 0; k != NULL && i < k->counts.n; i++) {
		const struct state_count *c = k->counts.items[i];

		n += c->entry >= v->lost_size;
	}
	cseal_buf_init(&text, 0);
	(void)panel_time(&text, v->lost_since, 0);
	panel_row(out, "lost since", "", cseal_buf_str(&text));
	cseal_buf_reset(&text);
	(void)cseal_buf_printf(&text, "from entry %llu on: %zu of its seals",
	    (unsigned long long)v->lost_size, n);
	panel_row(out, "in doubt", "", cseal_buf_str(&text));
	cseal_buf_free(&text);
}

int
panel_revocation(struct cseal_buf *out, const struct cseal_state *s,
    const struct cseal_revocation *v)
{
	(void)cseal_buf_printf(out, "    %-*s      key number %llu (%s)\n",
	    PANEL_LABEL_COLUMNS, "revoke", (unsigned long long)v->key,
	    reason_word(v->reason));
	if (v->has_lost)
		put_doubt(out, s, v);
	return cseal_buf_error(out);
}

/* ---- persons ---- */

static void
put_roles(struct cseal_buf *out, const char *label, const char *which,
    const struct cseal_roles *roles)
{
	struct cseal_buf text;

	cseal_buf_init(&text, 0);
	for (size_t i = 0; i < roles->n; i++)
		(void)cseal_buf_printf(
		    &text, "%s%s", i > 0 ? ", " : "", roles->names[i]);
	panel_row(
	    out, label, which, roles->n > 0 ? cseal_buf_str(&text) : "none");
	cseal_buf_free(&text);
}

/* The keys that still seal: "key 1, key 4". */
static void
put_keys(struct cseal_buf *out, const struct cseal_state *s, size_t person)
{
	struct cseal_buf text;
	size_t n = 0;

	cseal_buf_init(&text, 0);
	for (size_t i = 0; person != STATE_NOBODY && i < s->keys.n; i++) {
		const struct state_key *k = s->keys.items[i];

		if (k->pub.person != person || k->pub.revoked ||
		    n++ >= NAMES_MOST)
			continue;
		(void)cseal_buf_printf(&text, "%skey %llu%s",
		    text.len > 0 ? ", " : "", (unsigned long long)i,
		    k->pub.monitor ? " (monitor)" : "");
	}
	if (n > NAMES_MOST)
		(void)cseal_buf_printf(&text, " and %zu more", n - NAMES_MOST);
	panel_row(out, "keys", "", n > 0 ? cseal_buf_str(&text) : "none yet");
	cseal_buf_free(&text);
}

int
panel_person(struct cseal_buf *out, const struct cseal_state *s,
    const struct cseal_person *p)
{
	const size_t i = state_person_index(s, p->handle);
	struct cseal_roles next = { .n = 0 };

	for (size_t k = 0; k < p->n_roles && k < CSEAL_PLACES_MAX; k++)
		(void)state_copy(
		    next.names[next.n++], CSEAL_HANDLE_BYTES, p->roles[k]);
	if (i == STATE_NOBODY) {
		panel_row(out, "person", "", "new in this ledger");
		put_roles(out, "roles", "", &next);
	} else {
		put_roles(out, "roles", "now", &state_person(s, i)->roles);
		put_roles(out, "", "new", &next);
	}
	put_keys(out, s, i);
	return cseal_buf_error(out);
}

void
panel_named(struct cseal_buf *out, struct cseal_slice name)
{
	struct cseal_buf text;

	cseal_buf_init(&text, 0);
	panel_safe(&text, name, (size_t)PANEL_VALUE_COLUMNS * 2);
	panel_row(out, "named", "", cseal_buf_str(&text));
	cseal_buf_free(&text);
}

static bool
is_touched(const struct state_change *c, size_t person)
{
	if (!state_is_open(c))
		return false;
	for (size_t i = 0; i < c->pub.n_approvals; i++) {
		if (c->pub.approvals[i].person == person &&
		    !c->pub.approvals[i].lapsed)
			return true;
	}
	return c->pub.requester == person;
}

/* Open changes that the person asked for or approved. */
static void
put_touched(struct cseal_buf *out, const struct cseal_state *s, size_t person)
{
	char name[CSEAL_CHANGE_NAME_BYTES];
	struct cseal_buf text;
	size_t n = 0;

	cseal_buf_init(&text, 0);
	for (size_t i = 0; i < s->changes.n; i++) {
		const struct state_change *c = s->changes.items[i];

		if (!is_touched(c, person) || n++ >= NAMES_MOST)
			continue;
		cseal_change_name(&c->pub, name);
		(void)cseal_buf_printf(&text, "%s#%s%s",
		    text.len > 0 ? ", " : "", name,
		    c->pub.requester == person ? "" : " (approved)");
	}
	if (n > NAMES_MOST)
		(void)cseal_buf_printf(&text, " and %zu more", n - NAMES_MOST);
	panel_row(
	    out, "open changes", "", n > 0 ? cseal_buf_str(&text) : "none");
	cseal_buf_free(&text);
}

int
panel_leaver(
    struct cseal_buf *out, const struct cseal_state *s, const char *handle)
{
	const struct cseal_slice h = { (const uint8_t *)handle,
		strlen(handle) };
	const size_t i = state_person_index(s, h);

	if (i == STATE_NOBODY)
		return CSEAL_ERR_FORMAT;
	put_roles(out, "roles", "", &state_person(s, i)->roles);
	put_keys(out, s, i);
	put_touched(out, s, i);
	panel_say(out,
	    "From then on these keys seal nothing, and approvals of open "
	    "changes count no more. Console access does not end by this.");
	return cseal_buf_error(out);
}

/* ---- any of them, from its detail ---- */

static int
put_person(struct cseal_buf *out, const struct cseal_state *s,
    struct cseal_slice detail)
{
	struct record_person_set d;
	int r = schema_parse_all(&record_person_set, detail, &d, NULL);

	if (r != CSEAL_OK)
		return r;
	r = panel_person(out, s, &d.person);
	schema_free(&record_person_set, &d);
	return r;
}

static int
put_leaver(struct cseal_buf *out, const struct cseal_state *s,
    struct cseal_slice detail)
{
	char handle[CSEAL_HANDLE_BYTES];
	struct record_handle_of d;
	int r = schema_parse_all(&record_person_leave, detail, &d, NULL);

	if (r != CSEAL_OK)
		return r;
	return state_copy(handle, sizeof(handle), d.handle)
		   ? panel_leaver(out, s, handle)
		   : CSEAL_ERR_FORMAT;
}

static int
put_lift(struct cseal_buf *out, const struct cseal_state *s,
    struct cseal_slice detail)
{
	struct record_leaf d;
	int r = schema_parse_all(&record_freeze_lift, detail, &d, NULL);

	return r != CSEAL_OK ? r : panel_lift(out, s, &d);
}

static const struct {
	enum cseal_detail detail;
	int (*put)(struct cseal_buf *, const struct cseal_state *,
	    struct cseal_slice detail);
} details[] = {
	{ CSEAL_DETAIL_PERSON_SET, put_person },
	{ CSEAL_DETAIL_PERSON_LEAVE, put_leaver },
	{ CSEAL_DETAIL_FREEZE_LIFT, put_lift },
};

int
panel_authority(struct cseal_buf *out, const struct cseal_state *s,
    const struct cseal_kind *kind, struct cseal_slice detail)
{
	for (size_t i = 0; i < sizeof(details) / sizeof(details[0]); i++) {
		if (details[i].detail == kind->detail)
			return details[i].put(out, s, detail);
	}
	return CSEAL_OK;
}
