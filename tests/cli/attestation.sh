#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Whose keys are taken when the rules ask for a maker's word: a ledger under
# `attestation = trusted`, roots, metadata, and verdicts made again.
set -u
. "$(dirname "$0")/lib.sh"

ORG='Example Trading GmbH'
M=$WORK/models
mkdir "$M"
check "makers, models and metadata are made" "$ROOT/tests/unit/mkmodels.sh" "$M"

# The software key says by its AAGUID that it is one, and cannot be told not
# to. One letter of the program makes it a liar, which roots do not see.
sed 's/cseal-SOFT-token/cseal-soft-token/g' "$TOKEN" >"$WORK/liar"
chmod +x "$WORK/liar"
is_another() {
	! cmp -s "$TOKEN" "$WORK/liar"
}
check "the liar is another program" is_another

offer() { # PERSON KEY ATTESTATION
	TOKEN=$WORK/liar token_start "$2" --attestation "$3" || return
	KEY=$2 at "$1" key offer --person "$1" --org "$ORG" \
	    -o "$WORK/$2.offer"
	[ "$STATUS" -eq 0 ]
}

sed 's/^\[ledger\]$/&\nattestation = trusted/; /^attestation = any/d' \
    "$ROOT/examples/policy-team-of-two.ini" >"$WORK/rules.ini"

offer lin lin "$M/model.pem"
expect "an offer with a chain" 0 "lin.offer: a key of lin"
offer mina mina "$M/line.pem"
expect "one with an authority between" 0

# ---- founding ----

init=(init --org "$ORG" --policy "$WORK/rules.ini" --accept-single-keys
    --from "$WORK/lin.offer" --from "$WORK/mina.offer")
at lin "${init[@]}"
expect "no roots, no trust" 1 'better proof that the key is hardware'
at lin "${init[@]}" --roots "$M/stranger.pem"
expect "a stranger's roots" 1 'lin.offer: attestation: unknown root: no root'
at lin "${init[@]}" --roots "$M/lin.pem"
expect "roots that are not there" 4 'lin.pem: No such file'
at lin "${init[@]}" --roots "$WORK/rules.ini"
expect "roots that are none" 2 'rules.ini: no certificate stands in it'
check "nothing was founded" [ ! -e "$LEDGER" ]
at lin "${init[@]}" --roots "$M/root.pem"
expect "the maker's root" 0
at mina join
expect "mina joins" 0
at lin key list
expect "verdicts are told" 0 'key 1 +mina +attestation: trusted'

# ---- another key ----

offer_ledger() { # PERSON KEY ATTESTATION
	TOKEN=${4:-$WORK/liar} token_start "$2" --attestation "$3" || return
	KEY=$2 at "$1" key offer --person "$1" -o "$WORK/$2.offer"
	[ "$STATUS" -eq 0 ]
}

offer_ledger lin spare "$M/model.pem"
expect "a second key of lin" 0
add=(key add --from "$WORK/spare.offer")
at lin "${add[@]}"
expect "key add: no roots" 1 'key-attestation|better proof'
at lin "${add[@]}" --roots "$M/stranger.pem"
expect "key add: a stranger's" 1 'unknown root'

offer_ledger lin soft "$M/batch.pem" "$TOKEN"
expect "an honest software key, with a chain" 0
at lin key add --from "$WORK/soft.offer" --roots "$M/root.pem"
expect "it is software all the same" 1 'says itself that it is software'
offer_ledger lin self self
expect "a key that vouches for itself" 0
at lin key add --from "$WORK/self.offer" --roots "$M/root.pem"
expect "is not trusted for it" 1 'self: it vouches for itself alone'
offer_ledger lin brief "$M/unit.pem"
expect "a key whose certificate is not as it must be" 0
at lin key add --from "$WORK/brief.offer" --roots "$M/root.pem"
expect "is not trusted either" 1 'Authenticator Attestation'

# ---- metadata ----

given=(--roots "$M/root.pem" --metadata-root "$M/mds-root.pem")
at lin "${add[@]}" --metadata "$M/good.jwt"
expect "metadata that nobody vouches for" 2 'needs --metadata-root'
head -c 1000 "$M/good.jwt" >"$WORK/cut.jwt"
at lin "${add[@]}" "${given[@]}" --metadata "$WORK/cut.jwt"
expect "a BLOB cut short" 2 'cut.jwt: not a metadata BLOB, or cut short'
# A digit of the payload's; the envelope stays what it was.
awk -F . '{ sub(/^./, substr($2, 1, 1) == "f" ? "e" : "f", $2)
    print $1 "." $2 "." $3 }' "$M/good.jwt" >"$WORK/altered.jwt"
