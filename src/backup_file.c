/* SPDX-License-Identifier: BSD-2-Clause */

#include "backup_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema_rows.h"

#define LENGTH	   4 /* bytes before the record */
#define RECORD_MAX 4096
#define KEY_MAX	   1024
#define PERSON_MAX 32

static const struct schema_member head_rows[] = {
	ROW(0, "size", SCHEMA_UINT, cseal_head, size, 1, INT64_MAX),
	ROW(0, "root", SCHEMA_FIXED, cseal_head, root, 0, CSEAL_HASH_BYTES),
};
static const struct schema record_head_of = { .name = "head",
	SCHEMA(SCHEMA_ARRAY, cseal_head, head_rows) };

static const struct schema_member rows[] = {
	ROW_WORD(1, "version", backup_contents, version, 1, 1),
	ROW(2, "ledger-id", SCHEMA_FIXED, backup_contents, ledger, 0,
	    CSEAL_HASH_BYTES),
	ROW(3, "time", SCHEMA_UINT, backup_contents, time, 0, INT64_MAX),
	ROW_MAYBE(4, "head", SCHEMA_OPTIONAL, SCHEMA_SUB, backup_contents, head,
	    has_head, 0, 0, &record_head_of),
	ROW_MAYBE(5, "key", SCHEMA_OPTIONAL, SCHEMA_BYTES, backup_contents, key,
	    has_key, 1, KEY_MAX, NULL),
	ROW_MAYBE(6, "person", SCHEMA_OPTIONAL, SCHEMA_HANDLE, backup_contents,
	    person, has_person, 1, PERSON_MAX, NULL),
};
static const struct schema record_contents = { .name = "contents",
	SCHEMA(SCHEMA_MAP, backup_contents, rows) };

int
backup_contents_encode(struct cseal_buf *out, const struct backup_contents *c)
{
	struct cseal_buf record;
	int r;

	cseal_buf_init(&record, RECORD_MAX);
	r = schema_encode(&record_contents, &record, c);
	(void)cseal_buf_add_u32(out, (uint32_t)record.len);
	(void)cseal_buf_add(out, record.data, record.len);
	cseal_buf_free(&record);
	return r == CSEAL_OK ? cseal_buf_error(out) : r;
}

static void
tell_about(struct cseal_backup *b)
{
	struct cseal_backup_about *a = &b->about;
	const struct backup_contents *c = &b->contents;

	memset(a, 0, sizeof(*a));
	memcpy(a->ledger, c->ledger, sizeof(a->ledger));
	a->time = c->time;
	if (c->has_head)
		a->head = c->head;
	a->has_key = c->has_key;
	if (c->has_person)
		memcpy(a->person, c->person.data, c->person.len);
}

static int
read_plain(struct cseal_backup *b)
{
	const struct cseal_slice all = cseal_buf_slice(&b->plain);
	struct cseal_slice record;
	size_t n = 0;
	int r;

	if (all.len < LENGTH)
		return CSEAL_ERR_FORMAT;
	for (size_t i = 0; i < LENGTH; i++)
		n = n << 8 | all.data[i];
	if (n > RECORD_MAX || n >= all.len - LENGTH)
		return CSEAL_ERR_FORMAT;
	record = (struct cseal_slice){ all.data + LENGTH, n };
	r = schema_parse_all(&record_contents, record, &b->contents, NULL);
	if (r != CSEAL_OK)
		return r;
	b->file = (struct cseal_slice){ record.data + n, all.len - LENGTH - n };
	tell_about(b);
	return CSEAL_OK;
}

int
backup_file_open(struct cseal_backup *b, const uint8_t key[AEAD_KEY_BYTES],
    struct cseal_error *err)
{
	int r;

	cseal_buf_free(&b->plain);
	cseal_buf_init(&b->plain, CSEAL_BACKUP_MAX);
	r = backup_box_open(&b->box, key, &b->plain, err);
	if (r != CSEAL_OK) {
		cseal_buf_free(&b->plain);
		return r;
	}
	r = read_plain(b);
	if (r == CSEAL_OK)
		return r;
	cseal_buf_free(&b->plain);
	if (r == CSEAL_ERR_NEWER)
		return cseal_error_set(err, r, "backup",
		    "made by a newer counterseal: update this one");
	return cseal_error_set(err, CSEAL_ERR_CORRUPT, "backup",
	    "what is in it is no backup of Counterseal");
}

/* ---- for all ---- */

int
cseal_backup_open(
    struct cseal_backup **out, const char *path, struct cseal_error *err)
{
	struct cseal_backup *b = calloc(1, sizeof(*b));
	int r;

	*out = NULL;
	if (b == NULL)
		return CSEAL_ERR_NOMEM;
	cseal_buf_init(&b->bytes, CSEAL_BACKUP_MAX);
	cseal_buf_init(&b->plain, CSEAL_BACKUP_MAX);
	r = cseal_buf_read_file(&b->bytes, path, CSEAL_BACKUP_MAX);
	if (r == CSEAL_ERR_IO)
		r = cseal_error_set(
		    err, r, "backup", "reading it: %s", strerror(errno));
	else if (r != CSEAL_OK)
		r = cseal_error_set(err, r, "backup", "%s", cseal_strerror(r));
	else
		r = backup_box_parse(&b->box, cseal_buf_slice(&b->bytes), err);
	if (r != CSEAL_OK) {
		cseal_backup_free(b);
		return r;
	}
	*out = b; /* transferred */
	return CSEAL_OK;
}

void
cseal_backup_free(struct cseal_backup *b)
{
	if (b == NULL)
		return;
	cseal_buf_free(&b->bytes);
	cseal_buf_free(&b->plain);
	free(b);
}

bool
cseal_backup_asks(const struct cseal_backup *b)
{
	return b->box.has_log_n;
}

int
cseal_backup_unlock(struct cseal_backup *b, const struct cseal_desk_key *key,
    struct cseal_slice passphrase, struct cseal_error *err)
{
	uint8_t k[AEAD_KEY_BYTES];
	int r = backup_box_key(&b->box, key, passphrase, k, err);

	if (r == CSEAL_OK)
		r = backup_file_open(b, k, err);
	cseal_wipe(k, sizeof(k));
	return r;
}

const struct cseal_backup_about *
cseal_backup_about(const struct cseal_backup *b)
{
	return &b->about;
}
