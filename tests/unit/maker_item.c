/* SPDX-License-Identifier: BSD-2-Clause */

#include "maker_item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterseal/err.h"

#define DEPTH_MAX  32
#define ITEMS_MAX  4096
#define GROUPS_MAX 4 /* of hexadecimal digits, in one another */

/* One walk over bytes; `out` takes what there is room for. */
struct walk {
	struct cseal_slice bytes;
	struct item *out;
	size_t max;
	size_t n;
	bool bad;
};

/* The head at `off`: its value, and where it ends. */
static uint64_t
head(struct walk *w, size_t off, size_t *end)
{
	unsigned info;
	size_t more;
	uint64_t v = 0;

	*end = off;
	if (off >= w->bytes.len) {
		w->bad = true;
		return 0;
	}
	info = w->bytes.data[off] & 0x1f;
	more = info < 24 ? 0 : info > 27 ? 9 : (size_t)1 << (info - 24);
	if (more > 8 || more > w->bytes.len - off - 1) {
		w->bad = true;
		return 0;
	}
	for (size_t i = 0; i < more; i++)
		v = v << 8 | w->bytes.data[off + 1 + i];
	*end = off + 1 + more;
	return more == 0 ? info : v;
}

static size_t walk_item(
    struct walk *w, size_t off, size_t parent, size_t child, unsigned depth);

/* Items in an array or a map, keys and values alike. */
static size_t
walk_inside(
    struct walk *w, size_t off, uint64_t n, size_t parent, unsigned depth)
{
	if (n > w->bytes.len || depth > DEPTH_MAX)
		w->bad = true;
	for (size_t i = 0; i < n && !w->bad; i++)
		off = walk_item(w, off, parent, i, depth);
	return off;
}

static size_t
walk_item(
    struct walk *w, size_t off, size_t parent, size_t child, unsigned depth)
{
	size_t at = w->n, end;
	uint64_t v = head(w, off, &end);
	unsigned major = w->bad ? 0 : w->bytes.data[off] >> 5;
	struct item *i = at < w->max ? &w->out[at] : NULL;

	if (w->bad)
		return off;
	w->n++;
	if (major == 2 || major == 3) {
		if (v > w->bytes.len - end)
			w->bad = true;
		else
			end += (size_t)v;
	} else if (major == 4 || major == 5) {
		end =
		    walk_inside(w, end, major == 5 ? v * 2 : v, at, depth + 1);
	} else if (major == 6) {
		end = walk_inside(w, end, 1, at, depth + 1);
	}
	if (i != NULL)
		*i = (struct item){ off, end, parent, child, depth };
	return end;
}

size_t
item_list(struct cseal_slice bytes, struct item *out, size_t max)
{
	struct walk w = { .bytes = bytes, .out = out, .max = max };
	size_t end = walk_item(&w, 0, ITEM_NONE, 0, 0);

	return w.bad || end != bytes.len ? 0 : w.n;
}

unsigned
item_major(struct cseal_slice bytes, const struct item *i)
{
	return bytes.data[i->from] >> 5;
}

uint64_t
item_value(struct cseal_slice bytes, const struct item *i)
{
	struct walk w = { .bytes = bytes };
	size_t end;

	return head(&w, i->from, &end);
}

bool
item_is_key(
    struct cseal_slice bytes, const struct item *all, const struct item *i)
{
	return i->parent != ITEM_NONE && i->child % 2 == 0 &&
	       item_major(bytes, &all[i->parent]) == 5;
}

void
item_put_head(struct cseal_buf *out, unsigned major, uint64_t value)
{
	unsigned info = value < 24	      ? (unsigned)value
			: value <= 0xff	      ? 24
			: value <= 0xffff     ? 25
			: value <= UINT32_MAX ? 26
					      : 27;
	unsigned more = info < 24 ? 0 : 1u << (info - 24);

	(void)cseal_buf_add_u8(out, (uint8_t)(major << 5 | info));
	while (more-- > 0)
		(void)cseal_buf_add_u8(out, (uint8_t)(value >> (more * 8)));
}

/* ---- paths ---- */

/* A cut through bytes: an item, its pair if it has a key, and its parent. */
struct place {
	struct item items[ITEMS_MAX];
	size_t n;
	size_t at;   /* the item */
	size_t from; /* of its key, or of itself */
};

/* Does the key say this? */
static bool
key_is(struct cseal_slice bytes, const struct item *k, const char *word,
    size_t len)
{
	char number[24];
	size_t n;

	if (item_major(bytes, k) == 3) {
		n = (size_t)item_value(bytes, k);
		return n == len && memcmp(bytes.data + k->to - n, word, n) == 0;
	}
	(void)snprintf(number, sizeof(number), "%s%llu",
	    item_major(bytes, k) == 1 ? "~" : "",
	    (unsigned long long)item_value(bytes, k));
	return strlen(number) == len && memcmp(number, word, len) == 0;
}

/* The item of that key or place below `p->at`. */
static bool
step(struct place *p, struct cseal_slice bytes, const char *word, size_t len)
{
	size_t above = p->at;
	bool map = item_major(bytes, &p->items[above]) == 5;
	char place[24];

	for (size_t i = above + 1; i < p->n; i++) {
		const struct item *it = &p->items[i];

		if (it->parent != above)
			continue;
		if (map && it->child % 2 == 0) {
			p->from = it->from;
			if (!key_is(bytes, it, word, len))
				i++; /* its value is not the one */
			continue;
		}
		if (!map) {
			p->from = it->from;
			(void)snprintf(place, sizeof(place), "%zu", it->child);
			if (strlen(place) != len ||
			    memcmp(place, word, len) != 0)
				continue;
		}
		p->at = i;
		return true;
	}
	return false;
}

