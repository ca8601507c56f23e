/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/offer.h"

#include <stdio.h>
#include <string.h>

#include "counterseal/text.h"

#include "digest.h"
#include "offer_bytes.h"
#include "records.h"
#include "slice.h"

#define ORG_MAX 200

static bool
is_org(struct cseal_slice s)
{
	if (s.len == 0 || s.len > ORG_MAX || !cseal_text_is_utf8(s.data, s.len))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] < 0x20 || s.data[i] == 0x7f)
			return false;
		if (s.data[i] == 0xc2 && i + 1 < s.len && s.data[i + 1] < 0xa0)
			return false;
	}
	return true;
}

/* No web page can ask for a seal of a name under .invalid (RFC 2606). */
static int
random_rp_id(char *out, size_t size)
{
	uint8_t bytes[CSEAL_HASH_BYTES] = { 0 };
	char name[17];
	int r;

	r = digest_random(bytes, sizeof(bytes));
	if (r != CSEAL_OK)
		return r;
	cseal_base32(bytes, 16, name);
	(void)snprintf(out, size, "%s.counterseal.invalid", name);
	return CSEAL_OK;
}

static int
plan_rp_id(struct cseal_offer_plan *p, const char *ledger_rp_id,
    const char *rp_id, struct cseal_error *err)
{
	if (rp_id == NULL && ledger_rp_id == NULL)
		return random_rp_id(p->rp_id, sizeof(p->rp_id));
	if (rp_id == NULL)
		rp_id = ledger_rp_id;
	p->rp_id_is_ledgers =
	    ledger_rp_id != NULL && strcmp(rp_id, ledger_rp_id) == 0;
	if (!cseal_is_rp_id(rp_id, strlen(rp_id)))
		return cseal_error_set(err, CSEAL_ERR_INPUT, "rp-id",
		    "a host name in lower-case ASCII is wanted, such as "
		    "approve.example.com");
	(void)snprintf(p->rp_id, sizeof(p->rp_id), "%s", rp_id);
	return CSEAL_OK;
}

int
cseal_offer_plan(struct cseal_offer_plan *out, const char *handle,
    const char *org, const uint8_t *ledger, const char *ledger_rp_id,
    const char *rp_id, const uint8_t *desk, struct cseal_error *err)
{
	int r;

	memset(out, 0, sizeof(*out));
	cseal_buf_init(&out->org, ORG_MAX);
	if ((org == NULL) == (ledger == NULL))
		return cseal_error_set(err, CSEAL_ERR_USAGE, "offer",
		    "give either the organisation's name or its ledger");
	if (!cseal_text_is_handle(handle, strlen(handle)))
		return cseal_error_set(err, CSEAL_ERR_INPUT, "person",
		    "a handle is a small letter, then small letters, digits "
		    "and hyphens, 32 at most, such as lin");
	if (org != NULL && !is_org(slice_of(org)))
		return cseal_error_set(err, CSEAL_ERR_INPUT, "org",
		    "a name of 1 to 200 bytes without control characters "
		    "is wanted");
	(void)snprintf(out->handle, sizeof(out->handle), "%s", handle);
	if (org != NULL) {
		r = cseal_buf_add_str(&out->org, org);
		if (r != CSEAL_OK)
			return r;
	} else {
		out->has_ledger = true;
		memcpy(out->ledger, ledger, sizeof(out->ledger));
	}
	out->has_desk = desk != NULL;
	if (desk != NULL)
		memcpy(out->desk, desk, sizeof(out->desk));
	r = plan_rp_id(out, ledger_rp_id, rp_id, err);
	if (r == CSEAL_OK)
		r = digest_random(out->nonce, sizeof(out->nonce));
	if (r != CSEAL_OK)
		cseal_offer_plan_free(out);
	return r;
}

void
cseal_offer_plan_free(struct cseal_offer_plan *p)
{
	if (p != NULL)
		cseal_buf_free(&p->org);
}

int
cseal_offer_enrol_data(
    const struct cseal_offer_plan *p, struct cseal_buf *client_data)
{
	struct cseal_slice org = cseal_buf_slice(&p->org);
	struct cseal_buf message;
	int r;

	cseal_buf_init(&message, 4096);
	r = offer_enrol_message(&message, p->nonce, p->has_ledger ? NULL : &org,
	    p->ledger, slice_of(p->rp_id), slice_of(p->handle));
	if (r == CSEAL_OK)
		r = cseal_seal_client_data(client_data, "webauthn.create",
		    CSEAL_NAMESPACE_ENROL, cseal_buf_slice(&message),
		    slice_of(p->rp_id));
	cseal_buf_free(&message);
	return r;
}

int
offer_core_digest(const struct cseal_key *k, uint8_t out[CSEAL_HASH_BYTES])
{
	struct cseal_buf core;
	struct cseal_slice s;
	int r;

	cseal_buf_init(&core, 0);
	r = schema_encode(&record_key_core, &core, k);
	s = cseal_buf_slice(&core);
	if (r == CSEAL_OK)
		r = digest_sha256(out, &s, 1);
	cseal_buf_free(&core);
	return r;
}

/* The key record of a plan, without proof and verdict. Borrows. */
static void
plan_key(const struct cseal_offer_plan *p, struct cseal_slice attestation,
    const struct cseal_buf *enrol_data, struct cseal_key *k)
{
	memset(k, 0, sizeof(*k));
	k->handle = slice_of(p->handle);
	k->attestation = attestation;
	k->client_data = cseal_buf_slice(enrol_data);
	k->has_rp_id = !p->rp_id_is_ledgers;
	k->rp_id = slice_of(p->rp_id);
	memcpy(k->nonce, p->nonce, sizeof(k->nonce));
	k->has_desk = p->has_desk;
	memcpy(k->desk, p->desk, sizeof(k->desk));
	k->monitor = p->monitor;
}

