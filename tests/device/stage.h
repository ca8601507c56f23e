/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ledger of lin and mina, each with a software key in the test's own
 * process, and lin's desk at it: an act goes the whole way from draft to
 * entry, through the key.
 */
#ifndef TESTS_DEVICE_STAGE_H
#define TESTS_DEVICE_STAGE_H

#include "counterseal/desk.h"

#include "meddle.h"

#define STAGE_ORG  "Example Trading GmbH"
#define STAGE_IBAN "DE89370400440532013000"

/* A person, the person's key, and how it is reached. */
struct stage_person {
	struct meddler m; /* m.h is the key */
	struct cseal_token *t;
	struct cseal_offer offer;
	struct cseal_slice id; /* of the credential in the ledger */
};

struct stage {
	struct stage_person lin, mina;
	struct cseal_prompt prompt; /* of both */
	struct cseal_desk *desk;
	struct cseal_error err;
	unsigned stores; /* each request is for another one */
	char folder[64], ledger[80];
};

/* For cmocka. */
int stage_setup(void **state);
int stage_teardown(void **state);

/* Takes the person's key out and puts it in again, opened: a CSEAL code. */
int stage_replug(struct stage *s, struct stage_person *p);

/* Entries that the file holds, whatever the desk believes. */
uint64_t stage_entries(const struct stage *s);

/* lin asks for a payout account of a new store: draft, seal, append. */
int stage_request(struct stage *s);

#endif
