/* SPDX-License-Identifier: BSD-2-Clause */
/* The token's state file: what it keeps, and what it refuses. */
#include <errno.h>
#include <fcntl.h>
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

#include "image.h"
#include "tokenstate.h"

/* Of sample(). */
#define FILE_LEN 256
#define V1_LEN	 84

static char folder[] = "/tmp/test_tokenstate.XXXXXX";

static int
make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int
remove_folder(void **state)
{
	(void)state;
	return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static int
remove_files(void **state)
{
	static const char *const names[] = { "t", "t.new", "t.lock", "aim" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (unlink(names[i]) != 0 && errno != ENOENT)
			return -1;
	}
	return 0;
}

static size_t
set_text(char *to, const char *text)
{
	memcpy(to, text, strlen(text));
	return strlen(text);
}

static void
add_resident(struct device_state *s, const char *rp, const char *name)
{
	struct resident *c = &s->residents.at[s->residents.n++];

	c->rp.len = set_text(c->rp.id, rp);
	c->user.name_len = set_text(c->user.name, name);
	c->user.display_len = set_text(c->user.display, "Alice A.");
	c->user.id_len = 4;
	memcpy(c->user.id, "\x00\x01\x02\x03", 4);
	c->id.len = 40;
	memset(c->id.data, 7, c->id.len);
}

/* A state with something in every part. */
static struct device_state
sample(uint32_t counter)
{
	struct device_state s;

	memset(&s, 0, sizeof(s));
	device_state_init(&s);
	s.counter = counter;
	for (size_t i = 0; i < sizeof(s.master); i++)
		s.master[i] = (uint8_t)(i + 1);
	s.pin_set = s.always_uv = true;
	memset(s.pin_hash, 0x55, sizeof(s.pin_hash));
	s.pin_length = 6;
	s.pin_retries = 7;
	s.uv_retries = 3;
	s.min_pin_length = 5;
	s.min_pin_rps.n = 1;
	s.min_pin_rps.at[0].len = set_text(s.min_pin_rps.at[0].id, "a.example");
	add_resident(&s, "example.org", "alice");
	add_resident(&s, "b.example", "");
	return s;
}

/* Every text as long as it may be, every list full. */
static struct device_state
largest(void)
{
	struct device_state s = sample(1);

	s.residents.n = 0;
	for (size_t i = 0; i < RESIDENT_MAX; i++) {
		struct resident *c = &s.residents.at[s.residents.n++];

		memset(c, 0, sizeof(*c)); /* what is between the members */
		memset(c->rp.id, 'x', sizeof(c->rp.id));
		memset(c->user.display, 'd', sizeof(c->user.display));
		memset(c->id.data, 0xee, sizeof(c->id.data));
		c->rp.len = sizeof(c->rp.id);
		c->user.id_len = sizeof(c->user.id);
		c->user.name_len = sizeof(c->user.name);
		c->user.display_len = sizeof(c->user.display);
		c->id.len = sizeof(c->id.data);
	}
	s.min_pin_rps.n = 0;
	for (size_t i = 0; i < DEVICE_MIN_PIN_RPS; i++) {
		struct codec_rp *rp = &s.min_pin_rps.at[s.min_pin_rps.n++];

		memset(rp->id, 'y', sizeof(rp->id));
		rp->len = sizeof(rp->id);
	}
	return s;
}

static void
save_state(const struct device_state *s)
{
	struct tokenstate *f;

	assert_int_equal(tokenstate_open("t", &f), TOKENSTATE_OK);
	assert_int_equal(tokenstate_save(f, s), TOKENSTATE_OK);
	tokenstate_close(f);
}

static void
save(uint32_t counter)
{
	const struct device_state s = sample(counter);

	save_state(&s);
}

static enum tokenstate_result
load(struct device_state *out)
{
	enum tokenstate_result r;
	struct tokenstate *f;

	memset(out, 0xff, sizeof(*out));
	assert_int_equal(tokenstate_open("t", &f), TOKENSTATE_OK);
	r = tokenstate_load(f, out);
	tokenstate_close(f);
	return r;
}

/* Not loaded, and nothing of it taken over either. */
static void
expect_refused(enum tokenstate_result want)
{
	static const struct device_state none;
	struct device_state s;

	assert_int_equal(load(&s), want);
	assert_memory_equal(&s, &none, sizeof(s));
}

static size_t
read_file(uint8_t *p, size_t cap)
{
	int fd = open("t", O_RDONLY);
	ssize_t n;

	assert_int_not_equal(fd, -1);
	n = read(fd, p, cap);
	assert_true(n >= 0);
	close(fd);
	return (size_t)n;
}

static void
write_file(const uint8_t *p, size_t n)
{
	int fd = open("t", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, p, n), n);
	close(fd);
}

static void
absent_is_told(void **state)
{
	(void)state;
	expect_refused(TOKENSTATE_ABSENT);
}

