/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes that were made to hurt a parser, of 64 KiB mostly. */

#ifndef TESTS_UNIT_MAKER_HOSTILE_H
#define TESTS_UNIT_MAKER_HOSTILE_H

#include "maker.h"

#define MAKER_HOSTILE_BYTES 65536

/* Called for each; `what` tells what is bad about it. */
struct maker_hostile {
	void (*each)(void *ctx, const char *what, struct cseal_slice bytes);
	void *ctx;
};

/* One byte alone, for each of the 256. */
void maker_hostile_bytes(const struct maker_hostile *h);
/* Deep nesting, counts and lengths that lie, long lists and maps. */
void maker_hostile_cbor(const struct maker_hostile *h);
/* The same inside entries, statements of each kind and attestations. */
void maker_hostile_wrapped(const struct maker_hostile *h);
/* The largest that is right: all persons, roles and keys that may be. */
void maker_hostile_largest(const struct maker_hostile *h);
/* Good bytes, of which each in turn begins something that is too large. */
void maker_hostile_spoilt(
    const struct maker_hostile *h, struct cseal_slice good);
/* Lines: of policies and of files with values. */
void maker_hostile_lines(const struct maker_hostile *h);

#endif
