"""mdg-web by its API, on a real desk: signing in, roles, forged requests, the way of a reply."""
import base64
import concurrent.futures
import hashlib
import hmac
import http.client
import json
import os
import re
import struct
import subprocess

import pytest
from desk import Desk
from servers import Servers, wait_until
from web import Web, WebError

PASSWORD, MAIL = "ことば と ことば の あいだ", "desk-secret"
CUSTOMER = "hanako@customer.example"
HTML = ('<p style="color:red">こんにちは</p><script>alert(1)</script><img src="cid:pic@x">'
        '<img src="https://tracker.example/a.png"><form action="https://x.example"><input></form>'
        '<svg onload="alert(2)"></svg><a href="javascript:alert(3)">a</a>')


def mail(number, extra=""):
    return ("From: 花子 <%s>\r\nTo: support@example.jp\r\nSubject: mail %d\r\n"
            "Message-ID: <web%d@customer.example>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0900\r\n"
            "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            "%s%s\r\n--b\r\nContent-Type: image/png; name=pic.png\r\nContent-ID: <pic@x>\r\n"
            "Content-Disposition: inline; filename=pic.png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            "iVBORw0KGgo=\r\n--b--\r\n" % (CUSTOMER, number, number, HTML, extra)).encode()


@pytest.fixture(scope="module")
def post(place):
    with Servers(place + "/servers") as s:
        s.add_user(Desk.ADDRESS, MAIL)
        s.add_user(CUSTOMER, "x")
        yield s


@pytest.fixture(scope="module")
def desk(place, post, build_dir):
    with Desk(place + "/desk", build_dir, web=True) as d:
        d.init()
        d.start()
        d.add_people()
        for login in ("sato", "suzuki", "admin"):
            d.run("user", "password", login, "--password-file", "-", text=PASSWORD)
        d.add_mailbox(post, Desk.ADDRESS, MAIL)
        post.deliver_all([(CUSTOMER, Desk.ADDRESS, mail(1)), (CUSTOMER, Desk.ADDRESS, mail(2))])
        wait_until("the mails", lambda: d.delivered() >= 2, 60, d.alive)
        # what mdg-text says of them changes them once more
        for (number,) in d.query("SELECT number FROM ticket"):
            wait_until("ticket %d judged" % number, lambda n=number: d.call(
                "ticket.show", ticket=n).get("suggestions") is not None, 60, d.alive)
        d.wait_web()
        yield d


@pytest.fixture
def sato(desk):
    return Web(desk.web_port).sign_in("sato", PASSWORD)


@pytest.fixture
def suzuki(desk):
    return Web(desk.web_port).sign_in("suzuki", PASSWORD)


def ticket_of(desk, number):
    return desk.query("SELECT t.number FROM message m JOIN ticket t ON t.id = m.ticket_id"
                      " WHERE m.message_id = ?1", "web%d@customer.example" % number)[0][0]


def problem(status, fn, *args, **kw):
    with pytest.raises(WebError) as e:
        fn(*args, **kw)
    assert e.value.status == status, e.value
    assert e.value.body["title"] and e.value.body["status"] == status
    return e.value.body


# ---- signing in ----------------------------------------------------------

def test_nobody_reads_without_a_session(desk):
    web = Web(desk.web_port)
    for path in ("/me", "/tickets", "/approvals", "/users", "/events"):
        assert problem(401, web.get, path)["code"] == "auth"
    assert web.raw("GET", "/healthz")[0] == 200


def test_a_session_knows_who_it_is_and_ends(desk, sato):
    me = sato.get("/me")
    assert me["login"] == "sato" and me["windows"][0]["role"] == "operator"
    assert [s for s in sato.get("/sessions")["sessions"] if s["current"]]
    cookie = sato.cookie
    sato.call("DELETE", "/session")
    assert problem(401, sato.get, "/me")
    assert cookie.split("=")[1] not in json.dumps(desk.query("SELECT hex(hash) FROM session")).lower()


def test_the_cookie_is_out_of_reach(sato):
    sato.post("/session", login="sato", password=PASSWORD)
    flags = {f.strip() for f in sato.headers["Set-Cookie"].split(";")[1:]}
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= flags


def test_each_answer_carries_its_guards(desk):
    _, h, _ = Web(desk.web_port).raw("GET", "/healthz")
    csp = h["Content-Security-Policy"]
    assert "default-src 'none'" in csp and "unsafe" not in csp
    assert h["X-Content-Type-Options"] == "nosniff" and h["Referrer-Policy"] == "no-referrer"


def test_another_name_of_this_host_is_refused(desk):
    status, _, _ = Web(desk.web_port).raw("GET", "/api/v1/me", headers={"Host": "evil.example"})
    assert status == 421


def test_forged_requests_change_nothing(desk, sato):
    number = ticket_of(desk, 1)
    path = "/tickets/%d/hold" % number
    good, sato.csrf = sato.csrf, "0" * 32
    assert problem(403, sato.post, path, reason="x")["code"] == "forged"
    sato.csrf = good
    for name, value in (("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")):
        problem(403, sato.call, "POST", path, {"reason": "x"}, {name: value})
    assert sato.get("/tickets/%d" % number)["state"] != "hold"


def test_wrong_passwords_make_one_wait(desk):
    desk.run("user", "add", "lockme", "--name", "x", "--email", "lockme@example.jp")
    desk.run("user", "password", "lockme", "--password-file", "-", text=PASSWORD)
    seen = []

    def wrong():
        return desk.query("SELECT COALESCE(MAX(n), 0) FROM login_try"
                          " WHERE subject = 'login:lockme'")[0][0]
    while wrong() < 10:                # each doubles the wait; two minutes and more by then
        with pytest.raises(WebError) as e:
            Web(desk.web_port).sign_in("lockme", "not the password")
        seen.append(e.value.status)
        if seen[-1] == 429:
            desk.call("clock.advance", seconds=150)
    assert seen[0] == 401 and 429 in seen
    # not even the right one, until the time is over
    problem(429, Web(desk.web_port).sign_in, "lockme", PASSWORD)
    desk.call("clock.advance", seconds=3600)
    # mdg-web's own clock did not move: the core's decides
    Web(desk.web_port).sign_in("lockme", PASSWORD)


def test_one_address_cannot_ask_for_ever(desk):
    def tries(i):
        with pytest.raises(WebError) as e:
            Web(desk.web_port, address="198.51.100.7").sign_in("nobody%d" % i, "some wrong password")
        return e.value.status
    # at once: a slow machine forgets some before the next, one by one
    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        seen = set(pool.map(tries, range(40)))
    assert seen == {401, 429}
    # others are not kept out by it
    Web(desk.web_port).sign_in("sato", PASSWORD)


def test_unknown_people_are_not_told_apart(desk):
    web = Web(desk.web_port)
    texts = {problem(401, web.sign_in, who, "some wrong password")["title"]
             for who in ("sato", "nobody-of-that-name")}
    assert len(texts) == 1
    salts = [desk.call("session.salt", login="nobody")["salt"] for _ in range(2)]
    assert salts[0] == salts[1] != desk.call("session.salt", login="nobody2")["salt"]


def test_another_password_ends_the_other_sessions(desk):
    desk.run("user", "add", "tanaka", "--name", "x", "--email", "t@example.jp", "--window", "support")
    desk.run("user", "password", "tanaka", "--password-file", "-", text=PASSWORD)
    one, two = (Web(desk.web_port).sign_in("tanaka", PASSWORD) for _ in "ab")
    problem(403, one.post, "/me/password", current="wrong wrong wrong", password="brand new words")
    problem(422, one.post, "/me/password", current=PASSWORD, password="short")
    one.post("/me/password", current=PASSWORD, password="brand new words")
    assert one.get("/me")["login"] == "tanaka"
    problem(401, two.get, "/me")
    problem(401, two.sign_in, "tanaka", PASSWORD)


def test_roles_are_the_cores(desk, sato):
    problem(403, sato.post, "/users", login="x1", name="x", email="x1@example.jp")
    desk.run("user", "add", "gone", "--name", "x", "--email", "g@example.jp", "--window", "support")
    desk.run("user", "password", "gone", "--password-file", "-", text=PASSWORD)
    web = Web(desk.web_port).sign_in("gone", PASSWORD)
    desk.run("user", "disable", "gone")
    problem(401, web.get, "/tickets/%d" % ticket_of(desk, 1))
    problem(401, web.get, "/tickets")


# ---- programs ------------------------------------------------------------

def with_token(desk, token):
    """A program: no cookie, its token in each request."""
    web = Web(desk.web_port)
    call = web.call
    web.call = lambda method, path, body=None, headers=None: call(
        method, path, body, {**(headers or {}), "Authorization": "Bearer " + token})
    return web


def test_a_token_does_what_its_scopes_say(desk, sato):
    number = ticket_of(desk, 2)
    made = sato.post("/tokens", name="夜間集計", scopes=["read"])
    assert made["token"].startswith("mdg_")
    program = with_token(desk, made["token"])
    assert program.get("/me")["login"] == "sato"
    assert program.get("/tickets/%d" % number)["ticket"] == number
    # no cookie, no forgery: but no scope to write either, and never to its own account
    problem(403, program.post, "/tickets/%d/hold" % number, reason="x")
    problem(403, program.post, "/tokens", name="x", scopes=["read"])
    problem(403, program.get, "/sessions")
    writer = with_token(desk, sato.post("/tokens", name="w", scopes=["write"])["token"])
    writer.post("/tickets/%d/comments" % number, text="プログラムから")
    problem(403, writer.get, "/tickets/%d" % number)
    listed = {t["name"]: t for t in sato.get("/tokens")["tokens"]}
    assert listed["夜間集計"]["scopes"] == ["read"] and listed["夜間集計"]["used_s"] > 0
    assert made["token"][4:] not in json.dumps(desk.query("SELECT hex(hash) FROM api_token")).lower()
    sato.post("/tokens/%d/revoke" % made["id"])
    assert problem(401, program.get, "/me")["code"] == "auth"
    problem(401, with_token(desk, "mdg_" + "0" * 64).get, "/me")
    problem(401, with_token(desk, "nonsense").get, "/me")
    # a cookie beside a bad token does not help it
    problem(401, sato.call, "GET", "/me", None, {"Authorization": "Bearer mdg_" + "0" * 64})


def test_figures_take_a_token(desk, sato):
    web = Web(desk.web_port)
    assert web.raw("GET", "/metrics")[0] == 401
    token = sato.post("/tokens", name="prometheus", scopes=["metrics"])["token"]
    status, headers, text = web.raw("GET", "/metrics", headers={"Authorization": "Bearer " + token})
    assert status == 200 and headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert b"\nmadoguchi_tickets_total " in text
    problem(403, with_token(desk, token).get, "/tickets")


def totp(secret, step):
    mac = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1)
    at = mac[-1] & 15
    return "%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7fffffff) % 1000000)


