/* SPDX-License-Identifier: BSD-2-Clause */
/* What a report tells, gathered once; each format only renders it. */

#ifndef SRC_REPORT_H
#define SRC_REPORT_H

#include "counterseal/report.h"
#include "counterseal/text.h"

struct report_finding {
	const struct cseal_finding *finding;
	char consequence[200]; /* sentences; "" if the finding says it all */
};

struct report {
	bool known; /* entry 0 stands: ledger, org and head mean something */
	char ledger[2 * CSEAL_HASH_BYTES + 1];
	char fingerprint[CSEAL_FINGERPRINT_BYTES]; /* of the id */
	char root[2 * CSEAL_HASH_BYTES + 1];
	struct cseal_slice org;
	bool demo;
	bool continues; /* another ledger: */
	char predecessor[2 * CSEAL_HASH_BYTES + 1];
	uint64_t predecessor_size;
	char predecessor_root[2 * CSEAL_HASH_BYTES + 1];
	uint64_t entries;    /* in the store */
	uint64_t sealed;     /* of them, with a good seal */
	uint64_t remembered; /* of those, checked by this desk before */
	uint64_t size;	     /* of the last clean head */
	uint64_t persons;
	uint64_t keys;
	uint64_t software; /* of the keys */
	uint64_t unproven; /* of the keys: hardware only claimed */
	uint64_t changes;
	struct report_finding *findings;
	size_t n_findings;
	uint64_t grades[CSEAL_FINDING_NOTICE + 1]; /* findings by grade */
	bool valid;
};

/* Borrows from `r`; report_free() frees the list of findings. */
int report_gather(struct report *out, const struct cseal_replay *r);
void report_free(struct report *p);

/* "error", "warning", "notice". */
const char *report_grade_name(enum cseal_finding_grade g);

/* Each appends the whole report. */
int report_text(const struct report *p, struct cseal_buf *out);
int report_json(const struct report *p, struct cseal_buf *out);

#endif
