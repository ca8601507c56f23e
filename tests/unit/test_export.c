/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is exported is judged by the tools that it is for: ssh-keygen,
 * fido2-assert, openssl. The seals are made here with keys of OpenSSL.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include "dcbor.h"
#include "digest.h"
#include "export.h"

#define RP_ID		"k3x9w2b7.counterseal.invalid"
#define UP_UV		(CSEAL_FLAG_UP | CSEAL_FLAG_UV)
#define SHORT_SIGNATURE 70 /* in DER; r or s began with a zero byte */

#define SSH_VERIFY                                                       \
	"ssh-keygen -Y verify -f allowed_signers -I lin -n counterseal " \
	"-s message.sig <message"
#define FIDO2_VERIFY "fido2-assert -V -p -v -i assert.txt pubkey.pem "
#define OPENSSL_VERIFY                                        \
	"openssl dgst -sha256 -verify pubkey.pem -signature " \
	"signature.der signed.bin"
/* The README's own commands, as it tells to run them. */
#define README_COMMANDS "sed -n 's/^    //p' README"

struct made {
	char dir[256];
	EVP_PKEY *key;
	struct cseal_pubkey *pubkey;
	struct cseal_buf statement, auth, client, signature;
	struct export x;
};

static struct cseal_slice
bytes_of(const char *s)
{
	struct cseal_slice slice = { (const uint8_t *)s, strlen(s) };

	return slice;
}

static int
write_to_dir(void *ctx, const char *file, const struct cseal_buf *content)
{
	const struct made *m = ctx;
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", m->dir, file);
	return cseal_buf_write_file(content, path);
}

/* Exit status of a shell command in the export's folder. */
static int
in_dir(const struct made *m, const char *command)
{
	char line[1024];
	int n, status;

	n = snprintf(
	    line, sizeof(line), "cd %s && { %s; } >out 2>&1", m->dir, command);
	assert_in_range(n, 1, sizeof(line) - 1);
	fflush(stdout);
	status = system(line);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
need(const struct made *m, const char *tool)
{
	char line[64];

	snprintf(line, sizeof(line), "command -v %s", tool);
	if (in_dir(m, line) != 0)
		skip();
}

static void
put_xy(struct made *m, struct cseal_buf *cose)
{
	uint8_t point[65];
	size_t n;

	assert_int_equal(EVP_PKEY_get_octet_string_param(m->key,
			     OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point), &n),
	    1);
	assert_int_equal(n, sizeof(point));
	dcbor_put_map(cose, 5);
	dcbor_put_int(cose, 1);
	dcbor_put_int(cose, 2);
	dcbor_put_int(cose, 3);
	dcbor_put_int(cose, -7);
	dcbor_put_int(cose, -1);
	dcbor_put_int(cose, 1);
	dcbor_put_int(cose, -2);
	dcbor_put_bytes(cose, point + 1, 32);
	dcbor_put_int(cose, -3);
	dcbor_put_bytes(cose, point + 33, 32);
}

static void
put_okp(struct made *m, struct cseal_buf *cose)
{
	uint8_t point[32];
	size_t n = sizeof(point);

	assert_int_equal(EVP_PKEY_get_raw_public_key(m->key, point, &n), 1);
	dcbor_put_map(cose, 4);
	dcbor_put_int(cose, 1);
	dcbor_put_int(cose, 1);
	dcbor_put_int(cose, 3);
	dcbor_put_int(cose, -8);
	dcbor_put_int(cose, -1);
	dcbor_put_int(cose, 6);
	dcbor_put_int(cose, -2);
	dcbor_put_bytes(cose, point, sizeof(point));
}

static void
make_key(struct made *m, bool ed25519)
{
	struct cseal_buf cose;
	size_t used;

	cseal_buf_init(&cose, 0);
	m->key = ed25519 ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")
			 : EVP_EC_gen("P-256");
	assert_non_null(m->key);
	if (ed25519)
		put_okp(m, &cose);
	else
		put_xy(m, &cose);
	assert_int_equal(
	    cseal_pubkey_from_cose(&m->pubkey, cseal_buf_slice(&cose), &used),
	    CSEAL_OK);
	cseal_buf_free(&cose);
}

