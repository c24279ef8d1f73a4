"""Folders of a real Dovecot: names, another UIDVALIDITY, the comparison with
the server, what a policy does there, quotas."""
import os
import shutil
import tempfile

import pytest
from desk import Desk, DeskError
from servers import Servers, wait_until
from test_beside import HANAKO, PASSWORD, SENT, begin, put, raw, show, ticket_of

BOX = "desk%d@example.jp"
numbers = iter(range(1, 1000))


@pytest.fixture(scope="module", name="servers")
def fixture_servers():
    folder = tempfile.mkdtemp(prefix="madoguchi-it.")
    os.chmod(folder, 0o711)
    with Servers(folder + "/servers", smtp=False) as s:
        s.add_user(Desk.ADDRESS, PASSWORD)
        yield s
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(name="desk")
def fixture_desk(servers, build_dir, monkeypatch):
    """A desk with a mailbox of its own on the servers."""
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    folder = tempfile.mkdtemp(prefix="madoguchi-it.")
    monkeypatch.setattr(Desk, "ADDRESS", BOX % next(numbers))
    servers.add_user(Desk.ADDRESS, PASSWORD)
    with Desk(folder + "/desk", build_dir) as d:
        d.init()
        yield d
    shutil.rmtree(folder, ignore_errors=True)


def mail(n, sender=HANAKO):
    return raw("m%d@c" % n, sender, Desk.ADDRESS, "件名 %d" % n)


def arrived(desk, n):
    return ticket_of(desk, "m%d@c" % n)


def inbox(desk, role="intake"):
    return next(f for f in desk.json("reconcile")["folders"] if f["role"] == role)


def balanced(f):
    return f["server"] == (f["stored"] + f["quarantined"] + f["erased"] + f["ignored"]
                           + f["waiting"]) and f["missing"] == 0


def uids(servers, folder="INBOX"):
    with servers.mailbox(Desk.ADDRESS, folder) as box:
        return [int(u) for u in box.uid("SEARCH", "ALL")[1][0].split()]


def test_japanese_folders_are_listed_added_and_removed(desk, servers):
    with servers.mailbox(Desk.ADDRESS) as box:
        assert box.create('"&MEpVTzBEVAgwjzBb-"')[0] == "OK"         # お問い合わせ
    put(servers, '"&MEpVTzBEVAgwjzBb-"', mail(1))
    begin(desk, servers, since="all")
    wait_until("connected", lambda: desk.run("folder", "list", Desk.ADDRESS,
                                             check=False).returncode == 0, 60, desk.alive)
    there = {f["name"]: f for f in desk.json("folder", "list", Desk.ADDRESS)["folders"]}
    assert there["お問い合わせ"]["role"] == "" and there["INBOX"]["role"] == "intake"
    assert there[SENT]["use"] == "sent"
    desk.run("folder", "add", Desk.ADDRESS, "お問い合わせ", "--since", "all")
    arrived(desk, 1)
    assert "お問い合わせ" in desk.run("mailbox", "list").stdout
    traced = desk.run("trace", "m1@c").stdout
    assert "お問い合わせ" in traced and "&MEpVTzBEVAgwjzBb-" not in traced
    assert all(balanced(f) for f in desk.json("reconcile")["folders"])
    desk.run("folder", "remove", Desk.ADDRESS, "お問い合わせ")
    put(servers, '"&MEpVTzBEVAgwjzBb-"', mail(2))
    put(servers, "INBOX", mail(3))
    arrived(desk, 3)
    assert not desk.query("SELECT 1 FROM message WHERE message_id = 'm2@c'")
    # it comes back where it was left, with nothing doubled
    desk.run("folder", "add", Desk.ADDRESS, "お問い合わせ")
    arrived(desk, 2)
    assert len(desk.query("SELECT 1 FROM message WHERE message_id = 'm1@c'")) == 1
    # as the server spells it, too
    desk.run("folder", "remove", Desk.ADDRESS, "&MEpVTzBEVAgwjzBb-")
    with pytest.raises(DeskError):
        desk.run("folder", "remove", Desk.ADDRESS, "無い")


def test_a_folder_that_is_missing_is_named_and_stops_nobody(desk, servers):
    begin(desk, servers)
    desk.run("folder", "add", Desk.ADDRESS, "ありません")
    put(servers, "INBOX", mail(1))
    arrived(desk, 1)
    row = wait_until("the trouble is told", lambda: next(
        (f for f in desk.json("mailbox", "list")["mailboxes"] if f["problem"]), None), 60, desk.alive)
    assert "ありません" in row["problem"]


