/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keys of each kind of section: how a value is read and written, and where
 * it stands. In the order in which they are written.
 */

#include "counterseal/statement.h"

#include "policy_parts.h"

/* ---- words ---- */

static const struct cseal_word uv_words[] = {
	{ 1, "required" },
	{ 0, "optional" },
	{ 0, NULL },
};
static const struct cseal_word attestation_words[] = {
	{ CSEAL_VERDICT_SOFTWARE, "any" },
	{ CSEAL_VERDICT_TRUSTED, "trusted" },
	{ CSEAL_VERDICT_LISTED, "models" },
	{ 0, NULL },
};
static const struct cseal_word synced_words[] = {
	{ 0, "refused" },
	{ 1, "allowed" },
	{ 0, NULL },
};
static const struct cseal_word drift_words[] = {
	{ 1, "freeze" },
	{ 0, "report" },
	{ 0, NULL },
};
static const struct cseal_word yes_words[] = {
	{ 1, "yes" },
	{ 0, "no" },
	{ 0, NULL },
};
static const struct cseal_word reenter_words[] = {
	{ CSEAL_REENTER_NONE, "none" },
	{ CSEAL_REENTER_ACCOUNT, "account" },
	{ CSEAL_REENTER_ALL, "all" },
	{ 0, NULL },
};
static const struct cseal_word evidence_words[] = {
	{ CSEAL_WANT_REASON, "reason" },
	{ CSEAL_WANT_CALLBACK, "callback" },
	{ CSEAL_WANT_NAME_CHECK, "name-check" },
	{ CSEAL_WANT_DOCUMENT, "document" },
	{ 0, NULL },
};

/* ---- keys ---- */

#define VALUE(form) policy_read_##form, policy_write_##form

#define A_DURATION "a duration: 30s, 10m, 72h or 7d"
#define A_SPAN	   "none, a duration such as 48h, or 3 working days"
#define SOME_ROLES "none, or roles: operator approver"
#define A_PLACES   "places: 1 approver and 1 finance"
#define YES_OR_NO  "yes or no"
#define DOMAINS	   "none, or domains in lower case: example.com"

#define LEDGER(f) offsetof(struct policy_ledger, f)
const struct policy_key policy_ledger_keys[] = {
	{ "time zone", VALUE(zone), NULL, LEDGER(calendar),
	    "a zone of the IANA data, such as Europe/Berlin, or UTC" },
	{ "working days", VALUE(weekdays), NULL, LEDGER(calendar),
	    "days in the order of the week: mon tue wed thu fri" },
	{ "holidays", VALUE(holidays), NULL, LEDGER(calendar),
	    "none, or days in their order: 2026-12-25 2026-12-26" },
	{ "user verification", VALUE(choice), uv_words, LEDGER(uv),
	    "required or optional" },
	{ "attestation", VALUE(choice), attestation_words, LEDGER(attestation),
	    "any, trusted or models" },
	{ "clock tolerance", VALUE(duration), NULL, LEDGER(tolerance),
	    A_DURATION },
	{ "synced credentials", VALUE(choice), synced_words, LEDGER(synced),
	    "refused or allowed" },
	{ NULL, NULL, NULL, NULL, 0, NULL },
};

#define STORE(f) offsetof(struct cseal_policy_store, f)
const struct policy_key policy_store_keys[] = {
	{ "platform", VALUE(platform), NULL, STORE(platform),
	    "amazon, ebay, walmart, shopify, tiktok, etsy or other" },
	{ "marketplaces", VALUE(names), &policy_marketplaces,
	    STORE(marketplaces), "none, or codes in capitals: DE FR" },
	{ "legal name", VALUE(names), &policy_name, STORE(legal_name),
	    "none, or the company's name as banks have it" },
	{ "slots", VALUE(slots), NULL, STORE(slots),
	    "slots of kinds of change: payout contact.login_email" },
	{ NULL, NULL, NULL, NULL, 0, NULL },
};

