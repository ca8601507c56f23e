/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a person asks for: parse, validate, canonical form, commitments.
 *
 * A change is built up from "FIELD=VALUE" words, from lines "FIELD: VALUE" of
 * a file, or one value at a time; then closed, which checks it as a whole.
 */

#ifndef COUNTERSEAL_CHANGE_H
#define COUNTERSEAL_CHANGE_H

#include "counterseal/kind.h"
#include "counterseal/text.h"

#define CSEAL_CHANGE_FILE_MAX 65536 /* bytes of a file given with --from */

struct cseal_change {
	const struct cseal_kind *kind;
	uint64_t op;	/* enum cseal_op */
	char store[33]; /* alias; "" for authority */
	char slot[65]; /* name ["/" item]; a handle or "policy" for authority */
	struct cseal_value values[CSEAL_KIND_FIELDS_MAX]; /* kind's order */
	size_t n_values;
	struct cseal_buf reason; /* the reason text; empty if none */
	bool closed;
};

/*
 * An empty change of the named kind. CSEAL_ERR_INPUT names an unknown kind
 * together with the near ones. `op` 0 means replace. A NULL slot takes the
 * kind's default; another one is the default with an item behind it
 * ("payout/k3m9x2ab": [a-z0-9]{8}), or, for authority, a handle. The store's
 * alias must be a handle (cseal_text_is_handle); authority has none.
 */
CSEAL_API int cseal_change_init(struct cseal_change *c, const char *kind,
    uint64_t op, const char *store, const char *slot, struct cseal_error *err);

/* Wipes and frees what `c` owns. NULL is fine. */
CSEAL_API void cseal_change_free(struct cseal_change *c);

/*
 * Sets one value: canonicalises it and keeps it. CSEAL_ERR_INPUT for an
 * unknown field (with the near names), one given twice, or a value that its
 * format refuses; longer than CSEAL_VALUE_MAX is refused before it is read.
 * The name "reason" sets the reason text (format "text", at most 200 bytes).
 * After a refusal the change is as it was.
 */
CSEAL_API int cseal_change_set(struct cseal_change *c, const char *name,
    size_t name_len, const uint8_t *value, size_t len, struct cseal_error *err);

/*
 * Sets a value from a word of the command line, "FIELD=VALUE". A field of
 * grade secret is refused here, with the ways that do not reach `ps` and the
 * shell's history (a prompt, --from FILE, --from -): there is no exception.
 */
CSEAL_API int cseal_change_set_word(
    struct cseal_change *c, const char *word, struct cseal_error *err);

/*
 * Reads lines "FIELD: VALUE"; '#' or ';' begins a comment line, blank lines
 * are skipped, CR LF is taken as LF. A line "kind: ..." or "store: ..." may
 * stand in the file and must then agree with what the change already has.
 * Errors name the line in err->where ("line 3, iban"). A file without any
 * value is refused.
 */
CSEAL_API int cseal_change_set_lines(struct cseal_change *c,
    const uint8_t *text, size_t n, struct cseal_error *err);

/*
 * One name and value, as such a line has them: "kind" and "store" must agree,
 * and everything else is set. *values, if not NULL, counts what was set.
 */
CSEAL_API int cseal_change_set_given(struct cseal_change *c,
    struct cseal_slice name, struct cseal_slice value, size_t *values,
    struct cseal_error *err);

/*
 * Checks the change as a whole: required fields there (each missing one is
 * named), operation allowed, cross-checks; puts values in the kind's order.
 * op remove takes no values.
 */
CSEAL_API int cseal_change_close(
    struct cseal_change *c, struct cseal_error *err);

/* A value by field name; NULL if the change does not have it. */
CSEAL_API const struct cseal_value *cseal_change_value(
    const struct cseal_change *c, const char *name);

/*
 * Refuses a change whose last day or month (kind->until) is over at `now`, by
 * the calendar of UTC: CSEAL_ERR_INPUT with the field. A baseline may say what
 * is so. This is no rule of the fold: clocks are claims.
 */
CSEAL_API int cseal_change_on(
    const struct cseal_change *c, uint64_t now, struct cseal_error *err);

/* What is to be noted of its values at `now`, before somebody seals it. */
CSEAL_API void cseal_change_notes(
    const struct cseal_change *c, uint64_t now, struct cseal_notes *out);

/* Facts of a closed change that follow from its values alone. */
CSEAL_API int cseal_change_facts(const struct cseal_change *c,
    struct cseal_facts *out, struct cseal_error *err);

/*
 * SHA-256( cbor([ salt, value, name ]) ), docs/format.md section 3. `value`
 * is UTF-8 of `len` bytes; CSEAL_ERR_FORMAT if it is not.
 */
CSEAL_API int cseal_commit(const uint8_t salt[CSEAL_SALT_BYTES],
    const uint8_t *value, size_t len, const char *name,
    uint8_t out[CSEAL_HASH_BYTES]);

#endif
