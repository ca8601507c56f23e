/* SPDX-License-Identifier: BSD-2-Clause */
/* gate: may a program enter this change now, with these values? */
#include <stdlib.h>
#include <string.h>

#include "reading.h"

#define AGE_MAX UINT64_C(1000000000) /* seconds */

const struct cli_option cli_gate_options[] = {
	{ "from", 0, "FILE", false, "the values; - is standard input" },
	{ "ledger-id", 0, "ID", false, "the ledger that it must be" },
	{ "max-age", 0, "DURATION", false,
	    "of the newest entry, at most: 90s, 30m, 4h, 2d" },
	{ "allow-demo", 0, NULL, false, "a demonstration will do" },
	{ "allow-unproven", 0, NULL, false,
	    "so will keys that are not proven to be hardware" },
	{ NULL, 0, NULL, false, NULL },
};

struct gate {
	struct cli *c;
	struct cseal_desk *d;
	const struct cseal_state_change *h;
	struct cseal_change given;
	uint8_t ledger[CSEAL_HASH_BYTES];
	struct cseal_gate_question q;
	struct cseal_gate answer;
};

/* ---- what is asked ---- */

static const struct {
	const char *unit;
	uint64_t seconds;
} units[] = {
	{ "s", 1 },
	{ "m", 60 },
	{ "h", 3600 },
	{ "d", 86400 },
};

static int
read_age(struct gate *g)
{
	const char *word = cli_option(g->c, "max-age");
	unsigned long long n;
	char *end = NULL;

	if (word == NULL)
		return CSEAL_OK;
	n = word[0] >= '1' && word[0] <= '9' ? strtoull(word, &end, 10) : 0;
	for (size_t i = 0; n > 0 && i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(end, units[i].unit) != 0 ||
		    n > AGE_MAX / units[i].seconds)
			continue;
		g->q.has_max_age = true;
		g->q.max_age = n * units[i].seconds;
		return CSEAL_OK;
	}
	return cli_error(g->c, CSEAL_ERR_USAGE, "--max-age",
	    "is written 90s, 30m, 4h or 2d");
}

static int
read_options(struct gate *g)
{
	int r = cli_ledger_id(g->c, g->ledger);

	if (r != CSEAL_OK && r != CSEAL_ERR_NOT_FOUND)
		return r;
	g->q.ledger = r == CSEAL_OK ? g->ledger : NULL;
	g->q.allow_demo = cli_option_given(g->c, "allow-demo");
	g->q.allow_unproven = cli_option_given(g->c, "allow-unproven");
	return read_age(g);
}

/* A change that removes has no values, and every other one has some. */
static int
read_values(struct gate *g)
{
	const char *from = cli_option(g->c, "from");
	int r;

	r = cseal_change_init(&g->given, g->h->kind->name, g->h->op,
	    g->h->store, g->h->slot, &g->c->err);
	if (r != CSEAL_OK || g->h->kind->authority)
		return r;
	if (from != NULL)
		return cli_change_lines(g->c, &g->given, from);
	return g->h->op == CSEAL_OP_REMOVE
		   ? CSEAL_OK
		   : cli_error(g->c, CSEAL_ERR_USAGE, "--from",
			 "is needed: the values that are to be entered, in "
			 "lines FIELD: VALUE; - is standard input");
}

/* ---- what is answered ---- */

static void
say(const struct gate *g, const char *name)
{
	if (g->answer.n == 0)
		cli_say(g->c, "yes: #%s may be entered now.\n", name);
	for (size_t i = 0; i < g->answer.n; i++) {
		const struct cseal_field *f = g->answer.no[i].field;
		const enum cseal_gate_reason r = g->answer.no[i].reason;

		cli_say(g->c, "no: %s%s%s: %s\n", cseal_gate_code(r),
		    f != NULL ? " " : "", f != NULL ? f->name : "",
		    cseal_gate_sentence(r));
	}
}

static json_t *
reasons_json(const struct gate *g)
{
	json_t *list = json_array();

	for (size_t i = 0; i < g->answer.n; i++) {
		const struct cseal_field *f = g->answer.no[i].field;
		const enum cseal_gate_reason r = g->answer.no[i].reason;

		json_array_append_new(list,
		    json_pack("{s:s, s:s?, s:s}", "code", cseal_gate_code(r),
			"field", f != NULL ? f->name : NULL, "sentence",
			cseal_gate_sentence(r)));
	}
	return list;
}

static json_t *
time_json(uint64_t t)
{
	return t != CSEAL_TIME_NEVER ? cli_json_time(t) : json_null();
}

static json_t *
to_json(const struct gate *g)
{
	const struct cseal_state *s = cseal_desk_state(g->d);
	const struct cseal_head head = cseal_state_head(s);
	json_t *j = reading_change_json(g->d, g->h);

	json_object_set_new(j, "gate", json_boolean(g->answer.n == 0));
	json_object_set_new(j, "reasons", reasons_json(g));
	json_object_set_new(j, "opens", time_json(g->answer.opens));
	json_object_set_new(j, "closes", time_json(g->answer.closes));
	json_object_set_new(j, "ledger",
	    cli_json_hex(cseal_state_ledger_id(s), CSEAL_HASH_BYTES));
	json_object_set_new(j, "head", cli_json_head(&head));
	json_object_set_new(j, "head_time", time_json(g->answer.head_clock));
	return j;
}

static int
tell(const struct gate *g)
{
	char name[CSEAL_CHANGE_NAME_BYTES];
	int status = CLI_DONE;

	cseal_change_name(g->h, name);
	if (g->c->json)
		status = cli_json(g->c, to_json(g));
	else
		say(g, name);
	return status == CLI_DONE && g->answer.n > 0 ? CLI_NO : status;
}

int
cli_gate(struct cli *c)
{
	struct gate g = { .c = c };
	int r, status;

	if ((r = read_options(&g)) == CSEAL_OK &&
	    (r = cli_desk_open(c, false, &g.d)) == CSEAL_OK &&
	    (r = cli_change_find(
		 c, cseal_desk_state(g.d), c->words[0], &g.h)) == CSEAL_OK &&
	    (r = read_values(&g)) == CSEAL_OK)
		r = cseal_desk_gate(
		    g.d, g.h->index, &g.given, &g.q, &g.answer, &c->err);
	status = r == CSEAL_OK ? tell(&g) : cli_fail(c, r);
	cseal_change_free(&g.given);
	cseal_desk_close(g.d);
	return status;
}
