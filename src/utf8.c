/* SPDX-License-Identifier: BSD-2-Clause */

#include "utf8.h"

/*
 * An allow-list: what is not here is shown as its number, so a character that
 * a later Unicode adds can never hide anything. Letters, digits, punctuation
 * and symbols of Unicode 14.0 without combining marks, fillers, right-to-left
 * letters and compatibility ideographs; the width is East_Asian_Width W or F.
 * It follows no locale, because terminals and panels must agree on every desk.
 */
static const struct {
	uint32_t first;
	uint32_t last;
	uint32_t columns;
} shown[] = {
	{ 0x0020, 0x007e, 1 }, /* ASCII */
	{ 0x00a1, 0x00ac, 1 }, /* Latin; without the soft hyphen */
	{ 0x00ae, 0x024f, 1 },
	{ 0x0370, 0x0377, 1 }, /* Greek */
	{ 0x037a, 0x037f, 1 },
	{ 0x0384, 0x038a, 1 },
	{ 0x038c, 0x038c, 1 },
	{ 0x038e, 0x03a1, 1 },
	{ 0x03a3, 0x0482, 1 }, /* Greek, Cyrillic */
	{ 0x048a, 0x052f, 1 },
	{ 0x0531, 0x0556, 1 }, /* Armenian */
	{ 0x0559, 0x058a, 1 },
	{ 0x10d0, 0x10ff, 1 }, /* Georgian */
	{ 0x1e00, 0x1eff, 1 }, /* Latin, Vietnamese */
	{ 0x2010, 0x2027, 1 }, /* punctuation */
	{ 0x2030, 0x205e, 1 },
	{ 0x2070, 0x2071, 1 }, /* raised and lowered digits */
	{ 0x2074, 0x208e, 1 },
	{ 0x2090, 0x209c, 1 },
	{ 0x20a0, 0x20bf, 1 }, /* currencies */
	{ 0x2100, 0x218b, 1 }, /* letter-like, fractions */
	{ 0x2190, 0x22ff, 1 }, /* arrows, mathematics */
	{ 0x2500, 0x25fc, 1 }, /* boxes, shapes */
	{ 0x3001, 0x3029, 2 }, /* CJK punctuation */
	{ 0x3041, 0x3096, 2 }, /* Hiragana */
	{ 0x309b, 0x30ff, 2 }, /* Katakana */
	{ 0x3105, 0x312f, 2 }, /* Bopomofo */
	{ 0x3131, 0x3163, 2 }, /* Hangul letters, without the filler */
	{ 0x3165, 0x318e, 2 },
	{ 0x3220, 0x3247, 2 }, /* (stock company) and the like */
	{ 0x3250, 0x4dbf, 2 }, /* squared words, ideographs */
	{ 0x4e00, 0x9fff, 2 },
	{ 0xac00, 0xd7a3, 2 }, /* Hangul */
	{ 0xff01, 0xff60, 2 }, /* full width */
	{ 0xff61, 0xff9f, 1 }, /* Katakana of half width */
	{ 0xffe0, 0xffe6, 2 },
	{ 0x20000, 0x2a6df, 2 }, /* ideographs of names */
	{ 0x2a700, 0x2b738, 2 },
	{ 0x2b740, 0x2b81d, 2 },
	{ 0x2b820, 0x2cea1, 2 },
	{ 0x2ceb0, 0x2ebe0, 2 },
	{ 0x30000, 0x3134a, 2 },
};

/* RFC 3629 section 4: the lead bytes, and what the second byte may be. */
static const struct {
	uint8_t first;
	uint8_t last;
	uint8_t len;
	uint8_t second_first;
	uint8_t second_last;
} leads[] = {
	{ 0x00, 0x7f, 1, 0x00, 0x00 },
	{ 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f },
	{ 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f },
};

static bool
tail_is_good(const uint8_t *p, size_t lead)
{
	if (leads[lead].len > 1 &&
	    (p[1] < leads[lead].second_first || p[1] > leads[lead].second_last))
		return false;
	for (size_t i = 2; i < leads[lead].len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return false;
	}
	return true;
}

uint32_t
utf8_next(const uint8_t *p, size_t n, size_t *len)
{
	size_t lead = 0, count = sizeof(leads) / sizeof(*leads);
	uint32_t c;

	*len = 1;
	while (lead < count &&
	       (p[0] < leads[lead].first || p[0] > leads[lead].last))
		lead++;
	if (lead == count || leads[lead].len > n || !tail_is_good(p, lead))
		return UTF8_BROKEN;
	*len = leads[lead].len;
	if (*len == 1)
		return p[0];
	c = p[0] & (0xffu >> (*len + 1));
	for (size_t i = 1; i < *len; i++)
		c = c << 6 | (p[i] & 0x3fu);
	return c;
}

int
utf8_add(struct cseal_buf *out, uint32_t c)
{
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	unsigned lead = len == 1 ? 0 : 0xf00u >> len & 0xff;

	(void)cseal_buf_add_u8(out, (uint8_t)(lead | c >> (6 * (len - 1))));
	while (--len > 0)
		(void)cseal_buf_add_u8(
		    out, (uint8_t)(0x80 | (c >> (6 * (len - 1)) & 0x3f)));
	return cseal_buf_error(out);
}

size_t
utf8_columns(uint32_t c)
{
	size_t low = 0, high = sizeof(shown) / sizeof(*shown), mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (c < shown[mid].first)
			high = mid;
		else if (c > shown[mid].last)
			low = mid + 1;
		else
			return shown[mid].columns;
	}
	return 0;
}
