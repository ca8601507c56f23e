/* SPDX-License-Identifier: BSD-2-Clause */
/* Short names for the rows of records (schema.h), so that they read as tables.
 */

#ifndef SRC_SCHEMA_ROWS_H
#define SRC_SCHEMA_ROWS_H

#include "schema.h"

#define SCHEMA_COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Rows without a flag, and with one; the struct's name is given once a row. */
#define ROW(k, n, t, T, f, lo, hi)                                         \
	{                                                                  \
		.name = (n), .key = (k), .type = (t),                      \
		.offset = offsetof(struct T, f), .flag = SCHEMA_FLAG_NONE, \
		.min = (lo), .max = (hi)                                   \
	}
#define ROW_WORD(k, n, T, f, lo, hi)                                       \
	{                                                                  \
		.name = (n), .key = (k), .type = SCHEMA_UINT,              \
		.offset = offsetof(struct T, f), .flag = SCHEMA_FLAG_NONE, \
		.min = (lo), .max = (hi), .enumerated = true               \
	}
#define ROW_MAYBE(k, n, p, t, T, f, has, lo, hi, s)                        \
	{                                                                  \
		.name = (n), .key = (k), .type = (t), .presence = (p),     \
		.offset = offsetof(struct T, f),                           \
		.flag = offsetof(struct T, has), .min = (lo), .max = (hi), \
		.sub = (s)                                                 \
	}
#define ROW_SUB(k, n, T, f, s)                                             \
	{                                                                  \
		.name = (n), .key = (k), .type = SCHEMA_SUB,               \
		.offset = offsetof(struct T, f), .flag = SCHEMA_FLAG_NONE, \
		.sub = (s)                                                 \
	}
#define ROW_LIST(k, n, t, T, f, cnt, lo, hi, s)                            \
	{                                                                  \
		.name = (n), .key = (k), .type = (t),                      \
		.offset = offsetof(struct T, f), .flag = SCHEMA_FLAG_NONE, \
		.min = (lo), .max = (hi), .sub = (s),                      \
		.count = offsetof(struct T, cnt)                           \
	}
#define ROW_LIST_MAYBE(k, n, t, T, f, cnt, has, lo, hi, s)                    \
	{                                                                     \
		.name = (n), .key = (k), .type = (t),                         \
		.presence = SCHEMA_OPTIONAL, .offset = offsetof(struct T, f), \
		.flag = offsetof(struct T, has), .min = (lo), .max = (hi),    \
		.sub = (s), .count = offsetof(struct T, cnt)                  \
	}
#define SCHEMA(sh, T, rows)                                         \
	.shape = (sh), .size = sizeof(struct T), .members = (rows), \
	.n = SCHEMA_COUNT(rows)

#endif
