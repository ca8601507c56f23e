/* SPDX-License-Identifier: BSD-2-Clause */
/* Metadata BLOBs and sets of roots, as files that somebody else wrote. */

#include "models_fixture.h"

#include "metadata.h"

static struct cseal_roots *signers;

static int
make(void **state)
{
	if (models_make(state) != 0)
		return -1;
	signers = models_roots("mds-root.pem");
	return 0;
}

static int
take_away(void **state)
{
	cseal_roots_free(signers);
	return models_remove(state);
}

static int
parse(struct cseal_slice s, struct cseal_metadata **m, struct cseal_error *err)
{
	memset(err, 0, sizeof(*err));
	return cseal_metadata_parse(m, s, signers, err);
}

static void
refused(struct cseal_slice s, int code, const char *why)
{
	struct cseal_metadata *m;
	struct cseal_error err;
	int r = parse(s, &m, &err);

	if (r != code || m != NULL || strstr(err.what, why) == NULL)
		fail_msg("%d, not %d: %s, not %s", r, code, err.what, why);
}

static void
test_good(void **state)
{
	static const char *const names[] = { "good.jwt", "ec.jwt" };
	struct cseal_metadata *m, *again;
	struct cseal_error err;
	struct cseal_buf b;
	char model[CSEAL_MODEL_BYTES];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		models_read(names[i], &b);
		assert_int_equal(
		    parse(cseal_buf_slice(&b), &m, &err), CSEAL_OK);
		assert_int_equal(cseal_metadata_number(m), 42);
		assert_int_equal(
		    cseal_metadata_check(m, (uint64_t)time(NULL), &err),
		    CSEAL_OK);
		assert_int_equal(
		    cseal_metadata_check(m, 86400, &err), CSEAL_ERR_SIGNATURE);
		cseal_metadata_model(m, MODEL, model);
		assert_string_equal(model, "Example Key 5");
		cseal_metadata_model(m, cseal_software_aaguid, model);
		assert_string_equal(model, "");
		/* The last day on which it is the newest, and the next. */
		assert_false(cseal_metadata_is_old(m, 2208988799));
		assert_true(cseal_metadata_is_old(m, 2208988800));
		assert_true(cseal_metadata_is_old(m, UINT64_MAX));
		/* A line feed at the end of a file is not of it. */
		cseal_buf_add_str(&b, "\n");
		assert_int_equal(
		    parse(cseal_buf_slice(&b), &again, &err), CSEAL_OK);
		assert_memory_equal(cseal_metadata_hash(m),
		    cseal_metadata_hash(again), CSEAL_HASH_BYTES);
		cseal_metadata_free(again);
		cseal_metadata_free(m);
		cseal_buf_free(&b);
	}
}

static void
test_other_signer(void **state)
{
	struct cseal_metadata *m;
	struct cseal_error err;
	struct cseal_buf b;

	(void)state;
	models_read("other.jwt", &b);
	assert_int_equal(parse(cseal_buf_slice(&b), &m, &err), CSEAL_OK);
	assert_int_equal(cseal_metadata_check(m, (uint64_t)time(NULL), &err),
	    CSEAL_ERR_SIGNATURE);
	assert_non_null(strstr(err.what, "not the one that you trust"));
	cseal_metadata_free(m);
	cseal_buf_free(&b);
}

