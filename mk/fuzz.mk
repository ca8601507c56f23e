# SPDX-License-Identifier: BSD-2-Clause
# Fuzzing with clang's libFuzzer: docs/fuzzing.md.

.PHONY: fuzz fuzz-build fuzz-programs fuzz-docs

FUZZ_BUILD = build-fuzz
FUZZ_SECONDS ?= 60
# Found, not listed: a target is a file.
FUZZ_SRCS := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_PROGRAMS = $(call programs,$(FUZZ_SRCS))
FUZZ_OBJS = $(call objects,$(FUZZ_SRCS))
MKSEEDS = $(BUILD)/tests/fuzz/mkseeds
MKSEEDS_OBJS = $(MKSEEDS).o $(BUILD)/tests/fuzz/seeds_token.o

fuzz: fuzz-build ## look for inputs that hurt, FUZZ_SECONDS (60) for each target
	$(Q)BUILD=$(BUILD) FUZZ_BUILD=$(FUZZ_BUILD) \
	    FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz.sh

fuzz-docs: $(BUILD)/fuzz.json ## quote the last run of fuzz in docs/fuzzing.md
	$(Q)sed -e '/^```json$$/,/^```$$/{//!d}' -e '/^```json$$/r $<' \
	    docs/fuzzing.md >$(BUILD)/fuzzing.md
	$(Q)mv $(BUILD)/fuzzing.md docs/fuzzing.md

$(BUILD)/fuzz.json:
	@echo '$@ is written by make fuzz'; exit 1

fuzz-build: ## build the fuzz targets with clang, in build-fuzz
	$(Q)$(MAKE) BUILD=$(FUZZ_BUILD) CC=clang CFLAGS='-O1 -g' \
	    SANITIZE=fuzzer-no-link,address,undefined fuzz-programs

fuzz-programs: $(FUZZ_PROGRAMS) $(MKSEEDS)

$(FUZZ_OBJS) $(MKSEEDS_OBJS): SEES = -Iinclude -Isrc -Ifirmware-host \
    -Itests/unit -Itests/fuzz -fPIE $(LIB_CFLAGS)
.SECONDARY: $(FUZZ_OBJS) $(MKSEEDS_OBJS)

$(FUZZ_PROGRAMS): $(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(MAKER_LIB) \
    $(STATIC_LIB) $(FIRMWARE_LIB)
	$(call say,LD,$@)
	$(Q)$(link) -fsanitize=fuzzer $(TEST_LIBS) $(LIBS)

$(MKSEEDS): $(MKSEEDS_OBJS) $(MAKER_LIB) $(STATIC_LIB)
	$(call say,LD,$@)
	$(Q)$(link) $(TEST_LIBS) $(LIBS)

-include $(FUZZ_OBJS:.o=.d) $(MKSEEDS_OBJS:.o=.d)
