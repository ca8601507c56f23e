/* SPDX-License-Identifier: BSD-2-Clause */
#include "tokenstate.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image.h"

struct tokenstate {
	int lock;
	char path[PATH_MAX], temp[PATH_MAX], folder[PATH_MAX];
};

static int
make_paths(struct tokenstate *s, const char *path, char lock[PATH_MAX])
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

enum tokenstate_result
tokenstate_open(const char *path, struct tokenstate **out)
{
	enum tokenstate_result r = TOKENSTATE_IO;
	char lock[PATH_MAX];
	struct tokenstate *s;

	*out = NULL;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return TOKENSTATE_IO;
	s->lock = -1;
	if (make_paths(s, path, lock) != 0)
		goto out;
	s->lock = open(lock, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (s->lock == -1)
		goto out;
	if (flock(s->lock, LOCK_EX | LOCK_NB) != 0) {
		r = errno == EWOULDBLOCK ? TOKENSTATE_BUSY : TOKENSTATE_IO;
		goto out;
	}
	*out = s; /* transferred */
	s = NULL;
	r = TOKENSTATE_OK;
out:
	tokenstate_close(s);
	return r;
}

void
tokenstate_close(struct tokenstate *s)
{
	if (s == NULL)
		return;
	if (s->lock != -1)
		close(s->lock);
	free(s);
}

static enum tokenstate_result
parse(const uint8_t *p, size_t n, struct device_state *out)
{
	switch (image_parse(p, n, out)) {
	case IMAGE_OK: return TOKENSTATE_OK;
	case IMAGE_VERSION: return TOKENSTATE_VERSION;
	case IMAGE_DAMAGED: break;
	}
	return TOKENSTATE_DAMAGED;
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

enum tokenstate_result
tokenstate_load(const struct tokenstate *s, struct device_state *out)
{
	enum tokenstate_result r = TOKENSTATE_IO;
	/* Room for a later version's file, to name it rightly. */
	uint8_t data[2 * IMAGE_MAX];
	ssize_t n;
	int fd;

	memset(out, 0, sizeof(*out));
	fd = open(s->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1) {
		if (errno == ENOENT)
			return TOKENSTATE_ABSENT;
		return errno == ELOOP ? TOKENSTATE_UNSAFE : TOKENSTATE_IO;
	}
	if (!is_safe(fd)) {
		r = TOKENSTATE_UNSAFE;
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

enum tokenstate_result
tokenstate_save(const struct tokenstate *s, const struct device_state *state)
{
	enum tokenstate_result r = TOKENSTATE_IO;
	uint8_t data[IMAGE_MAX];
	size_t n = image_encode(state, data);

	if (n == 0 || write_temp(s->temp, data, n) != 0 ||
	    rename(s->temp, s->path) != 0 || sync_folder(s->folder) != 0)
		goto out;
	r = TOKENSTATE_OK;
out:
	crypto_wipe(data, sizeof(data));
	return r;
}

const char *
tokenstate_strerror(enum tokenstate_result r)
{
	switch (r) {
	case TOKENSTATE_OK: return "no error";
	case TOKENSTATE_ABSENT: return "there is no such file";
	case TOKENSTATE_DAMAGED:
		return "the state file is damaged; restore it, or remove it "
		       "to begin with a new key";
	case TOKENSTATE_VERSION:
		return "the state file was written by a later version";
	case TOKENSTATE_UNSAFE:
		return "the state file must be a plain file, owned by this "
		       "user, mode 0600";
	case TOKENSTATE_BUSY: return "another token is using the state file";
	case TOKENSTATE_IO: return "cannot read or write the state file";
	}
	return "unknown error";
}
