#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Installs the Debian packages that Counterseal needs and that are missing.
# With nothing missing it says so and touches nothing, network included.
#   packaging/deps.sh [build] [demo] [check] [vm]     (without arguments: build)
set -eu

BUILD='
	build-essential
	libcbor-dev
	libfido2-dev
	libglib2.0-dev
	libhidapi-dev
	libinih-dev
	libjansson-dev
	libsqlite3-dev
	libssl-dev
	pkg-config
	tzdata
'
# Tools of other people, which the demonstration verifies the records with.
DEMO='
	fido2-tools
	openssh-client
	openssl
	sqlite3
'
CHECK='
	clang
	clang-format
	clang-tidy
	libclang-rt-dev
	cppcheck
	curl
	expect
	iso-codes
	jq
	libcmocka-dev
	mandoc
	nodejs
	npm
	python3
	python3-cbor2
	python3-cryptography
	python3-email-validator
	python3-fido2
	python3-phonenumbers
	python3-pyte
	python3-stdnum
	shellcheck
	tmux
	util-linux
	xxd
'

# An emulator, and what packs its guest.
VM='
	cpio
	kmod
	qemu-system-x86
'

# Node and npm may be there from elsewhere, which Debian's would collide with.
installed() {
	case $1 in
	nodejs) ! command -v node >/dev/null 2>&1 || return 0 ;;
	npm) ! command -v npm >/dev/null 2>&1 || return 0 ;;
	esac
	status=$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) &&
	    [ "$status" = 'install ok installed' ]
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

wanted=
for set in "${@:-build}"; do
	case $set in
	build) wanted="$wanted $BUILD" ;;
	demo) wanted="$wanted $DEMO" ;;
	check) wanted="$wanted $DEMO $CHECK" ;;
	vm) wanted="$wanted $VM" ;;
	*)
		echo "usage: packaging/deps.sh [build] [demo] [check] [vm]" >&2
		exit 2
		;;
	esac
done

if ! command -v dpkg-query >/dev/null 2>&1; then
	echo "deps: not a Debian system; please see to what these stand for:"
	# shellcheck disable=SC2086 # a list of words
	printf '  %s\n' $wanted
	exit 0
fi

missing=
count=0
for package in $wanted; do
	count=$((count + 1))
	installed "$package" || missing="$missing $package"
done
if [ -z "$missing" ]; then
	echo "deps: all $count packages are installed"
	exit 0
fi

echo "deps: installing$missing"
as_root apt-get update -q
# shellcheck disable=SC2086 # a list of words
as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends $missing
