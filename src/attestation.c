/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attestation: packed (WebAuthn section 8.2), fido-u2f (8.6) and none (8.7),
 * and what they are worth to somebody who trusts certain roots.
 */

#include "counterseal/attestation.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "counterseal/text.h"

#include "certificate.h"
#include "dcbor.h"
#include "digest.h"
#include "metadata.h"
#include "slice.h"

#define U2F_POINT_BYTES 65 /* uncompressed, of P-256 */

/* A statement as it is read. */
struct statement {
	const struct cseal_key *k;
	struct cseal_credential c;
	uint8_t client_hash[CSEAL_HASH_BYTES];
	struct cseal_pubkey *pubkey; /* of the credential */
	bool has_alg;
	int64_t alg;
	struct cseal_slice sig;
	STACK_OF(X509) * x5c; /* empty: there is none */
	struct cseal_error *err;
};

static int
refuse(const struct statement *s, const char *what)
{
	return cseal_error_set(
	    s->err, CSEAL_ERR_REFUSED, "key", "its attestation %s", what);
}

/* ---- attStmt ---- */

static int
read_x5c(struct statement *s, struct dcbor_reader *r)
{
	uint64_t n = dcbor_get_array(r);
	int e = CSEAL_OK;

	if (n == 0 || n > CERTIFICATES_IN_X5C)
		dcbor_refuse(r);
	for (uint64_t i = 0; i < n && r->err == CSEAL_OK && e == CSEAL_OK;
	     i++) {
		struct cseal_slice der = dcbor_get_bytes(r);

		if (r->err == CSEAL_OK)
			e = certificate_add(s->x5c, der);
	}
	return e;
}

/* A map of `sig`, and of `alg` and `x5c` where they are; nothing else. */
static int
read_members(struct statement *s)
{
	struct dcbor_reader r;
	struct dcbor_map m;
	int e = CSEAL_OK;

	dcbor_reader_init(&r, s->c.statement.data, s->c.statement.len);
	dcbor_get_map(&r, &m);
	while (e == CSEAL_OK && dcbor_map_more(&r, &m)) {
		struct cseal_slice key = dcbor_map_key_text(&r, &m);

		if (slice_is(key, "alg")) {
			s->alg = dcbor_get_int(&r);
			s->has_alg = true;
		} else if (slice_is(key, "sig")) {
			s->sig = dcbor_get_bytes(&r);
		} else if (slice_is(key, "x5c")) {
			e = read_x5c(s, &r);
		} else {
			dcbor_refuse(&r);
		}
	}
	if (e == CSEAL_ERR_NOMEM)
		return e;
	if (e != CSEAL_OK)
		return refuse(s, "carries a certificate that is damaged");
	return dcbor_reader_end(&r) == CSEAL_OK && s->sig.len > 0
		   ? CSEAL_OK
		   : refuse(s, "is not what its format says");
}

/* ECDSA with SHA-256 alone: what security keys attest with. */
static int
check_leaf(const struct statement *s, const struct cseal_buf *message)
{
	X509 *leaf = sk_X509_value(s->x5c, 0);
	EVP_MD_CTX *ctx;
	bool ok;

	if (!certificate_is_p256(leaf))
		return refuse(s, "is made with a key that is not of P-256");
	ctx = EVP_MD_CTX_new();
	ok = ctx != NULL &&
	     EVP_DigestVerifyInit(
		 ctx, NULL, EVP_sha256(), NULL, X509_get0_pubkey(leaf)) == 1 &&
	     EVP_DigestVerify(ctx, s->sig.data, s->sig.len, message->data,
		 message->len) == 1;
	EVP_MD_CTX_free(ctx);
	return ok ? CSEAL_OK : refuse(s, "does not verify");
}

static int
check_self(const struct statement *s, const struct cseal_buf *message)
{
	if (cseal_pubkey_alg(s->pubkey) != s->alg)
		return refuse(s, "names another algorithm than its key's");
	return cseal_pubkey_verify(
		   s->pubkey, cseal_buf_slice(message), s->sig) == CSEAL_OK
		   ? CSEAL_OK
		   : refuse(s, "does not verify");
}

/* ---- the formats ---- */

