"""A desk on servers that do at each command what a die says: whatever they did,
afterwards every mail is there once, and no reply went out twice."""
import contextlib
import os
import random
import re
import resource
import signal
import socket
import sqlite3
import struct
import tempfile
import threading
import time

import pytest
from desk import Desk, DeskError
from evil import Evil, Imap, Smtp
from servers import wait_until

MAILS = 60


def mail(n):
    return ("From: h%d@c.example\r\nTo: %s\r\nMessage-ID: <m%d@c.example>\r\nSubject: 件名%d\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n\r\n本文%d\r\n%s\r\n"
            % (n, Desk.ADDRESS, n, n, n, "x" * (n % 7 * 900))).encode()


class Wild(Imap):
    """Imap, but for what the die brings; calm() ends that."""

    def __init__(self, seed, odds=0.2):
        Imap.__init__(self, caps="IMAP4rev1 IDLE UIDPLUS SASL-IR AUTH=PLAIN")
        self.die, self.odds, self.wild = random.Random(seed), odds, True
        self.lock, self.validity = threading.Lock(), 5
        self.did = {}

    def calm(self):
        self.wild = False

    def put(self, n):
        with self.lock:
            if not self.mails:      # not before the desk began: that is history, and closed
                self.date = time.strftime("%d-%b-%Y %H:%M:%S +0000", time.gmtime())
            self.mails[max(self.mails or [0]) + self.die.choice((1, 1, 1, 5))] = mail(n)

    def renumber(self):
        """The folder is made anew: other UIDs, in another order."""
        with self.lock:
            bodies = list(self.mails.values())
            self.die.shuffle(bodies)
            self.validity += 1
            start = self.die.choice((1, 1, 40))
            self.mails = {start + i: b for i, b in enumerate(bodies)}

    def __call__(self, c, n):
        line, send = c.line, c.send
        state = {"cut": 0}

        def wild_send(data):
            if state["cut"]:
                state["cut"] = 0
                data = data.encode() if isinstance(data, str) else data
                send(data[:self.die.randrange(len(data))])
                c.close()
            send(data)

        def wild_line():
            while True:
                got = line()
                tag, _, rest = got.partition(" ")
                name = rest.upper()
                if (not self.wild or self.die.random() > self.odds or got == "DONE"
                        or not re.fullmatch("[0-9A-Za-z.]+", tag)):
                    return got
                what = self.die.choice(WAYS)
                self.did[what] = self.did.get(what, 0) + 1
                if getattr(self, "way_" + what)(c, tag, name, state):
                    return got
        c.line, c.send = wild_line, wild_send
        try:
            Imap.__call__(self, c, n)
        except OSError:
            c.close()

    # each: true if the command is still to be answered

    def way_close(self, c, tag, name, state):
        c.close()

    def way_cut(self, c, tag, name, state):
        state["cut"] = 1
        return True

    def way_no(self, c, tag, name, state):
        c.send("%s NO [UNAVAILABLE] later\r\n" % tag)

    def way_bad(self, c, tag, name, state):
        c.send("%s BAD what?\r\n" % tag)

    def way_bye(self, c, tag, name, state):
        c.send("* BYE going down\r\n")
        c.close()

    def way_garbage(self, c, tag, name, state):
        c.send(b"\xff\x00 ) ( {12 nonsense\r\n")
        return True

    def way_noise(self, c, tag, name, state):
        c.send("* 3 EXISTS\r\n* OK [ALERT] hello\r\n* FLAGS (\\Seen)\r\n* 1 FETCH (FLAGS (\\Seen))\r\n")
        return True

    def way_expunge(self, c, tag, name, state):
        c.send("* 1 EXPUNGE\r\n* 1 EXPUNGE\r\n")
        return True

    def way_renumber(self, c, tag, name, state):
        self.renumber()
        c.close()

    def way_late(self, c, tag, name, state):
        time.sleep(0.3)
        return True

    def way_literal(self, c, tag, name, state):
        """A body whose size is not what it is said to be."""
        uid = next(iter(self.mails), None)
        if uid is None or "FETCH" not in name:
            return True
        raw = self.mails[uid]
        c.send(b"* 1 FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (uid, len(raw) + self.die.choice((-9, 9, 5000)), raw))
        c.send("%s OK done\r\n" % tag)

    def way_ok_nothing(self, c, tag, name, state):
        """A search or fetch that finds nothing though there is something."""
        c.send("%s OK done\r\n" % tag)

    def way_drip(self, c, tag, name, state):
        c.slowly(b"* OK still here\r\n", 0.02)
        return True

    def do_examine(self, c, tag, args):
        with self.lock:
            c.send("* %d EXISTS\r\n* OK [UIDVALIDITY %d] x\r\n* OK [UIDNEXT %d] x\r\n"
                   "%s OK [READ-ONLY] done\r\n" % (len(self.mails), self.validity,
                                                   max(self.mails or [0]) + 1, tag))

    do_select = do_examine

    def do_list(self, c, tag, args):
        c.send('* LIST () "/" INBOX\r\n%s OK done\r\n' % tag)

    def do_status(self, c, tag, args):
        with self.lock:
            c.send("* STATUS INBOX (MESSAGES %d UIDNEXT %d UIDVALIDITY %d)\r\n%s OK done\r\n"
                   % (len(self.mails), max(self.mails or [0]) + 1, self.validity, tag))

    def do_search(self, c, tag, args):
        with self.lock:
            c.send("* SEARCH %s\r\n%s OK done\r\n" % (" ".join(map(str, self.mails)), tag))

    def do_idle(self, c, tag, args):
        c.send("+ idling\r\n")
        c.sock.settimeout(0.5)
        known = len(self.mails)
        while b"\n" not in c.buf:
            try:
                more = c.sock.recv(4096)
            except TimeoutError:
                if len(self.mails) != known:
                    known = len(self.mails)
                    c.send("* %d EXISTS\r\n" % known)
                continue
            if not more:
                c.close()
            c.buf += more
        c.sock.settimeout(60)
        c.line()
        c.send("%s OK done\r\n" % tag)


WAYS = [w[4:] for w in dir(Wild) if w.startswith("way_")]


def add(desk, imap, smtp):
    desk.run("mailbox", "add", "--window", "support", "--address", Desk.ADDRESS,
             "--imap", "127.0.0.1:%d" % imap, "--imap-tls", "none", "--smtp",
             "127.0.0.1:%d" % smtp, "--smtp-tls", "none", "--password-file", "-",
             "--since", "all", text="p")


def reply(desk, number):
    draft = desk.call("draft.new", as_="sato", ticket=number, body="承知しました。")["draft"]
    desk.call("draft.submit", as_="sato", draft=draft)
    desk.call("approve", as_="suzuki", draft=draft)


def looked(desk):
    """Its mailbox was read once: what comes from now on is new."""
    wait_until("the first look", lambda: [
        f for f in desk.json("status")["folders"] if f["synced_s"]], 60, desk.alive)


def workers(desk, name):
    with open("/proc/%d/task/%d/children" % (desk.pid, desk.pid), encoding="ascii") as f:
        pids = [int(p) for p in f.read().split()]
    found = []
    for pid in pids:
        with contextlib.suppress(OSError), open("/proc/%d/comm" % pid, encoding="ascii") as f:
            if f.read().strip() == name:
                found.append(pid)
    return found


@pytest.fixture(name="calm")
def fixture_calm(place, build_with_faults):
    """A desk on two servers that mean well: it, what is on the one, the other."""
    imap, smtp = Wild(1, 0), WildSmtp(1, 0)
    with Evil(imap) as box, Evil(smtp) as port, \
            Desk(tempfile.mkdtemp(dir=place), build_with_faults) as desk:
        desk.init()
        desk.start(MDG_PATIENCE_MS="20000")
        desk.add_people()
        add(desk, box, port)
        desk.run("golive")
        looked(desk)
        yield desk, imap, smtp


def test_a_fetcher_that_hangs_is_started_again(calm):
    desk, imap, _ = calm
    (pid,) = wait_until("mdg-imap", lambda: workers(desk, "mdg-imap"), 30, desk.alive)
    os.kill(pid, signal.SIGSTOP)
    imap.put(0)
    wait_until("its mail", lambda: desk.delivered() == 1, 90, desk.alive)
    assert pid not in workers(desk, "mdg-imap")


def test_a_mail_that_was_refused_comes_after_the_folder_was_made_anew(calm):
    desk, imap, _ = calm

    def refuse(c, tag, args):
        if "BODY" in args:
            c.send("%s NO no\r\n" % tag)
        else:
            imap.do_fetch(c, tag, args)
    imap.on["FETCH"] = refuse
    imap.put(0)

    def states():
        return desk.query("SELECT state FROM delivery ORDER BY id")
    wait_until("it is refused", lambda: states() == [("fetch_failed",)], 60, desk.alive)
    del imap.on["FETCH"]
    imap.renumber()
    for pid in workers(desk, "mdg-imap"):
        os.kill(pid, signal.SIGKILL)
    # and nobody waits for the one that is not there any more
    wait_until("it is there", lambda: states() == [("vanished",), ("done",)], 60, desk.alive)


def test_a_sender_that_hangs_is_started_again_and_its_mail_goes_once(calm):
    desk, imap, smtp = calm
    imap.put(0)
    wait_until("a mail", lambda: desk.delivered() == 1, 60, desk.alive)
    (pid,) = wait_until("mdg-smtp", lambda: workers(desk, "mdg-smtp"), 30, desk.alive)
    os.kill(pid, signal.SIGSTOP)
    ((number,),) = desk.query("SELECT number FROM ticket")
    reply(desk, number)
    wait_until("it is sent", lambda: desk.call("clock.advance", seconds=60) and desk.query(
        "SELECT state FROM outbox WHERE kind = 'reply'") == [("sent",)], 90, desk.alive)
    assert pid not in workers(desk, "mdg-smtp")
    assert len(smtp.taken) == 1


@pytest.mark.parametrize("tail", ["", "-wal", "-shm", ".lock"])
def test_a_store_whose_files_go_away_is_left_at_once_and_whole(calm, tail):
    desk, imap, _ = calm
    imap.put(0)
    wait_until("a mail", lambda: desk.delivered() == 1, 60, desk.alive)
    os.rename(desk.store + tail, desk.store + ".away")
    desk.proc.wait(60)
    desk.proc = None
    assert "%s was removed, renamed or replaced" % (desk.store + tail) in desk.log_tail()
    if not tail:      # else nobody who removes one keeps it: the rest is enough
        os.rename(desk.store + ".away", desk.store)
    imap.put(1)
    desk.start()
    wait_until("the other mail", lambda: desk.delivered() == 2, 60, desk.alive)
    assert desk.query("SELECT count(*) FROM message") == [(2,)]
    assert desk.json("audit", "verify")["fault"] is None


def test_callers_that_hang_about_keep_nobody_out(calm):
    desk, imap, _ = calm
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 2000:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(2000, hard), hard))
    with contextlib.ExitStack() as stack:
        for n in range(1100):
            s = stack.enter_context(socket.socket(socket.AF_UNIX))
            s.connect(desk.dir + "/control.sock")
            s.send(b"\x40\0\0\0" * (n % 2))      # half a frame, or nothing
        with open("/proc/%d/limits" % desk.pid, encoding="ascii") as f:
            (allowed,) = [int(x.split()[3]) for x in f if x.startswith("Max open files")]
        assert len(os.listdir("/proc/%d/fd" % desk.pid)) < min(allowed, 500)
        assert desk.json("status")
        for name in ("mdg-imap", "mdg-parse"):
            for pid in workers(desk, name):
                os.kill(pid, signal.SIGKILL)
        imap.put(0)
        wait_until("a mail", lambda: desk.delivered() == 1, 60, desk.alive)


