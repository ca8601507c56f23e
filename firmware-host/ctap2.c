/* SPDX-License-Identifier: BSD-2-Clause */
#include "ctap2.h"

#include "clientpin.h"
#include "config.h"
#include "credman.h"
#include "scan.h"
#include "status.h"

/* Section 6.6.  Credentials die with the master key; the counter goes on. */
static int
reset_start(struct device *dev, const uint8_t *body, size_t n)
{
	const struct presence_request req = { .act = ACT_RESET };
	uint64_t now = dev->hooks.now(dev->hooks.ctx);

	(void)body;
	(void)n;
	if (!dev->model.late_reset && now - dev->powered > DEVICE_RESET_MS)
		return CTAP2_ERR_NOT_ALLOWED;
	return device_ask(dev, &req);
}

static int
reset_resume(struct device *dev, enum presence_answer answer)
{
	struct device_state *next;

	if (answer != PRESENCE_GRANTED)
		return ctap2_refusal(answer);
	next = device_draft(dev);
	device_state_init(next);
	next->counter = dev->state.counter;
	if (dev->hooks.random(
		dev->hooks.ctx, next->master, sizeof(next->master)) != 0 ||
	    device_commit(dev) != 0)
		return CTAP1_ERR_OTHER;
	pinuv_restart(dev);
	return CTAP2_OK;
}

/* Section 6.9. */
static int
selection_start(struct device *dev, const uint8_t *body, size_t n)
{
	const struct presence_request req = { .act = ACT_SELECT };

	(void)body;
	(void)n;
	return device_ask(dev, &req);
}

static int
selection_resume(struct device *dev, enum presence_answer answer)
{
	(void)dev;
	return answer == PRESENCE_GRANTED ? CTAP2_OK : ctap2_refusal(answer);
}

static const struct ctap2_command commands[] = {
	{ 0x01, true, false, makecred_start, makecred_resume },
	{ 0x02, true, false, getassert_start, getassert_resume },
	{ 0x04, false, false, getinfo_start, NULL },
	{ 0x06, true, false, clientpin_start, clientpin_resume },
	{ 0x07, false, false, reset_start, reset_resume },
	{ 0x08, false, true, getnext_start, NULL },
	{ 0x0a, true, true, credman_start, NULL },
	{ 0x0b, false, false, selection_start, selection_resume },
	{ 0x0d, true, false, config_start, NULL },
	/* credentialManagement's number before CTAP 2.1; libfido2 1.12. */
	{ 0x41, true, true, credman_start, NULL },
};

static const struct ctap2_command *
command_find(uint8_t byte)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (commands[i].byte == byte)
			return &commands[i];
	}
	return NULL;
}

int
ctap2_start(struct device *dev, const uint8_t *msg, size_t n)
{
	const struct ctap2_command *c = command_find(msg[0]);

	if (c == NULL || !c->follows)
		follow_end(dev);
	if (c == NULL)
		return CTAP1_ERR_INVALID_COMMAND;
	msg++;
	n--;
	if (!c->takes_params && n != 0)
		return CTAP1_ERR_INVALID_LENGTH;
	if (c->takes_params && n == 0)
		return CTAP2_ERR_MISSING_PARAMETER;
	if (c->takes_params && !scan_is_canonical(msg, n))
		return CTAP2_ERR_INVALID_CBOR;
	dev->work.command = c;
	return c->start(dev, msg, n);
}

int
ctap2_resume(struct device *dev, enum presence_answer answer)
{
	return dev->work.command->resume(dev, answer);
}

int
ctap2_refusal(enum presence_answer answer)
{
	return answer == PRESENCE_TIMEOUT ? CTAP2_ERR_USER_ACTION_TIMEOUT
					  : CTAP2_ERR_OPERATION_DENIED;
}
