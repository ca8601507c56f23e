/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What comes to a key in reports, over time and from several clients. The
 * input is a row of steps: a byte that says what happens, and what it needs.
 */

#include "fuzz_device.h"

/* Of a report: client, how many bytes follow, and these; zeros behind. */
static size_t
step_report(struct fuzz_device *f, int client, const uint8_t *p, size_t left)
{
	uint8_t report[CTAPHID_REPORT + 1] = { 0 };
	size_t n;

	if (left == 0)
		return 0;
	n = p[0] % (CTAPHID_REPORT + 2);
	if (n > left - 1)
		n = left - 1;
	memcpy(report, p + 1, n);
	/* Of 65 bytes the first is the report's id. */
	device_report_in(f->dev, client, report,
	    n == CTAPHID_REPORT + 1 ? n : CTAPHID_REPORT);
	return n + 1;
}

static void
step(struct fuzz_device *f, uint8_t what)
{
	switch (what % 8) {
	case 0: f->now += what; break;
	case 1: f->now += (uint64_t)what * 100; break;
	case 2: f->person = PRESENCE_PENDING; break;
	case 3: f->person = PRESENCE_GRANTED; break;
	case 4: f->person = PRESENCE_DENIED; break;
	case 5: f->save_fails = (what & 8) != 0; break;
	case 6: f->random_fails = (what & 8) != 0; break;
	default: device_client_gone(f->dev, what / 8 % 4); break;
	}
	(void)device_poll(f->dev);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_device f;

	if (size == 0)
		return 0;
	fuzz_device_init(&f, (data[0] & 1) != 0);
	for (size_t at = 1; at < size;) {
		uint8_t what = data[at++];

		if (what < 0x40)
			at += step_report(&f, what % 4, data + at, size - at);
		else
			step(&f, (uint8_t)(what - 0x40));
	}
	fuzz_must(
	    f.asked == f.dev->work.waiting, "a question that nobody waits for");
	device_free(f.dev);
	fuzz_must(!f.asked, "a question left open");
	return 0;
}
