/* SPDX-License-Identifier: BSD-2-Clause */
/* key offer: two touches make a credential and prove that it can sign. */
#include "cli.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const struct cli_option cli_key_offer_options[] = {
	{ "person", 0, "HANDLE", false, "whose key it is" },
	{ "org", 0, "NAME", false,
	    "for a new ledger of this organisation, else --ledger" },
	{ "monitor", 0, NULL, false,
	    "for a script that reports bad news, without a touch" },
	{ "rp-id", 0, "ID", false, "relying party, if not the ledger's" },
	{ "output", 'o', "FILE", false, "the file to write" },
	{ NULL, 0, NULL, false, NULL },
};

/* What is being made, and of what. */
struct making {
	struct cli *c;
	const char *path;
	struct cseal_desk *desk; /* of --ledger, else NULL */
	struct cseal_offer_plan plan;
	struct cli_touch touch;
	struct cseal_token *token;
	struct cseal_token_info info;
	struct cseal_enrolment enrolment;
	struct cseal_assertion possession;
	struct cseal_buf file;
};

/* Found out before two touches, not after. */
int
cli_file_new(struct cli *c, const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];

	if (access(path, F_OK) == 0)
		return cli_error(c, CSEAL_ERR_EXISTS, path,
		    "is there already; name another file");
	snprintf(folder, sizeof(folder), "%.*s",
	    slash != NULL ? (int)(slash - path + 1) : 1,
	    slash != NULL ? path : ".");
	if (access(folder, W_OK | X_OK) != 0)
		return cli_error(c, CSEAL_ERR_IO, path, "%s", strerror(errno));
	return CSEAL_OK;
}

static int
check_options(struct making *m)
{
	struct cli *c = m->c;

	m->path = cli_option(c, "output");
	if (cli_option(c, "person") == NULL)
		return cli_error(c, CSEAL_ERR_USAGE, "--person",
		    "is needed: a short name such as lin");
	if (m->path == NULL)
		return cli_error(
		    c, CSEAL_ERR_USAGE, "-o", "is needed: the file to write");
	if (cli_option_given(c, "org") && cli_option_given(c, "ledger"))
		return cli_error(c, CSEAL_ERR_USAGE, "--org",
		    "is for a new ledger, --ledger for one that is there: "
		    "give one of them");
	return cli_file_new(c, m->path);
}

/* Where openings for this person are to be read. */
static int
desk_point(struct cli *c, uint8_t out[CSEAL_DESK_KEY_BYTES])
{
	struct cseal_desk_key *k;
	int r = cli_desk_key(c, true, &k);

	if (r == CSEAL_OK)
		cseal_desk_key_public(k, out);
	cseal_desk_key_free(k);
	return r;
}

static int
plan(struct making *m)
{
	struct cli *c = m->c;
	uint8_t desk[CSEAL_DESK_KEY_BYTES];
	const char *org = cli_option(c, "org");
	const struct cseal_state *s;
	int r;

	if ((r = desk_point(c, desk)) != CSEAL_OK)
		return r;
	if (org != NULL)
		return cseal_offer_plan(&m->plan, cli_option(c, "person"), org,
		    NULL, NULL, cli_option(c, "rp-id"), desk, &c->err);
	r = cli_desk_open(c, false, &m->desk);
	if (r == CSEAL_ERR_NOT_FOUND)
		return cli_error(c, r, c->ledger.value,
		    "there is no ledger here; give --org NAME to offer a key "
		    "for a new one");
	if (r != CSEAL_OK)
		return r;
	s = cseal_desk_state(m->desk);
	return cseal_offer_plan(&m->plan, cli_option(c, "person"), NULL,
	    cseal_state_ledger_id(s), cseal_state_rp_id(s),
	    cli_option(c, "rp-id"), desk, &c->err);
}

/* A founder needs a key that can do more. */
static int
make_plan(struct making *m)
{
	struct cli *c = m->c;
	const bool monitor = cli_option_given(c, "monitor");
	int r;

	if (monitor && cli_option_given(c, "org"))
		return cli_error(c, CSEAL_ERR_USAGE, "--monitor",
		    "is for a ledger that is there: leave --org out");
	r = plan(m);
	m->plan.monitor = r == CSEAL_OK && monitor;
	return r;
}

/* Credentials of the ledger: its keys are not offered to it again. */
static struct cseal_slice *
excluded(const struct making *m, size_t *n)
{
	const struct cseal_state *s;
	const struct cseal_state_key *k;
	struct cseal_slice *list;

	*n = 0;
	if (m->desk == NULL)
		return NULL;
	s = cseal_desk_state(m->desk);
	while (cseal_state_key(s, *n) != NULL)
		(*n)++;
	list = calloc(*n + 1, sizeof(*list));
	for (size_t i = 0; list != NULL && i < *n; i++) {
		k = cseal_state_key(s, i);
		list[i] = cseal_buf_slice(&k->credential);
	}
	if (list == NULL)
		*n = 0;
	return list;
}

