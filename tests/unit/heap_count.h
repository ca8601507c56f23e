/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts what a program takes from the heap. Included by one file of a test
 * program: it then stands in for malloc(). Under a sanitizer, which has a
 * malloc() of its own, it listens to that. For one thread.
 */

#ifndef TESTS_UNIT_HEAP_COUNT_H
#define TESTS_UNIT_HEAP_COUNT_H

#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HEAP_COUNT_HOOKED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HEAP_COUNT_HOOKED true
#endif
#endif
#ifndef HEAP_COUNT_HOOKED
#define HEAP_COUNT_HOOKED false
#define HEAP_COUNT_OWN	  1
#endif

struct heap_count {
	size_t calls; /* for memory */
	size_t peak;  /* bytes at one time */
	size_t left;  /* bytes that were not given back */
};

static struct {
	bool on;
	struct heap_count count;
} heap;

static void
heap_took(size_t n)
{
	if (!heap.on)
		return;
	heap.count.calls++;
	heap.count.left += n;
	if (heap.count.left > heap.count.peak)
		heap.count.peak = heap.count.left;
}

/* Memory from before the count may come back during it. */
static void
heap_gave(size_t n)
{
	if (heap.on)
		heap.count.left -= n < heap.count.left ? n : heap.count.left;
}

#ifndef HEAP_COUNT_OWN

/* clang has them in <sanitizer/allocator_interface.h>, which gcc lacks. */
size_t __sanitizer_get_allocated_size(const volatile void *p);
int __sanitizer_install_malloc_and_free_hooks(
    void (*took)(const volatile void *p, size_t n),
    void (*gave)(const volatile void *p));

static void
heap_hook_malloc(const volatile void *p, size_t n)
{
	(void)p;
	heap_took(n);
}

static void
heap_hook_free(const volatile void *p)
{
	heap_gave(__sanitizer_get_allocated_size(p));
}

static void
heap_count_install(void)
{
	static bool installed;

	if (!installed)
		(void)__sanitizer_install_malloc_and_free_hooks(
		    heap_hook_malloc, heap_hook_free);
	installed = true;
}

#else

/* glibc's own, by the names that it exports for this purpose. */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

#define HEAP_PUBLIC __attribute__((visibility("default")))

HEAP_PUBLIC void *
malloc(size_t n)
{
	void *p = __libc_malloc(n);

	if (p != NULL)
		heap_took(malloc_usable_size(p));
	return p;
}

HEAP_PUBLIC void *
calloc(size_t n, size_t size)
{
	void *p = __libc_calloc(n, size);

	if (p != NULL)
		heap_took(malloc_usable_size(p));
	return p;
}

/* The old memory and the new are there together, as when it is copied. */
HEAP_PUBLIC void *
realloc(void *old, size_t n)
{
	size_t had = old != NULL ? malloc_usable_size(old) : 0;
	void *p = __libc_realloc(old, n);

	if (p != NULL) {
		heap_took(malloc_usable_size(p));
		heap_gave(had);
	}
	return p;
}

HEAP_PUBLIC void
free(void *p)
{
	if (p != NULL)
		heap_gave(malloc_usable_size(p));
	__libc_free(p);
}

HEAP_PUBLIC void *
aligned_alloc(size_t align, size_t n)
{
	void *p = __libc_memalign(align, n);

	if (p != NULL)
		heap_took(malloc_usable_size(p));
	return p;
}

HEAP_PUBLIC int
posix_memalign(void **out, size_t align, size_t n)
{
	*out = aligned_alloc(align, n);
	return *out != NULL ? 0 : ENOMEM;
}

static void
heap_count_install(void)
{
}

#endif

static void
heap_count_start(void)
{
	static const struct heap_count none;

	heap_count_install();
	heap.count = none;
	heap.on = true;
}

static struct heap_count
heap_count_stop(void)
{
	heap.on = false;
	return heap.count;
}

#endif
