"""A store of an older version: kept, brought up to date, gone back to."""
import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile

import pytest
from desk import Desk, DeskError
from servers import wait_until

KEPT = ".schema-0001"


@pytest.fixture
def place():
    folder = tempfile.mkdtemp(prefix="madoguchi-upgrade.")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def store(path):
    db = sqlite3.connect(path)
    yield db
    db.commit()
    db.close()


def make_older(path):
    """As it was before the search index: the state after the first step."""
    with store(path) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("DELETE FROM sqlite_schema WHERE name = 'search'")
        db.execute("PRAGMA writable_schema = RESET")
        for table in ("data", "idx", "docsize", "config"):
            db.execute("DROP TABLE IF EXISTS search_" + table)
        db.execute("DELETE FROM search_state")
        db.execute("DELETE FROM migration WHERE n = 2")


@pytest.fixture
def older(place, build_dir):
    """A stopped desk with a mail in it, of the first version of the schema."""
    with Desk(place + "/desk", build_dir) as d:
        d.init()
        mail = place + "/one.eml"
        with open(mail, "w", encoding="utf-8") as f:
            f.write("From: hanako@customer.example\nTo: support@example.jp\nSubject: 返品のお願い\n"
                    "Message-ID: <up1@customer.example>\n"
                    "Content-Type: text/plain; charset=UTF-8\n\n商品を返品したいです。\n")
        d.run("import", mail)
        make_older(d.store)
        assert version(d.store) == 1
        yield d


def version(path):
    with store(path) as db:
        return db.execute("SELECT max(n) FROM migration").fetchone()[0]


def works(desk):
    """It has the ticket, and the index that came with the second step is filled."""
    (number,), = desk.query("SELECT number FROM ticket")
    assert "商品を返品したいです。" in str(desk.json("ticket", "show", number))
    wait_until("the index", lambda: desk.query("SELECT upto_message_id FROM search_state") ==
               desk.query("SELECT max(id) FROM message"), alive=desk.alive)
    assert desk.run("audit", "verify").returncode == 0


def test_upgrade_keeps_the_old_store_and_it_can_be_put_back(older):
    older.start()
    assert older.store + KEPT in older.log_tail(50)
    works(older)
    assert version(older.store) == 2 and version(older.store + KEPT) == 1
    assert os.stat(older.store + KEPT).st_mode & 0o777 == 0o600
    older.stop()
    older.start()                              # nothing to do
    (who,) = older.json("customer", "find", "hanako@customer.example")["customers"]
    assert older.json("customer", "erase", who["customer"])["copies"] == [older.store + KEPT]
    wait_until("the reminder", lambda: older.store + KEPT in
               older.run("status", check=False).stdout, 60, older.alive)
    older.stop()
    assert older.json("backup", "verify", older.store + KEPT)["messages"] == 1
    older.run("restore", older.store + KEPT)
    assert version(older.store) == 1
    older.start()
    works(older)


@pytest.mark.usefixtures("build_with_faults")
@pytest.mark.parametrize("point", ["migrate.kept", "migrate.begun"])
def test_killed_in_the_upgrade_it_begins_again(older, point):
    with pytest.raises(DeskError):
        older.start(MDG_FAULT=point)
    assert older.proc.wait(90) == -9
    older.proc = None
    assert version(older.store) == 1 == version(older.store + KEPT)
    older.start()
    works(older)
    assert not [n for n in os.listdir(older.dir) if n.endswith((".part", ".new"))]


