/* SPDX-License-Identifier: BSD-2-Clause */
/* home: which desk's file of the ledger this is, and making it another. */

#include <inttypes.h>
#include <string.h>

#include "exchange.h"
#include "reading.h"

const struct cli_option cli_home_options[] = {
	{ "here", 0, NULL, false,
	    "be the home, as soon as the other desks were heard" },
	{ "force", 0, NULL, false, "with --here: without hearing them" },
	{ "leave", 0, NULL, false, "be a replica" },
	{ NULL, 0, NULL, false, NULL },
};

static const struct {
	enum cseal_site site;
	const char *what;
} sites[] = {
	{ CSEAL_SITE_HOME, "the home: entries are appended here" },
	{ CSEAL_SITE_REPLICA,
	    "a replica: what is sealed here goes to the home by send" },
	{ CSEAL_SITE_RESTORED,
	    "to be the home, when all other desks were heard" },
	{ CSEAL_SITE_COPY,
	    "a copy of the home's file: it appends nothing until you say "
	    "--here or --leave" },
};

struct hearing {
	struct cli *c;
	const struct cseal_state *s;
	json_t *list;
	unsigned missing;
};

static int
hear(void *ctx, const struct cseal_state_key *k, bool heard)
{
	struct hearing *h = ctx;
	const char *handle = reading_handle(h->s, k->person);

	h->missing += !heard;
	if (h->list != NULL)
		json_array_append_new(
		    h->list, json_pack("{s:s, s:I, s:b}", "person", handle,
				 "key", (json_int_t)k->number, "heard", heard));
	else
		cli_say(h->c, "  %-16s %s\n", handle,
		    heard ? "has told what it has" : "not heard yet");
	return CSEAL_OK;
}

static int
tell(struct cli *c, struct cseal_desk *d)
{
	struct hearing h = { .c = c, .s = cseal_desk_state(d) };
	const enum cseal_site site = cseal_desk_site(d);
	json_t *o;
	int r;

	for (size_t i = 0; i < sizeof(sites) / sizeof(*sites); i++) {
		if (sites[i].site == site && !c->json)
			cli_say(
			    c, "%s is %s.\n", c->ledger.value, sites[i].what);
	}
	if (c->json)
		h.list = json_array();
	else
		cli_say(c, "other desks\n");
	r = cseal_desk_heard(d, hear, &h, &c->err);
	if (r != CSEAL_OK) {
		json_decref(h.list);
		return cli_fail(c, r);
	}
	if (!c->json) {
		if (site == CSEAL_SITE_RESTORED && h.missing > 0)
			cli_say(c, "Next: counterseal send DIR; they receive "
				   "and send; counterseal receive DIR\n");
		return CLI_DONE;
	}
	o = json_pack("{s:s, s:s, s:o}", "act", "home", "site",
	    cseal_site_name(site), "desks", h.list);
	return cli_json(c, o);
}

static int
settle(struct cli *c, struct cseal_desk *d)
{
	const bool here = cli_option_given(c, "here");
	const bool force = cli_option_given(c, "force");
	const bool leave = cli_option_given(c, "leave");

	if (here && leave)
		return cli_error(
		    c, CSEAL_ERR_USAGE, "--leave", "contradicts --here");
	if (force && !here)
		return cli_error(
		    c, CSEAL_ERR_USAGE, "--force", "goes with --here");
	if (leave)
		return cseal_desk_settle(d, CSEAL_SITE_REPLICA, &c->err);
	if (here)
		return cseal_desk_settle(
		    d, force ? CSEAL_SITE_HOME : CSEAL_SITE_RESTORED, &c->err);
	return CSEAL_OK;
}

int
cli_home(struct cli *c)
{
	const bool write =
	    cli_option_given(c, "here") || cli_option_given(c, "leave");
	struct cseal_desk *d = NULL;
	int status, r;

	/* It tells which of the desks is this one; without it, none is. */
	if (!write)
		(void)cli_desk_key(c, false, &c->desk_key);
	r = cli_desk_open(c, write, &d);
	if (r == CSEAL_OK)
		r = settle(c, d);
	status = r == CSEAL_OK ? tell(c, d) : cli_fail(c, r);
	cseal_desk_close(d);
	return status;
}
