/* SPDX-License-Identifier: BSD-2-Clause */
#include "init.h"
#include "trust.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PERSONS_LEAST 2

const struct cli_option cli_init_options[] = {
	{ "org", 0, "NAME", false, "the organisation, as in the offers" },
	{ "from", 0, "OFFER", true,
	    "a key offer; behind = its person's roles" },
	{ "policy", 0, "FILE", false, "its rules; else the fixed ones" },
	{ "accept-single-keys", 0, NULL, false,
	    "one lost key may end it all: a warning" },
	CLI_TRUST_OPTIONS,
	{ "continues", 0, "LEDGER", false,
	    "the ledger whose keys are all lost" },
	{ "demo", 0, NULL, false, "software keys are taken; proves nothing" },
	{ "sheet", 0, "FILE", false, "a sheet about it, to be printed" },
	{ NULL, 0, NULL, false, NULL },
};

/* "admin,approver" */
static int
read_roles(
    struct cli *c, const char *where, const char *text, struct cseal_roles *out)
{
	size_t len;

	for (;;) {
		len = strcspn(text, ",");
		if (!cseal_text_is_handle(text, len))
			return cli_error(c, CSEAL_ERR_USAGE, where,
			    "after = come roles: small letters, digits and -, "
			    "with commas between");
		if (out->n == CSEAL_PLACES_MAX)
			return cli_error(c, CSEAL_ERR_USAGE, where,
			    "more than %d roles", CSEAL_PLACES_MAX);
		memcpy(out->names[out->n], text, len);
		out->names[out->n++][len] = '\0';
		if (text[len] == '\0')
			return CSEAL_OK;
		text += len + 1;
	}
}

/* OFFER or OFFER=ROLE,...; a file that is called so is meant first. */
static int
read_offer(struct founding *f, size_t i, const char *word)
{
	const char *equals = strrchr(word, '=');
	char path[PATH_MAX];
	int n;
	int r;

	if (equals == NULL || access(word, F_OK) == 0)
		return cli_offer_read(f->c, word, &f->offers[i]);
	n = snprintf(path, sizeof(path), "%.*s", (int)(equals - word), word);
	if (n < 0 || (size_t)n >= sizeof(path))
		return cli_error(
		    f->c, CSEAL_ERR_USAGE, "--from", "too long a path");
	r = read_roles(f->c, word, equals + 1, &f->roles[i]);
	return r == CSEAL_OK ? cli_offer_read(f->c, path, &f->offers[i]) : r;
}

static bool
same_person(const struct cseal_offer *a, const struct cseal_offer *b)
{
	return a->key.handle.len == b->key.handle.len &&
	       memcmp(a->key.handle.data, b->key.handle.data,
		   a->key.handle.len) == 0;
}

static size_t
count_persons(const struct founding *f)
{
	size_t persons = 0;
	size_t k;

	for (size_t i = 0; i < f->n_offers; i++) {
		for (k = 0; k < i; k++) {
			if (same_person(&f->offers[k], &f->offers[i]))
				break;
		}
		persons += k == i;
	}
	return persons;
}

static int
read_offers(struct founding *f)
{
	struct cli *c = f->c;
	size_t n = 0;
	int r = CSEAL_OK;

	while (cli_option_at(c, "from", n) != NULL)
		n++;
	f->offers = calloc(n + 1, sizeof(*f->offers));
	f->roles = calloc(n + 1, sizeof(*f->roles));
	if (f->offers == NULL || f->roles == NULL)
		return CSEAL_ERR_NOMEM;
	for (f->n_offers = 0; f->n_offers < n && r == CSEAL_OK; f->n_offers++)
		r = read_offer(
		    f, f->n_offers, cli_option_at(c, "from", f->n_offers));
	if (r == CSEAL_OK && count_persons(f) < PERSONS_LEAST)
		r = cli_error(c, CSEAL_ERR_USAGE, "--from",
		    "a ledger begins with the offers of two persons or more");
	return r;
}

