/* SPDX-License-Identifier: BSD-2-Clause */
#include "request.h"

#include <string.h>

const struct cli_option cli_request_options[] = {
	{ "store", 0, "ALIAS", false, "the store it is about" },
	{ "slot", 0, "SLOT", false, "its place, if not the kind's own" },
	{ "op", 0, "OP", false,
	    "replace (if not given), add, remove, baseline" },
	{ "from", 0, "FILE", false,
	    "lines \"FIELD: VALUE\", or JSON; - is standard input" },
	{ "replaces", 0, "N", false,
	    "instead of your open change N, with its values" },
	CLI_EVIDENCE_OPTIONS,
	{ NULL, 0, NULL, false, NULL },
};

/* Empty change of the command line's kind, place and operation. */
static int
begin(struct cli *c, struct cseal_change *ch)
{
	const char *op = cli_option(c, "op");
	const char *store = cli_option(c, "store");
	const struct cseal_kind *kind;

	if (c->n_words == 0)
		return cli_error(c, CSEAL_ERR_USAGE, "request",
		    "something is missing: it is used as `counterseal request "
		    "KIND --store ALIAS ...`, or with --replaces N");
	kind = cseal_kind_find(c->words[0], strlen(c->words[0]));
	if (kind != NULL && kind->authority)
		return cli_error(c, CSEAL_ERR_USAGE, kind->name,
		    "is asked for by a command of its own: "
		    "see counterseal key --help");
	if (store == NULL)
		return cli_error(c, CSEAL_ERR_USAGE, "--store",
		    "is needed: the alias of the store");
	if (op != NULL && cseal_op_find(op) == 0)
		return cli_error(c, CSEAL_ERR_USAGE, "--op",
		    "no such operation; it is replace, add, remove or "
		    "baseline");
	return cseal_change_init(ch, c->words[0],
	    op != NULL ? cseal_op_find(op) : 0, store, cli_option(c, "slot"),
	    &c->err);
}

int
request_begin(struct request *q, const char *word)
{
	struct cli *c = q->c;
	int r = cli_evidence_gather(c, &q->given, false);

	return r == CSEAL_OK ? cli_act_begin(c, &q->act, word) : r;
}

int
request_rest(struct request *q)
{
	const struct cseal_policy_change *rules = cseal_policy_change(
	    cseal_state_policy(cseal_desk_state(q->act.desk)), q->change.kind);
	struct cli *c = q->c;

	q->needs_reason = rules != NULL &&
			  (rules->evidence & CSEAL_WANT_REASON) != 0 &&
			  q->change.reason.len == 0;
	if (q->needs_reason && !q->ask)
		return cli_error(c, CSEAL_ERR_USAGE, "reason",
		    "is demanded by the policy: reason=\"...\" on the command "
		    "line, or a line of the file");
	return cli_evidence_number(c, &q->given);
}

int
request_gather(struct request *q, size_t first)
{
	struct cli *c = q->c;
	const char *from = cli_option(c, "from");
	int r = CSEAL_OK;

	for (size_t i = first; i < c->n_words && r == CSEAL_OK; i++)
		r = cseal_change_set_word(&q->change, c->words[i], &c->err);
	if (r == CSEAL_OK && from != NULL)
		r = cli_change_lines(c, &q->change, from);
	q->ask = from == NULL && cli_terminal(c);
	return r;
}

static int
request(struct request *q)
{
	struct cli *c = q->c;
	int r;

	r = begin(c, &q->change);
	if (r == CSEAL_OK)
		r = request_gather(q, 1);
	if (r == CSEAL_OK && !q->ask && !cli_option_given(c, "from"))
		r = request_check(q);
	if (r == CSEAL_OK && !q->ask)
		r = cseal_change_close(&q->change, &c->err);
	/* Nobody types an account for nothing: is there a key, and may it? */
	if (r == CSEAL_OK)
		r = request_begin(q, NULL);
	if (r == CSEAL_OK)
		r = cseal_desk_may_request(
		    q->act.desk, q->act.key.number, &q->change, &c->err);
	if (r == CSEAL_OK)
		r = request_rest(q);
	if (r == CSEAL_OK && q->ask)
		r = request_ask(q);
	if (r == CSEAL_OK && q->ask)
		r = cseal_change_close(&q->change, &c->err);
	if (r == CSEAL_OK)
		cli_act_notes(c, &q->act, &q->change);
	if (r == CSEAL_OK)
		r = cseal_draft_request(&q->act.draft, q->act.desk,
		    q->act.key.number, &q->change, &q->given, &c->err);
	if (r == CSEAL_OK)
		r = cli_act_seal(c, &q->act);
	return r;
}

int
cli_request(struct cli *c)
{
	struct request q = {
		.c = c,
		.act = {
			.name = "request",
			.why = "to ask for this change",
			.done = "asked for by",
		},
	};
	int r;

	r = cli_option_given(c, "replaces") ? request_replace(&q) : request(&q);
	cseal_change_free(&q.change);
	cseal_change_free(&q.old);
	cseal_evidence_free(&q.given);
	return cli_act_end(c, &q.act, r);
}
