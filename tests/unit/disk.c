/* SPDX-License-Identifier: BSD-2-Clause */

#include "disk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SECTOR 512

/* A write that is not synced; without data, a truncation to `offset`. */
struct pending {
	struct pending *next;
	sqlite3_int64 offset;
	sqlite3_int64 n;
	uint8_t data[];
};

/* Behind it in memory stands the file of the VFS below, the durable one. */
struct disk_file {
	sqlite3_file base;
	struct disk *disk;
	struct disk_file *next;
	struct pending *first;
	struct pending **end;
	uint64_t syncs_folder; /* with its next sync: it may be new there */
};

static struct disk_file *
file_of(sqlite3_file *f)
{
	return (struct disk_file *)(void *)f;
}

static sqlite3_file *
below(sqlite3_file *f)
{
	return (sqlite3_file *)(void *)(file_of(f) + 1);
}

/* ---- what is not synced ---- */

static void
pending_add(
    struct disk_file *f, const void *data, sqlite3_int64 n, sqlite3_int64 at)
{
	struct pending *p = malloc(sizeof(*p) + (size_t)n);

	assert_non_null(p);
	*p = (struct pending){ .offset = at, .n = n };
	if (n > 0)
		memcpy(p->data, data, (size_t)n);
	*f->end = p;
	f->end = &p->next;
}

static void
pending_free(struct disk_file *f)
{
	struct pending *p;

	while ((p = f->first) != NULL) {
		f->first = p->next;
		free(p);
	}
	f->end = &f->first;
}

static uint32_t
draw(struct disk *d)
{
	d->keep = d->keep * 1664525 + 1013904223;
	return d->keep >> 16;
}

/* A write reaches the disk sector by sector; after a cut, some of them. */
static void
settle_write(
    struct disk *d, sqlite3_file *real, const struct pending *p, bool some)
{
	sqlite3_int64 n;

	for (sqlite3_int64 at = 0; at < p->n; at += n) {
		n = p->n - at;
		if (some && n > SECTOR - (p->offset + at) % SECTOR)
			n = SECTOR - (p->offset + at) % SECTOR;
		if (!some || draw(d) % 2 == 0)
			assert_int_equal(
			    real->pMethods->xWrite(
				real, p->data + at, (int)n, p->offset + at),
			    SQLITE_OK);
	}
}

static void
settle(struct disk_file *f, bool some)
{
	sqlite3_file *real = below(&f->base);

	for (const struct pending *p = f->first; p != NULL; p = p->next) {
		if (p->n > 0)
			settle_write(f->disk, real, p, some);
		else if (!some || draw(f->disk) % 2 == 0)
			assert_int_equal(
			    real->pMethods->xTruncate(real, p->offset),
			    SQLITE_OK);
	}
	pending_free(f);
}

void
disk_cut(struct disk *d)
{
	char name[300];

	if (d->struck)
		return;
	d->struck = true;
	for (struct disk_file *f = d->files; f != NULL; f = f->next) {
		if (d->keep == DISK_LOSE_ALL)
			pending_free(f);
		else
			settle(f, d->keep != DISK_KEEP_ALL);
	}
	if (d->gone[0] == '\0')
		return;
	(void)snprintf(name, sizeof(name), "%s.gone", d->gone);
	if (d->keep == DISK_LOSE_ALL || (d->keep != 1 && draw(d) % 2 == 0))
		(void)rename(name, d->gone);
	else
		(void)unlink(name);
}

/* Counts an operation: SQLITE_OK, or what is wrong with it. */
static int
operate(struct disk *d, bool is_write, int failure)
{
	d->count++;
	if (d->fault == DISK_CUT && d->struck)
		return SQLITE_IOERR;
	if (d->fault == DISK_FULL && (d->struck || d->count >= d->at) &&
	    is_write) {
		d->struck = true;
		return SQLITE_FULL;
	}
	if (d->count != d->at)
		return SQLITE_OK;
	if (d->fault == DISK_CUT)
		disk_cut(d);
	else if (d->fault == DISK_FAIL)
		d->struck = true;
	else
		return SQLITE_OK;
	return d->fault == DISK_CUT ? SQLITE_IOERR : failure;
}

