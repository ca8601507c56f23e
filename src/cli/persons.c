/* SPDX-License-Identifier: BSD-2-Clause */
/* person list, person set, person leave: who is in the ledger. */

#include "remains.h"

#include <string.h>

const struct cli_option cli_person_set_options[] = {
	{ "name", 0, "DISPLAY", false,
	    "a name for people; it stays beside the ledger" },
	{ NULL, 0, NULL, false, NULL },
};

/* ---- person list ---- */

static unsigned
keys_in_use(const struct cseal_state *s, size_t person)
{
	const struct cseal_state_key *k;
	unsigned n = 0;

	for (uint64_t i = 0; (k = cseal_state_key(s, i)) != NULL; i++)
		n += k->person == person && !k->revoked && !k->monitor;
	return n;
}

/* The display name that was agreed to last, if it is on this desk. */
static int
display_name(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_person *p, struct cseal_buf *out)
{
	const struct cseal_state_change *h, *last = NULL;
	int r;

	for (size_t i = 0;
	     (h = cseal_state_change(cseal_desk_state(d), i)) != NULL; i++) {
		if (h->kind->detail == CSEAL_DETAIL_PERSON_SET &&
		    (h->status == CSEAL_CHANGE_IN_FORCE ||
			h->status == CSEAL_CHANGE_REPLACED) &&
		    strcmp(h->slot, p->handle) == 0)
			last = h;
	}
	if (last == NULL)
		return CSEAL_OK;
	r = cseal_desk_value(d, last, CSEAL_DISPLAY_NAME, out, &c->err);
	return r == CSEAL_ERR_NOT_FOUND ? CSEAL_OK : r;
}

static json_t *
person_json(const struct cseal_state *s, const struct cseal_state_person *p,
    size_t i, const struct cseal_buf *name)
{
	json_t *roles = json_array();

	for (size_t k = 0; k < p->roles.n; k++)
		json_array_append_new(roles, json_string(p->roles.names[k]));
	return json_pack("{s:s, s:o, s:o, s:I, s:b, s:b}", "person", p->handle,
	    "name",
	    name->len > 0 ? cli_json_text(cseal_buf_slice(name)) : json_null(),
	    "roles", roles, "keys", (json_int_t)keys_in_use(s, i), "joined",
	    (int)p->joined, "left", (int)p->left);
}

static void
say_person(struct cli *c, const struct cseal_state *s,
    const struct cseal_state_person *p, size_t i, struct cseal_buf *name)
{
	const unsigned keys = keys_in_use(s, i);

	cli_say(c, "%-16s %u key%s  ", p->handle, keys, keys == 1 ? "" : "s");
	for (size_t k = 0; k < p->roles.n; k++)
		cli_say(c, "%s%s", k > 0 ? ", " : "", p->roles.names[k]);
	if (name->len > 0)
		cli_say(c, "  %s", cseal_buf_str(name));
	cli_say(c, "%s\n",
	    p->left	 ? "  has left"
	    : !p->joined ? "  has not joined"
	    : keys == 0	 ? "  cannot act: counterseal key add"
	    : keys == 1	 ? "  one key alone"
			 : "");
}

int
cli_person_list(struct cli *c)
{
	const struct cseal_state_person *p;
	const struct cseal_state *s;
	struct cseal_desk *d;
	struct cseal_buf name;
	int status = CLI_DONE;
	int r;

	r = cli_desk_open(c, false, &d);
	if (r != CSEAL_OK)
		return cli_fail(c, r);
	s = cseal_desk_state(d);
	for (size_t i = 0;
	     (p = cseal_state_person(s, i)) != NULL && status == CLI_DONE;
	     i++) {
		cseal_buf_init(&name, CSEAL_VALUE_MAX);
		if ((r = display_name(c, d, p, &name)) != CSEAL_OK)
			status = cli_fail(c, r);
		else if (c->json)
			status = cli_json(c, person_json(s, p, i, &name));
		else
			say_person(c, s, p, i, &name);
		cseal_buf_free(&name);
	}
	cseal_desk_close(d);
	return status;
}

/* ---- person set ---- */

static int
read_roles(struct cli *c, struct cseal_roles *out)
{
	for (size_t i = 1; i < c->n_words; i++) {
		const char *word = c->words[i];

		if (!cseal_text_is_handle(word, strlen(word)))
			return cli_error(c, CSEAL_ERR_USAGE, word,
			    "is not a role: small letters, digits and -");
		memcpy(out->names[out->n++], word, strlen(word) + 1);
	}
	return CSEAL_OK;
}

int
cli_person_set(struct cli *c)
{
	struct cli_act a = {
		.name = "person set",
		.why = "to ask for this person",
		.done = "asked for by",
	};
	struct cseal_roles roles = { .n = 0 };
	int r;

	r = read_roles(c, &roles);
	if (r == CSEAL_OK)
		r = cli_act_begin(c, &a, NULL);
	if (r == CSEAL_OK)
		r = cseal_draft_person_set(&a.draft, a.desk, a.key.number,
		    c->words[0], &roles, cli_option(c, "name"), &c->err);
	if (r == CSEAL_OK)
		r = cli_act_seal(c, &a);
	return cli_act_end(c, &a, r);
}

/* ---- person leave ---- */

int
cli_person_leave(struct cli *c)
{
	const struct cseal_lint_change without = { .person = c->words[0] };
	struct cli_act a = {
		.name = "person leave",
		.why = "to ask that this person leave",
		.done = "asked for by",
	};
	int r;

	r = cli_act_begin(c, &a, NULL);
	/* First whether it can be asked for at all. */
	if (r == CSEAL_OK)
		r = cseal_draft_person_leave(
		    &a.draft, a.desk, a.key.number, c->words[0], &c->err);
	if (r == CSEAL_OK)
		r = cli_leaving(c, &a, c->words[0]);
	if (r == CSEAL_OK)
		r = cli_remains(c, &a, &without);
	if (r == CSEAL_OK)
		r = cli_act_seal(c, &a);
	return cli_act_end(c, &a, r);
}
