"""Servers that misbehave on purpose: a listener and a script per connection."""
import base64
import contextlib
import os
import re
import socket
import threading
import time

import pytest
from desk import has_faults


def sanitized(build_dir):
    """Built with sanitizers: memory means nothing then."""
    with open(build_dir + "/config.h", encoding="ascii") as f:
        return "#define MDG_SANITIZERS 1" in f.read()


def short_timeouts(build_dir, ms=3000):
    """An environment in which no answer is waited for longer than that: soon
    enough for tests, and late enough for a server that means well on a busy
    machine."""
    if not has_faults(build_dir):
        pytest.skip("timeouts are shortened only with --enable-faults")
    return dict(os.environ, MDG_NET_TIMEOUT_MS=str(ms))


# libetpan's own leaks are not ours to find
os.environ.setdefault("LSAN_OPTIONS", "print_suppressions=0:suppressions="
                      + os.path.join(os.path.dirname(os.path.abspath(__file__)), "libetpan.supp"))


class Gone(Exception):
    """The client hung up."""


class Conn:
    def __init__(self, sock):
        self.sock, self.buf = sock, b""
        self.spoke = threading.Event()
        sock.settimeout(60)

    def send(self, data):
        if isinstance(data, str):
            data = data.encode()
        try:
            self.sock.sendall(data)
        except OSError as e:
            raise Gone from e
        finally:
            self.spoke.set()

    def until_gone(self):
        """Says nothing for as long as the client has patience."""
        with contextlib.suppress(OSError):
            while self.sock.recv(65536):
                pass
        raise Gone

    def forever(self, data):
        """Until the client has had enough."""
        while True:
            self.send(data)

    def slowly(self, data, pause=0.2):
        for b in data:
            self.send(bytes([b]))
            time.sleep(pause)

    def line(self):
        while b"\n" not in self.buf:
            try:
                more = self.sock.recv(65536)
            except OSError as e:
                raise Gone from e
            if not more:
                raise Gone
            self.buf += more
        line, self.buf = self.buf.split(b"\n", 1)
        return line.rstrip(b"\r").decode("utf-8", "replace")

    def close(self):
        """Now, with whatever was sent before it."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.spoke.set()
        raise Gone


class Evil:
    """with Evil(script) as port: …; script(conn, number) serves a connection."""

    def __init__(self, script):
        self.script, self.n = script, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.errors = []
        self.threads = [threading.Thread(target=self.accept, daemon=True)]

    def __enter__(self):
        self.threads[0].start()
        return self.listener.getsockname()[1]

    def __exit__(self, *exc):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for t in self.threads:
            t.join(30)
        assert not self.errors, self.errors

    def accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            self.n += 1
            t = threading.Thread(target=self.serve, args=(sock, self.n), daemon=True)
            self.threads.append(t)
            t.start()

    def serve(self, sock, n):
        with sock:
            try:
                self.script(Conn(sock), n)
            except Gone:
                pass
            except Exception as e:     # pylint: disable=broad-except
                self.errors.append(e)


class Imap:
    """A small IMAP server; `on` maps a command's name to f(conn, tag, args),
    which answers in its place. mails: uid -> bytes."""

    date = "21-Nov-2026 10:00:00 +0900"     # when each of them came

    def __init__(self, mails=None, caps="IMAP4rev1 IDLE SASL-IR AUTH=PLAIN", **on):
        self.mails, self.caps, self.on = mails or {}, caps, on
        self.seen = []

    def __call__(self, c, n):
        self.number = n
        greet = self.on.get("GREETING")
        if greet:
            greet(c)
        else:
            c.send("* OK ready\r\n")
        while True:
            line = c.line()
            self.seen.append(line)
            tag, _, rest = line.partition(" ")
            words = rest.split(" ", 2)
            name = words[0].upper()
            if name == "UID":
                name, args = words[1].upper(), words[2]
            else:
                args = rest.partition(" ")[2]
            handler = self.on.get(name) or getattr(self, "do_" + name.lower(), None)
            if handler is None:
                c.send("%s OK whatever\r\n" % tag)
            else:
                handler(c, tag, args)

    def do_capability(self, c, tag, args):
        c.send("* CAPABILITY %s\r\n%s OK done\r\n" % (self.caps, tag))

    def do_logout(self, c, tag, args):
        c.send("* BYE\r\n%s OK done\r\n" % tag)
        c.close()

    def do_examine(self, c, tag, args):
        c.send("* %d EXISTS\r\n* OK [UIDVALIDITY 5] x\r\n* OK [UIDNEXT %d] x\r\n"
               "%s OK [READ-ONLY] done\r\n"
               % (len(self.mails), max(self.mails or [0]) + 1, tag))

    def uids(self, spec):
        for part in spec.split(","):
            low, _, high = part.partition(":")
            high = high or low
            high = max(self.mails or [1]) if high == "*" else int(high)
            low, high = sorted((int(low), high))
            yield from (u for u in sorted(self.mails) if low <= u <= high)

    def do_search(self, c, tag, args):
        found = list(self.uids(args.split(" ")[1])) if args.startswith("UID ") else []
        c.send("* SEARCH %s\r\n%s OK done\r\n" % (" ".join(map(str, found)), tag))

    def size(self, uid):
        return len(self.mails[uid])

    def items(self, uid):
        """What a listing may ask for."""
        return {"UID": uid, "RFC822.SIZE": self.size(uid), "INTERNALDATE": '"%s"' % self.date}

    def do_fetch(self, c, tag, args):
        spec, what = args.split(" ", 1)
        for uid in dict.fromkeys(self.uids(spec)):
            if "BODY" in what:
                self.body(c, uid)
            else:
                c.send("* 1 FETCH (%s)\r\n" % " ".join(
                    "%s %s" % x for x in self.items(uid).items() if x[0] in what))
        c.send("%s OK done\r\n" % tag)

    def body(self, c, uid):
        raw = self.mails[uid]
        c.send(b"* 1 FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (uid, len(raw), raw))


class Smtp:
    """A small SMTP server; `on` maps EHLO, MAIL, RCPT, DATA, BODY (after the
    354), DOT (the answer) … to a reply or f(conn, line). None: hangs up."""

    def __init__(self, caps=("8BITMIME", "SIZE 100000"), **on):
        self.caps, self.on = caps, on
        self.seen, self.body = [], None
        self.amid_body = None       # set once it has spoken after the 354

    def say(self, c, what, line, default):
        answer = self.on.get(what, default)
        if callable(answer):
            answer = answer(c, line)
        if answer is None:
            c.close()
        c.send(answer if answer.endswith("\n") or not answer else answer + "\r\n")
        return answer

    def __call__(self, c, n):
        self.say(c, "GREETING", "", "220 evil.example ESMTP")
        while True:
            line = c.line()
            self.seen.append(line)
            name = re.split("[ :]", line)[0].upper()
            if name == "EHLO":
                self.say(c, name, line, "".join("250-%s\r\n" % x for x in ("evil", *self.caps))
                         + "250 HELP")
            elif name == "DATA":
                if self.say(c, name, line, "354 go").startswith("354"):
                    self.take_body(c)
            elif name == "AUTH":
                self.auth(c, line)
            elif name == "QUIT":
                self.say(c, name, line, "221 bye")
                c.close()
            else:
                self.say(c, name, line, "250 2.0.0 ok")

    def auth(self, c, line):
        words = line.split(" ")
        got = [base64.b64decode(words[2])] if len(words) > 2 else []
        while len(got) < (2 if words[1] == "LOGIN" else 1):
            c.send("334 VXNlcm5hbWU6\r\n")
            got.append(base64.b64decode(c.line()))
        self.said = (words[1], got)
        self.say(c, "AUTH", line, "235 welcome")

    def take_body(self, c):
        if "BODY" in self.on:
            self.amid_body = c.spoke = threading.Event()
            self.say(c, "BODY", "", "")
        data = b""
        while not (data.endswith(b"\r\n.\r\n") or data == b".\r\n"):
            data += self.raw_line(c)
        self.body = data[:-3]
        self.say(c, "DOT", "", "250 2.0.0 taken")

    @staticmethod
    def raw_line(c):
        while b"\n" not in c.buf:
            more = c.sock.recv(65536)
            if not more:
                raise Gone
            c.buf += more
        line, c.buf = c.buf.split(b"\n", 1)
        return line + b"\n"
