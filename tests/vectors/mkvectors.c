/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes the vectors (README.md): mkvectors FOLDER. Each row states what must
 * be found; a row that the library does not agree with is told, and fails.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mkvectors.h"

static void
make_parent(const char *path)
{
	char folder[400];
	const char *slash = strrchr(path, '/');

	(void)snprintf(
	    folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		perror(folder);
}

void
out_write(
    struct out *o, const struct vector *v, const char *name, const char *about)
{
	struct cseal_buf claims, says;
	char path[400];

	(void)snprintf(path, sizeof(path), "%s/%s.txt", o->folder, name);
	cseal_buf_init(&claims, 0);
	cseal_buf_init(&says, 0);
	vector_claims(v, &claims);
	if (!vector_judge(v, o->scratch, &says) ||
	    strcmp(cseal_buf_str(&claims), cseal_buf_str(&says)) != 0) {
		(void)fprintf(stderr,
		    "%s: claims:\n%sbut the library says:\n%s", name,
		    cseal_buf_str(&claims), cseal_buf_str(&says));
		o->wrong++;
	}
	cseal_buf_free(&claims);
	cseal_buf_free(&says);
	make_parent(path);
	if (!vector_write(v, about, path)) {
		perror(path);
		exit(1);
	}
	o->written++;
}

int
main(int argc, char **argv)
{
	char scratch[VECTOR_SCRATCH_BYTES];
	struct out o = { .scratch = scratch };

	if (argc != 2 || !vector_scratch(scratch)) {
		(void)fprintf(stderr, "usage: mkvectors FOLDER\n");
		return 2;
	}
	o.folder = argv[1];
	write_edited(&o);
	write_seals(&o);
	write_keys(&o);
	write_ledgers(&o);
	write_breaks(&o);
	(void)rmdir(scratch);
	(void)printf(
	    "%u vectors, %u of them not as claimed\n", o.written, o.wrong);
	return o.wrong == 0 ? 0 : 1;
}
