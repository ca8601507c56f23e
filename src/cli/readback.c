/* SPDX-License-Identifier: BSD-2-Clause */
/* What the console shows after the edit, compared with what was approved. */
#include <string.h>

#include "apply.h"
#include "observe.h"

#define TRIES 3

/* ---- what the console shows ---- */

static const struct cseal_value *
find_value(const struct apply *p, const char *name)
{
	for (size_t i = 0; i < p->n_values; i++) {
		if (strcmp(p->values[i].field->name, name) == 0)
			return &p->values[i];
	}
	return NULL;
}

static size_t
count_letters(const struct cseal_buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->len; i++)
		n += b->data[i] >= 0x80 || b->data[i] == '+' ||
		     (b->data[i] >= '0' && b->data[i] <= '9') ||
		     (b->data[i] >= 'A' && b->data[i] <= 'Z') ||
		     (b->data[i] >= 'a' && b->data[i] <= 'z');
	return n;
}

/* What is shorter than the number is its end. */
static int
take(struct apply *p, struct cseal_observation *o, const struct cseal_value *v,
    const struct cseal_buf *typed)
{
	char name[CSEAL_OBSERVED_NAME_BYTES];
	const bool tail = cseal_field_has_tail(v->field) &&
			  count_letters(typed) < count_letters(&v->text);

	snprintf(
	    name, sizeof(name), "%s%s", v->field->name, tail ? "_tail" : "");
	return cseal_observation_set(
	    o, name, strlen(name), typed->data, typed->len, &p->c->err);
}

/* `v` NULL: the country of the account. */
static int
ask_once(struct apply *p, struct cseal_observation *o,
    const struct cseal_value *v, const char *prompt)
{
	struct cseal_buf typed;
	int r;

	cseal_buf_init(&typed, 0);
	r = cli_ask(p->c, prompt, true, &typed);
	if (r == CSEAL_OK && typed.len > 0 && v != NULL)
		r = take(p, o, v, &typed);
	else if (r == CSEAL_OK && typed.len > 0)
		r = cseal_observation_set(o, "country", strlen("country"),
		    typed.data, typed.len, &p->c->err);
	cseal_buf_free(&typed);
	return r;
}

static int
ask_value(struct apply *p, struct cseal_observation *o,
    const struct cseal_value *v, const char *label, const char *how)
{
	char prompt[120];
	int r = CSEAL_ERR_INPUT;

	snprintf(prompt, sizeof(prompt), "  %s%s: ", label, how);
	for (int i = 0; i < TRIES; i++) {
		r = ask_once(p, o, v, prompt);
		if (r != CSEAL_ERR_INPUT)
			break;
		if (i + 1 < TRIES)
			cli_note_error(p->c);
	}
	return r;
}

/* Where money or mail goes; of a kind without that, everything. */
static bool
is_critical(const struct apply *p, const struct cseal_value *v)
{
	for (size_t i = 0; i < p->n_values; i++) {
		if (p->values[i].field->account)
			return v->field->account ||
			       strcmp(v->field->name, "holder") == 0 ||
			       strcmp(v->field->name, "country") == 0;
	}
	return true;
}

static bool
has_country(const struct apply *p)
{
	struct cseal_facts f;

	return find_value(p, "country") == NULL &&
	       cseal_kind_facts(p->act.change->kind, p->values, p->n_values, &f,
		   NULL) == CSEAL_OK &&
	       f.country[0] != '\0';
}

static int
ask_all(struct apply *p, struct cseal_observation *o)
{
	int r = CSEAL_OK;

	if (p->n_values == 0) /* what was approved is that it is removed */
		return cli_ask_yes(
		    p->c, "  Does it show nothing there now?", &o->empty);
	for (size_t i = 0; i < p->n_values && r == CSEAL_OK; i++) {
		const struct cseal_value *v = &p->values[i];

		if (is_critical(p, v))
			r = ask_value(p, o, v, v->field->label,
			    cseal_field_has_tail(v->field)
				? ", whole or its last 3 or more"
				: "");
	}
	if (r == CSEAL_OK && has_country(p))
		r = ask_value(
		    p, o, NULL, "Country of the account", ", two letters");
	return r;
}

/* ---- compared ---- */

static void
tell_differing(struct apply *p, const struct cseal_observation *o,
    const struct cseal_comparison *cmp)
{
	const char *names[CSEAL_OBSERVED_MAX];
	struct cseal_buf b;
	size_t n = 0;

	for (size_t i = 0; i < o->n_shown; i++) {
		if (cmp->same[i] == CSEAL_DIFFERS)
			names[n++] = o->shown[i].name;
	}
	cseal_buf_init(&b, 0);
	(void)cli_list_names(&b, names, n);
	cli_note(p->c, "  ! Not what was approved: %s\n", cseal_buf_str(&b));
	cseal_buf_free(&b);
}

struct reading {
	bool some;    /* something was typed */
	bool differs; /* from what was approved */
	uint64_t level;
};

static int
compare(struct apply *p, const struct cseal_observation *o, struct reading *out)
{
	struct cseal_comparison cmp;
	int r;

	*out = (struct reading){ .some = o->n_shown > 0 || o->empty };
	if (!out->some)
		return CSEAL_OK;
	r = cseal_observation_compare(
	    o, p->act.change->kind, p->values, p->n_values, &cmp, &p->c->err);
	if (r != CSEAL_OK)
		return r;
	out->differs = cmp.n_differ > 0;
	out->level = cmp.matches ? cmp.level : CSEAL_LEVEL_NONE;
	if (out->differs)
		tell_differing(p, o, &cmp);
	return CSEAL_OK;
}

