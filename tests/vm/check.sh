#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Real HID without hardware: boots a Debian kernel in an emulator, makes two
# software keys appear as real devices, and has an ordinary user work with
# them. Nothing of it needs root here, nor a network but for Debian's packages.
# What each step proved is printed as TAP; the last line is
# `N passed, N failed`. The console's log stands in $BUILD/vm/console.log.
#   BUILD=build       what was built, and where all of this is put
#   STEPS=...         some of the steps, in their order: tests/vm/steps_*.sh
#   TIME_LIMIT=600    seconds that the guest may take: it hangs, then
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
TIME_LIMIT=${TIME_LIMIT:-600}
STEPS=${STEPS:-devices,access,story,broken,tools}
MAKE=${MAKE:-make}
FOLDER=$BUILD/vm
LOG=$FOLDER/console.log
export LC_ALL=C.UTF-8

give_up() { # TEXT
	printf 'not ok 1 - %s\n1..1\n0 passed, 1 failed\n' "$1"
	exit 1
}

for tool in qemu-system-x86_64 cpio depmod apt-get dpkg expect; do
	PATH=$PATH:/sbin:/usr/sbin command -v "$tool" >/dev/null ||
	    give_up "$tool is missing: packaging/deps.sh vm"
done
mkdir -p "$FOLDER"
[ -e "$FOLDER/version" ] || tests/vm/packages.sh "$FOLDER" \
    >"$FOLDER/packages.log" 2>&1 ||
    give_up "the guest's packages, see $FOLDER/packages.log"
rm -rf "$FOLDER/installed"
{ env -u MAKEFLAGS "$MAKE" -s install BUILD="$BUILD" PREFIX=/usr/local \
    DESTDIR="$(realpath "$FOLDER")/installed" &&
    tests/vm/initrd.sh "$FOLDER" "$FOLDER/installed"; } \
    >"$FOLDER/initrd.log" 2>&1 ||
    give_up "the guest's files, see $FOLDER/initrd.log"

# Without KVM, which is not everywhere: emulated, and slow. The console is
# what the guest says; there is nothing else of it but /usr, read-only.
boot() {
	timeout -k 5 "$TIME_LIMIT" qemu-system-x86_64 -M q35 -accel tcg \
	    -cpu qemu64,+rdrand -m 512 -smp 1 -nographic -no-reboot -nic none \
	    -virtfs local,path=/usr,mount_tag=usr,security_model=none,readonly=on,multidevs=remap \
	    -kernel "$FOLDER/root/boot/vmlinuz-$(cat "$FOLDER/version")" \
	    -initrd "$FOLDER/initrd.gz" \
	    -append "console=ttyS0 quiet panic=-1 STEPS=$STEPS" </dev/null 2>&1 |
	    sed -u 's,\r,,g' | tee "$LOG" |
	    grep --line-buffered -aE '^(ok|not ok|#|1\.\.)'
	return "${PIPESTATUS[0]}"
}

boot
status=$?
passed=$(grep -ac '^ok ' "$LOG")
failed=$(grep -ac '^not ok ' "$LOG")
if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
	echo "not ok - the guest hangs: ended after $TIME_LIMIT s, see $LOG"
	failed=$((failed + 1))
elif ! grep -aqx "1\\.\\.$((passed + failed))" "$LOG"; then
	echo "not ok - the guest ended too early (status $status), see $LOG"
	failed=$((failed + 1))
fi
echo "# all of it took $SECONDS s"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
