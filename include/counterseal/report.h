/* SPDX-License-Identifier: BSD-2-Clause */
/* What verify says of a ledger, as text for people or JSON for programs. */

#ifndef COUNTERSEAL_REPORT_H
#define COUNTERSEAL_REPORT_H

#include "counterseal/replay.h"

/* Writes a report of the replay, appended. */
struct cseal_report {
	const char *name; /* "text", "json" */
	int (*render)(const struct cseal_replay *r, struct cseal_buf *out);
};

/* A format by name; NULL if there is none. */
CSEAL_API const struct cseal_report *cseal_report_find(const char *name);

/*
 * Exports one entry for stock tools. Each appends one file's content; `name`
 * and `file` come in pairs (see docs/verify.md):
 *   ssh:          message (the statement), message.sig, allowed_signers, README
 *   fido2-assert: assert.txt, pubkey.pem, README
 */
typedef int (*cseal_export_fn)(
    void *ctx, const char *file, const struct cseal_buf *content);
CSEAL_API int cseal_export(const struct cseal_state *s, struct cseal_ledger *l,
    uint64_t entry, const char *format, cseal_export_fn fn, void *ctx,
    struct cseal_error *err);

#endif
