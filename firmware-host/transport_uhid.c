/* SPDX-License-Identifier: BSD-2-Clause */
#include "transport_uhid.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <linux/uhid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hidreport.h"
#include "printable.h"
#include "version.h"

/* pid.codes gives this pair to tests; nothing on sale has it. */
#define VENDOR	0x1209
#define PRODUCT 0x0001

struct uhid {
	int fd;
	bool created;
};

/* The kernel takes and gives events whole; its short forms are not for us. */
static int
put_event(int fd, const struct uhid_event *ev)
{
	ssize_t n;

	do {
		n = write(fd, ev, sizeof(*ev));
	} while (n == -1 && errno == EINTR);
	return n == (ssize_t)sizeof(*ev) ? 0 : -1;
}

static int
create(struct uhid *u, const char *name)
{
	struct uhid_event ev;
	struct uhid_create2_req *c = &ev.u.create2;

	memset(&ev, 0, sizeof(ev));
	ev.type = UHID_CREATE2;
	memcpy(c->name, UHID_NAME, sizeof(UHID_NAME));
	/* It goes into an uevent, which is lines of text. */
	printable_show((char *)c->uniq, sizeof(c->uniq), name, strlen(name));
	c->rd_size = sizeof(hidreport_descriptor);
	memcpy(c->rd_data, hidreport_descriptor, sizeof(hidreport_descriptor));
	c->bus = BUS_USB;
	c->vendor = VENDOR;
	c->product = PRODUCT;
	c->version = FIRMWARE_MAJOR << 8 | FIRMWARE_MINOR;
	if (put_event(u->fd, &ev) != 0)
		return -1;
	u->created = true;
	return 0;
}

struct uhid *
uhid_attach(int fd, const char *name, char *why, size_t cap)
{
	struct uhid *u = calloc(1, sizeof(*u));

	if (u == NULL) {
		snprintf(why, cap, "out of memory");
		close(fd);
		return NULL;
	}
	u->fd = fd;
	if (create(u, name) != 0) {
		snprintf(why, cap, "the kernel makes no HID device: %s",
		    strerror(errno));
		uhid_close(u);
		return NULL;
	}
	return u;
}

void
uhid_close(struct uhid *u)
{
	struct uhid_event ev;

	if (u == NULL)
		return;
	memset(&ev, 0, sizeof(ev));
	ev.type = UHID_DESTROY;
	if (u->created)
		(void)put_event(u->fd, &ev); /* closing does it as well */
	close(u->fd);
	free(u);
}

int
uhid_fd(const struct uhid *u)
{
	return u->fd;
}

/*
 * Whoever asks in the kernel waits up to 5 s for this answer.  A FIDO device
 * has no feature reports (CTAP 2.1 section 11.2.8), and an input report comes
 * when there is one.
 */
static void
answer_get(const struct uhid *u, const struct uhid_get_report_req *req)
{
	struct uhid_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.type = UHID_GET_REPORT_REPLY;
	ev.u.get_report_reply.id = req->id;
	ev.u.get_report_reply.err = EIO;
	(void)put_event(u->fd, &ev);
}

/* An output report may come this way, too: over the control pipe. */
static void
answer_set(const struct uhid *u, const struct uhid_set_report_req *req,
    struct device *dev)
{
	struct uhid_event ev;
	const bool is_output =
	    req->rtype == UHID_OUTPUT_REPORT && req->size <= sizeof(req->data);

	memset(&ev, 0, sizeof(ev));
	ev.type = UHID_SET_REPORT_REPLY;
	ev.u.set_report_reply.id = req->id;
	ev.u.set_report_reply.err = is_output ? 0 : EIO;
	(void)put_event(u->fd, &ev);
	if (is_output)
		device_report_in(
		    dev, TRANSPORT_BUS_CLIENT, req->data, req->size);
}

static void
take_event(
    const struct uhid *u, const struct uhid_event *ev, struct device *dev)
{
	switch (ev->type) {
	case UHID_OUTPUT:
		/* 65 bytes: hidraw's writers put the report id first. */
		if (ev->u.output.rtype == UHID_OUTPUT_REPORT &&
		    ev->u.output.size <= sizeof(ev->u.output.data))
			device_report_in(dev, TRANSPORT_BUS_CLIENT,
			    ev->u.output.data, ev->u.output.size);
		break;
	case UHID_CLOSE:
	case UHID_STOP:
		/* The last reader is gone: nobody waits for an answer. */
		device_client_gone(dev, TRANSPORT_BUS_CLIENT);
		break;
	case UHID_GET_REPORT: answer_get(u, &ev->u.get_report); break;
	case UHID_SET_REPORT: answer_set(u, &ev->u.set_report, dev); break;
	default: break; /* START and OPEN ask for nothing */
	}
}

int
uhid_serve(struct uhid *u, struct device *dev)
{
	struct uhid_event ev;
	ssize_t n;

	/* What the kernel leaves out at the end counts as 0. */
	memset(&ev, 0, sizeof(ev));
	n = read(u->fd, &ev, sizeof(ev));
	if (n == -1)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	if (n == 0) {
		errno = ENODEV;
		return -1;
	}
	if (n >= (ssize_t)sizeof(ev.type))
		take_event(u, &ev, dev);
	return 0;
}

/* A reader that is too slow loses reports; the kernel keeps 64 for each. */
void
uhid_send(struct uhid *u, const uint8_t report[CTAPHID_REPORT])
{
	struct uhid_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.type = UHID_INPUT2;
	ev.u.input2.size = CTAPHID_REPORT;
	memcpy(ev.u.input2.data, report, CTAPHID_REPORT);
	(void)put_event(u->fd, &ev);
}

static void *
open_any(const char *place, const char *name, char *why, size_t cap)
{
	int fd = open(place, O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (fd == -1) {
		snprintf(why, cap, "%s%s", strerror(errno),
		    errno == ENOENT ? "; load the kernel's module uhid" : "");
		return NULL;
	}
	return uhid_attach(fd, name, why, cap);
}

static void
close_any(void *self)
{
	uhid_close(self);
}

static size_t
poll_any(const void *self, struct pollfd *fds)
{
	fds[0] = (struct pollfd){ uhid_fd(self), POLLIN, 0 };
	return 1;
}

static int
serve_any(void *self, const struct pollfd *fds, struct device *dev)
{
	return fds[0].revents != 0 ? uhid_serve(self, dev) : 0;
}

static void
send_any(void *self, int client, const uint8_t report[CTAPHID_REPORT])
{
	(void)client;
	uhid_send(self, report);
}

const struct transport transport_uhid = {
	.open = open_any,
	.close = close_any,
	.poll = poll_any,
	.serve = serve_any,
	.send = send_any,
};
