"""Hostile and broken IMAP servers: every session ends in time, in bounded
memory, with a reason; no mail stops another."""
import base64
import resource
import subprocess
import time

import pytest
from core import Worker, access, i64, imap_config
from evil import Evil, Imap, sanitized, short_timeouts
from servers import WAIT_S

AS_BYTES = 768 << 20
SMALL = {1: b"Subject: 1\r\n\r\none\r\n", 2: b"Subject: 2\r\n\r\ntwo\r\n",
         3: b"Subject: 3\r\n\r\nthree\r\n"}
BIG = {9: b"x" * 5_000_000}


def drive(build_dir, script, *ops, mode="none", limit_s=40, ms=3000):
    env = short_timeouts(build_dir, ms)
    def confine():
        if not sanitized(build_dir):
            resource.setrlimit(resource.RLIMIT_AS, (AS_BYTES, AS_BYTES))
    with Evil(script) as port:
        began = time.monotonic()
        done = subprocess.run(
            [build_dir + "/tests/it/imapdrive", "127.0.0.1", str(port), mode, "-", "u", "p", *ops],
            stdout=subprocess.PIPE, text=True, check=False, env=env, timeout=300,
            preexec_fn=confine)
        assert sanitized(build_dir) or time.monotonic() - began < limit_s
    lines = done.stdout.splitlines()
    assert done.returncode in (0, 1), done.stdout
    if not sanitized(build_dir):
        assert int(lines[-1].split()[1]) < 60_000, lines[-1]
    return lines


def err(lines):
    return next((x.split()[1:3] for x in lines if x.startswith("ERR")), None)


def bodies(lines):
    return [int(x.split()[1]) for x in lines if x.startswith("mail")]


def greeting(f):
    return Imap(GREETING=f)


@pytest.mark.parametrize("script,code", [
    (greeting(lambda c: c.send("SSH-2.0-OpenSSH_9.2\r\n")), "net_greeting"),
    (greeting(lambda c: c.send("HTTP/1.1 400 Bad Request\r\n\r\n")), "net_greeting"),
    (greeting(lambda c: c.send("* BYE too many connections\r\n")), "net_greeting"),
    (greeting(lambda c: c.close()), "net_silent"),
    (greeting(lambda c: c.send(b"\0\xff\r\n")), "net_greeting"),
    (greeting(lambda c: c.until_gone()), "net_silent"),
    (greeting(lambda c: c.slowly(b"* OK " + b"x" * 60)), "net_timeout"),
    (greeting(lambda c: c.forever(b"A" * 65536)), "net_too_much"),
    (greeting(lambda c: c.forever(b"* OK x\r\n" * 8192)), "net_"),
])
def test_a_bad_greeting_ends_the_session(build_dir, script, code):
    assert err(drive(build_dir, script, "select", "INBOX"))[1].startswith(code)


def literal_then_close(announced, given):
    def fetch(c, tag, args):
        if "BODY" not in args:
            return server.do_fetch(c, tag, args)
        c.send(b"* 1 FETCH (UID %d BODY[] {%d}\r\n" % (min(server.mails), announced))
        c.send(b"x" * given)
        return c.close()
    server = Imap(dict(SMALL), FETCH=fetch)
    return server


@pytest.mark.parametrize("mails", [SMALL, BIG])
@pytest.mark.parametrize("announced,given", [(1000, 10), (4294967295, 10), (4294967295, 1 << 20),
                                             (99999999999999999999, 1000)])
def test_a_literal_that_never_ends_is_given_up(build_dir, mails, announced, given):
    server = literal_then_close(announced, given)
    server.mails = dict(mails)
    lines = drive(build_dir, server, "select", "INBOX", "fetch", "0")
    assert err(lines)[0] in ("network", "protocol", "timeout")
    assert not bodies(lines)


def endless(c, tag, args):
    c.forever(b"* 1 FETCH (FLAGS (" + b"x" * 65536)


def flood(c, tag, args):
    c.forever(b"* OK still there\r\n" * 4096)


def drip(c, tag, args):
    c.slowly(b"* 1 FETCH (UID 1 FLAGS (" + b"x" * 100)


