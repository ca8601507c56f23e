/* SPDX-License-Identifier: BSD-2-Clause */
/* Key offers: made, and read again. */

#include "maker_within.h"
#include "offer_fixture.h"

#define UP  CSEAL_FLAG_UP
#define UV  CSEAL_FLAG_UV
#define NOW 1795000000

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
	};

	return cmocka_run_group_tests_name("offer", tests, NULL, NULL);
}
