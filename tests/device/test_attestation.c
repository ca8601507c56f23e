/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a key says of itself with a new credential, as libfido2 and OpenSSL
 * check it, and what Counterseal makes of it.  The certificates are made
 * for this run by mkattestation.sh.
 */
#include "meddle.h"

#include <errno.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "attestation.h"
#include "counterseal/offer.h"

#define MAKER	    "tests/device/mkattestation.sh"
#define AAGUID_OID  "1.3.6.1.4.1.45724.1.1.4"
#define SOFT	    ((const uint8_t *)DEVICE_AAGUID)
#define HARDWARE    ((const uint8_t *)"cseal-soft-token")
#define OCTET_HEAD  "\x04\x10"
#define NAMES_MAX   40
#define COMMAND_MAX 256

static char folder[] = "/tmp/test_attestation.XXXXXX";

struct fixture {
	struct meddler m;
	struct attestation *attestation;
	struct cseal_token *t;
	struct cseal_enrolment e;
	struct cseal_error err;
};

static int
make_folder(void **state)
{
	char command[COMMAND_MAX];

	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(command, sizeof(command), "%s %s", MAKER, folder);
	return system(command) == 0 ? 0 : -1;
}

static int
remove_folder(void **state)
{
	char command[COMMAND_MAX];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command) == 0 ? 0 : -1;
}

