"""The core's end of a worker's channel, for tests: frames, fields, messages.

Follows include/madoguchi/ipc/{frame,wire,proto}.h."""
import os
import socket
import struct
import subprocess

from servers import WAIT_S

TYPES = dict(
    HELLO=1, CONFIG=2, PROBLEM=3, FOLDER=20, CURSOR=21, LISTED=22, RAW=23, FETCH_FAILED=24,
    ACK=25, SYNCED=26, APPEND=27, APPENDED=28, LIST_UIDS=29, UIDS=30, POKE=31, IGNORED=32,
    FETCH_UIDS=33, SERVER_ACT=34, SERVER_ACTED=35, QUOTA=36, LIST_FOLDERS=37, FOLDERS=38,
    FOLDER_PROBLEM=39, SEND=40,
    COMMITTING=41, COMMIT_OK=42, RESULT=43, TEST=90, STEP=91, END=92)
NAMES = {v: k for k, v in TYPES.items()}
TLS = {"none": 0, "starttls": 1, "tls": 2}


def u8(v):
    return struct.pack("<B", v)


def u32(v):
    return struct.pack("<I", v)


def i64(v):
    return struct.pack("<q", v)


def text(s):
    if s is None:
        return u32(0)
    raw = s.encode()
    return u32(len(raw) + 1) + raw


def blob(b):
    return u32(len(b)) + b


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        assert self.at + n <= len(self.data)
        self.at += n
        return self.data[self.at - n:self.at]

    def u8(self):
        return self.take(1)[0]

    def u32(self):
        return struct.unpack("<I", self.take(4))[0]

    def i64(self):
        return struct.unpack("<q", self.take(8))[0]

    def text(self):
        n = self.u32()
        return None if n == 0 else self.take(n - 1).decode()

    def blob(self):
        return self.take(self.u32())

    def err(self):
        code, message, words = self.u32(), self.u32(), self.blob()
        return code, message, words


def access(host, port, tls, login, secret, auth=0, name="desk.example.jp"):
    return (text(host) + u32(port) + u32(TLS[tls]) + u32(auth) + text(login) + text(secret)
            + text(None) + text(name))


def imap_config(acc, folders, poll_s=60):
    out = acc + u32(poll_s) + u32(len(folders))
    for ident, name, since, *sent in folders:
        out += i64(ident) + text(name) + i64(since) + u8(1 if sent and sent[0] else 0)
    return out


def unpack(name, data):
    """The fields of a message from a worker, as a dictionary."""
    r = Reader(data)
    if name == "HELLO":
        return dict(version=r.u32(), role=r.u32(), build=r.text())
    if name == "PROBLEM":
        return dict(err=r.err())
    if name == "FOLDER":
        return dict(folder=r.i64(), uidvalidity=r.u32(), uidnext=r.u32(), exists=r.u32(),
                    modseq=r.i64(), name=r.text())
    if name == "LISTED":
        out = dict(folder=r.i64(), uidvalidity=r.u32())
        out["uids"] = [(r.u32(), r.i64(), r.i64()) for _ in range(r.u32())]
        return out
    if name == "RAW":
        return dict(folder=r.i64(), uidvalidity=r.u32(), uid=r.u32(), n=r.u32(), last=r.u8(),
                    bytes=r.i64(), digest=r.take(32), zstd=r.blob())
    if name == "FETCH_FAILED":
        return dict(folder=r.i64(), uidvalidity=r.u32(), uid=r.u32(), vanished=r.u8(),
                    reason=r.text())
    if name in ("SYNCED", "COMMITTING"):
        return dict(id=r.i64())
    if name == "APPENDED":
        return dict(ok=r.u8(), err=r.err())
    if name in ("SERVER_ACTED", "FOLDER_PROBLEM"):
        return dict(folder=r.i64(), ok=r.u8(), err=r.err())
    if name == "QUOTA":
        return dict(used=r.i64(), limit=r.i64())
    if name == "FOLDERS":
        return dict(folders=[(r.text(), r.text(), r.text(), r.u8()) for _ in range(r.u32())])
    if name in ("UIDS", "IGNORED"):
        out = dict(folder=r.i64(), uidvalidity=r.u32(), last=r.u8())
        out["uids"] = [r.u32() for _ in range(r.u32())]
        return out
    if name == "RESULT":
        out = dict(outbox=r.i64(), account=r.u8(), phase=r.text())
        out["rcpts"] = [(r.text(), r.u32(), r.u32(), r.text()) for _ in range(r.u32())]
        return out
    if name == "STEP":
        return dict(name=r.text(), ok=r.u8(), ms=r.u32(), err=r.err())
    assert name == "END", name
    return {}


class Worker:
    """A worker program and our end of its channel."""

    def __init__(self, program, *argv, timeout=WAIT_S):
        ours, theirs = socket.socketpair()
        self.sock = ours
        ours.settimeout(timeout)
        fd = os.dup(theirs.fileno())
        # the leak check needs what a confined process may not do
        env = {"ASAN_OPTIONS": "detect_leaks=0", **os.environ}
        self.proc = subprocess.Popen(
            [program, *argv], pass_fds=(3,), stdin=subprocess.DEVNULL, env=env,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: os.dup2(fd, 3))    # pylint: disable=W1509
        os.close(fd)
        theirs.close()
        self.buf = b""
        self.low = None        # answer each FOLDER with this watermark

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.sock.close()
        try:
            self.proc.wait(WAIT_S)
        finally:
            self.proc.kill()
            self.proc.wait()

    def send(self, name, payload=b"", ident=0):
        self.sock.sendall(struct.pack("<IHHI", len(payload), TYPES[name], 0, ident) + payload)

    def recv(self):
        """(name, fields, id) of the next frame; None at the end."""
        while True:
            if len(self.buf) >= 12:
                n, kind, zero, ident = struct.unpack("<IHHI", self.buf[:12])
                assert zero == 0
                if len(self.buf) >= 12 + n:
                    data, self.buf = self.buf[12:12 + n], self.buf[12 + n:]
                    fields = unpack(NAMES[kind], data)
                    if NAMES[kind] == "FOLDER" and self.low is not None:
                        self.send("CURSOR", i64(fields["folder"]) + u32(fields["uidvalidity"])
                                  + u32(self.low) + u32(fields["uidnext"]))
                    return NAMES[kind], fields, ident
            more = self.sock.recv(1 << 20)
            if not more:
                return None
            self.buf += more

    def until(self, name):
        """Frames up to the next one of this name: (it, those before it)."""
        before = []
        while True:
            got = self.recv()
            assert got is not None, before
            if got[0] == name:
                return got[1], before
            before.append(got)

    def peak_kb(self):
        with open("/proc/%d/status" % self.proc.pid, encoding="ascii") as f:
            return next(int(line.split()[1]) for line in f if line.startswith("VmHWM"))