@pytest.mark.parametrize("command,ops", [
    ("FETCH", ("select", "INBOX", "list", "0")),
    ("EXAMINE", ("select", "INBOX")),
    ("LIST", ("folders",)),
    ("STATUS", ("status", "INBOX")),
    ("AUTHENTICATE", ("select", "INBOX")),
    ("CAPABILITY", ("select", "INBOX")),
    ("IDLE", ("select", "INBOX", "idle", "500")),
    ("SEARCH", ("select", "INBOX", "find", "Sent", "a@b")),
])
@pytest.mark.parametrize("how", [endless, flood, drip])
def test_an_endless_answer_ends_in_time_and_memory(build_dir, command, ops, how):
    lines = drive(build_dir, Imap(dict(SMALL), **{command: how}), *ops)
    assert err(lines)[0] in ("network", "protocol", "timeout")


def test_starttls_with_more_behind_it_is_refused(build_dir):
    server = Imap(caps="IMAP4rev1 STARTTLS AUTH=PLAIN",
                  STARTTLS=lambda c, tag, a: c.send("%s OK go\r\n* CAPABILITY evil\r\n" % tag))
    assert err(drive(build_dir, server, mode="starttls")) == ["tls", "net_starttls_injected"]
    assert not any("AUTHENTICATE" in s or "LOGIN" in s for s in server.seen)


@pytest.mark.parametrize("server", [
    Imap(caps="IMAP4rev1 AUTH=PLAIN"),
    Imap(caps="IMAP4rev1 STARTTLS", GREETING=lambda c: c.send("* PREAUTH hello\r\n")),
])
def test_no_starttls_no_password(build_dir, server):
    assert err(drive(build_dir, server, mode="starttls")) == ["tls", "net_starttls_missing"]
    assert not any("AUTHENTICATE" in s or "LOGIN" in s for s in server.seen)


@pytest.mark.parametrize("answer,code", [
    ("NO [AUTHENTICATIONFAILED] wrong", ["auth", "net_login_refused"]),
    ("NO [UNAVAILABLE] later", ["busy", "net_login_busy"]),
    ("BAD what", ["auth", "net_login_refused"]),
])
def test_a_refused_login_says_which_way(build_dir, answer, code):
    server = Imap(AUTHENTICATE=lambda c, tag, a: c.send("%s %s\r\n" % (tag, answer)))
    assert err(drive(build_dir, server)) == code


def test_login_is_used_where_plain_is_not_offered(build_dir):
    server = Imap(dict(SMALL), caps="IMAP4rev1")
    assert err(drive(build_dir, server, "select", "INBOX")) is None
    assert any(s.endswith('LOGIN "u" "p"') for s in server.seen)


def test_plain_without_initial_response_waits_for_the_question(build_dir):
    def auth(c, tag, args):
        assert args == "PLAIN"
        c.send("* OK a word before\r\n+ \r\n")
        assert c.line() == "AHUAcA=="
        c.send("%s OK done\r\n" % tag)
    server = Imap(dict(SMALL), caps="IMAP4rev1 AUTH=PLAIN", AUTHENTICATE=auth)
    assert err(drive(build_dir, server, "select", "INBOX")) is None


def idle(first):
    def f(c, tag, args):
        c.send(first)
        while c.line() != "DONE":
            pass
        c.send("%s OK done\r\n" % tag)
    return f


@pytest.mark.parametrize("first", ["* 4 EXISTS\r\n+ idling\r\n", "+ idling\r\n* 4 EXISTS\r\n"])
def test_news_around_the_plus_of_idle_are_not_lost(build_dir, first):
    lines = drive(build_dir, Imap(dict(SMALL), IDLE=idle(first)), "select", "INBOX", "idle",
                  "60000")
    assert any("news=1" in x for x in lines)


def idle_heard_at_the_end(c, tag, args):
    """A mail comes just as the client leaves."""
    c.send("+ idling\r\n")
    while c.line() != "DONE":
        pass
    c.send("* 4 EXISTS\r\n* 1 RECENT\r\n%s OK done\r\n" % tag)


def noop_heard(c, tag, args):
    c.send("* 4 EXISTS\r\n%s OK done\r\n" % tag)


def test_news_with_the_answer_to_done_are_not_lost(build_dir):
    server = Imap(dict(SMALL), IDLE=idle_heard_at_the_end)
    lines = drive(build_dir, server, "select", "INBOX", "idle", "200")
    assert any("news=1" in x for x in lines)


