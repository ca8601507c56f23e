/* SPDX-License-Identifier: BSD-2-Clause */

#include "tries.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "counterseal/reentry.h"
#include "counterseal/text.h"

#include "memory.h"

#define HEX_CHARS (2 * (size_t)CSEAL_HASH_BYTES)
#define ROW_CHARS (HEX_CHARS + 3) /* a space, a digit, a line feed */
#define FILE_MAX  (ROW_CHARS * TRIES_ROWS_MAX)

struct row {
	uint8_t leaf[CSEAL_HASH_BYTES];
	unsigned n;
};

/* The file, as far as it can be read; oldest first. */
struct rows {
	struct row row[TRIES_ROWS_MAX];
	size_t n;
};

static void
tell(const struct cseal_desk *d, const char *path, const char *what)
{
	if (d->options.notice != NULL)
		d->options.notice(d->options.ctx, path, what);
}

/* False if this desk remembers nothing. */
static bool
name_file(const struct cseal_desk *d, char out[PATH_MAX])
{
	char hex[HEX_CHARS + 1];
	int n;

	if (d->options.state_dir == NULL)
		return false;
	cseal_hex(
	    cseal_state_ledger_id(cseal_desk_state(d)), CSEAL_HASH_BYTES, hex);
	n = snprintf(out, PATH_MAX, "%s/%s.tries", d->options.state_dir, hex);
	return n > 0 && n < PATH_MAX;
}

/* ---- the file ---- */

static void
leave_aside(const struct cseal_desk *d, const char *path, const char *why)
{
	char what[160];

	(void)snprintf(what, sizeof(what),
	    "%s, so what it says of tries to re-enter is left aside", why);
	tell(d, path, what);
}

static struct row *
find(struct rows *t, const uint8_t leaf[CSEAL_HASH_BYTES])
{
	for (size_t i = 0; i < t->n; i++) {
		if (memcmp(t->row[i].leaf, leaf, CSEAL_HASH_BYTES) == 0)
			return &t->row[i];
	}
	return NULL;
}

static void
drop(struct rows *t, struct row *row)
{
	size_t i = (size_t)(row - t->row);

	t->n--;
	memmove(row, row + 1, (t->n - i) * sizeof(*row));
}

static struct row *
add(struct rows *t, const uint8_t leaf[CSEAL_HASH_BYTES])
{
	struct row *row;

	if (t->n == TRIES_ROWS_MAX)
		drop(t, t->row);
	row = &t->row[t->n++];
	memcpy(row->leaf, leaf, CSEAL_HASH_BYTES);
	row->n = 0;
	return row;
}

/* One line without its line feed; false if it is damaged. */
static bool
take_line(struct rows *t, const char *p, size_t n)
{
	uint8_t leaf[CSEAL_HASH_BYTES];
	char hex[HEX_CHARS + 1];

	if (n != ROW_CHARS - 1 || p[HEX_CHARS] != ' ' ||
	    p[HEX_CHARS + 1] < '1' ||
	    p[HEX_CHARS + 1] > '0' + CSEAL_REENTRY_TRIES)
		return false;
	memcpy(hex, p, HEX_CHARS);
	hex[HEX_CHARS] = '\0';
	if (cseal_unhex(hex, leaf, sizeof(leaf)) != CSEAL_OK ||
	    find(t, leaf) != NULL)
		return false;
	add(t, leaf)->n = (unsigned)(p[HEX_CHARS + 1] - '0');
	return true;
}

/* Good lines are taken, whatever stands between them. */
static bool
take_lines(struct rows *t, struct cseal_buf *text)
{
	const char *p = cseal_buf_str(text), *end = p + text->len;
	bool good = true;
	size_t n;

	for (; p < end; p += n + 1) {
		const char *feed = memchr(p, '\n', (size_t)(end - p));

		n = feed != NULL ? (size_t)(feed - p) : (size_t)(end - p);
		good = take_line(t, p, n) && feed != NULL && good;
	}
	return good;
}

static void
read_rows(const struct cseal_desk *d, const char *path, struct rows *t)
{
	struct cseal_buf text;
	const char *why;
	size_t size;
	int fd;

	t->n = 0;
	if ((fd = memory_file_open(path, &size, &why)) < 0) {
		if (errno != ENOENT)
			leave_aside(d, path, why);
		return;
	}
	cseal_buf_init(&text, 0);
	if (cseal_buf_read_fd(&text, fd, FILE_MAX) != CSEAL_OK)
		leave_aside(d, path, "it cannot be read");
	else if (!take_lines(t, &text))
		leave_aside(d, path, "a part of it is damaged");
	(void)close(fd);
	cseal_buf_free(&text);
}

static int
write_rows(const char *path, const struct rows *t)
{
	char hex[HEX_CHARS + 1];
	struct cseal_buf out;
	int r;

	cseal_buf_init(&out, 0);
	for (size_t i = 0; i < t->n; i++) {
		cseal_hex(t->row[i].leaf, CSEAL_HASH_BYTES, hex);
		(void)cseal_buf_printf(&out, "%s %u\n", hex, t->row[i].n);
	}
	r = cseal_buf_error(&out);
	if (r == CSEAL_OK)
		r = cseal_buf_write_file(&out, path);
	cseal_buf_free(&out);
	return r;
}

static void
write_down(const struct cseal_desk *d, const char *path, const struct rows *t)
{
	char what[160];

	if (write_rows(path, t) == CSEAL_OK)
		return;
	(void)snprintf(what, sizeof(what),
	    "this desk cannot remember tries to re-enter: %s", strerror(errno));
	tell(d, path, what);
}

/* ---- tries ---- */

unsigned
tries_left(const struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES])
{
	const struct row *row;
	char path[PATH_MAX];
	struct rows t;

	if (!name_file(d, path))
		return CSEAL_REENTRY_TRIES;
	read_rows(d, path, &t);
	row = find(&t, leaf);
	return CSEAL_REENTRY_TRIES - (row != NULL ? row->n : 0);
}

bool
tries_take(const struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES])
{
	char path[PATH_MAX];
	struct row *row;
	struct rows t;
	bool some;
	int lock;

	if (!name_file(d, path))
		return true;
	lock = memory_lock(d->options.state_dir);
	read_rows(d, path, &t);
	row = find(&t, leaf);
	some = row == NULL || row->n < CSEAL_REENTRY_TRIES;
	if (some) {
		row = row != NULL ? row : add(&t, leaf);
		row->n++;
		write_down(d, path, &t);
	}
	memory_unlock(lock);
	return some;
}

void
tries_give_back(
    const struct cseal_desk *d, const uint8_t leaf[CSEAL_HASH_BYTES])
{
	char path[PATH_MAX];
	struct row *row;
	struct rows t;
	int lock;

	if (!name_file(d, path))
		return;
	lock = memory_lock(d->options.state_dir);
	read_rows(d, path, &t);
	row = find(&t, leaf);
	if (row != NULL) {
		if (--row->n == 0)
			drop(&t, row);
		write_down(d, path, &t);
	}
	memory_unlock(lock);
}
