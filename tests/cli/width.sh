#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# What keyboards of China and Japan type in full width: at a prompt the plain
# form is offered, in a file it is a refusal that shows it; and a secret value
# is not repeated on the way.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

demo_ledger
expect "a ledger to begin with" 0

WIDE=ＤＥ８９３７０４００４４０５３２０１３０００
GROUPS_OF='DE89 3704 0044 0532 0130 00'

# ---- at the prompts of request ----

person lin "{: \$} \"Example　Trading　ＧｍｂＨ\\r\"
    {full-width.*Example Trading GmbH.*\\[y/N\\] \$} \"y\\r\"
    {IBAN: \$} \"$WIDE\\r\"
    {IBAN: these are full-width.*$GROUPS_OF.*\\[y/N\\] \$} \"ｙ\\r\"
    {skip\\): \$} \"ＤＥＵＴＤＥＦＦ\\r\" {DEUTDEFF.*\\[y/N\\] \$} \"Y\\r\"
    {skip\\): \$} \"\\r\" {skip\\): \$} \"\\r\"
    {Reason .*: \$} \"new　account\\r\"
    {Reason: these.*new account.*\\[y/N\\] \$} \"yes\\r\"" \
    request payout.iban --store main-de
expect "the plain form of each is taken for a y" 0 'asked for by lin'
CHANGE=$(sed -n 's/.*#\([0-9]*-[0-9a-z]*\) asked for by.*/\1/p' <<<"$OUT")
at lin show "$CHANGE" --json
# shellcheck disable=SC2016 # the dollar is jq's
expect_json "and it is what was asked for" 0 \
    '(.fields | map({(.name): .value}) | add) as $f |
    $f.holder == "Example Trading GmbH" and $f.bic == "DEUTDEFF" and
    .reason == "new account"'

person lin "{: \$} \"Example\\r\" {IBAN: \$} \"$WIDE\\r\"
    {\\[y/N\\] \$} \"n\\r\"
    {! iban: character 1 and 21.*IBAN: \$} \"$WIDE\\r\"
    {\\[y/N\\] \$} \"\\r\" {IBAN: \$} \"DE89\\r\"" \
    request payout.iban --store main-de
expect "not taken, it stays a refusal" 2 'iban: '
person lin "{: \$} \"Example\\r\" {IBAN: \$} \"${WIDE%０}１\\r\"
    {! iban: character 1 is a full-width 'D'.*IBAN: \$} \"\\x03\"" \
    request payout.iban --store main-de
check "what the format refuses anyway is not offered" \
    [ "$(grep -c 'y/N' <<<"$OUT")" -eq 0 ]
person lin "{: \$} \"Ｅ\\r\" {\\[y/N\\] \$} \"\\x03\"" \
    request payout.iban --store main-de
check "Ctrl-C at the offer stops it" [ "$STATUS" -eq 130 ]

# ---- at those of approve ----

person mina "{IBAN: \$} \"$WIDE\\r\"
    {IBAN: these are full-width.*$GROUPS_OF.*\\[y/N\\] \$} \"y\\r\"" \
    approve "$CHANGE"
expect "re-entered in full width, and taken" 0 'approved by mina'

# ---- in files ----

printf 'holder: Example　Trading\niban: DE89370400440532013000\n' \
    >"$WORK/file"
at lin request payout.iban --store main-fr --from "$WORK/file"
expect "in a file it is refused, with the plain form" 2 \
    'line 1, holder: character 8 .* the plain form is Example Trading'
printf 'holder: Example\niban: %s\n' "$WIDE" >"$WORK/file"
at lin request payout.iban --store main-fr --from "$WORK/file"
expect "a secret one with how much of it is not plain" 2 \
    'line 2, iban: character 1 and 21 more are full-width'
check "and is not repeated" [ "$(grep -c 3704 <<<"$OUT$ERR")" -eq 0 ]
at lin request payout.iban --store main-fr holder=Ｅx --from "$WORK/file"
expect "as a word of the command line too" 2 'the plain form is Ex'

ask DE02120300000000202051
printf 'iban: ＤＥ02120300000000202051\n' >"$WORK/file"
at mina approve "$CHANGE" --reenter-from "$WORK/file"
expect "a re-entry from a file as well" 2 'character 1 and 1 more'

# ---- on the way out ----

# Seventy characters of Han are 140 columns: no line of what is shown of them
# is wider than a terminal, and no character is cut.
HAN=
for _ in {1..10}; do HAN+=上海示例贸易有; done
printf 'bank_name: 示例银行\naccount: 12345678\nholder: %s\n' "$HAN" \
    >"$WORK/han"
at lin request payout.cn --store shop-cn --from "$WORK/han" --json
CHANGE=$(jq -r .name <<<"$OUT")
wide() { # the columns of the widest line of OUT
	/usr/bin/python3 -c '
import sys, unicodedata
print(max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1
              for c in line.rstrip("\n")) for line in sys.stdin))' <<<"$OUT"
}
expect_json "a long name in Han is asked for" 0 '.kind == "payout.cn"'
at lin show "$CHANGE"
expect "it is shown" 0 'holder|Account holder'
check "in lines of 80 columns" [ "$(wide)" -le 80 ]
check "and whole" grep -qF "$HAN" <<<"$(tr -d ' \n' <<<"$OUT")"
tap_done
