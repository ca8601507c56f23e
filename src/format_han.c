/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names in China, of persons, companies and banks: ideographs, and what every
 * bank of the SEPA area carries. Only unified ideographs, so that there is one
 * way to write each; nothing in the list is altered by normalisation (NFC).
 */

#include "format.h"
#include "format_script.h"
#include "utf8.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

#define DOT 0xb7 /* between the parts of names of minorities */

/* Of Unicode 14.0. The Latin ones in order of their numbers. */
static const struct script_range allowed[] = {
	{ ' ', ' ' },
	{ '&', ')' },
	{ '+', ':' }, /* with , - . / and the digits */
	{ '?', '?' },
	{ 'A', 'Z' },
	{ 'a', 'z' },
	{ DOT, DOT },
	{ 0x3007, 0x3007 }, /* zero */
	{ 0x3400, 0x4dbf },
	{ 0x4e00, 0x9fff },
	{ 0x20000, 0x2a6df },
	{ 0x2a700, 0x2b738 },
	{ 0x2b740, 0x2b81d },
	{ 0x2b820, 0x2cea1 },
	{ 0x2ceb0, 0x2ebe0 },
	{ 0x30000, 0x3134a },
};

/* Behind the dot nothing of the list but ideographs. */
static bool
is_han(uint32_t c)
{
	return c > DOT && c != UTF8_BROKEN;
}

static int
check_dots(
    const char *field, const uint8_t *p, size_t n, struct cseal_error *err)
{
	uint32_t c, before = 0, after;
	size_t len, next;

	for (size_t i = 0; i < n; i += len, before = c) {
		c = utf8_next(p + i, n - i, &len);
		if (c != DOT)
			continue;
		after = i + len < n ? utf8_next(p + i + len, n - i - len, &next)
				    : 0;
		if (!is_han(before) || !is_han(after))
			return cseal_error_set(err, CSEAL_ERR_INPUT, field,
			    "character %zu is a middle dot, which stands "
			    "between two ideographs of a name alone",
			    format_count(p, n, i) + 1);
	}
	return CSEAL_OK;
}

static const struct script of_name = {
	.ranges = allowed,
	.n = COUNT(allowed),
	.most = 70,
	.way = "use Chinese characters, a-z A-Z 0-9, the space and / - ? : ( ) "
	       ". , ' + &",
	.check = check_dots,
};

/* The dots that keyboards give for the one of names. */
static bool
plain(uint32_t c, struct cseal_buf *out)
{
	if (c != 0x2022 && c != 0x2027 && c != 0x30fb && c != 0xff65)
		return false;
	(void)utf8_add(out, DOT);
	return true;
}

#define SET                                                                  \
	"at most 70 Chinese characters, a-z A-Z 0-9, the space and / - ? : " \
	"( ) . , ' + &"
#define HAN                                                           \
	.canon = script_canon, .plain = plain, .group = format_plain, \
	.mask = format_mask, .how = &of_name

const struct cseal_format format_holder_han = {
	.name = "holder_han",
	.about =
	    "name of an account's holder in China, as the bank has it: " SET
	    ", and a middle dot within a name",
	.example = "\xe7\xa4\xba\xe4\xbe\x8b\xe8\xb4\xb8\xe6\x98\x93\xe6\x9c"
		   "\x89\xe9\x99\x90\xe5\x85\xac\xe5\x8f\xb8",
	HAN,
};

const struct cseal_format format_bank_name_han = {
	.name = "bank_name_han",
	.about = "name of a bank in China and its branch: " SET,
	.example = "\xe7\xa4\xba\xe4\xbe\x8b\xe9\x93\xb6\xe8\xa1\x8c\xe6\xb7"
		   "\xb1\xe5\x9c\xb3\xe5\x88\x86\xe8\xa1\x8c",
	HAN,
};
