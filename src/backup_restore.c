/* SPDX-License-Identifier: BSD-2-Clause */
/* Putting a backup's ledger in its place. */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "counterseal/text.h"

#include "backup_file.h"
#include "buf_file.h"
#include "desk.h"
#include "memory.h"
#include "memory_pin.h"
#include "state.h"
#include "store_path.h"

#define HEX_BYTES (2 * CSEAL_HASH_BYTES + 1)

/* What SQLite may keep beside a file, by the end of its name. */
static const char *const parts[] = { "", "-wal", "-shm", "-journal" };
#define PARTS (sizeof(parts) / sizeof(*parts))

struct restoring {
	const struct cseal_backup *b;
	const struct cseal_restore_options *o;
	struct cseal_restored *out;
	char *temp; /* owned; where it stands until it is judged */
	struct cseal_desk *d;
};

/* ---- the place ---- */

static int
check_place(const struct restoring *v, struct cseal_error *err)
{
	for (size_t i = 0; i < PARTS; i++) {
		if (store_path_has(v->o->ledger, parts[i]))
			return cseal_error_set(err, CSEAL_ERR_EXISTS, "ledger",
			    "there is a %s already, and nothing is written "
			    "over it: move it away first, with the files whose "
			    "names begin like it",
			    i == 0 ? "ledger" : "part of one");
	}
	if (store_path_has(v->temp, ""))
		return cseal_error_set(err, CSEAL_ERR_EXISTS, v->temp,
		    "is left of a restore that was stopped, or another goes "
		    "on: delete it");
	return CSEAL_OK;
}

static int
write_temp(const struct restoring *v, struct cseal_error *err)
{
	const struct cseal_slice file = v->b->file;
	struct cseal_buf copy;
	int r;

	cseal_buf_init(&copy, CSEAL_BACKUP_MAX);
	r = cseal_buf_add(&copy, file.data, file.len);
	if (r == CSEAL_OK)
		r = cseal_buf_write_file(&copy, v->temp);
	cseal_buf_free(&copy);
	if (r == CSEAL_ERR_IO)
		r = cseal_error_set(err, r, v->o->ledger,
		    "writing beside it: %s", strerror(errno));
	return r;
}

static void
drop_temp(const struct restoring *v)
{
	char *name;

	for (size_t i = 0; i < PARTS; i++) {
		if (asprintf(&name, "%s%s", v->temp, parts[i]) < 0)
			return;
		(void)unlink(name);
		free(name);
	}
}

/* Over nothing: whoever made a ledger here meanwhile keeps it. */
static int
put_in_place(const struct restoring *v, struct cseal_error *err)
{
	int r = CSEAL_ERR_IO;

	if (store_path_has(v->temp, "-wal"))
		return cseal_error_set(err, CSEAL_ERR_BUSY, v->temp,
		    "another program has opened it");
	if (renameat2(AT_FDCWD, v->temp, AT_FDCWD, v->o->ledger,
		RENAME_NOREPLACE) == 0)
		r = buf_sync_folder_of(v->o->ledger);
	else if (errno == EEXIST)
		r = CSEAL_ERR_EXISTS;
	return r == CSEAL_OK
		   ? r
		   : cseal_error_set(err, r, v->o->ledger,
			 "putting the ledger there: %s", strerror(errno));
}

/* ---- judging it ---- */

static int
refuse_finding(const struct cseal_replay *r, struct cseal_error *err)
{
	const struct cseal_finding *f;
	struct cseal_buf text;
	size_t i = 0;

	while ((f = cseal_replay_finding(r, i)) != NULL &&
	       f->rule->grade != CSEAL_FINDING_ERROR)
		i++;
	cseal_buf_init(&text, 4096);
	if (f != NULL)
		(void)cseal_finding_text(f, &text);
	(void)cseal_error_set(err, CSEAL_ERR_VIOLATION, "backup",
	    "its ledger is not sound: %s. Nothing was restored",
	    cseal_buf_str(&text));
	cseal_buf_free(&text);
	return CSEAL_ERR_VIOLATION;
}

/* Opened without a memory, so that every entry and seal is checked. */
static int
judge(struct restoring *v, struct cseal_error *err)
{
	const struct cseal_desk_options o = { .ledger = v->temp,
		.write = true,
		.machine = v->o->machine,
		.replay = v->o->replay };
	int r = cseal_desk_open(&v->d, &o, err);

	if (r == CSEAL_OK)
		r = cseal_replay_recheck(v->d->replay, v->d->ledger, err);
	if (r != CSEAL_OK)
		return r;
	if (!cseal_replay_clean(v->d->replay))
		return refuse_finding(v->d->replay, err);
	if (memcmp(cseal_state_ledger_id(cseal_desk_state(v->d)),
		v->b->about.ledger, CSEAL_HASH_BYTES) != 0)
		return cseal_error_set(err, CSEAL_ERR_CORRUPT, "backup",
		    "its ledger is another one than it says");
	v->out->head = cseal_state_head(cseal_desk_state(v->d));
	return CSEAL_OK;
}

