/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The policy's text, line by line: "[section]" or "key = value". Which keys a
 * section has stands in tables; each is written once, each must be there. An
 * unknown word is an error, never a guess.
 */

#include "counterseal/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterseal/statement.h"
#include "counterseal/text.h"

#include "policy_words.h"

#define STORES_MAX  1024
#define CHANGES_MAX 64

struct store_rules {
	char name[CSEAL_ROLE_BYTES]; /* "*": any store */
	uint64_t slots;		     /* see policy_words.h */
	unsigned seen;
};

struct ledger_rules {
	uint64_t uv; /* 1 required, 0 optional */
	uint64_t attestation;
	uint64_t tolerance;
	uint64_t synced; /* 1 allowed */
	unsigned seen;
};

struct freeze_rules {
	struct cseal_roles by;
	uint64_t on_drift; /* 1 freezes the store */
	unsigned seen;
};

struct cseal_policy {
	struct ledger_rules ledger;
	struct freeze_rules freeze;
	struct store_rules *stores;
	size_t n_stores;
	size_t stores_cap;
	struct cseal_policy_change *changes;
	unsigned *changes_seen;
	size_t n_changes;
};

/* One key of a section. `set` reads the value into the section's struct. */
struct key_row {
	const char *name;
	int (*set)(const char *value, void *to);
	size_t offset;
};

static const struct key_row ledger_keys[] = {
	{ "user verification", policy_read_uv,
	    offsetof(struct ledger_rules, uv) },
	{ "attestation", policy_read_attestation,
	    offsetof(struct ledger_rules, attestation) },
	{ "clock tolerance", policy_read_duration,
	    offsetof(struct ledger_rules, tolerance) },
	{ "synced credentials", policy_read_synced,
	    offsetof(struct ledger_rules, synced) },
	{ NULL, NULL, 0 },
};

static const struct key_row store_keys[] = {
	{ "slots", policy_read_slots, offsetof(struct store_rules, slots) },
	{ NULL, NULL, 0 },
};

#define CHANGE(f) offsetof(struct cseal_policy_change, f)
static const struct key_row change_keys[] = {
	{ "approvals", policy_read_places, CHANGE(places) },
	{ "request lives", policy_read_duration, CHANGE(request_lives) },
	{ "cooling off", policy_read_duration, CHANGE(cooling_off) },
	{ "re-enter", policy_read_reenter, CHANGE(reenter) },
	{ "may request", policy_read_roles, CHANGE(may_request) },
	{ "may apply", policy_read_roles, CHANGE(may_apply) },
	{ "may observe", policy_read_roles, CHANGE(may_observe) },
	{ NULL, NULL, 0 },
};

static const struct key_row freeze_keys[] = {
	{ "by", policy_read_roles, offsetof(struct freeze_rules, by) },
	{ "on drift", policy_read_on_drift,
	    offsetof(struct freeze_rules, on_drift) },
	{ NULL, NULL, 0 },
};

/* The parse: which section the next lines belong to. */
struct parse {
	struct cseal_policy *p;
	const struct key_row *keys;
	void *section;
	unsigned *seen;
	char title[80];
	unsigned line;
	struct cseal_error *err;
};

static int
refuse(struct parse *ps, const char *rule, const char *word)
{
	char where[32];
	struct cseal_buf safe;
	int r;

	cseal_buf_init(&safe, 512);
	(void)cseal_text_safe(&safe, (const uint8_t *)word, strlen(word), 60);
	(void)snprintf(where, sizeof(where), "policy, line %u", ps->line);
	r = cseal_error_set(ps->err, CSEAL_ERR_INPUT, where, "%s%s%s", rule,
	    word[0] != '\0' ? ": " : "", cseal_buf_str(&safe));
	cseal_buf_free(&safe);
	return r;
}

