#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The rooms of the house: who may use what. Each rule is a row of a table
# here; each line of diagnostics names a file that breaks one.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh
export LC_ALL=C

MAKE=${MAKE:-make}
BUILD=${BUILD:-build}

# The rooms of the library from left to right: a file includes headers of its
# own room or of rooms further up in this list. A name stands for itself and
# for all that begin with it and an underscore.
ROOMS='
	api
	err
	buf
	zone calendar
	slice text base64 utf8 skeleton vec dcbor der schema merkle frontier digest aead near
	field format iban email country differ
	kind
	change commit
	statement records words facts
	observation
	seal pubkey
	desk_key
	envelope
	certificate roots metadata offer credential attestation
	token io
	policy
	evidence
	store ledger tree
	genesis
	openings commitment parcel
	state values used claims count rules rule fold tree verify replay recheck view
	lint
	memory
	panel shown
	attachment
	draft desk attested observe site outbox post tries reentry gate intake fork hearing exchange
	repair
	backup
	report export version
'

# Though it stands further up: a file, then what it never includes. Policy
# judges words and facts; the fold has no file and no key at hand.
NEVER='
	policy   ledger store replay rules state count fold
	state    store token io
	count    store token io
	fold     store token io
	replay   store token io
	store    token io statement policy
	ledger   token io statement policy
'

# Header of a library: the only files that may include it.
LIBRARIES='
	cbor.h         src/dcbor.c firmware-host/codec*.[ch]
	fido.h         src/token*.[ch] src/io_*.[ch]
	fido/*         src/token*.[ch] src/io_*.[ch]
	hidapi.h       src/io_hid.c
	hidapi/*       src/io_hid.c
	sqlite3.h      src/store_sqlite*.[ch]
	libpq-fe.h     src/store_pg.c
	jansson.h      src/report*.c src/metadata*.[ch] src/cli/*.[ch]
	ini.h          src/cli/settings.c
	glib.h         src/zone_glib.c
	glib/*         src/zone_glib.c
'

# The library never prints, prompts, exits or reads the environment. The
# unbounded string functions are nowhere at all.
NOT_IN_LIBRARY='printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|perror|
	dprintf|exit|_exit|_Exit|quick_exit|abort|getenv|secure_getenv|setenv|
	putenv|getpass|system|popen|isatty|err|errx|warn|warnx|syslog'
NOWHERE='strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|atoll|strtok|alloca'

# Every include of the C files given on standard input: `file header kind`,
# where kind is < or ".
# shellcheck disable=SC2016 # the dollars are awk's
includes() {
	xargs awk '/^[ \t]*#[ \t]*include[ \t]*[<"]/ {
		kind = $0 ~ /include[ \t]*</ ? "<" : "\""
		split($0, part, /[<">]/)
		print FILENAME, part[2], kind
	}'
}

c_files() { # FOLDER...
	find "$@" -maxdepth 1 -name '*.[ch]' | sort
}

matches() { # WORD PATTERN...
	local word=$1 pattern
	shift
	for pattern in "$@"; do
		# shellcheck disable=SC2053 # the right side is a pattern
		[[ $word == $pattern ]] && return 0
	done
	return 1
}

# True if a stem is one of the names, or one of their families.
is_of() { # STEM NAME...
	local stem=$1 name
	shift
	for name in "$@"; do
		[[ $stem == "$name" || $stem == "${name}_"* ]] && return 0
	done
	return 1
}

# Number of the room that a stem belongs to; fails if it has none.
room_of() { # STEM
	local row number=0
	while read -r row; do
		[ -n "$row" ] || continue
		number=$((number + 1))
		# shellcheck disable=SC2086 # names, split on purpose
		if is_of "$1" $row; then
			echo "$number"
			return 0
		fi
	done <<<"$ROOMS"
	return 1
}

# The stem alone names a file's room: src/iban.c and src/iban.h are iban.
files_without_a_room() {
	local file stem
	while read -r file; do
		stem=${file##*/}
		room_of "${stem%.[ch]}" >/dev/null ||
		    echo "$file stands in no room: see ROOMS in $0"
	done < <(c_files src include/counterseal)
}

