/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mutated ledgers: mkmutants SEED N FOLDER. Writes N vectors without their
 * findings, SEED-00000.txt and so on, and N / 5 files of ledgers with damage
 * beside the entries, SEED-00000.ledger and so on. What our verifier says of
 * them all goes into FOLDER/findings, in the form of verify.py. Prints how
 * often each rule was found. The same seed gives the same mutants.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "maker_vector.h"
#include "mutant.h"

#define MUTANTS_A_BASE 10
#define VECTORS_A_FILE 5
#define RULES_MAX      256

struct tally {
	unsigned mutants; /* vectors */
	unsigned files;
	unsigned valid;
	unsigned entries;
	unsigned rules[RULES_MAX];
};

struct run {
	uint64_t seed;
	const char *folder;
	char scratch[VECTOR_SCRATCH_BYTES];
	FILE *findings;
	size_t turns[TURNS];
	struct tally tally;
};

static const char *
mutate(const struct script *s, const struct entries *base, struct chance *c,
    struct entries *out)
{
	static const mutate_draft_fn drafts[] = { mutate_member, mutate_member,
		mutate_member, mutate_member, mutate_member, mutate_actor,
		mutate_look, mutate_clock, mutate_seal, mutate_seal };
	size_t way = chance_below(c, 28);

	if (way < 10)
		return mutant_of_draft(s, base, drafts[way], c, out);
	if (way < 24)
		return mutant_of_acts(s, base, c, out);
	return mutant_of_entries(s, base, c, out);
}

/* One line of findings: its rule is counted. */
static void
count_line(struct tally *t, const char *line)
{
	const struct cseal_rule *rule;
	size_t n = strcspn(line, " ");

	for (size_t i = 0; (rule = cseal_rule_at(i)) != NULL; i++) {
		assert_true(i < RULES_MAX);
		if (strlen(rule->code) == n && memcmp(rule->code, line, n) == 0)
			t->rules[i]++;
	}
}

static void
write_findings(struct run *r, const char *name, const char *says)
{
	bool valid = strstr(says, " error ") == NULL;

	r->tally.valid += valid ? 1 : 0;
	fprintf(r->findings, "%s: %s\n", name, valid ? "valid" : "invalid");
	while (*says != '\0') {
		size_t n = strcspn(says, "\n");

		fprintf(r->findings, "  %.*s\n", (int)n, says);
		count_line(&r->tally, says);
		says += n + 1;
	}
}

static void
write_mutant(struct run *r, const struct entries *e, const char *what)
{
	struct vector v = { .lines = { .items = NULL } };
	struct cseal_buf says;
	char name[64], path[400];

	vector_add(&v, "kind", "ledger");
	for (size_t i = 0; i < e->list.n; i++)
		vector_add_bytes(&v, "entry", entries_at(e, i));
	snprintf(name, sizeof(name), "%llu-%05u.txt",
	    (unsigned long long)r->seed, r->tally.mutants++);
	snprintf(path, sizeof(path), "%s/%s", r->folder, name);
	cseal_buf_init(&says, 0);
	if (!vector_write(&v, what, path) ||
	    !vector_replay(&e->list, r->scratch, &says))
		fail_msg("%s: cannot be written or judged", path);
	r->tally.entries += (unsigned)e->list.n;
	write_findings(r, name, cseal_buf_str(&says));
	cseal_buf_free(&says);
	vector_free(&v);
}

/* A base of 5 to 40 entries, and mutants of it. */
static void
write_base(struct run *r, unsigned number, unsigned n)
{
	struct entries base = { .list = { .items = NULL } };
	struct chance c = { r->seed * 1000003 + number, r->turns };
	struct script s;

	script_draw(&s, chance_next(&c), 5 + chance_below(&c, 36));
	script_play(&s, &base);
	if (base.list.n != s.n)
		fail_msg(
		    "base %u: %zu of %zu acts stand", number, base.list.n, s.n);
	for (unsigned i = 0; i < n; i++) {
		struct entries out = { .list = { .items = NULL } };
		const char *what = mutate(&s, &base, &c, &out);

		write_mutant(r, &out, what);
		entries_free(&out);
	}
	entries_free(&base);
}

