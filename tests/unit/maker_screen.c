/* SPDX-License-Identifier: BSD-2-Clause */

#include "maker_screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/text.h"

void
screen_says(struct cseal_buf *panel, const char *says)
{
	if (strstr(cseal_buf_str(panel), says) == NULL)
		fail_msg("not said: %s\n%s", says, cseal_buf_str(panel));
}

void
screen_says_not(struct cseal_buf *panel, const char *says)
{
	if (strstr(cseal_buf_str(panel), says) != NULL)
		fail_msg("said: %s\n%s", says, cseal_buf_str(panel));
}

void
screen_fits(struct cseal_buf *panel)
{
	const char *text = cseal_buf_str(panel);
	struct cseal_buf line, safe;
	size_t lines = 0, n;

	for (; *text != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		lines++;
		cseal_buf_init(&line, 0);
		cseal_buf_init(&safe, 0);
		cseal_buf_add(&line, text, n);
		cseal_text_safe(&safe, line.data, line.len, 0);
		if (cseal_text_columns(cseal_buf_str(&line)) > 80 ||
		    strcmp(cseal_buf_str(&line), cseal_buf_str(&safe)) != 0)
			fail_msg("%s", cseal_buf_str(&line));
		cseal_buf_free(&safe);
		cseal_buf_free(&line);
	}
	if (lines > 24)
		fail_msg("%zu lines:\n%s", lines, cseal_buf_str(panel));
}

void
screen_warns(struct cseal_buf *panel, const char *warning)
{
	screen_fits(panel);
	if (warning != NULL)
		screen_says(panel, warning);
	else
		screen_says_not(panel, "looks like");
}
