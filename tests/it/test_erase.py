"""Personal data: given out, erased, and gone from every byte of the files."""
import glob
import json
import os
import shutil

import pytest
from desk import Desk
from servers import Servers, wait_until

PASSWORD = "desk-secret"
HANAKO, TARO = "kameko-umino@customer.example", "taro@other.example"
NAME, WORDS, LATIN = "海野亀子", "ウミガメの甲羅を返品したい", "qzneedle8891"
FILE = "kourabyou.txt"


@pytest.fixture(scope="module")
def own_servers(place):
    with Servers(place + "/servers") as s:
        for who in (Desk.ADDRESS, HANAKO, TARO):
            s.add_user(who, PASSWORD)
        yield s


def mail(number, sender, name, text):
    return ("From: %s <%s>\r\nTo: support@example.jp\r\nSubject: %s\r\n"
            "Message-ID: <er%d@customer.example>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0900\r\n"
            "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: text/plain; charset=UTF-8\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\n%s\r\n%s です。%s\r\n"
            "--b\r\nContent-Type: text/plain; name=%s\r\nContent-Disposition: attachment;"
            " filename=%s\r\n\r\nfile\r\n--b--\r\n" % (
                name, sender, text[:8], number, text, name, LATIN if sender == HANAKO else "",
                FILE if sender == HANAKO else "other.txt",
                FILE if sender == HANAKO else "other.txt")).encode()


def arrives(desk, number):
    return wait_until("mail %d" % number, lambda: desk.query(
        "SELECT t.number FROM message m JOIN ticket t ON t.id = m.ticket_id"
        " WHERE m.message_id = ?1", "er%d@customer.example" % number), 60, desk.alive)[0][0]


@pytest.fixture(scope="module")
def desk(place, own_servers, build_dir):
    with Desk(place + "/desk", build_dir) as d:
        d.init()
        d.start()
        d.add_people()
        d.add_mailbox(own_servers, Desk.ADDRESS, PASSWORD)
        d.run("golive", "--mode", "live")
        yield d


def found(desk):
    """Which of the customer's words stand in the files of the store."""
    needles = {"address": HANAKO, "name": NAME, "words": WORDS[:4], "latin": LATIN, "file": FILE,
               "local part": "kameko", "reply": "亀子"}
    hits = set()
    for path in glob.glob(desk.store + "*"):
        with open(path, "rb") as f:
            data = f.read()
        hits |= {k for k, v in needles.items() if v.encode() in data}
        hits |= {k + " (hex)" for k, v in needles.items() if v.encode().hex().encode() in data}
    return hits


def tables_with(desk, needle):
    """Every column of every table that holds it: tables that are still to come, too."""
    out = []
    for (table,) in desk.query("SELECT name FROM sqlite_schema WHERE type = 'table'"
                               " AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%'"):
        for row in desk.query("SELECT name FROM pragma_table_info(?1)", table):
            n = desk.query('SELECT count(*) FROM "%s" WHERE instr(CAST("%s" AS BLOB), ?1) > 0' % (
                table, row[0]), needle.encode())[0][0]
            if n:
                out.append("%s.%s" % (table, row[0]))
    return out


def renumber(servers, who):
    """The server forgets its UIDs: the same mails get new ones."""
    servers.stop_smtp()
    servers.stop_imap()
    for path in glob.glob("%s/mail/%s/Maildir/dovecot*" % (servers.dir, who)):
        os.remove(path)
    servers.start_imap()
    servers.start_smtp()


