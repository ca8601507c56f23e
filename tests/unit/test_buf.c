/* SPDX-License-Identifier: BSD-2-Clause */

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

#include "counterseal/buf.h"
#include "counterseal/err.h"

static char folder[] = "/tmp/test_buf.XXXXXX";

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

static void
appends_in_order(void **state)
{
	static const uint8_t want[] = "ab\x07\x01\x02\x03\x04xyz n=5";
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	assert_int_equal(cseal_buf_add(&b, "ab", 2), CSEAL_OK);
	assert_int_equal(cseal_buf_add_u8(&b, 7), CSEAL_OK);
	assert_int_equal(cseal_buf_add_u32(&b, 0x01020304), CSEAL_OK);
	assert_int_equal(cseal_buf_add_str(&b, "xyz"), CSEAL_OK);
	assert_int_equal(cseal_buf_printf(&b, " n=%d", 5), CSEAL_OK);
	assert_int_equal(b.len, sizeof(want) - 1);
	assert_memory_equal(b.data, want, b.len);
	assert_int_equal(cseal_buf_slice(&b).len, b.len);
	assert_ptr_equal(cseal_buf_slice(&b).data, b.data);
	cseal_buf_free(&b);
	assert_null(b.data);
	assert_int_equal(b.len, 0);
}

static void
empty_is_fine(void **state)
{
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 4);
	assert_int_equal(cseal_buf_add(&b, NULL, 0), CSEAL_OK);
	assert_string_equal(cseal_buf_str(&b), "");
	assert_int_equal(b.len, 0);
	cseal_buf_free(&b);
	cseal_buf_free(&b);
	cseal_buf_free(NULL);
}

static void
grows_and_keeps_the_content(void **state)
{
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal(
		    cseal_buf_add_u8(&b, (uint8_t)(i * 7)), CSEAL_OK);
	assert_int_equal(b.len, 100000);
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal(b.data[i], (uint8_t)(i * 7));
	cseal_buf_free(&b);
}

static void
limit_is_exact_and_sticky(void **state)
{
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 4);
	assert_int_equal(cseal_buf_add(&b, "abcd", 4), CSEAL_OK);
	assert_int_equal(cseal_buf_add(&b, "e", 1), CSEAL_ERR_TOO_LARGE);
	assert_int_equal(cseal_buf_error(&b), CSEAL_ERR_TOO_LARGE);
	assert_string_equal(cseal_buf_str(&b), "abcd");
	assert_int_equal(cseal_buf_add(&b, "", 0), CSEAL_ERR_TOO_LARGE);
	assert_int_equal(cseal_buf_printf(&b, "%s", ""), CSEAL_ERR_TOO_LARGE);
	cseal_buf_reset(&b);
	assert_int_equal(cseal_buf_add(&b, "xy", 2), CSEAL_OK);
	assert_int_equal(cseal_buf_printf(&b, "%d", 100), CSEAL_ERR_TOO_LARGE);
	assert_string_equal(cseal_buf_str(&b), "xy");
	cseal_buf_free(&b);
	assert_int_equal(cseal_buf_add(&b, "abcde", 5), CSEAL_ERR_TOO_LARGE);
	cseal_buf_free(&b);
}

static void
sizes_that_overflow_are_refused(void **state)
{
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, SIZE_MAX);
	assert_int_equal(cseal_buf_add(&b, "a", 1), CSEAL_OK);
	assert_int_equal(cseal_buf_add(&b, "a", SIZE_MAX), CSEAL_ERR_TOO_LARGE);
	cseal_buf_free(&b);
}

static void
appends_its_own_content(void **state)
{
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	cseal_buf_add_str(&b, "0123456789abcdef");
	for (int i = 0; i < 6; i++)
		assert_int_equal(cseal_buf_add(&b, b.data, b.len), CSEAL_OK);
	assert_int_equal(b.len, 16 * 64);
	for (size_t i = 0; i < b.len; i++)
		assert_int_equal(b.data[i], "0123456789abcdef"[i % 16]);
	cseal_buf_free(&b);
}

static void
reset_wipes(void **state)
{
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	cseal_buf_add_str(&b, "1234");
	cseal_buf_reset(&b);
	assert_int_equal(b.len, 0);
	for (size_t i = 0; i < b.cap; i++)
		assert_int_equal(b.data[i], 0);
	cseal_buf_free(&b);
}

static void
wipe_wipes(void **state)
{
	uint8_t p[8];

	(void)state;
	memset(p, 1, sizeof(p));
	cseal_wipe(p + 1, 6);
	assert_memory_equal(p, "\x01\0\0\0\0\0\0\x01", 8);
	cseal_wipe(NULL, 0);
}

