/* SPDX-License-Identifier: BSD-2-Clause */
/* Vectors judged by the library: statements, entries, seals, ledgers. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "counterseal/seal.h"

#include "fold.h"
#include "maker_vector.h"
#include "report.h"

static void
say(struct cseal_buf *out, enum rule_id rule)
{
	if (rule != RULE_OK)
		(void)cseal_buf_printf(
		    out, "%s error -\n", rule_row(rule)->code);
}

/* One item of bytes, from the first line of that key. */
static struct cseal_buf
bytes_of(const struct vector *v, const char *key, bool *ok)
{
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	*ok = vector_bytes(v, key, 0, &b) && *ok;
	return b;
}

static bool
judge_statement(
    const struct vector *v, const char *folder, struct cseal_buf *out)
{
	struct fold_entry e;
	bool ok = true;
	struct cseal_buf b = bytes_of(v, "statement", &ok);

	(void)folder;
	say(out, fold_draft_read(&e, NULL, cseal_buf_slice(&b)));
	fold_entry_free(&e);
	cseal_buf_free(&b);
	return ok;
}

static bool
judge_entry(const struct vector *v, const char *folder, struct cseal_buf *out)
{
	struct fold_entry e;
	bool ok = true;
	struct cseal_buf b = bytes_of(v, "entry", &ok);

	(void)folder;
	say(out, fold_entry_read(&e, 0, cseal_buf_slice(&b)));
	fold_entry_free(&e);
	cseal_buf_free(&b);
	return ok;
}

static bool
says(const struct vector *v, const char *key, const char *word)
{
	const char *said = vector_text(v, key, 0);

	return said != NULL && strcmp(said, word) == 0;
}

static enum rule_id
seal_rule(const struct vector *v, const struct cseal_entry *e,
    struct cseal_slice cose, bool *ok)
{
	const char *rp_id = vector_text(v, "rp-id", 0);
	const char *ns = vector_text(v, "namespace", 0);
	struct cseal_demand demand = { .silent = says(v, "monitor", "yes"),
		.uv = says(v, "verification", "required"),
		.synced = says(v, "synced", "allowed") };
	struct cseal_pubkey *key = NULL;
	enum cseal_seal_rule rule = CSEAL_SEAL_SIGNATURE;
	size_t used = 0;

	if (rp_id == NULL || ns == NULL ||
	    cseal_pubkey_from_cose(&key, cose, &used) != CSEAL_OK) {
		*ok = false;
		return RULE_OK;
	}
	demand.rp_id.data = (const uint8_t *)rp_id;
	demand.rp_id.len = strlen(rp_id);
	rule = cseal_seal_check(e, ns, &demand);
	if (rule == CSEAL_SEAL_OK)
		rule = cseal_seal_verify(&e->seal, key);
	cseal_pubkey_free(key);
	return rule_of_seal(rule);
}

static bool
judge_seal(const struct vector *v, const char *folder, struct cseal_buf *out)
{
	bool ok = true;
	struct cseal_buf statement = bytes_of(v, "statement", &ok);
	struct cseal_buf auth = bytes_of(v, "auth-data", &ok);
	struct cseal_buf client = bytes_of(v, "client-data", &ok);
	struct cseal_buf signature = bytes_of(v, "signature", &ok);
	struct cseal_buf cose = bytes_of(v, "key", &ok);
	struct cseal_entry e = { .statement = cseal_buf_slice(&statement),
		.seal = { .auth_data = cseal_buf_slice(&auth),
		    .client_data = cseal_buf_slice(&client),
		    .signature = cseal_buf_slice(&signature) } };

	(void)folder;
	if (ok)
		say(out, seal_rule(v, &e, cseal_buf_slice(&cose), &ok));
	cseal_buf_free(&statement);
	cseal_buf_free(&auth);
	cseal_buf_free(&client);
	cseal_buf_free(&signature);
	cseal_buf_free(&cose);
	return ok;
}

/* ---- ledgers ---- */