def test_without_room_for_the_copy_nothing_is_changed(older, place):
    if not hasattr(os, "getuid") or os.getuid() != 0:
        pytest.skip("mounts a small disk")
    small = place + "/small"
    os.mkdir(small)
    size = os.path.getsize(older.store)
    if os.system("mount -t tmpfs -o size=%d tmpfs %s" % (size * 3 // 2, small)) != 0:
        pytest.skip("cannot mount")
    try:
        shutil.move(older.store, small + "/desk.db")
        os.symlink(small + "/desk.db", older.store)
        with open(older.config, encoding="utf-8") as f:
            text = f.read().replace("sqlite:" + older.store, "sqlite:%s/desk.db" % small)
        with open(older.config, "w", encoding="utf-8") as f:
            f.write(text)
        with pytest.raises(DeskError) as said:
            older.start()
        assert "full" in str(said.value).lower()
        older.proc = None
        assert version(small + "/desk.db") == 1
        assert not [n for n in os.listdir(small) if ".schema-" in n]
        os.system("mount -o remount,size=%d %s" % (size * 8, small))
        older.start()
        works(older)
        older.stop()
    finally:
        os.system("umount -l " + small)


def test_newer_store_is_refused_by_everything(older):
    older.start()
    older.stop()
    with store(older.store) as db:
        db.execute("INSERT INTO migration VALUES (3, '0003_later', 'x', 0)")
    with open(older.store, "rb") as f:
        before = f.read()
    with pytest.raises(DeskError) as said:
        older.start()
    assert "newer (3) than this program (2)" in str(said.value)
    older.proc = None
    for words in (("audit", "verify", "--offline"), ("key", "rotate"),
                  ("restore", older.store), ("backup", "verify", older.store)):
        done = older.run(*words, check=False)
        assert done.returncode != 0 and "新しい" in done.stderr, (words, done.stderr)
    with open(older.store, "rb") as f:
        assert f.read() == before


# ---- programs that are installed while the desk runs -------------------------

PROGRAMS = ("madoguchid", "madoguchi", "mdg-imap", "mdg-parse", "mdg-smtp", "mdg-text", "mdg-token", "mdg-web")


@pytest.fixture
def installed(place, build_dir):
    """A desk of programs of its own, which a test can replace as a package does."""
    home = place + "/libexec"
    os.mkdir(home)
    for name in PROGRAMS:
        install(home, name, build_dir + "/src/" + name)
    with Desk(place + "/desk", build_dir, web=True) as d:
        d.env["MDG_LIBEXEC"] = home
        d.home = home
        d.init()
        yield d


def install(home, name, source, edit=None):
    """A new file of that name, as dpkg and install(1) put it."""
    with open(source, "rb") as f:
        data = f.read()
    with open(home + "/new", "wb") as f:
        f.write(edit(data) if edit else data)
    os.chmod(home + "/new", 0o755)
    os.replace(home + "/new", home + "/" + name)


def kinds(desk):
    return {a["kind"] for a in desk.call("alarm.list")["alarms"]}


def workers(desk, name):
    out = subprocess.run(["pgrep", "-P", str(desk.pid), "-f", name], check=False, stdout=subprocess.PIPE, text=True)
    return [int(p) for p in out.stdout.split()]


def test_what_runs_stays_whole_through_an_upgrade_and_says_so(installed, build_dir):
    installed.start()
    installed.wait_web()
    (before,) = workers(installed, "mdg-web")
    for name in PROGRAMS:                     # none of these could work with it
        install(installed.home, name, "/bin/false")
    wait_until("the warning", lambda: "until madoguchid is restarted" in installed.log_tail(200), 60, installed.alive)
    os.kill(before, signal.SIGKILL)
    installed.wait_web()
    (after,) = workers(installed, "mdg-web")
    assert after != before
    with open("/proc/%d/comm" % after, encoding="ascii") as f:
        assert f.read() == "mdg-web\n"
    # a program that had not run yet, and one that is the daemon once more
    assert installed.call("backup", file=installed.dir + "/copy")["file"]
    assert "upgrade" not in kinds(installed)
    installed.call("clock.advance", seconds=700)
    wait_until("the alarm", lambda: "upgrade" in kinds(installed), 60, installed.alive)
    assert "systemctl restart madoguchid" in installed.run("status", check=False).stdout
    for name in PROGRAMS:
        install(installed.home, name, build_dir + "/src/" + name)
    installed.stop()
    installed.start()
    installed.wait_web()
    wait_until("the end of it", lambda: "upgrade" not in kinds(installed), 60, installed.alive)


def test_a_program_of_another_build_is_refused_in_plain_words_and_seldom(installed, build_dir):
    version = subprocess.run([build_dir + "/src/madoguchid", "--version"], check=True, stdout=subprocess.PIPE,
                             text=True).stdout.split()[-1].encode()
    other = version[:-1] + b"9"

    def edit(data):
        assert data.count(version + b"\0") >= 1
        return data.replace(version + b"\0", other + b"\0")
    install(installed.home, "mdg-web", build_dir + "/src/mdg-web", edit)
    installed.start()
    wait_until("the refusal", lambda: "mdg-web is of another build" in installed.log_tail(200), 60, installed.alive)
    wait_until("the alarm", lambda: "mixed" in kinds(installed), 60, installed.alive)
    said = installed.run("status", check=False).stdout
    assert "mdg-web" in said and "systemctl restart madoguchid" in said
    # each try waits twice as long as the one before
    with open(installed.log, encoding="utf-8") as f:
        begun = f.read().count("another build")
    assert begun <= 8
    # the rest of the desk works
    assert installed.json("ticket", "list")["tickets"] == []
