/* SPDX-License-Identifier: BSD-2-Clause */
/* The report for programs: one object, its keys as docs/json.md has them. */

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "counterseal/text.h"
#include "report.h"

/* Bytes that are no UTF-8 pass the filter; jansson takes no others. */
static json_t *
text(struct cseal_slice s)
{
	struct cseal_buf safe;
	json_t *j;

	if (cseal_text_is_utf8(s.data, s.len))
		return json_stringn((const char *)s.data, s.len);
	cseal_buf_init(&safe, 0);
	cseal_text_safe(&safe, s.data, s.len, 0);
	j = json_string(cseal_buf_str(&safe));
	cseal_buf_free(&safe);
	return j;
}

static json_t *
words(const char *s)
{
	struct cseal_slice slice = { (const uint8_t *)s, strlen(s) };

	return text(slice);
}

static json_t *
maybe_number(bool has, uint64_t v)
{
	return has ? json_integer((json_int_t)v) : json_null();
}

static json_t *
finding(const struct report_finding *rf)
{
	const struct cseal_finding *f = rf->finding;

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "code",
	    f->rule->code, "grade", report_grade_name(f->rule->grade), "entry",
	    maybe_number(f->has_entry, f->entry), "change",
	    maybe_number(f->has_change, f->change), "sentence",
	    words(f->rule->sentence), "detail", words(f->detail), "consequence",
	    words(rf->consequence), "reference", words(f->rule->reference));
}

static json_t *
findings(const struct report *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->n_findings; i++) {
		if (json_array_append_new(list, finding(&p->findings[i])) != 0)
			break;
	}
	if (list != NULL && json_array_size(list) == p->n_findings)
		return list;
	json_decref(list);
	return NULL;
}

static json_t *
maybe_string(bool has, const char *s)
{
	return has ? json_string(s) : json_null();
}

static json_t *
continues(const struct report *p)
{
	return p->continues
		   ? json_pack("{s:s, s:I, s:s}", "ledger", p->predecessor,
			 "size", (json_int_t)p->predecessor_size, "root",
			 p->predecessor_root)
		   : json_null();
}

static json_t *
report(const struct report *p)
{
	json_t *head = json_pack("{s:I, s:o}", "size", (json_int_t)p->size,
	    "root", maybe_string(p->known, p->root));

	return json_pack(
	    "{s:o, s:o, s:o, s:b, s:I, s:I, s:I, s:o, s:I, s:I, s:I, "
	    "s:I, s:I, s:o, s:b, s:o}",
	    "ledger", maybe_string(p->known, p->ledger), "fingerprint",
	    maybe_string(p->known, p->fingerprint), "org",
	    p->known ? text(p->org) : json_null(), "demo", (int)p->demo,
	    "entries", (json_int_t)p->entries, "sealed", (json_int_t)p->sealed,
	    "remembered", (json_int_t)p->remembered, "head", head, "persons",
	    (json_int_t)p->persons, "keys", (json_int_t)p->keys,
	    "software_keys", (json_int_t)p->software, "unproven_keys",
	    (json_int_t)p->unproven, "changes", (json_int_t)p->changes,
	    "findings", findings(p), "valid", (int)p->valid, "continues",
	    continues(p));
}

int
report_json(const struct report *p, struct cseal_buf *out)
{
	json_t *j = report(p);
	char *line;

	if (j == NULL)
		return CSEAL_ERR_NOMEM;
	line = json_dumps(j, JSON_COMPACT | JSON_ENSURE_ASCII);
	json_decref(j);
	if (line == NULL)
		return CSEAL_ERR_NOMEM;
	cseal_buf_add_str(out, line);
	free(line);
	return cseal_buf_add_u8(out, '\n');
}
