/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which subcommands of authenticatorCredentialManagement there are and who
 * may use them, and those that only tell (CTAP 2.1, sections 6.8.1 to
 * 6.8.4).
 */
#include "credman.h"

#include <string.h>

#include "ctap2.h"
#include "encode_credman.h"
#include "follow.h"
#include "locate.h"
#include "scan.h"
#include "status.h"

#define SUBCOMMAND_PARAMS 0x02

enum subcommand_number {
	GET_CREDS_METADATA = 0x01,
	ENUMERATE_RPS_BEGIN = 0x02,
	ENUMERATE_RPS_NEXT = 0x03,
	ENUMERATE_CREDENTIALS_BEGIN = 0x04,
	ENUMERATE_CREDENTIALS_NEXT = 0x05,
	DELETE_CREDENTIAL = 0x06,
	UPDATE_USER_INFORMATION = 0x07
};

/* What a subcommand needs beside the token. */
enum needs {
	NEEDS_NOTHING = 0,
	NEEDS_RP_HASH = 1,
	NEEDS_CREDENTIAL = 2,
	NEEDS_USER = 4
};

struct subcommand {
	uint8_t number;
	bool follows; /* on the one before it, and so without a token */
	unsigned int needs;
	int (*run)(struct device *dev, const struct credman_params *p);
};

static int
told(struct device *dev, size_t len)
{
	dev->reply_len = len;
	return len != 0 ? CTAP2_OK : CTAP1_ERR_OTHER;
}

/* Section 6.8.2. */
static int
tell_metadata(struct device *dev, const struct credman_params *p)
{
	size_t n = dev->state.residents.n;

	(void)p;
	return told(dev, encode_metadata(n, RESIDENT_MAX - n,
			     device_reply_data(dev), device_reply_room(dev)));
}

static int
tell_rp(struct device *dev, const struct resident *c, size_t total)
{
	uint8_t rp_hash[CRYPTO_HASH];

	if (crypto_sha256(c->rp.id, c->rp.len, rp_hash) != 0)
		return CTAP1_ERR_OTHER;
	return told(dev, encode_rp(&c->rp, rp_hash, total,
			     device_reply_data(dev), device_reply_room(dev)));
}

/* Is there one of the same rp before this one? */
static bool
is_repeated(const struct resident_list *l, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (resident_is_of(&l->at[j], &l->at[i].rp))
			return true;
	}
	return false;
}

/* Section 6.8.3. */
static int
begin_rps(struct device *dev, const struct credman_params *p)
{
	const struct resident_list *l = &dev->state.residents;
	struct follow *f;

	(void)p;
	if (l->n == 0)
		return CTAP2_ERR_NO_CREDENTIALS;
	f = follow_begin(dev, FOLLOW_RPS);
	for (size_t i = 0; i < l->n; i++) {
		if (!is_repeated(l, i))
			f->found[f->n++] = &l->at[i];
	}
	return tell_rp(dev, f->found[0], f->n);
}

static int
next_rp(struct device *dev, const struct credman_params *p)
{
	const struct resident *c = follow_next(dev, FOLLOW_RPS);

	(void)p;
	return c == NULL ? CTAP2_ERR_NOT_ALLOWED : tell_rp(dev, c, 0);
}

static int
tell_credential(struct device *dev, const struct resident *c, size_t total)
{
	uint8_t rp_hash[CRYPTO_HASH];
	struct private_key key = { 0 };
	struct public_key pub;
	struct encode_credential_in in = { .credential = c, .total = total };
	int r = CTAP1_ERR_OTHER;

	if (crypto_sha256(c->rp.id, c->rp.len, rp_hash) != 0 ||
	    locate_key(dev, c->id.data, c->id.len, rp_hash, &key) != 0 ||
	    key.alg->derive(key.secret, &pub) != 0)
		goto out;
	in.alg = key.alg;
	in.pub = &pub;
	in.protection = key.policy.protection;
	r = told(dev, encode_credential(
			  &in, device_reply_data(dev), device_reply_room(dev)));
out:
	crypto_wipe(&key, sizeof(key));
	return r;
}

static bool
is_of_hash(const struct resident *c, const uint8_t *want)
{
	uint8_t rp_hash[CRYPTO_HASH];

	return crypto_sha256(c->rp.id, c->rp.len, rp_hash) == 0 &&
	       memcmp(rp_hash, want, sizeof(rp_hash)) == 0;
}

