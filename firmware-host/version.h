/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef FIRMWARE_VERSION_H
#define FIRMWARE_VERSION_H

#define FIRMWARE_MAJOR 0
#define FIRMWARE_MINOR 1
#define FIRMWARE_BUILD 0
#define FIRMWARE_TEXT  "0.1.0"

#endif
