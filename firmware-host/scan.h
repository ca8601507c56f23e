/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CTAP2 canonical CBOR form, CTAP 2.1 section 8: shortest integers and
 * lengths, nothing indefinite, no tags, map keys sorted and unique, at most
 * four levels.  libcbor checks none of that and allocates what an array
 * head promises, so every message passes here first.
 */
#ifndef FIRMWARE_SCAN_H
#define FIRMWARE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCAN_DEPTH 4

/* True if the `n` bytes are one canonical item and nothing else. */
bool scan_is_canonical(const uint8_t *p, size_t n);

/*
 * Where the value of the integer `key`, at most 23, stands in a map that
 * scan_is_canonical() accepted, and its length; or NULL.
 */
const uint8_t *scan_member(
    const uint8_t *p, size_t n, uint8_t key, size_t *len);

#endif
