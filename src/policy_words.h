/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of the policy language: durations, roles, places, choices. */

#ifndef SRC_POLICY_WORDS_H
#define SRC_POLICY_WORDS_H

#include "counterseal/policy.h"

/* A bit for each kind of change whose slot is declared, by its place. */
#define POLICY_KINDS_MAX 64

/*
 * Each reads a terminated value into the type named; CSEAL_ERR_INPUT if it is
 * not exactly of its form.
 */
int policy_read_duration(const char *value, void *to); /* uint64_t seconds */
int policy_read_uv(const char *value, void *to);       /* uint64_t */
int policy_read_synced(const char *value, void *to);
int policy_read_attestation(const char *value, void *to);
int policy_read_on_drift(const char *value, void *to); /* freeze, report */
int policy_read_reenter(const char *value, void *to);  /* cseal_reenter */
int policy_read_slots(const char *value, void *to);    /* uint64_t, bits */
int policy_read_roles(const char *value, void *to);    /* struct cseal_roles */
int policy_read_places(const char *value, void *to);   /* cseal_places */

#endif