@pytest.fixture(scope="module")
def tickets(desk, own_servers):
    own_servers.deliver(HANAKO, Desk.ADDRESS, mail(1, HANAKO, NAME, WORDS))
    own_servers.deliver(TARO, Desk.ADDRESS, mail(2, TARO, "別野太郎", "別の問い合わせです"))
    one, two = arrives(desk, 1), arrives(desk, 2)
    made = desk.json("draft", "new", one, "--body-file", "-", as_="sato",
                     text="海野亀子 様\n\nウミガメの件、承知しました。\n")
    desk.run("draft", "submit", made["draft"], as_="sato")
    desk.run("approve", made["draft"], as_="suzuki")
    wait_until("the reply", lambda: desk.query(
        "SELECT 1 FROM outbox WHERE kind = 'reply' AND state = 'sent'"
        " AND copy_state <> 'wanted'"), 60, desk.alive)
    wait_until("the copy in the Sent folder", lambda: desk.query(
        "SELECT 1 FROM delivery d JOIN folder f ON f.id = d.folder_id"
        " WHERE f.role = 'sent' AND d.state NOT IN ('listed', 'stored')"), 90, desk.alive)
    wait_until("the index", lambda: desk.query("SELECT upto_message_id FROM search_state")[0][0] >=
               desk.query("SELECT max(id) FROM message")[0][0], 30, desk.alive)
    return one, two


@pytest.fixture(scope="module")
def customer(desk, tickets):
    rows = desk.json("customer", "find", HANAKO)["customers"]
    assert len(rows) == 1 and rows[0]["name"] == NAME
    return rows[0]["customer"]


def test_the_export_holds_everything(desk, customer, place):
    out = place + "/export"
    desk.run("customer", "export", customer, "--output", out)
    with open(out + "/customer.json", encoding="utf-8") as f:
        told = json.load(f)
    text = json.dumps(told, ensure_ascii=False)
    for word in (NAME, WORDS, HANAKO, FILE, "承知しました"):
        assert word in text
    assert "別野太郎" not in text
    mails = glob.glob(out + "/*.eml")
    # the mail as it came, and our reply as the Sent folder has it, if it was read already
    assert 1 <= len(mails) <= 2
    raws = [open(m, "rb").read() for m in mails]
    assert any(r.endswith(mail(1, HANAKO, NAME, WORDS)[-40:]) and WORDS.encode() in r
               for r in raws)
    views = desk.json("audit", "views")["views"]
    assert any(v["kind"] == "customer" for v in views)


def test_an_operator_may_not(desk, customer):
    for what in ("export", "erase"):
        assert desk.run("customer", what, customer, as_="sato", check=False).returncode == 77


def test_nothing_of_it_is_left_in_any_byte(desk, customer, tickets):
    before = found(desk)
    assert {"address", "name", "words", "latin", "file"} <= before, before
    said = desk.json("customer", "erase", customer)
    assert said["tickets"] == 1 and said["mails"] >= 2
    wait_until("clean files", lambda: not desk.query("SELECT 1 FROM setting WHERE key = 'scrub'"),
               30, desk.alive)
    for needle in (HANAKO, NAME, WORDS[:4], LATIN, FILE):
        assert tables_with(desk, needle) == []
    assert found(desk) == set()
    assert desk.query("SELECT count(*) FROM raw_chunk") == [(1,)]


def test_the_chain_is_whole_and_the_counts_agree(desk, tickets):
    said = desk.json("audit", "verify")
    assert said["fault"] is None
    assert desk.run("reconcile").returncode == 0
    assert desk.query("SELECT count(*) FROM delivery WHERE state = 'erased'")[0][0] >= 1
    shown = desk.json("ticket", "show", tickets[0])
    assert shown["state"] == "closed" and NAME not in str(shown)
    assert "別の問い合わせです" in str(desk.json("ticket", "show", tickets[1]))
    assert desk.run("store", "check").returncode == 0


def test_a_mailbox_made_anew_brings_nothing_back(desk, own_servers, tickets):
    messages = desk.query("SELECT count(*) FROM message")
    desk.stop()
    renumber(own_servers, Desk.ADDRESS)
    desk.start()
    own_servers.deliver(TARO, Desk.ADDRESS, mail(3, TARO, "別野太郎", "三通目の問い合わせ"))
    arrives(desk, 3)
    wait_until("all of the folder", lambda: desk.query(
        "SELECT count(*) FROM delivery WHERE state IN ('listed', 'stored')") == [(0,)], 60,
               desk.alive)
    assert len(desk.query("SELECT DISTINCT uidvalidity FROM delivery WHERE folder_id = 1")) == 2
    assert desk.query("SELECT count(*) FROM message")[0][0] <= messages[0][0] + 1
    assert tables_with(desk, LATIN) == [] and "latin" not in found(desk)
    assert desk.run("reconcile").returncode == 0


