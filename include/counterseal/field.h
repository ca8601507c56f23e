/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Formats of values, and the fields that have them: third of the tables.
 *
 * A format reads what a person typed, refuses it with field, rule and
 * position, or writes its one canonical form (which is what is committed to);
 * and shows a canonical value grouped for reading, or masked.
 */

#ifndef COUNTERSEAL_FIELD_H
#define COUNTERSEAL_FIELD_H

#include "counterseal/api.h"
#include "counterseal/buf.h"
#include "counterseal/err.h"

#define CSEAL_VALUE_MAX 1024 /* bytes of one value, typed or canonical */

/* Each function is given the format that it belongs to. */
struct cseal_format {
	const char *name;    /* "iban": stable, for --json and docs */
	const char *about;   /* a sentence for people: what it looks like */
	const char *example; /* a published test value */
	/*
	 * Reads `n` bytes (any bytes; at most CSEAL_VALUE_MAX) and appends the
	 * canonical form to `out`. CSEAL_ERR_INPUT with err->where = `field`
	 * and a sentence naming rule and position (counted from 1); `out` is
	 * then unchanged. The sentence never repeats a secret value in full.
	 */
	int (*canon)(const struct cseal_format *f, const char *field,
	    const uint8_t *p, size_t n, struct cseal_buf *out,
	    struct cseal_error *err);
	/*
	 * Appends the plain form of a character that a keyboard may give in
	 * another one (a small kana, a dash), for cseal_format_plain(); false
	 * if it has none. NULL: nothing but what all formats have.
	 */
	bool (*plain)(uint32_t c, struct cseal_buf *out);
	/* Appends a canonical value as people compare it (groups of four). */
	int (*group)(const struct cseal_format *f, const char *value,
	    struct cseal_buf *out);
	/* Appends a canonical value masked: always four dots, no length. */
	int (*mask)(const struct cseal_format *f, const char *value,
	    struct cseal_buf *out);
	const void *how; /* the library's own: rules of a family of formats */
};

/* What is not plain in a value. */
struct cseal_plain {
	size_t changed; /* characters */
	size_t first;	/* the first of them, counted from 1 */
};

/*
 * Keyboards of China and Japan type in full width. Appends the plain form of a
 * value that the format takes but for that: characters of full width as ASCII,
 * the wide space as a space, and what f->plain knows. CSEAL_ERR_NOT_FOUND if
 * it is plain already, or the format refuses the plain form too.
 */
CSEAL_API int cseal_format_plain(const struct cseal_format *f, const uint8_t *p,
    size_t n, struct cseal_buf *out, struct cseal_plain *how);

enum cseal_grade {
	CSEAL_GRADE_PUBLIC,   /* may stand in clear in a report */
	CSEAL_GRADE_INTERNAL, /* shown to the organisation's persons */
	CSEAL_GRADE_SECRET,   /* masked; never from a command's arguments */
};

struct cseal_field {
	const char *name;  /* "iban": [a-z][a-z0-9_]{0,31} */
	const char *label; /* for panels: "IBAN" */
	const struct cseal_format *format;
	enum cseal_grade grade;
	bool required; /* for op replace and add */
	/* It says where money or mail goes: policy's "re-enter = account". */
	bool account;
};

/* A format by name; NULL if there is none. */
CSEAL_API const struct cseal_format *cseal_format_find(const char *name);

/* Formats in the table's order; NULL behind the last. */
CSEAL_API const struct cseal_format *cseal_format_at(size_t i);

/* What the structure of a country's IBAN is, from the table of ISO 13616. */
struct cseal_iban_country {
	char country[3];       /* ISO 3166-1 alpha-2, terminated */
	unsigned length;       /* of the whole IBAN, in characters */
	const char *structure; /* of the BBAN: "8!n10!n", as SWIFT writes it */
};

/* NULL for a country that has no IBAN (first two bytes read). */
CSEAL_API const struct cseal_iban_country *cseal_iban_country(const char *cc);

/* Countries in the table's order; NULL behind the last. */
CSEAL_API const struct cseal_iban_country *cseal_iban_country_at(size_t i);

/*
 * True for an ISO 3166-1 alpha-2 code in upper case, and for XK, which IBANs
 * and BICs of Kosovo have (first two bytes read).
 */
CSEAL_API bool cseal_is_country(const char *cc);

/*
 * True for a code of ISO 4217 that accounts are kept in today (first three
 * bytes read).
 */
CSEAL_API bool cseal_is_currency(const char *code);

#endif
