/* SPDX-License-Identifier: BSD-2-Clause */
/* Making a backup. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "counterseal/memory.h"
#include "counterseal/text.h"

#include "backup_file.h"
#include "genesis.h"
#include "ledger_beside.h"

#define KEY_MAX	   1024
#define PERSON_MAX 33

/* What is gathered; the slices of `c` point into the buffers. */
struct gathered {
	struct backup_contents c;
	struct cseal_buf key;
	struct cseal_buf person;
	struct cseal_buf plain;
};

static int
find_id(struct gathered *g, struct cseal_ledger *l, struct cseal_error *err)
{
	bool found;
	int r = genesis_find(l, &found, g->c.ledger, err);

	if (r == CSEAL_ERR_CORRUPT || (r == CSEAL_OK && !found))
		return cseal_error_set(err, CSEAL_ERR_CORRUPT, "ledger",
		    "its first entry cannot be read: verify it");
	return r;
}

static int
find_head(struct gathered *g, struct cseal_ledger *l, const char *ledger,
    const char *state_dir, struct cseal_error *err)
{
	const struct cseal_memory_options o = {
		.state_dir = state_dir, .ledger = ledger, .look = true
	};
	const struct cseal_head *head;
	struct cseal_memory *m = NULL;
	int r = cseal_memory_open(&m, l, &o, err);

	if (r == CSEAL_OK && (head = cseal_memory_head(m)) != NULL) {
		g->c.has_head = true;
		g->c.head = *head;
	}
	cseal_memory_free(m);
	return r;
}

/* A file of the desk's own; nothing if there is none. */
static int
read_own(const char *state_dir, const char *name, size_t max,
    struct cseal_buf *out, struct cseal_error *err)
{
	char *path = NULL;
	int r;

	if (asprintf(&path, "%s/%s", state_dir, name) < 0)
		return CSEAL_ERR_NOMEM;
	r = cseal_buf_read_file(out, path, max);
	if (r == CSEAL_ERR_IO && errno == ENOENT)
		r = CSEAL_OK;
	else if (r != CSEAL_OK)
		r = cseal_error_set(err, r, path, "cannot be read");
	free(path);
	return r;
}

static int
find_desk(struct gathered *g, const char *state_dir, struct cseal_error *err)
{
	size_t n;
	int r = read_own(state_dir, "desk.key", KEY_MAX, &g->key, err);

	if (r == CSEAL_OK)
		r = read_own(state_dir, "person", PERSON_MAX, &g->person, err);
	if (r != CSEAL_OK)
		return r;
	g->c.has_key = g->key.len > 0;
	g->c.key = cseal_buf_slice(&g->key);
	n = strcspn(cseal_buf_str(&g->person), "\n");
	g->c.has_person = cseal_text_is_handle(cseal_buf_str(&g->person), n);
	g->c.person = (struct cseal_slice){ g->person.data, n };
	return CSEAL_OK;
}

static int
gather(struct gathered *g, const char *ledger, const char *state_dir,
    struct cseal_error *err)
{
	struct cseal_ledger *l = NULL;
	int r = cseal_ledger_open(&l, ledger, CSEAL_LEDGER_READ, err);

	if (r == CSEAL_OK)
		r = find_id(g, l, err);
	/* Before the copy, so that it holds at least what is remembered. */
	if (r == CSEAL_OK && state_dir != NULL)
		r = find_head(g, l, ledger, state_dir, err);
	if (r == CSEAL_OK && state_dir != NULL)
		r = find_desk(g, state_dir, err);
	if (r == CSEAL_OK)
		r = backup_contents_encode(&g->plain, &g->c);
	if (r == CSEAL_OK)
		r = ledger_copy(l, &g->plain, err);
	cseal_ledger_close(l);
	return r;
}

/* What is on the disk opens, and holds what it is to hold. */
static int
read_back(const char *path, const uint8_t key[AEAD_KEY_BYTES],
    const struct cseal_buf *plain, struct cseal_backup_about *about,
    struct cseal_error *err)
{
	struct cseal_backup *b = NULL;
	int r = cseal_backup_open(&b, path, err);

	if (r == CSEAL_OK)
		r = backup_file_open(b, key, err);
	if (r == CSEAL_OK &&
	    (b->plain.len != plain->len ||
		memcmp(b->plain.data, plain->data, plain->len) != 0))
		r = cseal_error_set(err, CSEAL_ERR_IO, "backup",
		    "what was read back is not what was written");
	if (r == CSEAL_OK && about != NULL)
		*about = b->about;
	cseal_backup_free(b);
	return r;
}

/* Not by a link, as a new file is made elsewhere: sticks know none. */
static int
write_new(
    const char *path, const struct cseal_buf *bytes, struct cseal_error *err)
{
	struct stat st;
	int r;

	if (lstat(path, &st) == 0)
		return cseal_error_set(err, CSEAL_ERR_EXISTS, "backup",
		    "there is a file of this name already: give another");
	r = cseal_buf_write_file(bytes, path);
	if (r == CSEAL_ERR_IO)
		r = cseal_error_set(
		    err, r, "backup", "writing it: %s", strerror(errno));
	return r;
}

int
cseal_backup_write(const char *path, const char *ledger, const char *state_dir,
    const struct cseal_backup_to *to, uint64_t now,
    struct cseal_backup_about *about, struct cseal_error *err)
{
	struct gathered g = { .c = { .version = 1, .time = now } };
	uint8_t key[AEAD_KEY_BYTES];
	struct cseal_buf sealed;
	int r;

	cseal_buf_init(&g.key, KEY_MAX);
	cseal_buf_init(&g.person, PERSON_MAX);
	cseal_buf_init(&g.plain, CSEAL_BACKUP_MAX);
	cseal_buf_init(&sealed, CSEAL_BACKUP_MAX);
	r = gather(&g, ledger, state_dir, err);
	if (r == CSEAL_OK)
		r = backup_box_seal(&sealed, to, BACKUP_LOG_N,
		    cseal_buf_slice(&g.plain), key, err);
	if (r == CSEAL_OK)
		r = write_new(path, &sealed, err);
	if (r == CSEAL_OK) {
		r = read_back(path, key, &g.plain, about, err);
		if (r != CSEAL_OK)
			(void)unlink(path);
	}
	cseal_wipe(key, sizeof(key));
	cseal_buf_free(&g.key);
	cseal_buf_free(&g.person);
	cseal_buf_free(&g.plain);
	cseal_buf_free(&sealed);
	return r;
}
