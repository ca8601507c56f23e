/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random sequences of acts, judged by the fold and by the model (model.h)
 * side by side. After every act:
 *
 *	- both have said the same and hold the same;
 *	- no change has got on with fewer distinct persons than were asked;
 *	- an open change is approved exactly if no place of it is empty.
 *
 * At the end of each sequence its entries, which now stand in a longer
 * ledger, are folded once more: to the same verdicts and the same states,
 * whether the acts that were refused are seen or not.
 *
 *	SEED=N        another seed
 *	SEQUENCES=N   so many of them
 *	SEQUENCE=N    that one alone, told act by act
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "model_random.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLOW 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SLOW 1
#endif
#endif
#ifdef SLOW
#define SEQUENCES 5000
#else
#define SEQUENCES 100000
#endif
#define SEED	  20261118
#define WORKERS	  2
#define ACTS_MIN  5
#define ACTS_MAX  20
#define FOUNDINGS 3

/* What a worker counted; shared with the parent. */
struct tally {
	uint64_t sequences, acts, stood, got_on, refolded;
	uint64_t rules[RULE_COUNT];
	uint64_t statuses[CSEAL_CHANGE_EXPIRED + 1];
	bool failed;
};

struct setting {
	uint64_t seed, sequences;
	bool one;
	uint64_t only;
	struct model_policies policies[2];
	struct model_founding foundings[FOUNDINGS];
	struct tally *tallies; /* one a worker */
};

/* An act that was played, and what came of it. */
struct played {
	struct model_act act;
	struct cseal_buf bytes;
	enum rule_id rule;
	struct fold_notes notes;
	uint8_t digest[CSEAL_HASH_BYTES]; /* of the state after it */
	size_t person; /* of an approval that stands, by the fold's table */
};

struct run {
	const struct setting *set;
	const struct model_founding *founding;
	struct tally *tally;
	uint64_t number;
	struct model_course course;
	struct cseal_state *state;
	struct played played[ACTS_MAX];
	size_t n;
	uint64_t policy_since; /* act that brought the policy in force */
	char what[MODEL_TEXT]; /* went wrong */
};

static bool __attribute__((format(printf, 2, 3)))
wrong(struct run *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(r->what, sizeof(r->what), fmt, ap);
	va_end(ap);
	return false;
}

/* ---- two persons: counted from the acts, without model and fold ---- */

/* Distinct persons who approved it under the policy, the requester left out. */
static unsigned
persons_for(const struct run *r, const struct state_change *c)
{
	uint64_t who = 0;
	unsigned n = 0;

	for (size_t i = (size_t)r->policy_since; i < r->n; i++) {
		const struct played *p = &r->played[i];

		if (p->rule == RULE_OK && p->act.kind == CSEAL_APPROVE &&
		    p->act.change == c->pub.index &&
		    p->person != c->pub.requester)
			who |= (uint64_t)1 << p->person;
	}
	for (; who != 0; who &= who - 1)
		n++;
	return n;
}

/* `rules` are those that judged the last act. */
static bool
enough_persons(struct run *r, const struct model_rules *rules)
{
	for (size_t i = 0; i < r->state->changes.n; i++) {
		const struct state_change *c = r->state->changes.items[i];
		const struct model_kind *k =
		    &rules->kind[r->course.model.changes[i].asked.what];
		bool got_on =
		    c->pub.status == CSEAL_CHANGE_APPROVED ||
		    (c->pub.status == CSEAL_CHANGE_IN_FORCE &&
			c->pub.decided_by + 1 == cseal_state_size(r->state));

		r->tally->got_on += got_on;
		if (got_on && persons_for(r, c) < k->count[0] + k->count[1])
			return wrong(r, "#%llu got on with %u persons",
			    (unsigned long long)c->pub.index,
			    persons_for(r, c));
	}
	return true;
}

/* An open change is approved exactly if no place of it is empty. */
static bool
approved_if_filled(struct run *r)
{
	struct cseal_buf missing;
	bool ok = true;

	cseal_buf_init(&missing, 0);
	for (size_t i = 0; i < r->state->changes.n && ok; i++) {
		const struct state_change *c = r->state->changes.items[i];
		bool filled;

		cseal_buf_reset(&missing);
		filled = cseal_change_missing(r->state, &c->pub, &missing) ==
			     CSEAL_OK &&
			 missing.len == 0;
		if (state_is_open(c) &&
		    filled != (c->pub.status == CSEAL_CHANGE_APPROVED))
			ok = wrong(r, "#%llu is %s, and \"%s\" is missing",
			    (unsigned long long)c->pub.index,
			    cseal_change_status_name(c->pub.status),
			    cseal_buf_str(&missing));
	}
	cseal_buf_free(&missing);
	return ok;
}