static bool
find(struct place *p, struct cseal_slice bytes, const char *path, size_t len)
{
	p->n = item_list(bytes, p->items, ITEMS_MAX);
	p->at = 0;
	p->from = 0;
	if (p->n == 0 || p->n > ITEMS_MAX)
		return false;
	for (size_t at = 0; len != 1 || path[0] != '.';) {
		size_t n = 0;

		while (at + n < len && path[at + n] != '/')
			n++;
		if (!step(p, bytes, path + at, n))
			return false;
		at += n + 1;
		if (at > len)
			break;
	}
	return true;
}

/* ---- hexadecimal ---- */

static unsigned
digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
}

/* The bytes from `from` on so many times in all. */
static bool
repeat(struct cseal_buf *out, size_t from, unsigned long times)
{
	uint8_t copy[256];
	size_t n = out->len - from;

	if (n == 0 || n > sizeof(copy) || times == 0 || times > 65536)
		return false;
	memcpy(copy, out->data + from, n);
	while (--times > 0)
		(void)cseal_buf_add(out, copy, n);
	return true;
}

/* Bytes up to `;` or the end; false at anything else. */
static bool
read_hex(const char **text, struct cseal_buf *out)
{
	const char *p = *text;
	size_t groups[GROUPS_MAX], n_groups = 0, last = 0;

	for (; *p != '\0' && *p != ';'; p++) {
		if (*p == ' ')
			continue;
		if (*p == '(') {
			if (n_groups == GROUPS_MAX)
				return false;
			groups[n_groups++] = out->len;
		} else if (*p == ')') {
			if (n_groups == 0)
				return false;
			last = groups[--n_groups];
		} else if (*p == '*') {
			if (!repeat(out, last, strtoul(p + 1, NULL, 10)))
				return false;
			p += strspn(p + 1, "0123456789");
		} else if (digit(p[0]) < 16 && digit(p[1]) < 16) {
			last = out->len;
			(void)cseal_buf_add_u8(
			    out, (uint8_t)(digit(p[0]) << 4 | digit(p[1])));
			p++;
		} else {
			return false;
		}
	}
	*text = p;
	return n_groups == 0 && cseal_buf_error(out) == CSEAL_OK;
}

/* ---- edits ---- */

bool
item_splice(
    struct cseal_buf *b, size_t from, size_t to, const struct cseal_buf *with)
{
	struct cseal_buf whole;
	bool ok;

	cseal_buf_init(&whole, 0);
	(void)cseal_buf_add(&whole, b->data, from);
	(void)cseal_buf_add(&whole, with->data, with->len);
	(void)cseal_buf_add(&whole, b->data + to, b->len - to);
	cseal_buf_reset(b);
	(void)cseal_buf_add(b, whole.data, whole.len);
	ok = cseal_buf_error(b) == CSEAL_OK &&
	     cseal_buf_error(&whole) == CSEAL_OK;
	cseal_buf_free(&whole);
	return ok;
}

bool
item_recount(struct cseal_buf *b, size_t from, int more)
{
	uint8_t *p = b->data + from;
	int count = (*p & 0x1f) + more;

	if ((*p & 0x1f) < 24 && count >= 0 && count < 24) {
		*p = (uint8_t)((*p & 0xe0) | count);
		return true;
	}
	if ((*p & 0x1f) != 24 || p[1] + more > 255)
		return false;
	p[1] = (uint8_t)(p[1] + more);
	return true;
}

static bool
edit_at(struct cseal_buf *b, char op, const struct place *p,
    const struct cseal_buf *with)
{
	const struct item *it = &p->items[p->at];
	const struct item *above =
	    it->parent == ITEM_NONE ? it : &p->items[it->parent];

	switch (op) {
	case '=': return item_splice(b, it->from, it->to, with);
	case '+':
		return item_recount(b, it->from, 1) &&
		       item_splice(b, it->to, it->to, with);
	case '<':
		return item_recount(b, above->from, 1) &&
		       item_splice(b, p->from, p->from, with);
	case '-':
		return item_recount(b, above->from, -1) &&
		       item_splice(b, p->from, it->to, with);
	default: return false;
	}
}

static bool
edit_one(struct cseal_buf *b, const char **text)
{
	struct place *p = calloc(1, sizeof(*p));
	struct cseal_buf with;
	const char *path;
	char op = **text;
	bool ok = false;

	cseal_buf_init(&with, 0);
	if (p == NULL || op == '\0' || (*text)[1] != ' ')
		goto out;
	path = *text += 2;
	if (op == '%') {
		size_t n = strtoul(path, NULL, 10);

		*text += strspn(path, "0123456789");
		ok = n <= b->len && item_splice(b, b->len - n, b->len, &with);
	} else if (op == '!') {
		ok = read_hex(text, &with) &&
		     item_splice(b, b->len, b->len, &with);
	} else {
		*text += strcspn(path, " ;");
		ok =
		    find(p, cseal_buf_slice(b), path, (size_t)(*text - path)) &&
		    read_hex(text, &with) && edit_at(b, op, p, &with);
	}
out:
	cseal_buf_free(&with);
	free(p);
	return ok;
}

bool
item_edit(struct cseal_buf *bytes, const char *edits)
{
	while (*edits != '\0') {
		if (!edit_one(bytes, &edits))
			return false;
		edits += strspn(edits, "; ");
	}
	return true;
}
