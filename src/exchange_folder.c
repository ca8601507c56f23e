/* SPDX-License-Identifier: BSD-2-Clause */

#include "exchange_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "counterseal/text.h"

#include "digest.h"

#define LEDGER_CHARS 8
#define HASH_CHARS   24
#define SUFFIX	     ".cseal"
#define FILES_MAX    100000

static const struct {
	const char *word;
	bool numbered; /* the name has A and B */
} kinds[FOLDER_KINDS] = {
	[FOLDER_ENTRIES] = { "entries", true },
	[FOLDER_QUESTION] = { "question", false },
	[FOLDER_REFUSED] = { "refused", false },
	[FOLDER_SEALED] = { "sealed", false },
	[FOLDER_OPENINGS] = { "openings", false },
	[FOLDER_HEARD] = { "heard", true },
};

/* ---- names ---- */

/* Takes "WORD-" off the front. */
static bool
take_word(const char **s, const char *word)
{
	const size_t n = strlen(word);

	if (strncmp(*s, word, n) != 0 || (*s)[n] != '-')
		return false;
	*s += n + 1;
	return true;
}

/* Takes "123-", without leading zeros, off the front. */
static bool
take_number(const char **s, uint64_t *out)
{
	const size_t n = strspn(*s, "0123456789");

	if (n == 0 || n > 18 || (*s)[n] != '-' || ((*s)[0] == '0' && n > 1))
		return false;
	*out = strtoull(*s, NULL, 10);
	*s += n + 1;
	return true;
}

static bool
take_base32(const char **s, size_t n)
{
	if (strspn(*s, "0123456789abcdefghjkmnpqrstvwxyz") < n)
		return false;
	*s += n;
	return true;
}

bool
folder_name_parse(const char *name, struct folder_file *out)
{
	const char *s = name;
	size_t kind = 0;

	memset(out, 0, sizeof(*out));
	if (strlen(name) >= sizeof(out->name) ||
	    !take_base32(&s, LEDGER_CHARS) || *s++ != '-')
		return false;
	while (kind < FOLDER_KINDS && !take_word(&s, kinds[kind].word))
		kind++;
	if (kind == FOLDER_KINDS)
		return false;
	if (kinds[kind].numbered &&
	    (!take_number(&s, &out->a) || !take_number(&s, &out->b)))
		return false;
	if (!take_number(&s, &out->size) || !take_base32(&s, HASH_CHARS) ||
	    strcmp(s, SUFFIX) != 0)
		return false;
	out->kind = (enum folder_kind)kind;
	(void)snprintf(out->name, sizeof(out->name), "%s", name);
	return true;
}

static int
make_name(enum folder_kind kind, uint64_t a, uint64_t b, const struct parcel *p,
    const struct cseal_buf *bytes, char out[FOLDER_NAME_BYTES])
{
	const struct cseal_slice all = cseal_buf_slice(bytes);
	uint8_t digest[CSEAL_HASH_BYTES];
	char ledger[LEDGER_CHARS + 1], hash[HASH_CHARS + 1], numbers[64] = "";
	int r = digest_sha256(digest, &all, 1);

	if (r != CSEAL_OK)
		return r;
	cseal_base32(p->ledger, LEDGER_CHARS, ledger);
	cseal_base32(digest, HASH_CHARS, hash);
	if (kinds[kind].numbered)
		(void)snprintf(
		    numbers, sizeof(numbers), "-%" PRIu64 "-%" PRIu64, a, b);
	(void)snprintf(out, FOLDER_NAME_BYTES, "%s-%s%s-%zu-%s" SUFFIX, ledger,
	    kinds[kind].word, numbers, bytes->len, hash);
	return CSEAL_OK;
}

/* ---- listing ---- */

