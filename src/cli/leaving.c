/* SPDX-License-Identifier: BSD-2-Clause */
/* person leave: all that is known of the leaver, before the touch. */

#include "reading.h"
#include "remains.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

struct leaving {
	struct cli *c;
	struct cseal_desk *d;
	const struct cseal_state *s;
	const char *handle;
	size_t person;
	json_t *keys, *changes, *access;
};

static void
list_keys(const struct leaving *w)
{
	const struct cseal_state_key *k;

	for (uint64_t i = 0; (k = cseal_state_key(w->s, i)) != NULL; i++) {
		if (k->person != w->person || k->revoked)
			continue;
		cli_note(w->c, "  key %" PRIu64 "%s\n", i,
		    k->monitor ? ", a monitor's" : "");
		json_array_append_new(w->keys, json_integer((json_int_t)i));
	}
	if (json_array_size(w->keys) == 0)
		cli_note(w->c, "  no key in use\n");
}

static bool
has_approved(const struct leaving *w, const struct cseal_state_change *h)
{
	for (size_t i = 0; i < h->n_approvals; i++) {
		if (h->approvals[i].person == w->person &&
		    !h->approvals[i].lapsed)
			return true;
	}
	return false;
}

static void
list_changes(const struct leaving *w)
{
	const struct cseal_state_change *h;
	char name[CSEAL_CHANGE_NAME_BYTES], place[READING_PLACE_BYTES];

	for (size_t i = 0; (h = cseal_state_change(w->s, i)) != NULL; i++) {
		const bool asked = h->requester == w->person;

		if ((h->status != CSEAL_CHANGE_ASKED &&
			h->status != CSEAL_CHANGE_APPROVED) ||
		    (!asked && !has_approved(w, h)))
			continue;
		cseal_change_name(h, name);
		reading_place(h, place);
		cli_note(w->c, "  open: #%s  %s  %s, %s\n", name, h->kind->name,
		    place,
		    asked ? "asked for: reject it, unless it is to stand"
			  : "approved: that approval will count no more");
		json_array_append_new(w->changes,
		    json_pack("{s:I, s:s, s:s}", "change", (json_int_t)h->index,
			"name", name, "as", asked ? "requester" : "approver"));
	}
}

/* "lin" of "lin.weber@example.com": a part of what stands before the @. */
static bool
is_named(const char *handle, const char *email)
{
	const size_t len = strlen(handle);

	for (const char *p = email; *p != '\0' && *p != '@';) {
		size_t n = strcspn(p, ".-_+@");

		if ((n == len && strncasecmp(p, handle, n) == 0) ||
		    (strncasecmp(p, handle, len) == 0 && p[len] == '@'))
			return true;
		p += n + (p[n] != '\0' && p[n] != '@' ? 1 : 0);
	}
	return false;
}

static bool
is_access(const struct cseal_state_change *h)
{
	return h != NULL && strcmp(h->kind->name, "access.user") == 0 &&
	       h->op != CSEAL_OP_REMOVE;
}

static int
list_one(const struct leaving *w, const struct cseal_state_change *h)
{
	char name[CSEAL_CHANGE_NAME_BYTES], place[READING_PLACE_BYTES];
	struct cseal_buf email;
	const char *whose;
	int r;

	cseal_buf_init(&email, CSEAL_VALUE_MAX);
	r = cseal_desk_value(w->d, h, "action", &email, &w->c->err);
	if (r == CSEAL_OK && strcmp(cseal_buf_str(&email), "revoke") == 0)
		goto out;
	cseal_buf_reset(&email);
	r = cseal_desk_value(w->d, h, "user_email", &email, &w->c->err);
	whose = r != CSEAL_OK				     ? "unknown"
		: is_named(w->handle, cseal_buf_str(&email)) ? "theirs"
							     : "other";
	if (r == CSEAL_OK || r == CSEAL_ERR_NOT_FOUND) {
		cseal_change_name(h, name);
		reading_place(h, place);
		cli_note(w->c, "  access: #%s  %s  %s%s\n", name, place,
		    r == CSEAL_OK ? cseal_buf_str(&email)
				  : "whose is not known on this desk",
		    strcmp(whose, "theirs") == 0 ? "  <- take it away" : "");
		json_array_append_new(
		    w->access, json_pack("{s:I, s:s, s:s, s:s, s:s}", "change",
				   (json_int_t)h->index, "name", name, "store",
				   h->store, "slot", h->slot, "whose", whose));
		r = CSEAL_OK;
	}
out:
	cseal_buf_free(&email);
	return r;
}

static int
list_access(const struct leaving *w)
{
	const struct cseal_state_slot *t;
	const struct cseal_state_change *h;
	int r = CSEAL_OK;

	for (size_t i = 0;
	     r == CSEAL_OK && (t = cseal_state_slot(w->s, i)) != NULL; i++) {
		h = cseal_state_change_find(w->s, t->change);
		if (is_access(h))
			r = list_one(w, h);
	}
	if (json_array_size(w->access) == 0)
		cli_note(w->c, "  no access to a console is in force here\n");
	return r;
}

int
cli_leaving(struct cli *c, struct cli_act *a, const char *handle)
{
	struct leaving w = { .c = c,
		.d = a->desk,
		.s = cseal_desk_state(a->desk),
		.handle = handle,
		.keys = json_array(),
		.changes = json_array(),
		.access = json_array() };
	const struct cseal_state_person *p;
	int r;

	while ((p = cseal_state_person(w.s, w.person)) != NULL &&
	       strcmp(p->handle, handle) != 0)
		w.person++;
	if (p != NULL)
		cli_note(c, "What is known of %s:\n", handle);
	list_keys(&w);
	list_changes(&w);
	r = list_access(&w);
	if (a->more == NULL)
		a->more = json_object();
	json_object_set_new(a->more, "keys", w.keys);
	json_object_set_new(a->more, "open", w.changes);
	json_object_set_new(a->more, "access", w.access);
	return r;
}
