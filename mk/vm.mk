# SPDX-License-Identifier: BSD-2-Clause
# Real HID devices, udev and an ordinary user, in an emulated machine.

.PHONY: check-vm check-long vm-deps

check-vm: vm-deps ## boot a kernel, use two keys as real devices
	$(Q)$(MAKE) $(JOBSERVER) all
	$(Q)BUILD=$(BUILD) tests/vm/check.sh

vm-deps:
	$(Q)packaging/deps.sh build check vm

check-long: check-vm ## what takes minutes and proves more
