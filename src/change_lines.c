/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>
#include <string.h>

#include "counterseal/change.h"
#include "counterseal/err.h"

#include "slice.h"

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static struct cseal_slice
trimmed(const uint8_t *p, size_t n)
{
	while (n > 0 && is_blank(p[n - 1]))
		n--;
	for (; n > 0 && is_blank(*p); n--)
		p++;
	return (struct cseal_slice){ .data = p, .len = n };
}

/* A heading of the file: it may only repeat what the caller asked for. */
static int
agree(const char *name, struct cseal_slice value, const char *with,
    struct cseal_error *err)
{
	if (slice_is(value, with))
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_INPUT, name,
	    "the file names another %s than the %s that was asked for: is it "
	    "the right file?",
	    name, with[0] != '\0' ? with : "none");
}

int
cseal_change_set_given(struct cseal_change *c, struct cseal_slice name,
    struct cseal_slice value, size_t *values, struct cseal_error *err)
{
	if (slice_is(name, "kind"))
		return agree("kind", value, c->kind->name, err);
	if (slice_is(name, "store"))
		return agree("store", value, c->store, err);
	if (values != NULL)
		++*values;
	return cseal_change_set(
	    c, (const char *)name.data, name.len, value.data, value.len, err);
}

/* *values counts the lines that gave a value. */
static int
set_line(struct cseal_change *c, struct cseal_slice line, size_t *values,
    struct cseal_error *err)
{
	struct cseal_slice name, value;
	const uint8_t *colon;

	if (line.len == 0 || line.data[0] == '#' || line.data[0] == ';')
		return CSEAL_OK;
	if ((colon = memchr(line.data, ':', line.len)) == NULL)
		return cseal_error_set(err, CSEAL_ERR_INPUT, c->kind->name,
		    "a line is written FIELD: VALUE, and this one has no "
		    "colon");
	name = trimmed(line.data, (size_t)(colon - line.data));
	value = trimmed(colon + 1, line.len - (size_t)(colon + 1 - line.data));
	return cseal_change_set_given(c, name, value, values, err);
}

/* Puts the line's number before the place that the refusal names. */
static int
at_line(size_t number, int code, struct cseal_error *err)
{
	char where[CSEAL_ERROR_WHERE_BYTES + 32];

	if (err == NULL)
		return code;
	snprintf(where, sizeof(where), "line %zu, %s", number, err->where);
	return cseal_error_set(err, code, where, "%s", err->what);
}

int
cseal_change_set_lines(struct cseal_change *c, const uint8_t *text, size_t n,
    struct cseal_error *err)
{
	size_t len, number = 0, values = 0;
	const uint8_t *end;
	int r;

	if (n > CSEAL_CHANGE_FILE_MAX)
		return cseal_error_set(err, CSEAL_ERR_INPUT, c->kind->name,
		    "the file has more than %d bytes: is it the right one?",
		    CSEAL_CHANGE_FILE_MAX);
	/* Some editors begin a file with a mark of its byte order. */
	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		n -= 3;
	}
	for (; n > 0; text += len, n -= len) {
		end = memchr(text, '\n', n);
		len = end != NULL ? (size_t)(end - text) : n;
		number++;
		r = set_line(c,
		    trimmed(
			text, len > 0 && text[len - 1] == '\r' ? len - 1 : len),
		    &values, err);
		if (r != CSEAL_OK)
			return at_line(number, r, err);
		if (end != NULL)
			len++;
	}
	if (values == 0)
		return cseal_error_set(err, CSEAL_ERR_INPUT, c->kind->name,
		    "the file gives no value: write a line FIELD: VALUE for "
		    "each");
	return CSEAL_OK;
}
