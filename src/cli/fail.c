/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <string.h>

/* The one table from codes to exit statuses and words. */
static const struct {
	int code;
	int status;
	const char *word;
} codes[] = {
	{ CSEAL_OK, CLI_DONE, "ok" },
	{ CSEAL_ERR_INTERNAL, CLI_FILE, "internal" },
	{ CSEAL_ERR_NOMEM, CLI_FILE, "no-memory" },
	{ CSEAL_ERR_USAGE, CLI_USAGE, "usage" },
	{ CSEAL_ERR_INPUT, CLI_USAGE, "input" },
	{ CSEAL_ERR_FORMAT, CLI_USAGE, "format" },
	{ CSEAL_ERR_NEWER, CLI_FILE, "newer" },
	{ CSEAL_ERR_TOO_LARGE, CLI_USAGE, "too-large" },
	{ CSEAL_ERR_NOT_FOUND, CLI_USAGE, "not-found" },
	{ CSEAL_ERR_AMBIGUOUS, CLI_USAGE, "ambiguous" },
	{ CSEAL_ERR_EXISTS, CLI_FILE, "exists" },
	{ CSEAL_ERR_IO, CLI_FILE, "io" },
	{ CSEAL_ERR_CORRUPT, CLI_FILE, "corrupt" },
	{ CSEAL_ERR_AGAIN, CLI_FILE, "again" },
	{ CSEAL_ERR_BUSY, CLI_FILE, "busy" },
	{ CSEAL_ERR_REFUSED, CLI_NO, "refused" },
	{ CSEAL_ERR_SIGNATURE, CLI_NO, "signature" },
	{ CSEAL_ERR_VIOLATION, CLI_NO, "violation" },
	{ CSEAL_ERR_TOKEN, CLI_TOKEN, "token" },
	{ CSEAL_ERR_TOKEN_PIN, CLI_TOKEN, "token-pin" },
	{ CSEAL_ERR_TIMEOUT, CLI_TOKEN, "timeout" },
	{ CSEAL_ERR_CANCELLED, CLI_NO, "cancelled" },
	{ CSEAL_ERR_PERMISSION, CLI_FILE, "permission" },
};

static size_t
row(int r)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i].code == r)
			return i;
	}
	return 1; /* internal */
}

int
cli_status_of(int r)
{
	return codes[row(r)].status;
}

const char *
cli_code_word(int r)
{
	return codes[row(r)].word;
}

int
cli_error(struct cli *c, int code, const char *where, const char *fmt, ...)
{
	char what[CSEAL_ERROR_WHAT_BYTES];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return cseal_error_set(&c->err, code, where, "%s", what);
}

static void
tell_json(struct cli *c, const struct cseal_error *e)
{
	json_t *o = json_object();

	json_object_set_new(o, "code", json_string(cli_code_word(e->code)));
	json_object_set_new(o, "where",
	    cli_json_text((struct cseal_slice){
		(const uint8_t *)e->where, strlen(e->where) }));
	json_object_set_new(o, "what",
	    cli_json_text((struct cseal_slice){
		(const uint8_t *)e->what, strlen(e->what) }));
	(void)cli_json(c, json_pack("{s:o}", "error", o));
}

int
cli_fail_as(struct cli *c, int r, int status)
{
	struct cseal_error *e = &c->err;

	if (e->code != r || e->what[0] == '\0')
		cseal_error_set(e, r, e->code == r ? e->where : "", "%s",
		    cseal_strerror(r));
	/* Who pressed Ctrl-C knows why; the process dies by the signal. */
	if (r == CSEAL_ERR_CANCELLED && cli_signals_pending(c)) {
		cli_note(c, "Stopped.\n");
		return status;
	}
	cli_warn(
	    c, "%s%s%s", e->where, e->where[0] != '\0' ? ": " : "", e->what);
	if (c->json) {
		c->json = false; /* told once, even if the telling fails */
		tell_json(c, e);
	}
	return status;
}

int
cli_fail(struct cli *c, int r)
{
	return cli_fail_as(
	    c, r, c->failed_as != 0 ? c->failed_as : cli_status_of(r));
}
