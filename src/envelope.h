/* SPDX-License-Identifier: BSD-2-Clause */
/* Between the two ways of an envelope: envelope.c and envelope_open.c. */

#ifndef SRC_ENVELOPE_H
#define SRC_ENVELOPE_H

#include "counterseal/envelope.h"

/* SubjectKeyIdentifier of a desk: the first bytes of SHA-256 of its point. */
#define ENVELOPE_ID_BYTES 20
int envelope_id(
    const uint8_t point[CSEAL_DESK_KEY_BYTES], uint8_t id[ENVELOPE_ID_BYTES]);

/*
 * The plaintext is followed by 0x80 and zeros up to a multiple of this many
 * bytes (ISO/IEC 7816-4), so that lengths tell little.
 */
#define ENVELOPE_PAD	   256
#define ENVELOPE_PAD_FIRST 0x80

#endif
