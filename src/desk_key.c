/* SPDX-License-Identifier: BSD-2-Clause */

#include "desk_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/x509.h>

#define WHERE	 "the desk's key"
#define FILE_MAX 1024 /* bytes; a key has 138 */

struct cseal_desk_key {
	EVP_PKEY *pkey; /* OpenSSL wipes the private number when it frees it */
	uint8_t point[CSEAL_DESK_KEY_BYTES];
};

static int
damaged(struct cseal_error *err)
{
	return cseal_error_set(err, CSEAL_ERR_CORRUPT, WHERE,
	    "the file holds no P-256 key: restore it from a backup, or move "
	    "it away and make new key offers");
}

/* ---- the file ---- */

static int
check_file(int fd, struct cseal_error *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return cseal_error_set(err, CSEAL_ERR_IO, WHERE, "%m");
	if (!S_ISREG(st.st_mode))
		return cseal_error_set(
		    err, CSEAL_ERR_PERMISSION, WHERE, "is not a file");
	if (st.st_uid != geteuid())
		return cseal_error_set(err, CSEAL_ERR_PERMISSION, WHERE,
		    "the file belongs to somebody else");
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return cseal_error_set(err, CSEAL_ERR_PERMISSION, WHERE,
		    "the file is open to others; if they cannot have read it, "
		    "chmod 600 it");
	return CSEAL_OK;
}

static int
open_file(const char *path, int *fd, struct cseal_error *err)
{
	/* Not blocking: a pipe in its place must not hold us. */
	*fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (*fd >= 0)
		return CSEAL_OK;
	if (errno == ENOENT)
		return cseal_error_set(
		    err, CSEAL_ERR_NOT_FOUND, WHERE, "there is none yet");
	if (errno == ELOOP)
		return cseal_error_set(err, CSEAL_ERR_PERMISSION, WHERE,
		    "is a link, which is not followed");
	return cseal_error_set(err,
	    errno == EACCES ? CSEAL_ERR_PERMISSION : CSEAL_ERR_IO, WHERE, "%m");
}

static int
read_file(struct cseal_buf *b, const char *path, struct cseal_error *err)
{
	int fd, saved;
	int r;

	if ((r = open_file(path, &fd, err)) != CSEAL_OK)
		return r;
	r = check_file(fd, err);
	if (r == CSEAL_OK) {
		r = cseal_buf_read_fd(b, fd, FILE_MAX);
		if (r == CSEAL_ERR_TOO_LARGE)
			r = damaged(err);
		else if (r != CSEAL_OK)
			r = cseal_error_set(err, r, WHERE, "%m");
	}
	saved = errno;
	close(fd);
	errno = saved;
	return r;
}

/* ---- what stands in it ---- */

static EVP_PKEY *
parse(const struct cseal_buf *b)
{
	const unsigned char *p = b->data;
	PKCS8_PRIV_KEY_INFO *info;
	EVP_PKEY *pkey = NULL;

	info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)b->len);
	if (info != NULL && p == b->data + b->len)
		pkey = EVP_PKCS82PKEY(info);
	PKCS8_PRIV_KEY_INFO_free(info);
	return pkey;
}

static bool
is_p256(EVP_PKEY *pkey)
{
	char group[32];
	EVP_PKEY_CTX *ctx;
	bool ok;

	if (EVP_PKEY_is_a(pkey, "EC") != 1 ||
	    EVP_PKEY_get_group_name(pkey, group, sizeof(group), NULL) != 1 ||
	    strcmp(group, SN_X9_62_prime256v1) != 0)
		return false;
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	ok = ctx != NULL && EVP_PKEY_check(ctx) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static int
read_key(struct cseal_desk_key *k, const char *path, struct cseal_error *err)
{
	struct cseal_buf b;
	size_t n = 0;
	int r;

	cseal_buf_init(&b, FILE_MAX);
	r = read_file(&b, path, err);
	if (r == CSEAL_OK && (k->pkey = parse(&b)) == NULL)
		r = damaged(err);
	cseal_buf_free(&b);
	if (r != CSEAL_OK)
		return r;
	if (!is_p256(k->pkey) ||
	    EVP_PKEY_get_octet_string_param(k->pkey, OSSL_PKEY_PARAM_PUB_KEY,
		k->point, sizeof(k->point), &n) != 1 ||
	    n != sizeof(k->point) || k->point[0] != 0x04)
		return damaged(err);
	return CSEAL_OK;
}

static int
generate(struct cseal_buf *b)
{
	EVP_PKEY *pkey = EVP_EC_gen(SN_X9_62_prime256v1);
	PKCS8_PRIV_KEY_INFO *info = NULL;
	unsigned char *der = NULL;
	int len = 0, r = CSEAL_ERR_INTERNAL;

	if (pkey != NULL)
		info = EVP_PKEY2PKCS8(pkey);
	if (info != NULL)
		len = i2d_PKCS8_PRIV_KEY_INFO(info, &der);
	if (len > 0) {
		r = cseal_buf_add(b, der, (size_t)len);
		OPENSSL_clear_free(der, (size_t)len);
	}
	PKCS8_PRIV_KEY_INFO_free(info);
	EVP_PKEY_free(pkey);
	return r;
}

/* Whoever comes second reads the first one's key. */
static int
make_key(const char *path, struct cseal_error *err)
{
	struct cseal_buf b;
	int r;

	cseal_buf_init(&b, FILE_MAX);
	r = generate(&b);
	if (r == CSEAL_OK)
		r = cseal_buf_create_file(&b, path);
	cseal_buf_free(&b);
	if (r == CSEAL_OK || r == CSEAL_ERR_EXISTS)
		return CSEAL_OK;
	if (r == CSEAL_ERR_IO)
		return cseal_error_set(err, r, WHERE, "cannot be made: %m");
	return cseal_error_set(err, r, WHERE, "%s", cseal_strerror(r));
}

int
cseal_desk_key_open(struct cseal_desk_key **out, const char *path, bool make,
    struct cseal_error *err)
{
	struct cseal_desk_key *k;
	int r;

	*out = NULL;
	if (path == NULL)
		return cseal_error_set(
		    err, CSEAL_ERR_USAGE, WHERE, "no file was named");
	k = calloc(1, sizeof(*k));
	if (k == NULL)
		return cseal_error_set(
		    err, CSEAL_ERR_NOMEM, WHERE, "out of memory");
	r = read_key(k, path, err);
	if (r == CSEAL_ERR_NOT_FOUND && make) {
		r = make_key(path, err);
		if (r == CSEAL_OK)
			r = read_key(k, path, err);
	}
	if (r != CSEAL_OK) {
		cseal_desk_key_free(k);
		return r;
	}
	*out = k; /* transferred */
	return CSEAL_OK;
}

void
cseal_desk_key_free(struct cseal_desk_key *k)
{
	if (k == NULL)
		return;
	EVP_PKEY_free(k->pkey);
	free(k);
}

void
cseal_desk_key_public(
    const struct cseal_desk_key *k, uint8_t out[CSEAL_DESK_KEY_BYTES])
{
	memcpy(out, k->point, CSEAL_DESK_KEY_BYTES);
}

EVP_PKEY *
desk_key_private(const struct cseal_desk_key *k)
{
	return k->pkey;
}
