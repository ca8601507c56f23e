/* SPDX-License-Identifier: BSD-2-Clause */
/* What is wrong with a policy whoever has to live with it: times, lists. */

#include <string.h>

#include "lint.h"

#define TOUCH_SECONDS  30 /* that a key waits, CTAP 2.1 section 6.2.2 */
#define TOLERANCE_MOST 3600
#define HOURS	       ((size_t)7 * 24)

/* ---- the ledger's ---- */

static void
check_ledger(struct cseal_lint *l)
{
	struct lint_place at = { .section = "ledger" };
	const uint64_t tolerance = cseal_policy_tolerance(l->p);
	const char *zone = cseal_policy_calendar(l->p)->zone;

	at.key = "time zone";
	if (cseal_zone_check(zone, NULL) != CSEAL_OK)
		lint_say(l, LINT_ZONE_UNKNOWN, &at,
		    "this machine does not know the zone %s: write one of the "
		    "IANA data, such as Europe/Berlin, or install tzdata",
		    zone);
	at.key = "clock tolerance";
	if (tolerance == 0)
		lint_say(l, LINT_TOLERANCE_ZERO, &at,
		    "no two clocks agree to the second, so honest seals would "
		    "be refused: write 10m");
	if (tolerance > TOLERANCE_MOST)
		lint_say(l, LINT_TOLERANCE_WIDE, &at,
		    "a seal could be dated by hours ahead: write 10m");
	at.key = "user verification";
	if (!cseal_policy_uv(l->p))
		lint_say(l, LINT_NOT_VERIFIED, &at,
		    "without PIN or fingerprint, who finds a key can seal with "
		    "it: write required");
	at.key = "synced credentials";
	if (cseal_policy_synced(l->p))
		lint_say(l, LINT_SYNCED, &at,
		    "such credentials can be on devices of several persons: "
		    "write refused");
	at.section = "";
	at.key = NULL;
	if (l->o->demo)
		lint_say(l, LINT_DEMO, &at,
		    "this is a demonstration: software keys are taken, and "
		    "nothing that it holds is proven");
}

/* ---- times of changes ---- */

/*
 * Is there an hour of a working day in which an approval leads to a window
 * without any working day in it? Holidays and changes of the clock are left
 * out of account.
 */
static bool
may_miss_work(
    const struct cseal_calendar *cal, const struct cseal_policy_change *c)
{
	const uint64_t window = c->apply_window.n / 3600;
	const uint64_t wait = c->cooling_off / 3600 % HOURS;
	bool works;

	if (window >= HOURS)
		return false;
	for (size_t h = 0; h < HOURS; h++) {
		if ((cal->weekdays >> h / 24 & 1) == 0)
			continue;
		works = false;
		for (size_t k = 0; k <= window && !works; k++)
			works =
			    (cal->weekdays >> ((h + wait + k) % HOURS) / 24 &
				1) != 0;
		if (!works)
			return true;
	}
	return false;
}

static void
check_times(struct cseal_lint *l, const struct cseal_policy_change *c,
    struct lint_place *at)
{
	const uint64_t tolerance = cseal_policy_tolerance(l->p);

	at->key = "request lives";
	if (c->request_lives == 0)
		lint_say(l, LINT_LIVES_ZERO, at,
		    "a request would be over before anybody can approve it: "
		    "write 72h");
	else if (c->request_lives <= tolerance)
		lint_say(l, LINT_LIVES_SHORT, at,
		    "a request lives no longer than clocks may differ (clock "
		    "tolerance), so it may be over as it comes: write 72h");
	at->key = "apply window";
	if (c->apply_window.n == 0 || c->apply_window.working_days)
		return;
	if (c->apply_window.n <= tolerance)
		lint_say(l, LINT_WINDOW_EMPTY, at,
		    "by another machine's clock the window may close before it "
		    "opens (clock tolerance): write 48h, or 3 working days");
	else if (may_miss_work(cseal_policy_calendar(l->p), c))
		lint_say(l, LINT_WINDOW_OUTSIDE, at,
		    "with this cooling-off the window may open and close while "
		    "nobody works: write it in working days");
}

static void
check_extra(struct cseal_lint *l, const struct cseal_policy_change *c,
    struct lint_place *at)
{
	at->key = "after contact change";
	if (c->after_contact.count > 0 && c->after_contact.within == 0)
		lint_say(l, LINT_EXTRA_VOID, at,
		    "places on top for no time at all are none: write how long "
		    "a contact counts as new, such as 7d, or write none");
}

