/* SPDX-License-Identifier: BSD-2-Clause */
/* A desk at a maker's ledger in a file, and keys that touch for it. */

#ifndef TESTS_UNIT_MAKER_DESK_H
#define TESTS_UNIT_MAKER_DESK_H

#include "counterseal/reentry.h"

#include "maker_file.h"

#define MAKER_DESK_LETTERS 32

struct maker_desk {
	struct maker *m; /* what the file was written from, and the keys */
	struct maker_file file;
	struct cseal_desk *d;
	uint64_t now; /* the desk's clock */
	struct cseal_error err;
	/* The accounts that were asked for: source documents of approvers. */
	char letters[MAKER_DESK_LETTERS][40];
	size_t n_letters;
};

/* For cmocka: the usual persons, founded; no file is written yet. */
int maker_desk_setup(void **state);
int maker_desk_teardown(void **state);

struct cseal_desk_options maker_desk_options(struct maker_desk *f);

/* One more desk at the file; the test fails if it does not open. */
struct cseal_desk *maker_desk_open(struct maker_desk *f);

/* The maker's ledger in the file, and f->d open on it. */
void maker_desk_begin(struct maker_desk *f);

uint64_t maker_desk_size(const struct cseal_desk *d);

/* Touches the maker's key and appends; frees the draft. */
int maker_desk_append(struct maker_desk *f, struct cseal_desk *d,
    struct cseal_draft *p, size_t key, uint64_t *index);
/* The same at f->d, for what must stand. Index of the entry. */
uint64_t maker_desk_do(struct maker_desk *f, struct cseal_draft *p, size_t key);

/* Hands `p` on; the test fails if `r` says that there is none. */
struct cseal_draft *maker_desk_draft(
    struct maker_desk *f, int r, struct cseal_draft *p);

/*
 * An account as an approver types it. To be freed with cseal_change_free().
 */
void maker_desk_typed(struct cseal_change *c, const char *iban);

/*
 * Approves with the one of the letters that fits, or with none; *p stays NULL
 * after an error.
 */
int maker_desk_try_approve(struct maker_desk *f, struct cseal_desk *d,
    size_t key, uint64_t change, struct cseal_draft **p);

/* A payout.iban with a reason, at MAKER_STORE; its approval. */
struct cseal_draft *maker_desk_request(
    struct maker_desk *f, struct cseal_desk *d, size_t key, const char *iban);
struct cseal_draft *maker_desk_approve(
    struct maker_desk *f, struct cseal_desk *d, size_t key, uint64_t change);

enum cseal_change_status maker_desk_status(
    const struct maker_desk *f, uint64_t change);

#endif
