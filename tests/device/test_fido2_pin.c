/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PINs as libfido2 sees them, with both protocols: a client that shares
 * nothing with the key. It takes protocol two where there is one, so that the
 * wire hides it from a client that shall take the other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <fido.h>
#include <fido/config.h>
#include <fido/es256.h>

#include <cmocka.h>

#include "device_harness.h"
#include "status.h"

#define RP    "example.org"
#define PIN   "correct horse"
#define WRONG "wrong horse"
#define UP_UV 0x05

static const uint8_t client_data_hash[32] = "the hash of some client data...";

struct fixture {
	unsigned int protocol;
	struct harness *h;
	fido_dev_t *dev;
	fido_cred_t *cred;
};

/* pinUvAuthProtocols in getInfo, [2, 1], and as a key of old has it. */
#define BOTH_PROTOCOLS "\x06\x82\x02\x01\x07"
#define OLD_PROTOCOL   "\x06\x82\x01\x01\x07"

static int
read_as_of_old(void *handle, unsigned char *buf, size_t len, int ms)
{
	int n = harness_io()->read(handle, buf, len, ms);
	uint8_t *p = n > 0 ? memmem(buf, (size_t)n, BOTH_PROTOCOLS, 5) : NULL;

	if (p != NULL)
		memcpy(p, OLD_PROTOCOL, 5);
	return n;
}

/* libfido2 keeps to itself which protocol it took. */
static uint64_t
protocol_in_info(fido_dev_t *dev)
{
	fido_cbor_info_t *info = fido_cbor_info_new();
	uint64_t first;

	assert_int_equal(fido_dev_get_cbor_info(dev, info), FIDO_OK);
	assert_int_equal(fido_cbor_info_protocols_len(info), 2);
	first = fido_cbor_info_protocols_ptr(info)[0];
	fido_cbor_info_free(&info);
	return first;
}

static fido_dev_t *
open_old(const struct harness *h)
{
	fido_dev_io_t io = *harness_io();
	fido_dev_t *dev = fido_dev_new();

	io.read = read_as_of_old;
	assert_int_equal(fido_dev_set_io_functions(dev, &io), FIDO_OK);
	assert_int_equal(fido_dev_open(dev, h->path), FIDO_OK);
	return dev;
}

static void
open_key(struct fixture *f)
{
	f->dev = f->protocol == 1 ? open_old(f->h) : harness_open(f->h);
	assert_int_equal(protocol_in_info(f->dev), f->protocol);
}

static int
begin(void **state, bool uv)
{
	static struct fixture f;
	const unsigned int *protocol = *state;

	f.protocol = *protocol;
	f.h = harness_new("device:", uv);
	open_key(&f);
	f.cred = NULL;
	*state = &f;
	return 0;
}

static int
set_up(void **state)
{
	return begin(state, false);
}

static int
set_up_uv(void **state)
{
	return begin(state, true);
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	fido_cred_free(&f->cred);
	harness_close(&f->dev);
	harness_free(f->h);
	return 0;
}

static void
restart(struct fixture *f)
{
	harness_close(&f->dev);
	harness_power_cycle(f->h);
	open_key(f);
}

static int
make(struct fixture *f, fido_opt_t uv, const char *pin)
{
	fido_cred_t *c = fido_cred_new();

	assert_int_equal(fido_cred_set_type(c, COSE_ES256), FIDO_OK);
	assert_int_equal(fido_cred_set_clientdata_hash(
			     c, client_data_hash, sizeof(client_data_hash)),
	    FIDO_OK);
	assert_int_equal(fido_cred_set_rp(c, RP, NULL), FIDO_OK);
	assert_int_equal(fido_cred_set_user(
			     c, (const uint8_t *)"id", 2, "alice", NULL, NULL),
	    FIDO_OK);
	assert_int_equal(fido_cred_set_uv(c, uv), FIDO_OK);
	fido_cred_free(&f->cred);
	f->cred = c;
	return fido_dev_make_cred(f->dev, c, pin);
}

