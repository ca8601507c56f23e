/* SPDX-License-Identifier: BSD-2-Clause */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto.h"

#define MAGIC	"CSEALTOK"
#define VERSION 1

enum layout {
	OFF_VERSION = 8,
	OFF_LENGTH = 12,
	OFF_MASTER = 16,
	OFF_COUNTER = OFF_MASTER + CRYPTO_KEY,
	OFF_HASH = OFF_COUNTER + 4,
	FILE_LEN = OFF_HASH + CRYPTO_HASH
};

struct store {
	int lock;
	char path[PATH_MAX], temp[PATH_MAX], folder[PATH_MAX];
};

static void
store32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static uint32_t
load32(const uint8_t *p)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++)
		v = v << 8 | p[i];
	return v;
}

static int
make_paths(struct store *s, const char *path, char lock[PATH_MAX])
{
	char *slash;
	int n = snprintf(s->path, sizeof(s->path), "%s", path);

	if (n <= 0 || (size_t)n + sizeof(".lock") > sizeof(s->path)) {
		errno = n <= 0 ? ENOENT : ENAMETOOLONG;
		return -1;
	}
	memcpy(s->temp, s->path, (size_t)n);
	memcpy(s->temp + n, ".new", sizeof(".new"));
	memcpy(lock, s->path, (size_t)n);
	memcpy(lock + n, ".lock", sizeof(".lock"));
	memcpy(s->folder, s->path, (size_t)n + 1);
	slash = strrchr(s->folder, '/');
	if (slash == NULL)
		memcpy(s->folder, ".", sizeof("."));
	else
		slash[slash == s->folder ? 1 : 0] = '\0';
	return 0;
}

enum store_result
store_open(const char *path, struct store **out)
{
	enum store_result r = STORE_IO;
	char lock[PATH_MAX];
	struct store *s;

	*out = NULL;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return STORE_IO;
	s->lock = -1;
	if (make_paths(s, path, lock) != 0)
		goto out;
	s->lock = open(lock, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (s->lock == -1)
		goto out;
	if (flock(s->lock, LOCK_EX | LOCK_NB) != 0) {
		r = errno == EWOULDBLOCK ? STORE_BUSY : STORE_IO;
		goto out;
	}
	*out = s; /* transferred */
	s = NULL;
	r = STORE_OK;
out:
	store_close(s);
	return r;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	if (s->lock != -1)
		close(s->lock);
	free(s);
}

static enum store_result
parse(const uint8_t *p, size_t n, struct token_state *out)
{
	uint8_t hash[CRYPTO_HASH];

	if (n < OFF_MASTER + CRYPTO_HASH || memcmp(p, MAGIC, 8) != 0 ||
	    crypto_sha256(p, n - CRYPTO_HASH, hash) != 0 ||
	    memcmp(hash, p + n - CRYPTO_HASH, CRYPTO_HASH) != 0)
		return STORE_DAMAGED;
	if (load32(p + OFF_VERSION) != VERSION)
		return STORE_VERSION;
	if (n != FILE_LEN || load32(p + OFF_LENGTH) != OFF_HASH - OFF_MASTER)
		return STORE_DAMAGED;
	memcpy(out->master, p + OFF_MASTER, CRYPTO_KEY);
	out->counter = load32(p + OFF_COUNTER);
	return STORE_OK;
}

static bool
is_safe(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       st.st_uid == geteuid() && (st.st_mode & 077) == 0;
}

/* Up to `cap` bytes, or -1. */
static ssize_t
read_all(int fd, uint8_t *p, size_t cap)
{
	size_t got = 0;

	while (got < cap) {
		ssize_t n = read(fd, p + got, cap - got);

		if (n == 0)
			break;
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			got += (size_t)n;
	}
	return (ssize_t)got;
}

enum store_result
store_load(const struct store *s, struct token_state *out)
{
	enum store_result r = STORE_IO;
	/* Room for a later version's file, to name it rightly. */
	uint8_t data[4096];
	ssize_t n;
	int fd;

	memset(out, 0, sizeof(*out));
	fd = open(s->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1) {
		if (errno == ENOENT)
			return STORE_ABSENT;
		return errno == ELOOP ? STORE_UNSAFE : STORE_IO;
	}
	if (!is_safe(fd)) {
		r = STORE_UNSAFE;
		goto out;
	}
	if ((n = read_all(fd, data, sizeof(data))) < 0)
		goto out;
	r = parse(data, (size_t)n, out);
out:
	crypto_wipe(data, sizeof(data));
	close(fd);
	return r;
}

static int
write_all(int fd, const uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t w = write(fd, p, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return -1;
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

static int
write_temp(const char *path, const uint8_t *p, size_t n)
{
	int fd, r = -1;

	/* What a killed process left; the lock says that it is nobody's. */
	if (unlink(path) != 0 && errno != ENOENT)
		return -1;
	fd = open(
	    path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	if (write_all(fd, p, n) == 0 && fsync(fd) == 0)
		r = 0;
	if (close(fd) != 0)
		r = -1;
	return r;
}

static int
sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r;

	if (fd == -1)
		return -1;
	r = fsync(fd);
	close(fd);
	return r;
}

enum store_result
store_save(const struct store *s, const struct token_state *state)
{
	enum store_result r = STORE_IO;
	uint8_t data[FILE_LEN];

	memcpy(data, MAGIC, 8);
	store32(data + OFF_VERSION, VERSION);
	store32(data + OFF_LENGTH, OFF_HASH - OFF_MASTER);
	memcpy(data + OFF_MASTER, state->master, CRYPTO_KEY);
	store32(data + OFF_COUNTER, state->counter);
	if (crypto_sha256(data, OFF_HASH, data + OFF_HASH) != 0 ||
	    write_temp(s->temp, data, sizeof(data)) != 0 ||
	    rename(s->temp, s->path) != 0 || sync_folder(s->folder) != 0)
		goto out;
	r = STORE_OK;
out:
	crypto_wipe(data, sizeof(data));
	return r;
}

const char *
store_strerror(enum store_result r)
{
	switch (r) {
	case STORE_OK: return "no error";
	case STORE_ABSENT: return "there is no such file";
	case STORE_DAMAGED:
		return "the state file is damaged; restore it, or remove it "
		       "to begin with a new key";
	case STORE_VERSION:
		return "the state file was written by a later version";
	case STORE_UNSAFE:
		return "the state file must be a plain file, owned by this "
		       "user, mode 0600";
	case STORE_BUSY: return "another token is using the state file";
	case STORE_IO: return "cannot read or write the state file";
	}
	return "unknown error";
}
