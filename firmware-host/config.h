/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef FIRMWARE_CONFIG_H
#define FIRMWARE_CONFIG_H

#include "device.h"

/* authenticatorConfig; it asks nobody. */
int config_start(struct device *dev, const uint8_t *body, size_t n);

#endif
