/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What keeps a ledger: a table of functions, one row an engine.
 *
 * A store knows entries as bytes, tiles as rows of hashes, and things that
 * stand beside the ledger. It knows nothing of statements. Every call gives
 * CSEAL_OK or an error code and fills `err` with file and reason.
 */

#ifndef SRC_STORE_H
#define SRC_STORE_H

#include "counterseal/buf.h"
#include "counterseal/err.h"
#include "counterseal/merkle.h"

struct store;

/* One row of tile hashes to be written with an append: hash number `at`. */
struct store_node {
	unsigned level;
	uint64_t index; /* of the hash within its level, not of the tile */
	uint8_t hash[CSEAL_HASH_BYTES];
};
#define STORE_NODES_MAX 9 /* a new entry completes at most one hash a level */

/* One opening: salt and value of a commitment in entry `entry`. */
struct store_opening {
	const char *name; /* "" for a shown text, whose value is not kept */
	uint8_t salt[CSEAL_SALT_BYTES];
	struct cseal_slice value;
};

struct store_append {
	struct cseal_slice entry;
	const struct store_node *nodes;
	size_t n_nodes;
	const struct store_opening *openings;
	size_t n_openings;
};

enum store_mode {
	STORE_READ, /* no change at all, not even a lock file if avoidable */
	STORE_WRITE,
	STORE_CREATE, /* a new, empty ledger; CSEAL_ERR_EXISTS */
};

/* Called for each entry in order; anything but CSEAL_OK ends the reading. */
typedef int (*store_entry_fn)(
    void *ctx, uint64_t index, struct cseal_slice entry);

/*
 * Gets the end of a ledger, row by row: entries in order, then openings, then
 * the number of tree hashes. The rows are as they stand in the store, perhaps
 * with gaps, or not of our making; of an entry too large to be read, no bytes
 * are given. Anything but CSEAL_OK ends it.
 */
struct store_sink {
	int (*entry)(void *ctx, uint64_t index, struct cseal_slice body);
	int (*opening)(void *ctx, uint64_t entry, struct cseal_slice name);
	int (*end)(void *ctx, uint64_t hashes);
	void *ctx;
};

/*
 * A thing that stands beside the ledger: `value` under (kind, name). Of
 * values without data, the thing is taken away.
 */
struct store_beside {
	const char *kind; /* 1 to 16 bytes */
	const char *name; /* 0 to 128 bytes */
	struct cseal_slice value;
};
#define STORE_BESIDE_MAX 1000000 /* bytes of a value */

/* Called for each thing in the order of names; anything but CSEAL_OK ends. */
typedef int (*store_beside_fn)(
    void *ctx, const char *name, struct cseal_slice value);

struct store_engine {
	const char *name;
	int (*open)(struct store **out, const char *where, enum store_mode mode,
	    struct cseal_error *err);
	void (*close)(struct store *s);
	/*
	 * What tells this ledger's place on its machine from that of a copy
	 * (of a file: its inode and birth).
	 */
	int (*place)(struct store *s, uint64_t *id, struct cseal_error *err);
	/* Number of entries. */
	int (*size)(struct store *s, uint64_t *size, struct cseal_error *err);
	/* Entries [from, from+n) in order, as far as there are any. */
	int (*read)(struct store *s, uint64_t from, uint64_t n,
	    store_entry_fn fn, void *ctx, struct cseal_error *err);
	/* The first `want` hashes of a tile, see struct cseal_hash_source. */
	int (*tile)(struct store *s, unsigned level, uint64_t index,
	    size_t want, uint8_t (*out)[CSEAL_HASH_BYTES],
	    struct cseal_error *err);
	/*
	 * One durable transaction: entry at index `expected`, its nodes and
	 * openings. CSEAL_ERR_AGAIN, and nothing written, if the number of
	 * entries is not `expected`. CSEAL_ERR_BUSY if the lock is not got
	 * in five seconds.
	 */
	int (*append)(struct store *s, uint64_t expected,
	    const struct store_append *a, struct cseal_error *err);
	/*
	 * One opening; CSEAL_ERR_NOT_FOUND if there is none (or erased),
	 * CSEAL_ERR_FORMAT if what stands there is not one.
	 */
	int (*opening_get)(struct store *s, uint64_t entry, const char *name,
	    uint8_t salt[CSEAL_SALT_BYTES], struct cseal_buf *value,
	    struct cseal_error *err);
	int (*opening_erase)(struct store *s, uint64_t entry, const char *name,
	    struct cseal_error *err);
	/*
	 * Openings of an entry that is there, as they come from another desk:
	 * one durable transaction. CSEAL_ERR_EXISTS, and nothing written, if
	 * one of them is there or was erased.
	 */
	int (*opening_add)(struct store *s, uint64_t entry,
	    const struct store_opening *openings, size_t n,
	    struct cseal_error *err);
	/* All of `things`, in one durable transaction. */
	int (*beside_put)(struct store *s, const struct store_beside *things,
	    size_t n, struct cseal_error *err);
	/* Appends the value to `out`. CSEAL_ERR_NOT_FOUND. */
	int (*beside_get)(struct store *s, const char *kind, const char *name,
	    struct cseal_buf *out, struct cseal_error *err);
	/* Takes away everything of a kind. */
	int (*beside_clear)(
	    struct store *s, const char *kind, struct cseal_error *err);
	int (*beside_each)(struct store *s, const char *kind,
	    store_beside_fn fn, void *ctx, struct cseal_error *err);
	/*
	 * Appends a copy of the whole file as it is at one moment, whoever
	 * writes meanwhile.
	 */
	int (*copy)(
	    struct store *s, struct cseal_buf *out, struct cseal_error *err);
	/* What does not belong to the first `keep` entries, for the sink. */
	int (*tail)(struct store *s, uint64_t keep,
	    const struct store_sink *sink, struct cseal_error *err);
	/*
	 * One durable transaction that takes all that away: for what was
	 * appended against the rules. The sink gets everything before it is
	 * gone, under the lock; if it does not return CSEAL_OK, nothing is
	 * cut.
	 */
	int (*cut)(struct store *s, uint64_t keep,
	    const struct store_sink *sink, struct cseal_error *err);
	/*
	 * Blocks until the number of entries is greater than `size` or `ms`
	 * milliseconds passed (CSEAL_ERR_TIMEOUT).
	 */
	int (*watch)(
	    struct store *s, uint64_t size, int ms, struct cseal_error *err);
};

extern const struct store_engine store_sqlite;

#endif
