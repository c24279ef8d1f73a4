"""Sessions of browsers as time goes by, on a real desk whose clock a test moves: idleness,
age, wrong passwords, devices, codes that are shown twice, streams of news."""
import base64
import hashlib
import hmac
import http.client
import re
import socket
import struct
import time

import pytest
from desk import TOP, Desk
from servers import wait_until
from web import Web, WebError

PASSWORD = "ことば と ことば の あいだ"
HOUR = 3600


@pytest.fixture(scope="module")
def desk(place, build_dir):
    with Desk(place + "/desk", build_dir, web=True) as d:
        d.init()
        d.start()
        with open(build_dir + "/config.h", encoding="utf-8") as f:
            if "#define MDG_FAULTS 1" not in f.read():
                pytest.skip("needs a clock that moves (--enable-faults)")
        d.wait_web()
        yield d


@pytest.fixture
def person(desk, request):
    """Somebody new, so that no test sees the wrong tries of another."""
    login = "p%08x" % (hash(request.node.name) & 0xffffffff)
    desk.run("user", "add", login, "--name", "x", "--email", login + "@example.jp")
    desk.run("user", "password", login, "--password-file", "-", text=PASSWORD)
    return login


def sign_in(desk, login, password=PASSWORD, **more):
    """From an address of its own."""
    web = Web(desk.web_port)
    web.csrf = web.post("/session", login=login, password=password, **more)["csrf"]
    web.cookie = web.headers["Set-Cookie"].split(";")[0]
    return web


def refused(status, fn, *args, **kw):
    with pytest.raises(WebError) as e:
        fn(*args, **kw)
    assert e.value.status in (status if isinstance(status, tuple) else (status,)), e.value
    return e.value.body


def later(desk, seconds):
    desk.call("clock.advance", seconds=seconds)


def test_a_session_that_rests_for_eight_hours_ends_long_before_it_is_old(desk, person):
    web, other = sign_in(desk, person), sign_in(desk, person)
    later(desk, 8 * HOUR - 300)
    assert web.get("/me")["login"] == person          # and was used by that
    later(desk, 600)
    assert refused(401, other.get, "/me")["code"] == "auth"
    assert web.get("/me")["login"] == person
    assert [s["current"] for s in web.get("/sessions")["sessions"]] == [True]


def test_a_session_that_never_rests_ends_after_a_day(desk, person):
    web = sign_in(desk, person)
    for _ in range(23):
        later(desk, HOUR)
        assert web.get("/me")["login"] == person
    later(desk, HOUR - 300)
    assert web.get("/me")["login"] == person
    later(desk, 600)
    assert refused(401, web.get, "/me")["code"] == "auth"
    assert sign_in(desk, person).get("/me")["login"] == person


def test_each_wrong_password_makes_one_wait_twice_as_long_up_to_a_quarter_hour(desk, person):
    def waits():
        """What a wrong try says: seconds until the next, 0 at once."""
        body = refused_any(desk, person)
        found = re.search(r"(\d+)秒", body["title"])
        return int(found[1]) if found else 0
    seen = []
    for _ in range(14):
        seen.append(waits())
        later(desk, seen[-1] + 1)                    # it asks exactly that long
    assert seen[:2] == [0, 0] and seen[-1] == seen[-2] == 900
    grown = [s for s in seen if s]
    assert all(b in (2 * a, 900) for a, b in zip(grown, grown[1:])) and grown[0] <= 4
    # meanwhile not even the right one, from wherever it is tried
    assert refused_any(desk, person)
    assert refused(429, sign_in, desk, person)["code"] == "too-many"
    # others are not kept out, and who got in begins anew
    later(desk, 901)
    sign_in(desk, person)
    assert waits() == 0


def refused_any(desk, login):
    with pytest.raises(WebError) as e:
        sign_in(desk, login, "not the password")
    assert e.value.status in (401, 429), e.value
    return e.value.body


def test_one_device_is_put_out_and_its_stream_with_it(desk, person):
    here, there = sign_in(desk, person), sign_in(desk, person)
    c = http.client.HTTPConnection("127.0.0.1", desk.web_port, timeout=60)
    c.request("GET", "/api/v1/events", headers={"Cookie": there.cookie, "User-Agent": "x"})
    stream = c.getresponse()
    assert stream.status == 200
    listed = here.get("/sessions")["sessions"]
    assert {s["address"] for s in listed} == {here.address, there.address}
    gone = next(s for s in listed if s["address"] == there.address)
    assert here.post("/sessions/end", session=gone["session"])["ended"] == 1
    refused(401, there.get, "/me")
    for _ in stream:                                   # it ends; the browser comes back …
        pass
    refused(401, there.get, "/events")                 # … and is turned away
    assert [s["address"] for s in here.get("/sessions")["sessions"]] == [here.address]
    third = sign_in(desk, person)
    assert here.post("/sessions/end", others=True)["ended"] == 1
    refused(401, third.get, "/me")
    assert here.get("/me")["login"] == person


