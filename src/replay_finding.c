/* SPDX-License-Identifier: BSD-2-Clause */
/* What a replay found, and what it tells. */

#include <stdio.h>
#include <string.h>

#include "counterseal/text.h"

#include "replay.h"

int
replay_add_finding(struct cseal_replay *r, enum rule_id rule,
    const struct fold_entry *e, const char *detail)
{
	struct cseal_finding *f;
	struct cseal_buf safe;

	if (!rule_is_on(rule))
		return CSEAL_OK;
	f = vec_add(&r->findings, sizeof(*f));
	if (f == NULL)
		return CSEAL_ERR_NOMEM;
	f->rule = rule_row(rule);
	f->has_entry = e != NULL;
	f->entry = e != NULL ? e->index : 0;
	if (e != NULL && e->st.kind >= CSEAL_APPROVE &&
	    (e->st.kind <= CSEAL_APPLY || e->st.kind == CSEAL_ERASE) &&
	    state_change(r->state, e->st.u.act.index) != NULL) {
		f->has_change = true;
		f->change = e->st.u.act.index;
	}
	cseal_buf_init(&safe, 4096);
	(void)cseal_text_safe(&safe, (const uint8_t *)detail, strlen(detail),
	    sizeof(f->detail) - 1);
	(void)snprintf(
	    f->detail, sizeof(f->detail), "%s", cseal_buf_str(&safe));
	cseal_buf_free(&safe);
	return CSEAL_OK;
}

const struct cseal_state *
cseal_replay_state(const struct cseal_replay *r)
{
	return r->state;
}

const struct cseal_finding *
cseal_replay_finding(const struct cseal_replay *r, size_t i)
{
	return vec_at(&r->findings, i);
}

const struct cseal_finding *
cseal_replay_ended(const struct cseal_replay *r)
{
	return r->ended;
}

bool
cseal_replay_clean(const struct cseal_replay *r)
{
	for (size_t i = 0; i < r->findings.n; i++) {
		const struct cseal_finding *f = r->findings.items[i];

		if (f->rule->grade == CSEAL_FINDING_ERROR)
			return false;
	}
	return true;
}

uint64_t
cseal_replay_entries(const struct cseal_replay *r)
{
	return r->entries;
}

uint64_t
cseal_replay_sealed(const struct cseal_replay *r)
{
	return r->sealed;
}

uint64_t
cseal_replay_remembered(const struct cseal_replay *r)
{
	return r->remembered;
}

int
cseal_finding_text(const struct cseal_finding *f, struct cseal_buf *out)
{
	if (f->has_entry)
		(void)cseal_buf_printf(
		    out, "entry %llu", (unsigned long long)f->entry);
	else
		(void)cseal_buf_add_str(out, "ledger");
	if (f->has_change)
		(void)cseal_buf_printf(
		    out, " (about #%llu)", (unsigned long long)f->change);
	(void)cseal_buf_printf(out, ": %s", f->rule->sentence);
	if (f->detail[0] != '\0')
		(void)cseal_buf_printf(out, " (%s)", f->detail);
	(void)cseal_buf_printf(out, " [%s]", f->rule->code);
	return cseal_buf_error(out);
}
