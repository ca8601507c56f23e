/* SPDX-License-Identifier: BSD-2-Clause */
/* freeze, which one person does at once, and lift, which takes two. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reading.h"

const struct cli_option cli_freeze_options[] = {
	{ "store", 0, "ALIAS", false, "nothing is approved or entered there" },
	{ "key", 0, "KEY", false, "it seals nothing" },
	{ "all", 0, NULL, false, "all stores" },
	{ "reason", 0, "REASON", false, "drift, stolen, phishing, drill ..." },
	{ NULL, 0, NULL, false, NULL },
};

const struct cli_option cli_lift_options[] = {
	{ "store", 0, "ALIAS", false, "the freeze of that store" },
	{ "key", 0, "KEY", false, "the freeze of that key" },
	{ "all", 0, NULL, false, "the freeze of all stores" },
	{ NULL, 0, NULL, false, NULL },
};

/* ---- freeze ---- */

static int
read_target(struct cli *c, struct cseal_freeze *f)
{
	const char *store = cli_option(c, "store");
	const char *key = cli_option(c, "key");
	const bool all = cli_option_given(c, "all");

	if ((store != NULL) + (key != NULL) + all != 1)
		return cli_error(c, CSEAL_ERR_USAGE, "--store, --key, --all",
		    "one of them is needed: what is frozen");
	if (store != NULL) {
		f->has_store = true;
		f->store.data = (const uint8_t *)store;
		f->store.len = strlen(store);
	}
	f->has_key = key != NULL;
	return key != NULL ? cli_key_number(c, key, &f->key) : CSEAL_OK;
}

/* With "[store *]" a typing error is a store, too. */
static void
warn_unknown(struct cli *c, const struct cseal_state *s, const char *store)
{
	const struct cseal_policy_store *p =
	    cseal_policy_store(cseal_state_policy(s), store);
	const struct cseal_state_change *h;

	if (p == NULL || strcmp(p->name, "*") != 0)
		return;
	for (size_t i = 0; (h = cseal_state_change(s, i)) != NULL; i++) {
		if (strcmp(h->store, store) == 0)
			return;
	}
	cli_warn(c,
	    "%s: nothing was ever asked for at that store; is the "
	    "alias right?",
	    store);
}

static const struct cseal_state_freeze *
freeze_by(const struct cseal_state *s, uint64_t entry)
{
	const struct cseal_state_freeze *f;

	for (size_t i = 0; (f = cseal_state_freeze(s, i)) != NULL; i++) {
		if (f->entry == entry)
			return f;
	}
	return NULL;
}

static int
tell(struct cli *c, const struct cli_act *a, uint64_t index)
{
	const struct cseal_state *s = cseal_desk_state(a->desk);
	const struct cseal_state_freeze *f = freeze_by(s, index);
	const struct cseal_head head = cseal_state_head(s);
	struct cseal_buf what;
	json_t *o;

	if (f == NULL)
		return cli_error(c, CSEAL_ERR_INTERNAL, "",
		    "entry %" PRIu64 " was appended, but it froze nothing",
		    index);
	if (c->json) {
		o = json_pack("{s:s, s:I, s:s, s:I, s:s?, s:o, s:b, s:s, s:o}",
		    "act", a->name, "index", (json_int_t)index, "person",
		    a->key.handle, "key", (json_int_t)a->key.number, "store",
		    f->has_store ? f->store : NULL, "frozen_key",
		    f->has_key ? json_integer((json_int_t)f->key) : json_null(),
		    "all", (int)(!f->has_store && !f->has_key), "reason",
		    cseal_word_name(cseal_reasons, f->reason), "head",
		    cli_json_head(&head));
		return cli_json(c, o) == CLI_DONE ? CSEAL_OK : CSEAL_ERR_NOMEM;
	}
	cseal_buf_init(&what, 0);
	(void)reading_frozen(s, f, &what);
	cli_say(c,
	    "Frozen by entry %" PRIu64 ": %s. Two people lift it:\n"
	    "counterseal lift %" PRIu64 "\n",
	    index, cseal_buf_str(&what), index);
	cseal_buf_free(&what);
	return CSEAL_OK;
}

