"""The same misbehaviour at every phase: a server that closes, stalls, talks
nonsense, never ends a line, or says one byte a second. And a desk of which one
mailbox lives on such a server, while the other one goes on receiving."""
import os
import shutil
import tempfile
import threading
import time

import pytest
from desk import Desk
from evil import Evil, Imap, Smtp, sanitized
from servers import Servers, wait_until
from test_evil_imap import drive, err
from test_evil_smtp import ACCEPTED, PASSWORD, PHASES, TEMPFAIL, UNKNOWN, deliver, hurry, outcomes

assert hurry        # the fixture that shortens the timeouts

HOW = {
    "closes": None,
    "stalls": lambda c, _: c.until_gone(),
    "garbage": "\x00\xff\x1b[2J nothing of this is SMTP\r\n",
    "endless line": lambda c, _: c.forever(b"250" + b"x" * 65536),
    "endless lines": lambda c, _: c.forever(b"250-x\r\n" * 4096),
    "one byte a second": lambda c, _: c.slowly(b"250 " + b"x" * 60, 1.0),
}
BEFORE_THE_MAIL = ("GREETING", "EHLO", "STARTTLS", "AUTH")


def smtp(phase, how):
    caps = ("8BITMIME", "AUTH PLAIN") + (("STARTTLS",) if phase == "STARTTLS" else ())
    return Smtp(caps=caps, **{phase: HOW[how]})


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("phase", [*BEFORE_THE_MAIL, "MAIL", "RCPT", "DATA", "BODY", "DOT"])
def test_every_phase_of_sending_ends_in_time_with_the_true_verdict(build_dir, phase, how):
    server = smtp(phase, how)
    result = deliver(build_dir, server, auth=PASSWORD, stalls=how == "stalls",
                     tls="starttls" if phase == "STARTTLS" else "none")
    # one that only stalls amid the body lets us get as far as the dot
    lost = phase == "DOT" or (phase == "BODY" and how == "stalls")
    assert outcomes(result) == [UNKNOWN if lost else TEMPFAIL], result
    assert result["account"] == (1 if phase in BEFORE_THE_MAIL else 0)
    if phase != "BODY":
        assert server.committed == (1 if lost else 0)
    if phase in PHASES and phase not in BEFORE_THE_MAIL and not lost:
        assert result["phase"] == PHASES[phase]
    if not lost:
        assert server.body is None


@pytest.mark.parametrize("how", HOW)
def test_whatever_quit_does_the_mail_was_taken(build_dir, how):
    assert outcomes(deliver(build_dir, smtp("QUIT", how), auth=PASSWORD)) == [ACCEPTED]


def test_what_a_server_says_before_tls_counts_for_nothing(build_dir):
    server = Smtp(caps=("STARTTLS", "AUTH PLAIN"),
                  STARTTLS="220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n")
    result = deliver(build_dir, server, auth=PASSWORD, tls="starttls")
    assert outcomes(result) == [TEMPFAIL] and result["account"] == 1
    assert not any(s.startswith(("AUTH", "MAIL")) for s in server.seen)


def test_capabilities_of_smtp_may_change_from_mail_to_mail(build_dir):
    class Fickle(Smtp):
        def __call__(self, c, n):
            self.caps = ("8BITMIME", "SIZE 100000") if n % 2 else ()
            Smtp.__call__(self, c, n)

    def dot(c, _):
        c.send("250 taken\r\n")
        c.close()
    server = Fickle(DOT=dot)
    raw = "Subject: あ\r\n\r\nあ\r\n".encode()
    results = deliver(build_dir, server, raw=raw, times=3)
    assert [outcomes(r) for r in results] == [[ACCEPTED]] * 3
    mails = [s for s in server.seen if s.startswith("MAIL")]
    assert ["SIZE=" in m for m in mails] == [True, False, True]


# ---- IMAP -------------------------------------------------------------------

IMAP_HOW = {
    "closes": lambda c: c.close(),
    "stalls": lambda c: c.until_gone(),
    "garbage": lambda c: c.send(b"\x00\xff\x1b[2J nothing of this is IMAP\r\n" * 3),
    "endless line": lambda c: c.forever(b"* " + b"x" * 65536),
    "endless lines": lambda c: c.forever(b"* OK x\r\n" * 4096),
    "one byte a second": lambda c: c.slowly(b"* OK " + b"x" * 60, 1.0),
}