def code(secret, step):
    mac = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1)
    at = mac[-1] & 15
    return "%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7fffffff) % 1000000)


def test_a_code_opens_once_and_none_before_it_any_more(desk, person):
    web = sign_in(desk, person)
    secret = web.post("/totp")["secret"]

    def step():
        return desk.json("status")["now_s"] // 30
    web.post("/totp/confirm", code=code(secret, step()))
    later(desk, 300)
    now = step()
    # one early, one late are taken: clocks differ
    sign_in(desk, person, code=code(secret, now + 1))
    for used in (now + 1, now, now - 1):               # the same, and what was before it
        later(desk, 3)                                 # the wait that the third wrong one makes
        refused((401, 429), sign_in, desk, person, code=code(secret, used))
    later(desk, 300)
    now = step()
    sign_in(desk, person, code=code(secret, now))
    later(desk, 300)                                   # wrong ones count as wrong passwords do
    refused(401, sign_in, desk, person, code=code(secret, step() - 9))
    refused(401, sign_in, desk, person, code="000000")
    sign_in(desk, person, code=code(secret, step()))


# ---- streams of news ---------------------------------------------------------

def open_stream(desk, web, n):
    c = http.client.HTTPConnection("127.0.0.1", desk.web_port, timeout=60)
    c.request("GET", "/api/v1/events", headers={"Cookie": web.cookie,
                                                "X-Forwarded-For": "203.0.%d.%d" % (n // 200 + 1, n % 200 + 1)})
    r = c.getresponse()
    if r.status != 200:
        r.read()
        c.close()
    return r.status, c


def open_freed(desk, web, n):
    """The same, once the page that has just gone is missed: long before the next beat (15 s)."""
    end = time.monotonic() + 10
    while True:
        status, c = open_stream(desk, web, n)
        if status != 429 or time.monotonic() > end:
            return status, c
        time.sleep(0.1)


def limit(name):
    with open(TOP + "/include/madoguchi/base/limits.h", encoding="utf-8") as f:
        return int(re.search(r"#define %s (\d+)" % name, f.read())[1])


def newest(web):
    """The newest change that mdg-web has told of."""
    web.get("/me")
    return int(web.headers["Madoguchi-News"])


def streams_know_everybody(desk, web):
    """Until then: a change of who there is ends every stream."""
    told = desk.query("SELECT MAX(seq) FROM event WHERE kind LIKE 'user.%'")[0][0]
    wait_until("the streams know who there is", lambda: newest(web) >= told)


def test_one_person_has_so_many_streams_and_no_more(desk, person):
    most = limit("MDG_WEB_STREAMS_OF_ONE_MAX")
    web = sign_in(desk, person)
    streams_know_everybody(desk, web)
    lines = []
    for n in range(most):
        status, c = open_stream(desk, web, n)
        assert status == 200, n
        lines.append(c)
    assert open_stream(desk, web, most)[0] == 429
    for n in range(10 * most):                         # each page that goes makes room
        lines.pop(n % most).close()
        status, c = open_freed(desk, web, n)
        assert status == 200, n
        lines.append(c)
    assert open_stream(desk, web, most)[0] == 429
    for c in lines:
        c.close()


def test_a_browser_that_dies_leaves_its_place_too(desk, person):
    web = sign_in(desk, person)
    for n in range(3 * limit("MDG_WEB_STREAMS_OF_ONE_MAX")):
        status, c = open_freed(desk, web, n)
        assert status == 200, n
        # no farewell: the connection is reset
        c.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        c.close()


def test_all_together_have_so_many_streams_and_no_more(desk):
    most, each = limit("MDG_WEB_STREAMS_MAX"), limit("MDG_WEB_STREAMS_OF_ONE_MAX")
    people = ["many%d" % k for k in range(-(-most // each) + 1)]
    for login in people:
        desk.run("user", "add", login, "--name", "x", "--email", login + "@example.jp")
        desk.run("user", "password", login, "--password-file", "-", text=PASSWORD)
    streams_know_everybody(desk, sign_in(desk, people[0]))
    lines = []
    for login in people:
        web = sign_in(desk, login)
        while len(lines) < most:
            status, c = open_stream(desk, web, len(lines))
            if status == 429:
                break                                  # enough for one
            assert status == 200, len(lines)
            lines.append(c)
    assert len(lines) == most
    assert open_stream(desk, web, most)[0] == 503
    assert sign_in(desk, "many0").get("/me")["login"] == "many0"     # answers are not streams
    for c in lines:
        c.close()
