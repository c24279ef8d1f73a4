"""What breaks around a desk: a worker that stands still, no file descriptors left, a store that
was cut, replaced or filled with garbage. It is told in words, nothing is lost, nothing goes out
twice, and the next mail comes in."""
import contextlib
import http.client
import os
import re
import resource
import shutil
import signal
import tempfile

import pytest
from desk import Desk, DeskError
from evil import Evil
from servers import wait_until
from test_chaos import Wild, WildSmtp, add, looked, reply, workers


class Place:
    """A desk on two servers that mean well."""

    def __init__(self, desk, imap, smtp):
        self.desk, self.imap, self.smtp = desk, imap, smtp

    def mail(self):
        """One more comes in, all the way."""
        n = self.come()
        self.imap.put(n)
        wait_until("mail %d" % n, lambda: self.come() == n + 1, 90, self.desk.alive)

    def come(self):
        return self.desk.query("SELECT count(DISTINCT message_id) FROM message"
                               " WHERE message_id LIKE 'm%'")[0][0]

    def refused(self):
        """What a start says that fails."""
        with pytest.raises(DeskError) as why:
            self.desk.start()
        self.desk.proc = None
        return str(why.value)


@pytest.fixture(name="here")
def fixture_here(place, build_with_faults):
    imap, smtp = Wild(1, 0), WildSmtp(1, 0)
    with Evil(imap) as box, Evil(smtp) as port, \
            Desk(tempfile.mkdtemp(dir=place), build_with_faults, web=True) as desk:
        desk.init()
        desk.start(MDG_PATIENCE_MS="20000")
        desk.add_people()
        add(desk, box, port)
        desk.run("golive")
        looked(desk)
        yield Place(desk, imap, smtp)


def test_a_web_server_that_stands_still_is_started_again(here):
    here.desk.wait_web()
    (pid,) = workers(here.desk, "mdg-web")
    os.kill(pid, signal.SIGSTOP)

    def answers():
        with contextlib.suppress(OSError, http.client.HTTPException):
            c = http.client.HTTPConnection("127.0.0.1", here.desk.web_port, timeout=1)
            c.request("GET", "/healthz")
            return c.getresponse().status == 200
        return False
    wait_until("browsers are answered", answers, 90, here.desk.alive)
    assert pid not in workers(here.desk, "mdg-web")


def test_suggestions_that_break_off_say_so_in_words(here):
    here.mail()
    ((number,),) = here.desk.query("SELECT number FROM ticket")
    for pid in wait_until("mdg-text", lambda: workers(here.desk, "mdg-text"), 60, here.desk.alive):
        os.kill(pid, signal.SIGSTOP)
    said = here.desk.run("suggest", number, check=False)
    assert said.returncode != 0 and "もう一度" in said.stderr, said
    wait_until("suggestions", lambda: here.desk.run("suggest", number, check=False).returncode == 0,
               60, here.desk.alive)


def test_no_descriptors_left_for_workers_is_waited_out(here):
    """At each number of free ones a start of four workers may fail at another step."""
    pid = here.desk.pid
    soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    names = ("mdg-imap", "mdg-parse", "mdg-smtp", "mdg-web")

    def refusals():
        with open(here.desk.log, encoding="utf-8", errors="replace") as f:
            return len(re.findall("cannot (?:start|watch)|ended with status", f.read()))
    taken = sorted(map(int, os.listdir("/proc/%d/fd" % pid)))
    for limit in range(taken[-1] - 12, taken[-1] + 2, 3):
        before = refusals()
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (limit, hard))
        for worker in [p for name in names for p in workers(here.desk, name)]:
            with contextlib.suppress(ProcessLookupError):    # it has ended by itself
                os.kill(worker, signal.SIGKILL)
        wait_until("tried", lambda: all(workers(here.desk, n) for n in names)
                   or refusals() > before, 60, here.desk.alive)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))
    here.mail()
    here.desk.wait_web()


def ended(desk):
    status = desk.proc.wait(60)
    desk.proc = None
    return status


