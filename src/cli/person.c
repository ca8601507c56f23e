/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of the desk's own: its folders, who sits at it, and its key. */
#include "cli.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
cli_folder_make(struct cli *c, const char *path)
{
	char part[PATH_MAX];
	struct stat st;
	size_t len = strlen(path);

	if (len >= sizeof(part))
		return cli_error(c, CSEAL_ERR_IO, path, "too long a path");
	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0700) != 0 && errno != EEXIST &&
		    (stat(part, &st) != 0 || !S_ISDIR(st.st_mode)))
			return cli_error(
			    c, CSEAL_ERR_IO, part, "%s", strerror(errno));
	}
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return cli_error(c, CSEAL_ERR_IO, path, "is not a folder");
	return CSEAL_OK;
}

static int
own_path(struct cli *c, const char *name, char out[PATH_MAX])
{
	int n = snprintf(out, PATH_MAX, "%s/%s", c->state_dir, name);

	if (n < 0 || n >= PATH_MAX)
		return cli_error(
		    c, CSEAL_ERR_IO, c->state_dir, "too long a path");
	return CSEAL_OK;
}

int
cli_person_read(struct cli *c, char handle[CSEAL_HANDLE_BYTES])
{
	char path[PATH_MAX];
	struct cseal_buf b;
	size_t len;
	int r;

	handle[0] = '\0';
	r = own_path(c, "person", path);
	if (r != CSEAL_OK)
		return r;
	cseal_buf_init(&b, 0);
	r = CSEAL_ERR_NOT_FOUND;
	if (cseal_buf_read_file(&b, path, CSEAL_HANDLE_BYTES + 1) == CSEAL_OK) {
		len = strcspn(cseal_buf_str(&b), "\n");
		if (len < CSEAL_HANDLE_BYTES &&
		    cseal_text_is_handle(cseal_buf_str(&b), len)) {
			memcpy(handle, b.data, len);
			handle[len] = '\0';
			r = CSEAL_OK;
		}
	}
	cseal_buf_free(&b);
	return r;
}

int
cli_person_write(struct cli *c, const char *handle)
{
	char path[PATH_MAX];
	struct cseal_buf b;
	int r;

	r = own_path(c, "person", path);
	if (r == CSEAL_OK)
		r = cli_folder_make(c, c->state_dir);
	if (r != CSEAL_OK)
		return r;
	cseal_buf_init(&b, 0);
	(void)cseal_buf_printf(&b, "%s\n", handle);
	r = cseal_buf_write_file(&b, path);
	if (r != CSEAL_OK)
		cli_error(c, r, path, "%s", strerror(errno));
	cseal_buf_free(&b);
	return r;
}

int
cli_desk_key(struct cli *c, bool make, struct cseal_desk_key **out)
{
	char path[PATH_MAX];
	int r;

	*out = NULL;
	r = own_path(c, "desk.key", path);
	if (r == CSEAL_OK && make)
		r = cli_folder_make(c, c->state_dir);
	if (r != CSEAL_OK)
		return r;
	r = cseal_desk_key_open(out, path, make, &c->err);
	if (r == CSEAL_OK)
		return r;
	return cli_error(c, r, path, "%s", c->err.what);
}