/* Section 6.8.4. */
static int
begin_credentials(struct device *dev, const struct credman_params *p)
{
	const struct resident_list *l = &dev->state.residents;
	struct follow *f = follow_begin(dev, FOLLOW_CREDENTIALS);

	for (size_t i = 0; i < l->n; i++) {
		if (is_of_hash(&l->at[i], p->inner.rp_hash))
			f->found[f->n++] = &l->at[i];
	}
	if (f->n == 0) {
		follow_end(dev);
		return CTAP2_ERR_NO_CREDENTIALS;
	}
	return tell_credential(dev, f->found[0], f->n);
}

static int
next_credential(struct device *dev, const struct credman_params *p)
{
	const struct resident *c = follow_next(dev, FOLLOW_CREDENTIALS);

	(void)p;
	return c == NULL ? CTAP2_ERR_NOT_ALLOWED : tell_credential(dev, c, 0);
}

static const struct subcommand subcommands[] = {
	{ GET_CREDS_METADATA, false, NEEDS_NOTHING, tell_metadata },
	{ ENUMERATE_RPS_BEGIN, false, NEEDS_NOTHING, begin_rps },
	{ ENUMERATE_RPS_NEXT, true, NEEDS_NOTHING, next_rp },
	{ ENUMERATE_CREDENTIALS_BEGIN, false, NEEDS_RP_HASH,
	    begin_credentials },
	{ ENUMERATE_CREDENTIALS_NEXT, true, NEEDS_NOTHING, next_credential },
	{ DELETE_CREDENTIAL, false, NEEDS_CREDENTIAL, credman_delete },
	{ UPDATE_USER_INFORMATION, false, NEEDS_CREDENTIAL | NEEDS_USER,
	    credman_update },
};

static const struct subcommand *
find(uint64_t number)
{
	for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]);
	     i++) {
		if (subcommands[i].number == number)
			return &subcommands[i];
	}
	return NULL;
}

static bool
has_all(const struct credman_params *p, unsigned int needs)
{
	return ((needs & NEEDS_RP_HASH) == 0 || p->inner.has_rp_hash) &&
	       ((needs & NEEDS_CREDENTIAL) == 0 || p->inner.has_credential) &&
	       ((needs & NEEDS_USER) == 0 || p->inner.has_user);
}

/*
 * The rp that a subcommand is about, as a token may be bound to it; NULL if
 * it is about all, or about a credential that is not there.
 */
static const uint8_t *
rp_of(const struct device *dev, const struct credman_params *p,
    unsigned int needs, uint8_t rp_hash[CRYPTO_HASH])
{
	const struct resident_list *l = &dev->state.residents;
	size_t i;

	if ((needs & NEEDS_RP_HASH) != 0)
		return p->inner.rp_hash;
	if ((needs & NEEDS_CREDENTIAL) == 0)
		return NULL;
	i = resident_find(l, p->inner.credential.id, p->inner.credential.len);
	if (i == l->n ||
	    crypto_sha256(l->at[i].rp.id, l->at[i].rp.len, rp_hash) != 0)
		return NULL;
	return rp_hash;
}

/* The steps before the last of each subcommand. */
static int
authorize(struct device *dev, const struct subcommand *s,
    const struct credman_params *p, const uint8_t *raw, size_t raw_len)
{
	const struct pinuv_message msg = { &s->number, 1, raw, raw_len };
	uint8_t rp_hash[CRYPTO_HASH];
	const uint8_t *rp;
	int r;

	if (!p->auth.present)
		return CTAP2_ERR_PUAT_REQUIRED;
	if (!has_all(p, s->needs))
		return CTAP2_ERR_MISSING_PARAMETER;
	r = pinuv_check(dev, &p->protocol, &p->auth, &msg);
	if (r != CTAP2_OK)
		return r;
	rp = rp_of(dev, p, s->needs, rp_hash);
	/* A token for one rp is not for what is about all. */
	if (!pinuv_permits(dev, PINUV_CM, rp) ||
	    (rp == NULL && pinuv_is_bound(dev)))
		return CTAP2_ERR_PIN_AUTH_INVALID;
	return CTAP2_OK;
}

int
credman_start(struct device *dev, const uint8_t *body, size_t n)
{
	struct credman_params *p = &dev->work.params.credman;
	const struct subcommand *s;
	const uint8_t *raw;
	size_t raw_len = 0;
	int r = codec_credman_decode(body, n, p);

	s = r == CTAP2_OK ? find(p->subcommand.value) : NULL;
	if (s == NULL || !s->follows)
		follow_end(dev);
	if (r != CTAP2_OK)
		return r;
	if (s == NULL)
		return CTAP1_ERR_INVALID_PARAMETER;
	raw = scan_member(body, n, SUBCOMMAND_PARAMS, &raw_len);
	if (!s->follows && (r = authorize(dev, s, p, raw, raw_len)) != CTAP2_OK)
		return r;
	return s->run(dev, p);
}
