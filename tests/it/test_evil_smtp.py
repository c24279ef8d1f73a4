"""Hostile and broken SMTP servers: whatever they do, each recipient gets a
verdict that is true, and only a lost answer after the dot is unknown."""
import time

import pytest
from core import Worker, access, blob, i64, text, u32
from evil import Evil, Smtp, sanitized, short_timeouts
from servers import wait_until

ACCEPTED, TEMPFAIL, PERMFAIL, UNKNOWN = range(4)
NO_AUTH, PASSWORD, XOAUTH2 = 2, 0, 1
RAW = b"Subject: x\r\n\r\nhello\r\n"


@pytest.fixture(autouse=True)
def hurry(build_dir, monkeypatch):
    monkeypatch.setenv("MDG_NET_TIMEOUT_MS", short_timeouts(build_dir)["MDG_NET_TIMEOUT_MS"])


def deliver(build_dir, server, rcpts=("a@x.example",), raw=RAW, sender="me@y.example",
            auth=NO_AUTH, tls="none", secret="p", times=1, envid="",
            stalls=False):
    """The RESULT frames; the core commits at once. committed counts the asking."""
    results = []
    server.committed = 0
    with Evil(server) as port, Worker(build_dir + "/src/mdg-smtp") as w:
        w.send("CONFIG", access("127.0.0.1", port, tls, "u", secret, auth))
        for i in range(times):
            began = time.monotonic()
            w.send("SEND", i64(i) + text(sender) + u32(len(rcpts))
                   + b"".join(map(text, rcpts)) + text(envid) + blob(raw))
            while True:
                name, fields, _ = w.recv()
                if name == "COMMITTING":
                    assert fields["id"] == i
                    server.committed += 1
                    if "BODY" in server.on and not stalls:
                        # what it says comes before the dot: the core answers only now
                        wait_until("the server", lambda: server.amid_body, 60)
                        assert server.amid_body.wait(60)
                    w.send("COMMIT_OK", i64(i))
                elif name == "RESULT":
                    break
            assert time.monotonic() - began < 60
            results.append(fields)
        assert sanitized(build_dir) or w.peak_kb() < 60_000
    return results if times > 1 else results[0]


def outcomes(result):
    return [r[1] for r in result["rcpts"]]


STEPS = ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "BODY"]
PHASES = dict(GREETING="connect", EHLO="connect", MAIL="mail", RCPT="rcpt", DATA="data",
              BODY="data", DOT="final")


@pytest.mark.parametrize("step", STEPS)
def test_a_line_cut_before_the_dot_may_be_tried_again(build_dir, step):
    server = Smtp(**{step: None})
    result = deliver(build_dir, server)
    assert outcomes(result) == [TEMPFAIL]
    assert result["phase"] == PHASES[step]
    assert result["account"] == (1 if step in ("GREETING", "EHLO") else 0)
    assert server.body is None


def test_a_session_that_takes_no_more_is_opened_anew(build_dir):
    def two_at_most(c, _):
        c.mails = getattr(c, "mails", 0) + 1
        return "452 4.5.3 too many messages" if c.mails > 2 else "250 ok"
    results = deliver(build_dir, Smtp(MAIL=two_at_most), times=5)
    assert [outcomes(r) for r in results] == [[ACCEPTED]] * 5