/* ---- one act ---- */

static bool
same_verdict(struct run *r, const struct played *p, const char *says,
    const char *const *notes, size_t n)
{
	const char *code = p->rule == RULE_OK ? NULL : rule_row(p->rule)->code;

	if ((code == NULL) != (says == NULL) ||
	    (code != NULL && strcmp(code, says) != 0))
		return wrong(r, "the fold says %s, the model %s",
		    code != NULL ? code : "that it stands",
		    says != NULL ? says : "that it stands");
	if (code != NULL)
		return true;
	if (n != p->notes.n)
		return wrong(r, "%zu notes, the model has %zu", p->notes.n, n);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rule_row(p->notes.rules[i])->code, notes[i]) != 0)
			return wrong(r, "noted %s, the model says %s",
			    rule_row(p->notes.rules[i])->code, notes[i]);
	}
	return true;
}

static void
count_act(struct run *r, const struct played *p)
{
	r->tally->acts++;
	r->tally->stood += p->rule == RULE_OK;
	r->tally->rules[p->rule]++;
	for (size_t i = 0; p->rule == RULE_OK && i < p->notes.n; i++)
		r->tally->rules[p->notes.rules[i]]++;
}

/* Sometimes a statement that stands is sealed once more. */
static void
choose_act(struct run *r, struct model_act *a)
{
	struct model_random *random = &r->course.random;
	size_t i;

	model_act_draw(&r->course, a);
	if (r->n == 0 || !model_chance(random, 2))
		return;
	i = (size_t)model_below(random, r->n);
	if (r->played[i].rule != RULE_OK)
		return;
	*a = r->played[i].act;
	a->copy = true;
	a->counter += 100;
}

static bool
play_act(struct run *r)
{
	struct model *m = &r->course.model;
	const struct model_rules *rules = m->rules;
	struct played *p = &r->played[r->n];
	const char *says, *notes[MODEL_NOTES];
	size_t n;

	choose_act(r, &p->act);
	says = model_judge(m, &p->act);
	n = says == NULL ? model_notes(m, &p->act, notes) : 0;
	cseal_buf_init(&p->bytes, 0);
	model_entry(r->founding, r->state, &p->act, &p->bytes);
	p->rule = model_fold(r->state, cseal_buf_slice(&p->bytes), &p->notes);
	p->person = 0;
	if (p->rule == RULE_OK)
		p->person = state_key(r->state, p->act.key)->pub.person;
	model_state_digest(r->state, p->digest);
	r->n++;
	count_act(r, p);
	if (!same_verdict(r, p, says, notes, n))
		return false;
	if (says == NULL)
		model_accept(m, &p->act);
	if (!model_same(m, r->state, r->what) ||
	    (says == NULL && !enough_persons(r, rules)))
		return false;
	if (m->rules != rules || m->rules_since + 1 == m->size)
		r->policy_since = r->n;
	return approved_if_filled(r);
}

/* ---- a sequence ---- */

static bool
same_notes(const struct fold_notes *a, const struct fold_notes *b)
{
	return a->n == b->n &&
	       memcmp(a->rules, b->rules, a->n * sizeof(a->rules[0])) == 0;
}

/*
 * The same entries once more: verdicts and states of every prefix. Of every
 * other sequence those that stand alone: a refused act leaves no trace.
 */
static bool
fold_again(struct run *r)
{
	struct cseal_state *s = model_state(r->founding);
	bool refused_too = r->number % 2 == 0, same = true;

	for (size_t i = 0; i < r->n && same; i++) {
		const struct played *p = &r->played[i];
		uint8_t digest[CSEAL_HASH_BYTES];
		struct fold_notes notes;
		enum rule_id rule;

		if (p->rule != RULE_OK && !refused_too)
			continue;
		rule = model_fold(s, cseal_buf_slice(&p->bytes), &notes);
		model_state_digest(s, digest);
		if (rule != p->rule || !same_notes(&notes, &p->notes) ||
		    memcmp(digest, p->digest, sizeof(digest)) != 0)
			same = wrong(r, "folded again, act %zu is another", i);
	}
	model_state_free(s);
	r->tally->refolded++;
	return same;
}

