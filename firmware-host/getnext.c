/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * authenticatorGetNextAssertion.  "Step" is one of the numbered steps of
 * CTAP 2.1, section 6.3.
 */
#include "assertion.h"
#include "ctap2.h"
#include "follow.h"
#include "status.h"

int
getnext_start(struct device *dev, const uint8_t *body, size_t n)
{
	const struct resident *c;

	(void)body;
	(void)n;
	/* Steps 1 to 4, 7 and 8. */
	c = follow_next(dev, FOLLOW_ASSERTION);
	if (c == NULL)
		return CTAP2_ERR_NOT_ALLOWED;
	/* Steps 5 and 6. */
	return assertion_make(
	    dev, &dev->follow.assertion, c->id.data, c->id.len, 0);
}