@pytest.mark.parametrize("answer", [
    None,                                       # hangs up
    "hello\r\n", "999 what\r\n", "25\r\n", "250-a\r\n550 b\r\n", "354 more\r\n",
    lambda c, _: c.until_gone(),
    lambda c, _: c.slowly(b"250" + b" " * 50),
    lambda c, _: c.forever(b"250-x\r\n" * 1000),
    lambda c, _: c.forever(b"x" * 65536),
])
def test_a_lost_answer_after_the_dot_is_unknown(build_dir, answer):
    server = Smtp(DOT=answer)
    result = deliver(build_dir, server)
    assert outcomes(result) == [UNKNOWN]
    assert result["phase"] == "final" and result["account"] == 0
    assert server.committed == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize("answer,outcome", [
    ("451 4.7.1 greylisted", TEMPFAIL), ("421 4.3.2 closing", TEMPFAIL),
    ("550 5.1.1 no such user", PERMFAIL), ("554-5.7.1 no\r\n554 5.7.1 really", PERMFAIL),
])
def test_a_refusal_is_final_or_not_by_its_code(build_dir, step, answer, outcome):
    result = deliver(build_dir, Smtp(**{step: answer}))
    assert outcomes(result) == [outcome]
    assert result["phase"] == PHASES[step]
    assert result["rcpts"][0][2] == int(answer[:3])
    assert result["rcpts"][0][3].startswith(answer[4:9])
    assert result["account"] == 0


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_a_login_wanted_is_the_accounts_trouble(build_dir, step):
    result = deliver(build_dir, Smtp(**{step: "530 5.7.0 Authentication required"}))
    assert outcomes(result) == [TEMPFAIL] and result["account"] == 1


@pytest.mark.parametrize("answer", ["250 what body?\r\n", "552 5.3.4 too big\r\n",
                                    "421 4.3.2 bye\r\n", "nonsense\r\n"])
def test_an_answer_before_the_dot_means_no_dot(build_dir, answer):
    def body(c, _):
        c.send(answer)
        return ""
    server = Smtp(BODY=body)
    result = deliver(build_dir, server, raw=RAW * 2000)
    assert outcomes(result) == [PERMFAIL if answer[0] == "5" else TEMPFAIL]
    assert server.body is None and result["phase"] == "data"


def test_recipients_are_judged_one_by_one(build_dir):
    def rcpt(c, line):
        return {"b": "550 5.1.1 unknown", "c": "452 4.5.3 later", "d": "251 forwarded"}.get(
            line[9], "250 ok")
    server = Smtp(RCPT=rcpt)
    result = deliver(build_dir, server, rcpts=["a@x", "b@x", "c@x", "d@x"])
    assert outcomes(result) == [ACCEPTED, PERMFAIL, TEMPFAIL, ACCEPTED]
    assert [r[2] for r in result["rcpts"]] == [250, 550, 452, 250]


def test_no_recipient_left_means_no_data(build_dir):
    server = Smtp(RCPT="550 no")
    assert outcomes(deliver(build_dir, server, rcpts=["a@x", "b@x"])) == [PERMFAIL, PERMFAIL]
    assert "DATA" not in server.seen and "RSET" in server.seen


@pytest.mark.parametrize("raw,body", [
    (b"a\r\n.\r\nMAIL FROM:<x@y>\r\n", b"a\r\n..\r\nMAIL FROM:<x@y>\r\n"),
    (b"a\n.\nb", b"a\r\n..\r\nb\r\n"),
    (b"a\r.\rb\r", b"a\r\n..\r\nb\r\n"),
    (b"a\n.\r\nb\r\n", b"a\r\n..\r\nb\r\n"),
    (b"a\r\n.\nb\r\r\n\n", b"a\r\n..\r\nb\r\n\r\n\r\n"),
    (b".", b"..\r\n"), (b"", b""), (b"\n", b"\r\n"), (b"...\n.a", b"....\r\n..a\r\n"),
    (b"x" * 16383 + b"\r\n." + b"y" * 40000, b"x" * 16383 + b"\r\n.." + b"y" * 40000 + b"\r\n"),
])
def test_nothing_in_the_body_ends_it(build_dir, raw, body):
    server = Smtp()
    assert outcomes(deliver(build_dir, server, raw=raw)) == [ACCEPTED]
    assert server.body == body
    assert [s for s in server.seen if s.startswith("MAIL")] == [
        "MAIL FROM:<me@y.example> SIZE=%d" % len(body.replace(b"\r\n..", b"\r\n.")
                                                .removeprefix(b"." if body[:1] == b"." else b""))]


