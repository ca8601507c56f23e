/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * No input of 64 KiB makes a parser take more than a mebibyte of memory, or
 * ask for memory more often than a bound that does not depend on luck, or
 * work for more than 10 ms. The processor's time is counted, and what seems
 * slow is tried again: other work of the machine can make some tries slow,
 * but not all.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "counterseal/change.h"
#include "counterseal/openings.h"
#include "fixed_desk_key.h"
#include "fold.h"
#include "heap_count.h"
#include "maker_hostile.h"
#include "parcel.h"

#define MEMORY_MAX ((size_t)1 << 20)
#define CALLS_MAX  4096 /* for memory, in one parse */
#define SLOW_NS	   10000000
#define TRIES	   50

/* ---- the parsers ---- */

static void
parse_entry(struct cseal_slice bytes)
{
	struct fold_entry e;

	(void)fold_entry_read(&e, 0, bytes);
	fold_entry_free(&e);
}

static void
parse_statement(struct cseal_slice bytes)
{
	struct cseal_statement st;
	struct cseal_error err = { 0 };

	if (cseal_statement_parse(&st, bytes, &err) == CSEAL_OK)
		cseal_statement_free(&st);
}

static void
parse_key(struct cseal_slice bytes)
{
	struct cseal_key k;
	uint64_t level;

	if (cseal_key_parse(&k, bytes) == CSEAL_OK)
		(void)cseal_key_verdict(&k, &level, NULL);
}

static void
parse_credential(struct cseal_slice bytes)
{
	struct cseal_credential c;
	struct cseal_pubkey *pubkey = NULL;
	size_t used;

	(void)cseal_credential_parse(&c, bytes);
	if (cseal_pubkey_from_cose(&pubkey, bytes, &used) == CSEAL_OK)
		cseal_pubkey_free(pubkey);
}

/* Takes the bytes over, so it gets a copy that is counted too. */
static void
parse_offer(struct cseal_slice bytes)
{
	struct cseal_offer o;
	struct cseal_buf copy;
	struct cseal_error err = { 0 };

	cseal_buf_init(&copy, 0);
	(void)cseal_buf_add(&copy, bytes.data, bytes.len);
	if (cseal_offer_parse(&o, &copy, &err) == CSEAL_OK)
		cseal_offer_free(&o);
	cseal_buf_free(&copy);
}

static void
parse_policy(struct cseal_slice bytes)
{
	struct cseal_policy *p = NULL;
	struct cseal_error err = { 0 };

	(void)cseal_policy_parse(&p, CSEAL_POLICY_LANGUAGE, bytes, &err);
	cseal_policy_free(p);
}

static const struct cseal_kind *lines_kind; /* one at a time is measured */

static void
parse_lines(struct cseal_slice bytes)
{
	struct cseal_change c;
	struct cseal_error err = { 0 };

	if (lines_kind == NULL || lines_kind->authority ||
	    cseal_change_init(&c, lines_kind->name, CSEAL_OP_REPLACE,
		MAKER_STORE, NULL, &err) != CSEAL_OK)
		return;
	if (cseal_change_set_lines(&c, bytes.data, bytes.len, &err) == CSEAL_OK)
		(void)cseal_change_close(&c, &err);
	cseal_change_free(&c);
}

static void
parse_details(struct cseal_slice bytes)
{
	struct cseal_revocation v;
	struct cseal_facts f;

	(void)cseal_revocation_parse(&v, bytes);
	(void)cseal_facts_parse(&f, bytes);
}

static void
parse_parcel(struct cseal_slice bytes)
{
	struct cseal_error err = { 0 };
	struct parcel p;

	if (parcel_parse(&p, bytes, &err) == CSEAL_OK)
		parcel_free(&p);
}

static struct cseal_desk_key *desk_key; /* for the envelopes */

static void
parse_envelope(struct cseal_slice bytes)
{
	struct cseal_error err = { 0 };
	struct cseal_buf plain;

	cseal_buf_init(&plain, 0);
	(void)cseal_envelope_open(&plain, bytes, desk_key, &err);
	cseal_buf_free(&plain);
}

