/* SPDX-License-Identifier: BSD-2-Clause */
/* What a request or an approval rests on: files, a call, checks. */
#include "evidence.h"
#include "input.h"

#include <errno.h>
#include <string.h>

#define TRIES	   3
#define NUMBER_MAX 1024 /* bytes of a file with a number */

/* ---- files ---- */

static int
add_file(struct cli *c, struct cseal_evidence_set *set, uint64_t kind,
    const char *path)
{
	struct cseal_buf b;
	int r;

	cseal_buf_init(&b, CSEAL_EVIDENCE_FILE_MAX);
	errno = 0;
	r = cseal_buf_read_file(&b, path, CSEAL_EVIDENCE_FILE_MAX);
	if (r == CSEAL_ERR_TOO_LARGE)
		r = cli_error(
		    c, r, path, "a file given as evidence has at most 16 MiB");
	else if (r != CSEAL_OK)
		cli_error(c, r, path, "%s",
		    errno != 0 ? strerror(errno) : cseal_strerror(r));
	else
		r = cseal_evidence_add_file(set, kind, path, &b, &c->err);
	cseal_buf_free(&b);
	return r;
}

static int
add_files(struct cli *c, struct cseal_evidence_set *set)
{
	static const struct {
		const char *option;
		uint64_t kind;
	} rows[] = {
		{ "evidence", CSEAL_EVIDENCE_DOCUMENT },
		{ "screenshot", CSEAL_EVIDENCE_SCREENSHOT },
	};
	const char *path;
	int r = CSEAL_OK;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t k = 0;
		     r == CSEAL_OK &&
		     (path = cli_option_at(c, rows[i].option, k)) != NULL;
		     k++)
			r = add_file(c, set, rows[i].kind, path);
	}
	return r;
}

/* ---- checks ---- */

/* The word is the first of the table if the option stands alone. */
static int
add_check(struct cli *c, struct cseal_evidence_set *set, const char *option,
    uint64_t check)
{
	const struct cseal_word *t = cseal_check_results(check);
	const char *word = cli_option(c, option);
	uint64_t result = t->value;
	int r = CSEAL_OK;

	if (word == NULL)
		return CSEAL_OK;
	if (word[0] != '\0')
		r = cli_word_option(c, option, t, &result);
	return r == CSEAL_OK ? cseal_evidence_add_check(set, check, result) : r;
}

/* What speaks against a change is no ground to ask for it, or to approve. */
static int
refuse_warning(
    struct cli *c, const struct cseal_evidence_set *set, bool approves)
{
	if (!cseal_checks_warn(set->checks, set->n_checks))
		return CSEAL_OK;
	return cli_error(c, CSEAL_ERR_REFUSED, "check",
	    "a call that denied the change, or a name that is another's, is no "
	    "ground to %s: %s",
	    approves ? "approve it" : "ask for it",
	    approves ? "counterseal reject, with --reason not_asked_for or "
		       "name_mismatch"
		     : "find out who wants the money to go there");
}

int
cli_evidence_gather(
    struct cli *c, struct cseal_evidence_set *set, bool approves)
{
	int r;

	if ((r = add_check(c, set, "callback", CSEAL_CHECK_CALL_BACK)) !=
		CSEAL_OK ||
	    (r = add_check(c, set, "name-check", CSEAL_CHECK_NAME)) !=
		CSEAL_OK ||
	    (r = add_check(c, set, "source", CSEAL_CHECK_SOURCE)) != CSEAL_OK ||
	    (r = refuse_warning(c, set, approves)) != CSEAL_OK)
		return r;
	if (cli_option_given(c, "called-from") &&
	    !cli_option_given(c, "callback"))
		return cli_error(c, CSEAL_ERR_USAGE, "--called-from",
		    "goes with --callback");
	return add_files(c, set);
}

/* ---- what the policy demands ---- */

int
cli_evidence_demanded(struct cli *c, const struct cseal_state *s,
    const struct cseal_state_change *h, const struct cseal_evidence_set *set)
{
	static const struct {
		uint64_t want;
		const char *where, *what;
	} rows[] = {
		{ CSEAL_WANT_REASON, "reason",
		    "the policy demands one, and the request gives none: "
		    "reject it, and have it asked for again with a reason" },
		{ CSEAL_WANT_CALLBACK, "--callback",
		    "the policy demands that the number on file was called "
		    "and confirmed the change: call, then give this option" },
		{ CSEAL_WANT_NAME_CHECK, "--name-check",
		    "the policy demands that the bank says the holder's name "
		    "matches: give --name-check match once it did" },
		{ CSEAL_WANT_DOCUMENT, "--evidence",
		    "the policy demands a document: --evidence FILE" },
	};
	const struct cseal_policy_change *rules =
	    cseal_policy_change(cseal_state_policy(s), h->kind);
	uint64_t missing;

	if (rules == NULL)
		return CSEAL_OK; /* told by what comes next */
	missing = rules->evidence & ~cseal_evidence_gives(h->request) &
		  ~cseal_evidence_set_gives(set);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if ((missing & rows[i].want) != 0)
			return cli_error(c, CSEAL_ERR_USAGE, rows[i].where,
			    "%s", rows[i].what);
	}
	return CSEAL_OK;
}

/* ---- the number that was called ---- */

static int
add_number(struct cli *c, struct cseal_evidence_set *set, struct cseal_buf *b)
{
	while (b->len > 0 &&
	       (b->data[b->len - 1] == '\n' || b->data[b->len - 1] == '\r'))
		b->len--;
	return cseal_evidence_add_text(
	    set, CSEAL_EVIDENCE_CALL_BACK, b->data, b->len, &c->err);
}

static int
number_from_file(
    struct cli *c, struct cseal_evidence_set *set, const char *path)
{
	struct cseal_buf b;
	int r;

	cseal_buf_init(&b, NUMBER_MAX);
	r = input_read(c, path, NUMBER_MAX, &b);
	if (r == CSEAL_OK)
		r = add_number(c, set, &b);
	cseal_buf_free(&b);
	return r;
}

static int
number_from_person(struct cli *c, struct cseal_evidence_set *set)
{
	struct cseal_buf b;
	int r = CSEAL_ERR_INPUT;

	for (int i = 0; i < TRIES && r == CSEAL_ERR_INPUT; i++) {
		if (i > 0)
			cli_note_error(c);
		cseal_buf_init(&b, 0);
		r = cli_ask(c, "  Number on file that was called: ", true, &b);
		if (r == CSEAL_OK)
			r = add_number(c, set, &b);
		cseal_buf_free(&b);
	}
	return r;
}

int
cli_evidence_number(struct cli *c, struct cseal_evidence_set *set)
{
	const char *path = cli_option(c, "called-from");

	if (!cli_option_given(c, "callback"))
		return CSEAL_OK;
	if (path != NULL)
		return number_from_file(c, set, path);
	if (!cli_terminal(c))
		return cli_error(c, CSEAL_ERR_USAGE, "--callback",
		    "the number that was called is wanted, and there is no "
		    "terminal to ask on: use --called-from FILE");
	return number_from_person(c, set);
}
