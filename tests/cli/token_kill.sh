#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The software key killed at any call that alters its files: started again, it
# has every credential that it acknowledged, and no counter comes twice.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

case ${BUILD:-build} in
/*) KILL=$BUILD/tests/fault/kill.so ;;
*) KILL=$ROOT/${BUILD:-build}/tests/fault/kill.so ;;
esac

if [ ! -e "$KILL" ] || ! /usr/bin/python3 -c 'import cbor2' 2>/dev/null; then
	skip "kills of the software key" \
	    "$KILL is not built or python3-cbor2 is missing"
	tap_done
fi

cat >"$WORK/kill.py" <<'PY'
import hashlib, os, shutil, socket, struct, subprocess, sys
import cbor2

token, kill, work = sys.argv[1:]
sock, state = work + "/k.sock", work + "/k.state"
HASH = hashlib.sha256(b"client data").digest()
RP = "example.org"
CALLS_MAX = 200

class Gone(Exception):
    pass

class Key:
    """A token that is killed at a call of that number, or at none."""
    def __init__(self, number):
        env = dict(os.environ)
        if number:
            env["LD_PRELOAD"] = kill
            env["KILL_AT"] = str(number)
            env["ASAN_OPTIONS"] = ("verify_asan_link_order=0:" +
                                   env.get("ASAN_OPTIONS", ""))
        r, w = os.pipe()
        with open(work + "/k.log", "w") as log:
            self.process = subprocess.Popen(
                [token, "--socket", sock, "--state", state, "--no-uv",
                 "--presence", "always", "--ready-fd", str(w)],
                env=env, pass_fds=[w], stdin=subprocess.DEVNULL, stderr=log)
        os.close(w)
        ready = b""
        while not ready.endswith(b"ready\n"):
            piece = os.read(r, 64)
            if not piece:
                break
            ready += piece
        os.close(r)
        self.s = None
        if ready.endswith(b"ready\n"):
            self.s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self.s.settimeout(120)
            self.s.connect(sock)
            data = self.message(0xffffffff, 0x86, b"12345678")
            self.cid = struct.unpack(">I", data[8:12])[0]

    def receive(self):
        try:
            report = self.s.recv(128)
        except ConnectionError:
            report = b""
        if not report:
            raise Gone
        return report

    def message(self, cid, cmd, data):
        out = [struct.pack(">IBH", cid, cmd, len(data)) + data[:57]]
        for seq, at in enumerate(range(57, len(data), 59)):
            out.append(struct.pack(">IB", cid, seq) + data[at:at + 59])
        for report in out:
            try:
                self.s.send(report.ljust(64, b"\0"))
            except (BrokenPipeError, ConnectionError):
                raise Gone
        while True:
            report = self.receive()
            if report[4] != 0xbb:
                break
        assert report[4] == cmd, report.hex()
        n, got = struct.unpack(">H", report[5:7])[0], report[7:]
        while len(got) < n:
            got += self.receive()[5:]
        return got[:n]

    def ctap(self, command, params=None):
        if self.s is None:
            raise Gone
        body = b""
        if params is not None:
            body = cbor2.dumps(params, canonical=True)
        reply = self.message(self.cid, 0x90, bytes([command]) + body)
        return reply[0], cbor2.loads(reply[1:]) if len(reply) > 1 else None

    def end(self):
        self.process.terminate()
        self.process.wait()
        return self.process.returncode

class Known:
    """What the token acknowledged."""
    def __init__(self):
        self.ids, self.counter = [], 0

    def count(self, authdata):
        counter = struct.unpack(">I", authdata[33:37])[0]
        assert counter > self.counter, \
            "counter %d after %d" % (counter, self.counter)
        self.counter = counter

def make(key, known, user, rk):
    status, reply = key.ctap(0x01, {
        1: HASH, 2: {"id": RP}, 3: {"id": user},
        4: [{"alg": -7, "type": "public-key"}], 7: {"rk": rk}})
    assert status == 0, "makeCredential: %02x" % status
    known.count(reply[2])
    n = struct.unpack(">H", reply[2][53:55])[0]
    known.ids.append((reply[2][55:55 + n], rk))

def sign(key, known, ident):
    params = {1: RP, 2: HASH}
    if ident is not None:
        params[3] = [{"id": ident, "type": "public-key"}]
    status, reply = key.ctap(0x02, params)
    assert status == 0, "getAssertion: %02x" % status
    known.count(reply[2])
    return reply

def story(key, known):
    make(key, known, b"a", True)
    make(key, known, b"b", False)
    sign(key, known, known.ids[0][0])
    make(key, known, b"c", True)
    sign(key, known, None)
    # In the place of the first of them.
    old = known.ids[1]
    known.ids[1] = None
    make(key, known, b"a", True)
    sign(key, known, old[0] if not old[1] else known.ids[-1][0])

def judge(known):
    key = Key(0)
    assert key.s is not None, "does not start: " + open(work + "/k.log").read()
    for ident, _ in (one for one in known.ids if one):
        sign(key, known, ident)
    # Those that are resident are found without a list, too.
    found = {sign(key, known, None)[1]["id"]}
    while True:
        status, reply = key.ctap(0x08)
        if status != 0:
            break
        known.count(reply[2])
        found.add(reply[1]["id"])
    for ident, rk in (one for one in known.ids if one):
        assert not rk or ident in found, "a resident credential is lost"
    assert key.end() == 0

def clear(path):
    for end in ("", ".new", ".lock"):
        if os.path.exists(path + end):
            os.unlink(path + end)

def main(step):
    clear(state)
    first, key = Known(), Key(0)
    make(key, first, b"old", True)
    assert key.end() == 0
    shutil.copy(state, state + ".before")
    kills = 0
    for number in range(1, CALLS_MAX, step):
        clear(state)
        shutil.copy(state + ".before", state)
        known = Known()
        known.ids, known.counter = list(first.ids), first.counter
        key = Key(number)
        try:
            story(key, known)
            status = key.end()
        except Gone:
            status = key.process.wait()
        assert status in (0, -9), "status %d" % status
        try:
            judge(known)
        except AssertionError as e:
            sys.exit("killed at call %d: %s" % (number, e))
        if status == 0:
            print("# killed at %d calls" % kills)
            return 0 if kills >= 25 // step else 1
        kills += 1
    return 1

sys.exit(main(int(os.environ.get("STEP", "1"))))
PY

# Sanitizers make each run slow, and see in some what they would see in all.
STEP=1
! ldd "$TOKEN" | grep -q 'lib[at]san' || STEP=7
export STEP

run /usr/bin/python3 "$WORK/kill.py" "$TOKEN" "$KILL" "$WORK"
printf '%s\n' "$OUT"
expect "a key killed at any call loses nothing that it acknowledged" 0

text="nor do its PIN, its tries and what was managed come back or get lost"
if ! /usr/bin/python3 -c 'import fido2' 2>/dev/null; then
	skip "$text" "python3-fido2 is missing"
	tap_done
fi
export TOKEN KILL
TMPDIR=$WORK PYTHONDONTWRITEBYTECODE=1 \
    run /usr/bin/python3 "$ROOT/tests/interop/kill.py"
printf '%s\n' "$OUT"
expect "$text" 0
tap_done