/* As an offer: it takes the bytes over. */
static void
parse_openings(struct cseal_slice bytes)
{
	struct cseal_error err = { 0 };
	struct cseal_openings o;
	struct cseal_buf copy;

	cseal_buf_init(&copy, 0);
	(void)cseal_buf_add(&copy, bytes.data, bytes.len);
	if (cseal_openings_parse(&o, &copy, &err) == CSEAL_OK)
		cseal_openings_free(&o);
	cseal_buf_free(&copy);
}

/* ---- measuring ---- */

struct parser {
	const char *name;
	void (*parse)(struct cseal_slice bytes);
	bool lines; /* of text: not of CBOR */
	/* Found so far. */
	struct heap_count worst;
	uint64_t runs, slowest_ns;
	char memory_of[64], calls_of[64], time_of[64];
};

static uint64_t
now_ns(void)
{
	struct timespec t;

	assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t), 0);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void
keep_name(char to[64], const char *what)
{
	size_t n = 0;

	for (; *what != '\0' && n < 63; what++)
		to[n++] = *what > ' ' && *what < 0x7f ? *what : ' ';
	to[n] = '\0';
}

/* Of the processor, for one parse. */
static uint64_t
time_of(const struct parser *p, struct cseal_slice bytes)
{
	uint64_t start = now_ns();

	p->parse(bytes);
	return now_ns() - start;
}

static void
measure(void *ctx, const char *what, struct cseal_slice bytes)
{
	struct parser *p = ctx;
	struct heap_count count;
	uint64_t ns;

	heap_count_start();
	ns = time_of(p, bytes);
	ERR_clear_error(); /* what it says of failures is kept for later */
	count = heap_count_stop();
	for (unsigned i = 0; ns > SLOW_NS && i < TRIES; i++) {
		uint64_t again = time_of(p, bytes);

		ns = again < ns ? again : ns;
	}
	p->runs++;
	if (count.peak > p->worst.peak) {
		p->worst.peak = count.peak;
		keep_name(p->memory_of, what);
	}
	if (count.calls > p->worst.calls) {
		p->worst.calls = count.calls;
		keep_name(p->calls_of, what);
	}
	if (ns > p->slowest_ns) {
		p->slowest_ns = ns;
		keep_name(p->time_of, what);
	}
	if (count.left != 0)
		fail_msg(
		    "%s keeps %zu bytes of: %s", p->name, count.left, what);
}

/* The statements and entries of a small ledger, and what is in them. */
static void
spoil_ledger(const struct maker_hostile *h)
{
	struct maker *m = maker_founded(1);
	uint64_t n = maker_do(m, maker_request(m, LIN, NULL));
	struct cseal_buf b;

	(void)maker_do(m, maker_approve(m, MINA, n));
	(void)maker_do(m, maker_apply(m, LIN, n, CSEAL_APPLY_ENTERED));
	n = maker_do(m, maker_person_set(m, LIN, "zoe", "admin operator"));
	(void)maker_do(
	    m, maker_observe(m, OMAR, "payout", CSEAL_OBSERVE_DRIFT));
	for (uint64_t i = 1; i <= n; i++) {
		struct cseal_entry e;

		assert_int_equal(
		    cseal_entry_parse(&e, maker_bytes(m, i)), CSEAL_OK);
		maker_hostile_spoilt(h, maker_bytes(m, i));
		maker_hostile_spoilt(h, e.statement);
	}
	cseal_buf_init(&b, 0);
	assert_int_equal(cseal_key_encode(&b, &m->keys[LIN].record), CSEAL_OK);
	maker_hostile_spoilt(h, cseal_buf_slice(&b));
	maker_hostile_spoilt(h, m->keys[LIN].record.attestation);
	cseal_buf_free(&b);
	maker_free(m);
}

