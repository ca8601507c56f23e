#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Makers, models and metadata in the shape of real ones, made anew:
#   tests/unit/mkmodels.sh FOLDER
# writes into FOLDER, beside what tests/device/mkattestation.sh does,
#   NAME.pem       a key and its certificates, for the AAGUID "model.pem" has
#   mds-root.pem   whom an organisation trusts to sign metadata
#   NAME.jwt       metadata BLOBs (FIDO Metadata Service, version 3)
set -euo pipefail

cd "$(dirname "$0")/../.."
tests/device/mkattestation.sh "$1"
cd "$1"
umask 077

MODEL=637365616c2d736f66742d746f6b656e
SUBJECT='/C=DE/O=Example Keys/OU=Authenticator Attestation/CN=Model 1'
NOT_CA='basicConstraints = critical, CA:FALSE'
NAMED="1.3.6.1.4.1.45724.1.1.4 = DER:0410$MODEL"

# ---- certificates of models ----

new_key() { # NAME [CURVE]
	openssl genpkey -algorithm EC \
	    -pkeyopt "ec_paramgen_curve:${2:-P-256}" -out "$1.key" 2>/dev/null
}

# An authority, for others to sign below.
authority() { # NAME [OPTION...]
	local name=$1
	shift
	openssl req -x509 -new -key "$name.key" -sha256 -days 3650 \
	    -subj "/C=DE/O=Example Alliance/CN=$name" \
	    -addext 'basicConstraints=critical,CA:TRUE' -out "$name.pem" "$@"
}

# NAME.pem: the key, its certificate by BY and what stands between them.
model() { # NAME BY SUBJECT EXTENSIONS [DAYS]
	[ -f "$1.key" ] || new_key "$1"
	openssl req -new -key "$1.key" -sha256 -subj "$3" -out "$1.csr"
	printf '%b\n' "$4" >"$1.ext"
	openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" \
	    -set_serial "0x$(openssl rand -hex 8)" -sha256 \
	    -days "${5:-3650}" -extfile "$1.ext" -out "$1.crt" 2>/dev/null
	cat "$1.key" "$1.crt" >"$1.pem"
}

model alien stranger "$SUBJECT" "$NOT_CA\n$NAMED"
model brief root "$SUBJECT" "$NOT_CA\n$NAMED" 30
model unnamed root "$SUBJECT" "$NOT_CA"
model critical root "$SUBJECT" \
    "$NOT_CA\n1.3.6.1.4.1.45724.1.1.4 = critical, DER:0410$MODEL"
model signs root "$SUBJECT" "basicConstraints = critical, CA:TRUE\n$NAMED"
model silent root "$SUBJECT" "$NAMED"
model unit root '/C=DE/O=Example Keys/OU=Keys/CN=Model 1' "$NOT_CA\n$NAMED"
model country root '/O=Example Keys/OU=Authenticator Attestation/CN=M' \
    "$NOT_CA\n$NAMED"
model u2f root '/C=DE/O=Example Keys/CN=U2F 1' "$NOT_CA"
new_key wide P-384
model wide root "$SUBJECT" "$NOT_CA\n$NAMED"
# With an authority between model and root, and without.
model line between "$SUBJECT" "$NOT_CA\n$NAMED"
cp line.pem gap.pem
cat between.crt >>line.pem
# One between that is no authority.
model pretender root '/C=DE/O=Example Keys/CN=Pretender' "$NOT_CA"
cp pretender.crt pretender.pem
model under pretender "$SUBJECT" "$NOT_CA\n$NAMED"
cat pretender.crt >>under.pem
# Version 1: no extensions at all.
new_key old
openssl req -new -key old.key -sha256 -subj "$SUBJECT" -out old.csr
openssl x509 -req -in old.csr -CA root.pem -CAkey root.key -set_serial 7 \
    -sha256 -days 3650 -out old.crt 2>/dev/null
cat old.key old.crt >old.pem

# ---- who signs metadata ----

new_key mds-root
authority mds-root
new_key mds-other
authority mds-other
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 \
    -out mds.key 2>/dev/null
HOST="$NOT_CA\nsubjectAltName = DNS:mds.fidoalliance.org"
model mds mds-root '/C=DE/O=Example Alliance/CN=1' "$HOST"
model mds-ec mds-root '/C=DE/O=Example Alliance/CN=2' "$HOST"
cp mds.key mds-bad.key
model mds-bad mds-other '/C=DE/O=Example Alliance/CN=3' "$HOST"
# Somebody else to whom the same root gave a certificate.
cp mds.key mds-web.key
model mds-web mds-root '/C=DE/O=Example Shop/CN=shop.example' \
    "$NOT_CA\nsubjectAltName = DNS:shop.example"

url() {
	openssl base64 -A | tr '+/' '-_' | tr -d =
}

der() { # CERTIFICATE
	openssl x509 -in "$1" -outform DER | openssl base64 -A
}