includes_to_the_right() {
	local -A room
	local file header stem file_room
	while read -r file; do
		stem=${file##*/}
		stem=${stem%.[ch]}
		[ -n "${room[$stem]:-}" ] || room[$stem]=$(room_of "$stem")
	done < <(c_files src include/counterseal)
	while read -r file header _; do
		stem=${file##*/}
		stem=${stem%.[ch]}
		file_room=${room[$stem]:-0}
		stem=${header##*/}
		[ "${room[${stem%.h}]:-0}" -le "$file_room" ] ||
		    echo "$file includes $header, a room to its right"
	done < <(c_files src include/counterseal | includes | grep ' "$')
}

libraries_out_of_place() {
	local file header library places
	while read -r file header _; do
		while read -r library places; do
			[ -n "$library" ] || continue
			matches "$header" "$library" || continue
			set -f
			# shellcheck disable=SC2086 # patterns, split on purpose
			matches "$file" $places ||
			    echo "$file includes <$header>"
			set +f
		done <<<"$LIBRARIES"
	done < <(c_files include include/counterseal src src/cli \
	    firmware-host | includes)
}

# A quoted include must be found at one of the places that its folder sees.
includes_from_elsewhere() { # FOLDER PLACE...
	local folder=$1 file header place found
	shift
	while read -r file header _; do
		found=
		for place in "$folder" "$@"; do
			[ -f "$place/$header" ] && found=1
		done
		case /$header in
		*/../* | //*) found= ;;
		esac
		[ -n "$found" ] || echo "$file includes \"$header\""
	done < <(c_files "$folder" | includes | grep ' "$')
}

counterseal_in_firmware() {
	c_files firmware-host | includes |
	    awk '$2 ~ /counterseal/ { print $1 " includes " $2 }'
}

firmware_in_library() {
	c_files src include/counterseal | includes |
	    awk '$2 ~ /firmware/ { print $1 " includes " $2 }'
}

includes_that_never_may_be() {
	local file header stem name others
	while read -r file header _; do
		stem=${file##*/}
		stem=${stem%.[ch]}
		while read -r name others; do
			is_of "$stem" "$name" || continue
			stem=${header##*/}
			# shellcheck disable=SC2086 # names, split on purpose
			! is_of "${stem%.h}" $others ||
			    echo "$file includes $header"
			break
		done <<<"$NEVER"
	done < <(c_files src include/counterseal | includes | grep ' "$')
}

# Calls in the code of the C files, outside comments and strings.
calls() { # PATTERN FOLDER...
	local pattern=${1//[$'\n\t']/}
	shift
	c_files "$@" | xargs awk -v pattern="$pattern" -f tests/calls.awk
}

# Writable memory with static storage, of any size, in any section. Constant
# tables of pointers stand in .data.rel.ro, which the loader makes read-only.
mutable_state() { # ARCHIVE
	[ -f "$1" ] || echo "$1 is not built"
	objdump -t "$1" | awk '
	/^[^ ]*\.o: / { file = $1; next }
	$NF !~ /^\./ {
		for (i = 1; i <= NF; i++)
			if ($i ~ /^\.(t?data|t?bss)/ || $i == "*COM*")
				if ($i !~ /^\.data\.rel\.ro/)
					print file " " $NF " in " $i
	}'
}

lists_against_folders() {
	diff <("$MAKE" -s --no-print-directory list-sources | sort) \
	    <(c_files src src/cli firmware-host | grep '\.c$' | sort) |
	    sed -n 's/^</in mk\/sources.mk, but not there:/p
	        s/^>/not in mk\/sources.mk:/p'
}

check_silent "every file of the library has its room" files_without_a_room
check_silent "no room uses a room to its right" includes_to_the_right
check_silent "each library is used in its own place" libraries_out_of_place
check_silent "the public headers see each other alone" \
    includes_from_elsewhere include/counterseal include
check_silent "the library sees its own headers and the public ones" \
    includes_from_elsewhere src include
check_silent "the commands see the public headers alone" \
    includes_from_elsewhere src/cli include
check_silent "the software key sees itself alone" \
    includes_from_elsewhere firmware-host
check_silent "the software key uses nothing of the library" \
    counterseal_in_firmware
check_silent "the library uses nothing of the software key" \
    firmware_in_library
check_silent "policy, fold and ledger do not see what they must not" \
    includes_that_never_may_be
check_silent "the library does not print, exit or ask the environment" \
    calls "$NOT_IN_LIBRARY" src include/counterseal
check_silent "no unbounded or stateful string function" \
    calls "$NOWHERE" src src/cli firmware-host include/counterseal
check_silent "the library has no mutable globals" \
    mutable_state "$BUILD/libcounterseal.a"
check_silent "the software key has no mutable globals" \
    mutable_state "$BUILD/libfirmware.a"
check_silent "mk/sources.mk lists every source" lists_against_folders
tap_done
