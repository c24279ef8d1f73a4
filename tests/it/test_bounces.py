"""Replies that do not arrive, and what is known of them later, on real servers."""
import email

import pytest
from desk import Desk
from servers import Servers, wait_until

PASSWORD = "bounce-secret"


@pytest.fixture(scope="module")
def servers(place):
    with Servers(place + "/servers") as s:
        s.add_user(Desk.ADDRESS, PASSWORD)
        s.add_user("hanako@customer.example", "x")
        yield s


@pytest.fixture(scope="module")
def desk(place, servers, build_dir):
    with Desk(place + "/desk", build_dir) as d:
        d.init()
        d.start()
        d.add_people()
        d.add_mailbox(servers, Desk.ADDRESS, PASSWORD)
        d.run("golive")
        yield d


def ticket_of(desk, servers, sender, number, cc=""):
    mid = "b%d@customer.example" % number
    servers.deliver(sender, Desk.ADDRESS, (
        "From: %s\r\nTo: %s\r\n%sSubject: question %d\r\nMessage-ID: <%s>\r\n"
        "Date: Sun, 22 Nov 2026 10:00:00 +0900\r\n\r\nhello\r\n" % (
            sender, Desk.ADDRESS, cc and "Cc: %s\r\n" % cc, number, mid)).encode())
    return wait_until("the ticket", lambda: desk.query(
        "SELECT t.number FROM message m JOIN ticket t ON t.id = m.ticket_id"
        " WHERE m.message_id = ?", mid), 60, desk.alive)[0][0]


def reply(desk, number):
    draft = desk.call("draft.new", as_="sato", ticket=number, body="承知いたしました。")["draft"]
    desk.call("draft.submit", as_="sato", draft=draft)
    return desk.call("approve", as_="suzuki", draft=draft)["outbox"]


def state(desk, outbox):
    return desk.query("SELECT state FROM outbox WHERE id = ?", outbox)[0][0]


def rcpts(desk, outbox):
    return dict(desk.query("SELECT address, state FROM outbox_rcpt WHERE outbox_id = ?", outbox))


def test_a_reply_that_comes_back_raises_its_ticket(desk, servers):
    gone, there = "gone@customer.example", "hanako@customer.example"
    number = ticket_of(desk, servers, gone, 1, cc=there)
    outbox = reply(desk, number)
    wait_until("the report", lambda: rcpts(desk, outbox).get(gone) == "bounced", 90, desk.alive)
    assert rcpts(desk, outbox) == {gone: "bounced", there: "accepted"}
    assert state(desk, outbox) == "sent"
    assert desk.query("SELECT state FROM ticket WHERE number = ?", number) == [("new",)]
    assert desk.query("SELECT bounce FROM customer_address WHERE key = ?", gone) == [("hard",)]
    assert desk.query("SELECT count(*) FROM event WHERE kind = 'ticket.undelivered'") == [(1,)]
    (told,) = desk.json("ticket", "show", number)["undelivered"]
    assert told["address"] == gone and told["kind"] == "hard" and told["text"]
    assert gone in desk.run("ticket", "show", number).stdout
    # the other one has it
    assert any(m["Message-ID"].strip("<>") == desk.query(
        "SELECT message_id FROM outbox WHERE id = ?", outbox)[0][0]
        for m in map(email.message_from_bytes, servers.mails(there)))
    # and the report is in that ticket, not in one of its own
    assert desk.query("SELECT count(DISTINCT ticket_id) FROM message") == [(1,)]


@pytest.mark.usefixtures("build_with_faults")
def test_an_answer_resolves_what_was_unknown(desk, servers):
    """The sender dies at the end of a mail that arrives all the same."""
    customer = "hanako@customer.example"
    number = ticket_of(desk, servers, customer, 2)
    desk.stop()
    desk.start(MDG_FAULT="smtp.result:1")
    outbox = reply(desk, number)
    wait_until("the end of the sender", lambda: state(desk, outbox) == "unknown", 60, desk.alive)
    (mid,) = desk.query("SELECT message_id FROM outbox WHERE id = ?", outbox)[0]
    servers.deliver(customer, Desk.ADDRESS, (
        "From: %s\r\nTo: %s\r\nSubject: Re: question 2\r\nMessage-ID: <b3@customer.example>\r\n"
        "In-Reply-To: <%s>\r\nDate: Sun, 22 Nov 2026 11:00:00 +0900\r\n\r\nthank you\r\n" % (
            customer, Desk.ADDRESS, mid)).encode())
    wait_until("what it proves", lambda: state(desk, outbox) == "sent", 60, desk.alive)
    assert rcpts(desk, outbox) == {customer: "accepted"}
    got = [m for m in map(email.message_from_bytes, servers.mails(customer))
           if m["Message-ID"] == "<%s>" % mid]
    assert len(got) == 1
    assert desk.run("audit", "verify").returncode == 0
