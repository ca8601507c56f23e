/* SPDX-License-Identifier: BSD-2-Clause */
#include "follow.h"

#include "device.h"

void
follow_end(struct device *dev)
{
	crypto_wipe(&dev->follow, sizeof(dev->follow));
}

struct follow *
follow_begin(struct device *dev, enum follow_kind kind)
{
	struct follow *f = &dev->follow;

	follow_end(dev);
	f->kind = kind;
	f->client = dev->hid.msg.client;
	f->cid = dev->hid.msg.cid;
	f->since = dev->hooks.now(dev->hooks.ctx);
	f->at = 1;
	return f;
}

const struct resident *
follow_next(struct device *dev, enum follow_kind kind)
{
	struct follow *f = &dev->follow;
	uint64_t now = dev->hooks.now(dev->hooks.ctx);

	if (f->kind != kind || f->client != dev->hid.msg.client ||
	    f->cid != dev->hid.msg.cid || f->at >= f->n ||
	    now - f->since > FOLLOW_MS) {
		follow_end(dev);
		return NULL;
	}
	f->since = now;
	return f->found[f->at++];
}
