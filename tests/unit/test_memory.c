/* SPDX-License-Identifier: BSD-2-Clause */
/* A ledger against what a desk remembers of it. */

#include "memory_fixture.h"

#define SHARE 64 /* see src/memory_save.c */

static struct maker *
wandered(uint64_t seed, unsigned tries)
{
	struct maker *m = maker_founded(seed);

	maker_wander(m, tries);
	return m;
}

static void
test_first_look(void **state)
{
	struct home *h = *state;
	char spoken[CSEAL_FINGERPRINT_BYTES];
	struct stat st;

	write_ledger(h, maker_founded(1), 4);
	assert_int_equal(look(h), CSEAL_OK);
	assert_null(cseal_memory_head(h->memo));
	assert_int_equal(cseal_replay_remembered(h->r), 0);
	assert_int_equal(h->told, 0);
	assert_false(exists(h->memory));
	assert_int_equal(cseal_memory_save(h->memo, h->r), CSEAL_OK);
	cseal_fingerprint(cseal_state_ledger_id(h->m->state), spoken);
	assert_int_equal(h->told, 1);
	assert_non_null(strstr(h->said, spoken));
	assert_int_equal(stat(h->memory, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(h->pins, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);

	look_well(h);
	assert_int_equal(h->told, 0);
	assert_int_equal(cseal_memory_head(h->memo)->size, 4);
	assert_int_equal(cseal_replay_remembered(h->r), 4);
	assert_int_equal(cseal_replay_sealed(h->r), 4);
	assert_int_equal(cseal_replay_entries(h->r), 4);
}

/* All that a replay has come to, as bytes. */
static void
encode(const struct cseal_replay *r, struct cseal_buf *out)
{
	cseal_buf_reset(out);
	assert_int_equal(memory_file_encode(out, r, true), CSEAL_OK);
}

/* Entry by entry the desk comes to what a whole replay comes to. */
static void
test_grows(void **state)
{
	struct home *h = *state;
	struct cseal_replay *whole;
	struct cseal_buf a, b;
	unsigned heads = 0;
	uint64_t n;

	cseal_buf_init(&a, 0);
	cseal_buf_init(&b, 0);
	write_ledger(h, wandered(2, 200), 4);
	look_well(h);
	for (n = 5; n <= h->m->entries.n; n++) {
		write_entries(h, n - 1, n);
		look_well(h);
		assert_int_equal(h->told, 0);
		assert_int_equal(cseal_replay_remembered(h->r), n - 1);
		assert_int_equal(cseal_memory_head(h->memo)->size, n);
		heads += exists(h->head);
		assert_int_equal(
		    cseal_replay_new(&whole, h->l, NULL, &h->err), CSEAL_OK);
		encode(whole, &a);
		encode(h->r, &b);
		assert_int_equal(a.len, b.len);
		assert_memory_equal(a.data, b.data, a.len);
		cseal_replay_free(whole);
	}
	/* Both ways of remembering were taken, and findings were made. */
	assert_true(heads > 0 && n > SHARE);
	assert_non_null(cseal_replay_finding(h->r, 0));
	verify(h);
	assert_int_equal(cseal_replay_remembered(h->r), n - 1);
	cseal_buf_free(&a);
	cseal_buf_free(&b);
}

/* What is covered is not read: here it could not be. */
static void
test_reads_no_old_entry(void **state)
{
	struct home *h = *state;
	struct cseal_replay *r = NULL;
	uint64_t n;

	write_ledger(h, wandered(3, 60), 20);
	n = h->m->entries.n;
	assert_true(n > 30);
	look_well(h);
	write_entries(h, 20, n);
	meddle_with(
	    h, "UPDATE entry SET body = x'00' WHERE idx BETWEEN 1 AND 19");
	look_well(h);
	assert_int_equal(cseal_replay_remembered(h->r), 20);
	assert_int_equal(cseal_replay_sealed(h->r), n);
	look_well(h);
	assert_int_equal(cseal_replay_remembered(h->r), n);

	assert_int_equal(cseal_replay_new(&r, h->l, NULL, &h->err), CSEAL_OK);
	assert_int_equal(cseal_replay_ended(r)->entry, 1);
	cseal_replay_free(r);
}

static void
test_verify_names_old_entry(void **state)
{
	struct home *h = *state;

	write_ledger(h, wandered(4, 60), 30);
	look_well(h);
	verify(h);
	assert_true(cseal_replay_clean(h->r));
	assert_int_equal(cseal_replay_remembered(h->r), 30);
	assert_int_equal(cseal_replay_sealed(h->r), 30);

	/* The last byte of a signature. */
	meddle_with(h,
	    "UPDATE entry SET body = CAST(substr(body, 1, length(body) - 1)"
	    " || x'00' AS BLOB) WHERE idx = 7");
	look_well(h);
	verify(h);
	assert_non_null(cseal_replay_ended(h->r));
	assert_int_equal(cseal_replay_ended(h->r)->entry, 7);
	assert_int_equal(cseal_replay_remembered(h->r), 0);
	assert_non_null(find(h, "memory-forked"));
	assert_false(cseal_replay_clean(h->r));
	assert_int_equal(cseal_memory_save(h->memo, h->r), CSEAL_OK);
	assert_int_equal(memory_file_peek(h->memory, h->memo->id), 30);
}

static void
test_shrunk(void **state)
{
	struct home *h = *state;
	char was[2 * CSEAL_HASH_BYTES + 1], now[2 * CSEAL_HASH_BYTES + 1];
	const struct cseal_finding *f;
	struct cseal_head head;

	write_ledger(h, wandered(5, 60), 30);
	look_well(h);
	head = cseal_state_head(cseal_replay_state(h->r));
	cseal_hex(head.root, sizeof(head.root), was);
	meddle_with(h, "DELETE FROM entry WHERE idx >= 25;"
		       "DELETE FROM node WHERE level = 0 AND idx >= 25");
	assert_int_equal(look(h), CSEAL_ERR_VIOLATION);
	assert_non_null(strstr(h->err.what, "shrank: it had 30 entries"));
	assert_non_null(strstr(h->err.what, was));
	assert_non_null(strstr(h->err.what, "now 25"));
	assert_null(h->r);

	verify(h);
	head = cseal_state_head(cseal_replay_state(h->r));
	cseal_hex(head.root, sizeof(head.root), now);
	assert_int_equal(head.size, 25);
	assert_null(cseal_replay_ended(h->r));
	assert_false(cseal_replay_clean(h->r));
	f = find(h, "memory-shrank");
	assert_non_null(f);
	assert_non_null(strstr(f->detail, was));
	assert_non_null(strstr(f->detail, now));
	assert_int_equal(cseal_replay_remembered(h->r), 0);
	assert_int_equal(cseal_replay_sealed(h->r), 25);
	assert_int_equal(cseal_memory_save(h->memo, h->r), CSEAL_OK);
	assert_int_equal(memory_file_peek(h->memory, h->memo->id), 30);

	meddle_with(h, "DELETE FROM entry; DELETE FROM node");
	assert_int_equal(look(h), CSEAL_ERR_VIOLATION);
	assert_non_null(strstr(h->err.what, "now 0"));
}

/* The same founding, another history behind it, at least as long. */
static void
test_forked(void **state)
{
	struct home *h = *state;
	struct maker *other = maker_founded(6);
	const struct cseal_finding *f;
	uint64_t n;

	write_ledger(h, wandered(6, 30), 10);
	look_well(h);
	(void)maker_do(other, maker_endorse(other, MINA));
	maker_wander(other, 30);
	n = other->entries.n;
	assert_true(n > 10);
	write_ledger(h, other, n);
	assert_int_equal(look(h), CSEAL_ERR_VIOLATION);
	assert_non_null(strstr(h->err.what, "forked or rewritten"));
	assert_non_null(strstr(h->err.what, "first 10 entries"));

	verify(h);
	assert_null(cseal_replay_ended(h->r));
	assert_false(cseal_replay_clean(h->r));
	f = find(h, "memory-forked");
	assert_non_null(f);
	assert_non_null(strstr(f->detail, "was 10 "));
	assert_non_null(strstr(f->detail, "now 10 "));
	assert_int_equal(cseal_replay_remembered(h->r), 0);
	assert_int_equal(cseal_replay_sealed(h->r), n);
	assert_int_equal(cseal_memory_save(h->memo, h->r), CSEAL_OK);
	assert_int_equal(memory_file_peek(h->memory, h->memo->id), 10);
	assert_int_equal(look(h), CSEAL_ERR_VIOLATION);
}

/* Acts in which there is nothing to choose, up to so many entries. */
static struct maker *
endorsed(uint64_t seed, uint64_t n)
{
	struct maker *m = maker_founded(seed);

	while (m->entries.n < n)
		(void)maker_do(m, maker_endorse(m, MINA));
	return m;
}

/* Only the hashes that the head needs are read: here there are no others. */
static void
test_reads_few_hashes(void **state)
{
	struct home *h = *state;

	write_ledger(h, endorsed(12, 300), 300);
	look_well(h);
	meddle_with(h, "UPDATE entry SET body = x'00' WHERE idx > 0;"
		       "DELETE FROM node WHERE level = 0 AND idx < 256");
	look_well(h);
	assert_int_equal(h->told, 0);
	assert_int_equal(cseal_replay_remembered(h->r), 300);
	meddle_with(h, "DELETE FROM node WHERE level = 0 AND idx = 256");
	assert_int_not_equal(look(h), CSEAL_OK);
}

/*
 * Another history from behind the remembered state on, but not from behind
 * the remembered head; and in the stored tree one leaf is left of the first
 * history, so that this tree, asked for the head, gives what is remembered.
 */
static void
test_forked_behind_state(void **state)
{
	struct home *h = *state;
	struct maker *other = endorsed(13, 254);
	char hex[2 * CSEAL_HASH_BYTES + 1], sql[256];
	uint8_t leaf[CSEAL_HASH_BYTES];
	struct cseal_slice seen;

	write_ledger(h, endorsed(13, 255), 254);
	look_well(h);
	write_entries(h, 254, 255);
	look_well(h);
	assert_int_equal(memory_file_peek(h->memory, h->memo->id), 254);
	assert_int_equal(memory_file_peek(h->head, h->memo->id), 255);
	seen = maker_bytes(h->m, 254);
	assert_int_equal(
	    cseal_merkle_leaf(seen.data, seen.len, leaf), CSEAL_OK);
	cseal_hex(leaf, sizeof(leaf), hex);

	while (other->entries.n < 260)
		(void)maker_do(other, maker_endorse(other, LIN));
	assert_memory_equal(maker_bytes(other, 253).data,
	    maker_bytes(h->m, 253).data, maker_bytes(other, 253).len);
	write_ledger(h, other, 260);
	assert_int_equal(look(h), CSEAL_ERR_VIOLATION);
	(void)snprintf(sql, sizeof(sql),
	    "UPDATE node SET hash = x'%s' WHERE level = 0 AND idx = 254", hex);
	meddle_with(h, sql);
	assert_int_equal(look(h), CSEAL_OK);
	assert_non_null(cseal_replay_ended(h->r));
	assert_string_equal(
	    cseal_replay_ended(h->r)->rule->code, "store-damaged");
	assert_int_equal(cseal_replay_remembered(h->r), 0);
	assert_int_equal(cseal_memory_save(h->memo, h->r), CSEAL_OK);
	assert_int_equal(memory_file_peek(h->head, h->memo->id), 255);
	verify(h);
	assert_non_null(find(h, "memory-forked"));
}

static void
test_swapped(void **state)
{
	struct home *h = *state;
	char was[CSEAL_FINGERPRINT_BYTES], now[CSEAL_FINGERPRINT_BYTES];

	write_ledger(h, maker_founded(7), 4);
	look_well(h);
	cseal_fingerprint(cseal_state_ledger_id(h->m->state), was);
	write_ledger(h, maker_founded(8), 4);
	cseal_fingerprint(cseal_state_ledger_id(h->m->state), now);
	assert_int_equal(open_memory(h, false), CSEAL_ERR_VIOLATION);
	assert_non_null(strstr(h->err.what, was));
	assert_non_null(strstr(h->err.what, now));
	assert_non_null(strstr(h->err.what, h->pins));
	assert_int_equal(open_memory(h, true), CSEAL_ERR_VIOLATION);

	/* Whoever has founded it there says so. */
	assert_int_equal(
	    cseal_memory_pin(h->folder, h->path, &h->err), CSEAL_OK);
	look_well(h);
	assert_int_equal(h->told, 0);
}

static void
test_bad_tail(void **state)
{
	struct home *h = *state;
	static const uint8_t junk[] = { 0x84, 0x40, 0x40, 0x40, 0x40 };
	struct cseal_ledger *l = NULL;
	struct cseal_slice bytes = { junk, sizeof(junk) };

	write_ledger(h, wandered(9, 40), 20);
	look_well(h);
	assert_int_equal(
	    cseal_ledger_open(&l, h->path, CSEAL_LEDGER_WRITE, &h->err),
	    CSEAL_OK);
	assert_int_equal(
	    cseal_ledger_append(l, 20, bytes, NULL, 0, &h->err), CSEAL_OK);
	cseal_ledger_close(l);
	assert_int_equal(look(h), CSEAL_OK);
	assert_int_equal(cseal_replay_ended(h->r)->entry, 20);
	assert_int_equal(cseal_memory_save(h->memo, h->r), CSEAL_OK);
	assert_int_equal(memory_file_peek(h->memory, h->memo->id), 20);
	verify(h);
	assert_int_equal(cseal_replay_ended(h->r)->entry, 20);
	assert_int_equal(cseal_replay_remembered(h->r), 20);
	assert_null(find(h, "memory-forked"));
}

/* Behind a seal that does not hold nothing remembered is relied on. */
static void
test_bad_seal(void **state)
{
	struct home *h = *state;

	write_ledger(h, wandered(10, 40), 20);
	look_well(h);
	write_entries(h, 20, 24);
	meddle_with(h,
	    "UPDATE entry SET body = CAST(substr(body, 1, length(body) - 1)"
	    " || x'00' AS BLOB) WHERE idx = 22");
	assert_int_equal(look(h), CSEAL_OK);
	assert_non_null(cseal_replay_ended(h->r));
	assert_int_equal(cseal_replay_ended(h->r)->entry, 22);
	assert_string_equal(
	    cseal_replay_ended(h->r)->rule->code, "seal-signature");
	assert_int_equal(cseal_replay_remembered(h->r), 0);
	assert_int_equal(cseal_replay_sealed(h->r), 22);
	assert_int_equal(cseal_state_size(cseal_replay_state(h->r)), 22);
}

/* Who looked before somebody else appended does not set the memory back. */
static void
test_two_at_once(void **state)
{
	struct home *h = *state, other = { .m = NULL };

	write_ledger(h, wandered(11, 40), 10);
	look_well(h);
	other = *h;
	other.l = NULL;
	other.memo = NULL;
	other.r = NULL;
	write_entries(h, 10, 11);
	assert_int_equal(look(h), CSEAL_OK);
	write_entries(h, 11, 20);
	look_well(&other);
	assert_int_equal(cseal_memory_save(h->memo, h->r), CSEAL_OK);
	assert_int_equal(memory_file_peek(h->memory, h->memo->id), 20);
	leave(&other);
}

static uint64_t
a_moment(void *ctx)
{
	return *(const uint64_t *)ctx;
}

static void
test_desk(void **state)
{
	struct home *h = *state;
	struct cseal_desk_options o = { .ledger = h->path,
		.write = true,
		.now = a_moment,
		.state_dir = h->folder };
	struct cseal_draft *p = NULL;
	struct cseal_desk *d = NULL;
	struct cseal_buf auth_data, signature;
	uint64_t index, now;

	write_ledger(h, maker_founded(12), 4);
	now = h->m->clock;
	o.ctx = &now;
	(void)maker_do(h->m, maker_request(h->m, LIN, NULL));
	write_entries(h, 4, 5);
	cseal_buf_init(&auth_data, 0);
	cseal_buf_init(&signature, 0);
	assert_int_equal(cseal_desk_open(&d, &o, &h->err), CSEAL_OK);
	assert_int_equal(
	    cseal_draft_reject(&p, d, MINA, 4, 7, &h->err), CSEAL_OK);
	maker_touch(&h->m->keys[MINA], p, &auth_data, &signature);
	assert_int_equal(cseal_desk_append(d, p, cseal_buf_slice(&auth_data),
			     cseal_buf_slice(&signature), &index, &h->err),
	    CSEAL_OK);
	assert_int_equal(index, 5);
	cseal_draft_free(p);
	cseal_desk_close(d);
	cseal_buf_free(&auth_data);
	cseal_buf_free(&signature);

	look_well(h);
	assert_int_equal(cseal_replay_remembered(h->r), 6);
	meddle_with(h, "DELETE FROM entry WHERE idx = 5;"
		       "DELETE FROM node WHERE level = 0 AND idx = 5");
	assert_int_equal(cseal_desk_open(&d, &o, &h->err), CSEAL_ERR_VIOLATION);
	assert_null(d);
	assert_non_null(strstr(h->err.what, "shrank"));
	o.state_dir = NULL;
	assert_int_equal(cseal_desk_open(&d, &o, &h->err), CSEAL_OK);
	cseal_desk_close(d);
}

int
main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_first_look),
		TEST(test_grows),
		TEST(test_reads_no_old_entry),
		TEST(test_verify_names_old_entry),
		TEST(test_shrunk),
		TEST(test_forked),
		TEST(test_reads_few_hashes),
		TEST(test_forked_behind_state),
		TEST(test_swapped),
		TEST(test_bad_tail),
		TEST(test_bad_seal),
		TEST(test_two_at_once),
		TEST(test_desk),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
