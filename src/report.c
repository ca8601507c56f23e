/* SPDX-License-Identifier: BSD-2-Clause */

#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterseal/text.h"

static const char *const grade_names[] = { "error", "warning", "notice" };

/* How a change stands that a finding is about, for the finding's sentence. */
static const char *const standing[] = {
	[CSEAL_CHANGE_ASKED] = "is not approved",
	[CSEAL_CHANGE_APPROVED] = "is approved, and not entered",
	[CSEAL_CHANGE_IN_FORCE] = "is in force",
	[CSEAL_CHANGE_REPLACED] = "was in force until a later change",
	[CSEAL_CHANGE_REJECTED] = "is rejected",
	[CSEAL_CHANGE_WITHDRAWN] = "is withdrawn",
	[CSEAL_CHANGE_SUPERSEDED] = "is superseded",
	[CSEAL_CHANGE_FAILED] = "failed at the console",
	[CSEAL_CHANGE_EXPIRED] = "expired without approval",
};

const char *
report_grade_name(enum cseal_finding_grade g)
{
	return g <= CSEAL_FINDING_NOTICE ? grade_names[g] : "error";
}

static void
gather_keys(struct report *p, const struct cseal_state *s)
{
	const struct cseal_state_key *k;

	for (uint64_t i = 0; (k = cseal_state_key(s, i)) != NULL; i++) {
		p->keys++;
		if (k->verdict == CSEAL_VERDICT_SOFTWARE)
			p->software++;
		else if (k->verdict < CSEAL_VERDICT_TRUSTED)
			p->unproven++;
	}
}

static void
gather_predecessor(struct report *p, const struct cseal_state *s)
{
	const struct cseal_predecessor *from = cseal_state_predecessor(s);

	if (from == NULL)
		return;
	p->continues = true;
	p->predecessor_size = from->head.size;
	cseal_hex(from->ledger, sizeof(from->ledger), p->predecessor);
	cseal_hex(
	    from->head.root, sizeof(from->head.root), p->predecessor_root);
}

static void
gather_state(struct report *p, const struct cseal_state *s)
{
	struct cseal_head head;

	p->size = cseal_state_size(s);
	if (p->size == 0)
		return;
	head = cseal_state_head(s);
	p->known = true;
	cseal_hex(cseal_state_ledger_id(s), CSEAL_HASH_BYTES, p->ledger);
	cseal_fingerprint(cseal_state_ledger_id(s), p->fingerprint);
	cseal_hex(head.root, sizeof(head.root), p->root);
	p->org = cseal_state_org(s);
	p->demo = cseal_state_demo(s);
	gather_predecessor(p, s);
	while (cseal_state_person(s, p->persons) != NULL)
		p->persons++;
	while (cseal_state_change(s, p->changes) != NULL)
		p->changes++;
	gather_keys(p, s);
}

/*
 * The entry that ended the fold is the one at the size of the last clean
 * head; a finding about the tree alone ends it with every entry standing.
 */
static size_t
tell_end(const struct report *p, bool ended, char *out, size_t room)
{
	int n;

	if (!ended)
		n = snprintf(out, room, "A person must look into it.");
	else if (p->entries == p->size)
		n = snprintf(out, room, "The entries themselves stand.");
	else if (p->entries - p->size == 1)
		n = snprintf(out, room, "It has no effect.");
	else
		n = snprintf(out, room,
		    "It and the %" PRIu64 " behind it have no effect.",
		    p->entries - p->size - 1);
	return n < 0 || (size_t)n >= room ? 0 : (size_t)n;
}

static void
tell_change(const struct cseal_state *s, const struct cseal_finding *f,
    char *out, size_t room)
{
	const struct cseal_state_change *c;
	char name[CSEAL_CHANGE_NAME_BYTES];

	if (!f->has_change ||
	    (c = cseal_state_change_find(s, f->change)) == NULL)
		return;
	cseal_change_name(c, name);
	snprintf(out, room, " Change #%s %s.", name, standing[c->status]);
}

static void
tell_consequence(const struct report *p, const struct cseal_replay *r,
    struct report_finding *rf)
{
	const struct cseal_finding *f = rf->finding;
	size_t room = sizeof(rf->consequence), n;

	if (f->rule->grade != CSEAL_FINDING_ERROR)
		return;
	n = tell_end(p, f == cseal_replay_ended(r), rf->consequence, room);
	tell_change(cseal_replay_state(r), f, rf->consequence + n, room - n);
}

static int
gather_findings(struct report *p, const struct cseal_replay *r)
{
	size_t n = 0;

	while (cseal_replay_finding(r, n) != NULL)
		n++;
	if (n == 0)
		return CSEAL_OK;
	if ((p->findings = calloc(n, sizeof(*p->findings))) == NULL)
		return CSEAL_ERR_NOMEM;
	p->n_findings = n;
	for (size_t i = 0; i < n; i++) {
		p->findings[i].finding = cseal_replay_finding(r, i);
		p->grades[p->findings[i].finding->rule->grade]++;
		tell_consequence(p, r, &p->findings[i]);
	}
	return CSEAL_OK;
}

int
report_gather(struct report *out, const struct cseal_replay *r)
{
	memset(out, 0, sizeof(*out));
	out->entries = cseal_replay_entries(r);
	out->sealed = cseal_replay_sealed(r);
	out->remembered = cseal_replay_remembered(r);
	out->valid = cseal_replay_clean(r);
	gather_state(out, cseal_replay_state(r));
	return gather_findings(out, r);
}

void
report_free(struct report *p)
{
	if (p == NULL)
		return;
	free(p->findings);
	memset(p, 0, sizeof(*p));
}

static int
render(const struct cseal_replay *r, struct cseal_buf *out,
    int (*fn)(const struct report *p, struct cseal_buf *out))
{
	struct report p;
	int e;

	if ((e = report_gather(&p, r)) == CSEAL_OK)
		e = fn(&p, out);
	report_free(&p);
	return e;
}

static int
render_text(const struct cseal_replay *r, struct cseal_buf *out)
{
	return render(r, out, report_text);
}

static int
render_json(const struct cseal_replay *r, struct cseal_buf *out)
{
	return render(r, out, report_json);
}

static const struct cseal_report reports[] = {
	{ "text", render_text },
	{ "json", render_json },
};

const struct cseal_report *
cseal_report_find(const char *name)
{
	for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
		if (strcmp(reports[i].name, name) == 0)
			return &reports[i];
	}
	return NULL;
}