def test_a_second_step_is_asked_for_once_it_is_on(desk):
    desk.run("user", "add", "futatsu", "--name", "x", "--email", "f@example.jp", "--window", "support")
    desk.run("user", "password", "futatsu", "--password-file", "-", text=PASSWORD)
    web = Web(desk.web_port).sign_in("futatsu", PASSWORD)
    secret = web.post("/totp")["secret"]
    step = desk.json("status")["now_s"] // 30
    recovery = web.post("/totp/confirm", code=totp(secret, step))["recovery"]
    other = Web(desk.web_port)
    assert problem(401, other.sign_in, "futatsu", PASSWORD)["code"] == "code"
    # the code that confirmed was used; a new one opens, once
    problem(401, other.post, "/session", login="futatsu", password=PASSWORD, code=totp(secret, step))
    other.post("/session", login="futatsu", password=PASSWORD, code=totp(secret, step + 1))
    problem(401, other.post, "/session", login="futatsu", password=PASSWORD, code=totp(secret, step + 1))
    other.post("/session", login="futatsu", password=PASSWORD, code=recovery[0])
    assert web.get("/totp")["on"] is True and web.get("/totp")["recovery_left"] == len(recovery) - 1
    problem(403, web.post, "/totp/remove", code="000000")
    web.post("/totp/remove", code=recovery[1])
    Web(desk.web_port).sign_in("futatsu", PASSWORD)


