/* SPDX-License-Identifier: BSD-2-Clause */
/* The lock around a backup: a header that says how it opens, and chunks. */

#ifndef SRC_BACKUP_BOX_H
#define SRC_BACKUP_BOX_H

#include "counterseal/backup.h"

#include "aead.h"

#define BACKUP_SALT_BYTES 16
#define BACKUP_CHUNK	  ((size_t)64 << 10) /* plaintext bytes of one */

/*
 * scrypt (RFC 7914) with r = 8, p = 1 and N = 2^log_n, which takes 1 KiB * N.
 * The limits keep a hostile file from taking the machine.
 */
#define BACKUP_LOG_N	 17
#define BACKUP_LOG_N_MIN 14
#define BACKUP_LOG_N_MAX 19

struct backup_box {
	uint64_t version;
	bool has_envelope;
	struct cseal_slice envelope; /* of the key */
	bool has_log_n;
	uint64_t log_n;
	bool has_salt;
	uint8_t salt[BACKUP_SALT_BYTES];
	/* Not in the header: */
	uint8_t header[CSEAL_HASH_BYTES]; /* SHA-256 of all before the chunks */
	struct cseal_slice chunks;
};

/* Appends header and chunks; the key, which is a new one, into `key`. */
int backup_box_seal(struct cseal_buf *out, const struct cseal_backup_to *to,
    uint64_t log_n, struct cseal_slice plain, uint8_t key[AEAD_KEY_BYTES],
    struct cseal_error *err);

/* Borrows from `bytes`. CSEAL_ERR_FORMAT, CSEAL_ERR_NEWER. */
int backup_box_parse(
    struct backup_box *out, struct cseal_slice bytes, struct cseal_error *err);

/* CSEAL_ERR_NOT_FOUND: not for this desk; CSEAL_ERR_CORRUPT. */
int backup_box_key(const struct backup_box *b, const struct cseal_desk_key *k,
    struct cseal_slice passphrase, uint8_t key[AEAD_KEY_BYTES],
    struct cseal_error *err);

/* Appends the plaintext. CSEAL_ERR_CORRUPT; `out` is then to be freed. */
int backup_box_open(const struct backup_box *b,
    const uint8_t key[AEAD_KEY_BYTES], struct cseal_buf *out,
    struct cseal_error *err);

#endif
