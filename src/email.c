/* SPDX-License-Identifier: BSD-2-Clause */

#include <string.h>

#include "format.h"

/* RFC 5321 section 4.5.3.1, RFC 1035 section 2.3.4. */
#define EMAIL_MAX 254
#define LOCAL_MAX 64
#define LABEL_MAX 63

/* RFC 5322 section 3.2.3 (atext), and the dot between two atoms. */
#define LOCAL_SET  FORMAT_LOWER FORMAT_UPPER FORMAT_DIGITS "!#$%&'*+/=?^_`{|}~-."
#define DOMAIN_SET FORMAT_LOWER FORMAT_UPPER FORMAT_DIGITS "-."

#define LOCAL_WAY                                                       \
	"before the @ stand a-z A-Z 0-9 . and !#$%&'*+/=?^_`{|}~- (no " \
	"quotation marks, no spaces)"
#define DOMAIN_WAY                                                      \
	"after the @ stand a-z, 0-9, the hyphen and the dot; write an " \
	"international domain in its xn-- form"

static int
bad(const char *field, const char *what, struct cseal_error *err)
{
	return cseal_error_set(err, CSEAL_ERR_INPUT, field, "%s", what);
}

/* One name between the dots of the domain. */
static int
check_label(
    const char *field, const uint8_t *label, size_t n, struct cseal_error *err)
{
	if (n == 0)
		return bad(field,
		    "the domain has an empty part: one dot stands between "
		    "two names",
		    err);
	if (n > LABEL_MAX)
		return bad(field,
		    "a part of the domain is longer than 63 characters", err);
	if (label[0] == '-' || label[n - 1] == '-')
		return bad(field,
		    "a part of the domain begins or ends with a hyphen", err);
	return CSEAL_OK;
}

static bool
is_number(const uint8_t *p, size_t n)
{
	while (n > 0 && format_in(FORMAT_DIGITS, p[n - 1]))
		n--;
	return n == 0;
}

/* `start` is where the domain begins in `p`, `n` is behind its end. */
static int
check_domain(const char *field, const uint8_t *p, size_t start, size_t n,
    struct cseal_error *err)
{
	const uint8_t *dot;
	size_t len, dots = 0;
	int r;

	for (size_t i = start; i < n; i++) {
		if (!format_in(DOMAIN_SET, p[i]))
			return format_refuse(field, p, n, i, DOMAIN_WAY, err);
	}
	for (;; start += len + 1, dots++) {
		dot = start < n ? memchr(p + start, '.', n - start) : NULL;
		len = dot != NULL ? (size_t)(dot - p) - start : n - start;
		if ((r = check_label(field, p + start, len, err)) != CSEAL_OK)
			return r;
		if (dot == NULL)
			break;
	}
	if (dots == 0)
		return bad(field,
		    "the domain has no dot: write it in full, such as "
		    "example.com",
		    err);
	if (is_number(p + start, len))
		return bad(field,
		    "the domain ends in a number: write its name, not the "
		    "address of a machine",
		    err);
	return CSEAL_OK;
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
	if ((r = check_domain(field, p, local + 1, n, err)) != CSEAL_OK ||
	    (r = format_no_card(field, p, n, err)) != CSEAL_OK)
		return r;
	/* Domains are the same in either case, local parts need not be. */
	for (size_t i = 0; i < n; i++) {
		lower[i] = p[i];
		if (i > local && p[i] >= 'A' && p[i] <= 'Z')
			lower[i] = (uint8_t)(p[i] - 'A' + 'a');
	}
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
