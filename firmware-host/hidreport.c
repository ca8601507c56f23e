/* SPDX-License-Identifier: BSD-2-Clause */
#include "hidreport.h"

/* clang-format off */
const uint8_t hidreport_descriptor[HIDREPORT_DESCRIPTOR] = {
	0x06, 0xd0, 0xf1,	/* usage page: FIDO alliance */
	0x09, 0x01,		/* usage: authenticator device */
	0xa1, 0x01,		/* collection: application */
	0x09, 0x20,		/*   usage: data in */
	0x15, 0x00,		/*   logical minimum: 0 */
	0x26, 0xff, 0x00,	/*   logical maximum: 255 */
	0x75, 0x08,		/*   report size: 8 bits */
	0x95, 0x40,		/*   report count: 64 */
	0x81, 0x02,		/*   input: data, variable, absolute */
	0x09, 0x21,		/*   usage: data out */
	0x15, 0x00,		/*   logical minimum: 0 */
	0x26, 0xff, 0x00,	/*   logical maximum: 255 */
	0x75, 0x08,		/*   report size: 8 bits */
	0x95, 0x40,		/*   report count: 64 */
	0x91, 0x02,		/*   output: data, variable, absolute */
	0xc0,			/* end of the collection */
};
/* clang-format on */
