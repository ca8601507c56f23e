/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Other people's programs: run without a shell, with what they are given on
 * standard input. Arguments can be read by everybody (`ps`), so no value is
 * ever one of them.
 */

#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include <limits.h>

#include "cli.h"

#define PROGRAM_MS 3000 /* after which it is ended */

/* Its path, from PATH; relative folders in it are passed over. */
bool program_find(const char *name, char path[PATH_MAX]);

struct program {
	const char *path;	 /* of the file */
	const char *const *argv; /* NULL ends it; argv[0] is its name */
	struct cseal_slice in;	 /* at most CSEAL_VALUE_MAX bytes */
	struct cseal_buf *out;	 /* appended; NULL: it is thrown away */
	bool stubborn;		 /* signals that wait do not end it */
};

/*
 * Runs it to its end, in a process group of its own, with its standard error
 * thrown away. CSEAL_ERR_CANCELLED when a signal came; CSEAL_ERR_TIMEOUT;
 * CSEAL_ERR_TOO_LARGE if it wrote more than p->out holds; CSEAL_ERR_IO if it
 * cannot be run or failed. It is ended then.
 */
int program_run(struct cli *c, const struct program *p);

#endif
