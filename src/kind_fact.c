/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Facts that a kind's values bear out (docs/format.md section 5). A value need
 * not have been typed by a person: openings can hold anything.
 */

#include <stdio.h>
#include <string.h>

#include "counterseal/kind.h"
#include "counterseal/text.h"
#include "format_phone.h"
#include "slice.h"

typedef int (*read_fact)(const struct cseal_kind_fact *f,
    const struct cseal_value *v, struct cseal_facts *out,
    struct cseal_error *err);

/* ---- text ---- */

/* Where a fact of text stands, and how long it can be with its NUL. */
static char *
place_of(struct cseal_facts *out, unsigned fact, size_t *size)
{
	switch (fact) {
	case CSEAL_FACT_COUNTRY:
		*size = sizeof(out->country);
		return out->country;
	case CSEAL_FACT_CURRENCY:
		*size = sizeof(out->currency);
		return out->currency;
	default: *size = sizeof(out->bank_code); return out->bank_code;
	}
}

/*
 * The first bytes of a value. A fact ends at a NUL, and must not be taken for
 * another one, or for none.
 */
static int
read_text(const struct cseal_kind_fact *f, const struct cseal_value *v,
    struct cseal_facts *out, struct cseal_error *err)
{
	char value[40] = "";
	size_t size;
	char *to = place_of(out, f->fact, &size);

	if (f->n >= sizeof(value))
		return CSEAL_ERR_INTERNAL;
	if (v != NULL && v->text.len < f->n)
		return CSEAL_OK;
	if (v != NULL && memchr(v->text.data, '\0', f->n) != NULL)
		return cseal_error_set(
		    err, CSEAL_ERR_FORMAT, f->field, "it holds a NUL");
	if (v != NULL)
		memcpy(value, v->text.data, f->n);
	(void)snprintf(to, size, "%s%s", f->text, value);
	return CSEAL_OK;
}

static int
read_provider(const struct cseal_kind_fact *f, const struct cseal_value *v,
    struct cseal_facts *out, struct cseal_error *err)
{
	(void)f;
	(void)err;
	if (v->text.len == 0 ||
	    !cseal_text_is_handle((const char *)v->text.data, v->text.len))
		return CSEAL_OK;
	memcpy(out->provider, v->text.data, v->text.len);
	out->provider[v->text.len] = '\0';
	return CSEAL_OK;
}

static int
read_calling(const struct cseal_kind_fact *f, const struct cseal_value *v,
    struct cseal_facts *out, struct cseal_error *err)
{
	size_t n = phone_calling(v->text.data, v->text.len);

	(void)f;
	(void)err;
	if (n > 0)
		memcpy(out->calling, v->text.data, n);
	return CSEAL_OK;
}

/* ---- words ---- */

/* Which of the words the value is, counted from 1; 0 if none. */
static uint8_t
word(const struct cseal_value *v, const char *const *words)
{
	const struct cseal_slice text = { v->text.data, v->text.len };

	for (uint8_t i = 0; words[i] != NULL; i++) {
		if (slice_is(text, words[i]))
			return (uint8_t)(i + 1);
	}
	return 0;
}

static int
read_line(const struct cseal_kind_fact *f, const struct cseal_value *v,
    struct cseal_facts *out, struct cseal_error *err)
{
	static const char *const words[] = { "mobile", "landline", "voip",
		NULL };

	(void)f;
	(void)err;
	out->line = word(v, words);
	return CSEAL_OK;
}

static void
yes_or_no(const struct cseal_value *v, bool *has, bool *yes)
{
	static const char *const words[] = { "yes", "no", NULL };
	uint8_t n = word(v, words);

	*has = n != 0;
	*yes = n == 1;
}

static int
read_payments(const struct cseal_kind_fact *f, const struct cseal_value *v,
    struct cseal_facts *out, struct cseal_error *err)
{
	(void)f;
	(void)err;
	yes_or_no(v, &out->has_payments, &out->payments);
	return CSEAL_OK;
}

static int
read_enabled(const struct cseal_kind_fact *f, const struct cseal_value *v,
    struct cseal_facts *out, struct cseal_error *err)
{
	(void)f;
	(void)err;
	yes_or_no(v, &out->has_enabled, &out->enabled);
	return CSEAL_OK;
}

/* ---- numbers ---- */

static int
read_percent(const struct cseal_kind_fact *f, const struct cseal_value *v,
    struct cseal_facts *out, struct cseal_error *err)
{
	unsigned percent = 0;
	size_t n = v->text.len;

	(void)f;
	(void)err;
	if (n == 0 || n > 3 || (n > 1 && v->text.data[0] == '0'))
		return CSEAL_OK;
	for (size_t i = 0; i < n; i++) {
		if (v->text.data[i] < '0' || v->text.data[i] > '9')
			return CSEAL_OK;
		percent = percent * 10 + (v->text.data[i] - '0');
	}
	out->has_percent = percent <= 100;
	out->percent = out->has_percent ? (uint8_t)percent : 0;
	return CSEAL_OK;
}

/* What a domain is, a policy says, and none is at hand: see claims.c. */
static int
read_domain(const struct cseal_kind_fact *f, const struct cseal_value *v,
    struct cseal_facts *out, struct cseal_error *err)
{
	(void)f;
	(void)v;
	(void)out;
	(void)err;
	return CSEAL_OK;
}

/* ---- all of them ---- */

static const read_fact readers[] = {
	[CSEAL_FACT_COUNTRY] = read_text,
	[CSEAL_FACT_CURRENCY] = read_text,
	[CSEAL_FACT_BANK] = read_text,
	[CSEAL_FACT_PROVIDER] = read_provider,
	[CSEAL_FACT_DOMAIN] = read_domain,
	[CSEAL_FACT_CALLING] = read_calling,
	[CSEAL_FACT_LINE] = read_line,
	[CSEAL_FACT_PAYMENTS] = read_payments,
	[CSEAL_FACT_ENABLED] = read_enabled,
	[CSEAL_FACT_PERCENT] = read_percent,
};

static const struct cseal_value *
given(const struct cseal_value *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(v[i].field->name, name) == 0)
			return &v[i];
	}
	return NULL;
}

int
cseal_kind_facts(const struct cseal_kind *k, const struct cseal_value *v,
    size_t n, struct cseal_facts *out, struct cseal_error *err)
{
	int r = CSEAL_OK;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < k->n_facts && r == CSEAL_OK; i++) {
		const struct cseal_kind_fact *f = &k->facts[i];
		const struct cseal_value *value = NULL;

		if (f->fact >= sizeof(readers) / sizeof(*readers) ||
		    readers[f->fact] == NULL)
			return CSEAL_ERR_INTERNAL;
		if (f->field != NULL && (value = given(v, n, f->field)) == NULL)
			continue;
		r = readers[f->fact](f, value, out, err);
	}
	return r;
}
