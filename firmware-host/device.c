/* SPDX-License-Identifier: BSD-2-Clause */
#include "device.h"

#include <stdlib.h>
#include <string.h>

#include "ctap2.h"
#include "status.h"

struct device *
device_new(const struct device_hooks *hooks, const struct device_model *model,
    const struct device_state *state)
{
	struct device *dev = calloc(1, sizeof(*dev));

	if (dev == NULL)
		return NULL;
	dev->hooks = *hooks;
	dev->model = *model;
	dev->state = *state;
	dev->powered = hooks->now(hooks->ctx);
	return dev;
}

void
device_free(struct device *dev)
{
	if (dev == NULL)
		return;
	if (dev->work.waiting)
		dev->hooks.forget(dev->hooks.ctx);
	crypto_wipe(dev, sizeof(*dev));
	free(dev);
}

int
device_ask(struct device *dev, const struct presence_request *req)
{
	dev->work.verify = req->verify;
	dev->hooks.ask(dev->hooks.ctx, req);
	return CTAP2_WAIT;
}

const uint8_t *
device_aaguid(const struct device *dev)
{
	static const uint8_t own[AUTHDATA_AAGUID + 1] = DEVICE_AAGUID;

	return dev->model.aaguid != NULL ? dev->model.aaguid : own;
}

uint8_t *
device_reply_data(struct device *dev)
{
	return dev->reply + 1;
}

size_t
device_reply_room(const struct device *dev)
{
	return sizeof(dev->reply) - 1;
}

int
device_replied(struct device *dev, size_t n)
{
	dev->reply_len = n;
	return n == 0 ? CTAP1_ERR_OTHER : CTAP2_OK;
}

void
device_state_init(struct device_state *state)
{
	crypto_wipe(state, sizeof(*state));
	state->pin_retries = DEVICE_PIN_TRIES;
	state->uv_retries = DEVICE_UV_TRIES;
	state->min_pin_length = DEVICE_PIN_MIN;
}

struct device_state *
device_draft(struct device *dev)
{
	dev->draft = dev->state;
	return &dev->draft;
}

int
device_commit(struct device *dev)
{
	int r = dev->hooks.save(dev->hooks.ctx, &dev->draft);

	if (r == 0)
		dev->state = dev->draft;
	crypto_wipe(&dev->draft, sizeof(dev->draft));
	return r;
}

int
device_count(struct device *dev, uint32_t *counter)
{
	device_draft(dev);
	return device_commit_counted(dev, counter);
}

int
device_commit_counted(struct device *dev, uint32_t *counter)
{
	*counter = 0;
	if (dev->state.counter == UINT32_MAX)
		return -1;
	dev->draft.counter++;
	if (device_commit(dev) != 0)
		return -1;
	*counter = dev->state.counter;
	return 0;
}

static void
send_to(struct device *dev, int client, uint32_t cid, uint8_t cmd,
    const uint8_t *data, size_t len)
{
	ctaphid_split(
	    client, cid, cmd, data, len, dev->hooks.report, dev->hooks.ctx);
}

static void
answer(struct device *dev, uint8_t cmd, const uint8_t *data, size_t len)
{
	const struct ctaphid_message *m = &dev->hid.msg;

	ctaphid_done(&dev->hid);
	send_to(dev, m->client, m->cid, cmd, data, len);
}

static void
keepalive(struct device *dev, enum ctaphid_keepalive status)
{
	const struct ctaphid_message *m = &dev->hid.msg;
	const uint8_t byte = (uint8_t)status;

	send_to(dev, m->client, m->cid, CTAPHID_KEEPALIVE, &byte, 1);
}

static void
work_stop_waiting(struct device *dev)
{
	if (!dev->work.waiting)
		return;
	dev->work.waiting = false;
	dev->hooks.forget(dev->hooks.ctx);
}

static void
work_drop(struct device *dev)
{
	work_stop_waiting(dev);
	memset(&dev->work, 0, sizeof(dev->work));
}

static void
work_finish(struct device *dev, int status)
{
	size_t len = 1;

	work_drop(dev);
	dev->reply[0] = (uint8_t)status;
	if (status == CTAP2_OK)
		len += dev->reply_len;
	if (dev->hooks.lie != NULL)
		dev->hooks.lie(dev->hooks.ctx, dev->hid.msg.data,
		    dev->hid.msg.len, dev->reply, &len);
	answer(dev, CTAPHID_CBOR, dev->reply, len);
}