/* ---- what this desk remembers ---- */

static int
refuse_fork(const struct restoring *v, const struct cseal_head *known,
    const char *why, struct cseal_error *err)
{
	char ours[HEX_BYTES], theirs[HEX_BYTES];

	cseal_hex(known->root, CSEAL_HASH_BYTES, ours);
	cseal_hex(v->out->head.root, CSEAL_HASH_BYTES, theirs);
	return cseal_error_set(err, CSEAL_ERR_VIOLATION, "head",
	    "%s. This desk has %" PRIu64 " entries, %s; the backup %" PRIu64
	    ", %s. Compare both by voice with the other desks",
	    why, known->size, ours, v->out->head.size, theirs);
}

/* Is the root of the ledger at that size the one that is known? */
static int
compare(const struct restoring *v, uint64_t size, const uint8_t *known,
    bool *same, struct cseal_error *err)
{
	const struct cseal_hash_source hashes =
	    cseal_ledger_hashes(v->d->ledger);
	uint8_t root[CSEAL_HASH_BYTES];
	int r = cseal_merkle_root(&hashes, size, root);

	if (r != CSEAL_OK)
		return cseal_error_set(
		    err, r, "tree", "the backup's tree cannot be read");
	*same = memcmp(root, known, sizeof(root)) == 0;
	return CSEAL_OK;
}

/*
 * The remembered root that the restored ledger can be held against: its head,
 * or, of a shorter ledger, the root of that size as long as the desk has it,
 * or of the state that it keeps.
 */
static const uint8_t *
find_known(const struct cseal_memory *m, uint64_t size, uint64_t *at)
{
	const struct cseal_state *s = m->kept.state;

	*at = m->head.size;
	if (size >= m->head.size)
		return m->head.root;
	if (s == NULL)
		return NULL;
	*at = size < m->state_size ? size : m->state_size;
	return state_root(s, *at);
}

static int
compare_memory(const struct restoring *v, const struct cseal_memory *m,
    struct cseal_error *err)
{
	const uint64_t size = v->out->head.size;
	const uint8_t *known;
	uint64_t at;
	bool same;
	int r;

	if (m->head.size == 0)
		return CSEAL_OK;
	known = find_known(m, size, &at);
	if (known == NULL)
		return refuse_fork(v, &m->head,
		    "this desk does not remember far enough back to know "
		    "whether the backup is of the same history",
		    err);
	r = compare(v, at, known, &same, err);
	if (r == CSEAL_OK && !same)
		r = refuse_fork(v, &m->head,
		    "the backup is of another history than this desk remembers",
		    err);
	if (r == CSEAL_OK && size < m->head.size)
		v->out->forgotten = m->head;
	return r;
}

/* The pins know the place by its whole path; nothing stands there yet. */
static int
check_pin(const struct restoring *v, struct cseal_error *err)
{
	const char *slash = strrchr(v->o->ledger, '/');
	char *folder = buf_folder_of(v->o->ledger);
	char *real, *where = NULL, *pins = NULL;
	uint8_t id[CSEAL_HASH_BYTES];
	bool found = false;
	int r = CSEAL_ERR_NOMEM;

	real = folder != NULL ? realpath(folder, NULL) : NULL;
	if (real != NULL &&
	    asprintf(&where, "%s/%s", strcmp(real, "/") == 0 ? "" : real,
		slash == NULL ? v->o->ledger : slash + 1) >= 0 &&
	    asprintf(&pins, "%s/pins", v->o->state_dir) >= 0)
		r = memory_pin_find(pins, where, &found, id, err);
	if (r == CSEAL_OK && found &&
	    memcmp(id, v->b->about.ledger, sizeof(id)) != 0)
		r = cseal_error_set(err, CSEAL_ERR_VIOLATION, v->o->ledger,
		    "this desk knows another ledger at this path: give "
		    "another path with --ledger, or remove the path's line "
		    "from %s",
		    pins);
	free(folder);
	free(real);
	free(where);
	free(pins);
	return r;
}