def test_devices_are_listed_and_ended(desk):
    desk.run("user", "add", "kiki", "--name", "x", "--email", "k@example.jp", "--window", "support")
    desk.run("user", "password", "kiki", "--password-file", "-", text=PASSWORD)
    one, two = (Web(desk.web_port).sign_in("kiki", PASSWORD) for _ in "ab")
    other = next(s for s in one.get("/sessions")["sessions"] if not s["current"])
    assert other["address"] == two.address
    one.post("/sessions/end", session=other["session"])
    problem(401, two.get, "/me")
    # nobody ends what is not theirs
    mine = next(s for s in one.get("/sessions")["sessions"] if s["current"])
    with_sato = Web(desk.web_port).sign_in("sato", PASSWORD)
    assert with_sato.post("/sessions/end", session=mine["session"])["ended"] == 0
    assert one.get("/me")["login"] == "kiki"


# ---- reading -------------------------------------------------------------

def test_pages_follow_each_other_without_a_gap(sato):
    whole = [t["ticket"] for t in sato.get("/tickets?state=all&limit=1000")["tickets"]]
    seen, after = [], ""
    while after is not None:
        page = sato.get("/tickets?state=all&limit=1" + (after and "&after=" + after))
        seen += [t["ticket"] for t in page["tickets"]]
        after = page.get("next")
    assert seen == whole and len(whole) >= 1
    problem(422, sato.get, "/tickets?after=nonsense")


