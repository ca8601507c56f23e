/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a command leaves behind for those that follow it: getNextAssertion
 * (CTAP 2.1, section 6.3) and the enumerations of credentialManagement
 * (6.8).  Any other command, another channel and 30 seconds end it.
 */
#ifndef FIRMWARE_FOLLOW_H
#define FIRMWARE_FOLLOW_H

#include <stddef.h>
#include <stdint.h>

#include "assertion.h"
#include "resident.h"

#define FOLLOW_MS 30000

enum follow_kind {
	FOLLOW_NOTHING,
	FOLLOW_ASSERTION,
	FOLLOW_RPS,
	FOLLOW_CREDENTIALS
};

struct follow {
	enum follow_kind kind;
	int client;
	uint32_t cid;
	uint64_t since;
	size_t n, at;
	const struct resident *found[RESIDENT_MAX]; /* in the device's state */
	struct assertion assertion;		    /* with FOLLOW_ASSERTION */
};

struct device;

/*
 * Fill in `n`, `found` and what the kind needs; the first of `found` is
 * taken to be given out already.
 */
struct follow *follow_begin(struct device *dev, enum follow_kind kind);
/* The next one, or NULL if this kind of command may not follow now. */
const struct resident *follow_next(struct device *dev, enum follow_kind kind);
void follow_end(struct device *dev);

#endif
