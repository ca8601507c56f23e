# SPDX-License-Identifier: BSD-2-Clause
# Pages of docs/ that are made from tables of the code.

.PHONY: docs

PAGES = findings kinds
PAGE_MAKERS = $(PAGES:%=$(BUILD)/docs/mk%)
# What a page quotes, for tests/check_docs.sh.
QUOTED = $(BUILD)/docs/mkrules

docs: $(PAGE_MAKERS) ## write the pages that are made from the code
	$(Q)for page in $(PAGES); do \
	    $(BUILD)/docs/mk$$page >docs/$$page.md || exit 1; done

$(PAGE_MAKERS) $(QUOTED): $(BUILD)/docs/mk%: docs/tools/mk%.c $(STATIC_LIB)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(OWN_CFLAGS) -Iinclude $(CPPFLAGS) $(CFLAGS) -pie -fPIE \
	    $(OWN_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_LIBS) $(LIBS)
