/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/change.h"

#include <stdio.h>
#include <string.h>

#include "counterseal/err.h"

#include "near.h"

#define ITEM_BYTES 8
#define NAMES_MAX  64  /* names that a mistyped one is compared with */
#define PLAIN_MAX  100 /* columns of a value's plain form */

static int
refuse_kind(const char *kind, struct cseal_error *err)
{
	const char *names[NAMES_MAX];
	const struct cseal_kind *k;
	size_t n = 0;

	while (n < NAMES_MAX && (k = cseal_kind_at(n)) != NULL)
		names[n++] = k->name;
	return near_refuse("kind", "there is no kind of change", kind,
	    strlen(kind), names, n, "'counterseal kinds' lists them", err);
}

static int
refuse_field(const struct cseal_kind *kind, const char *name, size_t len,
    struct cseal_error *err)
{
	const char *names[CSEAL_KIND_FIELDS_MAX + 1];
	struct cseal_buf way;
	size_t n = 0;
	int r;

	cseal_buf_init(&way, 0);
	cseal_buf_add_str(&way, "its fields are ");
	while (n < kind->n_fields && n < CSEAL_KIND_FIELDS_MAX) {
		names[n] = kind->fields[n].name;
		cseal_buf_printf(&way, "%s, ", names[n++]);
	}
	cseal_buf_add_str(&way, "reason");
	names[n++] = "reason";
	r = near_refuse(kind->name, "it has no field", name, len, names, n,
	    cseal_buf_str(&way), err);
	cseal_buf_free(&way);
	return r;
}

static int
check_op(const struct cseal_kind *kind, uint64_t op, struct cseal_error *err)
{
	const char *name = cseal_op_name(op);

	if (name == NULL)
		return cseal_error_set(err, CSEAL_ERR_INPUT, "op",
		    "there is no such operation: use replace, add, remove or "
		    "baseline");
	if ((kind->ops & CSEAL_OP_BIT((unsigned)op)) == 0)
		return cseal_error_set(err, CSEAL_ERR_INPUT, "op",
		    "%s does not allow %s: 'counterseal kinds %s' tells what "
		    "it allows",
		    kind->name, name, kind->name);
	return CSEAL_OK;
}

static int
set_store(struct cseal_change *c, const char *store, struct cseal_error *err)
{
	size_t n = store != NULL ? strnlen(store, sizeof(c->store)) : 0;

	if (c->kind->authority && n > 0)
		return cseal_error_set(err, CSEAL_ERR_INPUT, "store",
		    "%s is of the whole ledger: leave the store out",
		    c->kind->name);
	if (c->kind->authority)
		return CSEAL_OK;
	if (n == 0)
		return cseal_error_set(err, CSEAL_ERR_INPUT, "store",
		    "no store was named: add its alias, such as main-de");
	if (n >= sizeof(c->store) || !cseal_text_is_handle(store, n))
		return cseal_error_set(err, CSEAL_ERR_INPUT, "store",
		    "a store's alias is made of a-z, 0-9 and hyphens, begins "
		    "with a letter and has at most 32 characters");
	memcpy(c->store, store, n);
	return CSEAL_OK;
}

static bool
is_item(const char *s)
{
	for (size_t i = 0; i < ITEM_BYTES; i++) {
		if ((s[i] < 'a' || s[i] > 'z') && (s[i] < '0' || s[i] > '9'))
			return false;
	}
	return s[ITEM_BYTES] == '\0';
}

static bool
is_slot_of(const struct cseal_kind *kind, const char *slot)
{
	size_t n = strlen(kind->slot);

	if (strcmp(slot, kind->slot) == 0)
		return true;
	if (kind->authority)
		return cseal_text_is_handle(slot, strnlen(slot, 33));
	return strncmp(slot, kind->slot, n) == 0 && slot[n] == '/' &&
	       is_item(slot + n + 1);
}

