/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes as text: hexadecimal, base64, base64url, time, and the one filter. */

#ifndef COUNTERSEAL_TEXT_H
#define COUNTERSEAL_TEXT_H

#include "counterseal/api.h"
#include "counterseal/buf.h"

/* Lower-case hexadecimal of `n` bytes into `out`, 2n+1 bytes with the NUL. */
CSEAL_API void cseal_hex(const uint8_t *p, size_t n, char *out);

/*
 * Strict parse of exactly 2n hexadecimal digits (either case) into `out`.
 * CSEAL_ERR_FORMAT otherwise.
 */
CSEAL_API int cseal_unhex(const char *s, uint8_t *out, size_t n);

/* RFC 4648 section 5 without padding, appended. */
CSEAL_API int cseal_base64url(struct cseal_buf *b, const uint8_t *p, size_t n);

/*
 * RFC 4648 section 4 with padding, in lines of `wrap` characters, the last one
 * ended by a line feed too (0: no line feeds at all).
 */
CSEAL_API int cseal_base64(
    struct cseal_buf *b, const uint8_t *p, size_t n, size_t wrap);

/*
 * The short name of a leaf: the first characters of Crockford-like base32
 * (lower case, without i, l, o, u) of its hash. `chars` is 1..51; `out` holds
 * chars+1. People say it over a telephone, so no two letters look alike.
 */
CSEAL_API void cseal_base32(
    const uint8_t hash[CSEAL_HASH_BYTES], size_t chars, char *out);

/*
 * A ledger id as people read it to each other over a telephone: five groups
 * of four such characters, "77jb qccf n92c ks2y a6ac". 100 bits.
 */
#define CSEAL_FINGERPRINT_BYTES 25 /* with the NUL */
CSEAL_API void cseal_fingerprint(
    const uint8_t id[CSEAL_HASH_BYTES], char out[CSEAL_FINGERPRINT_BYTES]);

/*
 * The filter that everything printed passes. Printable characters of the
 * given UTF-8 stay; control characters, bidirectional and zero-width marks,
 * tags, unassigned and private code points and broken UTF-8 become \u{XXXX}
 * (broken bytes \x{XX}). Appends at most `max_columns` columns (0: no limit),
 * then "...".
 */
CSEAL_API int cseal_text_safe(
    struct cseal_buf *b, const uint8_t *p, size_t n, size_t max_columns);

/* Columns that the (safe) text takes on a terminal; wide characters take 2. */
CSEAL_API size_t cseal_text_columns(const char *s);

/*
 * Bytes of the (safe) text's first character, and into `columns`, if not NULL,
 * how many it takes: 1 or 2. Both are 0 at the end.
 */
CSEAL_API size_t cseal_text_next(const char *s, size_t *columns);

/*
 * Bytes of as many whole first characters of the (safe) text as fit in so many
 * columns; 0 at the end, or if not even one does. In lines of 54 columns:
 *	for (; (n = cseal_text_fit(s, 54)) > 0; s += n)
 */
CSEAL_API size_t cseal_text_fit(const char *s, size_t columns);

/* Seconds since 1970 as "2026-11-23T14:10:00Z"; `out` holds 21 bytes or more.
 */
#define CSEAL_TIME_BYTES 32
CSEAL_API void cseal_time_utc(uint64_t t, char out[CSEAL_TIME_BYTES]);

/*
 * True if the n bytes are well-formed UTF-8 (RFC 3629: shortest form, no
 * surrogates, at most U+10FFFF).
 */
CSEAL_API bool cseal_text_is_utf8(const uint8_t *p, size_t n);

/*
 * True for a handle, a store alias or a role: [a-z][a-z0-9-]{0,31}.
 */
CSEAL_API bool cseal_text_is_handle(const char *s, size_t n);

/*
 * Those of `n` names that `word` may have been meant for (at most two letters,
 * and no more than half of them, missing, too many, wrong or swapped; case
 * does not count), nearest first: "a, b or c". Appends nothing if none is.
 */
CSEAL_API int cseal_near(struct cseal_buf *out, const char *word,
    const char *const *names, size_t n);

#endif