static void
what_was_saved_is_loaded(void **state)
{
	static const uint32_t counters[] = { 0, 1, 0x01020304, UINT32_MAX };
	struct device_state s;

	(void)state;
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		const struct device_state want = sample(counters[i]);

		save(counters[i]);
		assert_int_equal(load(&s), TOKENSTATE_OK);
		assert_memory_equal(&s, &want, sizeof(s));
	}
}

static void
fullest_state_is_kept(void **state)
{
	const struct device_state want = largest();
	struct device_state s;
	struct stat st;

	(void)state;
	save_state(&want);
	assert_int_equal(stat("t", &st), 0);
	assert_int_equal(st.st_size, IMAGE_MAX);
	assert_int_equal(load(&s), TOKENSTATE_OK);
	assert_memory_equal(&s, &want, sizeof(s));
}

/* Master key and counter alone, as the first version wrote them. */
static void
version_1_is_read(void **state)
{
	uint8_t p[V1_LEN] = "CSEALTOK\0\0\0\1\0\0\0\x24";
	struct device_state s, want;

	(void)state;
	memset(&want, 0, sizeof(want));
	device_state_init(&want);
	memset(p + 16, 0xab, CRYPTO_KEY);
	memset(want.master, 0xab, CRYPTO_KEY);
	memcpy(p + 48, "\1\2\3\4", 4);
	want.counter = 0x01020304;
	assert_int_equal(crypto_sha256(p, 52, p + 52), 0);
	write_file(p, sizeof(p));
	assert_int_equal(load(&s), TOKENSTATE_OK);
	assert_memory_equal(&s, &want, sizeof(s));
	/* It is version 2 once it was saved. */
	save_state(&s);
	assert_true(read_file(p, sizeof(p)) > V1_LEN - 1);
	assert_int_equal(p[11], 2);
	assert_int_equal(load(&s), TOKENSTATE_OK);
	assert_memory_equal(&s, &want, sizeof(s));
}

/* Hashed as they should be, and still nothing that a token wrote. */
static void
impossible_values_are_damage(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} rows[] = {
		{ 52, 8 },   /* flags */
		{ 69, 64 },  /* length of the PIN */
		{ 70, 9 },   /* PIN tries */
		{ 71, 6 },   /* UV tries */
		{ 72, 3 },   /* minimum length */
		{ 72, 64 },  /* the same */
		{ 73, 9 },   /* rp ids */
		{ 74, 0 },   /* the first one's length */
		{ 84, 33 },  /* credentials */
		{ 84, 3 },   /* more than there are */
		{ 84, 1 },   /* fewer */
		{ 85, 0 },   /* rp id */
		{ 97, 65 },  /* user id */
		{ 102, 65 }, /* name */
		{ 117, 0 },  /* credential id */
	};
	uint8_t p[FILE_LEN];

	(void)state;
	save(7);
	assert_int_equal(read_file(p, sizeof(p)), FILE_LEN);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const uint8_t old = p[rows[i].at];

		p[rows[i].at] = rows[i].value;
		assert_int_equal(crypto_sha256(p, FILE_LEN - CRYPTO_HASH,
				     p + FILE_LEN - CRYPTO_HASH),
		    0);
		write_file(p, sizeof(p));
		expect_refused(TOKENSTATE_DAMAGED);
		p[rows[i].at] = old;
	}
}

static void
file_is_private_and_whole(void **state)
{
	struct stat st;
	mode_t old = umask(0);

	(void)state;
	save(1);
	umask(old);
	assert_int_equal(stat("t", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, FILE_LEN);
	assert_int_equal(stat("t.lock", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(access("t.new", F_OK), -1);
}

static void
every_changed_byte_is_noticed(void **state)
{
	uint8_t p[FILE_LEN];

	(void)state;
	save(7);
	assert_int_equal(read_file(p, sizeof(p)), FILE_LEN);
	for (size_t i = 0; i < FILE_LEN; i++) {
		p[i] ^= 0x01;
		write_file(p, sizeof(p));
		expect_refused(TOKENSTATE_DAMAGED);
		p[i] ^= 0x01;
	}
}

static void
every_cut_is_noticed(void **state)
{
	uint8_t p[FILE_LEN + 1] = { 0 };

	(void)state;
	save(7);
	assert_int_equal(read_file(p, FILE_LEN), FILE_LEN);
	for (size_t n = 0; n < FILE_LEN; n++) {
		write_file(p, n);
		expect_refused(TOKENSTATE_DAMAGED);
	}
	write_file(p, FILE_LEN + 1);
	expect_refused(TOKENSTATE_DAMAGED);
}

static void
later_version_is_named_as_such(void **state)
{
	uint8_t p[FILE_LEN + 10] = { 0 };

	(void)state;
	save(7);
	assert_int_equal(read_file(p, FILE_LEN), FILE_LEN);
	p[11] = 3;
	assert_int_equal(crypto_sha256(p, sizeof(p) - CRYPTO_HASH,
			     p + sizeof(p) - CRYPTO_HASH),
	    0);
	write_file(p, sizeof(p));
	expect_refused(TOKENSTATE_VERSION);
}

static void
wrong_length_is_damage_even_if_hashed(void **state)
{
	uint8_t p[FILE_LEN + 1] = { 0 };

	(void)state;
	save(7);
	assert_int_equal(read_file(p, FILE_LEN), FILE_LEN);
	assert_int_equal(crypto_sha256(p, sizeof(p) - CRYPTO_HASH,
			     p + sizeof(p) - CRYPTO_HASH),
	    0);
	write_file(p, sizeof(p));
	expect_refused(TOKENSTATE_DAMAGED);
}

static void
files_open_to_others_are_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0620, 0610, 0666 };

	(void)state;
	save(1);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		assert_int_equal(chmod("t", modes[i]), 0);
		expect_refused(TOKENSTATE_UNSAFE);
	}
}

