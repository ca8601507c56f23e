#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What tests/mutants.sh takes for a kill, and what it refuses to count: told
# by a build of five rules and programs that end in every way.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh

FAKE=$(mktemp -d /tmp/cs.XXXXXX)
trap 'rm -rf "$FAKE"' EXIT

program() { # PATH, its body on standard input
	mkdir -p "$FAKE/${1%/*}"
	{
		echo '#!/bin/sh'
		cat
	} >"$FAKE/$1"
	chmod +x "$FAKE/$1"
}

ends_with() { # STATUS RULE...
	local wanted=$1 status
	shift
	BUILD=$FAKE TIME_LIMIT=1 tests/mutants.sh "$@" >"$FAKE/out" 2>&1
	status=$?
	[ "$status" -eq "$wanted" ] && return
	printf 'status %d, not %d:\n' "$status" "$wanted"
	cat "$FAKE/out"
}

# What the last one printed has that line.
says() { # LINE
	grep -qxF -e "$1" "$FAKE/out" && return
	printf 'no line "%s" in:\n' "$1"
	cat "$FAKE/out"
}

program tests/mutants/codes <<'END'
for rule in noticed crashed raised hung unseen; do
	[ "$rule" = "$COUNTERSEAL_RULE_OFF" ] || echo "$rule"
done
END
program tests/unit/test_fold_rules <<'END'
case $COUNTERSEAL_RULE_OFF in
noticed) echo 'not ok 1 - a test'; exit 1 ;;
crashed) kill -SEGV $$ ;;
raised)
	echo 'not ok 1 - a test'
	echo '# Test failed with exception: Bus error(7)'
	exit 1
	;;
hung) exec sleep 60 ;;
esac
echo 'ok 1 - a test'
END
program tests/unit/test_other <<'END'
[ "$COUNTERSEAL_RULE_OFF" != crashed ] || { echo 'not ok 1 - a'; exit 1; }
END

check_silent "survivors are status 1" ends_with 1
check_silent "a failed assertion is a kill" \
    says 'killed    noticed                by test_fold_rules'
check_silent "after a crash, another program kills" \
    says 'killed    crashed                by test_other'
check_silent "an exception is no kill" \
    says 'SURVIVED  raised; test_fold_rules: Bus error'
check_silent "nor is it to hang" \
    says 'SURVIVED  hung; test_fold_rules: no end in 1 s'
check_silent "what nobody notices survives" says 'SURVIVED  unseen'
check_silent "all are counted" says '5 rules, 2 killed, 3 survived'

check_silent "if all are killed, the status is 0" ends_with 0 noticed noticed
check_silent "a rule that is named twice is one" \
    says '1 rules, 1 killed, 0 survived'
check_silent "a name that is no rule is refused" ends_with 2 noticed other
check_silent "part of a rule's name is none" ends_with 2 notice

program tests/unit/test_fold_rules <<'END'
echo 'not ok 1 - a test'
exit 1
END
check_silent "a program that fails as it is can tell nothing" \
    ends_with 2 noticed
program tests/mutants/codes <<'END'
echo noticed
END
check_silent "a build without the switch can tell nothing" ends_with 2 noticed
rm "$FAKE/tests/mutants/codes"
check_silent "nor can no build" ends_with 2

tap_done