@pytest.mark.usefixtures("build_with_faults")
def test_old_tickets_go_when_their_time_is_over(desk, own_servers, tickets):
    desk.run("ticket", "close", tickets[1])
    desk.run("retention", "set", "--window", "support", "--days", "30", "--how", "delete")
    desk.call("clock.advance", seconds=31 * 86400)
    wait_until("the deletion", lambda: not desk.query("SELECT 1 FROM ticket WHERE number = ?1",
                                                     tickets[1]), 60, desk.alive)
    wait_until("clean files", lambda: not desk.query("SELECT 1 FROM setting WHERE key = 'scrub'"),
               30, desk.alive)
    assert tables_with(desk, "別の問い合わせです") == []
    # the one that is open, and the newest number, stay
    assert desk.query("SELECT count(*) FROM ticket WHERE state <> 'closed'")[0][0] >= 1
    assert desk.json("audit", "verify")["fault"] is None
    assert desk.run("reconcile").returncode == 0


@pytest.mark.usefixtures("build_with_faults")
@pytest.mark.parametrize("number, point", [(11, "erase.ticket:1"), (12, "erase.scrubbed:1")])
def test_a_kill_in_the_middle_leaves_nothing_once_it_is_asked_again(desk, own_servers, number, point):
    sender, words = "kill%d@customer.example" % number, "タツノオトシゴ%d" % number
    own_servers.deliver(sender, Desk.ADDRESS, mail(number, sender, "竜野落子", words))
    arrives(desk, number)
    rows = desk.json("customer", "find", sender)["customers"]
    desk.stop()
    desk.start(MDG_FAULT=point)
    desk.run("customer", "erase", rows[0]["customer"], check=False)
    wait_until("the kill", lambda: not desk.alive(), 60)
    desk.proc = None
    desk.start()
    desk.run("customer", "erase", rows[0]["customer"], check=False)    # once more, if need be
    wait_until("clean files", lambda: not desk.query("SELECT 1 FROM setting WHERE key = 'scrub'"),
               60, desk.alive)
    assert tables_with(desk, words) == [] and tables_with(desk, sender) == []
    assert desk.json("audit", "verify")["fault"] is None


def test_a_backup_from_before_names_who_comes_back(desk, own_servers, place, tickets):
    own_servers.deliver(TARO, Desk.ADDRESS, mail(7, TARO, "別野太郎", "消える前のお問い合わせ"))
    arrives(desk, 7)
    taro = desk.json("customer", "find", TARO)["customers"][0]["customer"]
    newest = desk.query("SELECT max(id) FROM delivery")[0][0]
    desk.run("backup", place + "/before.db")
    # one came, was erased and is known to the servers only; one was in it
    goro = "goro@later.example"
    own_servers.deliver(TARO, Desk.ADDRESS, mail(8, goro, "後野五郎", "あとからのお問い合わせ"))
    arrives(desk, 8)
    later = desk.json("customer", "find", goro)["customers"][0]["customer"]
    for who in (taro, later):
        desk.run("customer", "erase", who)
    desk.stop()
    shutil.copy(desk.store, place + "/after.db")
    done = desk.run("restore", place + "/before.db").stdout
    assert "1 名" in done and "顧客番号 %d）" % taro in done
    desk.start()
    assert desk.json("customer", "find", TARO)["customers"][0]["customer"] == taro
    came_again = wait_until("the mail that the backup has not", lambda: desk.query(
        "SELECT state FROM delivery WHERE id > ?1 AND state NOT IN ('listed', 'stored')", newest), 60, desk.alive)
    assert came_again == [("erased",)]
    assert desk.json("customer", "find", goro)["customers"] == []
    desk.run("customer", "erase", taro)
    assert desk.json("customer", "find", TARO)["customers"] == []
    desk.stop()
    # the copy of a store that knows of all: nobody comes back; without one it says so
    assert desk.json("restore", place + "/after.db")["erased_since"] == []
    for path in glob.glob(desk.store + "*"):
        os.rename(path, path + ".gone")
    assert "分かりません" in desk.run("restore", place + "/after.db").stdout
    desk.start()
