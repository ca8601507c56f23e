/* SPDX-License-Identifier: BSD-2-Clause */
/* What a desk writes down after it has verified. */

#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "counterseal/text.h"

#include "memory_pin.h"

/*
 * The state is written anew when one entry in SHARE came since; until then the
 * head alone is, and those few entries are folded again. So what an entry
 * costs here does not grow with the ledger.
 */
#define SHARE 64

#define LOCK_TRIES    200
#define LOCK_PAUSE_MS 10

int
memory_lock(const char *state_dir)
{
	const struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000L };
	int fd = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (int i = 0; fd >= 0 && i < LOCK_TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
			break;
		(void)nanosleep(&pause, NULL);
	}
	return fd;
}

void
memory_unlock(int lock)
{
	if (lock >= 0)
		(void)close(lock);
}

static int
fail(const struct cseal_memory *m, const char *where, int r)
{
	char what[160];

	(void)snprintf(what, sizeof(what), "this desk cannot remember: %s",
	    r == CSEAL_ERR_IO ? strerror(errno) : cseal_strerror(r));
	memory_tell(m, where, what);
	return r;
}

static int
pin(struct cseal_memory *m)
{
	char fingerprint[CSEAL_FINGERPRINT_BYTES], what[240];
	struct cseal_error err = { 0 };
	int r;

	r = memory_pin_set(m->pins, m->where, m->id, &err);
	if (r != CSEAL_OK) {
		memory_tell(m, err.where, err.what);
		return r;
	}
	m->pinned = true;
	cseal_fingerprint(m->id, fingerprint);
	(void)snprintf(what, sizeof(what),
	    "first look at this ledger. Its fingerprint is %s: compare it by "
	    "voice with somebody of the ledger. From now on this desk accepts "
	    "no other one here",
	    fingerprint);
	memory_tell(m, m->where, what);
	return CSEAL_OK;
}

/* Did another process remember as much or more meanwhile? */
static bool
is_behind(const struct cseal_memory *m, uint64_t size)
{
	return !m->spoilt && (memory_file_peek(m->path, m->id) > size ||
				 memory_file_peek(m->head_path, m->id) > size);
}

static int
write_down(struct cseal_memory *m, const struct cseal_replay *r)
{
	uint64_t size = r->state->frontier.size;
	bool whole = (size - m->state_size) * SHARE >= size;
	const char *path = whole ? m->path : m->head_path;
	int e;

	if (is_behind(m, size))
		return CSEAL_OK;
	e = memory_file_write(path, r, whole);
	if (e != CSEAL_OK)
		return fail(m, path, e);
	/* A spoilt head beside a new state would be told of for ever. */
	if (whole && m->spoilt)
		(void)unlink(m->head_path);
	m->spoilt = false;
	m->head = cseal_state_head(r->state);
	if (whole)
		m->state_size = size;
	return CSEAL_OK;
}

int
cseal_memory_save(struct cseal_memory *m, const struct cseal_replay *r)
{
	bool news = m->spoilt || m->state_size == 0 ||
		    r->state->frontier.size > m->head.size;
	int fd, e = CSEAL_OK;

	if (m->o.look || m->contradicted || !m->known || r->ended != NULL ||
	    memcmp(r->state->id, m->id, sizeof(m->id)) != 0 ||
	    (m->pinned && !news))
		return CSEAL_OK;
	fd = memory_lock(m->o.state_dir);
	if (!m->pinned)
		e = pin(m);
	if (e == CSEAL_OK && news)
		e = write_down(m, r);
	memory_unlock(fd);
	return e;
}
