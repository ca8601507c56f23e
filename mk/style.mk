# SPDX-License-Identifier: BSD-2-Clause
# Form and static analysis.

.PHONY: format check-format lint list-sources

C_FOLDERS = include include/counterseal src src/cli firmware-host tests/unit \
    tests/bench tests/device tests/vectors tests/validators tests/second \
    tests/fuzz
C_FILES = $(sort $(wildcard $(addsuffix /*.[ch],$(C_FOLDERS))))
SCRIPTS = .ci/run $(sort $(wildcard packaging/*.sh tests/*.sh tests/cli/*.sh \
    tests/vectors/*.sh tests/second/*.sh tests/device/*.sh \
    tests/bench/*.sh tests/vm/*.sh tests/vm/init \
    examples/*.sh examples/hooks/*))

format: ## bring every C file into the project's form
	$(Q)clang-format -i $(C_FILES)

check-format: ## tell which C files are not in the project's form
	$(Q)clang-format --dry-run --Werror $(C_FILES)

lint: lint-c lint-cppcheck lint-shell ## clang-tidy, cppcheck, shellcheck

.PHONY: lint-c lint-library lint-commands lint-firmware lint-cppcheck \
    lint-shell

# Each file with the headers that its folder may see.
tidy = $(Q)printf '%s\n' $(1) | xargs -r -P $(shell nproc) -I '{}' \
    clang-tidy --quiet '{}' -- $(2) -std=c11 -D_GNU_SOURCE $(LIB_CFLAGS)
lint-c: lint-library lint-commands lint-firmware
lint-library:
	$(call tidy,$(LIB_SRCS),-Iinclude -Isrc)
lint-commands:
	$(call tidy,$(CLI_SRCS),-Iinclude)
lint-firmware:
	$(call tidy,$(FIRMWARE_SRCS) $(FIRMWARE_MAIN),-Ifirmware-host)

CPPCHECK = cppcheck --quiet --std=c11 --enable=warning,performance,portability \
    --inline-suppr --error-exitcode=1 --suppress=missingIncludeSystem \
    -D_GNU_SOURCE
lint-cppcheck:
	$(Q)$(CPPCHECK) -Iinclude -Isrc src
	$(Q)$(CPPCHECK) -Ifirmware-host firmware-host

lint-shell:
	$(Q)shellcheck -x $(SCRIPTS)

# For tests/check_layers.sh, which compares the lists with the folders.
list-sources:
	@printf '%s\n' $(LIB_SRCS) $(CLI_SRCS) $(FIRMWARE_SRCS) $(FIRMWARE_MAIN)