@pytest.mark.parametrize("how", IMAP_HOW)
@pytest.mark.parametrize("command,ops", [
    ("CAPABILITY", ("select", "INBOX")), ("AUTHENTICATE", ("select", "INBOX")),
    ("EXAMINE", ("select", "INBOX")), ("FETCH", ("select", "INBOX", "list", "0")),
    ("IDLE", ("select", "INBOX", "idle", "500")), ("SEARCH", ("select", "INBOX", "find", "S", "a@b")),
    ("LIST", ("folders",)), ("STATUS", ("status", "INBOX")),
])
def test_every_command_of_fetching_ends_in_time(build_dir, command, ops, how):
    server = Imap({1: b"Subject: 1\r\n\r\none\r\n"},
                  **{command: lambda c, tag, args: IMAP_HOW[how](c)})
    assert err(drive(build_dir, server, *ops))[0] in ("network", "protocol", "timeout", "tls")


@pytest.mark.parametrize("command,ops", [("IDLE", ("idle", "200")), ("CONDSTORE", ())])
def test_capabilities_that_go_away_are_used_no_more(build_dir, command, ops):
    """Told before the login, gone after it (RFC 3501 §6.2.2)."""
    server = Imap({1: b"Subject: 1\r\n\r\none\r\n"}, caps="IMAP4rev1 SASL-IR AUTH=PLAIN " + command)

    def auth(c, tag, args):
        server.caps = "IMAP4rev1"
        c.send("%s OK welcome\r\n" % tag)
    server.on["AUTHENTICATE"] = auth
    assert err(drive(build_dir, server, "select", "INBOX", *ops)) is None
    assert not any(command in s for s in server.seen)


def test_capabilities_that_the_server_adds_by_itself_are_no_news(build_dir):
    server = Imap({1: b"Subject: 1\r\n\r\none\r\n"})

    def examine(c, tag, args):
        c.send("* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n* 3 RECENT\r\n")
        server.do_examine(c, tag, args)
    server.on["EXAMINE"] = examine
    assert err(drive(build_dir, server, "select", "INBOX", "list", "0")) is None


# ---- the desk ------------------------------------------------------------------

