/* SPDX-License-Identifier: BSD-2-Clause */
/* What other rules would alter, as far as a panel has room for it. */

#include <string.h>

#include "counterseal/policy_source.h"
#include "counterseal/text.h"

#include "panel.h"
#include "records.h"
#include "slice.h"

#define LINES_MOST   8
#define LINE_COLUMNS 72 /* behind the indent, before an ellipsis */

struct lines {
	struct cseal_buf *out;
	size_t n;
	size_t more;
};

static int
put_line(void *ctx, const struct cseal_policy_difference *d)
{
	struct lines *l = ctx;
	struct cseal_buf text;

	if (l->n == LINES_MOST) {
		l->more++;
		return CSEAL_OK;
	}
	l->n++;
	cseal_buf_init(&text, 0);
	(void)cseal_policy_difference_text(d, &text);
	(void)cseal_buf_add_str(l->out, "    ");
	panel_safe(l->out, cseal_buf_slice(&text), LINE_COLUMNS);
	cseal_buf_free(&text);
	return cseal_buf_add_str(l->out, "\n");
}

/* The hash has a line of its own: two people compare it. */
static int
put_hash(struct cseal_buf *out, const char *what, struct cseal_slice text)
{
	uint8_t hash[CSEAL_HASH_BYTES];
	char hex[2 * CSEAL_HASH_BYTES + 1];
	int r = cseal_policy_hash(text, hash);

	if (r != CSEAL_OK)
		return r;
	cseal_hex(hash, sizeof(hash), hex);
	return cseal_buf_printf(out,
	    "  %s; the SHA-256 of their text, %zu bytes, is\n    %s\n", what,
	    text.len, hex);
}

int
panel_rules(struct cseal_buf *out, struct cseal_slice text)
{
	struct cseal_buf fixed;
	int r;

	cseal_buf_init(&fixed, 0);
	r = cseal_policy_default(&fixed);
	if (r == CSEAL_OK && slice_same(text, cseal_buf_slice(&fixed)))
		r = cseal_buf_add_str(out, "  The fixed rules.\n");
	else if (r == CSEAL_OK)
		r = put_hash(out, "Rules of its own", text);
	cseal_buf_free(&fixed);
	return r;
}

int
panel_policy(struct cseal_buf *out, const struct cseal_state *s,
    struct cseal_slice detail)
{
	struct cseal_policy_text text;
	struct cseal_policy *next = NULL;
	struct lines l = { .out = out };
	int r;

	r = schema_parse_all(&record_policy, detail, &text, NULL);
	if (r == CSEAL_OK)
		r = cseal_policy_parse(&next, text.language, text.text, NULL);
	if (r == CSEAL_OK)
		r = put_hash(out, "Other rules", text.text);
	if (r == CSEAL_OK)
		r = cseal_policy_diff(
		    cseal_state_policy(s), next, put_line, &l);
	if (r == CSEAL_OK && l.n == 0)
		r = cseal_buf_add_str(
		    out, "    They say the same as those in force.\n");
	if (r == CSEAL_OK && l.more > 0)
		r = cseal_buf_printf(out,
		    "    and %zu more: see counterseal policy diff\n", l.more);
	cseal_policy_free(next);
	return r;
}
