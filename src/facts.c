/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts of a change: a map of small integers (docs/format.md section 4). */

#include <string.h>

#include "counterseal/statement.h"
#include "schema.h"

/* The facts as slices, which is what a schema can read and write. */
struct raw {
	bool has[12]; /* by the fact's number */
	struct cseal_slice country;
	struct cseal_slice currency;
	struct cseal_slice bank_code;
	struct cseal_slice provider;
	uint64_t domain;
	struct cseal_slice calling;
	uint64_t line;
	bool payments;
	bool enabled;
	uint64_t percent;
	bool elsewhere;
};

#define FACT(k, n, t, f, lo, hi)                                        \
	{                                                               \
		.name = (n), .key = (k), .type = (t),                   \
		.presence = SCHEMA_OPTIONAL,                            \
		.offset = offsetof(struct raw, f),                      \
		.flag = offsetof(struct raw, has) + (k) * sizeof(bool), \
		.min = (lo), .max = (hi),                               \
		.enumerated = (t) == SCHEMA_UINT && (k) != 10           \
	}

static const struct schema_member rows[] = {
	FACT(1, "country", SCHEMA_TEXT, country, 2, 2),
	FACT(2, "currency", SCHEMA_TEXT, currency, 3, 3),
	FACT(3, "bank code", SCHEMA_TEXT, bank_code, 1, 39),
	FACT(4, "provider", SCHEMA_HANDLE, provider, 1, 32),
	FACT(5, "domain class", SCHEMA_UINT, domain, 1, 3),
	FACT(6, "calling code", SCHEMA_TEXT, calling, 2, 7),
	FACT(7, "line type", SCHEMA_UINT, line, 1, 3),
	FACT(8, "may edit payments", SCHEMA_BOOL, payments, 0, 0),
	FACT(9, "enabled", SCHEMA_BOOL, enabled, 0, 0),
	FACT(10, "split percent", SCHEMA_UINT, percent, 0, 100),
	FACT(11, "used at another store", SCHEMA_BOOL, elsewhere, 0, 0),
};

static const struct schema record_facts = { .name = "facts",
	.shape = SCHEMA_MAP,
	.size = sizeof(struct raw),
	.members = rows,
	.n = sizeof(rows) / sizeof(rows[0]) };

static void
copy(char *to, struct cseal_slice from)
{
	if (from.len > 0)
		memcpy(to, from.data, from.len);
	to[from.len] = '\0';
}

static struct cseal_slice
slice(const char *s)
{
	struct cseal_slice v = { (const uint8_t *)s, strlen(s) };

	return v;
}

int
cseal_facts_parse(struct cseal_facts *out, struct cseal_slice bytes)
{
	struct raw raw;
	int r;

	memset(out, 0, sizeof(*out));
	r = schema_parse_all(&record_facts, bytes, &raw, NULL);
	if (r != CSEAL_OK)
		return r;
	copy(out->country, raw.country);
	copy(out->currency, raw.currency);
	copy(out->bank_code, raw.bank_code);
	copy(out->provider, raw.provider);
	out->domain = (uint8_t)raw.domain;
	copy(out->calling, raw.calling);
	out->line = (uint8_t)raw.line;
	out->has_payments = raw.has[8];
	out->payments = raw.payments;
	out->has_enabled = raw.has[9];
	out->enabled = raw.enabled;
	out->has_percent = raw.has[10];
	out->percent = (uint8_t)raw.percent;
	out->has_elsewhere = raw.has[11];
	out->elsewhere = raw.elsewhere;
	return CSEAL_OK;
}

int
cseal_facts_encode(struct cseal_buf *b, const struct cseal_facts *f)
{
	struct raw raw;

	memset(&raw, 0, sizeof(raw));
	raw.country = slice(f->country);
	raw.currency = slice(f->currency);
	raw.bank_code = slice(f->bank_code);
	raw.provider = slice(f->provider);
	raw.domain = f->domain;
	raw.calling = slice(f->calling);
	raw.line = f->line;
	raw.payments = f->payments;
	raw.enabled = f->enabled;
	raw.percent = f->percent;
	raw.elsewhere = f->elsewhere;
	raw.has[1] = raw.country.len > 0;
	raw.has[2] = raw.currency.len > 0;
	raw.has[3] = raw.bank_code.len > 0;
	raw.has[4] = raw.provider.len > 0;
	raw.has[5] = f->domain != 0;
	raw.has[6] = raw.calling.len > 0;
	raw.has[7] = f->line != 0;
	raw.has[8] = f->has_payments;
	raw.has[9] = f->has_enabled;
	raw.has[10] = f->has_percent;
	raw.has[11] = f->has_elsewhere;
	return schema_encode(&record_facts, b, &raw);
}
