/* SPDX-License-Identifier: BSD-2-Clause */
/* verify: every seal, every rule, from the first entry on. */

#include <string.h>

#include "trust.h"

/* What a ledger id may be cut to: 80 bits, past guessing for a forger. */
#define ID_HEX_MIN    20
#define ID_BASE32_MIN 16
#define ID_BASE32_MAX 51

const struct cli_option cli_verify_options[] = {
	{ "ledger-id", 0, "ID", false, "the ledger that it must be" },
	{ "full", 0, NULL, false,
	    "check every seal again, whatever this desk remembers" },
	{ "panels", 0, NULL, false,
	    "print what each signer was shown again, and compare" },
	{ "attestation", 0, NULL, false,
	    "make the verdicts on keys again, and compare" },
	CLI_TRUST_OPTIONS,
	{ "sheet", 0, "FILE", false, "a sheet about it, to be printed" },
	{ NULL, 0, NULL, false, NULL },
};

/* An id as it was given: lower case, without the spaces people group it by. */
struct asked {
	char text[2 * CSEAL_HASH_BYTES + 1]; /* "" if none was given */
	bool looked;			     /* at what this desk remembers */
	bool unknown; /* and this desk remembered nothing of the ledger */
};

static int
read_asked(struct cli *c, struct asked *a)
{
	const char *id = cli_option(c, "ledger-id");
	size_t n = 0;

	memset(a, 0, sizeof(*a));
	for (; id != NULL && *id != '\0'; id++) {
		if (*id == ' ' || *id == '-')
			continue;
		if (n + 1 == sizeof(a->text))
			return cli_error(c, CSEAL_ERR_USAGE, "--ledger-id",
			    "is longer than a ledger id");
		a->text[n++] =
		    *id >= 'A' && *id <= 'Z' ? (char)(*id + 32) : *id;
	}
	a->text[n] = '\0';
	if (cli_option_given(c, "ledger-id") && n < ID_BASE32_MIN)
		return cli_error(c, CSEAL_ERR_USAGE, "--ledger-id",
		    "too short to tell one ledger from a forged one: give %d "
		    "hexadecimal digits or the fingerprint, or more",
		    ID_HEX_MIN);
	return CSEAL_OK;
}

static bool
is_asked(const struct asked *a, const struct cseal_state *s)
{
	char hex[2 * CSEAL_HASH_BYTES + 1];
	char words[ID_BASE32_MAX + 1];
	size_t n = strlen(a->text);

	if (n == 0)
		return true;
	if (cseal_state_size(s) == 0)
		return false;
	cseal_hex(cseal_state_ledger_id(s), CSEAL_HASH_BYTES, hex);
	cseal_base32(cseal_state_ledger_id(s), ID_BASE32_MAX, words);
	return (n >= ID_HEX_MIN && strncmp(hex, a->text, n) == 0) ||
	       (n <= ID_BASE32_MAX && strncmp(words, a->text, n) == 0);
}

static int
say_text(struct cli *c, struct cseal_buf *report, bool same)
{
	cli_put(c, cseal_buf_str(report));
	if (!same)
		cli_say(c, "ledger id: not the one you gave. This is another "
			   "ledger: do not rely on it.\n");
	return CLI_DONE;
}

static int
say_json(
    struct cli *c, struct cseal_buf *report, const struct asked *a, bool same)
{
	json_t *j = json_loads(cseal_buf_str(report), 0, NULL);

	json_object_set_new(j, "ledger_as_asked",
	    a->text[0] != '\0' ? json_boolean(same) : json_null());
	json_object_set_new(j, "known_before",
	    a->looked ? json_boolean(!a->unknown) : json_null());
	if (!same)
		json_object_set_new(j, "valid", json_false());
	return cli_json(c, j);
}

/* Paper is made of what stands, and of the ledger that was meant. */
static int
write_sheet(struct cli *c, const struct cseal_replay *r, bool same)
{
	const char *path = cli_option(c, "sheet");

	if (path == NULL)
		return CSEAL_OK;
	if (same && cseal_replay_clean(r))
		return cli_sheet_write(c, cseal_replay_state(r), path);
	cli_warn(
	    c, "%s: no sheet is written of a ledger that does not stand", path);
	return CSEAL_OK;
}

static int
tell(struct cli *c, const struct cseal_replay *r, const struct asked *a)
{
	const struct cseal_report *format;
	struct cseal_buf out;
	bool same = is_asked(a, cseal_replay_state(r));
	int status, e;

	if ((e = write_sheet(c, r, same)) != CSEAL_OK)
		return cli_fail(c, e);
	cseal_buf_init(&out, 0);
	format = cseal_report_find(c->json ? "json" : "text");
	if ((e = format->render(r, &out)) != CSEAL_OK)
		status = cli_fail(c, e);
	else if (c->json)
		status = say_json(c, &out, a, same);
	else
		status = say_text(c, &out, same);
	cseal_buf_free(&out);
	if (status == CLI_DONE && (!same || !cseal_replay_clean(r)))
		status = CLI_NO;
	return status;
}

