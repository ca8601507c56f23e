/* SPDX-License-Identifier: BSD-2-Clause */
/* init --policy: the rules that a new ledger begins with. */

#include "init.h"

#include <stdlib.h>
#include <string.h>

#include "policy.h"

/* What init gives to whom no roles are given. */
static const struct cseal_roles usual = {
	.names = { "admin", "approver", "operator" },
	.n = 3,
};

static bool
is_of(const struct cseal_offer *o, const struct cseal_lint_person *p)
{
	return o->key.handle.len == strlen(p->handle) &&
	       memcmp(o->key.handle.data, p->handle, o->key.handle.len) == 0;
}

/* Each person once, with the roles of the first offer; `names` is as long. */
static size_t
list_persons(const struct founding *f, struct cseal_lint_person *out,
    char (*names)[CSEAL_HANDLE_BYTES])
{
	size_t n = 0, at;

	for (size_t i = 0; i < f->n_offers; i++) {
		const struct cseal_slice h = f->offers[i].key.handle;

		for (at = 0; at < n && !is_of(&f->offers[i], &out[at]);)
			at++;
		if (at == n) {
			snprintf(names[n], sizeof(names[n]), "%.*s", (int)h.len,
			    (const char *)h.data);
			out[n].handle = names[n];
			out[n].roles =
			    f->roles[i].n > 0 ? &f->roles[i] : &usual;
			out[n++].keys = 0;
		}
		out[at].keys++;
	}
	return n;
}

static int
judge(struct founding *f, const char *path)
{
	struct cseal_lint_options o = {
		.demo = cli_option_given(f->c, "demo"),
		.accept_single_keys =
		    cli_option_given(f->c, "accept-single-keys"),
	};
	struct cseal_lint_person *persons =
	    calloc(f->n_offers, sizeof(*persons));
	char(*names)[CSEAL_HANDLE_BYTES] = calloc(f->n_offers, sizeof(*names));
	struct cseal_lint *l = NULL;
	int r = CSEAL_ERR_NOMEM;

	if (persons != NULL && names != NULL) {
		o.persons = persons;
		o.n_persons = list_persons(f, persons, names);
		r = cseal_lint_new(&l, cseal_policy_source_rules(f->rules), &o);
	}
	if (r == CSEAL_OK)
		r = policy_judge(f->c, l, path, f->rules);
	cseal_lint_free(l);
	free(persons);
	free(names);
	return r;
}

int
init_rules(struct founding *f)
{
	const char *path = cli_option(f->c, "policy");
	int r;

	if (path == NULL && cli_option_given(f->c, "accept-single-keys"))
		return cli_error(f->c, CSEAL_ERR_USAGE, "--accept-single-keys",
		    "goes with --policy: the fixed rules ask for nothing else");
	if (path == NULL)
		return CSEAL_OK;
	r = policy_read(f->c, path, &f->rules);
	return r == CSEAL_OK ? judge(f, path) : r;
}
