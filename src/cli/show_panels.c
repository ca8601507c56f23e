/* SPDX-License-Identifier: BSD-2-Clause */
/* show --shown: the panels that the signers of a change had before them. */

#include <inttypes.h>

#include "show.h"

static int
say_one(void *ctx, const struct cseal_shown_again *a)
{
	struct cli *c = ctx;
	struct cseal_buf line;

	cseal_buf_init(&line, 0);
	(void)cseal_buf_printf(&line, "entry %" PRIu64 ": %s", a->entry,
	    a->verdict == CSEAL_SHOWN_FITS
		? "the text fits what the signer committed to"
		: a->why);
	if (a->fewer)
		(void)cseal_buf_printf(&line, " (%s)", a->why);
	cli_say(c, "\n");
	reading_wrap(c, 2, cseal_buf_str(&line));
	cseal_buf_free(&line);
	cli_say(c, "%s", a->text);
	return CSEAL_OK;
}

int
show_panels(const struct show *w)
{
	if (reading_is_blind(w->c, w->d, w->h)) {
		cli_say(w->c,
		    "\n  What others were shown is not told before it is typed "
		    "from the source document.\n");
		return CSEAL_OK;
	}
	return cseal_shown_each(w->s, cseal_desk_ledger(w->d), &w->h->index,
	    say_one, w->c, &w->c->err);
}

static int
add_one(void *ctx, const struct cseal_shown_again *a)
{
	json_t *list = ctx;

	json_array_append_new(list,
	    json_pack("{s:I, s:s, s:b, s:s}", "index", (json_int_t)a->entry,
		"verdict", cseal_shown_verdict_name(a->verdict), "fewer",
		a->fewer, "why", a->why));
	return CSEAL_OK;
}

int
show_panels_json(const struct show *w, json_t **out)
{
	*out = json_array();
	return cseal_shown_each(w->s, cseal_desk_ledger(w->d), &w->h->index,
	    add_one, *out, &w->c->err);
}
