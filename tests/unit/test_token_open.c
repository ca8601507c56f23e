/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening and listing keys: every reason why not. */

#include <setjmp.h>
#include <stdarg.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "socket_server.h"
#include "token_dev.h"

static void
expect(const struct cseal_error *err, const char *words)
{
	if (strstr(err->what, words) == NULL)
		fail_msg("\"%s\" says nothing of \"%s\"", err->what, words);
}

static void
refused(const char *path, int code, const char *words)
{
	struct cseal_token *t = (struct cseal_token *)-1;
	struct cseal_error err;

	memset(&err, 0, sizeof(err));
	assert_int_equal(cseal_token_open(&t, path, NULL, &err), code);
	assert_null(t);
	assert_int_equal(err.code, code);
	assert_int_not_equal(err.where[0], '\0');
	expect(&err, words);
	/* And nobody has to want to know why. */
	assert_int_equal(cseal_token_open(&t, path, NULL, NULL), code);
}

static void
test_open_socket_errors(void **state)
{
	struct server *s = *state;
	char path[CSEAL_TOKEN_PATH_BYTES];
	int fd;

	refused(s->token, CSEAL_ERR_NOT_FOUND, "no such socket");
	refused("unix:", CSEAL_ERR_NOT_FOUND, "no such socket");
	memset(path, 'a', sizeof(path));
	memcpy(path, "unix:/tmp/", 10);
	path[5 + 108] = '\0';
	refused(path, CSEAL_ERR_TOO_LARGE, "at most 107 bytes");
	path[5 + 108] = 'a';
	path[sizeof(path) - 1] = '\0';
	refused(path, CSEAL_ERR_TOO_LARGE, "at most 107 bytes");

	fd = open(s->path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	refused(s->token, CSEAL_ERR_TOKEN, "not a socket");
	(void)snprintf(path, sizeof(path), "%s/deeper", s->token);
	refused(path, CSEAL_ERR_NOT_FOUND, "not a folder");
	assert_int_equal(unlink(s->path), 0);

	bind_socket(s, SOCK_STREAM);
	refused(s->token, CSEAL_ERR_TOKEN, "SOCK_SEQPACKET");
	close(s->listener);
	s->listener = -1;
	refused(s->token, CSEAL_ERR_NOT_FOUND, "nobody listens");
}

static void
test_open_paths(void **state)
{
	char path[CSEAL_TOKEN_PATH_BYTES + 1];

	(void)state;
	refused(NULL, CSEAL_ERR_USAGE, "no path");
	refused("", CSEAL_ERR_USAGE, "no path");
	memset(path, 'a', sizeof(path));
	path[CSEAL_TOKEN_PATH_BYTES] = '\0';
	refused(path, CSEAL_ERR_TOO_LARGE, "255 bytes");
	/* libfido2 would put other io functions in the place of ours. */
	refused("nfc:/dev/nfc0", CSEAL_ERR_USAGE, "not supported");
	refused("pcsc://slot0", CSEAL_ERR_USAGE, "not supported");
	refused("windows://hello", CSEAL_ERR_USAGE, "not supported");
	refused("/dev/hidraw-none", CSEAL_ERR_NOT_FOUND, "no such device");
	refused("/dev/null", CSEAL_ERR_TOKEN, "not a security key");
	refused("0001:0002:00", CSEAL_ERR_TOKEN, "not a security key");
}

/* The sentence, whoever runs the tests: root is denied nothing. */
static void
test_permission(void **state)
{
	struct cseal_error err;

	(void)state;
	assert_int_equal(token_open_error(EACCES, "/dev/hidraw0", &err),
	    CSEAL_ERR_PERMISSION);
	expect(&err, "udev/70-counterseal.rules");
	expect(&err, "make install");
	assert_string_equal(err.where, "/dev/hidraw0");
	assert_int_equal(
	    token_open_error(EACCES, "unix:/s", &err), CSEAL_ERR_PERMISSION);
	expect(&err, "somebody else");
	assert_int_equal(
	    token_open_error(EIO, "/dev/hidraw0", &err), CSEAL_ERR_TOKEN);
	expect(&err, "system error 5");
}

static int
open_quickly(const struct server *s, struct cseal_error *err)
{
	const struct token_timing timing = {
		.quick_ms = 60,
		.touch_ms = 60,
		.hang_up_ms = 20,
	};
	struct cseal_token *t;
	int r;

	r = token_open_io(&t, s->token, &io_unix, &timing, NULL, err);
	assert_null(t);
	return r;
}

/* Whoever listens and says nothing. */
static void
test_open_silent_peer(void **state)
{
	struct server *s = *state;
	struct cseal_error err;

	bind_socket(s, SOCK_SEQPACKET);
	assert_int_equal(open_quickly(s, &err), CSEAL_ERR_TOKEN);
	expect(&err, "does not answer as a security key");
}

struct liar {
	int listener;
	size_t len;
};

/* Answers the greeting with something that a key would not say. */
static void *
lie(void *arg)
{
	static const unsigned char noise[IO_REPORT_BYTES] = { 0xff, 0xff, 0xff,
		0xff, 0x86, 0, 17 };
	const struct liar *l = arg;
	unsigned char in[IO_REPORT_BYTES];
	int fd = accept(l->listener, NULL, NULL);

	if (fd < 0)
		return NULL;
	if (recv(fd, in, sizeof(in), 0) == sizeof(in))
		(void)send(fd, noise, l->len, MSG_NOSIGNAL);
	/* Until the other side hangs up. */
	(void)recv(fd, in, sizeof(in), 0);
	close(fd);
	return NULL;
}

static void
test_open_liar(void **state)
{
	static const size_t sizes[] = { IO_REPORT_BYTES, 10 };
	struct server *s = *state;
	struct cseal_error err;
	pthread_t thread;

	bind_socket(s, SOCK_SEQPACKET);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct liar l = { s->listener, sizes[i] };

		assert_int_equal(pthread_create(&thread, NULL, lie, &l), 0);
		assert_int_equal(open_quickly(s, &err), CSEAL_ERR_TOKEN);
		expect(&err, "does not answer as a security key");
		assert_int_equal(pthread_join(thread, NULL), 0);
	}
}

static void
test_list(void **state)
{
	struct cseal_token_entry all[8];
	struct cseal_error err;
	size_t n = 99;

	(void)state;
	assert_int_equal(cseal_token_list(all, 8, &n, &err), CSEAL_OK);
	assert_in_range(n, 0, 8);
	for (size_t i = 0; i < n; i++)
		assert_int_not_equal(all[i].path[0], '\0');
	n = 99;
	assert_int_equal(cseal_token_list(NULL, 0, &n, NULL), CSEAL_OK);
	assert_int_equal(n, 0);
}

#define SERVED(test) \
	cmocka_unit_test_setup_teardown(test, server_setup, server_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SERVED(test_open_socket_errors),
		cmocka_unit_test(test_open_paths),
		cmocka_unit_test(test_permission),
		SERVED(test_open_silent_peer),
		SERVED(test_open_liar),
		cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests_name("token_open", tests, NULL, NULL);
}
