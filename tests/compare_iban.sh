#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Our table of IBANs against that of python-stdnum, country by country. Both
# are made from SWIFT's registry; a difference that is not listed here fails.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh

# Newer in the registry than python3-stdnum 1.18 of Debian 12.
THEY_MAY_LACK='FK HN MN NI OM SO YE'

theirs() {
	local python
	for python in python3 /usr/bin/python3; do
		"$python" 2>/dev/null - <<-'END' && return 0
		import os, re, stdnum.iban
		folder = os.path.dirname(stdnum.iban.__file__)
		with open(os.path.join(folder, "iban.dat")) as lines:
		    for line in lines:
		        row = re.match(r'([A-Z]{2}) .*bban="([^"]*)"', line)
		        if row:
		            print(*row.groups())
		END
	done
	return 1
}

ours() {
	sed -n 's/^\t{ "\([A-Z][A-Z]\)", \([0-9]*\), "\([^"]*\)" },$/\1 \3 \2/p' \
	    src/iban_table.c
}

# `CC STRUCTURE ...` to `CC nnnncccc...`: the parts of a structure may be cut
# differently and still say the same.
spelt_out() {
	awk '{
		text = ""
		rest = $2
		while (match(rest, /^[0-9]+!?[nac]/)) {
			part = substr(rest, 1, RLENGTH)
			for (i = part + 0; i > 0; i--)
				text = text substr(part, RLENGTH)
			rest = substr(rest, RLENGTH + 1)
		}
		print $1, text rest
	}'
}

if ! list=$(theirs); then
	skip "IBAN structures agree" "python3-stdnum is not installed"
	tap_done
fi

declare -A their_text
while read -r country text; do
	their_text[$country]=$text
done < <(spelt_out <<<"$list")

count=0
while read -r country text; do
	count=$((count + 1))
	if [ -z "${their_text[$country]:-}" ]; then
		case " $THEY_MAY_LACK " in
		*" $country "*) ok "$country: newer than their table" ;;
		*) not_ok "$country" "they do not have it" ;;
		esac
	elif [ "$text" = "${their_text[$country]}" ]; then
		ok "$country"
	else
		not_ok "$country" "ours $text, theirs ${their_text[$country]}"
	fi
	unset "their_text[$country]"
done < <(ours | spelt_out)

check "89 countries were read" [ "$count" -eq 89 ]
check_silent "they have no country that we lack" \
    printf '%s' "${!their_text[*]}"
tap_done