static int
read_once(struct apply *p, struct reading *out)
{
	const struct cseal_state_change *h = p->act.change;
	struct cseal_observation o;
	int r;

	r = cseal_observation_init(
	    &o, h->kind->name, h->store, h->slot, &p->c->err);
	if (r == CSEAL_OK)
		r = ask_all(p, &o);
	if (r == CSEAL_OK)
		r = compare(p, &o, out);
	cseal_observation_free(&o);
	return r;
}

/* A slip of the finger is no other account: it is asked for again. */
static int
read_console(struct apply *p, struct reading *out)
{
	int r = CSEAL_OK;

	if (p->n_values > 0)
		cli_note(p->c, "  What does the console show now? Press Enter "
			       "for what it does not show.\n");
	for (int left = TRIES; left > 0; left--) {
		r = read_once(p, out);
		if (r != CSEAL_OK || !out->differs)
			break;
		if (left > 1)
			cli_note(p->c, "  Look again: %d %s left.\n", left - 1,
			    left == 2 ? "try" : "tries");
	}
	return r;
}

/* ---- what came of it ---- */

static int
nothing_sealed(struct apply *p)
{
	return cli_error(
	    p->c, CSEAL_ERR_CANCELLED, "", "not confirmed; nothing was sealed");
}

static int
offer(struct apply *p, const char *question, uint64_t outcome)
{
	bool yes;
	int r;

	r = cli_ask_yes(p->c, question, &yes);
	if (r != CSEAL_OK)
		return r;
	p->outcome = outcome;
	return yes ? CSEAL_OK : nothing_sealed(p);
}

static int
check_level(struct apply *p, const struct reading *seen)
{
	if (seen->level < p->wanted)
		return cli_error(p->c, CSEAL_ERR_REFUSED, "--level",
		    "what was read back reaches the level %s, and %s is "
		    "wanted; nothing was sealed",
		    cseal_word_name(cseal_levels, seen->level),
		    cseal_word_name(cseal_levels, p->wanted));
	p->level = seen->level;
	if (seen->level != CSEAL_LEVEL_NONE) {
		cli_note(p->c, "  The same as approved (%s).\n",
		    cseal_word_name(cseal_levels, seen->level));
		return CSEAL_OK;
	}
	return offer(p,
	    seen->some ? "Too little was read back to tell. Seal it all the "
			 "same?"
		       : "Nothing was read back. Seal it all the same?",
	    CSEAL_APPLY_ENTERED);
}

int
apply_read_back(struct apply *p)
{
	struct reading seen;
	bool taken;
	int r;

	r = cli_ask_yes(p->c, "Did the console take it?", &taken);
	if (r != CSEAL_OK)
		return r;
	if (!taken)
		return offer(p, "Seal that the console refused it?",
		    CSEAL_APPLY_REFUSED);
	r = read_console(p, &seen);
	if (r != CSEAL_OK)
		return r;
	if (seen.differs)
		return offer(p, "Seal that the console shows something else?",
		    CSEAL_APPLY_DIFFERS);
	return check_level(p, &seen);
}

/* ---- from a script ---- */

/* One reading, of the very place. */
static int
check_place(struct apply *p, const struct observe *v, const char *path)
{
	const struct cseal_state_change *h = p->act.change;

	if (v->n != 1)
		return cli_error(p->c, CSEAL_ERR_INPUT, path,
		    "has %zu readings, and one is wanted", v->n);
	if (strcmp(v->list[0].o.store, h->store) == 0 &&
	    strcmp(v->list[0].o.slot, h->slot) == 0)
		return CSEAL_OK;
	return cli_error(p->c, CSEAL_ERR_INPUT, path,
	    "is a reading of another place than %s, %s: is it the right file?",
	    h->store, h->slot);
}

static int
judge(struct apply *p, const struct reading *seen)
{
	if (p->outcome == CSEAL_APPLY_DIFFERS)
		return seen->differs
			   ? CSEAL_OK
			   : cli_error(p->c, CSEAL_ERR_REFUSED, "--outcome",
				 "the console shows nothing else than "
				 "what was approved; nothing was "
				 "sealed");
	if (seen->differs)
		return cli_error(p->c, CSEAL_ERR_REFUSED, "read-back",
		    "the console shows something else than what was approved; "
		    "nothing was sealed. --outcome differs states that");
	if (seen->level == CSEAL_LEVEL_NONE)
		return cli_error(p->c, CSEAL_ERR_REFUSED, "read-back",
		    "too little was read back to tell; nothing was sealed");
	return check_level(p, seen);
}

int
apply_read_from(struct apply *p, const char *path)
{
	const struct cseal_state_change *h = p->act.change;
	struct observe v = {
		.c = p->c,
		.d = p->act.desk,
		.kind = h->kind->name,
		.store = h->store,
		.slot = h->slot,
	};
	struct reading seen;
	int r;

	if (p->outcome == CSEAL_APPLY_REFUSED)
		return cli_error(p->c, CSEAL_ERR_USAGE, "--read-back-from",
		    "what the console refused is not read back");
	r = observe_read(&v, path);
	if (r == CSEAL_OK)
		r = check_place(p, &v, path);
	if (r == CSEAL_OK)
		r = compare(p, &v.list[0].o, &seen);
	if (r == CSEAL_OK)
		r = judge(p, &seen);
	observe_free_list(&v);
	return r;
}
