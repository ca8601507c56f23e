/* SPDX-License-Identifier: BSD-2-Clause */

#include "memory_pin.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "counterseal/text.h"

#include "memory_file.h"

#define PINS_MAX  ((size_t)4 << 20)
#define HEX_CHARS (2 * (size_t)CSEAL_HASH_BYTES)
#define PATH_AT	  (HEX_CHARS + 2)

static int
refuse(const char *pins, struct cseal_error *err, const char *why)
{
	return cseal_error_set(err, CSEAL_ERR_IO, pins,
	    "%s: it says which ledger stands where, and is not used like this",
	    why);
}

/* Appends the file; nothing if there is none. */
static int
read_pins(const char *pins, struct cseal_buf *out, struct cseal_error *err)
{
	const char *why;
	size_t size;
	int fd, r;

	if ((fd = memory_file_open(pins, &size, &why)) < 0)
		return errno == ENOENT ? CSEAL_OK : refuse(pins, err, why);
	r = cseal_buf_read_fd(out, fd, PINS_MAX);
	(void)close(fd);
	return r == CSEAL_OK ? CSEAL_OK
			     : refuse(pins, err, "it cannot be read");
}

/* One line without its line feed: "HEX  PATH". */
static bool
read_line(const char *line, size_t n, uint8_t id[CSEAL_HASH_BYTES])
{
	char hex[HEX_CHARS + 1];

	if (n <= PATH_AT || line[HEX_CHARS] != ' ' ||
	    line[HEX_CHARS + 1] != ' ')
		return false;
	memcpy(hex, line, HEX_CHARS);
	hex[HEX_CHARS] = '\0';
	return cseal_unhex(hex, id, CSEAL_HASH_BYTES) == CSEAL_OK;
}

static bool
is_of(const char *line, size_t n, const char *where)
{
	return n - PATH_AT == strlen(where) &&
	       memcmp(line + PATH_AT, where, n - PATH_AT) == 0;
}

/* The line of a place; *line is NULL if there is none. */
static int
find_line(const char *pins, struct cseal_buf *text, const char *where,
    const char **line, uint8_t id[CSEAL_HASH_BYTES], struct cseal_error *err)
{
	const char *p = cseal_buf_str(text), *end = p + text->len;
	uint8_t found[CSEAL_HASH_BYTES];
	size_t n;

	*line = NULL;
	for (; p < end; p += n + 1) {
		const char *feed = memchr(p, '\n', (size_t)(end - p));

		n = feed == NULL ? 0 : (size_t)(feed - p);
		if (!read_line(p, n, found))
			return refuse(pins, err,
			    "it has a line that is not an id, two spaces and "
			    "a path");
		if (*line == NULL && is_of(p, n, where)) {
			*line = p;
			memcpy(id, found, sizeof(found));
		}
	}
	return CSEAL_OK;
}

int
memory_pin_find(const char *pins, const char *where, bool *found,
    uint8_t id[CSEAL_HASH_BYTES], struct cseal_error *err)
{
	struct cseal_buf text;
	const char *line = NULL;
	int r;

	*found = false;
	cseal_buf_init(&text, PINS_MAX);
	r = read_pins(pins, &text, err);
	if (r == CSEAL_OK)
		r = find_line(pins, &text, where, &line, id, err);
	*found = r == CSEAL_OK && line != NULL;
	cseal_buf_free(&text);
	return r;
}

/* All lines but the place's own, then the new one. */
static int
replace_line(struct cseal_buf *text, const char *line, const char *where,
    const uint8_t id[CSEAL_HASH_BYTES], struct cseal_buf *out)
{
	const char *begin = cseal_buf_str(text);
	size_t before = line == NULL ? text->len : (size_t)(line - begin);
	char hex[HEX_CHARS + 1];

	(void)cseal_buf_add(out, begin, before);
	if (line != NULL) {
		size_t n = strcspn(line, "\n") + 1;

		(void)cseal_buf_add(out, line + n, text->len - before - n);
	}
	cseal_hex(id, CSEAL_HASH_BYTES, hex);
	return cseal_buf_printf(out, "%s  %s\n", hex, where);
}

int
memory_pin_set(const char *pins, const char *where,
    const uint8_t id[CSEAL_HASH_BYTES], struct cseal_error *err)
{
	struct cseal_buf text, out;
	uint8_t old[CSEAL_HASH_BYTES];
	const char *line = NULL;
	int r;

	if (strchr(where, '\n') != NULL)
		return cseal_error_set(err, CSEAL_ERR_INPUT, pins,
		    "a path with a line feed in it cannot be pinned");
	cseal_buf_init(&text, PINS_MAX);
	cseal_buf_init(&out, PINS_MAX);
	r = read_pins(pins, &text, err);
	if (r == CSEAL_OK)
		r = find_line(pins, &text, where, &line, old, err);
	if (r == CSEAL_OK &&
	    (replace_line(&text, line, where, id, &out) != CSEAL_OK ||
		cseal_buf_write_file(&out, pins) != CSEAL_OK))
		r = cseal_error_set(
		    err, CSEAL_ERR_IO, pins, "%s", strerror(errno));
	cseal_buf_free(&text);
	cseal_buf_free(&out);
	return r;
}
