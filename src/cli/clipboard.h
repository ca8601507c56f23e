/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values handed to a person's clipboard, one at a time, watched and taken away
 * again; or, with `none`, left to be read from the screen.
 */

#ifndef CLI_CLIPBOARD_H
#define CLI_CLIPBOARD_H

#include <limits.h>

#include "cli.h"

struct clipboard_way;

struct clipboard {
	struct cli *c;
	const struct clipboard_way *way;
	char copy[PATH_MAX];  /* programs of that way */
	char paste[PATH_MAX]; /* "" if it cannot be read back */
	bool full;	      /* something of ours was put there */
};

/*
 * Which one: --clipboard, config.ini, what the environment offers, else
 * `none`. CSEAL_ERR_USAGE for an unknown word, or `osc52` where config.ini does
 * not allow it; CSEAL_ERR_NOT_FOUND if its program is not installed.
 */
int clipboard_choose(struct cli *c, struct clipboard *b);
const char *clipboard_name(const struct clipboard *b);
/* `none`: there is no clipboard. */
bool clipboard_is_screen(const struct clipboard *b);
/* Can it be read, to see what is in it? */
bool clipboard_is_watched(const struct clipboard *b);

/* Puts a value there. CSEAL_ERR_IO, CSEAL_ERR_TIMEOUT, CSEAL_ERR_CANCELLED. */
int clipboard_put(struct clipboard *b, struct cseal_slice value);
/*
 * Is it still there? CSEAL_ERR_REFUSED if it holds something else: err->where
 * is `where`, and the sentence has the first four characters of that at most.
 */
int clipboard_check(
    struct clipboard *b, struct cseal_slice value, const char *where);
/* Takes away what was put there, also after a signal came. */
void clipboard_clear(struct clipboard *b);

#endif
