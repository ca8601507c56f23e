/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a request or an approval rests on beside its values: documents, the
 * number that was called back, and what was checked (docs/format.md, sections
 * 3 and 4). The ledger holds commitments and results; texts stand with the
 * other openings, files beside them.
 */

#ifndef COUNTERSEAL_EVIDENCE_H
#define COUNTERSEAL_EVIDENCE_H

#include "counterseal/err.h"
#include "counterseal/statement.h"

#define CSEAL_EVIDENCE_NAME_BYTES 33 /* of an opening, with its NUL */

/*
 * Name of the opening of evidence `i` of a list: its kind's, with "-2", "-3"
 * ... behind it from the second of the kind on. False: there is no `i`.
 */
CSEAL_API bool cseal_evidence_name(const struct cseal_evidence *v, size_t n,
    size_t i, char out[CSEAL_EVIDENCE_NAME_BYTES]);

/* The evidence whose opening has that name; NULL. */
CSEAL_API const struct cseal_evidence *cseal_evidence_find(
    const struct cseal_evidence *v, size_t n, const char *name);

/* The result of a check in a list; 0 if it is not stated. */
CSEAL_API uint64_t cseal_check_result(
    const struct cseal_check *v, size_t n, uint64_t check);

/*
 * What a request or an approval gives of what a policy can demand, as
 * CSEAL_WANT_* bits: a call-back counts if confirmed, a name if it matches.
 */
CSEAL_API uint64_t cseal_evidence_gives(const struct cseal_statement *st);

/* The lists of a request or an approval; of other kinds they are empty. */
CSEAL_API const struct cseal_evidence *cseal_evidence_of(
    const struct cseal_statement *st, size_t *n);
CSEAL_API const struct cseal_check *cseal_checks_of(
    const struct cseal_statement *st, size_t *n);

/* Does a check say that the change is wrong: denied, or another's name? */
CSEAL_API bool cseal_checks_warn(const struct cseal_check *v, size_t n);

/* ---- what a person has at hand ---- */

#define CSEAL_EVIDENCE_FILE_MAX ((size_t)16 << 20) /* bytes of one file */

/* One piece: what is committed to, and the file if it is one. */
struct cseal_evidence_piece {
	uint64_t kind;	       /* enum cseal_evidence_kind */
	struct cseal_buf text; /* canonical */
	struct cseal_buf file; /* of a document, a screenshot, another */
};

/*
 * Evidence and checks of one request or approval, before it is drafted. All
 * zeros is an empty set; to be freed.
 */
struct cseal_evidence_set {
	struct cseal_evidence_piece pieces[CSEAL_EVIDENCE_MAX];
	size_t n;
	struct cseal_check checks[CSEAL_CHECKS_MAX]; /* in their order */
	size_t n_checks;
};

/*
 * Adds a reason ("text") or a call-back number ("phone") as a person typed
 * it. CSEAL_ERR_INPUT as of a format; CSEAL_ERR_TOO_LARGE: too many pieces.
 */
CSEAL_API int cseal_evidence_add_text(struct cseal_evidence_set *s,
    uint64_t kind, const uint8_t *p, size_t n, struct cseal_error *err);

/*
 * Adds a file, of which a path is given; the ledger will know its last part.
 * CSEAL_ERR_INPUT for a name that no record takes, or an empty file;
 * CSEAL_ERR_TOO_LARGE. `file` is taken over (emptied) on success.
 */
CSEAL_API int cseal_evidence_add_file(struct cseal_evidence_set *s,
    uint64_t kind, const char *path, struct cseal_buf *file,
    struct cseal_error *err);

/* States a check; CSEAL_ERR_USAGE for one that is unknown or stated. */
CSEAL_API int cseal_evidence_add_check(
    struct cseal_evidence_set *s, uint64_t check, uint64_t result);

/* What it gives of what a policy can demand, see cseal_evidence_gives(). */
CSEAL_API uint64_t cseal_evidence_set_gives(const struct cseal_evidence_set *s);

/* Wipes and frees what it owns. NULL is fine. */
CSEAL_API void cseal_evidence_free(struct cseal_evidence_set *s);

/* A file as a record names it. */
struct cseal_evidence_file {
	uint8_t digest[CSEAL_HASH_BYTES]; /* SHA-256 */
	char name[101];
};

/* The text of a document, a screenshot or another; false if it is none. */
CSEAL_API bool cseal_evidence_file_parse(
    struct cseal_evidence_file *out, struct cseal_slice text);

#endif
