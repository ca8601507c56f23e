/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the maker of a key says of it, and what roots and metadata make of
 * that. Certificates and BLOBs are made for this run by mkmodels.sh.
 */

#include "models_fixture.h"

#define ALL_WELL ""

static uint64_t
today(void)
{
	return (uint64_t)time(NULL);
}

static void
enrol(struct maker_key *k, struct batch *b, const uint8_t *aaguid)
{
	const struct maker_enrolment how = {
		.format = b->format, .statement = batch_statement, .ctx = b
	};

	maker_key_init(k, 1, 0, "lin");
	memcpy(k->aaguid, aaguid, sizeof(k->aaguid));
	maker_key_enrol(k, &how);
}

static struct cseal_metadata *
read_blob(const char *name, const struct cseal_roots *signers)
{
	struct cseal_metadata *m = NULL;
	struct cseal_error err = { 0 };
	struct cseal_buf b;
	char file[64];

	(void)snprintf(file, sizeof(file), "%s.jwt", name);
	models_read(file, &b);
	if (cseal_metadata_parse(&m, cseal_buf_slice(&b), signers, &err) !=
	    CSEAL_OK)
		fail_msg("%s: %s", name, err.what);
	cseal_buf_free(&b);
	return m;
}

struct row {
	const char *batch;
	const char *roots; /* NULL: none */
	const char *blob;  /* NULL: none */
	uint64_t days;	   /* from now on */
	uint64_t level;
	bool refused;
	const char *why;
};

static void
check_row(const struct row *row)
{
	struct cseal_roots *signers = models_roots("mds-root.pem");
	struct cseal_roots *roots = models_roots(row->roots);
	struct cseal_metadata *m =
	    row->blob != NULL ? read_blob(row->blob, signers) : NULL;
	const struct cseal_trust t = {
		.roots = roots, .metadata = m, .at = today() + row->days * DAY
	};
	struct cseal_worth a;
	struct cseal_error err = { 0 };
	struct maker_key k;
	struct batch b;

	batch_read(&b, row->batch);
	if (strcmp(row->batch, "u2f") == 0)
		b.format = "fido-u2f";
	enrol(&k, &b, strcmp(row->batch, "u2f") == 0 ? NO_MODEL : MODEL);
	if (cseal_key_judge(&k.record, &t, &a, &err) != CSEAL_OK)
		fail_msg("%s: %s", row->batch, err.what);
	if (a.level != row->level || a.refused != row->refused ||
	    strstr(a.why, row->why) == NULL ||
	    (row->why[0] == '\0') != (a.why[0] == '\0'))
		fail_msg("%s, %s, %s: %u %d %s", row->batch,
		    row->roots != NULL ? row->roots : "no roots",
		    row->blob != NULL ? row->blob : "no metadata",
		    (unsigned)a.level, a.refused, a.why);
	maker_key_free(&k);
	batch_free(&b);
	cseal_metadata_free(m);
	cseal_roots_free(roots);
	cseal_roots_free(signers);
}

static void
check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_row(&rows[i]);
}

#define ROWS(a) (a), sizeof(a) / sizeof((a)[0])
#define TRUSTED CSEAL_VERDICT_TRUSTED
#define LISTED	CSEAL_VERDICT_LISTED
#define UNKNOWN CSEAL_VERDICT_UNKNOWN_ROOT

static void
test_chains(void **state)
{
	static const struct row rows[] = {
		{ "model", "root.pem", NULL, 0, TRUSTED, false, ALL_WELL },
		{ "unnamed", "root.pem", NULL, 0, TRUSTED, false, ALL_WELL },
		{ "line", "root.pem", NULL, 0, TRUSTED, false, ALL_WELL },
		{ "gap", "between.pem", NULL, 0, TRUSTED, false, ALL_WELL },
		{ "u2f", "root.pem", NULL, 0, TRUSTED, false, ALL_WELL },
		{ "brief", "root.pem", NULL, 0, TRUSTED, false, ALL_WELL },
		{ "model", NULL, NULL, 0, UNKNOWN, false, "no roots were" },
		{ "alien", "root.pem", NULL, 0, UNKNOWN, false, "vouches for" },
		{ "model", "stranger.pem", NULL, 0, UNKNOWN, false,
		    "vouches for" },
		{ "u2f", "mds-root.pem", NULL, 0, UNKNOWN, false,
		    "vouches for" },
		{ "gap", "root.pem", NULL, 0, UNKNOWN, false, "is missing" },
		{ "brief", "root.pem", NULL, 31, UNKNOWN, false,
		    "for this model had expired" },
		{ "model", "root.pem", NULL, 3651, UNKNOWN, false, "expired" },
		{ "under", "root.pem", NULL, 0, UNKNOWN, false,
		    "is no authority's" },
	};

	(void)state;
	check_rows(ROWS(rows));
}

