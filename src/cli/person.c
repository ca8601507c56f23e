/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of the desk's own: its folders, and who sits at it. */
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
person_path(struct cli *c, char out[PATH_MAX])
{
	int n = snprintf(out, PATH_MAX, "%s/person", c->state_dir);

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
	r = person_path(c, path);
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

	r = person_path(c, path);
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
