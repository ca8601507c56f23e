/* SPDX-License-Identifier: BSD-2-Clause */
/* list: every change of the ledger, a line each. */

#include <string.h>

#include "reading.h"

#define LIST_COLUMNS 6

const struct cli_option cli_list_options[] = {
	{ "status", 0, "STATUS", false,
	    "only these: open, asked, approved, in-force ..." },
	{ NULL, 0, NULL, false, NULL },
};

/* One row of the table for people; cells point into it. */
struct row {
	char name[CSEAL_CHANGE_NAME_BYTES];
	char kind[READING_CELL_BYTES];
	char place[READING_CELL_BYTES];
	char status[32];
	char who[READING_CELL_BYTES];
	char when[CLI_TIME_BYTES];
};

/* "in force" may be typed "in-force". */
static bool
is_word(const char *name, const char *word)
{
	for (; *name != '\0'; name++, word++) {
		if (*name != *word && !(*name == ' ' && *word == '-'))
			return false;
	}
	return *word == '\0';
}

static bool
is_open(enum cseal_change_status s)
{
	return s == CSEAL_CHANGE_ASKED || s == CSEAL_CHANGE_APPROVED;
}

static bool
fits(const char *word, enum cseal_change_status s)
{
	if (word == NULL)
		return true;
	if (strcmp(word, "open") == 0)
		return is_open(s);
	return is_word(cseal_change_status_name(s), word);
}

static int
check_status(struct cli *c, const char *word)
{
	const char *names[CSEAL_CHANGE_EXPIRED + 2];
	struct cseal_buf near;
	size_t n = 0;

	if (word == NULL || strcmp(word, "open") == 0)
		return CSEAL_OK;
	names[n++] = "open";
	for (int s = CSEAL_CHANGE_ASKED; s <= CSEAL_CHANGE_EXPIRED; s++) {
		names[n] =
		    cseal_change_status_name((enum cseal_change_status)s);
		if (is_word(names[n++], word))
			return CSEAL_OK;
	}
	cseal_buf_init(&near, 0);
	for (size_t i = 0; i < n; i++)
		cseal_buf_printf(&near, "%s%s", i > 0 ? ", " : "", names[i]);
	cseal_error_set(&c->err, CSEAL_ERR_USAGE, "--status",
	    "there is no such status; it is one of: %s", cseal_buf_str(&near));
	cseal_buf_free(&near);
	return CSEAL_ERR_USAGE;
}

static void
fill_row(const struct cseal_desk *d, const struct cseal_state_change *h,
    struct row *r, const char **cells)
{
	const struct cseal_state *s = cseal_desk_state(d);
	char place[READING_PLACE_BYTES];

	cseal_change_name(h, r->name);
	reading_cut(h->kind->name, 22, r->kind);
	reading_place(h, place);
	reading_cut(place, 14, r->place);
	reading_cut(reading_handle(s, h->requester), 8, r->who);
	cli_time(h->clock, r->when);
	r->when[strcspn(r->when, " ")] = '\0'; /* the day is enough */
	cells[0] = r->name;
	cells[1] = r->kind;
	cells[2] = r->place;
	snprintf(r->status, sizeof(r->status), "%s%s",
	    cseal_change_status_name(reading_status(d, h)),
	    reading_stopped(d, h) != NULL ? ", frozen" : "");
	cells[3] = r->status;
	cells[4] = r->who;
	cells[5] = r->when;
}

static size_t
count(const struct cseal_desk *d, const char *word)
{
	const struct cseal_state_change *h;
	size_t n = 0;

	for (size_t i = 0;
	     (h = cseal_state_change(cseal_desk_state(d), i)) != NULL; i++)
		n += fits(word, reading_status(d, h)) ? 1 : 0;
	return n;
}

static int
say_table(struct cli *c, const struct cseal_desk *d, const char *word)
{
	static const char *const heads[LIST_COLUMNS] = { "CHANGE", "KIND",
		"WHERE", "STATUS", "BY", "ASKED" };
	const struct cseal_state_change *h;
	size_t n = count(d, word), at = 0;
	const char **cells = calloc(n + 1, LIST_COLUMNS * sizeof(*cells));
	struct row *rows = calloc(n + 1, sizeof(*rows));
	int r = CSEAL_ERR_NOMEM;

	if (cells == NULL || rows == NULL)
		goto out;
	memcpy(cells, heads, sizeof(heads));
	for (size_t i = 0;
	     (h = cseal_state_change(cseal_desk_state(d), i)) != NULL; i++) {
		if (!fits(word, reading_status(d, h)) || at == n)
			continue;
		fill_row(d, h, &rows[at], &cells[(at + 1) * LIST_COLUMNS]);
		at++;
	}
	if (at == 0)
		cli_say(c, "No changes.\n");
	else
		cli_columns(c, 0, LIST_COLUMNS, cells, (at + 1) * LIST_COLUMNS);
	r = CSEAL_OK;
out:
	free(rows);
	free(cells);
	return r;
}

static int
say_json(struct cli *c, const struct cseal_desk *d, const char *word)
{
	const struct cseal_state *s = cseal_desk_state(d);
	const struct cseal_state_change *h;
	int status = CLI_DONE;

	for (size_t i = 0;
	     status == CLI_DONE && (h = cseal_state_change(s, i)) != NULL;
	     i++) {
		if (fits(word, reading_status(d, h)))
			status = cli_json(c, reading_change_json(d, h));
	}
	return status;
}

int
cli_list(struct cli *c)
{
	const char *word = cli_option(c, "status");
	struct cseal_desk *d = NULL;
	int status, r;

	if ((r = check_status(c, word)) != CSEAL_OK ||
	    (r = cli_desk_open(c, false, &d)) != CSEAL_OK)
		return cli_fail(c, r);
	if (c->json)
		status = say_json(c, d, word);
	else if ((r = say_table(c, d, word)) != CSEAL_OK)
		status = cli_fail(c, r);
	else
		status = CLI_DONE;
	cseal_desk_close(d);
	return status;
}
