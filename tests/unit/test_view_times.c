/* SPDX-License-Identifier: BSD-2-Clause */
/* Windows and read-backs, as the policy in force says. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/replay.h"
#include "policy_fixture.h"

#define FRIDAY 1698404400 /* 2023-10-27T11:00:00Z; clocks move on Sunday */

/* The fixed rules with some of their lines otherwise. */
static struct cseal_policy *
rules(const char *const *lines, size_t n)
{
	struct cseal_buf usual, text;
	struct cseal_policy *p;
	struct cseal_error err;
	const char *line;
	size_t len;

	cseal_buf_init(&usual, 0);
	cseal_buf_init(&text, 0);
	assert_int_equal(cseal_policy_default(&usual), CSEAL_OK);
	for (line = cseal_buf_str(&usual); *line != '\0'; line += len + 1) {
		const char *equals = strstr(line, " = ");
		const char *put = NULL;

		len = strcspn(line, "\n");
		for (size_t i = 0; i < n && equals != NULL; i++) {
			if (strncmp(lines[i], line,
				(size_t)(equals - line) + 3) == 0)
				put = lines[i];
		}
		cseal_buf_add(&text, put != NULL ? put : line,
		    put != NULL ? strlen(put) : len);
		cseal_buf_add(&text, "\n", 1);
	}
	p = parse(cseal_buf_str(&text), &err);
	if (p == NULL)
		fail_msg("%s: %s", err.where, err.what);
	cseal_buf_free(&usual);
	cseal_buf_free(&text);
	return p;
}

static void
window_is(const char *window, const char *zone, uint64_t approved,
    uint64_t want_opens, uint64_t want_closes, int want)
{
	const char *const lines[] = { window, zone };
	struct cseal_policy *p = rules(lines, 2);
	const struct cseal_state_change c = {
		.kind =
		    cseal_kind_find("payout.iban", sizeof("payout.iban") - 1),
		.apply_not_before = approved,
	};
	uint64_t opens = 1, closes = 1;
	struct cseal_error err;

	assert_int_equal(
	    cseal_change_window(p, &c, &opens, &closes, &err), want);
	assert_true(opens == want_opens);
	assert_true(closes == want_closes);
	cseal_policy_free(p);
}

static void
windows(void **state)
{
	static const char berlin[] = "time zone = Europe/Berlin";
	static const char nowhere[] = "time zone = Europe/Atlantis";

	(void)state;
	window_is("apply window = none", berlin, FRIDAY, FRIDAY,
	    CSEAL_TIME_NEVER, CSEAL_OK);
	window_is("apply window = 48h", berlin, FRIDAY, FRIDAY,
	    FRIDAY + 48 * 3600, CSEAL_OK);
	/* Monday ends at 23:00Z, and in Atlantis nobody knows when. */
	window_is("apply window = 1 working day", berlin, FRIDAY, FRIDAY,
	    1698706800, CSEAL_OK);
	window_is("apply window = 3 working days", berlin, FRIDAY, FRIDAY,
	    1698879600, CSEAL_OK);
	window_is("apply window = 1 working day", nowhere, FRIDAY, FRIDAY,
	    FRIDAY, CSEAL_ERR_NOT_FOUND);
	window_is("apply window = 48h", nowhere, FRIDAY, FRIDAY,
	    FRIDAY + 48 * 3600, CSEAL_OK);
	window_is("apply window = 48h", berlin, 0, CSEAL_TIME_NEVER,
	    CSEAL_TIME_NEVER, CSEAL_OK);
}

