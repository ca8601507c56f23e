/* SPDX-License-Identifier: BSD-2-Clause */
/* What every draft has: a head that was seen, openings, the bytes to seal. */

#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "digest.h"

struct cseal_draft *
draft_new(void)
{
	struct cseal_draft *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	cseal_buf_init(&p->bytes, CSEAL_ENTRY_MAX);
	cseal_buf_init(&p->client_data, 4096);
	cseal_buf_init(&p->panel, 65536);
	cseal_buf_init(&p->credential, 1024);
	return p;
}

void
cseal_draft_free(struct cseal_draft *p)
{
	if (p == NULL)
		return;
	cseal_statement_free(&p->st);
	cseal_buf_free(&p->bytes);
	cseal_buf_free(&p->client_data);
	cseal_buf_free(&p->panel);
	cseal_buf_free(&p->credential);
	for (size_t i = 0; i < p->n_openings; i++)
		cseal_opening_free(&p->openings[i]);
	free(p);
}

int
draft_commit(struct cseal_draft *p, const char *name, struct cseal_slice value,
    bool keep, uint8_t hash[CSEAL_HASH_BYTES])
{
	struct cseal_opening *o;
	int r;

	if (p->n_openings == DRAFT_OPENINGS_MAX ||
	    strlen(name) >= sizeof(o->name))
		return CSEAL_ERR_INTERNAL;
	o = &p->openings[p->n_openings++];
	memcpy(o->name, name, strlen(name) + 1);
	cseal_buf_init(&o->value, 0);
	if ((r = digest_random(o->salt, sizeof(o->salt))) != CSEAL_OK ||
	    (r = cseal_commit(o->salt, value.data, value.len, name, hash)) !=
		CSEAL_OK)
		return r;
	return keep ? cseal_buf_add(&o->value, value.data, value.len) : r;
}

int
draft_finish(struct cseal_draft *p, const struct cseal_state *s,
    const struct cseal_statement *st, const struct cseal_state_key *key,
    struct cseal_error *err)
{
	struct cseal_slice rp_id = { (const uint8_t *)key->rp_id,
		strlen(key->rp_id) };
	struct cseal_slice bytes;
	struct fold_entry e = { 0 };
	enum rule_id rule;
	int r;

	r = cseal_statement_encode(&p->bytes, st);
	if (r != CSEAL_OK)
		return cseal_error_set(err, r, "statement",
		    "a value of it does not fit the format");
	bytes = cseal_buf_slice(&p->bytes);
	rule = fold_draft_read(&e, s, bytes);
	if (rule == RULE_OK)
		rule = fold_check(s, &e, NULL);
	if (rule != RULE_OK)
		r = desk_refuse(err, rule, &e);
	fold_entry_free(&e);
	if (r != CSEAL_OK ||
	    (r = cseal_statement_parse(&p->st, bytes, err)) != CSEAL_OK ||
	    (r = cseal_seal_client_data(&p->client_data, "webauthn.get",
		 CSEAL_NAMESPACE, bytes, rp_id)) != CSEAL_OK)
		return r;
	memcpy(p->rp_id, key->rp_id, sizeof(p->rp_id));
	return cseal_buf_add(
	    &p->credential, key->credential.data, key->credential.len);
}

const char *
cseal_draft_panel(const struct cseal_draft *p)
{
	return p->panel.len > 0 ? (const char *)p->panel.data : "";
}

struct cseal_slice
cseal_draft_client_data(const struct cseal_draft *p)
{
	return cseal_buf_slice(&p->client_data);
}

const char *
cseal_draft_rp_id(const struct cseal_draft *p)
{
	return p->rp_id;
}

struct cseal_slice
cseal_draft_credential(const struct cseal_draft *p)
{
	return cseal_buf_slice(&p->credential);
}

const struct cseal_statement *
cseal_draft_statement(const struct cseal_draft *p)
{
	return &p->st;
}
