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

const struct cseal_word cseal_evidence_kinds[] = {
	{ CSEAL_EVIDENCE_REASON, "reason" },
	{ CSEAL_EVIDENCE_DOCUMENT, "document" },
	{ CSEAL_EVIDENCE_SCREENSHOT, "screenshot" },
	{ CSEAL_EVIDENCE_CALL_BACK, "call-back" },
	{ CSEAL_EVIDENCE_OTHER, "other" },
	{ 0, NULL },
};

const struct cseal_word cseal_checks[] = {
	{ CSEAL_CHECK_CALL_BACK, "call-back" },
	{ CSEAL_CHECK_NAME, "name" },
	{ CSEAL_CHECK_SOURCE, "source" },
	{ 0, NULL },
};

const struct cseal_word cseal_call_backs[] = {
	{ CSEAL_CALL_CONFIRMED, "confirmed" },
	{ CSEAL_CALL_NOT_REACHED, "not_reached" },
	{ CSEAL_CALL_DENIED, "denied" },
	{ 0, NULL },
};

const struct cseal_word cseal_name_checks[] = {
	{ CSEAL_NAME_MATCH, "match" },
	{ CSEAL_NAME_CLOSE, "close_match" },
	{ CSEAL_NAME_NONE, "no_match" },
	{ CSEAL_NAME_NOT_POSSIBLE, "not_possible" },
	{ 0, NULL },
};

const struct cseal_word cseal_sources[] = {
	{ 1, "back-office" },
	{ 2, "letter" },
	{ 3, "api" },
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

const struct cseal_word *
cseal_check_results(uint64_t check)
{
	switch (check) {
	case CSEAL_CHECK_CALL_BACK: return cseal_call_backs;
	case CSEAL_CHECK_NAME: return cseal_name_checks;
	case CSEAL_CHECK_SOURCE: return cseal_sources;
	default: return NULL;
	}
}
