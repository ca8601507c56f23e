/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text before a touch. It depends only on the statement, the openings,
 * the ledger at the seen head, template, language and UTC offset, so that an
 * auditor can print it again (counterseal/shown.h); it passed the filter and
 * fits 80x24.
 *
 * Of the openings of other changes a desk has some. What they alone can tell
 * is told, each time, in one of a few ways, which are counted: whoever prints
 * the text again can try them.
 */

#ifndef SRC_PANEL_H
#define SRC_PANEL_H

#include "counterseal/evidence.h"

#include "records.h"
#include "state.h"
#include "values.h"

#define PANEL_TEMPLATE	    1
#define PANEL_LANGUAGE	    "en"
#define PANEL_LINES	    24
#define PANEL_LABEL_COLUMNS 15
#define PANEL_VALUE_COLUMNS 54

enum panel_alike_of {
	PANEL_ALIKE_VALUE,
	PANEL_ALIKE_DOMAIN, /* of an e-mail address */
};

struct panel_value {
	const struct cseal_field *field;
	struct cseal_slice now;	 /* in force; data NULL: nothing is */
	struct cseal_slice next; /* asked for; data NULL: to be removed */
	bool has_now;
	bool has_next;
	struct cseal_buf alike; /* what it could be taken for; empty: nothing */
	enum panel_alike_of alike_of;
	bool alike_is_rule; /* the policy names that one */
};

/* In how many ways something can be told, and in which one it is. */
struct panel_choice {
	unsigned ways; /* 0: there is nothing to tell */
	unsigned way;  /* 0: as with every opening that is here */
};
enum panel_choice_of {
	PANEL_CHOICE_NOW,  /* the values in force, or that they are not here */
	PANEL_CHOICE_USED, /* who else has the account */
	PANEL_CHOICE_ALIKE,
	PANEL_CHOICES = PANEL_CHOICE_ALIKE + CSEAL_KIND_FIELDS_MAX,
};

struct panel_change {
	const struct cseal_state *state;
	struct values *openings; /* of the ledger's requests; borrowed */
	const struct cseal_kind *kind;
	uint64_t op;
	const char *store;
	const char *slot;
	const struct state_change *change; /* NULL while asking */
	struct cseal_facts facts;
	const char *act;    /* "ask for this change", "approve ..." */
	const char *signer; /* handle */
	uint64_t not_after;
	int utc_offset; /* minutes */
	struct panel_value values[CSEAL_KIND_FIELDS_MAX];
	size_t n_values;
	/* Whole lines about a key, for changes of authority. */
	struct cseal_buf about;
	/*
	 * Texts of the statement's own evidence, in its order, which the caller
	 * has or reads; then, by panel_evidence(), whole lines about evidence
	 * and checks, at length and in short.
	 */
	struct cseal_slice given[CSEAL_EVIDENCE_MAX];
	struct cseal_buf evidence;
	struct cseal_buf evidence_short;
	struct cseal_buf reentered; /* labels of what the signer typed */
	struct cseal_slice why; /* the requester's reason; data NULL if none */
	const char *reason;	/* for reject: its word */
	/* What panel_look() found. */
	struct panel_choice choices[PANEL_CHOICES];
	bool now_missing; /* something is in force, its values are not here */
	const struct state_change *used; /* at another store; NULL */
	bool first_account;
};

void panel_change_free(struct panel_change *p);

/* The change's fields, in the kind's order, without values. */
void panel_put_fields(struct panel_change *p);

/*
 * The panel of an approve or apply. `state`, `openings` and `utc_offset` are
 * in, then panel_begin_act() of the statement (CSEAL_ERR_NOT_FOUND: the state
 * does not have its change, or its key). CSEAL_ERR_NOT_FOUND (err names the
 * field) if a value of the change is not here, CSEAL_ERR_CORRUPT if one is not
 * what was asked for.
 */
int panel_begin_act(struct panel_change *p, const struct cseal_statement *st);
int panel_act(struct cseal_buf *out, struct panel_change *p,
    const struct cseal_statement *st, struct cseal_error *err);

