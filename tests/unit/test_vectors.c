/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vectors of tests/vectors/, as they stand there: our verdict and all our
 * findings, in their order, must be what each of them claims.
 */

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "maker_vector.h"

#define FOLDER "tests/vectors"

/* Fewer than there are today: a folder that is not found must not pass. */
static const struct {
	const char *name;
	unsigned least;
} folders[] = {
	{ "statement", 40 },
	{ "encoding", 60 },
	{ "founding", 80 },
	{ "request", 80 },
	{ "acts", 60 },
	{ "entry", 20 },
	{ "seal", 50 },
	{ "key", 50 },
	{ "ledger", 50 },
	{ "break", 150 },
};

/*
 * What no text can provoke: 65,537 entries; a file and what is beside it; what
 * a desk remembers; what an auditor has beside the ledger.
 */
static const char *const not_in_vectors[] = { "head-old", "store-damaged",
	"fact-false", "opening-false", "facts-unchecked", "shown-false",
	"shown-unchecked", "attestation-differs", "attestation-refused",
	"attestation-unchecked", "memory-shrank", "memory-forked" };

#define CODES_MAX 256

/* Of all vectors together. */
struct tally {
	const char *scratch;
	unsigned wrong;
	bool claimed[CODES_MAX]; /* by the rule's place in the table */
};

static void
count_claims(const struct vector *v, struct tally *t)
{
	const struct cseal_rule *rule;
	const char *claim;

	for (size_t i = 0; (claim = vector_text(v, "finding", i)) != NULL;
	     i++) {
		for (size_t k = 0; (rule = cseal_rule_at(k)) != NULL; k++) {
			size_t n = strlen(rule->code);

			assert_true(k < CODES_MAX);
			if (strncmp(claim, rule->code, n) == 0 &&
			    claim[n] == ' ')
				t->claimed[k] = true;
		}
	}
}

static void
check_file(const char *path, struct tally *t)
{
	struct cseal_buf claims, says;
	struct vector v;

	cseal_buf_init(&claims, 0);
	cseal_buf_init(&says, 0);
	if (!vector_read(&v, path) || vector_text(&v, "finding", 0) == NULL ||
	    !vector_judge(&v, t->scratch, &says)) {
		print_error("%s: cannot be read or judged\n", path);
		t->wrong++;
	} else {
		vector_claims(&v, &claims);
		count_claims(&v, t);
		if (strcmp(cseal_buf_str(&claims), cseal_buf_str(&says)) != 0) {
			print_error("%s: claims:\n%sbut we say:\n%s", path,
			    cseal_buf_str(&claims), cseal_buf_str(&says));
			t->wrong++;
		}
	}
	cseal_buf_free(&claims);
	cseal_buf_free(&says);
	vector_free(&v);
}

static bool
is_vector(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 4 && strcmp(e->d_name + n - 4, ".txt") == 0;
}

static void
check_folder(size_t i, struct tally *t)
{
	char path[600];
	unsigned n = 0;
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof(path), "%s/%s", FOLDER, folders[i].name);
	d = opendir(path);
	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		if (!is_vector(e))
			continue;
		snprintf(path, sizeof(path), "%s/%s/%s", FOLDER,
		    folders[i].name, e->d_name);
		check_file(path, t);
		n++;
	}
	closedir(d);
	print_message("# %s: %u vectors\n", folders[i].name, n);
	assert_true(n >= folders[i].least);
}

/* Each rule is shown by a vector, or it is known why not. */
static void
check_cover(struct tally *t)
{
	const struct cseal_rule *rule;

	for (size_t i = 0; i < sizeof(not_in_vectors) / sizeof(char *); i++) {
		for (size_t k = 0; (rule = cseal_rule_at(k)) != NULL; k++) {
			if (strcmp(rule->code, not_in_vectors[i]) != 0)
				continue;
			assert_false(t->claimed[k]);
			t->claimed[k] = true;
		}
	}
	for (size_t k = 0; (rule = cseal_rule_at(k)) != NULL; k++) {
		if (!t->claimed[k])
			fail_msg("no vector shows %s", rule->code);
	}
}

static void
vectors_hold(void **state)
{
	char scratch[VECTOR_SCRATCH_BYTES];
	struct tally t = { .scratch = scratch };

	(void)state;
	assert_true(vector_scratch(scratch));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		check_folder(i, &t);
	assert_int_equal(rmdir(scratch), 0);
	assert_int_equal(t.wrong, 0);
	check_cover(&t);
}

/* A file with `text` in it, as a vector; was it one? */
static bool
reads(const char *text)
{
	char path[] = "/tmp/test_vectors.XXXXXX";
	struct vector v;
	int fd = mkstemp(path);
	bool ok;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	ok = vector_read(&v, path);
	vector_free(&v);
	unlink(path);
	return ok;
}

static void
form_is_checked(void **state)
{
	(void)state;
	assert_true(reads("# a\n\nkind: entry\nfinding: none\n"));
	assert_true(reads("kind: entry\nentry: 00\\\n 11\n"));
	assert_false(reads("kind: entry\nentry: 00\\\n11\n"));
	assert_false(reads("kind: entry\nentry: 00\\\n"));
	assert_false(reads("kind: entry"));
	assert_false(reads("kind:entry\n"));
	assert_false(reads("kind\n"));
	assert_false(reads("finding: none\n"));
	assert_false(reads(": none\n"));
}

/* What is no hexadecimal, or of no kind, is judged as nothing at all. */
static void
values_are_checked(void **state)
{
	static const char *const wrong[][2] = {
		{ "statement", "0" },
		{ "statement", "0G" },
		{ "statement", "0A" },
		{ "entry", "zz" },
		{ "ledger", "1" },
	};
	struct cseal_buf out;

	(void)state;
	cseal_buf_init(&out, 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct vector v = { .lines = { .items = NULL } };

		vector_add(&v, "kind", wrong[i][0]);
		assert_false(vector_judge(&v, "/tmp", &out));
		vector_add(&v, i == 4 ? "entry" : wrong[i][0], wrong[i][1]);
		assert_false(vector_judge(&v, "/tmp", &out));
		vector_free(&v);
	}
	cseal_buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(form_is_checked),
		cmocka_unit_test(values_are_checked),
		cmocka_unit_test(vectors_hold),
	};

	return cmocka_run_group_tests_name("vectors", tests, NULL, NULL);
}
