/* SPDX-License-Identifier: BSD-2-Clause */
/* receive: what other desks sent; the first time, a replica of their ledger. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exchange.h"

const struct cli_option cli_receive_options[] = {
	{ "ledger-id", 0, "ID", false,
	    "the ledger to be joined, as its founder told it" },
	{ "follow", 'f', NULL, false,
	    "go on, and send too, whenever the folder moves" },
	{ NULL, 0, NULL, false, NULL },
};

/* ---- the first time ---- */

/* The ledgers that are there to be joined. */
struct choice {
	struct cli *c;
	uint8_t id[CSEAL_HASH_BYTES];
	struct cseal_buf org;
	unsigned n;
};

static int
choose(void *ctx, const uint8_t id[CSEAL_HASH_BYTES], struct cseal_slice org)
{
	struct choice *k = ctx;

	if (k->n++ > 0)
		return CSEAL_OK;
	memcpy(k->id, id, sizeof(k->id));
	return cseal_text_safe(&k->org, org.data, org.len, 0);
}

/* Who takes the first ledger that comes along may take a forger's. */
static int
confirm(const struct choice *k)
{
	char spoken[CSEAL_FINGERPRINT_BYTES];
	struct cli *c = k->c;
	struct cseal_buf org = k->org;
	int r;

	if (!cli_terminal(c))
		return cli_error(c, CSEAL_ERR_USAGE, "--ledger-id",
		    "is needed where there is no terminal: the id that init "
		    "printed");
	cseal_fingerprint(k->id, spoken);
	cli_note(c,
	    "There is no ledger here yet. The files are of:\n"
	    "  %s\n  fingerprint %s\n"
	    "Let who founded it read the fingerprint to you.\n",
	    cseal_buf_str(&org), spoken);
	r = cli_confirm(c, "Is it the same?");
	return r != CSEAL_ERR_CANCELLED
		   ? r
		   : cli_error(c, r, "", "not confirmed; nothing was taken");
}

static int
find_ledger(struct choice *k, const char *from)
{
	struct cli *c = k->c;
	int r = cli_ledger_id(c, k->id);

	if (r != CSEAL_ERR_NOT_FOUND)
		return r;
	r = cseal_exchange_look(from, choose, k, &c->err);
	if (r != CSEAL_OK)
		return r;
	if (k->n == 0)
		return cli_error(c, CSEAL_ERR_NOT_FOUND, from,
		    "there is no ledger here yet, and the beginning of none is "
		    "there: let the home send");
	if (k->n > 1)
		return cli_error(c, CSEAL_ERR_USAGE, "--ledger-id",
		    "is needed: there are files of %u ledgers", k->n);
	return confirm(k);
}

static int
join(struct cli *c, const char *from)
{
	struct choice k = { .c = c };
	int r;

	cseal_buf_init(&k.org, 1024);
	r = find_ledger(&k, from);
	if (r == CSEAL_OK)
		r = cli_ledger_folder(c);
	if (r == CSEAL_OK)
		r = cseal_exchange_join(
		    c->ledger.value, from, k.id, cli_machine(c), &c->err);
	cseal_buf_free(&k.org);
	return r;
}

/*
 * Whoever lost the file remembers more than its first entry: what is there
 * comes first, and is then compared with what this desk remembers. A ledger
 * that does not stand that is not left behind.
 */
static int
begin(struct exchange_tale *t, const char *from)
{
	struct cli *c = t->c;
	int r = join(c, from);

	if (r != CSEAL_OK)
		return r;
	r = cli_desk_open_new(c, &t->d);
	if (r == CSEAL_OK)
		r = cseal_exchange_receive(
		    t->d, from, exchange_tell, t, &c->err);
	cseal_desk_close(t->d);
	t->d = NULL;
	/* History is no news. */
	json_array_clear(t->came);
	if (r == CSEAL_OK)
		r = cli_desk_open(c, true, &t->d);
	if (r != CSEAL_OK)
		(void)unlink(c->ledger.value);
	return r;
}

/* ---- every time ---- */

/* "2 entries came, 1 appended; the ledger has 7." */
static void
say_counts(const struct exchange_tale *t)
{
	const uint64_t came =
	    t->n[CSEAL_EXCHANGE_ENTRY] + t->n[CSEAL_EXCHANGE_ARRIVED];
	const uint64_t appended = t->n[CSEAL_EXCHANGE_APPENDED];
	const uint64_t opened = t->n[CSEAL_EXCHANGE_OPENED];
	const uint64_t size = cseal_state_size(cseal_desk_state(t->d));
	struct cli *c = t->c;

	if (came > 0)
		cli_say(c, "%" PRIu64 " entr%s came", came,
		    came == 1 ? "y" : "ies");
	if (appended > 0)
		cli_say(c, "%s%" PRIu64 " appended", came > 0 ? ", " : "",
		    appended);
	if (came > 0 || appended > 0)
		cli_say(c, "; the ledger has %" PRIu64 ".\n", size);
	else if (opened > 0)
		cli_say(c, "Values of %" PRIu64 " entr%s came.\n", opened,
		    opened == 1 ? "y" : "ies");
	else if (t->n[CSEAL_EXCHANGE_REFUSED] == 0)
		cli_say(c, "Nothing new; the ledger has %" PRIu64 ".\n", size);
}

static int
tell(struct exchange_tale *t, const char *from)
{
	struct cli *c = t->c;
	uint64_t waiting;
	int r;

	if (c->json)
		return cli_json(c, exchange_json(t, "receive"));
	say_counts(t);
	if ((r = exchange_waiting(c, t->d, &waiting)) != CSEAL_OK)
		return cli_fail(c, r);
	if (waiting > 0 || t->n[CSEAL_EXCHANGE_APPENDED] > 0)
		cli_say(c, "Next: counterseal send %s\n", from);
	return CLI_DONE;
}

static int
run(struct exchange_tale *t, const char *from)
{
	struct cli *c = t->c;
	int r;

	if (cli_option_given(c, "follow"))
		return exchange_follow(t, from);
	r = cseal_exchange_receive(t->d, from, exchange_tell, t, &c->err);
	exchange_hooks(t);
	return r == CSEAL_OK ? tell(t, from) : cli_fail(c, r);
}

int
cli_receive(struct cli *c)
{
	const char *from = c->words[0];
	struct exchange_tale t;
	int status, r;

	exchange_tale_init(&t, c, NULL);
	r = access(c->ledger.value, F_OK) != 0 ? begin(&t, from)
					       : cli_desk_open(c, true, &t.d);
	status = r == CSEAL_OK ? run(&t, from) : cli_fail(c, r);
	cseal_desk_close(t.d);
	exchange_tale_free(&t);
	return status;
}