bool
vector_scratch(char out[VECTOR_SCRATCH_BYTES])
{
	static const char *const places[] = { "/dev/shm", "/tmp" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		(void)snprintf(
		    out, VECTOR_SCRATCH_BYTES, "%s/vectors.XXXXXX", places[i]);
		if (mkdtemp(out) != NULL)
			return true;
	}
	return false;
}

static void
remove_ledger(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	char name[512];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		(void)unlink(name);
	}
}

static bool
fill(struct cseal_ledger *l, const struct vec *entries)
{
	struct cseal_error err = { 0 };

	for (size_t i = 0; i < entries->n; i++) {
		if (cseal_ledger_append(l, i,
			cseal_buf_slice(entries->items[i]), NULL, 0,
			&err) == CSEAL_OK)
			continue;
		(void)fprintf(stderr, "%s: %s\n", err.where, err.what);
		return false;
	}
	return true;
}

static bool
tell(struct cseal_ledger *l, bool openings, struct cseal_buf *out)
{
	struct cseal_error err = { 0 };
	struct cseal_replay *r = NULL;
	const struct cseal_finding *f;
	bool ok = cseal_replay_new(&r, l, NULL, &err) == CSEAL_OK &&
		  (!openings || cseal_replay_recheck(r, l, &err) == CSEAL_OK);

	if (!ok)
		(void)fprintf(stderr, "%s: %s\n", err.where, err.what);
	for (size_t i = 0; ok && (f = cseal_replay_finding(r, i)) != NULL;
	     i++) {
		(void)cseal_buf_printf(out, "%s %s ", f->rule->code,
		    report_grade_name(f->rule->grade));
		if (f->has_entry)
			(void)cseal_buf_printf(
			    out, "%llu\n", (unsigned long long)f->entry);
		else
			(void)cseal_buf_add_str(out, "-\n");
	}
	cseal_replay_free(r);
	return ok;
}

bool
vector_replay(
    const struct vec *entries, const char *folder, struct cseal_buf *out)
{
	struct cseal_error err = { 0 };
	struct cseal_ledger *l = NULL;
	char path[400];
	bool ok;

	(void)snprintf(path, sizeof(path), "%s/vector", folder);
	ok = cseal_ledger_open(&l, path, CSEAL_LEDGER_CREATE, &err) == CSEAL_OK;
	if (!ok)
		(void)fprintf(stderr, "%s: %s\n", err.where, err.what);
	ok = ok && fill(l, entries) && tell(l, false, out);
	cseal_ledger_close(l);
	remove_ledger(path);
	return ok;
}

bool
vector_verify(const char *path, struct cseal_buf *out)
{
	struct cseal_error err = { 0 };
	struct cseal_ledger *l = NULL;
	bool ok;

	ok = cseal_ledger_open(&l, path, CSEAL_LEDGER_READ, &err) == CSEAL_OK;
	if (!ok)
		(void)fprintf(stderr, "%s: %s\n", err.where, err.what);
	ok = ok && tell(l, true, out);
	cseal_ledger_close(l);
	return ok;
}

static void
free_entry(void *item)
{
	struct cseal_buf *b = item;

	cseal_buf_free(b);
}

static bool
judge_ledger(const struct vector *v, const char *folder, struct cseal_buf *out)
{
	struct vec entries = { .items = NULL };
	struct cseal_buf *b;
	bool ok = true;

	for (size_t i = 0; ok && vector_text(v, "entry", i) != NULL; i++) {
		b = vec_add(&entries, sizeof(*b));
		if (b == NULL)
			abort();
		cseal_buf_init(b, 0);
		ok = vector_bytes(v, "entry", i, b);
	}
	ok = ok && entries.n > 0 && vector_replay(&entries, folder, out);
	vec_free(&entries, free_entry);
	return ok;
}

static const struct {
	const char *kind;
	bool (*judge)(
	    const struct vector *, const char *folder, struct cseal_buf *out);
} kinds[] = {
	{ "statement", judge_statement },
	{ "entry", judge_entry },
	{ "seal", judge_seal },
	{ "ledger", judge_ledger },
};

bool
vector_judge(const struct vector *v, const char *folder, struct cseal_buf *out)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (says(v, "kind", kinds[i].kind))
			return kinds[i].judge(v, folder, out);
	}
	return false;
}