static int
set_slot(struct cseal_change *c, const char *slot, struct cseal_error *err)
{
	if (slot == NULL)
		slot = c->kind->slot;
	if (!is_slot_of(c->kind, slot) || strlen(slot) >= sizeof(c->slot))
		return cseal_error_set(err, CSEAL_ERR_INPUT, "slot",
		    c->kind->authority
			? "the slot is a person's handle: a-z, 0-9 and hyphens"
			: "the slot of this kind is %s, or %s/ITEM with an item "
			  "of eight characters a-z and 0-9",
		    c->kind->slot, c->kind->slot);
	memcpy(c->slot, slot, strlen(slot));
	return CSEAL_OK;
}

int
cseal_change_init(struct cseal_change *c, const char *kind, uint64_t op,
    const char *store, const char *slot, struct cseal_error *err)
{
	int r;

	memset(c, 0, sizeof(*c));
	if ((c->kind = cseal_kind_find(kind, strlen(kind))) == NULL)
		return refuse_kind(kind, err);
	c->op = op != 0 ? op : CSEAL_OP_REPLACE;
	if ((r = check_op(c->kind, c->op, err)) != CSEAL_OK ||
	    (r = set_store(c, store, err)) != CSEAL_OK)
		return r;
	return set_slot(c, slot, err);
}

void
cseal_change_free(struct cseal_change *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->n_values; i++)
		cseal_buf_free(&c->values[i].text);
	cseal_buf_free(&c->reason);
	memset(c, 0, sizeof(*c));
}

static int
refuse_twice(const char *name, struct cseal_error *err)
{
	return cseal_error_set(
	    err, CSEAL_ERR_INPUT, name, "it was given twice: give it once");
}

/* What is wrong with it is its width alone: tells so, and what to write. */
static void
tell_plain(const struct cseal_format *f, const char *name, bool secret,
    const uint8_t *value, size_t len, struct cseal_error *err)
{
	struct cseal_buf plain, shown;
	struct cseal_plain how;
	char more[40] = "";

	cseal_buf_init(&plain, 0);
	cseal_buf_init(&shown, 0);
	if (cseal_format_plain(f, value, len, &plain, &how) != CSEAL_OK)
		goto out;
	if (how.changed > 1)
		(void)snprintf(
		    more, sizeof(more), " and %zu more", how.changed - 1);
	(void)cseal_text_safe(&shown, plain.data, plain.len, PLAIN_MAX);
	cseal_error_set(err, CSEAL_ERR_INPUT, name,
	    "character %zu%s %s full-width, or another form of a plain one: %s%s",
	    how.first, more, how.changed > 1 ? "are" : "is",
	    secret ? "write it plain, with the keyboard set to half-width"
		   : "the plain form is ",
	    secret ? "" : cseal_buf_str(&shown));
out:
	cseal_buf_free(&shown);
	cseal_buf_free(&plain);
}

/* The canonical form with a NUL behind it, in a new `out`. */
static int
canonical(struct cseal_buf *out, const struct cseal_format *f, const char *name,
    bool secret, const uint8_t *value, size_t len, struct cseal_error *err)
{
	int r;

	cseal_buf_init(out, CSEAL_VALUE_MAX);
	if ((r = f->canon(f, name, value, len, out, err)) != CSEAL_OK)
		cseal_buf_free(out);
	else
		cseal_buf_str(out);
	if (r == CSEAL_ERR_INPUT)
		tell_plain(f, name, secret, value, len, err);
	return r;
}

/* Keeps the kind's order while values come in any. */
static void
insert(struct cseal_change *c, const struct cseal_field *field,
    const struct cseal_buf *text)
{
	size_t i = c->n_values++;

	for (; i > 0 && c->values[i - 1].field > field; i--)
		c->values[i] = c->values[i - 1];
	c->values[i].field = field;
	c->values[i].text = *text; /* transferred */
}

