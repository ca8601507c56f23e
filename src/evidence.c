/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/evidence.h"

#include <stdio.h>
#include <string.h>

#include "counterseal/policy.h"

bool
cseal_evidence_name(const struct cseal_evidence *v, size_t n, size_t i,
    char out[CSEAL_EVIDENCE_NAME_BYTES])
{
	const char *kind;
	size_t number = 1;

	out[0] = '\0';
	if (i >= n)
		return false;
	kind = cseal_word_name(cseal_evidence_kinds, v[i].kind);
	if (kind == NULL)
		return false;
	for (size_t k = 0; k < i; k++)
		number += v[k].kind == v[i].kind ? 1 : 0;
	if (number == 1)
		(void)snprintf(out, CSEAL_EVIDENCE_NAME_BYTES, "%s", kind);
	else
		(void)snprintf(
		    out, CSEAL_EVIDENCE_NAME_BYTES, "%s-%zu", kind, number);
	return true;
}

const struct cseal_evidence *
cseal_evidence_find(const struct cseal_evidence *v, size_t n, const char *name)
{
	char at[CSEAL_EVIDENCE_NAME_BYTES];

	for (size_t i = 0; i < n; i++) {
		if (cseal_evidence_name(v, n, i, at) && strcmp(at, name) == 0)
			return &v[i];
	}
	return NULL;
}

uint64_t
cseal_check_result(const struct cseal_check *v, size_t n, uint64_t check)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].check == check)
			return v[i].result;
	}
	return 0;
}

static uint64_t
gives_piece(uint64_t kind)
{
	return kind == CSEAL_EVIDENCE_REASON	 ? CSEAL_WANT_REASON
	       : kind == CSEAL_EVIDENCE_DOCUMENT ? CSEAL_WANT_DOCUMENT
						 : 0;
}

static uint64_t
gives_checks(const struct cseal_check *v, size_t n)
{
	uint64_t gives = 0;

	if (cseal_check_result(v, n, CSEAL_CHECK_CALL_BACK) ==
	    CSEAL_CALL_CONFIRMED)
		gives |= CSEAL_WANT_CALLBACK;
	if (cseal_check_result(v, n, CSEAL_CHECK_NAME) == CSEAL_NAME_MATCH)
		gives |= CSEAL_WANT_NAME_CHECK;
	return gives;
}

uint64_t
cseal_evidence_gives(const struct cseal_statement *st)
{
	size_t n, n_checks;
	const struct cseal_evidence *v = cseal_evidence_of(st, &n);
	const struct cseal_check *checks = cseal_checks_of(st, &n_checks);
	uint64_t gives = gives_checks(checks, n_checks);

	for (size_t i = 0; i < n; i++)
		gives |= gives_piece(v[i].kind);
	return gives;
}

uint64_t
cseal_evidence_set_gives(const struct cseal_evidence_set *s)
{
	uint64_t gives = gives_checks(s->checks, s->n_checks);

	for (size_t i = 0; i < s->n; i++)
		gives |= gives_piece(s->pieces[i].kind);
	return gives;
}

bool
cseal_checks_warn(const struct cseal_check *v, size_t n)
{
	return cseal_check_result(v, n, CSEAL_CHECK_CALL_BACK) ==
		   CSEAL_CALL_DENIED ||
	       cseal_check_result(v, n, CSEAL_CHECK_NAME) == CSEAL_NAME_NONE;
}

const struct cseal_evidence *
cseal_evidence_of(const struct cseal_statement *st, size_t *n)
{
	*n = 0;
	if (st->kind == CSEAL_REQUEST) {
		*n = st->u.request.n_evidence;
		return st->u.request.evidence;
	}
	if (st->kind == CSEAL_APPROVE) {
		*n = st->u.act.n_evidence;
		return st->u.act.evidence;
	}
	return NULL;
}

const struct cseal_check *
cseal_checks_of(const struct cseal_statement *st, size_t *n)
{
	*n = 0;
	if (st->kind == CSEAL_REQUEST) {
		*n = st->u.request.n_checks;
		return st->u.request.checks;
	}
	if (st->kind == CSEAL_APPROVE) {
		*n = st->u.act.n_checks;
		return st->u.act.checks;
	}
	return NULL;
}
