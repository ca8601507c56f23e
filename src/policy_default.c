/* SPDX-License-Identifier: BSD-2-Clause */
/* The fixed rules, which a ledger has that was founded without others. */

#include <string.h>

#include "policy_parts.h"

static const char head[] = "[ledger]\n"
			   "time zone = UTC\n"
			   "working days = mon tue wed thu fri\n"
			   "holidays = none\n"
			   "user verification = required\n"
			   "attestation = any\n"
			   "clock tolerance = 10m\n"
			   "synced credentials = refused\n"
			   "\n[freeze]\n"
			   "by = approver admin\n"
			   "on drift = freeze\n"
			   "\n[store *]\n"
			   "platform = other\n"
			   "marketplaces = none\n"
			   "legal name = none\n";

static const char of_values[] = "approvals = 1 approver\n"
				"first seen = none\n"
				"after contact change = none\n"
				"request lives = 72h\n"
				"cooling off = 0h\n"
				"apply window = none\n"
				"re-enter = account\n"
				"on screen = 0s\n"
				"evidence = none\n"
				"may request = operator\n"
				"may apply = operator\n"
				"may observe = operator approver monitor\n"
				"confirmed by another = yes\n"
				"confirmed level = tail\n";

static const char of_lists[] = "countries = any\n"
			       "currencies = any\n"
			       "company domains = none\n"
			       "free mail = none\n"
			       "blocked domains = none\n"
			       "one per store = no\n";

static const char read_back[] = "read back within = 2h\n"
				"read back again after = 2 working days\n";
static const char no_read_back[] = "read back within = none\n"
				   "read back again after = none\n";

static const char of_authority[] = "approvals = 1 admin\n"
				   "request lives = 72h\n"
				   "may request = admin\n";

static bool
is_paid(const struct cseal_kind *k)
{
	return !k->authority && strncmp(k->name, "payout.", 7) == 0;
}

static bool
is_other(const struct cseal_kind *k)
{
	return !k->authority && !is_paid(k);
}

static bool
is_authority(const struct cseal_kind *k)
{
	return k->authority;
}

/* "[change A B ...]" with all kinds of one sort. */
static void
add_title(struct cseal_buf *b, bool (*has)(const struct cseal_kind *k))
{
	const struct cseal_kind *k;

	(void)cseal_buf_add_str(b, "\n[change");
	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		if (has(k))
			(void)cseal_buf_printf(b, " %s", k->name);
	}
	(void)cseal_buf_add_str(b, "]\n");
}

/* Each slot once: several kinds of account stand in one. */
static void
add_slots(struct cseal_buf *b)
{
	const struct cseal_kind *k;

	(void)cseal_buf_add_str(b, "slots =");
	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		bool again = false;

		for (size_t j = 0; j < i; j++)
			again = again ||
				strcmp(cseal_kind_at(j)->slot, k->slot) == 0;
		if (!k->authority && !again)
			(void)cseal_buf_printf(b, " %s", k->slot);
	}
	(void)cseal_buf_add_str(b, "\n");
}

int
cseal_policy_default(struct cseal_buf *out)
{
	(void)cseal_buf_add_str(out, head);
	add_slots(out);
	add_title(out, is_paid);
	(void)cseal_buf_printf(out, "%s%s%s", of_values, read_back, of_lists);
	add_title(out, is_other);
	(void)cseal_buf_printf(
	    out, "%s%s%s", of_values, no_read_back, of_lists);
	add_title(out, is_authority);
	return cseal_buf_add_str(out, of_authority);
}
