/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the table of kinds, a file each group. */

#ifndef SRC_KIND_ROWS_H
#define SRC_KIND_ROWS_H

#include "counterseal/kind.h"

#define KIND_OPS_VALUE                                                 \
	(CSEAL_OP_BIT(CSEAL_OP_REPLACE) | CSEAL_OP_BIT(CSEAL_OP_ADD) | \
	    CSEAL_OP_BIT(CSEAL_OP_REMOVE) | CSEAL_OP_BIT(CSEAL_OP_BASELINE))

/* Of what there is one of: it is not added or removed, but replaced. */
#define KIND_OPS_ONE \
	(CSEAL_OP_BIT(CSEAL_OP_REPLACE) | CSEAL_OP_BIT(CSEAL_OP_BASELINE))

extern const struct cseal_kind kind_payouts[];
extern const size_t kind_payouts_count;
extern const struct cseal_kind kind_contacts[];
extern const size_t kind_contacts_count;
extern const struct cseal_kind kind_accesses[];
extern const size_t kind_accesses_count;
extern const struct cseal_kind kind_terms[];
extern const size_t kind_terms_count;

/* The value of a field, of at least `min` bytes; NULL if it is not given. */
const char *kind_value(
    const struct cseal_value *v, size_t n, const char *name, size_t min);

/*
 * Refuses a BIC of another country than the account's; NULL: not given. Which
 * territories have the codes of which country is known.
 */
int kind_check_bic(
    const char *bic, const char *country, struct cseal_error *err);

/*
 * The same against an IBAN, of which more can be said: in some countries its
 * bank is the BIC's.
 */
int kind_check_bank(const char *bic, const char *iban, struct cseal_error *err);

/* For the table: what is to be noted. In kind_notes.c. */
void kind_notes_iban(const struct cseal_value *v, size_t n, uint64_t now,
    struct cseal_notes *out);
void kind_notes_withdrawal(const struct cseal_value *v, size_t n, uint64_t now,
    struct cseal_notes *out);
void kind_notes_jp(const struct cseal_value *v, size_t n, uint64_t now,
    struct cseal_notes *out);
void kind_notes_card(const struct cseal_value *v, size_t n, uint64_t now,
    struct cseal_notes *out);

#endif
