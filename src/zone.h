/* SPDX-License-Identifier: BSD-2-Clause */
/* The rules of one time zone: by how much its clocks are ahead of UTC. */

#ifndef ZONE_H
#define ZONE_H

#include "counterseal/err.h"

struct zone;

/*
 * Opens the zone of that name, which cseal_zone_is_name() takes.
 * CSEAL_ERR_NOT_FOUND if the machine does not know it; UTC is always known.
 */
int zone_open(struct zone **out, const char *name, struct cseal_error *err);
void zone_close(struct zone *z); /* NULL is fine */

/* Seconds to add to the Unix time `t` for what the clock shows then. */
int64_t zone_offset(const struct zone *z, int64_t t);

/*
 * The first time behind `t` from which on another rule may hold; `last` if
 * that is later.
 */
int64_t zone_until(const struct zone *z, int64_t t, int64_t last);

#endif