/* A certificate with a byte of its signature altered. */
static void
test_altered(void **state)
{
	struct cseal_roots *roots = models_roots("root.pem");
	const struct cseal_trust t = { .roots = roots, .at = today() };
	unsigned char *der = NULL;
	const unsigned char *p;
	struct cseal_worth a;
	struct maker_key k;
	struct batch b;
	int n;

	(void)state;
	batch_read(&b, "model");
	n = i2d_X509(b.certs[0], &der);
	assert_true(n > 0);
	X509_free(b.certs[0]);
	der[n - 1] ^= 1;
	p = der;
	b.certs[0] = d2i_X509(NULL, &p, n);
	OPENSSL_free(der);
	enrol(&k, &b, MODEL);
	assert_int_equal(cseal_key_judge(&k.record, &t, &a, NULL), CSEAL_OK);
	assert_int_equal(a.level, UNKNOWN);
	assert_string_equal(
	    a.why, "a certificate is not signed by the one above it");
	maker_key_free(&k);
	batch_free(&b);
	cseal_roots_free(roots);
}

/* WebAuthn section 8.2.1, one after the other; roots mend none of it. */
static void
test_requirements(void **state)
{
	static const struct row rows[] = {
		{ "old", "root.pem", NULL, 0, UNKNOWN, false, "version 3" },
		{ "signs", "root.pem", NULL, 0, UNKNOWN, false,
		    "no authority's" },
		{ "silent", "root.pem", NULL, 0, UNKNOWN, false,
		    "no authority's" },
		{ "unit", "root.pem", NULL, 0, UNKNOWN, false,
		    "Authenticator Attestation" },
		{ "country", "root.pem", NULL, 0, UNKNOWN, false,
		    "with country" },
		{ "batch", "root.pem", NULL, 0, UNKNOWN, false,
		    "for another model" },
		{ "critical", "root.pem", NULL, 0, UNKNOWN, false,
		    "as critical" },
		{ "batch", "root.pem", "good", 0, UNKNOWN, false,
		    "for another model" },
	};

	(void)state;
	check_rows(ROWS(rows));
}

static void
test_listed(void **state)
{
	static const struct row rows[] = {
		{ "model", NULL, "good", 0, LISTED, false, ALL_WELL },
		{ "model", "root.pem", "good", 0, LISTED, false, ALL_WELL },
		{ "model", NULL, "ec", 0, LISTED, false, ALL_WELL },
		{ "line", NULL, "good", 0, LISTED, false, ALL_WELL },
		{ "u2f", NULL, "u2f", 0, LISTED, false, ALL_WELL },
		{ "model", "stranger.pem", "good", 0, LISTED, false, ALL_WELL },
		{ "model", NULL, "old", 0, LISTED, false, ALL_WELL },
		{ "model", "root.pem", "empty", 0, TRUSTED, false,
		    "not in the metadata" },
		{ "model", NULL, "empty", 0, UNKNOWN, false,
		    "not in the metadata" },
		{ "u2f", NULL, "good", 0, UNKNOWN, false,
		    "not in the metadata" },
		{ "model", "root.pem", "uncertified", 0, TRUSTED, false,
		    "not certified" },
		{ "alien", NULL, "good", 0, UNKNOWN, false, "vouches for" },
		{ "model", NULL, "elsewhere", 0, UNKNOWN, false,
		    "vouches for" },
		/* Whoever signed the BLOB is not trusted, or not any more. */
		{ "model", "root.pem", "other", 0, TRUSTED, false,
		    "whoever signed it" },
		{ "model", "root.pem", "web", 0, TRUSTED, false,
		    "not made out to mds.fidoalliance.org" },
		{ "model", NULL, "good", 3651, UNKNOWN, false, "expired" },
	};

	(void)state;
	check_rows(ROWS(rows));
}

