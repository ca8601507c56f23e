/* SPDX-License-Identifier: BSD-2-Clause */

#include "exchange_seen.h"

#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "ledger_beside.h"

static int
add_name(void *ctx, const char *name, struct cseal_slice value)
{
	struct seen *s = ctx;
	const size_t n = strlen(name) + 1;
	char *copy = vec_add(&s->names, n);

	(void)value;
	if (copy == NULL)
		return CSEAL_ERR_NOMEM;
	memcpy(copy, name, n);
	return CSEAL_OK;
}

/* The store gives them in the order of their bytes. */
int
seen_load(struct seen *out, struct cseal_desk *d, struct cseal_error *err)
{
	int r;

	memset(out, 0, sizeof(*out));
	r = ledger_beside_each(d->ledger, SEEN_KIND, add_name, out, err);
	if (r != CSEAL_OK)
		seen_free(out);
	return r;
}

void
seen_free(struct seen *s)
{
	vec_free(&s->names, NULL);
}

static int
by_name(const void *name, const void *item)
{
	return strcmp(name, *(const char *const *)item);
}

bool
seen_has(const struct seen *s, const char *name)
{
	return s->names.n > 0 && bsearch(name, s->names.items, s->names.n,
				     sizeof(*s->names.items), by_name) != NULL;
}

int
seen_note(struct cseal_desk *d, const char *name, struct cseal_error *err)
{
	static const uint8_t yes = 1;
	const struct store_beside thing = { SEEN_KIND, name, { &yes, 1 } };

	return ledger_beside_put(d->ledger, &thing, 1, err);
}