static void
tell_act(const struct played *p, size_t i)
{
	const struct model_act *a = &p->act;
	const char *kind = cseal_word_name(cseal_statement_kinds, a->kind);

	printf("#  %2zu %-9s key %llu seen %llu clock %+lld counter %u lie %d"
	       "%s: what %d op %llu store %u item %u before %llu until %+lld"
	       " number %llu roles %u change %llu outcome %llu%s%s: %s\n",
	    i, kind != NULL ? kind : "other", (unsigned long long)a->key,
	    (unsigned long long)a->seen, (long long)(a->clock - MAKER_CLOCK),
	    a->counter, (int)a->lie, a->copy ? " copy" : "", (int)a->what,
	    (unsigned long long)a->op, a->store, a->item,
	    (unsigned long long)a->before,
	    (long long)(a->not_after - MAKER_CLOCK),
	    (unsigned long long)a->number, a->roles,
	    (unsigned long long)a->change, (unsigned long long)a->outcome,
	    a->has_store ? " store" : "", a->has_key ? " key" : "",
	    rule_row(p->rule)->code);
}

static void
tell(const struct run *r)
{
	printf("# seed %llu, sequence %llu: %s\n",
	    (unsigned long long)r->set->seed, (unsigned long long)r->number,
	    r->what);
	for (size_t i = 0; i < r->n; i++)
		tell_act(&r->played[i], i);
	fflush(stdout);
}

static void
run_init(struct run *r, const struct setting *set, struct tally *tally,
    uint64_t number)
{
	const struct model_founding *f = &set->foundings[number % FOUNDINGS];

	memset(r, 0, sizeof(*r));
	r->set = set;
	r->tally = tally;
	r->number = number;
	r->founding = f;
	r->course.policies = f->policies;
	r->course.model = f->model;
	r->course.random.state = set->seed ^ (number << 32 | number);
	r->course.clock = f->model.entries[f->model.size - 1].clock;
	r->course.commits = MODEL_COMMITS_FROM;
	r->state = model_state(f);
}

static bool
play(const struct setting *set, struct tally *tally, uint64_t number)
{
	struct run *r = malloc(sizeof(*r));
	bool ok = true;
	size_t acts;

	if (r == NULL)
		abort();
	run_init(r, set, tally, number);
	acts = ACTS_MIN +
	       (size_t)model_below(&r->course.random, ACTS_MAX - ACTS_MIN + 1);
	while (r->n < acts && ok)
		ok = play_act(r);
	if (ok)
		ok = fold_again(r);
	if (!ok || set->one)
		tell(r);
	for (size_t i = 0; i < r->course.model.n_changes; i++)
		tally->statuses[r->course.model.changes[i].status]++;
	for (size_t i = 0; i < r->n; i++)
		cseal_buf_free(&r->played[i].bytes);
	model_state_free(r->state);
	free(r);
	tally->sequences++;
	return ok;
}

/* ---- all of them ---- */

static void
work(const struct setting *set, unsigned worker)
{
	struct tally *tally = &set->tallies[worker];

	for (uint64_t i = worker; i < set->sequences; i += WORKERS) {
		if (!play(set, tally, i)) {
			tally->failed = true;
			return;
		}
	}
}

static void
fork_workers(const struct setting *set)
{
	pid_t pids[WORKERS];
	int status;

	fflush(NULL);
	for (unsigned i = 0; i < WORKERS; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			work(set, i);
			fflush(NULL);
			_exit(set->tallies[i].failed ? 1 : 0);
		}
	}
	for (unsigned i = 0; i < WORKERS; i++) {
		if (pids[i] < 0 || waitpid(pids[i], &status, 0) < 0 ||
		    status != 0)
			set->tallies[i].failed = true;
	}
}

/* Rules that the model leaves to other tests, or that need other entries. */
static bool
is_modelled(enum rule_id rule)
{
	static const enum rule_id others[] = { RULE_OK, RULE_ENTRY_MALFORMED,
		RULE_ENTRY_NEWER, RULE_STORE_DAMAGED, RULE_SEAL_CLIENT_DATA,
		RULE_SEAL_AUTH_DATA, RULE_SEAL_RP_ID, RULE_SEAL_SYNCED,
		RULE_SEAL_SIGNATURE, RULE_GENESIS_PLACE, RULE_HEAD_OLD,
		RULE_GENESIS_HEAD, RULE_GENESIS_RP_ID, RULE_GENESIS_PERSON,
		RULE_GENESIS_POLICY, RULE_GENESIS_ADMINS, RULE_KEY_PROOF,
		RULE_KEY_TWICE, RULE_KEY_SOFTWARE, RULE_SEALED_IN_DOUBT,
		RULE_FACT_FALSE, RULE_OPENING_FALSE, RULE_FACTS_UNCHECKED,
		RULE_MEMORY_SHRANK, RULE_MEMORY_FORKED, RULE_REQUEST_COUNTRY,
		RULE_REQUEST_CURRENCY, RULE_REQUEST_PROVIDER,
		RULE_REQUEST_DOMAIN, RULE_REQUEST_ELSEWHERE, RULE_SHOWN_FALSE,
		RULE_SHOWN_UNCHECKED, RULE_ATTESTATION_DIFFERS,
		RULE_ATTESTATION_REFUSED, RULE_ATTESTATION_UNCHECKED };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (others[i] == rule)
			return false;
	}
	return true;
}

