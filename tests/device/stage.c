/* SPDX-License-Identifier: BSD-2-Clause */
#include "stage.h"

#include <stdio.h>
#include <unistd.h>

#define STAGE_CLOCK 1795000000 /* 2026-11-18 */

static uint64_t
stage_now(void *ctx)
{
	(void)ctx;
	return STAGE_CLOCK;
}

static void
must(const struct stage *s, int r)
{
	if (r != CSEAL_OK)
		fail_msg("%d: %s: %s", r, s->err.where, s->err.what);
}

int
stage_replug(struct stage *s, struct stage_person *p)
{
	cseal_token_close(p->t);
	p->t = NULL;
	p->m.gone = p->m.deaf = p->m.babbling = false;
	p->m.cut = 0;
	p->m.head = p->m.tail;
	harness_power_cycle(p->m.h);
	return meddle_token(&p->m, &p->t, &s->prompt, &s->err);
}

/* An offer as it would come out of `key offer` and a file. */
static void
make_offer(struct stage *s, struct stage_person *p, const char *handle)
{
	struct cseal_offer_plan plan;
	struct cseal_enrolment e;
	struct cseal_assertion a;
	struct cseal_buf data, file;
	struct cseal_slice id;

	cseal_buf_init(&data, 0);
	cseal_buf_init(&file, CSEAL_OFFER_MAX);
	must(s, cseal_offer_plan(
		    &plan, handle, STAGE_ORG, NULL, NULL, RP, NULL, &s->err));
	must(s, cseal_offer_enrol_data(&plan, &data));
	must(s, cseal_token_enrol(p->t, RP, handle, cseal_buf_slice(&data),
		    NULL, 0, &e, &s->err));
	id = cseal_buf_slice(&e.credential);
	cseal_buf_reset(&data);
	must(s, cseal_offer_possess_data(
		    &plan, cseal_buf_slice(&e.attestation), &data));
	must(s, cseal_token_seal(
		    p->t, RP, cseal_buf_slice(&data), &id, 1, &a, &s->err));
	must(
	    s, cseal_offer_encode(&plan, cseal_buf_slice(&e.attestation),
		   cseal_buf_slice(&a.auth_data), cseal_buf_slice(&a.signature),
		   STAGE_CLOCK, &file, &s->err));
	must(s, cseal_offer_parse(&p->offer, &file, &s->err));
	cseal_buf_free(&file);
	cseal_buf_free(&data);
	cseal_assertion_free(&a);
	cseal_enrolment_free(&e);
	cseal_offer_plan_free(&plan);
}

static void
set_person(struct stage *s, struct stage_person *p, const char *handle,
    const char *path)
{
	p->m.h = harness_new(path, true);
	p->m.init_flags = -1;
	/* All harnesses begin alike: two keys must not. */
	p->m.h->random += (uint8_t)handle[0];
	p->m.h->saved.master[0] ^= (uint8_t)handle[0];
	harness_power_cycle(p->m.h);
	must(s, meddle_token(&p->m, &p->t, &s->prompt, &s->err));
	make_offer(s, p, handle);
}

static int
seal(struct stage *s, const struct stage_person *p, const struct cseal_draft *d,
    struct cseal_assertion *a)
{
	const struct cseal_slice id = cseal_draft_credential(d);

	return cseal_token_seal(p->t, cseal_draft_rp_id(d),
	    cseal_draft_client_data(d), &id, 1, a, &s->err);
}

/* Seals and appends as the command does; frees the draft. */
static int
act(struct stage *s, const struct stage_person *p, struct cseal_draft *d)
{
	struct cseal_assertion a;
	uint64_t index;
	int r = seal(s, p, d, &a);

	if (r == CSEAL_OK)
		r = cseal_desk_append(s->desk, d, cseal_buf_slice(&a.auth_data),
		    cseal_buf_slice(&a.signature), &index, &s->err);
	cseal_assertion_free(&a);
	cseal_draft_free(d);
	return r;
}

static void
found(struct stage *s)
{
	struct cseal_offer offers[2] = { s->lin.offer, s->mina.offer };
	const struct cseal_founding f = {
		.org = STAGE_ORG, .demo = true, .offers = offers, .n_offers = 2
	};
	const struct cseal_desk_options o = {
		.ledger = s->ledger, .write = true, .now = stage_now
	};
	struct cseal_draft *d = NULL;
	struct cseal_assertion a;

	must(s, cseal_draft_genesis(&d, &f, STAGE_CLOCK, &s->err));
	must(s, seal(s, &s->lin, d, &a));
	must(s, cseal_desk_found(s->ledger, d, cseal_buf_slice(&a.auth_data),
		    cseal_buf_slice(&a.signature), NULL, &s->err));
	cseal_assertion_free(&a);
	cseal_draft_free(d);
	must(s, cseal_desk_open(&s->desk, &o, &s->err));
	must(s, cseal_draft_join(&d, s->desk, 1, &s->err));
	must(s, act(s, &s->mina, d));
	s->lin.id = cseal_buf_slice(
	    &cseal_state_key(cseal_desk_state(s->desk), 0)->credential);
	s->mina.id = cseal_buf_slice(
	    &cseal_state_key(cseal_desk_state(s->desk), 1)->credential);
}

int
stage_setup(void **state)
{
	struct stage *s = calloc(1, sizeof(*s));
	const char *tmp = getenv("TMPDIR");

	assert_non_null(s);
	snprintf(s->folder, sizeof(s->folder), "%.40s/stage.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(s->folder));
	snprintf(s->ledger, sizeof(s->ledger), "%s/ledger.db", s->folder);
	set_person(s, &s->lin, "lin", "lin:");
	set_person(s, &s->mina, "mina", "mina:");
	found(s);
	*state = s;
	return 0;
}

static void
free_person(struct stage_person *p)
{
	cseal_token_close(p->t);
	cseal_offer_free(&p->offer);
	harness_free(p->m.h);
}

int
stage_teardown(void **state)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	struct stage *s = *state;
	char path[100];

	cseal_desk_close(s->desk);
	free_person(&s->lin);
	free_person(&s->mina);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		snprintf(path, sizeof(path), "%s%s", s->ledger, ends[i]);
		(void)unlink(path);
	}
	assert_int_equal(rmdir(s->folder), 0);
	free(s);
	return 0;
}

uint64_t
stage_entries(const struct stage *s)
{
	const struct cseal_desk_options o = { .ledger = s->ledger,
		.now = stage_now };
	struct cseal_desk *d = NULL;
	uint64_t n;

	must(s, cseal_desk_open(&d, &o, NULL));
	n = cseal_state_size(cseal_desk_state(d));
	cseal_desk_close(d);
	return n;
}

static void
set_value(struct cseal_change *c, const char *name, const char *value)
{
	assert_int_equal(cseal_change_set(c, name, strlen(name),
			     (const uint8_t *)value, strlen(value), NULL),
	    CSEAL_OK);
}

int
stage_request(struct stage *s)
{
	struct cseal_draft *d = NULL;
	struct cseal_change c;
	char store[16];

	snprintf(store, sizeof(store), "shop-%u", s->stores++);
	must(s, cseal_change_init(
		    &c, "payout.iban", CSEAL_OP_REPLACE, store, NULL, &s->err));
	set_value(&c, "holder", STAGE_ORG);
	set_value(&c, "iban", STAGE_IBAN);
	set_value(&c, "reason", "new bank");
	must(s, cseal_change_close(&c, &s->err));
	must(s, cseal_draft_request(&d, s->desk, 0, &c, NULL, &s->err));
	cseal_change_free(&c);
	return act(s, &s->lin, d);
}
