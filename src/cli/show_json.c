/* SPDX-License-Identifier: BSD-2-Clause */

#include "show.h"

static json_t *
approvals_json(const struct show *w)
{
	const struct cseal_state_approval *a;
	json_t *list = json_array();

	for (size_t i = 0; i < w->h->n_approvals; i++) {
		a = &w->h->approvals[i];
		json_array_append_new(
		    list, json_pack("{s:s, s:I, s:I, s:o}", "person",
			      reading_handle(w->s, a->person), "key",
			      (json_int_t)a->key, "index", (json_int_t)a->entry,
			      "clock", cli_json_time(a->clock)));
	}
	return list;
}

/* Entry 0 is genesis, so no change is decided by it. */
static json_t *
entry_json(uint64_t entry)
{
	return entry != 0 ? json_integer((json_int_t)entry) : json_null();
}

static int
reason_json(const struct show *w, json_t **out)
{
	struct cseal_buf reason;
	bool known;
	int r;

	cseal_buf_init(&reason, CSEAL_VALUE_MAX);
	r = reading_reason(w->c, w->d, w->h, &reason, &known);
	*out = r == CSEAL_OK && known ? cli_json_text(cseal_buf_slice(&reason))
				      : json_null();
	cseal_buf_free(&reason);
	return r;
}

/* The parts that are read from the ledger, and so can fail. */
static int
add_values(const struct show *w, json_t *j)
{
	json_t *values = NULL, *reason = NULL, *evidence = NULL;
	json_t *checks = NULL;
	struct cseal_buf sentence, missing;
	int r;

	cseal_buf_init(&sentence, 0);
	cseal_buf_init(&missing, 0);
	if ((r = reading_sentence(w->c, w->d, w->h, &sentence)) != CSEAL_OK ||
	    (r = cseal_change_missing(w->s, w->h, &missing)) != CSEAL_OK ||
	    (r = reading_values_json(w->c, w->d, w->h, &values)) != CSEAL_OK ||
	    (r = reason_json(w, &reason)) != CSEAL_OK ||
	    (r = reading_evidence_json(w->c, w->d, w->h, &evidence, &checks)) !=
		CSEAL_OK)
		goto out;
	json_object_set_new(
	    j, "sentence", cli_json_text(cseal_buf_slice(&sentence)));
	json_object_set_new(
	    j, "missing", cli_json_text(cseal_buf_slice(&missing)));
	json_object_set(j, "fields", values);
	json_object_set(j, "reason", reason);
	json_object_set(j, "evidence", evidence);
	json_object_set(j, "checks", checks);
out:
	json_decref(checks);
	json_decref(evidence);
	json_decref(reason);
	json_decref(values);
	cseal_buf_free(&missing);
	cseal_buf_free(&sentence);
	return r;
}

int
show_json(const struct show *w)
{
	json_t *j = reading_change_json(w->d, w->h);
	char command[READING_COMMAND_BYTES];
	json_t *shown = NULL;
	int r;

	json_object_set_new(
	    j, "leaf", cli_json_hex(w->h->leaf, CSEAL_HASH_BYTES));
	if ((r = add_values(w, j)) != CSEAL_OK) {
		json_decref(j);
		return cli_fail(w->c, r);
	}
	if (w->shown && (r = show_panels_json(w, &shown)) == CSEAL_OK)
		json_object_set_new(j, "shown", shown);
	if (r != CSEAL_OK) {
		json_decref(shown);
		json_decref(j);
		return cli_fail(w->c, r);
	}
	reading_command(w->d, w->h, command);
	json_object_set_new(j, "approvals", approvals_json(w));
	json_object_set_new(j, "may_approve", reading_who_json(w->s, w->h));
	show_why_json(w, j);
	json_object_set_new(j, "approved_at", entry_json(w->h->approved_by));
	json_object_set_new(j, "decided_at", entry_json(w->h->decided_by));
	json_object_set_new(
	    j, "next", command[0] != '\0' ? json_string(command) : json_null());
	return cli_json(w->c, j);
}
