# SPDX-License-Identifier: BSD-2-Clause
# What belongs to what: every source, one a line, sorted.

# Another file in this one's place can switch a rule off: see mk/mutants.mk.
RULE_SWITCH ?= src/rule_switch.c
LIB_SRCS := $(sort $(filter-out src/rule_switch.c,$(wildcard src/*.c)) \
    $(RULE_SWITCH))
CLI_SRCS := $(sort $(wildcard src/cli/*.c))
FIRMWARE_SRCS := $(sort $(filter-out firmware-host/main.c, \
    $(wildcard firmware-host/*.c)))
FIRMWARE_MAIN := $(wildcard firmware-host/main.c)

# Tests are found, not listed: a test that nobody runs is worse than a file
# too many.
UNIT_TESTS := $(sort $(wildcard tests/unit/test_*.c))
# Makes ledgers for the unit tests.
UNIT_MAKER := $(sort $(wildcard tests/unit/maker*.c))
DEVICE_TESTS := $(sort $(wildcard tests/device/test_*.c))
DEVICE_HARNESS := $(wildcard tests/device/device_harness.c)

MAN_PAGES := $(sort $(wildcard firmware-host/*.[1-9] src/*.[1-9] \
    src/cli/*.[1-9] docs/*.[1-9]))
UDEV_RULES := $(wildcard udev/*.rules)
