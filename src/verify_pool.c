/* SPDX-License-Identifier: BSD-2-Clause */

#include "verify_pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#define THREADS_MAX 64
#define JOBS_FEW    16 /* below that a thread costs more than it brings */
#define STEP	    8  /* jobs taken at a time */

struct pool {
	const struct verify_job *jobs;
	size_t n;
	atomic_size_t next;
	atomic_size_t bad; /* the lowest that failed; n if none */
};

static void
lower(atomic_size_t *bad, size_t i)
{
	size_t seen = atomic_load(bad);

	while (i < seen && !atomic_compare_exchange_weak(bad, &seen, i))
		continue;
}

static void *
work(void *ctx)
{
	struct pool *p = ctx;
	size_t from;

	while ((from = atomic_fetch_add(&p->next, STEP)) < p->n) {
		for (size_t i = from; i < from + STEP && i < p->n; i++) {
			/* Behind a bad one nothing matters any more. */
			if (i > atomic_load(&p->bad))
				return NULL;
			if (p->jobs[i].key == NULL ||
			    cseal_seal_verify(&p->jobs[i].seal,
				p->jobs[i].key) != CSEAL_SEAL_OK)
				lower(&p->bad, i);
		}
	}
	return NULL;
}

static unsigned
thread_count(unsigned wanted, size_t n)
{
	long cores = wanted != 0 ? (long)wanted : sysconf(_SC_NPROCESSORS_ONLN);

	if (n < JOBS_FEW || cores < 1)
		return 1;
	return cores > THREADS_MAX ? THREADS_MAX : (unsigned)cores;
}

size_t
verify_pool(const struct verify_job *jobs, size_t n, unsigned threads)
{
	struct pool p = { .jobs = jobs, .n = n };
	pthread_t others[THREADS_MAX];
	unsigned started = 0;

	atomic_init(&p.next, 0);
	atomic_init(&p.bad, n);
	threads = thread_count(threads, n);
	while (started + 1 < threads &&
	       pthread_create(&others[started], NULL, work, &p) == 0)
		started++;
	(void)work(&p);
	while (started > 0)
		(void)pthread_join(others[--started], NULL);
	return atomic_load(&p.bad);
}
