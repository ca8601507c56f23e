/* SPDX-License-Identifier: BSD-2-Clause */
/* The enumerations of docs/format.md section 4, as words for people. */

#include <string.h>

#include "counterseal/statement.h"

const struct cseal_word cseal_statement_kinds[] = {
	{ CSEAL_GENESIS, "genesis" },
	{ CSEAL_JOIN, "join" },
	{ CSEAL_REQUEST, "request" },
	{ CSEAL_APPROVE, "approve" },
	{ CSEAL_REJECT, "reject" },
	{ CSEAL_WITHDRAW, "withdraw" },
	{ CSEAL_APPLY, "apply" },
	{ CSEAL_OBSERVE, "observe" },
	{ CSEAL_FREEZE, "freeze" },
	{ CSEAL_ERASE, "erase" },
	{ CSEAL_ENDORSE, "endorse" },
	{ 0, NULL },
};

const struct cseal_word cseal_reject_reasons[] = {
	{ 1, "reentry_mismatch" },
	{ 2, "name_mismatch" },
	{ 3, "bank_not_allowed" },
	{ 4, "not_called_back" },
	{ 5, "not_asked_for" },
	{ 6, "suspicious" },
	{ 7, "other" },
	{ 0, NULL },
};

const struct cseal_word cseal_reasons[] = {
	{ 1, "drift" },
	{ 2, "lost" },
	{ 3, "stolen" },
	{ 4, "phishing" },
	{ 5, "malware" },
	{ 6, "left" },
	{ 7, "replaced" },
	{ 8, "drill" },
	{ 9, "other" },
	{ 0, NULL },
};

const struct cseal_word cseal_apply_outcomes[] = {
	{ CSEAL_APPLY_ENTERED, "entered" },
	{ CSEAL_APPLY_REFUSED, "refused" },
	{ CSEAL_APPLY_DIFFERS, "differs" },
	{ 0, NULL },
};

const struct cseal_word cseal_observe_outcomes[] = {
	{ 1, "match" },
	{ 2, "mismatch" },
	{ 3, "drift" },
	{ 0, NULL },
};

const struct cseal_word cseal_levels[] = {
	{ 0, "none" },
	{ 1, "tail" },
	{ 2, "tail+name+country" },
	{ 3, "full" },
	{ 4, "funds" },
	{ 0, NULL },
};

const struct cseal_word cseal_verdicts[] = {
	{ CSEAL_VERDICT_SOFTWARE, "software" },
	{ CSEAL_VERDICT_NONE, "none" },
	{ CSEAL_VERDICT_SELF, "self" },
	{ CSEAL_VERDICT_UNKNOWN_ROOT, "unknown root" },
	{ CSEAL_VERDICT_TRUSTED, "trusted" },
	{ CSEAL_VERDICT_LISTED, "listed model" },
	{ 0, NULL },
};

const char *
cseal_word_name(const struct cseal_word *t, uint64_t v)
{
	for (; t->name != NULL; t++) {
		if (t->value == v)
			return t->name;
	}
	return NULL;
}

bool
cseal_word_find(const struct cseal_word *t, const char *name, uint64_t *v)
{
	*v = 0;
	for (; t->name != NULL; t++) {
		if (strcmp(t->name, name) == 0) {
			*v = t->value;
			return true;
		}
	}
	return false;
}