static void
test_reports(void **state)
{
	static const struct row rows[] = {
		{ "model", "root.pem", "REVOKED", 0, UNKNOWN, true,
		    "REVOKED of its model, Example Key 5" },
		{ "model", NULL, "USER_VERIFICATION_BYPASS", 0, UNKNOWN, true,
		    "USER_VERIFICATION_BYPASS" },
		{ "model", NULL, "ATTESTATION_KEY_COMPROMISE", 0, UNKNOWN, true,
		    "ATTESTATION_KEY_COMPROMISE" },
		{ "model", NULL, "USER_KEY_REMOTE_COMPROMISE", 0, UNKNOWN, true,
		    "USER_KEY_REMOTE_COMPROMISE" },
		{ "model", NULL, "USER_KEY_PHYSICAL_COMPROMISE", 0, UNKNOWN,
		    true, "USER_KEY_PHYSICAL_COMPROMISE" },
		/* An update of the model mends no key that is in a drawer. */
		{ "model", NULL, "mended", 0, UNKNOWN, true, "REVOKED" },
		/* One entry of two is enough. */
		{ "model", NULL, "twice", 0, UNKNOWN, true, "REVOKED" },
		/* A report counts from its day on. */
		{ "model", NULL, "later", 0, LISTED, false, ALL_WELL },
		{ "model", NULL, "certifies", 0, UNKNOWN, false,
		    "not certified" },
		/* Of one batch alone. */
		{ "model", NULL, "batch", 0, LISTED, false, ALL_WELL },
		{ "unnamed", NULL, "batch", 0, UNKNOWN, true,
		    "ATTESTATION_KEY_COMPROMISE" },
	};

	(void)state;
	check_rows(ROWS(rows));
}

/* The day on which a report begins to count, and the one before. */
static void
test_report_day(void **state)
{
	struct cseal_roots *signers = models_roots("mds-root.pem");
	struct cseal_metadata *later = read_blob("later", signers);
	struct cseal_trust t = { .metadata = later };
	struct cseal_worth a;
	struct cseal_buf day;
	struct maker_key k;
	struct batch b;

	(void)state;
	batch_read(&b, "model");
	enrol(&k, &b, MODEL);
	models_read("later.day", &day);
	t.at = strtoull(cseal_buf_str(&day), NULL, 10) - 1;
	assert_int_equal(cseal_key_judge(&k.record, &t, &a, NULL), CSEAL_OK);
	assert_false(a.refused);
	assert_int_equal(a.level, LISTED);
	t.at++;
	assert_int_equal(cseal_key_judge(&k.record, &t, &a, NULL), CSEAL_OK);
	assert_true(a.refused);
	cseal_buf_free(&day);
	maker_key_free(&k);
	batch_free(&b);
	cseal_metadata_free(later);
	cseal_roots_free(signers);
}

/* ---- statements that contradict themselves ---- */

static void
refused(struct maker_key *k, const char *why)
{
	const struct cseal_trust t = { .at = today() };
	struct cseal_worth a;
	struct cseal_error err = { 0 };

	if (cseal_key_judge(&k->record, &t, &a, &err) != CSEAL_ERR_REFUSED ||
	    strstr(err.what, why) == NULL)
		fail_msg("not %s: %s", why, err.what);
	maker_key_free(k);
}

static void
test_refused(void **state)
{
	struct maker_key k;
	struct batch b, wide;

	(void)state;
	batch_read(&b, "model");
	batch_read(&wide, "wide");
	b.alg = CSEAL_ALG_EDDSA;
	enrol(&k, &b, MODEL);
	refused(&k, "not ES256");
	b.alg = CSEAL_ALG_ES256;
	enrol(&k, &b, MODEL);
	k.attestation.data[k.attestation.len - 1] ^= 1; /* of authData */
	refused(&k, "not a point");
	enrol(&k, &b, MODEL);
	k.client_data.data[0] ^= 1;
	refused(&k, "does not verify");
	enrol(&k, &wide, MODEL);
	refused(&k, "not of P-256");
	b.format = "fido-u2f";
	enrol(&k, &b, MODEL);
	refused(&k, "it names one");
	enrol(&k, &b, NO_MODEL);
	k.client_data.data[0] ^= 1;
	refused(&k, "does not verify");
	b.certs[b.n++] = X509_dup(b.certs[0]);
	enrol(&k, &b, NO_MODEL);
	refused(&k, "not what its format says");
	batch_free(&b);
	batch_free(&wide);
}

