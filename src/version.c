/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal.h"

const char *
cseal_version(void)
{
	return CSEAL_VERSION;
}