def test_a_log_that_is_cut_ends_the_desk_before_it_spoils_the_store(here):
    here.mail()
    reply(here.desk, 10001)
    wait_until("it is sent", lambda: here.desk.call("clock.advance", seconds=60) and here.desk.query(
        "SELECT state FROM outbox WHERE kind = 'reply'") == [("sent",)], 60, here.desk.alive)
    os.truncate(here.desk.store + "-wal", 0)
    here.imap.put(1)
    assert ended(here.desk) == 74
    assert "was cut or written over" in here.desk.log_tail()
    here.desk.start()
    assert "is older than what was last written" in here.desk.log_tail(40)
    assert here.desk.query("PRAGMA integrity_check") == [("ok",)]
    assert here.desk.json("audit", "verify")["fault"] is None
    assert here.desk.json("status")["sending"] == "off"


def test_an_old_copy_put_in_place_by_hand_sends_nothing_again(here):
    """What waits in it may have gone out since."""
    here.mail()
    draft = here.desk.call("draft.new", as_="sato", ticket=10001, body="承知しました。")["draft"]
    here.desk.call("draft.submit", as_="sato", draft=draft)
    here.desk.call("approve", as_="suzuki", draft=draft)
    old = here.desk.dir + "/old.db"
    here.desk.run("backup", old)
    assert here.desk.query("SELECT state FROM outbox WHERE kind = 'reply'") == [("queued",)]
    wait_until("it is sent", lambda: here.desk.call("clock.advance", seconds=60) and here.desk.query(
        "SELECT state FROM outbox WHERE kind = 'reply'") == [("sent",)], 60, here.desk.alive)
    here.desk.stop()
    for end in ("-wal", "-shm"):
        os.remove(here.desk.store + end)
    shutil.copy(old, here.desk.store)
    here.desk.start()
    assert "is older than what was last written" in here.desk.log_tail(40)
    assert here.desk.query("SELECT state FROM outbox WHERE kind = 'reply'") == [("unknown",)]
    here.desk.run("golive")
    here.desk.call("clock.advance", seconds=600)
    here.mail()
    assert len(here.smtp.taken) == 1


def test_a_store_that_is_garbage_is_left_with_a_word(here):
    here.mail()
    size = os.path.getsize(here.desk.store)
    with open(here.desk.store, "r+b") as f:
        f.write(os.urandom(size))
    with contextlib.suppress(DeskError):
        here.desk.json("ticket", "list")
    here.imap.put(1)
    assert ended(here.desk) == 65
    assert "the store is damaged" in here.desk.log_tail()
    assert "madoguchi restore" in here.refused()


@pytest.mark.parametrize("what", ["empty", "half", "text", "log"])
def test_what_is_no_store_is_not_begun_anew(here, what):
    here.mail()
    here.desk.stop()
    with open(here.desk.store, "rb") as f:
        raw = f.read()
    if what == "log":
        with open(here.desk.store + "-wal", "wb") as f:
            f.write(b"garbage " * 1000)
    else:
        with open(here.desk.store, "wb") as f:
            f.write({"empty": b"", "half": raw[:len(raw) // 2], "text": b"hello\n" * 999}[what])
        for end in ("-wal", "-shm"):
            os.remove(here.desk.store + end)
    said = here.refused()
    assert "madoguchi restore" in said and "ready" not in said.rpartition("stopped")[2], said


def test_a_mail_that_the_server_only_names_ends_by_itself(here):
    """It says FETCH, unasked, for one that is not there."""
    def fetch(c, tag, args):
        if "BODY" not in args:
            c.send('* 9 FETCH (UID 2 RFC822.SIZE 100 INTERNALDATE "21-Nov-2026 10:00:00 +0900")\r\n')
        here.imap.do_fetch(c, tag, args)
    here.imap.on["FETCH"] = fetch
    here.mail()
    wait_until("it is given up", lambda: here.desk.query(
        "SELECT uid FROM delivery WHERE state = 'vanished'") == [(2,)], 60, here.desk.alive)
    here.mail()
    assert here.desk.query("SELECT count(*) FROM event WHERE kind = 'mail.vanished'") == [(1,)]
