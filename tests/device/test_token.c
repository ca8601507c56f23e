/* SPDX-License-Identifier: BSD-2-Clause */
/* Enrolling and sealing with the software key, as it is. */

#include "meddle.h"

#include <fido/es256.h>

#include "dcbor.h"

#define OTHER "c3d4.counterseal.invalid"

/* COSE key of ES256: offsets of x and y (CTAP 2.1 section 6.5.6). */
#define COSE_X 10
#define COSE_Y 45

struct fixture {
	struct meddler m;
	struct cseal_token *t;
	struct cseal_enrolment e;
	struct cseal_slice id;
	struct cseal_error err;
	/* What the prompt saw. */
	unsigned int touches, dones, ticks;
	int last_left;	  /* of the last tick */
	int cancel_at;	  /* tick cancels at so many milliseconds left */
	bool out_of_turn; /* time left grew, or no touch was shown */
};

static void
on_touch(void *ctx, const char *name)
{
	struct fixture *f = ctx;

	assert_string_equal(name, MEDDLE_PATH);
	assert_int_equal(f->touches, f->dones);
	f->touches++;
	f->last_left = INT32_MAX;
}

static int
on_tick(void *ctx, int ms_left)
{
	struct fixture *f = ctx;

	f->ticks++;
	if (ms_left > f->last_left || ms_left < 0 ||
	    ms_left > CSEAL_TOKEN_TOUCH_SECONDS * 1000)
		f->out_of_turn = true;
	f->last_left = f->touches > f->dones ? ms_left : INT32_MAX;
	return f->touches > f->dones && ms_left <= f->cancel_at;
}

static void
on_done(void *ctx)
{
	struct fixture *f = ctx;

	f->dones++;
	assert_int_equal(f->touches, f->dones);
}

static void
open_token(struct fixture *f)
{
	const struct cseal_prompt prompt = {
		.ctx = f,
		.touch = on_touch,
		.tick = on_tick,
		.done = on_done,
	};

	assert_int_equal(
	    meddle_token(&f->m, &f->t, &prompt, &f->err), CSEAL_OK);
}

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->m.h = harness_new(MEDDLE_PATH, true);
	f->m.init_flags = -1;
	f->last_left = INT32_MAX;
	f->cancel_at = -1;
	open_token(f);
	*state = f;
	return 0;
}

static int
setup_enrolled(void **state)
{
	struct fixture *f;

	setup(state);
	f = *state;
	assert_int_equal(cseal_token_enrol(f->t, RP, "anna", client_data, NULL,
			     0, &f->e, &f->err),
	    CSEAL_OK);
	f->id = cseal_buf_slice(&f->e.credential);
	f->touches = f->dones = f->ticks = 0;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	assert_false(f->out_of_turn);
	assert_int_equal(f->touches, f->dones);
	cseal_enrolment_free(&f->e);
	cseal_token_close(f->t);
	harness_free(f->m.h);
	free(f);
	return 0;
}

static int
seal(struct fixture *f, struct cseal_assertion *a)
{
	return cseal_token_seal(f->t, RP, client_data, &f->id, 1, a, &f->err);
}

static void
test_info(void **state)
{
	struct fixture *f = *state;
	struct cseal_token_info info;

	assert_int_equal(cseal_token_get_info(f->t, &info, &f->err), CSEAL_OK);
	assert_string_equal(info.path, MEDDLE_PATH);
	assert_non_null(strstr(info.versions, "FIDO_2_"));
	assert_non_null(strstr(info.algorithms, "ES256"));
	assert_true(info.uv);
	assert_true(info.software);
	assert_false(info.pin_set);
	assert_int_equal(info.pin_retries, -1);
	assert_true(info.max_msg_size >= 1024);
	/* Written down twice, in two programs that share no code. */
	assert_int_equal(strlen(DEVICE_AAGUID), CSEAL_AAGUID_BYTES);
	assert_memory_equal(
	    cseal_software_aaguid, DEVICE_AAGUID, CSEAL_AAGUID_BYTES);
	assert_memory_equal(info.aaguid, DEVICE_AAGUID, CSEAL_AAGUID_BYTES);
	assert_int_equal(f->touches, 0);
}

