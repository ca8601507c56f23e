/* SPDX-License-Identifier: BSD-2-Clause */
/* Key offers: every proof in them broken in turn. */

#include "maker_within.h"
#include "offer_fixture.h"

#define UP CSEAL_FLAG_UP
#define UV CSEAL_FLAG_UV
#define AT CSEAL_FLAG_AT

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
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

	return cmocka_run_group_tests_name("offer proofs", tests, NULL, NULL);
}