static void
add_tallies(const struct setting *set, struct tally *sum)
{
	memset(sum, 0, sizeof(*sum));
	for (unsigned w = 0; w < WORKERS; w++) {
		const struct tally *t = &set->tallies[w];

		sum->failed |= t->failed;
		sum->sequences += t->sequences;
		sum->acts += t->acts;
		sum->stood += t->stood;
		sum->got_on += t->got_on;
		sum->refolded += t->refolded;
		for (size_t i = 0; i < RULE_COUNT; i++)
			sum->rules[i] += t->rules[i];
		for (size_t i = 0; i <= CSEAL_CHANGE_EXPIRED; i++)
			sum->statuses[i] += t->statuses[i];
	}
}

/* Returns how many modelled rules were never said. */
static unsigned
tell_tally(const struct setting *set, const struct tally *sum)
{
	unsigned said = 0, missed = 0;

	for (unsigned i = 1; i < RULE_COUNT; i++) {
		if (!is_modelled((enum rule_id)i))
			continue;
		said += sum->rules[i] > 0;
		if (sum->rules[i] > 0)
			continue;
		missed++;
		printf("# never said: %s\n", rule_row((enum rule_id)i)->code);
	}
	printf("# seed %llu: %llu sequences, %llu acts, %llu of them stand; "
	       "%u rules said; %llu times a change was looked at that had got "
	       "on; %llu sequences folded again\n",
	    (unsigned long long)set->seed, (unsigned long long)sum->sequences,
	    (unsigned long long)sum->acts, (unsigned long long)sum->stood, said,
	    (unsigned long long)sum->got_on, (unsigned long long)sum->refolded);
	printf("# changes at the end:");
	for (unsigned i = 0; i < CSEAL_CHANGE_EXPIRED; i++)
		printf(" %llu %s%s", (unsigned long long)sum->statuses[i],
		    cseal_change_status_name((enum cseal_change_status)i),
		    i + 1 < CSEAL_CHANGE_EXPIRED ? "," : "\n");
	return missed;
}

static void
test_model_and_fold(void **state)
{
	const struct setting *set = *state;
	struct tally sum;
	unsigned missed;

	if (set->one) {
		assert_true(play(set, &set->tallies[0], set->only));
		return;
	}
	fork_workers(set);
	add_tallies(set, &sum);
	missed = tell_tally(set, &sum);
	assert_false(sum.failed);
	assert_int_equal(sum.sequences, set->sequences);
	assert_int_equal(sum.refolded, set->sequences);
	assert_true(sum.got_on > 0 || set->sequences < 100);
	/* The usual seed is no luck: of so many acts each rule is said. */
	if (set->seed == SEED && set->sequences >= 100000)
		assert_int_equal(missed, 0);
}

static uint64_t
number_from(const char *name, uint64_t usual)
{
	const char *text = getenv(name);

	return text == NULL || *text == '\0' ? usual : strtoull(text, NULL, 10);
}

static int
set_up(void **state)
{
	struct setting *set = calloc(1, sizeof(*set));
	struct model_random random;

	if (set == NULL)
		return -1;
	set->seed = number_from("SEED", SEED);
	set->sequences = number_from("SEQUENCES", SEQUENCES);
	set->one = getenv("SEQUENCE") != NULL;
	set->only = number_from("SEQUENCE", 0);
	set->tallies = mmap(NULL, sizeof(struct tally) * WORKERS,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (set->tallies == MAP_FAILED)
		return -1;
	random.state = set->seed;
	model_policies_draw(&set->policies[0], &random, false);
	model_policies_draw(&set->policies[1], &random, true);
	model_found(&set->foundings[0], &set->policies[0], 1, true);
	model_found(&set->foundings[1], &set->policies[1], 1, true);
	model_found(&set->foundings[2], &set->policies[0], 1, false);
	*state = set;
	return 0;
}

static int
tear_down(void **state)
{
	struct setting *set = *state;

	for (size_t i = 0; i < FOUNDINGS; i++)
		model_founding_free(&set->foundings[i]);
	model_policies_free(&set->policies[0]);
	model_policies_free(&set->policies[1]);
	(void)munmap(set->tallies, sizeof(struct tally) * WORKERS);
	free(set);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model_and_fold),
	};

	return cmocka_run_group_tests_name(
	    "property", tests, set_up, tear_down);
}
