/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <malloc.h>
#include <stdlib.h>

/* What was read may be secret values. */
static void
free_wiped(void *p)
{
	if (p != NULL)
		cseal_wipe(p, malloc_usable_size(p));
	free(p);
}

void
cli_json_begin(void)
{
	json_set_alloc_funcs(malloc, free_wiped);
}

/*
 * Escaped down to ASCII: to a terminal that is as harmless as the filter, and
 * a program gets back the very characters.
 */
int
cli_json(struct cli *c, json_t *object)
{
	char *text = NULL;

	cli_hooks_run(c);
	if (c->hooks.troubles != NULL) {
		json_object_set_new(object, "hooks", c->hooks.troubles);
		c->hooks.troubles = NULL;
	}
	if (object != NULL)
		text = json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII);
	json_decref(object);
	if (text == NULL)
		return cli_fail(c, CSEAL_ERR_NOMEM);
	cli_put(c, text);
	cli_put(c, "\n");
	free(text);
	return CLI_DONE;
}

json_t *
cli_json_text(struct cseal_slice s)
{
	struct cseal_buf b;
	json_t *j = NULL;

	if (s.len == 0)
		return json_string("");
	if (cseal_text_is_utf8(s.data, s.len))
		return json_stringn((const char *)s.data, s.len);
	cseal_buf_init(&b, 0);
	if (cseal_text_safe(&b, s.data, s.len, 0) == CSEAL_OK)
		j = json_string(cseal_buf_str(&b));
	cseal_buf_free(&b);
	return j;
}

json_t *
cli_json_time(uint64_t t)
{
	char utc[CSEAL_TIME_BYTES];

	cseal_time_utc(t, utc);
	return json_string(utc);
}

json_t *
cli_json_hex(const uint8_t *p, size_t n)
{
	char *hex;
	json_t *j;

	hex = malloc(2 * n + 1);
	if (hex == NULL)
		return NULL;
	cseal_hex(p, n, hex);
	j = json_string(hex);
	free(hex);
	return j;
}

json_t *
cli_json_head(const struct cseal_head *h)
{
	json_t *o = json_object();

	json_object_set_new(o, "size", json_integer((json_int_t)h->size));
	json_object_set_new(o, "root", cli_json_hex(h->root, CSEAL_HASH_BYTES));
	return o;
}
