/* SPDX-License-Identifier: BSD-2-Clause */
/* The plain form of what keyboards of East Asia type in full width. */

#include "format.h"
#include "utf8.h"

/* Unicode's block of full-width forms stands in ASCII's order. */
static bool
plain_of_all(uint32_t c, struct cseal_buf *out)
{
	if (c >= 0xff01 && c <= 0xff5e)
		(void)utf8_add(out, c - 0xff01 + '!');
	else if (c == 0x3000)
		(void)utf8_add(out, ' ');
	else
		return false;
	return true;
}

/* CSEAL_ERR_NOT_FOUND: all of it is plain, or it is no text. */
static int
rewrite(const struct cseal_format *f, const uint8_t *p, size_t n,
    struct cseal_buf *out, struct cseal_plain *how)
{
	size_t len, at = 0;
	uint32_t c;

	for (; n > 0; p += len, n -= len) {
		at++;
		if ((c = utf8_next(p, n, &len)) == UTF8_BROKEN)
			return CSEAL_ERR_NOT_FOUND;
		if ((f->plain == NULL || !f->plain(c, out)) &&
		    !plain_of_all(c, out))
			(void)cseal_buf_add(out, p, len);
		else if (how->changed++ == 0)
			how->first = at;
	}
	if (how->changed == 0)
		return CSEAL_ERR_NOT_FOUND;
	return cseal_buf_error(out);
}

int
cseal_format_plain(const struct cseal_format *f, const uint8_t *p, size_t n,
    struct cseal_buf *out, struct cseal_plain *how)
{
	struct cseal_buf plain, canonical;
	int r;

	*how = (struct cseal_plain){ 0 };
	if (n > CSEAL_VALUE_MAX)
		return CSEAL_ERR_NOT_FOUND;
	cseal_buf_init(&plain, (size_t)CSEAL_VALUE_MAX * 2);
	cseal_buf_init(&canonical, CSEAL_VALUE_MAX);
	r = rewrite(f, p, n, &plain, how);
	if (r == CSEAL_OK && f->canon(f, f->name, plain.data, plain.len,
				 &canonical, NULL) != CSEAL_OK)
		r = CSEAL_ERR_NOT_FOUND;
	if (r == CSEAL_OK)
		r = cseal_buf_add(out, plain.data, plain.len);
	cseal_buf_free(&canonical);
	cseal_buf_free(&plain);
	return r;
}