/* Self attestation that says it is made by another algorithm. */
static void
other_alg(void *ctx, const struct maker_key *k, struct cseal_slice auth_data,
    struct cseal_buf *out)
{
	struct cseal_buf sig;

	(void)ctx;
	cseal_buf_init(&sig, 0);
	maker_key_seal(k, auth_data, cseal_buf_slice(&k->client_data), &sig);
	dcbor_put_map(out, 2);
	dcbor_put_str(out, "alg");
	dcbor_put_int(out, CSEAL_ALG_ES384);
	dcbor_put_str(out, "sig");
	dcbor_put_bytes(out, sig.data, sig.len);
	cseal_buf_free(&sig);
}

static void
says_something(void *ctx, const struct maker_key *k,
    struct cseal_slice auth_data, struct cseal_buf *out)
{
	(void)ctx;
	(void)k;
	(void)auth_data;
	dcbor_put_map(out, 1);
	dcbor_put_str(out, "sig");
	dcbor_put_bytes(out, (const uint8_t *)"x", 1);
}

static void
damaged(void *ctx, const struct maker_key *k, struct cseal_slice auth_data,
    struct cseal_buf *out)
{
	(void)ctx;
	(void)k;
	(void)auth_data;
	dcbor_put_map(out, 3);
	dcbor_put_str(out, "alg");
	dcbor_put_int(out, CSEAL_ALG_ES256);
	dcbor_put_str(out, "sig");
	dcbor_put_bytes(out, (const uint8_t *)"x", 1);
	dcbor_put_str(out, "x5c");
	dcbor_put_array(out, 1);
	dcbor_put_bytes(out, (const uint8_t *)"x", 1);
}

static void
test_refused_statements(void **state)
{
	static const struct {
		struct maker_enrolment how;
		const char *why;
	} rows[] = {
		{ { .statement = other_alg }, "another algorithm" },
		{ { .statement = says_something }, "not what its format" },
		{ { .format = "fido-u2f", .statement = says_something },
		    "not what its format" },
		{ { .format = "none", .statement = says_something },
		    "is none, and yet" },
		{ { .statement = damaged }, "certificate that is damaged" },
	};
	struct maker_key k;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		maker_key_init(&k, 1, 0, "lin");
		maker_key_enrol(&k, &rows[i].how);
		refused(&k, rows[i].why);
	}
}

/* Self, none, a form that is not judged, software: roots alter nothing. */
static void
test_without_chain(void **state)
{
	static const struct {
		const char *format;
		const uint8_t *aaguid;
		uint64_t level;
		const char *why;
	} rows[] = {
		{ NULL, NO_MODEL, CSEAL_VERDICT_SELF, "for itself alone" },
		{ "none", NO_MODEL, CSEAL_VERDICT_NONE, "without attestation" },
		{ "tpm", NO_MODEL, CSEAL_VERDICT_NONE, "not judged here" },
		{ NULL, cseal_software_aaguid, CSEAL_VERDICT_SOFTWARE,
		    "software" },
	};
	struct cseal_roots *roots = models_roots("root.pem");
	struct cseal_roots *signers = models_roots("mds-root.pem");
	struct cseal_metadata *m = read_blob("good", signers);
	const struct cseal_trust t = { roots, m, today() };
	struct cseal_worth a;
	struct maker_key k;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct maker_enrolment how = { .format = rows[i].format };

		maker_key_init(&k, 1, 0, "lin");
		memcpy(k.aaguid, rows[i].aaguid, sizeof(k.aaguid));
		maker_key_enrol(&k, &how);
		assert_int_equal(
		    cseal_key_judge(&k.record, &t, &a, NULL), CSEAL_OK);
		assert_int_equal(a.level, rows[i].level);
		assert_non_null(strstr(a.why, rows[i].why));
		maker_key_free(&k);
	}
	cseal_metadata_free(m);
	cseal_roots_free(roots);
	cseal_roots_free(signers);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_altered),
		cmocka_unit_test(test_requirements),
		cmocka_unit_test(test_listed),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_report_day),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_refused_statements),
		cmocka_unit_test(test_without_chain),
	};

	return cmocka_run_group_tests(tests, models_make, models_remove);
}