/* What was deleted will not come back. */
static void
forget_gone(struct disk *d)
{
	char aside[300];

	if (d->gone[0] == '\0')
		return;
	(void)snprintf(aside, sizeof(aside), "%s.gone", d->gone);
	(void)unlink(aside);
	d->gone[0] = '\0';
}

static bool
is_dead(const struct disk *d)
{
	return d->fault == DISK_CUT && d->struck;
}

/* ---- a file ---- */

static int
disk_close(sqlite3_file *file)
{
	struct disk_file *f = file_of(file), **at;

	/* What is not synced goes on its way to the disk all the same. */
	if (!is_dead(f->disk))
		settle(f, false);
	pending_free(f);
	for (at = &f->disk->files; *at != NULL; at = &(*at)->next) {
		if (*at == f) {
			*at = f->next;
			break;
		}
	}
	return below(file)->pMethods->xClose(below(file));
}

static sqlite3_int64
size_of(sqlite3_file *file)
{
	sqlite3_int64 size = 0;

	assert_int_equal(
	    below(file)->pMethods->xFileSize(below(file), &size), SQLITE_OK);
	for (const struct pending *p = file_of(file)->first; p != NULL;
	     p = p->next) {
		if (p->n == 0 || p->offset + p->n > size)
			size = p->offset + p->n;
	}
	return size;
}

/* Lays a pending write, or the zeros behind a truncation, over `buf`. */
static void
overlay(
    uint8_t *buf, sqlite3_int64 n, sqlite3_int64 at, const struct pending *p)
{
	const sqlite3_int64 from = p->offset > at ? p->offset : at;
	const sqlite3_int64 to =
	    p->n == 0 || p->offset + p->n > at + n ? at + n : p->offset + p->n;

	if (from >= to)
		return;
	if (p->n == 0)
		memset(buf + (from - at), 0, (size_t)(to - from));
	else
		memcpy(buf + (from - at), p->data + (from - p->offset),
		    (size_t)(to - from));
}

static int
disk_read(sqlite3_file *file, void *buf, int n, sqlite3_int64 at)
{
	int rc;

	if (is_dead(file_of(file)->disk))
		return SQLITE_IOERR_READ;
	rc = below(file)->pMethods->xRead(below(file), buf, n, at);
	if ((rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ) ||
	    file_of(file)->first == NULL)
		return rc;
	for (const struct pending *p = file_of(file)->first; p != NULL;
	     p = p->next)
		overlay(buf, n, at, p);
	return at + n > size_of(file) ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int
disk_write(sqlite3_file *file, const void *buf, int n, sqlite3_int64 at)
{
	struct disk_file *f = file_of(file);
	struct disk *d = f->disk;

	/* A write that the cut comes upon may be on the disk or not. */
	if (d->fault == DISK_CUT && !d->struck && d->count + 1 == d->at)
		pending_add(f, buf, n, at);
	if (operate(d, true, SQLITE_IOERR_WRITE) != SQLITE_OK)
		return d->fault == DISK_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
	pending_add(f, buf, n, at);
	return SQLITE_OK;
}

static int
disk_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct disk_file *f = file_of(file);
	int rc = operate(f->disk, false, SQLITE_IOERR_TRUNCATE);

	if (rc == SQLITE_OK)
		pending_add(f, NULL, 0, size);
	return rc;
}

static int
disk_sync(sqlite3_file *file, int flags)
{
	struct disk_file *f = file_of(file);
	int rc = operate(f->disk, false, SQLITE_IOERR_FSYNC);

	(void)flags;
	if (rc != SQLITE_OK)
		return rc;
	settle(f, false);
	if (f->syncs_folder != 0)
		forget_gone(f->disk);
	f->syncs_folder = 0;
	return SQLITE_OK;
}

static int
disk_size(sqlite3_file *file, sqlite3_int64 *size)
{
	if (is_dead(file_of(file)->disk))
		return SQLITE_IOERR_FSTAT;
	*size = size_of(file);
	return SQLITE_OK;
}

/* ---- what the VFS below does for us ---- */

static int
disk_lock(sqlite3_file *f, int level)
{
	return below(f)->pMethods->xLock(below(f), level);
}

static int
disk_unlock(sqlite3_file *f, int level)
{
	return below(f)->pMethods->xUnlock(below(f), level);
}

