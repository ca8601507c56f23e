/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How reports reach the key and leave it.  One of these serves a program:
 * a socket, a HID device of this machine's kernel, or the device side of a
 * USB cable.
 */
#ifndef FIRMWARE_TRANSPORT_H
#define FIRMWARE_TRANSPORT_H

#include <poll.h>

#include "device.h"

#define TRANSPORT_POLLFDS 17 /* the most that one of them fills */

struct transport {
	/*
	 * `place` is what the command line gave, `name` the key's.  NULL and a
	 * sentence in `why` (`cap` bytes) on failure.
	 */
	void *(*open)(
	    const char *place, const char *name, char *why, size_t cap);
	void (*close)(void *self); /* NULL is fine */
	/* Fills at most TRANSPORT_POLLFDS entries; returns how many. */
	size_t (*poll)(const void *self, struct pollfd *fds);
	/*
	 * Serves what poll(2) found in them.  -1 and errno set when there is
	 * nothing left to serve: the kernel's side is gone.
	 */
	int (*serve)(void *self, const struct pollfd *fds, struct device *dev);
	void (*send)(
	    void *self, int client, const uint8_t report[CTAPHID_REPORT]);
};

extern const struct transport transport_unix;	/* place: the socket's path */
extern const struct transport transport_uhid;	/* place: /dev/uhid */
extern const struct transport transport_gadget; /* place: /dev/hidgN */

/* The one client of a bus that cannot tell its clients apart. */
#define TRANSPORT_BUS_CLIENT 0

#endif
