"""A mail account goes to another server: real Dovecots, each with mailboxes of
its own. Every mail has one ticket, whatever UIDs it has there."""
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading

import pytest
from desk import Desk, DeskError
from evil import Evil, Smtp
from servers import Servers, wait_until
from test_beside import HANAKO, PASSWORD, begin, put, raw, ticket_of

BOX = "desk%d@example.jp"
numbers = iter(range(1, 1000))


@pytest.fixture(scope="module", name="two")
def fixture_two():
    """Two providers; the second one with another certificate authority."""
    folder = tempfile.mkdtemp(prefix="madoguchi-it.")
    os.chmod(folder, 0o711)
    with Servers(folder + "/old", smtp=False) as old, Servers(folder + "/new") as new:
        new.add_user(HANAKO, "x")
        yield old, new
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(name="desk")
def fixture_desk(two, build_dir, monkeypatch):
    """A desk with a mailbox of its own at the first one."""
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    folder = tempfile.mkdtemp(prefix="madoguchi-it.")
    monkeypatch.setattr(Desk, "ADDRESS", BOX % next(numbers))
    for s in two:
        s.add_user(Desk.ADDRESS, PASSWORD)
    with Desk(folder + "/desk", build_dir) as d:
        d.init()
        begin(d, two[0])
        yield d
    shutil.rmtree(folder, ignore_errors=True)


def mail(n):
    return raw("m%d@c" % n, HANAKO, Desk.ADDRESS, "件名 %d" % n)


def arrived(desk, n):
    return ticket_of(desk, "m%d@c" % n)


def to(server):
    """The words that say where."""
    return ["--imap", "%s:%d" % (server.host, server.imaps_port), "--ca", server.ca_file,
            "--smtp", "%s:%d" % (server.host, server.submission_port)]


def change(desk, *words, **kw):
    return desk.run("mailbox", "change", Desk.ADDRESS, *words, **kw)


def copy(old, new, folder="INBOX"):
    """What an admin does before: every mail also at the new place."""
    mails = old.mails(Desk.ADDRESS, folder)
    for m in mails:
        put(new, folder, m)
    return len(mails)


def tickets(desk):
    """(Message-ID, tickets that have it, how often it was delivered) of each mail."""
    return sorted(desk.query(
        "SELECT m.message_id, COUNT(DISTINCT m.ticket_id),"
        " (SELECT COUNT(*) FROM delivery d WHERE d.message_id = m.id)"
        " FROM message m WHERE m.message_id LIKE 'm%@c' GROUP BY m.message_id"))


def settled(desk):
    """Until every folder was read to its end and compared."""
    return wait_until("all compared", lambda: (r := desk.json("reconcile", check=False))["ok"] and r,
                      60, desk.alive)


def inbox(desk):
    return next(f for f in settled(desk)["folders"] if f["role"] == "intake")


def where(desk, name=None):
    shown = desk.json("mailbox", "show", name or Desk.ADDRESS)
    return shown["imap_host"], shown["imap_port"]


def until_connected(desk):
    wait_until("connected", lambda: desk.run("folder", "list", Desk.ADDRESS,
                                             check=False).returncode == 0, 60, desk.alive)


def test_an_account_moves_and_every_mail_has_one_ticket(desk, two):
    old, new = two
    for n in (1, 2, 3):
        put(old, "INBOX", mail(n))
    put(old, "INBOX", b"no header at all\r\n")
    [arrived(desk, n) for n in (1, 2, 3)]
    wait_until("the fourth", lambda: desk.delivered() == 4, 60, desk.alive)
    before = desk.query("SELECT COUNT(*) FROM ticket")[0][0]
    put(new, "INBOX", mail(50))                        # so that UIDs differ
    assert copy(old, new) == 4
    told = change(desk, *to(new)).stdout
    assert "読み直します" in told and "NG" not in told
    put(new, "INBOX", mail(9))
    arrived(desk, 50), arrived(desk, 9)
    f = inbox(desk)
    assert (f["server"], f["stored"], f["missing"]) == (6, 6, 0)
    assert tickets(desk) == [("m1@c", 1, 2), ("m2@c", 1, 2), ("m3@c", 1, 2), ("m50@c", 1, 1),
                             ("m9@c", 1, 1)]
    assert desk.query("SELECT COUNT(*) FROM ticket")[0][0] == before + 2
    # what comes to the old place now is nobody's
    put(old, "INBOX", mail(60))
    put(new, "INBOX", mail(61))
    arrived(desk, 61)
    assert inbox(desk)["stored"] == 7
    assert not desk.query("SELECT 1 FROM message WHERE message_id = 'm60@c'")
    assert where(desk) == (new.host, new.imaps_port)


