/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Resident (discoverable) credentials: what the device keeps of each.  The
 * private key is wrapped in the credential id, as everywhere; the id of a
 * resident credential opens only while its record is here.
 */
#ifndef FIRMWARE_RESIDENT_H
#define FIRMWARE_RESIDENT_H

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

#endif