/* Signs and verifies; the flags go to *flags. */
static int
sign(struct fixture *f, fido_opt_t uv, const char *pin, uint8_t *flags)
{
	fido_assert_t *a = fido_assert_new();
	es256_pk_t *pk = es256_pk_new();
	int r;

	assert_int_equal(fido_assert_set_clientdata_hash(
			     a, client_data_hash, sizeof(client_data_hash)),
	    FIDO_OK);
	assert_int_equal(fido_assert_set_rp(a, RP), FIDO_OK);
	assert_int_equal(fido_assert_allow_cred(a, fido_cred_id_ptr(f->cred),
			     fido_cred_id_len(f->cred)),
	    FIDO_OK);
	assert_int_equal(fido_assert_set_uv(a, uv), FIDO_OK);
	r = fido_dev_get_assert(f->dev, a, pin);
	if (r == FIDO_OK) {
		assert_int_equal(
		    es256_pk_from_ptr(pk, fido_cred_pubkey_ptr(f->cred),
			fido_cred_pubkey_len(f->cred)),
		    FIDO_OK);
		assert_int_equal(
		    fido_assert_verify(a, 0, COSE_ES256, pk), FIDO_OK);
		*flags = fido_assert_flags(a, 0);
	}
	es256_pk_free(&pk);
	fido_assert_free(&a);
	return r;
}

static int
retries(const struct fixture *f)
{
	int n = -1;

	assert_int_equal(fido_dev_get_retry_count(f->dev, &n), FIDO_OK);
	return n;
}

static void
pin_from_first_to_last(void **state)
{
	struct fixture *f = *state;
	uint8_t flags;

	assert_true(fido_dev_supports_pin(f->dev));
	assert_false(fido_dev_has_pin(f->dev));
	assert_int_equal(fido_dev_get_uv_retry_count(f->dev, &(int){ 0 }),
	    CTAP2_ERR_INVALID_SUBCOMMAND);
	assert_int_equal(retries(f), 8);
	assert_int_equal(fido_dev_set_pin(f->dev, "123", NULL),
	    FIDO_ERR_PIN_POLICY_VIOLATION);
	assert_int_equal(fido_dev_set_pin(f->dev, PIN, NULL), FIDO_OK);
	assert_int_equal(
	    fido_dev_set_pin(f->dev, PIN, NULL), FIDO_ERR_PIN_AUTH_INVALID);
	restart(f);
	assert_true(fido_dev_has_pin(f->dev));
	assert_int_equal(make(f, FIDO_OPT_TRUE, PIN), FIDO_OK);
	assert_int_equal(fido_cred_flags(f->cred) & UP_UV, UP_UV);
	assert_int_equal(fido_cred_verify_self(f->cred), FIDO_OK);
	assert_int_equal(sign(f, FIDO_OPT_TRUE, PIN, &flags), FIDO_OK);
	assert_int_equal(flags, UP_UV);
	assert_int_equal(
	    fido_dev_set_pin(f->dev, "battery", WRONG), FIDO_ERR_PIN_INVALID);
	assert_int_equal(retries(f), 7);
	assert_int_equal(fido_dev_set_pin(f->dev, "battery", PIN), FIDO_OK);
	assert_int_equal(retries(f), 8);
	assert_int_equal(
	    sign(f, FIDO_OPT_TRUE, PIN, &flags), FIDO_ERR_PIN_INVALID);
	assert_int_equal(sign(f, FIDO_OPT_TRUE, "battery", &flags), FIDO_OK);
	/* One touch for each that went through. */
	assert_int_equal(f->h->asked, 3);
}

static void
pin_blocked(void **state)
{
	static const int want[8] = { FIDO_ERR_PIN_INVALID, FIDO_ERR_PIN_INVALID,
		FIDO_ERR_PIN_AUTH_BLOCKED, FIDO_ERR_PIN_INVALID,
		FIDO_ERR_PIN_INVALID, FIDO_ERR_PIN_AUTH_BLOCKED,
		FIDO_ERR_PIN_INVALID, FIDO_ERR_PIN_BLOCKED };
	struct fixture *f = *state;
	uint8_t flags;

	assert_int_equal(fido_dev_set_pin(f->dev, PIN, NULL), FIDO_OK);
	restart(f);
	assert_int_equal(make(f, FIDO_OPT_OMIT, PIN), FIDO_OK);
	for (int i = 0; i < 8; i++) {
		assert_int_equal(
		    sign(f, FIDO_OPT_TRUE, WRONG, &flags), want[i]);
		assert_int_equal(retries(f), 7 - i);
		if (want[i] == FIDO_ERR_PIN_AUTH_BLOCKED) {
			assert_int_equal(sign(f, FIDO_OPT_TRUE, PIN, &flags),
			    FIDO_ERR_PIN_AUTH_BLOCKED);
			restart(f);
		}
	}
	restart(f);
	assert_int_equal(
	    sign(f, FIDO_OPT_TRUE, PIN, &flags), FIDO_ERR_PIN_BLOCKED);
	assert_int_equal(fido_dev_reset(f->dev), FIDO_OK);
	assert_int_equal(retries(f), 8);
	assert_int_equal(fido_dev_set_pin(f->dev, PIN, NULL), FIDO_OK);
}