/* Looks for the person's answer; returns when to look again. */
static uint64_t
work_look(struct device *dev, uint64_t now)
{
	struct device_work *w = &dev->work;
	uint64_t due = DEVICE_NEVER;
	enum presence_answer a = dev->hooks.answer(dev->hooks.ctx, &due);

	if (a == PRESENCE_PENDING && now >= w->give_up)
		a = PRESENCE_TIMEOUT;
	if (a == PRESENCE_PENDING) {
		if (now >= w->next_keepalive) {
			keepalive(dev, CTAPHID_UPNEEDED);
			w->next_keepalive = now + DEVICE_KEEPALIVE_MS;
		}
		if (due > w->next_keepalive)
			due = w->next_keepalive;
		return due < w->give_up ? due : w->give_up;
	}
	/* Anybody can touch. */
	if (a == PRESENCE_STRANGER && !w->verify)
		a = PRESENCE_GRANTED;
	work_stop_waiting(dev);
	keepalive(dev, CTAPHID_PROCESSING);
	work_finish(dev, ctap2_resume(dev, a));
	return DEVICE_NEVER;
}

static void
work_start(struct device *dev, uint64_t now)
{
	const struct ctaphid_message *m = &dev->hid.msg;
	int status;

	dev->reply_len = 0;
	status = ctap2_start(dev, m->data, m->len);
	if (status != CTAP2_WAIT) {
		work_finish(dev, status);
		return;
	}
	dev->work.waiting = true;
	dev->work.give_up = now + DEVICE_PERSON_MS;
	dev->work.next_keepalive = now;
	work_look(dev, now);
}

static void
take_message(struct device *dev, uint64_t now)
{
	const struct ctaphid_message *m = &dev->hid.msg;

	switch ((enum ctaphid_command)m->cmd) {
	case CTAPHID_PING: answer(dev, m->cmd, m->data, m->len); break;
	case CTAPHID_WINK:
		dev->hooks.wink(dev->hooks.ctx);
		answer(dev, m->cmd, NULL, 0);
		break;
	case CTAPHID_CBOR: work_start(dev, now); break;
	default: ctaphid_done(&dev->hid); break;
	}
}

static void
take_event(struct device *dev, const struct ctaphid_event *ev, uint64_t now)
{
	switch (ev->what) {
	case CTAPHID_NOTHING: break;
	case CTAPHID_IS_MESSAGE: take_message(dev, now); break;
	case CTAPHID_IS_ERROR:
		send_to(dev, ev->client, ev->cid, CTAPHID_ERROR, &ev->error, 1);
		break;
	case CTAPHID_IS_INIT:
		if (ev->aborted)
			work_drop(dev);
		send_to(dev, ev->client, ev->cid, CTAPHID_INIT, ev->reply,
		    sizeof(ev->reply));
		break;
	case CTAPHID_IS_CANCEL:
		work_finish(dev, CTAP2_ERR_KEEPALIVE_CANCEL);
		break;
	}
}

void
device_report_in(struct device *dev, int client, const uint8_t *p, size_t n)
{
	struct ctaphid_event ev;
	uint64_t now = dev->hooks.now(dev->hooks.ctx);

	if (n == CTAPHID_REPORT + 1 && p[0] == 0) {
		p++;
		n--;
	}
	if (n != CTAPHID_REPORT)
		return;
	ctaphid_expire(&dev->hid, now, &ev);
	take_event(dev, &ev, now);
	ctaphid_in(&dev->hid, client, p, now, &ev);
	take_event(dev, &ev, now);
}

uint64_t
device_poll(struct device *dev)
{
	struct ctaphid_event ev;
	uint64_t now = dev->hooks.now(dev->hooks.ctx);

	if (dev->work.waiting)
		return work_look(dev, now);
	ctaphid_expire(&dev->hid, now, &ev);
	take_event(dev, &ev, now);
	if (dev->hid.state == CTAPHID_RECEIVING)
		return dev->hid.deadline;
	return DEVICE_NEVER;
}

void
device_client_gone(struct device *dev, int client)
{
	if (ctaphid_client_gone(&dev->hid, client))
		work_drop(dev);
	if (dev->follow.client == client)
		follow_end(dev);
}
