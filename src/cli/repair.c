/* SPDX-License-Identifier: BSD-2-Clause */
/* repair: junk at the ledger's end is cut off, and kept. */

#include <inttypes.h>
#include <time.h>

#include "cli.h"

const struct cli_option cli_repair_options[] = {
	{ "yes", 0, NULL, false, "do not ask whether to cut" },
	{ NULL, 0, NULL, false, NULL },
};

static const char *
plural(uint64_t n)
{
	return n == 1 ? "y" : "ies";
}

/* What is wrong, and what would be done about it. */
static void
show(struct cli *c, const struct cseal_repair *r)
{
	const struct cseal_head head = cseal_state_head(cseal_repair_state(r));
	const uint64_t n = cseal_repair_entries(r);
	char root[2 * CSEAL_HASH_BYTES + 1];

	cli_note(c, "%s\n", cseal_repair_reason(r));
	if (cseal_repair_altered(r))
		cli_note(c,
		    "It is not what was stored when it was appended: somebody "
		    "altered it.\nA backup may have it whole; restore that "
		    "rather than cut.\n");
	if (n > 0)
		cli_note(c,
		    "To be cut: %" PRIu64 " entr%s, from entry %" PRIu64
		    " on.\n",
		    n, plural(n), head.size);
	cseal_hex(head.root, sizeof(head.root), root);
	cli_note(c, "What stays: %" PRIu64 " entr%s, root\n  %s\n", head.size,
	    plural(head.size), root);
}

static int
confirm(struct cli *c)
{
	int r;

	if (cli_option_given(c, "yes"))
		return CSEAL_OK;
	if (!cli_terminal(c))
		return cli_error(c, CSEAL_ERR_USAGE, "--yes",
		    "is needed where there is no terminal to ask on");
	r = cli_confirm(c, "Cut it off?");
	if (r == CSEAL_ERR_CANCELLED)
		r = cli_error(c, r, "", "not confirmed; nothing was cut");
	return r;
}

static int
tell_json(struct cli *c, const struct cseal_repair *r, bool cut)
{
	const struct cseal_head head = cseal_state_head(cseal_repair_state(r));
	const struct cseal_finding *f = cseal_repair_finding(r);
	const uint64_t n = cseal_repair_entries(r);
	json_t *o;

	o = json_pack("{s:s, s:I, s:o, s:s, s:o, s:o}", "act", "repair", "cut",
	    (json_int_t)n, "from",
	    n > 0 ? json_integer((json_int_t)head.size) : json_null(), "reason",
	    cseal_repair_reason(r), "code",
	    f != NULL ? json_string(f->rule->code) : json_null(), "file",
	    cut ? json_string(cseal_repair_file(r)) : json_null());
	json_object_set_new(o, "head", cli_json_head(&head));
	return cli_json(c, o);
}

static int
tell(struct cli *c, const struct cseal_repair *r, bool cut)
{
	const uint64_t left = cseal_state_size(cseal_repair_state(r));
	const uint64_t n = cseal_repair_entries(r);

	if (c->json)
		return tell_json(c, r, cut);
	if (!cut) {
		cli_say(c,
		    "Nothing is to be cut: all %" PRIu64
		    " entries of the ledger stand.\n",
		    left);
		return CLI_DONE;
	}
	if (n > 0)
		cli_say(c,
		    "Cut %" PRIu64 " entr%s, from entry %" PRIu64 " on.\n", n,
		    plural(n), left);
	cli_say(c, "Kept in %s\n", cseal_repair_file(r));
	cli_say(c, "The ledger has %" PRIu64 " entr%s.\n", left, plural(left));
	return CLI_DONE;
}

/* What this desk has verified was altered since, and is not cut off. */
static int
check_memory(struct cli *c, const struct cseal_repair *r)
{
	const struct cseal_memory_options o = {
		.state_dir = cli_memory_folder(c, c->ledger.value),
		.ledger = c->ledger.value,
		.look = true,
		.notice = cli_notice,
		.ctx = c,
	};
	const struct cseal_head *head;
	struct cseal_memory *m = NULL;
	struct cseal_ledger *l = NULL;
	int e;

	if (o.state_dir == NULL)
		return CSEAL_OK;
	e = cseal_ledger_open(&l, o.ledger, CSEAL_LEDGER_READ, &c->err);
	if (e == CSEAL_OK)
		e = cseal_memory_open(&m, l, &o, &c->err);
	if (e == CSEAL_OK && (head = cseal_memory_head(m)) != NULL)
		e = cseal_repair_check(r, head, &c->err);
	cseal_memory_free(m);
	cseal_ledger_close(l);
	return e;
}

static int
run(struct cli *c, struct cseal_repair *r)
{
	const bool needed = cseal_repair_needed(r);
	int e = CSEAL_OK;

	if (needed && (e = check_memory(c, r)) == CSEAL_OK) {
		show(c, r);
		e = confirm(c);
	}
	if (e == CSEAL_OK && needed)
		e = cseal_repair_cut(r, (uint64_t)time(NULL), &c->err);
	return e == CSEAL_OK ? tell(c, r, needed) : cli_fail(c, e);
}

int
cli_repair(struct cli *c)
{
	const struct cseal_repair_options o = {
		.ledger = c->ledger.value,
		.replay = { .progress = cli_progress, .ctx = c },
	};
	struct cseal_repair *r = NULL;
	int status, e;

	e = cseal_repair_new(&r, &o, &c->err);
	cli_progress_end(c);
	if (e == CSEAL_OK)
		status = run(c, r);
	else if (e == CSEAL_ERR_REFUSED)
		status = cli_fail(c, e);
	else
		status = cli_fail_as(c, e, CLI_FILE);
	cseal_repair_free(r);
	return status;
}