static int
disk_reserved(sqlite3_file *f, int *out)
{
	return below(f)->pMethods->xCheckReservedLock(below(f), out);
}

static int
disk_control(sqlite3_file *f, int op, void *arg)
{
	return below(f)->pMethods->xFileControl(below(f), op, arg);
}

static int
disk_sector(sqlite3_file *f)
{
	(void)f;
	return SECTOR;
}

static int
disk_traits(sqlite3_file *f)
{
	return below(f)->pMethods->xDeviceCharacteristics(below(f));
}

static int
disk_shm_map(
    sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
	return below(f)->pMethods->xShmMap(below(f), page, size, extend, out);
}

static int
disk_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return below(f)->pMethods->xShmLock(below(f), offset, n, flags);
}

static void
disk_shm_barrier(sqlite3_file *f)
{
	below(f)->pMethods->xShmBarrier(below(f));
}

static int
disk_shm_unmap(sqlite3_file *f, int remove)
{
	return below(f)->pMethods->xShmUnmap(below(f), remove);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = disk_close,
	.xRead = disk_read,
	.xWrite = disk_write,
	.xTruncate = disk_truncate,
	.xSync = disk_sync,
	.xFileSize = disk_size,
	.xLock = disk_lock,
	.xUnlock = disk_unlock,
	.xCheckReservedLock = disk_reserved,
	.xFileControl = disk_control,
	.xSectorSize = disk_sector,
	.xDeviceCharacteristics = disk_traits,
	.xShmMap = disk_shm_map,
	.xShmLock = disk_shm_lock,
	.xShmBarrier = disk_shm_barrier,
	.xShmUnmap = disk_shm_unmap,
};

/* ---- the VFS ---- */

static int
disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
    int *out_flags)
{
	struct disk *d = vfs->pAppData;
	struct disk_file *f = file_of(file);
	int rc;

	memset(f, 0, sizeof(*f));
	if (is_dead(d))
		return SQLITE_CANTOPEN;
	rc = d->below->xOpen(d->below, name, below(file), flags, out_flags);
	if (rc != SQLITE_OK)
		return rc;
	f->disk = d;
	f->end = &f->first;
	f->syncs_folder = (flags & SQLITE_OPEN_CREATE) != 0;
	f->next = d->files;
	d->files = f;
	file->pMethods = &methods;
	return SQLITE_OK;
}

static int
disk_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
	struct disk *d = vfs->pAppData;
	int rc = operate(d, false, SQLITE_IOERR_DELETE);
	char aside[300];

	if (rc != SQLITE_OK)
		return rc;
	if (sync_folder != 0)
		return d->below->xDelete(d->below, name, sync_folder);
	forget_gone(d);
	(void)snprintf(d->gone, sizeof(d->gone), "%s", name);
	(void)snprintf(aside, sizeof(aside), "%s.gone", name);
	return rename(name, aside) == 0 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}

static int
disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	struct disk *d = vfs->pAppData;

	return d->below->xAccess(d->below, name, flags, out);
}

void
disk_begin(struct disk *d)
{
	memset(d, 0, sizeof(*d));
	d->below = sqlite3_vfs_find(NULL);
	assert_non_null(d->below);
	d->vfs = *d->below;
	d->vfs.zName = "disk";
	d->vfs.pNext = NULL;
	d->vfs.pAppData = d;
	d->vfs.szOsFile = (int)sizeof(struct disk_file) + d->below->szOsFile;
	d->vfs.xOpen = disk_open;
	d->vfs.xDelete = disk_delete;
	d->vfs.xAccess = disk_access;
	assert_int_equal(sqlite3_vfs_register(&d->vfs, 1), SQLITE_OK);
}

void
disk_end(struct disk *d)
{
	assert_null(d->files);
	assert_int_equal(sqlite3_vfs_unregister(&d->vfs), SQLITE_OK);
	assert_int_equal(sqlite3_vfs_register(d->below, 1), SQLITE_OK);
	forget_gone(d);
}

void
disk_arm(struct disk *d, enum disk_fault fault, unsigned long at, uint32_t keep)
{
	d->fault = fault;
	d->at = at;
	d->count = 0;
	d->keep = keep;
	d->struck = false;
}

void
disk_mend(struct disk *d)
{
	d->fault = DISK_NONE;
	d->struck = false;
}
