/* SPDX-License-Identifier: BSD-2-Clause */
/* restore: a backup's ledger in its place, and the desk of a new computer. */

#include <inttypes.h>
#include <string.h>

#include "cli.h"

const struct cli_option cli_restore_options[] = {
	{ "passphrase-from", 0, "FILE", false,
	    "its first line; - is standard input" },
	{ "key", 0, "FILE", false,
	    "a private key (PKCS #8, DER), not this desk's" },
	{ "ledger-id", 0, "ID", false, "the ledger that it must be" },
	{ NULL, 0, NULL, false, NULL },
};

static int
unlock(struct cli *c, struct cseal_backup *b)
{
	const char *path = cli_option(c, "key");
	struct cseal_desk_key *key = NULL;
	struct cseal_buf word;
	int r = CSEAL_OK;

	cseal_buf_init(&word, CSEAL_PASSPHRASE_MAX + 2);
	if (cseal_backup_asks(b))
		r = cli_passphrase(c, false, &word);
	else if (path != NULL)
		r = cseal_desk_key_open(&key, path, false, &c->err);
	else if (cli_desk_key(c, false, &key) == CSEAL_ERR_NOT_FOUND)
		r = cli_error(c, CSEAL_ERR_NOT_FOUND, c->words[0],
		    "it opens with the key of a desk, and this desk has none "
		    "yet: name the key with --key");
	if (r == CSEAL_OK)
		r = cseal_backup_unlock(
		    b, key, cseal_buf_slice(&word), &c->err);
	cseal_desk_key_free(key);
	cseal_buf_free(&word);
	return r;
}

static int
check_id(struct cli *c, const struct cseal_backup_about *a)
{
	uint8_t id[CSEAL_HASH_BYTES];
	int r = cli_ledger_id(c, id);

	if (r != CSEAL_OK)
		return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
	if (memcmp(id, a->ledger, sizeof(id)) != 0)
		return cli_error(c, CSEAL_ERR_REFUSED, "--ledger-id",
		    "the backup is of another ledger; nothing was restored");
	return CSEAL_OK;
}

/* ---- what came of it ---- */

static const char *const file_words[] = {
	[CSEAL_RESTORED_NONE] = "none",
	[CSEAL_RESTORED_NEW] = "restored",
	[CSEAL_RESTORED_SAME] = "same",
	[CSEAL_RESTORED_OTHER] = "kept",
};

static int
tell_json(struct cli *c, const struct cseal_backup_about *a,
    const struct cseal_restored *out)
{
	json_t *o = json_pack("{s:s, s:s, s:o, s:o, s:s, s:s}", "act",
	    "restore", "site", cseal_site_name(out->site), "ledger",
	    cli_json_hex(a->ledger, sizeof(a->ledger)), "made",
	    cli_json_time(a->time), "desk_key", file_words[out->key], "person",
	    file_words[out->person]);

	if (o != NULL) {
		json_object_set_new(o, "head", cli_json_head(&out->head));
		json_object_set_new(o, "forgotten",
		    out->forgotten.size > 0 ? cli_json_head(&out->forgotten)
					    : json_null());
	}
	return cli_json(c, o);
}

static void
say_head(struct cli *c, const char *what, const struct cseal_head *h)
{
	char hex[2 * CSEAL_HASH_BYTES + 1];

	cseal_hex(h->root, sizeof(h->root), hex);
	cli_say(c, "%s %" PRIu64 " entries, root\n  %s\n", what, h->size, hex);
}

static void
say_desk(struct cli *c, const struct cseal_restored *out)
{
	if (out->key == CSEAL_RESTORED_NEW)
		cli_say(c, "The desk's key was restored, too.\n");
	if (out->key == CSEAL_RESTORED_OTHER)
		cli_say(c,
		    "This desk has another key, which stays: what was sent to "
		    "the old one cannot be read here.\n");
	if (out->person == CSEAL_RESTORED_OTHER)
		cli_say(c, "Who sits at this desk stays as it was.\n");
}

static int
tell(struct cli *c, const struct cseal_backup_about *a,
    const struct cseal_restored *out)
{
	char spoken[CSEAL_FINGERPRINT_BYTES], when[CLI_TIME_BYTES];

	if (c->json)
		return tell_json(c, a, out);
	cseal_fingerprint(a->ledger, spoken);
	cli_time(a->time, when);
	cli_say(c, "%s is restored from the backup of %s; all is verified.\n",
	    c->ledger.value, when);
	cli_say(c, "Fingerprint %s: is it your ledger's?\n", spoken);
	say_head(c, "It has", &out->head);
	if (out->forgotten.size > 0)
		say_head(c,
		    "This desk knew more of it, which other desks must have: "
		    "it forgot",
		    &out->forgotten);
	say_desk(c, out);
	if (out->site == CSEAL_SITE_RESTORED)
		cli_say(c,
		    "It appends nothing until every other desk has told what "
		    "it has.\nNext: counterseal send DIR; they receive and "
		    "send; counterseal receive DIR\n");
	else
		cli_say(c, "It is a replica. Next: counterseal receive DIR\n");
	return CLI_DONE;
}

static int
restore(struct cli *c, const struct cseal_backup *b)
{
	const struct cseal_restore_options o = { .ledger = c->ledger.value,
		.state_dir = c->state_dir,
		.machine = cli_machine(c),
		.replay = { .progress = cli_progress, .ctx = c },
		.notice = cli_notice,
		.ctx = c };
	struct cseal_restored out;
	int r = check_id(c, cseal_backup_about(b));

	if (r == CSEAL_OK)
		r = cli_ledger_folder(c);
	if (r == CSEAL_OK)
		r = cli_folder_make(c, c->state_dir);
	if (r == CSEAL_OK) {
		r = cseal_backup_restore(b, &o, &out, &c->err);
		cli_progress_end(c);
	}
	return r == CSEAL_OK ? tell(c, cseal_backup_about(b), &out)
			     : cli_fail(c, r);
}

int
cli_restore(struct cli *c)
{
	struct cseal_backup *b = NULL;
	int status, r;

	r = cseal_backup_open(&b, c->words[0], &c->err);
	if (r == CSEAL_OK)
		r = unlock(c, b);
	status = r == CSEAL_OK ? restore(c, b) : cli_fail(c, r);
	cseal_backup_free(b);
	return status;
}
