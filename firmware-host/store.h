/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state file of a token, mode 0600:
 *
 *   8 "CSEALTOK" | 4 version (1) | 4 length of content | content
 *   | 32 SHA-256 over all before
 *
 * numbers big endian; content of version 1: 32 master key | 4 counter.
 * It is replaced as a whole (temporary file, fsync, rename, fsync of the
 * folder).  FILE.lock, which stays behind, keeps a second token away:
 * two with one key would give out one counter value twice.
 */
#ifndef FIRMWARE_STORE_H
#define FIRMWARE_STORE_H

#include "device.h"

enum store_result {
	STORE_OK,
	STORE_ABSENT,  /* no file: a new token */
	STORE_DAMAGED, /* never to be replaced by a new key silently */
	STORE_VERSION, /* of a later program */
	STORE_UNSAFE,  /* not ours, not a plain file, or others may read it */
	STORE_BUSY,    /* another token has it open */
	STORE_IO       /* errno tells */
};

struct store;

/* Takes the lock.  On success *out is to be freed with store_close(). */
enum store_result store_open(const char *path, struct store **out);
enum store_result store_load(const struct store *s, struct token_state *out);
/* Durable when it returns STORE_OK. */
enum store_result store_save(
    const struct store *s, const struct token_state *state);
/* NULL is fine. */
void store_close(struct store *s);

const char *store_strerror(enum store_result r);

#endif