def test_the_same_uids_of_other_mails_hide_none(desk, two):
    """A server that was copied as a whole has the old UIDVALIDITY, too."""
    old, new = two
    put(old, "INBOX", mail(1))
    arrived(desk, 1)
    settled(desk)
    home = "/mail/" + Desk.ADDRESS
    shutil.rmtree(new.dir + home, ignore_errors=True)
    shutil.copytree(old.dir + home, new.dir + home)
    stat = os.stat(old.dir + home)
    for path, _, files in os.walk(new.dir + home):
        for name in [path, *(os.path.join(path, f) for f in files)]:
            os.chown(name, stat.st_uid, stat.st_gid)
    put(old, "INBOX", mail(2))                         # UID 2 there ...
    arrived(desk, 2)
    settled(desk)
    put(new, "INBOX", mail(3))                         # ... and here
    for server in (old, new):
        with server.mailbox(Desk.ADDRESS) as box:
            assert box.uid("SEARCH", "ALL")[1][0].split() == [b"1", b"2"]
    change(desk, *to(new))
    arrived(desk, 3)
    settled(desk)
    assert tickets(desk) == [("m1@c", 1, 2), ("m2@c", 1, 1), ("m3@c", 1, 1)]
    rows = desk.query("SELECT DISTINCT uidvalidity FROM delivery WHERE message_id IS NOT NULL")
    assert len(rows) == 1, "the copy has a UIDVALIDITY of its own: nothing was tried"


@pytest.mark.parametrize("wrong, step, words", [
    ("host", "imap.dns", "nowhere.invalid"),
    ("port", "imap.connect", "1"),
    ("password", "imap.login", "パスワード"),
    ("folder", "imap.folder", "ありません"),
    ("smtp", "smtp.connect", "1"),
    ("ca", "imap.tls", "証明書"),
])
def test_what_does_not_work_is_refused_and_the_old_goes_on(desk, two, wrong, step, words):
    old, new = two
    put(old, "INBOX", mail(1))
    arrived(desk, 1)
    was = desk.json("mailbox", "show", Desk.ADDRESS)
    args = {"host": ["--imap", "nowhere.invalid"], "port": ["--imap", new.host + ":1"],
            "password": [*to(new), "--password-file", "-"],
            "folder": [*to(new), "--folder", "ありません"],
            "smtp": [*to(new), "--smtp", new.host + ":1"],
            "ca": ["--imap", "%s:%d" % (new.host, new.imaps_port)]}[wrong]
    done = change(desk, *args, "--json", check=False, text="not-it" if wrong == "password" else None)
    assert done.returncode == 69
    answer = json.loads(done.stdout)
    bad = [s for s in answer["steps"] if not s["ok"]]
    assert not answer["saved"] and [s["step"] for s in bad] == [step]
    assert words in bad[0]["message"]
    told = change(desk, *args, check=False, text="not-it" if wrong == "password" else None).stdout
    assert "変更していません" in told and "NG" in told
    assert desk.json("mailbox", "show", Desk.ADDRESS) == was
    assert not desk.query("SELECT 1 FROM event WHERE kind = 'mailbox.change'")
    put(old, "INBOX", mail(2))
    arrived(desk, 2)


def test_untested_is_saved_and_told_of(desk, two):
    old, new = two
    put(old, "INBOX", mail(1))
    arrived(desk, 1)
    change(desk, "--imap", new.host + ":1", "--untested")
    problem = wait_until("the trouble is told", lambda: next(
        (m["problem"] for m in desk.json("mailbox", "list")["mailboxes"] if m["problem"]), None),
        60, desk.alive)
    assert new.host in problem
    copy(old, new)
    put(new, "INBOX", mail(2))
    change(desk, *to(new))
    arrived(desk, 2)
    inbox(desk)
    assert tickets(desk) == [("m1@c", 1, 2), ("m2@c", 1, 1)]
    assert not [m for m in desk.json("mailbox", "list")["mailboxes"] if m["problem"]]


def test_a_worker_that_waits_in_idle_goes_to_the_new_place(desk, two):
    """It hears of nothing there; the old server sees it leave."""
    old, new = two
    until_connected(desk)
    put(old, "INBOX", mail(1))
    arrived(desk, 1)
    settled(desk)

    assert sessions(old), "it is connected, and waits"
    copy(old, new)
    change(desk, *to(new))
    wait_until("connected there", lambda: desk.run("folder", "list", Desk.ADDRESS,
                                                   check=False).returncode == 0, 60, desk.alive)
    put(new, "INBOX", mail(2))
    arrived(desk, 2)
    wait_until("it left the old one", lambda: not sessions(old), 60, desk.alive)


def sessions(server):
    """Who is at that Dovecot for this mailbox."""
    out = subprocess.run(["doveadm", "-c", server.dir + "/dovecot.conf", "who", "-1"],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                         check=False).stdout
    return [line for line in out.splitlines() if line.startswith(Desk.ADDRESS)]


