/* SPDX-License-Identifier: BSD-2-Clause */
/* What is signed, computed here by itself; and every way to miss it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "maker.h"

#define UP CSEAL_FLAG_UP
#define UV CSEAL_FLAG_UV
#define BE CSEAL_FLAG_BE
#define BS CSEAL_FLAG_BS
#define AT CSEAL_FLAG_AT
#define ED CSEAL_FLAG_ED

#define STATEMENT "a statement"

static struct cseal_slice
bytes_of(const char *s)
{
	struct cseal_slice v = { (const uint8_t *)s, strlen(s) };

	return v;
}

/* PROTOCOL.sshsig: magic, namespace, reserved, hash algorithm, H(message). */
static size_t
own_blob(const char *ns, const char *message, uint8_t *out)
{
	uint8_t hash[SHA512_DIGEST_LENGTH], *p = out;
	size_t n = strlen(ns);

	SHA512((const uint8_t *)message, strlen(message), hash);
	memcpy(p, "SSHSIG\0\0\0", 9);
	p[9] = (uint8_t)n;
	memcpy(p + 10, ns, n);
	p += 10 + n;
	memcpy(p, "\0\0\0\0\0\0\0\6sha512\0\0\0\x40", 18);
	memcpy(p + 18, hash, sizeof(hash));
	return (size_t)(p + 18 + sizeof(hash) - out);
}

/* clientDataJSON by OpenSSL's base64, made url-safe and cut. */
static void
own_client_data(const char *type, const char *ns, const char *message,
    const char *rp_id, char *out, size_t size)
{
	uint8_t blob[256], base64[400];
	size_t n = own_blob(ns, message, blob);
	int len = EVP_EncodeBlock(base64, blob, (int)n);

	assert_true(len > 0);
	for (int i = 0; i < len; i++) {
		base64[i] = base64[i] == '+' ? '-' : base64[i];
		base64[i] = base64[i] == '/' ? '_' : base64[i];
		if (base64[i] == '=')
			base64[i] = '\0';
	}
	base64[len] = '\0';
	snprintf(out, size,
	    "{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"https://%s\","
	    "\"crossOrigin\":false}",
	    type, (const char *)base64, rp_id);
}

static void
test_blob(void **state)
{
	static const char *const messages[] = { "", "a", STATEMENT };
	static const char *const namespaces[] = { CSEAL_NAMESPACE,
		CSEAL_NAMESPACE_ENROL };
	uint8_t want[256];
	struct cseal_buf b;
	size_t n;

	(void)state;
	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < 6; i++) {
		cseal_buf_reset(&b);
		n = own_blob(namespaces[i % 2], messages[i / 2], want);
		assert_int_equal(cseal_seal_blob(&b, namespaces[i % 2],
				     bytes_of(messages[i / 2])),
		    CSEAL_OK);
		assert_int_equal(b.len, n);
		assert_memory_equal(b.data, want, n);
	}
	cseal_buf_free(&b);
}

static void
test_client_data(void **state)
{
	char want[800];
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	own_client_data("webauthn.get", CSEAL_NAMESPACE, STATEMENT,
	    "example.com", want, sizeof(want));
	assert_int_equal(
	    cseal_seal_client_data(&b, "webauthn.get", CSEAL_NAMESPACE,
		bytes_of(STATEMENT), bytes_of("example.com")),
	    CSEAL_OK);
	assert_string_equal(cseal_buf_str(&b), want);
	cseal_buf_reset(&b);
	assert_int_equal(
	    cseal_seal_client_data(&b, "webauthn.get", CSEAL_NAMESPACE,
		bytes_of(STATEMENT), bytes_of("exam\"ple.com")),
	    CSEAL_ERR_INPUT);
	assert_int_equal(b.len, 0);
	cseal_buf_free(&b);
}

static void
test_rp_id(void **state)
{
	static const struct {
		const char *name;
		bool good;
	} rows[] = {
		{ "a", true },
		{ "localhost", true },
		{ "example.com", true },
		{ "xn--bcher-kva.example", true },
		{ "3x.example", true },
		{ "", false },
		{ ".", false },
		{ "a.", false },
		{ ".a", false },
		{ "a..b", false },
		{ "-a", false },
		{ "a-", false },
		{ "a-.b", false },
		{ "a.-b", false },
		{ "Example.com", false },
		{ "example.com:443", false },
		{ "exa mple.com", false },
		{ "example.com/", false },
		{ "b\xc3\xbc"
		  "cher.example",
		    false },
		{ "a_b", false },
	};
	char label[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
		    cseal_is_rp_id(rows[i].name, strlen(rows[i].name)),
		    rows[i].good);
	memset(label, 'a', sizeof(label));
	assert_true(cseal_is_rp_id(label, 63));
	assert_false(cseal_is_rp_id(label, 64));
	for (size_t i = 63; i < sizeof(label); i += 64)
		label[i] = '.';
	assert_true(cseal_is_rp_id(label, 253));
	assert_false(cseal_is_rp_id(label, 254));
	assert_false(cseal_is_rp_id("a\0b", 3));
}

