/* SPDX-License-Identifier: BSD-2-Clause */
#include "remains.h"
#include "trust.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct cli_option cli_key_add_options[] = {
	{ "from", 0, "OFFER", false, "the file that `key offer` wrote" },
	CLI_TRUST_OPTIONS,
	{ NULL, 0, NULL, false, NULL },
};

const struct cli_option cli_key_list_options[] = {
	{ "metadata", 0, "FILE", false, "models are named by it" },
	{ "metadata-root", 0, "FILE", false, "the certificate of its signer" },
	{ NULL, 0, NULL, false, NULL },
};

const struct cli_option cli_key_revoke_options[] = {
	{ "reason", 0, "REASON", false, "lost, stolen, left, replaced ..." },
	{ "lost-since", 0, "TIME", false,
	    "what it sealed from then on is in doubt" },
	{ NULL, 0, NULL, false, NULL },
};

static json_t *
key_json(const struct cseal_state *s, const struct cseal_state_key *k,
    const char *model)
{
	const struct cseal_state_person *p = cseal_state_person(s, k->person);
	json_t *o;

	o = json_pack("{s:I, s:s, s:s?, s:I, s:b, s:s, s:I, s:b}", "key",
	    (json_int_t)k->number, "person", p->handle, "verdict",
	    cseal_word_name(cseal_verdicts, k->verdict), "since",
	    (json_int_t)k->since, "revoked", k->revoked, "rp_id", k->rp_id,
	    "counter", (json_int_t)k->counter, "desk", k->has_desk);
	json_object_set_new(o, "monitor", json_boolean(k->monitor));
	json_object_set_new(
	    o, "aaguid", cli_json_hex(k->aaguid, sizeof(k->aaguid)));
	if (model[0] != '\0')
		json_object_set_new(o, "model", json_string(model));
	json_object_set_new(o, "credential",
	    cli_json_hex(k->credential.data, k->credential.len));
	if (k->revoked) {
		json_object_set_new(
		    o, "revoked_at", json_integer((json_int_t)k->revoked_at));
		json_object_set_new(o, "reason",
		    json_pack("s?",
			cseal_word_name(cseal_reasons, k->revoked_reason)));
	}
	return o;
}

static void
key_text(struct cli *c, const struct cseal_state *s,
    const struct cseal_state_key *k, const char *model)
{
	const struct cseal_state_person *p = cseal_state_person(s, k->person);
	const char *verdict = cseal_word_name(cseal_verdicts, k->verdict);
	const char *reason = cseal_word_name(cseal_reasons, k->revoked_reason);

	cli_say(c, "key %-3llu %-12s attestation: %-14s since #%llu",
	    (unsigned long long)k->number, p->handle,
	    verdict != NULL ? verdict : "not known",
	    (unsigned long long)k->since);
	if (model[0] != '\0')
		cli_say(c, "  %s", model);
	if (k->monitor)
		cli_say(c, "  a monitor's");
	if (k->revoked)
		cli_say(c, "  revoked by #%llu: %s",
		    (unsigned long long)k->revoked_at,
		    reason != NULL ? reason : "not known");
	cli_say(c, "\n");
}

int
cli_key_list(struct cli *c)
{
	const struct cseal_state_key *k;
	const struct cseal_state *s;
	struct cseal_desk *d = NULL;
	struct cli_trust trust;
	char model[CSEAL_MODEL_BYTES] = "";
	int status = CLI_DONE;
	int r;

	r = cli_trust_read(c, &trust, true);
	if (r == CSEAL_OK)
		r = cli_desk_open(c, false, &d);
	if (r != CSEAL_OK) {
		cli_trust_free(&trust);
		return cli_fail(c, r);
	}
	s = cseal_desk_state(d);
	for (uint64_t i = 0;
	     (k = cseal_state_key(s, i)) != NULL && status == CLI_DONE; i++) {
		if (trust.metadata != NULL)
			cseal_metadata_model(trust.metadata, k->aaguid, model);
		if (c->json)
			status = cli_json(c, key_json(s, k, model));
		else
			key_text(c, s, k, model);
	}
	cli_trust_free(&trust);
	cseal_desk_close(d);
	return status;
}

/* An offer from a file; errors name the file. */
int
cli_offer_read(struct cli *c, const char *path, struct cseal_offer *out)
{
	struct cseal_buf b;
	char what[CSEAL_ERROR_WHAT_BYTES];
	int r;

	memset(out, 0, sizeof(*out));
	cseal_buf_init(&b, CSEAL_OFFER_MAX);
	errno = 0;
	r = cseal_buf_read_file(&b, path, CSEAL_OFFER_MAX);
	if (r != CSEAL_OK) {
		cli_error(c, r, path, "%s",
		    errno != 0 ? strerror(errno) : cseal_strerror(r));
		c->failed_as = CLI_FILE;
	} else {
		r = cseal_offer_parse(out, &b, &c->err);
		if (r != CSEAL_OK) {
			snprintf(what, sizeof(what), "%s%s%.380s",
			    c->err.code == r ? c->err.where : "",
			    c->err.code == r && c->err.where[0] != '\0' ? ": "
									: "",
			    c->err.code == r ? c->err.what : cseal_strerror(r));
			cli_error(c, r, path, "%s", what);
		}
	}
	cseal_buf_free(&b);
	return r;
}

