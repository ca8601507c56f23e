/* SPDX-License-Identifier: BSD-2-Clause */
/* Providers that collect a seller's money, and the seller's account there. */

#include <string.h>

#include "counterseal/text.h"
#include "format.h"

#define PROVIDER_MAX 32

static int
canon_provider(const struct cseal_format *f, const char *field,
    const uint8_t *p, size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	int r;

	if ((r = format_begin(f, field, p, n, err)) != CSEAL_OK ||
	    (r = format_check(field, p, n, FORMAT_LOWER FORMAT_DIGITS "-",
		 "write the provider's alias with a-z, 0-9 and the hyphen",
		 err)) != CSEAL_OK)
		return r;
	if (!cseal_text_is_handle((const char *)p, n))
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "an alias begins with a letter and has at most %d "
		    "characters",
		    PROVIDER_MAX);
	if ((r = format_no_card(field, p, n, err)) != CSEAL_OK)
		return r;
	return format_accept(field, p, n, out, err);
}

/* Whoever has an @ in it is an address, and is held to the rules of one. */
static const struct cseal_format *
customer_as(const void *value, size_t n)
{
	return n > 0 && memchr(value, '@', n) != NULL ? &format_email
						      : &format_account;
}

static int
canon_customer(const struct cseal_format *f, const char *field,
    const uint8_t *p, size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	const struct cseal_format *as;
	int r = format_begin(f, field, p, n, err);

	if (r != CSEAL_OK)
		return r;
	as = customer_as(p, n);
	return as->canon(as, field, p, n, out, err);
}

static int
group_customer(
    const struct cseal_format *f, const char *value, struct cseal_buf *out)
{
	const struct cseal_format *as = customer_as(value, strlen(value));

	(void)f;
	return as->group(as, value, out);
}

static int
mask_customer(
    const struct cseal_format *f, const char *value, struct cseal_buf *out)
{
	const struct cseal_format *as = customer_as(value, strlen(value));

	(void)f;
	return as->mask(as, value, out);
}

const struct cseal_format format_provider = {
	.name = "provider",
	.about = "alias of a provider: a small letter, then at most 31 of a-z, "
		 "0-9 and the hyphen",
	.example = "example-pay",
	.canon = canon_provider,
	.group = format_plain,
	.mask = format_plain,
};

const struct cseal_format format_customer = {
	.name = "customer",
	.about = "account at a provider: an e-mail address, or a customer id "
		 "of at most 34 capitals and digits",
	.example = "finance@example.com",
	.canon = canon_customer,
	.group = group_customer,
	.mask = mask_customer,
};
