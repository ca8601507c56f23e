/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of the policy language: durations, roles, places, choices. */

#ifndef SRC_POLICY_WORDS_H
#define SRC_POLICY_WORDS_H

#include "counterseal/policy.h"

#define POLICY_WORD_BYTES 65
#define POLICY_WORDS_MAX  32

struct policy_list {
	char words[POLICY_WORDS_MAX][POLICY_WORD_BYTES];
	size_t n;
};

/*
 * Each reads a terminated value into the type named; CSEAL_ERR_INPUT if it is
 * not exactly of its form.
 */
int policy_read_duration(const char *value, void *to); /* uint64_t seconds */
int policy_read_uv(const char *value, void *to);       /* uint64_t */
int policy_read_synced(const char *value, void *to);
int policy_read_attestation(const char *value, void *to);
int policy_read_on_drift(const char *value, void *to); /* freeze, report */
int policy_read_slots(const char *value, void *to);    /* struct policy_list */
int policy_read_roles(const char *value, void *to);    /* struct cseal_roles */
int policy_read_places(const char *value, void *to);   /* cseal_places */

#endif
