/* SPDX-License-Identifier: BSD-2-Clause */

#include "der.h"

#include <string.h>

void
der_init(struct der *d, struct cseal_slice s)
{
	d->data = s.data;
	d->left = s.len;
	d->bad = false;
}

static void
skip(struct der *d, size_t n)
{
	d->data += n;
	d->left -= n;
}

/* The length behind the tag, of one byte or of one to three more. */
static bool
take_length(struct der *d, size_t *len)
{
	size_t bytes;

	if (d->left == 0)
		return false;
	*len = d->data[0];
	skip(d, 1);
	if (*len < 0x80)
		return true;
	bytes = *len & 0x7f;
	if (bytes == 0 || bytes > 3 || bytes > d->left)
		return false;
	*len = 0;
	for (size_t i = 0; i < bytes; i++)
		*len = *len << 8 | d->data[i];
	skip(d, bytes);
	/* Not shorter: neither in fewer bytes nor in the first one alone. */
	return *len >= 0x80 && *len >> 8 * (bytes - 1) != 0;
}

struct cseal_slice
der_take(struct der *d, uint8_t tag)
{
	struct cseal_slice s = { NULL, 0 };
	size_t len = 0;

	if (!d->bad && d->left > 0 && d->data[0] == tag) {
		skip(d, 1);
		if (take_length(d, &len) && len <= d->left) {
			s.data = d->data;
			s.len = len;
			skip(d, len);
			return s;
		}
	}
	d->bad = true;
	return s;
}

struct der
der_enter(struct der *d, uint8_t tag)
{
	struct der in;

	der_init(&in, der_take(d, tag));
	in.bad = d->bad;
	return in;
}

void
der_expect(struct der *d, const uint8_t *p, size_t n)
{
	if (d->bad || d->left < n || memcmp(d->data, p, n) != 0)
		d->bad = true;
	else
		skip(d, n);
}

bool
der_end(const struct der *d)
{
	return !d->bad && d->left == 0;
}
