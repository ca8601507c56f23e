/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a console shows in one place of one store, and how it compares with
 * what was approved there (docs/observe.md). Pure: no ledger, no clock.
 *
 * A console shows some values whole, and of an account's number often the end
 * alone. So the names that can be given are the fields of the kind, FIELD_tail
 * for the end of a number, and four that need no kind: tail, holder, country
 * and default.
 */

#ifndef COUNTERSEAL_OBSERVATION_H
#define COUNTERSEAL_OBSERVATION_H

#include "counterseal/change.h"
#include "counterseal/statement.h"

#define CSEAL_OBSERVED_MAX	  16 /* values of one observation */
#define CSEAL_OBSERVED_NAME_BYTES 33 /* of one's name, with the NUL */
#define CSEAL_TAIL_MIN		  3  /* a shorter tail tells too little */
#define CSEAL_TAIL_MAX		  34
#define CSEAL_TAIL_WORD_MAX	  4 /* of one in a command's arguments */

enum cseal_observed_part {
	CSEAL_OBSERVED_WHOLE,	/* a field's value */
	CSEAL_OBSERVED_TAIL,	/* its last characters */
	CSEAL_OBSERVED_COUNTRY, /* of the account; the kind has no such field */
	CSEAL_OBSERVED_DEFAULT, /* "yes": money goes there; "no": elsewhere */
};

/* One value that the console shows. */
struct cseal_observed {
	char name[CSEAL_OBSERVED_NAME_BYTES]; /* "iban_tail", "holder" */
	enum cseal_observed_part part;
	/* NULL: the kind is not known, or has no such field. */
	const struct cseal_field *field;
	const struct cseal_format *format; /* of what `text` holds, or NULL */
	bool foreign; /* not in its format's form: nothing approved is so */
	struct cseal_buf text; /* canonical; of a tail A-Z and 0-9 alone */
};

struct cseal_observation {
	const struct cseal_kind *kind; /* NULL: not known */
	char store[33];		       /* alias */
	char slot[65];		       /* name ["/" item] */
	struct cseal_observed shown[CSEAL_OBSERVED_MAX];
	size_t n_shown;
	bool empty; /* the console shows nothing in this place */
	bool funds; /* stated: the first payout was seen in the account */
	/*
	 * A script reads, not a person: a name or text that its format refuses
	 * is taken as it is (clean text of up to 200 bytes), and differs from
	 * all that can be approved.
	 */
	bool by_script;
};

/*
 * An empty observation. `kind` NULL: the only kind that stands in the slot, or
 * not known if there are more. `slot` NULL: the kind's. CSEAL_ERR_INPUT names
 * an unknown kind, a slot that is none of the kind's, a store that is no alias;
 * changes of authority are in no console.
 */
CSEAL_API int cseal_observation_init(struct cseal_observation *o,
    const char *kind, const char *store, const char *slot,
    struct cseal_error *err);

/* Wipes and frees what `o` owns. NULL is fine. */
CSEAL_API void cseal_observation_free(struct cseal_observation *o);

/*
 * Adds one value that is shown. Of a tail the console's mask is taken away
 * ("....3417", "**** 3417", "xx3417", and what stands before it), blanks and
 * hyphens too. CSEAL_ERR_INPUT: a name that is none (with the near ones), one
 * given twice (also a field together with its tail), a tail that is too short
 * or no end of a number, a value that its format refuses.
 */
CSEAL_API int cseal_observation_set(struct cseal_observation *o,
    const char *name, size_t name_len, const uint8_t *value, size_t len,
    struct cseal_error *err);

/*
 * The same from a word of the command line, "FIELD=VALUE". The whole value of
 * a field of grade secret is refused, and a tail of more than four characters
 * too: others can read the arguments.
 */
CSEAL_API int cseal_observation_set_word(
    struct cseal_observation *o, const char *word, struct cseal_error *err);

/* A value for people: masked if it is secret, "....3417" of a tail. */
CSEAL_API int cseal_observed_mask(
    const struct cseal_observed *s, struct cseal_buf *out);

/* May the console show the end of this field alone? */
CSEAL_API bool cseal_field_has_tail(const struct cseal_field *f);

enum cseal_same {
	CSEAL_SAME,
	CSEAL_DIFFERS,
	CSEAL_NOT_COMPARED, /* nothing was approved that it compares with */
};

struct cseal_comparison {
	enum cseal_same same[CSEAL_OBSERVED_MAX]; /* of each that is shown */
	size_t n_same;
	size_t n_differ;
	bool other_kind; /* what is shown is of another kind */
	bool matches;	 /* something is the same, and nothing differs */
	uint64_t level;	 /* cseal_levels; none unless it matches */
};

/*
 * Compares with the values approved for `kind`; n 0: it is approved that
 * nothing stands there (a change of the operation remove). The level that is
 * reached: see docs/observe.md, Levels.
 */
CSEAL_API int cseal_observation_compare(const struct cseal_observation *o,
    const struct cseal_kind *kind, const struct cseal_value *approved, size_t n,
    struct cseal_comparison *out, struct cseal_error *err);

#endif
