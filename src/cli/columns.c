/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <string.h>

#define COLUMNS_MAX 16

static void
safe(struct cseal_buf *out, const char *cell)
{
	cseal_buf_reset(out);
	if (cell != NULL)
		(void)cseal_text_safe(
		    out, (const uint8_t *)cell, strlen(cell), 0);
}

static void
measure(size_t *widths, size_t columns, const char *const *cells, size_t n)
{
	struct cseal_buf b;
	size_t w;

	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < n; i++) {
		safe(&b, cells[i]);
		w = cseal_text_columns(cseal_buf_str(&b));
		if (w > widths[i % columns])
			widths[i % columns] = w;
	}
	cseal_buf_free(&b);
}

static void
print_row(struct cli *c, const size_t *widths, size_t columns,
    const char *const *cells)
{
	struct cseal_buf b;
	size_t last = 0;
	size_t w;

	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < columns; i++) {
		if (cells[i] != NULL && cells[i][0] != '\0')
			last = i;
	}
	for (size_t i = 0; i <= last; i++) {
		safe(&b, cells[i]);
		w = cseal_text_columns(cseal_buf_str(&b));
		cli_put(c, cseal_buf_str(&b));
		if (i < last)
			cli_say(c, "%*s", (int)(widths[i] - w + 2), "");
	}
	cli_put(c, "\n");
	cseal_buf_free(&b);
}

void
cli_columns(struct cli *c, unsigned indent, size_t columns,
    const char *const *cells, size_t n)
{
	size_t widths[COLUMNS_MAX] = { 0 };

	if (columns == 0 || columns > COLUMNS_MAX)
		return;
	measure(widths, columns, cells, n);
	for (size_t i = 0; i + columns <= n; i += columns) {
		cli_say(c, "%*s", (int)indent, "");
		print_row(c, widths, columns, cells + i);
	}
}