def test_news_with_the_answer_to_another_command_end_the_next_wait_at_once(build_dir):
    server = Imap(dict(SMALL), STATUS=lambda c, tag, a: c.send(
        '* 4 EXISTS\r\n* STATUS "Sent" (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 7)\r\n%s OK done\r\n'
        % tag))
    lines = drive(build_dir, server, "select", "INBOX", "status", "Sent", "idle", "60000",
                  "idle", "200")
    assert ["news=1" in x for x in lines if x.startswith("idle")] == [True, False]
    assert sum(s.endswith(" IDLE") for s in server.seen) == 1


def test_a_server_that_tells_of_mail_with_each_answer_is_not_asked_for_ever(build_dir):
    def fetch(c, tag, args):
        c.send("* 4 EXISTS\r\n")
        Imap.do_fetch(server, c, tag, args)
    server = Imap(dict(SMALL), FETCH=fetch, IDLE=idle("+ idling\r\n"))
    lines = drive(build_dir, server, "select", "INBOX", *("list", "0", "idle", "200") * 7)
    assert ["news=1" in x for x in lines if x.startswith("idle")] == [True] * 5 + [False, True]
    assert sum(s.endswith(" IDLE") for s in server.seen) == 1


def test_a_server_without_idle_is_heard_by_noop(build_dir):
    server = Imap(dict(SMALL), caps="IMAP4rev1 AUTH=PLAIN SASL-IR", NOOP=noop_heard)
    lines = drive(build_dir, server, "select", "INBOX", "idle", "200")
    assert any("news=1" in x for x in lines)


@pytest.mark.parametrize("answer", ["NO not now", "BAD unknown command"])
def test_idle_refused_becomes_waiting(build_dir, answer):
    server = Imap(dict(SMALL), IDLE=lambda c, tag, a: c.send("%s %s\r\n" % (tag, answer)))
    lines = drive(build_dir, server, "select", "INBOX", *("idle", "200") * 4)
    assert err(lines) is None
    assert sum("IDLE" in s for s in server.seen) == 2


def body_variants():
    raw = SMALL[2]
    def other(c, uid):
        c.send(b"* 1 FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (99 if uid == 2 else uid, len(raw),
                                                             raw))
    def nil(c, uid):
        c.send(b"* 1 FETCH (UID %d BODY[] NIL)\r\n" % uid if uid == 2
               else b"* 1 FETCH (UID %d BODY[] {3}\r\nabc)\r\n" % uid)
    def twice(c, uid):
        one = b"* 1 FETCH (UID %d BODY[] {3}\r\nabc)\r\n" % uid
        c.send(one + b"* 2 FETCH (UID 77 BODY[] {3}\r\nxyz)\r\n" if uid == 2 else one)
    def nothing(c, uid):
        if uid != 2:
            c.send(b"* 1 FETCH (UID %d BODY[] {3}\r\nabc)\r\n" % uid)
    return [(other, [1, 3]), (nil, [1, 3]), (twice, [1, 2, 3]), (nothing, [1, 3])]


@pytest.mark.parametrize("body,expected", body_variants())
def test_one_odd_body_does_not_stop_the_others(build_dir, body, expected):
    server = Imap(dict(SMALL))
    server.body = body
    lines = drive(build_dir, server, "select", "INBOX", "fetch", "0")
    assert err(lines) is None
    assert bodies(lines) == expected
    assert sum(x.startswith("failed 2") for x in lines) == (0 if 2 in expected else 1)


@pytest.mark.parametrize("mails", [SMALL, {1: b"x" * 5_000_000, 3: b"y" * 4_200_000}])
def test_the_uid_may_come_after_the_body(build_dir, mails):
    server = Imap(dict(mails))
    def body(c, uid):
        raw = server.mails[uid]
        c.send(b"* 1 FETCH (FLAGS () BODY[] {%d}\r\n%s UID %d)\r\n" % (len(raw), raw, uid))
    server.body = body
    lines = drive(build_dir, server, "select", "INBOX", "fetch", "0")
    assert bodies(lines) == sorted(mails)


def test_a_refused_batch_is_asked_for_one_by_one(build_dir):
    server = Imap(dict(SMALL))
    def fetch(c, tag, args):
        spec = args.split(" ")[0]
        if "BODY" in args and ("," in spec or spec == "2"):
            c.send("%s NO [SERVERBUG] cannot\r\n" % tag)
        else:
            Imap.do_fetch(server, c, tag, args)
    server.on["FETCH"] = fetch
    lines = drive(build_dir, server, "select", "INBOX", "fetch", "0")
    assert bodies(lines) == [1, 3]
    assert any(x.startswith("failed 2 there") for x in lines)


