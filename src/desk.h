/* SPDX-License-Identifier: BSD-2-Clause */
/* A desk and a draft from within; private to desk, draft and panel. */

#ifndef SRC_DESK_H
#define SRC_DESK_H

#include "counterseal/desk.h"
#include "counterseal/memory.h"
#include "counterseal/openings.h"

#include "fold.h"
#include "site.h"

#define DRAFT_OPENINGS_MAX CSEAL_OPENINGS_MAX

struct cseal_desk {
	struct cseal_ledger *ledger;
	struct cseal_replay *replay;
	struct cseal_memory *memory; /* NULL: it remembers nothing */
	bool known; /* it remembered the ledger when it was opened */
	struct cseal_desk_options options;
	struct site site;
};

/* The machine's name, "" if it has none. */
const char *desk_machine(const struct cseal_desk *d);

/* An entry on its way into the ledger. */
struct desk_entry {
	struct cseal_slice bytes;
	const struct cseal_opening *openings;
	size_t n_openings;
	/* It was appended elsewhere: its clock is no longer asked about. */
	bool is_own; /* its seal was made here, just now */
	bool is_history;
};

/*
 * Judges and appends it, again and again while other processes are faster.
 * *rule is the one it breaks; RULE_OK if it stands, or if something else went
 * wrong.
 */
int desk_take(struct cseal_desk *d, const struct desk_entry *e, uint64_t *index,
    enum rule_id *rule, struct cseal_error *err);

/*
 * Folds the ledger anew and remembers nothing of what was: entries were taken
 * out of it. After an error the desk can only be closed.
 */
int desk_reload(struct cseal_desk *d, struct cseal_error *err);

/* Makes a ledger of a genesis that the fold accepts, as home or replica. */
int desk_make(const char *where, struct cseal_slice genesis,
    const char *machine, enum cseal_site as, struct cseal_error *err);

struct cseal_draft {
	struct cseal_buf bytes;	      /* the statement */
	struct cseal_statement st;    /* parsed from them */
	struct cseal_buf client_data; /* clientDataJSON */
	struct cseal_buf panel;
	struct cseal_buf credential;
	char rp_id[254];
	struct cseal_opening openings[DRAFT_OPENINGS_MAX];
	size_t n_openings;
	/* Files to be kept with it; they are whoever's the evidence is. */
	struct draft_file {
		uint8_t commitment[CSEAL_HASH_BYTES];
		size_t opening;
		struct cseal_slice bytes;
	} files[CSEAL_EVIDENCE_MAX];
	size_t n_files;
};

/* Keeps a draft's files beside the ledger; or takes them away again. */
int draft_keep_files(
    struct cseal_desk *d, const struct cseal_draft *p, struct cseal_error *err);
void draft_drop_files(struct cseal_desk *d, const struct cseal_draft *p);

/* What a draft is refused with: rule, particulars and remedy in one. */
int desk_refuse(
    struct cseal_error *err, enum rule_id rule, const struct fold_entry *e);

struct cseal_draft *draft_new(void);

/* Adds an opening with a random salt; its commitment into `hash`. */
int draft_commit(struct cseal_draft *p, const char *name,
    struct cseal_slice value, bool keep, uint8_t hash[CSEAL_HASH_BYTES]);

/*
 * Encodes the statement, judges it against the state (NULL: genesis) as if
 * sealed, and prepares what the key is asked to sign.
 */
int draft_finish(struct cseal_draft *p, const struct cseal_state *s,
    const struct cseal_statement *st, const struct cseal_state_key *key,
    struct cseal_error *err);

#endif