/* ---- the check ---- */

struct made {
	struct maker_key key;
	struct cseal_pubkey *pubkey;
	struct cseal_buf auth_data, client_data, signature;
	struct cseal_entry e;
	struct cseal_demand demand;
};

static void
seal(struct made *m, uint8_t flags, const char *extensions, size_t n)
{
	cseal_buf_reset(&m->auth_data);
	cseal_buf_reset(&m->signature);
	maker_auth_data(MAKER_RP_ID, flags, 0x01020304, &m->auth_data);
	cseal_buf_add(&m->auth_data, extensions, n);
	m->e.seal.auth_data = cseal_buf_slice(&m->auth_data);
	m->e.seal.client_data = cseal_buf_slice(&m->client_data);
	maker_key_seal(
	    &m->key, m->e.seal.auth_data, m->e.seal.client_data, &m->signature);
	m->e.seal.signature = cseal_buf_slice(&m->signature);
}

static int
setup(void **state)
{
	static struct made m;
	struct cseal_buf cose;
	size_t used;

	memset(&m, 0, sizeof(m));
	maker_key_init(&m.key, 1, 0, "lin");
	cseal_buf_init(&cose, 0);
	maker_key_cose(&m.key, &cose);
	assert_int_equal(
	    cseal_pubkey_from_cose(&m.pubkey, cseal_buf_slice(&cose), &used),
	    CSEAL_OK);
	cseal_buf_free(&cose);
	m.demand.rp_id = bytes_of(MAKER_RP_ID);
	m.demand.uv = true;
	m.e.statement = bytes_of(STATEMENT);
	assert_int_equal(cseal_seal_client_data(&m.client_data, "webauthn.get",
			     CSEAL_NAMESPACE, m.e.statement, m.demand.rp_id),
	    CSEAL_OK);
	seal(&m, UP | UV, "", 0);
	*state = &m;
	return 0;
}

static int
teardown(void **state)
{
	struct made *m = *state;

	cseal_pubkey_free(m->pubkey);
	maker_key_free(&m->key);
	cseal_buf_free(&m->auth_data);
	cseal_buf_free(&m->client_data);
	cseal_buf_free(&m->signature);
	return 0;
}

static enum cseal_seal_rule
check(const struct made *m)
{
	return cseal_seal_check(&m->e, CSEAL_NAMESPACE, &m->demand);
}

static void
test_good(void **state)
{
	struct made *m = *state;

	assert_int_equal(check(m), CSEAL_SEAL_OK);
	assert_int_equal(
	    cseal_seal_verify(&m->e.seal, m->pubkey), CSEAL_SEAL_OK);
	assert_int_equal(cseal_seal_counter(&m->e.seal), 0x01020304);
}

static void
test_flags(void **state)
{
	static const struct {
		uint8_t flags;
		enum cseal_seal_rule strict;  /* UV, no synced ones */
		enum cseal_seal_rule lax;     /* neither */
		enum cseal_seal_rule monitor; /* silent */
	} rows[] = {
		{ UP | UV, CSEAL_SEAL_OK, CSEAL_SEAL_OK, CSEAL_SEAL_OK },
		{ UP, CSEAL_SEAL_UV, CSEAL_SEAL_OK, CSEAL_SEAL_OK },
		{ UV, CSEAL_SEAL_UP, CSEAL_SEAL_UP, CSEAL_SEAL_OK },
		{ 0, CSEAL_SEAL_UP, CSEAL_SEAL_UP, CSEAL_SEAL_OK },
		{ UP | UV | BE, CSEAL_SEAL_SYNCED, CSEAL_SEAL_OK,
		    CSEAL_SEAL_SYNCED },
		{ UP | UV | BE | BS, CSEAL_SEAL_SYNCED, CSEAL_SEAL_OK,
		    CSEAL_SEAL_SYNCED },
		{ UP | UV | BS, CSEAL_SEAL_AUTH_DATA, CSEAL_SEAL_AUTH_DATA,
		    CSEAL_SEAL_AUTH_DATA },
		{ UP | UV | AT, CSEAL_SEAL_AUTH_DATA, CSEAL_SEAL_AUTH_DATA,
		    CSEAL_SEAL_AUTH_DATA },
		{ UP | UV | ED, CSEAL_SEAL_AUTH_DATA, CSEAL_SEAL_AUTH_DATA,
		    CSEAL_SEAL_AUTH_DATA },
	};
	struct made *m = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		seal(m, rows[i].flags, "", 0);
		m->demand.uv = true;
		m->demand.synced = false;
		m->demand.silent = false;
		assert_int_equal(check(m), rows[i].strict);
		m->demand.silent = true;
		assert_int_equal(check(m), rows[i].monitor);
		m->demand.uv = false;
		m->demand.synced = true;
		m->demand.silent = false;
		assert_int_equal(check(m), rows[i].lax);
	}
}