/* Every key of the section that ends must have been written. */
static int
end_section(struct parse *ps)
{
	if (ps->keys == NULL)
		return CSEAL_OK;
	for (size_t i = 0; ps->keys[i].name != NULL; i++) {
		if ((*ps->seen & (1u << i)) == 0) {
			char rule[128];

			(void)snprintf(rule, sizeof(rule),
			    "section [%s] lacks the key", ps->title);
			return refuse(ps, rule, ps->keys[i].name);
		}
	}
	return CSEAL_OK;
}

/* A section that stands once. */
static int
begin_single(
    struct parse *ps, const struct key_row *keys, void *section, unsigned *seen)
{
	if (*seen != 0)
		return refuse(ps, "this section stands twice", ps->title);
	ps->keys = keys;
	ps->section = section;
	ps->seen = seen;
	return CSEAL_OK;
}

/* Room for one store more. */
static bool
make_room(struct cseal_policy *p)
{
	size_t cap = p->stores_cap == 0 ? 8 : p->stores_cap * 2;
	struct store_rules *grown;

	if (p->n_stores < p->stores_cap)
		return true;
	grown = reallocarray(p->stores, cap, sizeof(*grown));
	if (grown == NULL)
		return false;
	p->stores = grown;
	p->stores_cap = cap;
	return true;
}

static int
begin_store(struct parse *ps, const char *name)
{
	struct store_rules *s;

	if (strcmp(name, "*") != 0 && !cseal_text_is_handle(name, strlen(name)))
		return refuse(ps, "not a store's alias", name);
	for (size_t i = 0; i < ps->p->n_stores; i++) {
		if (strcmp(ps->p->stores[i].name, name) == 0)
			return refuse(ps, "this store stands twice", name);
	}
	if (ps->p->n_stores == STORES_MAX)
		return refuse(ps, "more than 1024 stores", "");
	if (!make_room(ps->p))
		return CSEAL_ERR_NOMEM;
	s = &ps->p->stores[ps->p->n_stores++];
	memset(s, 0, sizeof(*s));
	/* "*" or a handle, so it fits. */
	memcpy(s->name, name, strlen(name) + 1);
	ps->keys = store_keys;
	ps->section = s;
	ps->seen = &s->seen;
	return CSEAL_OK;
}

static int
begin_change(struct parse *ps, const char *name)
{
	const struct cseal_kind *kind = cseal_kind_find(name, strlen(name));
	struct cseal_policy *p = ps->p;

	if (kind == NULL)
		return refuse(ps, "not a kind of change", name);
	if (cseal_policy_change(p, kind) != NULL)
		return refuse(ps, "this kind stands twice", name);
	if (p->n_changes == CHANGES_MAX)
		return refuse(ps, "more than 64 kinds", "");
	ps->section = &p->changes[p->n_changes];
	ps->seen = &p->changes_seen[p->n_changes];
	p->changes[p->n_changes++].kind = kind;
	ps->keys = change_keys;
	return CSEAL_OK;
}

static int
begin_section(struct parse *ps, char *line, size_t n)
{
	int r;

	if (n < 3 || line[n - 1] != ']')
		return refuse(ps, "a section is written [name]", line);
	r = end_section(ps);
	if (r != CSEAL_OK)
		return r;
	line[n - 1] = '\0';
	(void)snprintf(ps->title, sizeof(ps->title), "%.70s", line + 1);
	if (strcmp(line + 1, "ledger") == 0)
		return begin_single(
		    ps, ledger_keys, &ps->p->ledger, &ps->p->ledger.seen);
	if (strcmp(line + 1, "freeze") == 0)
		return begin_single(
		    ps, freeze_keys, &ps->p->freeze, &ps->p->freeze.seen);
	if (strncmp(line + 1, "store ", 6) == 0)
		return begin_store(ps, line + 7);
	if (strncmp(line + 1, "change ", 7) == 0)
		return begin_change(ps, line + 8);
	return refuse(ps, "there is no such section", ps->title);
}

