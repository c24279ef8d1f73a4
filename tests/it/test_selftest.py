"""A mailbox mails itself: what its server says of our From, and that nothing
of it becomes work for anybody."""
import json
import os
import smtplib

import pytest
from desk import Desk
from evil import Evil, Smtp
from servers import Servers, wait_until

PASSWORD = "desk-secret"
GOOD = ("mx.example.jp; spf=pass smtp.mailfrom=support@example.jp;\r\n dkim=pass (2048-bit key)"
        " header.d=example.jp;\r\n dmarc=pass (p=reject) header.from=example.jp")


@pytest.fixture(scope="module", name="servers")
def fixture_servers(place):
    with Servers(place + "/servers") as s:
        s.add_user(Desk.ADDRESS, PASSWORD)
        yield s


class Provider(Smtp):
    """Takes a mail and puts it into the mailbox with its verdict on top."""

    def __init__(self, servers):
        super().__init__(caps=("8BITMIME", "SIZE 100000", "AUTH PLAIN"), DOT=self.taken)
        self.servers, self.field, self.took = servers, None, 0

    def taken(self, _conn, _line):
        self.took += 1
        head = b"Authentication-Results: %s\r\n" % self.field.encode() if self.field else b""
        with smtplib.LMTP(self.servers.host, self.servers.lmtp_port) as lmtp:
            lmtp.sendmail(Desk.ADDRESS, Desk.ADDRESS, head + self.body)
        return "250 2.0.0 taken"


@pytest.fixture(scope="module", name="desk")
def fixture_desk(place, servers, build_dir):
    provider = Provider(servers)
    with Evil(provider) as port, Desk(place + "/desk", build_dir) as d:
        d.provider = provider
        d.init()
        d.start()
        d.run("mailbox", "add", "--window", "support", "--address", Desk.ADDRESS, "--name", "box",
              "--imap", "%s:%d" % (servers.host, servers.imaps_port), "--ca", servers.ca_file,
              "--smtp", "127.0.0.1:%d" % port, "--smtp-tls", "none", "--since", "all",
              "--password-file", "-", text=PASSWORD)
        yield d


def mailed(desk, field, *more):
    """{step: (ok, said, message)} of the mail to itself, and the exit status."""
    desk.provider.field = field
    done = desk.run("mailbox", "test", "box", *more, "--json", check=False)
    steps = json.loads(done.stdout)["steps"]
    return {s["step"][5:]: (s["ok"], s.get("said", True), s["message"]) for s in steps
            if s["step"].startswith("mail.")}, done.returncode


def nothing_is_left(desk, n):
    """No ticket, no mail to answer, no bytes kept; the mailbox still balances."""
    for table in ("ticket", "message", "outbox", "raw", "raw_chunk"):
        assert desk.query("SELECT count(*) FROM " + table) == [(0,)], table
    assert desk.query("SELECT count(*) FROM setting WHERE key LIKE 'selftest%'") == [(0,)]
    counts = desk.json("reconcile")["folders"][0]
    assert (counts["server"], counts["erased"], counts["missing"]) == (n, n, 0)
    assert desk.run("audit", "verify").returncode == 0


def test_before_golive_it_says_how(desk):
    said, status = mailed(desk, GOOD)
    assert status == 0 and desk.provider.took == 0
    assert list(said) == ["send"] and said["send"][:2] == (True, False)
    assert "--mail" in said["send"][2]


def test_all_is_right(desk):
    said, status = mailed(desk, GOOD, "--mail")
    assert status == 0, said
    assert [k for k, (ok, told, _) in said.items() if ok and told] == [
        "send", "arrive", "spf", "dkim", "dmarc"]
    assert b"Auto-Submitted: auto-generated" in desk.provider.body
    nothing_is_left(desk, 1)


def test_each_wrong_one_is_named_with_its_cure(desk):
    said, status = mailed(desk, "mx.example.jp; spf=softfail smtp.mailfrom=support@example.jp;"
                          " dkim=pass header.d=provider.example; dmarc=fail header.from=example.jp",
                          "--mail")
    assert status == 69
    assert not said["spf"][0] and "softfail" in said["spf"][2] and "v=spf1" in said["spf"][2]
    assert not said["dkim"][0] and "provider.example" in said["dkim"][2]
    assert not said["dmarc"][0] and "_dmarc.example.jp" in said["dmarc"][2]
    nothing_is_left(desk, 2)


def test_a_server_that_says_nothing_is_no_failure(desk):
    said, status = mailed(desk, None, "--mail")
    assert status == 0 and said["verdict"][:2] == (True, False)
    said, status = mailed(desk, "mx.example.jp; dkim=pass header.d=example.jp", "--mail")
    assert status == 0 and said["dkim"][:2] == (True, True)
    assert said["spf"][:2] == said["dmarc"][:2] == (True, False)
    nothing_is_left(desk, 4)


def test_a_field_above_that_of_the_declared_server_says_nothing(desk):
    desk.run("maildesk", "set", "--server", "mx.example.jp")
    said, status = mailed(desk, "filter.example.jp; spf=fail smtp.mailfrom=support@example.jp\r\n"
                          "Authentication-Results: " + GOOD, "--mail")
    desk.run("maildesk", "set", "--server", "-")
    assert status == 0 and said["spf"][:2] == said["dmarc"][:2] == (True, True), said
    nothing_is_left(desk, 5)


def test_refused_and_for_administrators_only(desk):
    desk.provider.on["RCPT"] = "550 5.7.1 not your address"
    said, status = mailed(desk, GOOD, "--mail")
    del desk.provider.on["RCPT"]
    assert status == 69 and not said["send"][0] and "not your address" in said["send"][2]
    assert "arrive" not in said
    desk.add_people()
    took = desk.provider.took
    done = desk.run("mailbox", "test", "box", "--mail", as_="sato", check=False)
    assert done.returncode == 77 and "管理者" in done.stderr, done.stderr
    assert desk.provider.took == took


def test_its_mail_stays_away_when_the_folder_is_made_anew(desk, servers):
    """A new UIDVALIDITY brings it once more: it is known again."""
    with servers.mailbox(Desk.ADDRESS) as box:
        before = len(box.search(None, "ALL")[1][0].split())
    for name in ("dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"):
        for folder, _, files in os.walk(servers.dir):
            if name in files and Desk.ADDRESS in folder:
                os.unlink(os.path.join(folder, name))
    desk.stop()
    desk.start()
    wait_until("the mails once more", lambda: desk.query(
        "SELECT count(*) FROM delivery WHERE state = 'erased'")[0][0] >= 2 * before, 60, desk.alive)
    nothing_is_left(desk, before)
