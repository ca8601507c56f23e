/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A backup: one encrypted file with all that a desk has of a ledger. The
 * ledger itself with its openings and what stands beside it, the desk's key,
 * who sits at it, and the head that it verified last (docs/format.md section
 * 8, Backup).
 *
 * It goes to the keys of desks or to a passphrase. To desks' keys anybody can
 * make one: what is restored is judged as a ledger is that comes along.
 */

#ifndef COUNTERSEAL_BACKUP_H
#define COUNTERSEAL_BACKUP_H

#include "counterseal/envelope.h"
#include "counterseal/replay.h"
#include "counterseal/site.h"

#define CSEAL_BACKUP_MAX     ((size_t)1 << 30) /* bytes of a file */
#define CSEAL_PASSPHRASE_MIN 12		       /* bytes */
#define CSEAL_PASSPHRASE_MAX 1024

/* For whom it is: `n` desks, or with none the passphrase. Borrowed. */
struct cseal_backup_to {
	const uint8_t (*desks)[CSEAL_DESK_KEY_BYTES];
	size_t n;
	struct cseal_slice passphrase;
};

/* What is in one besides the ledger's file. */
struct cseal_backup_about {
	uint8_t ledger[CSEAL_HASH_BYTES]; /* its id */
	uint64_t time;			  /* when it was made; a claim */
	struct cseal_head head;		  /* verified last; size 0: none */
	bool has_key;			  /* of the desk */
	char person[33];		  /* "" if it is not known */
};

/*
 * Writes the backup of the ledger at `ledger` to `path`, where there is
 * nothing yet: complete when its name appears, of mode 0600, read back and
 * opened before this returns. `state_dir` is the folder of the desk that is
 * backed up, or NULL. Others may append meanwhile. `about` may be NULL.
 * CSEAL_ERR_EXISTS, CSEAL_ERR_INPUT (the passphrase is too short),
 * CSEAL_ERR_TOO_LARGE, CSEAL_ERR_IO, and what opening a ledger gives.
 */
CSEAL_API int cseal_backup_write(const char *path, const char *ledger,
    const char *state_dir, const struct cseal_backup_to *to, uint64_t now,
    struct cseal_backup_about *about, struct cseal_error *err);

/*
 * The desk's key for which an offer of a key or an X.509 certificate (PEM, of
 * a P-256 key) asks to encrypt. CSEAL_ERR_INPUT for any other file.
 */
CSEAL_API int cseal_backup_recipient(uint8_t out[CSEAL_DESK_KEY_BYTES],
    struct cseal_slice bytes, struct cseal_error *err);

struct cseal_backup;

/* Reads the file. CSEAL_ERR_IO, CSEAL_ERR_FORMAT, CSEAL_ERR_NEWER. */
CSEAL_API int cseal_backup_open(
    struct cseal_backup **out, const char *path, struct cseal_error *err);
CSEAL_API void cseal_backup_free(struct cseal_backup *b);

/* Does it open with a passphrase, and not with a key? */
CSEAL_API bool cseal_backup_asks(const struct cseal_backup *b);

/*
 * Opens it with what it asks for; the other may be NULL or empty.
 * CSEAL_ERR_NOT_FOUND if it is not for this key, CSEAL_ERR_CORRUPT if the
 * passphrase is another one or anything in it was altered.
 */
CSEAL_API int cseal_backup_unlock(struct cseal_backup *b,
    const struct cseal_desk_key *key, struct cseal_slice passphrase,
    struct cseal_error *err);

/* Once it is unlocked; borrowed. */
CSEAL_API const struct cseal_backup_about *cseal_backup_about(
    const struct cseal_backup *b);

struct cseal_restore_options {
	const char *ledger;    /* where it is to stand */
	const char *state_dir; /* of this desk; it must be there */
	const char *machine;   /* as in the options of a desk */
	struct cseal_replay_options replay;
	void (*notice)(void *ctx, const char *where, const char *what);
	void *ctx;
};

/* What became of a file of the desk's own. */
enum cseal_restored_file {
	CSEAL_RESTORED_NONE,  /* the backup has none */
	CSEAL_RESTORED_NEW,   /* there was none here; now there is */
	CSEAL_RESTORED_SAME,  /* it was here */
	CSEAL_RESTORED_OTHER, /* another one is here, and stays */
};

struct cseal_restored {
	enum cseal_site site;
	struct cseal_head head; /* of the ledger that was restored */
	/* What this desk remembered beyond it, and forgot; size 0: nothing. */
	struct cseal_head forgotten;
	enum cseal_restored_file key, person;
};

/*
 * Puts the ledger in its place, after every entry, seal and opening of it was
 * checked. A home, or a copy of one, becomes CSEAL_SITE_RESTORED; a replica
 * stays one. CSEAL_ERR_EXISTS if something is there; CSEAL_ERR_VIOLATION if
 * the ledger has a finding, or is of another history than this desk remembers
 * (err: both heads). Then nothing was changed.
 */
CSEAL_API int cseal_backup_restore(const struct cseal_backup *b,
    const struct cseal_restore_options *o, struct cseal_restored *out,
    struct cseal_error *err);

#endif
