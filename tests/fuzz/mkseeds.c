/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes inputs to begin with: one file each, below a folder with a folder
 * for each target. Of the vectors each entry and statement becomes one.
 *	mkseeds FOLDER VECTOR...
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "counterseal/change.h"
#include "counterseal/openings.h"
#include "base64.h"
#include "dcbor.h"
#include "digest.h"
#include "fixed_desk_key.h"
#include "fuzz_ledger.h"
#include "maker_vector.h"
#include "memory_file.h"
#include "parcel.h"
#include "replay.h"
#include "records.h"
#include "seeds_token.h"

static const char *folder;

static void
write_seed(const char *target, const char *name, struct cseal_slice bytes)
{
	char path[512];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, target);
	(void)mkdir(path, 0777);
	(void)snprintf(path, sizeof(path), "%s/%s/%s", folder, target, name);
	f = fopen(path, "wb");
	if (f == NULL || fwrite(bytes.data, 1, bytes.len, f) != bytes.len ||
	    fclose(f) != 0) {
		perror(path);
		exit(1);
	}
}

static void
write_buf(const char *target, const char *name, struct cseal_buf *b)
{
	assert_int_equal(cseal_buf_error(b), CSEAL_OK);
	write_seed(target, name, cseal_buf_slice(b));
	cseal_buf_free(b);
}

/* By what it is: the same bytes make one seed, wherever they come from. */
static void
write_named(const char *target, const char *prefix, struct cseal_slice bytes)
{
	uint8_t digest[CSEAL_HASH_BYTES];
	char name[64];

	assert_int_equal(digest_sha256(digest, &bytes, 1), CSEAL_OK);
	(void)snprintf(name, sizeof(name), "%s-%02x%02x%02x%02x%02x%02x",
	    prefix, digest[0], digest[1], digest[2], digest[3], digest[4],
	    digest[5]);
	write_seed(target, name, bytes);
}

