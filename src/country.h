/* SPDX-License-Identifier: BSD-2-Clause */
/* Countries and territories, beside what field.h makes public of them. */

#ifndef SRC_COUNTRY_H
#define SRC_COUNTRY_H

#include "counterseal/field.h"

/*
 * The country whose IBANs the banks of this territory have ("GB" for "GG");
 * NULL if `cc` (two bytes are read) is no such territory.
 */
const char *country_iban_home(const char *cc);

#endif