static void
file_there_and_back(void **state)
{
	struct cseal_buf b, back;
	struct stat st;

	(void)state;
	cseal_buf_init(&b, 0);
	cseal_buf_init(&back, 0);
	for (unsigned i = 0; i < 50000; i++)
		cseal_buf_add_u8(&b, (uint8_t)(i ^ i >> 8));
	assert_int_equal(cseal_buf_write_file(&b, "f"), CSEAL_OK);
	assert_int_equal(stat("f", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(cseal_buf_read_file(&back, "f", 50000), CSEAL_OK);
	assert_int_equal(back.len, b.len);
	assert_memory_equal(back.data, b.data, b.len);

	cseal_buf_reset(&b);
	assert_int_equal(cseal_buf_write_file(&b, "./f"), CSEAL_OK);
	cseal_buf_reset(&back);
	assert_int_equal(cseal_buf_read_file(&back, "f", 0), CSEAL_OK);
	assert_int_equal(back.len, 0);
	assert_int_equal(unlink("f"), 0);
	cseal_buf_free(&b);
	cseal_buf_free(&back);
}

static void
file_made_once(void **state)
{
	struct cseal_buf b, back;
	struct stat st;

	(void)state;
	cseal_buf_init(&b, 0);
	cseal_buf_init(&back, 0);
	cseal_buf_add_str(&b, "first");
	assert_int_equal(cseal_buf_create_file(&b, "f"), CSEAL_OK);
	assert_int_equal(stat("f", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_nlink, 1); /* no other name stayed */
	cseal_buf_add_str(&b, "second");
	assert_int_equal(cseal_buf_create_file(&b, "f"), CSEAL_ERR_EXISTS);
	assert_int_equal(cseal_buf_read_file(&back, "f", 50), CSEAL_OK);
	assert_string_equal(cseal_buf_str(&back), "first");
	assert_int_equal(unlink("f"), 0);
	assert_int_equal(symlink("nowhere", "f"), 0);
	assert_int_equal(cseal_buf_create_file(&b, "f"), CSEAL_ERR_EXISTS);
	assert_int_equal(access("nowhere", F_OK), -1);
	assert_int_equal(unlink("f"), 0);
	assert_int_equal(cseal_buf_create_file(&b, "none/f"), CSEAL_ERR_IO);
	assert_int_equal(cseal_buf_create_file(&b, NULL), CSEAL_ERR_USAGE);
	cseal_buf_free(&b);
	cseal_buf_free(&back);
}

static void
file_over_the_limit_leaves_the_buffer(void **state)
{
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	cseal_buf_add_str(&b, "twelve bytes");
	assert_int_equal(cseal_buf_write_file(&b, "f"), CSEAL_OK);
	assert_int_equal(cseal_buf_read_file(&b, "f", 11), CSEAL_ERR_TOO_LARGE);
	assert_string_equal(cseal_buf_str(&b), "twelve bytes");
	assert_int_equal(cseal_buf_error(&b), CSEAL_OK);
	assert_int_equal(cseal_buf_read_file(&b, "f", 12), CSEAL_OK);
	assert_string_equal(cseal_buf_str(&b), "twelve bytestwelve bytes");
	cseal_buf_free(&b);
	/* Endless input ends at the limit too. */
	assert_int_equal(
	    cseal_buf_read_file(&b, "/dev/zero", 9000), CSEAL_ERR_TOO_LARGE);
	assert_int_equal(unlink("f"), 0);
	cseal_buf_free(&b);
}

static void
files_that_cannot_be_read(void **state)
{
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 0);
	assert_int_equal(cseal_buf_read_file(&b, NULL, 10), CSEAL_ERR_USAGE);
	errno = 0;
	assert_int_equal(cseal_buf_read_file(&b, "none", 10), CSEAL_ERR_IO);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(cseal_buf_read_file(&b, ".", 10), CSEAL_ERR_IO);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(cseal_buf_read_file(&b, "-", 10), CSEAL_ERR_IO);
	assert_int_equal(cseal_buf_read_fd(&b, -1, 10), CSEAL_ERR_IO);
	assert_int_equal(errno, EBADF);
	cseal_buf_free(&b);
}

static void
files_that_cannot_be_written(void **state)
{
	struct cseal_buf b;

	(void)state;
	cseal_buf_init(&b, 4);
	assert_int_equal(cseal_buf_write_file(&b, NULL), CSEAL_ERR_USAGE);
	errno = 0;
	assert_int_equal(cseal_buf_write_file(&b, "none/f"), CSEAL_ERR_IO);
	assert_int_equal(errno, ENOENT);
	/* A folder in the way: the temporary file must not stay behind. */
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(cseal_buf_write_file(&b, "d"), CSEAL_ERR_IO);
	assert_int_equal(rmdir("d"), 0);
	/* A buffer in error is not written. */
	cseal_buf_add_str(&b, "abcde");
	assert_int_equal(cseal_buf_write_file(&b, "f"), CSEAL_ERR_TOO_LARGE);
	assert_int_equal(access("f", F_OK), -1);
	cseal_buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appends_in_order),
		cmocka_unit_test(empty_is_fine),
		cmocka_unit_test(grows_and_keeps_the_content),
		cmocka_unit_test(limit_is_exact_and_sticky),
		cmocka_unit_test(sizes_that_overflow_are_refused),
		cmocka_unit_test(appends_its_own_content),
		cmocka_unit_test(reset_wipes),
		cmocka_unit_test(wipe_wipes),
		cmocka_unit_test(file_there_and_back),
		cmocka_unit_test(file_made_once),
		cmocka_unit_test(file_over_the_limit_leaves_the_buffer),
		cmocka_unit_test(files_that_cannot_be_read),
		cmocka_unit_test(files_that_cannot_be_written),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
