/* SPDX-License-Identifier: BSD-2-Clause */
/* Key offers: made, read again, and every proof in them broken in turn. */

#include "counterseal/offer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "maker.h"
#include "maker_within.h"
#include "records.h"

#define UP  CSEAL_FLAG_UP
#define UV  CSEAL_FLAG_UV
#define AT  CSEAL_FLAG_AT
#define NOW 1795000000

struct fixture {
	struct maker_key key;
	struct record_offer_file file; /* borrows from the key */
	uint8_t ledger[CSEAL_HASH_BYTES];
	struct cseal_error err;
};

/* An offer for a new ledger, as its file says it. */
static void
for_org(struct fixture *f, const struct maker_enrolment *how)
{
	maker_key_enrol(&f->key, how);
	f->file.version = 1;
	f->file.has_org = true;
	f->file.org = maker_slice(MAKER_ORG);
	f->file.has_ledger = false;
	f->file.rp_id = maker_slice(f->key.rp_id);
	f->file.key = f->key.record;
}

static void
for_ledger(struct fixture *f)
{
	const struct maker_enrolment how = { .ledger = f->ledger,
		.ledger_rp_id = true };

	for_org(f, &how);
	f->file.has_org = false;
	f->file.has_ledger = true;
	memcpy(f->file.ledger, f->ledger, sizeof(f->ledger));
}

static int
setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	memset(f.ledger, 7, sizeof(f.ledger));
	maker_key_init(&f.key, 1, 0, "lin");
	for_org(&f, NULL);
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	maker_key_free(&f->key);
	return 0;
}

static int
parse_bytes(struct fixture *f, struct cseal_buf *bytes)
{
	struct cseal_offer o;
	int r = cseal_offer_parse(&o, bytes, &f->err);

	assert_int_equal(bytes->len == 0, r == CSEAL_OK);
	if (r == CSEAL_OK)
		cseal_offer_free(&o);
	else
		assert_true(f->err.what[0] != '\0');
	return r;
}

static int
parse(struct fixture *f)
{
	struct cseal_buf bytes;
	int r;

	cseal_buf_init(&bytes, 0);
	assert_int_equal(
	    schema_encode(&record_offer, &bytes, &f->file), CSEAL_OK);
	r = parse_bytes(f, &bytes);
	cseal_buf_free(&bytes);
	return r;
}

/* Refused, with a reason that says so. */
static void
refused(struct fixture *f, const char *reason)
{
	int r = parse(f);

	if (r != CSEAL_ERR_REFUSED || strstr(f->err.what, reason) == NULL)
		fail_msg("%d: %s, not: %s", r, f->err.what, reason);
}

/* ---- the way of an offer ---- */

