/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Resident (discoverable) credentials: what the device keeps of each.  The
 * private key is wrapped in the credential id, as everywhere; the id of a
 * resident credential opens only while its record is here.
 */
#ifndef FIRMWARE_RESIDENT_H
#define FIRMWARE_RESIDENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec.h"
#include "credential.h"

#define RESIDENT_MAX 32

struct resident {
	struct codec_rp rp;
	struct codec_user user;
	struct credential_id id;
};

/* In the order of creation. */
struct resident_list {
	size_t n;
	struct resident at[RESIDENT_MAX];
};

bool resident_is_of(const struct resident *c, const struct codec_rp *rp);
bool resident_is(const struct resident *c, const uint8_t *id, size_t len);
bool resident_is_user(const struct resident *c, const struct codec_user *user);

/* The index of the one with this id, or l->n. */
size_t resident_find(
    const struct resident_list *l, const uint8_t *id, size_t len);

/*
 * Adds the newest, in the place of one with the same rp id and user id.
 * Returns 0, or -1 if the list is full.
 */
int resident_put(struct resident_list *l, const struct resident *c);

void resident_remove(struct resident_list *l, size_t i);

#endif