@pytest.mark.parametrize("code", ["501 5.1.3 bad address", "553 5.1.3 syntax"])
def test_dotted_phone_addresses_are_quoted_when_they_must_be(build_dir, code):
    def rcpt(c, line):
        return "250 ok" if '"' in line else code
    server = Smtp(RCPT=rcpt)
    result = deliver(build_dir, server, rcpts=["a..b.@docomo.ne.jp", "plain@docomo.ne.jp"])
    assert outcomes(result) == [ACCEPTED, PERMFAIL]
    assert [s for s in server.seen if s.startswith("RCPT")] == [
        "RCPT TO:<a..b.@docomo.ne.jp>", 'RCPT TO:<"a..b."@docomo.ne.jp>',
        "RCPT TO:<plain@docomo.ne.jp>"]


def test_extensions_are_used_only_where_offered(build_dir):
    raw = "Subject: あ\r\n\r\nあ\r\n".encode()
    server = Smtp(caps=("8BITMIME", "SMTPUTF8"))
    assert outcomes(deliver(build_dir, server, rcpts=["山@x.example"], raw=raw)) == [ACCEPTED]
    assert "MAIL FROM:<me@y.example> BODY=8BITMIME SMTPUTF8" in server.seen
    server = Smtp(caps=())
    result = deliver(build_dir, server, rcpts=["山@x.example", "a@x.example"], raw=raw)
    assert outcomes(result) == [PERMFAIL, ACCEPTED]
    assert "山@x.example" in result["rcpts"][0][3]
    assert "MAIL FROM:<me@y.example>" in server.seen


def test_reports_are_asked_for_where_they_are_offered(build_dir):
    server = Smtp(caps=("DSN",))
    result = deliver(build_dir, server, rcpts=["a+b@x.example"], envid="mdg.abc.def@y.example")
    assert outcomes(result) == [ACCEPTED]
    assert "MAIL FROM:<me@y.example> RET=HDRS ENVID=mdg.abc.def@y.example" in server.seen
    assert ("RCPT TO:<a+b@x.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb@x.example"
            in server.seen)
    server = Smtp(caps=("DSN",))
    assert outcomes(deliver(build_dir, server, sender="", envid="mdg.a.b@y")) == [ACCEPTED]
    assert "MAIL FROM:<>" in server.seen
    assert "RCPT TO:<a@x.example> NOTIFY=NEVER" in server.seen
    # a name that would be too long is none
    server = Smtp(caps=("DSN",))
    deliver(build_dir, server, envid="mdg." + "x" * 100 + "@y.example")
    assert "MAIL FROM:<me@y.example> RET=HDRS" in server.seen


def test_a_domain_in_other_letters_needs_no_extension(build_dir):
    server = Smtp(caps=())
    assert outcomes(deliver(build_dir, server, rcpts=["a@日本語.jp"])) == [ACCEPTED]
    assert "RCPT TO:<a@xn--wgv71a119e.jp>" in server.seen


def test_a_mail_over_the_servers_size_is_not_even_begun(build_dir):
    server = Smtp(caps=("SIZE 1000",))
    result = deliver(build_dir, server, raw=b"x" * 1001)
    assert outcomes(result) == [PERMFAIL]
    assert not any(s.startswith("MAIL") for s in server.seen)


@pytest.mark.parametrize("address", [
    "a@x>\r\nRCPT TO:<evil@x", "a b@x", "a@x\0", "@x", "a@", "ax", "a@b@x", "a@" + "x" * 330,
    "<a@x>", "a\t@x",
])
def test_an_address_that_is_none_is_never_sent(build_dir, address):
    server = Smtp()
    if "\0" in address or len(address) > 320:      # refused already by the frame
        return
    result = deliver(build_dir, server, rcpts=[address, "b@x.example"])
    assert outcomes(result) == [PERMFAIL, ACCEPTED]
    assert [s for s in server.seen if s.startswith("RCPT")] == ["RCPT TO:<b@x.example>"]


def test_a_null_sender_stays_null(build_dir):
    server = Smtp()
    assert outcomes(deliver(build_dir, server, sender="")) == [ACCEPTED]
    assert any(s.startswith("MAIL FROM:<>") for s in server.seen)