static int
check_memory(const struct restoring *v, struct cseal_error *err)
{
	const struct cseal_memory_options o = { .state_dir = v->o->state_dir,
		.ledger = v->temp,
		.look = true,
		.notice = v->o->notice,
		.ctx = v->o->ctx };
	const struct cseal_backup_about *a = &v->b->about;
	struct cseal_memory *m = NULL;
	bool same = true;
	int r = CSEAL_OK;

	if (a->head.size > v->out->head.size)
		same = false;
	else if (a->head.size > 0)
		r = compare(v, a->head.size, a->head.root, &same, err);
	if (r == CSEAL_OK && !same)
		r = refuse_fork(v, &a->head,
		    "the backup's ledger is not the one that its desk had "
		    "verified",
		    err);
	if (r == CSEAL_OK)
		r = check_pin(v, err);
	if (r == CSEAL_OK)
		r = cseal_memory_open(&m, v->d->ledger, &o, err);
	if (r == CSEAL_OK)
		r = compare_memory(v, m, err);
	cseal_memory_free(m);
	return r;
}

/* ---- the desk's own files ---- */

static int
write_own(const struct restoring *v, const char *name, struct cseal_slice want,
    enum cseal_restored_file *told, struct cseal_error *err)
{
	char *path = NULL;
	struct cseal_buf b;
	int r;

	if (asprintf(&path, "%s/%s", v->o->state_dir, name) < 0)
		return CSEAL_ERR_NOMEM;
	cseal_buf_init(&b, 0);
	*told = CSEAL_RESTORED_NEW;
	r = cseal_buf_add(&b, want.data, want.len);
	if (r == CSEAL_OK)
		r = cseal_buf_create_file(&b, path);
	if (r == CSEAL_ERR_EXISTS) {
		cseal_buf_reset(&b);
		*told = CSEAL_RESTORED_OTHER;
		if (cseal_buf_read_file(&b, path, want.len) == CSEAL_OK &&
		    b.len == want.len &&
		    memcmp(b.data, want.data, want.len) == 0)
			*told = CSEAL_RESTORED_SAME;
		r = CSEAL_OK;
	}
	if (r != CSEAL_OK)
		r = cseal_error_set(
		    err, r, path, "writing it: %s", strerror(errno));
	cseal_buf_free(&b);
	free(path);
	return r;
}

static int
write_desk(const struct restoring *v, struct cseal_error *err)
{
	const struct backup_contents *c = &v->b->contents;
	struct cseal_buf line;
	int r = CSEAL_OK;

	if (c->has_key)
		r = write_own(v, "desk.key", c->key, &v->out->key, err);
	if (r != CSEAL_OK || !c->has_person)
		return r;
	cseal_buf_init(&line, 0);
	(void)cseal_buf_add(&line, c->person.data, c->person.len);
	r = cseal_buf_add_u8(&line, '\n');
	if (r == CSEAL_OK)
		r = write_own(
		    v, "person", cseal_buf_slice(&line), &v->out->person, err);
	cseal_buf_free(&line);
	return r;
}

/* ---- the whole ---- */

static int
settle(struct restoring *v, struct cseal_error *err)
{
	int r = CSEAL_OK;

	/* By chance the new file may have the mark of the old one. */
	if (cseal_desk_site(v->d) != CSEAL_SITE_REPLICA)
		r = cseal_desk_settle(v->d, CSEAL_SITE_RESTORED, err);
	v->out->site = cseal_desk_site(v->d);
	cseal_desk_close(v->d);
	v->d = NULL;
	return r;
}

static int
restore(struct restoring *v, struct cseal_error *err)
{
	int r = write_temp(v, err);

	if (r == CSEAL_OK)
		r = judge(v, err);
	if (r == CSEAL_OK)
		r = check_memory(v, err);
	if (r == CSEAL_OK)
		r = settle(v, err);
	if (r == CSEAL_OK)
		r = write_desk(v, err);
	if (r == CSEAL_OK && v->out->forgotten.size > 0)
		r = cseal_memory_forget(
		    v->o->state_dir, v->b->about.ledger, err);
	if (r == CSEAL_OK)
		r = put_in_place(v, err);
	if (r == CSEAL_OK)
		return cseal_memory_pin(v->o->state_dir, v->o->ledger, err);
	cseal_desk_close(v->d);
	drop_temp(v);
	return r;
}

int
cseal_backup_restore(const struct cseal_backup *b,
    const struct cseal_restore_options *o, struct cseal_restored *out,
    struct cseal_error *err)
{
	struct restoring v = { .b = b, .o = o, .out = out };
	int r;

	memset(out, 0, sizeof(*out));
	if (b->plain.len == 0)
		return cseal_error_set(
		    err, CSEAL_ERR_USAGE, "backup", "it is not unlocked yet");
	if (asprintf(&v.temp, "%s.restoring", o->ledger) < 0)
		return CSEAL_ERR_NOMEM;
	r = check_place(&v, err);
	if (r == CSEAL_OK)
		r = restore(&v, err);
	free(v.temp);
	return r;
}
