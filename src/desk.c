/* SPDX-License-Identifier: BSD-2-Clause */

#include "desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "counterseal/text.h"

#include "digest.h"
#include "outbox.h"
#include "values.h"

#define APPEND_TRIES 10000 /* times that other desks may be faster */

uint64_t
cseal_desk_now(const struct cseal_desk *d)
{
	if (d->options.now != NULL)
		return d->options.now(d->options.ctx);
	return (uint64_t)time(NULL);
}

const struct cseal_state *
cseal_desk_state(const struct cseal_desk *d)
{
	return cseal_replay_state(d->replay);
}

const char *
desk_machine(const struct cseal_desk *d)
{
	return d->options.machine != NULL ? d->options.machine : "";
}

struct cseal_ledger *
cseal_desk_ledger(struct cseal_desk *d)
{
	return d->ledger;
}

const struct cseal_replay *
cseal_desk_replay(const struct cseal_desk *d)
{
	return d->replay;
}

/* No honest command extends a ledger that holds a violating entry. */
static int
check_ended(const struct cseal_desk *d, struct cseal_error *err)
{
	const struct cseal_finding *f = cseal_replay_ended(d->replay);
	struct cseal_buf text;
	int r;

	if (f == NULL)
		return CSEAL_OK;
	cseal_buf_init(&text, 4096);
	(void)cseal_finding_text(f, &text);
	r = cseal_error_set(err, CSEAL_ERR_VIOLATION, "ledger",
	    "%s. Nothing is added to it. See: counterseal verify",
	    cseal_buf_str(&text));
	cseal_buf_free(&text);
	return r;
}

/* The replay, from where the desk's memory ends. */
static int
look(struct cseal_desk *d, struct cseal_error *err)
{
	const struct cseal_desk_options *o = &d->options;
	const struct cseal_memory_options m = { .state_dir = o->state_dir,
		.ledger = o->ledger,
		.notice = o->notice,
		.ctx = o->ctx };
	int r;

	if (o->state_dir == NULL)
		return cseal_replay_new(&d->replay, d->ledger, &o->replay, err);
	r = cseal_memory_open(&d->memory, d->ledger, &m, err);
	d->known =
	    d->known || (r == CSEAL_OK && cseal_memory_head(d->memory) != NULL);
	return r != CSEAL_OK ? r
			     : cseal_memory_resume(d->memory, &d->replay,
				   d->ledger, &o->replay, err);
}

/* That it cannot be written down was told and stops nobody. */
static void
remember(struct cseal_desk *d)
{
	if (d->memory != NULL)
		(void)cseal_memory_save(d->memory, d->replay);
}

int
cseal_desk_open(struct cseal_desk **out, const struct cseal_desk_options *o,
    struct cseal_error *err)
{
	struct cseal_desk *d = calloc(1, sizeof(*d));
	int r;

	*out = NULL;
	if (d == NULL)
		return CSEAL_ERR_NOMEM;
	d->options = *o;
	if ((r = cseal_ledger_open(&d->ledger, o->ledger,
		 o->write ? CSEAL_LEDGER_WRITE : CSEAL_LEDGER_READ, err)) !=
		CSEAL_OK ||
	    (r = site_read(&d->site, d->ledger, desk_machine(d), err)) !=
		CSEAL_OK ||
	    (r = look(d, err)) != CSEAL_OK ||
	    (r = check_ended(d, err)) != CSEAL_OK) {
		cseal_desk_close(d);
		return r;
	}
	remember(d);
	*out = d; /* transferred */
	return CSEAL_OK;
}

void
cseal_desk_close(struct cseal_desk *d)
{
	if (d == NULL)
		return;
	cseal_memory_free(d->memory);
	cseal_replay_free(d->replay);
	cseal_ledger_close(d->ledger);
	free(d);
}

int
desk_reload(struct cseal_desk *d, struct cseal_error *err)
{
	int r = CSEAL_OK;

	if (d->memory != NULL)
		r = cseal_memory_forget(d->options.state_dir,
		    cseal_state_ledger_id(cseal_desk_state(d)), err);
	if (r != CSEAL_OK)
		return r;
	cseal_memory_free(d->memory);
	cseal_replay_free(d->replay);
	d->memory = NULL;
	d->replay = NULL;
	if ((r = look(d, err)) == CSEAL_OK)
		r = check_ended(d, err);
	if (r == CSEAL_OK)
		remember(d);
	return r;
}

int
cseal_desk_refresh(struct cseal_desk *d, struct cseal_error *err)
{
	int r = cseal_replay_extend(d->replay, d->ledger, err);

	if (r == CSEAL_OK)
		r = check_ended(d, err);
	if (r == CSEAL_OK)
		remember(d);
	return r;
}

static bool
is_seal_rule(enum rule_id rule)
{
	return (rule >= RULE_SEAL_CLIENT_DATA && rule <= RULE_SEAL_SIGNATURE) ||
	       rule == RULE_COUNTER_FALLS;
}

