/* SPDX-License-Identifier: BSD-2-Clause */
/* The files of a memory: whose they are, and whether they are whole. */

#include <errno.h>

#include "memory_fixture.h"

#include "digest.h"
#include "memory_pin.h"

#define SEAL_BYTES (2 + CSEAL_HASH_BYTES)

static void
remember(struct home *h, uint64_t seed)
{
	write_ledger(h, maker_founded(seed), 4);
	look_well(h);
}

/* Everything is verified, it is told why, and then remembered again. */
static void
expect_left_aside(struct home *h, const char *why)
{
	look_well(h);
	if (strstr(h->said, why) == NULL)
		fail_msg("%s: %s", why, h->said);
	assert_int_equal(h->told, 1);
	assert_int_equal(cseal_replay_remembered(h->r), 0);
	assert_int_equal(cseal_replay_sealed(h->r), 4);
	look_well(h);
	assert_int_equal(h->told, 0);
	assert_int_equal(cseal_replay_remembered(h->r), 4);
}

static bool
is_refused(const struct home *h, struct cseal_slice bytes)
{
	struct memory_file f;
	const char *why = NULL;
	int r;

	r = memory_file_decode(
	    &f, bytes, cseal_state_ledger_id(h->m->state), &why);
	memory_file_free(&f);
	return r != CSEAL_OK && why != NULL;
}

