# SPDX-License-Identifier: BSD-2-Clause
# What things cost. Nothing here fails because a machine is slow.

.PHONY: bench

METER = $(BUILD)/tests/bench/meter

bench: all $(METER) ## what an approval costs, in the key and outside of it
	$(Q)BUILD=$(abspath $(BUILD)) \
	    COUNTERSEAL=$(abspath $(BUILD))/counterseal \
	    TOKEN=$(abspath $(BUILD))/counterseal-token tests/bench/approve.sh

$(METER): tests/bench/meter.c
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(OWN_CFLAGS) $(CPPFLAGS) $(CFLAGS) -pie -fPIE \
	    $(OWN_LDFLAGS) $(LDFLAGS) -o $@ $<