/* authData of an attestationObject, which is read to its end. */
static struct cseal_slice
attested(const struct cseal_enrolment *e)
{
	struct cseal_slice s = cseal_buf_slice(&e->attestation), ad;
	struct dcbor_reader r;
	struct dcbor_map m;

	dcbor_reader_init(&r, s.data, s.len);
	dcbor_get_map(&r, &m);
	assert_int_equal(m.left, 3);
	for (int i = 0; i < 2; i++) {
		assert_true(dcbor_map_more(&r, &m));
		s = dcbor_map_key_text(&r, &m);
		assert_memory_equal(s.data, i == 0 ? "fmt" : "attStmt", s.len);
		(void)dcbor_get_any(&r);
	}
	assert_true(dcbor_map_more(&r, &m));
	s = dcbor_map_key_text(&r, &m);
	assert_memory_equal(s.data, "authData", s.len);
	ad = dcbor_get_bytes(&r);
	assert_int_equal(dcbor_reader_end(&r), CSEAL_OK);
	return ad;
}

static es256_pk_t *
public_key(const struct fixture *f)
{
	struct cseal_slice ad = attested(&f->e);
	const uint8_t *cose = ad.data + 55 + f->id.len;
	es256_pk_t *pk = es256_pk_new();
	uint8_t xy[64];

	assert_non_null(pk);
	assert_int_equal(ad.len, 55 + f->id.len + COSE_Y + 32);
	memcpy(xy, cose + COSE_X, 32);
	memcpy(xy + 32, cose + COSE_Y, 32);
	assert_int_equal(es256_pk_from_ptr(pk, xy, sizeof(xy)), FIDO_OK);
	return pk;
}

/* As libfido2 judges it, which sees no more than the two buffers. */
static int
verify(const struct fixture *f, const struct cseal_assertion *a)
{
	fido_assert_t *fa = fido_assert_new();
	es256_pk_t *pk = public_key(f);
	int r;

	assert_non_null(fa);
	assert_int_equal(fido_assert_set_count(fa, 1), FIDO_OK);
	assert_int_equal(fido_assert_set_rp(fa, RP), FIDO_OK);
	assert_int_equal(fido_assert_set_up(fa, FIDO_OPT_TRUE), FIDO_OK);
	assert_int_equal(fido_assert_set_uv(fa, FIDO_OPT_TRUE), FIDO_OK);
	assert_int_equal(
	    fido_assert_set_clientdata(fa, client_data.data, client_data.len),
	    FIDO_OK);
	assert_int_equal(fido_assert_set_authdata_raw(
			     fa, 0, a->auth_data.data, a->auth_data.len),
	    FIDO_OK);
	assert_int_equal(
	    fido_assert_set_sig(fa, 0, a->signature.data, a->signature.len),
	    FIDO_OK);
	r = fido_assert_verify(fa, 0, COSE_ES256, pk);
	es256_pk_free(&pk);
	fido_assert_free(&fa);
	return r;
}

static void
test_seal(void **state)
{
	struct fixture *f = *state;
	struct cseal_assertion a;

	assert_int_equal(seal(f, &a), CSEAL_OK);
	assert_int_equal(a.which, 0);
	assert_int_equal(verify(f, &a), FIDO_OK);
	a.signature.data[a.signature.len - 1] ^= 1;
	assert_int_not_equal(verify(f, &a), FIDO_OK);
	cseal_assertion_free(&a);
	assert_int_equal(f->touches, 1);
	assert_true(f->m.h->last_verify);
	assert_string_equal(f->m.h->last_rp, RP);
}

