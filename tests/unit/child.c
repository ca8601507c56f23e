/* SPDX-License-Identifier: BSD-2-Clause */

#include "child.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

bool
child_start(struct child *c)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	/* Else it writes once more what stands in its copy of the buffer. */
	fflush(NULL);
	c->pid = fork();
	assert_true(c->pid >= 0);
	c->pipe = ends[c->pid == 0 ? 1 : 0];
	close(ends[c->pid == 0 ? 0 : 1]);
	return c->pid == 0;
}

void
child_end(const struct child *c, const void *told, size_t size)
{
	_exit(write(c->pipe, told, size) == (ssize_t)size ? 0 : 1);
}

void
child_collect(const struct child *c, void *told, size_t size)
{
	const ssize_t n = read(c->pipe, told, size);
	int status;

	close(c->pipe);
	assert_int_equal(waitpid(c->pid, &status, 0), c->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(n, size);
}
