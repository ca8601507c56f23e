/* SPDX-License-Identifier: BSD-2-Clause */
/* For `fido2-assert -V` (see its manual, INPUT FORMAT) and `openssl`. */

#include <string.h>

#include "counterseal/text.h"
#include "dcbor.h"
#include "digest.h"
#include "export.h"

/* How the stock tools call an algorithm, and the check by openssl alone. */
struct algorithm {
	int alg;
	const char *fido2; /* type argument of fido2-assert */
	const char *openssl;
};

static const struct algorithm algorithms[] = {
	{ CSEAL_ALG_ES256, "es256",
	    "    openssl dgst -sha256 -verify pubkey.pem \\\n"
	    "        -signature signature.der signed.bin\n" },
	{ CSEAL_ALG_EDDSA, "eddsa",
	    "    openssl pkeyutl -verify -pubin -inkey pubkey.pem -rawin \\\n"
	    "        -in signed.bin -sigfile signature.der\n" },
	{ CSEAL_ALG_ES384, "es384",
	    "    openssl dgst -sha384 -verify pubkey.pem \\\n"
	    "        -signature signature.der signed.bin\n" },
};
#define N_ALGORITHMS (sizeof(algorithms) / sizeof(algorithms[0]))

static const struct algorithm *
find_algorithm(int alg)
{
	for (size_t i = 0; i < N_ALGORITHMS; i++) {
		if (algorithms[i].alg == alg)
			return &algorithms[i];
	}
	return NULL;
}

static void
put_line(struct cseal_buf *b, struct cseal_slice s)
{
	cseal_base64(b, s.data, s.len, 0);
	cseal_buf_add_u8(b, '\n');
}

/* fido2-assert carries authenticatorData wrapped as a CBOR byte string. */
static int
write_assert(const struct export *x, const uint8_t hash[CSEAL_HASH_BYTES])
{
	const struct cseal_seal *s = &x->entry.seal;
	struct cseal_slice digest = { hash, CSEAL_HASH_BYTES };
	struct cseal_buf file, wrapped;
	int r;

	cseal_buf_init(&file, 0);
	cseal_buf_init(&wrapped, 0);
	dcbor_put_bytes(&wrapped, s->auth_data.data, s->auth_data.len);
	put_line(&file, digest);
	cseal_buf_printf(&file, "%s\n", x->rp_id);
	put_line(&file, cseal_buf_slice(&wrapped));
	put_line(&file, s->signature);
	if ((r = cseal_buf_error(&wrapped)) == CSEAL_OK)
		r = export_emit(x, "assert.txt", &file);
	cseal_buf_free(&wrapped);
	cseal_buf_free(&file);
	return r;
}

static int
write_slices(const struct export *x, const char *name, struct cseal_slice a,
    struct cseal_slice b)
{
	struct cseal_buf file;
	int r;

	cseal_buf_init(&file, 0);
	cseal_buf_add(&file, a.data, a.len);
	if (b.len > 0)
		cseal_buf_add(&file, b.data, b.len);
	r = export_emit(x, name, &file);
	cseal_buf_free(&file);
	return r;
}

static int
write_pubkey(const struct export *x)
{
	struct cseal_buf file;
	int r;

	cseal_buf_init(&file, 0);
	if ((r = cseal_pubkey_pem(x->pubkey, &file)) == CSEAL_OK)
		r = export_emit(x, "pubkey.pem", &file);
	cseal_buf_free(&file);
	return r;
}

static const char readme_challenge[] =
    "3. That the signature is over this statement and no other. The key\n"
    "   signed the hash of client-data.json, which is the last 32 bytes of\n"
    "   signed.bin and the first line of assert.txt:\n\n"
    "    openssl dgst -sha256 -binary client-data.json | base64\n\n"
    "   and the challenge in client-data.json is, in base64url, what OpenSSH\n"
    "   would sign for the file `message` (its PROTOCOL.sshsig):\n\n"
    "    { printf 'SSHSIG\\000\\000\\000\\013" CSEAL_NAMESPACE "'\n"
    "      printf '\\000\\000\\000\\000\\000\\000\\000\\006sha512'\n"
    "      printf '\\000\\000\\000\\100'\n"
    "      openssl dgst -sha512 -binary message\n"
    "    } | base64 -w0 | tr '+/' '-_' | tr -d =\n\n";

static const char readme_silent[] =
    "   A monitor's key sealed this without a touch, as it is meant to: so\n"
    "   neither -p (touch) nor -v (PIN or biometry) can hold here.\n\n";

static const char readme_touch[] =
    "   -p demands the touch and -v the PIN or biometry: leave neither out.\n"
    "   ssh-keygen -Y verify demands neither.\n\n";

static int
write_readme(const struct export *x, const struct algorithm *a)
{
	struct cseal_buf file;
	int r;

	cseal_buf_init(&file, 0);
	export_heading(x, &file);
	cseal_buf_printf(&file,
	    "1. That the key signed%s:\n\n"
	    "    fido2-assert -V %s-i assert.txt pubkey.pem %s\n\n",
	    x->monitor ? "" : ", after a touch, for a verified user",
	    x->monitor ? "" : "-p -v ", a->fido2);
	cseal_buf_add_str(&file, x->monitor ? readme_silent : readme_touch);
	cseal_buf_printf(&file,
	    "2. The same signature, by OpenSSL alone:\n\n"
	    "%s\n",
	    a->openssl);
	cseal_buf_add_str(&file, readme_challenge);
	cseal_buf_printf(&file,
	    "What this does not prove: that the key is %s's, that the ledger's\n"
	    "rules allowed the act, or when it happened. For that use\n"
	    "counterseal verify on the ledger.\n",
	    x->handle);
	r = export_emit(x, "README", &file);
	cseal_buf_free(&file);
	return r;
}

int
export_fido2(const struct export *x, struct cseal_error *err)
{
	const struct cseal_seal *s = &x->entry.seal;
	const struct algorithm *a;
	const struct cseal_slice none = { NULL, 0 };
	uint8_t hash[CSEAL_HASH_BYTES];
	struct cseal_slice digest = { hash, sizeof(hash) };
	int r;

	if ((a = find_algorithm(cseal_pubkey_alg(x->pubkey))) == NULL)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "format",
		    "fido2-assert does not know this key's algorithm");
	if ((r = digest_sha256(hash, &s->client_data, 1)) != CSEAL_OK ||
	    (r = write_assert(x, hash)) != CSEAL_OK ||
	    (r = write_pubkey(x)) != CSEAL_OK ||
	    (r = write_slices(x, "signed.bin", s->auth_data, digest)) !=
		CSEAL_OK ||
	    (r = write_slices(x, "signature.der", s->signature, none)) !=
		CSEAL_OK ||
	    (r = write_slices(x, "client-data.json", s->client_data, none)) !=
		CSEAL_OK ||
	    (r = write_slices(x, "message", x->entry.statement, none)) !=
		CSEAL_OK)
		return r;
	return write_readme(x, a);
}