int
desk_refuse(
    struct cseal_error *err, enum rule_id rule, const struct fold_entry *e)
{
	const struct cseal_rule *row = rule_row(rule);
	const char *kind = cseal_word_name(cseal_statement_kinds, e->st.kind);
	struct cseal_buf detail;
	char where[64];
	int r;

	(void)snprintf(
	    where, sizeof(where), "%s", kind != NULL ? kind : "statement");
	if (e->st.kind >= CSEAL_APPROVE && e->st.kind <= CSEAL_APPLY)
		(void)snprintf(where, sizeof(where), "%s #%llu", kind,
		    (unsigned long long)e->st.u.act.index);
	cseal_buf_init(&detail, 4096);
	(void)cseal_text_safe(&detail, (const uint8_t *)e->detail,
	    strlen(e->detail), FOLD_DETAIL_BYTES);
	r = cseal_error_set(err,
	    is_seal_rule(rule) ? CSEAL_ERR_SIGNATURE : CSEAL_ERR_REFUSED, where,
	    "%s%s%s%s%s%s [%s]", row->sentence, e->detail[0] ? " (" : "",
	    cseal_buf_str(&detail), e->detail[0] ? ")" : "",
	    row->remedy != NULL ? ": " : "",
	    row->remedy != NULL ? row->remedy : "", row->code);
	cseal_buf_free(&detail);
	return r;
}

/* A clock ahead of this machine's would be believed by everybody later. */
static int
check_clock(const struct cseal_desk *d, const struct cseal_statement *st,
    struct cseal_error *err)
{
	const struct cseal_policy *p = cseal_state_policy(cseal_desk_state(d));

	if (st->clock <= cseal_desk_now(d) + cseal_policy_tolerance(p))
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_REFUSED, "clock",
	    "the statement's clock is ahead of this machine's by more than "
	    "the policy's tolerance: check the clocks of both machines");
}

/*
 * What others sealed stands with a finding; a key that has just answered here
 * and counts backwards is not believed (docs/format.md section 5, Counters).
 */
static enum rule_id
judge_counter(const struct desk_entry *entry, const struct fold_notes *notes)
{
	for (size_t i = 0; entry->is_own && i < notes->n; i++) {
		if (notes->rules[i] == RULE_COUNTER_FALLS)
			return RULE_COUNTER_FALLS;
	}
	return RULE_OK;
}

static int
judge(const struct cseal_desk *d, const struct desk_entry *entry,
    enum rule_id *rule, struct cseal_error *err)
{
	const struct cseal_state *s = cseal_desk_state(d);
	struct fold_notes notes = { .n = 0 };
	struct fold_entry e;
	int r = CSEAL_OK;

	*rule = fold_entry_read(&e, cseal_state_size(s), entry->bytes);
	if (*rule == RULE_OK)
		*rule = fold_check(s, &e, &notes);
	if (*rule == RULE_OK)
		*rule = rule_of_seal(
		    cseal_seal_verify(&e.entry.seal, fold_signer(s, &e)));
	if (*rule == RULE_OK)
		*rule = judge_counter(entry, &notes);
	if (*rule != RULE_OK)
		r = desk_refuse(err, *rule, &e);
	else if (!entry->is_history)
		r = check_clock(d, &e.st, err);
	fold_entry_free(&e);
	return r;
}

int
desk_take(struct cseal_desk *d, const struct desk_entry *e, uint64_t *index,
    enum rule_id *rule, struct cseal_error *err)
{
	int r = CSEAL_ERR_AGAIN;

	for (int tries = 0; tries < APPEND_TRIES; tries++) {
		*index = cseal_state_size(cseal_desk_state(d));
		r = judge(d, e, rule, err);
		if (r != CSEAL_OK)
			return r;
		r = cseal_ledger_append(d->ledger, *index, e->bytes,
		    e->openings, e->n_openings, err);
		if (r != CSEAL_ERR_AGAIN)
			break;
		r = cseal_desk_refresh(d, err);
		if (r != CSEAL_OK)
			return r;
		r = CSEAL_ERR_AGAIN;
	}
	return r == CSEAL_OK ? cseal_desk_refresh(d, err) : r;
}

/* Judged as at the home, which will judge it again, and kept for it. */
static int
keep_for_home(struct cseal_desk *d, const struct desk_entry *e,
    const struct cseal_statement *st, uint64_t *index, struct cseal_error *err)
{
	enum rule_id rule;
	int r = judge(d, e, &rule, err);

	*index = CSEAL_INDEX_NONE;
	if (r != CSEAL_OK)
		return r;
	return outbox_put(d, e->bytes, st, e->openings, e->n_openings, err);
}