static int
judge_packed(struct statement *s, struct cseal_worth *j)
{
	struct cseal_buf message;
	const char *lacks;
	int r = read_members(s);

	if (r != CSEAL_OK)
		return r;
	if (!s->has_alg)
		return refuse(s, "is not what its format says");
	cseal_buf_init(&message, 0);
	(void)cseal_buf_add(&message, s->c.auth_data.data, s->c.auth_data.len);
	(void)cseal_buf_add(&message, s->client_hash, sizeof(s->client_hash));
	r = cseal_buf_error(&message);
	if (r == CSEAL_OK && sk_X509_num(s->x5c) == 0) {
		j->level = CSEAL_VERDICT_SELF;
		r = check_self(s, &message);
	} else if (r == CSEAL_OK && s->alg != CSEAL_ALG_ES256) {
		r = refuse(s, "is made by an algorithm that is not ES256");
	} else if (r == CSEAL_OK) {
		j->level = CSEAL_VERDICT_UNKNOWN_ROOT;
		r = check_leaf(s, &message);
		lacks =
		    certificate_lacks(sk_X509_value(s->x5c, 0), s->c.aaguid);
		if (r == CSEAL_OK && lacks != NULL)
			(void)snprintf(j->why, sizeof(j->why), "%s", lacks);
	}
	cseal_buf_free(&message);
	return r;
}

static int
judge_u2f(struct statement *s, struct cseal_worth *j)
{
	static const uint8_t zero[CSEAL_AAGUID_BYTES];
	const struct cseal_slice point = cseal_pubkey_raw(s->pubkey);
	struct cseal_buf message;
	int r = read_members(s);

	if (r != CSEAL_OK)
		return r;
	if (s->has_alg || sk_X509_num(s->x5c) != 1)
		return refuse(s, "is not what its format says");
	if (memcmp(s->c.aaguid, zero, sizeof(zero)) != 0)
		return refuse(s, "is U2F's, which knows no models, but it "
				 "names one");
	if (cseal_pubkey_alg(s->pubkey) != CSEAL_ALG_ES256 ||
	    point.len != U2F_POINT_BYTES)
		return refuse(s, "is U2F's, but its key is not of P-256");
	cseal_buf_init(&message, 0);
	(void)cseal_buf_add_u8(&message, 0);
	(void)cseal_buf_add(&message, s->c.auth_data.data, CSEAL_HASH_BYTES);
	(void)cseal_buf_add(&message, s->client_hash, sizeof(s->client_hash));
	(void)cseal_buf_add(&message, s->c.id.data, s->c.id.len);
	(void)cseal_buf_add(&message, point.data, point.len);
	j->level = CSEAL_VERDICT_UNKNOWN_ROOT;
	r = cseal_buf_error(&message);
	if (r == CSEAL_OK)
		r = check_leaf(s, &message);
	cseal_buf_free(&message);
	return r;
}

static int
judge_none(struct statement *s, struct cseal_worth *j)
{
	struct dcbor_reader r;
	struct dcbor_map m;

	j->level = CSEAL_VERDICT_NONE;
	dcbor_reader_init(&r, s->c.statement.data, s->c.statement.len);
	dcbor_get_map(&r, &m);
	if (dcbor_map_more(&r, &m) || dcbor_reader_end(&r) != CSEAL_OK)
		return refuse(s, "is none, and yet says something");
	(void)snprintf(j->why, sizeof(j->why), "it came without attestation");
	return CSEAL_OK;
}

static int
judge_statement(struct statement *s, struct cseal_worth *j)
{
	static const struct {
		const char *name;
		int (*judge)(struct statement *s, struct cseal_worth *j);
	} formats[] = {
		{ "packed", judge_packed },
		{ "fido-u2f", judge_u2f },
		{ "none", judge_none },
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (slice_is(s->c.format, formats[i].name))
			return formats[i].judge(s, j);
	}
	j->level = CSEAL_VERDICT_NONE;
	(void)snprintf(j->why, sizeof(j->why),
	    "its attestation is of a form that is not judged here");
	return CSEAL_OK;
}

/* ---- what it is worth ---- */

static void
say_why(struct cseal_worth *j, const char *why)
{
	if (j->why[0] == '\0')
		(void)snprintf(j->why, sizeof(j->why), "%s", why);
}

static void
judge_refused(struct cseal_worth *j, const char *status)
{
	j->refused = true;
	if (j->level > CSEAL_VERDICT_UNKNOWN_ROOT)
		j->level = CSEAL_VERDICT_UNKNOWN_ROOT;
	(void)snprintf(j->why, sizeof(j->why),
	    "the metadata reports %s of its model%s%s", status,
	    j->model[0] != '\0' ? ", " : "", j->model);
}

/* A chain that ends at one of the model's own roots, of a certified model. */
static void
judge_listed(const struct statement *s, const struct metadata_says *says,
    uint64_t at, struct cseal_worth *j)
{
	const char *why;

	if (!says->found)
		say_why(j, "its model is not in the metadata");
	else if (!says->certified)
		say_why(j, "its model is in the metadata, but not certified");
	else if (certificate_chain(s->x5c, says->roots, at, &why) != CSEAL_OK)
		say_why(j, why);
	else
		j->level = CSEAL_VERDICT_LISTED;
}

