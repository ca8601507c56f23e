/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules of the entry by itself, its seal, its place and its signer. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "maker_break.h"

#define UP CSEAL_FLAG_UP
#define UV CSEAL_FLAG_UV

/* Offsets within an encoded statement: map, key 1, version, key 2, kind. */
#define AT_VERSION 2
#define AT_KIND	   4

static struct maker_draft *
usual(struct maker_broken *b)
{
	b->d = maker_request(maker_broken_base(b), LIN, NULL);
	return b->d;
}

/* The statement's bytes as they would be, to be spoilt. */
static struct cseal_buf *
raw(struct maker_draft *d)
{
	assert_int_equal(cseal_statement_encode(&d->raw, &d->st), CSEAL_OK);
	return &d->raw;
}

/* ---- bytes ---- */

static void
entry_cut(struct maker_broken *b)
{
	maker_seal(usual(b), &b->entry);
	b->entry.len--;
	maker_draft_free(b->d);
	b->d = NULL;
}

static void
entry_with_more(struct maker_broken *b)
{
	maker_seal(usual(b), &b->entry);
	cseal_buf_add_u8(&b->entry, 0);
	maker_draft_free(b->d);
	b->d = NULL;
}

static void
statement_cut(struct maker_broken *b)
{
	raw(usual(b))->len--;
}

static void
statement_without_thread(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_approve(m, MINA, maker_asked(m));
	b->d->st.has_thread = false;
}

static void
statement_without_ledger(struct maker_broken *b)
{
	usual(b)->st.has_ledger = false;
}

static void
version_newer(struct maker_broken *b)
{
	raw(usual(b))->data[AT_VERSION] = 2;
}

static void
kind_newer(struct maker_broken *b)
{
	raw(usual(b))->data[AT_KIND] = CSEAL_ENDORSE + 1;
}

static void
reason_newer(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	struct cseal_buf *bytes;

	b->d = maker_reject(m, MINA, maker_asked(m));
	bytes = raw(b->d);
	bytes->data[bytes->len - 1] = 8; /* the last one known is 7 */
}

/* ---- seal ---- */

static void
other_statement(struct maker_broken *b)
{
	struct maker_draft *d = usual(b);
	struct cseal_buf entry;

	cseal_buf_init(&entry, 0);
	maker_seal(d, &entry); /* leaves the seal in the draft */
	d->st.clock++;
	cseal_buf_reset(&d->raw);
	cseal_buf_free(&entry);
}

static void
enrolment_namespace(struct maker_broken *b)
{
	usual(b)->ns = CSEAL_NAMESPACE_ENROL;
}

static void
cross_origin(struct maker_broken *b)
{
	static const char no[] = "false}", yes[] = "true}";
	struct maker_draft *d = usual(b);
	struct cseal_buf entry;

	cseal_buf_init(&entry, 0);
	maker_seal(d, &entry);
	d->client_data.len -= sizeof(no) - 1;
	cseal_buf_add(&d->client_data, yes, sizeof(yes) - 1);
	cseal_buf_reset(&d->signature);
	cseal_buf_free(&entry);
}

static void
attested_data(struct maker_broken *b)
{
	usual(b)->flags = UP | UV | CSEAL_FLAG_AT;
}

static void
no_extensions(struct maker_broken *b)
{
	usual(b)->flags = UP | UV | CSEAL_FLAG_ED;
}

static void
bytes_behind(struct maker_broken *b)
{
	struct maker_draft *d = usual(b);

	maker_auth_data(d->rp_id, d->flags, d->counter, &d->auth_data);
	cseal_buf_add_u8(&d->auth_data, 0xa0);
}

static void
backed_up_alone(struct maker_broken *b)
{
	usual(b)->flags = UP | UV | CSEAL_FLAG_BS;
}

static void
other_rp_id(struct maker_broken *b)
{
	struct maker_draft *d = usual(b);

	maker_auth_data("example.com", d->flags, d->counter, &d->auth_data);
}

static void
no_touch(struct maker_broken *b)
{
	usual(b)->flags = UV;
}

static void
no_verification(struct maker_broken *b)
{
	usual(b)->flags = UP;
}

static void
synced(struct maker_broken *b)
{
	usual(b)->flags = UP | UV | CSEAL_FLAG_BE;
}

static void
other_key(struct maker_broken *b)
{
	struct maker_draft *d = usual(b);

	d->key = &b->m->keys[MINA];
}

static void
altered_counter(struct maker_broken *b)
{
	struct maker_draft *d = usual(b);
	struct cseal_buf entry;

	cseal_buf_init(&entry, 0);
	maker_seal(d, &entry);
	d->auth_data.data[36]++;
	cseal_buf_free(&entry);
}

