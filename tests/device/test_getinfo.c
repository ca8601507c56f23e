/* SPDX-License-Identifier: BSD-2-Clause */
/* getInfo to the byte, and what every command asks of its message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "device_harness.h"
#include "scan.h"
#include "status.h"

static int
set_up(void **state)
{
	*state = harness_new("device:", true);
	return 0;
}

static int
set_up_no_uv(void **state)
{
	*state = harness_new("device:", false);
	return 0;
}

static int
tear_down(void **state)
{
	harness_free(*state);
	return 0;
}

#define HEAD                         \
	"\x01\x82\x68"               \
	"FIDO_2_0\x68"               \
	"FIDO_2_1"                   \
	"\x02\x83\x6b"               \
	"credProtect\x6bhmac-secret" \
	"\x6cminPinLength"           \
	"\x03\x50"                   \
	"cseal-SOFT-token"

#define OPTIONS                                   \
	"\x68"                                    \
	"alwaysUv\xf4\x68"                        \
	"credMgmt\xf5\x69"                        \
	"authnrCfg\xf5\x69"                       \
	"clientPin\xf4\x6epinUvAuthToken\xf5\x6f" \
	"setMinPINLength\xf5\x70makeCredUvNotRqd\xf5"

#define MIDDLE                                 \
	"\x05\x19\x1d\xb9\x06\x82\x02\x01"     \
	"\x07\x18\x20\x08\x18\x80\x09\x81\x63" \
	"usb"                                  \
	"\x0a\x83"                             \
	"\xa2\x63"                             \
	"alg\x26\x64type\x6apublic-key"        \
	"\xa2\x63"                             \
	"alg\x27\x64type\x6apublic-key"        \
	"\xa2\x63"                             \
	"alg\x38\x22\x64type\x6apublic-key"    \
	"\x0c\xf4\x0d\x04\x0e\x19\x01\x00"     \
	"\x10\x08"

static void
expect_info(struct harness *h, const char *want, size_t n)
{
	struct harness_message reply;

	assert_int_equal(harness_ctap(h, "\x04", 1, &reply), CTAP2_OK);
	assert_int_equal(reply.len, n);
	assert_memory_equal(reply.data, want, n);
	assert_true(scan_is_canonical(reply.data + 1, reply.len - 1));
}

static void
info_is_exact(void **state)
{
	static const char want[] =
	    "\x00\xb0" HEAD "\x04\xac\x62rk\xf5\x62up\xf5\x62uv\xf5\x64plat\xf4"
	    "\x66uvAcfg\xf5" OPTIONS MIDDLE "\x11\x03\x14\x18\x20";

	expect_info(*state, want, sizeof(want) - 1);
}

static void
info_without_uv_has_no_uv(void **state)
{
	static const char want[] =
	    "\x00\xaf" HEAD
	    "\x04\xaa\x62rk\xf5\x62up\xf5\x64plat\xf4" OPTIONS MIDDLE
	    "\x14\x18\x20";

	expect_info(*state, want, sizeof(want) - 1);
}

static void
bare_commands(void **state)
{
	static const char plain[] = "\x04\x07\x0b";
	struct harness *h = *state;

	/* Nothing, bioEnrollment, largeBlobs, vendor */
	for (const char *c = "\x03\x05\x09\x0c\x40\xff"; *c; c++)
		assert_int_equal(
		    harness_ctap(h, c, 1, NULL), CTAP1_ERR_INVALID_COMMAND);
	assert_int_equal(
	    harness_ctap(h, "", 1, NULL), CTAP1_ERR_INVALID_COMMAND);
	for (size_t i = 0; i < 3; i++) {
		const char with[] = { plain[i], '\xa0' };

		assert_int_equal(
		    harness_ctap(h, with, 2, NULL), CTAP1_ERR_INVALID_LENGTH);
	}
	for (const char *c = "\x01\x02\x06\x0a\x0d"; *c; c++)
		assert_int_equal(
		    harness_ctap(h, c, 1, NULL), CTAP2_ERR_MISSING_PARAMETER);
	assert_int_equal(h->asked, 0);
}

/* A message whose body is given as it stands. */
static void
expect_body(
    struct harness *h, uint8_t command, const void *p, size_t n, int want)
{
	uint8_t m[CTAPHID_MESSAGE_MAX] = { command };

	assert_true(n < sizeof(m));
	memcpy(m + 1, p, n);
	assert_int_equal(harness_ctap(h, m, n + 1, NULL), want);
}

/* test_scan.c has all forms; here: that the commands do look. */
static void
bodies_must_be_canonical(void **state)
{
	static const struct {
		const char *p;
		size_t n;
	} bodies[] = {
		{ "\xbf\xff", 2 },
		{ "\xa0\x00", 2 },
		{ "\xa2\x02\x00\x01\x00", 5 },
		{ "\xa1\x18\x01\x00", 4 },
		{ "\xa1\x01\x9a\x10\x00\x00\x00", 7 },
		{ "\x9a\x10\x00\x00\x00", 5 },
		{ "\xba\x10\x00\x00\x00", 5 },
		{ "\xa1\x01\x81\x81\x81\x81\x00", 7 },
		{ "\xa1\x01\xc0\x00", 4 },
		{ "\xa1\x01", 2 },
	};
	uint8_t deep[CTAPHID_MESSAGE_MAX - 1];

	memset(deep, 0x81, sizeof(deep));
	for (uint8_t c = 0x01; c <= 0x02; c++) {
		for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
			expect_body(*state, c, bodies[i].p, bodies[i].n,
			    CTAP2_ERR_INVALID_CBOR);
		expect_body(
		    *state, c, deep, sizeof(deep), CTAP2_ERR_INVALID_CBOR);
		expect_body(
		    *state, c, "\x80", 1, CTAP2_ERR_CBOR_UNEXPECTED_TYPE);
		expect_body(
		    *state, c, "\x01", 1, CTAP2_ERR_CBOR_UNEXPECTED_TYPE);
		expect_body(*state, c, "\xa0", 1, CTAP2_ERR_MISSING_PARAMETER);
	}
}

#define TEST(f, set_up) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(info_is_exact, set_up),
		TEST(info_without_uv_has_no_uv, set_up_no_uv),
		TEST(bare_commands, set_up),
		TEST(bodies_must_be_canonical, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
