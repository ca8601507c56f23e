/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exchange between desks without a server: immutable files in a shared folder
 * or in the mail (docs/format.md section 6). The home sends entries; replicas
 * send what was sealed at them, and the home appends it if the fold accepts
 * it, or says why not. Values go encrypted to the desks.
 *
 * Nothing in a file is believed: entries are judged by the fold, sealed
 * statements too, openings by the commitments. A file may come late, twice,
 * out of order, damaged or never; what is missing is written again.
 */

#ifndef COUNTERSEAL_EXCHANGE_H
#define COUNTERSEAL_EXCHANGE_H

#include "counterseal/site.h"

/* What happened, told as it happens. */
enum cseal_exchange_what {
	CSEAL_EXCHANGE_WROTE,	 /* a file: `file` */
	CSEAL_EXCHANGE_ENTRY,	 /* entry `index` came from the home */
	CSEAL_EXCHANGE_APPENDED, /* a sealed statement is entry `index` */
	CSEAL_EXCHANGE_ARRIVED,	 /* one sealed here is entry `index` */
	CSEAL_EXCHANGE_REFUSED,	 /* a sealed statement: `text` says why */
	CSEAL_EXCHANGE_OPENED,	 /* values of entry `index` came */
	CSEAL_EXCHANGE_LOCKED,	 /* the same, locked until a re-entry */
	CSEAL_EXCHANGE_IGNORED,	 /* `file`: `text` says why */
	CSEAL_EXCHANGE_MISSING,	 /* entries from `index` on: `text` */
	CSEAL_EXCHANGE_HEARD,	 /* a desk's answer: of key `index` */
	CSEAL_EXCHANGE_HOME,	 /* all were heard: this is the home now */
	CSEAL_EXCHANGE_YIELDED,	 /* entries from `index` on were taken back */
};
struct cseal_exchange_event {
	enum cseal_exchange_what what;
	uint64_t index;
	const char *file; /* name, filtered; "" if of no one file */
	const char *text; /* filtered */
};
/* Anything but CSEAL_OK ends the exchange and is returned. */
typedef int (*cseal_exchange_fn)(
    void *ctx, const struct cseal_exchange_event *e);

/*
 * Writes into the folder what its files do not say yet: entries, statements
 * that were sealed here, refusals, envelopes, how far this desk has verified.
 * Each file is complete when its name appears. CSEAL_ERR_IO.
 */
CSEAL_API int cseal_exchange_send(struct cseal_desk *d, const char *folder,
    cseal_exchange_fn tell, void *ctx, struct cseal_error *err);

/*
 * The same as one file, to be mailed: entries from `from` on, and all that is
 * on its way. CSEAL_ERR_TOO_LARGE if that is more than 8 MiB: `err` says how
 * far to go at once.
 */
CSEAL_API int cseal_exchange_send_file(struct cseal_desk *d, const char *path,
    uint64_t from, cseal_exchange_fn tell, void *ctx, struct cseal_error *err);

/*
 * The size of the shortest history that another desk told of: where a file
 * for all of them may begin. 0 if one was never heard.
 */
CSEAL_API int cseal_exchange_from(
    struct cseal_desk *d, uint64_t *from, struct cseal_error *err);

/*
 * Takes what is in the folder, or in the one file, in. The desk is open for
 * writing. CSEAL_ERR_VIOLATION if another history is found there than the one
 * this desk verified: `err` has both heads.
 */
CSEAL_API int cseal_exchange_receive(struct cseal_desk *d, const char *from,
    cseal_exchange_fn tell, void *ctx, struct cseal_error *err);

/*
 * Makes a replica at `where` from a folder or file that has the beginning of
 * the ledger with this id. CSEAL_ERR_NOT_FOUND if it has not; nothing is left
 * at `where` then.
 */
CSEAL_API int cseal_exchange_join(const char *where, const char *from,
    const uint8_t id[CSEAL_HASH_BYTES], const char *machine,
    struct cseal_error *err);

/*
 * The ledgers whose files are there: `fn` gets id, and organisation and
 * entries as far as genesis is there (else "" and 0).
 */
CSEAL_API int cseal_exchange_look(const char *from,
    int (*fn)(
	void *ctx, const uint8_t id[CSEAL_HASH_BYTES], struct cseal_slice org),
    void *ctx, struct cseal_error *err);

/* A statement that was sealed at this replica and is no entry yet. */
struct cseal_pending {
	uint8_t leaf[CSEAL_HASH_BYTES];
	const struct cseal_statement *statement; /* valid during the call */
	const char *refused; /* the home's reason, filtered; NULL: none yet */
};
CSEAL_API int cseal_desk_pending(struct cseal_desk *d,
    int (*fn)(void *ctx, const struct cseal_pending *p), void *ctx,
    struct cseal_error *err);

/* Forgets a refused one. CSEAL_ERR_NOT_FOUND. */
CSEAL_API int cseal_desk_pending_drop(struct cseal_desk *d,
    const uint8_t leaf[CSEAL_HASH_BYTES], struct cseal_error *err);

#endif
