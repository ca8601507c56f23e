/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loaded before a program (LD_PRELOAD), it kills the program at the KILL_AT-th
 * of the calls that alter files: just before it, or in the middle of it if it
 * is a write. Without KILL_AT, or where there are fewer, nothing happens.
 */

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at);
int ftruncate64(int fd, off64_t size);

/* Counting calls takes a count: how many are left, 0 if none is the last. */
static atomic_ulong left;

static void __attribute__((constructor)) read_count(void)
{
	const char *at = getenv("KILL_AT");

	atomic_store(&left, at != NULL ? strtoul(at, NULL, 10) : 0);
}

/* Is this call the one? */
static int
is_last(void)
{
	unsigned long now = atomic_load(&left);

	while (now > 0) {
		if (atomic_compare_exchange_weak(&left, &now, now - 1))
			return now == 1;
	}
	return 0;
}

static void
end(void)
{
	for (;;)
		(void)kill(getpid(), SIGKILL);
}

static void
count(void)
{
	if (is_last())
		end();
}

__attribute__((visibility("default"))) ssize_t
write(int fd, const void *p, size_t n)
{
	if (is_last()) {
		(void)syscall(SYS_write, fd, p, n / 2);
		end();
	}
	return syscall(SYS_write, fd, p, n);
}

__attribute__((visibility("default"))) ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	if (is_last()) {
		(void)syscall(SYS_pwrite64, fd, p, n / 2, at);
		end();
	}
	return syscall(SYS_pwrite64, fd, p, n, at);
}

__attribute__((visibility("default"))) ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	return pwrite64(fd, p, n, at);
}

__attribute__((visibility("default"))) int
fsync(int fd)
{
	count();
	return (int)syscall(SYS_fsync, fd);
}

__attribute__((visibility("default"))) int
fdatasync(int fd)
{
	count();
	return (int)syscall(SYS_fdatasync, fd);
}

__attribute__((visibility("default"))) int
ftruncate64(int fd, off64_t size)
{
	count();
	return (int)syscall(SYS_ftruncate, fd, size);
}

__attribute__((visibility("default"))) int
ftruncate(int fd, off_t size)
{
	return ftruncate64(fd, size);
}

__attribute__((visibility("default"))) int
rename(const char *from, const char *to)
{
	count();
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

__attribute__((visibility("default"))) int
unlink(const char *path)
{
	count();
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}
