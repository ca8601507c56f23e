/* SPDX-License-Identifier: BSD-2-Clause */
/* kinds: what can be asked for, its fields, and how their values look. */

#include <string.h>

#include "reading.h"

static const char *const grades[] = { "public", "internal", "secret" };

static void
say_kinds(struct cli *c)
{
	const struct cseal_kind *k;
	const char *cells[2];
	size_t n = 0, at = 0;
	const char **all;

	while (cseal_kind_at(n) != NULL)
		n++;
	if ((all = calloc(n + 1, sizeof(cells))) == NULL)
		return;
	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		all[at++] = k->name;
		all[at++] = k->about;
	}
	cli_columns(c, 0, 2, all, at);
	free(all);
	cli_say(c, "\nOne of them with its fields: counterseal kinds KIND\n");
}

/* The example as it is kept and as it is masked; "" if it has none. */
static void
masked_example(const struct cseal_format *f, struct cseal_buf *out)
{
	struct cseal_buf canonical;

	cseal_buf_init(&canonical, 0);
	if (f->example != NULL &&
	    f->canon(f, "example", (const uint8_t *)f->example,
		strlen(f->example), &canonical, NULL) == CSEAL_OK)
		f->mask(f, cseal_buf_str(&canonical), out);
	cseal_buf_free(&canonical);
}

static void
say_field(struct cli *c, const struct cseal_field *f)
{
	struct cseal_buf masked;

	cseal_buf_init(&masked, 0);
	cli_say(c, "  %s (%s), %s\n", f->name, f->label,
	    f->required ? "required" : "optional");
	reading_wrap(c, 4, f->format->about);
	if (f->format->example != NULL)
		cli_say(c, "    for example %s", f->format->example);
	masked_example(f->format, &masked);
	if (f->grade == CSEAL_GRADE_SECRET && masked.len > 0)
		cli_say(c, "; shown as %s", cseal_buf_str(&masked));
	cli_say(c, "\n");
	cseal_buf_free(&masked);
}

static void
say_kind(struct cli *c, const struct cseal_kind *k)
{
	const char *between = "";

	cli_say(c, "%s: %s\n  operations: ", k->name, k->about);
	for (uint64_t op = CSEAL_OP_REPLACE; op <= CSEAL_OP_BASELINE; op++) {
		if ((k->ops & CSEAL_OP_BIT(op)) == 0)
			continue;
		cli_say(c, "%s%s", between, cseal_op_name(op));
		between = ", ";
	}
	if (k->slot[0] != '\0')
		cli_say(c, "; slot: %s", k->slot);
	cli_say(c, "\n");
	for (size_t i = 0; i < k->n_fields; i++)
		say_field(c, &k->fields[i]);
}

static json_t *
field_json(const struct cseal_field *f)
{
	struct cseal_buf masked;
	json_t *j;

	cseal_buf_init(&masked, 0);
	masked_example(f->format, &masked);
	j = json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:s, s:s?, s:o}", "name",
	    f->name, "label", f->label, "format", f->format->name, "grade",
	    grades[f->grade], "required", (int)f->required, "account",
	    (int)f->account, "about", f->format->about, "example",
	    f->format->example, "masked",
	    masked.len > 0 ? cli_json_text(cseal_buf_slice(&masked))
			   : json_null());
	cseal_buf_free(&masked);
	return j;
}

static json_t *
kind_json(const struct cseal_kind *k)
{
	json_t *ops = json_array(), *fields = json_array();

	for (uint64_t op = CSEAL_OP_REPLACE; op <= CSEAL_OP_BASELINE; op++) {
		if ((k->ops & CSEAL_OP_BIT(op)) != 0)
			json_array_append_new(
			    ops, json_string(cseal_op_name(op)));
	}
	for (size_t i = 0; i < k->n_fields; i++)
		json_array_append_new(fields, field_json(&k->fields[i]));
	return json_pack("{s:s, s:s, s:s, s:b, s:o, s:o}", "kind", k->name,
	    "about", k->about, "slot", k->slot, "authority", (int)k->authority,
	    "operations", ops, "fields", fields);
}

static int
unknown_kind(struct cli *c, const char *word)
{
	const char *names[64];
	const struct cseal_kind *k;
	struct cseal_buf near;
	size_t n = 0;

	while (n < sizeof(names) / sizeof(names[0]) &&
	       (k = cseal_kind_at(n)) != NULL)
		names[n++] = k->name;
	cseal_buf_init(&near, 0);
	if (cseal_near(&near, word, names, n) == CSEAL_OK && near.len > 0)
		cli_error(c, CSEAL_ERR_INPUT, word,
		    "there is no such kind; did you mean %s?",
		    cseal_buf_str(&near));
	else
		cli_error(c, CSEAL_ERR_INPUT, word,
		    "there is no such kind; `counterseal kinds` lists them");
	cseal_buf_free(&near);
	return cli_fail(c, CSEAL_ERR_INPUT);
}

static int
all_kinds(struct cli *c)
{
	const struct cseal_kind *k;
	int status = CLI_DONE;

	if (!c->json) {
		say_kinds(c);
		return CLI_DONE;
	}
	for (size_t i = 0; status == CLI_DONE && (k = cseal_kind_at(i)) != NULL;
	     i++)
		status = cli_json(c, kind_json(k));
	return status;
}

int
cli_kinds(struct cli *c)
{
	const struct cseal_kind *k;

	if (c->n_words == 0)
		return all_kinds(c);
	k = cseal_kind_find(c->words[0], strlen(c->words[0]));
	if (k == NULL)
		return unknown_kind(c, c->words[0]);
	if (c->json)
		return cli_json(c, kind_json(k));
	say_kind(c, k);
	return CLI_DONE;
}
