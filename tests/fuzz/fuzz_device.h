/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A software key whose clock, chance and person are the fuzzer's. What it
 * sends is counted and held to its form.
 */

#ifndef TESTS_FUZZ_FUZZ_DEVICE_H
#define TESTS_FUZZ_FUZZ_DEVICE_H

#include <string.h>

#include "device.h"
#include "fuzz.h"

struct fuzz_device {
	struct device *dev;
	uint64_t now, drawn;
	enum presence_answer person;
	bool asked;
	bool save_fails, random_fails;
	unsigned reports;
	uint8_t last[CTAPHID_REPORT]; /* the first report of the last message */
};

static inline uint64_t
fuzz_now(void *ctx)
{
	return ((const struct fuzz_device *)ctx)->now;
}

static inline int
fuzz_random(void *ctx, uint8_t *p, size_t n)
{
	struct fuzz_device *f = ctx;

	if (f->random_fails)
		return -1;
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(f->drawn++ * 167 + 13);
	return 0;
}

static inline void
fuzz_ask(void *ctx, const struct presence_request *req)
{
	struct fuzz_device *f = ctx;

	fuzz_must(!f->asked, "two questions at a time");
	fuzz_must(req->rp == NULL || req->rp->len <= CODEC_RP_ID_MAX,
	    "an rp id too long");
	fuzz_must(req->user == NULL || req->user->name_len <= CODEC_NAME_MAX,
	    "a name too long");
	f->asked = true;
}

static inline enum presence_answer
fuzz_answer(void *ctx, uint64_t *due)
{
	struct fuzz_device *f = ctx;

	fuzz_must(f->asked, "an answer to no question");
	*due = f->now + 10;
	return f->person;
}

static inline void
fuzz_forget(void *ctx)
{
	struct fuzz_device *f = ctx;

	fuzz_must(f->asked, "no question to forget");
	f->asked = false;
}

static inline int
fuzz_save(void *ctx, const struct device_state *state)
{
	(void)state;
	return ((const struct fuzz_device *)ctx)->save_fails ? -1 : 0;
}

static inline void
fuzz_report(void *ctx, int client, const uint8_t report[CTAPHID_REPORT])
{
	struct fuzz_device *f = ctx;

	fuzz_must(client >= 0 && client < 4, "a report to nobody");
	fuzz_must(++f->reports < 100000, "reports without end");
	if ((report[4] & 0x80) == 0)
		return;
	fuzz_must(((size_t)report[5] << 8 | report[6]) <= CTAPHID_MESSAGE_MAX,
	    "a message too long");
	memcpy(f->last, report, CTAPHID_REPORT);
}

static inline void
fuzz_wink(void *ctx)
{
	(void)ctx;
}

static inline void
fuzz_device_init(struct fuzz_device *f, bool uv)
{
	const struct device_hooks hooks = { .ctx = f,
		.now = fuzz_now,
		.random = fuzz_random,
		.ask = fuzz_ask,
		.answer = fuzz_answer,
		.forget = fuzz_forget,
		.save = fuzz_save,
		.report = fuzz_report,
		.wink = fuzz_wink };
	const struct device_model model = { .uv = uv };
	struct device_state state;

	device_state_init(&state);
	state.counter = 7;
	memset(f, 0, sizeof(*f));
	f->person = PRESENCE_GRANTED;
	f->dev = device_new(&hooks, &model, &state);
	fuzz_must(f->dev != NULL, "no memory");
}

#endif
