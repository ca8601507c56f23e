/* SPDX-License-Identifier: BSD-2-Clause */
/* What is shown, from the command line or from a person at a terminal. */
#include "observe.h"

#include <string.h>

#define TRIES 3

static int
ask_once(struct cli *c, struct cseal_observation *o, const char *name,
    const char *prompt)
{
	struct cseal_buf b;
	int r;

	cseal_buf_init(&b, 0);
	r = cli_ask(c, prompt, true, &b);
	if (r == CSEAL_OK && b.len > 0)
		r = cseal_observation_set(
		    o, name, strlen(name), b.data, b.len, &c->err);
	cseal_buf_free(&b);
	return r;
}

/* What cannot be is told, and asked for again. */
static int
ask(struct cli *c, struct cseal_observation *o, const char *name,
    const char *label, const char *how)
{
	char prompt[160];
	int r = CSEAL_ERR_INPUT;

	snprintf(prompt, sizeof(prompt),
	    "  %s%s [Enter if it is not shown]: ", label, how);
	for (int i = 0; i < TRIES; i++) {
		r = ask_once(c, o, name, prompt);
		if (r != CSEAL_ERR_INPUT)
			break;
		if (i + 1 < TRIES)
			cli_note_error(c);
	}
	return r;
}

static int
ask_field(
    struct cli *c, struct cseal_observation *o, const struct cseal_field *f)
{
	char name[CSEAL_OBSERVED_NAME_BYTES];

	if (!cseal_field_has_tail(f) || cli_option_given(c, "whole"))
		return ask(c, o, f->name, f->label, "");
	snprintf(name, sizeof(name), "%s_tail", f->name);
	return ask(c, o, name, f->label, ", its last 3 or more");
}

/* The number or address, then the name and the country. */
static int
ask_all(struct cli *c, struct cseal_observation *o)
{
	const struct cseal_kind *k = o->kind;
	int r = CSEAL_OK;

	for (size_t i = 0; k != NULL && i < k->n_fields && r == CSEAL_OK; i++) {
		if (k->fields[i].account)
			r = ask_field(c, o, &k->fields[i]);
	}
	for (size_t i = 0; k != NULL && i < k->n_fields && r == CSEAL_OK; i++) {
		if (!k->fields[i].account && k->fields[i].required)
			r = ask_field(c, o, &k->fields[i]);
	}
	if (k == NULL) {
		r = ask(c, o, "tail", "Account number", ", its last 3 or more");
		if (r == CSEAL_OK)
			r = ask(c, o, "holder", "Account holder", "");
	}
	if (r == CSEAL_OK && strcmp(o->slot, "payout") == 0 &&
	    (k == NULL || cseal_kind_field(k, "country", 7) == NULL))
		r = ask(c, o, "country", "Country", ", two letters");
	return r;
}

static int
ask_person(struct cli *c, struct cseal_observation *o)
{
	if (!cli_terminal(c))
		return cli_error(c, CSEAL_ERR_USAGE, "observe",
		    "what does the console show? give FIELD=VALUE, such as "
		    "tail=3417, or --from FILE");
	cli_note(c, "  What does the console of %s show in %s?\n", o->store,
	    o->slot);
	return ask_all(c, o);
}

int
observe_words(struct observe *v)
{
	struct observe_reading *reading;
	struct cli *c = v->c;
	const char *source = cli_option(c, "source");
	int r;

	r = observe_add(v, cli_option(c, "kind"), cli_option(c, "store"),
	    cli_option(c, "slot"), false, &reading);
	if (r != CSEAL_OK)
		return r;
	if (source != NULL && strlen(source) >= sizeof(reading->source))
		return cli_error(c, CSEAL_ERR_INPUT, "source",
		    "has at most %d characters", OBSERVE_SOURCE_BYTES - 1);
	if (source != NULL)
		snprintf(
		    reading->source, sizeof(reading->source), "%s", source);
	reading->o.empty = cli_option_given(c, "empty");
	reading->o.funds = cli_option_given(c, "funds");
	for (size_t i = 0; i < c->n_words && r == CSEAL_OK; i++)
		r = cseal_observation_set_word(
		    &reading->o, c->words[i], &c->err);
	if (r == CSEAL_OK && c->n_words == 0 && !reading->o.empty)
		r = ask_person(c, &reading->o);
	return r;
}