/* The file's bytes, once no connection holds any of them. */
static void
copy_file(const char *from, const char *to)
{
	char bytes[4096];
	FILE *in = fopen(from, "rbe"), *out = fopen(to, "wbe");
	size_t n;

	if (in == NULL || out == NULL)
		fail_msg("%s: cannot be copied to %s", from, to);
	while ((n = fread(bytes, 1, sizeof(bytes), in)) > 0)
		assert_int_equal(fwrite(bytes, 1, n, out), n);
	assert_int_equal(ferror(in), 0);
	assert_int_equal(fclose(out), 0);
	(void)fclose(in);
}

static void
write_file(struct run *r, const struct maker *m, struct chance *c)
{
	struct cseal_buf says;
	char name[64], path[400], scratch[400];

	snprintf(scratch, sizeof(scratch), "%s/ledger", r->scratch);
	maker_write(m, scratch);
	(void)mutant_of_file(scratch, c);
	snprintf(name, sizeof(name), "%llu-%05u.ledger",
	    (unsigned long long)r->seed, r->tally.files++);
	snprintf(path, sizeof(path), "%s/%s", r->folder, name);
	copy_file(scratch, path);
	cseal_buf_init(&says, 0);
	if (!vector_verify(scratch, &says))
		fail_msg("%s: cannot be judged", path);
	write_findings(r, name, cseal_buf_str(&says));
	cseal_buf_free(&says);
	assert_int_equal(unlink(scratch), 0);
}

/* A ledger with its openings, and files of it that were damaged. */
static void
write_files(struct run *r, unsigned number, unsigned n)
{
	struct chance c = { ~r->seed * 1000003 + number, r->turns };
	struct script s;
	struct maker *m;

	script_draw(&s, chance_next(&c), 8 + chance_below(&c, 24));
	m = script_played(&s);
	for (unsigned i = 0; i < n; i++)
		write_file(r, m, &c);
	maker_free(m);
}

static void
print_tally(const struct tally *t)
{
	const struct cseal_rule *rule;
	unsigned found = 0;

	for (size_t i = 0; (rule = cseal_rule_at(i)) != NULL; i++) {
		if (t->rules[i] == 0)
			continue;
		printf("%6u %s\n", t->rules[i], rule->code);
		found++;
	}
	printf("%u mutants of %u entries, %u files, %u valid, %u rules\n",
	    t->mutants, t->entries, t->files, t->valid, found);
}

int
main(int argc, char **argv)
{
	struct run r = { .seed = 0 };
	char path[400];
	unsigned n;

	if (argc != 4 || !vector_scratch(r.scratch)) {
		fprintf(stderr, "usage: mkmutants SEED N FOLDER\n");
		return 2;
	}
	r.seed = strtoull(argv[1], NULL, 10);
	n = (unsigned)strtoul(argv[2], NULL, 10);
	r.folder = argv[3];
	snprintf(path, sizeof(path), "%s/findings", r.folder);
	r.findings = fopen(path, "we");
	if (r.findings == NULL) {
		perror(path);
		return 1;
	}
	for (unsigned i = 0; r.tally.mutants < n; i++) {
		unsigned left = n - r.tally.mutants;

		write_base(
		    &r, i, left < MUTANTS_A_BASE ? left : MUTANTS_A_BASE);
	}
	for (unsigned i = 0; r.tally.files < n / VECTORS_A_FILE; i++) {
		unsigned left = n / VECTORS_A_FILE - r.tally.files;

		write_files(
		    &r, i, left < MUTANTS_A_BASE ? left : MUTANTS_A_BASE);
	}
	(void)rmdir(r.scratch);
	print_tally(&r.tally);
	return fclose(r.findings) == 0 ? 0 : 1;
}