/* The root of the signer's vouches for others, too. */
static void
test_other_name(void **state)
{
	struct cseal_metadata *m;
	struct cseal_error err;
	struct cseal_buf b;

	(void)state;
	models_read("web.jwt", &b);
	assert_int_equal(parse(cseal_buf_slice(&b), &m, &err), CSEAL_OK);
	assert_int_equal(cseal_metadata_check(m, (uint64_t)time(NULL), &err),
	    CSEAL_ERR_SIGNATURE);
	assert_non_null(strstr(err.what, "not made out to"));
	cseal_metadata_free(m);
	cseal_buf_free(&b);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *name;
		int code;
		const char *why;
	} rows[] = {
		{ "list", CSEAL_ERR_FORMAT, "not one JSON object" },
		{ "double", CSEAL_ERR_FORMAT, "has a name twice" },
		{ "behind", CSEAL_ERR_FORMAT, "not one JSON object" },
		{ "deep", CSEAL_ERR_FORMAT, "not one JSON object" },
		{ "no-date", CSEAL_ERR_FORMAT, "nextUpdate" },
		{ "no-number", CSEAL_ERR_FORMAT, "(no)" },
		{ "no-entries", CSEAL_ERR_FORMAT, "entries are not a list" },
		{ "no-status", CSEAL_ERR_FORMAT, "entry 0" },
		{ "no-day", CSEAL_ERR_FORMAT, "entry 0" },
		{ "no-reports", CSEAL_ERR_FORMAT, "entry 0" },
		{ "crit", CSEAL_ERR_FORMAT, "(crit)" },
		{ "hs256", CSEAL_ERR_FORMAT, "neither RS256 nor ES256" },
		{ "mixed", CSEAL_ERR_SIGNATURE, "does not hold" },
	};
	struct cseal_buf b;
	char file[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(file, sizeof(file), "%s.jwt", rows[i].name);
		models_read(file, &b);
		refused(cseal_buf_slice(&b), rows[i].code, rows[i].why);
		cseal_buf_free(&b);
	}
}

/* Cut short anywhere; every part of it altered. */
static void
test_cut_and_altered(void **state)
{
	struct cseal_metadata *m;
	struct cseal_error err;
	struct cseal_slice s;
	struct cseal_buf b;

	(void)state;
	models_read("good.jwt", &b);
	s = cseal_buf_slice(&b);
	for (size_t n = 0; n < b.len; n += n < 8 || b.len - n < 8 ? 1 : 37) {
		s.len = n;
		assert_int_not_equal(parse(s, &m, &err), CSEAL_OK);
		assert_null(m);
		assert_true(err.what[0] != '\0');
	}
	s.len = b.len;
	for (size_t i = 0; i < b.len; i += 41) {
		const uint8_t was = b.data[i];

		b.data[i] = was == 'A' ? 'B' : 'A';
		assert_int_not_equal(parse(s, &m, &err), CSEAL_OK);
		assert_null(m);
		b.data[i] = was;
	}
	cseal_buf_add_str(&b, ".AAAA");
	refused(cseal_buf_slice(&b), CSEAL_ERR_FORMAT, "three parts");
	cseal_buf_free(&b);
	refused((struct cseal_slice){ (const uint8_t *)"", 0 },
	    CSEAL_ERR_FORMAT, "three parts");
	refused(
	    (struct cseal_slice){ (const uint8_t *)"", CSEAL_METADATA_MAX + 1 },
	    CSEAL_ERR_TOO_LARGE, "32 MiB");
}

/* The signature's last digit has bits that stand for nothing. */
static void
test_other_spelling(void **state)
{
	struct cseal_buf b;

	(void)state;
	models_read("good.jwt", &b); /* RS256: 256 bytes, 342 digits */
	b.data[b.len - 1]++;
	refused(cseal_buf_slice(&b), CSEAL_ERR_FORMAT, "three parts");
	cseal_buf_free(&b);
}

/* So many parts in a list, and brackets within each other. */
static bool
is_read(size_t parts, size_t depth)
{
	struct cseal_buf b;
	json_t *j;
	bool is;

	cseal_buf_init(&b, 0);
	cseal_buf_add_str(&b, "{\"a,:[{\":[0");
	for (size_t i = 4; i < parts; i++)
		cseal_buf_add_str(&b, ",0");
	cseal_buf_add_str(&b, "],\"b\":");
	for (size_t i = 1; i < depth; i++)
		cseal_buf_add_str(&b, "[");
	for (size_t i = 1; i < depth; i++)
		cseal_buf_add_str(&b, "]");
	cseal_buf_add_str(&b, depth > 1 ? "}" : "0}");
	j = metadata_json(cseal_buf_slice(&b));
	is = j != NULL;
	json_decref(j);
	cseal_buf_free(&b);
	return is;
}

static void
test_bounds(void **state)
{
	(void)state;
	assert_true(is_read(5, 1));
	/* One of the parts is the list that goes deep: "b", and brackets. */
	assert_true(is_read(5, METADATA_DEPTH_MAX));
	assert_false(is_read(5, METADATA_DEPTH_MAX + 1));
	assert_true(is_read(METADATA_ITEMS_MAX - 1, 1));
	assert_false(is_read(METADATA_ITEMS_MAX + 8, 1));
}

