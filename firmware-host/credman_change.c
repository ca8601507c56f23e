/* SPDX-License-Identifier: BSD-2-Clause */
/* deleteCredential and updateUserInformation: sections 6.8.5 and 6.8.6. */
#include "credman.h"

#include "status.h"

static size_t
find(const struct device *dev, const struct credman_params *p)
{
	return resident_find(&dev->state.residents, p->inner.credential.id,
	    p->inner.credential.len);
}

int
credman_delete(struct device *dev, const struct credman_params *p)
{
	size_t i = find(dev, p);

	if (i == dev->state.residents.n)
		return CTAP2_ERR_NO_CREDENTIALS;
	resident_remove(&device_draft(dev)->residents, i);
	return device_commit(dev) == 0 ? CTAP2_OK : CTAP1_ERR_OTHER;
}

/* A name that is absent or empty is taken away. */
int
credman_update(struct device *dev, const struct credman_params *p)
{
	size_t i = find(dev, p);

	if (i == dev->state.residents.n)
		return CTAP2_ERR_NO_CREDENTIALS;
	if (!resident_is_user(&dev->state.residents.at[i], &p->inner.user))
		return CTAP1_ERR_INVALID_PARAMETER;
	device_draft(dev)->residents.at[i].user = p->inner.user;
	return device_commit(dev) == 0 ? CTAP2_OK : CTAP1_ERR_OTHER;
}
