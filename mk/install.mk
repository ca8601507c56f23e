# SPDX-License-Identifier: BSD-2-Clause
# install and uninstall, below $(DESTDIR)$(PREFIX).

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
PKGCONFIGDIR ?= $(LIBDIR)/pkgconfig
MANDIR ?= $(PREFIX)/share/man
UDEVDIR ?= $(PREFIX)/lib/udev/rules.d
COMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions
INSTALL ?= install

HEADERS := $(sort $(wildcard include/counterseal/*.h))

.PHONY: install uninstall

install: all $(COMPLETION) ## put everything below DESTDIR and PREFIX (/usr/local)
	$(INSTALL) -d $(addprefix $(DESTDIR),$(BINDIR) $(LIBDIR) \
	    $(INCLUDEDIR)/counterseal $(PKGCONFIGDIR) $(UDEVDIR) \
	    $(COMPLETIONDIR) $(sort $(foreach m,$(MAN_PAGES),$(MANDIR)/man$(call section,$(m)))))
	$(INSTALL) -m 755 $(COMMANDS) $(DESTDIR)$(BINDIR)
	$(INSTALL) -m 644 $(STATIC_LIB) $(DESTDIR)$(LIBDIR)
	$(INSTALL) -m 755 $(SHARED_LIB) $(DESTDIR)$(LIBDIR)
	ln -sf $(SO_FILE) $(DESTDIR)$(LIBDIR)/$(SO_NAME)
	ln -sf $(SO_NAME) $(DESTDIR)$(LIBDIR)/libcounterseal.so
	$(INSTALL) -m 644 include/counterseal.h $(DESTDIR)$(INCLUDEDIR)
	$(INSTALL) -m 644 $(HEADERS) $(DESTDIR)$(INCLUDEDIR)/counterseal
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' \
	    -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' -e 's|@VERSION@|$(VERSION)|' \
	    -e 's|@REQUIRES@|$(LIB_PACKAGES)|' packaging/counterseal.pc.in \
	    >$(DESTDIR)$(PKGCONFIGDIR)/counterseal.pc
	chmod 644 $(DESTDIR)$(PKGCONFIGDIR)/counterseal.pc
	$(INSTALL) -m 644 $(UDEV_RULES) $(DESTDIR)$(UDEVDIR)
	$(INSTALL) -m 644 $(COMPLETION) $(DESTDIR)$(COMPLETIONDIR)/counterseal
	$(foreach m,$(MAN_PAGES),$(INSTALL) -m 644 $(m) \
	    $(DESTDIR)$(MANDIR)/man$(call section,$(m)) &&) :

uninstall: ## take away what install put there
	rm -f $(addprefix $(DESTDIR)$(BINDIR)/,$(notdir $(COMMANDS)))
	rm -f $(addprefix $(DESTDIR)$(LIBDIR)/,libcounterseal.a $(SO_FILE) \
	    $(SO_NAME) libcounterseal.so)
	rm -f $(DESTDIR)$(PKGCONFIGDIR)/counterseal.pc
	rm -f $(DESTDIR)$(INCLUDEDIR)/counterseal.h
	rm -f $(addprefix $(DESTDIR)$(INCLUDEDIR)/counterseal/, \
	    $(notdir $(HEADERS)))
	rmdir $(DESTDIR)$(INCLUDEDIR)/counterseal 2>/dev/null || :
	rm -f $(DESTDIR)$(COMPLETIONDIR)/counterseal
	rm -f $(addprefix $(DESTDIR)$(UDEVDIR)/,$(notdir $(UDEV_RULES)))
	rm -f $(foreach m,$(MAN_PAGES), \
	    $(DESTDIR)$(MANDIR)/man$(call section,$(m))/$(notdir $(m)))

# counterseal.1 -> 1
section = $(patsubst .%,%,$(suffix $(1)))
