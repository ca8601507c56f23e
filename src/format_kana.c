/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of accounts in Japan, as banks exchange them: katakana of half width
 * with the marks of voiced sounds apart, capitals, digits. Small kana are
 * written large, and the long vowel by a hyphen.
 */

#include "format.h"
#include "format_script.h"
#include "utf8.h"

#define HALF_MOST   30 /* of the record's field */
#define VOICED	    0xff9e
#define HALF_VOICED 0xff9f

static const struct script_range zengin[] = {
	{ ' ', ' ' },
	{ '(', ')' },
	{ '-', '/' }, /* with the full stop */
	{ '0', '9' },
	{ 'A', 'Z' },
	{ 0xff62, 0xff63 }, /* quotation marks */
	{ 0xff66, 0xff66 }, /* WO */
	{ 0xff71, 0xff9d }, /* A to N: neither small ones nor the long vowel */
	{ VOICED, HALF_VOICED },
};

/* What the mark of a voiced sound can follow; the other mark: HA to HO. */
static const struct script_range voiced[] = {
	{ 0xff73, 0xff73 }, /* U, as VU */
	{ 0xff76, 0xff84 }, /* KA to TO */
	{ 0xff8a, 0xff8e }, /* HA to HO */
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static bool
may_follow(uint32_t mark, uint32_t before)
{
	if (mark == VOICED)
		return script_has(voiced, COUNT(voiced), before);
	return mark != HALF_VOICED || (before >= 0xff8a && before <= 0xff8e);
}

static int
check_marks(
    const char *field, const uint8_t *p, size_t n, struct cseal_error *err)
{
	uint32_t c, before = 0;
	size_t len;

	for (size_t i = 0; i < n; i += len, before = c) {
		c = utf8_next(p + i, n - i, &len);
		if (!may_follow(c, before))
			return cseal_error_set(err, CSEAL_ERR_INPUT, field,
			    "character %zu is the mark of a voiced sound, but "
			    "the kana before it has none: leave it out",
			    format_count(p, n, i) + 1);
	}
	return CSEAL_OK;
}

static const struct script of_holder = {
	.ranges = zengin,
	.n = COUNT(zengin),
	.most = HALF_MOST,
	.way = "use katakana of half width with marks apart, small ones "
	       "written large, A-Z 0-9, the space and ( ) - . /",
	.check = check_marks,
};

/* ---- the same, typed in full width ---- */

/*
 * U+30A1 to U+30FA: the last byte of the half-width kana U+FFxx, and the last
 * byte of its mark. WI and WE have none.
 */
static const uint8_t halves[][2] = {
	{ 0x71 }, { 0x71 }, { 0x72 }, { 0x72 }, { 0x73 }, { 0x73 }, /* A I U */
	{ 0x74 }, { 0x74 }, { 0x75 }, { 0x75 },			    /* E O */
	{ 0x76 }, { 0x76, 0x9e }, { 0x77 }, { 0x77, 0x9e },	    /* KA KI */
	{ 0x78 }, { 0x78, 0x9e }, { 0x79 }, { 0x79, 0x9e },	    /* KU KE */
	{ 0x7a }, { 0x7a, 0x9e },				    /* KO */
	{ 0x7b }, { 0x7b, 0x9e }, { 0x7c }, { 0x7c, 0x9e },	    /* SA SHI */
	{ 0x7d }, { 0x7d, 0x9e }, { 0x7e }, { 0x7e, 0x9e },	    /* SU SE */
	{ 0x7f }, { 0x7f, 0x9e },				    /* SO */
	{ 0x80 }, { 0x80, 0x9e }, { 0x81 }, { 0x81, 0x9e },	    /* TA CHI */
	{ 0x82 }, { 0x82 }, { 0x82, 0x9e },			    /* TSU */
	{ 0x83 }, { 0x83, 0x9e }, { 0x84 }, { 0x84, 0x9e },	    /* TE TO */
	{ 0x85 }, { 0x86 }, { 0x87 }, { 0x88 }, { 0x89 }, /* NA to NO */
	{ 0x8a }, { 0x8a, 0x9e }, { 0x8a, 0x9f },	  /* HA BA PA */
	{ 0x8b }, { 0x8b, 0x9e }, { 0x8b, 0x9f },	  /* HI BI PI */
	{ 0x8c }, { 0x8c, 0x9e }, { 0x8c, 0x9f },	  /* FU BU PU */
	{ 0x8d }, { 0x8d, 0x9e }, { 0x8d, 0x9f },	  /* HE BE PE */
	{ 0x8e }, { 0x8e, 0x9e }, { 0x8e, 0x9f },	  /* HO BO PO */
	{ 0x8f }, { 0x90 }, { 0x91 }, { 0x92 }, { 0x93 }, /* MA to MO */
	{ 0x94 }, { 0x94 }, { 0x95 }, { 0x95 }, { 0x96 },
	{ 0x96 },					      /* YA YU YO */
	{ 0x97 }, { 0x98 }, { 0x99 }, { 0x9a }, { 0x9b },     /* RA to RO */
	{ 0x9c }, { 0x9c }, { 0 }, { 0 }, { 0x66 }, { 0x9d }, /* WA WO N */
	{ 0x73, 0x9e }, { 0x76 }, { 0x79 }, /* VU, small KA KE */
};

/* Other characters that Japanese keyboards give; sorted. */
static const struct {
	uint32_t typed, plain;
} others[] = {
	{ 0x2010, '-' }, /* hyphens, dashes, the minus */
	{ 0x2011, '-' },
	{ 0x2012, '-' },
	{ 0x2013, '-' },
	{ 0x2014, '-' },
	{ 0x2015, '-' },
	{ 0x2212, '-' },
	{ 0x300c, 0xff62 }, /* quotation marks */
	{ 0x300d, 0xff63 },
	{ 0x3099, VOICED }, /* marks that stand apart */
	{ 0x309a, HALF_VOICED },
	{ 0x309b, VOICED },
	{ 0x309c, HALF_VOICED },
	{ 0x30fc, '-' },    /* the long vowel */
	{ 0xff67, 0xff71 }, /* small kana of half width */
	{ 0xff68, 0xff72 },
	{ 0xff69, 0xff73 },
	{ 0xff6a, 0xff74 },
	{ 0xff6b, 0xff75 },
	{ 0xff6c, 0xff94 },
	{ 0xff6d, 0xff95 },
	{ 0xff6e, 0xff96 },
	{ 0xff6f, 0xff82 },
	{ 0xff70, '-' },
};

static bool
plain(uint32_t c, struct cseal_buf *out)
{
	/* Hiragana stand in the same order. */
	size_t i = c >= 0x3041 && c <= 0x3096 ? c - 0x3041 : c - 0x30a1;

	if (i < COUNT(halves) && halves[i][0] != 0) {
		(void)utf8_add(out, 0xff00u + halves[i][0]);
		if (halves[i][1] != 0)
			(void)utf8_add(out, 0xff00u + halves[i][1]);
		return true;
	}
	for (i = 0; i < COUNT(others); i++) {
		if (others[i].typed == c) {
			(void)utf8_add(out, others[i].plain);
			return true;
		}
	}
	return false;
}

const struct cseal_format format_holder_kana = {
	.name = "holder_kana",
	.about = "name of an account's holder in Japan, as the bank has it: "
		 "at most 30 katakana of half width (voiced marks count, small "
		 "kana are written large, a long vowel is a hyphen), A-Z 0-9, "
		 "the space and ( ) - . /",
	.example = "\xef\xbd\xb6)\xef\xbd\xb4\xef\xbd\xb8\xef\xbe\x9e\xef\xbd"
		   "\xbb\xef\xbe\x9d\xef\xbe\x8c\xef\xbe\x9f\xef\xbe\x99",
	.canon = script_canon,
	.plain = plain,
	.group = format_plain,
	.mask = format_mask,
	.how = &of_holder,
};
