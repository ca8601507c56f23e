/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libcbor (0.8, under libfido2) allocates and clears what the head of an array
 * or a map promises before it looks whether so much is there: nine bytes from
 * a key cost the host all of its memory. So an answer is walked through here
 * before libfido2 gets its last report. Only its form is judged.
 */

#include "token_io.h"

#include <string.h>

#define STATUS_OK 0x00
#define DEPTH_MAX 16 /* CTAP 2.1 section 8 allows 4 */

/* Commands whose answer has authenticator data, under the key 2. */
#define MAKE_CREDENTIAL	   0x01
#define GET_ASSERTION	   0x02
#define GET_NEXT_ASSERTION 0x08
#define KEY_AUTH_DATA	   2

/* Authenticator data (WebAuthn section 6.1). */
#define AUTH_FLAGS     32
#define AUTH_FIXED     37
#define AUTH_ID_LENGTH (AUTH_FIXED + 16)
#define AUTH_ID	       (AUTH_ID_LENGTH + 2)
#define FLAG_AT	       0x40
#define FLAG_ED	       0x80

/* Major types and additional information (RFC 8949 section 3). */
enum major { UINT, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE };
#define INFO_BYTE	24
#define INFO_INDEFINITE 31

struct walk {
	const uint8_t *p;
	size_t left;
};

struct head {
	enum major major;
	bool indefinite; /* with SIMPLE: the break */
	uint64_t value;
};

static bool
take(struct walk *w, uint64_t n)
{
	if (n > w->left)
		return false;
	w->p += n;
	w->left -= (size_t)n;
	return true;
}

static bool
get_head(struct walk *w, struct head *h)
{
	uint8_t info;
	size_t n;

	if (w->left == 0)
		return false;
	h->major = (enum major)(w->p[0] >> 5);
	info = w->p[0] & 0x1f;
	h->indefinite = info == INFO_INDEFINITE;
	h->value = info < INFO_BYTE ? info : 0;
	(void)take(w, 1);
	if (info < INFO_BYTE || h->indefinite)
		return !h->indefinite || (h->major >= BYTES && h->major != TAG);
	if (info > INFO_BYTE + 3)
		return false;
	for (n = (size_t)1 << (info - INFO_BYTE); n > 0; n--) {
		if (w->left == 0)
			return false;
		h->value = h->value << 8 | w->p[0];
		(void)take(w, 1);
	}
	return true;
}

static bool
is_break(struct walk *w)
{
	return w->left > 0 && w->p[0] == 0xff && take(w, 1);
}

static bool skip(struct walk *w, unsigned depth);

/* Items up to a break. */
static bool
skip_endless(struct walk *w, unsigned depth)
{
	while (!is_break(w)) {
		if (!skip(w, depth))
			return false;
	}
	return true;
}

/* One item; every one has a byte at least, so that is what can be there. */
static bool
skip(struct walk *w, unsigned depth)
{
	struct head h;
	uint64_t n;

	if (depth == 0 || !get_head(w, &h))
		return false;
	if (h.indefinite)
		return h.major != SIMPLE && skip_endless(w, depth - 1);
	switch (h.major) {
	case BYTES:
	case TEXT: return take(w, h.value);
	case ARRAY:
	case MAP:
	case TAG: break;
	default: return true;
	}
	n = h.major == TAG ? 1 : h.value;
	if (n > w->left || (h.major == MAP && n > w->left / 2))
		return false;
	n *= h.major == MAP ? 2 : 1;
	for (; n > 0; n--) {
		if (!skip(w, depth - 1))
			return false;
	}
	return true;
}

/* What libfido2 reads as CBOR within authenticator data: key, extensions. */
static bool
auth_data_fits(const uint8_t *p, size_t len)
{
	struct walk w = { p, len };
	uint8_t flags;

	if (len < AUTH_FIXED)
		return true; /* no CBOR is in there; so below */
	flags = p[AUTH_FLAGS];
	(void)take(&w, AUTH_FIXED);
	if ((flags & FLAG_AT) != 0) {
		if (len < AUTH_ID ||
		    !take(&w, AUTH_ID - AUTH_FIXED +
				  ((uint64_t)p[AUTH_ID_LENGTH] << 8 |
				      p[AUTH_ID_LENGTH + 1])))
			return true;
		if (w.left > 0 && !skip(&w, DEPTH_MAX))
			return false;
	}
	return (flags & FLAG_ED) == 0 || w.left == 0 || skip(&w, DEPTH_MAX);
}

/* Every value under the key of authenticator data, were there several. */
static bool
map_fits(struct walk *w)
{
	struct head map, key;
	struct walk value;

	if (!get_head(w, &map) || map.major != MAP || map.indefinite)
		return true; /* libfido2 takes no other */
	for (uint64_t i = 0; i < map.value; i++) {
		value = *w;
		if (!skip(w, DEPTH_MAX) || !get_head(&value, &key))
			return false;
		value = *w;
		if (!skip(w, DEPTH_MAX))
			return false;
		if (key.major != UINT || key.value != KEY_AUTH_DATA ||
		    !get_head(&value, &key) || key.major != BYTES ||
		    key.indefinite)
			continue;
		if (!auth_data_fits(value.p, (size_t)key.value))
			return false;
	}
	return true;
}

static bool
has_auth_data(uint8_t command)
{
	return command == MAKE_CREDENTIAL || command == GET_ASSERTION ||
	       command == GET_NEXT_ASSERTION;
}

bool
io_answer_fits(uint8_t command, const uint8_t *p, size_t n)
{
	struct walk whole = { p + 1, n - 1 }, map = whole;

	if (n <= 1 || p[0] != STATUS_OK)
		return true;
	return skip(&whole, DEPTH_MAX) &&
	       (!has_auth_data(command) || map_fits(&map));
}
