/* SPDX-License-Identifier: BSD-2-Clause */
/* The key of a desk: made once, read again, and every file that is none. */

#include "counterseal/desk_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#define KEY	"desk.key"
#define AT_ONCE 12 /* processes that want a key at the same time */

static int
in_own_folder(void **state)
{
	static char folder[] = "/tmp/cseal-desk-XXXXXX";

	(void)state;
	return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int
remove_folder(void **state)
{
	char folder[64];

	(void)state;
	return getcwd(folder, sizeof(folder)) != NULL && rmdir(folder) == 0
		   ? 0
		   : -1;
}

static int
remove_key(void **state)
{
	(void)state;
	(void)unlink(KEY);
	return 0;
}

static void
open_public(bool make, uint8_t out[CSEAL_DESK_KEY_BYTES])
{
	struct cseal_desk_key *k;
	struct cseal_error err = { 0 };

	if (cseal_desk_key_open(&k, KEY, make, &err) != CSEAL_OK)
		fail_msg("%s: %s", err.where, err.what);
	cseal_desk_key_public(k, out);
	cseal_desk_key_free(k);
}

/* Refused with this code, and a reason that says so; made or not. */
static void
refused(int code, const char *reason)
{
	struct cseal_desk_key *k;
	struct cseal_error err;

	for (int make = 0; make < 2; make++) {
		memset(&err, 0, sizeof(err));
		assert_int_equal(
		    cseal_desk_key_open(&k, KEY, make != 0, &err), code);
		assert_null(k);
		if (strstr(err.what, reason) == NULL)
			fail_msg("%s, not: %s", err.what, reason);
	}
}

static void
write_key(const uint8_t *p, size_t n)
{
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	cseal_buf_add(&b, p, n);
	assert_int_equal(cseal_buf_write_file(&b, KEY), CSEAL_OK);
	cseal_buf_free(&b);
}

static void
read_bytes(struct cseal_buf *b)
{
	cseal_buf_init(b, 0);
	assert_int_equal(cseal_buf_read_file(b, KEY, 4096), CSEAL_OK);
}

static void
write_pkey(EVP_PKEY *pkey)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(pkey);
	unsigned char *der = NULL;
	int n = i2d_PKCS8_PRIV_KEY_INFO(info, &der);

	assert_true(n > 0);
	write_key(der, (size_t)n);
	OPENSSL_free(der);
	PKCS8_PRIV_KEY_INFO_free(info);
	EVP_PKEY_free(pkey);
}

static void
made_and_read_again(void **state)
{
	uint8_t made[CSEAL_DESK_KEY_BYTES], again[CSEAL_DESK_KEY_BYTES];
	struct cseal_desk_key *k;
	struct cseal_error err;
	struct stat st;

	(void)state;
	assert_int_equal(
	    cseal_desk_key_open(&k, KEY, false, &err), CSEAL_ERR_NOT_FOUND);
	assert_null(k);
	assert_int_equal(access(KEY, F_OK), -1);
	open_public(true, made);
	assert_int_equal(made[0], 0x04);
	assert_int_equal(stat(KEY, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	open_public(false, again);
	assert_memory_equal(made, again, sizeof(made));
	open_public(true, again);
	assert_memory_equal(made, again, sizeof(made));
	assert_int_equal(unlink(KEY), 0);
	open_public(true, again);
	assert_memory_not_equal(made, again, sizeof(made));
	cseal_desk_key_free(NULL);
}

static void
wrong_calls(void **state)
{
	struct cseal_desk_key *k;

	(void)state;
	assert_int_equal(
	    cseal_desk_key_open(&k, NULL, true, NULL), CSEAL_ERR_USAGE);
	assert_int_equal(
	    cseal_desk_key_open(&k, "none/" KEY, true, NULL), CSEAL_ERR_IO);
	assert_null(k);
}

/* Waits for the others, then makes the key, and tells which one it got. */
static void
child(int start, int tell)
{
	uint8_t point[CSEAL_DESK_KEY_BYTES] = { 0 };
	struct cseal_desk_key *k;
	uint8_t go;

	if (read(start, &go, 1) == 0 &&
	    cseal_desk_key_open(&k, KEY, true, NULL) == CSEAL_OK) {
		cseal_desk_key_public(k, point);
		cseal_desk_key_free(k);
	}
	_exit(write(tell, point, sizeof(point)) == sizeof(point) ? 0 : 1);
}

static void
made_by_many_at_once(void **state)
{
	uint8_t first[CSEAL_DESK_KEY_BYTES], point[CSEAL_DESK_KEY_BYTES];
	int start[2], tell[2], status;

	(void)state;
	assert_int_equal(pipe(start), 0);
	assert_int_equal(pipe(tell), 0);
	for (size_t i = 0; i < AT_ONCE; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			close(start[1]);
			child(start[0], tell[1]);
		}
	}
	close(start[0]);
	close(start[1]); /* now all of them read the end */
	for (size_t i = 0; i < AT_ONCE; i++) {
		assert_int_equal(
		    read(tell[0], point, sizeof(point)), sizeof(point));
		assert_int_equal(point[0], 0x04);
		if (i == 0)
			memcpy(first, point, sizeof(first));
		assert_memory_equal(point, first, sizeof(first));
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	close(tell[0]);
	close(tell[1]);
	open_public(false, point);
	assert_memory_equal(point, first, sizeof(first));
	/* remove_folder() fails if a second file were left. */
}

static void
open_to_others(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0620, 0602, 0610, 0601 };
	uint8_t point[CSEAL_DESK_KEY_BYTES];

	(void)state;
	open_public(true, point);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		assert_int_equal(chmod(KEY, modes[i]), 0);
		refused(CSEAL_ERR_PERMISSION, "open to others");
	}
	assert_int_equal(chmod(KEY, 0600), 0);
	open_public(false, point);
}

