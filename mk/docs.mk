# SPDX-License-Identifier: BSD-2-Clause
# Pages of docs/ that are made from tables of the code.

.PHONY: docs

docs: $(BUILD)/docs/mkfindings ## write the pages that are made from the code
	$(Q)$< >docs/findings.md

$(BUILD)/docs/mkfindings: docs/tools/mkfindings.c $(STATIC_LIB)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(OWN_CFLAGS) -Iinclude $(CPPFLAGS) $(CFLAGS) -pie -fPIE \
	    $(OWN_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_LIBS) $(LIBS)
