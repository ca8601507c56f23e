/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

int
cli_list_names(struct cseal_buf *out, const char *const *names, size_t n)
{
	int r = CSEAL_OK;

	for (size_t i = 0; i < n && r == CSEAL_OK; i++)
		r = cseal_buf_printf(out, "%s%s",
		    i == 0	 ? ""
		    : i + 1 == n ? " or "
				 : ", ",
		    names[i]);
	return r;
}

static size_t
count_keys(const struct cseal_state *s)
{
	size_t n = 0;

	while (cseal_state_key(s, n) != NULL)
		n++;
	return n;
}

static int
choose(struct cli *c, struct cseal_desk *d, bool monitor, struct cli_key *k)
{
	const struct cseal_state *s = cseal_desk_state(d);
	struct cli_candidate *cands;
	const struct cseal_state_key *key;
	size_t n = 0;
	int r;

	cands = calloc(count_keys(s) + 1, sizeof(*cands));
	if (cands == NULL)
		return cli_error(c, CSEAL_ERR_NOMEM, "", "out of memory");
	for (uint64_t i = 0; (key = cseal_state_key(s, i)) != NULL; i++) {
		if (key->revoked || key->monitor != monitor)
			continue;
		cands[n].credential = cseal_buf_slice(&key->credential);
		cands[n].rp_id = key->rp_id;
		cands[n].number = key->number;
		cands[n++].handle = cseal_state_person(s, key->person)->handle;
	}
	r = cli_key_choose_of(c, cands, n, k);
	free(cands);
	return r;
}

int
cli_key_choose(struct cli *c, struct cseal_desk *d, struct cli_key *k)
{
	return choose(c, d, false, k);
}

/* Nobody waits at a monitor for somebody to insert a key. */
int
cli_key_choose_monitor(struct cli *c, struct cseal_desk *d, struct cli_key *k)
{
	const struct cseal_state *s = cseal_desk_state(d);
	const struct cseal_state_key *key;
	bool any = false;

	for (uint64_t i = 0; (key = cseal_state_key(s, i)) != NULL; i++)
		any = any || (key->monitor && !key->revoked);
	if (!any)
		return cli_error(c, CSEAL_ERR_TOKEN, "--monitor",
		    "the ledger has no monitor's key: counterseal key offer "
		    "--monitor makes one");
	k->silent = true;
	return choose(c, d, true, k);
}

void
cli_key_free(struct cli_key *k)
{
	cseal_token_close(k->token);
	k->token = NULL;
}

int
cli_seal_draft(struct cli *c, const struct cseal_draft *p, struct cli_key *k,
    const char *why, struct cseal_assertion *out)
{
	const struct cseal_slice credential = cseal_draft_credential(p);
	int r;

	cli_note(c, "%s\n", cseal_draft_panel(p));
	k->touch.why = why;
	r = cli_signals_hold(c);
	if (r == CSEAL_OK)
		r = cli_hold(c, k->on_screen);
	if (r != CSEAL_OK)
		return r;
	r = (k->silent ? cseal_token_seal_silent : cseal_token_seal)(k->token,
	    cseal_draft_rp_id(p), cseal_draft_client_data(p), &credential, 1,
	    out, &c->err);
	/* Ctrl-C between the touch and the append is still in time. */
	if (r == CSEAL_OK && cli_signals_pending(c)) {
		cseal_assertion_free(out);
		r = cli_error(
		    c, CSEAL_ERR_CANCELLED, "", "stopped; nothing was sealed");
	}
	return cli_token_fail(c, &k->touch, r);
}

int
cli_seal(struct cli *c, struct cseal_desk *d, const struct cseal_draft *p,
    struct cli_key *k, const char *why, uint64_t *index)
{
	struct cseal_assertion a;
	int r;

	r = cli_seal_draft(c, p, k, why, &a);
	if (r != CSEAL_OK)
		return r;
	r = cseal_desk_append(d, p, cseal_buf_slice(&a.auth_data),
	    cseal_buf_slice(&a.signature), index, &c->err);
	if (r == CSEAL_ERR_SIGNATURE)
		c->failed_as = CLI_TOKEN;
	if (r == CSEAL_OK && *index != CSEAL_INDEX_NONE)
		cli_hooks_add(c, d, *index);
	cseal_assertion_free(&a);
	return r;
}
