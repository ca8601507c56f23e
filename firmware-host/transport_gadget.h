/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device side of a USB cable: the character device /dev/hidgN of the
 * kernel's HID gadget function, on a machine that plays a key for another
 * one (docs/gadget.md).
 */
#ifndef FIRMWARE_TRANSPORT_GADGET_H
#define FIRMWARE_TRANSPORT_GADGET_H

#include "transport.h"

/* Two of the longest messages, so that an answer follows keepalives. */
#define GADGET_QUEUE 258

struct gadget;

/* Takes over `fd`, non-blocking.  NULL if there is no memory; fd is closed. */
struct gadget *gadget_attach(int fd);
void gadget_close(struct gadget *g); /* NULL is fine */

void gadget_poll(const struct gadget *g, struct pollfd *fd);
/* -1 and errno set if the function was taken away. */
int gadget_serve(struct gadget *g, const struct pollfd *fd, struct device *dev);
/* A host that does not fetch its reports loses them, and its channels. */
void gadget_send(struct gadget *g, const uint8_t report[CTAPHID_REPORT]);

#endif