static void
make_auth_data(struct made *m, uint8_t flags)
{
	static const uint8_t extension[] = { 0xa1, 0x61, 0x61, 0xf5 };
	struct cseal_slice rp_id = bytes_of(RP_ID);
	uint8_t hash[CSEAL_HASH_BYTES];

	assert_int_equal(digest_sha256(hash, &rp_id, 1), CSEAL_OK);
	cseal_buf_reset(&m->auth);
	cseal_buf_add(&m->auth, hash, sizeof(hash));
	cseal_buf_add_u8(&m->auth, flags);
	cseal_buf_add_u32(&m->auth, 0x01020304);
	if ((flags & CSEAL_FLAG_ED) != 0)
		cseal_buf_add(&m->auth, extension, sizeof(extension));
}

static void
make_signature(struct made *m)
{
	struct cseal_slice client = cseal_buf_slice(&m->client);
	uint8_t signature[128];
	struct cseal_buf signedb;
	uint8_t hash[CSEAL_HASH_BYTES];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = sizeof(signature);

	cseal_buf_init(&signedb, 0);
	cseal_buf_add(&signedb, m->auth.data, m->auth.len);
	assert_int_equal(digest_sha256(hash, &client, 1), CSEAL_OK);
	cseal_buf_add(&signedb, hash, sizeof(hash));
	assert_int_equal(EVP_DigestSignInit(ctx, NULL,
			     EVP_PKEY_is_a(m->key, "EC") ? EVP_sha256() : NULL,
			     NULL, m->key),
	    1);
	assert_int_equal(
	    EVP_DigestSign(ctx, signature, &n, signedb.data, signedb.len), 1);
	cseal_buf_reset(&m->signature);
	cseal_buf_add(&m->signature, signature, n);
	EVP_MD_CTX_free(ctx);
	cseal_buf_free(&signedb);
}

/* Lin's join of a ledger of hashes that need not mean anything. */
static void
make_statement(struct made *m)
{
	struct cseal_statement s = { .version = CSEAL_FORMAT_VERSION,
		.kind = CSEAL_JOIN,
		.has_ledger = true,
		.key = 3,
		.clock = 1795442400 };

	memset(s.ledger, 0x5f, sizeof(s.ledger));
	memset(m->x.ledger, 0x5f, sizeof(m->x.ledger));
	s.seen.size = 1;
	assert_int_equal(cseal_statement_encode(&m->statement, &s), CSEAL_OK);
}

static void
point_at(struct made *m)
{
	struct export *x = &m->x;

	cseal_statement_free(&x->statement);
	x->index = 7;
	x->entry.statement = cseal_buf_slice(&m->statement);
	x->entry.seal.auth_data = cseal_buf_slice(&m->auth);
	x->entry.seal.client_data = cseal_buf_slice(&m->client);
	x->entry.seal.signature = cseal_buf_slice(&m->signature);
	assert_int_equal(
	    cseal_statement_parse(&x->statement, x->entry.statement, NULL),
	    CSEAL_OK);
	x->pubkey = m->pubkey;
	x->rp_id = RP_ID;
	x->handle = "lin";
	x->emit = write_to_dir;
	x->ctx = m;
}

