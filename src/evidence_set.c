/* SPDX-License-Identifier: BSD-2-Clause */
/* Evidence as a person has it at hand: texts, files, results of checks. */

#include <string.h>

#include "counterseal/evidence.h"
#include "counterseal/field.h"
#include "counterseal/text.h"

#include "digest.h"
#include "format.h"

#define DIGEST_CHARS   ((size_t)2 * CSEAL_HASH_BYTES)
#define NAME_MAX_BYTES (sizeof(((struct cseal_evidence_file *)0)->name) - 1)
#define NAME_CHARS     FORMAT_LOWER FORMAT_UPPER FORMAT_DIGITS "-?:().,'+&_ "
#define NAME_WAY \
	"rename the file: a-z A-Z 0-9, the space and - ? : ( ) . , ' + & _"

static struct cseal_evidence_piece *
add_piece(struct cseal_evidence_set *s, uint64_t kind, struct cseal_error *err)
{
	struct cseal_evidence_piece *p;

	if (s->n == CSEAL_EVIDENCE_MAX) {
		(void)cseal_error_set(err, CSEAL_ERR_TOO_LARGE, "evidence",
		    "at most %d pieces can be given with one act",
		    CSEAL_EVIDENCE_MAX);
		return NULL;
	}
	p = &s->pieces[s->n];
	p->kind = kind;
	cseal_buf_init(&p->text, CSEAL_VALUE_MAX);
	cseal_buf_init(&p->file, CSEAL_EVIDENCE_FILE_MAX);
	return p;
}

int
cseal_evidence_add_text(struct cseal_evidence_set *s, uint64_t kind,
    const uint8_t *p, size_t n, struct cseal_error *err)
{
	const bool call = kind == CSEAL_EVIDENCE_CALL_BACK;
	const struct cseal_format *f =
	    cseal_format_find(call ? "phone" : "text");
	struct cseal_evidence_piece *piece;
	int r;

	if (f == NULL || (!call && kind != CSEAL_EVIDENCE_REASON))
		return CSEAL_ERR_USAGE;
	piece = add_piece(s, kind, err);
	if (piece == NULL)
		return CSEAL_ERR_TOO_LARGE;
	r = f->canon(
	    f, call ? "call-back number" : "reason", p, n, &piece->text, err);
	if (r == CSEAL_OK)
		s->n++;
	else
		cseal_buf_free(&piece->text);
	return r;
}

static bool
is_file(uint64_t kind)
{
	return kind == CSEAL_EVIDENCE_DOCUMENT ||
	       kind == CSEAL_EVIDENCE_SCREENSHOT ||
	       kind == CSEAL_EVIDENCE_OTHER;
}

static bool
has_edge(const char *name, size_t n)
{
	return name[0] == '.' || name[0] == ' ' || name[n - 1] == ' ';
}

static int
check_name(const char *name, struct cseal_error *err)
{
	size_t n = strlen(name);

	if (n == 0 || n > NAME_MAX_BYTES)
		return cseal_error_set(err, CSEAL_ERR_INPUT, "evidence",
		    "a file's name has 1 to %zu characters here: rename it",
		    NAME_MAX_BYTES);
	if (has_edge(name, n))
		return cseal_error_set(err, CSEAL_ERR_INPUT, "evidence",
		    "a file's name does not begin with a dot or a space here, "
		    "nor end with a space: rename it");
	return format_check(
	    "evidence", (const uint8_t *)name, n, NAME_CHARS, NAME_WAY, err);
}

/* "SHA-256 NAME" */
static int
put_text(struct cseal_buf *out, const char *name, const struct cseal_buf *file)
{
	const struct cseal_slice bytes = cseal_buf_slice(file);
	char hex[DIGEST_CHARS + 1];
	uint8_t digest[CSEAL_HASH_BYTES];
	int r = digest_sha256(digest, &bytes, 1);

	if (r != CSEAL_OK)
		return r;
	cseal_hex(digest, sizeof(digest), hex);
	return cseal_buf_printf(out, "%s %s", hex, name);
}

int
cseal_evidence_add_file(struct cseal_evidence_set *s, uint64_t kind,
    const char *path, struct cseal_buf *file, struct cseal_error *err)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	struct cseal_evidence_piece *piece;
	int r;

	if (!is_file(kind))
		return CSEAL_ERR_USAGE;
	if ((r = check_name(name, err)) != CSEAL_OK)
		return r;
	if (file->len == 0)
		return cseal_error_set(err, CSEAL_ERR_INPUT, name,
		    "the file is empty, and shows nothing");
	if (file->len > CSEAL_EVIDENCE_FILE_MAX)
		return cseal_error_set(err, CSEAL_ERR_TOO_LARGE, name,
		    "a file given as evidence has at most 16 MiB");
	piece = add_piece(s, kind, err);
	if (piece == NULL)
		return CSEAL_ERR_TOO_LARGE;
	r = put_text(&piece->text, name, file);
	if (r != CSEAL_OK) {
		cseal_buf_free(&piece->text);
		return r;
	}
	piece->file = *file; /* transferred */
	cseal_buf_init(file, file->max);
	s->n++;
	return CSEAL_OK;
}

int
cseal_evidence_add_check(
    struct cseal_evidence_set *s, uint64_t check, uint64_t result)
{
	const struct cseal_word *t = cseal_check_results(check);
	size_t at = 0;

	if (t == NULL || cseal_word_name(t, result) == NULL ||
	    cseal_check_result(s->checks, s->n_checks, check) != 0)
		return CSEAL_ERR_USAGE;
	while (at < s->n_checks && s->checks[at].check < check)
		at++;
	memmove(&s->checks[at + 1], &s->checks[at],
	    (s->n_checks - at) * sizeof(s->checks[0]));
	s->checks[at].check = check;
	s->checks[at].result = result;
	s->n_checks++;
	return CSEAL_OK;
}

void
cseal_evidence_free(struct cseal_evidence_set *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++) {
		cseal_buf_free(&s->pieces[i].text);
		cseal_buf_free(&s->pieces[i].file);
	}
	memset(s, 0, sizeof(*s));
}

/* Hexadecimal digits in lower case, as they are written here. */
static bool
is_digest(const uint8_t *p)
{
	for (size_t i = 0; i < DIGEST_CHARS; i++) {
		if (strchr("0123456789abcdef", p[i]) == NULL || p[i] == '\0')
			return false;
	}
	return true;
}

bool
cseal_evidence_file_parse(
    struct cseal_evidence_file *out, struct cseal_slice text)
{
	char hex[DIGEST_CHARS + 1];
	size_t n;

	memset(out, 0, sizeof(*out));
	if (text.len < DIGEST_CHARS + 2 ||
	    text.len > DIGEST_CHARS + 1 + NAME_MAX_BYTES ||
	    !is_digest(text.data) || text.data[DIGEST_CHARS] != ' ')
		return false;
	memcpy(hex, text.data, DIGEST_CHARS);
	hex[DIGEST_CHARS] = '\0';
	n = text.len - DIGEST_CHARS - 1;
	memcpy(out->name, text.data + DIGEST_CHARS + 1, n);
	return strlen(out->name) == n &&
	       check_name(out->name, NULL) == CSEAL_OK &&
	       cseal_unhex(hex, out->digest, sizeof(out->digest)) == CSEAL_OK;
}
