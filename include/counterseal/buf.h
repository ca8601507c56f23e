/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A growable, bounded byte buffer that is wiped.
 *
 * The one type for PINs, salts and values: its old memory is cleansed when it
 * grows and when it is freed. Errors are sticky: after a failed append every
 * further append does nothing and cseal_buf_error() tells what happened, so
 * an encoder is written straight down and checked once.
 */

#ifndef COUNTERSEAL_BUF_H
#define COUNTERSEAL_BUF_H

#include "counterseal/api.h"

struct cseal_buf {
	uint8_t *data; /* owned; NULL while empty */
	size_t len;
	size_t cap;
	size_t max; /* limit in bytes; 0 means CSEAL_BUF_MAX */
	int err;    /* first error, CSEAL_OK if none */
};

#define CSEAL_BUF_MAX ((size_t)64 << 20) /* limit when none is given */

/* An empty buffer that may grow to `max` bytes (0: CSEAL_BUF_MAX). */
CSEAL_API void cseal_buf_init(struct cseal_buf *b, size_t max);

/* Wipes and frees the content; `b` is empty and usable again. NULL is fine. */
CSEAL_API void cseal_buf_free(struct cseal_buf *b);

/* Forgets the content (wiped) and the error, keeps the memory. */
CSEAL_API void cseal_buf_reset(struct cseal_buf *b);

/* Each returns CSEAL_OK, CSEAL_ERR_NOMEM or CSEAL_ERR_TOO_LARGE (sticky). */
CSEAL_API int cseal_buf_add(struct cseal_buf *b, const void *p, size_t n);
CSEAL_API int cseal_buf_add_u8(struct cseal_buf *b, uint8_t v);
CSEAL_API int cseal_buf_add_u32(struct cseal_buf *b, uint32_t v); /* big end */
CSEAL_API int cseal_buf_add_str(struct cseal_buf *b, const char *s);
CSEAL_API int cseal_buf_printf(struct cseal_buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
CSEAL_API int cseal_buf_error(const struct cseal_buf *b);

/*
 * The content as a C string: a NUL is put behind it (not counted in len).
 * Valid until the next call on `b`; "" when memory is out.
 */
CSEAL_API const char *cseal_buf_str(struct cseal_buf *b);

/* The content as a slice, valid until the next call on `b`. */
CSEAL_API struct cseal_slice cseal_buf_slice(const struct cseal_buf *b);

/*
 * Appends a whole file of at most `limit` bytes. CSEAL_ERR_IO (errno is kept),
 * CSEAL_ERR_TOO_LARGE. A NULL path is refused; "-" is not special.
 */
CSEAL_API int cseal_buf_read_file(
    struct cseal_buf *b, const char *path, size_t limit);

/* The same from an open descriptor, to its end. */
CSEAL_API int cseal_buf_read_fd(struct cseal_buf *b, int fd, size_t limit);

/*
 * Writes the content to `path`: a new file of mode 0600 in the same folder,
 * fsync, rename over `path`, fsync of the folder. Nothing is half written.
 */
CSEAL_API int cseal_buf_write_file(const struct cseal_buf *b, const char *path);

/*
 * The same to a name at which there is nothing yet, not even a link that leads
 * nowhere: else CSEAL_ERR_EXISTS. Of several that try at once, one does it.
 */
CSEAL_API int cseal_buf_create_file(
    const struct cseal_buf *b, const char *path);

/* Wipes memory in a way that the compiler may not remove. */
CSEAL_API void cseal_wipe(void *p, size_t n);

#endif