#define PROVIDER(f) offsetof(struct cseal_provider, f)
const struct policy_key policy_provider_keys[] = {
	{ "programme member", VALUE(choice), yes_words, PROVIDER(member),
	    YES_OR_NO },
	{ "schemes", VALUE(schemes), NULL, PROVIDER(schemes),
	    "kinds of change: payout.iban payout.us" },
	{ "banks", VALUE(names), &policy_banks, PROVIDER(banks),
	    "none, or bank codes: BIC:CITIIE2X ABA:031100209" },
	{ "payee", VALUE(names), &policy_payees, PROVIDER(payees),
	    "none, or names with ' | ' between them" },
	{ NULL, NULL, NULL, NULL, 0, NULL },
};

#define CHANGE(f) offsetof(struct cseal_policy_change, f)
#define APPROVALS "approvals", VALUE(places), NULL, CHANGE(places), A_PLACES
#define LIVES                                                          \
	"request lives", VALUE(duration), NULL, CHANGE(request_lives), \
	    A_DURATION
#define MAY_REQUEST \
	"may request", VALUE(roles), NULL, CHANGE(may_request), SOME_ROLES
const struct policy_key policy_authority_keys[] = {
	{ APPROVALS },
	{ LIVES },
	{ MAY_REQUEST },
	{ NULL, NULL, NULL, NULL, 0, NULL },
};
const struct policy_key policy_change_keys[] = {
	{ APPROVALS },
	{ "first seen", VALUE(extra), NULL, CHANGE(first_seen),
	    "none, or places: 1 more approver" },
	{ "after contact change", VALUE(extra), "for", CHANGE(after_contact),
	    "none, or places and a duration: 1 more approver for 7d" },
	{ LIVES },
	{ "cooling off", VALUE(duration), NULL, CHANGE(cooling_off),
	    A_DURATION },
	{ "apply window", VALUE(span), NULL, CHANGE(apply_window), A_SPAN },
	{ "re-enter", VALUE(choice), reenter_words, CHANGE(reenter),
	    "none, account or all" },
	{ "on screen", VALUE(duration), "s", CHANGE(on_screen), A_DURATION },
	{ "evidence", VALUE(bits), evidence_words, CHANGE(evidence),
	    "none, or some of: reason callback name-check document" },
	{ MAY_REQUEST },
	{ "may apply", VALUE(roles), NULL, CHANGE(may_apply), SOME_ROLES },
	{ "may observe", VALUE(roles), NULL, CHANGE(may_observe), SOME_ROLES },
	{ "confirmed by another", VALUE(choice), yes_words,
	    CHANGE(confirmed_by_another), YES_OR_NO },
	{ "confirmed level", VALUE(choice), cseal_levels,
	    CHANGE(confirmed_level),
	    "none, tail, tail+name+country, full or funds" },
	{ "read back within", VALUE(span), NULL, CHANGE(read_back_within),
	    A_SPAN },
	{ "read back again after", VALUE(span), NULL, CHANGE(read_back_again),
	    A_SPAN },
	{ "countries", VALUE(names), &policy_countries, CHANGE(countries),
	    "any, or codes of ISO 3166-1: DE FR" },
	{ "currencies", VALUE(names), &policy_currencies, CHANGE(currencies),
	    "any, or codes of ISO 4217: EUR USD" },
	{ "company domains", VALUE(names), &policy_domains,
	    CHANGE(company_domains), DOMAINS },
	{ "free mail", VALUE(names), &policy_domains, CHANGE(free_mail),
	    DOMAINS },
	{ "blocked domains", VALUE(names), &policy_domains,
	    CHANGE(blocked_domains), DOMAINS },
	{ "one per store", VALUE(choice), yes_words, CHANGE(one_per_store),
	    YES_OR_NO },
	{ NULL, NULL, NULL, NULL, 0, NULL },
};

const struct policy_key policy_freeze_keys[] = {
	{ "by", VALUE(roles), NULL, offsetof(struct policy_freeze, by),
	    SOME_ROLES },
	{ "on drift", VALUE(choice), drift_words,
	    offsetof(struct policy_freeze, on_drift), "freeze or report" },
	{ NULL, NULL, NULL, NULL, 0, NULL },
};
