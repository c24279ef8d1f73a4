"""A working day of a desk, for tests that tell one: real Dovecot and SMTP, and a
clock that stands at nine in the morning and goes on when the story says so.

鈴木 leads and 佐藤 answers, as everywhere; a story names who else is there.
"""
import contextlib
import datetime
import imaplib
import threading

import pytest
from desk import Desk, DeskError, has_faults
from servers import Servers, wait_until

PASSWORD = "day-secret"
JST = datetime.timezone(datetime.timedelta(hours=9))
HANAKO, JIRO, SABURO = ("%s@customer.example" % n for n in ("hanako", "jiro", "saburo"))
SOKO = "soko@warehouse.example"
PEOPLE = {"tanaka": ("田中 一郎", "operator"), "takahashi": ("高橋 直子", "operator"),
          "mori": ("森 由美", "sv")}


@contextlib.contextmanager
def day_of(place, build_dir, people=(), mailboxes=(HANAKO, JIRO, SABURO, SOKO), days_ago=20,
           web=False):
    """Nine o'clock at a desk that is live; these of PEOPLE are there besides 鈴木 and 佐藤."""
    with Servers(place + "/servers") as servers, Desk(place + "/desk", build_dir, web=web) as desk:
        if not has_faults(desk.build):
            pytest.skip("moves the clock: needs --enable-faults")
        servers.add_user(Desk.ADDRESS, PASSWORD)
        staff = ["%s@example.jp" % login for login in ("suzuki", "sato", *people)]
        for address in (*mailboxes, *staff):           # nothing comes back from them
            servers.add_user(address, "x")
        day = Day(desk, servers, days_ago)
        desk.init()
        desk.start()
        desk.add_people()
        for login in people:
            name, role = PEOPLE[login]
            desk.run("user", "add", login, "--name", name, "--email", login + "@example.jp",
                     "--window", "support", "--role", role)
        desk.add_mailbox(servers, Desk.ADDRESS, PASSWORD)
        desk.run("golive")
        yield day


class Day:
    """The desk, the mail servers, and a clock that people can read."""

    def __init__(self, desk, servers, days_ago):
        self.desk, self.servers = desk, servers
        # so that the mornings of the story are past, too: Dovecot stores no mail of tomorrow
        self.day = self.works(datetime.datetime.now(JST).date() - datetime.timedelta(days=days_ago),
                              -1)
        self.desk.env["MDG_CLOCK_OFFSET"] = str(
            int((self.moment("9:00") - datetime.datetime.now(JST)).total_seconds()))
        self.n = 0

    def works(self, day, step):
        """The first day from there on, or back, that is neither at a weekend nor a holiday."""
        off = {line.split("\t")[0] for line in self.desk.run(
            "holidays", "--from", day - datetime.timedelta(days=20),
            "--to", day + datetime.timedelta(days=20)).stdout.splitlines()}
        while day.weekday() >= 5 or str(day) in off or (day.month, day.day) >= (12, 27) \
                or (day.month, day.day) <= (1, 4):
            day += datetime.timedelta(days=step)
        return day

    def moment(self, text):
        hour, minute = map(int, text.split(":"))
        return datetime.datetime.combine(self.day, datetime.time(hour, minute), JST)

    def now(self):
        return self.desk.call("queue", all=True)["now_s"]

    def at(self, text):
        """It is that time now."""
        want = self.moment(text).timestamp()
        assert want >= self.now(), "the day goes forward only"
        self.desk.call("clock.advance", seconds=int(want - self.now()) + 1)

    def next_morning(self, text="9:05"):
        """It is that time of the next working day."""
        self.day = self.works(self.day + datetime.timedelta(days=1), 1)
        self.at(text)

    def stores(self, ident, sender, subject, text, answers=None, to=Desk.ADDRESS, cc=None,
               folder="INBOX"):
        """A mail stands in that folder since now."""
        raw = ("From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s>\r\n%s%s"
               "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
               "Content-Transfer-Encoding: 8bit\r\n\r\n%s\r\n" % (
                   sender, to, subject, ident, "Cc: %s\r\n" % cc if cc else "",
                   "In-Reply-To: <%s>\r\n" % answers if answers else "", text)).encode()
        with self.servers.mailbox(to) as box:
            box.append(folder, None, imaplib.Time2Internaldate(self.now()), raw)

    def ticket_of(self, ident):
        """The ticket of the mail with that Message-ID, once it is there."""
        return wait_until("the ticket of " + ident, lambda: self.desk.query(
            "SELECT t.number FROM message m JOIN ticket t ON t.id = m.ticket_id"
            " WHERE m.message_id = ?1", ident), 60, self.desk.alive)[0][0]

    def writes(self, sender, subject, text, answers=None, to=Desk.ADDRESS, cc=None):
        """A customer's mail arrives now; its ticket."""
        self.n += 1
        ident = "day%d@customer.example" % self.n
        self.stores(ident, sender, subject, text, answers, to, cc)
        return self.ticket_of(ident)

    def drafts(self, who, ticket, body, **more):
        """They begin a reply."""
        return self.desk.call("draft.new", as_=who, ticket=ticket, body=body, **more)["draft"]

    def submits(self, who, draft, lead="suzuki"):
        """The writer asks; what the lead would confirm with."""
        self.desk.call("draft.submit", as_=who, draft=draft, override="確認済み")
        return self.desk.call("approval.show", as_=lead, draft=draft)["confirm"]["code"]

    def sends(self, who, draft, lead="suzuki"):
        """The writer asks, the lead approves, the mail goes out; its Message-ID."""
        code = self.submits(who, draft, lead)
        outbox = self.desk.call("approve", as_=lead, draft=draft, confirm=code)["outbox"]
        self.desk.call("clock.advance", seconds=20)    # the cancel window
        return wait_until("draft %d sent" % draft, lambda: self.desk.query(
            "SELECT message_id FROM outbox WHERE id = ?1 AND state = 'sent'", outbox),
            60, self.desk.alive)[0][0]

    def state(self, ticket):
        return self.desk.call("ticket.show", ticket=ticket)["state"]

    def story(self, ticket):
        """What the trace says happened, in order, as words."""
        return [e["kind"] for e in self.desk.json("trace", ticket)["events"]]

    def refused(self, act, who, words, **args):
        try:
            self.desk.call(act, as_=who, **args)
        except Exception as e:                      # pylint: disable=broad-except
            assert words in str(e), str(e)
        else:
            raise AssertionError("%s of %s was not refused" % (act, who))


def in_order(story, *kinds):
    """The kinds happened in this order, whatever else did."""
    rest = iter(story)
    assert all(k in rest for k in kinds), story


def at_once(*calls):
    """All of them at the same moment; what each was told."""
    gate, told = threading.Barrier(len(calls)), [None] * len(calls)

    def one(i, call):
        gate.wait()
        try:
            told[i] = call()
        except DeskError as e:
            told[i] = str(e)

    threads = [threading.Thread(target=one, args=(i, c)) for i, c in enumerate(calls)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    return told