static void
test_every_flip(void **state)
{
	struct home *h = *state;
	struct cseal_buf b;

	remember(h, 1);
	b = read_all(h->memory);
	assert_false(is_refused(h, cseal_buf_slice(&b)));
	for (size_t i = 0; i < b.len * 8; i++) {
		b.data[i / 8] ^= (uint8_t)(1u << i % 8);
		if (!is_refused(h, cseal_buf_slice(&b)))
			fail_msg("bit %zu", i);
		b.data[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	for (size_t n = 0; n < b.len; n++) {
		struct cseal_slice cut = { b.data, n };

		assert_true(is_refused(h, cut));
	}
	(void)cseal_buf_add_u8(&b, 0);
	assert_true(is_refused(h, cseal_buf_slice(&b)));
	cseal_buf_free(&b);
}

static void
test_damaged(void **state)
{
	struct home *h = *state;
	struct cseal_buf b;

	remember(h, 1);
	b = read_all(h->memory);
	b.data[b.len / 2] ^= 1;
	write_all(h->memory, b.data, b.len);
	expect_left_aside(h, "it is damaged");
	write_all(h->memory, b.data, b.len / 3);
	expect_left_aside(h, "it is damaged");
	write_all(h->memory, b.data, 0);
	expect_left_aside(h, "it is damaged");
	cseal_buf_free(&b);
}

/* Puts the right hash under bytes that were altered. */
static void
seal_again(struct cseal_buf *b)
{
	struct cseal_slice before = { b->data, b->len - SEAL_BYTES };

	assert_int_equal(
	    digest_sha256(b->data + b->len - CSEAL_HASH_BYTES, &before, 1),
	    CSEAL_OK);
}

static void
replace(struct cseal_buf *b, const char *old, size_t n, const char *with)
{
	uint8_t *p = memmem(b->data, b->len, old, n);

	assert_non_null(p);
	memcpy(p, with, n);
	seal_again(b);
}

/* The id stands in the state a second time. */
static void
test_state_of_another(void **state)
{
	struct home *h = *state;
	const uint8_t *id;
	struct cseal_buf b;
	uint8_t *p;

	remember(h, 1);
	id = cseal_state_ledger_id(h->m->state);
	b = read_all(h->memory);
	p = memmem(b.data, b.len, id, CSEAL_HASH_BYTES);
	assert_non_null(p);
	p += CSEAL_HASH_BYTES;
	p = memmem(p, b.len - (size_t)(p - b.data), id, CSEAL_HASH_BYTES);
	assert_non_null(p);
	p[0] ^= 1;
	seal_again(&b);
	assert_true(is_refused(h, cseal_buf_slice(&b)));
	cseal_buf_free(&b);
}

static void
test_other_format(void **state)
{
	struct home *h = *state;
	struct cseal_buf b;

	remember(h, 1);
	b = read_all(h->memory);
	replace(&b, "memory\2", 7, "memory\3");
	write_all(h->memory, b.data, b.len);
	expect_left_aside(h, "another counterseal wrote it");
	cseal_buf_free(&b);

	b = read_all(h->memory);
	replace(&b, "counterseal m", 13, "countersign m");
	write_all(h->memory, b.data, b.len);
	expect_left_aside(h, "it is damaged");
	cseal_buf_free(&b);
}

static void
test_other_ledger(void **state)
{
	struct home *h = *state;
	char path[256];

	remember(h, 1);
	(void)snprintf(path, sizeof(path), "%s", h->memory);
	(void)unlink(h->pins);
	remember(h, 2);
	assert_int_equal(rename(path, h->memory), 0);
	expect_left_aside(h, "it is of another ledger");
}

/* Another version's head counts; its judgement does not. */
static void
test_other_version(void **state)
{
	struct home *h = *state;
	char old[32], with[32];
	struct cseal_buf b;

	remember(h, 1);
	(void)snprintf(old, sizeof(old), "%s", cseal_version());
	(void)snprintf(with, sizeof(with), "%s", old);
	with[strlen(with) - 1]++;
	b = read_all(h->memory);
	replace(&b, old, strlen(old), with);
	write_all(h->memory, b.data, b.len);

	verify(h);
	assert_int_equal(h->told, 0);
	assert_true(cseal_replay_clean(h->r));
	assert_int_equal(cseal_memory_head(h->memo)->size, 4);
	assert_int_equal(cseal_replay_remembered(h->r), 0);
	look_well(h);
	assert_int_equal(cseal_replay_remembered(h->r), 0);
	look_well(h);
	assert_int_equal(cseal_replay_remembered(h->r), 4);

	write_all(h->memory, b.data, b.len);
	meddle_with(h, "DELETE FROM entry WHERE idx = 3;"
		       "DELETE FROM node WHERE level = 0 AND idx = 3");
	assert_int_equal(look(h), CSEAL_ERR_VIOLATION);
	cseal_buf_free(&b);
}

static void
test_not_the_users(void **state)
{
	struct home *h = *state;
	char aside[300];

	remember(h, 1);
	assert_int_equal(chmod(h->memory, 0620), 0);
	expect_left_aside(h, "others can write it");
	assert_int_equal(chmod(h->memory, 0602), 0);
	expect_left_aside(h, "others can write it");
	(void)snprintf(aside, sizeof(aside), "%s/aside", h->folder);
	assert_int_equal(rename(h->memory, aside), 0);
	assert_int_equal(symlink(aside, h->memory), 0);
	expect_left_aside(h, "it is a symbolic link");
	if (geteuid() != 0)
		return;
	/* In a user namespace of one person there is nobody to give it to. */
	if (chown(h->memory, 1, (gid_t)-1) == 0)
		expect_left_aside(h, "it belongs to somebody else");
	else
		assert_int_equal(errno, EINVAL);
}

/* A folder in its place stays: nothing is remembered, and that is told. */
static void
test_not_a_file(void **state)
{
	struct home *h = *state;

	write_ledger(h, maker_founded(1), 4);
	assert_int_equal(mkdir(h->memory, 0700), 0);
	assert_int_equal(look(h), CSEAL_OK);
	assert_non_null(strstr(h->said, "it is not a file"));
	assert_int_not_equal(cseal_memory_save(h->memo, h->r), CSEAL_OK);
	assert_non_null(strstr(h->said, "this desk cannot remember"));
	assert_int_equal(cseal_replay_sealed(h->r), 4);
}

/* The head alone, between two writings of the state. */
static void
test_head_alone(void **state)
{
	struct home *h = *state;
	struct cseal_buf b;

	write_ledger(h, maker_founded(1), 4);
	maker_wander(h->m, 200);
	assert_true(h->m->entries.n > 80);
	write_entries(h, 4, 79);
	look_well(h);
	write_entries(h, 79, 80);
	look_well(h);
	assert_true(exists(h->head));
	b = read_all(h->head);
	assert_true(b.len < 256);

	b.data[b.len / 2] ^= 1;
	write_all(h->head, b.data, b.len);
	look_well(h);
	assert_int_equal(h->told, 1);
	assert_non_null(strstr(h->said, "it is damaged"));
	assert_int_equal(cseal_replay_remembered(h->r), 79);
	look_well(h);
	assert_int_equal(h->told, 0);

	/* Without its state it still tells what was seen. */
	assert_int_equal(unlink(h->memory), 0);
	meddle_with(h, "DELETE FROM entry WHERE idx >= 79;"
		       "DELETE FROM node WHERE level = 0 AND idx >= 79");
	assert_int_equal(look(h), CSEAL_ERR_VIOLATION);
	write_entries(h, 79, 80);
	look_well(h);
	assert_int_equal(cseal_replay_remembered(h->r), 0);
	cseal_buf_free(&b);
}

/* As above, of a head that is newer than the state. */
static void
test_other_versions_head(void **state)
{
	struct home *h = *state;
	char old[32], with[32];
	struct cseal_buf b;

	write_ledger(h, maker_founded(1), 4);
	maker_wander(h->m, 200);
	write_entries(h, 4, 79);
	look_well(h);
	write_entries(h, 79, 80);
	look_well(h);
	(void)snprintf(old, sizeof(old), "%s", cseal_version());
	(void)snprintf(with, sizeof(with), "%s", old);
	with[strlen(with) - 1]++;
	b = read_all(h->head);
	replace(&b, old, strlen(old), with);
	write_all(h->head, b.data, b.len);
	cseal_buf_free(&b);

	verify(h);
	assert_int_equal(cseal_replay_remembered(h->r), 0);
	look_well(h);
	assert_int_equal(h->told, 0);
	assert_int_equal(cseal_memory_head(h->memo)->size, 80);
	assert_int_equal(cseal_replay_remembered(h->r), 0);
	look_well(h);
	assert_int_equal(cseal_replay_remembered(h->r), 80);
}

static void
test_look_alone(void **state)
{
	struct home *h = *state;

	write_ledger(h, maker_founded(1), 3);
	assert_int_equal(open_memory(h, true), CSEAL_OK);
	assert_int_equal(
	    cseal_memory_resume(h->memo, &h->r, h->l, NULL, &h->err), CSEAL_OK);
	assert_int_equal(cseal_memory_save(h->memo, h->r), CSEAL_OK);
	assert_int_equal(h->told, 0);
	assert_false(exists(h->memory) || exists(h->pins));
	look_well(h);
	write_entries(h, 3, 4);
	assert_int_equal(open_memory(h, true), CSEAL_OK);
	assert_int_equal(
	    cseal_memory_resume(h->memo, &h->r, h->l, NULL, &h->err), CSEAL_OK);
	assert_int_equal(cseal_replay_remembered(h->r), 3);
	assert_int_equal(cseal_memory_save(h->memo, h->r), CSEAL_OK);
	assert_int_equal(memory_file_peek(h->memory, h->memo->id), 3);
}

static void
test_no_folder(void **state)
{
	struct home *h = *state;
	struct cseal_memory_options o = { .state_dir = "/nonexistent",
		.ledger = h->path,
		.notice = hear,
		.ctx = h };

	write_ledger(h, maker_founded(1), 4);
	assert_int_equal(
	    cseal_ledger_open(&h->l, h->path, CSEAL_LEDGER_READ, &h->err),
	    CSEAL_OK);
	assert_int_equal(
	    cseal_memory_open(&h->memo, h->l, &o, &h->err), CSEAL_OK);
	assert_int_equal(
	    cseal_memory_resume(h->memo, &h->r, h->l, NULL, &h->err), CSEAL_OK);
	assert_int_not_equal(cseal_memory_save(h->memo, h->r), CSEAL_OK);
	assert_int_equal(h->told, 1);
}

/* ---- pins ---- */

static void
expect_pin(struct home *h, const char *where, int first)
{
	uint8_t id[CSEAL_HASH_BYTES];
	bool found;

	assert_int_equal(
	    memory_pin_find(h->pins, where, &found, id, &h->err), CSEAL_OK);
	assert_int_equal(found, first >= 0);
	if (found)
		assert_int_equal(id[0], first);
}

static void
test_pins(void **state)
{
	struct home *h = *state;
	uint8_t id[CSEAL_HASH_BYTES] = { 1 };

	expect_pin(h, "/a", -1);
	assert_int_equal(memory_pin_set(h->pins, "/a", id, &h->err), CSEAL_OK);
	id[0] = 2;
	assert_int_equal(
	    memory_pin_set(h->pins, "/a  b", id, &h->err), CSEAL_OK);
	id[0] = 3;
	assert_int_equal(memory_pin_set(h->pins, "/", id, &h->err), CSEAL_OK);
	expect_pin(h, "/a", 1);
	expect_pin(h, "/a  b", 2);
	expect_pin(h, "/", 3);
	expect_pin(h, "/a ", -1);
	expect_pin(h, "", -1);
	id[0] = 4;
	assert_int_equal(memory_pin_set(h->pins, "/a", id, &h->err), CSEAL_OK);
	expect_pin(h, "/a", 4);
	expect_pin(h, "/a  b", 2);
	expect_pin(h, "/", 3);
	assert_int_not_equal(
	    memory_pin_set(h->pins, "/a\nb", id, &h->err), CSEAL_OK);
}

/* Nobody unpins a ledger by spoiling the file. */
static void
test_pins_spoilt(void **state)
{
	static const char *const lines[] = {
		"\n",
		"0123\n",
		"zz00000000000000000000000000000000000000000000000000000000000000"
		"  /a\n",
		"0000000000000000000000000000000000000000000000000000000000000000"
		" /a\n",
		"0000000000000000000000000000000000000000000000000000000000000000"
		"  \n",
		"0000000000000000000000000000000000000000000000000000000000000000"
		"  /a",
	};
	struct home *h = *state;

	remember(h, 1);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		write_all(h->pins, lines[i], strlen(lines[i]));
		assert_int_equal(open_memory(h, false), CSEAL_ERR_IO);
		assert_non_null(strstr(h->err.what, "it has a line"));
	}
	write_all(h->pins, "", 0);
	assert_int_equal(open_memory(h, false), CSEAL_OK);
	assert_int_equal(chmod(h->pins, 0660), 0);
	assert_int_equal(open_memory(h, false), CSEAL_ERR_IO);
	assert_non_null(strstr(h->err.what, "others can write it"));
	assert_int_equal(unlink(h->pins), 0);
	assert_int_equal(symlink(h->path, h->pins), 0);
	assert_int_equal(open_memory(h, false), CSEAL_ERR_IO);
	assert_non_null(strstr(h->err.what, "symbolic link"));
}

int
main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_every_flip),
		TEST(test_damaged),
		TEST(test_state_of_another),
		TEST(test_other_format),
		TEST(test_other_ledger),
		TEST(test_other_version),
		TEST(test_not_the_users),
		TEST(test_not_a_file),
		TEST(test_head_alone),
		TEST(test_other_versions_head),
		TEST(test_look_alone),
		TEST(test_no_folder),
		TEST(test_pins),
		TEST(test_pins_spoilt),
	};

	return cmocka_run_group_tests_name("memory files", tests, NULL, NULL);
}
