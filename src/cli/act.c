/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define NAMES_MAX 8
#define WORDS_MAX 16

int
cli_act_begin(struct cli *c, struct cli_act *a, const char *word)
{
	int r;

	r = cli_desk_open(c, true, &a->desk);
	if (r == CSEAL_OK && word != NULL)
		r = cli_change_find(
		    c, cseal_desk_state(a->desk), word, &a->change);
	if (r == CSEAL_OK)
		r = cli_key_choose(c, a->desk, &a->key);
	return r;
}

/* Who could fill a place that is still empty: "mina or petr". */
static void
who_may_approve(const struct cseal_state *s,
    const struct cseal_state_change *ch, struct cseal_buf *out)
{
	const struct cseal_state_person *p;
	const char *names[NAMES_MAX];
	size_t n = 0;

	for (size_t i = 0; (p = cseal_state_person(s, i)) != NULL; i++) {
		if (n < NAMES_MAX && cseal_change_may_approve(s, ch, p))
			names[n++] = p->handle;
	}
	(void)cli_list_names(out, names, n);
}

static void
tell_asked(struct cli *c, const struct cseal_state *s,
    const struct cseal_state_change *ch, const char *name)
{
	struct cseal_buf missing;
	struct cseal_buf who;

	cseal_buf_init(&missing, 0);
	cseal_buf_init(&who, 0);
	(void)cseal_change_missing(s, ch, &missing);
	who_may_approve(s, ch, &who);
	cli_say(c, " Not yet approved: %s missing.\n", cseal_buf_str(&missing));
	if (who.len > 0)
		cli_say(c, "Tell %s: counterseal approve %s\n",
		    cseal_buf_str(&who), name);
	cseal_buf_free(&missing);
	cseal_buf_free(&who);
}

static void
tell_approved(struct cli *c, const struct cseal_desk *d,
    const struct cseal_state_change *ch, const char *name)
{
	char when[CLI_TIME_BYTES];

	if (ch->apply_not_before > cseal_desk_now(d)) {
		cli_time(ch->apply_not_before, when);
		cli_say(c, " It may be entered from %s.\n", when);
	} else {
		cli_say(c, " It may be entered now.\n");
	}
	cli_say(c, "Then: counterseal apply %s\n", name);
}

static void
tell_text(struct cli *c, const struct cli_act *a,
    const struct cseal_state_change *ch, const char *name)
{
	const struct cseal_state *s = cseal_desk_state(a->desk);
	enum cseal_change_status status;

	status = cseal_change_view(ch, cseal_desk_now(a->desk));
	cli_say(c, "#%s %s %s.", name, a->done, a->key.handle);
	if (status == CSEAL_CHANGE_ASKED)
		tell_asked(c, s, ch, name);
	else if (status == CSEAL_CHANGE_APPROVED)
		tell_approved(c, a->desk, ch, name);
	else
		cli_say(c, " Now: %s.\n", cseal_change_status_name(status));
}

static void
add_extras(json_t *o, const struct cli_act *a)
{
	const struct cseal_statement *st =
	    a->draft != NULL ? cseal_draft_statement(a->draft) : NULL;
	json_t *names, *notes;

	notes = json_array();
	for (size_t i = 0; i < a->notes.n; i++)
		json_array_append_new(notes,
		    json_pack("{s:s, s:s}", "field", a->notes.list[i].field,
			"what", a->notes.list[i].what));
	json_object_set_new(o, "notes", notes);
	if (a->more != NULL)
		json_object_update(o, a->more);
	if (a->replaces != NULL)
		json_object_set_new(o, "replaces", json_string(a->replaces));
	if (st == NULL || st->kind != CSEAL_APPROVE)
		return;
	names = json_array();
	for (size_t i = 0; i < st->u.act.n_reentered; i++)
		json_array_append_new(
		    names, cli_json_text(st->u.act.reentered[i]));
	json_object_set_new(o, "reentered", names);
}