def test_a_folder_made_anew_doubles_nothing(desk, servers):
    with servers.mailbox(Desk.ADDRESS) as box:
        box.create("Kept")
    for n in (1, 2):
        put(servers, "Kept", mail(n))
    put(servers, "Kept", b"no header at all\r\n")
    begin(desk, servers)
    desk.run("folder", "add", Desk.ADDRESS, "Kept", "--since", "all")
    tickets = [arrived(desk, n) for n in (1, 2)]
    wait_until("the third", lambda: desk.delivered() == 3, 60, desk.alive)
    revs = [len(show(desk, t)["messages"]) for t in tickets]
    before = desk.query("SELECT COUNT(*) FROM ticket")[0][0]
    old = servers.mails(Desk.ADDRESS, "Kept")
    servers.make_anew(Desk.ADDRESS, "Kept")
    with servers.mailbox(Desk.ADDRESS) as box:
        for m in old:
            box.append("Kept", None, None, m)
        box.append("Kept", None, None, mail(9))
    arrived(desk, 9)
    wait_until("all again", lambda: desk.delivered() == 7, 60, desk.alive)
    assert [len(show(desk, t)["messages"]) for t in tickets] == revs
    assert desk.query("SELECT COUNT(*) FROM ticket")[0][0] == before + 1
    assert desk.query("SELECT COUNT(*) FROM event WHERE kind = 'folder.anew'")[0][0] == 1
    kept = next(f for f in desk.json("reconcile")["folders"] if f["folder"] == "Kept")
    assert balanced(kept) and kept["stored"] == 4


def test_a_first_sync_leaves_out_what_is_old_and_says_so(desk, servers):
    for n, days in ((1, 40), (2, 2), (3, 50), (4, 1)):
        put(servers, "INBOX", mail(n), days * 86400)
    begin(desk, servers, since="7")
    arrived(desk, 4), arrived(desk, 2)
    wait_until("all settled", lambda: desk.json("reconcile")["ok"], 30, desk.alive)
    f = inbox(desk)
    assert (f["server"], f["stored"], f["ignored"]) == (4, 2, 2) and balanced(f)
    put(servers, "INBOX", mail(5), 90 * 86400)          # old by date, new to us
    arrived(desk, 5)
    f = inbox(desk)
    assert (f["stored"], f["ignored"]) == (3, 2) and balanced(f)


def test_what_the_store_lacks_is_named_and_comes_again(desk, servers):
    begin(desk, servers)
    for n in (1, 2, 3):
        put(servers, "INBOX", mail(n))
        arrived(desk, n)
    desk.stop()
    import sqlite3
    with sqlite3.connect(desk.store) as db:             # as if a crash had lost it
        db.execute("DELETE FROM delivery WHERE message_id ="
                   " (SELECT id FROM message WHERE message_id = 'm2@c')")
        db.execute("UPDATE delivery SET state = 'fetch_failed', raw_id = NULL WHERE message_id ="
                   " (SELECT id FROM message WHERE message_id = 'm3@c')")
        # it has just compared by itself, so that the next one is ours
        db.execute("UPDATE folder SET looked_s = CAST(strftime('%s', 'now') AS INTEGER),"
                   " clean_s = 0")
    db.close()
    desk.start()
    done = wait_until("connected", lambda: (r := desk.run("reconcile", "--json", check=False)) and
                      "not connected" not in r.stdout and r, 60, desk.alive)
    assert done.returncode == 65
    assert "only on the server" in done.stdout and "on the server, not stored" in done.stdout
    wait_until("mended", lambda: desk.run("reconcile", check=False).returncode == 0, 60, desk.alive)
    f = inbox(desk)
    assert f["stored"] == 3 and balanced(f)
    assert len(desk.query("SELECT 1 FROM message WHERE direction = 'in'")) == 3


def test_mail_taken_away_by_others_is_counted_and_named(desk, servers):
    begin(desk, servers)
    for n in (1, 2, 3):
        put(servers, "INBOX", mail(n))
        arrived(desk, n)
    gone = uids(servers)[1]
    with servers.mailbox(Desk.ADDRESS) as box:
        box.uid("STORE", str(gone), "+FLAGS", "\\Deleted")
        box.expunge()
    f = inbox(desk)
    assert balanced(f) and (f["server"], f["stored"], f["gone_by_others"]) == (2, 2, 1)
    assert [d["uid"] for d in f["differences"]] == [gone]
    assert desk.run("reconcile").returncode == 0


