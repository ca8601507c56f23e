/* SPDX-License-Identifier: BSD-2-Clause */
/* Views of a state: what depends on the time of day, and names for people. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counterseal/text.h"

#include "state.h"

#define SHORT_NAME_CHARS 4
#define LEAF_NAME_CHARS	 51

const char *
cseal_change_status_name(enum cseal_change_status s)
{
	static const char *const names[] = {
		[CSEAL_CHANGE_ASKED] = "asked",
		[CSEAL_CHANGE_APPROVED] = "approved",
		[CSEAL_CHANGE_IN_FORCE] = "in force",
		[CSEAL_CHANGE_REPLACED] = "replaced",
		[CSEAL_CHANGE_REJECTED] = "rejected",
		[CSEAL_CHANGE_WITHDRAWN] = "withdrawn",
		[CSEAL_CHANGE_SUPERSEDED] = "superseded",
		[CSEAL_CHANGE_FAILED] = "failed",
		[CSEAL_CHANGE_EXPIRED] = "expired",
	};

	return names[s];
}

enum cseal_change_status
cseal_change_view(const struct cseal_state_change *c, uint64_t t)
{
	if (c->status == CSEAL_CHANGE_ASKED && t > c->not_after)
		return CSEAL_CHANGE_EXPIRED;
	return c->status;
}

void
cseal_change_name(
    const struct cseal_state_change *c, char out[CSEAL_CHANGE_NAME_BYTES])
{
	char leaf[SHORT_NAME_CHARS + 1];

	cseal_base32(c->leaf, SHORT_NAME_CHARS, leaf);
	(void)snprintf(out, CSEAL_CHANGE_NAME_BYTES, "%llu-%s",
	    (unsigned long long)c->index, leaf);
}

static bool
has_leaf_prefix(const struct cseal_state_change *c, const char *prefix)
{
	char leaf[LEAF_NAME_CHARS + 1];

	cseal_base32(c->leaf, LEAF_NAME_CHARS, leaf);
	return strncmp(leaf, prefix, strlen(prefix)) == 0;
}

/*
 * "41" or "41-7hq3": digits, and perhaps the beginning of the leaf's name. A
 * short name may happen to be all digits too; but the number of an entry there
 * is, and whatever is shorter than a name as shown, is never taken for one, or
 * "approve 12" could mean a change that nobody called 12.
 */
static const struct cseal_state_change *
by_index(const struct cseal_state *s, const char *word, bool *is_index)
{
	size_t digits = strspn(word, "0123456789");
	const struct cseal_state_change *c;
	unsigned long long index;

	*is_index = digits > 0 && digits < 19 &&
		    (word[digits] == '\0' || word[digits] == '-');
	if (!*is_index)
		return NULL;
	index = strtoull(word, NULL, 10);
	c = cseal_state_change_find(s, index);
	if (word[digits] == '\0') {
		*is_index =
		    index < cseal_state_size(s) || digits < SHORT_NAME_CHARS;
		return c;
	}
	if (c == NULL)
		return NULL;
	return has_leaf_prefix(c, word + digits + 1) ? c : NULL;
}

int
cseal_change_resolve(const struct cseal_state *s, const char *word,
    const struct cseal_state_change **out, struct cseal_error *err)
{
	const struct cseal_state_change *c, *found = NULL;
	bool is_index;
	size_t n;

	*out = NULL;
	word += *word == '#' ? 1 : 0;
	n = strlen(word);
	if (n == 0 || n > LEAF_NAME_CHARS ||
	    strspn(word, "0123456789abcdefghijklmnopqrstuvwxyz-") != n)
		return cseal_error_set(err, CSEAL_ERR_INPUT, "change",
		    "write it as 41, 41-7hq3 or 7hq3");
	found = by_index(s, word, &is_index);
	for (size_t i = 0; !is_index && (c = cseal_state_change(s, i)) != NULL;
	     i++) {
		if (!has_leaf_prefix(c, word))
			continue;
		if (found != NULL)
			return cseal_error_set(err, CSEAL_ERR_AMBIGUOUS,
			    "change", "%s fits more than one: write more of it",
			    word);
		found = c;
	}
	if (found == NULL)
		return cseal_error_set(err, CSEAL_ERR_NOT_FOUND, "change",
		    "there is no change %s; see: counterseal list", word);
	*out = found;
	return CSEAL_OK;
}
