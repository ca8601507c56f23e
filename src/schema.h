/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records as tables: one description from which a C struct is both encoded to
 * and parsed from deterministic CBOR, so that the two cannot disagree.
 *
 * A record is a map with small integers as keys (its rows in their order), or
 * an array whose members have fixed places. Parsing borrows: slices point into
 * the input. Lists alone are allocated, and schema_free() walks the same table.
 */

#ifndef SRC_SCHEMA_H
#define SRC_SCHEMA_H

#include "counterseal/api.h"
#include "counterseal/buf.h"

#include "dcbor.h"

enum schema_type {
	SCHEMA_UINT,   /* uint64_t, within min..max */
	SCHEMA_INT,    /* int64_t, within -max..max */
	SCHEMA_BOOL,   /* bool */
	SCHEMA_TRUE,   /* bool: present means true, absent false */
	SCHEMA_BYTES,  /* struct cseal_slice, length within min..max */
	SCHEMA_TEXT,   /* the same, UTF-8 without control characters */
	SCHEMA_PROSE,  /* the same, line feed and tab allowed */
	SCHEMA_HANDLE, /* [a-z][a-z0-9-]{0,31}; empty where min is 0 */
	SCHEMA_FIXED,  /* uint8_t[max] inline, exactly max bytes */
	SCHEMA_ANY,    /* struct cseal_slice: any well-formed item, encoded */
	SCHEMA_SUB,    /* an inline struct described by `sub` */
	SCHEMA_LIST,   /* pointer + count: an array of `sub` */
	SCHEMA_DICT,   /* pointer + count: a map of pairs `sub` */
};

/* How the absence of a value is written; has_* stands at `flag`. */
enum schema_presence {
	SCHEMA_REQUIRED,
	SCHEMA_OPTIONAL, /* the map's key is left out */
	SCHEMA_NULL,	 /* null stands in its place */
};

struct schema_member {
	const char *name;
	uint64_t key; /* in a map; ignored in an array */
	enum schema_type type;
	enum schema_presence presence;
	size_t offset; /* of the value in the struct */
	size_t flag;   /* of bool has_*, if not required */
	uint64_t min;
	uint64_t max;
	const struct schema *sub;
	size_t count; /* lists and dicts: offset of the size_t count */
	/* Values of an unsigned integer above max mean a newer counterseal. */
	bool enumerated;
};

enum schema_shape {
	SCHEMA_MAP,   /* small integers as keys, in the rows' order */
	SCHEMA_ARRAY, /* members by place */
	SCHEMA_BARE,  /* its one member, without anything around it */
	SCHEMA_PAIR,  /* key and value of a SCHEMA_DICT */
};

struct schema {
	const char *name;
	enum schema_shape shape;
	size_t size; /* sizeof the struct */
	const struct schema_member *members;
	size_t n;
};

#define SCHEMA_FLAG_NONE ((size_t)-1)

/* Where a parse stopped, for the error's sentence. */
struct schema_where {
	const char *record;
	const char *member;
};

/*
 * Parses one record into `out` (zeroed first). CSEAL_ERR_FORMAT,
 * CSEAL_ERR_NEWER, CSEAL_ERR_NOMEM; `out` then owns nothing.
 */
int schema_parse(const struct schema *s, struct dcbor_reader *r, void *out,
    struct schema_where *where);

/* The same for bytes that hold exactly one record. */
int schema_parse_all(const struct schema *s, struct cseal_slice bytes,
    void *out, struct schema_where *where);

/* Appends a record. CSEAL_ERR_FORMAT if a member breaks its own row. */
int schema_encode(const struct schema *s, struct cseal_buf *b, const void *in);

/* Frees the lists of a record, and those below it. */
void schema_free(const struct schema *s, void *in);

#endif
