"""mdg-web's stream of news, with the core played by the test."""
import http.client
import json
import os
import re
import socket
import struct
import threading

import pytest
from core import Worker
from servers import free_ports, wait_until

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
CALL, ANSWER, NEWS = 100, 101, 105
TICKETS = 200                                    # named by one piece of news


def limit():
    """MDG_WEB_STREAM_BYTES_MAX, from where it is written."""
    with open(TOP + "/include/madoguchi/base/limits.h", encoding="utf-8") as f:
        return int(re.search(r"MDG_WEB_STREAM_BYTES_MAX\s*\\?\s*\((\d+)u << 10\)", f.read())[1]) << 10


class Core(Worker):
    """What mdg-web speaks to: everybody is an administrator, and news come when told to."""

    def __init__(self, build, port):
        with open(TOP + "/src/web/table.c", encoding="utf-8") as f:
            acts = re.findall(r'"([a-z_]+(?:\.[a-z_]+)*)"', f.read())
        super().__init__(build + "/src/mdg-web", "--listen", "127.0.0.1:%d" % port,
                         "--ui", build + "/src/web/ui/dist")
        self.sent = 0
        self.lock = threading.Lock()
        self.tell(2, {"url": "", "acts": [{"act": a, "args": [], "role": "viewer"} for a in set(acts)]})
        threading.Thread(target=self.answer, daemon=True).start()

    def __exit__(self, *exc):
        self.sock.shutdown(socket.SHUT_RDWR)     # wakes answer(), too
        super().__exit__(*exc)

    def tell(self, kind, what, ident=0):
        payload = json.dumps(what).encode()
        with self.lock:
            self.sock.sendall(struct.pack("<IHHI", len(payload), kind, 0, ident) + payload)

    def answer(self):
        """Each call is one for session.who."""
        self.sock.settimeout(None)
        buf = b""
        while more := self.sock.recv(1 << 16):
            buf += more
            while len(buf) >= 12:
                n, kind, _, ident = struct.unpack("<IHHI", buf[:12])
                if len(buf) < 12 + n:
                    break
                buf = buf[12 + n:]
                if kind == CALL:
                    self.tell(ANSWER, {"result": {"login": "sato", "admin": True, "windows": []}}, ident)

    def news(self, times):
        for _ in range(times):
            self.sent += 1
            self.tell(NEWS, {"seq": self.sent, "many": False, "people": False,
                             "tickets": [[10000 + i, "main"] for i in range(TICKETS)]})


@pytest.fixture
def web(build_dir):
    if not os.path.exists(build_dir + "/src/web/ui/dist/app.js"):
        pytest.skip("the UI is not built here")
    port, = free_ports(1)
    with Core(build_dir, port) as core:
        core.port = port
        wait_until("mdg-web", lambda: answers(port), 60, lambda: core.proc.poll() is None)
        yield core


def answers(port):
    """It knows its core, and so what it serves."""
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        c.request("GET", "/api/v1/openapi.json")
        return c.getresponse().status == 200
    except OSError:
        return False
    finally:
        c.close()


def listen(port):
    """A page that asked for news, on a machine that keeps next to nothing of them unread."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    s.settimeout(60)
    s.connect(("127.0.0.1", port))
    s.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: madoguchi=%s\r\n\r\n" % (port, b"a" * 64))
    r = http.client.HTTPResponse(s)
    r.begin()
    assert r.status == 200
    while not (line := r.readline()).startswith(b"data:"):
        assert line
    return s, r, json.loads(line[5:])["seq"]


def rss_kb(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read())[1])


def test_a_page_that_does_not_read_is_cut_off_and_comes_again(web):
    page, stream, _ = listen(web.port)
    before = rss_kb(web.proc.pid)
    web.news(8000)                     # 10 MB: far more than both machines hold between them
    body = stream.read()
    told = [json.loads(line[5:])["seq"] for line in body.splitlines() if line.startswith(b"data:")]
    assert told == list(range(1, len(told) + 1))       # whole, and in order
    assert len(told) < web.sent        # the stream has ended before the last of them
    assert len(body) > limit() - 2 * len(body) / len(told)
    assert rss_kb(web.proc.pid) - before < 5 << 10
    # it asks again, and learns how far the desk is
    again, _, seq = listen(web.port)
    assert seq == web.sent
    page.close()
    again.close()
