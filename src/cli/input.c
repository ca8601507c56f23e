/* SPDX-License-Identifier: BSD-2-Clause */
#include "input.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int
input_bytes(const char *path, size_t most, struct cseal_buf *out)
{
	errno = 0;
	return strcmp(path, "-") == 0
		   ? cseal_buf_read_fd(out, STDIN_FILENO, most)
		   : cseal_buf_read_file(out, path, most);
}

int
input_read(struct cli *c, const char *path, size_t most, struct cseal_buf *out)
{
	int r = input_bytes(path, most, out);

	return r == CSEAL_OK
		   ? r
		   : cli_error(c, r, path, "%s",
			 errno != 0 ? strerror(errno) : cseal_strerror(r));
}
