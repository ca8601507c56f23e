/* SPDX-License-Identifier: BSD-2-Clause */

#include "memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "counterseal/text.h"

#include "genesis.h"
#include "memory_pin.h"

#define HEX_BYTES (2 * CSEAL_HASH_BYTES + 1)

void
memory_tell(const struct cseal_memory *m, const char *where, const char *what)
{
	if (m->o.notice != NULL)
		m->o.notice(m->o.ctx, where, what);
}

/* ---- which ledger ---- */

/* Where it stands whatever it is called. Owned by the caller. */
static int
real_path(char **out, const char *ledger, struct cseal_error *err)
{
	*out = realpath(ledger, NULL);
	return *out != NULL ? CSEAL_OK
			    : cseal_error_set(err, CSEAL_ERR_IO, ledger, "%s",
				  strerror(errno));
}

static int
refuse_other(const struct cseal_memory *m, const uint8_t id[CSEAL_HASH_BYTES],
    struct cseal_error *err)
{
	char was[CSEAL_FINGERPRINT_BYTES], now[CSEAL_FINGERPRINT_BYTES];

	cseal_fingerprint(m->id, was);
	cseal_fingerprint(id, now);
	return cseal_error_set(err, CSEAL_ERR_VIOLATION, m->where,
	    "this is not the ledger that this desk knows here: its "
	    "fingerprint was %s, and now it is %s. Ask somebody of the ledger "
	    "by voice which one is right. If it was replaced on purpose, "
	    "remove the line of this path from %s",
	    was, now, m->pins);
}

static int
identify(
    struct cseal_memory *m, struct cseal_ledger *l, struct cseal_error *err)
{
	uint8_t id[CSEAL_HASH_BYTES];
	bool found;
	int r;

	if ((r = memory_pin_find(m->pins, m->where, &m->pinned, m->id, err)) !=
		CSEAL_OK ||
	    (r = genesis_find(l, &found, id, err)) != CSEAL_OK)
		return r;
	if (m->pinned && found && memcmp(id, m->id, sizeof(id)) != 0)
		return refuse_other(m, id, err);
	if (!m->pinned && found)
		memcpy(m->id, id, sizeof(m->id));
	m->known = m->pinned || found;
	return CSEAL_OK;
}

/* ---- what is remembered of it ---- */

#define STATE_FILE "" /* a name's end */
#define HEAD_FILE  ".head"

static int
name_file(char **out, const char *state_dir, const uint8_t id[CSEAL_HASH_BYTES],
    const char *end)
{
	char hex[HEX_BYTES];

	cseal_hex(id, CSEAL_HASH_BYTES, hex);
	if (asprintf(out, "%s/%s.memory%s", state_dir, hex, end) >= 0)
		return CSEAL_OK;
	*out = NULL;
	return CSEAL_ERR_NOMEM;
}

static int
name_files(struct cseal_memory *m)
{
	int r = name_file(&m->path, m->o.state_dir, m->id, STATE_FILE);

	if (r == CSEAL_OK)
		r = name_file(&m->head_path, m->o.state_dir, m->id, HEAD_FILE);
	return r;
}

static void
leave_aside(struct cseal_memory *m, const char *path, const char *why)
{
	char what[160];

	m->spoilt = true;
	(void)snprintf(what, sizeof(what),
	    "%s, so what this desk remembered is left aside", why);
	memory_tell(m, path, what);
}

/* Between it and the head other rules judged. */
static void
drop_state(struct cseal_memory *m)
{
	memory_file_free(&m->kept);
	m->state_size = 0;
}

static void
load(struct cseal_memory *m)
{
	struct memory_file newer = { 0 };
	const char *why = NULL;
	int r;

	r = memory_file_read(&m->kept, m->path, m->id, &why);
	if (r == CSEAL_OK) {
		m->head = m->kept.head;
		m->current = m->kept.current;
		m->state_size = m->kept.state != NULL ? m->head.size : 0;
	} else if (r != CSEAL_ERR_NOT_FOUND) {
		leave_aside(m, m->path, why);
	}
	r = memory_file_read(&newer, m->head_path, m->id, &why);
	if (r == CSEAL_OK && newer.head.size > m->head.size) {
		m->head = newer.head;
		m->current = newer.current;
		if (!m->current)
			drop_state(m);
	} else if (r != CSEAL_OK && r != CSEAL_ERR_NOT_FOUND) {
		leave_aside(m, m->head_path, why);
	}
	memory_file_free(&newer);
}

