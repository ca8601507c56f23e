/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CTAP2 messages, one after the other, each behind its length in two bytes,
 * to a key whose person always touches.
 */

#include "ctap2.h"
#include "fuzz_device.h"
#include "status.h"

#define CLIENT 0

static uint32_t
open_channel(struct fuzz_device *f)
{
	uint8_t report[CTAPHID_REPORT] = { 0xff, 0xff, 0xff, 0xff, CTAPHID_INIT,
		0, CTAPHID_INIT_NONCE };

	device_report_in(f->dev, CLIENT, report, sizeof(report));
	fuzz_must(f->last[4] == CTAPHID_INIT, "no channel");
	return (uint32_t)f->last[15] << 24 | (uint32_t)f->last[16] << 16 |
	       (uint32_t)f->last[17] << 8 | f->last[18];
}

static void
take_report(void *ctx, int client, const uint8_t report[CTAPHID_REPORT])
{
	struct fuzz_device *f = ctx;

	device_report_in(f->dev, client, report, CTAPHID_REPORT);
}

static void
send(struct fuzz_device *f, uint32_t cid, const uint8_t *p, size_t n)
{
	f->reports = 0;
	ctaphid_split(CLIENT, cid, CTAPHID_CBOR, p, n, take_report, f);
	fuzz_must(f->reports > 0 && f->last[4] == CTAPHID_CBOR,
	    "a message without a reply");
	fuzz_must(!f->asked && f->dev->hid.state == CTAPHID_IDLE,
	    "a reply, and still at work");
	/* A status alone, or success and something behind it. */
	fuzz_must(
	    f->last[7] == CTAP2_OK || (f->last[5] == 0 && f->last[6] == 1),
	    "a refusal with data");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_device f;
	uint32_t cid;
	size_t n;

	if (size == 0)
		return 0;
	fuzz_device_init(&f, (data[0] & 1) != 0);
	cid = open_channel(&f);
	for (size_t at = 1; size - at >= 3; at += n) {
		n = (size_t)data[at] << 8 | data[at + 1];
		at += 2;
		n = n % CTAPHID_MESSAGE_MAX + 1;
		if (n > size - at)
			n = size - at;
		send(&f, cid, data + at, n);
	}
	device_free(f.dev);
	return 0;
}
