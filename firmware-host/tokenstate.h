/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state file of a token, mode 0600; its bytes: image.h.
 * It is replaced as a whole (temporary file, fsync, rename, fsync of the
 * folder).  FILE.lock, which stays behind, keeps a second token away:
 * two with one key would give out one counter value twice.
 */
#ifndef FIRMWARE_TOKENSTATE_H
#define FIRMWARE_TOKENSTATE_H

#include "device.h"

enum tokenstate_result {
	TOKENSTATE_OK,
	TOKENSTATE_ABSENT,  /* no file: a new token */
	TOKENSTATE_DAMAGED, /* never to be replaced by a new key silently */
	TOKENSTATE_VERSION, /* of a later program */
	TOKENSTATE_UNSAFE,  /* not ours, not a plain file, or others may read it
			     */
	TOKENSTATE_BUSY,    /* another token has it open */
	TOKENSTATE_IO	    /* errno tells */
};

struct tokenstate;

/* Takes the lock.  On success *out is to be freed with tokenstate_close(). */
enum tokenstate_result tokenstate_open(
    const char *path, struct tokenstate **out);
enum tokenstate_result tokenstate_load(
    const struct tokenstate *s, struct device_state *out);
/* Durable when it returns TOKENSTATE_OK. */
enum tokenstate_result tokenstate_save(
    const struct tokenstate *s, const struct device_state *state);
/* NULL is fine. */
void tokenstate_close(struct tokenstate *s);

const char *tokenstate_strerror(enum tokenstate_result r);

#endif