# r and s of 32 bytes each, in place of DER.
es256() { # KEY
	openssl dgst -sha256 -sign "$1" | openssl asn1parse -inform DER |
	    sed -n 's/.*INTEGER *://p' | while read -r hex; do
		printf '%64s' "$hex" | tr ' ' 0
	done | sed 's/../\\x&/g' | xargs -0 printf '%b'
}

# NAME.jwt of the payload on standard input.
blob() { # NAME [SIGNER [ALG [HEADER]]]
	local name=$1 signer=${2:-mds} alg=${3:-RS256}
	printf '{"alg":"%s","typ":"JWT","x5c":["%s"]%s}' "$alg" \
	    "$(der "$signer.crt")" "${4:-}" | url >header.b64
	url >payload.b64
	printf '%s.%s' "$(cat header.b64)" "$(cat payload.b64)" >signed
	if [ "$alg" = ES256 ]; then
		es256 "$signer.key" <signed | url >sig
	else
		openssl dgst -sha256 -sign "$signer.key" <signed | url >sig
	fi
	printf '%s.%s' "$(cat signed)" "$(cat sig)" >"$name.jwt"
}

# One entry of the model, with these reports.
entry() { # REPORTS [ROOT]
	printf '{"aaguid":"63736561-6c2d-736f-6674-2d746f6b656e",'
	printf '"metadataStatement":{"description":"Example Key 5",'
	printf '"attestationRootCertificates":["%s"]},' "$(der "${2:-root.pem}")"
	printf '"statusReports":[%s]}' "$1"
}

payload() { # ENTRIES [NEXT]
	printf '{"legalHeader":"none","no":42,"nextUpdate":"%s",' \
	    "${2:-2039-12-31}"
	printf '"entries":[%s]}' "$1"
}

report() { # STATUS [DATE [MORE]]
	printf '{"status":"%s","effectiveDate":"%s"%s}' "$1" \
	    "${2:-2020-02-29}" "${3:-}"
}

CERTIFIED=$(report FIDO_CERTIFIED_L1)
payload "$(entry "$CERTIFIED")" | blob good
payload "$(entry "$CERTIFIED")" | blob ec mds-ec ES256
payload "$(entry "$CERTIFIED")" | blob other mds-bad
payload "$(entry "$CERTIFIED")" | blob web mds-web
payload "$(entry "$CERTIFIED")" 2021-01-31 | blob old
payload "" | blob empty
payload "$(entry "$CERTIFIED" stranger.pem)" | blob elsewhere
payload "$(entry "$(report NOT_FIDO_CERTIFIED)")" | blob uncertified
for status in REVOKED USER_VERIFICATION_BYPASS ATTESTATION_KEY_COMPROMISE \
    USER_KEY_REMOTE_COMPROMISE USER_KEY_PHYSICAL_COMPROMISE; do
	payload "$(entry "$CERTIFIED,$(report $status)")" | blob "$status"
done
payload "$(entry "$CERTIFIED,$(report REVOKED),$(report UPDATE_AVAILABLE)")" |
    blob mended
DAY=$(date -u -d '+100 days' +%F)
date -u -d "$DAY" +%s >later.day
payload "$(entry "$CERTIFIED,$(report REVOKED "$DAY")")" | blob later
payload "$(entry "$(report FIDO_CERTIFIED_L1 "$DAY")")" | blob certifies
payload "$(entry "$CERTIFIED,$(report ATTESTATION_KEY_COMPROMISE 2020-02-29 \
    ",\"certificate\":\"$(der unnamed.crt)\"")")" | blob batch
payload "$(entry "$CERTIFIED"),$(entry "$(report REVOKED)")" | blob twice

# By the key of its certificate, of U2F: method 1 of RFC 5280.
id=$(openssl ec -in u2f.key -pubout -outform DER \
    2>/dev/null | tail -c 65 | openssl dgst -sha1 -r | cut -c1-40)
payload "$(printf '{"attestationCertificateKeyIdentifiers":["%s"],' "$id"
    printf '"metadataStatement":{"description":"Example U2F",'
    printf '"attestationRootCertificates":["%s"]},' "$(der root.pem)"
    printf '"statusReports":[%s]}' "$CERTIFIED")" | blob u2f

# ---- payloads and headers that are none ----

printf '[]' | blob list
printf '{"no":1,"no":2,"nextUpdate":"2039-12-31","entries":[]}' | blob double
printf '{"no":1,"nextUpdate":"2039-13-31","entries":[]}' | blob no-date
printf '{"no":-1,"nextUpdate":"2039-12-31","entries":[]}' | blob no-number
printf '{"no":1,"nextUpdate":"2039-12-31","entries":{}}' | blob no-entries
printf '{"no":1,"nextUpdate":"2039-12-31","entries":[]} x' | blob behind
payload "$(entry '{"status":7}')" | blob no-status
payload "$(entry "$(report REVOKED soon)")" | blob no-day
payload '{"statusReports":"none"}' | blob no-reports
payload "$(printf '%64s' '' | tr ' ' '[')" | blob deep
payload "" | blob crit mds RS256 ',"crit":["b64"]'
payload "" | blob hs256 mds HS256
payload "" | blob mixed mds-ec RS256