def test_a_size_that_lies_is_borne(build_dir):
    server = Imap({1: b"a", 2: b"b" * 900_000, 3: b"c"})
    server.size = lambda uid: 10
    assert bodies(drive(build_dir, server, "select", "INBOX", "fetch", "0")) == [1, 2, 3]


def test_a_mail_too_large_stays_on_the_server(build_dir):
    server = Imap(dict(SMALL))
    server.size = lambda uid: (256 << 20) + 1 if uid == 2 else 10
    lines = drive(build_dir, server, "select", "INBOX", "fetch", "0")
    assert bodies(lines) == [1, 3]
    assert not any("FETCH 2 " in s for s in server.seen)


@pytest.mark.parametrize("uids", [
    list(range(1, 45001)),                         # dense
    [u * 140000 + 3 for u in range(30000)],        # sparse, up to the end of UIDs
    [1, 2, 4294967294],
])
def test_a_huge_folder_is_listed_whole_and_in_parts(build_dir, uids):
    server = Imap({u: b"x" for u in uids})
    lines = drive(build_dir, server, "select", "INBOX", "list", "0", limit_s=240, ms=120000)
    assert [int(x.split()[1]) for x in lines if x.startswith("item")] == uids
    parts = sum("UID FETCH" in s for s in server.seen)
    assert parts == 1 if len(uids) < 20000 else 2 < parts < 250


def test_news_of_a_mail_further_on_do_not_pass_over_those_between(build_dir):
    def fetch(c, tag, args):
        c.send("* 2900 FETCH (UID 2900 FLAGS (\\Seen))\r\n")  # another client reads it
        return Imap.do_fetch(server, c, tag, args)
    server = Imap({u: b"x" for u in range(1, 3001)}, FETCH=fetch)
    lines = drive(build_dir, server, "select", "INBOX", "list", "0")
    assert [int(x.split()[1]) for x in lines if x.startswith("item")] == list(range(1, 3001))


def test_odd_lines_of_a_listing_lose_no_mail(build_dir):
    def fetch(c, tag, args):
        if "BODY" in args:
            return Imap.do_fetch(server, c, tag, args)
        return c.send("* 3 FETCH (UID 3)\r\n"                    # no size
                      "* 2 FETCH (FLAGS (\\Seen))\r\n"          # no uid
                      "* 1 FETCH (UID 1 RFC822.SIZE 5)\r\n"
                      "* 3 FETCH (UID 3 RFC822.SIZE 7 FLAGS ())\r\n"
                      "* 2 FETCH (RFC822.SIZE 6 UID 2)\r\n"
                      "* 2 FETCH (UID 2 FLAGS (\\Seen $x))\r\n"
                      "* 9 EXISTS\r\n* OK [HIGHESTMODSEQ 4] x\r\n%s OK done\r\n" % tag)
    server = Imap(dict(SMALL), FETCH=fetch)
    lines = drive(build_dir, server, "select", "INBOX", "list", "0", "fetch", "0")
    assert [x.split()[1:3] for x in lines if x.startswith("item")] == [
        ["1", "5"], ["2", "6"], ["3", "7"]]
    assert bodies(lines) == [1, 2, 3]


@pytest.mark.parametrize("answer", [
    "99 OK done\r\n", "* BYE\r\n", "* 1 FETCH\r\n", "%s MAYBE\r\n", "+ what?\r\n",
    "* 3 FETCH (UID\r\n%s OK done\r\n", "* 1 FETCH (BODY[] {3}\r\n",
])
def test_nonsense_in_place_of_a_listing_ends_the_session(build_dir, answer):
    server = Imap(dict(SMALL))
    server.on["FETCH"] = lambda c, tag, a: c.send(answer.replace("%s", tag))
    assert err(drive(build_dir, server, "select", "INBOX", "list", "0"))[0] in (
        "network", "protocol", "timeout")


def test_a_folder_without_uidvalidity_is_refused(build_dir):
    server = Imap(EXAMINE=lambda c, tag, a: c.send("* 3 EXISTS\r\n%s OK done\r\n" % tag))
    assert err(drive(build_dir, server, "select", "INBOX"))[1] == "net_bad_answer"