static int
judge_metadata(const struct statement *s, const struct cseal_trust *t,
    bool chained, struct cseal_worth *j)
{
	struct cseal_error why = { 0 };
	struct metadata_says says = { 0 };
	int r;

	if (cseal_metadata_check(t->metadata, t->at, &why) != CSEAL_OK) {
		say_why(j, why.what);
		return CSEAL_OK;
	}
	r = metadata_look(t->metadata, s->c.aaguid, s->x5c, t->at, &says);
	if (r == CSEAL_OK) {
		(void)snprintf(j->model, sizeof(j->model), "%s", says.model);
		if (chained)
			judge_listed(s, &says, t->at, j);
		if (says.refused != NULL)
			judge_refused(j, says.refused);
	}
	metadata_says_free(&says);
	return r;
}

static int
judge_trust(const struct statement *s, const struct cseal_trust *t,
    struct cseal_worth *j)
{
	/* What its certificate lacks, no root makes good. */
	const bool chained =
	    j->level == CSEAL_VERDICT_UNKNOWN_ROOT && j->why[0] == '\0';
	const char *why;
	int r = CSEAL_OK;

	if (chained && t->roots != NULL) {
		if (certificate_chain(
			s->x5c, roots_list(t->roots), t->at, &why) == CSEAL_OK)
			j->level = CSEAL_VERDICT_TRUSTED;
		else
			say_why(j, why);
	}
	if (t->metadata != NULL)
		r = judge_metadata(s, t, chained, j);
	if (chained && t->roots == NULL && t->metadata == NULL)
		say_why(j, "no roots were given to check its maker with");
	if (j->level == CSEAL_VERDICT_SELF)
		say_why(j, "it vouches for itself alone");
	if (j->level == CSEAL_VERDICT_LISTED)
		j->why[0] = '\0';
	return r;
}

static int
read_key(struct statement *s)
{
	size_t used;

	if (cseal_credential_parse(&s->c, s->k->attestation) != CSEAL_OK)
		return cseal_error_set(s->err, CSEAL_ERR_REFUSED, "key",
		    "its attestation object is malformed");
	if (cseal_pubkey_from_cose(&s->pubkey, s->c.cose, &used) != CSEAL_OK)
		return cseal_error_set(s->err, CSEAL_ERR_REFUSED, "key",
		    "its public key is of an unknown algorithm, or not a "
		    "point of its curve");
	return digest_sha256(s->client_hash, &s->k->client_data, 1);
}

int
cseal_key_judge(const struct cseal_key *k, const struct cseal_trust *t,
    struct cseal_worth *out, struct cseal_error *err)
{
	struct statement s = { .k = k, .err = err };
	int r = CSEAL_ERR_NOMEM;

	memset(out, 0, sizeof(*out));
	if ((s.x5c = sk_X509_new_null()) != NULL)
		r = read_key(&s);
	if (r == CSEAL_OK)
		r = judge_statement(&s, out);
	if (r == CSEAL_OK)
		r = judge_trust(&s, t, out);
	if (r == CSEAL_OK && memcmp(s.c.aaguid, cseal_software_aaguid,
				 sizeof(s.c.aaguid)) == 0) {
		out->level = CSEAL_VERDICT_SOFTWARE;
		(void)snprintf(out->why, sizeof(out->why),
		    "it says itself that it is software");
	}
	certificates_free(s.x5c);
	cseal_pubkey_free(s.pubkey);
	return r;
}

int
cseal_key_verdict(
    const struct cseal_key *k, uint64_t *level, struct cseal_error *err)
{
	const struct cseal_trust nobody = { .roots = NULL };
	struct cseal_worth j;
	int r = cseal_key_judge(k, &nobody, &j, err);

	*level = r == CSEAL_OK ? j.level : CSEAL_VERDICT_NONE;
	return r;
}

void
cseal_verdict_fill(struct cseal_verdict *out, const struct cseal_worth *j,
    const struct cseal_trust *t)
{
	memset(out, 0, sizeof(*out));
	out->level = j->level;
	out->evaluated = t->at;
	out->has_roots = t->roots != NULL;
	if (t->roots != NULL)
		memcpy(
		    out->roots, cseal_roots_hash(t->roots), sizeof(out->roots));
	out->has_metadata = t->metadata != NULL;
	if (t->metadata != NULL)
		memcpy(out->metadata, cseal_metadata_hash(t->metadata),
		    sizeof(out->metadata));
}
