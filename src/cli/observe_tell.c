/* SPDX-License-Identifier: BSD-2-Clause */
#include "observe.h"

#include <inttypes.h>
#include <string.h>

/* ---- for people ---- */

static void
say_match(struct cli *c, const struct observe_result *res)
{
	const char *wanted = cseal_word_name(cseal_levels, res->wanted);

	switch (res->confirming) {
	case CSEAL_CONFIRMS:
		cli_say(c, "#%s is confirmed.\n", res->name);
		break;
	case CSEAL_CONFIRMS_NOT_LEVEL:
		cli_say(c,
		    "#%s is not confirmed: the policy asks for %s or more to "
		    "be seen.\n",
		    res->name, wanted);
		break;
	case CSEAL_CONFIRMS_NOT_BY_HIM:
		cli_say(c,
		    "#%s is not confirmed: who entered it does not confirm it; "
		    "somebody else looks.\n",
		    res->name);
		break;
	default: break;
	}
}

/* How long an edit keeps payouts back: the time in which a call helps. */
static const char *
hold_of(const struct observe *v, const struct observe_result *res)
{
	static const struct {
		const char *platform, *hold;
	} holds[] = {
		{ "amazon",
		    "Amazon holds payouts back for 3 days after an edit" },
		{ "etsy", "Etsy holds payouts back for 5 days after an edit" },
		{ "ebay",
		    "eBay takes about 2 working days to confirm an edit" },
	};
	const struct cseal_policy_store *store = cseal_policy_store(
	    cseal_state_policy(cseal_desk_state(v->d)), res->r->o.store);

	for (size_t i = 0; store != NULL && i < sizeof(holds) / sizeof(*holds);
	     i++) {
		if (strcmp(holds[i].platform, store->platform) == 0)
			return holds[i].hold;
	}
	return "Many consoles hold payouts back for some days after an edit";
}

static void
say_bad(const struct observe *v, const struct observe_result *res)
{
	struct cli *c = v->c;
	char hold[120];

	if (res->j.freezes)
		cli_say(c,
		    "The store is frozen: nothing is approved or entered there "
		    "until it is lifted.\n");
	else
		cli_say(c, "The policy does not freeze the store for it.\n");
	if (strncmp(res->r->o.slot, "payout", 6) == 0) {
		snprintf(hold, sizeof(hold), "%s: call the marketplace now.",
		    hold_of(v, res));
		reading_wrap(c, 0, hold);
	}
}

static void
say_sealed(struct observe *v, const struct observe_result *res)
{
	struct cli *c = v->c;

	if (!res->sealed) {
		if (res->j.is_reported)
			cli_say(c,
			    "Entry %" PRIu64 " reports the same already.\n",
			    res->j.reported_at);
		cli_say(c, "%s: nothing was sealed.\n",
		    cli_option_given(c, "dry-run") ? "Compared only"
		    : res->j.is_reported	   ? "No news"
						   : "No bad news");
		return;
	}
	if (res->index == CSEAL_INDEX_NONE) {
		cli_say(c,
		    "Sealed by %s, and kept here: the home appends it.\n"
		    "Next: counterseal send DIR\n",
		    v->key.handle);
		return;
	}
	cli_say(c, "Sealed by %s as entry %" PRIu64 ".\n", v->key.handle,
	    res->index);
	if (res->j.outcome == CSEAL_OBSERVE_MATCH)
		say_match(c, res);
	else
		say_bad(v, res);
}

/* ---- for programs ---- */

static json_t *
fields_json(const struct observe_result *res)
{
	static const char *const words[] = {
		[CSEAL_SAME] = "same",
		[CSEAL_DIFFERS] = "differs",
		[CSEAL_NOT_COMPARED] = "not compared",
	};
	const struct cseal_observation *o = &res->r->o;
	json_t *list = json_array();
	struct cseal_buf b;

	for (size_t i = 0; i < o->n_shown; i++) {
		cseal_buf_init(&b, 0);
		(void)cseal_observed_mask(&o->shown[i], &b);
		json_array_append_new(
		    list, json_pack("{s:s, s:o, s:s}", "name", o->shown[i].name,
			      "value", cli_json_text(cseal_buf_slice(&b)),
			      "result", words[res->j.compared.same[i]]));
		cseal_buf_free(&b);
	}
	return list;
}

static const char *
confirming_word(const struct observe_result *res)
{
	static const char *const words[] = {
		[CSEAL_CONFIRMS] = "confirmed",
		[CSEAL_CONFIRMS_NOTHING] = "nothing",
		[CSEAL_CONFIRMS_NOT_LEVEL] = "level",
		[CSEAL_CONFIRMS_NOT_BY_HIM] = "applier",
	};

	return res->sealed && res->j.outcome == CSEAL_OBSERVE_MATCH
		   ? words[res->confirming]
		   : NULL;
}

static json_t *
name_json(const char *name)
{
	return name[0] != '\0' ? json_string(name) : json_null();
}

static json_t *
to_json(const struct observe *v, const struct observe_result *res)
{
	const struct cseal_observation *o = &res->r->o;
	json_t *j;

	j = json_pack("{s:s, s:s, s:s, s:s?, s:s, s:s, s:o, s:o, s:o, s:o, "
		      "s:b, s:b, s:s?, s:s, s:s}",
	    "act", "observe", "store", o->store, "slot", o->slot, "kind",
	    o->kind != NULL ? o->kind->name : NULL, "outcome",
	    res->j.is_idle
		? "nothing"
		: cseal_word_name(cseal_observe_outcomes, res->j.outcome),
	    "level", cseal_word_name(cseal_levels, res->j.compared.level),
	    "fields", fields_json(res), "sentence", json_string(res->sentence),
	    "in_force", name_json(res->name), "fits", name_json(res->fits),
	    "sealed", (int)res->sealed, "frozen",
	    (int)(res->sealed && res->j.freezes), "confirms",
	    confirming_word(res), "wanted",
	    cseal_word_name(cseal_levels, res->wanted), "source",
	    res->r->source);
	json_object_set_new(j, "index",
	    res->sealed && res->index != CSEAL_INDEX_NONE
		? json_integer((json_int_t)res->index)
		: json_null());
	json_object_set_new(j, "reported",
	    res->j.is_reported ? json_integer((json_int_t)res->j.reported_at)
			       : json_null());
	json_object_set_new(j, "person",
	    res->sealed ? json_string(v->key.handle) : json_null());
	json_object_set_new(j, "key",
	    res->sealed ? json_integer((json_int_t)v->key.number)
			: json_null());
	json_object_set_new(j, "time",
	    res->r->seen_at != 0 ? cli_json_time(res->r->seen_at)
				 : json_null());
	return j;
}

int
observe_tell(struct observe *v, const struct observe_result *res)
{
	struct cli *c = v->c;

	if (c->json)
		return cli_json(c, to_json(v, res)) == CLI_DONE
			   ? CSEAL_OK
			   : CSEAL_ERR_NOMEM;
	reading_wrap(c, 0, res->sentence);
	say_sealed(v, res);
	return CSEAL_OK;
}