/* The number s with a zero byte in front that DER does not want. */
static void
lax_der(struct maker_broken *b)
{
	struct maker_draft *d = usual(b);
	struct cseal_buf entry, lax;
	const uint8_t *p;
	size_t r, s;

	cseal_buf_init(&entry, 0);
	cseal_buf_init(&lax, 0);
	maker_seal(d, &entry);
	p = d->signature.data;
	r = p[3];
	s = p[5 + r];
	cseal_buf_add(&lax, p, 5 + r);
	cseal_buf_add_u8(&lax, (uint8_t)(s + 1));
	cseal_buf_add_u8(&lax, 0);
	cseal_buf_add(&lax, p + 6 + r, s);
	lax.data[1]++;
	cseal_buf_free(&d->signature);
	d->signature = lax; /* transferred */
	cseal_buf_free(&entry);
}

/* ---- place ---- */

static void
second_genesis(struct maker_broken *b)
{
	b->d = maker_genesis(maker_broken_base(b), LIN);
}

static void
no_genesis(struct maker_broken *b)
{
	b->m = maker_usual(1);
	b->d = maker_join(b->m, LIN);
}

static void
entry_of_another_ledger(struct maker_broken *b)
{
	b->m = maker_founded(1);
	b->other = maker_founded(2);
	maker_seal(b->d = maker_request(b->other, LIN, NULL), &b->entry);
	maker_draft_free(b->d);
	b->d = NULL;
}

/* What stood was sealed a second time. */
static void
sealed_again(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	uint64_t n = maker_asked(m);
	struct cseal_entry e;

	assert_int_equal(cseal_entry_parse(&e, maker_bytes(m, n)), CSEAL_OK);
	b->d = maker_request(m, LIN, NULL);
	cseal_buf_add(&b->d->raw, e.statement.data, e.statement.len);
}

static void
head_ahead(struct maker_broken *b)
{
	usual(b)->st.seen.size++;
}

/* Leaves that nobody sealed: 65,537 seals would take a minute. */
static void
head_old(struct maker_broken *b)
{
	struct maker_draft *d = usual(b);
	uint8_t leaf[CSEAL_HASH_BYTES] = { 0 };

	for (unsigned i = 0; i <= STATE_WINDOW; i++) {
		memcpy(leaf, &i, sizeof(i));
		assert_int_equal(
		    state_grow(b->m->state, leaf, d->st.clock), CSEAL_OK);
	}
	b->artificial = true;
}

/* Signed at a desk to which another history was shown. */
static void
fork_seen(struct maker_broken *b)
{
	b->m = maker_founded(1);
	b->other = maker_founded(1);
	(void)maker_asked(b->m);
	(void)maker_do(b->other, maker_request_email(b->other, MINA));
	b->d = maker_request(b->other, OMAR, NULL);
}

static void
other_authority(struct maker_broken *b)
{
	usual(b)->st.authority[0] ^= 1;
}

/* Of the present, but the head is of before. */
static void
authority_of_later(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	struct cseal_head before = cseal_state_head(m->state);

	(void)maker_agreed(m, maker_log_set(m, MINA, NULL));
	b->d = maker_request(m, LIN, NULL);
	b->d->st.seen = before;
}

static void
nothing_seen(struct maker_broken *b)
{
	struct maker_draft *d = usual(b);

	d->st.seen.size = 0;
	memcpy(d->st.seen.root, b->m->state->roots[0], CSEAL_HASH_BYTES);
}

static void
other_thread(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_approve(m, MINA, maker_asked(m));
	b->d->st.thread[0] ^= 1;
}

/* ---- signer ---- */

static void
key_unknown(struct maker_broken *b)
{
	usual(b)->st.key = 99;
}

static void
key_revoked(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	(void)maker_agreed(m, maker_key_revoke(m, MINA, LIN));
	b->d = maker_request(m, LIN, NULL);
}

/* Sealed before, but it comes after: order in the ledger decides. */
static void
key_revoked_meanwhile(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_request(m, LIN, NULL);
	(void)maker_agreed(m, maker_key_revoke(m, MINA, LIN));
}

static void
key_frozen(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	(void)maker_do(m, maker_freeze_key(m, MINA, LIN));
	b->d = maker_request(m, LIN, NULL);
}

static void
person_left(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	(void)maker_agreed(m, maker_person_leave(m, MINA, "lin"));
	b->d = maker_request(m, LIN, NULL);
}

static size_t
add_monitor(struct maker *m)
{
	const struct maker_enrolment how = { .ledger = m->state->id,
		.ledger_rp_id = true };
	size_t key = maker_key_new(m, "lin");

	m->keys[key].monitor = true;
	maker_key_enrol(&m->keys[key], &how);
	(void)maker_agreed(m, maker_key_add(m, MINA, key));
	return key;
}

static void
monitor_asks(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_request(m, add_monitor(m), NULL);
}

static void
monitor_approves(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);
	size_t key = add_monitor(m);

	b->d = maker_approve(m, key, maker_do(m, maker_request(m, MINA, NULL)));
}

static void
monitor_confirms(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_observe(m, add_monitor(m), "payout", CSEAL_OBSERVE_MATCH);
}

static void
monitor_reserved(struct maker_broken *b)
{
	struct maker *m = maker_broken_base(b);

	b->d = maker_reserved(m, add_monitor(m));
}

