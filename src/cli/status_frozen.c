/* SPDX-License-Identifier: BSD-2-Clause */
/* Freezes that stand: of stores, of keys, of everything. */

#include "status.h"

#include <inttypes.h>

static const struct cseal_state_freeze *
next_freeze(const struct status *w, size_t *i)
{
	const struct cseal_state_freeze *f;

	while ((f = cseal_state_freeze(w->s, *i)) != NULL) {
		(*i)++;
		if (!f->lifted)
			return f;
	}
	return NULL;
}

/* The end of a freeze: who has asked for it, or how to ask. */
static void
say_way_out(const struct status *w, const struct cseal_state_freeze *f)
{
	const struct cseal_state_change *lift = reading_lift(w->s, f);
	char command[READING_COMMAND_BYTES];
	struct cseal_buf who, text;

	reading_way_out(w->s, f, command);
	if (lift == NULL) {
		cli_say(w->c, "      %s\n", command);
		return;
	}
	cseal_buf_init(&who, 0);
	cseal_buf_init(&text, 0);
	(void)reading_who(w->s, lift, &who);
	(void)cseal_buf_printf(&text,
	    "the lift was asked for by %s, and waits for %s",
	    reading_handle(w->s, lift->requester),
	    who.len > 0 ? cseal_buf_str(&who) : "nobody who could give it");
	reading_wrap(w->c, 6, cseal_buf_str(&text));
	cli_say(w->c, "      %s\n", command);
	cseal_buf_free(&text);
	cseal_buf_free(&who);
}

void
status_frozen_say(const struct status *w)
{
	const struct cseal_state_freeze *f;
	size_t i = 0;
	bool any = false;

	while ((f = next_freeze(w, &i)) != NULL) {
		cli_say(w->c, "%s", any ? "" : "\nfrozen\n");
		any = true;
		if (f->has_key)
			cli_say(w->c, "  key %" PRIu64 " of %s", f->key,
			    reading_person(w->s, f->key));
		else
			cli_say(w->c, "  %s",
			    f->has_store ? f->store : "all stores");
		cli_say(w->c, "  by entry %" PRIu64 " of %s: %s\n", f->entry,
		    reading_handle(w->s, f->person),
		    cseal_word_name(cseal_reasons, f->reason));
		say_way_out(w, f);
	}
}

json_t *
status_frozen_json(const struct status *w)
{
	const struct cseal_state_change *lift;
	const struct cseal_state_freeze *f;
	json_t *list = json_array();
	size_t i = 0;

	while ((f = next_freeze(w, &i)) != NULL) {
		lift = reading_lift(w->s, f);
		json_array_append_new(list,
		    json_pack("{s:I, s:s?, s:o, s:s, s:s, s:o}", "index",
			(json_int_t)f->entry, "store",
			f->has_store ? f->store : NULL, "key",
			f->has_key ? json_integer((json_int_t)f->key)
				   : json_null(),
			"person", reading_handle(w->s, f->person), "reason",
			cseal_word_name(cseal_reasons, f->reason), "lift",
			lift != NULL ? json_integer((json_int_t)lift->index)
				     : json_null()));
	}
	return list;
}