static int
encode_entry(const struct cseal_draft *p, struct cseal_slice auth_data,
    struct cseal_slice signature, struct cseal_buf *out,
    struct cseal_error *err)
{
	struct cseal_entry e = {
		.statement = cseal_buf_slice(&p->bytes),
		.seal = { auth_data, cseal_buf_slice(&p->client_data),
		    signature },
	};

	if (cseal_entry_encode(out, &e) == CSEAL_OK)
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_TOKEN, "seal",
	    "the key's answer is too long or too short to be a seal");
}

/* The key's answer came a moment ago, so the key is to blame. */
static int
blame_key(int r, struct cseal_error *err)
{
	char what[CSEAL_ERROR_WHAT_BYTES];

	if (r != CSEAL_ERR_SIGNATURE || err == NULL)
		return r;
	(void)snprintf(what, sizeof(what), "%s", err->what);
	return cseal_error_set(err, r, "the key's answer",
	    "%s; nothing was appended, do not use this key", what);
}

/* The files first: an entry must not stand without them. */
static int
append_with_files(struct cseal_desk *d, const struct cseal_draft *p,
    const struct desk_entry *e, uint64_t *index, struct cseal_error *err)
{
	enum rule_id rule;
	int r = draft_keep_files(d, p, err);

	if (r == CSEAL_OK && d->site.is == CSEAL_SITE_REPLICA)
		r = keep_for_home(d, e, &p->st, index, err);
	else if (r == CSEAL_OK)
		r = desk_take(d, e, index, &rule, err);
	if (r != CSEAL_OK)
		draft_drop_files(d, p);
	return r;
}

int
cseal_desk_append(struct cseal_desk *d, const struct cseal_draft *p,
    struct cseal_slice auth_data, struct cseal_slice signature, uint64_t *index,
    struct cseal_error *err)
{
	struct desk_entry e = { .openings = p->openings,
		.n_openings = p->n_openings,
		.is_own = true };
	struct cseal_buf entry;
	int r;

	*index = 0;
	cseal_buf_init(&entry, CSEAL_ENTRY_MAX);
	r = encode_entry(p, auth_data, signature, &entry, err);
	e.bytes = cseal_buf_slice(&entry);
	if (r == CSEAL_OK && d->site.is != CSEAL_SITE_REPLICA)
		r = site_may_append(&d->site, err);
	if (r == CSEAL_OK)
		r = append_with_files(d, p, &e, index, err);
	cseal_buf_free(&entry);
	return blame_key(r, err);
}

/* Judged before there is a ledger. */
static int
judge_genesis(struct cseal_slice bytes, struct cseal_error *err)
{
	struct cseal_state *trial = state_new();
	struct fold_entry e = { 0 };
	enum rule_id rule;
	int r = CSEAL_OK;

	if (trial == NULL)
		return CSEAL_ERR_NOMEM;
	rule = fold_entry_read(&e, 0, bytes);
	if (rule == RULE_OK)
		rule = fold_check(trial, &e, NULL);
	if (rule == RULE_OK && (r = fold_accept(trial, &e)) != CSEAL_OK)
		goto out;
	if (rule == RULE_OK)
		rule = rule_of_seal(
		    cseal_seal_verify(&e.entry.seal, fold_signer(trial, &e)));
	if (rule != RULE_OK)
		r = desk_refuse(err, rule, &e);
out:
	fold_entry_free(&e);
	state_free(trial);
	return r;
}

int
desk_make(const char *where, struct cseal_slice genesis, const char *machine,
    enum cseal_site as, struct cseal_error *err)
{
	const struct site site = { .is = as, .size = SITE_NEVER_YIELDS };
	struct cseal_ledger *l = NULL;
	int r = judge_genesis(genesis, err);

	if (r == CSEAL_OK)
		r = cseal_ledger_open(&l, where, CSEAL_LEDGER_CREATE, err);
	if (r == CSEAL_OK)
		r = site_write(l, machine != NULL ? machine : "", &site, err);
	if (r == CSEAL_OK)
		r = cseal_ledger_append(l, 0, genesis, NULL, 0, err);
	cseal_ledger_close(l);
	return r;
}

int
cseal_desk_found(const char *where, const struct cseal_draft *p,
    struct cseal_slice auth_data, struct cseal_slice signature,
    const char *machine, struct cseal_error *err)
{
	struct cseal_buf entry;
	int r;

	cseal_buf_init(&entry, CSEAL_ENTRY_MAX);
	r = encode_entry(p, auth_data, signature, &entry, err);
	if (r == CSEAL_OK)
		r = desk_make(where, cseal_buf_slice(&entry), machine,
		    CSEAL_SITE_HOME, err);
	cseal_buf_free(&entry);
	return blame_key(r, err);
}

int
cseal_desk_value(struct cseal_desk *d, const struct cseal_state_change *c,
    const char *field, struct cseal_buf *out, struct cseal_error *err)
{
	return values_open(d->ledger, c->request, c->index, field, out, err);
}