int
cli_key_add(struct cli *c)
{
	struct cli_act a = {
		.name = "key add",
		.why = "to ask for this key",
		.done = "asked for by",
	};
	const char *from = cli_option(c, "from");
	struct cseal_offer offer = { 0 };
	struct cli_trust trust = { .roots = NULL };
	int r;

	if (from == NULL)
		r = cli_error(c, CSEAL_ERR_USAGE, "--from",
		    "is needed: the file that `counterseal key offer` wrote");
	else
		r = cli_offer_read(c, from, &offer);
	if (r == CSEAL_OK)
		r = cli_trust_read(c, &trust, true);
	if (r == CSEAL_OK)
		r = cli_offer_judge(c, &trust, from, &offer);
	if (r == CSEAL_OK)
		r = cli_act_begin(c, &a, NULL);
	if (r == CSEAL_OK)
		r = cseal_draft_key_add(
		    &a.draft, a.desk, a.key.number, &offer, &c->err);
	if (r == CSEAL_OK)
		r = cli_act_seal(c, &a);
	cseal_offer_free(&offer);
	cli_trust_free(&trust);
	return cli_act_end(c, &a, r);
}

int
cli_key_number(struct cli *c, const char *word, uint64_t *out)
{
	char *end;
	size_t len = strlen(word);

	*out = 0;
	if (len == 0 || len > 9 || strspn(word, "0123456789") != len)
		return cli_error(c, CSEAL_ERR_USAGE, word,
		    "is not a key's number; `counterseal key list` shows "
		    "them");
	*out = strtoull(word, &end, 10);
	return CSEAL_OK;
}

/* By what others had seen, not by the key's own clock. */
static int
read_lost(struct cli *c, struct cli_act *a, struct cseal_revocation *v)
{
	const struct cseal_state *s = cseal_desk_state(a->desk);
	const char *since = cli_option(c, "lost-since");
	char when[CLI_TIME_BYTES];
	struct cseal_attested at;
	int r;

	if (since == NULL)
		return CSEAL_OK;
	r = cli_time_parse(c, "--lost-since", since, &v->lost_since);
	if (r == CSEAL_OK)
		r = cseal_desk_attested(
		    a->desk, v->key, v->lost_since, &at, &c->err);
	if (r != CSEAL_OK)
		return r;
	v->has_lost = true;
	v->lost_size = at.size;
	cli_time(at.clock, when);
	if (at.has_entry)
		cli_note(c,
		    "In doubt is what the key sealed from entry %" PRIu64
		    " on: so many entries %s had seen\nin entry %" PRIu64
		    ", at %s by that machine's clock.\n",
		    at.size, cseal_state_person(s, at.person)->handle, at.entry,
		    when);
	else
		cli_note(c,
		    "Nobody else had seen the ledger by then: all that the "
		    "key ever sealed is in doubt.\n");
	a->more = json_pack("{s:{s:o, s:I, s:o}}", "lost", "since",
	    cli_json_time(v->lost_since), "size", (json_int_t)at.size,
	    "attested_by",
	    at.has_entry ? json_integer((json_int_t)at.entry) : json_null());
	return CSEAL_OK;
}

int
cli_key_revoke(struct cli *c)
{
	struct cseal_lint_change without = { .has_key = true };
	struct cseal_revocation v = { .key = 0 };
	struct cli_act a = {
		.name = "key revoke",
		.why = "to ask for the revocation",
		.done = "asked for by",
	};
	int r;

	r = cli_key_number(c, c->words[0], &v.key);
	if (r == CSEAL_OK)
		r = cli_word_option(c, "reason", cseal_reasons, &v.reason);
	if (r == CSEAL_OK)
		r = cli_act_begin(c, &a, NULL);
	if (r == CSEAL_OK)
		r = read_lost(c, &a, &v);
	if (r == CSEAL_OK)
		r = cseal_draft_key_revoke(
		    &a.draft, a.desk, a.key.number, &v, &c->err);
	without.key = v.key;
	if (r == CSEAL_OK)
		r = cli_remains(c, &a, &without);
	if (r == CSEAL_OK)
		r = cli_act_seal(c, &a);
	return cli_act_end(c, &a, r);
}
