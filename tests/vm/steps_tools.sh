# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2154
# The same keys with programs that other people wrote, on their own ways to
# the device: libfido2's tools, OpenSSH, python3-fido2.

cd "/home/$PERSON" || exit 1

hash_of() { # TEXT
	printf '%s' "$1" | openssl dgst -sha256 -binary | openssl base64
}

# A credential, then an assertion, with user verification by the PIN.
fido2_tools() { # NAME
	local name=$1 node pin
	node=$(node_of "$1")
	pin="{PIN for .*: \$} \"${pin_of[$1]}\\r\""
	run_as "$PERSON" fido2-token -I "$node"
	expect "fido2-token -I, $name's" 0 'FIDO_2_1'
	printf '%s\nexample.org\nuser\nAAECAw==\n' "$(hash_of cred)" >cred.in
	typed "$pin" fido2-cred -M -v -i cred.in -o "$name.cred" "$node" es256
	expect "fido2-cred -M, $name's" 0
	run_as "$PERSON" fido2-cred -V -v -i "$name.cred" -o "$name.out" es256
	expect "fido2-cred -V" 0
	sed 1d "$name.out" >"$name.pem"
	printf '%s\nexample.org\n%s\n' "$(hash_of assert)" \
	    "$(sed -n 1p "$name.out")" >assert.in
	typed "$pin" fido2-assert -G -v -i assert.in -o "$name.assert" "$node"
	expect "fido2-assert -G, $name's" 0
	run_as "$PERSON" fido2-assert -V -v -p -i "$name.assert" "$name.pem" \
	    es256
	expect "fido2-assert -V" 0
}

run_as "$PERSON" fido2-token -L
expect "fido2-token -L lists the one over uhid" 0 "^$(node_of lin):"
expect "and the one over USB" 0 "^$(node_of mina):.*Counterseal"
chmod 777 .
for name in lin mina; do
	fido2_tools $name
done

# ---- OpenSSH ----

signed() { # NAME
	printf '%s %s' "$1" "$(cat "ssh-$1.pub")" >signers
	run_as "$PERSON" sh -c "ssh-keygen -Y verify -f signers -I $1 \
	    -n file -s message.sig <message"
	expect "which verifies" 0 'Good "file" signature'
	rm -f message.sig
}

echo 'to be signed' >message
run_as "$PERSON" ssh-keygen -t ecdsa-sk -O device="$(node_of lin)" -N '' \
    -C lin -f ssh-lin
expect "ssh-keygen -t ecdsa-sk, lin's" 0
run_as "$PERSON" ssh-keygen -Y sign -f ssh-lin -n file message
expect "a signature; of two keys ssh-keygen finds lin's" 0
signed lin

# Where the PIN is required ssh-keygen cannot find the key without it: it takes
# the one that is touched first.
pull lin
pin="{PIN for .*: \$} \"$MINA_PIN\\r\""
typed "$pin" ssh-keygen -t ecdsa-sk -O verify-required \
    -O device="$(node_of mina)" -N '' -C mina -f ssh-mina
expect "ssh-keygen -t ecdsa-sk -O verify-required, mina's" 0
typed "$pin" ssh-keygen -Y sign -f ssh-mina -n file message
expect "a signature, with the PIN" 0
signed mina
does "lin's is put back" plug lin

# ---- python3-fido2 ----

run_as "$PERSON" /usr/bin/python3 "$here/client.py" \
    "$(node_of lin)=$LIN_PIN" "$(node_of mina)=$MINA_PIN"
expect "python3-fido2 finds and uses lin's" 0 "^$(node_of lin) .*FIDO_2_1"
expect "and mina's" 0 "^$(node_of mina) .*FIDO_2_1"