at lin "${add[@]}" "${given[@]}" --metadata "$WORK/altered.jwt"
expect "a BLOB that was altered" 1 'altered.jwt: its signature does not hold'
at lin "${add[@]}" "${given[@]}" --metadata "$M/other.jwt"
expect "a BLOB by another signer" 1 'other.jwt: whoever signed it is not'
at lin "${add[@]}" "${given[@]}" --metadata "$M/REVOKED.jwt"
expect "a model that was revoked" 1 'reports REVOKED of its model, Example Key 5'
at lin "${add[@]}" "${given[@]}" --metadata "$M/REVOKED.jwt" --json
expect_json "the same for programs" 1 '.error.code == "refused"'
check "nothing of it was asked for" [ "$(sqlite3 -readonly "$LEDGER" \
    'select count(*) from entry')" -eq 2 ]

# By config.ini, as somebody would have it who adds keys more often.
desk lin
mkdir -p "$WORK/home-lin/.config/counterseal"
cat >"$WORK/home-lin/.config/counterseal/config.ini" <<END
[attestation]
roots = $M/root.pem
metadata = $M/old.jwt
metadata root = $M/mds-root.pem
END
at lin "${add[@]}" --json
expect "what config.ini names is used; old metadata is told" 0 \
    'old.jwt: it is number 42, and the next one is out'
CHANGE=$(change_name)

# Whoever approves may have roots and metadata of his own.
own_of_mina() { # ROOTS METADATA
	mkdir -p "$WORK/home-mina/.config/counterseal"
	cat >"$WORK/home-mina/.config/counterseal/config.ini" <<-END
	[attestation]
	roots = $M/$1
	metadata = $M/$2
	metadata root = $M/mds-root.pem
	END
}
own_of_mina root.pem REVOKED.jwt
at mina approve "$CHANGE"
expect "by what mina has, the model was revoked" 1 \
    'reports REVOKED of its model.*; reject it'
check "and nothing was sealed" [ "$(sqlite3 -readonly "$LEDGER" \
    'select count(*) from entry')" -eq 3 ]
own_of_mina root.pem empty.jwt
at mina approve "$CHANGE"
expect "mina approves it, and is told what her desk makes of it" 0 \
    'it is trusted, not listed model as the asker has it: its model is not in'
rm "$WORK/home-mina/.config/counterseal/config.ini"
at lin key list
expect "it is listed" 0 'key 2 +lin +attestation: listed model .*Example Key 5'
at mina key list --json
check "programs are told the level, and no model without metadata" \
    jq -es '.[2].verdict == "listed model" and (.[2] | has("model") | not)' \
    <<<"$OUT"
rm "$WORK/home-lin/.config/counterseal/config.ini"

# ---- made again ----

at lin verify --roots "$M/root.pem"
expect "roots are for --attestation" 2 'give that too'
at lin verify --attestation
expect "without roots most is not checked" 0 'attestation-unchecked'
at lin verify --attestation "${given[@]}" --metadata "$M/old.jwt" --json
expect_json "by what they were made, all verdicts stand" 0 \
    '.valid and ([.findings[].code] | map(select(startswith("attestation")))
	== [])'
mkdir "$WORK/roots"
cp "$M/root.pem" "$WORK/roots/maker.pem"
at lin verify --attestation --roots "$WORK/roots" --json
expect_json "a folder of roots is the same set" 0 \
    '[.findings[] | select(.code == "attestation-unchecked").detail]
	== ["1 key"]'
at lin verify --attestation "${given[@]}" --metadata "$M/REVOKED.jwt" --json
expect_json "a model reported since is a warning" 0 \
    '.valid and ([.findings[] | select(.code == "attestation-refused")]
	| length == 3)'
at lin verify "$LEDGER" --attestation --roots "$M/stranger.pem" --json
expect_json "other roots say nothing of it" 0 \
    '[.findings[] | select(.code == "attestation-unchecked").detail]
	== ["3 keys"]'

tap_done
