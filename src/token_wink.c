/* SPDX-License-Identifier: BSD-2-Clause */
/* CTAPHID_WINK (CTAP 2.1 section 11.2.9.2.1), which libfido2 does not send. */

#include <string.h>

#include <fido.h>

#include "token_dev.h"

#define WINK	   0x88
#define REPORT_CMD (1 + 4) /* behind the report id and the channel */

static int
wink(fido_dev_t *dev, void *obj, const char *pin)
{
	struct cseal_token *t = obj;
	uint8_t report[1 + IO_REPORT_BYTES] = { 0 };

	(void)dev;
	(void)pin;
	memcpy(report + 1, t->wait->channel, sizeof(t->wait->channel));
	report[REPORT_CMD] = WINK;
	if (t->io->write(t->wait, report, sizeof(report)) < 0)
		return FIDO_ERR_TX;
	do {
		if (t->io->read(t->wait, report, IO_REPORT_BYTES, -1) !=
		    IO_REPORT_BYTES)
			return FIDO_ERR_RX;
	} while (!t->wait->whole);
	return t->wait->command == WINK ? FIDO_OK : FIDO_ERR_INVALID_COMMAND;
}

int
cseal_token_wink(struct cseal_token *t, struct cseal_error *err)
{
	int f;

	if ((t->wait->can & FIDO_CAP_WINK) == 0)
		return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
		    "this key cannot wink; take it out and see which path is "
		    "missing in `counterseal token list`");
	f = token_exchange(t, TOKEN_QUICK, wink, t, NULL);
	return f == FIDO_OK ? CSEAL_OK : token_failed(t, f, err);
}
