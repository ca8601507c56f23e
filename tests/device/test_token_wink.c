/* SPDX-License-Identifier: BSD-2-Clause */
/* A key that winks, one that cannot, and some that do not do it. */

#include "liar.h"

static void
test_wink(void **state)
{
	struct stage *s = *state;
	unsigned asked = s->lin.m.h->asked;

	assert_int_equal(cseal_token_wink(s->lin.t, &s->err), CSEAL_OK);
	assert_int_equal(cseal_token_wink(s->lin.t, &s->err), CSEAL_OK);
	assert_int_equal(s->lin.m.h->winks, 2);
	assert_int_equal(s->mina.m.h->winks, 0);
	assert_int_equal(s->lin.m.h->asked, asked);
	/* And is as before. */
	assert_int_equal(stage_request(s), CSEAL_OK);
}

static void
test_cannot(void **state)
{
	struct stage *s = *state;

	s->lin.m.init_flags = FIDO_CAP_CBOR | FIDO_CAP_NMSG;
	assert_int_equal(stage_replug(s, &s->lin), CSEAL_OK);
	assert_int_equal(cseal_token_wink(s->lin.t, &s->err), CSEAL_ERR_TOKEN);
	meddle_expect(&s->err, "cannot wink");
	assert_int_equal(s->lin.m.h->winks, 0);
}

/* CTAPHID's error in place of the answer. */
static void
refuse(void *liar, int client, const uint8_t report[CTAPHID_REPORT])
{
	struct liar *l = liar;
	uint8_t other[CTAPHID_REPORT];

	memcpy(other, report, sizeof(other));
	if (other[4] == CTAPHID_WINK) {
		other[4] = CTAPHID_ERROR;
		other[6] = 1;
		other[7] = CTAPHID_ERR_INVALID_CMD;
	}
	harness_report(l->h, client, other);
}

static void
keep_silent(void *liar, int client, const uint8_t report[CTAPHID_REPORT])
{
	(void)liar;
	(void)client;
	(void)report;
}

static void
test_refused(void **state)
{
	struct stage *s = *state;
	struct liar *l = liar_new(s);
	uint64_t start = l->h->now;

	l->h->on_report = refuse;
	assert_int_equal(cseal_token_wink(s->lin.t, &s->err), CSEAL_ERR_TOKEN);
	meddle_expect(&s->err, "does not know this command");
	l->h->on_report = keep_silent;
	assert_int_equal(cseal_token_wink(s->lin.t, &s->err), CSEAL_ERR_TOKEN);
	meddle_expect(&s->err, "does not answer");
	assert_in_range(l->h->now - start, 3000, 3700);
	l->h->on_report = NULL;
	assert_int_equal(stage_replug(s, &s->lin), CSEAL_OK);
	s->lin.m.gone = true;
	assert_int_equal(cseal_token_wink(s->lin.t, &s->err), CSEAL_ERR_TOKEN);
	meddle_expect(&s->err, "the key is gone");
	free(l);
}

#define TEST(test) \
	cmocka_unit_test_setup_teardown(test, stage_setup, stage_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_wink),
		TEST(test_cannot),
		TEST(test_refused),
	};

	return cmocka_run_group_tests_name("token_wink", tests, NULL, NULL);
}
