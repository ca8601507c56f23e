/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reports of 64 bytes to and from a key: HID devices and Unix sockets under
 * libfido2 (fido_dev_set_io_functions).
 *
 * libfido2 waits in one read() as long as the key likes. So every handle
 * begins with a struct io_wait, which cuts the wait into slices, asks the
 * person's side in between and knows when it is enough.
 */

#ifndef SRC_TOKEN_IO_H
#define SRC_TOKEN_IO_H

#include "counterseal/token.h"

struct fido_dev_io; /* fido/types.h */

#define IO_REPORT_BYTES 64   /* of a CTAPHID report */
#define IO_SLICE_MS	100  /* longest wait between two looks around */
#define IO_OPEN_MS	3000 /* until a key must have said hello */
#define IO_REST_MS	1000 /* from an answer's first report to its last */

#define IO_ANSWER_MAX 7609 /* bytes of a message (CTAP 2.1 section 11.2.4) */

#define IO_UNIX_PREFIX "unix:"

/* Monotonic milliseconds; tests bring their own. */
struct io_clock {
	uint64_t (*now)(void *ctx);
	void *ctx;
};

/* Why the last exchange stopped; IO_OK if the key alone is to blame. */
enum io_state {
	IO_OK,
	IO_CANCELLED, /* prompt->tick said so */
	IO_TIMEOUT,   /* the deadline passed */
	IO_SILENT,    /* and not even a keepalive had come */
	IO_CUT,	      /* and an answer had begun */
	IO_GONE,      /* unplugged, closed, or a system error */
	IO_BAD,	      /* a report that has not 64 bytes */
	IO_DAMAGED,   /* an answer that is no CBOR, or promises too much */
	IO_LOST,      /* an earlier exchange never came to its end */
};

/* The first member of every io handle. */
struct io_wait {
	const struct cseal_prompt *prompt; /* borrowed; NULL: nobody is asked */
	struct io_clock clock;
	uint64_t deadline;  /* in the clock's milliseconds */
	uint64_t grace;	    /* of it, what is not shown as time left */
	uint64_t rest;	    /* the deadline while an answer is under way */
	uint64_t next_tick; /* when the prompt is to be asked next */
	enum io_state state;
	uint8_t channel[4]; /* CTAPHID channel of the last report written */
	size_t left;	    /* bytes of the answer that are still to come */
	bool heard;	    /* something has come since the exchange began */
	uint8_t can;	    /* capabilities, as the key says in CTAPHID_INIT */
	bool whole;	    /* the last thing written is answered, wholly */
	uint8_t command;    /* of CTAPHID, that is being answered */
	uint8_t asked;	    /* the CTAP command of the last thing written */
	size_t got;	    /* bytes of the answer */
	uint8_t answer[IO_ANSWER_MAX];
	char name[128]; /* what the device calls itself, filtered; or "" */
};

/* The system's clock, no prompt, a deadline IO_OPEN_MS from now. */
void io_wait_init(struct io_wait *w);

/*
 * Starts an exchange that may last `ms` and then `grace` more milliseconds;
 * forgets how the last one ended.
 */
void io_wait_begin(struct io_wait *w, uint64_t ms, uint64_t grace);

/*
 * True if a CTAP2 answer (status first) is well-formed CBOR, or empty, and no
 * array or map in it promises more than is there. What is not true of an
 * answer must not reach libfido2.
 */
bool io_answer_fits(uint8_t command, const uint8_t *p, size_t n);

/*
 * One slice of a wait on handle `h`: up to `ms` (0 to IO_SLICE_MS)
 * milliseconds. Returns the bytes moved, 0 if nothing happened yet, -1 if the
 * device is gone.
 */
typedef int io_read_slice(void *h, unsigned char *buf, size_t len, int ms);
typedef int io_write_slice(
    void *h, const unsigned char *buf, size_t len, int ms);

/*
 * fido_dev_io_t's read and write in slices: `len` bytes, or -1 and the
 * reason in w->state. A `ms` below 0 leaves the deadline alone to rule. What
 * libfido2 writes are 65 bytes, the report id (0) first.
 */
int io_wait_read(struct io_wait *w, io_read_slice *slice, void *h,
    unsigned char *buf, size_t len, int ms);
int io_wait_write(struct io_wait *w, io_write_slice *slice, void *h,
    const unsigned char *buf, size_t len);

/*
 * Text that a device gave, through the filter, at most `columns` columns (0:
 * no limit), cut at a character's end to `size` bytes with the NUL.
 */
void io_text(
    char *out, size_t size, const uint8_t *p, size_t n, size_t columns);

/*
 * HID devices through hidapi, by hidapi's path. open() sets errno: ENOENT,
 * EACCES, ENOTTY (not a FIDO device), ENODEV.
 */
extern const struct fido_dev_io io_hid;

/*
 * AF_UNIX SOCK_SEQPACKET sockets, "unix:/path", a datagram a report. open()
 * sets errno as connect(2) does, ENAMETOOLONG, or ENOTSOCK.
 */
extern const struct fido_dev_io io_unix;

#endif
