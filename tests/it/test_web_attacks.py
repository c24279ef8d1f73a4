"""mdg-web against browsers and programs that mean harm, on a real desk, byte by byte."""
import http.client
import json
import os
import random
import re
import socket
import time

import pytest
from desk import Desk
from servers import WAIT_S
from web import Web, WebError

PASSWORD = "ことば と ことば の あいだ"
DAY_S = 86400


@pytest.fixture(scope="module")
def desk(place, build_dir):
    with Desk(place + "/desk", build_dir, web=True) as d:
        d.init()
        d.start()
        d.add_people()
        for login in ("sato", "suzuki"):
            d.run("user", "password", login, "--password-file", "-", text=PASSWORD)
        d.wait_web()
        yield d


@pytest.fixture
def sato(desk):
    return Web(desk.web_port).sign_in("sato", PASSWORD)


def refused(status, fn, *args, **kw):
    with pytest.raises(WebError) as e:
        fn(*args, **kw)
    assert e.value.status == status, e.value
    return e.value.body


def raw(desk, data):
    """What the server says to these bytes, until it hangs up; who did not ask for that hears
    until it falls silent."""
    with socket.create_connection(("127.0.0.1", desk.web_port), timeout=WAIT_S) as s:
        out = b""
        try:
            s.sendall(data)
            s.settimeout(WAIT_S if b"Connection: close" in data else 2)
            while True:
                piece = s.recv(65536)
                if not piece:
                    break
                out += piece
        except OSError:
            pass
        return out


def statuses(out):
    return [int(s) for s in re.findall(rb"HTTP/1\.1 (\d{3}) ", out)]


def head(desk, line, *more):
    return "\r\n".join([line, "Host: 127.0.0.1:%d" % desk.web_port, *more, "", ""]).encode()


def alive(desk):
    assert Web(desk.web_port).raw("GET", "/healthz")[0] == 200
    assert desk.alive()


# ---- sessions ----------------------------------------------------------------

def test_a_session_cannot_be_planted(desk):
    """The token is made at signing in, whatever cookie came before."""
    web = Web(desk.web_port)
    planted = "madoguchi=" + "ab" * 32
    status, headers, _ = web.raw("POST", "/api/v1/session", json.dumps({"login": "sato", "password": PASSWORD}),
                                 {"Cookie": planted, "X-Forwarded-For": web.address})
    given = headers["Set-Cookie"].split(";")[0]
    assert status == 201 and given != planted
    assert web.raw("GET", "/api/v1/me", headers={"Cookie": planted})[0] == 401
    again = Web(desk.web_port).sign_in("sato", PASSWORD)
    assert again.cookie != given
    for flag in ("HttpOnly", "SameSite=Strict", "Path=/"):
        assert flag in headers["Set-Cookie"]
    assert "Domain" not in headers["Set-Cookie"]


def test_the_word_of_another_session_is_none(sato, desk):
    other = Web(desk.web_port).sign_in("suzuki", PASSWORD)
    for word in (other.csrf, "", sato.csrf.upper() + "x", sato.cookie.split("=")[1]):
        status, _, out = sato.raw("POST", "/api/v1/totp/remove", json.dumps({"code": "1"}),
                                  {"Cookie": sato.cookie, "X-CSRF-Token": word})
        assert status == 403 and json.loads(out)["code"] == "forged", word
    for name, value in (("Origin", "null"), ("Origin", "http://127.0.0.1:1"), ("Sec-Fetch-Site", "same-site"),
                        ("Sec-Fetch-Site", "none")):
        assert refused(403, sato.call, "POST", "/totp/remove", {"code": "1"}, {name: value})["code"] == "forged"
    # nor can another site sign somebody in
    refused(403, Web(desk.web_port).call, "POST", "/session", {"login": "sato", "password": PASSWORD},
            {"Origin": "https://evil.example"})


def test_a_session_ends_when_nobody_uses_it_and_in_any_case(desk):
    used, idle = (Web(desk.web_port).sign_in("suzuki", PASSWORD) for _ in "ab")
    ended = {}
    for hour in range(1, 24 * 40):
        desk.call("clock.advance", seconds=3600)
        for name, web in (("used", used), ("idle", idle)):
            if name in ended or (name == "idle" and hour % 8):
                continue
            try:
                web.get("/me")
            except WebError as e:
                assert e.status == 401
                ended[name] = hour
        if len(ended) == 2:
            break
    # one that is looked at each eighth hour may live as long as one in use, never longer
    assert set(ended) == {"used", "idle"} and ended["idle"] <= ended["used"] + 8
    assert ended["used"] > 8
    fresh = Web(desk.web_port).sign_in("suzuki", PASSWORD)
    desk.call("clock.advance", seconds=30 * DAY_S)
    refused(401, fresh.get, "/me")


