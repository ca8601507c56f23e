/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys of a source: what is said of the targets of the section at hand. */

#include <stdio.h>
#include <string.h>

#include "counterseal/statement.h"

#include "policy_targets.h"

size_t
policy_key_find(const struct policy_key *keys, const char *name)
{
	for (size_t i = 0; keys[i].name != NULL; i++) {
		if (strcmp(keys[i].name, name) == 0)
			return i;
	}
	return SIZE_MAX;
}

/* The keys that can stand in this section: those of its widest target. */
static const struct policy_key *
section_keys(const struct policy_reading *rd)
{
	for (size_t i = 0; i < rd->n; i++) {
		if (rd->targets[i]->keys == policy_change_keys)
			return policy_change_keys;
	}
	return rd->targets[0]->keys;
}

/* Another section that has such a key; NULL if none has. */
static const char *
other_home(const char *name)
{
	static const struct {
		const char *title;
		const struct policy_key *keys;
	} homes[] = {
		{ "[ledger]", policy_ledger_keys },
		{ "[freeze]", policy_freeze_keys },
		{ "[store ...]", policy_store_keys },
		{ "[provider ...]", policy_provider_keys },
		{ "[change ...] of kinds that have values",
		    policy_change_keys },
	};

	for (size_t i = 0; i < sizeof(homes) / sizeof(*homes); i++) {
		if (policy_key_find(homes[i].keys, name) != SIZE_MAX)
			return homes[i].title;
	}
	return NULL;
}

static int
refuse_key(
    struct policy_reading *rd, const struct policy_key *keys, const char *name)
{
	const char *names[POLICY_KEYS_MAX];
	const char *home = other_home(name);
	struct cseal_buf way;
	size_t n = 0;
	int r;

	if (home != NULL)
		return policy_source_refuse(rd->err, rd->line,
		    "'%.*s' does not stand in a section [%s] of this sort: it "
		    "belongs to %s",
		    POLICY_SHOWN, name, rd->title, home);
	cseal_buf_init(&way, 0);
	(void)cseal_buf_add_str(&way, "its keys are ");
	for (; keys[n].name != NULL; n++) {
		names[n] = keys[n].name;
		(void)cseal_buf_printf(
		    &way, "%s%s", n > 0 ? ", " : "", keys[n].name);
	}
	r = policy_source_stranger(
	    rd, "there is no key", name, names, n, cseal_buf_str(&way));
	cseal_buf_free(&way);
	return r;
}

/* Large enough for the section of any key. */
union scratch {
	struct policy_ledger ledger;
	struct policy_freeze freeze;
	struct cseal_policy_store store;
	struct cseal_provider provider;
	struct cseal_policy_change change;
};

static size_t
list_kinds(bool by_slot, const char **names)
{
	const struct cseal_kind *k;
	size_t n = 0;

	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		if (!k->authority &&
		    (n == 0 || !by_slot || strcmp(names[n - 1], k->slot) != 0))
			names[n++] = by_slot ? k->slot : k->name;
	}
	return n;
}

/* A list of kinds or slots: the first word that is none is named. */
static int
refuse_word(
    struct policy_reading *rd, const struct policy_key *key, const char *value)
{
	const char *names[POLICY_KINDS_MAX];
	const bool by_slot = key->read == policy_read_slots;
	size_t n = list_kinds(by_slot, names), i;
	struct policy_words l;

	if (policy_split(value, &l) != CSEAL_OK)
		return CSEAL_OK;
	for (size_t w = 0; w < l.n; w++) {
		for (i = 0; i < n && strcmp(names[i], l.words[w]) != 0;)
			i++;
		if (i == n)
			return policy_source_stranger(rd,
			    by_slot ? "there is no slot"
				    : "there is no kind that has values",
			    l.words[w], names, n,
			    by_slot ? "counterseal kinds KIND tells a kind's "
				      "slot"
				    : "counterseal kinds lists them");
	}
	return CSEAL_OK;
}

/* One of some words. */
static int
refuse_choice(
    struct policy_reading *rd, const struct policy_key *key, const char *value)
{
	const struct cseal_word *w = key->how;
	const char *names[POLICY_KEYS_MAX];
	char what[64];
	size_t n = 0;

	for (; w[n].name != NULL; n++)
		names[n] = w[n].name;
	(void)snprintf(what, sizeof(what), "'%s' has no", key->name);
	return policy_source_stranger(rd, what, value, names, n, key->form);
}

static int
check_value(
    struct policy_reading *rd, const struct policy_key *key, const char *value)
{
	union scratch scratch;
	int r;

