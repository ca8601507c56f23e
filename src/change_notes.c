/* SPDX-License-Identifier: BSD-2-Clause */
/* What is to be said of a change on the day on which it is asked for. */

#include <string.h>

#include "counterseal/change.h"
#include "counterseal/err.h"

/* A day as "2027-08-31", of a month ("08/2027") as "2027-08". */
static size_t
day_of(const char *value, char out[CSEAL_TIME_BYTES])
{
	size_t n = strnlen(value, CSEAL_TIME_BYTES - 1);

	if (n == 7 && value[2] == '/') {
		memcpy(out, value + 3, 4);
		out[4] = '-';
		memcpy(out + 5, value, 2);
	} else {
		memcpy(out, value, n);
	}
	out[n] = '\0';
	return n;
}

int
cseal_change_on(
    const struct cseal_change *c, uint64_t now, struct cseal_error *err)
{
	char today[CSEAL_TIME_BYTES], last[CSEAL_TIME_BYTES];
	const struct cseal_value *v;
	size_t n;

	if (c->kind->until == NULL || c->op == CSEAL_OP_BASELINE ||
	    (v = cseal_change_value(c, c->kind->until)) == NULL)
		return CSEAL_OK;
	cseal_time_utc(now, today);
	n = day_of((const char *)v->text.data, last);
	today[n] = '\0';
	if (strcmp(last, today) >= 0)
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_INPUT, v->field->name,
	    "it is over: %s lies before %s, by this machine's clock; is the "
	    "year right?",
	    (const char *)v->text.data, today);
}

void
cseal_change_notes(
    const struct cseal_change *c, uint64_t now, struct cseal_notes *out)
{
	memset(out, 0, sizeof(*out));
	if (c->kind->notes != NULL)
		c->kind->notes(c->values, c->n_values, now, out);
}
