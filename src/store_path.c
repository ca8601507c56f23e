/* SPDX-License-Identifier: BSD-2-Clause */

#include "store_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "counterseal/text.h"

#include "buf_file.h"

/*
 * File systems behind which other machines, or programs that we know nothing
 * of, may stand: locks and shared memory are not what SQLite needs there
 * (sqlite.org/howtocorrupt.html section 2.1). Numbers: statfs(2).
 */
static const struct {
	uint32_t magic;
	const char *name;
} shared_systems[] = {
	{ 0x00006969, "NFS" },
	{ 0x0000517b, "SMB" },
	{ 0xff534d42, "CIFS" },
	{ 0xfe534d42, "SMB" },
	{ 0x65735546, "FUSE" },
	{ 0x01021997, "9P" },
	{ 0x5346414f, "AFS" },
	{ 0x6b414653, "AFS" },
	{ 0x73757245, "Coda" },
	{ 0x00c36400, "Ceph" },
	{ 0x0bd00bd0, "Lustre" },
	{ 0x786f4256, "a VirtualBox folder" },
};

static const struct {
	int number; /* errno */
	int code;
	const char *what;
} system_errors[] = {
	{ ENOENT, CSEAL_ERR_NOT_FOUND, "there is no such file or folder" },
	{ ENOTDIR, CSEAL_ERR_NOT_FOUND, "a part of the path is no folder" },
	{ EEXIST, CSEAL_ERR_EXISTS, "there is a file already" },
	{ EACCES, CSEAL_ERR_PERMISSION, "this user has no access" },
	{ EPERM, CSEAL_ERR_PERMISSION, "this user has no access" },
	{ EROFS, CSEAL_ERR_PERMISSION, "the file system is read-only" },
	{ ENOMEM, CSEAL_ERR_NOMEM, "out of memory" },
};

/* `doing` names the step that failed with errno `number`. */
static int
fail(const struct store_path *p, int number, const char *doing,
    struct cseal_error *err)
{
	for (size_t i = 0; i < sizeof(system_errors) / sizeof(*system_errors);
	     i++) {
		if (system_errors[i].number == number)
			return cseal_error_set(err, system_errors[i].code,
			    p->shown, "%s: %s", doing, system_errors[i].what);
	}
	errno = number;
	return cseal_error_set(err, CSEAL_ERR_IO, p->shown, "%s: %m", doing);
}

/* The end of a long path tells more than its beginning. */
static int
show(struct store_path *p, const char *where)
{
	struct cseal_buf b;
	const char *text, *dots = "";
	int r;

	cseal_buf_init(&b, 0);
	r = cseal_text_safe(&b, (const uint8_t *)where, strlen(where), 0);
	text = cseal_buf_str(&b);
	if (r == CSEAL_OK && b.len >= sizeof(p->shown)) {
		dots = "...";
		text += b.len - (sizeof(p->shown) - sizeof("..."));
		while ((*text & 0xc0) == 0x80)
			text++;
	}
	(void)snprintf(p->shown, sizeof(p->shown), "%s%s", dots, text);
	cseal_buf_free(&b);
	return r;
}

static int
path_init(struct store_path *p, const char *where, struct cseal_error *err)
{
	memset(p, 0, sizeof(*p));
	if (where == NULL || where[0] == '\0')
		return cseal_error_set(err, CSEAL_ERR_USAGE, "ledger",
		    "the path of the ledger is empty");
	if (strnlen(where, PATH_MAX) == PATH_MAX)
		return cseal_error_set(err, CSEAL_ERR_USAGE, "ledger",
		    "the path of the ledger is too long");
	return show(p, where);
}

static int
refuse_shared(
    const struct store_path *p, const char *there, struct cseal_error *err)
{
	struct statfs fs;

	if (statfs(there, &fs) != 0)
		return fail(p, errno, "finding its folder", err);
	for (size_t i = 0; i < sizeof(shared_systems) / sizeof(*shared_systems);
	     i++) {
		if (shared_systems[i].magic == (uint32_t)fs.f_type)
			return cseal_error_set(err, CSEAL_ERR_IO, p->shown,
			    "this is on %s, where two machines can damage "
			    "the ledger: keep it on a local disk of one "
			    "machine, its home, and exchange with other "
			    "desks by send and receive",
			    shared_systems[i].name);
	}
	return CSEAL_OK;
}