/* In the order in which they are taken in; entries by their places. */
static int
by_turn(const void *a, const void *b)
{
	const struct folder_file *x = *(const struct folder_file *const *)a;
	const struct folder_file *y = *(const struct folder_file *const *)b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	if (x->b != y->b)
		return x->b < y->b ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int
fail(const char *path, const char *doing, struct cseal_error *err)
{
	const int number = errno;
	struct cseal_buf safe;
	int r = CSEAL_ERR_IO;

	if (number == ENOENT || number == ENOTDIR)
		r = CSEAL_ERR_NOT_FOUND;
	else if (number == EACCES || number == EPERM || number == EROFS)
		r = CSEAL_ERR_PERMISSION;
	cseal_buf_init(&safe, 4096);
	(void)cseal_text_safe(&safe, (const uint8_t *)path, strlen(path), 80);
	errno = number;
	r = cseal_error_set(err, r, cseal_buf_str(&safe), "%s: %m", doing);
	cseal_buf_free(&safe);
	return r;
}

static int
add_file(struct folder *f, const char *name, const char *ledger,
    struct cseal_error *err)
{
	struct folder_file parsed, *file;

	if (!folder_name_parse(name, &parsed) ||
	    strncmp(name, ledger, strlen(ledger)) != 0)
		return CSEAL_OK;
	if (f->files.n == FILES_MAX)
		return cseal_error_set(err, CSEAL_ERR_TOO_LARGE, "folder",
		    "there are more than %d files of this ledger in it: move "
		    "the old ones away",
		    FILES_MAX);
	if ((file = vec_add(&f->files, sizeof(*file))) == NULL)
		return CSEAL_ERR_NOMEM;
	*file = parsed;
	return CSEAL_OK;
}

int
folder_open(struct folder *out, const char *path, const uint8_t *ledger,
    struct cseal_error *err)
{
	char prefix[LEDGER_CHARS + 2] = "";
	struct dirent *e;
	DIR *dir;
	int r = CSEAL_OK;

	memset(out, 0, sizeof(*out));
	if ((out->path = strdup(path)) == NULL)
		return CSEAL_ERR_NOMEM;
	if ((dir = opendir(path)) == NULL) {
		r = fail(path, "reading the folder", err);
		folder_free(out);
		return r;
	}
	if (ledger != NULL) {
		cseal_base32(ledger, LEDGER_CHARS, prefix);
		prefix[LEDGER_CHARS] = '-';
		prefix[LEDGER_CHARS + 1] = '\0';
	}
	while (r == CSEAL_OK && (e = readdir(dir)) != NULL)
		r = add_file(out, e->d_name, prefix, err);
	(void)closedir(dir);
	if (r == CSEAL_OK && out->files.n > 0)
		qsort(out->files.items, out->files.n, sizeof(*out->files.items),
		    by_turn);
	if (r != CSEAL_OK)
		folder_free(out);
	return r;
}

void
folder_free(struct folder *f)
{
	vec_free(&f->files, NULL);
	free(f->path);
	f->path = NULL;
}

const struct folder_file *
folder_file(const struct folder *f, size_t i)
{
	return vec_at(&f->files, i);
}

/* ---- files ---- */

static char *
path_of(const struct folder *f, const char *name)
{
	char *path = NULL;

	return asprintf(&path, "%s/%s", f->path, name) < 0 ? NULL : path;
}

static bool
has_size(const struct folder *f, const char *name, uint64_t size)
{
	char *path = path_of(f, name);
	struct stat st;
	bool yes = path != NULL && stat(path, &st) == 0 &&
		   S_ISREG(st.st_mode) && (uint64_t)st.st_size == size;

	free(path);
	return yes;
}

bool
folder_is_whole(const struct folder *f, const struct folder_file *file)
{
	return has_size(f, file->name, file->size);
}

static bool
is_as_named(const struct folder_file *file, const struct cseal_buf *bytes)
{
	const struct cseal_slice all = cseal_buf_slice(bytes);
	uint8_t digest[CSEAL_HASH_BYTES];
	char hash[HASH_CHARS + 1];

	if (bytes->len != file->size ||
	    digest_sha256(digest, &all, 1) != CSEAL_OK)
		return false;
	cseal_base32(digest, HASH_CHARS, hash);
	return strncmp(file->name + strlen(file->name) - HASH_CHARS -
			   strlen(SUFFIX),
		   hash, HASH_CHARS) == 0;
}

int
folder_read(const struct folder *f, const struct folder_file *file,
    struct cseal_buf *out, struct cseal_error *err)
{
	char *path = path_of(f, file->name);
	int r;

	if (path == NULL)
		return CSEAL_ERR_NOMEM;
	r = cseal_buf_read_file(out, path, PARCEL_MAX);
	if (r == CSEAL_ERR_IO)
		r = fail(path, "reading the file", err);
	else if (r == CSEAL_ERR_TOO_LARGE ||
		 (r == CSEAL_OK && !is_as_named(file, out)))
		r = cseal_error_set(err, CSEAL_ERR_CORRUPT, file->name,
		    "it is damaged, or not here as a whole yet");
	free(path);
	return r;
}

/* As readable as the folder itself: others take the files from there. */
static void
share(const struct folder *f, const char *path)
{
	struct stat st;

	if (stat(f->path, &st) == 0)
		(void)chmod(path, st.st_mode & 0666);
}

int
folder_write(struct folder *f, enum folder_kind kind, uint64_t a, uint64_t b,
    const struct parcel *p, char name[FOLDER_NAME_BYTES], bool *wrote,
    struct cseal_error *err)
{
	struct cseal_buf bytes;
	char *path = NULL;
	int r;

	*wrote = false;
	cseal_buf_init(&bytes, PARCEL_MAX);
	r = parcel_encode(&bytes, p);
	if (r == CSEAL_OK)
		r = make_name(kind, a, b, p, &bytes, name);
	if (r == CSEAL_OK && (path = path_of(f, name)) == NULL)
		r = CSEAL_ERR_NOMEM;
	if (r == CSEAL_OK && !has_size(f, name, bytes.len)) {
		r = cseal_buf_write_file(&bytes, path);
		if (r == CSEAL_ERR_IO)
			r = fail(path, "writing the file", err);
		if (r == CSEAL_OK)
			share(f, path);
		*wrote = r == CSEAL_OK;
	}
	free(path);
	cseal_buf_free(&bytes);
	return r;
}