int
cli_freeze(struct cli *c)
{
	struct cli_act a = { .name = "freeze" };
	struct cseal_freeze f = { 0 };
	uint64_t index;
	int r;

	r = read_target(c, &f);
	if (r == CSEAL_OK)
		r = cli_word_option(c, "reason", cseal_reasons, &f.reason);
	if (r == CSEAL_OK)
		r = cli_act_begin(c, &a, NULL);
	if (r == CSEAL_OK && f.has_store)
		warn_unknown(
		    c, cseal_desk_state(a.desk), cli_option(c, "store"));
	if (r == CSEAL_OK)
		r = cseal_draft_freeze(
		    &a.draft, a.desk, a.key.number, &f, &c->err);
	if (r == CSEAL_OK)
		r = cli_seal(c, a.desk, a.draft, &a.key, "to freeze", &index);
	if (r == CSEAL_OK)
		r = index == CSEAL_INDEX_NONE ? cli_act_kept(c, &a)
					      : tell(c, &a, index);
	return cli_act_end(c, &a, r);
}

/* ---- lift ---- */

/* What is to be lifted, as it was named. */
struct target {
	const char *word; /* an entry's index, or NULL: */
	struct cseal_freeze of;
};

static bool
is_meant(const struct target *t, const struct cseal_state_freeze *f)
{
	if (f->lifted)
		return false;
	if (t->of.has_store)
		return f->has_store &&
		       strncmp(f->store, (const char *)t->of.store.data,
			   sizeof(f->store)) == 0;
	if (t->of.has_key)
		return f->has_key && f->key == t->of.key;
	return !f->has_store && !f->has_key;
}

static int
find_meant(struct cli *c, const struct cseal_state *s, const struct target *t,
    uint64_t *entry)
{
	const struct cseal_state_freeze *f;
	struct cseal_buf list;
	size_t n = 0;
	int r = CSEAL_OK;

	cseal_buf_init(&list, 0);
	for (size_t i = 0; (f = cseal_state_freeze(s, i)) != NULL; i++) {
		if (!is_meant(t, f))
			continue;
		*entry = f->entry;
		(void)cseal_buf_printf(
		    &list, "%s%" PRIu64, n++ > 0 ? ", " : "", f->entry);
	}
	if (n == 0)
		r = cli_error(c, CSEAL_ERR_NOT_FOUND, "lift",
		    "nothing of that is frozen by itself; see: counterseal "
		    "status");
	else if (n > 1)
		r = cli_error(c, CSEAL_ERR_AMBIGUOUS, "lift",
		    "several entries froze it, and each is lifted by itself: "
		    "%s",
		    cseal_buf_str(&list));
	cseal_buf_free(&list);
	return r;
}

static int
find_entry(struct cli *c, const struct cseal_state *s, const char *word,
    uint64_t *entry)
{
	const struct cseal_state_freeze *f;

	if (*word == '\0' || strlen(word) > 18 ||
	    strspn(word, "0123456789") != strlen(word))
		return cli_error(c, CSEAL_ERR_USAGE, word,
		    "is not the index of an entry that froze; counterseal "
		    "status shows them");
	*entry = strtoull(word, NULL, 10);
	f = freeze_by(s, *entry);
	if (f == NULL)
		return cli_error(c, CSEAL_ERR_NOT_FOUND, word,
		    "that entry froze nothing; see: counterseal status");
	if (f->lifted)
		return cli_error(c, CSEAL_ERR_REFUSED, word,
		    "entry %" PRIu64 " has lifted it already", f->lifted_at);
	return CSEAL_OK;
}

static int
read_lift(struct cli *c, struct target *t)
{
	if (c->n_words == 0)
		return read_target(c, &t->of);
	t->word = c->words[0];
	if (cli_option_given(c, "store") || cli_option_given(c, "key") ||
	    cli_option_given(c, "all"))
		return cli_error(c, CSEAL_ERR_USAGE, t->word,
		    "give the entry or what it froze, not both");
	return CSEAL_OK;
}

int
cli_lift(struct cli *c)
{
	struct cli_act a = {
		.name = "lift",
		.why = "to ask for this lift",
		.done = "asked for by",
	};
	const struct cseal_state *s;
	struct target t = { 0 };
	uint64_t entry = 0;
	int r;

	r = read_lift(c, &t);
	if (r == CSEAL_OK)
		r = cli_act_begin(c, &a, NULL);
	if (r == CSEAL_OK) {
		s = cseal_desk_state(a.desk);
		r = t.word != NULL ? find_entry(c, s, t.word, &entry)
				   : find_meant(c, s, &t, &entry);
	}
	if (r == CSEAL_OK)
		r = cseal_draft_lift(
		    &a.draft, a.desk, a.key.number, entry, &c->err);
	if (r == CSEAL_OK)
		r = cli_act_seal(c, &a);
	return cli_act_end(c, &a, r);
}
