/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The formats, one object each, and what they share: the words of a refusal,
 * the card guard, masks. A new format is an object here and a line in the
 * table of field.c.
 */

#ifndef SRC_FORMAT_H
#define SRC_FORMAT_H

#include "counterseal/field.h"

extern const struct cseal_format format_account;
extern const struct cseal_format format_account_any;
extern const struct cseal_format format_bank_name;
extern const struct cseal_format format_bic;
extern const struct cseal_format format_code;
extern const struct cseal_format format_country;
extern const struct cseal_format format_currency;
extern const struct cseal_format format_customer;
extern const struct cseal_format format_date;
extern const struct cseal_format format_domain;
extern const struct cseal_format format_email;
extern const struct cseal_format format_holder;
extern const struct cseal_format format_iban;
extern const struct cseal_format format_ifsc;
extern const struct cseal_format format_month;
extern const struct cseal_format format_phone;
extern const struct cseal_format format_provider;
extern const struct cseal_format format_text;

#define FORMAT_DIGITS "0123456789"
#define FORMAT_UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define FORMAT_LOWER  "abcdefghijklmnopqrstuvwxyz"

/* True if `c` is one of the characters of `set`; never for NUL. */
bool format_in(const char *set, uint8_t c);

/* Is the character at byte i a space or a hyphen between two digits? */
bool format_separates(const uint8_t *p, size_t n, size_t i);

/*
 * The byte to name where byte i is neither a digit nor a separator: that is
 * what stands behind a separator, if it would be one but for that.
 */
size_t format_culprit(const uint8_t *p, size_t n, size_t i);

/* Refuses an empty value, and one over CSEAL_VALUE_MAX without reading it. */
int format_begin(const struct cseal_format *f, const char *field,
    const uint8_t *p, size_t n, struct cseal_error *err);

/* Characters before the byte at `off` of the n. */
size_t format_count(const uint8_t *p, size_t n, size_t off);

/*
 * Refuses the value because of the character at byte `off`, which is named by
 * number and, where that helps, by what it is. `way` tells what to do.
 */
int format_refuse(const char *field, const uint8_t *p, size_t n, size_t off,
    const char *way, struct cseal_error *err);

/* Refuses the first character that is not in `set`. */
int format_check(const char *field, const uint8_t *p, size_t n, const char *set,
    const char *way, struct cseal_error *err);

/*
 * Refuses a value that holds a payment card's number: 13 to 19 digits that
 * satisfy the Luhn formula, written together or in groups with one separator.
 */
int format_no_card(
    const char *field, const uint8_t *p, size_t n, struct cseal_error *err);

/* Refuses a space in front, at the end or behind another one. */
int format_check_spaces(
    const char *field, const uint8_t *p, size_t n, struct cseal_error *err);

/* Refuses what is no domain, from byte `start` up to byte `n`. */
int format_check_domain(const char *field, const uint8_t *p, size_t start,
    size_t n, struct cseal_error *err);

/* Writes ASCII capitals small. */
void format_lower(uint8_t *p, size_t n);

/* Appends the canonical form; on failure `out` keeps what it had. */
int format_accept(const char *field, const void *p, size_t n,
    struct cseal_buf *out, struct cseal_error *err);

/* For the table: the value as it is. */
int format_plain(
    const struct cseal_format *f, const char *value, struct cseal_buf *out);

/* For the table: in groups of four characters. */
int format_fours(
    const struct cseal_format *f, const char *value, struct cseal_buf *out);

/* Four dots and at most min(4, a third) of the value's last characters. */
int format_mask(
    const struct cseal_format *f, const char *value, struct cseal_buf *out);

#endif