static void
make(struct made *m, bool ed25519, uint8_t flags)
{
	const char *tmp = getenv("TMPDIR");

	memset(m, 0, sizeof(*m));
	snprintf(m->dir, sizeof(m->dir), "%s/export.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(m->dir));
	make_key(m, ed25519);
	make_statement(m);
	assert_int_equal(
	    cseal_seal_client_data(&m->client, "webauthn.get", CSEAL_NAMESPACE,
		cseal_buf_slice(&m->statement), bytes_of(RP_ID)),
	    CSEAL_OK);
	make_auth_data(m, flags);
	make_signature(m);
	point_at(m);
}

static void
unmake(struct made *m)
{
	char line[512];

	snprintf(line, sizeof(line), "rm -r %s", m->dir);
	assert_int_equal(system(line), 0);
	cseal_statement_free(&m->x.statement);
	cseal_pubkey_free(m->pubkey);
	EVP_PKEY_free(m->key);
	cseal_buf_free(&m->statement);
	cseal_buf_free(&m->auth);
	cseal_buf_free(&m->client);
	cseal_buf_free(&m->signature);
}

static void
ssh_keygen_says_good(void **state)
{
	struct made m;

	(void)state;
	make(&m, false, UP_UV);
	need(&m, "ssh-keygen");
	assert_int_equal(export_write(&m.x, "ssh", NULL), CSEAL_OK);
	assert_int_equal(in_dir(&m, SSH_VERIFY), 0);
	assert_int_equal(in_dir(&m, SSH_VERIFY " | grep -q '^Good'"), 0);
	/* Other bytes, another namespace, another person. */
	assert_int_not_equal(
	    in_dir(&m, "cp message kept; printf x >>message; " SSH_VERIFY), 0);
	assert_int_not_equal(
	    in_dir(&m, "mv kept message; ssh-keygen -Y verify -f "
		       "allowed_signers -I lin -n git -s message.sig "
		       "<message"),
	    0);
	assert_int_not_equal(
	    in_dir(&m, "ssh-keygen -Y verify -f allowed_signers -I mina "
		       "-n counterseal -s message.sig <message"),
	    0);
	unmake(&m);
}

/* The signature file is laid out as ssh-keygen lays out its own. */
static void
signature_file_is_armored(void **state)
{
	struct made m;

	(void)state;
	make(&m, false, UP_UV);
	assert_int_equal(export_write(&m.x, "ssh", NULL), CSEAL_OK);
	assert_int_equal(
	    in_dir(&m, "head -n 1 message.sig | "
		       "grep -qx -- '-----BEGIN SSH SIGNATURE-----'"),
	    0);
	assert_int_equal(
	    in_dir(&m, "tail -n 1 message.sig | "
		       "grep -qx -- '-----END SSH SIGNATURE-----'"),
	    0);
	assert_int_equal(in_dir(&m, "! sed '1d;$d' message.sig | sed '$d' | "
				    "grep -qvE '^.{70}$'"),
	    0);
	assert_int_equal(in_dir(&m, "sed '1d;$d' message.sig | "
				    "base64 -d | head -c 6 | grep -q SSHSIG"),
	    0);
	unmake(&m);
}

/* r or s of fewer than 32 bytes, and such whose highest bit is set. */
static void
signatures_of_any_length(void **state)
{
	size_t least = 0, most = 0;
	struct made m;

	(void)state;
	make(&m, false, UP_UV);
	need(&m, "ssh-keygen");
	for (int tries = 0; tries < 100000 && (least == 0 || most == 0);
	     tries++) {
		make_signature(&m);
		if (!(m.signature.len < SHORT_SIGNATURE && least++ == 0) &&
		    !(m.signature.len == 72 && most++ == 0))
			continue;
		point_at(&m);
		assert_int_equal(export_write(&m.x, "ssh", NULL), CSEAL_OK);
		assert_int_equal(in_dir(&m, SSH_VERIFY), 0);
	}
	assert_true(least > 0 && most > 0);
	unmake(&m);
}

static void
extensions_are_carried(void **state)
{
	struct made m;

	(void)state;
	make(&m, false, UP_UV | CSEAL_FLAG_ED);
	need(&m, "ssh-keygen");
	need(&m, "fido2-assert");
	assert_int_equal(export_write(&m.x, "ssh", NULL), CSEAL_OK);
	assert_int_equal(in_dir(&m, SSH_VERIFY), 0);
	assert_int_equal(export_write(&m.x, "fido2-assert", NULL), CSEAL_OK);
	assert_int_equal(in_dir(&m, OPENSSL_VERIFY), 0);
	unmake(&m);
}

static void
fido2_assert_and_openssl_agree(void **state)
{
	struct made m;

	(void)state;
	make(&m, false, UP_UV);
	need(&m, "fido2-assert");
	need(&m, "openssl");
	assert_int_equal(export_write(&m.x, "fido2-assert", NULL), CSEAL_OK);
	assert_int_equal(in_dir(&m, FIDO2_VERIFY "es256"), 0);
	assert_int_equal(in_dir(&m, OPENSSL_VERIFY), 0);
	assert_int_not_equal(
	    in_dir(&m, "printf x >>signed.bin; " OPENSSL_VERIFY), 0);
	assert_int_not_equal(
	    in_dir(
		&m, "sed -i '2s/k3x9/k3x8/' assert.txt; " FIDO2_VERIFY "es256"),
	    0);
	unmake(&m);
}

/*
 * No touch, no PIN: ssh-keygen calls it good (which its README says), and
 * fido2-assert as our README gives it does not.
 */
static void
touch_and_pin_are_told_apart(void **state)
{
	static const uint8_t flags[] = { 0, CSEAL_FLAG_UP, CSEAL_FLAG_UV };
	struct made m;

	(void)state;
	for (size_t i = 0; i < sizeof(flags); i++) {
		make(&m, false, flags[i]);
		need(&m, "ssh-keygen");
		need(&m, "fido2-assert");
		assert_int_equal(export_write(&m.x, "ssh", NULL), CSEAL_OK);
		assert_int_equal(in_dir(&m, SSH_VERIFY), 0);
		assert_int_equal(
		    in_dir(&m, "tr '\\n' ' ' <README | grep -q 'ssh-keygen "
			       "demands neither the touch nor the PIN'"),
		    0);
		assert_int_equal(
		    export_write(&m.x, "fido2-assert", NULL), CSEAL_OK);
		assert_int_not_equal(in_dir(&m, FIDO2_VERIFY "es256"), 0);
		unmake(&m);
	}
}

/* Every command of the README, run as it stands there, succeeds. */
static void
readme_commands_work(void **state)
{
	struct made m;

	(void)state;
	make(&m, false, UP_UV);
	need(&m, "ssh-keygen");
	need(&m, "fido2-assert");
	assert_int_equal(export_write(&m.x, "fido2-assert", NULL), CSEAL_OK);
	assert_int_equal(
	    in_dir(&m, README_COMMANDS " >do && sh -e ./do >said"), 0);
	/* Client data's hash, then the challenge, as last lines. */
	assert_int_equal(in_dir(&m, "test \"$(sed -n 2p said)\" = "
				    "\"$(head -n 1 assert.txt)\""),
	    0);
	assert_int_equal(
	    in_dir(&m,
		"grep -qF \"\\\"challenge\\\":\\\"$(sed -n 3p said)\\\"\" "
		"client-data.json"),
	    0);
	assert_int_equal(
	    in_dir(&m, "test \"$(tail -c 32 signed.bin | base64)\" = "
		       "\"$(head -n 1 assert.txt)\""),
	    0);
	unmake(&m);
	make(&m, false, UP_UV);
	assert_int_equal(export_write(&m.x, "ssh", NULL), CSEAL_OK);
	assert_int_equal(in_dir(&m, "sed -n '/^    ssh-keygen/,/^$/p' README "
				    ">do && sh -e ./do"),
	    0);
	unmake(&m);
}

static void
ed25519_goes_to_fido2_assert_alone(void **state)
{
	struct cseal_error err;
	struct made m;

	(void)state;
	make(&m, true, UP_UV);
	need(&m, "fido2-assert");
	assert_int_equal(export_write(&m.x, "ssh", &err), CSEAL_ERR_REFUSED);
	assert_non_null(strstr(err.what, "fido2-assert"));
	assert_int_not_equal(in_dir(&m, "test -e message"), 0);
	assert_int_equal(export_write(&m.x, "fido2-assert", NULL), CSEAL_OK);
	assert_int_equal(in_dir(&m, FIDO2_VERIFY "eddsa"), 0);
	assert_int_equal(in_dir(&m, README_COMMANDS " >do && sh -e ./do"), 0);
	unmake(&m);
}

/* A silent signature must not become a file that ssh-keygen calls good. */
static void
monitor_is_refused_for_ssh(void **state)
{
	struct cseal_error err;
	struct made m;

	(void)state;
	make(&m, false, 0);
	m.x.monitor = true;
	assert_int_equal(export_write(&m.x, "ssh", &err), CSEAL_ERR_REFUSED);
	assert_int_not_equal(in_dir(&m, "test -e message.sig"), 0);
	assert_int_equal(export_write(&m.x, "fido2-assert", NULL), CSEAL_OK);
	assert_int_equal(in_dir(&m, "grep -q 'without a touch' README && "
				    "grep -q 'fido2-assert -V -i' README"),
	    0);
	unmake(&m);
}

static void
unknown_format_is_refused(void **state)
{
	static const char *const bad[] = { "", "ss", "sshh", "html", "SSH" };
	struct cseal_error err;
	struct made m;

	(void)state;
	make(&m, false, UP_UV);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(
		    export_write(&m.x, bad[i], &err), CSEAL_ERR_USAGE);
		assert_non_null(strstr(err.what, "ssh or fido2-assert"));
	}
	unmake(&m);
}

