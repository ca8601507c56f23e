/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Notices: an entry as the user's hooks and readers of `log` are told of it
 * (docs/notices.md). No values, no links.
 */

#ifndef SRC_CLI_NOTICE_H
#define SRC_CLI_NOTICE_H

#include "reading.h"

/* ---- notice.c ---- */

/* The entry, and how its change stands at the desk's now; NULL: no memory. */
json_t *notice_json(const struct cseal_desk *d, const struct reading_entry *e);

/* ---- hook.c: one run of one hook ---- */

enum hook_end {
	HOOK_DONE,
	HOOK_STATUS,  /* it ended with `number`, which is not 0 */
	HOOK_SIGNAL,  /* it died by signal `number` */
	HOOK_LATE,    /* it was ended at its time limit */
	HOOK_STOPPED, /* it was ended because we are to end */
	HOOK_FAILED,  /* it could not be run: errno is `number` */
};

struct hook {
	const char *path;      /* absolute */
	struct cseal_slice in; /* what it reads */
	unsigned seconds;      /* that it may take */
	int signals;	       /* a signalfd, readable when to stop; or -1 */
	/* Out: */
	struct cseal_buf said; /* to standard error: the beginning */
	bool said_more;
	int number;
};

/*
 * Runs it to its end: no shell, a clean environment, no terminal, standard
 * output to nowhere. Whatever it left behind in its process group is ended
 * too. `said` is to be freed.
 */
enum hook_end hook_run(struct hook *h);

#endif