	memset(&scratch, 0, sizeof(scratch));
	r = key->read(&rd->s->p->pool, value, key->how,
	    (uint8_t *)&scratch + key->offset);
	if (r != CSEAL_ERR_INPUT)
		return r;
	if (key->read == policy_read_slots || key->read == policy_read_schemes)
		r = refuse_word(rd, key, value);
	else if (key->read == policy_read_choice)
		r = refuse_choice(rd, key, value);
	else
		r = CSEAL_OK;
	return r != CSEAL_OK ? r
			     : policy_source_refuse(rd->err, rd->line,
				   "'%s' is written as %s; '%.*s' is not",
				   key->name, key->form, POLICY_SHOWN, value);
}

/* Says it of every target that has the key, unless a narrower head did. */
static int
say(struct policy_reading *rd, const char *name, const char *value)
{
	struct policy_said *said;
	size_t key;

	for (size_t i = 0; i < rd->n; i++) {
		struct policy_target *t = rd->targets[i];

		key = policy_key_find(t->keys, name);
		if (key == SIZE_MAX)
			continue;
		said = &t->said[key];
		if (said->line != 0 && said->width == rd->widths[i])
			return policy_source_refuse(rd->err, rd->line,
			    "'%s'%s%s stands in line %u already, under a head "
			    "as narrow: one of them must go",
			    name, t->name[0] != '\0' ? " of " : "", t->name,
			    said->line);
		if (said->line != 0 && said->width > rd->widths[i])
			continue;
		said->value = value;
		said->line = rd->line;
		said->width = rd->widths[i];
	}
	return CSEAL_OK;
}

/* "mon-fri" as "mon tue wed thu fri"; other words as they are. */
static void
write_days(const char *value, struct cseal_buf *out)
{
	const struct cseal_word *d = policy_days;
	struct policy_words l;
	uint64_t from, to;
	char *dash;

	if (policy_split(value, &l) != CSEAL_OK)
		l.n = 0;
	for (size_t i = 0; i < l.n; i++) {
		dash = strchr(l.words[i], '-');
		if (dash != NULL)
			*dash = '\0';
		if (dash == NULL || !cseal_word_find(d, l.words[i], &from) ||
		    !cseal_word_find(d, dash + 1, &to) || from >= to) {
			cseal_buf_reset(out);
			break;
		}
		for (; from <= to; from <<= 1)
			(void)cseal_buf_printf(out, "%s%s",
			    out->len > 0 ? " " : "", cseal_word_name(d, from));
	}
	if (out->len == 0)
		(void)cseal_buf_add_str(out, value);
}

static int
take_value(
    struct policy_reading *rd, const struct policy_key *key, const char *value)
{
	struct cseal_buf text;
	char *copy = NULL;
	int r;

	cseal_buf_init(&text, 0);
	if (key->read == policy_read_weekdays && strchr(value, '-') != NULL)
		write_days(value, &text);
	else
		(void)cseal_buf_add_str(&text, value);
	r = cseal_buf_error(&text);
	if (r == CSEAL_OK)
		r = check_value(rd, key, cseal_buf_str(&text));
	if (r == CSEAL_OK &&
	    (copy = policy_pool_take(&rd->s->p->pool, text.len + 1)) == NULL)
		r = CSEAL_ERR_NOMEM;
	if (r == CSEAL_OK) {
		memcpy(copy, cseal_buf_str(&text), text.len + 1);
		r = say(rd, key->name, copy);
	}
	cseal_buf_free(&text);
	return r;
}

int
policy_source_key(struct policy_reading *rd, char *line)
{
	const struct policy_key *keys;
	char *value = strchr(line, '=');
	size_t key;

	if (value == NULL || value == line)
		return policy_source_refuse(rd->err, rd->line,
		    "a line is a head [...], key = value, or a comment that "
		    "begins with ;");
	if (rd->title == NULL)
		return policy_source_refuse(rd->err, rd->line,
		    "a key before any head: write [ledger] or [change *] above "
		    "it");
	value[value[-1] == ' ' ? -1 : 0] = '\0';
	value += value[1] == ' ' ? 2 : 1;
	keys = section_keys(rd);
	key = policy_key_find(keys, line);
	if (key == SIZE_MAX)
		return refuse_key(rd, keys, line);
	if (value[0] == '\0')
		return policy_source_refuse(rd->err, rd->line,
		    "'%s' has no value: it is written as %s", line,
		    keys[key].form);
	return take_value(rd, &keys[key], value);
}
