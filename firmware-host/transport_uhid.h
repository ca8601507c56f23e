/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A HID device that this machine's own kernel has through /dev/uhid: to
 * programs it is a security key that was plugged in.
 */
#ifndef FIRMWARE_TRANSPORT_UHID_H
#define FIRMWARE_TRANSPORT_UHID_H

#include "transport.h"

#define UHID_PATH "/dev/uhid"
/* What udev/70-counterseal.rules knows the software key by. */
#define UHID_NAME "counterseal-token"

struct uhid;

/*
 * Creates the device over `fd`, which it owns from then on, also on failure:
 * NULL and a sentence in `why`.  `name` becomes the serial number.
 */
struct uhid *uhid_attach(int fd, const char *name, char *why, size_t cap);
/* The device goes away: unplugged.  NULL is fine. */
void uhid_close(struct uhid *u);

int uhid_fd(const struct uhid *u);
/* Takes one event.  -1 and errno set if there will be no more. */
int uhid_serve(struct uhid *u, struct device *dev);
void uhid_send(struct uhid *u, const uint8_t report[CTAPHID_REPORT]);

#endif
