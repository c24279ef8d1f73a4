"""Automatic receipts on real servers: two desks that write to each other."""
import email

import pytest
from desk import Desk
from servers import Servers, wait_until

PASSWORD = "receipt-secret"
ADDRESSES = ["a@example.jp", "b@example.jp"]


@pytest.fixture(scope="module")
def servers(place):
    with Servers(place + "/servers") as s:
        for address in ADDRESSES:
            s.add_user(address, PASSWORD)
        yield s


@pytest.fixture(scope="module")
def desks(place, servers, build_dir):
    """Two desks that answer every new inquiry."""
    both = []
    for address in ADDRESSES:
        d = Desk("%s/%s" % (place, address[0]), build_dir)
        d.ADDRESS = address
        d.init()
        d.start()
        d.add_mailbox(servers, address, PASSWORD)
        d.run("golive")
        d.run("window", "receipt", "support", "--template", "receipt-auto")
        both.append(d)
    yield both
    for d in both:
        d.stop()


def wait_in(desk, n):
    """n mails have come all the way, and nothing is on its way out."""
    def settled():
        return desk.delivered() >= n and not desk.query(
            "SELECT id FROM outbox WHERE state IN ('queued', 'sending', 'committing')")
    wait_until("%d mails of %s" % (n, desk.ADDRESS), settled, 60, desk.alive)


def inbox(servers, address):
    return [email.message_from_bytes(m) for m in servers.mails(address)]


def mail(sender, to, number, extra=""):
    return ("From: %s\r\nTo: %s\r\nSubject: hello %d\r\nMessage-ID: <r%d@%s>\r\n%s"
            "Date: Sun, 22 Nov 2026 10:00:00 +0900\r\n\r\nhello\r\n" % (
                sender, to, number, number, to, extra)).encode()


def test_two_desks_answer_each_other_once(desks, servers):
    a, b = desks
    # a person at B writes to A by the desk's own address
    servers.deliver(b.ADDRESS, a.ADDRESS, mail(b.ADDRESS, a.ADDRESS, 1))
    wait_in(a, 1)
    (receipt,) = wait_until("the receipt", lambda: inbox(servers, b.ADDRESS), 60)
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["Return-Path"] == "<>"
    wait_in(b, 1)
    # B has understood what it is, and is silent; so A has nothing more
    assert b.query("SELECT class FROM message") == [("auto_reply",)]
    assert b.query("SELECT count(*) FROM outbox") == [(0,)]
    assert len(inbox(servers, a.ADDRESS)) == 1


def test_also_when_the_signs_are_lost_on_the_way(desks, servers):
    a, b = desks
    sent = "SELECT count(*) FROM outbox WHERE state = 'sent'"
    wait_in(a, 1)
    before = a.query(sent)[0][0]
    # A's receipt as a relay might leave it: a mail like any other
    n = len(inbox(servers, b.ADDRESS))
    servers.deliver(a.ADDRESS, b.ADDRESS, mail(a.ADDRESS, b.ADDRESS, 2))
    wait_in(b, n + 1)
    assert b.query(sent) == [(1,)]
    # B's receipt for it is the end
    wait_until("B's receipt", lambda: len(inbox(servers, a.ADDRESS)) == 2, 60)
    wait_in(a, 2)
    assert a.query("SELECT class FROM message WHERE direction = 'in' ORDER BY id") == [
        ("ordinary",), ("auto_reply",)]
    assert a.query(sent) == [(before,)]
    for d in desks:
        assert d.run("audit", "verify").returncode == 0
