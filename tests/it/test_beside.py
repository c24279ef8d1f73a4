"""A desk that goes live beside another mail tool: what was there before is
history, and what that tool sends is known. Real Dovecot and OpenSMTPD."""
import imaplib
import json
import os
import shutil
import tempfile
import time

import pytest
from desk import Desk, DeskError
from servers import Servers, wait_until

PASSWORD = "desk-secret"
HANAKO = "hanako@customer.example"
SENT = "Sent"


def raw(mid, sender, to, subject="返品したい", refs=(), body="返品したいです。"):
    head = ["From: " + sender, "To: " + to, "Subject: " + subject, "Message-ID: <%s>" % mid,
            "Date: Sat, 21 Nov 2026 10:00:00 +0900", "MIME-Version: 1.0"]
    if refs:
        head += ["In-Reply-To: <%s>" % refs[-1], "References: " + " ".join("<%s>" % r for r in refs)]
    head += ["Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: 8bit"]
    return ("\r\n".join(head) + "\r\n\r\n" + body + "\r\n").encode()


@pytest.fixture(name="place")
def fixture_place():
    folder = tempfile.mkdtemp(prefix="madoguchi-it.")
    os.chmod(folder, 0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module", name="servers")
def fixture_servers():
    folder = tempfile.mkdtemp(prefix="madoguchi-it.")
    os.chmod(folder, 0o711)
    with Servers(folder + "/servers") as s:
        s.add_user(Desk.ADDRESS, PASSWORD)
        s.add_user(HANAKO, "x")
        yield s
    shutil.rmtree(folder, ignore_errors=True)


def empty(servers):
    for folder in ("INBOX", SENT):
        with servers.mailbox(Desk.ADDRESS, folder) as box:
            if box.search(None, "ALL")[1][0]:
                box.store("1:*", "+FLAGS", "\\Deleted")
                box.expunge()


@pytest.fixture(name="desk")
def fixture_desk(place, servers, build_dir):
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    empty(servers)
    with Desk(place + "/desk", build_dir) as d:
        d.init()
        yield d


def begin(desk, servers, **kw):
    desk.start()
    desk.add_people()
    desk.add_mailbox(servers, Desk.ADDRESS, PASSWORD, **kw)


def put(servers, folder, mail, ago_s=0):
    """One mail into a folder, as another tool would, arrived ago_s seconds ago."""
    with servers.mailbox(Desk.ADDRESS) as box:
        box.append(folder, "(\\Seen)", imaplib.Time2Internaldate(time.time() - ago_s), mail)


def look_now(desk):
    """Every folder is read at once, not only at the next poll."""
    desk.call("mailbox.policy", name=Desk.ADDRESS, policy="leave")


def ticket_of(desk, mid, timeout_s=60):
    look_now(desk)

    def look():
        rows = desk.query("SELECT t.number FROM message m JOIN ticket t ON t.id = m.ticket_id"
                          " WHERE m.message_id = ?1 AND t.merged_into IS NULL", mid)
        return rows and rows[0][0]
    return wait_until("%s in the desk" % mid, look, timeout_s, desk.alive)


def show(desk, number):
    return desk.json("ticket", "show", number)


def until_state(desk, number, state):
    return wait_until("ticket %d %s" % (number, state),
                      lambda: (t := show(desk, number))["state"] == state and t, 60, desk.alive)


def first_response(shown):
    return next((c for c in shown["clocks"] if c["clock"] == "first_response"), None)


def test_a_reply_by_another_tool_joins_meets_the_clock_and_is_badged(desk, servers):
    begin(desk, servers)
    put(servers, "INBOX", raw("q1@c", HANAKO, Desk.ADDRESS))
    number = ticket_of(desk, "q1@c")
    assert first_response(show(desk, number))["state"] == "running"
    put(servers, SENT, raw("a1@other", Desk.ADDRESS, HANAKO, "Re: 返品したい", ["q1@c"],
                           "承知しました。"))
    assert ticket_of(desk, "a1@other") == number
    shown = until_state(desk, number, "closed")
    assert shown["closing"] == "replied"
    assert first_response(shown)["state"] == "met"
    reply = next(m for m in shown["messages"] if m["message_id"] == "a1@other")
    assert reply["direction"] == "out" and "elsewhere" in reply["badges"]
    assert "他ツールで返信済み" in desk.run("ticket", "show", number).stdout
    # the customer writes again: it comes up again, as after any reply
    put(servers, "INBOX", raw("q2@c", HANAKO, Desk.ADDRESS, "Re: 返品したい", ["q1@c", "a1@other"],
                              "まだ届きません。どうなりましたか。"))
    assert ticket_of(desk, "q2@c") == number
    until_state(desk, number, "new")
    assert desk.json("audit", "verify")["fault"] is None


def test_the_reply_may_be_read_before_the_question(desk, servers):
    begin(desk, servers, since="all")
    desk.call("golive", mode="off", from_s=int(time.time()) - 3600)
    put(servers, SENT, raw("a3@other", Desk.ADDRESS, HANAKO, "Re: 在庫", ["q3@c"], "あります。"), 300)
    first = ticket_of(desk, "a3@other")
    put(servers, "INBOX", raw("q3@c", HANAKO, Desk.ADDRESS, "在庫", body="在庫はありますか。"), 600)
    assert ticket_of(desk, "q3@c") == first
    shown = show(desk, first)
    assert shown["state"] == "closed" and shown["closing"] == "replied"
    assert first_response(shown)["state"] == "met"


def test_a_forward_to_a_colleague_answers_nobody(desk, servers):
    begin(desk, servers)
    put(servers, "INBOX", raw("q4@c", HANAKO, Desk.ADDRESS))
    number = ticket_of(desk, "q4@c")
    put(servers, SENT, raw("f4@other", Desk.ADDRESS, "souko@example.jp", "Fwd: 返品したい", ["q4@c"]))
    assert ticket_of(desk, "f4@other") == number
    shown = show(desk, number)
    assert shown["state"] == "new" and first_response(shown)["state"] == "running"


def test_a_draft_says_that_somebody_has_answered(desk, servers):
    begin(desk, servers)
    desk.run("golive")
    put(servers, "INBOX", raw("q5@c", HANAKO, Desk.ADDRESS))
    number = ticket_of(desk, "q5@c")
    draft = desk.json("draft", "new", number, "--body-file", "-", as_="sato",
                      text="花子様\n\n承知いたしました。\n")["draft"]
    desk.run("draft", "submit", draft, as_="sato")
    put(servers, SENT, raw("a5@other", Desk.ADDRESS, HANAKO, "Re: 返品したい", ["q5@c"]))
    ticket_of(desk, "a5@other")
    wait_until("the request taken back", lambda: desk.json(
        "draft", "show", draft)["state"] == "editing", 60, desk.alive)
    assert desk.json("draft", "show", draft)["answered_elsewhere"]["sent_s"] > 0
    assert "他ツールで返信済み" in desk.run("draft", "show", draft).stdout
    with pytest.raises(DeskError):
        desk.run("approve", draft, as_="suzuki")
    with pytest.raises(DeskError, match="despite-reply"):
        desk.run("draft", "submit", draft, as_="sato")
    # nobody had asked for the ticket to be closed under the person who has it
    assert show(desk, number)["state"] == "working"
    desk.run("draft", "submit", draft, "--despite-reply", as_="sato")
    desk.run("approve", draft, as_="suzuki")
    assert "answered_elsewhere" not in desk.json("draft", "show", draft)


def test_our_own_copy_in_sent_is_no_second_mail(desk, servers):
    begin(desk, servers)
    desk.run("golive")
    put(servers, "INBOX", raw("q6@c", HANAKO, Desk.ADDRESS))
    number = ticket_of(desk, "q6@c")
    draft = desk.json("draft", "new", number, "--body-file", "-", as_="sato",
                      text="花子様\n\n承知いたしました。\n")["draft"]
    desk.run("draft", "submit", draft, as_="sato")
    desk.run("approve", draft, as_="suzuki")
    desk.call("clock.advance", seconds=3600)
    wait_until("the copy is made", lambda: desk.query(
        "SELECT 1 FROM outbox WHERE copy_state = 'done'"), 60, desk.alive)
    look_now(desk)
    wait_until("the copy read back", lambda: desk.query(
        "SELECT 1 FROM sent_copy c JOIN outbox o ON o.id = c.outbox_id"
        " WHERE o.state = 'sent' AND o.copy_state = 'done'"), 60, desk.alive)
    shown = show(desk, number)
    assert [m["direction"] for m in shown["messages"]] == ["in", "out"]
    assert "elsewhere" not in shown["messages"][1]["badges"]
    # a copy that the provider put there under another id is ours as well
    with servers.mailbox(Desk.ADDRESS, SENT) as box:
        _, data = box.fetch("1", "(BODY.PEEK[])")
        copy = data[0][1]
    mid = desk.query("SELECT message_id FROM outbox")[0][0].encode()
    put(servers, SENT, copy.replace(b"<" + mid + b">", b"<renamed@provider>"))
    look_now(desk)
    wait_until("the renamed copy read", lambda: len(desk.query("SELECT 1 FROM sent_copy")) == 2,
               60, desk.alive)
    assert len(show(desk, number)["messages"]) == 2
    # the customer answers to that id
    put(servers, "INBOX", raw("q7@c", HANAKO, Desk.ADDRESS, "Re: 返品したい", ["renamed@provider"],
                              "いつ届きますか。"), ago_s=-3600)
    assert ticket_of(desk, "q7@c") == number


def test_old_mail_is_history_and_the_unanswered_can_be_picked(desk, servers):
    day = 86400
    put(servers, "INBOX", raw("h1@c", HANAKO, Desk.ADDRESS, "一件目"), 2 * day)
    put(servers, "INBOX", raw("h2@c", "jiro@c.example", Desk.ADDRESS, "二件目"), 2 * day)
    put(servers, SENT, raw("h2a@other", Desk.ADDRESS, "jiro@c.example", "Re: 二件目", ["h2@c"]), day)
    put(servers, "INBOX", raw("h3@c", "saburo@c.example", Desk.ADDRESS, "三件目"), 30 * day)
    put(servers, "INBOX", raw("h4@c", "shiro@c.example", Desk.ADDRESS, "四件目"), 3 * day)
    put(servers, SENT, raw("h4a@other", Desk.ADDRESS, "shiro@c.example", "Re: 四件目", ["h4@c"]),
        2 * day)
    put(servers, "INBOX", raw("h4b@c", "shiro@c.example", Desk.ADDRESS, "Re: 四件目", ["h4a@other"],
                              "ありがとうございました。助かりました。"), day)
    begin(desk, servers, since="all")
    numbers = {m: ticket_of(desk, m) for m in ("h1@c", "h2@c", "h3@c", "h4@c", "h2a@other", "h4b@c")}
    for number in numbers.values():
        shown = show(desk, number)
        assert shown["state"] == "closed" and shown["closing"] == "history" and shown["history"]
        assert not shown["clocks"]
    assert numbers["h2@c"] == numbers["h2a@other"] and numbers["h4@c"] == numbers["h4b@c"]
    wait_until("Sent was read", lambda: desk.query(
        "SELECT 1 FROM folder WHERE role = 'sent' AND synced_s > 0"), 60, desk.alive)
    dry = desk.json("golive", "--pick-unanswered", 7, "--dry-run")
    assert [p["ticket"] for p in dry["picked"]] == [numbers["h1@c"]] and not dry["sent_not_read"]
    assert desk.json("status")["sending"] == "off" and show(desk, numbers["h1@c"])["history"]
    assert len(desk.json("golive", "--pick-unanswered", 7)["picked"]) == 1
    shown = show(desk, numbers["h1@c"])
    assert shown["state"] == "new" and not shown["history"]
    assert first_response(shown)["state"] == "running"
    assert desk.json("golive", "--pick-unanswered", 7)["picked"] == []
    # a live mail in a thread of history makes a promise again
    put(servers, "INBOX", raw("h2b@c", "jiro@c.example", Desk.ADDRESS, "Re: 二件目", ["h2a@other"],
                              "まだですか。"))
    assert ticket_of(desk, "h2b@c") == numbers["h2@c"]
    shown = until_state(desk, numbers["h2@c"], "new")
    assert not shown["history"] and first_response(shown)["state"] == "running"


def test_the_go_live_time_can_be_set_anew(desk, servers):
    begin(desk, servers, since="all")
    put(servers, "INBOX", raw("g1@c", HANAKO, Desk.ADDRESS))
    put(servers, "INBOX", raw("g2@c", "jiro@c.example", Desk.ADDRESS, "別件"))
    one, two = ticket_of(desk, "g1@c"), ticket_of(desk, "g2@c")
    desk.run("ticket", "assign", two, "--to", "sato")
    desk.call("clock.advance", seconds=60)
    assert desk.call("golive", from_s=int(time.time()) + 30)["history"] == 1
    assert show(desk, one)["closing"] == "history" and show(desk, two)["state"] != "closed"
    assert json.loads(desk.run("golive", "--dry-run", "--pick-unanswered", "1", "--json").stdout)[
        "picked"][0]["ticket"] == one


def test_nothing_changes_on_the_server(desk, servers):
    with servers.mailbox(Desk.ADDRESS) as box:
        box.append("INBOX", None, None, raw("n1@c", HANAKO, Desk.ADDRESS))
        box.append(SENT, None, None, raw("n2@other", Desk.ADDRESS, HANAKO, "件", []))

    def flags():
        out = []
        for folder in ("INBOX", SENT):
            with servers.mailbox(Desk.ADDRESS, folder) as box:
                out.append(sorted(x.replace(b"\\Recent", b"").replace(b" ", b"")
                                  for x in box.fetch("1:*", "(UID FLAGS)")[1]))
        return out
    before = flags()
    begin(desk, servers, since="all")
    ticket_of(desk, "n1@c"), ticket_of(desk, "n2@other")
    assert desk.json("reconcile")["ok"]
    assert flags() == before


def test_a_mailbox_can_leave_sent_alone(desk, servers):
    begin(desk, servers)
    put(servers, "INBOX", raw("x0@c", HANAKO, Desk.ADDRESS))
    ticket_of(desk, "x0@c")
    desk.run("folder", "remove", Desk.ADDRESS, SENT)
    put(servers, SENT, raw("x1@other", Desk.ADDRESS, HANAKO))
    put(servers, "INBOX", raw("x2@c", HANAKO, Desk.ADDRESS))
    ticket_of(desk, "x2@c")
    assert [f["folder"] for f in desk.json("reconcile")["folders"]] == ["INBOX"]
    assert not desk.query("SELECT 1 FROM message WHERE message_id = 'x1@other'")
