/* SPDX-License-Identifier: BSD-2-Clause */
/* show: where a change stands and why, in sentences from the ledger alone. */

#include "show.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#define NAMES_MAX 8 /* more of them would not help a reader */

/* What the policy asks, and what of it comes on top. */
struct demand {
	const struct cseal_policy_change *rules; /* NULL: not allowed */
	struct cseal_places places;
	bool first_seen;
	bool after_contact;
};

static void say(json_t *list, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
say(json_t *list, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	json_array_append_new(list, json_string(text));
}

static unsigned
count_seats(const struct cseal_places *p)
{
	unsigned n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->place[i].count;
	return n;
}

static void
get_demand(const struct show *w, struct demand *d)
{
	unsigned seats;

	memset(d, 0, sizeof(*d));
	d->rules = cseal_policy_change(cseal_state_policy(w->s), w->h->kind);
	if (d->rules == NULL ||
	    cseal_change_places(w->s, w->h, &d->places) != CSEAL_OK)
		return;
	seats = count_seats(&d->rules->places);
	d->first_seen = w->h->first_seen && d->rules->first_seen.count > 0;
	if (d->first_seen)
		seats += d->rules->first_seen.count;
	d->after_contact = d->rules->after_contact.count > 0 &&
			   count_seats(&d->places) > seats;
}

/* ---- who ---- */

typedef bool (*may_fn)(const struct show *w, const struct cseal_state_person *);

static bool
may_approve(const struct show *w, const struct cseal_state_person *p)
{
	return cseal_change_may_approve(w->s, w->h, p);
}

static bool
may_apply(const struct show *w, const struct cseal_state_person *p)
{
	return reading_may_apply(w->s, w->h, p);
}

static json_t *
list_who(const struct show *w, may_fn may)
{
	const struct cseal_state_person *p;
	json_t *list = json_array();

	for (size_t i = 0; (p = cseal_state_person(w->s, i)) != NULL; i++) {
		if (may(w, p))
			json_array_append_new(list, json_string(p->handle));
	}
	return list;
}

/* "mina or petr"; "Nobody who is here". */
static void
name_who(const struct show *w, may_fn may, struct cseal_buf *out)
{
	const struct cseal_state_person *p;
	const char *names[NAMES_MAX];
	size_t n = 0;

	for (size_t i = 0; (p = cseal_state_person(w->s, i)) != NULL; i++) {
		if (n < NAMES_MAX && may(w, p))
			names[n++] = p->handle;
	}
	if (n == 0)
		(void)cseal_buf_add_str(out, "Nobody who is here");
	(void)cli_list_names(out, names, n);
}

/* ---- what is asked ---- */

static void
name_places(const struct cseal_places *p, struct cseal_buf *out)
{
	for (size_t i = 0; i < p->n; i++)
		(void)cseal_buf_printf(out, "%s%u %s", i > 0 ? " and " : "",
		    p->place[i].count, p->place[i].role);
}

static void
say_demand(const struct show *w, const struct demand *d, json_t *list)
{
	struct cseal_buf places;

	if (d->rules == NULL) {
		say(list,
		    "The policy in force does not allow this kind any more: "
		    "nobody can approve or enter it.");
		return;
	}
	cseal_buf_init(&places, 0);
	name_places(&d->places, &places);
	say(list, "The policy asks for %s besides %s, who asked.",
	    cseal_buf_str(&places), reading_handle(w->s, w->h->requester));
	cseal_buf_free(&places);
	if (d->first_seen)
		say(list,
		    "%u %s of these because its country or its provider was "
		    "new there when it was asked for.",
		    d->rules->first_seen.count, d->rules->first_seen.role);
	if (d->after_contact)
		say(list,
		    "%u %s of these because who can be reached or get in at "
		    "the store changed within %" PRIu64 " h before it was "
		    "asked for, or since.",
		    d->rules->after_contact.count, d->rules->after_contact.role,
		    d->rules->after_contact.within / 3600);
}

/* Approvals that were given and do not count: whose, and why. */
static void
say_lapsed(const struct show *w, json_t *list)
{
	const struct cseal_state_approval *a;
	const struct cseal_state_person *p;

	for (size_t i = 0; i < w->h->n_approvals; i++) {
		a = &w->h->approvals[i];
		if (!a->lapsed)
			continue;
		p = cseal_state_person(w->s, a->person);
		say(list,
		    "The approval by %s, entry %" PRIu64
		    ", counts no more: %s.",
		    p->handle, a->entry,
		    p->left ? "that person has left"
		    : cseal_state_key(w->s, a->key)->revoked
			? "its key was revoked"
			: "the rules or the roles are others since");
	}
}

static void
say_missing(const struct show *w, json_t *list)
{
	struct cseal_buf missing, who;
	char when[CLI_TIME_BYTES];

	cseal_buf_init(&missing, 0);
	cseal_buf_init(&who, 0);
	(void)cseal_change_missing(w->s, w->h, &missing);
	name_who(w, may_approve, &who);
	cli_time(w->h->not_after, when);
	if (missing.len > 0)
		say(list, "Missing: %s. %s can give it, until %s.",
		    cseal_buf_str(&missing), cseal_buf_str(&who), when);
	cseal_buf_free(&who);
	cseal_buf_free(&missing);
}

/* Whom a change is about does not decide on it. */
static void
say_subject(const struct show *w, json_t *list)
{
	const struct cseal_state_person *p =
	    cseal_state_person_find(w->s, w->h->slot);

	if (w->h->kind->authority && p != NULL)
		say(list,
		    "It is about %s, who may ask for it and does not decide "
		    "on it.",
		    p->handle);
}

/* ---- what stops it ---- */

static void
say_frozen(const struct show *w, json_t *list)
{
	const struct cseal_state_freeze *f = reading_stopped(w->d, w->h);
	char command[READING_COMMAND_BYTES];
	struct cseal_buf what;

	if (f == NULL)
		return;
	cseal_buf_init(&what, 0);
	(void)reading_frozen(w->s, f, &what);
	reading_way_out(w->s, f, command);
	say(list,
	    "Frozen: %s, by %s in entry %" PRIu64 " (%s). Nothing is approved "
	    "or entered there until two people lift it: %s",
	    cseal_buf_str(&what), reading_handle(w->s, f->person), f->entry,
	    cseal_word_name(cseal_reasons, f->reason), command);
	cseal_buf_free(&what);
}

static bool
is_doubted(const struct show *w, uint64_t key, uint64_t entry)
{
	const struct cseal_state_key *k = cseal_state_key(w->s, key);

	return k->lost && k->revoked && entry >= k->lost_size &&
	       w->h->approved_by <= k->revoked_at;
}

static void
say_doubt(const struct show *w, json_t *list)
{
	const struct cseal_state_approval *a;

	if (is_doubted(w, w->h->key, w->h->index))
		say(list,
		    "In doubt: it was asked for by a key that may have been "
		    "in other hands.");
	for (size_t i = 0; i < w->h->n_approvals; i++) {
		a = &w->h->approvals[i];
		if (is_doubted(w, a->key, a->entry))
			say(list,
			    "In doubt: entry %" PRIu64 " approved it by a key "
			    "that may have been in other hands.",
			    a->entry);
	}
}

/* ---- when ---- */

static void
say_window(const struct show *w, json_t *list)
{
	uint64_t opens = CSEAL_TIME_NEVER, closes = CSEAL_TIME_NEVER;
	const uint64_t now = cseal_desk_now(w->d);
	char from[CLI_TIME_BYTES], until[CLI_TIME_BYTES];
	struct cseal_error err;
	struct cseal_buf who;

	if (cseal_change_window(cseal_state_policy(w->s), w->h, &opens, &closes,
		&err) != CSEAL_OK) {
		say(list,
		    "In what time it may be entered cannot be reckoned here: "
		    "%s.",
		    err.what);
		return;
	}
	cli_time(opens, from);
	cli_time(closes, until);
	cseal_buf_init(&who, 0);
	name_who(w, may_apply, &who);
	if (opens > now)
		say(list,
		    "It cools off until %s: till then it is not entered, and a "
		    "rejection stops it for good.",
		    from);
	if (closes != CSEAL_TIME_NEVER && closes <= now)
		say(list, "The time in which it may be entered was over at %s.",
		    until);
	else
		say(list, "%s can enter it%s%s%s%s.", cseal_buf_str(&who),
		    opens > now ? ", from " : "", opens > now ? from : "",
		    closes != CSEAL_TIME_NEVER ? ", until before " : "",
		    closes != CSEAL_TIME_NEVER ? until : "");
	cseal_buf_free(&who);
}

/* ---- how it ended ---- */

/* The change that the same entry put into force. */
static void
say_successor(const struct show *w, json_t *list)
{
	const struct cseal_state_change *h, *after = NULL;
	char name[CSEAL_CHANGE_NAME_BYTES];

	for (size_t i = 0; (h = cseal_state_change(w->s, i)) != NULL; i++) {
		const bool stood = h->status == CSEAL_CHANGE_IN_FORCE ||
				   h->status == CSEAL_CHANGE_REPLACED;

		if (!stood || h == w->h || strcmp(h->store, w->h->store) != 0 ||
		    strcmp(h->slot, w->h->slot) != 0 ||
		    h->decided_by < w->h->decided_by ||
		    (after != NULL && h->decided_by >= after->decided_by))
			continue;
		after = h;
	}
	if (after == NULL)
		return;
	cseal_change_name(after, name);
	say(list, "Change #%s took its place, by entry %" PRIu64 ".", name,
	    after->decided_by);
}

json_t *
show_why(const struct show *w)
{
	json_t *list = json_array();
	struct demand d;

	get_demand(w, &d);
	switch (reading_status(w->d, w->h)) {
	case CSEAL_CHANGE_ASKED:
		say_frozen(w, list);
		say_demand(w, &d, list);
		say_lapsed(w, list);
		say_subject(w, list);
		say_missing(w, list);
		break;
	case CSEAL_CHANGE_APPROVED:
		say_frozen(w, list);
		say_demand(w, &d, list);
		say(list, "Entry %" PRIu64 " filled the last place.",
		    w->h->approved_by);
		say_window(w, list);
		break;
	case CSEAL_CHANGE_EXPIRED:
		say_demand(w, &d, list);
		say(list, "Nobody can approve it any more; ask anew.");
		break;
	case CSEAL_CHANGE_REPLACED:
	case CSEAL_CHANGE_SUPERSEDED: say_successor(w, list); break;
	case CSEAL_CHANGE_REJECTED:
	case CSEAL_CHANGE_WITHDRAWN:
	case CSEAL_CHANGE_FAILED:
		say(list, "Entry %" PRIu64 " ended it for good.",
		    w->h->decided_by);
		break;
	default: break;
	}
	if (w->h->status <= CSEAL_CHANGE_IN_FORCE)
		say_doubt(w, list);
	return list;
}

void
show_why_say(const struct show *w)
{
	json_t *list = show_why(w);
	const size_t n = json_array_size(list);

	for (size_t i = 0; i < n; i++)
		reading_wrap(
		    w->c, 2, json_string_value(json_array_get(list, i)));
	if (n > 0)
		cli_say(w->c, "\n");
	json_decref(list);
}

static void
set_time(json_t *j, const char *key, uint64_t t)
{
	json_object_set_new(
	    j, key, t != CSEAL_TIME_NEVER ? cli_json_time(t) : json_null());
}

void
show_why_json(const struct show *w, json_t *j)
{
	const bool approved =
	    reading_status(w->d, w->h) == CSEAL_CHANGE_APPROVED;
	uint64_t opens = CSEAL_TIME_NEVER, closes = CSEAL_TIME_NEVER;
	json_t *places = json_array();
	struct cseal_error err;
	struct demand d;

	get_demand(w, &d);
	for (size_t i = 0; i < d.places.n; i++)
		json_array_append_new(places,
		    json_pack("{s:s, s:I}", "role", d.places.place[i].role,
			"count", (json_int_t)d.places.place[i].count));
	if (approved)
		(void)cseal_change_window(
		    cseal_state_policy(w->s), w->h, &opens, &closes, &err);
	json_object_set_new(j, "explanation", show_why(w));
	json_object_set_new(j, "places", places);
	json_object_set_new(j, "first_seen", json_boolean(d.first_seen));
	json_object_set_new(j, "after_contact", json_boolean(d.after_contact));
	json_object_set_new(
	    j, "may_apply", approved ? list_who(w, may_apply) : json_array());
	set_time(j, "opens", opens);
	set_time(j, "closes", closes);
}