def test_append_waits_for_the_plus_behind_news(build_dir, tmp_path):
    (tmp_path / "m").write_bytes(b"Subject: x\r\n\r\nx\r\n")
    def append(c, tag, args):
        c.send("* 7 EXISTS\r\n+ go\r\n")
        while c.line() != "x":
            pass
        c.send("%s OK [APPENDUID 5 42] done\r\n" % tag)
    lines = drive(build_dir, Imap(dict(SMALL), APPEND=append), "append", "Sent", "a@b",
                  str(tmp_path / "m"))
    assert "appended 42" in lines


# ---- the worker -----------------------------------------------------------

@pytest.fixture
def hurry(build_dir, monkeypatch):
    monkeypatch.setenv("MDG_NET_TIMEOUT_MS", short_timeouts(build_dir)["MDG_NET_TIMEOUT_MS"])


def worker(build_dir):
    return Worker(build_dir + "/src/mdg-imap")


def configure(w, port):
    w.low = 0
    w.send("CONFIG", imap_config(access("127.0.0.1", port, "none", "u", "p"), [(7, "INBOX", 0)]))


def test_a_request_outlives_the_session_that_breaks_at_it(build_dir):
    """Whoever asked is answered, and what was behind it in the queue is served."""
    server, broken = Imap({1: b"one", 2: b"two"}), []

    def fetch(c, tag, args):
        if args.startswith("1:*") and w.asked and not broken:
            broken.append(tag)
            c.close()
        server.do_fetch(c, tag, args)
    server.on["FETCH"] = fetch
    with Evil(server) as port, worker(build_dir) as w:
        w.asked = False
        configure(w, port)
        w.until("SYNCED")
        w.asked = True
        w.send("LIST_UIDS", i64(7), ident=5)
        w.send("LIST_FOLDERS", ident=6)
        uids, _ = w.until("UIDS")
        assert uids["uids"] == [1, 2]
        w.until("FOLDERS")
    assert broken


@pytest.mark.parametrize("how", ["close", "huge", "silent"])
def test_a_mail_that_breaks_the_connection_does_not_stop_the_next(build_dir, hurry, how):
    server = Imap({1: b"one", 2: b"two", 3: b"three", 4: b"four"})
    def body(c, uid):
        if uid != 3:
            return Imap.body(server, c, uid)
        if how == "huge":
            c.send(b"* 1 FETCH (UID 3 BODY[] {4294967295}\r\n")
        elif how == "silent":
            c.until_gone()
        return c.close()
    server.body = body
    with Evil(server) as port, worker(build_dir) as w:
        configure(w, port)
        _, frames = w.until("SYNCED")
        got = {f["uid"] for n, f, _ in frames if n == "RAW"}
        failed = [f for n, f, _ in frames if n == "FETCH_FAILED"]
        assert {1, 2, 4} <= got and 3 not in got
        assert [f["uid"] for f in failed] == [3]
        assert not failed[0]["vanished"]


def test_a_server_that_hangs_up_on_idle_is_polled(build_dir, hurry):
    server = Imap(dict(SMALL), IDLE=lambda c, tag, a: c.close())
    with Evil(server) as port, worker(build_dir) as w:
        configure(w, port)
        w.low = 3
        for _ in range(3):
            w.until("SYNCED")
        w.send("POKE")
        w.until("SYNCED")
        assert sum(s.endswith(" IDLE") for s in server.seen) == 2


def test_a_token_is_said_by_xoauth2(build_dir):
    said = []
    def auth(c, tag, args):
        words = args.split(" ")
        said.append((words[0], base64.b64decode(words[1])))
        c.send("+ eyJzdGF0dXMiOiI0MDEifQ==\r\n")
        assert c.line() == ""
        c.send("%s NO expired\r\n" % tag)
    server = Imap(caps="IMAP4rev1 SASL-IR AUTH=XOAUTH2", AUTHENTICATE=auth)
    assert err(drive(build_dir, server, "token")) == ["auth", "net_login_refused"]
    assert said == [("XOAUTH2", b"user=u\1auth=Bearer p\1\1")]


def test_a_server_that_is_no_server_is_a_problem_told(build_dir, hurry):
    with Evil(greeting(lambda c: c.send("220 ftp\r\n"))) as port, worker(build_dir) as w:
        configure(w, port)
        problem, _ = w.until("PROBLEM")
        assert problem["err"][0] > 0
        assert w.proc.wait(WAIT_S) != 0
