/* SPDX-License-Identifier: BSD-2-Clause */
/* A change's values from a JSON object: its members say what lines would. */
#include "change_json.h"

#include <string.h>

/* The parser's own words may repeat a part of what was read: a value. */
static const struct {
	enum json_error_code code;
	const char *what;
} refusals[] = {
	{ json_error_duplicate_key, "a name is there twice: give it once" },
	{ json_error_null_character, "a text has a NUL character in it" },
	{ json_error_null_byte_in_key, "a name has a NUL character in it" },
	{ json_error_invalid_utf8, "it is not UTF-8" },
	{ json_error_end_of_input_expected,
	    "something stands behind the object" },
	{ json_error_premature_end_of_input, "it ends too early" },
	{ json_error_stack_overflow, "it is nested too deeply" },
	{ json_error_out_of_memory, "out of memory" },
};

static int
refuse(struct cli *c, const json_error_t *e)
{
	const char *what = "this is not JSON";
	char where[48];

	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		if (refusals[i].code == json_error_code(e))
			what = refusals[i].what;
	}
	snprintf(
	    where, sizeof(where), "line %d, column %d", e->line, e->column);
	return cli_error(c, CSEAL_ERR_INPUT, where, "%s", what);
}

static int
set_member(struct cli *c, struct cseal_change *ch, const char *name,
    const json_t *value, size_t *values)
{
	const struct cseal_slice n = { (const uint8_t *)name, strlen(name) };
	struct cseal_slice text;

	if (!json_is_string(value))
		return cli_error(c, CSEAL_ERR_INPUT, ch->kind->name,
		    "each value is a text in quotation marks, and one is not; "
		    "an object has no other objects in it");
	text.data = (const uint8_t *)json_string_value(value);
	text.len = json_string_length(value);
	return cseal_change_set_given(ch, n, text, values, &c->err);
}

bool
change_is_json(const struct cseal_buf *b)
{
	for (size_t i = 0; i < b->len; i++) {
		if (strchr(" \t\r\n", b->data[i]) == NULL || b->data[i] == 0)
			return b->data[i] == '{';
	}
	return false;
}

int
change_set_json(
    struct cli *c, struct cseal_change *ch, const struct cseal_buf *b)
{
	size_t values = 0;
	json_error_t e;
	const char *name;
	json_t *o, *value;
	int r = CSEAL_OK;

	o = json_loadb(
	    (const char *)b->data, b->len, JSON_REJECT_DUPLICATES, &e);
	if (o == NULL)
		return refuse(c, &e);
	json_object_foreach(o, name, value)
	{
		if (r == CSEAL_OK)
			r = set_member(c, ch, name, value, &values);
	}
	if (r == CSEAL_OK && values == 0)
		r = cli_error(c, CSEAL_ERR_INPUT, ch->kind->name,
		    "the object gives no value: write \"FIELD\": \"VALUE\" for "
		    "each");
	json_decref(o);
	return r;
}
