/* SPDX-License-Identifier: BSD-2-Clause */
/* A process of a test's own, which tells what came of its work. */

#ifndef TESTS_UNIT_CHILD_H
#define TESTS_UNIT_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>
#include <sys/types.h>

struct child {
	pid_t pid; /* 0 in the child itself */
	int pipe;  /* the end that is this process's */
};

/* Forks: true in the child, which is to end by child_end(). */
bool child_start(struct child *c);
noreturn void child_end(const struct child *c, const void *told, size_t size);

/* What it told; fails the test if it did not, or did not end well. */
void child_collect(const struct child *c, void *told, size_t size);

#endif