static json_t *
to_json(const struct cli_act *a, const struct cseal_state_change *ch,
    const char *name, uint64_t index)
{
	const struct cseal_state *s = cseal_desk_state(a->desk);
	const struct cseal_head head = cseal_state_head(s);
	enum cseal_change_status status;
	struct cseal_buf missing;
	json_t *o;

	cseal_buf_init(&missing, 0);
	status = cseal_change_view(ch, cseal_desk_now(a->desk));
	if (status == CSEAL_CHANGE_ASKED)
		(void)cseal_change_missing(s, ch, &missing);
	o = json_pack("{s:s, s:I, s:s, s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:s}",
	    "act", a->name, "index", (json_int_t)index, "person", a->key.handle,
	    "key", (json_int_t)a->key.number, "change", (json_int_t)ch->index,
	    "name", name, "kind", ch->kind->name, "store", ch->store, "slot",
	    ch->slot, "status", cseal_change_status_name(status), "missing",
	    cseal_buf_str(&missing));
	json_object_set_new(o, "head", cli_json_head(&head));
	add_extras(o, a);
	cseal_buf_free(&missing);
	return o;
}

/* What is told is read from the state after the append. */
static int
tell(struct cli *c, struct cli_act *a, uint64_t index)
{
	const struct cseal_state *s = cseal_desk_state(a->desk);
	const struct cseal_state_change *ch;
	char name[CSEAL_CHANGE_NAME_BYTES];

	ch = cseal_state_change_find(
	    s, a->change != NULL ? a->change->index : index);
	if (ch == NULL)
		return cli_error(c, CSEAL_ERR_INTERNAL, "",
		    "entry %llu was appended, but its change is not found",
		    (unsigned long long)index);
	cseal_change_name(ch, name);
	if (!c->json) {
		tell_text(c, a, ch, name);
		return CSEAL_OK;
	}
	return cli_json(c, to_json(a, ch, name, index)) == CLI_DONE
		   ? CSEAL_OK
		   : CSEAL_ERR_NOMEM;
}

int
cli_act_kept(struct cli *c, const struct cli_act *a)
{
	char name[CSEAL_CHANGE_NAME_BYTES] = "";
	json_t *o;

	if (a->change != NULL)
		cseal_change_name(a->change, name);
	if (!c->json) {
		cli_say(c,
		    "%s%s%s sealed by %s, and kept here: the home appends it.\n"
		    "Next: counterseal send DIR\n",
		    a->name, name[0] != '\0' ? " of #" : "", name,
		    a->key.handle);
		return CSEAL_OK;
	}
	o = json_pack("{s:s, s:n, s:s, s:I, s:o, s:o}", "act", a->name, "index",
	    "person", a->key.handle, "key", (json_int_t)a->key.number, "change",
	    a->change != NULL ? json_integer((json_int_t)a->change->index)
			      : json_null(),
	    "name", name[0] != '\0' ? json_string(name) : json_null());
	add_extras(o, a);
	return cli_json(c, o) == CLI_DONE ? CSEAL_OK : CSEAL_ERR_NOMEM;
}

int
cli_act_seal(struct cli *c, struct cli_act *a)
{
	uint64_t change = a->change != NULL ? a->change->index : 0;
	uint64_t index;
	int r;

	r = cli_seal(c, a->desk, a->draft, &a->key, a->why, &index);
	if (r != CSEAL_OK)
		return r;
	/* The append may have moved the changes in memory. */
	if (a->change != NULL)
		a->change =
		    cseal_state_change_find(cseal_desk_state(a->desk), change);
	if (index == CSEAL_INDEX_NONE)
		return cli_act_kept(c, a);
	return tell(c, a, index);
}

int
cli_act_end(struct cli *c, struct cli_act *a, int r)
{
	cseal_draft_free(a->draft);
	json_decref(a->more);
	cli_key_free(&a->key);
	if (r != CSEAL_OK)
		r = cli_fail(c, r);
	cseal_desk_close(a->desk);
	return r;
}

int
cli_word_option(struct cli *c, const char *option, const struct cseal_word *t,
    uint64_t *out)
{
	const char *names[WORDS_MAX];
	const char *word = cli_option(c, option);
	struct cseal_buf b;
	char where[48];
	size_t n = 0;
	int r;

	*out = 0;
	snprintf(where, sizeof(where), "--%s", option);
	for (; t->name != NULL && n < WORDS_MAX; t++) {
		*out = t->value;
		if (word != NULL && strcmp(word, t->name) == 0)
			return CSEAL_OK;
		names[n++] = t->name;
	}
	cseal_buf_init(&b, 400);
	(void)cli_list_names(&b, names, n);
	r = cli_error(c, CSEAL_ERR_USAGE, where, "%s: %s",
	    word != NULL ? "no such word; it is one of" : "is needed",
	    cseal_buf_str(&b));
	cseal_buf_free(&b);
	return r;
}
