/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verify --attestation: verdicts that stand in a ledger against the evidence
 * beside them. Certificates and BLOBs are made for this run by mkmodels.sh.
 */

#include "maker_break.h"
#include "maker_file.h"
#include "models_fixture.h"

/* A key with a chain, added with the verdict that a machine of trust gives. */
struct fixture {
	struct maker *m;
	struct maker_file file;
	struct cseal_roots *roots, *others, *signers;
	struct cseal_metadata *good, *revoked;
	struct batch b;
	size_t key;
	struct cseal_trust by; /* what the administrator had */
};

static struct cseal_metadata *
read_blob(const struct fixture *f, const char *name)
{
	struct cseal_metadata *m;
	struct cseal_error err = { 0 };
	struct cseal_buf b;

	models_read(name, &b);
	if (cseal_metadata_parse(&m, cseal_buf_slice(&b), f->signers, &err) !=
	    CSEAL_OK)
		fail_msg("%s: %s", name, err.what);
	cseal_buf_free(&b);
	return m;
}

static int
setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	f.m = maker_founded(1);
	maker_file_init(&f.file);
	f.roots = models_roots("root.pem");
	f.others = models_roots("stranger.pem");
	f.signers = models_roots("mds-root.pem");
	f.good = read_blob(&f, "good.jwt");
	f.revoked = read_blob(&f, "REVOKED.jwt");
	batch_read(&f.b, "model");
	f.key = maker_key_new(f.m, "lin");
	f.by = (struct cseal_trust){ .roots = f.roots,
		.at = (uint64_t)time(NULL) };
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	batch_free(&f->b);
	cseal_metadata_free(f->good);
	cseal_metadata_free(f->revoked);
	cseal_roots_free(f->roots);
	cseal_roots_free(f->others);
	cseal_roots_free(f->signers);
	maker_file_free(&f->file);
	maker_free(f->m);
	return 0;
}

/* With the batch's chain. */
static struct maker_key *
enrol_only(struct fixture *f)
{
	const struct maker_enrolment how = { .ledger = f->m->state->id,
		.statement = batch_statement,
		.ctx = &f->b };
	struct maker_key *k = &f->m->keys[f->key];

	memcpy(k->aaguid, MODEL, sizeof(k->aaguid));
	maker_key_enrol(k, &how);
	return k;
}

/* And judged by f->by. */
static struct cseal_verdict *
enrol(struct fixture *f)
{
	struct maker_key *k = enrol_only(f);
	struct cseal_worth a;

	assert_int_equal(
	    cseal_key_judge(&k->record, &f->by, &a, NULL), CSEAL_OK);
	cseal_verdict_fill(&k->record.verdict, &a, &f->by);
	return &k->record.verdict;
}

/* Agreed to and written; the entry that asked for it. */
static uint64_t
add(struct fixture *f)
{
	uint64_t n = maker_agreed(f->m, maker_key_add(f->m, MINA, f->key));

	maker_file_write(&f->file, f->m);
	return n;
}

/* What is found with that given: exactly this, about that entry; or NULL. */
static void
found(struct fixture *f, const struct cseal_roots *roots,
    const struct cseal_metadata *metadata, const char *code, const char *detail)
{
	const struct cseal_trust t = { roots, metadata, (uint64_t)time(NULL) };
	const struct cseal_finding *o;
	struct cseal_replay *r = NULL;
	struct cseal_ledger *l = NULL;
	struct cseal_error err;
	uint64_t size;

	assert_int_equal(
	    cseal_ledger_open(&l, f->file.path, CSEAL_LEDGER_READ, &err),
	    CSEAL_OK);
	assert_int_equal(cseal_replay_new(&r, l, NULL, &err), CSEAL_OK);
	assert_null(cseal_replay_finding(r, 0));
	size = cseal_state_size(cseal_replay_state(r));
	assert_int_equal(cseal_replay_recheck_keys(r, l, &t, &err), CSEAL_OK);
	assert_int_equal(cseal_state_size(cseal_replay_state(r)), size);
	o = cseal_replay_finding(r, 0);
	if (code == NULL) {
		if (o != NULL)
			fail_msg("%s: %s", o->rule->code, o->detail);
	} else if (o == NULL || strcmp(o->rule->code, code) != 0 ||
		   strstr(o->detail, detail) == NULL) {
		fail_msg("not %s %s: %s %s", code, detail,
		    o != NULL ? o->rule->code : "nothing",
		    o != NULL ? o->detail : "");
	} else {
		assert_null(cseal_replay_finding(r, 1));
		assert_int_equal(cseal_replay_clean(r),
		    o->rule->grade != CSEAL_FINDING_ERROR);
	}
	cseal_replay_free(r);
	cseal_ledger_close(l);
}

#define DIFFERS	  "attestation-differs"
#define UNCHECKED "attestation-unchecked"
#define REFUSED	  "attestation-refused"

