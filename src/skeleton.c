/* SPDX-License-Identifier: BSD-2-Clause */

#include "skeleton.h"

#include <string.h>

struct fold {
	const char *from;
	const char *to;
};

/* Digits never fold into one another. */
static const struct fold singles[] = {
	{ "0", "o" },
	{ "1", "l" },
	{ "2", "z" },
	{ "5", "s" },
	{ "6", "g" },
	{ "8", "b" },
	{ "i", "l" },
	{ NULL, NULL },
};

/* Of what the singles were folded into. */
static const struct fold pairs[] = {
	{ "rn", "m" },
	{ "vv", "w" },
	{ "cl", "d" },
	{ NULL, NULL },
};

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

/* Appends what stands for the character, or pair, at `p`; its length. */
static size_t
fold_at(const struct fold *t, const uint8_t *p, size_t n, struct cseal_buf *out)
{
	for (; t->from != NULL; t++) {
		size_t len = strlen(t->from);

		if (len > n || memcmp(p, t->from, len) != 0)
			continue;
		(void)cseal_buf_add_str(out, t->to);
		return len;
	}
	(void)cseal_buf_add_u8(out, *p);
	return 1;
}

static void
fold(const struct fold *t, const struct cseal_buf *text, struct cseal_buf *out)
{
	for (size_t i = 0; i < text->len;)
		i += fold_at(t, text->data + i, text->len - i, out);
}

bool
skeleton_of(struct cseal_slice text, struct cseal_buf *out)
{
	struct cseal_buf small, folded;
	bool ascii = true;

	cseal_buf_init(&small, 0);
	cseal_buf_init(&folded, 0);
	for (size_t i = 0; i < text.len && ascii; i++) {
		ascii = text.data[i] < 0x80;
		(void)cseal_buf_add_u8(&small, lower(text.data[i]));
	}
	if (ascii) {
		fold(singles, &small, &folded);
		fold(pairs, &folded, out);
	}
	ascii = ascii && cseal_buf_error(&small) == CSEAL_OK &&
		cseal_buf_error(&folded) == CSEAL_OK;
	cseal_buf_free(&folded);
	cseal_buf_free(&small);
	return ascii;
}

bool
skeleton_is_near(struct cseal_slice a, struct cseal_slice b)
{
	size_t least = a.len < b.len ? a.len : b.len;
	size_t most = a.len + b.len - least, begin = 0, end = 0;

	while (begin < least && a.data[begin] == b.data[begin])
		begin++;
	while (end < least - begin &&
	       a.data[a.len - 1 - end] == b.data[b.len - 1 - end])
		end++;
	if (most - begin - end <= 1)
		return true;
	return a.len == b.len && most - begin - end == 2 &&
	       a.data[begin] == b.data[begin + 1] &&
	       a.data[begin + 1] == b.data[begin];
}
