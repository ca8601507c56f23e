/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A parcel: one file that desks exchange (docs/format.md section 6). Whatever
 * stands in it is hostile until the fold, a seal or a commitment says so.
 */

#ifndef SRC_PARCEL_H
#define SRC_PARCEL_H

#include "counterseal/err.h"
#include "counterseal/merkle.h"

#include "schema.h"

#define PARCEL_MAX	   ((size_t)8 << 20) /* bytes of a file */
#define PARCEL_ENTRIES_MAX 4096
#define PARCEL_ITEMS_MAX   256 /* of every other list */
#define PARCEL_NONCE_BYTES 16
#define PARCEL_CODE_MAX	   64
#define PARCEL_TEXT_MAX	   512

/* Entries [first, first + n) of the ledger, as bytes. */
struct parcel_entries {
	uint64_t first;
	struct cseal_slice *list;
	size_t n;
};

/* Openings of the entry with this leaf, encrypted to desks. */
struct parcel_envelope {
	uint8_t leaf[CSEAL_HASH_BYTES];
	struct cseal_slice der;
};

/* What the home says of a sealed statement that it does not append. */
struct parcel_refusal {
	uint8_t leaf[CSEAL_HASH_BYTES];
	struct cseal_slice code;     /* of the rule, or "clock" */
	struct cseal_slice sentence; /* for people */
};

/* How far the sender has verified the ledger; a claim. */
struct parcel_heard {
	uint64_t key; /* number of a key of the desk's person */
	struct cseal_head head;
	bool has_answer;
	uint8_t answer[PARCEL_NONCE_BYTES]; /* to this question of a home */
};

struct parcel {
	uint64_t version;
	uint8_t ledger[CSEAL_HASH_BYTES];
	bool has_entries;
	struct parcel_entries entries;
	bool has_sealed; /* statements with their seals, not yet appended */
	struct cseal_slice *sealed;
	size_t n_sealed;
	bool has_envelopes;
	struct parcel_envelope *envelopes;
	size_t n_envelopes;
	bool has_refusals;
	struct parcel_refusal *refusals;
	size_t n_refusals;
	bool has_heard;
	struct parcel_heard heard;
	bool has_question; /* a home from a backup: what have the others? */
	uint8_t question[PARCEL_NONCE_BYTES];
};

/* CSEAL_ERR_FORMAT if a member breaks its limits. */
int parcel_encode(struct cseal_buf *out, const struct parcel *p);

/*
 * Slices point into `bytes`. CSEAL_ERR_FORMAT, CSEAL_ERR_NEWER; `out` then
 * owns nothing. `err` names the member.
 */
int parcel_parse(
    struct parcel *out, struct cseal_slice bytes, struct cseal_error *err);
void parcel_free(struct parcel *p);

#endif
