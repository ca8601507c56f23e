# SPDX-License-Identifier: BSD-2-Clause
# Compiler, flags and libraries. What a builder gives in CPPFLAGS, CFLAGS and
# LDFLAGS comes after our own flags, so it adds to them and can overrule them.

CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config
# Empty: warnings stay warnings, for compilers newer than the ones we know.
WERROR ?= -Werror
# For instance `address,undefined`; the targets asan and tsan set it.
SANITIZE ?=

MAKEFLAGS += --no-print-directory
Q = $(if $(V),,@)
SILENT = $(findstring s,$(firstword -$(MAKEFLAGS)))
say = $(if $(V)$(SILENT),,@printf '  %-7s %s\n' $(1) '$(2)')
# A recursive make uses every core, unless the person said how many.
JOBSERVER = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))

# Two builds of one commit are the same bytes, whenever and wherever.
ifndef SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH := $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
endif
export SOURCE_DATE_EPOCH
SAME_BYTES = "-ffile-prefix-map=$(CURDIR)=."

WARNINGS = -Wall -Wextra $(WERROR) -Wshadow -Wcast-qual -Wwrite-strings \
    -Wmissing-prototypes -Wstrict-prototypes -Wbad-function-cast \
    -Wimplicit-fallthrough -Wconversion -Wsign-conversion -Wformat=2 -Wvla \
    -Wundef

compiles = $(shell $(CC) $(1) -Werror -x c -c -o /dev/null /dev/null \
    2>/dev/null && echo $(1))
HARDEN_CC := -fstack-protector-strong $(call compiles,-fcf-protection) \
    $(call compiles,-fstack-clash-protection)
HARDEN_LD = -Wl,-z,relro,-z,now,-z,noexecstack
# The C library refuses fortification of unoptimised code; the sanitizers see
# more without it.
ifeq ($(SANITIZE),)
HARDEN_CC += $(if $(filter -O1 -O2 -O3 -Os,$(CFLAGS)), \
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
HARDEN_SO = -Wl,-z,defs
else
# Range analysis loses its way in instrumented code; the other builds have it.
SANITIZERS = -fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
    -fno-omit-frame-pointer $(call compiles,-Wno-format-truncation)
endif

OWN_CFLAGS = -std=c11 -D_GNU_SOURCE $(WARNINGS) $(HARDEN_CC) $(SANITIZERS) \
    $(SAME_BYTES) -pthread
OWN_LDFLAGS = $(HARDEN_LD) $(SANITIZERS) -pthread -Wl,--as-needed \
    -Wl,--build-id=sha1

# Where each library is used: design by room, see tests/check_layers.sh.
LIB_PACKAGES = libfido2 libcbor hidapi-hidraw libcrypto sqlite3 jansson \
    glib-2.0
CLI_PACKAGES = inih $(LIB_PACKAGES)
FIRMWARE_PACKAGES = libcbor libcrypto
TEST_PACKAGES = cmocka $(LIB_PACKAGES)

# Headers of others may warn as they like: they are looked at as the system's.
pkg_cflags = $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(1)))
pkg_libs = $(shell $(PKG_CONFIG) --libs $(1))
LIB_CFLAGS := $(call pkg_cflags,$(LIB_PACKAGES))
LIB_LIBS := $(call pkg_libs,$(LIB_PACKAGES))
CLI_LIBS := $(call pkg_libs,$(CLI_PACKAGES))
FIRMWARE_CFLAGS := $(call pkg_cflags,$(FIRMWARE_PACKAGES))
FIRMWARE_LIBS := $(call pkg_libs,$(FIRMWARE_PACKAGES))
TEST_LIBS := $(call pkg_libs,$(TEST_PACKAGES))