static void
test_extensions(void **state)
{
	static const struct {
		uint8_t flags;
		const char *bytes;
		size_t n;
		enum cseal_seal_rule rule;
	} rows[] = {
		{ UP | UV | ED, "\xa1\x61x\xf5", 4, CSEAL_SEAL_OK },
		{ UP | UV, "\xa1\x61x\xf5", 4, CSEAL_SEAL_AUTH_DATA },
		{ UP | UV | ED, "\xa0", 1, CSEAL_SEAL_AUTH_DATA },
		{ UP | UV | ED, "\x81\xf5", 2, CSEAL_SEAL_AUTH_DATA },
		{ UP | UV | ED, "\xa1\x61x", 3, CSEAL_SEAL_AUTH_DATA },
		{ UP | UV | ED, "\xa1\x61x\xf5\x00", 5, CSEAL_SEAL_AUTH_DATA },
	};
	struct made *m = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		seal(m, rows[i].flags, rows[i].bytes, rows[i].n);
		assert_int_equal(check(m), rows[i].rule);
		assert_int_equal(
		    cseal_seal_verify(&m->e.seal, m->pubkey), CSEAL_SEAL_OK);
	}
}

/* Every bit of everything that is sealed and of the seal. */
static void
test_every_bit(void **state)
{
	struct made *m = *state;
	struct cseal_buf *const parts[] = { &m->auth_data, &m->client_data,
		&m->signature };

	m->demand.uv = false;
	m->demand.silent = true;
	m->demand.synced = true;
	for (size_t k = 0; k < 3; k++) {
		for (size_t i = 0; i < parts[k]->len * 8; i++) {
			parts[k]->data[i / 8] ^= (uint8_t)(1u << i % 8);
			assert_false(check(m) == CSEAL_SEAL_OK &&
				     cseal_seal_verify(&m->e.seal, m->pubkey) ==
					 CSEAL_SEAL_OK);
			parts[k]->data[i / 8] ^= (uint8_t)(1u << i % 8);
		}
	}
	assert_int_equal(check(m), CSEAL_SEAL_OK);
}

static void
test_lengths(void **state)
{
	struct made *m = *state;
	static uint8_t long_data[1025];
	struct cseal_seal s = m->e.seal;

	for (size_t n = 0; n < 37; n++) {
		m->e.seal.auth_data.len = n;
		assert_int_equal(check(m), CSEAL_SEAL_AUTH_DATA);
		assert_int_equal(cseal_seal_counter(&m->e.seal), 0);
	}
	m->e.seal.auth_data.data = NULL;
	m->e.seal.auth_data.len = 0;
	assert_int_equal(check(m), CSEAL_SEAL_AUTH_DATA);
	assert_int_equal(cseal_seal_counter(&m->e.seal), 0);
	s.auth_data.data = long_data;
	s.auth_data.len = sizeof(long_data);
	assert_int_equal(
	    cseal_seal_verify(&s, m->pubkey), CSEAL_SEAL_AUTH_DATA);
	m->e.seal = s;
	m->e.seal.client_data.len = 0;
	assert_int_equal(check(m), CSEAL_SEAL_CLIENT_DATA);
}

static void
test_other_statement(void **state)
{
	struct made *m = *state;

	m->e.statement = bytes_of(STATEMENT ".");
	assert_int_equal(check(m), CSEAL_SEAL_CLIENT_DATA);
	m->e.statement = bytes_of("");
	assert_int_equal(check(m), CSEAL_SEAL_CLIENT_DATA);
}

static void
test_other_namespace(void **state)
{
	struct made *m = *state;

	assert_int_equal(
	    cseal_seal_check(&m->e, CSEAL_NAMESPACE_ENROL, &m->demand),
	    CSEAL_SEAL_CLIENT_DATA);
}

static void
test_other_rp_id(void **state)
{
	struct made *m = *state;

	m->demand.rp_id = bytes_of("example.com");
	assert_int_equal(check(m), CSEAL_SEAL_CLIENT_DATA);
	cseal_buf_reset(&m->client_data);
	assert_int_equal(cseal_seal_client_data(&m->client_data, "webauthn.get",
			     CSEAL_NAMESPACE, m->e.statement, m->demand.rp_id),
	    CSEAL_OK);
	seal(m, UP | UV, "", 0);
	assert_int_equal(check(m), CSEAL_SEAL_RP_ID);
	m->demand.rp_id = bytes_of("NOT A NAME");
	assert_int_equal(check(m), CSEAL_SEAL_CLIENT_DATA);
}

#define SEAL(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blob),
		cmocka_unit_test(test_client_data),
		cmocka_unit_test(test_rp_id),
		SEAL(test_good),
		SEAL(test_flags),
		SEAL(test_extensions),
		SEAL(test_every_bit),
		SEAL(test_lengths),
		SEAL(test_other_statement),
		SEAL(test_other_namespace),
		SEAL(test_other_rp_id),
	};

	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