static void
verification_built_in(void **state)
{
	struct fixture *f = *state;
	uint8_t flags;
	int n;

	assert_int_equal(make(f, FIDO_OPT_TRUE, NULL), FIDO_OK);
	assert_int_equal(fido_cred_flags(f->cred) & UP_UV, UP_UV);
	/* Verified and touched in one. */
	assert_int_equal(f->h->asked, 1);
	f->h->person = PRESENCE_STRANGER;
	assert_int_equal(
	    sign(f, FIDO_OPT_TRUE, NULL, &flags), FIDO_ERR_UV_INVALID);
	assert_int_equal(fido_dev_get_uv_retry_count(f->dev, &n), FIDO_OK);
	assert_int_equal(n, 4);
	f->h->person = PRESENCE_GRANTED;
	assert_int_equal(sign(f, FIDO_OPT_TRUE, NULL, &flags), FIDO_OK);
	assert_int_equal(flags, UP_UV);
	assert_int_equal(fido_dev_get_uv_retry_count(f->dev, &n), FIDO_OK);
	assert_int_equal(n, 5);
}

static void
configuration(void **state)
{
	static const char *const rps[] = { RP };
	struct fixture *f = *state;
	uint8_t flags;

	assert_int_equal(fido_dev_set_pin(f->dev, PIN, NULL), FIDO_OK);
	restart(f);
	assert_int_equal(make(f, FIDO_OPT_OMIT, NULL), FIDO_OK);
	assert_int_equal(
	    fido_dev_toggle_always_uv(f->dev, WRONG), FIDO_ERR_PIN_INVALID);
	assert_int_equal(fido_dev_toggle_always_uv(f->dev, PIN), FIDO_OK);
	assert_int_equal(
	    sign(f, FIDO_OPT_OMIT, NULL, &flags), FIDO_ERR_PIN_REQUIRED);
	assert_int_equal(sign(f, FIDO_OPT_OMIT, PIN, &flags), FIDO_OK);
	assert_int_equal(flags, UP_UV);
	assert_int_equal(
	    fido_dev_set_pin_minlen_rpid(f->dev, rps, 1, PIN), FIDO_OK);
	assert_int_equal(f->h->saved.min_pin_rps.n, 1);
	assert_int_equal(fido_dev_set_pin_minlen(f->dev, 20, PIN), FIDO_OK);
	assert_true(f->h->saved.force_pin_change);
	assert_int_equal(
	    sign(f, FIDO_OPT_TRUE, PIN, &flags), FIDO_ERR_PIN_POLICY_VIOLATION);
	assert_int_equal(fido_dev_set_pin(f->dev, "too short", PIN),
	    FIDO_ERR_PIN_POLICY_VIOLATION);
	assert_int_equal(
	    fido_dev_set_pin(f->dev, "twenty characters long", PIN), FIDO_OK);
	assert_int_equal(
	    fido_dev_force_pin_change(f->dev, "twenty characters long"),
	    FIDO_OK);
	assert_true(f->h->saved.force_pin_change);
}

static unsigned int one = 1, two = 2;

#define BOTH(f, before)                                          \
	{ #f " (protocol one)", f, before, tear_down, &one },    \
	{                                                        \
#f " (protocol two)", f, before, tear_down, &two \
	}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(pin_from_first_to_last, set_up),
		BOTH(pin_blocked, set_up),
		BOTH(verification_built_in, set_up_uv),
		BOTH(configuration, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
