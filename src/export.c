/* SPDX-License-Identifier: BSD-2-Clause */

#include "export.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "counterseal/text.h"

static const struct export_format formats[] = {
	{ "ssh", export_ssh },
	{ "fido2-assert", export_fido2 },
};
#define N_FORMATS (sizeof(formats) / sizeof(formats[0]))

int
export_emit(
    const struct export *x, const char *file, const struct cseal_buf *content)
{
	int r;

	if ((r = cseal_buf_error(content)) != CSEAL_OK)
		return r;
	return x->emit(x->ctx, file, content);
}

void
export_heading(const struct export *x, struct cseal_buf *out)
{
	char hex[2 * CSEAL_HASH_BYTES + 1];
	char when[CSEAL_TIME_BYTES];
	const char *kind;

	kind = cseal_word_name(cseal_statement_kinds, x->statement.kind);
	cseal_time_utc(x->statement.clock, when);
	cseal_hex(x->ledger, sizeof(x->ledger), hex);
	cseal_buf_printf(out,
	    "Entry %" PRIu64 " of ledger\n  %s\n"
	    "statement   %s\n"
	    "sealed by   %s, key %" PRIu64 "\n"
	    "clock       %s (the signer's claim)\n\n",
	    x->index, hex, kind != NULL ? kind : "a later kind", x->handle,
	    x->statement.key, when);
}

int
export_write(
    const struct export *x, const char *format, struct cseal_error *err)
{
	for (size_t i = 0; i < N_FORMATS; i++) {
		if (strcmp(formats[i].name, format) == 0)
			return formats[i].write(x, err);
	}
	return cseal_error_set(err, CSEAL_ERR_USAGE, "format",
	    "there is no such format: ssh or fido2-assert");
}

static int
find_signer(
    struct export *x, const struct cseal_state *s, struct cseal_error *err)
{
	const struct cseal_state_person *p = NULL;
	const struct cseal_state_key *k;

	if ((k = cseal_state_key(s, x->statement.key)) != NULL)
		p = cseal_state_person(s, k->person);
	if (p == NULL)
		return cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "key",
		    "the ledger has no key %" PRIu64, x->statement.key);
	x->pubkey = k->pubkey;
	x->rp_id = k->rp_id;
	x->monitor = k->monitor;
	x->handle = p->handle;
	return CSEAL_OK;
}

/*
 * The entry was read a second time since the replay: what is handed to
 * another tool is checked in the very bytes that are handed over.
 */
static int
check_seal(const struct export *x, struct cseal_error *err)
{
	struct cseal_demand d = { .silent = x->monitor, .synced = true };
	char where[32];

	d.rp_id.data = (const uint8_t *)x->rp_id;
	d.rp_id.len = strlen(x->rp_id);
	snprintf(where, sizeof(where), "entry %" PRIu64, x->index);
	if (cseal_seal_check(&x->entry, CSEAL_NAMESPACE, &d) != CSEAL_SEAL_OK ||
	    cseal_seal_verify(&x->entry.seal, x->pubkey) != CSEAL_SEAL_OK)
		return cseal_error_set(err, CSEAL_ERR_SIGNATURE, where,
		    "the seal does not verify: run counterseal verify");
	return CSEAL_OK;
}

static int
take_bytes(void *ctx, uint64_t index, struct cseal_slice entry)
{
	(void)index;
	return cseal_buf_add(ctx, entry.data, entry.len);
}

static int
parse_entry(
    struct export *x, const struct cseal_buf *bytes, struct cseal_error *err)
{
	int r;

	if ((r = cseal_entry_parse(&x->entry, cseal_buf_slice(bytes))) !=
	    CSEAL_OK)
		return cseal_error_set(err, r, "entry",
		    "entry %" PRIu64 " is not well-formed", x->index);
	return cseal_statement_parse(&x->statement, x->entry.statement, err);
}

int
cseal_export(const struct cseal_state *s, struct cseal_ledger *l,
    uint64_t entry, const char *format, cseal_export_fn fn, void *ctx,
    struct cseal_error *err)
{
	struct export x = { .index = entry, .emit = fn, .ctx = ctx };
	const struct cseal_head head = cseal_state_head(s);
	struct cseal_buf bytes;
	int r;

	cseal_buf_init(&bytes, CSEAL_ENTRY_MAX);
	if (entry >= cseal_state_size(s)) {
		r = cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "entry",
		    "there is no entry %" PRIu64 " that stands: the ledger "
		    "has %" PRIu64,
		    entry, cseal_state_size(s));
		goto out;
	}
	memcpy(x.ledger, cseal_state_ledger_id(s), sizeof(x.ledger));
	if ((r = cseal_ledger_read_proven(
		 l, &head, entry, 1, take_bytes, &bytes, err)) != CSEAL_OK ||
	    (r = parse_entry(&x, &bytes, err)) != CSEAL_OK ||
	    (r = find_signer(&x, s, err)) != CSEAL_OK ||
	    (r = check_seal(&x, err)) != CSEAL_OK)
		goto out;
	r = export_write(&x, format, err);
out:
	cseal_statement_free(&x.statement);
	cseal_buf_free(&bytes);
	return r;
}