@pytest.mark.parametrize("words,left,elsewhere", [
    (("keyword",), 3, 0), (("move", "--target", "取込済み"), 0, 3), (("delete", "--days", 5), 0, 0)])
def test_a_policy_acts_on_what_is_stored_and_on_nothing_else(desk, servers, words, left, elsewhere):
    with servers.mailbox(Desk.ADDRESS) as box:
        box.create('"&U9aPvG4IMH8-"')                   # 取込済み
        # somebody else's mark must not be carried out by us
    begin(desk, servers)
    for n in (1, 2, 3):
        put(servers, "INBOX", mail(n))
        arrived(desk, n)
    desk.run("folder", "policy", Desk.ADDRESS, *words)
    if words[0] == "delete":
        assert desk.json("reconcile")["ok"]
        assert len(uids(servers)) == 3
        desk.call("clock.advance", seconds=5 * 86400 + 60)
        assert desk.json("reconcile")["ok"]
    wait_until("it is done", lambda: desk.query(
        "SELECT COUNT(*) FROM delivery WHERE server IN ('keyword', 'moved', 'deleted')"
    )[0][0] == 3, 60, desk.alive)
    assert len(uids(servers)) == left
    assert len(uids(servers, '"&U9aPvG4IMH8-"')) == elsewhere
    f = inbox(desk)
    assert balanced(f) and f["stored"] == left and f["gone_by_policy"] == 3 - left
    assert f["gone_by_others"] == 0 and not f["differences"]
    if left:
        with servers.mailbox(Desk.ADDRESS) as box:
            assert all(b"$Madoguchi" in x and b"\\Seen" in x
                       for x in box.fetch("1:*", "(FLAGS)")[1])


@pytest.mark.usefixtures("build_with_faults")
@pytest.mark.parametrize("policy", ["move", "delete"])
@pytest.mark.parametrize("point", ["policy.begun", "policy.asked", "policy.done"])
def test_a_core_that_dies_amid_a_policy_does_it_once(desk, servers, point, policy):
    with servers.mailbox(Desk.ADDRESS) as box:
        box.create("Done")
    begin(desk, servers)
    for n in (1, 2):
        put(servers, "INBOX", mail(n))
        arrived(desk, n)
    desk.stop()
    desk.start(MDG_FAULT=point)
    words = ("move", "--target", "Done") if policy == "move" else ("delete", "--days", 1)
    if policy == "delete":             # old enough, and compared since
        desk.call("clock.advance", seconds=2 * 86400)
    desk.run("folder", "policy", Desk.ADDRESS, *words, check=False)
    if policy == "delete":
        desk.run("reconcile", check=False)
    wait_until("it died at " + point, lambda: not desk.alive(), 60)
    desk.kill()
    desk.start()
    if policy == "delete":
        desk.call("clock.advance", seconds=2 * 86400)
        with servers.mailbox(Desk.ADDRESS) as box:    # has not its days yet
            box.append("INBOX", None, None, mail(3))
        arrived(desk, 3)
        desk.run("reconcile")
        desk.run("folder", "policy", Desk.ADDRESS, *words)      # looks at once
    left, elsewhere = (1, 0) if policy == "delete" else (0, 2)
    wait_until("done on the server", lambda: len(uids(servers)) == left
               and len(uids(servers, "Done")) == elsewhere, 60, desk.alive)
    wait_until("written down", lambda: desk.query(
        "SELECT COUNT(*) FROM delivery WHERE server = ?1", policy + "d")[0][0] == 2, 60, desk.alive)
    f = inbox(desk)
    assert balanced(f) and f["gone_by_policy"] == 2 and f["gone_by_others"] == 0


def test_a_policy_refuses_what_would_come_in_again(desk, servers):
    begin(desk, servers)
    for words in (("move",), ("move", "--target", "INBOX"), ("burn",), ("delete",)):
        with pytest.raises(DeskError):
            desk.run("folder", "policy", Desk.ADDRESS, *words)


def test_the_desk_compares_by_itself(desk, servers):
    begin(desk, servers)
    put(servers, "INBOX", mail(1))
    arrived(desk, 1)
    wait_until("a comparison", lambda: desk.query(
        "SELECT 1 FROM folder WHERE role = 'intake' AND clean_s > 0"), 60, desk.alive)
    row = next(f for f in desk.json("status")["folders"] if f["role"] == "intake")
    assert row["clean_s"] > 0 and row["problem"] == ""
    assert desk.query("SELECT look_modseq FROM folder WHERE role = 'intake'")[0][0] > 0
