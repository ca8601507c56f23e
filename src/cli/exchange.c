/* SPDX-License-Identifier: BSD-2-Clause */
#include "exchange.h"

#include <inttypes.h>
#include <string.h>

#include "reading.h"

/*
 * Each event's word in JSON, whether a line is worth it, and whether it is an
 * entry that was not in this desk's ledger before.
 */
static const struct {
	const char *word;
	bool line;
	bool is_entry;
} whats[] = {
	[CSEAL_EXCHANGE_WROTE] = { "wrote", false, false },
	[CSEAL_EXCHANGE_ENTRY] = { "entry", false, true },
	[CSEAL_EXCHANGE_APPENDED] = { "appended", true, true },
	[CSEAL_EXCHANGE_ARRIVED] = { "arrived", true, true },
	[CSEAL_EXCHANGE_REFUSED] = { "refused", true, false },
	[CSEAL_EXCHANGE_OPENED] = { "opened", false, false },
	[CSEAL_EXCHANGE_LOCKED] = { "locked", true, false },
	[CSEAL_EXCHANGE_IGNORED] = { "ignored", true, false },
	[CSEAL_EXCHANGE_MISSING] = { "missing", true, false },
	[CSEAL_EXCHANGE_HEARD] = { "heard", false, false },
	[CSEAL_EXCHANGE_HOME] = { "home", true, false },
	[CSEAL_EXCHANGE_YIELDED] = { "yielded", true, false },
};

void
exchange_tale_init(struct exchange_tale *t, struct cli *c, struct cseal_desk *d)
{
	memset(t, 0, sizeof(*t));
	t->c = c;
	t->d = d;
	t->events = c->json ? json_array() : NULL;
	t->told = json_object();
	t->came = json_array();
}

void
exchange_tale_free(struct exchange_tale *t)
{
	json_decref(t->events);
	json_decref(t->told);
	json_decref(t->came);
}

struct line {
	const struct exchange_tale *t;
	const char *what;
};

/* "entry 42, approve of #41-7hq3 by mina: ..." */
static int
say_entry_line(void *ctx, const struct reading_entry *e)
{
	const struct line *l = ctx;

	cli_say(l->t->c, "entry %" PRIu64 ", %s%s%s by %s: %s\n", e->index,
	    e->kind, e->subject[0] != '\0' ? " of #" : "", e->subject,
	    e->person, l->what);
	return CSEAL_OK;
}

static void
say_entry(const struct exchange_tale *t, uint64_t index, const char *what)
{
	struct line l = { t, what };

	if (reading_entries(t->c, t->d, index, 1, say_entry_line, &l) !=
	    CSEAL_OK)
		cli_say(t->c, "entry %" PRIu64 ": %s\n", index, what);
}

static void
say(const struct exchange_tale *t, const struct cseal_exchange_event *e)
{
	struct cli *c = t->c;

	switch (e->what) {
	case CSEAL_EXCHANGE_APPENDED:
		say_entry(t, e->index, "came, stands, and is appended");
		break;
	case CSEAL_EXCHANGE_ARRIVED:
		say_entry(t, e->index, "the home has appended it");
		break;
	case CSEAL_EXCHANGE_LOCKED:
		say_entry(t, e->index,
		    "its values open for who types them from the source "
		    "document");
		break;
	case CSEAL_EXCHANGE_REFUSED:
		cli_say(c, "refused: %s\n", e->text);
		break;
	case CSEAL_EXCHANGE_IGNORED:
		cli_warn(c, "%s%spassed over: %s", e->file,
		    e->file[0] != '\0' ? ": " : "", e->text);
		break;
	case CSEAL_EXCHANGE_MISSING: cli_warn(c, "%s", e->text); break;
	case CSEAL_EXCHANGE_HOME:
		cli_say(c, "All desks were heard: this ledger is the home.\n");
		break;
	case CSEAL_EXCHANGE_YIELDED:
		cli_say(c,
		    "Other desks have another history from entry %" PRIu64
		    " on: this one's entries from there are judged again.\n",
		    e->index);
		break;
	default: break;
	}
}

static json_t *
event_json(const struct cseal_exchange_event *e)
{
	return json_pack("{s:s, s:I, s:s, s:s}", "what", whats[e->what].word,
	    "index", (json_int_t)e->index, "file", e->file, "text", e->text);
}

/*
 * A damaged file is passed over at each look of --follow; its reader has to
 * hear of it at the first.
 */
static bool
is_told(struct exchange_tale *t, const struct cseal_exchange_event *e)
{
	char key[512];

	if (e->what != CSEAL_EXCHANGE_IGNORED &&
	    e->what != CSEAL_EXCHANGE_MISSING)
		return false;
	(void)snprintf(key, sizeof(key), "%d %" PRIu64 " %s %s", (int)e->what,
	    e->index, e->file, e->text);
	if (json_object_get(t->told, key) != NULL)
		return true;
	(void)json_object_set_new_nocheck(t->told, key, json_true());
	return false;
}

int
exchange_tell(void *ctx, const struct cseal_exchange_event *e)
{
	struct exchange_tale *t = ctx;

	if (is_told(t, e))
		return CSEAL_OK;
	t->n[e->what]++;
	if (whats[e->what].is_entry)
		json_array_append_new(
		    t->came, json_integer((json_int_t)e->index));
	if (t->events != NULL)
		return json_array_append_new(t->events, event_json(e)) == 0
			   ? CSEAL_OK
			   : CSEAL_ERR_NOMEM;
	if (whats[e->what].line)
		say(t, e);
	return CSEAL_OK;
}

void
exchange_hooks(struct exchange_tale *t)
{
	const uint64_t size = cseal_state_size(cseal_desk_state(t->d));
	const json_t *index;
	size_t i;

	json_array_foreach(t->came, i, index)
	{
		const uint64_t n = (uint64_t)json_integer_value(index);

		/* What was taken back meanwhile is an entry no more. */
		if (n < size)
			cli_hooks_add(t->c, t->d, n);
	}
	json_array_clear(t->came);
}

static int
count_waiting(void *ctx, const struct cseal_pending *p)
{
	*(uint64_t *)ctx += p->refused == NULL;
	return CSEAL_OK;
}

int
exchange_waiting(struct cli *c, struct cseal_desk *d, uint64_t *n)
{
	*n = 0;
	return cseal_desk_pending(d, count_waiting, n, &c->err);
}

json_t *
exchange_json(struct exchange_tale *t, const char *act)
{
	const struct cseal_head head = cseal_state_head(cseal_desk_state(t->d));
	json_t *o = json_pack("{s:s, s:s, s:o}", "act", act, "site",
	    cseal_site_name(cseal_desk_site(t->d)), "events",
	    json_incref(t->events));

	if (o != NULL)
		json_object_set_new(o, "head", cli_json_head(&head));
	return o;
}