/*
 * Looks at what stands beside it, when the values asked for are in: what is in
 * force, who else has the account, what it could be taken for.
 */
int panel_look(struct panel_change *p, struct cseal_error *err);

/*
 * The lines about evidence and checks: of the request (but for its reason, and
 * unless it is the statement itself), of the approvals that count, and of the
 * statement. CSEAL_ERR_NOT_FOUND as of a value.
 */
int panel_evidence(struct panel_change *p, const struct cseal_statement *st,
    struct cseal_error *err);

/* Writes it. */
int panel_change(struct cseal_buf *out, const struct panel_change *p);

/* The founding of a ledger, and joining one. */
int panel_founding(
    struct cseal_buf *out, const struct cseal_genesis *g, const char *signer);
int panel_join(
    struct cseal_buf *out, const struct cseal_state *s, const char *signer);

/* Three lines about a key record, appended. */
int panel_key(struct cseal_buf *out, const struct cseal_key *k);

/* A freeze; and lines about one that is to be lifted, appended. */
int panel_freeze(struct cseal_buf *out, const struct cseal_state *s,
    const struct cseal_freeze *f, const char *signer);
int panel_lift(struct cseal_buf *out, const struct cseal_state *s,
    const struct record_leaf *d);

/* A person as they would be; what of a leaver ends. Lines, appended. */
int panel_person(struct cseal_buf *out, const struct cseal_state *s,
    const struct cseal_person *p);
/* The display name, which is not in the ledger. */
void panel_named(struct cseal_buf *out, struct cseal_slice name);
int panel_leaver(
    struct cseal_buf *out, const struct cseal_state *s, const char *handle);

/* Lines about a change of authority but a key's, from its detail, appended. */
int panel_authority(struct cseal_buf *out, const struct cseal_state *s,
    const struct cseal_kind *kind, struct cseal_slice detail);

/* Lines about a revocation, and what it puts in doubt, appended. */
int panel_revocation(struct cseal_buf *out, const struct cseal_state *s,
    const struct cseal_revocation *v);

/* Whether a ledger has the fixed rules; else the hash of those, appended. */
int panel_rules(struct cseal_buf *out, struct cseal_slice text);

/*
 * What would be different under these rules (a detail of policy.set), and the
 * hash of their text, appended: at most 11 lines.
 */
int panel_policy(struct cseal_buf *out, const struct cseal_state *s,
    struct cseal_slice detail);

/* "2026-11-26 14:10 (UTC+01:00)", appended. */
int panel_time(struct cseal_buf *out, uint64_t t, int utc_offset);

/* ---- between the panel's files ---- */

/* Appended, filtered, at most so many columns (0: no limit). */
void panel_safe(struct cseal_buf *out, struct cseal_slice s, size_t columns);

/* "    label  which text", folded; the text is filtered. */
void panel_row(struct cseal_buf *out, const char *label, const char *which,
    const char *text);

/* A sentence from the left on, folded at spaces; it is filtered. */
void panel_say(struct cseal_buf *out, const char *text);

/* panel_look() of one value: what it could be taken for. */
int panel_look_alike(struct panel_change *p, struct panel_value *v,
    struct panel_choice *choice, struct cseal_error *err);

/* How closely told a panel is; each one is shorter than those before. */
enum panel_terse {
	PANEL_WHOLE,
	PANEL_SAMES_TOGETHER, /* fields that stay the same, on one line */
	PANEL_NO_MARKS,	      /* in words alone, where the values differ */
	PANEL_REASON_CUT,     /* a line of the reason */
	PANEL_OLD_CUT,	      /* a line of each value in force */
	PANEL_NO_WORDS,
	PANEL_NO_OLD, /* the values in force are to be looked up */
	PANEL_TERSE,  /* how many there are */
};

/* The lines of one value. */
void panel_put_value(
    struct cseal_buf *out, const struct panel_value *v, enum panel_terse terse);
bool panel_is_same(const struct panel_value *v);

/* What stands beside: warnings, what was not seen before, earlier changes. */
void panel_put_warnings(struct cseal_buf *out, const struct panel_change *p);
void panel_put_history(struct cseal_buf *out, const struct panel_change *p);

#endif