static const char *
path_of(const char *name)
{
	static char path[64];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static struct attestation *
load(const char *spec)
{
	char why[128];
	struct attestation *a = attestation_new(spec, why, sizeof(why));

	if (a == NULL)
		fail_msg("%s: %s", spec, why);
	return a;
}

/* A key with this attestation and model. */
static void
begin(struct fixture *f, const char *spec, const uint8_t *aaguid)
{
	static const struct cseal_prompt silent;

	memset(f, 0, sizeof(*f));
	f->attestation = load(spec);
	f->m.h = harness_new(MEDDLE_PATH, true);
	f->m.init_flags = -1;
	f->m.h->model.aaguid = aaguid;
	f->m.h->model.attestation = f->attestation;
	harness_power_cycle(f->m.h);
	assert_int_equal(
	    meddle_token(&f->m, &f->t, &silent, &f->err), CSEAL_OK);
}

static void
end(struct fixture *f)
{
	cseal_enrolment_free(&f->e);
	cseal_token_close(f->t);
	harness_free(f->m.h);
	attestation_free(f->attestation);
}

/* Through libfido2, which takes the reply apart. */
static fido_cred_t *
make(const struct fixture *f)
{
	static const uint8_t hash[32] = "the hash of some client data...";
	fido_dev_t *dev = harness_open(f->m.h);
	fido_cred_t *c = fido_cred_new();

	assert_int_equal(fido_cred_set_type(c, COSE_ES256), FIDO_OK);
	assert_int_equal(
	    fido_cred_set_clientdata_hash(c, hash, sizeof(hash)), FIDO_OK);
	assert_int_equal(fido_cred_set_rp(c, RP, NULL), FIDO_OK);
	assert_int_equal(fido_cred_set_user(
			     c, (const uint8_t *)"id", 2, "alice", NULL, NULL),
	    FIDO_OK);
	assert_int_equal(fido_dev_make_cred(dev, c, NULL), FIDO_OK);
	harness_close(&dev);
	return c;
}

static X509 *
root_of(const char *name)
{
	FILE *file = fopen(path_of(name), "r");
	X509 *x;

	assert_non_null(file);
	x = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	assert_non_null(x);
	return x;
}

/* Does the chain of `spec`'s reply end at this root? */
static bool
chain_ends_at(const char *spec, const char *root)
{
	struct fixture f;
	fido_cred_t *c;
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *above = sk_X509_new_null();
	X509 *trusted = root_of(root), *leaf;
	const unsigned char *der;
	bool ok;

	begin(&f, path_of(spec), SOFT);
	c = make(&f);
	der = fido_cred_x5c_ptr(c);
	leaf = d2i_X509(NULL, &der, (long)fido_cred_x5c_len(c));
	assert_non_null(leaf);
	assert_int_equal(X509_STORE_add_cert(store, trusted), 1);
	assert_int_equal(X509_STORE_CTX_init(ctx, store, leaf, above), 1);
	ok = X509_verify_cert(ctx) == 1;
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	sk_X509_free(above);
	X509_free(leaf);
	X509_free(trusted);
	fido_cred_free(&c);
	end(&f);
	return ok;
}

static void
none_says_nothing(void **state)
{
	struct fixture f;
	fido_cred_t *c;

	(void)state;
	begin(&f, "none", SOFT);
	c = make(&f);
	assert_string_equal(fido_cred_fmt(c), "none");
	assert_null(fido_cred_x5c_ptr(c));
	assert_int_equal(fido_cred_sig_len(c), 0);
	assert_int_equal(fido_cred_attstmt_len(c), 1);
	assert_int_equal(fido_cred_attstmt_ptr(c)[0], 0xa0);
	fido_cred_free(&c);
	end(&f);
}

static void
self_signs_with_its_own_key(void **state)
{
	struct fixture f;
	fido_cred_t *c;

	(void)state;
	begin(&f, "self", SOFT);
	c = make(&f);
	assert_string_equal(fido_cred_fmt(c), "packed");
	assert_null(fido_cred_x5c_ptr(c));
	assert_int_equal(fido_cred_verify_self(c), FIDO_OK);
	fido_cred_free(&c);
	end(&f);
}

static void
batch_signs_with_the_maker_s_key(void **state)
{
	static const uint8_t other[32] = "the hash of other client data..";
	struct fixture f;
	fido_cred_t *c;

	(void)state;
	begin(&f, path_of("batch.pem"), SOFT);
	c = make(&f);
	assert_string_equal(fido_cred_fmt(c), "packed");
	assert_true(fido_cred_x5c_len(c) > 0);
	assert_int_equal(fido_cred_verify(c), FIDO_OK);
	/* It is not the credential's own key, and it signs all of it. */
	assert_int_not_equal(fido_cred_verify_self(c), FIDO_OK);
	assert_int_equal(
	    fido_cred_set_clientdata_hash(c, other, sizeof(other)), FIDO_OK);
	assert_int_not_equal(fido_cred_verify(c), FIDO_OK);
	fido_cred_free(&c);
	end(&f);
}

static void
chains_end_at_their_maker(void **state)
{
	(void)state;
	assert_true(chain_ends_at("batch.pem", "root.pem"));
	assert_true(chain_ends_at("model.pem", "root.pem"));
	assert_true(chain_ends_at("foreign.pem", "stranger.pem"));
	/* Of an unknown root, whatever name that has. */
	assert_false(chain_ends_at("batch.pem", "stranger.pem"));
	assert_false(chain_ends_at("foreign.pem", "root.pem"));
}

/* id-fido-gen-ce-aaguid of the first certificate, or NULL. */
static const ASN1_OCTET_STRING *
aaguid_of(const X509 *leaf)
{
	ASN1_OBJECT *oid = OBJ_txt2obj(AAGUID_OID, 1);
	int i = X509_get_ext_by_OBJ(leaf, oid, -1);

	ASN1_OBJECT_free(oid);
	return i < 0 ? NULL : X509_EXTENSION_get_data(X509_get_ext(leaf, i));
}

static bool
names_its_model(const char *spec)
{
	struct fixture f;
	fido_cred_t *c;
	const unsigned char *der;
	const ASN1_OCTET_STRING *s;
	X509 *leaf;
	bool same;

	begin(&f, path_of(spec), SOFT);
	c = make(&f);
	der = fido_cred_x5c_ptr(c);
	leaf = d2i_X509(NULL, &der, (long)fido_cred_x5c_len(c));
	assert_non_null(leaf);
	s = aaguid_of(leaf);
	assert_non_null(s);
	assert_int_equal(ASN1_STRING_length(s), 18);
	assert_memory_equal(ASN1_STRING_get0_data(s), OCTET_HEAD, 2);
	same = memcmp(ASN1_STRING_get0_data(s) + 2, fido_cred_aaguid_ptr(c),
		   16) == 0;
	X509_free(leaf);
	fido_cred_free(&c);
	end(&f);
	return same;
}

static void
certificate_names_the_model(void **state)
{
	(void)state;
	assert_true(names_its_model("batch.pem"));
	assert_false(names_its_model("model.pem"));
}

static void
certificate_has_the_form(void **state)
{
	static const char *const want[] = { "C=DE", "O=Example Keys",
		"OU=Authenticator Attestation", "CN=Example Keys Batch 1" };
	X509 *root = root_of("root.pem"), *leaf;
	FILE *file = fopen(path_of("batch.crt"), "r");
	char subject[256];

	(void)state;
	assert_non_null(file);
	leaf = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	assert_int_equal(X509_get_version(leaf), 2);
	X509_NAME_oneline(
	    X509_get_subject_name(leaf), subject, sizeof(subject));
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		assert_non_null(strstr(subject, want[i]));
	assert_int_equal(X509_check_ca(leaf), 0);
	assert_int_equal(X509_check_ca(root), 1);
	X509_free(leaf);
	X509_free(root);
}

/* All certificates travel, the batch's first. */
static void
longer_chains_travel_whole(void **state)
{
	struct private_key key = { .alg = keyalg_by_cose(-7) };
	struct attestation *a = load(path_of("long.pem"));
	struct attestation_statement st;
	struct authdata ad = { .len = 37 };
	const unsigned char *der;
	X509 *leaf, *between;

	(void)state;
	assert_int_equal(attestation_make(a, &key, &ad, ad.data, &st), 0);
	assert_int_equal(st.ncerts, 2);
	der = st.cert[0];
	leaf = d2i_X509(NULL, &der, (long)st.cert_len[0]);
	der = st.cert[1];
	between = d2i_X509(NULL, &der, (long)st.cert_len[1]);
	assert_non_null(leaf);
	assert_non_null(between);
	assert_int_equal(X509_check_issued(between, leaf), X509_V_OK);
	assert_int_equal(X509_verify(leaf, X509_get0_pubkey(between)), 1);
	X509_free(leaf);
	X509_free(between);
	attestation_free(a);
}

struct verdict {
	const char *spec; /* a word, or a file of the folder */
	const uint8_t *aaguid;
	uint64_t level;
};

/* What Counterseal makes of it; it knows no roots. */
static const struct verdict verdicts[] = {
	{ "none", SOFT, CSEAL_VERDICT_SOFTWARE },
	{ "self", SOFT, CSEAL_VERDICT_SOFTWARE },
	{ "batch.pem", SOFT, CSEAL_VERDICT_SOFTWARE },
	{ "foreign.pem", SOFT, CSEAL_VERDICT_SOFTWARE },
	{ "none", HARDWARE, CSEAL_VERDICT_NONE },
	{ "self", HARDWARE, CSEAL_VERDICT_SELF },
	{ "model.pem", HARDWARE, CSEAL_VERDICT_UNKNOWN_ROOT },
	{ "foreign.pem", HARDWARE, CSEAL_VERDICT_UNKNOWN_ROOT },
	{ "long.pem", HARDWARE, CSEAL_VERDICT_UNKNOWN_ROOT },
};

static void
verdicts_of_counterseal(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
		const struct verdict *v = &verdicts[i];
		struct cseal_key k = { .client_data = client_data };
		struct fixture f;
		uint64_t level;

		begin(&f,
		    strchr(v->spec, '.') == NULL ? v->spec : path_of(v->spec),
		    v->aaguid);
		assert_int_equal(cseal_token_enrol(f.t, RP, "anna", client_data,
				     NULL, 0, &f.e, &f.err),
		    CSEAL_OK);
		k.attestation = cseal_buf_slice(&f.e.attestation);
		assert_int_equal(
		    cseal_key_verdict(&k, &level, &f.err), CSEAL_OK);
		if (level != v->level)
			fail_msg("row %zu: %u", i, (unsigned int)level);
		end(&f);
	}
}

