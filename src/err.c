/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	int code;
	const char *text;
} sentences[] = {
	{ CSEAL_OK, "no error" },
	{ CSEAL_ERR_INTERNAL, "an internal error: please report it" },
	{ CSEAL_ERR_NOMEM, "out of memory" },
	{ CSEAL_ERR_USAGE, "the arguments do not fit together" },
	{ CSEAL_ERR_INPUT, "a value breaks a rule" },
	{ CSEAL_ERR_FORMAT, "the bytes are not in the expected format" },
	{ CSEAL_ERR_NEWER, "made by a newer counterseal: update this one" },
	{ CSEAL_ERR_TOO_LARGE, "larger than the limit" },
	{ CSEAL_ERR_NOT_FOUND, "not found" },
	{ CSEAL_ERR_AMBIGUOUS, "fits more than one: give more characters" },
	{ CSEAL_ERR_EXISTS, "exists already" },
	{ CSEAL_ERR_IO, "a file or database could not be read or written" },
	{ CSEAL_ERR_CORRUPT, "the store contradicts itself" },
	{ CSEAL_ERR_AGAIN, "the ledger moved on meanwhile: try again" },
	{ CSEAL_ERR_BUSY, "somebody else is writing: try again" },
	{ CSEAL_ERR_REFUSED, "refused by a rule" },
	{ CSEAL_ERR_SIGNATURE, "the signature does not match" },
	{ CSEAL_ERR_VIOLATION, "the ledger holds an entry that breaks a rule" },
	{ CSEAL_ERR_TOKEN, "the security key failed or is not there" },
	{ CSEAL_ERR_TOKEN_PIN, "the PIN is wrong, missing or blocked" },
	{ CSEAL_ERR_TIMEOUT, "the security key was not touched in time" },
	{ CSEAL_ERR_CANCELLED, "cancelled" },
	{ CSEAL_ERR_PERMISSION, "permission denied" },
};

const char *
cseal_strerror(int code)
{
	for (size_t i = 0; i < sizeof(sentences) / sizeof(*sentences); i++) {
		if (sentences[i].code == code)
			return sentences[i].text;
	}
	return "an unknown error";
}

/* Drops a UTF-8 sequence that the cut at the end left incomplete. */
static void
trim_cut_char(char *s, size_t len)
{
	size_t i = len;

	while (i > 0 && ((unsigned char)s[i - 1] & 0xc0) == 0x80)
		i--;
	if (i > 0 && (unsigned char)s[i - 1] >= 0xc0)
		s[i - 1] = '\0';
}

static void
copy_cut(char *dst, size_t size, const char *src)
{
	size_t n = strnlen(src, size);
	bool cut = n == size;

	if (cut)
		n = size - 1;
	memcpy(dst, src, n);
	dst[n] = '\0';
	if (cut && ((unsigned char)src[n] & 0xc0) == 0x80)
		trim_cut_char(dst, n);
}

int
cseal_error_set(
    struct cseal_error *err, int code, const char *where, const char *fmt, ...)
{
	/* The arguments may point into `err`, so it is written last. */
	char what[CSEAL_ERROR_WHAT_BYTES + 8];
	char place[CSEAL_ERROR_WHERE_BYTES];
	va_list ap;

	if (err == NULL)
		return code;
	what[0] = '\0';
	va_start(ap, fmt);
	if (fmt == NULL || vsnprintf(what, sizeof(what), fmt, ap) < 0)
		what[0] = '\0';
	va_end(ap);
	copy_cut(place, sizeof(place), where != NULL ? where : "");

	err->code = code;
	memcpy(err->where, place, sizeof(err->where));
	copy_cut(err->what, sizeof(err->what),
	    what[0] != '\0' ? what : cseal_strerror(code));
	return code;
}
