/* SPDX-License-Identifier: BSD-2-Clause */
/* A ledger in a file, and its replay. */

#ifndef TESTS_UNIT_REPLAY_FIXTURE_H
#define TESTS_UNIT_REPLAY_FIXTURE_H

#include "maker_file.h"

struct fixture {
	struct maker_file file;
	struct cseal_ledger *l;
	struct cseal_replay *r;
	struct cseal_error err;
};

static inline int
setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	maker_file_init(&f.file);
	*state = &f;
	return 0;
}

static inline void
shut(struct fixture *f)
{
	cseal_replay_free(f->r);
	cseal_ledger_close(f->l);
	f->r = NULL;
	f->l = NULL;
}

static inline int
teardown(void **state)
{
	struct fixture *f = *state;

	shut(f);
	maker_file_free(&f->file);
	return 0;
}

static inline struct cseal_replay *
replay(struct fixture *f, const struct cseal_replay_options *o)
{
	shut(f);
	if (cseal_ledger_open(
		&f->l, f->file.path, CSEAL_LEDGER_READ, &f->err) != CSEAL_OK ||
	    cseal_replay_new(&f->r, f->l, o, &f->err) != CSEAL_OK)
		fail_msg("%s: %s", f->err.where, f->err.what);
	return f->r;
}

static inline bool
has_finding(const struct cseal_replay *r, enum rule_id rule, uint64_t entry)
{
	const struct cseal_finding *f;

	for (size_t i = 0; (f = cseal_replay_finding(r, i)) != NULL; i++) {
		if (f->rule == rule_row(rule) && f->has_entry &&
		    f->entry == entry)
			return true;
	}
	return false;
}

#endif
