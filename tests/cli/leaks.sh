#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Values and their salts stay where they belong: beside the entries of the
# desks' own ledgers. A search by bytes finds none of them in what travels, in
# the entries, in what is kept for sending, or in what commands write that do
# not show values; nor does a process that has them leave or give them away.
set -u
. "$(dirname "$0")/lib.sh"

# Each is found nowhere else by chance.
FIRST=DE89370400440532013000
SECOND=DE02120300000000202051
HOLDER='Quagga and Daughters'
REASON='letter of the Zebra bank'

# What was written by commands that show no values.
quiet() { # NAME ARGUMENT...
	at "$@"
	printf '%s\n%s\n' "$OUT" "$ERR" >>"$WORK/quiet"
}

everybody() { # send | receive
	local name
	for name in lin mina petr; do
		quiet "$name" "$1" "$SHARE"
	done
}

if ! three_desks; then
	not_ok "three desks" "$OUT"$'\n'"$ERR"
	tap_done
fi
printf 'holder: %s\niban: %s\nreason: %s\n' "$HOLDER" "$FIRST" "$REASON" \
    >"$WORK/account"
at lin request payout.iban --store main-de --from "$WORK/account"
expect "a request at the home" 0 '#3'
everybody send
everybody receive
printf 'iban: %s\n' "$FIRST" >"$WORK/letter"
at mina approve 3 --reenter-from "$WORK/letter"
expect "an approval at a replica" 0 'kept here'
printf 'holder: %s\niban: %s\nreason: %s\n' "$HOLDER" "$SECOND" "$REASON" \
    >"$WORK/account"
at petr request payout.iban --store main-fr --from "$WORK/account"
expect "a request at a replica" 0 'kept here'
# What waits at a replica has its values only encrypted.
cp "$(ledger_of petr)" "$WORK/petr-before.db"
cp "$(ledger_of petr)-wal" "$WORK/petr-before.db-wal" 2>/dev/null
for name in lin mina petr; do
	quiet "$name" send "$WORK/mail-$name"
done
for _ in 1 2; do
	everybody send
	everybody receive
done
at lin apply 3 --yes
at lin list --json
FRENCH=$(printf '%s' "$OUT" | jq 'select(.store == "main-fr") | .change')
printf 'iban: %s\n' "$SECOND" >"$WORK/letter"
at lin approve "${FRENCH:-none}" --reenter-from "$WORK/letter"
expect "an approval at the home" 0 'approved by lin'
for _ in 1 2; do
	everybody send
	everybody receive
done
at mina state
expect "the values arrived" 0 'DE89 .... 3000'
at mina show "${FRENCH:-none}"
expect "both of them" 0 'DE02 .... 2051'

for name in lin mina petr; do
	quiet "$name" status
	quiet "$name" status --json
	quiet "$name" list
	quiet "$name" list --json
	quiet "$name" log
	quiet "$name" log --json
	quiet "$name" home --json
	quiet "$name" verify
	quiet "$name" verify --json --full
	quiet "$name" send "$SHARE" --json
	quiet "$name" receive "$SHARE" --json
	quiet "$name" receive "$WORK/mail-lin" --json
	quiet "$name" approve 3 --json
	quiet "$name" export 3 --format ssh -o "$WORK/export-$name"
	# These show what is not secret.
	at "$name" show 3 --json
	printf '%s\n' "$OUT" >>"$WORK/masked"
	at "$name" state --json
	printf '%s\n' "$OUT" >>"$WORK/masked"
	# Everything that ever stood in the tables, and only there.
	sqlite3 -readonly "$(ledger_of "$name")" \
	    'select hex(body) from entry' >>"$WORK/entries"
	sqlite3 -readonly "$(ledger_of "$name")" \
	    'select kind, name, hex(value) from beside' >>"$WORK/beside"
	sqlite3 -readonly "$(ledger_of "$name")" \
	    'select hex(substr(secret, 4, 16)) from opening' >>"$WORK/salts"
	sqlite3 -readonly "$(ledger_of "$name")" "select hex(substr(secret,
	    4, 16)) from opening where name <> ''" >>"$WORK/salts-of-values"
done
check "there are salts to look for" \
    [ "$(sort -u "$WORK/salts" | wc -l)" -ge 6 ]
check "and those of values are the same at each desk" \
    [ "$(sort "$WORK/salts-of-values" | uniq -c | awk '$1 != 3' | wc -l)" -eq 0 ]

# Searches files for each value and salt, as bytes and in hexadecimal.
cat >"$WORK/search.py" <<'END'
import sys

salts = {line.strip().lower() for line in open(sys.argv[1])}
needles = {bytes.fromhex(s): "salt " + s for s in salts}
for value in sys.argv[2].split("|"):
    needles[value.encode()] = value
    spaced = " ".join(value[i:i + 4] for i in range(0, len(value), 4))
    needles[spaced.encode()] = value
for path in sys.argv[3:]:
    data = open(path, "rb").read()
    low = data.lower()
    for needle, what in needles.items():
        if needle in data or needle.hex().encode() in low:
            print("%s: %s" % (path, what))
