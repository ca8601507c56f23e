# SPDX-License-Identifier: BSD-2-Clause
# The programs that write vectors and mutated ledgers, for verifiers that are
# not ours. Both need the makers of the unit tests.

VECTOR_SRCS := $(sort $(wildcard tests/vectors/*.c))
MUTANT_SRCS := $(sort $(wildcard tests/second/*.c))
VECTOR_OBJS = $(call objects,$(VECTOR_SRCS))
MUTANT_OBJS = $(call objects,$(MUTANT_SRCS))
MKVECTORS = $(BUILD)/tests/vectors/mkvectors
MKMUTANTS = $(if $(MUTANT_SRCS),$(BUILD)/tests/second/mkmutants)

$(VECTOR_OBJS) $(MUTANT_OBJS): SEES = -Iinclude -Isrc -Itests/unit -fPIE \
    $(LIB_CFLAGS)
.SECONDARY: $(VECTOR_OBJS) $(MUTANT_OBJS)

tests: $(MKVECTORS) $(MKMUTANTS)

$(MKVECTORS): $(VECTOR_OBJS) $(MAKER_LIB) $(STATIC_LIB)
	$(call say,LD,$@)
	$(Q)$(link) $(TEST_LIBS) $(LIBS)

$(BUILD)/tests/second/mkmutants: $(MUTANT_OBJS) $(MAKER_LIB) $(STATIC_LIB)
	$(call say,LD,$@)
	$(Q)$(link) $(TEST_LIBS) $(LIBS)

-include $(VECTOR_OBJS:.o=.d) $(MUTANT_OBJS:.o=.d)
