/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can go wrong, in one list, and how it is told.
 *
 * Every function of the library that can fail returns CSEAL_OK (0) or one of
 * the negative codes below. Where a person will read the reason, the function
 * also takes a `struct cseal_error *`, which it fills on failure alone: the
 * place (a field, an entry, a file), the rule, and what to do. It may be NULL.
 */

#ifndef COUNTERSEAL_ERR_H
#define COUNTERSEAL_ERR_H

#include "counterseal/api.h"

enum cseal_err {
	CSEAL_OK = 0,
	CSEAL_ERR_INTERNAL = -1, /* a bug, or a library that failed oddly */
	CSEAL_ERR_NOMEM = -2,
	CSEAL_ERR_USAGE = -3,	  /* the caller's arguments contradict */
	CSEAL_ERR_INPUT = -4,	  /* a person's value breaks a rule */
	CSEAL_ERR_FORMAT = -5,	  /* bytes are not what the format says */
	CSEAL_ERR_NEWER = -6,	  /* made by a newer counterseal */
	CSEAL_ERR_TOO_LARGE = -7, /* longer than the stated limit */
	CSEAL_ERR_NOT_FOUND = -8,
	CSEAL_ERR_AMBIGUOUS = -9, /* a prefix fits more than one */
	CSEAL_ERR_EXISTS = -10,
	CSEAL_ERR_IO = -11,	    /* a file or database: see errno's text */
	CSEAL_ERR_CORRUPT = -12,    /* a store contradicts itself */
	CSEAL_ERR_AGAIN = -13,	    /* the head moved: read and judge again */
	CSEAL_ERR_BUSY = -14,	    /* somebody else holds the lock */
	CSEAL_ERR_REFUSED = -15,    /* a rule of the fold or policy says no */
	CSEAL_ERR_SIGNATURE = -16,  /* a seal does not verify */
	CSEAL_ERR_VIOLATION = -17,  /* the ledger holds a violating entry */
	CSEAL_ERR_TOKEN = -18,	    /* a security key failed or is absent */
	CSEAL_ERR_TOKEN_PIN = -19,  /* PIN wrong, missing or blocked */
	CSEAL_ERR_TIMEOUT = -20,    /* nobody touched the key in time */
	CSEAL_ERR_CANCELLED = -21,  /* the person stopped it */
	CSEAL_ERR_PERMISSION = -22, /* the system denies access */
};

#define CSEAL_ERROR_WHERE_BYTES 96
#define CSEAL_ERROR_WHAT_BYTES	512

struct cseal_error {
	int code;			     /* enum cseal_err */
	char where[CSEAL_ERROR_WHERE_BYTES]; /* "iban", "entry 7", a path */
	char what[CSEAL_ERROR_WHAT_BYTES];   /* rule, and what to do */
};

/* The code's own short sentence, static, in English; never NULL. */
CSEAL_API const char *cseal_strerror(int code);

/*
 * Fills `err` (if not NULL) and returns `code`, so that a refusal is one
 * statement: return cseal_error_set(err, CSEAL_ERR_INPUT, "iban", "...").
 * `where` and the formatted text are cut to the sizes above. Bytes that come
 * from outside must pass cseal_text_safe() before they are formatted in.
 */
CSEAL_API int cseal_error_set(
    struct cseal_error *err, int code, const char *where, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
