/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "format.h"

/* RFC 5321 section 4.5.3.1, RFC 3696 erratum 1690. */
#define EMAIL_MAX 254
#define LOCAL_MAX 64

/* RFC 5322 section 3.2.3 (atext), and the dot between two atoms. */
#define LOCAL_SET FORMAT_LOWER FORMAT_UPPER FORMAT_DIGITS "!#$%&'*+/=?^_`{|}~-."

#define LOCAL_WAY                                                       \
	"before the @ stand a-z A-Z 0-9 . and !#$%&'*+/=?^_`{|}~- (no " \
	"quotation marks, no spaces)"

static int
bad(const char *field, const char *what, struct cseal_error *err)
{
	return cseal_error_set(err, CSEAL_ERR_INPUT, field, "%s", what);
}

static int
check_local(const char *field, const uint8_t *p, size_t n, size_t whole,
    struct cseal_error *err)
{
	for (size_t i = 0; i < n; i++) {
		if (!format_in(LOCAL_SET, p[i]))
			return format_refuse(
			    field, p, whole, i, LOCAL_WAY, err);
		if (p[i] == '.' && (i == 0 || i + 1 == n || p[i - 1] == '.'))
			return cseal_error_set(err, CSEAL_ERR_INPUT, field,
			    "character %zu is a dot, which may stand only "
			    "between two other characters",
			    i + 1);
	}
	if (n == 0)
		return bad(field, "nothing stands before the @", err);
	if (n > LOCAL_MAX)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "%zu characters before the @, but at most %d are allowed",
		    n, LOCAL_MAX);
	return CSEAL_OK;
}

static int
canon(const struct cseal_format *f, const char *field, const uint8_t *p,
    size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	uint8_t lower[EMAIL_MAX];
	const uint8_t *at;
	size_t local;
	int r;

	if ((r = format_begin(f, field, p, n, err)) != CSEAL_OK)
		return r;
	if (n > EMAIL_MAX)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "%zu bytes, but an address has at most %d", n, EMAIL_MAX);
	at = memchr(p, '@', n);
	local = at != NULL ? (size_t)(at - p) : n;
	if ((r = check_local(field, p, local, n, err)) != CSEAL_OK)
		return r;
	if (at == NULL)
		return bad(field,
		    "no @: write the whole address, such as "
		    "finance@example.com",
		    err);
	if ((r = format_check_domain(field, p, local + 1, n, err)) !=
		CSEAL_OK ||
	    (r = format_no_card(field, p, n, err)) != CSEAL_OK)
		return r;
	/* Domains are the same in either case, local parts need not be. */
	memcpy(lower, p, n);
	format_lower(lower + local, n - local);
	r = format_accept(field, lower, n, out, err);
	cseal_wipe(lower, sizeof(lower));
	return r;
}

static int
mask(const struct cseal_format *f, const char *value, struct cseal_buf *out)
{
	const char *at = strchr(value, '@');

	if (at == NULL)
		return format_mask(f, value, out);
	/* Of one or two characters, the first would be too much. */
	if (at - value > 2)
		cseal_buf_add(out, value, 1);
	cseal_buf_add_str(out, "....");
	return cseal_buf_add_str(out, at);
}

const struct cseal_format format_email = {
	.name = "email",
	.about = "e-mail address in plain ASCII, name@domain",
	.example = "finance@example.com",
	.canon = canon,
	.group = format_plain,
	.mask = mask,
};
