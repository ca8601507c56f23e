/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text before a touch. It depends only on the statement, the openings,
 * the ledger at the seen head, template, language and UTC offset, so that an
 * auditor can print it again; it passed the filter and fits 80x24.
 */

#ifndef SRC_PANEL_H
#define SRC_PANEL_H

#include "desk.h"

#define PANEL_TEMPLATE 1
#define PANEL_LANGUAGE "en"

struct panel_value {
	const char *name;
	const char *label;
	struct cseal_slice now;	 /* in force; data NULL: nothing is */
	struct cseal_slice next; /* asked for; data NULL: to be removed */
	bool has_now;
	bool has_next;
};

struct panel_change {
	const struct cseal_state *state;
	const struct cseal_kind *kind;
	uint64_t op;
	const char *store;
	const char *slot;
	const struct cseal_state_change *change; /* NULL while asking */
	const char *act;			 /* "ask for", "approve", ... */
	const char *signer;			 /* handle */
	uint64_t not_after;
	int utc_offset; /* minutes */
	struct panel_value values[CSEAL_KIND_FIELDS_MAX];
	size_t n_values;
	/* Lines about a key, for changes of authority; terminated text. */
	struct cseal_buf about;
	struct cseal_buf reentered; /* labels of what the signer typed */
	struct cseal_slice why; /* the requester's reason; data NULL if none */
	const char *reason;	/* for reject: its word */
};

int panel_change(struct cseal_buf *out, const struct panel_change *p);

/* The founding of a ledger, and joining one. */
int panel_founding(
    struct cseal_buf *out, const struct cseal_genesis *g, const char *signer);
int panel_join(
    struct cseal_buf *out, const struct cseal_state *s, const char *signer);

/* Three lines about a key record, appended. */
int panel_key(struct cseal_buf *out, const struct cseal_key *k);

/* A line about a revocation, appended. */
int panel_revocation(struct cseal_buf *out, const struct cseal_revocation *v);

/* "2026-11-26 14:10 (UTC+01:00)", appended. */
int panel_time(struct cseal_buf *out, uint64_t t, int utc_offset);

#endif