static void
read_backs(void **state)
{
	static const char *const lost[] = { "time zone = Europe/Atlantis" };
	const struct cseal_kind *paid =
	    cseal_kind_find("payout.iban", sizeof("payout.iban") - 1);
	const struct cseal_kind *mail = cseal_kind_find(
	    "contact.login_email", sizeof("contact.login_email") - 1);
	struct cseal_policy *p = rules(NULL, 0);
	uint64_t within, again;
	struct cseal_error err;

	(void)state;
	assert_int_equal(
	    cseal_read_back_due(p, paid, FRIDAY, &within, &again, &err),
	    CSEAL_OK);
	assert_true(within == FRIDAY + 2 * 3600);
	assert_true(again == 1698796800); /* Tuesday's end, UTC */
	assert_int_equal(
	    cseal_read_back_due(p, mail, FRIDAY, &within, &again, &err),
	    CSEAL_OK);
	assert_true(within == CSEAL_TIME_NEVER);
	assert_true(again == CSEAL_TIME_NEVER);
	cseal_policy_free(p);
	p = rules(lost, 1);
	assert_int_equal(
	    cseal_read_back_due(p, paid, FRIDAY, &within, &again, &err),
	    CSEAL_ERR_NOT_FOUND);
	assert_true(within == FRIDAY + 2 * 3600);
	assert_true(again == CSEAL_TIME_NEVER);
	cseal_policy_free(p);
}

/* ---- what another tool reckons ---- */

#define MAKER "tests/vectors/calendar/mkcalendar.py --windows"
#define KEYS  7

static struct cseal_policy *
take_policy(char *line)
{
	static const char *const keys[KEYS] = { "time zone", "working days",
		"holidays", "cooling off", "apply window", "read back within",
		"read back again after" };
	char text[KEYS][1024];
	const char *lines[KEYS];
	char *rest = NULL, *word = strtok_r(line, "|\n", &rest);

	for (size_t i = 0; i < KEYS; i++) {
		assert_non_null(word);
		assert_true((size_t)snprintf(text[i], sizeof(text[i]),
				"%s = %s", keys[i], word) < sizeof(text[i]));
		lines[i] = text[i];
		word = strtok_r(NULL, "|\n", &rest);
	}
	return rules(lines, KEYS);
}

static uint64_t
take_time(char **rest)
{
	const char *word = strtok_r(NULL, " \n", rest);

	assert_non_null(word);
	return strcmp(word, "never") == 0 ? CSEAL_TIME_NEVER
					  : strtoull(word, NULL, 10);
}

static void
take_window(const struct cseal_policy *p, char *line)
{
	const struct cseal_kind *kind =
	    cseal_kind_find("payout.iban", strlen("payout.iban"));
	uint64_t v[6], opens, closes, within, again;
	struct cseal_state_change c = { .kind = kind };
	struct cseal_error err;
	char *rest = NULL;

	(void)strtok_r(line, " ", &rest);
	for (size_t i = 0; i < 6; i++)
		v[i] = take_time(&rest);
	c.apply_not_before = v[0] + cseal_policy_change(p, kind)->cooling_off;
	assert_int_equal(
	    cseal_change_window(p, &c, &opens, &closes, &err), CSEAL_OK);
	assert_int_equal(
	    cseal_read_back_due(p, kind, v[1], &within, &again, &err),
	    CSEAL_OK);
	if (opens != v[2] || closes != v[3] || within != v[4] || again != v[5])
		fail_msg("%s, approved at %llu: not so",
		    cseal_policy_calendar(p)->zone, (unsigned long long)v[0]);
}

static void
other_tool(void **state)
{
	static char line[4096];
	struct cseal_policy *p = NULL;
	unsigned rows = 0;
	FILE *pipe;

	(void)state;
	if (system("python3 -c 'import zoneinfo; zoneinfo.ZoneInfo(\"UTC\")' "
		   ">/dev/null 2>&1") != 0)
		skip();
	pipe = popen("python3 -B " MAKER, "r");
	assert_non_null(pipe);
	while (fgets(line, sizeof(line), pipe) != NULL) {
		if (line[0] == 'p') {
			cseal_policy_free(p);
			p = take_policy(line + strlen("policy "));
		} else {
			take_window(p, line);
			rows++;
		}
	}
	assert_int_equal(pclose(pipe), 0);
	assert_true(rows > 3000);
	cseal_policy_free(p);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows),
		cmocka_unit_test(read_backs),
		cmocka_unit_test(other_tool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