/* A seal that the caller did not check must not lead past its bytes. */
static void
malformed_seals_are_refused(void **state)
{
	static const uint8_t bad[][10] = {
		{ 0 },				     /* no signature at all */
		{ 1, 0x30 },			     /* no length */
		{ 2, 0x30, 0x00 },		     /* no integers */
		{ 4, 0x30, 0x02, 0x02, 0x01 },	     /* integer cut off */
		{ 5, 0x30, 0x03, 0x02, 0x01, 0x01 }, /* one integer */
		{ 8, 0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x02, 0x01 },
		{ 8, 0x30, 0x81, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01 },
		{ 9, 0x30, 0x07, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01, 0x00 },
	};
	struct cseal_error err;
	struct made m;

	(void)state;
	make(&m, false, UP_UV);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		m.x.entry.seal.signature.data = bad[i] + 1;
		m.x.entry.seal.signature.len = bad[i][0];
		assert_int_equal(
		    export_write(&m.x, "ssh", &err), CSEAL_ERR_FORMAT);
	}
	point_at(&m);
	for (size_t n = 0; n < 37; n++) {
		m.x.entry.seal.auth_data.len = n;
		assert_int_equal(
		    export_write(&m.x, "ssh", &err), CSEAL_ERR_FORMAT);
	}
	unmake(&m);
}

