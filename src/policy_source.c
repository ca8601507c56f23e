/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules as people write them, line by line: heads (policy_source_head.c)
 * and what is said below them (policy_source_key.c). What becomes of it stands
 * in policy_source_settle.c.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterseal/text.h"

#include "near.h"
#include "policy_targets.h"
#include "utf8.h"

#define WHERE_BYTES 32

int
policy_source_refuse(
    struct cseal_error *err, unsigned line, const char *fmt, ...)
{
	char where[WHERE_BYTES], what[CSEAL_ERROR_WHAT_BYTES];
	struct cseal_buf safe;
	va_list ap;
	int r;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	cseal_buf_init(&safe, 0);
	(void)cseal_text_safe(
	    &safe, (const uint8_t *)what, strlen(what), sizeof(what));
	(void)snprintf(where, sizeof(where), "line %u", line);
	r = cseal_error_set(
	    err, CSEAL_ERR_INPUT, where, "%s", cseal_buf_str(&safe));
	cseal_buf_free(&safe);
	return r;
}

/* Refuses a name that is none of the names. */
int
policy_source_stranger(struct policy_reading *rd, const char *what,
    const char *name, const char *const *names, size_t n, const char *way)
{
	char where[WHERE_BYTES];

	(void)snprintf(where, sizeof(where), "line %u", rd->line);
	return near_refuse(
	    where, what, name, strlen(name), names, n, way, rd->err);
}

/* ---- lines ---- */

/*
 * Takes comment and superfluous spaces out. A semicolon begins a comment at
 * the line's beginning or behind a space.
 */
static void
tidy(char *line)
{
	char *to = line;

	for (const char *from = line; *from != '\0'; from++) {
		const char c = *from == '\t' ? ' ' : *from;
		const bool gap = to == line || to[-1] == ' ';

		if (c == ';' && gap)
			break;
		if (c != ' ' || !gap)
			*to++ = c;
	}
	while (to > line && to[-1] == ' ')
		to--;
	*to = '\0';
}

static int
check_characters(struct policy_reading *rd, const char *line, size_t n)
{
	size_t len;
	uint32_t c;

	for (size_t at = 0; at < n; at += len) {
		c = utf8_next((const uint8_t *)line + at, n - at, &len);
		if (c == '\t')
			continue;
		if (c == '\r')
			return policy_source_refuse(rd->err, rd->line,
			    "a carriage return: save the file with the line "
			    "ends of Unix (LF)");
		if (c == UTF8_BROKEN || utf8_columns(c) == 0)
			return policy_source_refuse(rd->err, rd->line,
			    "a byte that nobody sees or that is no UTF-8, "
			    "behind %zu good ones: take it out",
			    at);
	}
	return CSEAL_OK;
}

static bool
is_ascii(const char *line)
{
	for (; *line != '\0'; line++) {
		if ((uint8_t)*line > 0x7e)
			return false;
	}
	return true;
}

/* `line` is terminated, without its line feed. */
static int
take_line(struct policy_reading *rd, char *line, size_t n)
{
	int r = check_characters(rd, line, n);

	if (r != CSEAL_OK)
		return r;
	tidy(line);
	if (line[0] == '\0')
		return CSEAL_OK;
	if (!is_ascii(line) && strncmp(line, "payee", 5) != 0 &&
	    strncmp(line, "legal name", 10) != 0)
		return policy_source_refuse(rd->err, rd->line,
		    "letters other than those of ASCII stand in comments, in "
		    "payee and in legal name alone");
	return line[0] == '[' ? policy_source_head(rd, line)
			      : policy_source_key(rd, line);
}

static int
take_text(struct policy_reading *rd, struct cseal_slice text)
{
	char line[CSEAL_POLICY_LINE_MAX + 1];
	size_t n;
	int r = CSEAL_OK;

	for (size_t at = 0; at < text.len && r == CSEAL_OK; at += n + 1) {
		const uint8_t *p = text.data + at;
		const uint8_t *end = memchr(p, '\n', text.len - at);

		rd->line++;
		n = end != NULL ? (size_t)(end - p) : text.len - at;
		if (n > CSEAL_POLICY_LINE_MAX)
			return policy_source_refuse(rd->err, rd->line,
			    "a line has at most %d bytes, this one has %zu: "
			    "shorten it",
			    CSEAL_POLICY_LINE_MAX, n);
		memcpy(line, p, n);
		line[n] = '\0';
		r = take_line(rd, line, n);
	}
	return r;
}

static int
source_init(struct cseal_policy_source *s)
{
	struct policy_pool *pool = &s->p->pool;
	const struct cseal_kind *k;
	int r;

	r = policy_target_init(pool, &s->ledger, "", policy_ledger_keys);
	if (r == CSEAL_OK)
		r = policy_target_init(
		    pool, &s->freeze, "", policy_freeze_keys);
	while (r == CSEAL_OK && s->n_kinds < POLICY_KINDS_MAX &&
	       (k = cseal_kind_at(s->n_kinds)) != NULL)
		r = policy_target_init(pool, &s->kinds[s->n_kinds++], k->name,
		    k->authority ? policy_authority_keys : policy_change_keys);
	return r;
}

int
cseal_policy_source_parse(struct cseal_policy_source **out,
    struct cseal_slice text, struct cseal_error *err)
{
	struct policy_reading rd = { .err = err, .cap = POLICY_STORES_MAX };
	struct cseal_policy_source *s;
	int r = CSEAL_ERR_NOMEM;

	*out = NULL;
	if (text.len > CSEAL_POLICY_SOURCE_MAX)
		return cseal_error_set(err, CSEAL_ERR_TOO_LARGE, "policy",
		    "longer than 64 KiB: a policy that nobody reads protects "
		    "nobody");
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return r;
	cseal_buf_init(&s->text, 0);
	rd.s = s;
	rd.targets = calloc(rd.cap, sizeof(struct policy_target *));
	rd.widths = calloc(rd.cap, sizeof(*rd.widths));
	s->p = calloc(1, sizeof(*s->p));
	if (rd.targets != NULL && rd.widths != NULL && s->p != NULL)
		r = source_init(s);
	if (r == CSEAL_OK)
		r = take_text(&rd, text);
	if (r == CSEAL_OK)
		r = policy_source_settle(s, err);
	if (r == CSEAL_OK)
		*out = s; /* transferred */
	else
		cseal_policy_source_free(s);
	free(rd.targets);
	free(rd.widths);
	return r;
}
