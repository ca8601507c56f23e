/* SPDX-License-Identifier: BSD-2-Clause */
/* show: one change, how it stands, and what comes next. */

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "show.h"

#define LABEL_COLUMN 20 /* where what stands behind a label begins */

const struct cli_option cli_show_options[] = {
	{ "full", 0, NULL, false, "show secret values whole, on a terminal" },
	{ "shown", 0, NULL, false,
	    "what each signer was shown, on a terminal" },
	{ "evidence", 0, "NAME", false,
	    "write a file given as evidence out again, with -o" },
	{ "output", 'o', "FILE", false, "the new file that it is written to" },
	{ NULL, 0, NULL, false, NULL },
};

static void
say_line(const struct show *w, const char *label, const char *text)
{
	cli_say(w->c, "  %-*s %s\n", LABEL_COLUMN - 3, label, text);
}

static void
say_when(const struct show *w, const char *verb, const char *who,
    uint64_t clock, uint64_t entry)
{
	char label[64], when[CLI_TIME_BYTES], text[128];

	cli_time(clock, when);
	snprintf(label, sizeof(label), "%s by %s", verb, who);
	snprintf(
	    text, sizeof(text), "%s (claimed), entry %" PRIu64, when, entry);
	say_line(w, label, text);
}

static void
say_doubt(const struct show *w, const struct cseal_revocation *v)
{
	char when[CLI_TIME_BYTES], text[128];

	cli_time(v->lost_since, when);
	say_line(w, "lost since", when);
	snprintf(text, sizeof(text), "what it sealed from entry %" PRIu64 " on",
	    v->lost_size);
	say_line(w, "in doubt", text);
}

/* What an authority change is about stands in clear in its detail. */
static void
say_detail(const struct show *w)
{
	const struct cseal_request *q = &w->h->request->u.request;
	struct cseal_revocation v;
	struct cseal_key k;
	const char *word;
	char text[128];

	if (!q->has_detail)
		return;
	if (w->h->kind->detail == CSEAL_DETAIL_KEY_ADD &&
	    cseal_key_parse(&k, q->detail) == CSEAL_OK) {
		word = cseal_word_name(cseal_verdicts, k.verdict.level);
		snprintf(text, sizeof(text), "of %.*s, hardware proof: %s",
		    (int)k.handle.len, (const char *)k.handle.data,
		    word != NULL ? word : "?");
		say_line(w, "new key", text);
	} else if (w->h->kind->detail == CSEAL_DETAIL_KEY_REVOKE &&
		   cseal_revocation_parse(&v, q->detail) == CSEAL_OK) {
		word = cseal_word_name(cseal_reasons, v.reason);
		snprintf(text, sizeof(text), "%" PRIu64 " of %s: %s", v.key,
		    reading_person(w->s, v.key), word != NULL ? word : "?");
		say_line(w, "key to revoke", text);
		if (v.has_lost)
			say_doubt(w, &v);
	}
}

static int
say_reason(const struct show *w)
{
	struct cseal_buf reason;
	bool known;
	int r;

	cseal_buf_init(&reason, CSEAL_VALUE_MAX);
	r = reading_reason(w->c, w->d, w->h, &reason, &known);
	if (r == CSEAL_OK && known) {
		cli_say(w->c, "  reason\n");
		reading_wrap(w->c, 4, cseal_buf_str(&reason));
	}
	cseal_buf_free(&reason);
	return r;
}

static void
say_people(const struct show *w)
{
	const struct cseal_state_approval *a;

	say_when(w, "asked", reading_handle(w->s, w->h->requester), w->h->clock,
	    w->h->index);
	for (size_t i = 0; i < w->h->n_approvals; i++) {
		a = &w->h->approvals[i];
		say_when(w, "approved", reading_handle(w->s, a->person),
		    a->clock, a->entry);
	}
}

static void
say_next(const struct show *w)
{
	char command[READING_COMMAND_BYTES];

	reading_command(w->d, w->h, command);
	if (command[0] != '\0')
		say_line(w, "next", command);
}

