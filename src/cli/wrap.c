/* SPDX-License-Identifier: BSD-2-Clause */
/* Sentences that fit the terminal: lines are broken between words. */
#include "cli.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS	      80
#define COLUMNS_LEAST 20 /* narrower than this, breaking helps nobody */

size_t
cli_columns_of(int fd)
{
	struct winsize w;

	if (isatty(fd) == 0)
		return 0;
	if (ioctl(fd, TIOCGWINSZ, &w) != 0 || w.ws_col == 0)
		return COLUMNS;
	return w.ws_col < COLUMNS_LEAST ? COLUMNS_LEAST : w.ws_col;
}

/* Columns of the n bytes at `word`; 0 if that cannot be told. */
static size_t
wide(const char *word, size_t n)
{
	struct cseal_buf b;
	size_t columns = 0;

	cseal_buf_init(&b, 0);
	if (cseal_buf_add(&b, word, n) == CSEAL_OK)
		columns = cseal_text_columns(cseal_buf_str(&b));
	cseal_buf_free(&b);
	return columns;
}

/* A word that is longer than a line stays whole: it may be a path. */
int
cli_wrap(struct cseal_buf *out, const char *text, size_t columns)
{
	size_t at = 0, n, w, gap;

	while (*text != '\0') {
		if (*text == '\n') {
			(void)cseal_buf_add_u8(out, '\n');
			at = 0;
			text++;
			continue;
		}
		gap = strspn(text, " ");
		n = strcspn(text + gap, " \n");
		w = wide(text + gap, n);
		if (at > 0 && at + gap + w > columns && n > 0) {
			(void)cseal_buf_add_u8(out, '\n');
			at = 0;
			text += gap;
			gap = 0;
		}
		(void)cseal_buf_add(out, text, gap + n);
		at += gap + w;
		text += gap + n;
	}
	return cseal_buf_error(out);
}
