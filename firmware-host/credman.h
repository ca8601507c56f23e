/* SPDX-License-Identifier: BSD-2-Clause */
/* authenticatorCredentialManagement (CTAP 2.1, section 6.8). */
#ifndef FIRMWARE_CREDMAN_H
#define FIRMWARE_CREDMAN_H

#include "device.h"

/* The two subcommands that change something; both return a CTAP status. */
int credman_delete(struct device *dev, const struct credman_params *p);
int credman_update(struct device *dev, const struct credman_params *p);

/* The command. */
int credman_start(struct device *dev, const uint8_t *body, size_t n);

#endif
