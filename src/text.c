/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/text.h"

#include <stdio.h>
#include <string.h>

#include "counterseal/err.h"
#include "utf8.h"

static const char hex_digits[] = "0123456789abcdef";

void
cseal_hex(const uint8_t *p, size_t n, char *out)
{
	for (size_t i = 0; i < n; i++) {
		*out++ = hex_digits[p[i] >> 4];
		*out++ = hex_digits[p[i] & 15];
	}
	*out = '\0';
}

/* 16 for what is no hexadecimal digit. */
static unsigned
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A' + 10);
	return 16;
}

int
cseal_unhex(const char *s, uint8_t *out, size_t n)
{
	unsigned high, low;

	for (size_t i = 0; i < n; i++) {
		/* The second digit is read only if the first is no NUL. */
		if ((high = hex_value(s[2 * i])) > 15 ||
		    (low = hex_value(s[2 * i + 1])) > 15)
			return CSEAL_ERR_FORMAT;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return s[2 * n] == '\0' ? CSEAL_OK : CSEAL_ERR_FORMAT;
}

/* Three bytes or the last one or two as 2 to 4 characters of `alphabet`. */
static size_t
base64_group(const char *alphabet, const uint8_t *p, size_t n, char out[4])
{
	uint32_t v = (uint32_t)p[0] << 16;

	if (n > 1)
		v |= (uint32_t)p[1] << 8;
	if (n > 2)
		v |= p[2];
	for (size_t i = 0; i < 4; i++)
		out[i] = alphabet[v >> (18 - 6 * i) & 63];
	return n > 2 ? 4 : n + 1;
}

int
cseal_base64url(struct cseal_buf *b, const uint8_t *p, size_t n)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789-_";
	char out[4];
	size_t len;

	for (size_t i = 0; i < n; i += 3) {
		len = base64_group(alphabet, p + i, n - i, out);
		cseal_buf_add(b, out, len);
	}
	return cseal_buf_error(b);
}

int
cseal_base64(struct cseal_buf *b, const uint8_t *p, size_t n, size_t wrap)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t len, line = 0;
	char out[4];

	for (size_t i = 0; i < n; i += 3) {
		len = base64_group(alphabet, p + i, n - i, out);
		memset(out + len, '=', sizeof(out) - len);
		for (size_t k = 0; k < sizeof(out); k++) {
			cseal_buf_add_u8(b, (uint8_t)out[k]);
			if (++line == wrap) {
				cseal_buf_add_u8(b, '\n');
				line = 0;
			}
		}
	}
	if (wrap > 0 && line > 0)
		cseal_buf_add_u8(b, '\n');
	return cseal_buf_error(b);
}

void
cseal_base32(const uint8_t hash[CSEAL_HASH_BYTES], size_t chars, char *out)
{
	static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
	unsigned v;

	if (chars > 51)
		chars = 51;
	for (size_t i = 0; i < chars; i++) {
		size_t byte = 5 * i / 8, bit = 5 * i % 8;

		v = (unsigned)hash[byte] << 8;
		if (byte + 1 < CSEAL_HASH_BYTES)
			v |= hash[byte + 1];
		*out++ = alphabet[v >> (11 - bit) & 31];
	}
	*out = '\0';
}

void
cseal_fingerprint(
    const uint8_t id[CSEAL_HASH_BYTES], char out[CSEAL_FINGERPRINT_BYTES])
{
	char chars[CSEAL_FINGERPRINT_BYTES / 5 * 4 + 1];
	size_t o = 0;

	cseal_base32(id, sizeof(chars) - 1, chars);
	for (size_t i = 0; chars[i] != '\0'; i++) {
		if (i > 0 && i % 4 == 0)
			out[o++] = ' ';
		out[o++] = chars[i];
	}
	out[o] = '\0';
}

int
cseal_text_safe(
    struct cseal_buf *b, const uint8_t *p, size_t n, size_t max_columns)
{
	size_t len, columns, used = 0;
	char out[16];
	uint32_t c;
	int w;

	for (; n > 0; p += len, n -= len) {
		c = utf8_next(p, n, &len);
		if (c == UTF8_BROKEN) {
			w = snprintf(out, sizeof(out), "\\x{%02X}", *p);
			columns = (size_t)w;
		} else if ((columns = utf8_columns(c)) == 0) {
			w = snprintf(out, sizeof(out), "\\u{%04X}", c);
			columns = (size_t)w;
		} else {
			memcpy(out, p, len);
			w = (int)len;
		}
		if (max_columns > 0 && columns > max_columns - used)
			return cseal_buf_add_str(b, "...");
		cseal_buf_add(b, out, (size_t)w);
		used += columns;
	}
	return cseal_buf_error(b);
}

size_t
cseal_text_next(const char *s, size_t *columns)
{
	size_t len = 0, wide = 0;
	uint32_t c;

	if (s[0] != '\0') {
		c = utf8_next((const uint8_t *)s, strnlen(s, 4), &len);
		wide = c == UTF8_BROKEN ? 0 : utf8_columns(c);
		/* What a terminal makes of it is not known: at least one. */
		wide = wide > 0 ? wide : 1;
	}
	if (columns != NULL)
		*columns = wide;
	return len;
}

size_t
cseal_text_columns(const char *s)
{
	size_t len, columns, sum = 0;

	for (; (len = cseal_text_next(s, &columns)) > 0; s += len)
		sum += columns;
	return sum;
}

size_t
cseal_text_fit(const char *s, size_t columns)
{
	size_t len, wide, n = 0;

	while ((len = cseal_text_next(s + n, &wide)) > 0 && wide <= columns) {
		n += len;
		columns -= wide;
	}
	return n;
}

bool
cseal_text_is_utf8(const uint8_t *p, size_t n)
{
	size_t len;

	for (; n > 0; p += len, n -= len) {
		if (utf8_next(p, n, &len) == UTF8_BROKEN)
			return false;
	}
	return true;
}

bool
cseal_text_is_handle(const char *s, size_t n)
{
	if (n < 1 || n > 32 || s[0] < 'a' || s[0] > 'z')
		return false;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] < 'a' || s[i] > 'z') && (s[i] < '0' || s[i] > '9') &&
		    s[i] != '-')
			return false;
	}
	return true;
}

/*
 * The proleptic Gregorian calendar by whole eras of 400 years, counted from
 * 1 March 0000. gmtime(3) is not used: it reads the environment's TZ.
 */
void
cseal_time_utc(uint64_t t, char out[CSEAL_TIME_BYTES])
{
	uint64_t days = t / 86400 + 719468, rest = t % 86400;
	uint64_t day = days % 146097, year, month;

	if (t > 253402300799) { /* 9999-12-31T23:59:59Z */
		snprintf(out, CSEAL_TIME_BYTES, "@%llu", (unsigned long long)t);
		return;
	}
	year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	year += 400 * (days / 146097) + (month >= 10);
	snprintf(out, CSEAL_TIME_BYTES, "%04u-%02u-%02uT%02u:%02u:%02uZ",
	    (unsigned)year, (unsigned)(month < 10 ? month + 3 : month - 9),
	    (unsigned)day + 1, (unsigned)(rest / 3600),
	    (unsigned)(rest / 60 % 60), (unsigned)(rest % 60));
}
