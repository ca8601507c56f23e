/* SPDX-License-Identifier: BSD-2-Clause */

#include "near.h"

#include <string.h>

#include "counterseal/text.h"

#define NAME_MAX_BYTES 64 /* longer words are near to nothing */
#define SHOWN_MAX      40 /* columns of a mistyped name that are repeated */
#define FAR	       3  /* the first distance that is no longer near */

static int
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static unsigned
min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Damerau and Levenshtein, without a second edit in a swapped pair (optimal
 * string alignment). Three rows of the matrix are enough for it.
 */
static unsigned
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned rows[3][NAME_MAX_BYTES + 1];
	unsigned *above = rows[0], *row = rows[1], *above2 = rows[2], *spare;

	for (size_t k = 0; k <= b_len; k++)
		row[k] = (unsigned)k;
	for (size_t i = 1; i <= a_len; i++) {
		spare = above2;
		above2 = above;
		above = row;
		row = spare;
		row[0] = (unsigned)i;
		for (size_t k = 1; k <= b_len; k++) {
			int x = lower(a[i - 1]), y = lower(b[k - 1]);

			row[k] = min(above[k - 1] + (x != y),
			    min(above[k], row[k - 1]) + 1);
			if (i > 1 && k > 1 && x == lower(b[k - 2]) &&
			    y == lower(a[i - 2]))
				row[k] = min(row[k], above2[k - 2] + 1);
		}
	}
	return row[b_len];
}

static unsigned
how_far(const char *word, const char *name)
{
	size_t word_len = strnlen(word, NAME_MAX_BYTES + 1);
	size_t name_len = strnlen(name, NAME_MAX_BYTES + 1);
	unsigned d;

	if (word_len > NAME_MAX_BYTES || name_len > NAME_MAX_BYTES)
		return FAR;
	d = distance(word, word_len, name, name_len);
	/* More than half of the letters changed: that is another word. */
	return d > word_len / 2 || d > name_len / 2 ? FAR : d;
}

int
cseal_near(
    struct cseal_buf *out, const char *word, const char *const *names, size_t n)
{
	size_t near = 0, told = 0;

	for (size_t i = 0; i < n; i++)
		near += how_far(word, names[i]) < FAR;
	for (unsigned d = 0; d < FAR; d++) {
		for (size_t i = 0; i < n; i++) {
			if (how_far(word, names[i]) != d)
				continue;
			if (told++ > 0)
				cseal_buf_add_str(
				    out, told == near ? " or " : ", ");
			cseal_buf_add_str(out, names[i]);
		}
	}
	return cseal_buf_error(out);
}

int
near_refuse(const char *where, const char *what, const char *name, size_t len,
    const char *const *names, size_t n, const char *way,
    struct cseal_error *err)
{
	struct cseal_buf word, shown, near;
	int r;

	cseal_buf_init(&word, 0);
	cseal_buf_init(&shown, 0);
	cseal_buf_init(&near, 0);
	cseal_buf_add(&word, name, len);
	cseal_text_safe(&shown, (const uint8_t *)name, len, SHOWN_MAX);
	cseal_near(&near, cseal_buf_str(&word), names, n);
	r = cseal_error_set(err, CSEAL_ERR_INPUT, where, "%s '%s'; %s%s%s%s",
	    what, cseal_buf_str(&shown), near.len > 0 ? "did you mean " : "",
	    cseal_buf_str(&near), near.len > 0 ? "? " : "", way);
	cseal_buf_free(&near);
	cseal_buf_free(&shown);
	cseal_buf_free(&word);
	return r;
}