static int
refuse_file(void *ctx, const char *file, const struct cseal_buf *content)
{
	size_t *left = ctx;

	(void)file;
	(void)content;
	return (*left)-- > 0 ? CSEAL_OK : CSEAL_ERR_IO;
}

/* What the caller says of a file is what the export says. */
static void
failing_files_end_it(void **state)
{
	static const struct {
		const char *format;
		size_t files;
	} all[] = { { "ssh", 4 }, { "fido2-assert", 7 } };
	struct made m;
	size_t left;

	(void)state;
	make(&m, false, UP_UV);
	m.x.emit = refuse_file;
	m.x.ctx = &left;
	for (size_t i = 0; i < 2; i++) {
		for (size_t n = 0; n <= all[i].files; n++) {
			left = n;
			assert_int_equal(
			    export_write(&m.x, all[i].format, NULL),
			    n < all[i].files ? CSEAL_ERR_IO : CSEAL_OK);
		}
	}
	unmake(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ssh_keygen_says_good),
		cmocka_unit_test(signature_file_is_armored),
		cmocka_unit_test(signatures_of_any_length),
		cmocka_unit_test(extensions_are_carried),
		cmocka_unit_test(fido2_assert_and_openssl_agree),
		cmocka_unit_test(touch_and_pin_are_told_apart),
		cmocka_unit_test(readme_commands_work),
		cmocka_unit_test(ed25519_goes_to_fido2_assert_alone),
		cmocka_unit_test(monitor_is_refused_for_ssh),
		cmocka_unit_test(unknown_format_is_refused),
		cmocka_unit_test(malformed_seals_are_refused),
		cmocka_unit_test(failing_files_end_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
