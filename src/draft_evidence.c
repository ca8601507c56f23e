/* SPDX-License-Identifier: BSD-2-Clause */
/* Evidence and checks of a draft, and the files that go with it. */

#include <string.h>

#include "attachment.h"
#include "draft_making.h"

int
making_commit_evidence(struct making *m, uint64_t kind, struct cseal_slice text)
{
	char name[CSEAL_EVIDENCE_NAME_BYTES];
	size_t i = m->n_evidence;

	if (i == CSEAL_EVIDENCE_MAX)
		return cseal_error_set(m->err, CSEAL_ERR_TOO_LARGE, "evidence",
		    "at most %d pieces can be given with one act",
		    CSEAL_EVIDENCE_MAX);
	m->evidence[i].kind = kind;
	if (!cseal_evidence_name(m->evidence, i + 1, i, name))
		return CSEAL_ERR_USAGE;
	m->panel.given[i] = text;
	m->n_evidence++;
	return draft_commit(m->p, name, text, true, m->evidence[i].hash);
}

static int
put_piece(struct making *m, const struct cseal_evidence_piece *piece)
{
	struct draft_file *f = &m->p->files[m->p->n_files];
	int r = making_commit_evidence(
	    m, piece->kind, cseal_buf_slice(&piece->text));

	if (r != CSEAL_OK || piece->file.len == 0)
		return r;
	memcpy(f->commitment, m->evidence[m->n_evidence - 1].hash,
	    sizeof(f->commitment));
	f->opening = m->p->n_openings - 1;
	f->bytes = cseal_buf_slice(&piece->file);
	m->p->n_files++;
	return r;
}

/* Lists that are empty are left out. */
static void
put_lists(struct making *m)
{
	struct cseal_request *q = &m->st.u.request;
	struct cseal_act *a = &m->st.u.act;

	if (m->st.kind == CSEAL_REQUEST) {
		q->has_evidence = m->n_evidence > 0;
		q->evidence = m->evidence;
		q->n_evidence = m->n_evidence;
		q->has_checks = m->n_checks > 0;
		q->checks = m->checks;
		q->n_checks = m->n_checks;
	} else {
		a->has_evidence = m->n_evidence > 0;
		a->evidence = m->evidence;
		a->n_evidence = m->n_evidence;
		a->has_checks = m->n_checks > 0;
		a->checks = m->checks;
		a->n_checks = m->n_checks;
	}
}

int
making_put_evidence(struct making *m, const struct cseal_evidence_set *given)
{
	int r = CSEAL_OK;

	for (size_t i = 0; given != NULL && i < given->n && r == CSEAL_OK; i++)
		r = put_piece(m, &given->pieces[i]);
	if (given != NULL) {
		memcpy(m->checks, given->checks, sizeof(m->checks));
		m->n_checks = given->n_checks;
	}
	put_lists(m);
	return r;
}

/* ---- files ---- */

int
draft_keep_files(
    struct cseal_desk *d, const struct cseal_draft *p, struct cseal_error *err)
{
	int r = CSEAL_OK;

	for (size_t i = 0; i < p->n_files && r == CSEAL_OK; i++) {
		const struct draft_file *f = &p->files[i];

		r = attachment_put(d->ledger, f->commitment,
		    p->openings[f->opening].salt, f->bytes, err);
	}
	return r;
}

void
draft_drop_files(struct cseal_desk *d, const struct cseal_draft *p)
{
	for (size_t i = 0; i < p->n_files; i++)
		(void)attachment_drop(d->ledger, p->files[i].commitment, NULL);
}