static void
other_kinds_of_file_are_refused(void **state)
{
	(void)state;
	save(1);
	assert_int_equal(rename("t", "aim"), 0);
	assert_int_equal(symlink("aim", "t"), 0);
	expect_refused(TOKENSTATE_UNSAFE);
	assert_int_equal(unlink("t"), 0);
	assert_int_equal(mkfifo("t", 0600), 0);
	expect_refused(TOKENSTATE_UNSAFE);
	assert_int_equal(unlink("t"), 0);
	assert_int_equal(mkdir("t", 0700), 0);
	expect_refused(TOKENSTATE_UNSAFE);
	assert_int_equal(rmdir("t"), 0);
}

static void
second_token_is_kept_away(void **state)
{
	struct tokenstate *a, *b;

	(void)state;
	assert_int_equal(tokenstate_open("t", &a), TOKENSTATE_OK);
	assert_int_equal(tokenstate_open("t", &b), TOKENSTATE_BUSY);
	assert_null(b);
	tokenstate_close(a);
	assert_int_equal(tokenstate_open("t", &b), TOKENSTATE_OK);
	tokenstate_close(b);
	tokenstate_close(NULL);
}

/* What a killed process left half written does no harm. */
static void
leftover_is_replaced(void **state)
{
	struct device_state s;
	int fd = open("t.new", O_WRONLY | O_CREAT, 0644);

	(void)state;
	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, "half", 4), 4);
	close(fd);
	save(9);
	assert_int_equal(load(&s), TOKENSTATE_OK);
	assert_int_equal(s.counter, 9);
}

static void
failure_keeps_the_old_file(void **state)
{
	const struct device_state next = sample(6);
	struct device_state s;
	struct tokenstate *f;

	(void)state;
	save(5);
	assert_int_equal(tokenstate_open("t", &f), TOKENSTATE_OK);
	/* A folder in the way: neither unlink nor open can take its place. */
	assert_int_equal(mkdir("t.new", 0700), 0);
	assert_int_equal(tokenstate_save(f, &next), TOKENSTATE_IO);
	assert_int_equal(rmdir("t.new"), 0);
	tokenstate_close(f);
	assert_int_equal(load(&s), TOKENSTATE_OK);
	assert_int_equal(s.counter, 5);
}

static void
bad_paths_are_refused(void **state)
{
	char lengthy[5000];
	struct tokenstate *f;

	(void)state;
	memset(lengthy, 'x', sizeof(lengthy));
	lengthy[sizeof(lengthy) - 1] = '\0';
	assert_int_equal(tokenstate_open(lengthy, &f), TOKENSTATE_IO);
	assert_int_equal(tokenstate_open("", &f), TOKENSTATE_IO);
	assert_int_equal(tokenstate_open("no/such/t", &f), TOKENSTATE_IO);
	assert_null(f);
}

static void
every_result_has_a_sentence(void **state)
{
	(void)state;
	for (int r = TOKENSTATE_OK; r <= TOKENSTATE_IO; r++)
		assert_true(
		    strlen(tokenstate_strerror((enum tokenstate_result)r)) > 5);
}

#define TEST(f) cmocka_unit_test_teardown(f, remove_files)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(absent_is_told),
		TEST(what_was_saved_is_loaded),
		TEST(fullest_state_is_kept),
		TEST(version_1_is_read),
		TEST(impossible_values_are_damage),
		TEST(file_is_private_and_whole),
		TEST(every_changed_byte_is_noticed),
		TEST(every_cut_is_noticed),
		TEST(later_version_is_named_as_such),
		TEST(wrong_length_is_damage_even_if_hashed),
		TEST(files_open_to_others_are_refused),
		TEST(other_kinds_of_file_are_refused),
		TEST(second_token_is_kept_away),
		TEST(leftover_is_replaced),
		TEST(failure_keeps_the_old_file),
		TEST(bad_paths_are_refused),
		TEST(every_result_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