/* ---- roots ---- */

static int
parse_roots(const char *pem, struct cseal_roots **r, struct cseal_error *err)
{
	const struct cseal_slice s = { (const uint8_t *)pem, strlen(pem) };

	memset(err, 0, sizeof(*err));
	return cseal_roots_parse(r, s, err);
}

static void
test_roots_name(void **state)
{
	struct cseal_roots *one, *two;
	struct cseal_error err;
	struct cseal_buf a, b, file;

	(void)state;
	models_read("root.pem", &a);
	models_read("stranger.pem", &b);
	cseal_buf_init(&file, 0);
	cseal_buf_printf(&file, "the first\n%s\nthe second\n%s",
	    cseal_buf_str(&a), cseal_buf_str(&b));
	assert_int_equal(
	    parse_roots(cseal_buf_str(&file), &one, &err), CSEAL_OK);
	cseal_buf_reset(&file);
	cseal_buf_printf(&file, "%s%s%s", cseal_buf_str(&b), cseal_buf_str(&a),
	    cseal_buf_str(&b));
	assert_int_equal(
	    parse_roots(cseal_buf_str(&file), &two, &err), CSEAL_OK);
	assert_memory_equal(
	    cseal_roots_hash(one), cseal_roots_hash(two), CSEAL_HASH_BYTES);
	cseal_roots_free(two);
	assert_int_equal(parse_roots(cseal_buf_str(&a), &two, &err), CSEAL_OK);
	assert_memory_not_equal(
	    cseal_roots_hash(one), cseal_roots_hash(two), CSEAL_HASH_BYTES);
	cseal_roots_free(one);
	cseal_roots_free(two);
	cseal_buf_free(&a);
	cseal_buf_free(&b);
	cseal_buf_free(&file);
}

static void
test_roots_refused(void **state)
{
	static const struct {
		const char *text; /* %s: a certificate */
		const char *why;
	} rows[] = {
		{ "", "no certificate stands in it" },
		{ "hello\n", "no certificate stands in it" },
		{ "%s-----BEGIN CERTIFICATE-----\nAAAA\n", "damaged behind" },
		{ "%s-----BEGIN CERTIFICATE-----\n!!!!\n"
		  "-----END CERTIFICATE-----\n",
		    "damaged behind" },
		{ "%s-----BEGIN CERTIFICATE-----\nAAAA\n"
		  "-----END CERTIFICATE-----\n",
		    "certificate 2 of it is damaged" },
		{ "%s-----BEGIN PRIVATE KEY-----\nAAAA\n"
		  "-----END PRIVATE KEY-----\n",
		    "something else than certificates" },
	};
	struct cseal_buf root, file;
	struct cseal_roots *r;
	struct cseal_error err;

	(void)state;
	models_read("root.pem", &root);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *rest = strncmp(rows[i].text, "%s", 2) == 0
				       ? rows[i].text + 2
				       : rows[i].text;

		cseal_buf_init(&file, 0);
		if (rest != rows[i].text)
			cseal_buf_add_str(&file, cseal_buf_str(&root));
		cseal_buf_add_str(&file, rest);
		assert_int_equal(parse_roots(cseal_buf_str(&file), &r, &err),
		    CSEAL_ERR_INPUT);
		assert_null(r);
		if (strstr(err.what, rows[i].why) == NULL)
			fail_msg("row %zu: %s", i, err.what);
		cseal_buf_free(&file);
	}
	cseal_buf_init(&file, 0);
	for (size_t i = 0; i < 257; i++)
		cseal_buf_add_str(&file, cseal_buf_str(&root));
	assert_int_equal(
	    parse_roots(cseal_buf_str(&file), &r, &err), CSEAL_ERR_INPUT);
	assert_non_null(strstr(err.what, "more than 256"));
	cseal_buf_free(&file);
	cseal_buf_free(&root);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_other_signer),
		cmocka_unit_test(test_other_name),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_cut_and_altered),
		cmocka_unit_test(test_other_spelling),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_roots_name),
		cmocka_unit_test(test_roots_refused),
	};

	return cmocka_run_group_tests(tests, make, take_away);
}
