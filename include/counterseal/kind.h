/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kinds of change: second of the tables. What is to be changed, which fields
 * it has, where it stands, and which facts policy may judge of it.
 */

#ifndef COUNTERSEAL_KIND_H
#define COUNTERSEAL_KIND_H

#include "counterseal/field.h"

#define CSEAL_KIND_FIELDS_MAX 16

/* Operation of a change (docs/format.md, enumeration "op"). */
enum cseal_op {
	CSEAL_OP_REPLACE = 1, /* also the first set */
	CSEAL_OP_ADD = 2,
	CSEAL_OP_REMOVE = 3,
	CSEAL_OP_BASELINE = 4,
};
#define CSEAL_OP_BIT(op) (1u << (op))

/* What an authority change carries (docs/format.md, enumeration "detail"). */
enum cseal_detail {
	CSEAL_DETAIL_NONE = 0,
	CSEAL_DETAIL_KEY_ADD = 1,
	CSEAL_DETAIL_KEY_REVOKE = 2,
	CSEAL_DETAIL_PERSON_SET = 3,
	CSEAL_DETAIL_PERSON_LEAVE = 4,
	CSEAL_DETAIL_POLICY_SET = 5,
	CSEAL_DETAIL_LOG_SET = 6,
	CSEAL_DETAIL_FREEZE_LIFT = 7,
};

/*
 * Facts: what policy may judge of a change's values, in clear. An empty
 * string, or has_* false, means that the fact is not there.
 */
struct cseal_facts {
	char country[3];    /* 1: ISO 3166-1 alpha-2 */
	char currency[4];   /* 2: ISO 4217 */
	char bank_code[40]; /* 3: "BIC:BYLADEM1" (always the first eight) */
	char provider[33];  /* 4: the policy's alias */
	uint8_t domain;	    /* 5: 1 company, 2 free mail, 3 other; 0 none */
	char calling[8];    /* 6: calling code, "+86" */
	uint8_t line;	    /* 7: line type, 1 mobile 2 landline 3 voip */
	bool has_payments;  /* 8: may edit payments */
	bool payments;
	bool has_enabled; /* 9 */
	bool enabled;
	bool has_percent; /* 10: split percent, 0 to 100 */
	uint8_t percent;
	bool has_elsewhere; /* 11: used at another store of this ledger */
	bool elsewhere;
};

/* One canonical value of a change; `text` is wiped when it is freed. */
struct cseal_value {
	const struct cseal_field *field;
	struct cseal_buf text;
};

/* Facts that values bear out, by their numbers in docs/format.md. */
enum cseal_fact {
	CSEAL_FACT_COUNTRY = 1,
	CSEAL_FACT_CURRENCY = 2,
	CSEAL_FACT_BANK = 3,
	CSEAL_FACT_PROVIDER = 4,
	/* Of the domain of an e-mail address: it needs a policy, too. */
	CSEAL_FACT_DOMAIN = 5,
	CSEAL_FACT_CALLING = 6,
	CSEAL_FACT_LINE = 7,
	CSEAL_FACT_PAYMENTS = 8,
	CSEAL_FACT_ENABLED = 9,
	CSEAL_FACT_PERCENT = 10,
};

/*
 * One fact that a kind's values bear out. `n` and `text` are for country,
 * currency and bank code; of the others the whole value is read.
 */
struct cseal_kind_fact {
	unsigned fact;	   /* enum cseal_fact */
	const char *field; /* NULL: it is the same for all of the kind */
	size_t n;	   /* so many first bytes of the field's value */
	const char *text;  /* stands before them, or alone */
};

/* What values may be, but rarely are: told before a touch, never refused. */
#define CSEAL_NOTES_MAX 4
struct cseal_note {
	const char *field; /* its name, of static storage */
	char what[160];	   /* a sentence; no secret value in full */
};
struct cseal_notes {
	struct cseal_note list[CSEAL_NOTES_MAX];
	size_t n;
};

struct cseal_kind {
	const char *name;  /* "payout.iban" */
	const char *about; /* a sentence for people */
	const char *slot;  /* the default slot: "payout"; "" for authority */
	unsigned ops;	   /* CSEAL_OP_BIT()s that are allowed */
	bool authority;	   /* key.*, person.*, policy.*, log.*, freeze.* */
	uint64_t detail;   /* authority: enum cseal_detail of the request */
	const struct cseal_field *fields; /* in the console's order */
	size_t n_fields;
	/*
	 * Checks that need more than one field (BIC against IBAN ...).
	 * NULL if there are none. Values are canonical; a field not given is
	 * absent from the list. CSEAL_ERR_INPUT with field and rule.
	 */
	int (*cross)(
	    const struct cseal_value *v, size_t n, struct cseal_error *err);
	/*
	 * What is to be noted of canonical values at a time (seconds since
	 * 1970), added to `out`; more than fit are left out. NULL: nothing.
	 */
	void (*notes)(const struct cseal_value *v, size_t n, uint64_t now,
	    struct cseal_notes *out);
	const char *until; /* the field of its last day or month, or NULL */
	/* Which facts follow from the values alone. */
	const struct cseal_kind_fact *facts;
	size_t n_facts;
};

/*
 * The facts that follow from the values alone, the others empty. Values need
 * not be canonical: CSEAL_ERR_FORMAT if one would make a fact that cannot be
 * written.
 */
CSEAL_API int cseal_kind_facts(const struct cseal_kind *k,
    const struct cseal_value *v, size_t n, struct cseal_facts *out,
    struct cseal_error *err);

/* A kind by its exact name; NULL if there is none. */
CSEAL_API const struct cseal_kind *cseal_kind_find(const char *name, size_t n);

/* Kinds in the table's order; NULL behind the last. */
CSEAL_API const struct cseal_kind *cseal_kind_at(size_t i);

/* A kind's field by name; NULL if it has none of that name. */
CSEAL_API const struct cseal_field *cseal_kind_field(
    const struct cseal_kind *k, const char *name, size_t n);

/* "replace", "add", "remove", "baseline"; NULL if not one of them. */
CSEAL_API const char *cseal_op_name(uint64_t op);

/* 0 if the word is not one of them. */
CSEAL_API uint64_t cseal_op_find(const char *name);

#endif
