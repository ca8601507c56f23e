/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the library says of values, for comparisons with others. Each line that
 * is read is a format, a tab and a value (tests/unit/escaped.h); each line that
 * is written is `+`, a space and the canonical form, or `-`, a space and the
 * refusal.
 */

#include <stdio.h>
#include <string.h>

#include "counterseal/field.h"
#include "escaped.h"

/* One line without its line feed. */
static bool
judge(char *line, const struct cseal_format **f, struct cseal_buf *value,
    struct cseal_buf *out)
{
	char *tab = strchr(line, '\t');
	struct cseal_error err = { .code = CSEAL_OK };

	if (tab == NULL)
		return false;
	*tab = '\0';
	if (*f == NULL || strcmp((*f)->name, line) != 0)
		*f = cseal_format_find(line);
	cseal_buf_reset(value);
	cseal_buf_reset(out);
	if (*f == NULL || !escaped_read(tab + 1, value))
		return false;
	if ((*f)->canon(*f, "value", value->data, value->len, out, &err) ==
	    CSEAL_OK)
		printf("+ %s\n", cseal_buf_str(out));
	else
		printf("- %s\n", err.what);
	return true;
}

int
main(void)
{
	const struct cseal_format *f = NULL;
	struct cseal_buf value, out;
	size_t size = 0, number = 0;
	char *line = NULL;
	bool ok = true;

	cseal_buf_init(&value, 0);
	cseal_buf_init(&out, 0);
	while (ok && getline(&line, &size, stdin) >= 0) {
		number++;
		line[strcspn(line, "\n")] = '\0';
		ok = judge(line, &f, &value, &out);
		if (!ok)
			fprintf(stderr,
			    "judge: line %zu is no format, tab and value\n",
			    number);
	}
	free(line);
	cseal_buf_free(&value);
	cseal_buf_free(&out);
	return ok && fflush(stdout) == 0 ? 0 : 2;
}
