/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the verbs that read have in common: entries in the words of people,
 * and a change as a sentence.
 */

#ifndef CLI_READING_H
#define CLI_READING_H

#include "cli.h"

/* An entry, parsed; valid during the call that gives it. */
struct reading_entry {
	uint64_t index;
	uint8_t leaf[CSEAL_HASH_BYTES];
	const struct cseal_seal *seal;
	const struct cseal_statement *statement;
	const char *kind;    /* "approve" */
	const char *person;  /* handle of whose key sealed it */
	const char *subject; /* name of the change it is about; "" if none */
	bool has_change;
	uint64_t change; /* index of that change's request */
};

typedef int (*reading_fn)(void *ctx, const struct reading_entry *e);

/*
 * Gives the entries [from, from + n) of the verified ledger in order; anything
 * but CSEAL_OK from `fn` ends it and is returned.
 */
int reading_entries(struct cli *c, struct cseal_desk *d, uint64_t from,
    uint64_t n, reading_fn fn, void *ctx);

/* Handle of the person of a key; "?" if there is none. */
const char *reading_person(const struct cseal_state *s, uint64_t key);
const char *reading_handle(const struct cseal_state *s, size_t person);

/*
 * Where a change stands, for people: "main-de", "main-de/contact/k3x9w2b7"
 * where the slot is not the kind's own, or the slot alone for authority.
 */
#define READING_PLACE_BYTES 112
void reading_place(
    const struct cseal_state_change *h, char out[READING_PLACE_BYTES]);

/* "asked", "approved" ... as of the desk's now. */
enum cseal_change_status reading_status(
    const struct cseal_desk *d, const struct cseal_state_change *h);

/* How the change stands, a sentence for people, without a full stop. */
int reading_sentence(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, struct cseal_buf *out);

/* The handles of those who may fill an empty place: "mina or petr"; "". */
int reading_who(const struct cseal_state *s, const struct cseal_state_change *h,
    struct cseal_buf *out);
json_t *reading_who_json(
    const struct cseal_state *s, const struct cseal_state_change *h);

/* May this person seal that the change was entered? */
bool reading_may_apply(const struct cseal_state *s,
    const struct cseal_state_change *h, const struct cseal_state_person *p);

/* The command that comes next, or "" if nothing is to be done. */
#define READING_COMMAND_BYTES 160
void reading_command(const struct cseal_desk *d,
    const struct cseal_state_change *h, char out[READING_COMMAND_BYTES]);

/* "counterseal observe --store main-fr --slot contact.login_email" */
void reading_observe_command(
    const struct cseal_state_change *h, char out[READING_COMMAND_BYTES]);

/*
 * One field's value for people: masked if its grade is secret, unless `full`.
 * What is not on this desk is said in words; *known tells which it was.
 */
int reading_value(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, const struct cseal_field *f, bool full,
    struct cseal_buf *out, bool *known);

/* The change's fields and their values, "label  value" in two columns. */
int reading_values_say(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, unsigned indent, bool full);
/* The same as [{name, value, masked}]; value null if not on this desk. */
int reading_values_json(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, json_t **out);

/*
 * The reason that was given for the change, checked against its commitment.
 * *known is false, and nothing appended, if none was or it is not here.
 */
int reading_reason(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, struct cseal_buf *out, bool *known);

/* Evidence and checks of the request and its approvals, a line each. */
int reading_evidence_say(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, bool full);
/*
 * The same as [{index, person, name, kind, value, sha256}] and [{index,
 * person, check, result}].
 */
int reading_evidence_json(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, json_t **out, json_t **checks);
/* Of one statement: {"call-back": "confirmed"}, ["document"]. */
json_t *reading_checks_json(const struct cseal_statement *st);
json_t *reading_evidence_names(const struct cseal_statement *st);
/* "call-back confirmed, name match"; appended. */
void reading_checks(const struct cseal_statement *st, struct cseal_buf *out);
/* The file of that name, of the request or else of an approval; appended. */
int reading_evidence_file(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, const char *name,
    struct cseal_evidence_file *about, struct cseal_buf *out);

/* What every verb tells of a change: {change, index, kind, ... }. */
json_t *reading_change_json(
    const struct cseal_desk *d, const struct cseal_state_change *h);

/* "store main-de", "key 1 of mina", "all stores"; appended. reading_freeze.c */
int reading_frozen(const struct cseal_state *s,
    const struct cseal_state_freeze *f, struct cseal_buf *out);
/* The freeze that keeps the change from being approved or entered; NULL. */
const struct cseal_state_freeze *reading_stopped(
    const struct cseal_desk *d, const struct cseal_state_change *h);
/* The open request that a freeze be lifted; NULL: nobody asked. */
const struct cseal_state_change *reading_lift(
    const struct cseal_state *s, const struct cseal_state_freeze *f);

/* The command by which the freeze ends: to ask for the lift, or to agree. */
void reading_way_out(const struct cseal_state *s,
    const struct cseal_state_freeze *f, char out[READING_COMMAND_BYTES]);

/* Is something of it still to be typed, unseen, by the person at this desk? */
bool reading_is_blind(
    struct cli *c, struct cseal_desk *d, const struct cseal_state_change *h);

/* Text in lines of at most 80 columns, each behind `indent` spaces. */
void reading_wrap(struct cli *c, unsigned indent, const char *text);

/* Text of at most `columns` columns, cut with "..."; safe to print. */
#define READING_CELL_BYTES 160
void reading_cut(const char *s, size_t columns, char out[READING_CELL_BYTES]);

#endif