static int
possess_data(
    const struct cseal_key *k, const char *rp_id, struct cseal_buf *out)
{
	uint8_t hash[CSEAL_HASH_BYTES];
	struct cseal_slice s = { hash, sizeof(hash) };
	int r;

	r = offer_core_digest(k, hash);
	if (r != CSEAL_OK)
		return r;
	return cseal_seal_client_data(
	    out, "webauthn.get", CSEAL_NAMESPACE_ENROL, s, slice_of(rp_id));
}

int
cseal_offer_possess_data(const struct cseal_offer_plan *p,
    struct cseal_slice attestation, struct cseal_buf *client_data)
{
	struct cseal_buf enrol;
	struct cseal_key k;
	int r;

	cseal_buf_init(&enrol, 4096);
	r = cseal_offer_enrol_data(p, &enrol);
	if (r == CSEAL_OK) {
		plan_key(p, attestation, &enrol, &k);
		r = possess_data(&k, p->rp_id, client_data);
	}
	cseal_buf_free(&enrol);
	return r;
}

/* Everything that can be said of an offer by itself. */
static int
check_file(const struct record_offer_file *f, struct cseal_error *err)
{
	struct cseal_credential cred;
	struct cseal_pubkey *pubkey = NULL;
	uint64_t level;
	int r;

	if (f->has_org == f->has_ledger ||
	    (f->has_org && (!f->key.has_rp_id || !is_org(f->org))) ||
	    (f->key.has_rp_id && (f->key.rp_id.len != f->rp_id.len ||
				     memcmp(f->key.rp_id.data, f->rp_id.data,
					 f->rp_id.len) != 0)))
		return cseal_error_set(err, CSEAL_ERR_FORMAT, "offer",
		    "it contradicts itself: make a new one");
	r = cseal_key_check(&f->key, f->has_org ? &f->org : NULL, f->ledger,
	    f->rp_id, &cred, &pubkey, err);
	cseal_pubkey_free(pubkey);
	if (r != CSEAL_OK)
		return r;
	r = cseal_key_verdict(&f->key, &level, err);
	if (r != CSEAL_OK)
		return r;
	if (level != f->key.verdict.level || f->key.verdict.has_roots ||
	    f->key.verdict.has_metadata)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, "offer",
		    "it claims a better attestation than it carries");
	return CSEAL_OK;
}

int
cseal_offer_encode(const struct cseal_offer_plan *p,
    struct cseal_slice attestation, struct cseal_slice auth_data,
    struct cseal_slice signature, uint64_t now, struct cseal_buf *out,
    struct cseal_error *err)
{
	struct record_offer_file f;
	struct cseal_buf enrol, possess;
	int r;

	memset(&f, 0, sizeof(f));
	cseal_buf_init(&enrol, 4096);
	cseal_buf_init(&possess, 4096);
	if ((r = cseal_offer_enrol_data(p, &enrol)) != CSEAL_OK)
		goto out;
	plan_key(p, attestation, &enrol, &f.key);
	if ((r = possess_data(&f.key, p->rp_id, &possess)) != CSEAL_OK)
		goto out;
	f.version = 1;
	f.has_org = !p->has_ledger;
	f.org = cseal_buf_slice(&p->org);
	f.has_ledger = p->has_ledger;
	memcpy(f.ledger, p->ledger, sizeof(f.ledger));
	f.rp_id = slice_of(p->rp_id);
	f.key.possession.auth_data = auth_data;
	f.key.possession.client_data = cseal_buf_slice(&possess);
	f.key.possession.signature = signature;
	f.key.verdict.evaluated = now;
	if ((r = cseal_key_verdict(&f.key, &f.key.verdict.level, err)) !=
		CSEAL_OK ||
	    (r = check_file(&f, err)) != CSEAL_OK)
		goto out;
	r = schema_encode(&record_offer, out, &f);
out:
	cseal_buf_free(&enrol);
	cseal_buf_free(&possess);
	return r;
}

int
cseal_offer_parse(
    struct cseal_offer *out, struct cseal_buf *bytes, struct cseal_error *err)
{
	struct record_offer_file f;
	struct schema_where where = { "offer", NULL };
	int r;

	memset(out, 0, sizeof(*out));
	if (bytes->len > CSEAL_OFFER_MAX)
		return cseal_error_set(err, CSEAL_ERR_TOO_LARGE, "offer",
		    "longer than 32,768 bytes: not a key offer");
	if (bytes->len == 0)
		return cseal_error_set(
		    err, CSEAL_ERR_FORMAT, "offer", "the file is empty");
	r = schema_parse_all(&record_offer, cseal_buf_slice(bytes), &f, &where);
	if (r == CSEAL_ERR_NEWER)
		return cseal_error_set(
		    err, r, "offer", "made by a newer counterseal");
	if (r != CSEAL_OK)
		return cseal_error_set(err, r, "offer",
		    "not a key offer, or damaged (%s)",
		    where.member != NULL ? where.member : where.record);
	r = check_file(&f, err);
	if (r != CSEAL_OK)
		return r;
	out->bytes = *bytes; /* transferred */
	cseal_buf_init(bytes, bytes->max);
	out->org = f.org;
	out->has_ledger = f.has_ledger;
	memcpy(out->ledger, f.ledger, sizeof(out->ledger));
	memcpy(out->rp_id, f.rp_id.data, f.rp_id.len);
	out->key = f.key;
	return CSEAL_OK;
}

void
cseal_offer_free(struct cseal_offer *o)
{
	if (o != NULL)
		cseal_buf_free(&o->bytes);
}