static int
enrol(struct making *m)
{
	struct cseal_slice *exclude;
	struct cseal_buf data;
	size_t n;
	int r;

	cseal_buf_init(&data, 0);
	exclude = excluded(m, &n);
	m->touch.why = "to make a new key on it (1 of 2)";
	r = cseal_offer_enrol_data(&m->plan, &data);
	if (r == CSEAL_OK)
		r = cseal_token_enrol(m->token, m->plan.rp_id, m->plan.handle,
		    cseal_buf_slice(&data), exclude, n, &m->enrolment,
		    &m->c->err);
	if (r == CSEAL_ERR_EXISTS)
		cli_error(m->c, r, m->info.name,
		    "is a key of this ledger already; insert another");
	free(exclude);
	cseal_buf_free(&data);
	return cli_token_fail(m->c, &m->touch, r);
}

static int
possess(struct making *m)
{
	const struct cseal_slice id = cseal_buf_slice(&m->enrolment.credential);
	struct cseal_buf data;
	int r;

	cseal_buf_init(&data, 0);
	m->touch.why = "to prove that it can sign (2 of 2)";
	r = cseal_offer_possess_data(
	    &m->plan, cseal_buf_slice(&m->enrolment.attestation), &data);
	if (r == CSEAL_OK)
		r = cseal_token_seal(m->token, m->plan.rp_id,
		    cseal_buf_slice(&data), &id, 1, &m->possession, &m->c->err);
	cseal_buf_free(&data);
	return cli_token_fail(m->c, &m->touch, r);
}

static int
write_offer(struct making *m)
{
	int r;

	if (cli_signals_pending(m->c))
		return cli_error(m->c, CSEAL_ERR_CANCELLED, "",
		    "stopped; nothing was written");
	r = cseal_offer_encode(&m->plan,
	    cseal_buf_slice(&m->enrolment.attestation),
	    cseal_buf_slice(&m->possession.auth_data),
	    cseal_buf_slice(&m->possession.signature), (uint64_t)time(NULL),
	    &m->file, &m->c->err);
	if (r != CSEAL_OK)
		return r;
	r = cseal_buf_write_file(&m->file, m->path);
	if (r != CSEAL_OK)
		return cli_error(m->c, r, m->path, "%s", strerror(errno));
	return cli_person_write(m->c, m->plan.handle);
}

static int
make(struct making *m)
{
	int r;

	r = check_options(m);
	if (r == CSEAL_OK)
		r = make_plan(m);
	if (r == CSEAL_OK)
		r = cli_token_await(m->c, &m->touch, &m->token);
	if (r == CSEAL_OK)
		r = cli_token_fail(m->c, &m->touch,
		    cseal_token_get_info(m->token, &m->info, &m->c->err));
	if (r == CSEAL_OK)
		r = cli_signals_hold(m->c);
	m->touch.who = m->plan.handle;
	if (r == CSEAL_OK)
		r = enrol(m);
	if (r == CSEAL_OK)
		r = possess(m);
	if (r == CSEAL_OK)
		r = write_offer(m);
	return r;
}

static int
tell(const struct making *m)
{
	struct cli *c = m->c;
	const char *org = cli_option(c, "org");
	json_t *o;

	if (c->json) {
		o = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "act",
		    "key offer", "file", m->path, "person", m->plan.handle,
		    "token", m->info.name, "rp_id", m->plan.rp_id, "software",
		    m->info.software);
		if (m->plan.monitor)
			json_object_set_new(o, "monitor", json_true());
		if (m->plan.has_ledger)
			json_object_set_new(o, "ledger",
			    cli_json_hex(m->plan.ledger, CSEAL_HASH_BYTES));
		else
			json_object_set_new(o, "org",
			    cli_json_text(cseal_buf_slice(&m->plan.org)));
		return cli_json(c, o);
	}
	cli_say(c, "%s: a %skey of %s, made on %s.\n", m->path,
	    m->plan.monitor ? "monitor's " : "", m->plan.handle, m->info.name);
	if (m->info.software)
		cli_say(c,
		    "It is a software key: it proves nothing about a "
		    "person, and only a ledger\nmade with --demo takes it.\n");
	if (org != NULL)
		cli_say(c,
		    "Next, with the offers of everybody: counterseal "
		    "init --org \"%s\" --from %s ...\n",
		    org, m->path);
	else
		cli_say(c,
		    "Next, by an admin: counterseal key add --from "
		    "%s\n",
		    m->path);
	return CLI_DONE;
}

int
cli_key_offer(struct cli *c)
{
	struct making m = { .c = c };
	int r;

	cseal_buf_init(&m.file, CSEAL_OFFER_MAX);
	cli_touch_init(&m.touch, c);
	r = make(&m);
	r = r == CSEAL_OK ? tell(&m) : cli_fail(c, r);
	cseal_token_close(m.token);
	cseal_enrolment_free(&m.enrolment);
	cseal_assertion_free(&m.possession);
	cseal_offer_plan_free(&m.plan);
	cseal_buf_free(&m.file);
	cseal_desk_close(m.desk);
	return r;
}
