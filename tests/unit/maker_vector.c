/* SPDX-License-Identifier: BSD-2-Clause */
/* The text form of vectors: reading and writing. */

#include "maker_vector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterseal/err.h"
#include "counterseal/text.h"

#define LINE_MAX_BYTES 4096 /* of a physical line */

static void
free_line(void *item)
{
	struct vector_line *l = item;

	cseal_buf_free(&l->value);
}

void
vector_free(struct vector *v)
{
	vec_free(&v->lines, free_line);
}

static struct vector_line *
add_line(struct vector *v, const char *key)
{
	struct vector_line *l = vec_add(&v->lines, sizeof(*l));

	if (l == NULL)
		abort();
	(void)snprintf(l->key, sizeof(l->key), "%s", key);
	cseal_buf_init(&l->value, 0);
	return l;
}

void
vector_add(struct vector *v, const char *key, const char *value)
{
	struct vector_line *l = add_line(v, key);

	if (cseal_buf_add_str(&l->value, value) != CSEAL_OK)
		abort();
}

void
vector_add_bytes(struct vector *v, const char *key, struct cseal_slice s)
{
	struct vector_line *l = add_line(v, key);
	char hex[3];

	for (size_t i = 0; i < s.len; i++) {
		cseal_hex(s.data + i, 1, hex);
		(void)cseal_buf_add_str(&l->value, hex);
	}
	if (cseal_buf_error(&l->value) != CSEAL_OK)
		abort();
}

static struct cseal_buf *
find(const struct vector *v, const char *key, size_t nth)
{
	for (size_t i = 0; i < v->lines.n; i++) {
		struct vector_line *l = v->lines.items[i];

		if (strcmp(l->key, key) == 0 && nth-- == 0)
			return &l->value;
	}
	return NULL;
}

const char *
vector_text(const struct vector *v, const char *key, size_t nth)
{
	struct cseal_buf *b = find(v, key, nth);

	return b == NULL ? NULL : cseal_buf_str(b);
}

static int
digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
vector_bytes(
    const struct vector *v, const char *key, size_t nth, struct cseal_buf *out)
{
	const struct cseal_buf *b = find(v, key, nth);

	if (b == NULL || b->len % 2 != 0)
		return false;
	for (size_t i = 0; i < b->len; i += 2) {
		int high = digit(b->data[i]), low = digit(b->data[i + 1]);

		if (high < 0 || low < 0)
			return false;
		(void)cseal_buf_add_u8(out, (uint8_t)(high << 4 | low));
	}
	return cseal_buf_error(out) == CSEAL_OK;
}

/* `key: value`; NULL if it is none. */
static struct vector_line *
read_head(struct vector *v, const char *text)
{
	const char *colon = strchr(text, ':');
	struct vector_line *l;
	char key[sizeof(l->key)];
	size_t n = colon == NULL ? 0 : (size_t)(colon - text);

	if (n == 0 || n >= sizeof(key) || colon[1] != ' ')
		return NULL;
	memcpy(key, text, n);
	key[n] = '\0';
	l = add_line(v, key);
	(void)cseal_buf_add_str(&l->value, colon + 2);
	return l;
}

/* Takes the mark of a folded line off; was there one? */
static bool
is_folded(char *text)
{
	size_t n = strlen(text);

	if (n == 0 || text[n - 1] != '\\')
		return false;
	text[n - 1] = '\0';
	return true;
}

static bool
read_lines(struct vector *v, FILE *f)
{
	char text[LINE_MAX_BYTES];
	struct vector_line *l = NULL; /* that goes on in the next one */
	struct vector_line *now;
	bool folded;

	while (fgets(text, sizeof(text), f) != NULL) {
		size_t n = strlen(text);

		if (n == 0 || text[n - 1] != '\n')
			return false;
		text[n - 1] = '\0';
		if (l == NULL && (text[0] == '\0' || text[0] == '#'))
			continue;
		folded = is_folded(text);
		now = l != NULL ? l : read_head(v, text);
		if (now == NULL)
			return false;
		if (l != NULL) {
			if (text[0] != ' ')
				return false;
			(void)cseal_buf_add_str(&l->value, text + 1);
		}
		l = folded ? now : NULL;
	}
	return l == NULL && ferror(f) == 0;
}

bool
vector_read(struct vector *v, const char *path)
{
	FILE *f = fopen(path, "re");
	bool ok;

	memset(v, 0, sizeof(*v));
	if (f == NULL)
		return false;
	ok = read_lines(v, f);
	(void)fclose(f);
	return ok && vector_text(v, "kind", 0) != NULL;
}

/* Hexadecimal digits are folded, words never are so long. */
static void
write_line(struct vector_line *l, FILE *f)
{
	const char *p = cseal_buf_str(&l->value);
	const char *end = p + l->value.len;
	int room = VECTOR_LINE - (int)strlen(l->key) - 3;

	(void)fprintf(f, "%s: ", l->key);
	while (end - p > room) {
		(void)fprintf(f, "%.*s\\\n ", room, p);
		p += room;
		room = VECTOR_LINE - 2;
	}
	(void)fprintf(f, "%s\n", p);
}

static void
write_about(const char *about, FILE *f)
{
	while (*about != '\0') {
		size_t n = strcspn(about, "\n");

		(void)fprintf(f, "# %.*s\n", (int)n, about);
		about += n + (about[n] == '\n' ? 1 : 0);
	}
}

bool
vector_write(const struct vector *v, const char *about, const char *path)
{
	FILE *f = fopen(path, "we");

	if (f == NULL)
		return false;
	write_about(about, f);
	for (size_t i = 0; i < v->lines.n; i++)
		write_line(v->lines.items[i], f);
	return fclose(f) == 0;
}

void
vector_claims(const struct vector *v, struct cseal_buf *out)
{
	const char *claim;

	for (size_t i = 0; (claim = vector_text(v, "finding", i)) != NULL;
	     i++) {
		if (strcmp(claim, "none") != 0)
			(void)cseal_buf_printf(out, "%s\n", claim);
	}
}
