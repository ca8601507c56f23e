/* SPDX-License-Identifier: BSD-2-Clause */
/* CTAP2 commands: one row of a table, one file for each of the larger. */
#ifndef FIRMWARE_CTAP2_H
#define FIRMWARE_CTAP2_H

#include "device.h"

/*
 * `start` gets the CBOR behind the command byte, already canonical (n is 0
 * if the command takes none), and returns a status or CTAP2_WAIT after
 * device_ask().  `resume` gets the answer and returns a status.  With
 * CTAP2_OK the reply's CBOR stands in dev->reply, dev->reply_len.
 */
struct ctap2_command {
	uint8_t byte;
	bool takes_params;
	bool follows; /* goes on with what an earlier one left: follow.h */
	int (*start)(struct device *dev, const uint8_t *body, size_t n);
	int (*resume)(struct device *dev, enum presence_answer answer);
};

/* A whole CTAPHID_CBOR message of at least one byte. */
int ctap2_start(struct device *dev, const uint8_t *msg, size_t n);
int ctap2_resume(struct device *dev, enum presence_answer answer);

/* The status of a request for which a person did not touch. */
int ctap2_refusal(enum presence_answer answer);

int getinfo_start(struct device *dev, const uint8_t *body, size_t n);
int makecred_start(struct device *dev, const uint8_t *body, size_t n);
int makecred_resume(struct device *dev, enum presence_answer answer);
int getassert_start(struct device *dev, const uint8_t *body, size_t n);
int getassert_resume(struct device *dev, enum presence_answer answer);
int getnext_start(struct device *dev, const uint8_t *body, size_t n);

#endif
