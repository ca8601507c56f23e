# SPDX-License-Identifier: BSD-2-Clause
"""counterseal-token as python3-fido2 sees it: its CTAPHID over our socket."""

import os
import shutil
import socket
import subprocess
import tempfile

from fido2.ctap2 import Ctap2
from fido2.hid import CtapHidDevice
from fido2.hid.base import CtapHidConnection, HidDescriptor

REPORT = 64
TIMEOUT = 120


class SocketConnection(CtapHidConnection):
    """A report is a datagram."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(TIMEOUT)
        self.socket.connect(path)

    def write_packet(self, data):
        self.socket.send(data)

    def read_packet(self):
        report = self.socket.recv(REPORT)
        if len(report) != REPORT:
            raise ConnectionError("the key is gone")
        return report

    def close(self):
        self.socket.close()


class Key:
    """
    A key of its own, new, with the options; switched on. `env` is what its
    environment has beside ours, until that is changed.
    """

    def __init__(self, *options, env=None):
        self.options = options
        self.env = env or {}
        self.folder = tempfile.mkdtemp(prefix="k")
        self.path = os.path.join(self.folder, "s")
        self.process = self.device = None
        self.on()

    def on(self):
        ready, out = os.pipe()
        self.process = subprocess.Popen(
            [os.environ["TOKEN"], "--socket", self.path, "--state",
             os.path.join(self.folder, "state"), "--presence", "always",
             "--ready-fd", str(out), *self.options],
            env={**os.environ, **self.env}, pass_fds=[out], stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(out)
        with os.fdopen(ready) as lines:
            if lines.readline() != "ready\n":
                raise ConnectionError("the key does not start")
        descriptor = HidDescriptor(self.path, 0, 0, REPORT, REPORT)
        self.device = CtapHidDevice(descriptor, SocketConnection(self.path))

    def off(self):
        self.device.close()
        self.process.terminate()
        if self.process.wait(TIMEOUT) != 0:
            raise RuntimeError("the key ended with %d"
                               % self.process.returncode)

    def cycle(self):
        self.off()
        self.on()

    def ctap(self):
        """Asks getInfo anew; replies must be canonical CBOR."""
        return Ctap2(self.device, strict_cbor=True)

    def __enter__(self):
        return self

    def __exit__(self, *what):
        if self.device is not None:
            self.device.close()
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(TIMEOUT)
        shutil.rmtree(self.folder)
