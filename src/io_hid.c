/* SPDX-License-Identifier: BSD-2-Clause */

#include "token_io.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include <fido.h>
#include <hidapi/hidapi.h>

#define FIDO_USAGE_PAGE 0xf1d0
#define NAME_COLUMNS	48 /* of a maker's, a model's name, a serial number */

struct hid_handle {
	struct io_wait wait; /* first: token.c looks for it here */
	hid_device *dev;
};

/* A code point as UTF-8; what is none becomes U+FFFD. Returns its bytes. */
static size_t
put_utf8(uint8_t out[4], uint32_t c)
{
	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = 0xfffd;
	if (c < 0x80) {
		out[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (uint8_t)(0xc0 | c >> 6);
		out[1] = (uint8_t)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (uint8_t)(0xe0 | c >> 12);
		out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		out[2] = (uint8_t)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (uint8_t)(0xf0 | c >> 18);
	out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
	out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	out[3] = (uint8_t)(0x80 | (c & 0x3f));
	return 4;
}

/* A device's wide string, through the text filter. */
static void
copy_wide(char *out, size_t size, const wchar_t *ws)
{
	uint8_t utf8[512];
	size_t n = 0;

	for (; ws != NULL && *ws != L'\0' && n + 4 <= sizeof(utf8); ws++)
		n += put_utf8(utf8 + n, (uint32_t)*ws);
	io_text(out, size, utf8, n, NAME_COLUMNS);
}

/* Manufacturer and product; one of them where only one is given. */
static void
copy_name(char *out, size_t size, const struct hid_device_info *d)
{
	char maker[64], model[64];

	copy_wide(maker, sizeof(maker), d->manufacturer_string);
	copy_wide(model, sizeof(model), d->product_string);
	(void)snprintf(out, size, "%s%s%s", maker,
	    maker[0] != '\0' && model[0] != '\0' ? " " : "", model);
}

/* A path is shown and given back as it is, so it has to be plain. */
static bool
is_plain(const char *path)
{
	const char *p;

	for (p = path; *p > ' ' && *p < 0x7f; p++)
		;
	return *p == '\0' && p - path < CSEAL_TOKEN_PATH_BYTES;
}

static bool
is_fido(const struct hid_device_info *d)
{
	return d->usage_page == FIDO_USAGE_PAGE && d->path != NULL &&
	       is_plain(d->path);
}

int
cseal_token_list(struct cseal_token_entry *out, size_t max, size_t *n,
    struct cseal_error *err)
{
	struct hid_device_info *all, *d;

	*n = 0;
	if (hid_init() != 0)
		return cseal_error_set(err, CSEAL_ERR_TOKEN, "devices",
		    "hidapi could not be started; no USB key can be found");
	all = hid_enumerate(0, 0);
	for (d = all; d != NULL && *n < max; d = d->next) {
		struct cseal_token_entry *e = &out[*n];

		if (!is_fido(d))
			continue;
		memset(e, 0, sizeof(*e));
		memcpy(e->path, d->path, strlen(d->path) + 1);
		copy_name(e->name, sizeof(e->name), d);
		copy_wide(e->serial, sizeof(e->serial), d->serial_number);
		e->vendor = d->vendor_id;
		e->product = d->product_id;
		(*n)++;
	}
	hid_free_enumeration(all);
	return CSEAL_OK;
}

/*
 * Only what calls itself a FIDO device is written to: a greeting in CTAPHID is
 * no business of a keyboard or a power supply.
 */
static bool
is_listed(const char *path, char *name, size_t size)
{
	struct hid_device_info *all, *d;
	bool found = false;

	if (hid_init() != 0)
		return false;
	all = hid_enumerate(0, 0);
	for (d = all; d != NULL && !found; d = d->next) {
		found = is_fido(d) && strcmp(d->path, path) == 0;
		if (found)
			copy_name(name, size, d);
	}
	hid_free_enumeration(all);
	return found;
}

/* hidapi's own errors have no number, so what can be known is asked first. */
static int
open_listed(struct hid_handle *h, const char *path)
{
	if (path[0] == '/' && access(path, R_OK | W_OK) != 0)
		return -1;
	if (!is_listed(path, h->wait.name, sizeof(h->wait.name))) {
		errno = ENOTTY;
		return -1;
	}
	if ((h->dev = hid_open_path(path)) == NULL) {
		errno = ENODEV;
		return -1;
	}
	return 0;
}

static void *
hid_handle_open(const char *path)
{
	struct hid_handle *h;
	char *real = NULL;
	int r, saved;

	/* hidapi lists devices, not the links that lead to them. */
	if (path[0] == '/' && (real = realpath(path, NULL)) == NULL)
		return NULL;
	if ((h = calloc(1, sizeof(*h))) == NULL) {
		free(real);
		return NULL;
	}
	io_wait_init(&h->wait);
	r = open_listed(h, real != NULL ? real : path);
	saved = errno;
	free(real);
	if (r == 0)
		return h;
	free(h);
	errno = saved;
	return NULL;
}

static void
hid_handle_close(void *handle)
{
	struct hid_handle *h = handle;

	if (h == NULL)
		return;
	hid_close(h->dev);
	free(h);
}

static int
read_slice(void *handle, unsigned char *buf, size_t len, int ms)
{
	const struct hid_handle *h = handle;

	return hid_read_timeout(h->dev, buf, len, ms);
}

static int
write_slice(void *handle, const unsigned char *buf, size_t len, int ms)
{
	const struct hid_handle *h = handle;
	int n;

	(void)ms; /* the kernel bounds the write (5 s for USB) */
	n = hid_write(h->dev, buf, len);
	return n == 0 ? -1 : n;
}

static int
hid_handle_read(void *handle, unsigned char *buf, size_t len, int ms)
{
	struct hid_handle *h = handle;

	return io_wait_read(&h->wait, read_slice, h, buf, len, ms);
}

static int
hid_handle_write(void *handle, const unsigned char *buf, size_t len)
{
	struct hid_handle *h = handle;

	return io_wait_write(&h->wait, write_slice, h, buf, len);
}

const struct fido_dev_io io_hid = {
	.open = hid_handle_open,
	.close = hid_handle_close,
	.read = hid_handle_read,
	.write = hid_handle_write,
};
