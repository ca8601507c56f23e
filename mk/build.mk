# SPDX-License-Identifier: BSD-2-Clause
# How each thing is built. Objects mirror the source tree below $(BUILD).

SO_NAME = libcounterseal.so.$(SONAME_MAJOR)
SO_FILE = libcounterseal.so.$(VERSION)

STATIC_LIB = $(BUILD)/libcounterseal.a
SHARED_LIB = $(BUILD)/$(SO_FILE)
FIRMWARE_LIB = $(BUILD)/libfirmware.a
MAKER_LIB = $(BUILD)/tests/unit/libmaker.a
LIBRARIES = $(STATIC_LIB) $(SHARED_LIB)
COUNTERSEAL = $(if $(CLI_SRCS),$(BUILD)/counterseal)
COUNTERSEAL_TOKEN = $(if $(FIRMWARE_MAIN),$(BUILD)/counterseal-token)
COMMANDS = $(COUNTERSEAL) $(COUNTERSEAL_TOKEN)

objects = $(patsubst %.c,$(BUILD)/%.o,$(1))
programs = $(patsubst %.c,$(BUILD)/%,$(1))
LIB_OBJS = $(call objects,$(LIB_SRCS))
CLI_OBJS = $(call objects,$(CLI_SRCS))
FIRMWARE_OBJS = $(call objects,$(FIRMWARE_SRCS))
FIRMWARE_MAIN_OBJ = $(call objects,$(FIRMWARE_MAIN))
HARNESS_OBJ = $(call objects,$(DEVICE_HARNESS))
MAKER_OBJS = $(call objects,$(UNIT_MAKER))
UNIT_PROGRAMS = $(call programs,$(UNIT_TESTS))
DEVICE_PROGRAMS = $(call programs,$(DEVICE_TESTS))
TEST_OBJS = $(call objects,$(UNIT_TESTS) $(DEVICE_TESTS))
ALL_OBJS = $(LIB_OBJS) $(CLI_OBJS) $(FIRMWARE_OBJS) $(FIRMWARE_MAIN_OBJ) \
    $(HARNESS_OBJ) $(MAKER_OBJS) $(TEST_OBJS)

# What a folder may see. The commands get the public headers alone, and the
# software token shares nothing with the library that judges its seals. What
# a test defines stays visible: it may stand in for a function of the system.
$(BUILD)/src/cli/%.o: SEES = -Iinclude -fPIE $(LIB_CFLAGS)
$(BUILD)/src/%.o: SEES = -Iinclude -Isrc -fPIC -fvisibility=hidden $(LIB_CFLAGS)
$(BUILD)/firmware-host/%.o: SEES = -Ifirmware-host -fPIE $(FIRMWARE_CFLAGS)
$(BUILD)/tests/mutants/%.o: SEES = -Iinclude -Isrc -fPIE
$(BUILD)/tests/unit/%.o: SEES = -Iinclude -Isrc -fPIE $(LIB_CFLAGS)
$(BUILD)/tests/device/%.o: SEES = -Iinclude -Isrc -Ifirmware-host \
    -Itests/device -fPIE $(LIB_CFLAGS)

.PHONY: tests unit-tests FORCE
.DELETE_ON_ERROR:

tests: unit-tests $(DEVICE_PROGRAMS) ## build every test program

unit-tests: $(UNIT_PROGRAMS)

# Changes when the compiler or its flags do, so that nothing stale is linked.
FLAGS_NOW = $(CC) $(OWN_CFLAGS) $(CPPFLAGS) $(CFLAGS) $(OWN_LDFLAGS) $(LDFLAGS)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(FLAGS_NOW)' | cmp -s - $@ || \
	    printf '%s\n' '$(FLAGS_NOW)' >$@

$(BUILD)/%.o: %.c $(BUILD)/flags mk/build.mk
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(OWN_CFLAGS) $(SEES) -MMD -MP $(CPPFLAGS) $(CFLAGS) \
	    -c -o $@ $<

# An archive is made anew: ar would keep members whose source is gone.
archive = rm -f $@ && $(AR) rcsD $@ $(filter %.o,$^)

$(STATIC_LIB): $(LIB_OBJS)
	$(call say,AR,$@)
	$(Q)$(archive)

$(FIRMWARE_LIB): $(FIRMWARE_OBJS)
	$(call say,AR,$@)
	$(Q)$(archive)

$(SHARED_LIB): $(LIB_OBJS) src/libcounterseal.map
	$(call say,LD,$@)
	$(Q)$(CC) -shared $(OWN_LDFLAGS) $(HARDEN_SO) -Wl,-soname,$(SO_NAME) \
	    -Wl,--version-script=src/libcounterseal.map $(LDFLAGS) \
	    -o $@ $(LIB_OBJS) $(LIB_LIBS) $(LIBS)
	$(Q)ln -sf $(SO_FILE) $(BUILD)/$(SO_NAME)
	$(Q)ln -sf $(SO_NAME) $(BUILD)/libcounterseal.so

# Our part is linked statically, so that a command needs no library path.
link = $(CC) -pie $(OWN_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^)

$(BUILD)/counterseal: $(CLI_OBJS) $(STATIC_LIB)
	$(call say,LD,$@)
	$(Q)$(link) $(CLI_LIBS) $(LIBS)

COMPLETION = $(if $(CLI_SRCS),$(BUILD)/counterseal.bash)
$(BUILD)/counterseal.bash: $(BUILD)/counterseal
	$(Q)$< --completion bash >$@

$(BUILD)/counterseal-token: $(FIRMWARE_MAIN_OBJ) $(FIRMWARE_LIB)
	$(call say,LD,$@)
	$(Q)$(link) $(FIRMWARE_LIBS) $(LIBS)

$(MAKER_LIB): $(MAKER_OBJS)
	$(call say,AR,$@)
	$(Q)$(archive)

$(UNIT_PROGRAMS): $(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(MAKER_LIB) \
    $(STATIC_LIB)
	$(call say,LD,$@)
	$(Q)$(link) $(TEST_LIBS) $(LIBS)

$(DEVICE_PROGRAMS): $(BUILD)/tests/device/%: $(BUILD)/tests/device/%.o \
    $(HARNESS_OBJ) $(STATIC_LIB) $(FIRMWARE_LIB)
	$(call say,LD,$@)
	$(Q)$(link) $(TEST_LIBS) $(LIBS)

-include $(ALL_OBJS:.o=.d)
