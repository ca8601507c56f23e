/* SPDX-License-Identifier: BSD-2-Clause */

#include "country.h"

#include <string.h>

#include "format.h"

/*
 * ISO 3166-1 alpha-2, and XK, which is no code of that standard, but the one
 * that IBANs and BICs of Kosovo have.
 */
static const char countries[] =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE "
    "BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD "
    "CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM "
    "DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF "
    "GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU "
    "ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN "
    "KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME "
    "MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA "
    "NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI "
    "SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK "
    "TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI "
    "VN VU WF WS XK YE YT ZA ZM ZW ";

/*
 * ISO 4217 up to amendment 180 (the lev is gone since 1 January 2026), without
 * metals, units of account, fund and test codes: nobody is paid in those.
 */
static const char currencies[] =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND "
    "BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE "
    "CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
    "GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY "
    "KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD "
    "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO "
    "NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF "
    "SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB "
    "TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND "
    "VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ";

/*
 * Territories whose banks have IBANs of another country, or may have them:
 * registry release 100, remarks on FI, FR and GB.
 */
static const struct {
	char territory[3];
	char country[3];
} homes[] = {
	{ "AX", "FI" },
	{ "BL", "FR" },
	{ "GF", "FR" },
	{ "GG", "GB" },
	{ "GP", "FR" },
	{ "IM", "GB" },
	{ "JE", "GB" },
	{ "MC", "FR" },
	{ "MF", "FR" },
	{ "MQ", "FR" },
	{ "NC", "FR" },
	{ "PF", "FR" },
	{ "PM", "FR" },
	{ "RE", "FR" },
	{ "TF", "FR" },
	{ "WF", "FR" },
	{ "YT", "FR" },
};

/* `list` holds codes of `n` letters with a blank behind each. */
static bool
listed(const char *list, const char *code, size_t n)
{
	for (; *list != '\0'; list += n + 1) {
		if (memcmp(list, code, n) == 0)
			return true;
	}
	return false;
}

bool
cseal_is_country(const char *cc)
{
	return cc[0] != '\0' && listed(countries, cc, 2);
}

bool
cseal_is_currency(const char *code)
{
	return code[0] != '\0' && listed(currencies, code, 3);
}

const char *
country_iban_home(const char *cc)
{
	for (size_t i = 0; i < sizeof(homes) / sizeof(*homes); i++) {
		if (memcmp(homes[i].territory, cc, 2) == 0)
			return homes[i].country;
	}
	return NULL;
}

static int
canon_currency(const struct cseal_format *f, const char *field,
    const uint8_t *p, size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	const char *code = (const char *)p;
	int r;

	if ((r = format_begin(f, field, p, n, err)) != CSEAL_OK ||
	    (r = format_check(field, p, n, FORMAT_UPPER,
		 "write three capital letters, such as EUR", err)) != CSEAL_OK)
		return r;
	if (n != 3)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "%zu letters, but a currency has three, such as EUR", n);
	if (!listed(currencies, code, 3))
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "%.3s is no currency of ISO 4217 that is in use: look at "
		    "the account's statement",
		    code);
	return format_accept(field, p, n, out, err);
}

const struct cseal_format format_currency = {
	.name = "currency",
	.about = "currency: three capital letters of ISO 4217",
	.example = "EUR",
	.canon = canon_currency,
	.group = format_plain,
	.mask = format_plain,
};