@pytest.mark.parametrize("caps,auth,secret,said", [
    (("AUTH LOGIN PLAIN",), PASSWORD, "p", ("PLAIN", [b"\0u\0p"])),
    (("AUTH=LOGIN",), PASSWORD, "p", ("LOGIN", [b"u", b"p"])),
    (("AUTH XOAUTH2",), XOAUTH2, "tok", ("XOAUTH2", [b"user=u\1auth=Bearer tok\1\1"])),
    (("AUTH XOAUTH2",), XOAUTH2, "t" * 2000,
     ("XOAUTH2", [b"user=u\1auth=Bearer " + b"t" * 2000 + b"\1\1"])),
])
def test_each_way_to_log_in(build_dir, caps, auth, secret, said):
    server = Smtp(caps=caps)
    assert outcomes(deliver(build_dir, server, auth=auth, secret=secret)) == [ACCEPTED]
    assert server.said == said
    assert all(len(s) <= 510 for s in server.seen)


@pytest.mark.parametrize("caps,answer", [
    (("AUTH PLAIN",), "535 5.7.8 wrong"), (("AUTH PLAIN",), "454 4.7.0 later"),
    (("AUTH PLAIN",), None), (("AUTH CRAM-MD5",), ""), ((), ""), (("AUTH PLAIN",), "250 ok"),
])
def test_a_login_that_fails_leaves_the_mail_alone(build_dir, caps, answer):
    server = Smtp(caps=caps, AUTH=answer)
    result = deliver(build_dir, server, auth=PASSWORD)
    assert outcomes(result) == [TEMPFAIL] and result["account"] == 1
    assert result["phase"] == "auth"
    assert not any(s.startswith("MAIL") for s in server.seen)


@pytest.mark.parametrize("server", [
    Smtp(caps=("STARTTLS", "AUTH PLAIN"), STARTTLS="220 go\r\n250 injected\r\n"),
    Smtp(caps=("AUTH PLAIN",)),
    Smtp(caps=("STARTTLS", "AUTH PLAIN"), STARTTLS="454 not now"),
    Smtp(caps=("STARTTLS", "AUTH PLAIN"), STARTTLS="220 go\r\n\x16\x03\x03junk\r\n"),
])
def test_without_tls_no_password_is_said(build_dir, server):
    result = deliver(build_dir, server, auth=PASSWORD, tls="starttls")
    assert outcomes(result) == [TEMPFAIL] and result["account"] == 1
    assert not any(s.startswith(("AUTH", "MAIL")) for s in server.seen)


@pytest.mark.parametrize("greeting", [
    "554 go away", "220-a\r\n554 b", "HTTP/1.1 400 Bad Request", "* OK IMAP",
    lambda c, _: c.slowly(b"220 " + b"x" * 60), lambda c, _: c.forever(b"220-x\r\n" * 1000),
])
def test_a_bad_greeting_is_the_accounts_trouble(build_dir, greeting):
    result = deliver(build_dir, Smtp(GREETING=greeting))
    assert outcomes(result) == [TEMPFAIL] and result["account"] == 1


def test_an_old_server_that_knows_only_helo(build_dir):
    server = Smtp(EHLO="502 what?")
    assert outcomes(deliver(build_dir, server)) == [ACCEPTED]
    assert any(s.startswith("HELO ") for s in server.seen)
    assert "MAIL FROM:<me@y.example>" in server.seen


def test_a_kept_connection_that_died_is_made_again(build_dir):
    def dot(c, _):
        c.send("250 taken\r\n")
        c.close()
    server = Smtp(DOT=dot)
    results = deliver(build_dir, server, times=3)
    assert [outcomes(r) for r in results] == [[ACCEPTED]] * 3


@pytest.mark.parametrize("quit", [None, "500 no", "garbage", lambda c, _: c.until_gone()])
def test_quit_changes_nothing(build_dir, quit):
    assert outcomes(deliver(build_dir, Smtp(QUIT=quit))) == [ACCEPTED]
