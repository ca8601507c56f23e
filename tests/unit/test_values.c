/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables of tests/validators, line by line: what must be said of a value,
 * and of several together.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/change.h"
#include "escaped.h"

#define VALUES	"tests/validators/values.tsv"
#define CHANGES "tests/validators/changes.tsv"
#define COLUMNS 5

/* Calls `judge` for each line that is no comment; how many there were. */
static size_t
each_line(const char *path, void (*judge)(char *column[COLUMNS]))
{
	char *line = NULL, *column[COLUMNS], *rest;
	FILE *f = fopen(path, "re");
	size_t size = 0, count = 0;

	if (f == NULL)
		fail_msg("%s cannot be opened", path);
	while (getline(&line, &size, f) >= 0) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		rest = line;
		for (size_t i = 0; i < COLUMNS; i++) {
			column[i] = strsep(&rest, "\t");
			if (column[i] == NULL)
				fail_msg("%s: too few columns: %s", path, line);
		}
		assert_null(rest);
		judge(column);
		count++;
	}
	free(line);
	assert_int_equal(fclose(f), 0);
	return count;
}

static bool
is_yes(const char *verdict)
{
	if (strcmp(verdict, "yes") != 0)
		assert_string_equal(verdict, "no");
	return strcmp(verdict, "yes") == 0;
}

static void
judge_value(const struct cseal_format *f, const struct cseal_buf *value,
    bool yes, const char *said)
{
	struct cseal_error err = { .code = CSEAL_OK };
	struct cseal_buf out;
	int r;

	cseal_buf_init(&out, 0);
	r = f->canon(f, "field", value->data, value->len, &out, &err);
	if (yes) {
		if (r != CSEAL_OK)
			fail_msg("%s %s: %s", f->name, said, err.what);
		assert_string_equal(cseal_buf_str(&out), said);
	} else {
		if (r != CSEAL_ERR_INPUT)
			fail_msg("%s took what should be: %s", f->name, said);
		assert_string_equal(err.where, "field");
		if (strstr(err.what, said) == NULL)
			fail_msg("%s says: %s\nand not: %s", f->name, err.what,
			    said);
		assert_int_equal(out.len, 0);
	}
	cseal_buf_free(&out);
}

/* Where the character begins that the middle of a text is in, and its number.
 */
static size_t
middle(const char *text, size_t *number)
{
	size_t at = strlen(text) / 2;

	while (((uint8_t)text[at] & 0xc0) == 0x80)
		at--;
	*number = 1;
	for (size_t i = 0; i < at; i++)
		*number += ((uint8_t)text[i] & 0xc0) != 0x80;
	return at;
}

/* A word of a list is known or not; all other formats name the place. */
static void
judge_in_example(
    const struct cseal_format *f, const struct cseal_buf *trick, char *said)
{
	struct cseal_error err = { .code = CSEAL_OK };
	struct cseal_buf value, out;
	char place[32];
	size_t at, number;

	cseal_buf_init(&value, 0);
	cseal_buf_init(&out, 0);
	at = middle(f->example, &number);
	cseal_buf_add(&value, f->example, at);
	cseal_buf_add(&value, trick->data, trick->len);
	cseal_buf_add_str(&value, f->example + at);
	assert_int_equal(
	    f->canon(f, "field", value.data, value.len, &out, &err),
	    CSEAL_ERR_INPUT);
	assert_string_equal(err.where, "field");
	assert_int_equal(out.len, 0);
	(void)snprintf(place, sizeof(place), "character %zu is ", number);
	if (strstr(err.what, "it is one of: ") == NULL &&
	    (strstr(err.what, place) == NULL || strstr(err.what, said) == NULL))
		fail_msg("%s says: %s\nand not: %s%s", f->name, err.what, place,
		    said);
	cseal_buf_free(&value);
	cseal_buf_free(&out);
}

static void
judge_line(char *column[COLUMNS])
{
	const struct cseal_format *f;
	struct cseal_buf value;
	bool yes = is_yes(column[1]);

	cseal_buf_init(&value, 0);
	if (!escaped_read(column[2], &value))
		fail_msg("written in no known way: %s", column[2]);
	if (strcmp(column[0], "*") == 0) {
		assert_false(yes);
		for (size_t i = 0; (f = cseal_format_at(i)) != NULL; i++)
			judge_in_example(f, &value, column[3]);
	} else {
		f = cseal_format_find(column[0]);
		if (f == NULL)
			fail_msg("there is no format %s", column[0]);
		judge_value(f, &value, yes, column[3]);
	}
	cseal_buf_free(&value);
}

static void
values_are_judged_so(void **state)
{
	(void)state;
	assert_in_range(each_line(VALUES, judge_line), 180, SIZE_MAX);
}

/* Lines of a change, in one: " | " stands between two. */
static void
judge_change(char *column[COLUMNS])
{
	struct cseal_error err = { .code = CSEAL_OK };
	bool yes = is_yes(column[1]);
	struct cseal_buf lines;
	struct cseal_change c;
	char *rest = column[2];
	int r;

	cseal_buf_init(&lines, 0);
	for (char *p; (p = strstr(rest, " | ")) != NULL; rest = p + 3)
		cseal_buf_printf(&lines, "%.*s\n", (int)(p - rest), rest);
	cseal_buf_printf(&lines, "%s\n", rest);
	assert_int_equal(
	    cseal_change_init(&c, column[0], 0, "main", NULL, &err), CSEAL_OK);
	r = cseal_change_set_lines(&c, lines.data, lines.len, &err);
	if (r != CSEAL_OK)
		fail_msg("%s: %s: %s", column[2], err.where, err.what);
	r = cseal_change_close(&c, &err);
	if (yes && r != CSEAL_OK)
		fail_msg("%s: %s: %s", column[2], err.where, err.what);
	if (!yes) {
		assert_int_equal(r, CSEAL_ERR_INPUT);
		assert_string_equal(err.where, column[3]);
		if (strstr(err.what, column[4]) == NULL)
			fail_msg("%s: %s", column[2], err.what);
	}
	cseal_change_free(&c);
	cseal_buf_free(&lines);
}

static void
changes_are_judged_so(void **state)
{
	(void)state;
	assert_in_range(each_line(CHANGES, judge_change), 20, SIZE_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_judged_so),
		cmocka_unit_test(changes_are_judged_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