/* Any byte of an attestation changed that its signature covers. */
static void
changed_attestations_are_refused(void **state)
{
	static const char *const specs[] = { "self", "batch.pem" };

	(void)state;
	for (size_t i = 0; i < sizeof(specs) / sizeof(specs[0]); i++) {
		struct cseal_key k = { .client_data = client_data };
		struct fixture f;
		uint64_t level;

		begin(&f, i == 0 ? specs[i] : path_of(specs[i]), HARDWARE);
		assert_int_equal(cseal_token_enrol(f.t, RP, "anna", client_data,
				     NULL, 0, &f.e, &f.err),
		    CSEAL_OK);
		k.attestation = cseal_buf_slice(&f.e.attestation);
		/* The last of authData: of the public key's y. */
		f.e.attestation.data[f.e.attestation.len - 1] ^= 1;
		assert_int_not_equal(
		    cseal_key_verdict(&k, &level, &f.err), CSEAL_OK);
		end(&f);
	}
}

static void
put_file(const char *name, const char *command)
{
	char line[COMMAND_MAX];

	snprintf(line, sizeof(line), "cd %s && { %s; } >%s 2>/dev/null", folder,
	    command, name);
	assert_int_equal(system(line), 0);
}

static void
expect_bad(const char *name, const char *part)
{
	char why[128] = "";

	assert_null(attestation_new(path_of(name), why, sizeof(why)));
	if (strstr(why, part) == NULL)
		fail_msg("%s: %s", name, why);
}

static void
other_files_are_refused(void **state)
{
	(void)state;
	expect_bad("absent", "cannot be opened");
	put_file("empty", ":");
	expect_bad("empty", "a private key on P-256");
	expect_bad("batch.crt", "a private key on P-256");
	expect_bad("batch.key", "no certificate");
	put_file("p384", "openssl genpkey -algorithm EC -pkeyopt "
			 "ec_paramgen_curve:P-384; cat batch.crt");
	expect_bad("p384", "a private key on P-256");
	put_file("mixed", "cat foreign.key batch.crt");
	expect_bad("mixed", "not of this key");
	put_file("many", "cat batch.pem root.pem root.pem root.pem root.pem");
	expect_bad("many", "too many");
	attestation_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none_says_nothing),
		cmocka_unit_test(self_signs_with_its_own_key),
		cmocka_unit_test(batch_signs_with_the_maker_s_key),
		cmocka_unit_test(chains_end_at_their_maker),
		cmocka_unit_test(certificate_names_the_model),
		cmocka_unit_test(certificate_has_the_form),
		cmocka_unit_test(longer_chains_travel_whole),
		cmocka_unit_test(verdicts_of_counterseal),
		cmocka_unit_test(changed_attestations_are_refused),
		cmocka_unit_test(other_files_are_refused),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