static void
of_somebody_else(void **state)
{
	uint8_t point[CSEAL_DESK_KEY_BYTES];

	(void)state;
	open_public(true, point);
	if (chown(KEY, 65534, (gid_t)-1) != 0)
		skip(); /* only root can give files away */
	refused(CSEAL_ERR_PERMISSION, "somebody else");
}

static void
not_a_file(void **state)
{
	uint8_t point[CSEAL_DESK_KEY_BYTES];

	(void)state;
	assert_int_equal(symlink("nowhere", KEY), 0);
	refused(CSEAL_ERR_PERMISSION, "link");
	assert_int_equal(access("nowhere", F_OK), -1);
	assert_int_equal(unlink(KEY), 0);
	open_public(true, point);
	assert_int_equal(rename(KEY, "other"), 0);
	assert_int_equal(symlink("other", KEY), 0);
	refused(CSEAL_ERR_PERMISSION, "link");
	assert_int_equal(unlink(KEY), 0);
	assert_int_equal(unlink("other"), 0);
	assert_int_equal(mkfifo(KEY, 0600), 0);
	refused(CSEAL_ERR_PERMISSION, "not a file");
	assert_int_equal(unlink(KEY), 0);
	assert_int_equal(mkdir(KEY, 0700), 0);
	refused(CSEAL_ERR_PERMISSION, "not a file");
	assert_int_equal(rmdir(KEY), 0);
}

/* Cut anywhere, with more behind it, empty, or huge. */
static void
cut_and_longer(void **state)
{
	uint8_t point[CSEAL_DESK_KEY_BYTES], many[2000] = { 0 };
	struct cseal_buf b;

	(void)state;
	open_public(true, point);
	read_bytes(&b);
	for (size_t n = 0; n < b.len; n++) {
		write_key(b.data, n);
		refused(CSEAL_ERR_CORRUPT, "no P-256 key");
	}
	cseal_buf_add_u8(&b, 0);
	write_key(b.data, b.len);
	refused(CSEAL_ERR_CORRUPT, "no P-256 key");
	write_key(many, sizeof(many));
	refused(CSEAL_ERR_CORRUPT, "no P-256 key");
	cseal_buf_free(&b);
}

/* Private and public half do not belong together. */
static void
halves_of_two(void **state)
{
	uint8_t point[CSEAL_DESK_KEY_BYTES];
	struct cseal_buf one, other;

	(void)state;
	open_public(true, point);
	read_bytes(&one);
	assert_int_equal(unlink(KEY), 0);
	open_public(true, point);
	read_bytes(&other);
	assert_int_equal(one.len, other.len);
	assert_memory_equal(
	    other.data + other.len - sizeof(point), point, sizeof(point));
	memcpy(one.data + one.len - sizeof(point), point, sizeof(point));
	write_key(one.data, one.len);
	refused(CSEAL_ERR_CORRUPT, "no P-256 key");
	cseal_buf_free(&one);
	cseal_buf_free(&other);
}

static void
keys_of_other_kinds(void **state)
{
	(void)state;
	write_pkey(EVP_EC_gen("P-384"));
	refused(CSEAL_ERR_CORRUPT, "no P-256 key");
	write_pkey(EVP_EC_gen("secp256k1"));
	refused(CSEAL_ERR_CORRUPT, "no P-256 key");
	write_pkey(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
	refused(CSEAL_ERR_CORRUPT, "no P-256 key");
	write_pkey(EVP_PKEY_Q_keygen(NULL, NULL, "X25519"));
	refused(CSEAL_ERR_CORRUPT, "no P-256 key");
	write_pkey(EVP_RSA_gen(1024));
	refused(CSEAL_ERR_CORRUPT, "no P-256 key");
}

#define WITH_KEY(f) cmocka_unit_test_teardown(f, remove_key)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_KEY(made_and_read_again),
		WITH_KEY(wrong_calls),
		WITH_KEY(made_by_many_at_once),
		WITH_KEY(open_to_others),
		WITH_KEY(of_somebody_else),
		WITH_KEY(not_a_file),
		WITH_KEY(cut_and_longer),
		WITH_KEY(halves_of_two),
		WITH_KEY(keys_of_other_kinds),
	};

	return cmocka_run_group_tests(tests, in_own_folder, remove_folder);
}
