"""A day in which everything is gone for a while: servers, disk, time."""
import os
import shutil

import pytest
from desk import Desk, DeskError
from servers import Servers, ServersError, wait_until

PASSWORD = "trouble-secret"
CUSTOMER = "hanako@customer.example"


@pytest.fixture(scope="module")
def servers(place):
    with Servers(place + "/servers") as s:
        s.add_user(CUSTOMER, "x")
        yield s


@pytest.fixture
def desk(place, servers, build_with_faults, request):
    with Desk("%s/%s" % (place, request.node.name[5:20]), build_with_faults) as d:
        d.ADDRESS = request.node.name[5:20] + "@example.jp"
        servers.add_user(d.ADDRESS, PASSWORD)
        d.init()
        d.start()
        d.add_people()
        d.add_mailbox(servers, d.ADDRESS, PASSWORD)
        d.run("golive")
        yield d


def deliver(servers, desk, number):
    servers.deliver(CUSTOMER, desk.ADDRESS, (
        "From: %s\r\nTo: %s\r\nSubject: question %d\r\nMessage-ID: <d%d.%s>\r\n"
        "Date: Sun, 22 Nov 2026 10:00:00 +0900\r\n\r\nhello %d\r\n" % (
            CUSTOMER, desk.ADDRESS, number, number, desk.ADDRESS, number)).encode())


def ordinary(desk):
    return desk.query("SELECT count(*) FROM message WHERE direction = 'in'"
                      " AND class = 'ordinary'")[0][0]


def reply_to_all(desk):
    """Every open ticket without a draft gets an approved reply."""
    for (number,) in desk.query("SELECT number FROM ticket t WHERE t.state = 'new' AND NOT EXISTS"
                                " (SELECT 1 FROM draft d WHERE d.ticket_id = t.id)"):
        draft = desk.call("draft.new", as_="sato", ticket=number, body="承知しました。")["draft"]
        desk.call("draft.submit", as_="sato", draft=draft)
        desk.call("approve", as_="suzuki", draft=draft)


def outbox(desk):
    return dict(desk.query("SELECT state, count(*) FROM outbox WHERE kind = 'reply'"
                           " GROUP BY state"))


def arrived(servers, desk):
    """Message-IDs of our replies at the customer, each as often as it came."""
    ids = [m for m, in desk.query("SELECT message_id FROM outbox WHERE kind = 'reply'")]
    raw = b"\n".join(servers.mails(CUSTOMER))
    return {m: raw.count(b"Message-ID: <" + m.encode()) for m in ids}


def wait_sent(desk, n):
    """All replies are out; the clock moves on, so that retries come due."""
    try:
        wait_until("%d replies sent" % n, lambda: (
            desk.call("clock.advance", seconds=60) and outbox(desk) == {"sent": n}), 90, desk.alive)
    except ServersError as e:
        raise AssertionError("%s; outbox %s%s" % (e, desk.query(
            "SELECT id, state, attempts, reason FROM outbox WHERE state <> 'sent'"),
            [outbox(desk), desk.log_tail()])) from None


def check_all(servers, desk, mails):
    assert desk.query("SELECT count(*), count(DISTINCT message_id), count(DISTINCT ticket_id)"
                      " FROM message WHERE direction = 'in' AND class = 'ordinary'") == [
                          (mails, mails, mails)]
    wait_until("the replies", lambda: set(arrived(servers, desk).values()) == {1}, 60)
    # (a notice that comes back may just be on its way)
    wait_until("all is done", lambda: desk.query(
        "SELECT count(*) FROM delivery WHERE state <> 'done'") == [(0,)], 60, desk.alive)
    assert desk.run("reconcile").returncode == 0
    assert desk.run("audit", "verify").returncode == 0


def troubles(desk):
    return [f["problem"] for f in desk.json("status")["folders"] if f["problem"]]


def test_day_of_outages(desk, servers):
    """24 hours of clock in which the servers are gone now and then."""
    sent = 0
    for hour in range(24):
        if hour % 8 == 3:
            # what the MTA has taken it delivers, before its own way is gone
            wait_sent(desk, sum(outbox(desk).values()))
            wait_until("the replies so far", lambda: set(arrived(servers, desk).values()) == {1},
                       60)
            servers.stop_smtp()        # it would remember the other's absence
            servers.stop_imap()        # IMAP, and the way in for submission
            wait_until("status tells of it", lambda: troubles(desk), 60, desk.alive)
        if hour % 8 == 5:
            servers.start_imap()
            servers.start_smtp()
        if hour % 8 != 3 and hour % 8 != 4:
            deliver(servers, desk, hour)
            sent += 1
            # (alarms about the outage come back too: their addresses are none)
            wait_until("mail %d" % hour, lambda: ordinary(desk) == sent, 90, desk.alive)
            wait_until("all is well", lambda: not troubles(desk), 60, desk.alive)
        if hour % 8 != 2:              # its reply is approved in the outage
            reply_to_all(desk)
        for _ in range(12):
            desk.call("clock.advance", seconds=300)
    assert sent == 18
    wait_sent(desk, sent)
    check_all(servers, desk, sent)


def test_read_only_store(desk, servers):
    """Nobody can write: no mail is taken, none is sent; then all of them."""
    deliver(servers, desk, 1)
    wait_until("mail 1", lambda: desk.delivered() == 1, 60, desk.alive)
    desk.stop()
    files = [f for f in os.listdir(desk.dir) if f.startswith("desk.db")]
    for f in files:
        os.chmod("%s/%s" % (desk.dir, f), 0o444)
    if os.access(desk.store, os.W_OK):     # root writes anyway
        for f in files:
            os.chmod("%s/%s" % (desk.dir, f), 0o600)
        made = shutil.which("mount") and os.system(
            "mount --bind %s %s && mount -o remount,bind,ro %s" % (desk.dir, desk.dir, desk.dir))
        if made != 0:
            pytest.skip("needs to mount a file system")
        try:
            desk.log = desk.dir + ".log"
            with pytest.raises(DeskError):
                desk.start()
        finally:
            os.system("umount -l %s" % desk.dir)
    deliver(servers, desk, 2)
    for f in files:
        if os.path.exists("%s/%s" % (desk.dir, f)):
            os.chmod("%s/%s" % (desk.dir, f), 0o600)
    desk.start()
    wait_until("mail 2", lambda: desk.delivered() == 2, 60, desk.alive)
    reply_to_all(desk)
    wait_sent(desk, 2)
    check_all(servers, desk, 2)
