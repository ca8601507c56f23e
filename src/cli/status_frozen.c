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
	}
}

json_t *
status_frozen_json(const struct status *w)
{
	const struct cseal_state_freeze *f;
	json_t *list = json_array();
	size_t i = 0;

	while ((f = next_freeze(w, &i)) != NULL)
		json_array_append_new(list,
		    json_pack("{s:I, s:s?, s:o, s:s, s:s}", "index",
			(json_int_t)f->entry, "store",
			f->has_store ? f->store : NULL, "key",
			f->has_key ? json_integer((json_int_t)f->key)
				   : json_null(),
			"person", reading_handle(w->s, f->person), "reason",
			cseal_word_name(cseal_reasons, f->reason)));
	return list;
}