/*
 * In order by itself is also a ledger that somebody else made, or that was cut
 * short: nothing but an id or a head from elsewhere tells them apart.
 */
static void
warn_unknown(struct cli *c, const struct asked *a, const char *where)
{
	if (a->text[0] == '\0')
		cli_warn(c,
		    "%s: this desk remembered nothing of this ledger, so that "
		    "another one, or a part of one, looks the same: give "
		    "--ledger-id, and compare the head with another desk's or "
		    "a checkpoint",
		    where);
}

/* A file that was named is looked at; the desk's own ledger is remembered. */
static int
replay_known(struct cli *c, const char *where, struct cseal_ledger *l,
    const struct cseal_replay_options *o, struct asked *a,
    struct cseal_replay **r)
{
	const struct cseal_memory_options m = {
		.state_dir = cli_option_given(c, "full")
				 ? NULL
				 : cli_memory_folder(c, where),
		.ledger = where,
		.look = c->n_words > 0,
		.notice = cli_notice,
		.ctx = c,
	};
	struct cseal_memory *memory = NULL;
	int e;

	if (m.state_dir == NULL)
		return cseal_replay_new(r, l, o, &c->err);
	e = cseal_memory_open(&memory, l, &m, &c->err);
	a->looked = e == CSEAL_OK;
	a->unknown = a->looked && cseal_memory_head(memory) == NULL;
	if (a->unknown)
		warn_unknown(c, a, where);
	if (e == CSEAL_OK)
		e = cseal_memory_verify(memory, r, l, o, &c->err);
	if (e == CSEAL_OK)
		(void)cseal_memory_save(memory, *r);
	cseal_memory_free(memory);
	return e;
}

/* What can be looked at beside the entries' own order. */
static int
recheck(struct cli *c, const struct cli_trust *t, struct cseal_replay *r,
    struct cseal_ledger *l)
{
	int e = cseal_replay_recheck(r, l, &c->err);

	if (e == CSEAL_OK && cli_option_given(c, "attestation"))
		e = cseal_replay_recheck_keys(r, l, &t->trust, &c->err);
	if (e == CSEAL_OK && cli_option_given(c, "panels"))
		e = cseal_replay_shown(r, l, &c->err);
	return e;
}

static int
replay(struct cli *c, const char *where, const struct cli_trust *t,
    struct asked *a)
{
	struct cseal_replay_options o = { .progress = cli_progress, .ctx = c };
	struct cseal_replay *r = NULL;
	struct cseal_ledger *l = NULL;
	int status, e;

	e = cseal_ledger_open(&l, where, CSEAL_LEDGER_READ, &c->err);
	if (e == CSEAL_OK)
		e = replay_known(c, where, l, &o, a, &r);
	if (e == CSEAL_OK)
		e = recheck(c, t, r, l);
	cli_progress_end(c);
	/*
	 * Whatever keeps it from being read, it is the ledger that fails; that
	 * it is another one than this desk knows is an answer.
	 */
	if (e == CSEAL_OK)
		status = tell(c, r, a);
	else if (e == CSEAL_ERR_VIOLATION)
		status = cli_fail(c, e);
	else
		status = cli_fail_as(c, e, CLI_FILE);
	cseal_replay_free(r);
	cseal_ledger_close(l);
	return status;
}

/* Whoever gives roots means them to be used. */
static int
read_trust(struct cli *c, struct cli_trust *t)
{
	static const char *const names[] = { "roots", "metadata",
		"metadata-root" };

	if (cli_option_given(c, "attestation"))
		return cli_trust_read(c, t, false);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (cli_option_given(c, names[i]))
			return cli_error(c, CSEAL_ERR_USAGE, "verify",
			    "--%s is for --attestation: give that too",
			    names[i]);
	}
	return CSEAL_OK;
}

int
cli_verify(struct cli *c)
{
	struct cli_trust trust = { .roots = NULL };
	struct asked a;
	int r;

	if ((r = read_asked(c, &a)) != CSEAL_OK ||
	    (r = read_trust(c, &trust)) != CSEAL_OK ||
	    (cli_option_given(c, "sheet") &&
		(r = cli_file_new(c, cli_option(c, "sheet"))) != CSEAL_OK)) {
		cli_trust_free(&trust);
		return cli_fail(c, r);
	}
	r = replay(
	    c, c->n_words > 0 ? c->words[0] : c->ledger.value, &trust, &a);
	cli_trust_free(&trust);
	return r;
}
