/* SPDX-License-Identifier: BSD-2-Clause */
/* The passphrase of a backup: never an argument, which others can read. */
#include "input.h"

#include <string.h>

/* The first line, without its line feed. */
static int
read_from(struct cli *c, const char *from, struct cseal_buf *out)
{
	const size_t most = CSEAL_PASSPHRASE_MAX + 2;
	char *feed;
	int r;

	if ((r = input_read(c, from, most, out)) != CSEAL_OK)
		return r;
	if (out->len == 0)
		return cli_error(
		    c, CSEAL_ERR_INPUT, "passphrase", "there is none");
	feed = memchr(out->data, '\n', out->len);
	if (feed != NULL)
		out->len = (size_t)((uint8_t *)feed - out->data);
	return CSEAL_OK;
}

static int
ask_again(struct cli *c, const struct cseal_buf *first)
{
	struct cseal_buf second;
	int r;

	cseal_buf_init(&second, 0);
	r = cli_ask(c, "The same once more: ", false, &second);
	if (r == CSEAL_OK &&
	    (second.len != first->len ||
		memcmp(second.data, first->data, first->len) != 0))
		r = cli_error(c, CSEAL_ERR_INPUT, "passphrase",
		    "the second time it was another one");
	cseal_buf_free(&second);
	return r;
}

int
cli_passphrase(struct cli *c, bool twice, struct cseal_buf *out)
{
	const char *from = cli_option(c, "passphrase-from");
	int r;

	if (from != NULL)
		return read_from(c, from, out);
	if (!cli_terminal(c))
		return cli_error(c, CSEAL_ERR_USAGE, "--passphrase-from",
		    "is needed where there is no terminal to ask on");
	r = cli_ask(c, "Passphrase of the backup: ", false, out);
	if (r == CSEAL_OK && out->len < CSEAL_PASSPHRASE_MIN)
		return cli_error(c, CSEAL_ERR_INPUT, "passphrase",
		    "has %d bytes or more: take five words that nobody puts "
		    "together",
		    CSEAL_PASSPHRASE_MIN);
	return r == CSEAL_OK && twice ? ask_again(c, out) : r;
}
