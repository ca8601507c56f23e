/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Zones of tzdata, read by GLib: it is given a name and never asks which zone
 * the process is in. Three things to know of it (2.74): it takes rules for a
 * name ("Foo3") and paths too, which cseal_zone_is_name() keeps from it; it
 * ends the process when memory does; and behind 2037, where tzdata has rules
 * instead of a table, it has Dublin's winter wrong.
 */

#include "zone.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

struct zone {
	GTimeZone *rules; /* NULL: UTC, which needs no tzdata */
};

int
zone_open(struct zone **out, const char *name, struct cseal_error *err)
{
	struct zone *z = calloc(1, sizeof(*z));

	*out = NULL;
	if (z == NULL)
		return cseal_error_set(
		    err, CSEAL_ERR_NOMEM, "time zone", "out of memory");
	if (strcmp(name, "UTC") != 0) {
		z->rules = g_time_zone_new_identifier(name);
		if (z->rules == NULL) {
			free(z);
			return cseal_error_set(err, CSEAL_ERR_NOT_FOUND,
			    "time zone",
			    "this machine does not know %s; see to its "
			    "tzdata, or write UTC",
			    name);
		}
	}
	*out = z;
	return CSEAL_OK;
}

void
zone_close(struct zone *z)
{
	if (z == NULL)
		return;
	if (z->rules != NULL)
		g_time_zone_unref(z->rules);
	free(z);
}

static int
interval(const struct zone *z, int64_t t)
{
	return g_time_zone_find_interval(z->rules, G_TIME_TYPE_UNIVERSAL, t);
}

int64_t
zone_offset(const struct zone *z, int64_t t)
{
	if (z->rules == NULL)
		return 0;
	return g_time_zone_get_offset(z->rules, interval(z, t));
}

int64_t
zone_until(const struct zone *z, int64_t t, int64_t last)
{
	int now;

	if (z->rules == NULL)
		return last;
	now = interval(z, t);
	if (interval(z, last) == now)
		return last;
	while (last - t > 1) {
		const int64_t middle = t + (last - t) / 2;

		if (interval(z, middle) == now)
			t = middle;
		else
			last = middle;
	}
	return last;
}
