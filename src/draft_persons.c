/* SPDX-License-Identifier: BSD-2-Clause */
/* Drafts that ask for persons: who comes, with which roles, and who leaves. */

#include <string.h>

#include "counterseal/text.h"

#include "draft_making.h"
#include "records.h"
#include "slice.h"

static int
check_handle(struct cseal_error *err, const char *handle)
{
	if (cseal_text_is_handle(handle, strlen(handle)))
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_INPUT, "person",
	    "a handle is a small letter, then small letters, digits and "
	    "hyphens, 32 at most");
}

static int
check_roles(struct cseal_error *err, const struct cseal_roles *roles)
{
	for (size_t i = 0; i < roles->n; i++) {
		for (size_t k = 0; k < i; k++) {
			if (strcmp(roles->names[k], roles->names[i]) == 0)
				return cseal_error_set(err, CSEAL_ERR_INPUT,
				    roles->names[i], "the role stands twice");
		}
	}
	return roles->n > 0 ? CSEAL_OK
			    : cseal_error_set(err, CSEAL_ERR_INPUT, "roles",
				  "at least one is needed; who is to have "
				  "none leaves: counterseal person leave");
}

static int
check_name(struct cseal_error *err, const char *name)
{
	const size_t len = name != NULL ? strlen(name) : 0;
	const uint8_t *p = (const uint8_t *)name;
	bool good = name == NULL || (len > 0 && cseal_text_is_utf8(p, len) &&
					len <= CSEAL_DISPLAY_NAME_BYTES);

	for (size_t i = 0; good && i < len; i++)
		good = p[i] >= 0x20 && p[i] != 0x7f &&
		       !(p[i] == 0xc2 && p[i + 1] < 0xa0);
	return good ? CSEAL_OK
		    : cseal_error_set(err, CSEAL_ERR_INPUT, "name",
			  "a display name is 1 to %d bytes of UTF-8, without "
			  "control characters",
			  CSEAL_DISPLAY_NAME_BYTES);
}

int
cseal_draft_person_set(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, const char *handle, const struct cseal_roles *roles,
    const char *name, struct cseal_error *err)
{
	struct cseal_slice names[CSEAL_PLACES_MAX];
	struct record_person_set detail = { .person = { .roles = names } };
	struct making m;
	int r;

	*out = NULL;
	if ((r = check_handle(err, handle)) != CSEAL_OK ||
	    (r = check_roles(err, roles)) != CSEAL_OK ||
	    (r = check_name(err, name)) != CSEAL_OK)
		return r;
	detail.person.handle = slice_of(handle);
	for (size_t i = 0; i < roles->n; i++)
		names[detail.person.n_roles++] = slice_of(roles->names[i]);
	r = making_begin(&m, d, key, CSEAL_REQUEST, err);
	detail.has_name = name != NULL;
	if (r == CSEAL_OK && name != NULL)
		r = draft_commit(
		    m.p, CSEAL_DISPLAY_NAME, slice_of(name), true, detail.name);
	if (r == CSEAL_OK)
		r = schema_encode(&record_person_set, &m.detail, &detail);
	if (r == CSEAL_OK)
		r = panel_person(&m.panel.about, m.s, &detail.person);
	if (r == CSEAL_OK && name != NULL)
		panel_named(&m.panel.about, slice_of(name));
	return r != CSEAL_OK ? making_end(&m, r, out)
			     : making_authority(&m, "person.set", handle, out);
}

int
cseal_draft_person_leave(struct cseal_draft **out, struct cseal_desk *d,
    uint64_t key, const char *handle, struct cseal_error *err)
{
	const struct record_handle_of detail = { .handle = slice_of(handle) };
	struct making m;
	int r;

	*out = NULL;
	r = making_begin(&m, d, key, CSEAL_REQUEST, err);
	if (r == CSEAL_OK && cseal_state_person_find(m.s, handle) == NULL)
		r = cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "person",
		    "the ledger has no person of that handle; see: "
		    "counterseal person list");
	if (r == CSEAL_OK)
		r = schema_encode(&record_person_leave, &m.detail, &detail);
	if (r == CSEAL_OK)
		r = panel_leaver(&m.panel.about, m.s, handle);
	return r != CSEAL_OK
		   ? making_end(&m, r, out)
		   : making_authority(&m, "person.leave", handle, out);
}
