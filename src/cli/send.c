/* SPDX-License-Identifier: BSD-2-Clause */
/* send: what the other desks do not have yet, into a folder or one file. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "exchange.h"

const struct cli_option cli_send_options[] = {
	{ "from", 0, "N", false, "of one file: the entries from this one on" },
	{ NULL, 0, NULL, false, NULL },
};

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int
read_from(struct exchange_tale *t, uint64_t *from)
{
	const char *word = cli_option(t->c, "from");

	if (word == NULL)
		return cseal_exchange_from(t->d, from, &t->c->err);
	if (strspn(word, "0123456789") != strlen(word) || strlen(word) == 0 ||
	    strlen(word) > 18)
		return cli_error(t->c, CSEAL_ERR_USAGE, "--from",
		    "the number of an entry is written as 41");
	*from = strtoull(word, NULL, 10);
	return CSEAL_OK;
}

static int
send_to(struct exchange_tale *t, const char *to)
{
	uint64_t from = 0;
	int r;

	if (!is_folder(to)) {
		r = read_from(t, &from);
		return r != CSEAL_OK ? r
				     : cseal_exchange_send_file(t->d, to, from,
					   exchange_tell, t, &t->c->err);
	}
	if (cli_option_given(t->c, "from"))
		return cli_error(t->c, CSEAL_ERR_USAGE, "--from",
		    "is for one file; into a folder goes what it lacks");
	return cseal_exchange_send(t->d, to, exchange_tell, t, &t->c->err);
}

static int
tell(struct exchange_tale *t, const char *to)
{
	struct cli *c = t->c;
	const uint64_t n = t->n[CSEAL_EXCHANGE_WROTE];
	uint64_t waiting;
	int r;

	if (c->json)
		return cli_json(c, exchange_json(t, "send"));
	if (!is_folder(to))
		cli_say(c, "%s: to be given to the other desks.\n", to);
	else if (n == 0)
		cli_say(c, "Nothing new: %s has it all.\n", to);
	else
		cli_say(c, "%" PRIu64 " new file%s in %s.\n", n,
		    n == 1 ? "" : "s", to);
	if ((r = exchange_waiting(c, t->d, &waiting)) != CSEAL_OK)
		return cli_fail(c, r);
	if (waiting > 0)
		cli_say(c,
		    "%" PRIu64 " statement%s of this desk wait%s for the home."
		    " When it has answered: counterseal receive %s\n",
		    waiting, waiting == 1 ? "" : "s", waiting == 1 ? "s" : "",
		    is_folder(to) ? to : "FILE");
	return CLI_DONE;
}

int
cli_send(struct cli *c)
{
	struct cseal_desk *d = NULL;
	struct exchange_tale t;
	int status, r;

	r = cli_desk_open(c, true, &d);
	if (r != CSEAL_OK)
		return cli_fail(c, r);
	exchange_tale_init(&t, c, d);
	r = send_to(&t, c->words[0]);
	status = r == CSEAL_OK ? tell(&t, c->words[0]) : cli_fail(c, r);
	exchange_tale_free(&t);
	cseal_desk_close(d);
	return status;
}
