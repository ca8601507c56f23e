/* SPDX-License-Identifier: BSD-2-Clause */
/* A reading in JSON, made by a script (docs/observe.md, A reading in JSON). */
#include "observe.h"
#include "input.h"

#include <errno.h>
#include <string.h>

#define FILE_MAX_BYTES 1048576
#define WHERE_BYTES    96

static const char *const keys[] = { "store", "slot", "kind", "time", "source",
	"empty", "funds", "fields" };
#define KEYS (sizeof(keys) / sizeof(*keys))

/* "reading 2: " before what an error is about, if there are several. */
static int
at(struct observe *v, int r, size_t i, bool several)
{
	char where[WHERE_BYTES + 32];

	if (r == CSEAL_OK || !several)
		return r;
	snprintf(
	    where, sizeof(where), "reading %zu, %s", i + 1, v->c->err.where);
	return cli_error(v->c, r, where, "%s", v->c->err.what);
}

static int
refuse_key(struct cli *c, const char *key)
{
	struct cseal_buf near, shown;
	int r;

	cseal_buf_init(&near, 0);
	cseal_buf_init(&shown, 0);
	(void)cseal_text_safe(&shown, (const uint8_t *)key, strlen(key), 40);
	(void)cseal_near(&near, key, keys, KEYS);
	r = cli_error(c, CSEAL_ERR_INPUT, cseal_buf_str(&shown),
	    "a reading has no such key; %s%s%sit has store, slot, kind, time, "
	    "source, empty, funds and fields",
	    near.len > 0 ? "did you mean " : "", cseal_buf_str(&near),
	    near.len > 0 ? "? " : "");
	cseal_buf_free(&near);
	cseal_buf_free(&shown);
	return r;
}

static int
check_keys(struct cli *c, json_t *reading)
{
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach(reading, key, value)
	{
		for (i = 0; i < KEYS && strcmp(key, keys[i]) != 0; i++)
			;
		if (i == KEYS)
			return refuse_key(c, key);
	}
	return CSEAL_OK;
}

/* A text of the object; *out stays NULL if it is not there. */
static int
get_text(struct cli *c, json_t *reading, const char *key, const char **out)
{
	json_t *j = json_object_get(reading, key);

	*out = NULL;
	if (j == NULL || json_is_null(j))
		return CSEAL_OK;
	if (!json_is_string(j))
		return cli_error(c, CSEAL_ERR_INPUT, key, "is to be text");
	*out = json_string_value(j);
	return CSEAL_OK;
}

static int
get_flag(struct cli *c, json_t *reading, const char *key, bool *out)
{
	json_t *j = json_object_get(reading, key);

	*out = json_is_true(j);
	if (j == NULL || json_is_boolean(j) || json_is_null(j))
		return CSEAL_OK;
	return cli_error(c, CSEAL_ERR_INPUT, key, "is to be true or false");
}

static int
set_field(
    struct cli *c, struct observe_reading *r, const char *name, json_t *value)
{
	const char *text = json_string_value(value);
	size_t n = json_string_length(value);
	struct cseal_buf shown;
	int code;

	if (json_is_boolean(value)) {
		text = json_is_true(value) ? "yes" : "no";
		n = strlen(text);
	}
	if (text != NULL)
		return cseal_observation_set(&r->o, name, strlen(name),
		    (const uint8_t *)text, n, &c->err);
	cseal_buf_init(&shown, 0);
	(void)cseal_text_safe(&shown, (const uint8_t *)name, strlen(name), 40);
	code = cli_error(c, CSEAL_ERR_INPUT, cseal_buf_str(&shown),
	    "is to be text; numbers too stand in quotes, or zeros in front of "
	    "them are lost");
	cseal_buf_free(&shown);
	return code;
}

static int
set_fields(struct cli *c, struct observe_reading *r, json_t *fields)
{
	const char *name;
	json_t *value;
	int code;

	if (fields == NULL || json_is_null(fields))
		return CSEAL_OK;
	if (!json_is_object(fields))
		return cli_error(c, CSEAL_ERR_INPUT, "fields",
		    "is to be an object: {\"tail\": \"3417\"}");
	json_object_foreach(fields, name, value)
	{
		if (json_is_null(value))
			continue;
		code = set_field(c, r, name, value);
		if (code != CSEAL_OK)
			return code;
	}
	return CSEAL_OK;
}