static void
not_founded(struct maker_broken *b)
{
	b->m = maker_usual(1);
	(void)maker_do(b->m, maker_genesis(b->m, LIN));
	(void)maker_do(b->m, maker_join(b->m, MINA));
	b->d = maker_request(b->m, LIN, NULL);
}

#define SEAL MAKER_REFUSED_SEAL

const struct maker_break maker_breaks_entry[] = {
	{ RULE_ENTRY_MALFORMED, SEAL, "a byte is missing", entry_cut },
	{ RULE_ENTRY_MALFORMED, SEAL, "a byte too many", entry_with_more },
	{ RULE_ENTRY_MALFORMED, SEAL, "the statement is cut", statement_cut },
	{ RULE_ENTRY_MALFORMED, MAKER_REFUSED, "no thread digest",
	    statement_without_thread },
	{ RULE_ENTRY_MALFORMED, MAKER_REFUSED, "no ledger id",
	    statement_without_ledger },
	{ RULE_ENTRY_NEWER, SEAL, "version 2", version_newer },
	{ RULE_ENTRY_NEWER, SEAL, "kind 12", kind_newer },
	{ RULE_ENTRY_NEWER, SEAL, "reason 8", reason_newer },
	{ RULE_SEAL_CLIENT_DATA, SEAL, "over another statement",
	    other_statement },
	{ RULE_SEAL_CLIENT_DATA, SEAL, "namespace of enrolment",
	    enrolment_namespace },
	{ RULE_SEAL_CLIENT_DATA, SEAL, "cross-origin", cross_origin },
	{ RULE_SEAL_AUTH_DATA, SEAL, "flag AT", attested_data },
	{ RULE_SEAL_AUTH_DATA, SEAL, "flag ED without data", no_extensions },
	{ RULE_SEAL_AUTH_DATA, SEAL, "bytes behind its end", bytes_behind },
	{ RULE_SEAL_AUTH_DATA, SEAL, "flag BS without BE", backed_up_alone },
	{ RULE_SEAL_RP_ID, SEAL, "another rp id", other_rp_id },
	{ RULE_SEAL_TOUCH, SEAL, "no touch", no_touch },
	{ RULE_SEAL_VERIFICATION, SEAL, "no PIN", no_verification },
	{ RULE_SEAL_SYNCED, SEAL, "flag BE", synced },
	{ RULE_SEAL_SIGNATURE, SEAL, "another key", other_key },
	{ RULE_SEAL_SIGNATURE, SEAL, "counter altered", altered_counter },
	{ RULE_SEAL_SIGNATURE, SEAL, "DER that is not strict", lax_der },
	{ RULE_GENESIS_PLACE, MAKER_REFUSED, "a second genesis",
	    second_genesis },
	{ RULE_GENESIS_PLACE, SEAL, "no genesis", no_genesis },
	{ RULE_LEDGER_OTHER, SEAL, "an entry of another ledger",
	    entry_of_another_ledger },
	{ RULE_STATEMENT_COPY, MAKER_REFUSED, "a statement sealed again",
	    sealed_again },
	{ RULE_HEAD_AHEAD, MAKER_REFUSED, "size of later", head_ahead },
	{ RULE_HEAD_OLD, MAKER_REFUSED, "65,537 entries behind", head_old },
	{ RULE_HEAD_FORKED, MAKER_REFUSED, "another history", fork_seen },
	{ RULE_AUTHORITY_DIGEST, MAKER_REFUSED, "another A", other_authority },
	{ RULE_AUTHORITY_DIGEST, MAKER_REFUSED, "A of later",
	    authority_of_later },
	{ RULE_AUTHORITY_DIGEST, MAKER_REFUSED, "the empty head",
	    nothing_seen },
	{ RULE_THREAD_DIGEST, MAKER_REFUSED, "another T", other_thread },
	{ RULE_KEY_UNKNOWN, MAKER_REFUSED, "key 99", key_unknown },
	{ RULE_KEY_REVOKED, MAKER_REFUSED, "revoked before", key_revoked },
	{ RULE_KEY_REVOKED, MAKER_REFUSED, "revoked meanwhile",
	    key_revoked_meanwhile },
	{ RULE_KEY_FROZEN, MAKER_REFUSED, "frozen before", key_frozen },
	{ RULE_PERSON_LEFT, MAKER_REFUSED, "left before", person_left },
	{ RULE_MONITOR_ACTS, MAKER_REFUSED, "a monitor asks", monitor_asks },
	{ RULE_MONITOR_ACTS, MAKER_REFUSED, "a monitor approves",
	    monitor_approves },
	{ RULE_MONITOR_ACTS, MAKER_REFUSED, "a monitor confirms",
	    monitor_confirms },
	{ RULE_MONITOR_ACTS, MAKER_REFUSED, "a monitor's reserved kind",
	    monitor_reserved },
	{ RULE_NOT_FOUNDED, MAKER_REFUSED, "two have not joined", not_founded },
	{ RULE_OK, MAKER_REFUSED, NULL, NULL },
};
