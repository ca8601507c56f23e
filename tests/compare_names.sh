#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The characters of names in China and Japan against Unicode's own tables, as
# Python has them: every one that a format takes, and the plain form of every
# one that keyboards type instead.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh

PROGRAM=${BUILD:-build}/tests/unit/test_format_script

# Lines of what is not so, then `# NUMBER` of what was looked at.
look() { # WHAT; the table on standard input
	python3 -c "
import sys, unicodedata as u

def rows(name, what):
    for line in sys.stdin.buffer.read().decode().split('\n'):
        part = line.split(' ', 3)
        if part[:1] == [name] and part[2] == what:
            yield chr(int(part[1], 16)), part[3][:-1] if len(part) > 3 else ''

def tell(c, why):
    print('U+%04X %s: %s' % (ord(c), u.name(c, '?'), why))
$1
"
}

# Nothing in the list is altered by normalisation, alone or beside another.
NFC='
names = [line.split() for line in sys.stdin.read().split("\n") if line]
seconds = set()
for n in range(0x110000):
    parts = u.decomposition(chr(n)).split()
    if len(parts) == 2 and not parts[0].startswith("<"):
        seconds.add(chr(int(parts[1], 16)))
taken = [chr(int(row[1], 16)) for row in names if row[2] == "takes"]
for c in taken:
    if not u.is_normalized("NFC", c):
        tell(c, "NFC alters it")
    if u.combining(c) or c in seconds:
        tell(c, "it can join the character before it")
print("#", len(taken))
'

# Ideographs are unified ones, and all those of Unicode 14.0 are there.
IDEOGRAPHS='
taken = {c for c, _ in rows("holder_han", "takes")}
latin = set("/-?:().,\x27+& ") | {chr(n) for n in range(128)
                                 if chr(n).isalnum()}
want = latin | {"\u00b7", "\u3007"} | {chr(n) for n in range(0x110000)
    if u.name(chr(n), "").startswith("CJK UNIFIED IDEOGRAPH-")}
later = u.unidata_version != "14.0.0"          # and what came after it
for c in sorted(taken - want if later else taken ^ want):
    tell(c, "taken" if c in taken else "not taken")
print("#", len(taken))
'

# Katakana of half width, less the small ones and the long vowel.
KANA='
taken = {c for c, _ in rows("holder_kana", "takes")}
want = set(" ()-./\uff62\uff63\uff9e\uff9f") | {chr(n) for n in range(128)
    if chr(n).isdigit() or (chr(n).isalpha() and chr(n).isupper())}
want |= {chr(n) for n in range(0xff66, 0xffa0)
         if u.name(chr(n)).startswith("HALFWIDTH KATAKANA LETTER ")
         and "SMALL" not in u.name(chr(n))}
for c in sorted(taken ^ want):
    tell(c, "taken" if c in taken else "not taken")
print("#", len(taken))
'

# By the names of the characters: a small KATAKANA or HIRAGANA LETTER X with
# or without a mark is the HALFWIDTH KATAKANA LETTER X and the mark.
PLAIN='
marks = {"\u3099": "\uff9e", "\u309a": "\uff9f"}
count = 0
for c, plain in rows("holder_kana", "plain"):
    count += 1
    name = u.name(c, "?")
    if plain == u.normalize("NFKC", c) and ord(plain) < 128:
        continue                                # a full-width form
    if plain == "-" and (u.category(c) == "Pd" or c in "\u2212\u30fc\uff70"):
        continue
    if "VOICED SOUND MARK" in name and "LETTER" not in name:
        if plain == u.lookup("HALFWIDTH KATAKANA %sVOICED SOUND MARK"
                             % ("SEMI-" if "SEMI" in name else "")):
            continue
    if plain in "\uff62\uff63" and u.normalize("NFKC", plain) == c:
        continue
    base = u.normalize("NFD", c)
    letter = u.name(base[0]).replace("HALFWIDTH ", "")
    letter = letter.replace("HIRAGANA", "KATAKANA").replace("SMALL ", "")
    try:
        want = u.lookup("HALFWIDTH " + letter) + "".join(
            marks[m] for m in base[1:])
    except KeyError:
        want = "?"
    if plain != want:
        tell(c, "plain form " + plain)
print("#", count)
'

# Every kana that can be typed has a plain form, but those that have no half.
HAVE='
have = {c for c, _ in rows("holder_kana", "plain")}
for first, last in (0x3041, 0x3096), (0x30a1, 0x30f6), (0xff01, 0xff5e):
    for n in range(first, last + 1):
        c = chr(n)
        ascii = first == 0xff01
        if ascii and (u.normalize("NFKC", c) not in " ()-./0123456789"
                      and not u.normalize("NFKC", c).isupper()):
            continue
        if not ascii and u.name(c).split()[-1] in ("WI", "WE"):
            continue
        if c not in have:
            tell(c, "no plain form")
print("#", len(have))
'

if ! python3 -c 'import unicodedata as u; assert u.unidata_version >= "14"' \
    2>/dev/null; then
	skip "characters agree with Unicode" "no python3 of Unicode 14 or newer"
	tap_done
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
check "the program tells its table" "$PROGRAM" --table
"$PROGRAM" --table >"$work/table"

agree() { # TEXT LEAST WHAT
	local count
	look "$3" <"$work/table" >"$work/told" 2>&1
	count=$(sed -n 's/^# //p' "$work/told")
	sed -i '/^# /d' "$work/told"
	check_silent "$1 (${count:-none})" cat "$work/told"
	check "$1: there is something to look at" [ "${count:-0}" -ge "$2" ]
}

agree "no character is altered by normalisation" 90000 "$NFC"
agree "Han: unified ideographs, and Latin of banks" 90000 "$IDEOGRAPHS"
agree "kana: half width, without small ones and long vowels" 90 "$KANA"
agree "kana: plain forms are the same letters" 200 "$PLAIN"
agree "kana: each that is typed has one" 200 "$HAVE"
tap_done
