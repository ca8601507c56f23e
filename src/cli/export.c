/* SPDX-License-Identifier: BSD-2-Clause */
/* export: a change's entries as files that stock tools check. */

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reading.h"

const struct cli_option cli_export_options[] = {
	{ "format", 0, "FORMAT", false, "ssh or fido2-assert" },
	{ "output", 'o', "DIR", false, "a new folder for the files" },
	{ NULL, 0, NULL, false, NULL },
};

struct export_run {
	struct cli *c;
	struct cseal_desk *d;
	const struct cseal_state_change *h;
	const char *format;
	char dir[PATH_MAX];    /* as it is to be called */
	char making[PATH_MAX]; /* as it is called until all is in it */
	char entry[PATH_MAX];  /* the folder of the entry at hand */
	json_t *entries;
};

static int
fail_at(struct cli *c, const char *path)
{
	return cli_error(c,
	    errno == EACCES ? CSEAL_ERR_PERMISSION : CSEAL_ERR_IO, path, "%s",
	    strerror(errno));
}

/* DIR without slashes behind it; it must be absent, or an empty folder. */
static int
check_dir(struct export_run *x, const char *word)
{
	size_t n = strlen(word);
	struct dirent *e;
	DIR *dir;

	while (n > 1 && word[n - 1] == '/')
		n--;
	if (n + sizeof(".XXXXXX") > sizeof(x->dir))
		return cli_error(x->c, CSEAL_ERR_USAGE, "-o", "too long");
	memcpy(x->dir, word, n);
	x->dir[n] = '\0';
	if ((dir = opendir(x->dir)) == NULL)
		return errno == ENOENT ? CSEAL_OK : fail_at(x->c, x->dir);
	while ((e = readdir(dir)) != NULL &&
	       (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0))
		;
	closedir(dir);
	if (e == NULL)
		return CSEAL_OK;
	return cli_error(x->c, CSEAL_ERR_EXISTS, x->dir,
	    "there is something in it; name a new folder");
}

static int
put_file(void *ctx, const char *file, const struct cseal_buf *content)
{
	struct export_run *x = ctx;
	char path[PATH_MAX];
	int n, r;

	n = snprintf(path, sizeof(path), "%s/%s", x->entry, file);
	if (n < 0 || (size_t)n >= sizeof(path))
		return cli_error(x->c, CSEAL_ERR_USAGE, "-o", "too long");
	if ((r = cseal_buf_write_file(content, path)) != CSEAL_OK)
		return fail_at(x->c, path);
	return CSEAL_OK;
}

static int
note_entry(
    struct export_run *x, const struct reading_entry *e, const char *folder)
{
	json_t *j =
	    json_pack("{s:I, s:s, s:s, s:s}", "index", (json_int_t)e->index,
		"act", e->kind, "person", e->person, "folder", folder);

	return json_array_append_new(x->entries, j) == 0 ? CSEAL_OK
							 : CSEAL_ERR_NOMEM;
}

static int
put_entry(void *ctx, const struct reading_entry *e)
{
	struct export_run *x = ctx;
	const struct cseal_state *s = cseal_desk_state(x->d);
	char folder[96];
	int n, r;

	if (!e->has_change || e->change != x->h->index)
		return CSEAL_OK;
	snprintf(folder, sizeof(folder), "%" PRIu64 "-%s-%s", e->index, e->kind,
	    e->person);
	n = snprintf(x->entry, sizeof(x->entry), "%s/%s", x->making, folder);
	if (n < 0 || (size_t)n >= sizeof(x->entry))
		return cli_error(x->c, CSEAL_ERR_USAGE, "-o", "too long");
	if (mkdir(x->entry, 0700) != 0)
		return fail_at(x->c, x->entry);
	r = cseal_export(s, cseal_desk_ledger(x->d), e->index, x->format,
	    put_file, x, &x->c->err);
	return r == CSEAL_OK ? note_entry(x, e, folder) : r;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/*
 * Everything is made under another name and renamed when it is whole:
 * rename(2) takes the place of an empty folder and of no other.
 */
static int
export_all(struct export_run *x)
{
	int r;

	snprintf(x->making, sizeof(x->making), "%s", x->dir);
	strncat(
	    x->making, ".XXXXXX", sizeof(x->making) - strlen(x->making) - 1);
	if (mkdtemp(x->making) == NULL)
		return fail_at(x->c, x->dir);
	r = reading_entries(x->c, x->d, x->h->index, UINT64_MAX, put_entry, x);
	if (r == CSEAL_OK && rename(x->making, x->dir) != 0)
		r = fail_at(x->c, x->dir);
	if (r != CSEAL_OK)
		(void)nftw(x->making, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return r;
}

static int
tell_text(const struct export_run *x)
{
	const json_t *folder;

	for (size_t i = 0; i < json_array_size(x->entries); i++) {
		folder =
		    json_object_get(json_array_get(x->entries, i), "folder");
		cli_say(x->c, "%s/%s\n", x->dir, json_string_value(folder));
	}
	cli_say(x->c, "README in each folder tells how to check it.\n");
	return CLI_DONE;
}

static int
tell_json(const struct export_run *x)
{
	char name[CSEAL_CHANGE_NAME_BYTES];

	cseal_change_name(x->h, name);
	return cli_json(
	    x->c, json_pack("{s:I, s:s, s:s, s:o, s:O}", "change",
		      (json_int_t)x->h->index, "name", name, "format",
		      x->format, "folder",
		      cli_json_text((struct cseal_slice){
			  (const uint8_t *)x->dir, strlen(x->dir) }),
		      "entries", x->entries));
}

static int
run(struct export_run *x)
{
	struct cli *c = x->c;
	const char *dir = cli_option(c, "output");
	int r;

	x->format = cli_option(c, "format");
	if (x->format == NULL || dir == NULL)
		return cli_error(c, CSEAL_ERR_USAGE,
		    x->format == NULL ? "--format" : "-o", "is missing: %s",
		    x->format == NULL ? "ssh or fido2-assert"
				      : "the folder to write to");
	if ((r = check_dir(x, dir)) != CSEAL_OK ||
	    (r = cli_desk_open(c, false, &x->d)) != CSEAL_OK ||
	    (r = cli_change_find(
		 c, cseal_desk_state(x->d), c->words[0], &x->h)) != CSEAL_OK)
		return r;
	return export_all(x);
}

int
cli_export(struct cli *c)
{
	struct export_run x = { .c = c, .entries = json_array() };
	int status, r;

	r = run(&x);
	if (r != CSEAL_OK)
		status = cli_fail(c, r);
	else
		status = c->json ? tell_json(&x) : tell_text(&x);
	cseal_desk_close(x.d);
	json_decref(x.entries);
	return status;
}
