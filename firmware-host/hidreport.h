/* SPDX-License-Identifier: BSD-2-Clause */
/* What a FIDO device says of its reports (CTAP 2.1 section 11.2.8.2). */
#ifndef FIRMWARE_HIDREPORT_H
#define FIRMWARE_HIDREPORT_H

#include <stdint.h>

#define HIDREPORT_DESCRIPTOR 34

/*
 * Usage page 0xF1D0, an input and an output report of 64 bytes, no report
 * ids.  docs/gadget.md has the same bytes.
 */
extern const uint8_t hidreport_descriptor[HIDREPORT_DESCRIPTOR];

#endif
