"""A disk that fills up at each write of a reply's way: a person is told, nothing is lost, doubled
or left in doubt, and everything goes on by itself once there is room."""
import contextlib
import errno
import os
import subprocess

import pytest
from desk import Desk, DeskError
from evil import Evil, Smtp
from servers import Servers, wait_until

PASSWORD = "full-secret"
CUSTOMER = "hanako@customer.example"


class Post(Smtp):
    """Takes mail; `at[step]` is called before that step is answered."""

    def __init__(self):
        super().__init__(caps=("8BITMIME", "AUTH PLAIN"), RCPT=self.before("RCPT", "250 ok"),
                         DOT=self.before("DOT", "250 2.0.0 taken"))
        self.at, self.taken = {}, []

    def before(self, step, answer):
        def handler(c, line):
            self.at.pop(step, lambda: None)()
            if step == "DOT":
                self.taken.append(self.body)
            return answer
        return handler


class Place:
    """A desk on a file system of a few megabytes, its mailbox, and a server that it sends by."""

    def __init__(self, folder, small, build_dir, port):
        self.small, self.post_port = small, port
        self.servers = Servers(folder + "/servers", smtp=False)
        self.servers.__enter__()
        self.servers.add_user(Desk.ADDRESS, PASSWORD)
        self.desk = d = Desk(small + "/desk", build_dir)
        d.log = folder + "/madoguchid.log"
        d.init()
        d.start()
        d.add_people()
        self.desk.run("mailbox", "add", "--window", "support", "--address", Desk.ADDRESS,
                      "--imap", "%s:%d" % (self.servers.host, self.servers.imaps_port),
                      "--smtp", "127.0.0.1:%d" % port, "--smtp-tls", "none",
                      "--ca", self.servers.ca_file, "--since", "all", "--password-file", "-",
                      text=PASSWORD)
        d.run("golive")
        self.numbers = iter(range(1, 1000))

    def close(self):
        self.free()
        self.desk.stop()
        self.servers.__exit__()

    def come(self):
        """A mail that becomes a ticket; its number."""
        n = next(self.numbers)
        with self.servers.mailbox(Desk.ADDRESS) as box:
            box.append("INBOX", None, None, (
                "From: %s\r\nTo: %s\r\nSubject: question %d\r\nMessage-ID: <f%d@c>\r\n"
                "Date: Sun, 22 Nov 2026 10:00:00 +0900\r\n\r\nhello %d\r\n" % (
                    CUSTOMER, Desk.ADDRESS, n, n, n)).encode())
        return wait_until("mail %d" % n, lambda: [r[0] for r in self.desk.query(
            "SELECT t.number FROM ticket t JOIN message m ON m.ticket_id = t.id"
            " WHERE m.message_id = ?1", "f%d@c" % n)], 60, self.desk.alive)[0]

    def draft(self, ticket):
        return self.desk.call("draft.new", as_="sato", ticket=ticket,
                              body="承知いたしました。")["draft"]

    def approved(self, ticket):
        draft = self.draft(ticket)
        self.desk.call("draft.submit", as_="sato", draft=draft)
        self.desk.call("approve", as_="suzuki", draft=draft)
        return draft

    def fill(self):
        with open(self.small + "/filler", "wb", buffering=0) as f:
            try:
                while f.write(bytes(4096)):
                    pass
            except OSError as e:
                assert e.errno == errno.ENOSPC

    def fill_up(self, ticket):
        """And what the files of the store have in reserve, with notes that grow smaller."""
        self.fill()
        for size in (18000, 4000, 200, 1):
            said = None
            for _ in range(2000):
                try:
                    self.desk.call("comment.add", as_="sato", ticket=ticket,
                                   text="あ" * (size // 3 + 1))
                except DeskError as e:
                    said = str(e)
                    break
            assert said and "空き" in said, said

    def free(self):
        with contextlib.suppress(OSError):
            os.remove(self.small + "/filler")

    def outbox(self, draft):
        rows = self.desk.query("SELECT state, copy_state FROM outbox WHERE draft_id = ?1"
                               " ORDER BY id DESC", draft)
        return rows and rows[0]

    def sent(self, draft):
        """Waits for it; the clock moves on, so that what was put off comes due."""
        return wait_until("draft %d sent" % draft, lambda: (
            self.desk.call("clock.advance", seconds=60) and self.outbox(draft)[0] == "sent"
            and self.outbox(draft)), 90, self.desk.alive)

    def log(self):
        with open(self.desk.log, encoding="utf-8", errors="replace") as f:
            return f.read()

    def whole(self):
        wait_until("reconciled", lambda: self.desk.run(      # once it is connected again
            "reconcile", check=False).returncode == 0, 60, self.desk.alive)
        assert self.desk.run("audit", "verify").returncode == 0
        assert self.desk.query("SELECT count(*) FROM outbox WHERE state = 'unknown'") == [(0,)]


@pytest.fixture(scope="module")
def post():
    server = Post()
    with Evil(server) as port:
        server.port = port
        yield server


@pytest.fixture(scope="module", name="full")
def fixture_full(place, build_with_faults, post):
    small = place + "/small"
    os.makedirs(small)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", small],
                      capture_output=True, check=False).returncode != 0:
        pytest.skip("needs to mount a file system")
    try:
        p = Place(place, small, build_with_faults, post.port)
        yield p
        p.close()
    finally:
        subprocess.run(["umount", "-l", small], check=True)


def test_what_people_do_is_refused_with_a_word_and_works_again(full, place):
    tickets = [full.come() for _ in range(3)]
    writing, submitted = full.draft(tickets[0]), full.draft(tickets[1])
    full.desk.call("draft.submit", as_="sato", draft=submitted)
    wishes = [("sato", "draft.new", dict(ticket=tickets[2], body="はい。")),
              ("sato", "draft.edit", dict(draft=writing, body="別の文です。" * 200)),
              ("sato", "draft.submit", dict(draft=writing)),
              ("suzuki", "approve", dict(draft=submitted)),
              ("sato", "ticket.assign", dict(ticket=tickets[2], to="suzuki")),
              ("sato", "ticket.close", dict(ticket=tickets[2], kind="no_reply"))]
    full.fill_up(tickets[0])
    events = full.desk.query("SELECT count(*) FROM event")[0][0]
    for who, act, args in wishes:
        with pytest.raises(DeskError, match="空き"):
            full.desk.call(act, as_=who, **args)
    said = full.desk.run("backup", full.small + "/copy.db", check=False)
    assert said.returncode != 0 and "空き" in said.stderr, said.stderr
    assert not [f for f in os.listdir(full.small) if f.startswith("copy.db")]
    # what only reads goes on
    assert full.desk.run("ticket", "show", tickets[0]).returncode == 0
    assert full.desk.query("SELECT count(*) FROM event")[0][0] == events
    full.free()
    for who, act, args in wishes:
        full.desk.call(act, as_=who, **args)
    full.desk.call("approve", as_="suzuki", draft=writing)
    full.sent(writing), full.sent(submitted)
    full.desk.run("backup", place + "/copy.db")
    full.whole()


def test_a_reply_that_cannot_be_taken_up_goes_out_once_there_is_room(full, post):
    before = len(post.taken)
    draft = full.approved(ticket := full.come())
    full.fill_up(ticket)
    full.desk.call("clock.advance", seconds=120)
    wait_until("the daemon says so", lambda: "outbox 0: waits" in full.log(), 60, full.desk.alive)
    assert len(post.taken) == before
    full.free()
    full.sent(draft)
    assert len(post.taken) == before + 1
    full.whole()


def test_no_dot_without_the_note_of_it(full, post):
    """Full when the word to end the mail has to be written down: it is not ended."""
    before = len(post.taken)
    draft = full.approved(ticket := full.come())
    filled = []
    post.at["RCPT"] = lambda: filled.append(full.fill_up(ticket))
    full.desk.call("clock.advance", seconds=120)
    wait_until("full", lambda: filled, 60, full.desk.alive)
    wait_until("it is not sent", lambda: full.outbox(draft)[0] != "committing", 60, full.desk.alive)
    assert len(post.taken) == before
    full.free()
    full.sent(draft)
    assert len(post.taken) == before + 1
    full.whole()


def test_an_answer_that_cannot_be_written_is_not_forgotten(full, post):
    """Full after the dot: the answer waits in memory, and no doubt remains."""
    before = len(post.taken)
    draft = full.approved(ticket := full.come())
    filled = []
    post.at["DOT"] = lambda: filled.append(full.fill_up(ticket))
    full.desk.call("clock.advance", seconds=120)
    wait_until("the daemon says so", lambda: filled and "its answer is not written yet" in full.log(),
               60, full.desk.alive)
    assert full.outbox(draft)[0] == "committing"
    full.free()
    wait_until("written", lambda: full.outbox(draft)[0] == "sent", 60, full.desk.alive)
    assert len(post.taken) == before + 1
    full.whole()


def test_the_sent_copy_is_made_once(full):
    """The mail is out, and its copy has to wait: for the server, then for room."""
    ticket = full.come()
    full.servers.stop_imap()
    wait_until("the desk knows", lambda: [f for f in full.desk.json("status")["folders"]
                                          if f["problem"]], 60, full.desk.alive)
    full.sent(draft := full.approved(ticket))
    assert full.outbox(draft)[1] == "wanted"
    full.fill_up(ticket)
    full.servers.start_imap()
    full.free()
    wait_until("noted", lambda: full.desk.call("clock.advance", seconds=60)
               and full.outbox(draft)[1] == "done", 180, full.desk.alive)
    assert len(full.servers.mails(Desk.ADDRESS, "Sent")) == full.desk.query(
        "SELECT count(*) FROM outbox WHERE state = 'sent'")[0][0]
    full.whole()


def test_afterwards_everything_is_found(full):
    """The index goes on where it had to stop."""
    wait_until("the index", lambda: full.desk.query(
        "SELECT upto_message_id FROM search_state")[0][0] == full.desk.query(
            "SELECT max(id) FROM message")[0][0], 60, full.desk.alive)
    found = full.desk.json("search", "question")
    assert len(found["tickets"]) == full.desk.query("SELECT count(*) FROM ticket")[0][0]
