/* SPDX-License-Identifier: BSD-2-Clause */
/* Freezes in the words of people. */

#include "reading.h"

#include <inttypes.h>
#include <string.h>

int
reading_frozen(const struct cseal_state *s, const struct cseal_state_freeze *f,
    struct cseal_buf *out)
{
	if (f->has_store)
		return cseal_buf_printf(out, "store %s", f->store);
	if (f->has_key)
		return cseal_buf_printf(out, "key %" PRIu64 " of %s", f->key,
		    reading_person(s, f->key));
	return cseal_buf_add_str(out, "all stores");
}

const struct cseal_state_change *
reading_lift(const struct cseal_state *s, const struct cseal_state_freeze *f)
{
	const struct cseal_state_change *h;
	char slot[sizeof("freeze/") + 8] = "freeze/";

	cseal_base32(f->leaf, 8, slot + strlen(slot));
	for (size_t i = 0; (h = cseal_state_change(s, i)) != NULL; i++) {
		if (h->kind->detail == CSEAL_DETAIL_FREEZE_LIFT &&
		    h->status == CSEAL_CHANGE_ASKED &&
		    strcmp(h->slot, slot) == 0)
			return h;
	}
	return NULL;
}

const struct cseal_state_freeze *
reading_stopped(const struct cseal_desk *d, const struct cseal_state_change *h)
{
	const enum cseal_change_status status = reading_status(d, h);

	if (h->kind->authority ||
	    (status != CSEAL_CHANGE_ASKED && status != CSEAL_CHANGE_APPROVED))
		return NULL;
	return cseal_state_frozen(cseal_desk_state(d), h->store);
}

void
reading_way_out(const struct cseal_state *s, const struct cseal_state_freeze *f,
    char out[READING_COMMAND_BYTES])
{
	const struct cseal_state_change *lift = reading_lift(s, f);

	if (lift == NULL)
		snprintf(out, READING_COMMAND_BYTES,
		    "counterseal lift %" PRIu64, f->entry);
	else
		snprintf(out, READING_COMMAND_BYTES,
		    "counterseal approve %" PRIu64, lift->index);
}
