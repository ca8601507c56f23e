/* SPDX-License-Identifier: BSD-2-Clause */
/* What is within a backup: a record, its length before it, and the ledger. */

#ifndef SRC_BACKUP_FILE_H
#define SRC_BACKUP_FILE_H

#include "backup_box.h"

struct backup_contents {
	uint64_t version;
	uint8_t ledger[CSEAL_HASH_BYTES];
	uint64_t time;
	bool has_head;
	struct cseal_head head;
	bool has_key;
	struct cseal_slice key; /* as in its file */
	bool has_person;
	struct cseal_slice person;
};

struct cseal_backup {
	struct cseal_buf bytes; /* the file */
	struct backup_box box;
	struct cseal_buf plain; /* empty until it is unlocked */
	struct backup_contents contents;
	struct cseal_slice file; /* the ledger's; in `plain` */
	struct cseal_backup_about about;
};

/* Appends the record behind its length; the ledger's bytes come behind it. */
int backup_contents_encode(
    struct cseal_buf *out, const struct backup_contents *c);

/* Opens b->box with the key into b->plain and reads it. CSEAL_ERR_CORRUPT. */
int backup_file_open(struct cseal_backup *b, const uint8_t key[AEAD_KEY_BYTES],
    struct cseal_error *err);

#endif