static int
refuse_irregular(
    const struct store_path *p, mode_t mode, struct cseal_error *err)
{
	if (S_ISREG(mode))
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_CORRUPT, p->shown,
	    S_ISDIR(mode)
		? "not a Counterseal ledger but a folder: name the file in it"
		: "not a Counterseal ledger but a device, pipe or socket");
}

bool
store_path_writable(const struct store_path *p)
{
	char *folder = buf_folder_of(p->real);
	bool yes = folder != NULL &&
		   faccessat(AT_FDCWD, p->real, R_OK | W_OK, AT_EACCESS) == 0 &&
		   faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0;

	free(folder);
	return yes;
}

/*
 * The file is looked at by name and never opened here: closing any descriptor
 * of it would drop the locks that SQLite holds for this process
 * (sqlite.org/howtocorrupt.html section 2.2).
 */
int
store_path_find(struct store_path *out, const char *where, bool write,
    struct cseal_error *err)
{
	struct stat st;
	int r;

	if ((r = path_init(out, where, err)) != CSEAL_OK)
		return r;
	if (stat(where, &st) != 0)
		return fail(out, errno, "opening the ledger", err);
	if ((r = refuse_irregular(out, st.st_mode, err)) != CSEAL_OK ||
	    (r = refuse_shared(out, where, err)) != CSEAL_OK)
		return r;
	if ((out->real = realpath(where, NULL)) == NULL)
		return fail(out, errno, "opening the ledger", err);
	if (faccessat(AT_FDCWD, out->real, R_OK, AT_EACCESS) != 0)
		r = fail(out, errno, "reading the ledger", err);
	else if (write && !store_path_writable(out))
		r = cseal_error_set(err, CSEAL_ERR_PERMISSION, out->shown,
		    "this user may not write the ledger's file and folder: "
		    "only the ledger's home appends");
	if (r != CSEAL_OK)
		store_path_free(out);
	return r;
}

/* SQLite would take over or delete what an older ledger left here. */
static int
refuse_remains(
    const char *where, const struct store_path *p, struct cseal_error *err)
{
	static const char *const suffixes[] = { "-wal", "-shm", "-journal" };

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		if (store_path_has(where, suffixes[i]))
			return cseal_error_set(err, CSEAL_ERR_EXISTS, p->shown,
			    "a file of this name with %s behind it is left "
			    "of an older ledger: move it away first",
			    suffixes[i]);
	}
	return CSEAL_OK;
}

static int
create_file(
    const struct store_path *p, const char *where, struct cseal_error *err)
{
	int fd, number = 0;

	fd = open(
	    where, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		return fail(p, errno, "making the ledger", err);
	/* The umask may have taken away even the owner's bits. */
	if (fchmod(fd, 0600) != 0)
		number = errno;
	(void)close(fd);
	if (buf_sync_folder_of(where) != CSEAL_OK)
		number = errno;
	if (number == 0)
		return CSEAL_OK;
	(void)unlink(where);
	return fail(p, number, "making the ledger", err);
}

int
store_path_create(
    struct store_path *out, const char *where, struct cseal_error *err)
{
	char *folder;
	int r;

	if ((r = path_init(out, where, err)) != CSEAL_OK)
		return r;
	if ((folder = buf_folder_of(where)) == NULL)
		return CSEAL_ERR_NOMEM;
	if ((r = refuse_shared(out, folder, err)) == CSEAL_OK &&
	    (r = refuse_remains(where, out, err)) == CSEAL_OK)
		r = create_file(out, where, err);
	free(folder);
	if (r != CSEAL_OK)
		return r;
	if ((out->real = realpath(where, NULL)) == NULL) {
		r = fail(out, errno, "making the ledger", err);
		(void)unlink(where);
	}
	return r;
}

void
store_path_free(struct store_path *p)
{
	if (p == NULL)
		return;
	free(p->real);
	p->real = NULL;
}

bool
store_path_has(const char *path, const char *suffix)
{
	char *name = NULL;
	struct stat st;
	bool yes;

	/* When memory is out, the careful answer is that it is there. */
	if (asprintf(&name, "%s%s", path, suffix) < 0)
		return true;
	yes = lstat(name, &st) == 0 || errno != ENOENT;
	free(name);
	return yes;
}

int
store_path_uri(const struct store_path *p, struct cseal_buf *out)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~/";

	for (const char *c = p->real; *c != '\0'; c++) {
		if (strchr(plain, *c) != NULL)
			(void)cseal_buf_add_u8(out, (uint8_t)*c);
		else
			(void)cseal_buf_printf(
			    out, "%%%02X", (unsigned)(uint8_t)*c);
	}
	return cseal_buf_error(out);
}
