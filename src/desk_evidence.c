/* SPDX-License-Identifier: BSD-2-Clause */
/* Evidence as it stands in an entry, as far as it is on this desk. */

#include <string.h>

#include "attachment.h"
#include "commitment.h"
#include "desk.h"
#include "digest.h"

/* The opening of that name, checked; to be freed, after an error too. */
static int
read_opening(struct cseal_desk *d, uint64_t index,
    const struct cseal_statement *st, const char *name, struct cseal_opening *o,
    struct cseal_error *err)
{
	int r = cseal_ledger_opening(d->ledger, index, name, o, err);

	if (r == CSEAL_ERR_FORMAT ||
	    (r == CSEAL_OK && commitment_check(st, o) != CSEAL_OK))
		r = cseal_error_set(err, CSEAL_ERR_CORRUPT, name,
		    "what is kept beside the ledger is not what was sealed in "
		    "entry %llu: do not use it",
		    (unsigned long long)index);
	return r;
}

int
cseal_desk_evidence(struct cseal_desk *d, uint64_t index,
    const struct cseal_statement *st, size_t i,
    char name[CSEAL_EVIDENCE_NAME_BYTES], struct cseal_buf *text,
    struct cseal_error *err)
{
	size_t n;
	const struct cseal_evidence *v = cseal_evidence_of(st, &n);
	struct cseal_opening o;
	int r;

	if (!cseal_evidence_name(v, n, i, name))
		return CSEAL_ERR_USAGE;
	r = read_opening(d, index, st, name, &o, err);
	if (r == CSEAL_OK)
		r = cseal_buf_add(text, o.value.data, o.value.len);
	cseal_opening_free(&o);
	return r;
}

static int
check_file(const struct cseal_buf *file, const struct cseal_evidence_file *f,
    struct cseal_error *err)
{
	const struct cseal_slice bytes = cseal_buf_slice(file);
	uint8_t digest[CSEAL_HASH_BYTES];
	int r = digest_sha256(digest, &bytes, 1);

	if (r != CSEAL_OK || memcmp(digest, f->digest, sizeof(digest)) == 0)
		return r;
	return cseal_error_set(err, CSEAL_ERR_CORRUPT, f->name,
	    "the file kept beside the ledger is not the one that was given: "
	    "do not use it");
}

static int
tell_file(int r, const char *name, struct cseal_error *err)
{
	if (r == CSEAL_ERR_NOT_FOUND)
		return cseal_error_set(err, r, name,
		    "the file is not on this desk: look at the desk of who "
		    "stated it");
	if (r == CSEAL_ERR_CORRUPT)
		return cseal_error_set(err, r, name,
		    "what is kept of the file beside the ledger is damaged: "
		    "it cannot be read");
	return r;
}

int
cseal_desk_evidence_file(struct cseal_desk *d, uint64_t index,
    const struct cseal_statement *st, const char *name,
    struct cseal_evidence_file *about, struct cseal_buf *out,
    struct cseal_error *err)
{
	const uint8_t *commitment = commitment_find(st, name);
	struct cseal_opening o;
	int r;

	if (commitment == NULL)
		return cseal_error_set(err, CSEAL_ERR_NOT_FOUND, name,
		    "entry %llu has no evidence of this name",
		    (unsigned long long)index);
	r = read_opening(d, index, st, name, &o, err);
	if (r == CSEAL_OK &&
	    !cseal_evidence_file_parse(about, cseal_buf_slice(&o.value)))
		r = cseal_error_set(
		    err, CSEAL_ERR_INPUT, name, "this is not a file");
	if (r == CSEAL_OK) {
		r = tell_file(
		    attachment_get(d->ledger, commitment, o.salt, out, err),
		    about->name, err);
		if (r == CSEAL_OK)
			r = check_file(out, about, err);
	}
	cseal_opening_free(&o);
	return r;
}