def test_a_ticket_is_read_once_until_it_changes(desk, sato):
    path = "/tickets/%d" % ticket_of(desk, 1)
    sato.get(path)
    tag = sato.headers["ETag"]
    assert sato.get(path, **{"If-None-Match": tag}) == b""
    sato.call("POST", path + "/hold", {"reason": "在庫を確認中"}, {"If-Match": tag})
    problem(412, sato.call, "POST", path + "/reopen", {}, {"If-Match": tag})
    assert sato.get(path, **{"If-None-Match": tag})["state"] == "hold"
    sato.post(path + "/assign", to="sato")


def test_hostile_html_is_served_harmless(desk, sato):
    shown = sato.get("/tickets/%d" % ticket_of(desk, 1))
    message = next(m["id"] for m in shown["messages"] if m["html"])
    page = sato.get("/messages/%d/html" % message).decode()
    assert "こんにちは" in page
    for bad in ("<script", "<form", "<svg", "onload", "javascript:", "https://tracker.example/a.png\" "):
        assert bad not in page.replace("data-remote=\"https://tracker.example/a.png\"", "")
    csp = sato.headers["Content-Security-Policy"]
    assert "sandbox" in csp and "script" not in csp and "default-src 'none'" in csp
    picture = re.search(r'src="(/api/v1/messages/\d+/attachments/\d+\?show=1)"', page)[1]
    assert sato.get(picture[len("/api/v1"):]) == b"\x89PNG\r\n\x1a\n"
    assert sato.headers["Content-Type"] == "image/png"
    sato.get(picture[len("/api/v1"):].split("?")[0])
    assert sato.headers["Content-Disposition"].startswith("attachment;")