static int
say(const struct show *w)
{
	char name[CSEAL_CHANGE_NAME_BYTES], place[READING_PLACE_BYTES];
	struct cseal_buf sentence;
	const char *op = cseal_op_name(w->h->op);
	int r;

	cseal_buf_init(&sentence, 0);
	r = reading_sentence(w->c, w->d, w->h, &sentence);
	if (r == CSEAL_OK) {
		cseal_change_name(w->h, name);
		reading_place(w->h, place);
		cli_say(w->c, "#%s  %s  %s  %s\n", name, w->h->kind->name,
		    place, w->h->kind->authority || op == NULL ? "" : op);
		cli_say(w->c, "  %s\n\n", cseal_buf_str(&sentence));
		show_why_say(w);
		r = reading_values_say(w->c, w->d, w->h, 2, w->full);
	}
	cseal_buf_free(&sentence);
	if (r == CSEAL_OK)
		r = say_reason(w);
	if (r != CSEAL_OK)
		return r;
	say_detail(w);
	say_people(w);
	r = reading_evidence_say(w->c, w->d, w->h, w->full);
	if (r == CSEAL_OK)
		say_next(w);
	return r == CSEAL_OK && w->shown ? show_panels(w) : r;
}

static int
check_full(struct cli *c)
{
	const bool terminal = isatty(STDOUT_FILENO);

	if (cli_option_given(c, "full") && (c->json || !terminal))
		return cli_error(c, CSEAL_ERR_USAGE, "--full",
		    "whole values are shown on a terminal only");
	if (cli_option_given(c, "shown") && !c->json && !terminal)
		return cli_error(c, CSEAL_ERR_USAGE, "--shown",
		    "what was shown holds whole values, which are shown on a "
		    "terminal only; --json tells whether it fits");
	return CSEAL_OK;
}

static int
check_output(struct cli *c)
{
	if (cli_option_given(c, "evidence") == cli_option_given(c, "output"))
		return CSEAL_OK;
	return cli_error(c, CSEAL_ERR_USAGE,
	    cli_option_given(c, "evidence") ? "--evidence" : "-o",
	    "--evidence NAME and -o FILE go together");
}

/* A file given as evidence, out of the ledger and checked. */
static int
write_file(const struct show *w)
{
	const char *path = cli_option(w->c, "output");
	struct cseal_evidence_file about;
	struct cseal_buf file;
	int r;

	cseal_buf_init(&file, CSEAL_EVIDENCE_FILE_MAX);
	r = reading_evidence_file(
	    w->c, w->d, w->h, cli_option(w->c, "evidence"), &about, &file);
	if (r == CSEAL_OK) {
		r = cseal_buf_create_file(&file, path);
		if (r == CSEAL_ERR_EXISTS)
			r = cli_error(w->c, r, path,
			    "is there already: name a file that is not");
		else if (r != CSEAL_OK)
			r = cli_error(w->c, r, path, "%s", cseal_strerror(r));
	}
	cseal_buf_free(&file);
	if (r != CSEAL_OK)
		return cli_fail(w->c, r);
	if (w->c->json)
		return cli_json(w->c,
		    json_pack("{s:s, s:s, s:o}", "file", path, "name",
			about.name, "sha256",
			cli_json_hex(about.digest, sizeof(about.digest))));
	cli_say(w->c, "%s written to %s: it is the file that was given.\n",
	    about.name, path);
	return CLI_DONE;
}

int
cli_show(struct cli *c)
{
	struct show w = { .c = c,
		.full = cli_option_given(c, "full"),
		.shown = cli_option_given(c, "shown") };
	int status, r;

	if ((r = check_full(c)) != CSEAL_OK ||
	    (r = check_output(c)) != CSEAL_OK ||
	    (r = cli_desk_open(c, false, &w.d)) != CSEAL_OK)
		return cli_fail(c, r);
	w.s = cseal_desk_state(w.d);
	if ((r = cli_change_find(c, w.s, c->words[0], &w.h)) != CSEAL_OK)
		status = cli_fail(c, r);
	else if (cli_option_given(c, "evidence"))
		status = write_file(&w);
	else if (c->json)
		status = show_json(&w);
	else
		status = (r = say(&w)) == CSEAL_OK ? CLI_DONE : cli_fail(c, r);
	cseal_desk_close(w.d);
	return status;
}