# ---- requests ------------------------------------------------------------------

def test_paths_lead_nowhere_else(desk):
    for path in ("/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
                 "/app.js/../../desk.db", "/.git/config", "/index.html%00.js", "/\\..\\x.js", "/%ff%fe.js",
                 "/madoguchi.conf", "/master.key"):
        for out in (raw(desk, head(desk, "GET %s HTTP/1.1" % path, "Connection: close")),):
            assert b"root:" not in out and b"store =" not in out
            assert statuses(out)[0] in (200, 400, 404), path
            if statuses(out)[0] == 200:        # a page of the application: it looks at its own address
                assert b"<!doctype html" in out.lower()


def test_what_two_readers_could_cut_differently_is_refused(desk, sato):
    """Smuggling: no second request is found in the first one's body."""
    inner = head(desk, "GET /healthz HTTP/1.1")
    good = ["Cookie: " + sato.cookie]
    for more in (["Content-Length: 4", "Content-Length: %d" % len(inner)],
                 ["Content-Length: 0", "Transfer-Encoding: chunked"],
                 ["Transfer-Encoding: chunked, identity"], ["Transfer-Encoding: xchunked"],
                 ["Content-Length: +5"], ["Content-Length: -1"], ["Content-Length: 0x10"],
                 ["Content-Length: 99999999999999999999"], ["Content-Length : 5"]):
        out = raw(desk, head(desk, "POST /api/v1/session HTTP/1.1", *good, *more) + inner)
        seen = statuses(out)
        # refused, or read in one way only: the connection then ends with it
        assert not seen or seen[0] >= 400 or len(seen) == 1, (more, seen)
        assert 200 not in seen[1:] or more[-1].startswith("Content-Length: 0"), (more, seen)
    alive(desk)


def test_a_header_cannot_be_made_of_an_argument(desk, sato):
    for path in ("/api/v1/tickets?format=csv&window=%0d%0aSet-Cookie:x=1", "/api/v1/tickets/1%0d%0aX-A:b",
                 "/api/v1/messages/1/attachments/1%0d%0aX-A:b?show=1"):
        out = raw(desk, head(desk, "GET %s HTTP/1.1" % path, "Cookie: " + sato.cookie, "Connection: close"))
        first = out.split(b"\r\n\r\n")[0].lower()
        assert b"\r\nset-cookie" not in first and b"\r\nx-a" not in first, path


