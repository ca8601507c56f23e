/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The organisation's rules, as the ledger holds them: fully expanded text
 * (docs/policy.md), parsed strictly. Pure: no ledger, no clock.
 */

#ifndef COUNTERSEAL_POLICY_H
#define COUNTERSEAL_POLICY_H

#include "counterseal/buf.h"
#include "counterseal/calendar.h"
#include "counterseal/err.h"
#include "counterseal/kind.h"

#define CSEAL_POLICY_LANGUAGE 1
#define CSEAL_PLACES_MAX      8
#define CSEAL_PLACES_EXTRA    2	 /* first seen, after contact change */
#define CSEAL_ROLE_BYTES      33 /* with the NUL */

/* "2 approver": so many persons of that role. */
struct cseal_place {
	unsigned count;
	char role[CSEAL_ROLE_BYTES];
};

/* Places that distinct persons must fill, one person a place. */
struct cseal_places {
	struct cseal_place place[CSEAL_PLACES_MAX + CSEAL_PLACES_EXTRA];
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

/* Words or names of one value; borrowed from the policy. */
struct cseal_names {
	const char *const *items; /* each terminated */
	size_t n;
};

/* "1 more approver for 7d": places that a change needs on top. */
struct cseal_extra {
	unsigned count; /* 0: none */
	char role[CSEAL_ROLE_BYTES];
	uint64_t within; /* seconds; of `after contact change` alone */
};

/* What a request or its approval must state (docs/policy.md, evidence). */
#define CSEAL_WANT_REASON     1u
#define CSEAL_WANT_CALLBACK   2u
#define CSEAL_WANT_NAME_CHECK 4u
#define CSEAL_WANT_DOCUMENT   8u

/* The rules of one section: the same for all of its kinds of change. */
struct cseal_policy_change {
	uint64_t kinds; /* bit i: cseal_kind_at(i) */
	struct cseal_places places;
	struct cseal_roles may_request;
	uint64_t request_lives; /* seconds from the request's clock */
	/* From here on of kinds with values alone; else all zero. */
	struct cseal_roles may_apply;
	struct cseal_roles may_observe;
	struct cseal_extra first_seen;	  /* country or provider is new */
	struct cseal_extra after_contact; /* a contact changed lately */
	uint64_t cooling_off;		  /* seconds after the last approval */
	struct cseal_span apply_window;	  /* after that; n 0: without end */
	uint64_t reenter;		  /* enum cseal_reenter */
	uint64_t on_screen; /* seconds that a panel stays before the touch */
	uint64_t evidence;  /* CSEAL_WANT_* bits */
	uint64_t confirmed_by_another; /* 0, 1 */
	uint64_t confirmed_level;      /* least; cseal_levels */
	struct cseal_span
	    read_back_within; /* after it was entered; n 0: none */
	struct cseal_span read_back_again;
	struct cseal_names countries;  /* of accounts; n 0: any */
	struct cseal_names currencies; /* n 0: any */
	struct cseal_names company_domains;
	struct cseal_names free_mail;
	struct cseal_names blocked_domains;
	uint64_t one_per_store; /* 0, 1: not what another store has */
};

/* A store's section, or that of "*". */
struct cseal_policy_store {
	char name[CSEAL_ROLE_BYTES];
	const char *platform;		 /* "amazon" ...; static */
	struct cseal_names marketplaces; /* "DE", "A1PA6795UKMFR9" */
	struct cseal_names legal_name;	 /* none or one */
	uint64_t slots; /* bit i: the slot of cseal_kind_at(i) */
};

/* A company that collects or pays for the store. */
struct cseal_provider {
	char name[CSEAL_ROLE_BYTES];
	uint64_t member;	   /* 0, 1: of the marketplace's programme */
	uint64_t schemes;	   /* bit i: it is paid by cseal_kind_at(i) */
	struct cseal_names banks;  /* "BIC:CITIIE2X", as the fact bank code */
	struct cseal_names payees; /* names that accounts there are held by */
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

/* The store's own section, else that of "*"; NULL if it is not declared. */
CSEAL_API const struct cseal_policy_store *cseal_policy_store(
    const struct cseal_policy *p, const char *store);
/* Sections in the order of the text; NULL behind the last. */
CSEAL_API const struct cseal_policy_store *cseal_policy_store_at(
    const struct cseal_policy *p, size_t i);
CSEAL_API const struct cseal_provider *cseal_policy_provider(
    const struct cseal_policy *p, size_t i);

/* Time zone, working days and holidays; never NULL. */
CSEAL_API const struct cseal_calendar *cseal_policy_calendar(
    const struct cseal_policy *p);

/* Is the word one of the names? */
CSEAL_API bool cseal_names_has(
    const struct cseal_names *names, const char *word);

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
