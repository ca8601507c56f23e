/* SPDX-License-Identifier: BSD-2-Clause */
/* backup: all that this desk has of the ledger, in one encrypted file. */

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "cli.h"

#define RECIPIENT_FILE_MAX ((size_t)1 << 20)

const struct cli_option cli_backup_options[] = {
	{ "to", 0, "OFFER|CERT", true,
	    "to the desk of an offer, or a certificate's key" },
	{ "passphrase", 0, NULL, false, "to a passphrase (the default)" },
	{ "passphrase-from", 0, "FILE", false,
	    "its first line; - is standard input" },
	{ NULL, 0, NULL, false, NULL },
};

/* For whom it is, as it was asked for. */
struct recipients {
	uint8_t desks[CLI_ARGUMENTS_MAX][CSEAL_DESK_KEY_BYTES];
	struct cseal_buf passphrase;
	struct cseal_backup_to to;
};

static int
read_recipient(struct cli *c, const char *path, uint8_t *out)
{
	struct cseal_buf b;
	int r;

	cseal_buf_init(&b, 0);
	r = cseal_buf_read_file(&b, path, RECIPIENT_FILE_MAX);
	if (r != CSEAL_OK)
		r = cli_error(c, r, path, "%s",
		    r == CSEAL_ERR_IO ? strerror(errno) : cseal_strerror(r));
	else if ((r = cseal_backup_recipient(
		      out, cseal_buf_slice(&b), &c->err)) != CSEAL_OK)
		r = cli_error(c, r, path, "%s", c->err.what);
	cseal_buf_free(&b);
	return r;
}

static int
find_recipients(struct cli *c, struct recipients *k)
{
	const char *path;
	int r = CSEAL_OK;

	while (
	    r == CSEAL_OK && (path = cli_option_at(c, "to", k->to.n)) != NULL)
		r = read_recipient(c, path, k->desks[k->to.n++]);
	if (r != CSEAL_OK)
		return r;
	k->to.desks = (const uint8_t(*)[CSEAL_DESK_KEY_BYTES])k->desks;
	if (k->to.n > 0 && (cli_option_given(c, "passphrase") ||
			       cli_option_given(c, "passphrase-from")))
		return cli_error(c, CSEAL_ERR_USAGE, "--to",
		    "goes without a passphrase: a backup opens in one way");
	if (k->to.n > 0)
		return CSEAL_OK;
	r = cli_passphrase(c, true, &k->passphrase);
	k->to.passphrase = cseal_buf_slice(&k->passphrase);
	return r;
}

static int
tell(struct cli *c, const struct cseal_backup_about *a, size_t desks)
{
	const char *file = c->words[0];

	if (c->json)
		return cli_json(
		    c, json_pack("{s:s, s:s, s:o, s:o, s:b, s:I}", "act",
			   "backup", "file", file, "ledger",
			   cli_json_hex(a->ledger, sizeof(a->ledger)), "head",
			   a->head.size > 0 ? cli_json_head(&a->head)
					    : json_null(),
			   "desk_key", a->has_key, "recipients",
			   (json_int_t)desks));
	cli_say(c, "%s: %" PRIu64 " entries%s, read back and opened.\n", file,
	    a->head.size, a->has_key ? ", and the key of this desk" : "");
	if (desks > 0)
		cli_say(c,
		    "It opens with the desk key of %s alone. On another "
		    "computer: counterseal restore FILE --key KEYFILE\n",
		    desks == 1 ? "its recipient" : "one of its recipients");
	else
		cli_say(c,
		    "It opens with the passphrase alone: nobody can give it "
		    "back to you.\n");
	return CLI_DONE;
}

static int
run(struct cli *c, struct recipients *k)
{
	struct cseal_backup_about about;
	struct cseal_desk *d = NULL;
	int r;

	/* What is damaged is not taken for a backup. */
	r = cli_desk_open(c, false, &d);
	cseal_desk_close(d);
	if (r == CSEAL_OK)
		r = find_recipients(c, k);
	if (r == CSEAL_OK)
		r = cseal_backup_write(c->words[0], c->ledger.value,
		    c->state_dir, &k->to, (uint64_t)time(NULL), &about,
		    &c->err);
	return r == CSEAL_OK ? tell(c, &about, k->to.n) : cli_fail(c, r);
}

int
cli_backup(struct cli *c)
{
	struct recipients k = { .to = { .n = 0 } };
	int status;

	cseal_buf_init(&k.passphrase, CSEAL_PASSPHRASE_MAX + 2);
	status = run(c, &k);
	cseal_buf_free(&k.passphrase);
	return status;
}
