/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes for some desks' eyes alone: CMS AuthEnvelopedData (RFC 5083) with
 * AES-256-GCM (RFC 5084), and for each desk a KeyAgreeRecipientInfo of
 * ephemeral-static ECDH on P-256, X9.63 KDF with SHA-256, AES-256 key wrap
 * (RFC 5753). docs/format.md section 6, Envelope.
 *
 * It tells nobody who sealed it: what is in it must prove that by itself.
 */

#ifndef COUNTERSEAL_ENVELOPE_H
#define COUNTERSEAL_ENVELOPE_H

#include "counterseal/desk_key.h"

#define CSEAL_ENVELOPE_PLAIN_MAX ((size_t)64 << 10)  /* bytes within */
#define CSEAL_ENVELOPE_MAX	 ((size_t)256 << 10) /* bytes of one */
#define CSEAL_ENVELOPE_DESKS_MAX 256

/*
 * Appends the envelope (DER) of `plain` for `n` desks; one that is named twice
 * gets it once. CSEAL_ERR_USAGE without a desk, CSEAL_ERR_TOO_LARGE,
 * CSEAL_ERR_INPUT for a desk's key that is not a point of P-256.
 */
CSEAL_API int cseal_envelope_seal(struct cseal_buf *out,
    struct cseal_slice plain, const uint8_t (*desks)[CSEAL_DESK_KEY_BYTES],
    size_t n, struct cseal_error *err);

/*
 * Appends what was sealed. Takes the one form that cseal_envelope_seal()
 * writes, and nothing behind it. CSEAL_ERR_NOT_FOUND if it is not addressed to
 * this desk; CSEAL_ERR_CORRUPT for anything else; `out` is then as it was.
 */
CSEAL_API int cseal_envelope_open(struct cseal_buf *out, struct cseal_slice der,
    const struct cseal_desk_key *key, struct cseal_error *err);

#endif