int
cseal_change_set(struct cseal_change *c, const char *name, size_t name_len,
    const uint8_t *value, size_t len, struct cseal_error *err)
{
	const struct cseal_field *field;
	struct cseal_buf text;
	int r;

	if (c->closed)
		return cseal_error_set(err, CSEAL_ERR_USAGE, c->kind->name,
		    "the change is closed");
	if (name_len == 6 && memcmp(name, "reason", 6) == 0) {
		if (c->reason.len > 0)
			return refuse_twice("reason", err);
		return canonical(&c->reason, cseal_format_find("text"),
		    "reason", false, value, len, err);
	}
	if ((field = cseal_kind_field(c->kind, name, name_len)) == NULL)
		return refuse_field(c->kind, name, name_len, err);
	if (cseal_change_value(c, field->name) != NULL)
		return refuse_twice(field->name, err);
	if (c->n_values == CSEAL_KIND_FIELDS_MAX)
		return CSEAL_ERR_INTERNAL;
	r = canonical(&text, field->format, field->name,
	    field->grade == CSEAL_GRADE_SECRET, value, len, err);
	if (r == CSEAL_OK)
		insert(c, field, &text);
	return r;
}

int
cseal_change_set_word(
    struct cseal_change *c, const char *word, struct cseal_error *err)
{
	const char *equals = strchr(word, '=');
	const struct cseal_field *field;
	size_t n;

	if (equals == NULL || equals == word)
		return cseal_error_set(err, CSEAL_ERR_INPUT, c->kind->name,
		    "a value is given as FIELD=VALUE");
	n = (size_t)(equals - word);
	field = cseal_kind_field(c->kind, word, n);
	if (field != NULL && field->grade == CSEAL_GRADE_SECRET)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field->name,
		    "it is secret, and arguments can be read in the list of "
		    "processes and in the shell's history: enter it at the "
		    "prompt, or give it with --from FILE or --from -");
	return cseal_change_set(
	    c, word, n, (const uint8_t *)equals + 1, strlen(equals + 1), err);
}

/* Appends the names of required fields that are not there, "a, b". */
static int
missing(const struct cseal_change *c, struct cseal_buf *names)
{
	const struct cseal_kind *k = c->kind;

	for (size_t i = 0; i < k->n_fields; i++) {
		if (!k->fields[i].required ||
		    cseal_change_value(c, k->fields[i].name) != NULL)
			continue;
		cseal_buf_printf(names, "%s%s", names->len > 0 ? ", " : "",
		    k->fields[i].name);
	}
	return cseal_buf_error(names);
}

static int
check_required(const struct cseal_change *c, struct cseal_error *err)
{
	struct cseal_buf names;
	int r;

	cseal_buf_init(&names, 0);
	if ((r = missing(c, &names)) == CSEAL_OK && names.len > 0)
		r = cseal_error_set(err, CSEAL_ERR_INPUT, c->kind->name,
		    "missing: %s", cseal_buf_str(&names));
	cseal_buf_free(&names);
	return r;
}

int
cseal_change_close(struct cseal_change *c, struct cseal_error *err)
{
	int r;

	if (c->closed)
		return CSEAL_OK;
	if ((r = check_op(c->kind, c->op, err)) != CSEAL_OK)
		return r;
	if (c->op != CSEAL_OP_REMOVE &&
	    (r = check_required(c, err)) != CSEAL_OK)
		return r;
	if (c->op == CSEAL_OP_REMOVE && c->n_values > 0)
		return cseal_error_set(err, CSEAL_ERR_INPUT, c->kind->name,
		    "to remove something takes no values: leave them out");
	if (c->kind->cross != NULL &&
	    (r = c->kind->cross(c->values, c->n_values, err)) != CSEAL_OK)
		return r;
	c->closed = true;
	return CSEAL_OK;
}

const struct cseal_value *
cseal_change_value(const struct cseal_change *c, const char *name)
{
	for (size_t i = 0; i < c->n_values; i++) {
		if (strcmp(c->values[i].field->name, name) == 0)
			return &c->values[i];
	}
	return NULL;
}

int
cseal_change_facts(const struct cseal_change *c, struct cseal_facts *out,
    struct cseal_error *err)
{
	memset(out, 0, sizeof(*out));
	if (!c->closed)
		return cseal_error_set(err, CSEAL_ERR_USAGE, c->kind->name,
		    "the change is not closed");
	return cseal_kind_facts(c->kind, c->values, c->n_values, out, err);
}
