/* SPDX-License-Identifier: BSD-2-Clause */
/* The software token's socket, served and used by one thread. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "device.h"
#include "transport_unix.h"

#define PATH	  "token"
#define SELECTION 0x0b

struct fixture {
	struct unix_server *server;
	struct device *dev;
	bool asked;
};

static char folder[] = "/tmp/test_transport.XXXXXX";

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

static uint64_t
hook_now(void *ctx)
{
	(void)ctx;
	return 0;
}

static int
hook_random(void *ctx, uint8_t *p, size_t n)
{
	(void)ctx;
	memset(p, 1, n);
	return 0;
}

static void
hook_ask(void *ctx, const struct presence_request *req)
{
	struct fixture *f = ctx;

	(void)req;
	f->asked = true;
}

static enum presence_answer
hook_answer(void *ctx, uint64_t *due)
{
	(void)ctx;
	(void)due;
	return PRESENCE_PENDING;
}

static void
hook_forget(void *ctx)
{
	struct fixture *f = ctx;

	f->asked = false;
}

static int
hook_save(void *ctx, const struct device_state *state)
{
	(void)ctx;
	(void)state;
	return 0;
}

static void
hook_report(void *ctx, int client, const uint8_t report[CTAPHID_REPORT])
{
	const struct fixture *f = ctx;

	unix_server_send(f->server, client, report);
}

static void
hook_wink(void *ctx)
{
	(void)ctx;
}

static int
set_up(void **state)
{
	static struct fixture f;
	const struct device_hooks hooks = { .ctx = &f,
		.now = hook_now,
		.random = hook_random,
		.ask = hook_ask,
		.answer = hook_answer,
		.forget = hook_forget,
		.save = hook_save,
		.report = hook_report,
		.wink = hook_wink };
	const struct device_state none = { .counter = 0 };
	const struct device_model model = { .uv = true };
	char why[128];

	f.asked = false;
	f.server = unix_server_open(PATH, why, sizeof(why));
	f.dev = device_new(&hooks, &model, &none);
	*state = &f;
	return f.server != NULL && f.dev != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	unix_server_close(f->server);
	device_free(f->dev);
	return access(PATH, F_OK) == -1 && errno == ENOENT ? 0 : -1;
}

/* Serves until there is nothing left to serve. */
static void
serve(struct fixture *f)
{
	struct pollfd fds[UNIX_POLLFDS];

	for (;;) {
		unix_server_poll(f->server, fds);
		if (poll(fds, UNIX_POLLFDS, 0) == 0)
			return;
		unix_server_serve(f->server, fds, f->dev);
	}
}

static int
dial(void)
{
	const struct sockaddr_un addr = { AF_UNIX, PATH };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);

	assert_int_not_equal(fd, -1);
	assert_int_equal(
	    connect(fd, (const struct sockaddr *)&addr, sizeof(addr)), 0);
	return fd;
}

/* One report; returns what send(2) does. */
static ssize_t
put(int fd, uint32_t cid, uint8_t cmd, const void *data, uint8_t n)
{
	uint8_t r[CTAPHID_REPORT] = { (uint8_t)(cid >> 24),
		(uint8_t)(cid >> 16), (uint8_t)(cid >> 8), (uint8_t)cid, cmd, 0,
		n };

	memcpy(r + 7, data, n);
	return send(fd, r, sizeof(r), MSG_NOSIGNAL);
}

static bool
get(int fd, uint8_t report[CTAPHID_REPORT])
{
	return recv(fd, report, CTAPHID_REPORT, 0) == CTAPHID_REPORT;
}

static bool
is_closed(int fd)
{
	uint8_t r[CTAPHID_REPORT];
	ssize_t n;

	do {
		n = recv(fd, r, sizeof(r), 0);
	} while (n > 0);
	return n == 0 || errno == ECONNRESET;
}

static uint32_t
channel(struct fixture *f, int fd)
{
	uint8_t r[CTAPHID_REPORT];

	assert_int_equal(
	    put(fd, CTAPHID_BROADCAST, CTAPHID_INIT, "12345678", 8), 64);
	serve(f);
	assert_true(get(fd, r));
	assert_int_equal(r[4], CTAPHID_INIT);
	assert_memory_equal(r + 7, "12345678", 8);
	return (uint32_t)r[15] << 24 | (uint32_t)r[16] << 16 |
	       (uint32_t)r[17] << 8 | r[18];
}

static bool
pings(struct fixture *f, int fd, uint32_t cid)
{
	uint8_t r[CTAPHID_REPORT];

	if (put(fd, cid, CTAPHID_PING, "hi", 2) != 64)
		return false;
	serve(f);
	return get(fd, r) && r[4] == CTAPHID_PING && r[7] == 'h';
}

