/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

static int
list_json(struct cli *c, const struct cseal_token_entry *e)
{
	return cli_json(
	    c, json_pack("{s:s, s:s, s:s, s:i, s:i}", "path", e->path, "name",
		   e->name, "serial", e->serial, "vendor", (int)e->vendor,
		   "product", (int)e->product));
}

int
cli_token_list(struct cli *c)
{
	struct cseal_token_entry list[CLI_TOKENS_MAX];
	const char *cells[CLI_TOKENS_MAX * 3];
	size_t n;
	int r;

	r = cseal_token_list(list, CLI_TOKENS_MAX, &n, &c->err);
	if (r != CSEAL_OK)
		return cli_fail_as(c, r, CLI_TOKEN);
	for (size_t i = 0; i < n; i++) {
		if (c->json && list_json(c, &list[i]) != CLI_DONE)
			return CLI_FILE;
		cells[3 * i] = list[i].path;
		cells[3 * i + 1] = list[i].name;
		cells[3 * i + 2] = list[i].serial;
	}
	if (!c->json)
		cli_columns(c, 0, 3, cells, 3 * n);
	if (n == 0)
		cli_note(c, "No security key is inserted.\n");
	return CLI_DONE;
}

static int
info_json(struct cli *c, const struct cseal_token_info *i)
{
	json_t *o;

	o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:i}",
	    "path", i->path, "name", i->name, "versions", i->versions,
	    "extensions", i->extensions, "algorithms", i->algorithms,
	    "software", i->software, "uv", i->uv, "pin_supported",
	    i->pin_supported, "pin_set", i->pin_set, "pin_retries",
	    i->pin_retries);
	json_object_set_new(
	    o, "aaguid", cli_json_hex(i->aaguid, CSEAL_AAGUID_BYTES));
	json_object_set_new(
	    o, "max_msg_size", json_integer((json_int_t)i->max_msg_size));
	return cli_json(c, o);
}

static const char *
verification(const struct cseal_token_info *i)
{
	if (i->uv)
		return "built in";
	if (i->pin_set)
		return "PIN";
	return i->pin_supported ? "none yet: set a PIN first"
				: "none: cannot be used";
}

static int
info_text(struct cli *c, const struct cseal_token_info *i)
{
	char aaguid[2 * CSEAL_AAGUID_BYTES + 1];
	const char *const cells[] = {
		"path",
		i->path,
		"name",
		i->name,
		"versions",
		i->versions,
		"extensions",
		i->extensions,
		"algorithms",
		i->algorithms,
		"aaguid",
		aaguid,
		"verification",
		verification(i),
		"made of",
		i->software ? "software: it proves nothing about a person"
			    : "hardware, as it says itself",
	};

	cseal_hex(i->aaguid, CSEAL_AAGUID_BYTES, aaguid);
	cli_columns(c, 0, 2, cells, sizeof(cells) / sizeof(cells[0]));
	return CLI_DONE;
}

/* What the one key that is meant says of itself; the exit status. */
static int
ask_token(struct cli *c, bool wink, struct cseal_token_info *info)
{
	struct cseal_token *t;
	struct cli_touch touch;
	int r;

	cli_touch_init(&touch, c);
	r = cli_token_open(c, &touch, &t);
	if (r != CSEAL_OK)
		return cli_fail(c, r);
	r = cseal_token_get_info(t, info, &c->err);
	if (r == CSEAL_OK && wink)
		r = cseal_token_wink(t, &c->err);
	cseal_token_close(t);
	return r == CSEAL_OK ? CLI_DONE : cli_fail_as(c, r, CLI_TOKEN);
}

int
cli_token_info(struct cli *c)
{
	struct cseal_token_info info;
	int status = ask_token(c, false, &info);

	if (status != CLI_DONE)
		return status;
	return c->json ? info_json(c, &info) : info_text(c, &info);
}

int
cli_token_wink(struct cli *c)
{
	struct cseal_token_info info;
	int status = ask_token(c, true, &info);

	if (status != CLI_DONE)
		return status;
	if (c->json)
		return cli_json(c, json_pack("{s:s, s:s}", "path", info.path,
				       "name", info.name));
	cli_say(c, "%s winks now.\n", info.name);
	return CLI_DONE;
}
