/* SPDX-License-Identifier: BSD-2-Clause */
/* Which security keys are meant, and opening the one. */
#include "cli.h"

#include <string.h>

/* "unix:/a,unix:/b": what the settings name. */
static int
named(struct cli *c, struct cseal_token_entry *out, size_t *n)
{
	const char *p = c->token.value;
	size_t len;

	for (*n = 0;; p += len + 1) {
		len = strcspn(p, ",");
		if (len >= sizeof(out->path))
			return cli_error(c, CSEAL_ERR_TOO_LARGE, "token",
			    "the path of the key is longer than %zu bytes",
			    sizeof(out->path) - 1);
		if (*n == CLI_TOKENS_MAX)
			return cli_error(c, CSEAL_ERR_TOO_LARGE, "token",
			    "more than %d keys are named", CLI_TOKENS_MAX);
		memset(&out[*n], 0, sizeof(*out));
		memcpy(out[*n].path, p, len);
		(*n)++;
		if (p[len] == '\0')
			return CSEAL_OK;
	}
}

int
cli_tokens(
    struct cli *c, struct cseal_token_entry out[CLI_TOKENS_MAX], size_t *n)
{
	if (c->token.value != NULL)
		return named(c, out, n);
	return cseal_token_list(out, CLI_TOKENS_MAX, n, &c->err);
}

/* CSEAL_ERR_NOT_FOUND: it is not there yet. */
static int
open_only(struct cli *c, struct cli_touch *t, struct cseal_token **out)
{
	struct cseal_token_entry list[CLI_TOKENS_MAX];
	size_t n = 0;
	int r = cli_tokens(c, list, &n);

	if (r != CSEAL_OK)
		return r;
	if (n == 0)
		return cli_error(
		    c, CSEAL_ERR_NOT_FOUND, "", "no security key is inserted");
	if (n > 1)
		return cli_error(c, CSEAL_ERR_TOKEN, "",
		    "%zu security keys are %s: leave one, or name one with "
		    "--token (see counterseal token list)",
		    n, c->token.value != NULL ? "named" : "inserted");
	return cseal_token_open(out, list[0].path, &t->prompt, &c->err);
}

int
cli_token_open(struct cli *c, struct cli_touch *t, struct cseal_token **out)
{
	*out = NULL;
	return cli_token_fail(c, t, open_only(c, t, out));
}

int
cli_token_await(struct cli *c, struct cli_touch *t, struct cseal_token **out)
{
	int r;

	*out = NULL;
	r = open_only(c, t, out);
	if (r == CSEAL_ERR_NOT_FOUND && cli_terminal(c)) {
		if (c->err.where[0] != '\0')
			cli_note_error(c);
		cli_note(c, "Insert the security key. [Ctrl-C stops]\n");
	}
	while (r == CSEAL_ERR_NOT_FOUND && cli_terminal(c)) {
		r = cli_pause(c);
		if (r == CSEAL_OK)
			r = open_only(c, t, out);
		/* A new device may belong to its person a moment later. */
		if (r == CSEAL_ERR_PERMISSION || r == CSEAL_ERR_BUSY)
			r = CSEAL_ERR_NOT_FOUND;
	}
	return cli_token_fail(c, t, r);
}
