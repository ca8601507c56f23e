/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One entry, taken apart and checked again, and the formats that stock tools
 * read. A format appends whole files, one call of `emit` each.
 */

#ifndef SRC_EXPORT_H
#define SRC_EXPORT_H

#include "counterseal/report.h"

struct export
{
	uint64_t index; /* of the entry */
	struct cseal_entry entry;
	struct cseal_statement statement;
	const struct cseal_pubkey *pubkey;
	const char *rp_id;
	const char *handle; /* the person whose key sealed it */
	bool monitor;	    /* a monitor's key: no touch was asked */
	uint8_t ledger[CSEAL_HASH_BYTES];
	cseal_export_fn emit;
	void *ctx;
};

struct export_format {
	const char *name;
	int (*write)(const struct export *x, struct cseal_error *err);
};

/* Rows of export.c; a format writes all its files, or fails. */
int export_ssh(const struct export *x, struct cseal_error *err);
int export_fido2(const struct export *x, struct cseal_error *err);

/* Writes `x` in the named format. CSEAL_ERR_USAGE names the formats. */
int export_write(
    const struct export *x, const char *format, struct cseal_error *err);

/* Hands one file on; gives back the buffer's own error first. */
int export_emit(
    const struct export *x, const char *file, const struct cseal_buf *content);

/* What entry it is and who sealed it: the head of each README. */
void export_heading(const struct export *x, struct cseal_buf *out);

#endif