/* Every offer gets the verdict of the desk that founds. */
static int
judge_offers(struct founding *f)
{
	struct cli_trust trust;
	int r = cli_trust_read(f->c, &trust, true);

	for (size_t i = 0; i < f->n_offers && r == CSEAL_OK; i++)
		r = cli_offer_judge(f->c, &trust,
		    cli_option_at(f->c, "from", i), &f->offers[i]);
	cli_trust_free(&trust);
	return r;
}

/* Refused before anybody touches a key. */
static int
check_place(struct cli *c)
{
	if (cli_option(c, "org") == NULL)
		return cli_error(c, CSEAL_ERR_USAGE, "--org",
		    "is needed: the organisation's name, as in the offers");
	if (access(c->ledger.value, F_OK) == 0)
		return cli_error(c, CSEAL_ERR_EXISTS, c->ledger.value,
		    "there is a ledger or another file already (%s); --ledger "
		    "names another place",
		    cli_source_name(c->ledger.source));
	return cli_option_given(c, "sheet")
		   ? cli_file_new(c, cli_option(c, "sheet"))
		   : CSEAL_OK;
}

static int
draft(struct founding *f)
{
	const struct cseal_founding o = {
		.org = cli_option(f->c, "org"),
		.demo = cli_option_given(f->c, "demo"),
		.offers = f->offers,
		.roles = f->roles,
		.n_offers = f->n_offers,
		.policy =
		    f->rules == NULL
			? NULL
			: (const char *)cseal_policy_source_text(f->rules).data,
		.continues = f->continues ? &f->predecessor : NULL,
	};

	return cseal_draft_genesis(
	    &f->draft, &o, (uint64_t)time(NULL), &f->c->err);
}

static int
choose_key(struct founding *f)
{
	const struct cseal_slice handle = f->offers[0].key.handle;
	char name[CSEAL_HANDLE_BYTES];
	struct cli_candidate cand = { .handle = name };
	int r;

	snprintf(name, sizeof(name), "%.*s", (int)handle.len,
	    (const char *)handle.data);
	r = cseal_credential_parse(&f->first, f->offers[0].key.attestation);
	if (r != CSEAL_OK)
		return r;
	cand.credential = f->first.id;
	cand.rp_id = f->offers[0].rp_id;
	return cli_key_choose_of(f->c, &cand, 1, &f->key);
}

static int
found(struct founding *f)
{
	struct cli *c = f->c;
	int r;

	r = check_place(c);
	if (r == CSEAL_OK)
		r = read_offers(f);
	if (r == CSEAL_OK)
		r = judge_offers(f);
	if (r == CSEAL_OK)
		r = init_rules(f);
	if (r == CSEAL_OK)
		r = init_continues(f);
	if (r == CSEAL_OK)
		r = draft(f);
	if (r == CSEAL_OK)
		r = cli_ledger_folder(c);
	if (r == CSEAL_OK)
		r = choose_key(f);
	if (r == CSEAL_OK)
		r = init_warn(f);
	if (r == CSEAL_OK)
		r = cli_seal_draft(
		    c, f->draft, &f->key, "to found this ledger", &f->seal);
	if (r != CSEAL_OK)
		return r;
	r = cseal_desk_found(c->ledger.value, f->draft,
	    cseal_buf_slice(&f->seal.auth_data),
	    cseal_buf_slice(&f->seal.signature), cli_machine(c), &c->err);
	if (r == CSEAL_OK)
		cli_memory_pin(c);
	else if (r == CSEAL_ERR_SIGNATURE)
		c->failed_as = CLI_TOKEN;
	else
		c->failed_as = r == CSEAL_ERR_REFUSED ? CLI_NO : CLI_FILE;
	return r;
}

int
cli_init(struct cli *c)
{
	struct founding f = { .c = c };
	int status, r;

	r = found(&f);
	status = r == CSEAL_OK ? init_tell(&f) : cli_fail(c, r);
	cli_key_free(&f.key);
	cseal_assertion_free(&f.seal);
	cseal_draft_free(f.draft);
	for (size_t i = 0; i < f.n_offers; i++)
		cseal_offer_free(&f.offers[i]);
	free(f.offers);
	free(f.roles);
	cseal_policy_source_free(f.rules);
	json_decref(f.warnings);
	return status;
}
