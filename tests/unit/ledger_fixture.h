/* SPDX-License-Identifier: BSD-2-Clause */
/* A ledger in a folder of its own, and whether its tree is right. */

#ifndef TESTS_UNIT_LEDGER_FIXTURE_H
#define TESTS_UNIT_LEDGER_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "counterseal/err.h"
#include "counterseal/ledger.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

struct fixture {
	char folder[64];
	char where[96];
	struct cseal_ledger *l;
	struct cseal_error err;
};

static inline int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return -1;
	(void)snprintf(f->folder, sizeof(f->folder), "/tmp/test_ledger.XXXXXX");
	if (mkdtemp(f->folder) == NULL)
		return -1;
	(void)snprintf(f->where, sizeof(f->where), "%s/l", f->folder);
	*state = f;
	return cseal_ledger_open(&f->l, f->where, CSEAL_LEDGER_CREATE, &f->err);
}

static inline int
teardown(void **state)
{
	static const char *const files[] = { "", "-wal", "-shm" };
	struct fixture *f = *state;
	char name[128];
	int r;

	cseal_ledger_close(f->l);
	for (size_t i = 0; i < COUNT(files); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", f->where, files[i]);
		(void)unlink(name);
	}
	r = rmdir(f->folder);
	free(f);
	return r;
}

static inline void
reopen(struct fixture *f, enum cseal_ledger_mode mode)
{
	cseal_ledger_close(f->l);
	assert_int_equal(
	    cseal_ledger_open(&f->l, f->where, mode, &f->err), CSEAL_OK);
}

static inline void
shut(struct fixture *f)
{
	cseal_ledger_close(f->l);
	f->l = NULL;
}

static inline int
append(struct fixture *f, uint64_t expected, const char *text)
{
	const struct cseal_slice entry = { (const uint8_t *)text,
		strlen(text) };

	return cseal_ledger_append(f->l, expected, entry, NULL, 0, &f->err);
}

static inline uint64_t
size_of(struct fixture *f)
{
	uint64_t size = 0;

	assert_int_equal(cseal_ledger_size(f->l, &size, &f->err), CSEAL_OK);
	return size;
}

static inline int
grow_frontier(void *ctx, uint64_t index, struct cseal_slice entry)
{
	struct cseal_frontier *f = ctx;
	uint8_t leaf[CSEAL_HASH_BYTES];

	assert_int_equal(f->size, index);
	assert_int_equal(
	    cseal_merkle_leaf(entry.data, entry.len, leaf), CSEAL_OK);
	return cseal_frontier_add(f, leaf);
}

/* The root by the stored hashes is the root of the entries as read. */
static inline void
assert_tree_is_right(struct fixture *f)
{
	const uint64_t size = size_of(f);
	struct cseal_hash_source s = cseal_ledger_hashes(f->l);
	struct cseal_frontier fr;
	uint8_t want[CSEAL_HASH_BYTES], root[CSEAL_HASH_BYTES];

	cseal_frontier_init(&fr);
	assert_int_equal(
	    cseal_ledger_read(f->l, 0, UINT64_MAX, grow_frontier, &fr, &f->err),
	    CSEAL_OK);
	assert_int_equal(fr.size, size);
	assert_int_equal(cseal_frontier_root(&fr, want), CSEAL_OK);
	assert_int_equal(cseal_merkle_root(&s, size, root), CSEAL_OK);
	assert_memory_equal(root, want, sizeof(root));
}

static inline void
assert_entry(struct fixture *f, uint64_t index, const char *want)
{
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	assert_int_equal(cseal_ledger_get(f->l, index, &b, &f->err), CSEAL_OK);
	assert_string_equal(cseal_buf_str(&b), want);
	cseal_buf_free(&b);
}

#endif
