/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include <fido.h>

#include "token_dev.h"

static uint64_t
patience_ms(const struct cseal_token *t, enum token_patience how)
{
	return (uint64_t)(how == TOKEN_TOUCH ? t->timing.touch_ms
					     : t->timing.quick_ms);
}

/* Reads the answer away that the key owes us, as CANCEL made it or not. */
static int
drain(struct cseal_token *t)
{
	uint8_t report[IO_REPORT_BYTES];

	do {
		if (t->io->read(t->wait, report, sizeof(report), -1) !=
		    IO_REPORT_BYTES)
			return -1;
	} while (!t->wait->whole);
	return 0;
}

/* The key must not go on blinking for a touch that nobody wants any more. */
static void
hang_up(struct cseal_token *t)
{
	enum io_state why = t->wait->state;
	size_t left = t->wait->left;

	t->wait->prompt = NULL;
	io_wait_begin(t->wait, (uint64_t)t->timing.hang_up_ms, 0);
	t->wait->left = left;
	if (fido_dev_cancel(t->dev) != FIDO_OK || drain(t) != 0)
		t->broken = true;
	t->wait->prompt = &t->prompt;
	t->wait->state = why;
}

/* Whether the next answer still belongs to the next question. */
static void
settle(struct cseal_token *t, int f)
{
	switch (t->wait->state) {
	case IO_CANCELLED:
	case IO_TIMEOUT:
	case IO_SILENT:
	case IO_CUT: hang_up(t); break;
	case IO_GONE:
	case IO_BAD:
	case IO_DAMAGED:
	case IO_LOST: t->broken = true; break;
	case IO_OK:
		if (f == FIDO_ERR_RX || f == FIDO_ERR_TX)
			t->broken = true;
		break;
	}
}

int
token_exchange(struct cseal_token *t, enum token_patience how, token_step *step,
    void *obj, const char *pin)
{
	bool shown = how == TOKEN_TOUCH;
	int f;

	t->patience = how;
	if (t->broken) {
		t->wait->state = IO_LOST;
		return FIDO_ERR_RX;
	}
	if (shown && t->prompt.touch != NULL)
		t->prompt.touch(t->prompt.ctx, t->info.name);
	io_wait_begin(t->wait, patience_ms(t, how),
	    shown ? (uint64_t)t->timing.grace_ms : 0);
	f = step(t->dev, obj, pin);
	settle(t, f);
	if (shown && t->prompt.done != NULL)
		t->prompt.done(t->prompt.ctx);
	/* libfido2 forgives a failed read in places (touch, U2F): we do not. */
	return f == FIDO_OK && t->wait->state != IO_OK ? FIDO_ERR_RX : f;
}

static int
silent(const struct cseal_token *t, struct cseal_error *err)
{
	return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
	    "the key does not answer; unplug it, plug it in again and repeat");
}

static int
timed_out(const struct cseal_token *t, struct cseal_error *err)
{
	if (t->patience == TOKEN_TOUCH)
		return token_fido_error(
		    FIDO_ERR_USER_ACTION_TIMEOUT, t->info.name, err);
	return silent(t, err);
}

int
token_failed(
    const struct cseal_token *t, int fido_code, struct cseal_error *err)
{
	switch (t->wait->state) {
	case IO_CANCELLED:
		return token_fido_error(
		    FIDO_ERR_KEEPALIVE_CANCEL, t->info.name, err);
	case IO_TIMEOUT: return timed_out(t, err);
	case IO_SILENT: return silent(t, err);
	case IO_CUT:
		return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
		    "the key broke off in the middle of its answer; unplug it, "
		    "plug it in again and repeat");
	case IO_GONE:
		return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
		    "the key is gone: it was unplugged, or its program ended; "
		    "plug it in again and repeat");
	case IO_BAD:
		return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
		    "the key sends reports that have not 64 bytes; use another "
		    "key");
	case IO_DAMAGED:
		return token_fido_error(
		    FIDO_ERR_RX_INVALID_CBOR, t->info.name, err);
	case IO_LOST:
		return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
		    "the key did not finish what it was asked before; unplug "
		    "it, plug it in again and repeat");
	case IO_OK: break;
	}
	if (fido_code == FIDO_OK)
		return cseal_error_set(
		    err, CSEAL_ERR_INTERNAL, t->info.name, NULL);
	return token_fido_error(fido_code, t->info.name, err);
}