def test_killed_between_it_is_at_one_place_and_loses_nothing(desk, two):
    old, new = two
    for n in range(1, 6):
        put(old, "INBOX", mail(n))
    arrived(desk, 5)

    def begun(*words):
        return subprocess.Popen(
            [desk.build + "/src/madoguchi", "mailbox", "change", Desk.ADDRESS, *words, "--config",
             desk.config], env=desk.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with socket.create_server((new.host, 0)) as silent:
        p = begun("--imap", "%s:%d" % silent.getsockname())
        taken = silent.accept()[0]                     # it is tried, and waits for an answer
        desk.kill()
        p.wait()
        taken.close()
    desk.start()
    assert where(desk)[1] == old.imaps_port
    put(old, "INBOX", mail(6))
    arrived(desk, 6)
    copy(old, new)
    put(new, "INBOX", mail(9))
    p = begun(*to(new))
    wait_until("saved", lambda: desk.query("SELECT 1 FROM event WHERE kind = 'mailbox.change'"),
               60, desk.alive)
    desk.kill()
    p.wait()
    desk.start()
    assert where(desk)[1] == new.imaps_port
    arrived(desk, 9)
    inbox(desk)
    assert [row[:2] for row in tickets(desk)] == [("m%d@c" % n, 1) for n in (1, 2, 3, 4, 5, 6, 9)]


def test_what_waits_to_go_out_goes_by_the_new_server(desk, two, build_with_faults):
    """And its copy stands there."""
    assert build_with_faults
    old, new = two
    put(old, "INBOX", mail(1))
    number = arrived(desk, 1)
    copy(old, new)
    desk.run("golive")
    draft = desk.call("draft.new", as_="sato", ticket=number, body="花子 様\n\n承りました。")["draft"]
    desk.call("draft.submit", as_="sato", draft=draft, override="確認済み")
    code = desk.call("approval.show", as_="suzuki", draft=draft)["confirm"]["code"]
    outbox = desk.call("approve", as_="suzuki", draft=draft, confirm=code)["outbox"]
    change(desk, *to(new))
    desk.call("clock.advance", seconds=20)             # the cancel window
    wait_until("sent", lambda: desk.query(
        "SELECT 1 FROM outbox WHERE id = ?1 AND state = 'sent'", outbox), 90, desk.alive)
    wait_until("it arrived", lambda: new.mails(HANAKO), 60, desk.alive)
    wait_until("its copy", lambda: new.mails(Desk.ADDRESS, "Sent"), 60, desk.alive)
    assert not old.mails(Desk.ADDRESS, "Sent")


def test_a_name_is_changed_without_a_try_and_a_stranger_is_refused(desk, two):
    until_connected(desk)
    two[0].stop_imap()
    try:
        assert "NG" not in change(desk, "--name", "受付").stdout
        assert desk.json("mailbox", "show", "受付")["imap_port"] == two[0].imaps_port
        with pytest.raises(DeskError, match="受付"):
            desk.run("mailbox", "change", "受付", "--name", "受付")
        with pytest.raises(DeskError):
            desk.run("mailbox", "change", "受付", "--login", "x", as_="suzuki")
    finally:
        two[0].start_imap()
    told = desk.run("mailbox", "change", "受付", "--name", "窓口", *to(two[1])).stdout
    assert "窓口" in told and where(desk, "窓口")[1] == two[1].imaps_port


def test_another_password_is_for_the_next_mail_even_while_one_is_sent(desk, two,
                                                                      build_with_faults):
    """The server takes the first mail slowly; meanwhile the password changes."""
    assert build_with_faults
    asked, go = threading.Event(), threading.Event()

    def dot(_conn, _line):
        asked.set()
        assert go.wait(120)
        return "250 2.0.0 taken"

    server = Smtp(caps=("AUTH PLAIN",), DOT=dot)

    def said():
        return getattr(server, "said", (None, []))[1]

    def sends(number):
        draft = desk.call("draft.new", as_="sato", ticket=number,
                          body="花子 様\n\n承りました。")["draft"]
        desk.call("draft.submit", as_="sato", draft=draft, override="確認済み")
        code = desk.call("approval.show", as_="suzuki", draft=draft)["confirm"]["code"]
        desk.call("approve", as_="suzuki", draft=draft, confirm=code)
        desk.call("clock.advance", seconds=20)         # the cancel window

    desk.run("golive")
    for n in (1, 2):
        put(two[0], "INBOX", mail(n))
    first, second = arrived(desk, 1), arrived(desk, 2)
    with Evil(server) as port:
        change(desk, "--smtp", "127.0.0.1:%d" % port, "--smtp-tls", "none", "--untested")
        sends(first)
        wait_until("the first mail is on its way", asked.is_set, 60, desk.alive)
        assert said()[-1].endswith(b"\0" + PASSWORD.encode())
        desk.run("mailbox", "password", Desk.ADDRESS, "--password-file", "-", text="another")
        go.set()
        sends(second)
        wait_until("the new password", lambda: said()[-1].endswith(b"\0another"), 60, desk.alive)
