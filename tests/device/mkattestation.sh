#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Attestation of a batch of keys (WebAuthn Level 2, section 8.2.1), made anew:
#   tests/device/mkattestation.sh FOLDER
# writes into FOLDER
#   root.pem     the maker's certificate
#   batch.pem    a key and its certificate by that maker, as
#                counterseal-token --attestation takes them
#   stranger.pem the certificate of another maker, of the same name
#   foreign.pem  as batch.pem, by the other maker
#   model.pem    as batch.pem, but for another model's AAGUID
#   long.pem     as batch.pem, with an authority between batch and root
set -eu

cd "$1"
umask 077

# AAGUIDs of counterseal-token ("cseal-SOFT-token") and of another model.
OWN=637365616c2d534f46542d746f6b656e
OTHER=637365616c2d736f66742d746f6b656e

# What WebAuthn 8.2.1 asks of the certificate of a batch.
extensions() { # AAGUID
	cat <<-EXT
	basicConstraints = critical, CA:FALSE
	1.3.6.1.4.1.45724.1.1.4 = DER:0410$1
	EXT
}

key() { # NAME
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
	    -out "$1.key" 2>/dev/null
}

root() { # NAME
	key "$1"
	openssl req -x509 -new -key "$1.key" -sha256 -days 3650 \
	    -subj '/C=DE/O=Example Keys/CN=Example Keys Root' \
	    -addext 'basicConstraints=critical,CA:TRUE' \
	    -addext 'keyUsage=critical,keyCertSign' -out "$1.pem"
}

# An authority below another, or the certificate of a batch.
signed() { # NAME BY SUBJECT EXTENSIONS
	key "$1"
	openssl req -new -key "$1.key" -sha256 -subj "$3" -out "$1.csr"
	printf '%s\n' "$4" >"$1.ext"
	openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" \
	    -set_serial "0x$(openssl rand -hex 8)" -sha256 -days 3650 \
	    -extfile "$1.ext" -out "$1.crt" 2>/dev/null
}

batch() { # NAME BY AAGUID
	signed "$1" "$2" '/C=DE/O=Example Keys/OU=Authenticator Attestation/CN=Example Keys Batch 1' \
	    "$(extensions "$3")"
	cat "$1.key" "$1.crt" >"$1.pem"
}

root root
root stranger
batch batch root "$OWN"
batch foreign stranger "$OWN"
batch model root "$OTHER"

signed between root '/C=DE/O=Example Keys/CN=Example Keys Line 7' \
    'basicConstraints = critical, CA:TRUE'
cp between.crt between.pem
batch long between "$OWN"
cat between.crt >>long.pem
