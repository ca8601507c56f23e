#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What `make install` puts where, and that it can be used from there.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh
export LC_ALL=C

MAKE=${MAKE:-make}
CC=${CC:-cc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

version=$(sed -n 's/^#define CSEAL_VERSION "\(.*\)"/\1/p' \
    include/counterseal.h)

expected() {
	sort <<EOF
usr/bin/counterseal
usr/bin/counterseal-token
usr/lib/libcounterseal.a
usr/lib/libcounterseal.so
usr/lib/libcounterseal.so.0
usr/lib/libcounterseal.so.$version
usr/lib/pkgconfig/counterseal.pc
usr/lib/udev/rules.d/70-counterseal.rules
usr/share/bash-completion/completions/counterseal
usr/share/man/man1/counterseal.1
usr/share/man/man1/counterseal-token.1
usr/include/counterseal.h
$(printf 'usr/%s\n' include/counterseal/*.h)
EOF
}

installed() {
	(cd "$root" && find . ! -type d | sed 's|^\./||' | sort)
}

make_at() { # TARGET
	env -u MAKEFLAGS "$MAKE" -s "$1" BUILD="${BUILD:-build}" \
	    DESTDIR="$root" PREFIX=/usr
}

# The sysroot is put before the paths by hand: pkgconf leaves out /usr's own.
package() {
	PKG_CONFIG_LIBDIR=$root/usr/lib/pkgconfig:$(pkg-config \
	    --variable pc_path pkg-config) pkg-config \
	    --define-variable=prefix="$root/usr" \
	    --define-variable=libdir="$root/usr/lib" \
	    --define-variable=includedir="$root/usr/include" \
	    "$@" counterseal
}

cat >"$work/use.c" <<'EOF'
#include <counterseal.h>
#include <stdio.h>

int
main(void)
{
	printf("%s\n%s\n", cseal_version(), cseal_strerror(CSEAL_OK));
	return 0;
}
EOF

compile() { # OUTPUT PKG-CONFIG-OPTION...
	local output=$1
	shift
	# shellcheck disable=SC2046 # flags are words
	"$CC" -Wall -Werror -o "$output" "$work/use.c" \
	    $(package --cflags --libs "$@")
}

says_its_version() { # PROGRAM
	[ "$(LD_LIBRARY_PATH=$root/usr/lib "$1" | head -n 1)" = "$version" ]
}

check "make install" make_at install
check "it puts there what is expected" diff <(expected) <(installed)
check_silent "no file is writable for others or set-id" \
    find "$root" ! -type l -perm /6022
check "the package's version is the library's" \
    test "$(package --modversion)" = "$version"
check "a program compiles and links" compile "$work/shared"
check "it runs with the shared library" says_its_version "$work/shared"
rm -f "$root"/usr/lib/libcounterseal.so
check "a program links statically to us" compile "$work/static" --static
check_silent "it does not need the shared library" \
    grep libcounterseal <(readelf -d "$work/static")
check "it runs" says_its_version "$work/static"
check "the completion is bash" \
    bash -n "$root/usr/share/bash-completion/completions/counterseal"
for page in "$root"/usr/share/man/man*/*; do
	if command -v mandoc >/dev/null; then
		check "${page##*/} is clean mdoc" \
		    mandoc -T lint -W error "$page"
	else
		skip "${page##*/} is clean mdoc" "mandoc is not installed"
	fi
done
check "make uninstall" make_at uninstall
check_silent "it leaves no file behind" installed
tap_done