static int
take_key(struct parse *ps, char *line)
{
	char *value = strstr(line, " = ");
	int r;

	if (ps->keys == NULL)
		return refuse(ps, "a key before any section", line);
	if (value == NULL || value == line)
		return refuse(ps, "a line is written key = value", line);
	*value = '\0';
	value += 3;
	for (size_t i = 0; ps->keys[i].name != NULL; i++) {
		if (strcmp(ps->keys[i].name, line) != 0)
			continue;
		if ((*ps->seen & (1u << i)) != 0)
			return refuse(ps, "this key stands twice", line);
		*ps->seen |= 1u << i;
		r = ps->keys[i].set(
		    value, (uint8_t *)ps->section + ps->keys[i].offset);
		return r == CSEAL_OK
			   ? CSEAL_OK
			   : refuse(ps, "this value is not understood", value);
	}
	return refuse(ps, "there is no such key here", line);
}

/* `line` is terminated, without its line feed. */
static int
take_line(struct parse *ps, char *line, size_t n)
{
	if (n == 0 || line[0] == ';')
		return CSEAL_OK;
	for (size_t i = 0; i < n; i++) {
		if ((uint8_t)line[i] < 0x20 || (uint8_t)line[i] > 0x7e)
			return refuse(
			    ps, "only printable ASCII may stand here", line);
	}
	if (line[0] == '[')
		return begin_section(ps, line, n);
	return take_key(ps, line);
}

static int
take_text(struct parse *ps, struct cseal_slice text)
{
	char line[CSEAL_POLICY_LINE_MAX + 1];
	size_t n;
	int r;

	for (size_t at = 0; at < text.len; at += n + 1) {
		const uint8_t *p = text.data + at;
		const uint8_t *end = memchr(p, '\n', text.len - at);

		ps->line++;
		if (end == NULL)
			return refuse(ps, "the last line is not ended", "");
		n = (size_t)(end - p);
		if (n > CSEAL_POLICY_LINE_MAX)
			return refuse(ps, "longer than 1024 bytes", "");
		memcpy(line, p, n);
		line[n] = '\0';
		if (strlen(line) != n)
			return refuse(ps, "a NUL byte stands here", "");
		r = take_line(ps, line, n);
		if (r != CSEAL_OK)
			return r;
	}
	r = end_section(ps);
	if (r == CSEAL_OK && ps->p->ledger.seen == 0)
		return refuse(ps, "there is no section [ledger]", "");
	if (r == CSEAL_OK && ps->p->freeze.seen == 0)
		return refuse(ps, "there is no section [freeze]", "");
	return r;
}

int
cseal_policy_parse(struct cseal_policy **out, uint64_t language,
    struct cseal_slice text, struct cseal_error *err)
{
	struct parse ps = { .err = err };
	int r = CSEAL_ERR_NOMEM;

	*out = NULL;
	if (language != CSEAL_POLICY_LANGUAGE)
		return cseal_error_set(err, CSEAL_ERR_NEWER, "policy",
		    "written in a later version of the policy language");
	if (text.len > CSEAL_POLICY_MAX)
		return cseal_error_set(
		    err, CSEAL_ERR_TOO_LARGE, "policy", "longer than 32 KiB");
	ps.p = calloc(1, sizeof(*ps.p));
	if (ps.p == NULL)
		return r;
	ps.p->changes = calloc(CHANGES_MAX, sizeof(*ps.p->changes));
	ps.p->changes_seen = calloc(CHANGES_MAX, sizeof(unsigned));
	if (ps.p->changes != NULL && ps.p->changes_seen != NULL)
		r = take_text(&ps, text);
	if (r == CSEAL_OK)
		*out = ps.p; /* transferred */
	else
		cseal_policy_free(ps.p);
	return r;
}

void
cseal_policy_free(struct cseal_policy *p)
{
	if (p == NULL)
		return;
	free(p->stores);
	free(p->changes);
	free(p->changes_seen);
	free(p);
}