def test_who_reads_no_answers_is_hung_up_on(calm):
    desk = calm[0]
    call = b'{"act":"status","args":{},"lang":"ja"}'
    frame = struct.pack("<IHHI", len(call), Desk.CALL, 0, 1) + call
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(60)
        s.connect(desk.dir + "/control.sock")
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            while True:
                s.sendall(frame * 50)
    assert desk.json("status")


def test_who_locks_the_store_stops_it_only_as_long(calm):
    desk, imap, _ = calm
    imap.put(0)
    wait_until("a mail", lambda: desk.delivered() == 1, 60, desk.alive)
    other = sqlite3.connect(desk.store, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        imap.put(1)
        ((number,),) = desk.query("SELECT number FROM ticket")
        with pytest.raises(DeskError, match="ロック"):
            desk.call("comment.add", as_="sato", ticket=number, text="x")
        assert desk.alive()
    finally:
        other.close()
    wait_until("the other mail", lambda: desk.delivered() == 2, 60, desk.alive)
    desk.call("comment.add", as_="sato", ticket=number, text="x")


@pytest.mark.parametrize("seed", [int(s) for s in os.environ.get("SEEDS", "1 2").split()])
def test_whatever_the_imap_server_did_every_mail_is_there_once(place, build_dir, seed):
    server = Wild(seed)
    with Evil(server) as port, Desk(place + "/desk%d" % seed, build_dir) as desk:
        desk.init()
        desk.start(MDG_NET_TIMEOUT_MS="1500")
        server.wild = False
        add(desk, port, port)
        server.wild = True
        for n in range(MAILS):
            server.put(n)
            time.sleep(0.25)     # so that they come amid what the die brings
        server.calm()

        def come():
            desk.call("clock.advance", seconds=60)
            return desk.query("SELECT count(DISTINCT message_id) FROM message"
                              " WHERE message_id LIKE 'm%'")[0][0] == MAILS
        wait_until("all mails", come, 180, desk.alive)
        wait_until("nothing in hand", lambda: desk.query(
            "SELECT count(*) FROM delivery WHERE state NOT IN ('done', 'vanished')") == [(0,)] or
            (desk.call("clock.advance", seconds=60) and False), 60, desk.alive)
        assert desk.query("SELECT message_id, count(*) FROM message GROUP BY 1 HAVING count(*) > 1") == []
        assert desk.query("SELECT count(*) FROM ticket WHERE state <> 'merged'") == [(MAILS,)]
        assert desk.query("SELECT count(*) FROM delivery WHERE state = 'quarantined'") == [(0,)]
        assert desk.run("reconcile").returncode == 0, desk.run("reconcile", check=False).stdout
        assert desk.json("audit", "verify")["fault"] is None


class WildSmtp(Smtp):
    """Smtp that takes mails, but for what the die brings."""

    SOFT = ("421 4.3.2 going down", "450 4.2.0 greylisted, come back later", "451 4.3.0 try again",
            "452 4.2.2 mailbox full")
    HARD = ("550 5.1.1 no such user", "554 5.7.1 refused", "552 5.3.4 too large")

    def __init__(self, seed, odds):
        Smtp.__init__(self, caps=("8BITMIME", "SIZE 100000", "PIPELINING", "AUTH PLAIN"))
        self.die, self.odds, self.wild = random.Random(seed), odds, True
        self.taken, self.did, self.lock = [], {}, threading.Lock()
        for step in ("GREETING", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "DOT", "RSET", "QUIT"):
            self.on[step] = self.way(step)

    def usual(self, step):
        return {"GREETING": "220 wild", "AUTH": "235 welcome", "DATA": "354 go",
                "DOT": "250 taken", "QUIT": "221 bye",
                "EHLO": "".join("250-%s\r\n" % x for x in ("wild", *self.caps)) + "250 HELP",
                }.get(step, "250 2.0.0 ok")

    def way(self, step):
        def answer(c, _):
            text = self.usual(step)
            if self.wild and self.die.random() < self.odds:
                what = self.die.choice(("close", "cut", "stall", "soft", "soft", "hard", "late"))
                if what == "hard" and step in ("GREETING", "EHLO", "AUTH", "RSET", "QUIT"):
                    what = "soft"
                self.did[step + " " + what] = self.did.get(step + " " + what, 0) + 1
                text = {"close": None, "cut": None, "stall": None, "late": text,
                        "soft": self.die.choice(self.SOFT), "hard": self.die.choice(self.HARD)}[what]
                if step == "DOT" and what in ("close", "cut", "stall") and self.die.random() < 0.5:
                    self.take()     # and never says so
                if what == "cut":
                    c.send("25")
                elif what == "stall":
                    c.until_gone()
                elif what == "late":
                    time.sleep(0.5)
            if step == "DOT" and text and text.startswith("250"):
                self.take()
            return text
        return answer

    def take(self):
        with self.lock:
            self.taken += re.findall(rb"(?mi)^Message-ID: <([^>]+)>", self.body)


@pytest.mark.parametrize("seed", [int(s) for s in os.environ.get("SEEDS", "1 2").split()])
def test_whatever_the_smtp_server_did_no_reply_goes_twice(place, build_with_faults, seed):
    mails = 30
    smtp = WildSmtp(seed, 0.2)
    imap = Wild(seed, 0)
    with Evil(imap) as box, Evil(smtp) as port, \
            Desk(place + "/smtp%d" % seed, build_with_faults) as desk:
        desk.init()
        desk.start(MDG_NET_TIMEOUT_MS="1500")
        desk.add_people()
        smtp.wild = False
        add(desk, box, port)
        desk.run("golive")
        looked(desk)
        for n in range(mails):
            imap.put(n)
        wait_until("the mails", lambda: desk.delivered() == mails, 60, desk.alive)
        smtp.wild = True
        for (number,) in desk.query("SELECT number FROM ticket"):
            reply(desk, number)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            desk.call("clock.advance", seconds=120)
            time.sleep(0.3)
        smtp.wild = False

        def rest():
            desk.call("clock.advance", seconds=600)
            return desk.query("SELECT count(*) FROM outbox WHERE kind = 'reply' AND state"
                              " NOT IN ('sent', 'failed', 'unknown')") == [(0,)]
        wait_until("nothing in hand", rest, 120, desk.alive)
        taken = [m.decode() for m in smtp.taken]
        assert len(taken) == len(set(taken))
        for mid, state in desk.query("SELECT message_id, state FROM outbox WHERE kind = 'reply'"):
            assert state != "sent" or mid in taken, mid
            assert state != "failed" or mid not in taken, mid
        assert len(desk.query("SELECT 1 FROM outbox WHERE kind = 'reply'")) == mails
        assert desk.json("audit", "verify")["fault"] is None