def test_the_host_must_be_ours_and_one(desk):
    for lines in ([], ["Host: evil.example"], ["Host: 127.0.0.1:%d.evil.example" % desk.web_port],
                  ["Host: evil.example", "X-Forwarded-Host: 127.0.0.1:%d" % desk.web_port],
                  ["Host: "], ["Host: 127.0.0.1:%d@evil.example" % desk.web_port]):
        out = raw(desk, ("\r\n".join(["GET / HTTP/1.1", *lines, "Connection: close", "", ""])).encode())
        assert not statuses(out) or statuses(out)[0] in (400, 421), (lines, statuses(out))
    out = raw(desk, b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n")
    assert not statuses(out) or statuses(out)[0] in (400, 404, 421)


def test_json_that_is_none_is_refused(desk, sato):
    h = {"Cookie": sato.cookie, "X-CSRF-Token": sato.csrf}
    for body in (b"[" * 100000, b'{"a":' * 100000, b'{"a":1,"a":2}', b"\xff\xfe{}", b'{"a":"\xc3\x28"}', b"null", b"[]",
                 b'"x"', b'{"login":"\\ud800"}', b'{"a":1e999}', b'{"a":"\\u0000"}', b"{}{}", b"{" + b" " * 1000):
        status, got, out = sato.raw("POST", "/api/v1/tokens", body, h)
        assert status in (400, 422), (body[:20], status)
        assert got["Content-Type"] == "application/problem+json" and json.loads(out)["title"]
    alive(desk)


def test_what_is_too_big_or_never_ends_is_cut_off(desk, sato):
    h = ["Cookie: " + sato.cookie, "X-CSRF-Token: " + sato.csrf]
    big = b"x" * (9 << 20)
    out = raw(desk, head(desk, "POST /api/v1/tokens HTTP/1.1", *h, "Content-Length: %d" % len(big)) + big)
    assert not statuses(out) or statuses(out)[0] == 413
    for many in (["X-%d: %s" % (i, "y" * 1000) for i in range(200)], ["Cookie: " + "a=b; " * 40000],
                 ["X-Long: " + "z" * 200000]):
        out = raw(desk, head(desk, "GET /api/v1/me HTTP/1.1", *many))
        assert not statuses(out) or statuses(out)[0] >= 400
    out = raw(desk, head(desk, "GET /%s HTTP/1.1" % ("a" * 100000)))
    assert not statuses(out) or statuses(out)[0] >= 400
    # chunks that never end: no more than the limit is kept
    chunk = b"10000\r\n" + b"q" * 65536 + b"\r\n"
    out = raw(desk, head(desk, "POST /api/v1/tokens HTTP/1.1", *h, "Transfer-Encoding: chunked") + chunk * 200
              + b"0\r\n\r\n")
    assert not statuses(out) or statuses(out)[0] == 413
    alive(desk)


def test_who_dawdles_keeps_nobody_waiting(desk):
    """Two hundred half requests, a byte now and then: the others are served at once."""
    slow = []
    for i in range(200):
        s = socket.create_connection(("127.0.0.1", desk.web_port), timeout=WAIT_S)
        s.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-" % desk.web_port)
        slow.append(s)
    for s in slow:
        s.sendall(b"a")
    begun = time.monotonic()
    alive(desk)
    assert time.monotonic() - begun < 20         # not after two hundred timeouts
    for s in slow:
        s.close()


def test_requests_in_a_row_are_answered_in_order(desk, sato):
    one = head(desk, "GET /api/v1/me HTTP/1.1", "Cookie: " + sato.cookie)
    two = head(desk, "GET /healthz HTTP/1.1", "Connection: close")
    assert statuses(raw(desk, one + one + two)) == [200, 200, 200]


def test_noise_harms_nothing(desk):
    r = random.Random(20261122)
    base = head(desk, "POST /api/v1/session HTTP/1.1", "Content-Type: application/json", "Content-Length: 20")
    for _ in range(300):
        data = bytearray(base + b'{"login":"a","b":1}\n')
        for _ in range(r.randrange(1, 12)):
            at = r.randrange(len(data))
            how = r.randrange(3)
            if how == 0:
                data[at] = r.randrange(256)
            elif how == 1:
                del data[at:at + r.randrange(1, 9)]
            else:
                data[at:at] = r.randbytes(r.randrange(1, 9))
        with socket.create_connection(("127.0.0.1", desk.web_port), timeout=WAIT_S) as s:
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
            s.settimeout(0.05)
            try:
                s.recv(4096)
            except OSError:
                pass
    alive(desk)


# ---- how much one may ask ----------------------------------------------------

def test_one_address_is_told_to_wait_and_the_others_are_not(desk, sato):
    one = head(desk, "GET /healthz HTTP/1.1", "X-Forwarded-For: 198.51.100.99")
    out = raw(desk, one * 3000 + head(desk, "GET /healthz HTTP/1.1", "Connection: close"))
    assert set(statuses(out)) == {200, 429} and re.search(rb"Retry-After: [1-9]", out)
    assert sato.get("/me")["login"] == "sato"


def test_a_file_that_was_sent_in_does_nothing_in_a_browser(desk, sato):
    ticket = sato.post("/tickets", kind="phone", window="support", subject="x", text="x", name="花子",
                       address="h@customer.example")["ticket"]
    draft = sato.post("/tickets/%d/drafts" % ticket, body="x")["draft"]
    for name, kind in (("a.html", "text/html"), ("a.svg", "image/svg+xml"), ("../../x", "text/plain"),
                       ("%0d%0aX-A:b", "text/html")):
        sato.call("POST", "/drafts/%d/files?filename=%s" % (draft, name), os.urandom(1000), {"Content-Type": kind})
        assert sato.headers["X-Content-Type-Options"] == "nosniff"
    names = [f["filename"] for f in sato.get("/drafts/%d" % draft)["files"]]
    assert len(names) == 4 and all("\n" not in n and "/" not in n for n in names), names
