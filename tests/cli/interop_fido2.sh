#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The software key with a client that others wrote: tests/interop/.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

if ! /usr/bin/python3 -c 'import fido2, cryptography' 2>/dev/null; then
	skip "python3-fido2 as a client" "it is not installed"
	tap_done
fi
mkdir "$WORK/chains"
if ! "$ROOT/tests/device/mkattestation.sh" "$WORK/chains"; then
	not_ok "chains of attestation"
	tap_done
fi
# The paths of sockets must be short, and no cache goes into the sources.
TOKEN=$TOKEN CHAINS=$WORK/chains TMPDIR=$WORK PYTHONDONTWRITEBYTECODE=1 \
    /usr/bin/python3 "$ROOT/tests/interop/test_fido2.py"
