/* SPDX-License-Identifier: BSD-2-Clause */
#include "request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "status.h"

#define MAKE 0x01
#define GET  0x02

/* In authenticator data (WebAuthn Level 2, section 6.1). */
enum offset { FLAGS = 32, ID_LEN = 53, ID = 55 };

const uint8_t request_hash[32] = "the hash of some client data...";

void
request_put(struct request *q, const void *p, size_t n)
{
	assert_true(n <= sizeof(q->data) - q->n);
	if (n > 0)
		memcpy(q->data + q->n, p, n);
	q->n += n;
}

static void
put_head(struct request *q, uint8_t major, uint64_t value)
{
	uint8_t head[9] = { 0 };
	size_t n = value < 24		 ? 0
		   : value <= 0xff	 ? 1
		   : value <= 0xffff	 ? 2
		   : value <= 0xffffffff ? 4
					 : 8;
	static const uint8_t info[9] = { 0, 24, 25, 0, 26, 0, 0, 0, 27 };

	head[0] = (uint8_t)((uint64_t)major << 5 | (n == 0 ? value : info[n]));
	for (size_t i = 0; i < n; i++)
		head[1 + i] = (uint8_t)(value >> 8 * (n - 1 - i));
	request_put(q, head, 1 + n);
}

void
request_put_bytes(struct request *q, const void *p, size_t n)
{
	put_head(q, 2, n);
	request_put(q, p, n);
}

void
request_put_text(struct request *q, const char *text)
{
	put_head(q, 3, strlen(text));
	request_put(q, text, strlen(text));
}

void
request_begin(struct request *q, uint8_t command)
{
	q->n = 0;
	request_put(q, &command, 1);
	put_head(q, 5, 0);
}

void
request_key(struct request *q, uint8_t key)
{
	/* The map's head counts along. */
	assert_true(q->data[1] < 0xb7);
	q->data[1]++;
	put_head(q, 0, key);
}

void
request_uint(struct request *q, uint8_t key, uint64_t value)
{
	request_key(q, key);
	put_head(q, 0, value);
}

void
request_bytes(struct request *q, uint8_t key, const void *p, size_t n)
{
	request_key(q, key);
	request_put_bytes(q, p, n);
}

void
request_text(struct request *q, uint8_t key, const char *text)
{
	request_key(q, key);
	request_put_text(q, text);
}

void
request_raw(struct request *q, uint8_t key, const void *p, size_t n)
{
	request_key(q, key);
	request_put(q, p, n);
}

int
request_run(
    struct harness *h, const struct request *q, struct harness_message *reply)
{
	return harness_ctap(h, q->data, q->n, reply);
}

void
request_expect(struct harness *h, const struct request *q, int want)
{
	struct harness_message reply;
	int got = request_run(h, q, &reply);

	if (got != want)
		fail_msg("command %02x: status %02x instead of %02x",
		    q->data[0], (unsigned int)got, (unsigned int)want);
	if (want != CTAP2_OK)
		assert_int_equal(reply.len, 1);
}

void
request_make(struct request *q, const char *rp)
{
	static const char user[] = "\xa2\x62id\x41u\x64name\x65"
				   "alice";
	static const char algs[] = "\x81\xa2\x63"
				   "alg\x26\x64type\x6apublic-key";

	request_begin(q, MAKE);
	request_bytes(q, 0x01, request_hash, sizeof(request_hash));
	request_raw(q, 0x02, "\xa1\x62id", 4);
	request_put_text(q, rp);
	request_raw(q, 0x03, user, sizeof(user) - 1);
	request_raw(q, 0x04, algs, sizeof(algs) - 1);
}

void
request_get(struct request *q, const char *rp, const uint8_t *id, size_t id_len)
{
	static const char type[] = "\x64type\x6apublic-key";

	request_begin(q, GET);
	request_text(q, 0x01, rp);
	request_bytes(q, 0x02, request_hash, sizeof(request_hash));
	request_raw(q, 0x03, "\x81\xa2\x62id", 5);
	request_put_bytes(q, id, id_len);
	request_put(q, type, sizeof(type) - 1);
}

/*
 * Member 0x02 of either reply is the authenticator data, and the first one
 * that begins with the hash of an rp id is it: look for its head.
 */
static const uint8_t *
authdata(const struct harness_message *reply)
{
	for (size_t i = 1; i + 40 < reply->len; i++) {
		const uint8_t *p = reply->data + i;

		if (p[0] == 0x02 && p[1] == 0x58 && p[2] >= 37)
			return p + 3;
		if (p[0] == 0x02 && p[1] == 0x59)
			return p + 4;
	}
	fail_msg("no authenticator data in a reply of %zu bytes", reply->len);
	return NULL;
}

uint8_t
request_flags(const struct harness_message *reply)
{
	return authdata(reply)[FLAGS];
}

const uint8_t *
request_id(const struct harness_message *reply, size_t *len)
{
	const uint8_t *ad = authdata(reply);

	assert_int_not_equal(ad[FLAGS] & 0x40, 0);
	*len = (size_t)ad[ID_LEN] << 8 | ad[ID_LEN + 1];
	return ad + ID;
}