def rss_kb(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as f:
        return int(re.search(r"RssAnon:\s+(\d+)", f.read())[1])


def test_a_large_file_passes_in_constant_memory(desk, post, sato):
    data = os.urandom(24 << 20)
    lines = base64.encodebytes(data)
    raw = mail(3).replace(b"--b--\r\n", b"--b\r\nContent-Type: application/zip; name=big.zip\r\n"
                          b"Content-Disposition: attachment; filename=big.zip\r\n"
                          b"Content-Transfer-Encoding: base64\r\n\r\n" + lines + b"--b--\r\n")
    with post.mailbox(Desk.ADDRESS) as box:
        before = desk.delivered()
        box.append("INBOX", None, None, raw)
    wait_until("the mail", lambda: desk.delivered() > before, 120, desk.alive)
    shown = sato.get("/tickets/%d" % ticket_of(desk, 3))
    message = shown["messages"][0]["id"]
    n = next(a["n"] for a in sato.get("/tickets/%d/attachments" % shown["ticket"])["attachments"]
             if a["filename"] == "big.zip")
    web_pid = int(subprocess.run(["pgrep", "-P", str(desk.pid), "-f", "mdg-web"], check=True,
                                 stdout=subprocess.PIPE, text=True).stdout.split()[0])
    pids = (desk.pid, web_pid)
    was = [rss_kb(p) for p in pids]
    c = http.client.HTTPConnection("127.0.0.1", desk.web_port, timeout=60)
    c.request("GET", "/api/v1/messages/%d/attachments/%d" % (message, n), headers={"Cookie": sato.cookie})
    r = c.getresponse()
    got = [r.read(1 << 20)]
    # who does not read makes nobody keep it: the others are served meanwhile
    for _ in range(20):
        sato.get("/tickets?limit=1")
    grown = [rss_kb(p) - w for p, w in zip(pids, was)]
    got.append(r.read())
    assert hashlib.sha256(b"".join(got)).digest() == hashlib.sha256(data).digest()
    assert max(grown) < 12 << 10, "kB more in the core and mdg-web: %s" % grown
    # and the mail as it came
    source = sato.get("/messages/%d/raw" % message)
    assert hashlib.sha256(source).digest() == hashlib.sha256(re.sub(b"\r?\n", b"\r\n", raw)).digest()
    assert sato.headers["Content-Disposition"].endswith(".eml")


def test_the_description_is_of_what_is_there(sato):
    doc = sato.get("/openapi.json")
    assert doc["openapi"] == "3.1.0"
    for path, ops in doc["paths"].items():
        if "get" not in ops or path.endswith(("/events", "/openapi.json", "/metrics")):
            continue
        op = ops["get"]
        if any(p["required"] and p["in"] == "query" for p in op["parameters"]):
            continue
        url = re.sub(r"\{(\w+)\}", "1", path[len("/api/v1"):])
        try:
            sato.get(url)
        except WebError as e:
            # named, but not there or not ours to see: never "no such address"
            assert e.body["title"] and e.status in (403, 404, 409, 422), (path, e)
            assert e.body["title"] != "このアドレスには何もありません。", path


def test_lists_are_spreadsheets_too(desk, sato, suzuki):
    text = sato.get("/tickets?state=all&format=csv").decode()
    assert sato.headers["Content-Type"].startswith("text/csv")
    assert text.startswith("\ufeff\"ticket\"") and text.count("\r\n") >= 3
    rows = suzuki.get("/reports/summary?by=day&format=csv").decode().split("\r\n")
    assert len(rows[0].split(",")) == len(rows[1].split(","))
    # what Excel in Japan wrote before 2016
    old = suzuki.get("/tickets?state=all&format=csv&encoding=cp932")
    assert suzuki.headers["Content-Type"] == "text/csv; charset=windows-31j"
    assert old.decode("cp932") == suzuki.get("/tickets?state=all&format=csv").decode("utf-8-sig")
    made = suzuki.post("/tickets", kind="phone", window="support", subject="=1+1 \U0001f600", text="x", name="x",
                       address="emoji@customer.example")["ticket"]
    assert '"\'=1+1 \U0001f600"' in suzuki.get("/tickets?format=csv").decode()
    assert "\U0001f600" in problem(422, suzuki.get, "/tickets?format=csv&encoding=cp932")["title"]
    suzuki.post("/tickets/%d/close" % made, kind="no_reply")
    for bad in ("format=xml", "format=csv&encoding=latin1"):
        problem(422, suzuki.get, "/reports/course?" + bad)


def test_what_an_administrator_looks_at(desk, sato):
    admin = Web(desk.web_port).sign_in("admin", PASSWORD)
    window = admin.get("/windows/support")
    days = admin.get("/windows/support/calendar?year=2026")["days"]
    assert len(days) == 365 and days[0]["date"] == "2026-01-01" and days[0]["name"] == "元日"
    assert not days[0]["hours"] and days[0]["why"] == "holiday"
    tried = admin.post("/windows/support/policy/try", policy={**window["policy"], "first_response_min": 1})
    assert tried["tickets"] >= 1 and tried["kinds"]
    page = admin.get("/audit?limit=3")
    seen = [(e["lane"], e["seq"]) for e in page["events"]]
    while "next" in page:
        page = admin.get("/audit?limit=3&before=" + page["next"])
        seen += [(e["lane"], e["seq"]) for e in page["events"]]
    total = admin.get("/audit/verify")
    assert total["fault"] is None and len(seen) == len(set(seen))
    # each is there, but what has happened since the first page
    newest = dict(reversed(seen))
    missed = set(desk.query("SELECT lane, seq FROM event")) - set(seen)
    assert [e for e in missed if e[1] <= newest.get(e[0], 0)] == []
    assert total["events"] >= len(seen) > 20
    only = admin.get("/audit?kind=ticket&user=sato")["events"]
    assert only and all(e["login"] == "sato" and e["kind"].startswith("ticket.") for e in only)
    problem(403, sato.get, "/audit")
    problem(422, admin.get, "/audit?before=nonsense")


def test_news_do_not_name_tickets_of_other_windows(desk, sato):
    desk.run("user", "add", "soto", "--name", "x", "--email", "s@example.jp")
    desk.run("user", "password", "soto", "--password-file", "-", text=PASSWORD)
    outsider = Web(desk.web_port).sign_in("soto", PASSWORD)
    streams = []
    for web in (outsider, sato):
        c = http.client.HTTPConnection("127.0.0.1", desk.web_port, timeout=60)
        c.request("GET", "/api/v1/events", headers={"Cookie": web.cookie})
        streams.append(c.getresponse())
        while streams[-1].fp.readline().strip():
            pass
    number = ticket_of(desk, 2)
    sato.post("/tickets/%d/comments" % number, text="一言")
    while not ((line := streams[1].fp.readline()).startswith(b"data:") and
               number in json.loads(line[5:])["tickets"]):
        assert line                   # others may be told of before it
    # a change of who may see what ends every stream: until then nothing was told
    desk.run("user", "disable", "soto")
    told = b"".join(iter(streams[0].fp.readline, b"0\r\n"))
    assert b"news" not in told, told


def test_pages_are_told_what_changes(desk, sato):
    c = http.client.HTTPConnection("127.0.0.1", desk.web_port, timeout=60)
    c.request("GET", "/api/v1/events", headers={"Cookie": sato.cookie})
    r = c.getresponse()
    assert r.headers["Content-Type"] == "text/event-stream"
    lines = iter(r.fp.readline, b"")
    assert any(b"hello" in line for line in lines)
    number = ticket_of(desk, 2)
    sato.post("/tickets/%d/hold" % number, reason="確認中")
    for line in lines:
        if line.startswith(b"data:") and number in json.loads(line[5:]).get("tickets", []):
            break
    else:
        pytest.fail("no news of ticket %d" % number)
    c.close()
    sato.post("/tickets/%d/assign" % number, to="sato")


# ---- the way of a reply --------------------------------------------------

def test_the_circle_goes_through_the_api(desk, post, sato, suzuki):
    number = ticket_of(desk, 1)
    draft = sato.post("/tickets/%d/drafts" % number, body="花子様\n\nお世話になっております。\n承りました。")["draft"]
    path = "/drafts/%d" % draft
    sato.post(path + "/lock")
    problem(409, suzuki.post, path + "/lock")
    assert isinstance(sato.post(path + "/check")["findings"], list)
    rev = sato.get(path)["rev"]
    sato.call("PATCH", path, {"rev": rev, "body": "花子様\n\nお世話になっております。\n返品を承ります。"})
    problem(409, sato.call, "PATCH", path, {"rev": rev, "body": "遅れた保存"})
    sato.call("POST", path + "/files?filename=%E6%A1%88%E5%86%85.txt", b"0123456789" * 60000,
              {"Content-Type": "text/plain"})
    files = sato.get(path)["files"]
    assert files[0]["filename"] == "案内.txt" and files[0]["bytes"] == 600000
    sato.call("DELETE", "%s/files/%d" % (path, files[0]["upload"]))
    sato.post(path + "/submit", override="テスト")
    problem(403, sato.post, path + "/approve")
    assert draft in [a["draft"] for a in suzuki.get("/approvals")["approvals"]]
    code = suzuki.get("/approvals/reasons")["reasons"][0]["code"]
    suzuki.post(path + "/return", code=code, note="日付を入れてください")
    assert [t["ticket"] for t in sato.get("/tickets?state=returned")["tickets"]] == [number]
    sato.call("PATCH", path, {"body": "花子様\n\nお世話になっております。\n11月30日までの返品を承ります。"})
    sato.post(path + "/submit", override="テスト")
    desk.run("golive")
    suzuki.post(path + "/approve")
    raw = post.wait_mails(CUSTOMER, 1, timeout_s=60)[0]
    assert raw
    wait_until("the result", lambda: suzuki.get(path)["state"] == "sent", 30, desk.alive)