static void
test_plan(void **state)
{
	static const char *const bad_handles[] = { "", "Lin", "1lin", "li n",
		"abcdefghijklmnopqrstuvwxyz0123456" };
	static const char *const bad_orgs[] = { "", "a\nb", "\x1b[2J", "\xff",
		"\xc2\x85" };
	uint8_t ledger[CSEAL_HASH_BYTES] = { 1 };
	struct cseal_offer_plan p, q;
	struct cseal_error err;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(cseal_offer_plan(&p, bad_handles[i], MAKER_ORG,
				     NULL, NULL, NULL, NULL, &err),
		    CSEAL_ERR_INPUT);
		assert_string_equal(err.where, "person");
		cseal_offer_plan_free(&p);
		assert_int_equal(cseal_offer_plan(&p, "lin", bad_orgs[i], NULL,
				     NULL, NULL, NULL, &err),
		    CSEAL_ERR_INPUT);
		assert_string_equal(err.where, "org");
		cseal_offer_plan_free(&p);
	}
	assert_int_equal(
	    cseal_offer_plan(&p, "lin", NULL, NULL, NULL, NULL, NULL, &err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(cseal_offer_plan(&p, "lin", MAKER_ORG, ledger, NULL,
			     NULL, NULL, &err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(cseal_offer_plan(&p, "lin", MAKER_ORG, NULL, NULL,
			     "Example.com", NULL, &err),
	    CSEAL_ERR_INPUT);
	assert_string_equal(err.where, "rp-id");
	assert_int_equal(cseal_offer_plan(&p, "lin", MAKER_ORG, NULL, NULL,
			     NULL, NULL, &err),
	    CSEAL_OK);
	assert_int_equal(cseal_offer_plan(&q, "lin", MAKER_ORG, NULL, NULL,
			     NULL, NULL, &err),
	    CSEAL_OK);
	assert_non_null(strstr(p.rp_id, ".counterseal.invalid"));
	assert_true(cseal_is_rp_id(p.rp_id, strlen(p.rp_id)));
	assert_string_not_equal(p.rp_id, q.rp_id);
	assert_memory_not_equal(p.nonce, q.nonce, sizeof(p.nonce));
	assert_false(p.rp_id_is_ledgers);
	cseal_offer_plan_free(&p);
	cseal_offer_plan_free(&q);
	cseal_offer_plan_free(NULL);
}

static void
test_plan_for_ledger(void **state)
{
	struct fixture *f = *state;
	struct cseal_offer_plan p;

	assert_int_equal(cseal_offer_plan(&p, "lin", NULL, f->ledger,
			     MAKER_RP_ID, NULL, NULL, NULL),
	    CSEAL_OK);
	assert_true(p.rp_id_is_ledgers);
	assert_string_equal(p.rp_id, MAKER_RP_ID);
	cseal_offer_plan_free(&p);
	assert_int_equal(cseal_offer_plan(&p, "lin", NULL, f->ledger,
			     MAKER_RP_ID, "example.com", NULL, NULL),
	    CSEAL_OK);
	assert_false(p.rp_id_is_ledgers);
	assert_string_equal(p.rp_id, "example.com");
	cseal_offer_plan_free(&p);
}

/* From plan to file to offer, as a token would be asked. */
static void
make_whole(struct fixture *f, const char *org, const uint8_t *ledger)
{
	struct cseal_buf possess, auth, sig, file;
	struct cseal_offer_plan p;
	struct cseal_offer o;

	cseal_buf_init(&possess, 0);
	cseal_buf_init(&auth, 0);
	cseal_buf_init(&sig, 0);
	cseal_buf_init(&file, 0);
	assert_int_equal(cseal_offer_plan(&p, "lin", org, ledger,
			     ledger != NULL ? MAKER_RP_ID : NULL, MAKER_RP_ID,
			     f->key.has_desk ? f->key.desk : NULL, NULL),
	    CSEAL_OK);
	memcpy(p.nonce, f->key.nonce, sizeof(p.nonce));
	assert_int_equal(cseal_offer_possess_data(&p,
			     cseal_buf_slice(&f->key.attestation), &possess),
	    CSEAL_OK);
	maker_auth_data(p.rp_id, UP | UV, 9, &auth);
	maker_key_seal(
	    &f->key, cseal_buf_slice(&auth), cseal_buf_slice(&possess), &sig);
	assert_int_equal(
	    cseal_offer_encode(&p, cseal_buf_slice(&f->key.attestation),
		cseal_buf_slice(&auth), cseal_buf_slice(&sig), NOW, &file,
		&f->err),
	    CSEAL_OK);
	assert_int_equal(cseal_offer_parse(&o, &file, &f->err), CSEAL_OK);
	assert_int_equal(file.len, 0);
	assert_int_equal(o.has_ledger, ledger != NULL);
	assert_int_equal(o.org.len, org != NULL ? strlen(org) : 0);
	assert_string_equal(o.rp_id, MAKER_RP_ID);
	assert_int_equal(o.key.has_rp_id, ledger == NULL);
	assert_int_equal(o.key.verdict.level, CSEAL_VERDICT_SELF);
	assert_int_equal(o.key.verdict.evaluated, NOW);
	assert_memory_equal(o.key.handle.data, "lin", 3);
	assert_int_equal(o.key.has_desk, f->key.has_desk);
	assert_memory_equal(o.key.desk, f->key.desk, sizeof(o.key.desk));
	cseal_offer_free(&o);
	cseal_offer_plan_free(&p);
	cseal_buf_free(&possess);
	cseal_buf_free(&auth);
	cseal_buf_free(&sig);
	cseal_buf_free(&file);
}

static void
test_whole(void **state)
{
	struct fixture *f = *state;

	make_whole(f, MAKER_ORG, NULL);
	for_ledger(f);
	make_whole(f, NULL, f->ledger);
	maker_key_desk(&f->key, 1, 0);
	make_whole(f, NULL, f->ledger);
	cseal_offer_free(NULL);
}

static void
test_desk(void **state)
{
	struct fixture *f = *state;

	maker_key_desk(&f->key, 1, 0);
	f->key.desk[64] ^= 1;
	for_org(f, NULL);
	refused(f, "not a point");
}

/* What could not be read again is not written. */
static void
test_encode_refuses(void **state)
{
	struct fixture *f = *state;
	struct cseal_slice auth = f->file.key.possession.auth_data;
	struct cseal_offer_plan p;
	struct cseal_buf file;

	cseal_buf_init(&file, 0);
	assert_int_equal(cseal_offer_plan(&p, "mina", MAKER_ORG, NULL, NULL,
			     MAKER_RP_ID, NULL, NULL),
	    CSEAL_OK);
	assert_int_not_equal(
	    cseal_offer_encode(&p, cseal_buf_slice(&f->key.attestation), auth,
		f->file.key.possession.signature, NOW, &file, &f->err),
	    CSEAL_OK);
	assert_int_equal(file.len, 0);
	cseal_offer_plan_free(&p);
	cseal_buf_free(&file);
}

/* ---- what the file says ---- */

static void
test_good(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(parse(f), CSEAL_OK);
	for_ledger(f);
	assert_int_equal(parse(f), CSEAL_OK);
}

static void
test_none_attestation(void **state)
{
	struct fixture *f = *state;
	const struct maker_enrolment how = { .format = "none" };

	for_org(f, &how);
	assert_int_equal(f->file.key.verdict.level, CSEAL_VERDICT_NONE);
	assert_int_equal(parse(f), CSEAL_OK);
}

static void
test_software(void **state)
{
	struct fixture *f = *state;

	memcpy(f->key.aaguid, cseal_software_aaguid, sizeof(f->key.aaguid));
	for_org(f, NULL);
	assert_int_equal(f->file.key.verdict.level, CSEAL_VERDICT_SOFTWARE);
	assert_int_equal(parse(f), CSEAL_OK);
	f->file.key.verdict.level = CSEAL_VERDICT_SELF;
	refused(f, "better attestation");
}

static void
test_contradictions(void **state)
{
	struct fixture *f = *state;

	f->file.has_ledger = true;
	assert_int_equal(parse(f), CSEAL_ERR_FORMAT);
	f->file.has_org = f->file.has_ledger = false;
	assert_int_equal(parse(f), CSEAL_ERR_FORMAT);
	for_org(f, NULL);
	f->file.rp_id = maker_slice("example.com");
	assert_int_equal(parse(f), CSEAL_ERR_FORMAT);
	for_org(f, NULL);
	f->file.key.has_rp_id = false;
	assert_int_equal(parse(f), CSEAL_ERR_FORMAT);
}

static void
test_version(void **state)
{
	struct fixture *f = *state;
	struct cseal_buf bytes;

	cseal_buf_init(&bytes, 0);
	assert_int_equal(
	    schema_encode(&record_offer, &bytes, &f->file), CSEAL_OK);
	bytes.data[2] = 2;
	assert_int_equal(parse_bytes(f, &bytes), CSEAL_ERR_NEWER);
	cseal_buf_free(&bytes);
}

static void
test_sizes(void **state)
{
	struct fixture *f = *state;
	static uint8_t zeros[CSEAL_OFFER_MAX + 1];
	struct cseal_offer o;
	struct cseal_buf bytes;

	cseal_buf_init(&bytes, 0);
	assert_int_equal(
	    cseal_offer_parse(&o, &bytes, &f->err), CSEAL_ERR_FORMAT);
	cseal_buf_add(&bytes, zeros, sizeof(zeros));
	assert_int_equal(parse_bytes(f, &bytes), CSEAL_ERR_TOO_LARGE);
	cseal_buf_free(&bytes);
}

/* ---- each proof ---- */

static void
test_other_org(void **state)
{
	struct fixture *f = *state;

	f->file.org = maker_slice("Example Trading AG");
	refused(f, "not enrolled for this organisation");
}

static void
test_other_ledger(void **state)
{
	struct fixture *f = *state;

	for_ledger(f);
	f->file.ledger[31] ^= 1;
	refused(f, "not enrolled for this organisation");
}

static void
test_other_person(void **state)
{
	struct fixture *f = *state;

	f->file.key.handle = maker_slice("mina");
	refused(f, "not enrolled for this organisation");
}

static void
test_other_nonce(void **state)
{
	struct fixture *f = *state;

	f->file.key.nonce[0] ^= 1;
	refused(f, "not enrolled for this organisation");
}

static void
test_other_rp_id(void **state)
{
	struct fixture *f = *state;

	f->file.key.rp_id = f->file.rp_id = maker_slice("example.com");
	refused(f, "not enrolled for this organisation");
}

/* The challenge is of this rp id, the credential of another. */
static void
test_credential_of_other_rp_id(void **state)
{
	struct fixture *f = *state;
	struct maker_key other;

	maker_key_init(&other, 1, 0, "lin");
	memcpy(other.rp_id, "example.com", 12);
	maker_key_enrol(&other, NULL);
	f->file.key.attestation = other.record.attestation;
	refused(f, "another rp id");
	maker_key_free(&other);
}

static void
test_enrolment_flags(void **state)
{
	static const struct {
		uint8_t flags;
		const char *reason;
	} rows[] = {
		{ UV | AT, "without a touch" },
		{ UP | AT, "without PIN" },
		{ UP | UV, "malformed" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < 3; i++) {
		const struct maker_enrolment how = { .flags = rows[i].flags };

		for_org(f, &how);
		refused(f, rows[i].reason);
	}
}

static void
test_possession_flags(void **state)
{
	static const uint8_t flags[] = { UP, UV, UP | UV | AT,
		UP | UV | CSEAL_FLAG_ED, UP | UV | CSEAL_FLAG_BS };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(flags); i++) {
		const struct maker_enrolment how = { .possession_flags =
							 flags[i] };

		for_org(f, &how);
		refused(f, "proof that it can sign");
	}
}

static void
test_possession_of_other_key(void **state)
{
	struct fixture *f = *state;
	struct maker_key other;

	maker_key_init(&other, 1, 1, "lin");
	memcpy(other.nonce, f->key.nonce, sizeof(other.nonce));
	maker_key_enrol(&other, NULL);
	f->file.key.possession = other.record.possession;
	refused(f, "proof that it can sign");
	maker_key_free(&other);
}

/* A bit of each part of the proof, and of what it is over. */
static void
test_possession_bits(void **state)
{
	struct fixture *f = *state;
	struct cseal_buf *const parts[] = { &f->key.auth_data,
		&f->key.possession, &f->key.signature };

	for (size_t i = 0; i < 3; i++) {
		for (size_t at = 0; at < parts[i]->len; at += 5) {
			parts[i]->data[at] ^= 1;
			refused(f, "proof that it can sign");
			parts[i]->data[at] ^= 1;
		}
	}
	f->file.key.monitor = true;
	refused(f, "proof that it can sign");
	f->file.key.monitor = false;
	assert_int_equal(parse(f), CSEAL_OK);
}

/* Of the attestation no bit can be turned without being found. */
static void
test_attestation_bits(void **state)
{
	struct fixture *f = *state;
	struct cseal_buf *a = &f->key.attestation;

	for (size_t i = 0; i < a->len * 8; i++) {
		a->data[i / 8] ^= (uint8_t)(1u << i % 8);
		assert_int_equal(parse(f), CSEAL_ERR_REFUSED);
		a->data[i / 8] ^= (uint8_t)(1u << i % 8);
	}
}

static void
test_enrolment_bits(void **state)
{
	struct fixture *f = *state;
	struct cseal_buf *c = &f->key.client_data;

	for (size_t i = 0; i < c->len; i++) {
		c->data[i] ^= 1;
		assert_int_equal(parse(f), CSEAL_ERR_REFUSED);
		c->data[i] ^= 1;
	}
}

/* The key's attestation over itself is checked, not taken on trust. */
static void
test_self_attestation(void **state)
{
	struct fixture *f = *state;
	struct cseal_credential c;
	struct cseal_error err;
	uint64_t level;
	uint8_t *sig;

	assert_int_equal(
	    cseal_credential_parse(&c, f->file.key.attestation), CSEAL_OK);
	assert_memory_equal(c.format.data, "packed", 6);
	assert_int_equal(c.id.len, 32);
	assert_memory_equal(c.id.data, f->key.id, 32);
	sig = f->key.attestation.data +
	      (c.statement.data - f->key.attestation.data) + c.statement.len -
	      1;
	*sig ^= 1;
	assert_int_equal(
	    cseal_key_verdict(&f->file.key, &level, &err), CSEAL_ERR_REFUSED);
}

static void
test_verdict_claims(void **state)
{
	struct fixture *f = *state;

	f->file.key.verdict.level = CSEAL_VERDICT_TRUSTED;
	refused(f, "better attestation");
	for_org(f, NULL);
	f->file.key.verdict.has_roots = true;
	refused(f, "better attestation");
	for_org(f, NULL);
	f->file.key.verdict.has_metadata = true;
	refused(f, "better attestation");
}

#define OFFER(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plan),
		OFFER(test_plan_for_ledger),
		OFFER(test_whole),
		OFFER(test_desk),
		OFFER(test_encode_refuses),
		OFFER(test_good),
		OFFER(test_none_attestation),
		OFFER(test_software),
		OFFER(test_contradictions),
		OFFER(test_version),
		OFFER(test_sizes),
		OFFER(test_other_org),
		OFFER(test_other_ledger),
		OFFER(test_other_person),
		OFFER(test_other_nonce),
		OFFER(test_other_rp_id),
		OFFER(test_credential_of_other_rp_id),
		OFFER(test_enrolment_flags),
		OFFER(test_possession_flags),
		OFFER(test_possession_of_other_key),
		OFFER(test_possession_bits),
		OFFER(test_attestation_bits),
		OFFER(test_enrolment_bits),
		OFFER(test_self_attestation),
		OFFER(test_verdict_claims),
	};

	return cmocka_run_group_tests_name("offer", tests, NULL, NULL);
}
