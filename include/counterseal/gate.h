/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The gate in front of a program that edits a console: may this change be
 * entered now, with these values? (docs/gate.md.) It reads alone; whatever is
 * not known, or not given, is a no, and has a stable code.
 */

#ifndef COUNTERSEAL_GATE_H
#define COUNTERSEAL_GATE_H

#include "counterseal/desk.h"

enum cseal_gate_reason {
	CSEAL_GATE_LEDGER_UNKNOWN,
	CSEAL_GATE_LEDGER_OTHER,
	CSEAL_GATE_DEMONSTRATION,
	CSEAL_GATE_UNPROVEN_KEY,
	CSEAL_GATE_HEAD_UNBOUNDED,
	CSEAL_GATE_HEAD_OLD,
	CSEAL_GATE_NOT_FOR_A_CONSOLE,
	CSEAL_GATE_NOT_APPROVED,
	CSEAL_GATE_ENTERED,
	CSEAL_GATE_ENDED,
	CSEAL_GATE_COOLING_OFF,
	CSEAL_GATE_WINDOW_CLOSED,
	CSEAL_GATE_WINDOW_UNKNOWN,
	CSEAL_GATE_STORE_FROZEN,
	CSEAL_GATE_VALUE_MISSING,
	CSEAL_GATE_VALUE_UNKNOWN,
	CSEAL_GATE_VALUE_DIFFERS,
	CSEAL_GATE_VALUE_NOT_HERE,
	CSEAL_GATE_REASONS, /* how many there are */
};

/* "store-frozen", and a sentence for people; NULL behind the last. */
CSEAL_API const char *cseal_gate_code(enum cseal_gate_reason r);
CSEAL_API const char *cseal_gate_sentence(enum cseal_gate_reason r);

/* What is asked of the ledger and of its head. */
struct cseal_gate_question {
	const uint8_t *ledger; /* the id that it must have; NULL: pinned here */
	bool allow_demo;       /* a demonstration ledger will do */
	bool allow_unproven;   /* so will keys that nobody vouches for */
	bool has_max_age;
	uint64_t max_age; /* seconds since the newest clock in the ledger */
};

#define CSEAL_GATE_MAX (CSEAL_GATE_REASONS + 2 * CSEAL_KIND_FIELDS_MAX)

struct cseal_gate {
	struct {
		enum cseal_gate_reason reason;
		const struct cseal_field *field; /* of a value, or NULL */
	} no[CSEAL_GATE_MAX];
	size_t n;	/* 0: yes */
	uint64_t opens; /* the window; CSEAL_TIME_NEVER if there is none */
	uint64_t closes;
	uint64_t head_clock; /* newest clock in the ledger; a claim */
};

/*
 * Judges at the desk's now. `given`: canonical values, which need not be
 * closed; its store, slot and kind are not looked at. All reasons are found,
 * in the order of the table. CSEAL_ERR_NOT_FOUND for a change that is not
 * there; CSEAL_ERR_CORRUPT if a value beside the ledger is not the sealed one;
 * errors of reading. `out` is no yes then.
 */
CSEAL_API int cseal_desk_gate(struct cseal_desk *d, uint64_t change,
    const struct cseal_change *given, const struct cseal_gate_question *q,
    struct cseal_gate *out, struct cseal_error *err);

#endif
