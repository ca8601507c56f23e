/* SPDX-License-Identifier: BSD-2-Clause */

#include "format_latin.h"

#include "format.h"

/*
 * The Latin characters that every bank of the SEPA area carries unchanged
 * (EPC217-08), and '&'. Nothing else gets in, so mixed scripts, marks of
 * direction and characters of zero width cannot.
 */
#define LATIN_EPC FORMAT_LOWER FORMAT_UPPER FORMAT_DIGITS "/-?:().,'+& "
#define LATIN_WAY "use a-z A-Z 0-9, the space and / - ? : ( ) . , ' + &"

/* Characters at most. */
static const size_t of_name = 70;
static const size_t of_text = 200;
static const size_t of_postcode = 16;

static int
canon(const struct cseal_format *f, const char *field, const uint8_t *p,
    size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	const size_t *most = f->how;
	int r;

	if ((r = format_begin(f, field, p, n, err)) != CSEAL_OK ||
	    (r = format_check(field, p, n, LATIN_EPC, LATIN_WAY, err)) !=
		CSEAL_OK)
		return r;
	if (n > *most)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "%zu characters, but at most %zu are allowed: shorten it",
		    n, *most);
	if ((r = format_check_spaces(field, p, n, err)) != CSEAL_OK ||
	    (r = format_no_card(field, p, n, err)) != CSEAL_OK)
		return r;
	return format_accept(field, p, n, out, err);
}

const struct cseal_format format_holder = {
	.name = "holder",
	.about = "name of an account's holder, as the bank has it: at most 70 "
		 "of a-z A-Z 0-9, the space and / - ? : ( ) . , ' + &",
	.example = "Example Trading GmbH",
	.canon = canon,
	.how = &of_name,
	.group = format_plain,
	.mask = format_mask,
};

const struct cseal_format format_bank_name = {
	.name = "bank_name",
	.about = "name of a bank: at most 70 of a-z A-Z 0-9, the space and "
		 "/ - ? : ( ) . , ' + &",
	.example = "Example Bank AG",
	.canon = canon,
	.how = &of_name,
	.group = format_plain,
	.mask = format_mask,
};

const struct cseal_format format_text = {
	.name = "text",
	.about = "a short text, such as a reason: at most 200 of a-z A-Z 0-9, "
		 "the space and / - ? : ( ) . , ' + &",
	.example = "new account at the collection company",
	.canon = canon,
	.how = &of_text,
	.group = format_plain,
	.mask = format_mask,
};

#define SET "a-z A-Z 0-9, the space and / - ? : ( ) . , ' + &"
#define LATIN(most)                                            \
	.canon = canon, .how = &(most), .group = format_plain, \
	.mask = format_mask

const struct cseal_format format_latin[] = {
	[LATIN_NAME] = {
		.name = "name",
		.about = "name of a company or a person: at most 70 of " SET,
		.example = "Example Trading GmbH",
		LATIN(of_name),
	},
	[LATIN_LINE] = {
		.name = "address_line",
		.about = "line of an address, street and number: at most 70 "
			 "of " SET,
		.example = "Musterstrasse 1",
		LATIN(of_name),
	},
	[LATIN_CITY] = {
		.name = "city",
		.about = "city, or a region of a country: at most 70 of " SET,
		.example = "Berlin",
		LATIN(of_name),
	},
	[LATIN_POSTCODE] = {
		.name = "postcode",
		.about = "code of a postal address: at most 16 of " SET,
		.example = "10115",
		LATIN(of_postcode),
	},
	[LATIN_DEVICE] = {
		.name = "device",
		.about = "what persons call a device: at most 70 of " SET,
		.example = "Phone of the back office",
		LATIN(of_name),
	},
	[LATIN_ROLE] = {
		.name = "role",
		.about = "what a user of the console may do: at most 200 of " SET,
		.example = "Reports and orders",
		LATIN(of_text),
	},
	[LATIN_APP] = {
		.name = "app",
		.about = "name of an app or an agency: at most 70 of " SET,
		.example = "Example Repricer",
		LATIN(of_name),
	},
	[LATIN_APP_ID] = {
		.name = "app_id",
		.about = "id of an app at the marketplace: at most 70 of " SET,
		.example = "amzn1.sp.solution.example",
		LATIN(of_name),
	},
	[LATIN_SCOPES] = {
		.name = "scopes",
		.about = "what an app may do: at most 200 of " SET,
		.example = "Pricing, Product Listing",
		LATIN(of_text),
	},
};
