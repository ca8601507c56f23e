/* SPDX-License-Identifier: BSD-2-Clause */
/* What is cut, as bytes: docs/format.md section 8. */

#include <string.h>

#include "counterseal/text.h"

#include "dcbor.h"
#include "digest.h"
#include "repair.h"

#define FILE_VERSION 1
#define ROWS_MAX     ((size_t)1 << 30)
#define NAME_COLUMNS 200 /* of a name that is none */

enum row_kind {
	ROW_ENTRY = 1,
	ROW_OPENING = 2,
	ROW_HASHES = 3,
};

void
repair_rows_init(struct repair_rows *rows)
{
	memset(rows, 0, sizeof(*rows));
	cseal_buf_init(&rows->bytes, ROWS_MAX);
}

void
repair_rows_free(struct repair_rows *rows)
{
	cseal_buf_free(&rows->bytes);
}

void
repair_rows_head(struct repair_rows *rows, const struct cseal_state *s,
    uint64_t now, const char *reason)
{
	const struct cseal_head head = cseal_state_head(s);
	struct cseal_buf *b = &rows->bytes;

	dcbor_put_map(b, 5);
	dcbor_put_uint(b, 1);
	dcbor_put_uint(b, FILE_VERSION);
	dcbor_put_uint(b, 2);
	dcbor_put_bytes(b, cseal_state_ledger_id(s), CSEAL_HASH_BYTES);
	dcbor_put_uint(b, 3);
	dcbor_put_array(b, 2);
	dcbor_put_uint(b, head.size);
	dcbor_put_bytes(b, head.root, sizeof(head.root));
	dcbor_put_uint(b, 4);
	dcbor_put_uint(b, now);
	dcbor_put_uint(b, 5);
	dcbor_put_str(b, reason);
	rows->begin = b->len;
}

static int
add_entry(void *ctx, uint64_t index, struct cseal_slice body)
{
	struct repair_rows *rows = ctx;
	struct cseal_buf *b = &rows->bytes;
	int r = CSEAL_OK;

	if (rows->look != NULL)
		r = rows->look(rows->ctx, index, body);
	rows->entries++;
	dcbor_put_array(b, 3);
	dcbor_put_uint(b, ROW_ENTRY);
	dcbor_put_uint(b, index);
	if (body.data != NULL)
		dcbor_put_bytes(b, body.data, body.len);
	else
		dcbor_put_null(b);
	return r == CSEAL_OK ? cseal_buf_error(b) : r;
}

/* A stranger's name may be anything; the file holds text. */
static int
add_opening(void *ctx, uint64_t entry, struct cseal_slice name)
{
	struct repair_rows *rows = ctx;
	struct cseal_buf *b = &rows->bytes;
	struct cseal_buf safe;

	rows->others++;
	dcbor_put_array(b, 3);
	dcbor_put_uint(b, ROW_OPENING);
	dcbor_put_uint(b, entry);
	cseal_buf_init(&safe, 0);
	(void)cseal_text_safe(&safe, name.data, name.len, NAME_COLUMNS);
	dcbor_put_text(b, safe.data, safe.len);
	cseal_buf_free(&safe);
	return cseal_buf_error(b);
}

static int
add_hashes(void *ctx, uint64_t hashes)
{
	struct repair_rows *rows = ctx;
	struct cseal_buf *b = &rows->bytes;

	rows->others += hashes;
	dcbor_put_array(b, 2);
	dcbor_put_uint(b, ROW_HASHES);
	dcbor_put_uint(b, hashes);
	if (cseal_buf_error(b) != CSEAL_OK || rows->done == NULL)
		return cseal_buf_error(b);
	return rows->done(rows->ctx);
}

struct store_sink
repair_rows_sink(struct repair_rows *rows)
{
	return (struct store_sink){ add_entry, add_opening, add_hashes, rows };
}

int
repair_rows_digest(
    const struct repair_rows *rows, uint8_t out[CSEAL_HASH_BYTES])
{
	const struct cseal_slice bytes = { rows->bytes.data + rows->begin,
		rows->bytes.len - rows->begin };

	return digest_sha256(out, &bytes, 1);
}
