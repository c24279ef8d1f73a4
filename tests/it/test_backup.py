"""Backup while mail comes in, and what becomes of one that is broken off."""
import contextlib
import os
import pty
import re
import signal
import sqlite3
import subprocess
import time

import pytest
from desk import Desk
from servers import Servers, wait_until

PASSWORD = "desk-secret"
FILLER_MB = 300          # so that a copy takes its time


@pytest.fixture(scope="module")
def own_servers(place):
    with Servers(place + "/servers") as s:
        s.add_user(Desk.ADDRESS, PASSWORD)
        s.add_user("hanako@customer.example", "x")
        yield s


@pytest.fixture(scope="module")
def desk(place, own_servers, build_dir):
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    with Desk(place + "/desk", build_dir) as d:
        d.init()
        db = sqlite3.connect(d.store)
        db.execute("CREATE TABLE filler (b BLOB)")
        for _ in range(FILLER_MB):
            db.execute("INSERT INTO filler VALUES (randomblob(1048576))")
        db.commit()
        db.close()
        d.start()
        d.add_mailbox(own_servers, Desk.ADDRESS, PASSWORD)
        yield d


def deliver(servers, number):
    servers.deliver("hanako@customer.example", Desk.ADDRESS, (
        "From: hanako@customer.example\r\nTo: support@example.jp\r\nSubject: %d\r\n"
        "Message-ID: <bk%d@customer.example>\r\n\r\nx\r\n" % (number, number)).encode())


def arrived(desk, number):
    return desk.query("SELECT 1 FROM message WHERE message_id = ?1",
                      "bk%d@customer.example" % number)


def copier(desk):
    """The process that copies."""
    with open("/proc/%d/task/%d/children" % (desk.pid, desk.pid), encoding="ascii") as f:
        for pid in f.read().split():
            with contextlib.suppress(OSError), open("/proc/%s/cmdline" % pid, "rb") as words:
                if b"--backup" in words.read():
                    return int(pid)
    return None


def begun(path):
    """Pages are in it: the moment that it shows is past."""
    with contextlib.suppress(FileNotFoundError):
        return os.path.getsize(path + ".part") > 0
    return False


def start_backup(desk, path):
    """The command, and the process that copies, held amid its copy."""
    for _ in range(200):               # a small store is copied in no time
        proc = subprocess.Popen([desk.build + "/src/madoguchi", "backup", path, "--config",
                                 desk.config], env=desk.env, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True)
        pid = None
        while proc.poll() is None:
            pid = pid or copier(desk)
            if pid and begun(path):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)
                if begun(path):
                    return proc, pid
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
        said, _ = proc.communicate()
        assert proc.returncode == 0, said
        os.remove(path)
    raise AssertionError("the copy was never seen")


def test_mail_comes_in_while_the_store_is_copied(desk, own_servers, place):
    deliver(own_servers, 1)
    wait_until("mail 1", lambda: arrived(desk, 1), 60, desk.alive)
    proc, copying = start_backup(desk, place + "/a.db")
    try:
        assert 0 <= desk.call("status")["backup_percent"] < 100
        deliver(own_servers, 2)
        wait_until("mail 2", lambda: arrived(desk, 2), 60, desk.alive)
        second = desk.run("backup", place + "/b.db", check=False)
        assert second.returncode != 0
        assert "バックアップを作成中" in second.stderr
        assert not os.path.exists(place + "/a.db")
    finally:
        os.kill(copying, signal.SIGCONT)
    said, _ = proc.communicate(timeout=120)
    assert proc.returncode == 0, said
    copy = sqlite3.connect("file:%s?mode=ro" % (place + "/a.db"), uri=True)
    assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert copy.execute("SELECT message_id FROM message").fetchall() == [
        ("bk1@customer.example",)]
    copy.close()
    assert "backup_percent" not in desk.call("status")


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_person_sees_how_far_the_copy_is(desk, place, encrypted):
    path = place + ("/far.vault" if encrypted else "/far.db")
    more = []
    if encrypted:
        desk.run("backup", "keygen", place + "/far.key")
        more = ["--to-key", place + "/far.key.pub"]
    ours, theirs = pty.openpty()
    with subprocess.Popen([desk.build + "/src/madoguchi", "backup", path, *more, "--config", desk.config],
                          env=desk.env, stdout=subprocess.PIPE, stderr=theirs, text=True) as proc:
        os.close(theirs)
        seen = b""
        with contextlib.suppress(OSError):       # nobody writes there any more
            while piece := os.read(ours, 4096):
                seen += piece
        os.close(ours)
        said = proc.stdout.read()
    assert proc.returncode == 0, seen
    told = [int(n) for n in re.findall(r"\r *(\d+) %", seen.decode())]
    assert told == sorted(told) and len(told) > 10 and told[-1] >= 95, told
    assert path in said and "%" not in said
    os.remove(path)


def test_a_copy_that_is_killed_leaves_nothing_and_says_so(desk, place):
    proc, copying = start_backup(desk, place + "/c.db")
    os.kill(copying, signal.SIGKILL)
    said, _ = proc.communicate(timeout=120)
    assert proc.returncode != 0
    assert "途中で止まりました" in said
    assert not os.path.exists(place + "/c.db")
    assert not os.path.exists(place + "/c.db.part")
    assert desk.run("backup", place + "/c.db").returncode == 0


def test_a_folder_that_is_not_there_is_told_in_words(desk, place):
    done = desk.run("backup", place + "/none/g.db", check=False)
    assert done.returncode != 0
    assert "フォルダー %s/none がありません" % place in done.stderr
    desk.run("backup", place + "/g.db")
    done = desk.run("backup", place + "/g.db/h.db", check=False)
    assert "フォルダー %s/g.db がありません" % place in done.stderr


def test_a_copy_in_the_making_does_not_hold_up_a_stop(desk, place):
    proc, _ = start_backup(desk, place + "/d.db")
    desk.stop()
    proc.communicate(timeout=120)
    assert proc.returncode != 0
    assert not os.path.exists(place + "/d.db")
    desk.start()


def test_a_backup_can_be_put_back(desk, place):
    desk.run("golive")
    number = desk.query("SELECT min(number) FROM ticket")[0][0]
    desk.add_people()
    draft = desk.call("draft.new", as_="sato", ticket=number, body="承知いたしました。")["draft"]
    desk.call("draft.submit", as_="sato", draft=draft,
              at=time.strftime("%Y-%m-%d 10:00", time.gmtime(time.time() + 30 * 86400)))
    desk.call("approve", as_="suzuki", draft=draft)
    desk.run("backup", place + "/e.db")
    desk.stop()
    desk.run("restore", place + "/e.db")
    desk.start()
    # what waits in the copy may have been sent since it was made
    assert desk.json("status")["sending"] == "off"
    assert desk.query("SELECT kind, state FROM outbox WHERE kind = 'reply'") == [
        ("reply", "unknown")]
    assert arrived(desk, 1) and arrived(desk, 2)
    assert desk.run("audit", "verify").returncode == 0
