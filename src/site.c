/* SPDX-License-Identifier: BSD-2-Clause */

#include "site.h"

#include <string.h>

#include <openssl/rand.h>

#include "desk.h"
#include "digest.h"
#include "ledger_beside.h"
#include "schema_rows.h"

#define KIND "site"

static const char *const names[] = {
	[CSEAL_SITE_HOME] = "home",
	[CSEAL_SITE_REPLICA] = "replica",
	[CSEAL_SITE_RESTORED] = "restored",
	[CSEAL_SITE_COPY] = "copy",
};

/* What is kept: the site, and the mark of the file that has it. */
struct record {
	uint64_t version;
	uint64_t is;
	uint8_t mark[CSEAL_HASH_BYTES];
	uint64_t size;
	bool has_question;
	uint8_t question[PARCEL_NONCE_BYTES];
};

static const struct schema_member rows[] = {
	ROW_WORD(1, "version", record, version, 1, 1),
	ROW_WORD(2, "site", record, is, CSEAL_SITE_HOME, CSEAL_SITE_RESTORED),
	ROW(3, "mark", SCHEMA_FIXED, record, mark, 0, CSEAL_HASH_BYTES),
	ROW(4, "size", SCHEMA_UINT, record, size, 0, INT64_MAX),
	ROW_MAYBE(5, "question", SCHEMA_OPTIONAL, SCHEMA_FIXED, record,
	    question, has_question, 0, PARCEL_NONCE_BYTES, NULL),
};
static const struct schema record_site = { .name = "site",
	SCHEMA(SCHEMA_MAP, record, rows) };

const char *
cseal_site_name(enum cseal_site p)
{
	return (size_t)p < sizeof(names) / sizeof(*names) && names[p] != NULL
		   ? names[p]
		   : "unknown";
}

/* The same for the same file on the same machine, and for no copy of it. */
static int
mark_of(struct cseal_ledger *l, const char *machine,
    uint8_t out[CSEAL_HASH_BYTES], struct cseal_error *err)
{
	static const char label[] = "counterseal site";
	uint8_t number[8];
	uint64_t id;
	int r = ledger_place(l, &id, err);

	if (r != CSEAL_OK)
		return r;
	for (size_t i = 0; i < sizeof(number); i++)
		number[i] = (uint8_t)(id >> 8 * i);
	return digest_sha256(out,
	    (const struct cseal_slice[]){
		{ (const uint8_t *)label, sizeof(label) },
		{ number, sizeof(number) },
		{ (const uint8_t *)machine, strlen(machine) },
	    },
	    3);
}

static int
site_parse(struct site *out, const struct cseal_buf *bytes,
    const uint8_t mark[CSEAL_HASH_BYTES], struct cseal_error *err)
{
	struct record k;

	if (schema_parse_all(&record_site, cseal_buf_slice(bytes), &k, NULL) !=
	    CSEAL_OK)
		return cseal_error_set(err, CSEAL_ERR_CORRUPT, "site",
		    "what is kept beside the ledger, home or replica, cannot "
		    "be read; say it again: counterseal home");
	out->is = (enum cseal_site)k.is;
	out->size = k.size;
	out->has_question = k.has_question;
	memcpy(out->question, k.question, sizeof(k.question));
	if (out->is == CSEAL_SITE_HOME &&
	    memcmp(k.mark, mark, sizeof(k.mark)) != 0)
		out->is = CSEAL_SITE_COPY;
	return CSEAL_OK;
}

int
site_read(struct site *out, struct cseal_ledger *l, const char *machine,
    struct cseal_error *err)
{
	uint8_t mark[CSEAL_HASH_BYTES];
	struct cseal_buf bytes;
	int r = mark_of(l, machine, mark, err);

	*out =
	    (struct site){ .is = CSEAL_SITE_HOME, .size = SITE_NEVER_YIELDS };
	if (r != CSEAL_OK)
		return r;
	cseal_buf_init(&bytes, 0);
	r = ledger_beside_get(l, KIND, "", &bytes, err);
	if (r == CSEAL_OK)
		r = site_parse(out, &bytes, mark, err);
	else if (r == CSEAL_ERR_NOT_FOUND)
		r = CSEAL_OK;
	cseal_buf_free(&bytes);
	return r;
}

int
site_write(struct cseal_ledger *l, const char *machine, const struct site *p,
    struct cseal_error *err)
{
	struct record k = { .version = 1,
		.is = p->is,
		.size = p->size,
		.has_question = p->has_question };
	struct store_beside thing = { .kind = KIND, .name = "" };
	struct cseal_buf bytes;
	int r = mark_of(l, machine, k.mark, err);

	if (r != CSEAL_OK)
		return r;
	memcpy(k.question, p->question, sizeof(k.question));
	cseal_buf_init(&bytes, 0);
	r = schema_encode(&record_site, &bytes, &k);
	thing.value = cseal_buf_slice(&bytes);
	if (r == CSEAL_OK)
		r = ledger_beside_put(l, &thing, 1, err);
	cseal_buf_free(&bytes);
	return r;
}

int
site_may_append(const struct site *p, struct cseal_error *err)
{
	switch (p->is) {
	case CSEAL_SITE_COPY:
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "ledger",
		    "this file is a copy of the home's ledger, and only one "
		    "may append. If the other still does, make this one a "
		    "replica: counterseal home --leave. If it is gone: "
		    "counterseal home --here");
	case CSEAL_SITE_RESTORED:
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "ledger",
		    "this ledger comes from a backup and appends nothing "
		    "until every other desk has told what it has: send, let "
		    "them receive and send, then receive. Who is missing: "
		    "counterseal home. Without them: counterseal home --here "
		    "--force");
	case CSEAL_SITE_REPLICA:
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "ledger",
		    "this is a replica, and only the home appends");
	case CSEAL_SITE_HOME: break;
	}
	return CSEAL_OK;
}

enum cseal_site
cseal_desk_site(const struct cseal_desk *d)
{
	return d->site.is;
}

int
cseal_desk_settle(
    struct cseal_desk *d, enum cseal_site as, struct cseal_error *err)
{
	struct site p = { .is = as, .size = SITE_NEVER_YIELDS };
	int r;

	if (as == CSEAL_SITE_COPY)
		return CSEAL_ERR_USAGE;
	if (as == CSEAL_SITE_RESTORED) {
		p.has_question = true;
		if (RAND_bytes(p.question, sizeof(p.question)) != 1)
			return CSEAL_ERR_INTERNAL;
	}
	if (as == CSEAL_SITE_HOME)
		p.size = cseal_state_size(cseal_desk_state(d));
	/* Whatever was passed over as none of its business may be it now. */
	r = ledger_beside_clear(d->ledger, "seen", err);
	if (r == CSEAL_OK)
		r = site_write(d->ledger, desk_machine(d), &p, err);
	if (r == CSEAL_OK)
		d->site = p;
	return r;
}
