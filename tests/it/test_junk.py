"""The junk folder of a real Dovecot, through a day and the morning after: what
the mail system filed there makes no work, a lead sees it once a day, and what
is none becomes an inquiry.

鈴木 leads at a terminal and 森 by mail; 花子 writes, and so do people who sell.
"""
import pytest
from day import HANAKO, JIRO, day_of, in_order
from desk import Desk
from maildesk import MailUser, head, text_of
from servers import wait_until

JUNK = "Junk"


@pytest.fixture(scope="module")
def day(place, build_dir):
    with day_of(place, build_dir, ("mori",),
                (HANAKO, JIRO, "suzuki@example.jp", "mori@example.jp")) as d:
        d.desk.run("user", "mail", "mori", "on")
        with d.servers.mailbox(Desk.ADDRESS) as box:
            box.create(JUNK)
        d.desk.run("folder", "add", Desk.ADDRESS, JUNK, "--junk", "--since", "all")
        yield d


def filed(day, ident, sender, subject, text, answers=None):
    """The mail system puts it into the junk folder; its number in our list."""
    day.stores(ident, sender, subject, text, answers, folder=JUNK)
    return wait_until("the filed mail of " + sender, lambda: [
        r["junk"] for r in listed(day) if r["subject"] == subject], 90, day.desk.alive)[0]


def listed(day, *more):
    return day.desk.json("junk", "list", "support", *more)["junk"]


def list_at(day, address, n):
    """The n-th list at that address, once it is there."""
    return wait_until("list %d at %s" % (n, address), lambda: lists(day, address)[n - 1:], 30,
                      day.desk.alive)[0]


def tickets(day):
    return day.desk.query("SELECT COUNT(*) FROM ticket")[0][0]


def lists(day, address):
    return [m for m in day.servers.mails(address)
            if "迷惑メールフォルダー" in str(head(m)["Subject"])]


def test_a_day_with_the_junk_folder(day):
    desk = day.desk

    # 9:05 花子 asks, and is answered.
    day.at("9:05")
    stock = day.writes(HANAKO, "入荷について", "いつ入荷しますか。")
    draft = desk.call("draft.new", as_="sato", ticket=stock, body="花子 様\n\n土曜日です。")["draft"]
    answer = day.sends("sato", draft)

    # 9:30 the mail system files a swindle, and the answer of 花子 besides. The server's
    # own view, down to the flags, is what it was.
    day.at("9:30")
    before = tickets(day)
    swindle = filed(day, "win@prize.example", "賞金 <win@prize.example>",
                    "当選おめでとうございます https://prize.example/", "今すぐ受け取る")
    hers = filed(day, "hers@customer.example", HANAKO, "Re: 入荷について",
                 "日曜日の配達はできますか。", answer)
    assert tickets(day) == before
    with day.servers.mailbox(Desk.ADDRESS, JUNK) as box:
        assert b"\\Seen" not in b"".join(box.fetch("1:*", "(FLAGS)")[1])
    assert {r["junk"]: r["about"] for r in listed(day)} == {swindle: None, hers: stock}

    # A list is of a whole day, and this is the first: the desk begins to count.
    desk.call("clock.advance", seconds=120)
    wait_until("the first day", lambda: desk.query(
        "SELECT 1 FROM setting WHERE key LIKE 'junk_day:%'"), 30, desk.alive)

    # The next morning both leads have the list, the likely customer first, and no link
    # to press.
    day.next_morning()
    for address in ("suzuki@example.jp", "mori@example.jp"):
        raw = list_at(day, address, 1)
        text = text_of(raw)
        assert "%d" % swindle in text and "win@prize.example" in text and "://" not in text
        assert text.index(HANAKO) < text.index("win@prize.example")
        assert "受付番号 %d への返信" % stock in text
        assert "2 通" in str(head(raw)["Subject"])

    # 鈴木 takes the answer out: it goes where it belongs, and that opens it again.
    assert "読み直します" in desk.run("junk", "rescue", hers, "--window", "support",
                                as_="suzuki").stdout
    assert day.ticket_of("hers@customer.example") == stock
    assert day.state(stock) == "new"
    in_order(day.story(stock), "mail.in", "outbox.sent", "mail.in")
    assert [r["ticket"] for r in listed(day, "--all") if r["junk"] == hers] == [stock]
    day.refused("junk.rescue", "suzuki", "番号 %d" % hers, window="support", junk=hers)

    # An inquiry of 次郎 is filed, too: today no second list comes.
    his = filed(day, "his@customer.example", JIRO, "領収書", "領収書をください。")
    desk.call("clock.advance", seconds=120)
    assert len(lists(day, "mori@example.jp")) == 1

    # The next working day it stands in the list, alone, and 森 answers that by mail.
    day.next_morning()
    second = list_at(day, "mori@example.jp", 2)
    mori = MailUser(day.servers, "mori@example.jp", "森 由美")
    assert JIRO in text_of(second) and "win@prize.example" not in text_of(second)
    mori.answer(second, "救出 %d" % his)
    receipt = day.ticket_of("his@customer.example")
    assert day.state(receipt) == "new"
    in_order(day.story(receipt), "mail.in")

    # Nothing was lost or thrown away: what the server has, we have.
    folder = next(f for f in desk.json("reconcile")["folders"] if f["folder"] == JUNK)
    assert folder["balanced"] and folder["role"] == "junk" and folder["stored"] == 3
    assert [r["junk"] for r in listed(day)] == [swindle]
    assert desk.run("audit", "verify").returncode == 0


def test_a_folder_made_anew_lists_nothing_twice(day):
    before, n = [r["subject"] for r in listed(day)], tickets(day)
    old = day.servers.mails(Desk.ADDRESS, JUNK)
    done = day.desk.delivered()
    day.servers.make_anew(Desk.ADDRESS, JUNK)
    with day.servers.mailbox(Desk.ADDRESS) as box:
        for m in old:
            box.append(JUNK, None, None, m)
    wait_until("all of them again", lambda: day.desk.delivered() == done + len(old), 90,
               day.desk.alive)
    assert [r["subject"] for r in listed(day)] == before
    assert tickets(day) == n


def test_a_folder_has_one_role_and_its_mail_is_never_moved(day):
    both = day.desk.run("folder", "add", Desk.ADDRESS, "Neu", "--junk", "--sent", check=False)
    assert both.returncode != 0 and "どちらか一つ" in both.stderr + both.stdout
    moved = day.desk.run("folder", "policy", Desk.ADDRESS, "delete", "--days", "1",
                         "--folder", JUNK, check=False)
    assert moved.returncode != 0
