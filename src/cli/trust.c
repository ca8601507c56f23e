/* SPDX-License-Identifier: BSD-2-Clause */
/* By what keys are judged: roots and metadata, from options or config.ini. */
#include "trust.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int
unreadable(struct cli *c, const char *path, int r)
{
	cli_error(c, r, path, "%s",
	    r == CSEAL_ERR_IO && errno != 0 ? strerror(errno)
					    : cseal_strerror(r));
	c->failed_as = CLI_FILE;
	return r;
}

/* What the library says of a file, with its path before it. */
static int
name_it(struct cli *c, const char *path, int r)
{
	char what[CSEAL_ERROR_WHAT_BYTES];

	snprintf(what, sizeof(what), "%.440s",
	    c->err.code == r ? c->err.what : cseal_strerror(r));
	return cli_error(c, r, path, "%s", what);
}

static int
is_pem(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return dot != NULL && d->d_name[0] != '.' &&
	       (strcmp(dot, ".pem") == 0 || strcmp(dot, ".crt") == 0);
}

/* The files *.pem and *.crt of a folder, one behind the other. */
static int
read_folder(struct cli *c, const char *path, struct cseal_buf *out)
{
	char name[PATH_MAX];
	struct dirent **list = NULL;
	int n = scandir(path, &list, is_pem, alphasort), r = CSEAL_OK;

	if (n < 0)
		return unreadable(c, path, CSEAL_ERR_IO);
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "%s/%s", path, list[i]->d_name);
		errno = 0;
		if (r == CSEAL_OK && (r = cseal_buf_read_file(out, name,
					  CSEAL_ROOTS_MAX)) != CSEAL_OK)
			r = unreadable(c, name, r);
		if (r == CSEAL_OK)
			r = cseal_buf_add_str(out, "\n");
		free(list[i]);
	}
	free(list);
	return r;
}

static int
read_roots(struct cli *c, const char *path, struct cseal_roots **out)
{
	struct cseal_buf b;
	struct stat st;
	int r;

	cseal_buf_init(&b, CSEAL_ROOTS_MAX);
	errno = 0;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		r = read_folder(c, path, &b);
	} else {
		r = cseal_buf_read_file(&b, path, CSEAL_ROOTS_MAX);
		if (r != CSEAL_OK)
			r = unreadable(c, path, r);
	}
	if (r == CSEAL_OK && (r = cseal_roots_parse(out, cseal_buf_slice(&b),
				  &c->err)) != CSEAL_OK)
		r = name_it(c, path, r);
	cseal_buf_free(&b);
	return r;
}

static int
check_now(struct cli *c, const char *path, const struct cli_trust *t)
{
	int r = cseal_metadata_check(t->metadata, t->trust.at, &c->err);

	if (r != CSEAL_OK)
		return name_it(c, path, r);
	if (cseal_metadata_is_old(t->metadata, t->trust.at))
		cli_warn(c,
		    "%s: it is number %llu, and the next one is out: fetch it, "
		    "or models that were reported since are not known here",
		    path,
		    (unsigned long long)cseal_metadata_number(t->metadata));
	return CSEAL_OK;
}

static int
read_metadata(struct cli *c, const char *path, struct cli_trust *t)
{
	struct cseal_buf b;
	int r;

	cseal_buf_init(&b, CSEAL_METADATA_MAX);
	errno = 0;
	r = cseal_buf_read_file(&b, path, CSEAL_METADATA_MAX);
	if (r != CSEAL_OK)
		r = unreadable(c, path, r);
	else if ((r = cseal_metadata_parse(&t->metadata, cseal_buf_slice(&b),
		      t->signers, &c->err)) != CSEAL_OK)
		r = name_it(c, path, r);
	cseal_buf_free(&b);
	return r;
}

/* The option's, else config.ini's. */
static const char *
path_of(const struct cli *c, const char *option, const struct cli_setting *s)
{
	const char *given = cli_option(c, option);

	return given != NULL ? given : s->value;
}

int
cli_trust_read(struct cli *c, struct cli_trust *t, bool now)
{
	const char *roots = path_of(c, "roots", &c->roots);
	const char *metadata = path_of(c, "metadata", &c->metadata);
	const char *signers = path_of(c, "metadata-root", &c->metadata_root);
	int r = CSEAL_OK;

	memset(t, 0, sizeof(*t));
	t->trust.at = (uint64_t)time(NULL);
	if (metadata != NULL && signers == NULL)
		return cli_error(c, CSEAL_ERR_USAGE, "--metadata",
		    "needs --metadata-root FILE: the certificate of who signs "
		    "it, got by another way than the metadata");
	if (roots != NULL)
		r = read_roots(c, roots, &t->roots);
	if (r == CSEAL_OK && metadata != NULL)
		r = read_roots(c, signers, &t->signers);
	if (r == CSEAL_OK && metadata != NULL)
		r = read_metadata(c, metadata, t);
	if (r == CSEAL_OK && metadata != NULL && now)
		r = check_now(c, metadata, t);
	t->trust.roots = t->roots;
	t->trust.metadata = t->metadata;
	return r;
}

static int
review(struct cli *c, const struct cli_trust *t, const struct cseal_key *k)
{
	struct cseal_worth own;
	int r = cseal_key_judge(k, &t->trust, &own, &c->err);

	if (r != CSEAL_OK)
		return r;
	if (own.refused)
		return cli_error(
		    c, CSEAL_ERR_REFUSED, "key", "%s; reject it", own.why);
	if (own.level < k->verdict.level)
		cli_warn(c,
		    "attestation: by the roots and metadata of this desk it is "
		    "%s, not %s as the asker has it: %s",
		    cseal_word_name(cseal_verdicts, own.level),
		    cseal_word_name(cseal_verdicts, k->verdict.level), own.why);
	return CSEAL_OK;
}

int
cli_key_review(struct cli *c, const struct cseal_state_change *ch)
{
	struct cli_trust t;
	struct cseal_key k;
	int r;

	if (strcmp(ch->kind->name, "key.add") != 0)
		return CSEAL_OK;
	r = cli_trust_read(c, &t, true);
	if (r == CSEAL_OK && (t.roots != NULL || t.metadata != NULL)) {
		r = cseal_key_parse(&k, ch->request->u.request.detail);
		if (r == CSEAL_OK)
			r = review(c, &t, &k);
	}
	cli_trust_free(&t);
	return r;
}

void
cli_trust_free(struct cli_trust *t)
{
	cseal_metadata_free(t->metadata);
	cseal_roots_free(t->roots);
	cseal_roots_free(t->signers);
	memset(t, 0, sizeof(*t));
}

int
cli_offer_judge(struct cli *c, const struct cli_trust *t, const char *path,
    struct cseal_offer *o)
{
	struct cseal_worth a;
	int r = cseal_key_judge(&o->key, &t->trust, &a, &c->err);

	if (r != CSEAL_OK)
		return name_it(c, path, r);
	if (a.refused)
		return cli_error(c, CSEAL_ERR_REFUSED, path,
		    "%s; offer a key of another model", a.why);
	cseal_verdict_fill(&o->key.verdict, &a, &t->trust);
	/* Who gives no roots asks for nothing. */
	if (a.why[0] != '\0' &&
	    (t->trust.roots != NULL || t->trust.metadata != NULL))
		cli_warn(c, "%s: attestation: %s: %s", path,
		    cseal_word_name(cseal_verdicts, a.level), a.why);
	return CSEAL_OK;
}