static void
write_hex(const struct seed_token *seed)
{
	const char *hex = seed->hex;
	uint8_t bytes[1024];
	struct cseal_slice s = { bytes, strlen(hex) / 2 };

	assert_true(s.len <= sizeof(bytes));
	for (size_t i = 0; i < s.len; i++) {
		const char digits[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

		bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
	write_seed(seed->target, seed->name, s);
}

/* ---- entries and statements ---- */

static void
write_entry(const char *name, struct cseal_slice entry)
{
	struct cseal_entry e;

	assert_int_equal(cseal_entry_parse(&e, entry), CSEAL_OK);
	write_seed("entry", name, entry);
	write_seed("statement", name, e.statement);
	write_seed("fold", name, entry);
}

/* What could come next in the ledger that fuzz_fold judges by. */
static void
write_draft(const char *name, struct maker_draft *d)
{
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	maker_seal(d, &b);
	write_entry(name, cseal_buf_slice(&b));
	cseal_buf_free(&b);
	maker_draft_free(d);
}

static void
write_drafts(struct maker *m)
{
	static const uint8_t log[CSEAL_HASH_BYTES] = { 1 };

	write_draft("request", maker_request(m, OMAR, NULL));
	write_draft("request-item", maker_request(m, OMAR, "payout/k3m9x2ab"));
	write_draft("request-email", maker_request_email(m, LIN));
	write_draft("approve", maker_approve(m, MINA, FUZZ_LEDGER_ASKED));
	write_draft("reject", maker_reject(m, MINA, FUZZ_LEDGER_ASKED));
	write_draft("withdraw", maker_withdraw(m, LIN, FUZZ_LEDGER_ASKED));
	write_draft("apply",
	    maker_apply(m, LIN, FUZZ_LEDGER_APPROVED, CSEAL_APPLY_ENTERED));
	write_draft("complete", maker_approve(m, PETR, FUZZ_LEDGER_AUTHORITY));
	write_draft(
	    "observe", maker_observe(m, OMAR, "payout", CSEAL_OBSERVE_DRIFT));
	write_draft("freeze-store", maker_freeze_store(m, LIN, MAKER_STORE));
	write_draft("freeze-key", maker_freeze_key(m, LIN, OMAR));
	write_draft("lift", maker_lift(m, LIN, FUZZ_LEDGER_FREEZE));
	write_draft("erase", maker_erase(m, LIN, 8, "iban"));
	write_draft("endorse", maker_endorse(m, LIN));
	write_draft("reserved", maker_reserved(m, LIN));
	write_draft("revoke", maker_key_revoke(m, LIN, OMAR));
	write_draft("person", maker_person_set(m, LIN, "zoe", "admin finance"));
	write_draft("leave", maker_person_leave(m, LIN, "omar"));
	write_draft(
	    "policy", maker_policy_set(m, LIN, cseal_buf_str(&m->policy)));
	write_draft("log", maker_log_set(m, LIN, log));
}

/* ---- memory ---- */

static void
write_memory(const char *name, const struct maker *m, bool with_state)
{
	const struct cseal_replay r = { .state = m->state };
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	assert_int_equal(memory_file_encode(&b, &r, with_state), CSEAL_OK);
	write_buf("memory", name, &b);
}

static void
write_finding(const char *name, const struct maker *m)
{
	struct cseal_finding f = { .rule = rule_row(RULE_FACTS_UNCHECKED),
		.detail = "1 change" };
	void *items[] = { &f };
	const struct cseal_replay r = { .state = m->state,
		.findings = { .items = items, .n = 1 } };
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	assert_int_equal(memory_file_encode(&b, &r, true), CSEAL_OK);
	write_buf("memory", name, &b);
}

/* ---- vectors ---- */

static void
write_statement(struct cseal_slice bytes)
{
	struct cseal_statement st;

	write_named("statement", "vector", bytes);
	if (cseal_statement_parse(&st, bytes, NULL) != CSEAL_OK)
		return;
	if (st.kind == CSEAL_GENESIS)
		write_named("policy", "vector", st.u.genesis.policy.text);
	for (size_t i = 0; st.kind == CSEAL_GENESIS && i < st.u.genesis.n_keys;
	     i++) {
		struct cseal_buf b;

		cseal_buf_init(&b, 0);
		if (cseal_key_encode(&b, &st.u.genesis.keys[i]) == CSEAL_OK)
			write_named("key", "vector", cseal_buf_slice(&b));
		cseal_buf_free(&b);
	}
	cseal_statement_free(&st);
}

static void
write_vector_entry(struct cseal_slice bytes)
{
	struct cseal_entry e;

	write_named("entry", "vector", bytes);
	if (cseal_entry_parse(&e, bytes) == CSEAL_OK)
		write_statement(e.statement);
}

/* The parts of a seal, put together. */
static void
write_vector_seal(const struct vector *v)
{
	static const char *const keys[] = { "statement", "auth-data",
		"client-data", "signature" };
	struct cseal_buf b, part;

	cseal_buf_init(&b, 0);
	dcbor_put_array(&b, 4);
	for (size_t i = 0; i < 4; i++) {
		cseal_buf_init(&part, 0);
		assert_true(vector_bytes(v, keys[i], 0, &part));
		dcbor_put_bytes(&b, part.data, part.len);
		cseal_buf_free(&part);
	}
	write_vector_entry(cseal_buf_slice(&b));
	cseal_buf_free(&b);
}

static void
write_vector(const char *path)
{
	struct vector v;
	struct cseal_buf b;
	const char *kind;

	if (!vector_read(&v, path))
		fail_msg("%s: no vector", path);
	kind = vector_text(&v, "kind", 0);
	if (kind != NULL && strcmp(kind, "seal") == 0)
		write_vector_seal(&v);
	cseal_buf_init(&b, 0);
	if (kind != NULL && strcmp(kind, "statement") == 0 &&
	    vector_bytes(&v, "statement", 0, &b))
		write_statement(cseal_buf_slice(&b));
	for (size_t i = 0; vector_text(&v, "entry", i) != NULL; i++) {
		cseal_buf_reset(&b);
		assert_true(vector_bytes(&v, "entry", i, &b));
		write_vector_entry(cseal_buf_slice(&b));
	}
	cseal_buf_free(&b);
	vector_free(&v);
}

/* ---- keys and offers ---- */

static void
write_offer(const char *name, const struct maker_key *k)
{
	struct record_offer_file f = { .version = 1,
		.has_org = true,
		.org = { (const uint8_t *)MAKER_ORG, strlen(MAKER_ORG) },
		.rp_id = { (const uint8_t *)k->rp_id, strlen(k->rp_id) } };
	struct cseal_buf b;

	f.key = k->record;
	cseal_buf_init(&b, 0);
	assert_int_equal(schema_encode(&record_offer, &b, &f), CSEAL_OK);
	write_buf("offer", name, &b);
}

/* A key of each algorithm, enrolled for a genesis. */
static void
write_keys(void)
{
	static const struct {
		const char *name;
		int alg;
	} rows[] = { { "es256", CSEAL_ALG_ES256 }, { "es384", CSEAL_ALG_ES384 },
		{ "eddsa", CSEAL_ALG_EDDSA } };
	struct cseal_buf b;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct maker_key k;

		maker_key_init(&k, 1, i, "lin");
		maker_key_alg(&k, 1, i, rows[i].alg);
		maker_key_enrol(&k, NULL);
		write_offer(rows[i].name, &k);
		cseal_buf_init(&b, 0);
		assert_int_equal(cseal_key_encode(&b, &k.record), CSEAL_OK);
		write_buf("key", rows[i].name, &b);
		write_named("key", "attestation", k.record.attestation);
		maker_key_free(&k);
	}
}

/* ---- what desks exchange ---- */

static void
write_openings(struct cseal_buf *clear)
{
	static const char *const blind[] = { "iban" };
	static const char *const names[] = { "holder", "iban", "reason" };
	static const char *const values[] = { "Example Trading GmbH",
		"DE89370400440532013000", "new bank\nsee letter" };
	static const uint8_t hash[CSEAL_HASH_BYTES] = { 7 };
	struct cseal_opening list[3];
	struct cseal_buf locked;

	memset(list, 0, sizeof(list));
	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(
		    list[i].name, sizeof(list[i].name), "%s", names[i]);
		cseal_buf_init(&list[i].value, 0);
		(void)cseal_buf_add_str(&list[i].value, values[i]);
	}
	cseal_buf_init(&locked, 0);
	assert_int_equal(
	    cseal_openings_encode(clear, hash, hash, list, 3, NULL, 0, NULL),
	    CSEAL_OK);
	assert_int_equal(
	    cseal_openings_encode(&locked, hash, hash, list, 3, blind, 1, NULL),
	    CSEAL_OK);
	write_seed("openings", "clear", cseal_buf_slice(clear));
	write_buf("openings", "locked", &locked);
	for (size_t i = 0; i < 3; i++)
		cseal_opening_free(&list[i]);
}

