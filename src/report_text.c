/* SPDX-License-Identifier: BSD-2-Clause */
/* The report for people: plain text, at most 80 columns. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "counterseal/text.h"
#include "report.h"

#define COLUMNS	     80
#define LABEL_COLUMN 15 /* where what stands behind a label begins */
#define GRADE_COLUMN 11 /* where a finding's text begins */
#define ORG_COLUMNS  60

#define NUMBER_BYTES 32

/* 1204 as "1,204". */
static const char *
number(uint64_t v, char out[NUMBER_BYTES])
{
	char digits[NUMBER_BYTES];
	size_t n, o = 0;

	snprintf(digits, sizeof(digits), "%" PRIu64, v);
	n = strlen(digits);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			out[o++] = ',';
		out[o++] = digits[i];
	}
	out[o] = '\0';
	return out;
}

static void
put_count(struct cseal_buf *out, uint64_t v, const char *noun)
{
	char n[NUMBER_BYTES];

	cseal_buf_printf(out, "%s %s%s", number(v, n), noun, v == 1 ? "" : "s");
}

static void
put_label(struct cseal_buf *out, const char *label)
{
	cseal_buf_printf(out, "  %-*s", LABEL_COLUMN - 2, label);
}

/* One word and, before it, a space or a new line with `indent` spaces. */
static size_t
put_word(struct cseal_buf *out, const char *word, size_t n, size_t column,
    size_t indent)
{
	struct cseal_buf w;
	size_t wide;

	cseal_buf_init(&w, 0);
	cseal_text_safe(&w, (const uint8_t *)word, n, 0);
	wide = cseal_text_columns(cseal_buf_str(&w));
	if (column > indent && column + 1 + wide > COLUMNS) {
		cseal_buf_printf(out, "\n%*s", (int)indent, "");
		column = indent;
	} else if (column > indent) {
		cseal_buf_add_u8(out, ' ');
		column++;
	}
	cseal_buf_add(out, w.data, w.len);
	cseal_buf_free(&w);
	return column + wide;
}

/* Text in lines of at most 80 columns; the cursor stands at `indent`. */
static void
put_wrapped(struct cseal_buf *out, const char *text, size_t indent)
{
	size_t column = indent, n;

	for (; *text != '\0'; text += n) {
		if (*text == ' ') {
			n = 1;
			continue;
		}
		n = strcspn(text, " ");
		column = put_word(out, text, n, column, indent);
	}
	cseal_buf_add_u8(out, '\n');
}

static void
put_ledger(const struct report *p, struct cseal_buf *out)
{
	char n[NUMBER_BYTES];

	if (!p->known) {
		cseal_buf_add_str(out, "ledger unknown: its first entry does "
				       "not stand\n");
		return;
	}
	cseal_buf_printf(out, "ledger %.8s  ", p->ledger);
	cseal_text_safe(out, p->org.data, p->org.len, ORG_COLUMNS);
	cseal_buf_add_u8(out, '\n');
	if (p->demo)
		cseal_buf_add_str(out,
		    "  demonstration ledger: software keys prove nothing\n");
	put_label(out, "id");
	cseal_buf_printf(out, "%s\n", p->ledger);
	put_label(out, "fingerprint");
	cseal_buf_printf(out, "%s\n", p->fingerprint);
	if (!p->continues)
		return;
	put_label(out, "continues");
	cseal_buf_printf(
	    out, "%s\n%*sas of ", p->predecessor, LABEL_COLUMN, "");
	cseal_buf_printf(out, "%s entries, by its own word\n",
	    number(p->predecessor_size, n));
}

static void
put_keys(const struct report *p, struct cseal_buf *out)
{
	put_label(out, "keys");
	put_count(out, p->keys, "key");
	if (p->software > 0)
		cseal_buf_printf(out, ", %" PRIu64 " in software", p->software);
	if (p->unproven > 0)
		cseal_buf_printf(
		    out, ", %" PRIu64 " of unproven hardware", p->unproven);
	cseal_buf_add_u8(out, '\n');
}

static void
put_counts(const struct report *p, struct cseal_buf *out)
{
	char a[NUMBER_BYTES], b[NUMBER_BYTES];

	put_label(out, "entries");
	cseal_buf_printf(out, "%s: ", number(p->entries, a));
	put_count(out, p->changes, "change");
	cseal_buf_add_str(out, ", ");
	put_count(out, p->persons, "person");
	cseal_buf_add_u8(out, '\n');
	put_keys(p, out);
	put_label(out, "signatures");
	cseal_buf_printf(
	    out, "%s of %s", number(p->sealed, a), number(p->entries, b));
	if (p->remembered > 0)
		cseal_buf_printf(out, ": %s remembered, %s checked now",
		    number(p->remembered, a),
		    number(p->sealed - p->remembered, b));
	cseal_buf_add_u8(out, '\n');
	put_label(out, "head");
	cseal_buf_printf(out, "%s\n", number(p->size, a));
	if (!p->known)
		return;
	put_label(out, "root");
	cseal_buf_printf(out, "%s\n", p->root);
}

static void
put_finding(const struct report_finding *rf, struct cseal_buf *out)
{
	const struct cseal_rule *rule = rf->finding->rule;
	struct cseal_buf line;

	cseal_buf_init(&line, 0);
	cseal_buf_printf(
	    out, "  %-*s", GRADE_COLUMN - 2, report_grade_name(rule->grade));
	cseal_finding_text(rf->finding, &line);
	put_wrapped(out, cseal_buf_str(&line), GRADE_COLUMN);
	if (rf->consequence[0] != '\0') {
		cseal_buf_printf(out, "%*s", GRADE_COLUMN, "");
		put_wrapped(out, rf->consequence, GRADE_COLUMN);
	}
	cseal_buf_reset(&line);
	cseal_buf_printf(&line, "See %s", rule->reference);
	cseal_buf_printf(out, "%*s", GRADE_COLUMN, "");
	put_wrapped(out, cseal_buf_str(&line), GRADE_COLUMN);
	cseal_buf_free(&line);
}

static void
put_findings(const struct report *p, struct cseal_buf *out)
{
	const char *before = " ";

	cseal_buf_add_str(out, "findings:");
	if (p->n_findings == 0)
		cseal_buf_add_str(out, " none");
	for (size_t i = 0; i <= CSEAL_FINDING_NOTICE; i++) {
		if (p->grades[i] == 0)
			continue;
		cseal_buf_add_str(out, before);
		put_count(out, p->grades[i],
		    report_grade_name((enum cseal_finding_grade)i));
		before = ", ";
	}
	cseal_buf_add_u8(out, '\n');
	for (size_t i = 0; i < p->n_findings; i++)
		put_finding(&p->findings[i], out);
}

int
report_text(const struct report *p, struct cseal_buf *out)
{
	put_ledger(p, out);
	put_counts(p, out);
	put_findings(p, out);
	return cseal_buf_error(out);
}