static void
check_looks(struct cseal_lint *l, const struct cseal_policy_change *c,
    struct lint_place *at)
{
	at->key = "on screen";
	if (c->on_screen > TOUCH_SECONDS)
		lint_say(l, LINT_SCREEN_LONG, at,
		    "a key waits for a touch for %d s, so the panel cannot "
		    "stand longer before it: write at most %ds",
		    TOUCH_SECONDS, TOUCH_SECONDS);
	if (!lint_pays(c))
		return;
	at->key = "re-enter";
	if (c->reenter == CSEAL_REENTER_NONE)
		lint_say(l, LINT_NOT_REENTERED, at,
		    "an approver who only compares what is shown to him finds "
		    "little: write account");
	at->key = "read back within";
	if (c->read_back_within.n == 0)
		lint_say(l, LINT_NOT_READ_BACK, at,
		    "nobody has to look at what the console shows after it was "
		    "entered: write 2h");
}

static void
check_read_back(struct cseal_lint *l, const struct cseal_policy_change *c,
    struct lint_place *at)
{
	const struct cseal_span *first = &c->read_back_within;
	const struct cseal_span *again = &c->read_back_again;
	uint64_t none;

	at->key = "confirmed level";
	if (cseal_word_find(cseal_levels, "none", &none) &&
	    c->confirmed_level == none && first->n > 0)
		lint_say(l, LINT_NOT_CONFIRMED, at,
		    "a read-back in which nothing of the account was seen "
		    "would do: write tail, or read back within = none");
	at->key = "read back again after";
	if (again->n > 0 && first->n > 0 &&
	    again->working_days == first->working_days && again->n <= first->n)
		lint_say(l, LINT_READ_BACK_ORDER, at,
		    "the second read-back would be due no later than the "
		    "first: write a longer time, such as 2 working days");
}

/* ---- lists ---- */

static void
check_codes(struct cseal_lint *l, const struct cseal_policy_change *c,
    struct lint_place *at)
{
	at->key = "countries";
	for (size_t i = 0; i < c->countries.n; i++) {
		if (!cseal_is_country(c->countries.items[i]))
			lint_say(l, LINT_COUNTRY_UNKNOWN, at,
			    "%s is no country of ISO 3166-1: look for its code "
			    "of two letters (GB, not UK)",
			    c->countries.items[i]);
	}
	at->key = "currencies";
	for (size_t i = 0; i < c->currencies.n; i++) {
		if (!cseal_is_currency(c->currencies.items[i]))
			lint_say(l, LINT_CURRENCY_UNKNOWN, at,
			    "%s is no currency of ISO 4217 that is in use: "
			    "look for its code of three letters",
			    c->currencies.items[i]);
	}
}

static void
check_twice(struct cseal_lint *l, const struct lint_place *at,
    const struct cseal_names *a, const struct cseal_names *b, const char *other)
{
	for (size_t i = 0; i < a->n; i++) {
		if (cseal_names_has(b, a->items[i]))
			lint_say(l, LINT_DOMAIN_TWICE, at,
			    "%.150s stands in '%s' too: take it out of one of "
			    "the two",
			    a->items[i], other);
	}
}

static void
check_domains(struct cseal_lint *l, const struct cseal_policy_change *c,
    struct lint_place *at)
{
	at->key = "blocked domains";
	check_twice(
	    l, at, &c->blocked_domains, &c->company_domains, "company domains");
	check_twice(l, at, &c->blocked_domains, &c->free_mail, "free mail");
	at->key = "free mail";
	check_twice(
	    l, at, &c->free_mail, &c->company_domains, "company domains");
}

void
lint_words(struct cseal_lint *l)
{
	const struct cseal_policy_change *c;

	check_ledger(l);
	for (size_t i = 0; (c = lint_change(l, i)) != NULL; i++) {
		struct lint_place at = { .section = "change",
			.kinds = c->kinds };

		check_times(l, c, &at);
		if (!lint_has_values(c))
			continue;
		check_extra(l, c, &at);
		check_looks(l, c, &at);
		check_read_back(l, c, &at);
		check_codes(l, c, &at);
		check_domains(l, c, &at);
	}
}