static void
write_parcel(const struct maker *m, struct cseal_slice der)
{
	static const char name[] = "9y3nq0tz-entries-0-2-1234-"
				   "0123456789abcdefghjkmnpq.cseal";
	struct cseal_slice entries[2] = { maker_bytes(m, 0),
		maker_bytes(m, 1) };
	struct parcel_envelope envelope = { .der = der };
	struct parcel_refusal refusal = {
		.code = { (const uint8_t *)"clock", 5 },
		.sentence = { (const uint8_t *)"it is ahead", 11 },
	};
	struct parcel p = { .version = 1, .has_heard = true };
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	assert_int_equal(parcel_encode(&b, &p), CSEAL_OK);
	write_buf("parcel", "heard", &b);
	p.has_entries = p.has_sealed = p.has_envelopes = true;
	p.has_refusals = p.has_question = p.heard.has_answer = true;
	p.entries.list = p.sealed = entries;
	p.entries.n = p.n_sealed = 2;
	p.envelopes = &envelope;
	p.refusals = &refusal;
	p.n_envelopes = p.n_refusals = 1;
	cseal_buf_init(&b, 0);
	assert_int_equal(parcel_encode(&b, &p), CSEAL_OK);
	write_buf("parcel", "everything", &b);
	write_seed("parcel", "name",
	    (struct cseal_slice){ (const uint8_t *)name, sizeof(name) - 1 });
}

static void
write_exchange(const struct maker *m)
{
	uint8_t desks[1][CSEAL_DESK_KEY_BYTES];
	struct cseal_desk_key *key = fixed_desk_key();
	struct cseal_buf plain, der;

	cseal_buf_init(&plain, 0);
	cseal_buf_init(&der, 0);
	write_openings(&plain);
	cseal_desk_key_public(key, desks[0]);
	assert_int_equal(
	    cseal_envelope_seal(&der, cseal_buf_slice(&plain),
		(const uint8_t(*)[CSEAL_DESK_KEY_BYTES])desks, 1, NULL),
	    CSEAL_OK);
	write_seed("envelope", "one", cseal_buf_slice(&der));
	write_parcel(m, cseal_buf_slice(&der));
	cseal_buf_free(&plain);
	cseal_buf_free(&der);
	cseal_desk_key_free(key);
}

/* ---- text ---- */

