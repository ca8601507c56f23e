/* SPDX-License-Identifier: BSD-2-Clause */
/* What every public header needs: the export mark and the fixed sizes. */

#ifndef COUNTERSEAL_API_H
#define COUNTERSEAL_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Everything is hidden but what carries this mark; the list of exported
 * symbols is src/libcounterseal.map and a test compares the two.
 */
#define CSEAL_API __attribute__((visibility("default")))

#define CSEAL_HASH_BYTES 32 /* SHA-256, in bytes */
#define CSEAL_SALT_BYTES 16 /* salt of a commitment, in bytes */

/* Public key of a desk: a point of P-256, uncompressed (X9.62), in bytes. */
#define CSEAL_DESK_KEY_BYTES 65

/* A view of bytes that somebody else owns. Text in it is not terminated. */
struct cseal_slice {
	const uint8_t *data;
	size_t len;
};

#endif
