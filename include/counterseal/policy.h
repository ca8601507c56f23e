/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The organisation's rules, as the ledger holds them: fully expanded text
 * (docs/policy.md), parsed strictly. Pure: no ledger, no clock.
 */

#ifndef COUNTERSEAL_POLICY_H
#define COUNTERSEAL_POLICY_H

#include "counterseal/buf.h"
#include "counterseal/err.h"
#include "counterseal/kind.h"

#define CSEAL_POLICY_LANGUAGE 1
#define CSEAL_PLACES_MAX      8
#define CSEAL_ROLE_BYTES      33 /* with the NUL */

/* "2 approver": so many persons of that role. */
struct cseal_place {
	unsigned count;
	char role[CSEAL_ROLE_BYTES];
};

/* Places that distinct persons must fill, one person a place. */
struct cseal_places {
	struct cseal_place place[CSEAL_PLACES_MAX];
	size_t n;
};

/* What an approver types again from the source document, unseen. */
enum cseal_reenter {
	CSEAL_REENTER_NONE = 0,
	CSEAL_REENTER_ACCOUNT = 1, /* the fields that say where it goes */
	CSEAL_REENTER_ALL = 2,
};

struct cseal_roles {
	char names[CSEAL_PLACES_MAX][CSEAL_ROLE_BYTES];
	size_t n;
};

/* The rules for one kind of change. */
struct cseal_policy_change {
	const struct cseal_kind *kind;
	struct cseal_places places;
	struct cseal_roles may_request;
	struct cseal_roles may_apply;
	struct cseal_roles may_observe;
	uint64_t request_lives; /* seconds from the request's clock */
	uint64_t cooling_off;	/* seconds after the last approval */
	uint64_t reenter;	/* enum cseal_reenter */
};

struct cseal_policy;

/*
 * Parses expanded text. An unknown or doubled section or key, a missing key,
 * a bad value, an over-long line (CSEAL_POLICY_LINE_MAX) is CSEAL_ERR_INPUT
 * with the line's number, never a guess. CSEAL_ERR_NEWER for another language
 * version.
 */
#define CSEAL_POLICY_LINE_MAX 1024
CSEAL_API int cseal_policy_parse(struct cseal_policy **out, uint64_t language,
    struct cseal_slice text, struct cseal_error *err);
CSEAL_API void cseal_policy_free(struct cseal_policy *p);

/* The fixed rules that `init` writes into a new ledger, appended. */
CSEAL_API int cseal_policy_default(struct cseal_buf *out);

/* The rules for a kind; NULL if the policy does not allow that kind. */
CSEAL_API const struct cseal_policy_change *cseal_policy_change(
    const struct cseal_policy *p, const struct cseal_kind *kind);

/* Must an approver re-enter this field, if the request has it? */
CSEAL_API bool cseal_policy_reenters(
    const struct cseal_policy_change *c, const struct cseal_field *f);

/* Are the store and its slot declared? Terminated strings. */
CSEAL_API bool cseal_policy_has_slot(
    const struct cseal_policy *p, const char *store, const char *slot);

CSEAL_API bool cseal_policy_uv(const struct cseal_policy *p);
CSEAL_API bool cseal_policy_synced(const struct cseal_policy *p);
/* Lowest verdict level that a key may have (enum cseal_verdict_level). */
CSEAL_API uint64_t cseal_policy_attestation(const struct cseal_policy *p);
/* Seconds by which clocks may differ. */
CSEAL_API uint64_t cseal_policy_tolerance(const struct cseal_policy *p);
/* Who may freeze; whether bad news of a store freezes it. */
CSEAL_API const struct cseal_roles *cseal_policy_may_freeze(
    const struct cseal_policy *p);
CSEAL_API bool cseal_policy_freezes_on_drift(const struct cseal_policy *p);
CSEAL_API bool cseal_roles_has(const struct cseal_roles *r, const char *role);

#endif