static void
write_texts(void)
{
	static const char iban[] = "\0# from the letter of 3 March\n"
				   "kind: payout.iban\nstore: shop-de\n"
				   "holder: Example Trading GmbH\n"
				   "iban: DE89 3704 0044 0532 0130 00\n"
				   "bic: COBADEFFXXX\ncurrency: EUR\n"
				   "bank_name: Commerzbank\n"
				   "reason: new bank\n";
	static const char email[] = "\1email: Seller@Example.COM\r\n";
	static const char shown[] = "\200tail=DE89 .... 3000\n"
				    "holder=M\303\274ller GmbH\n"
				    "country=DE\ndefault=yes\n"
				    "bic=COBADEFFXXX\n";
	static const char whole[] = "\1account=0012345678\n"
				    "routing=021000021\n"
				    "holder=Example Trading LLC\n";
	struct cseal_slice s = { (const uint8_t *)iban, sizeof(iban) - 1 };
	struct cseal_buf b;

	write_seed("lines", "iban", s);
	s.data = (const uint8_t *)email;
	s.len = sizeof(email) - 1;
	write_seed("lines", "email", s);
	s.data = (const uint8_t *)shown;
	s.len = sizeof(shown) - 1;
	write_seed("shown", "iban", s);
	s.data = (const uint8_t *)whole;
	s.len = sizeof(whole) - 1;
	write_seed("shown", "us", s);
	cseal_buf_init(&b, 0);
	assert_int_equal(cseal_policy_default(&b), CSEAL_OK);
	write_buf("policy", "fixed", &b);
	cseal_buf_init(&b, 0);
	maker_policy(&b, NULL, "[change payout.iban]", "approvals",
	    "2 approver and 1 finance");
	(void)cseal_buf_add_str(
	    &b, "; a store of its own\n[store shop-de]\nslots = payout\n");
	write_buf("policy", "places", &b);
}

/* ---- metadata ---- */

/* A certificate that vouches for itself. */
#define CERTIFICATE                                                    \
	"MIIBOjCB4QIUVzb1ErqmKOsSf7bK5NKIA8DaxIswCgYIKoZIzj0EAwIwHzEd" \
	"MBsGA1UEAwwUbWRzLmZpZG9hbGxpYW5jZS5vcmcwIBcNMjYxMTI5MTIyMjQ4" \
	"WhgPMjEyNjExMDUxMjIyNDhaMB8xHTAbBgNVBAMMFG1kcy5maWRvYWxsaWFu" \
	"Y2Uub3JnMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEzL8F91LKoOCc3jZR" \
	"IIseSRaDy9Y8zV5+ASMWKmTT/rJQbr7MGIQcNHawxmiiTFUnEx8KicLSNaKy" \
	"l2a428JUlDAKBggqhkjOPQQDAgNIADBFAiBUsC5SMB5et7YbHuXec/Bfu80U" \
	"EGbQuI5ayzAQ7MnJzAIhAPjHLXwvzckQ8B5drR/yZOLlF4014yZZVqxxiRf5" \
	"FV4Y"

/* Signed with it: no entries. */
static const char blob[] =
    "eyJhbGciOiJFUzI1NiIsIng1YyI6WyJNSUlCT2pDQjRRSVVWemIxRXJxbUtP"
    "c1NmN2JLNU5LSUE4RGF4SXN3Q2dZSUtvWkl6ajBFQXdJd0h6RWRNQnNHQTFV"
    "RUF3d1ViV1J6TG1acFpHOWhiR3hwWVc1alpTNXZjbWN3SUJjTk1qWXhNVEk1"
    "TVRJeU1qUTRXaGdQTWpFeU5qRXhNRFV4TWpJeU5EaGFNQjh4SFRBYkJnTlZC"
    "QU1NRkcxa2N5NW1hV1J2WVd4c2FXRnVZMlV1YjNKbk1Ga3dFd1lIS29aSXpq"
    "MENBUVlJS29aSXpqMERBUWNEUWdBRXpMOEY5MUxLb09DYzNqWlJJSXNlU1Jh"
    "RHk5WTh6VjUrQVNNV0ttVFQvckpRYnI3TUdJUWNOSGF3eG1paVRGVW5FeDhL"
    "aWNMU05hS3lsMmE0MjhKVWxEQUtCZ2dxaGtqT1BRUURBZ05JQURCRkFpQlVz"
    "QzVTTUI1ZXQ3WWJIdVhlYy9CZnU4MFVFR2JRdUk1YXl6QVE3TW5KekFJaEFQ"
    "akhMWHd2emNrUThCNWRyUi95Wk9MbEY0MDE0eVpaVnF4eGlSZjVGVjRZIl19"
    ".eyJubyI6MSwibmV4dFVwZGF0ZSI6IjIwMzktMTItMzEiLCJlbnRyaWVzIjp"
    "bXX0.xq6xhrSKlHgnGQzVdwJllJMmKPevM5jFduf9dlIidw2KOk25OkoNtw4"
    "DIVZ26oqHzwp5dRiC4E_XSJZoGuf0Pg";

