/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libcounterseal: the whole public interface. The list reads like the way of
 * a change: a person's values become a change, a statement, a seal; the desk
 * judges it by replay and appends it to the ledger; a report tells of it.
 */

#ifndef COUNTERSEAL_H
#define COUNTERSEAL_H

#include "counterseal/api.h"
#include "counterseal/err.h"
#include "counterseal/buf.h"
#include "counterseal/calendar.h"
#include "counterseal/text.h"
#include "counterseal/merkle.h"
#include "counterseal/field.h"
#include "counterseal/kind.h"
#include "counterseal/change.h"
#include "counterseal/statement.h"
#include "counterseal/observation.h"
#include "counterseal/seal.h"
#include "counterseal/desk_key.h"
#include "counterseal/envelope.h"
#include "counterseal/offer.h"
#include "counterseal/attestation.h"
#include "counterseal/policy.h"
#include "counterseal/policy_source.h"
#include "counterseal/evidence.h"
#include "counterseal/ledger.h"
#include "counterseal/lint.h"
#include "counterseal/openings.h"
#include "counterseal/replay.h"
#include "counterseal/shown.h"
#include "counterseal/memory.h"
#include "counterseal/desk.h"
#include "counterseal/reentry.h"
#include "counterseal/observe.h"
#include "counterseal/site.h"
#include "counterseal/gate.h"
#include "counterseal/exchange.h"
#include "counterseal/backup.h"
#include "counterseal/repair.h"
#include "counterseal/token.h"
#include "counterseal/report.h"

#define CSEAL_VERSION "0.1.0"

/* The library's version, CSEAL_VERSION of the build. */
CSEAL_API const char *cseal_version(void);

#endif
