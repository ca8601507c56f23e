/* SPDX-License-Identifier: BSD-2-Clause */

#include "buf_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "counterseal/buf.h"
#include "counterseal/err.h"

#define READ_CHUNK 8192
#define TEMP_TAIL  ".XXXXXX"

/* Closes without disturbing the errno that tells the reason. */
static void
close_quietly(int fd)
{
	int saved = errno;

	if (fd >= 0)
		close(fd);
	errno = saved;
}

/*
 * Appends what one read(2) gives, at most `room` bytes and the one more that
 * shows that there is too much. *got is 0 at the end of the file.
 */
static int
read_some(struct cseal_buf *b, int fd, size_t room, size_t *got)
{
	uint8_t chunk[READ_CHUNK];
	size_t want = room < sizeof(chunk) ? room + 1 : sizeof(chunk);
	ssize_t n;
	int r = CSEAL_ERR_IO;

	do
		n = read(fd, chunk, want);
	while (n < 0 && errno == EINTR);
	if (n >= 0) {
		*got = (size_t)n;
		r = *got > room ? CSEAL_ERR_TOO_LARGE
				: cseal_buf_add(b, chunk, *got);
	}
	cseal_wipe(chunk, sizeof(chunk));
	return r;
}

int
cseal_buf_read_fd(struct cseal_buf *b, int fd, size_t limit)
{
	size_t before = b->len, got = 0;
	int r = b->err;

	if (r != CSEAL_OK)
		return r;
	do
		r = read_some(b, fd, limit - (b->len - before), &got);
	while (r == CSEAL_OK && got > 0);
	if (r != CSEAL_OK && b->data != NULL) {
		cseal_wipe(b->data + before, b->len - before);
		b->len = before;
	}
	return r;
}

int
cseal_buf_read_file(struct cseal_buf *b, const char *path, size_t limit)
{
	int fd, r;

	if (path == NULL)
		return CSEAL_ERR_USAGE;
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)) < 0)
		return CSEAL_ERR_IO;
	r = cseal_buf_read_fd(b, fd, limit);
	close_quietly(fd);
	return r;
}

static int
write_all(int fd, const uint8_t *p, size_t n)
{
	ssize_t w;

	while (n > 0) {
		w = write(fd, p, n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return CSEAL_ERR_IO;
		p += w;
		n -= (size_t)w;
	}
	return CSEAL_OK;
}

char *
buf_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return strdup(".");
	return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

int
buf_sync_folder_of(const char *path)
{
	char *folder = buf_folder_of(path);
	int fd, r = CSEAL_ERR_IO;

	if (folder == NULL)
		return CSEAL_ERR_NOMEM;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* EINVAL: a file system that cannot sync a folder. */
	if (fd >= 0 && (fsync(fd) == 0 || errno == EINVAL))
		r = CSEAL_OK;
	close_quietly(fd);
	free(folder);
	return r;
}

static int
fill(const struct cseal_buf *b, int fd)
{
	int r;

	r = write_all(fd, b->data, b->len);
	if (r == CSEAL_OK && fsync(fd) != 0)
		r = CSEAL_ERR_IO;
	if (r == CSEAL_OK && close(fd) != 0)
		r = CSEAL_ERR_IO;
	else if (r != CSEAL_OK)
		close_quietly(fd);
	return r;
}

/* Over what stands at `path`. */
static int
replace(const char *temp, const char *path)
{
	return rename(temp, path) == 0 ? CSEAL_OK : CSEAL_ERR_IO;
}

/* link(2) alone never goes over anything. */
static int
create(const char *temp, const char *path)
{
	if (link(temp, path) != 0)
		return errno == EEXIST ? CSEAL_ERR_EXISTS : CSEAL_ERR_IO;
	return unlink(temp) == 0 ? CSEAL_OK : CSEAL_ERR_IO;
}

static int
write_file(const struct cseal_buf *b, const char *path,
    int (*name)(const char *temp, const char *path))
{
	size_t size;
	char *temp;
	int fd, saved, r = CSEAL_ERR_IO;

	if (path == NULL)
		return CSEAL_ERR_USAGE;
	if (b->err != CSEAL_OK)
		return b->err;
	size = strlen(path) + sizeof(TEMP_TAIL);
	if ((temp = malloc(size)) == NULL)
		return CSEAL_ERR_NOMEM;
	snprintf(temp, size, "%s" TEMP_TAIL, path);
	/* mkostemp(3) makes it with mode 0600. */
	if ((fd = mkostemp(temp, O_CLOEXEC)) < 0)
		goto out;
	r = fill(b, fd);
	if (r == CSEAL_OK)
		r = name(temp, path);
	if (r != CSEAL_OK) {
		saved = errno;
		unlink(temp);
		errno = saved;
	} else {
		r = buf_sync_folder_of(path);
	}
out:
	saved = errno;
	free(temp);
	errno = saved;
	return r;
}

int
cseal_buf_write_file(const struct cseal_buf *b, const char *path)
{
	return write_file(b, path, replace);
}

int
cseal_buf_create_file(const struct cseal_buf *b, const char *path)
{
	return write_file(b, path, create);
}