/* A model of one root, certified and then reported. */
static const char payload[] =
    "{\"legalHeader\":\"x\",\"no\":7,\"nextUpdate\":\"2039-12-31\","
    "\"entries\":[{\"aaguid\":\"63736561-6c2d-736f-6674-2d746f6b656e\","
    "\"metadataStatement\":{\"description\":\"Key\\u00a05\","
    "\"attestationRootCertificates\":[\"" CERTIFICATE "\"]},"
    "\"statusReports\":[{\"status\":\"FIDO_CERTIFIED_L1\"},"
    "{\"status\":\"REVOKED\",\"effectiveDate\":\"2024-02-29\"},"
    "{\"status\":\"ATTESTATION_KEY_COMPROMISE\","
    "\"certificate\":\"" CERTIFICATE "\"}]},"
    "{\"attestationCertificateKeyIdentifiers\":["
    "\"0123456789abcdef0123456789abcdef01234567\"],"
    "\"statusReports\":[]}]}";

/* attStmt with that certificate; its signature is none. */
static void
put_chain(void *ctx, const struct maker_key *k, struct cseal_slice auth_data,
    struct cseal_buf *out)
{
	const struct cseal_slice text = { (const uint8_t *)CERTIFICATE,
		sizeof(CERTIFICATE) - 1 };
	struct cseal_buf der;

	(void)ctx;
	(void)k;
	(void)auth_data;
	cseal_buf_init(&der, 0);
	assert_int_equal(base64_read(&der, text, BASE64_PADDED), CSEAL_OK);
	dcbor_put_map(out, 3);
	dcbor_put_str(out, "alg");
	dcbor_put_int(out, CSEAL_ALG_ES256);
	dcbor_put_str(out, "sig");
	dcbor_put_bytes(out, (const uint8_t *)"none", 4);
	dcbor_put_str(out, "x5c");
	dcbor_put_array(out, 1);
	dcbor_put_bytes(out, der.data, der.len);
	cseal_buf_free(&der);
}

static void
write_chain(void)
{
	const struct maker_enrolment how = { .statement = put_chain };
	struct maker_key k;
	struct cseal_buf b;

	maker_key_init(&k, 1, 9, "lin");
	maker_key_enrol(&k, &how);
	cseal_buf_init(&b, 0);
	assert_int_equal(cseal_key_encode(&b, &k.record), CSEAL_OK);
	write_buf("key", "chain", &b);
	maker_key_free(&k);
}

static void
write_metadata(void)
{
	write_seed("metadata", "blob",
	    (struct cseal_slice){ (const uint8_t *)blob, sizeof(blob) - 1 });
	write_seed("metadata", "payload",
	    (struct cseal_slice){
		(const uint8_t *)payload, sizeof(payload) - 1 });
}

/* Rules as people write them, as the file has them. */
static void
write_source(const char *path)
{
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	assert_int_equal(cseal_buf_read_file(&b, path, 65536), CSEAL_OK);
	write_named("source", "rules", cseal_buf_slice(&b));
	cseal_buf_free(&b);
}

static void
write_file(const char *path)
{
	const size_t n = strlen(path);

	if (n > 4 && strcmp(path + n - 4, ".ini") == 0)
		write_source(path);
	else
		write_vector(path);
}

int
main(int argc, char **argv)
{
	struct maker *m;

	if (argc < 2) {
		fprintf(stderr, "usage: mkseeds FOLDER VECTOR|RULES...\n");
		return 2;
	}
	folder = argv[1];
	(void)mkdir(folder, 0777);
	m = fuzz_ledger_new();
	for (uint64_t i = 0; i < cseal_state_size(m->state); i++) {
		char name[32];

		(void)snprintf(
		    name, sizeof(name), "entry-%02llu", (unsigned long long)i);
		write_entry(name, maker_bytes(m, i));
	}
	write_drafts(m);
	write_memory("state", m, true);
	write_memory("head", m, false);
	write_finding("finding", m);
	write_exchange(m);
	maker_free(m);
	write_keys();
	write_texts();
	write_metadata();
	write_chain();
	for (size_t i = 0; i < seeds_token_count(); i++)
		write_hex(seeds_token_at(i));
	for (int i = 2; i < argc; i++)
		write_file(argv[i]);
	return 0;
}
