/* SPDX-License-Identifier: BSD-2-Clause */
/* Envelopes between us and the openssl command, both ways. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "counterseal/envelope.h"

#define TEXT "holder: Example Trading GmbH\niban: DE89370400440532013000\n"

struct fixture {
	char folder[32];
	struct cseal_desk_key *key[2];
	uint8_t point[2][CSEAL_DESK_KEY_BYTES];
};

static int
setup(void **state)
{
	static struct fixture f;

	snprintf(f.folder, sizeof(f.folder), "/tmp/cseal-cms-XXXXXX");
	if (mkdtemp(f.folder) == NULL || chdir(f.folder) != 0)
		return -1;
	*state = &f;
	for (size_t i = 0; i < 2; i++) {
		if (cseal_desk_key_open(&f.key[i],
			i == 0 ? "desk.key" : "other.key", true,
			NULL) != CSEAL_OK)
			return -1;
		cseal_desk_key_public(f.key[i], f.point[i]);
	}
	return 0;
}

static int
run(const char *command)
{
	char line[1024];
	int n, status;

	n = snprintf(line, sizeof(line), "{ %s; } >out 2>&1", command);
	assert_in_range(n, 1, sizeof(line) - 1);
	fflush(stdout);
	status = system(line);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	cseal_desk_key_free(f->key[0]);
	cseal_desk_key_free(f->key[1]);
	(void)run("rm -f desk.key other.key sealed opened padded cert.pem");
	(void)unlink("out");
	return chdir("/") == 0 && rmdir(f->folder) == 0 ? 0 : -1;
}

static void
need_openssl(void)
{
	if (run("command -v openssl") != 0)
		skip();
}

static void
write_padded(const char *path)
{
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	cseal_buf_add_str(&b, TEXT);
	cseal_buf_add_u8(&b, 0x80);
	while (b.len % 256 != 0)
		cseal_buf_add_u8(&b, 0);
	assert_int_equal(cseal_buf_write_file(&b, path), CSEAL_OK);
	cseal_buf_free(&b);
}

/* With the key of each desk; what it writes has the padding behind it. */
static void
openssl_opens_ours(void **state)
{
	const struct cseal_slice plain = { (const uint8_t *)TEXT,
		sizeof(TEXT) - 1 };
	struct fixture *f = *state;
	struct cseal_buf der;

	need_openssl();
	cseal_buf_init(&der, 0);
	assert_int_equal(
	    cseal_envelope_seal(&der, plain, f->point, 2, NULL), CSEAL_OK);
	assert_int_equal(cseal_buf_write_file(&der, "sealed"), CSEAL_OK);
	cseal_buf_free(&der);
	write_padded("padded");
	assert_int_equal(run("openssl cms -decrypt -binary -inform DER "
			     "-in sealed -inkey desk.key -out opened && "
			     "cmp opened padded"),
	    0);
	assert_int_equal(run("openssl cms -decrypt -binary -inform DER "
			     "-in sealed -inkey other.key -out opened && "
			     "cmp opened padded"),
	    0);
}

/* A certificate whose key identifier is the desk's, of 20 bytes in hex. */
static void
make_certificate(const struct fixture *f)
{
	uint8_t hash[EVP_MAX_MD_SIZE];
	char line[256], hex[41];

	assert_int_equal(EVP_Digest(f->point[0], sizeof(f->point[0]), hash,
			     NULL, EVP_sha256(), NULL),
	    1);
	for (size_t i = 0; i < 20; i++)
		snprintf(hex + 2 * i, 3, "%02X", hash[i]);
	snprintf(line, sizeof(line),
	    "openssl req -new -x509 -key desk.key -subj /CN=desk -out "
	    "cert.pem -addext subjectKeyIdentifier=%s",
	    hex);
	if (run(line) != 0)
		(void)run("cat out >&2");
	assert_int_equal(access("cert.pem", F_OK), 0);
}

static int
open_theirs(const struct fixture *f, struct cseal_buf *plain)
{
	struct cseal_buf der;
	int r;

	cseal_buf_init(&der, 0);
	assert_int_equal(
	    cseal_buf_read_file(&der, "sealed", CSEAL_ENVELOPE_MAX), CSEAL_OK);
	r = cseal_envelope_open(plain, cseal_buf_slice(&der), f->key[0], NULL);
	cseal_buf_free(&der);
	return r;
}

static void
we_open_openssls(void **state)
{
	static const char seal[] =
	    "openssl cms -encrypt -binary -aes-256-gcm -keyid -outform DER "
	    "-in padded -out sealed -recip cert.pem";
	struct fixture *f = *state;
	struct cseal_buf plain;
	char line[256];

	need_openssl();
	make_certificate(f);
	write_padded("padded");
	cseal_buf_init(&plain, 0);
	snprintf(line, sizeof(line), "%s -keyopt ecdh_kdf_md:sha256", seal);
	assert_int_equal(run(line), 0);
	assert_int_equal(open_theirs(f, &plain), CSEAL_OK);
	assert_string_equal(cseal_buf_str(&plain), TEXT);
	/* SHA-1 where it is not told otherwise. */
	assert_int_equal(run(seal), 0);
	assert_int_equal(open_theirs(f, &plain), CSEAL_ERR_CORRUPT);
	cseal_buf_free(&plain);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(openssl_opens_ours),
		cmocka_unit_test(we_open_openssls),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
