/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ledger of somebody who does not use our command: what stands beside its
 * commitments is whatever the file says, a line each, as values and as
 * reasons. Everything in it verifies.
 *	mkledger FILE LEDGER
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "maker.h"
#include "maker_within.h"

#define LINE_BYTES 4096

/* Another value of a field, in the statement and beside it. */
static void
put_value(struct maker_draft *d, const char *name, struct cseal_slice value)
{
	struct cseal_request *q = &d->st.u.request;
	size_t o = 0, f = 0;

	while (strcmp(d->openings[o].name, name) != 0)
		o++;
	while (q->fields[f].name.len != strlen(name) ||
	       memcmp(q->fields[f].name.data, name, strlen(name)) != 0)
		f++;
	cseal_buf_reset(&d->openings[o].value);
	assert_int_equal(
	    cseal_buf_add(&d->openings[o].value, value.data, value.len),
	    CSEAL_OK);
	assert_int_equal(cseal_commit(d->openings[o].salt, value.data,
			     value.len, name, d->fields[f].hash),
	    CSEAL_OK);
}

static void
put_reason(struct maker *m, struct maker_draft *d, struct cseal_slice value)
{
	struct cseal_request *q = &d->st.u.request;
	struct cseal_opening *o = &d->openings[d->n_openings++];

	snprintf(o->name, sizeof(o->name), "reason");
	maker_draw(m, o->salt, sizeof(o->salt));
	assert_int_equal(
	    cseal_buf_add(&o->value, value.data, value.len), CSEAL_OK);
	d->evidence[0].kind = CSEAL_EVIDENCE_REASON;
	assert_int_equal(cseal_commit(o->salt, value.data, value.len, "reason",
			     d->evidence[0].hash),
	    CSEAL_OK);
	q->has_evidence = true;
	q->n_evidence = 1;
}

/* Asked for, approved, entered: so that every command tells of it. */
static void
put_change(struct maker *m, struct cseal_slice value)
{
	struct maker_draft *d = maker_request(m, 0, NULL);
	uint64_t n;

	put_value(d, "holder", value);
	put_reason(m, d, value);
	n = maker_do(m, d);
	(void)maker_do(m, maker_approve(m, 1, n));
	(void)maker_do(m, maker_apply(m, 0, n, CSEAL_APPLY_ENTERED));
	d = maker_request_email(m, 0);
	put_value(d, "email", value);
	(void)maker_do(m, d);
}

int
main(int argc, char *argv[])
{
	static char line[LINE_BYTES];
	struct maker *m;
	size_t n = 0;
	FILE *f;

	if (argc != 3 || (f = fopen(argv[1], "r")) == NULL) {
		fprintf(stderr, "usage: mkledger FILE LEDGER\n");
		return 2;
	}
	m = maker_founded(1);
	for (; fgets(line, sizeof(line), f) != NULL; n++) {
		struct cseal_slice value = { (const uint8_t *)line,
			strcspn(line, "\n") };

		put_change(m, value);
	}
	fclose(f);
	maker_write(m, argv[2]);
	maker_free(m);
	printf("%zu values\n", n);
	return n > 0 ? 0 : 1;
}