int
cseal_memory_open(struct cseal_memory **out, struct cseal_ledger *l,
    const struct cseal_memory_options *o, struct cseal_error *err)
{
	struct cseal_memory *m = calloc(1, sizeof(*m));
	int r = CSEAL_ERR_NOMEM;

	*out = NULL;
	if (m == NULL)
		return r;
	m->o = *o;
	if ((r = real_path(&m->where, o->ledger, err)) != CSEAL_OK)
		goto out;
	r = CSEAL_ERR_NOMEM;
	if (asprintf(&m->pins, "%s/pins", o->state_dir) < 0) {
		m->pins = NULL;
		goto out;
	}
	if ((r = identify(m, l, err)) != CSEAL_OK)
		goto out;
	if (m->known) {
		if ((r = name_files(m)) != CSEAL_OK)
			goto out;
		load(m);
	}
	*out = m; /* transferred */
	return CSEAL_OK;
out:
	cseal_memory_free(m);
	return r;
}

void
cseal_memory_free(struct cseal_memory *m)
{
	if (m == NULL)
		return;
	free(m->where);
	free(m->pins);
	free(m->path);
	free(m->head_path);
	memory_file_free(&m->kept);
	free(m);
}

const struct cseal_head *
cseal_memory_head(const struct cseal_memory *m)
{
	return m->head.size > 0 ? &m->head : NULL;
}

static int
pin_anew(const char *state_dir, const char *ledger,
    const uint8_t id[CSEAL_HASH_BYTES], struct cseal_error *err)
{
	char *where = NULL, *pins = NULL;
	int fd, r;

	if ((r = real_path(&where, ledger, err)) != CSEAL_OK)
		return r;
	if (asprintf(&pins, "%s/pins", state_dir) < 0) {
		free(where);
		return CSEAL_ERR_NOMEM;
	}
	fd = memory_lock(state_dir);
	r = memory_pin_set(pins, where, id, err);
	memory_unlock(fd);
	free(pins);
	free(where);
	return r;
}

int
cseal_memory_pin(
    const char *state_dir, const char *ledger, struct cseal_error *err)
{
	struct cseal_ledger *l = NULL;
	uint8_t id[CSEAL_HASH_BYTES];
	bool found = false;
	int r;

	r = cseal_ledger_open(&l, ledger, CSEAL_LEDGER_READ, err);
	if (r == CSEAL_OK)
		r = genesis_find(l, &found, id, err);
	if (r == CSEAL_OK && !found)
		r = cseal_error_set(err, CSEAL_ERR_CORRUPT, ledger,
		    "it has no first entry that could be read");
	cseal_ledger_close(l);
	return r != CSEAL_OK ? r : pin_anew(state_dir, ledger, id, err);
}

static int
drop_file(const char *state_dir, const uint8_t id[CSEAL_HASH_BYTES],
    const char *end, struct cseal_error *err)
{
	char *path;
	int r = name_file(&path, state_dir, id, end);

	if (r == CSEAL_OK && unlink(path) != 0 && errno != ENOENT)
		r = cseal_error_set(
		    err, CSEAL_ERR_IO, path, "%s", strerror(errno));
	free(path);
	return r;
}

int
cseal_memory_forget(const char *state_dir, const uint8_t id[CSEAL_HASH_BYTES],
    struct cseal_error *err)
{
	const int lock = memory_lock(state_dir);
	int r;

	/* The head first: a state without one is no memory. */
	r = drop_file(state_dir, id, HEAD_FILE, err);
	if (r == CSEAL_OK)
		r = drop_file(state_dir, id, STATE_FILE, err);
	memory_unlock(lock);
	return r;
}