static int
set_rest(struct cli *c, struct observe_reading *r, json_t *reading)
{
	const char *source, *when;
	int code;

	if ((code = get_text(c, reading, "source", &source)) != CSEAL_OK ||
	    (code = get_text(c, reading, "time", &when)) != CSEAL_OK ||
	    (code = get_flag(c, reading, "empty", &r->o.empty)) != CSEAL_OK ||
	    (code = get_flag(c, reading, "funds", &r->o.funds)) != CSEAL_OK)
		return code;
	if (when != NULL &&
	    (code = cli_time_parse(c, "time", when, &r->seen_at)) != CSEAL_OK)
		return code;
	if (cli_option_given(c, "source"))
		source = cli_option(c, "source");
	if (source != NULL && strlen(source) >= sizeof(r->source))
		return cli_error(c, CSEAL_ERR_INPUT, "source",
		    "has at most %d characters", OBSERVE_SOURCE_BYTES - 1);
	if (source != NULL)
		snprintf(r->source, sizeof(r->source), "%s", source);
	return set_fields(c, r, json_object_get(reading, "fields"));
}

/* What the command line says may be repeated in the file, not altered. */
static int
agree(struct cli *c, const char *option, const char **value)
{
	const char *said = cli_option(c, option);

	if (said == NULL)
		return CSEAL_OK;
	if (*value == NULL)
		*value = said;
	if (strcmp(said, *value) == 0)
		return CSEAL_OK;
	return cli_error(c, CSEAL_ERR_INPUT, option,
	    "the file names another one than --%s does: is it the right file?",
	    option);
}

static int
read_one(struct observe *v, json_t *reading)
{
	const char *store, *slot, *kind;
	struct observe_reading *r;
	struct cli *c = v->c;
	int code;

	if (!json_is_object(reading))
		return cli_error(c, CSEAL_ERR_INPUT, "reading",
		    "is to be an object: {\"store\": \"main-de\", ...}");
	if ((code = check_keys(c, reading)) != CSEAL_OK ||
	    (code = get_text(c, reading, "store", &store)) != CSEAL_OK ||
	    (code = get_text(c, reading, "slot", &slot)) != CSEAL_OK ||
	    (code = get_text(c, reading, "kind", &kind)) != CSEAL_OK ||
	    (code = agree(c, "store", &store)) != CSEAL_OK ||
	    (code = agree(c, "slot", &slot)) != CSEAL_OK)
		return code;
	code = observe_add(v, kind, store, slot, true, &r);
	if (code != CSEAL_OK)
		return code;
	r->o.by_script = true;
	return set_rest(c, r, reading);
}

static int
read_all(struct observe *v, json_t *root)
{
	size_t n = json_array_size(root);
	int r = CSEAL_OK;

	if (!json_is_array(root))
		return read_one(v, root);
	if (n == 0 || n > OBSERVE_READINGS_MAX)
		return cli_error(v->c, CSEAL_ERR_INPUT, "--from",
		    "the list has %zu readings; 1 to %d are taken", n,
		    OBSERVE_READINGS_MAX);
	for (size_t i = 0; i < n && r == CSEAL_OK; i++)
		r = at(v, read_one(v, json_array_get(root, i)), i, true);
	return r;
}

static int
read_file(struct cli *c, const char *path, struct cseal_buf *b)
{
	int r;

	r = input_bytes(path, FILE_MAX_BYTES, b);
	if (r == CSEAL_ERR_TOO_LARGE)
		return cli_error(c, CSEAL_ERR_INPUT, path,
		    "has more than %d bytes: is it the right file?",
		    FILE_MAX_BYTES);
	return r == CSEAL_OK
		   ? r
		   : cli_error(c, r, path, "%s",
			 errno != 0 ? strerror(errno) : cseal_strerror(r));
}

int
observe_read(struct observe *v, const char *path)
{
	json_error_t e;
	struct cseal_buf b;
	json_t *root;
	int r;

	cseal_buf_init(&b, FILE_MAX_BYTES);
	r = read_file(v->c, path, &b);
	if (r == CSEAL_OK) {
		root = json_loadb(
		    (const char *)b.data, b.len, JSON_REJECT_DUPLICATES, &e);
		/* jansson's text repeats what stands there: it is not told. */
		r = root != NULL
			? read_all(v, root)
			: cli_error(v->c, CSEAL_ERR_INPUT, path,
			      "line %d, column %d: this is not JSON, or a key "
			      "stands there twice",
			      e.line, e.column);
		json_decref(root);
	}
	cseal_buf_free(&b);
	return r;
}
