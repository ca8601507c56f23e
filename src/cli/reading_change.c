/* SPDX-License-Identifier: BSD-2-Clause */
/* A change in sentences: how it stands, who can do what about it. */

#include "reading.h"

#include <inttypes.h>
#include <string.h>

#define NAMES_MAX 8 /* more of them would not help a reader */

/* What the entry that decided a change says. */
struct decision {
	char person[CSEAL_HANDLE_BYTES];
	char when[CLI_TIME_BYTES];
	uint64_t reason;
	uint64_t outcome;
};

static int
take_decision(void *ctx, const struct reading_entry *e)
{
	struct decision *d = ctx;
	uint64_t kind = e->statement->kind;

	snprintf(d->person, sizeof(d->person), "%s", e->person);
	cli_time(e->statement->clock, d->when);
	if (kind == CSEAL_REJECT)
		d->reason = e->statement->u.act.reason;
	if (kind == CSEAL_APPLY)
		d->outcome = e->statement->u.act.outcome;
	return CSEAL_OK;
}

static void
say_asked(const struct cseal_state *s, const struct cseal_state_change *h,
    struct cseal_buf *out)
{
	struct cseal_buf missing;

	cseal_buf_init(&missing, 0);
	cseal_buf_add_str(out, "asked for, not approved");
	if (cseal_change_missing(s, h, &missing) == CSEAL_OK && missing.len > 0)
		cseal_buf_printf(out, ": %s missing", cseal_buf_str(&missing));
	cseal_buf_free(&missing);
}

static void
say_approved(const struct cseal_desk *d, const struct cseal_state_change *h,
    struct cseal_buf *out)
{
	char when[CLI_TIME_BYTES];

	cseal_buf_add_str(out, "approved, not yet entered in the console");
	if (h->apply_not_before <= cseal_desk_now(d))
		return;
	cli_time(h->apply_not_before, when);
	cseal_buf_printf(out, ", which is allowed from %s", when);
}

static void
say_in_force(const struct cseal_state_change *h, const struct decision *by,
    struct cseal_buf *out)
{
	const char *how = "entered";

	if (h->kind->authority || h->op == CSEAL_OP_BASELINE)
		how = "approved";
	cseal_buf_printf(
	    out, "in force: %s by %s on %s", how, by->person, by->when);
}

static void
say_failed(const struct decision *by, struct cseal_buf *out)
{
	cseal_buf_printf(out, "%s, as %s sealed on %s",
	    by->outcome == CSEAL_APPLY_REFUSED
		? "failed: the console refused it"
		: "failed: the console shows something else",
	    by->person, by->when);
}

static void
say_ended(const struct cseal_state_change *h, enum cseal_change_status status,
    const struct decision *by, struct cseal_buf *out)
{
	const char *reason;
	char when[CLI_TIME_BYTES];

	switch (status) {
	case CSEAL_CHANGE_REPLACED:
		cseal_buf_add_str(out, "was in force until another change "
				       "took its place");
		break;
	case CSEAL_CHANGE_REJECTED:
		reason = cseal_word_name(cseal_reject_reasons, by->reason);
		cseal_buf_printf(out, "rejected by %s on %s: %s", by->person,
		    by->when, reason != NULL ? reason : "no reason given");
		break;
	case CSEAL_CHANGE_WITHDRAWN:
		cseal_buf_printf(
		    out, "withdrawn by %s on %s", by->person, by->when);
		break;
	case CSEAL_CHANGE_SUPERSEDED:
		cseal_buf_printf(out,
		    "superseded: entry %" PRIu64
		    " put another change in its place",
		    h->decided_by);
		break;
	case CSEAL_CHANGE_FAILED: say_failed(by, out); break;
	default:
		cli_time(h->not_after, when);
		cseal_buf_printf(
		    out, "expired on %s: not approved in time", when);
		break;
	}
}

int
reading_sentence(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, struct cseal_buf *out)
{
	enum cseal_change_status status = reading_status(d, h);
	struct decision by = { .person = "?", .when = "?" };
	int r;

	if ((r = reading_entries(c, d, h->decided_by, 1, take_decision, &by)) !=
	    CSEAL_OK)
		return r;
	if (status == CSEAL_CHANGE_ASKED)
		say_asked(cseal_desk_state(d), h, out);
	else if (status == CSEAL_CHANGE_APPROVED)
		say_approved(d, h, out);
	else if (status == CSEAL_CHANGE_IN_FORCE)
		say_in_force(h, &by, out);
	else
		say_ended(h, status, &by, out);
	return cseal_buf_error(out);
}

