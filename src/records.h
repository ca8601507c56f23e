/* SPDX-License-Identifier: BSD-2-Clause */
/* The records of docs/format.md section 4, each as a table (see schema.h). */

#ifndef SRC_RECORDS_H
#define SRC_RECORDS_H

#include "counterseal/statement.h"

#include "schema.h"

/* The file of a key offer, as read. */
struct record_offer_file {
	uint64_t version;
	bool has_org;
	struct cseal_slice org;
	bool has_ledger;
	uint8_t ledger[CSEAL_HASH_BYTES];
	struct cseal_slice rp_id;
	struct cseal_key key;
};

/* Details of changes of authority, beside the key and the revocation. */
struct record_person_set {
	struct cseal_person person;
	bool has_name;
	uint8_t name[CSEAL_HASH_BYTES]; /* commitment to a display name */
};
struct record_handle_of {
	struct cseal_slice handle;
};
struct record_log_key {
	bool has_key;
	uint8_t key[CSEAL_HASH_BYTES];
};
struct record_leaf {
	uint8_t leaf[CSEAL_HASH_BYTES];
};
extern const struct schema record_person_set;
extern const struct schema record_person_leave;
extern const struct schema record_policy;
extern const struct schema record_log_set;
extern const struct schema record_freeze_lift;

extern const struct schema record_head;
extern const struct schema record_entry;
extern const struct schema record_envelope; /* a statement, payload encoded */
extern const struct schema record_key;
extern const struct schema record_key_core; /* without possession, verdict */
extern const struct schema record_revocation;
extern const struct schema record_offer; /* the file of a key offer */

/* The payload of a kind of statement; NULL for an unknown kind. */
const struct schema *record_payload(uint64_t kind);

#endif
