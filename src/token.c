/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/token.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <fido.h>

#include "token_dev.h"

#define QUICK_MS   3000
#define GRACE_MS   2000
#define HANG_UP_MS 500

static const struct token_timing usual_timing = {
	.quick_ms = QUICK_MS,
	.touch_ms = CSEAL_TOKEN_TOUCH_SECONDS * 1000,
	.grace_ms = GRACE_MS,
	.hang_up_ms = HANG_UP_MS,
};

/* The first prefix that fits wins; the empty one fits all. */
static const struct {
	const char *prefix;
	const struct fido_dev_io *io;
} transports[] = {
	{ IO_UNIX_PREFIX, &io_unix },
	{ "", &io_hid },
};

/*
 * Paths for which fido_dev_open() puts its own io functions in the place of
 * ours: its handle would be taken for a struct io_wait.
 */
static const char *const taken_prefixes[] = { "nfc:", "pcsc:", "windows:" };

static bool
has_prefix(const char *path, const char *prefix)
{
	return strncmp(path, prefix, strlen(prefix)) == 0;
}

static int
check_path(const char *path, struct cseal_error *err)
{
	if (path == NULL || path[0] == '\0')
		return cseal_error_set(err, CSEAL_ERR_USAGE, "token",
		    "no path of a security key is given; "
		    "`counterseal token list` shows them");
	if (strlen(path) >= CSEAL_TOKEN_PATH_BYTES)
		return cseal_error_set(err, CSEAL_ERR_TOO_LARGE, "token",
		    "the path of the key is longer than %d bytes",
		    CSEAL_TOKEN_PATH_BYTES - 1);
	for (size_t i = 0; i < sizeof(taken_prefixes) / sizeof(*taken_prefixes);
	     i++) {
		if (has_prefix(path, taken_prefixes[i]))
			return cseal_error_set(err, CSEAL_ERR_USAGE, "token",
			    "keys over %s are not supported; use a USB key "
			    "or unix:PATH",
			    taken_prefixes[i]);
	}
	return CSEAL_OK;
}

static int
open_failed(const struct cseal_token *t, int fido_code, int sys,
    struct cseal_error *err)
{
	const char *where = t->info.path;

	switch (fido_code) {
	case FIDO_ERR_INTERNAL: /* our open() said no, and why in errno */
		return token_open_error(sys, where, err);
	case FIDO_ERR_TX:
	case FIDO_ERR_RX:
		return cseal_error_set(err, CSEAL_ERR_TOKEN, where,
		    "the device does not answer as a security key; unplug it, "
		    "plug it in again and close other programs that use it");
	default: return token_fido_error(fido_code, where, err);
	}
}

static int
connect_device(struct cseal_token *t, const char *path, struct cseal_error *err)
{
	int f, sys;

	if ((t->dev = fido_dev_new()) == NULL)
		return cseal_error_set(err, CSEAL_ERR_NOMEM, "token", NULL);
	if (fido_dev_set_io_functions(t->dev, t->io) != FIDO_OK ||
	    fido_dev_set_timeout(t->dev, t->timing.quick_ms) != FIDO_OK)
		return cseal_error_set(err, CSEAL_ERR_INTERNAL, "token",
		    "libfido2 does not take the io functions");
	errno = 0;
	f = fido_dev_open(t->dev, path);
	sys = errno;
	if (f != FIDO_OK)
		return open_failed(t, f, sys, err);
	t->wait = fido_dev_io_handle(t->dev);
	t->wait->prompt = &t->prompt;
	if (t->timing.clock.now != NULL)
		t->wait->clock = t->timing.clock;
	/* From here on the deadline in struct io_wait rules alone. */
	if (fido_dev_set_timeout(t->dev, -1) != FIDO_OK)
		return cseal_error_set(err, CSEAL_ERR_INTERNAL, "token", NULL);
	return CSEAL_OK;
}

/* libfido2 takes a device whose getInfo fails for one of the U2F kind. */
static int
check_fido2(const struct cseal_token *t, struct cseal_error *err)
{
	if (t->wait->state != IO_OK)
		return token_failed(t, FIDO_ERR_RX, err);
	if (!fido_dev_is_fido2(t->dev) && (t->wait->can & FIDO_CAP_CBOR) != 0)
		return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
		    "the key knows FIDO2, but what it says of itself cannot be "
		    "read; unplug it, plug it in again and repeat, or use "
		    "another key");
	if (!fido_dev_is_fido2(t->dev))
		return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
		    "this is not a FIDO2 key; U2F keys cannot check who touches "
		    "them: use a key with FIDO2");
	return CSEAL_OK;
}

static int
open_device(struct cseal_token *t, const char *path, struct cseal_error *err)
{
	int r;

	token_text(t->info.path, sizeof(t->info.path), path);
	token_text(t->info.name, sizeof(t->info.name), path);
	if ((r = connect_device(t, path, err)) != CSEAL_OK)
		return r;
	if (t->wait->name[0] != '\0')
		token_text(t->info.name, sizeof(t->info.name), t->wait->name);
	if ((r = check_fido2(t, err)) != CSEAL_OK)
		return r;
	return token_read_info(t, err);
}

int
token_open_io(struct cseal_token **out, const char *path,
    const struct fido_dev_io *io, const struct token_timing *timing,
    const struct cseal_prompt *prompt, struct cseal_error *err)
{
	struct cseal_token *t;
	int r;

	*out = NULL;
	if ((r = check_path(path, err)) != CSEAL_OK)
		return r;
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return cseal_error_set(err, CSEAL_ERR_NOMEM, "token", NULL);
	t->io = io;
	t->timing = timing != NULL ? *timing : usual_timing;
	if (prompt != NULL)
		t->prompt = *prompt;
	if ((r = open_device(t, path, err)) != CSEAL_OK) {
		cseal_token_close(t);
		return r;
	}
	*out = t; /* transferred */
	return CSEAL_OK;
}

int
cseal_token_open(struct cseal_token **out, const char *path,
    const struct cseal_prompt *prompt, struct cseal_error *err)
{
	size_t i = 0;

	*out = NULL;
	if (path != NULL)
		while (!has_prefix(path, transports[i].prefix))
			i++;
	return token_open_io(out, path, transports[i].io, NULL, prompt, err);
}

void
cseal_token_close(struct cseal_token *t)
{
	if (t == NULL)
		return;
	if (t->dev != NULL)
		(void)fido_dev_close(t->dev); /* refuses what never opened */
	fido_dev_free(&t->dev);
	free(t);
}