/* Founders with attestation of their own: nothing to say. */
static void
test_founders(void **state)
{
	struct fixture *f = *state;

	maker_file_write(&f->file, f->m);
	found(f, NULL, NULL, NULL, "");
	found(f, f->roots, f->good, NULL, "");
}

static void
test_trusted(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(enrol(f)->level, CSEAL_VERDICT_TRUSTED);
	(void)add(f);
	found(f, f->roots, NULL, NULL, "");
	found(f, f->roots, f->good, NULL, "");
	found(f, NULL, NULL, UNCHECKED, "1 key");
	found(f, f->others, NULL, UNCHECKED, "1 key");
}

static void
test_listed(void **state)
{
	struct fixture *f = *state;

	f->by.metadata = f->good;
	assert_int_equal(enrol(f)->level, CSEAL_VERDICT_LISTED);
	(void)add(f);
	found(f, f->roots, f->good, NULL, "");
	found(f, f->roots, NULL, UNCHECKED, "1 key");
	found(f, NULL, f->good, UNCHECKED, "1 key");
}

/* An administrator's machine that says more than the evidence does. */
static void
test_overstated(void **state)
{
	struct fixture *f = *state;

	f->by.roots = f->others;
	assert_int_equal(enrol(f)->level, CSEAL_VERDICT_UNKNOWN_ROOT);
	f->m->keys[f->key].record.verdict.level = CSEAL_VERDICT_TRUSTED;
	(void)add(f);
	found(f, f->others, NULL, DIFFERS,
	    "of lin: it says trusted, not "
	    "unknown root: no root");
	/* By roots that it does not name nothing can be said. */
	found(f, f->roots, NULL, UNCHECKED, "1 key");
}

/* Trusted by nobody's roots. */
static void
test_by_nobody(void **state)
{
	struct fixture *f = *state;
	struct cseal_verdict *v;

	f->by.roots = NULL;
	v = enrol(f);
	assert_false(v->has_roots);
	v->level = CSEAL_VERDICT_LISTED;
	(void)add(f);
	found(f, NULL, NULL, DIFFERS, "no roots were given");
	found(f, f->roots, f->good, DIFFERS, "no roots were given");
}

/* Without a chain no roots make more of it: that is known without them. */
static void
test_self_overstated(void **state)
{
	struct fixture *f = *state;
	const struct maker_enrolment how = { .ledger = f->m->state->id };
	struct maker_key *k = &f->m->keys[f->key];

	maker_key_enrol(k, &how);
	k->record.verdict.level = CSEAL_VERDICT_TRUSTED;
	k->record.verdict.has_roots = true;
	(void)add(f);
	found(f, NULL, NULL, DIFFERS, "it says trusted, not self");
}

/* Said to be less than it is. */
static void
test_understated(void **state)
{
	struct fixture *f = *state;

	enrol(f)->level = CSEAL_VERDICT_SELF;
	(void)add(f);
	found(f, f->roots, NULL, DIFFERS, "it says self, not trusted");
	found(f, NULL, NULL, DIFFERS, "it says self, not unknown root");
}

/* The signature over the evidence does not hold. */
static void
test_false_evidence(void **state)
{
	struct fixture *f = *state;

	f->b.alg = CSEAL_ALG_EDDSA;
	enrol_only(f)->record.verdict.level = CSEAL_VERDICT_UNKNOWN_ROOT;
	(void)add(f);
	found(f, f->roots, NULL, DIFFERS, "not ES256");
}

/* Judged at a time at which a certificate was not valid. */
static void
test_evaluated(void **state)
{
	struct fixture *f = *state;

	enrol(f)->evaluated = 86400;
	(void)add(f);
	found(f, f->roots, NULL, DIFFERS, "not valid yet");
}

/* Reported since; of a key that is revoked nobody needs to know. */
static void
test_reported(void **state)
{
	struct fixture *f = *state;

	(void)enrol(f);
	(void)add(f);
	found(f, f->roots, f->revoked, REFUSED, "REVOKED of its model");
	(void)maker_agreed(
	    f->m, maker_key_revoke(f->m, MINA, f->m->state->keys.n - 1));
	maker_file_write(&f->file, f->m);
	found(f, f->roots, f->revoked, NULL, "");
}

/* One that was asked for and not approved is no key. */
static void
test_not_added(void **state)
{
	struct fixture *f = *state;

	enrol(f)->level = CSEAL_VERDICT_SELF;
	(void)maker_do(f->m, maker_key_add(f->m, MINA, f->key));
	maker_file_write(&f->file, f->m);
	found(f, f->roots, NULL, NULL, "");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_founders),
		TEST(test_trusted),
		TEST(test_listed),
		TEST(test_overstated),
		TEST(test_by_nobody),
		TEST(test_self_overstated),
		TEST(test_understated),
		TEST(test_false_evidence),
		TEST(test_evaluated),
		TEST(test_reported),
		TEST(test_not_added),
	};

	return cmocka_run_group_tests(tests, models_make, models_remove);
}