static void
socket_is_private(void **state)
{
	struct stat st;
	mode_t old;

	assert_int_equal(stat(PATH, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(tear_down(state), 0);
	old = umask(0);
	assert_int_equal(set_up(state), 0);
	assert_int_equal(umask(old), 0);
	assert_int_equal(stat(PATH, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void
reports_of_64_and_65_bytes(void **state)
{
	struct fixture *f = *state;
	uint8_t r[200] = { 0 };
	int fd = dial();
	uint32_t cid = channel(f, fd);

	r[0] = 0;
	memcpy(r + 1, &(const uint8_t[]){ 0, 0, 0, (uint8_t)cid }, 4);
	r[5] = CTAPHID_PING;
	assert_int_equal(send(fd, r, 63, 0), 63);
	assert_int_equal(send(fd, r, 66, 0), 66);
	assert_int_equal(send(fd, r, 200, 0), 200);
	serve(f);
	assert_false(get(fd, r + 100));
	assert_int_equal(send(fd, r, 65, 0), 65);
	serve(f);
	assert_true(get(fd, r));
	assert_int_equal(r[4], CTAPHID_PING);
	assert_true(pings(f, fd, cid));
	close(fd);
}

static void
clients_get_their_own_reports(void **state)
{
	struct fixture *f = *state;
	uint8_t r[CTAPHID_REPORT];
	int a = dial(), b = dial();
	uint32_t cid_a = channel(f, a), cid_b = channel(f, b);

	assert_int_not_equal(cid_a, cid_b);
	assert_true(pings(f, a, cid_a));
	assert_false(get(b, r));
	assert_true(pings(f, b, cid_b));
	assert_false(get(a, r));
	/* Another's channel is no channel. */
	assert_int_equal(put(a, cid_b, CTAPHID_PING, "x", 1), 64);
	serve(f);
	assert_true(get(a, r));
	assert_int_equal(r[4], CTAPHID_ERROR);
	assert_int_equal(r[7], CTAPHID_ERR_INVALID_CHANNEL);
	close(a);
	serve(f);
	assert_true(pings(f, b, cid_b));
	close(b);
}

static void
hanging_up_ends_the_question(void **state)
{
	static const uint8_t selection = SELECTION;
	struct fixture *f = *state;
	int a = dial(), b = dial();
	uint32_t cid_a = channel(f, a), cid_b = channel(f, b);

	put(a, cid_a, CTAPHID_CBOR, &selection, 1);
	serve(f);
	assert_true(f->asked);
	close(a);
	serve(f);
	assert_false(f->asked);
	assert_true(pings(f, b, cid_b));
	close(b);
}

static void
one_client_too_many_is_turned_away(void **state)
{
	struct fixture *f = *state;
	int fd[UNIX_CLIENTS], late;
	uint32_t cid[UNIX_CLIENTS];

	for (int i = 0; i < UNIX_CLIENTS; i++) {
		fd[i] = dial();
		cid[i] = channel(f, fd[i]);
	}
	late = dial();
	serve(f);
	assert_true(is_closed(late));
	close(late);
	for (int i = 0; i < UNIX_CLIENTS; i++)
		assert_true(pings(f, fd[i], cid[i]));
	close(fd[0]);
	serve(f);
	late = dial();
	assert_true(pings(f, late, channel(f, late)));
	close(late);
	for (int i = 1; i < UNIX_CLIENTS; i++)
		close(fd[i]);
}

/* A whole message fits; who never reads is cut off, and nobody else. */
static void
client_that_does_not_read(void **state)
{
	struct fixture *f = *state;
	int deaf = dial(), other = dial();
	uint32_t cid = channel(f, deaf), cid_other = channel(f, other);
	bool cut = false;

	for (int i = 0; i < 20000 && !cut; i++) {
		cut = put(deaf, cid, CTAPHID_PING, "x", 1) != 64;
		serve(f);
	}
	assert_true(cut);
	assert_true(pings(f, other, cid_other));
	close(deaf);
	close(other);
}

static void
longest_message_waits_for_its_reader(void **state)
{
	struct fixture *f = *state;
	uint8_t r[CTAPHID_REPORT] = { 0 };
	int fd = dial();
	uint32_t cid = channel(f, fd);

	r[3] = (uint8_t)cid;
	r[4] = CTAPHID_PING;
	r[5] = CTAPHID_MESSAGE_MAX >> 8;
	r[6] = CTAPHID_MESSAGE_MAX & 0xff;
	assert_int_equal(send(fd, r, sizeof(r), 0), 64);
	serve(f);
	for (uint8_t seq = 0; seq < 128; seq++) {
		r[4] = seq;
		assert_int_equal(send(fd, r, sizeof(r), 0), 64);
		serve(f);
	}
	for (int i = 0; i < 129; i++) {
		assert_true(get(fd, r));
		assert_int_equal(r[4], i == 0 ? CTAPHID_PING : i - 1);
	}
	assert_false(get(fd, r));
	close(fd);
}

static void
second_server_is_refused(void **state)
{
	char why[128] = "";

	(void)state;
	assert_null(unix_server_open(PATH, why, sizeof(why)));
	assert_string_equal(why, "the path is in use");
	assert_int_equal(access(PATH, F_OK), 0);
}

/* The path may be another's by now: then it is not ours to remove. */
static void
only_its_own_socket_is_removed(void **state)
{
	struct fixture *f = *state;
	int fd;

	assert_int_equal(unlink(PATH), 0);
	fd = open(PATH, O_CREAT | O_EXCL | O_WRONLY, 0600);
	assert_int_not_equal(fd, -1);
	close(fd);
	unix_server_close(f->server);
	f->server = NULL;
	assert_int_equal(unlink(PATH), 0);
}

static void
bad_paths_are_refused(void **state)
{
	char why[128], lengthy[200];

	(void)state;
	memset(lengthy, 'x', sizeof(lengthy));
	lengthy[108] = '\0';
	assert_null(unix_server_open(lengthy, why, sizeof(why)));
	assert_non_null(strstr(why, "1 to 107 bytes"));
	assert_null(unix_server_open("", why, sizeof(why)));
	assert_null(unix_server_open("no/such/folder", why, sizeof(why)));
	unix_server_close(NULL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(socket_is_private),
		TEST(reports_of_64_and_65_bytes),
		TEST(clients_get_their_own_reports),
		TEST(hanging_up_ends_the_question),
		TEST(one_client_too_many_is_turned_away),
		TEST(client_that_does_not_read),
		TEST(longest_message_waits_for_its_reader),
		TEST(second_server_is_refused),
		TEST(only_its_own_socket_is_removed),
		TEST(bad_paths_are_refused),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
