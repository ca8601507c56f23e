/* SPDX-License-Identifier: BSD-2-Clause */
/* The draft of what is reported of a console. */

#include <stdlib.h>
#include <string.h>

#include "counterseal/text.h"

#include "draft_making.h"
#include "observe.h"
#include "slice.h"

static int
commit_shown(struct making *m, const struct cseal_observation *o)
{
	struct cseal_observe *s = &m->st.u.observe;
	int r;

	for (size_t i = 0; i < o->n_shown; i++) {
		m->fields[i].name = slice_of(o->shown[i].name);
		r = draft_commit(m->p, o->shown[i].name,
		    cseal_buf_slice(&o->shown[i].text), true,
		    m->fields[i].hash);
		if (r != CSEAL_OK)
			return r;
	}
	s->fields = m->fields;
	s->n_fields = o->n_shown;
	qsort(m->fields, s->n_fields, sizeof(m->fields[0]), making_by_key);
	return CSEAL_OK;
}

static int
check_report(const struct sight *v, const char *source, struct cseal_error *err)
{
	if (!cseal_text_is_handle(source, strlen(source)))
		return cseal_error_set(err, CSEAL_ERR_INPUT, "source",
		    "it is a small letter, then small letters, digits and "
		    "hyphens, 32 at most, such as console or sp-api");
	if (v->j.is_idle)
		return cseal_error_set(err, CSEAL_ERR_REFUSED, v->o->slot,
		    "nothing is approved there and nothing is shown: there is "
		    "nothing to report");
	if (v->o->funds && v->j.compared.matches &&
	    v->j.compared.level != CSEAL_LEVEL_FUNDS)
		return cseal_error_set(err, CSEAL_ERR_INPUT, "funds",
		    "which account the payout arrived in is not shown: give "
		    "the end of its number too");
	return CSEAL_OK;
}

int
cseal_draft_observe(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, const struct cseal_observation *o, uint64_t seen_at,
    const char *source, struct cseal_error *err)
{
	struct cseal_observe *s;
	struct sight v;
	struct making m;
	int r;

	*out = NULL;
	r = making_begin(&m, d, key, CSEAL_OBSERVE, err);
	s = &m.st.u.observe;
	if (r != CSEAL_OK)
		return making_end(&m, r, out);
	if ((r = sight_open(&v, d, o, seen_at, err)) == CSEAL_OK &&
	    (r = check_report(&v, source, err)) == CSEAL_OK &&
	    (r = commit_shown(&m, o)) == CSEAL_OK) {
		s->store = slice_of(o->store);
		s->slot = slice_of(o->slot);
		s->outcome = v.j.outcome;
		s->level = v.j.compared.level;
		s->source = slice_of(source);
		r = observe_panel(&v, m.key, source, &m.p->panel);
	}
	sight_close(&v);
	return making_end(&m, r, out);
}