@pytest.fixture(scope="module", name="servers")
def fixture_servers():
    folder = tempfile.mkdtemp(prefix="madoguchi-it.")
    os.chmod(folder, 0o711)
    with Servers(folder + "/servers", smtp=False) as s:
        s.add_user(Desk.ADDRESS, "desk-secret")
        yield s
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("how", ["closes", "stalls", "garbage", "endless lines"])
def test_the_other_mailboxes_do_not_notice(servers, build_dir, how):
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    folder = tempfile.mkdtemp(prefix="madoguchi-it.")
    logins, lock = [], threading.Lock()

    def greet(c):
        with lock:
            logins.append(time.monotonic())
        IMAP_HOW[how](c)
    try:
        with Evil(Imap(GREETING=greet)) as port, Desk(folder + "/desk", build_dir) as desk:
            desk.init()
            desk.start(MDG_NET_TIMEOUT_MS="10000")
            desk.run("mailbox", "add", "--window", "support", "--address", "evil@example.jp",
                     "--imap", "127.0.0.1:%d" % port, "--imap-tls", "none", "--smtp",
                     "127.0.0.1:%d" % port, "--smtp-tls", "none", "--password-file", "-", text="p")
            desk.add_mailbox(servers, Desk.ADDRESS, "desk-secret")
            wait_until("the evil one was dialled", lambda: logins, 30, desk.alive)
            for n in range(5):
                mid = "%s%d@c" % (how.replace(" ", ""), n)
                with servers.mailbox(Desk.ADDRESS) as box:
                    box.append("INBOX", None, None, (
                        "From: h@c.example\r\nTo: %s\r\nMessage-ID: <%s>\r\nSubject: x\r\n\r\nx\r\n"
                        % (Desk.ADDRESS, mid)).encode())
                wait_until("the mail of the good mailbox", lambda: desk.query(  # pylint: disable=W0640
                    "SELECT 1 FROM message WHERE message_id = ?1", mid), 60, desk.alive)
            # each try waits longer than the one before, give or take the jitter
            gaps = wait_until("a long pause", lambda: [
                b - a for a, b in zip(logins, logins[1:]) if b - a > 4], 120, desk.alive)
            assert len(logins) < 40, gaps
            with open("/proc/%d/status" % desk.pid, encoding="ascii") as f:
                peak = next(int(x.split()[1]) for x in f if x.startswith("VmHWM"))
            assert sanitized(build_dir) or peak < 120_000
            assert desk.json("audit", "verify")["fault"] is None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_half_a_mail_is_gone_with_its_fetcher_and_comes_whole(build_dir):
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    folder = tempfile.mkdtemp(prefix="madoguchi-it.")
    head = b"From: a@c.example\r\nSubject: long\r\nMessage-ID: <half@c>\r\n\r\n"
    server = Imap({1: head + os.urandom(1 << 20).hex().encode() + b"\r\n"})
    half_seen, whole = threading.Event(), threading.Event()
    send_all = server.body

    def body(c, uid):
        if half_seen.is_set():
            assert whole.wait(120)
            return send_all(c, uid)
        raw = server.mails[uid]
        c.send(b"* 1 FETCH (UID %d BODY[] {%d}\r\n%s" % (uid, len(raw), raw[:len(raw) // 2]))
        assert half_seen.wait(120)
        return c.close()
    server.body = body
    try:
        with Evil(server) as port, Desk(folder + "/desk", build_dir) as desk:
            desk.init()
            desk.start()
            desk.run("mailbox", "add", "--window", "support", "--address", Desk.ADDRESS,
                     "--imap", "127.0.0.1:%d" % port, "--imap-tls", "none", "--smtp",
                     "127.0.0.1:%d" % port, "--smtp-tls", "none", "--password-file", "-",
                     "--since", "all", text="p")

            def halves():
                return desk.query("SELECT count(*) FROM raw WHERE bytes = -1")[0][0]
            wait_until("half of it", lambda: halves() == 1, 60, desk.alive)
            half_seen.set()
            wait_until("nothing of it", lambda: halves() == 0, 60, desk.alive)
            assert desk.query("SELECT count(*) FROM raw_chunk") == [(0,)]
            whole.set()
            wait_until("all of it", lambda: desk.delivered() == 1, 60, desk.alive)
            assert desk.query("SELECT count(*), min(bytes) FROM raw") == [
                (1, len(server.mails[1]))]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("odd", [
    {"INTERNALDATE": "NIL"}, {"INTERNALDATE": '"99-Foo-0000 25:61:61 +0900"'},
    {"RFC822.SIZE": "-1"}, {"RFC822.SIZE": "NIL", "INTERNALDATE": '""'}], ids=str)
def test_what_a_server_cannot_say_of_one_mail_stops_no_other(build_dir, odd):
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    folder = tempfile.mkdtemp(prefix="madoguchi-it.")

    def mail(n):
        return b"From: a@c.example\r\nSubject: %d\r\nMessage-ID: <odd%d@c>\r\n\r\nx\r\n" % (n, n)

    class Odd(Imap):
        def items(self, uid):
            return {**Imap.items(self, uid), **(odd if uid == 2 else {})}
    server = Odd({n: mail(n) for n in (1, 2, 3)})
    try:
        with Evil(server) as port, Desk(folder + "/desk", build_dir) as desk:
            desk.init()
            desk.start()
            desk.run("mailbox", "add", "--window", "support", "--address", Desk.ADDRESS,
                     "--imap", "127.0.0.1:%d" % port, "--imap-tls", "none", "--smtp",
                     "127.0.0.1:%d" % port, "--smtp-tls", "none", "--password-file", "-",
                     "--since", "all", text="p")
            wait_until("all three mails", lambda: desk.delivered() == 3, 60, desk.alive)
            assert desk.query("SELECT count(*) FROM message WHERE message_id LIKE 'odd%@c'") == [
                (3,)]
            desk.run("reconcile")                      # lists all UIDs
    finally:
        shutil.rmtree(folder, ignore_errors=True)
