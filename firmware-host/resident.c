/* SPDX-License-Identifier: BSD-2-Clause */
#include "resident.h"

#include <string.h>

static bool
same(const void *a, size_t a_len, const void *b, size_t b_len)
{
	return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

bool
resident_is_of(const struct resident *c, const struct codec_rp *rp)
{
	return same(c->rp.id, c->rp.len, rp->id, rp->len);
}

bool
resident_is(const struct resident *c, const uint8_t *id, size_t len)
{
	return same(c->id.data, c->id.len, id, len);
}

bool
resident_is_user(const struct resident *c, const struct codec_user *user)
{
	return same(c->user.id, c->user.id_len, user->id, user->id_len);
}

size_t
resident_find(const struct resident_list *l, const uint8_t *id, size_t len)
{
	size_t i = 0;

	while (i < l->n && !resident_is(&l->at[i], id, len))
		i++;
	return i;
}

void
resident_remove(struct resident_list *l, size_t i)
{
	l->n--;
	memmove(&l->at[i], &l->at[i + 1], (l->n - i) * sizeof(l->at[0]));
	crypto_wipe(&l->at[l->n], sizeof(l->at[0]));
}

int
resident_put(struct resident_list *l, const struct resident *c)
{
	for (size_t i = 0; i < l->n; i++) {
		if (resident_is_of(&l->at[i], &c->rp) &&
		    resident_is_user(&l->at[i], &c->user)) {
			resident_remove(l, i);
			break;
		}
	}
	if (l->n == RESIDENT_MAX)
		return -1;
	l->at[l->n++] = *c;
	return 0;
}