/* The persons who may fill an empty place, from the i-th on. */
static const struct cseal_state_person *
next_approver(
    const struct cseal_state *s, const struct cseal_state_change *h, size_t *i)
{
	const struct cseal_state_person *p;

	while ((p = cseal_state_person(s, *i)) != NULL) {
		(*i)++;
		if (cseal_change_may_approve(s, h, p))
			return p;
	}
	return NULL;
}

int
reading_who(const struct cseal_state *s, const struct cseal_state_change *h,
    struct cseal_buf *out)
{
	const struct cseal_state_person *p;
	const char *names[NAMES_MAX];
	size_t i = 0, n = 0;

	while (n < NAMES_MAX && (p = next_approver(s, h, &i)) != NULL)
		names[n++] = p->handle;
	return cli_list_names(out, names, n);
}

json_t *
reading_who_json(
    const struct cseal_state *s, const struct cseal_state_change *h)
{
	const struct cseal_state_person *p;
	json_t *list = json_array();
	size_t i = 0;

	while ((p = next_approver(s, h, &i)) != NULL)
		json_array_append_new(list, json_string(p->handle));
	return list;
}

bool
reading_may_apply(const struct cseal_state *s,
    const struct cseal_state_change *h, const struct cseal_state_person *p)
{
	const struct cseal_policy *policy = cseal_state_policy(s);
	const struct cseal_policy_change *rules;

	if (h->kind->authority || p->left || policy == NULL ||
	    (rules = cseal_policy_change(policy, h->kind)) == NULL)
		return false;
	for (size_t i = 0; i < p->roles.n; i++) {
		if (cseal_roles_has(&rules->may_apply, p->roles.names[i]))
			return true;
	}
	return false;
}

/* Is the window over in which it might have been entered? */
static bool
is_closed(const struct cseal_desk *d, const struct cseal_state_change *h)
{
	uint64_t opens, closes;

	return cseal_change_window(cseal_state_policy(cseal_desk_state(d)), h,
		   &opens, &closes, NULL) == CSEAL_OK &&
	       cseal_desk_now(d) >= closes;
}

void
reading_command(const struct cseal_desk *d, const struct cseal_state_change *h,
    char out[READING_COMMAND_BYTES])
{
	enum cseal_change_status status = reading_status(d, h);
	const struct cseal_state_freeze *f = reading_stopped(d, h);
	size_t i = 0;

	out[0] = '\0';
	if (f != NULL)
		reading_way_out(cseal_desk_state(d), f, out);
	else if (status == CSEAL_CHANGE_ASKED &&
		 next_approver(cseal_desk_state(d), h, &i) != NULL)
		snprintf(out, READING_COMMAND_BYTES,
		    "counterseal approve %" PRIu64, h->index);
	else if (status == CSEAL_CHANGE_APPROVED && !is_closed(d, h))
		snprintf(out, READING_COMMAND_BYTES,
		    "counterseal apply %" PRIu64, h->index);
	else if ((status == CSEAL_CHANGE_EXPIRED ||
		     status == CSEAL_CHANGE_APPROVED) &&
		 !h->kind->authority)
		snprintf(out, READING_COMMAND_BYTES,
		    "counterseal request %s --store %s", h->kind->name,
		    h->store);
}

void
reading_observe_command(
    const struct cseal_state_change *h, char out[READING_COMMAND_BYTES])
{
	const bool usual = strcmp(h->slot, "payout") == 0;

	snprintf(out, READING_COMMAND_BYTES,
	    "counterseal observe --store %s%s%s", h->store,
	    usual ? "" : " --slot ", usual ? "" : h->slot);
}

json_t *
reading_change_json(
    const struct cseal_desk *d, const struct cseal_state_change *h)
{
	const struct cseal_state *s = cseal_desk_state(d);
	const struct cseal_state_freeze *f = reading_stopped(d, h);
	char name[CSEAL_CHANGE_NAME_BYTES];
	const char *op = cseal_op_name(h->op);

	cseal_change_name(h, name);
	return json_pack("{s:I, s:s, s:s, s:s?, s:s, s:s, s:s, s:s, s:o, s:o, "
			 "s:o}",
	    "change", (json_int_t)h->index, "name", name, "kind", h->kind->name,
	    "op", op, "store", h->store, "slot", h->slot, "status",
	    cseal_change_status_name(reading_status(d, h)), "person",
	    reading_handle(s, h->requester), "asked", cli_json_time(h->clock),
	    "expires", cli_json_time(h->not_after), "frozen",
	    f != NULL ? json_integer((json_int_t)f->entry) : json_null());
}
