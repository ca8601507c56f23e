/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of domains, alone or behind the @ of an address. */

#include <string.h>
#include <strings.h>

#include "format.h"

/* RFC 1035 section 2.3.4: 255 octets on the wire are 253 in text. */
#define DOMAIN_MAX 253
#define LABEL_MAX  63

#define DOMAIN_SET FORMAT_LOWER FORMAT_UPPER FORMAT_DIGITS "-."
#define DOMAIN_WAY                                                \
	"a domain is a-z, 0-9, the hyphen and the dot; write an " \
	"international one in its xn-- form"

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

/*
 * The last name is of letters alone, which tells a domain from the address of
 * a machine (RFC 1123 section 2.1), or an international one's xn-- form. None
 * has a single letter.
 */
static bool
is_top(const uint8_t *label, size_t n)
{
	if (n > 4 && strncasecmp((const char *)label, "xn--", 4) == 0)
		return true;
	for (size_t i = 0; i < n; i++) {
		if (!format_in(FORMAT_LOWER FORMAT_UPPER, label[i]))
			return false;
	}
	return n >= 2;
}

int
format_check_domain(const char *field, const uint8_t *p, size_t start, size_t n,
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
	if (!is_top(p + start, len))
		return bad(field,
		    "the last part of a domain is two letters or more, such as "
		    ".com, and no number",
		    err);
	return CSEAL_OK;
}

void
format_lower(uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (format_in(FORMAT_UPPER, p[i]))
			p[i] = (uint8_t)(p[i] - 'A' + 'a');
	}
}

/* Domains are the same in either case. */
static int
canon(const struct cseal_format *f, const char *field, const uint8_t *p,
    size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	uint8_t lower[DOMAIN_MAX];
	int r;

	if ((r = format_begin(f, field, p, n, err)) != CSEAL_OK)
		return r;
	if (n > DOMAIN_MAX)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "%zu bytes, but a domain has at most %d", n, DOMAIN_MAX);
	if ((r = format_check_domain(field, p, 0, n, err)) != CSEAL_OK ||
	    (r = format_no_card(field, p, n, err)) != CSEAL_OK)
		return r;
	memcpy(lower, p, n);
	format_lower(lower, n);
	return format_accept(field, lower, n, out, err);
}

const struct cseal_format format_domain = {
	.name = "domain",
	.about = "domain in plain ASCII, in full",
	.example = "example.com",
	.canon = canon,
	.group = format_plain,
	.mask = format_plain,
};