END
found() { # FILE...
	/usr/bin/python3 "$WORK/search.py" "$WORK/salts" \
	    "$FIRST|$SECOND|$HOLDER|$REASON" "$@"
}
check "the search finds what is there: values" \
    grep -q "$FIRST" <(found "$WORK/account" "$(ledger_of mina)")
check "and salts" grep -q 'salt' <(found "$(ledger_of mina)")
check "in hexadecimal, too" grep -q 'salt' <(found "$WORK/salts")

mapfile -t files < <(find "$SHARE" -type f)
check "files in the folder: ${#files[@]}" [ "${#files[@]}" -gt 10 ]
check_silent "nothing in the folder" found "${files[@]}"
check_silent "nothing in mails" \
    found "$WORK/mail-lin" "$WORK/mail-mina" "$WORK/mail-petr"
check "there are entries" [ "$(wc -l <"$WORK/entries")" -ge 21 ]
check_silent "nothing in the entries" found "$WORK/entries"
check "there is something beside them" grep -q '^envelope|' "$WORK/beside"
check_silent "nothing beside them" found "$WORK/beside"
check_silent "nothing in a replica's file before the home has it" \
    grep -F "$SECOND" <(found "$WORK"/petr-before.db*)
check "commands wrote something" [ "$(wc -l <"$WORK/quiet")" -gt 100 ]
check_silent "nothing in what they wrote" found "$WORK/quiet"
check_silent "no account number in JSON" grep -E "$FIRST|$SECOND" \
    "$WORK/masked"
check "what is not secret is there" grep -q "$HOLDER" "$WORK/masked"
mapfile -t files < <(find "$WORK"/home-*/state "$WORK"/export-* -type f)
check_silent "nothing in what desks remember, or in exports" \
    found "${files[@]}"

# ---- a process that has the values ----

if grep -q __asan_init "$COUNTERSEAL" || grep -q __tsan_init "$COUNTERSEAL"
then
	skip "a process's memory" "a sanitizer looks into its own process"
	tap_done
fi
# Root may look into everything: it is done as somebody else then.
AS=()
if [ "$(id -u)" -eq 0 ]; then
	if ! can_be_nobody; then
		skip "a process's memory" "cannot be another user here"
		tap_done
	fi
	AS=(setpriv --reuid 65534 --regid 65534 --clear-groups)
fi
mkdir "$WORK/bin"
cp "$COUNTERSEAL" "$TOKEN" "$WORK/bin/"
printf '#!/bin/sh\nexec %s "%s" "$@"\n' "${AS[*]}" \
    "$WORK/bin/${TOKEN##*/}" >"$WORK/token"
chmod 700 "$WORK/token"
kill "${token_pids[0]}"
wait "${token_pids[0]}"
[ ${#AS[@]} -eq 0 ] || chown -R 65534:65534 "$WORK"
TOKEN=$WORK/token
token_start lin --presence never

# At lin's desk: a request that waits for a touch, with the values at hand.
desk lin
cat >"$WORK/held.py" <<'END'
import os, signal, subprocess, sys, resource
account, command = sys.argv[1], sys.argv[2:]
resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)

def denied(pid):
    try:
        open("/proc/%d/mem" % pid, "rb").close()
        return False
    except PermissionError:
        return True

def gcore(pid):
    try:
        return subprocess.run(["gcore", "-o", "got", str(pid)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=60).returncode == 0
    except FileNotFoundError:
        return None

def crash(process):
    os.kill(process.pid, signal.SIGSEGV)
    _, status = os.waitpid(process.pid, 0)
    return os.WTERMSIG(status) == signal.SIGSEGV, os.WCOREDUMP(status)

def tell(name, process):
    print(name, "denied", denied(process.pid))
    print(name, "gcore", gcore(process.pid))
    died, dumped = crash(process)
    print(name, "died", died)
    print(name, "dumped", dumped)

tell("other", subprocess.Popen(["sleep", "600"]))
p = subprocess.Popen(command + ["request", "payout.iban", "--store",
    "main-it", "--from", account], stdin=subprocess.DEVNULL,
    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
for line in p.stderr:
    if b"Touch your key" in line:
        tell("held", p)
        break
END
(cd "$WORK" && "${AS[@]}" /usr/bin/python3 held.py account "${DESK[@]}" \
    "$WORK/bin/${COUNTERSEAL##*/}" >held 2>&1)
held() { # LINE
	grep -qx "$1" "$WORK/held"
}
check "a request waits for its touch, and is killed" held 'held died True'
if held 'other denied False'; then
	check "its memory cannot be opened by its own user" \
	    held 'held denied True'
else
	skip "its memory" "nobody's can be opened here"
fi
if held 'other gcore True'; then
	check "gcore gets nothing" held 'held gcore False'
else
	skip "gcore gets nothing" "it is not there, or gets nothing anyway"
fi
if held 'other dumped True'; then
	check "a crash leaves no core" held 'held dumped False'
else
	skip "a crash leaves no core" "no crash does here"
fi

tap_done
