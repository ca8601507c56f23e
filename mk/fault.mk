# SPDX-License-Identifier: BSD-2-Clause
# What ends a command in the middle of its work, for the tests of durability.

FAULT_KILL = $(BUILD)/tests/fault/kill.so

tests: $(FAULT_KILL)

# It comes before the sanitizers' libraries, so it is built without them.
$(FAULT_KILL): tests/fault/kill.c
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE $(WARNINGS) -fPIC -shared \
	    $(CPPFLAGS) $(filter-out -fsanitize%,$(CFLAGS)) -o $@ $<