#define MANY_DESKS 240 /* as many as 64 KiB hold, nearly */

/* Each desk's part of it has a point that has to be on the curve. */
static void
large_envelope(const struct maker_hostile *h)
{
	uint8_t desks[MANY_DESKS][CSEAL_DESK_KEY_BYTES];
	static const uint8_t byte;
	struct cseal_buf der;
	size_t len;

	cseal_desk_key_public(desk_key, desks[0]);
	for (size_t i = 1; i < MANY_DESKS; i++) {
		EVP_PKEY *k = EVP_EC_gen("P-256");

		assert_non_null(k);
		assert_int_equal(EVP_PKEY_get_octet_string_param(k, "pub",
				     desks[i], sizeof(desks[i]), &len),
		    1);
		EVP_PKEY_free(k);
	}
	cseal_buf_init(&der, 0);
	assert_int_equal(
	    cseal_envelope_seal(&der, (struct cseal_slice){ &byte, 1 },
		(const uint8_t(*)[CSEAL_DESK_KEY_BYTES])desks, MANY_DESKS,
		NULL),
	    CSEAL_OK);
	assert_true(der.len <= MAKER_HOSTILE_BYTES);
	h->each(h->ctx, "an envelope to 240 desks", cseal_buf_slice(&der));
	cseal_buf_free(&der);
}

/* What desks exchange, whole and with each byte spoilt. */
static void
spoil_exchange(const struct maker_hostile *h)
{
	static const uint8_t hash[CSEAL_HASH_BYTES] = { 7 };
	uint8_t desks[1][CSEAL_DESK_KEY_BYTES];
	struct cseal_opening o = { .name = "iban" };
	struct parcel_envelope envelope = { .leaf = { 1 } };
	struct parcel p = { .version = 1, .has_heard = true };
	struct cseal_buf plain, der, all;

	cseal_buf_init(&plain, 0);
	cseal_buf_init(&der, 0);
	cseal_buf_init(&all, 0);
	cseal_buf_init(&o.value, 0);
	(void)cseal_buf_add_str(&o.value, "DE89370400440532013000");
	assert_int_equal(
	    cseal_openings_encode(&plain, hash, hash, &o, 1, NULL, 0, NULL),
	    CSEAL_OK);
	cseal_desk_key_public(desk_key, desks[0]);
	assert_int_equal(
	    cseal_envelope_seal(&der, cseal_buf_slice(&plain),
		(const uint8_t(*)[CSEAL_DESK_KEY_BYTES])desks, 1, NULL),
	    CSEAL_OK);
	envelope.der = cseal_buf_slice(&der);
	p.has_envelopes = true;
	p.envelopes = &envelope;
	p.n_envelopes = 1;
	assert_int_equal(parcel_encode(&all, &p), CSEAL_OK);
	maker_hostile_spoilt(h, cseal_buf_slice(&plain));
	maker_hostile_spoilt(h, cseal_buf_slice(&der));
	maker_hostile_spoilt(h, cseal_buf_slice(&all));
	cseal_opening_free(&o);
	cseal_buf_free(&plain);
	cseal_buf_free(&der);
	cseal_buf_free(&all);
}

/* What a library does once only is not the input's doing. */
static void
warm_up(struct parser *p)
{
	static const uint8_t empty[] = { 0xa0 };
	struct cseal_slice bytes = { empty, sizeof(empty) };
	struct maker *m = maker_founded(1);

	p->parse(bytes);
	p->parse(maker_bytes(m, 0));
	p->parse(m->keys[LIN].record.attestation);
	maker_free(m);
}

static void
tell(const struct parser *p)
{
	printf("# %s: %llu inputs; at most %zu KiB (%s), %zu calls (%s), "
	       "%llu us (%s)\n",
	    p->name, (unsigned long long)p->runs, p->worst.peak / 1024,
	    p->memory_of, p->worst.calls, p->calls_of,
	    (unsigned long long)p->slowest_ns / 1000, p->time_of);
}

