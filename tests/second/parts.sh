#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The second verifier's own parts: encoding, tree, keys, policy, matching.
set -u
cd "$(dirname "$0")" || exit 1

if ! /usr/bin/python3 -c 'import cbor2, cryptography' 2>/dev/null; then
	echo "1..0 # SKIP python3-cbor2 or python3-cryptography is missing"
	exit 0
fi
exec /usr/bin/python3 test_verify.py