const struct cseal_policy_change *
cseal_policy_change(const struct cseal_policy *p, const struct cseal_kind *kind)
{
	for (size_t i = 0; i < p->n_changes; i++) {
		if (p->changes[i].kind == kind)
			return &p->changes[i];
	}
	return NULL;
}

bool
cseal_policy_reenters(
    const struct cseal_policy_change *c, const struct cseal_field *f)
{
	return c->reenter == CSEAL_REENTER_ALL ||
	       (c->reenter == CSEAL_REENTER_ACCOUNT && f->account);
}

/* A slot is name ["/" item]; the policy declares names. */
static bool
has_name(uint64_t slots, const char *slot)
{
	size_t n = strcspn(slot, "/");
	const struct cseal_kind *k;

	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		if (i < POLICY_KINDS_MAX && (slots >> i & 1) != 0 &&
		    strlen(k->slot) == n && memcmp(k->slot, slot, n) == 0)
			return true;
	}
	return false;
}

bool
cseal_policy_has_slot(
    const struct cseal_policy *p, const char *store, const char *slot)
{
	const struct store_rules *any = NULL;

	for (size_t i = 0; i < p->n_stores; i++) {
		if (strcmp(p->stores[i].name, store) == 0)
			return has_name(p->stores[i].slots, slot);
		if (strcmp(p->stores[i].name, "*") == 0)
			any = &p->stores[i];
	}
	return any != NULL && has_name(any->slots, slot);
}

bool
cseal_policy_uv(const struct cseal_policy *p)
{
	return p->ledger.uv != 0;
}

bool
cseal_policy_synced(const struct cseal_policy *p)
{
	return p->ledger.synced != 0;
}

uint64_t
cseal_policy_attestation(const struct cseal_policy *p)
{
	return p->ledger.attestation;
}

uint64_t
cseal_policy_tolerance(const struct cseal_policy *p)
{
	return p->ledger.tolerance;
}

const struct cseal_roles *
cseal_policy_may_freeze(const struct cseal_policy *p)
{
	return &p->freeze.by;
}

bool
cseal_policy_freezes_on_drift(const struct cseal_policy *p)
{
	return p->freeze.on_drift != 0;
}

bool
cseal_roles_has(const struct cseal_roles *r, const char *role)
{
	for (size_t i = 0; i < r->n; i++) {
		if (strcmp(r->names[i], role) == 0)
			return true;
	}
	return false;
}

/* The fixed rules, kind by kind in the table's order. */
static void
default_change(struct cseal_buf *b, const struct cseal_kind *k)
{
	(void)cseal_buf_printf(b, "\n[change %s]\napprovals = 1 %s\n", k->name,
	    k->authority ? "admin" : "approver");
	(void)cseal_buf_printf(b,
	    "request lives = 72h\ncooling off = 0h\nre-enter = %s\n",
	    k->authority ? "none" : "account");
	(void)cseal_buf_printf(b,
	    "may request = %s\nmay apply = %s\nmay observe = %s\n",
	    k->authority ? "admin" : "operator",
	    k->authority ? "none" : "operator",
	    k->authority ? "none" : "operator approver monitor");
}

int
cseal_policy_default(struct cseal_buf *out)
{
	const struct cseal_kind *k;

	(void)cseal_buf_add_str(out, "[ledger]\n"
				     "user verification = required\n"
				     "attestation = any\n"
				     "clock tolerance = 10m\n"
				     "synced credentials = refused\n"
				     "\n[store *]\nslots =");
	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++) {
		bool again = false;

		for (size_t j = 0; j < i; j++)
			again = again ||
				strcmp(cseal_kind_at(j)->slot, k->slot) == 0;
		if (!k->authority && !again)
			(void)cseal_buf_printf(out, " %s", k->slot);
	}
	(void)cseal_buf_add_str(
	    out, "\n\n[freeze]\nby = approver admin\non drift = freeze\n");
	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL; i++)
		default_change(out, k);
	return cseal_buf_error(out);
}