static void
run(void **state)
{
	struct parser *p = *state;
	const struct maker_hostile h = { measure, p };

	warm_up(p);
	for (size_t i = 0; p->lines && (lines_kind = cseal_kind_at(i)) != NULL;
	     i++) {
		maker_hostile_bytes(&h);
		maker_hostile_lines(&h);
	}
	if (!p->lines) {
		maker_hostile_bytes(&h);
		maker_hostile_cbor(&h);
		maker_hostile_wrapped(&h);
		maker_hostile_largest(&h);
		spoil_ledger(&h);
		spoil_exchange(&h);
		large_envelope(&h);
	}
	tell(p);
	assert_true(p->runs > 256);
	assert_true(p->worst.peak <= MEMORY_MAX);
	assert_true(p->worst.calls <= CALLS_MAX);
	/* Sanitizers have a time of their own. */
	if (!HEAP_COUNT_HOOKED)
		assert_true(p->slowest_ns <= SLOW_NS);
}

/*
 * A parcel may have 8 MiB. What is taken from the heap for it follows from
 * the limits of its lists, not from its bytes.
 */
static void
test_large_parcel(void **state)
{
	struct parser *p = *state;
	const size_t each = 2040; /* times 4,096: almost all of it */
	struct cseal_slice *list = calloc(PARCEL_ENTRIES_MAX, sizeof(*list));
	uint8_t *room = calloc(1, each);
	struct parcel whole = { .version = 1, .has_entries = true };
	struct cseal_slice bytes;
	struct cseal_buf b;

	assert_non_null(list);
	assert_non_null(room);
	for (size_t i = 0; i < PARCEL_ENTRIES_MAX; i++)
		list[i] = (struct cseal_slice){ room, each };
	whole.entries.list = list;
	whole.entries.n = PARCEL_ENTRIES_MAX;
	cseal_buf_init(&b, PARCEL_MAX);
	assert_int_equal(parcel_encode(&b, &whole), CSEAL_OK);
	p->parse(cseal_buf_slice(&b));
	bytes = cseal_buf_slice(&b);
	measure(p, "8 MiB of entries", bytes);
	bytes.len--;
	measure(p, "8 MiB cut short", bytes);
	tell(p);
	assert_true(p->worst.peak <= MEMORY_MAX);
	assert_true(p->worst.calls <= CALLS_MAX);
	if (!HEAP_COUNT_HOOKED)
		assert_true(p->slowest_ns <= SLOW_NS);
	cseal_buf_free(&b);
	free(list);
	free(room);
}

static int
free_key(void **state)
{
	(void)state;
	cseal_desk_key_free(desk_key);
	return 0;
}

int
main(void)
{
	static struct parser large = { .name = "large parcel",
		.parse = parse_parcel };
	static struct parser parsers[] = {
		{ .name = "entry", .parse = parse_entry },
		{ .name = "statement", .parse = parse_statement },
		{ .name = "key", .parse = parse_key },
		{ .name = "credential", .parse = parse_credential },
		{ .name = "details", .parse = parse_details },
		{ .name = "offer", .parse = parse_offer },
		{ .name = "parcel", .parse = parse_parcel },
		{ .name = "envelope", .parse = parse_envelope },
		{ .name = "openings", .parse = parse_openings },
		{ .name = "policy", .parse = parse_policy, .lines = true },
		{ .name = "lines", .parse = parse_lines, .lines = true },
	};
	enum { PARSERS = sizeof(parsers) / sizeof(parsers[0]) };
	struct CMUnitTest tests[PARSERS + 1] = { [PARSERS] = { "large parcel",
						     test_large_parcel, NULL,
						     NULL, &large } };

	for (size_t i = 0; i < PARSERS; i++) {
		const struct CMUnitTest t = { parsers[i].name, run, NULL, NULL,
			&parsers[i] };

		tests[i] = t;
	}
	desk_key = fixed_desk_key();
	return cmocka_run_group_tests_name("bounds", tests, NULL, free_key);
}