static void
test_enrolment(void **state)
{
	struct fixture *f = *state;
	struct cseal_slice ad = attested(&f->e);

	assert_int_equal(ad.data[55 - 2] << 8 | ad.data[55 - 1], f->id.len);
	assert_memory_equal(ad.data + 55, f->id.data, f->id.len);
	assert_memory_equal(ad.data + TOKEN_AUTH_DATA_MIN,
	    cseal_software_aaguid, CSEAL_AAGUID_BYTES);
}

static void
test_holds(void **state)
{
	struct fixture *f = *state;
	unsigned int asked = f->m.h->asked;
	struct cseal_slice ids[2] = { { (const uint8_t *)"not mine", 8 },
		f->id };
	struct cseal_assertion a;
	size_t which;

	assert_int_equal(
	    cseal_token_holds(f->t, RP, ids, 2, &which, &f->err), CSEAL_OK);
	assert_int_equal(which, 1);
	assert_int_equal(cseal_token_holds(f->t, RP, ids, 1, &which, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	meddle_expect(&f->err, "was not enrolled here");
	assert_int_equal(
	    cseal_token_holds(f->t, OTHER, ids, 2, &which, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(f->m.h->asked, asked);
	assert_int_equal(f->touches, 0);
	assert_int_equal(
	    cseal_token_seal(f->t, RP, client_data, ids, 2, &a, &f->err),
	    CSEAL_OK);
	assert_int_equal(a.which, 1);
	assert_int_equal(f->touches, 1);
	cseal_assertion_free(&a);
}

/* More than go into one message; the right one is the last. */
#define MANY 60

static void
test_many(void **state)
{
	static const uint8_t long_id[600] = { 1 };
	struct fixture *f = *state;
	struct cseal_slice ids[MANY];
	struct cseal_enrolment e;
	struct cseal_assertion a;
	size_t which;

	for (size_t i = 0; i < MANY; i++)
		ids[i] = (struct cseal_slice){ long_id, 400 + i };
	assert_int_equal(
	    cseal_token_seal(f->t, RP, client_data, ids, MANY, &a, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	assert_int_equal(f->touches, 0);
	ids[MANY - 1] = f->id;
	assert_int_equal(
	    cseal_token_holds(f->t, RP, ids, MANY, &which, &f->err), CSEAL_OK);
	assert_int_equal(which, MANY - 1);
	assert_int_equal(
	    cseal_token_seal(f->t, RP, client_data, ids, MANY, &a, &f->err),
	    CSEAL_OK);
	assert_int_equal(a.which, MANY - 1);
	assert_int_equal(verify(f, &a), FIDO_OK);
	cseal_assertion_free(&a);
	assert_int_equal(cseal_token_enrol(f->t, RP, "anna", client_data, ids,
			     MANY, &e, &f->err),
	    CSEAL_ERR_EXISTS);
	assert_int_equal(cseal_token_enrol(f->t, RP, "anna", client_data, ids,
			     MANY - 1, &e, &f->err),
	    CSEAL_OK);
	cseal_enrolment_free(&e);
}

static void
test_excluded(void **state)
{
	struct fixture *f = *state;
	struct cseal_enrolment e;

	assert_int_equal(cseal_token_enrol(f->t, RP, "anna", client_data,
			     &f->id, 1, &e, &f->err),
	    CSEAL_ERR_EXISTS);
	meddle_expect(&f->err, "is enrolled already");
	assert_null(e.attestation.data);
	/* The same credential is no bar under another relying party. */
	assert_int_equal(cseal_token_enrol(f->t, OTHER, "anna", client_data,
			     &f->id, 1, &e, &f->err),
	    CSEAL_OK);
	cseal_enrolment_free(&e);
}

static void
test_wrong_credential(void **state)
{
	struct fixture *f = *state;
	struct cseal_assertion a;

	assert_int_equal(
	    cseal_token_seal(f->t, OTHER, client_data, &f->id, 1, &a, &f->err),
	    CSEAL_ERR_NOT_FOUND);
	meddle_expect(&f->err, "plug in the one that was");
	assert_null(a.auth_data.data);
}

static void
test_no_verification(void **state)
{
	struct fixture *f = *state;
	struct cseal_token_info info;
	struct cseal_assertion a;
	struct cseal_enrolment e;

	cseal_token_close(f->t);
	f->m.h->model.uv = false;
	f->m.h->model.no_pin = true;
	harness_power_cycle(f->m.h);
	open_token(f);
	assert_int_equal(cseal_token_get_info(f->t, &info, &f->err), CSEAL_OK);
	assert_false(info.uv);
	assert_int_equal(seal(f, &a), CSEAL_ERR_TOKEN);
	meddle_expect(&f->err, "can verify nobody");
	assert_int_equal(cseal_token_enrol(f->t, RP, "anna", client_data, NULL,
			     0, &e, &f->err),
	    CSEAL_ERR_TOKEN);
	meddle_expect(&f->err, "can verify nobody");
	assert_int_equal(f->touches, 0);
}

static void
test_deny(void **state)
{
	struct fixture *f = *state;
	struct cseal_assertion a;
	struct cseal_enrolment e;

	f->m.h->person = PRESENCE_DENIED;
	assert_int_equal(seal(f, &a), CSEAL_ERR_TOKEN);
	meddle_expect(&f->err, "refused at the key");
	assert_int_equal(cseal_token_enrol(f->t, RP, "anna", client_data, NULL,
			     0, &e, &f->err),
	    CSEAL_ERR_TOKEN);
	meddle_expect(&f->err, "refused at the key");
	f->m.h->person = PRESENCE_GRANTED;
	assert_int_equal(seal(f, &a), CSEAL_OK);
	cseal_assertion_free(&a);
	assert_int_equal(f->touches, 3);
}

static void
test_ignore(void **state)
{
	struct fixture *f = *state;
	uint64_t start = f->m.h->now;
	struct cseal_assertion a;

	f->m.h->person = PRESENCE_PENDING;
	assert_int_equal(seal(f, &a), CSEAL_ERR_TIMEOUT);
	meddle_expect(&f->err, "nobody touched the key");
	assert_in_range(f->m.h->now - start, 30000, 32600);
	assert_int_equal(f->m.h->asked, f->m.h->forgotten);
	assert_in_range(f->ticks, 290, 330);
	f->m.h->person = PRESENCE_GRANTED;
	assert_int_equal(seal(f, &a), CSEAL_OK);
	cseal_assertion_free(&a);
}

static void
test_late_touch(void **state)
{
	struct fixture *f = *state;
	struct cseal_assertion a;

	f->m.h->person_delay = 29000;
	assert_int_equal(seal(f, &a), CSEAL_OK);
	assert_int_equal(verify(f, &a), FIDO_OK);
	cseal_assertion_free(&a);
	assert_in_range(f->ticks, 280, 300);
}

static void
test_cancel(void **state)
{
	struct fixture *f = *state;
	uint64_t start = f->m.h->now;
	struct cseal_assertion a;
	struct cseal_enrolment e;

	f->m.h->person = PRESENCE_PENDING;
	f->cancel_at = 28000;
	assert_int_equal(seal(f, &a), CSEAL_ERR_CANCELLED);
	meddle_expect(&f->err, "nothing was signed");
	assert_in_range(f->m.h->now - start, 1900, 2200);
	assert_int_equal(f->m.cancels, 1);
	/* The key stopped to ask, and answers the next question. */
	assert_int_equal(f->m.h->asked, f->m.h->forgotten);
	assert_int_equal(cseal_token_enrol(f->t, RP, "anna", client_data, NULL,
			     0, &e, &f->err),
	    CSEAL_ERR_CANCELLED);
	assert_int_equal(f->m.cancels, 2);
	f->m.h->person = PRESENCE_GRANTED;
	f->cancel_at = -1;
	assert_int_equal(seal(f, &a), CSEAL_OK);
	assert_int_equal(verify(f, &a), FIDO_OK);
	cseal_assertion_free(&a);
}

/* The touch and the wish to cancel cross: the whole answer is read away. */
static void
test_cancel_too_late(void **state)
{
	struct fixture *f = *state;
	struct cseal_assertion a;

	f->cancel_at = 30000;
	assert_int_equal(seal(f, &a), CSEAL_ERR_CANCELLED);
	f->cancel_at = -1;
	assert_int_equal(seal(f, &a), CSEAL_OK);
	assert_int_equal(verify(f, &a), FIDO_OK);
	cseal_assertion_free(&a);
}

static void
test_no_prompt(void **state)
{
	struct fixture *f = *state;
	struct cseal_assertion a;

	cseal_token_close(f->t);
	assert_int_equal(meddle_token(&f->m, &f->t, NULL, NULL), CSEAL_OK);
	assert_int_equal(
	    cseal_token_seal(f->t, RP, client_data, &f->id, 1, &a, NULL),
	    CSEAL_OK);
	cseal_assertion_free(&a);
	f->m.h->person = PRESENCE_PENDING;
	assert_int_equal(
	    cseal_token_seal(f->t, RP, client_data, &f->id, 1, &a, NULL),
	    CSEAL_ERR_TIMEOUT);
}

static void
test_arguments(void **state)
{
	static const uint8_t big[CSEAL_CREDENTIAL_MAX + 1];
	const struct cseal_slice none = { NULL, 0 },
				 long_id = { big, sizeof(big) };
	struct fixture *f = *state;
	char name[66], rp[255];
	struct cseal_assertion a;
	struct cseal_enrolment e;
	size_t which;

	memset(name, 'a', sizeof(name));
	name[65] = '\0';
	memset(rp, 'a', sizeof(rp));
	rp[254] = '\0';
	assert_int_equal(
	    cseal_token_seal(f->t, NULL, client_data, &f->id, 1, &a, &f->err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(
	    cseal_token_seal(f->t, "", client_data, &f->id, 1, &a, &f->err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(
	    cseal_token_seal(f->t, rp, client_data, &f->id, 1, &a, &f->err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(
	    cseal_token_seal(f->t, RP, none, &f->id, 1, &a, &f->err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(
	    cseal_token_seal(f->t, RP, client_data, NULL, 0, &a, &f->err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(
	    cseal_token_seal(f->t, RP, client_data, &none, 1, &a, &f->err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(
	    cseal_token_holds(f->t, RP, &long_id, 1, &which, &f->err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(cseal_token_enrol(
			     f->t, RP, name, client_data, NULL, 0, &e, &f->err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(
	    cseal_token_enrol(f->t, RP, "", client_data, NULL, 0, &e, &f->err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(
	    cseal_token_enrol(f->t, RP, "anna", none, NULL, 0, &e, &f->err),
	    CSEAL_ERR_USAGE);
	assert_int_equal(f->touches, 0);
	cseal_token_close(NULL);
	cseal_enrolment_free(NULL);
	cseal_assertion_free(NULL);
}

#define ENROLLED(test) \
	cmocka_unit_test_setup_teardown(test, setup_enrolled, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_info, setup, teardown),
		ENROLLED(test_enrolment),
		ENROLLED(test_seal),
		ENROLLED(test_holds),
		ENROLLED(test_many),
		ENROLLED(test_excluded),
		ENROLLED(test_wrong_credential),
		ENROLLED(test_no_verification),
		ENROLLED(test_deny),
		ENROLLED(test_ignore),
		ENROLLED(test_late_touch),
		ENROLLED(test_cancel),
		ENROLLED(test_cancel_too_late),
		ENROLLED(test_no_prompt),
		ENROLLED(test_arguments),
	};

	return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
