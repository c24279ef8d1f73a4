"""Encrypted backups: made, checked, restored, and useless to anybody else."""
import os

import pytest
from desk import Desk, has_faults


@pytest.fixture(scope="module")
def desk(place, build_dir):
    with Desk(place + "/desk", build_dir) as d:
        d.init()
        d.start()
        d.add_people()
        yield d


def count(desk):
    return desk.query("SELECT count(*) FROM event")[0][0]


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


@pytest.fixture(scope="module", params=["passphrase", "key", "plain"])
def backup(request, desk, place):
    """(file, the options that open it, those of a wrong key, how many events it has at least)"""
    before = count(desk)
    path = "%s/%s.backup" % (place, request.param)
    if request.param == "plain":
        desk.run("backup", path)
        return path, [], None, before
    if request.param == "passphrase":
        right = ["--passphrase-file", write(place + "/phrase", "窓口のあいことば 42\n")]
        wrong = ["--passphrase-file", write(place + "/other", "ちがうことば\n")]
        desk.run("backup", path, *right)
        return path, right, wrong, before
    desk.run("backup", "keygen", place + "/key")
    desk.run("backup", "keygen", place + "/key2")
    assert os.stat(place + "/key").st_mode & 0o777 == 0o600
    desk.run("backup", path, "--to-key", place + "/key.pub")
    return path, ["--key", place + "/key"], ["--key", place + "/key2"], before


def left_over(place):
    return [n for n in os.listdir(place) if n.endswith((".part", ".copy", ".opened"))]


def test_a_backup_is_verified_by_opening_it(desk, backup, place):
    path, right, wrong, before = backup
    said = desk.json("backup", "verify", path, *right)
    assert before <= said["events"] <= count(desk) and said["key_fits"]
    if wrong:
        assert desk.run("backup", "verify", path, *wrong, check=False).returncode == 77
        assert desk.run("backup", "verify", path, text="", check=False).returncode != 0
        with open(path, "rb") as f:
            data = f.read()
        assert b"SQLite" not in data and "佐藤".encode() not in data
        assert os.stat(path).st_mode & 0o777 == 0o600
    assert left_over(place) == []


def test_one_that_was_cut_or_changed_is_refused(desk, backup, place):
    path, right, *_ = backup
    with open(path, "rb") as f:
        data = f.read()
    for name, bad in (("cut", data[:-100]), ("changed", data[:5000] + bytes([data[5000] ^ 1]) +
                                             data[5001:]), ("short", data[:70])):
        where = "%s/%s" % (place, name)
        with open(where, "wb") as f:
            f.write(bad)
        if not right and name == "changed":
            continue            # plain pages have no checksum: integrity alone
        assert desk.run("backup", "verify", where, *right, check=False).returncode != 0, name
        os.remove(where)
    assert left_over(place) == []


def test_it_is_really_restored(desk, backup):
    path, right, wrong, _ = backup
    people = desk.query("SELECT login FROM person ORDER BY login")
    desk.run("user", "add", "later", "--name", "l", "--email", "l@example.jp")
    desk.stop()
    if wrong:
        assert desk.run("restore", path, *wrong, check=False).returncode != 0
    desk.run("restore", path, *right)
    desk.start()
    assert desk.query("SELECT login FROM person ORDER BY login") == people
    assert desk.json("audit", "verify")["fault"] is None
    assert left_over(desk.dir) == []


def test_the_daemon_never_sees_the_passphrase(desk, place):
    with open("/proc/%d/cmdline" % desk.pid, "rb") as f:
        assert b"passphrase" not in f.read()
    assert desk.run("backup", place + "/again", "--passphrase-file", place + "/phrase",
                    check=False).returncode == 0
    assert desk.run("backup", place + "/again", "--passphrase-file", place + "/phrase",
                    check=False).returncode != 0      # never over a file


@pytest.mark.parametrize("point", ["key.made", "key.rotated", "key.linked", None])
def test_a_rotation_of_the_key_may_be_broken_off(desk, point):
    if point and not has_faults(desk.build):
        pytest.skip("needs --enable-faults")
    key = desk.dir + "/master.key"
    with open(key, "rb") as f:
        before = f.read()
    desk.stop()
    if point:
        desk.env["MDG_FAULT"] = point
        assert desk.run("key", "rotate", check=False).returncode != 0
        del desk.env["MDG_FAULT"]
        desk.start()            # it opens, with one key or the other
        assert desk.json("audit", "verify")["fault"] is None
        desk.stop()
    desk.run("key", "rotate")
    with open(key, "rb") as f:
        assert f.read() != before
    assert not os.path.exists(key + ".new")
    desk.start()
    assert desk.run("status").returncode == 0
