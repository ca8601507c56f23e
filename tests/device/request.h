/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CTAP2 requests put together by hand, and parameters that say what a test
 * has to say:
 *
 *	request_begin(&q, 0x06);
 *	request_uint(&q, 0x01, 2);
 *	status = request_run(h, &q, &reply);
 *
 * Keys are the caller's to put in order.
 */
#ifndef TESTS_DEVICE_REQUEST_H
#define TESTS_DEVICE_REQUEST_H

#include "device_harness.h"

struct request {
	size_t n;
	uint8_t data[CTAPHID_MESSAGE_MAX];
};

void request_begin(struct request *q, uint8_t command);
/* Items as they come, of no key. */
void request_put(struct request *q, const void *p, size_t n);
void request_put_bytes(struct request *q, const void *p, size_t n);
void request_put_text(struct request *q, const char *text);
/* Parameters; the first is a key alone, for the caller to give a value. */
void request_key(struct request *q, uint8_t key);
void request_uint(struct request *q, uint8_t key, uint64_t value);
void request_bytes(struct request *q, uint8_t key, const void *p, size_t n);
void request_text(struct request *q, uint8_t key, const char *text);
void request_raw(struct request *q, uint8_t key, const void *p, size_t n);

int request_run(
    struct harness *h, const struct request *q, struct harness_message *reply);
/* Fails the test with a sentence unless the status is the one. */
void request_expect(struct harness *h, const struct request *q, int want);

/* Of the same content in every test. */
extern const uint8_t request_hash[32]; /* clientDataHash */
#define REQUEST_RP "example.org"

/*
 * makeCredential with what is mandatory, and getAssertion with a list of the
 * one credential; parameters with higher keys may follow.
 */
void request_make(struct request *q, const char *rp);
void request_get(
    struct request *q, const char *rp, const uint8_t *id, size_t id_len);

/* What a reply to either says in its authenticator data. */
uint8_t request_flags(const struct harness_message *reply);
/* The id in a reply to makeCredential. */
const uint8_t *request_id(const struct harness_message *reply, size_t *len);

#endif
