"""A day of a desk, told as it goes: who does what at what time, and what
`madoguchi trace` says of each inquiry in the end. Real Dovecot and SMTP; the
desk's clock stands at nine in the morning of a working day.

鈴木 leads; 佐藤, 田中 and 高橋 answer. 倉庫 is asked, 花子, 次郎 and 三郎 write.
"""
import datetime
import email
import email.policy

import pytest
from day import HANAKO, JIRO, JST, PASSWORD, SABURO, SOKO, at_once, day_of, in_order
from desk import Desk
from servers import wait_until


@pytest.fixture(scope="module")
def day(place, build_dir):
    with day_of(place, build_dir, ("tanaka", "takahashi")) as d:
        yield d


def test_the_day(day):
    desk = day.desk

    # 9:00 鈴木 sets a rule: money first.
    desk.call("auto.add", as_="suzuki", window="support", name="返金を先に", on="arrival",
              conditions=["subject contains 返金"], actions=["label 返金", "priority high"])

    # 9:05 three mails are there; the two who take the next get two, money first.
    day.at("9:05")
    stock = day.writes(HANAKO, "入荷について", "いつ入荷しますか。")
    refund = day.writes(JIRO, "返金について", "返金をお願いします。")
    usage = day.writes(SABURO, "使い方", "電源が入りません。どうすればよいですか。")
    wait_until("the rule", lambda: desk.query(
        "SELECT 1 FROM autorule_log WHERE outcome = 'done'"), 30, desk.alive)
    assert desk.call("ticket.next", as_="sato")["ticket"] == refund
    assert desk.call("ticket.next", as_="tanaka")["ticket"] == stock

    # 9:10 佐藤 writes; 田中 is told so and keeps out.
    day.at("9:10")
    draft = desk.call("draft.new", as_="sato", ticket=refund, next="working", due="16:00",
                      body="次郎 様\n\n返金について確認し、本日16時までにご連絡いたします。")["draft"]
    day.refused("draft.edit", "tanaka", "佐藤", draft=draft, body="別の文")

    # 9:20 the promise goes out, and stands in the queue.
    day.at("9:20")
    day.sends("sato", draft)
    assert day.state(refund) == "working"
    promise = [q for q in desk.call("queue", as_="sato")["queue"] if q["ticket"] == refund]
    assert promise[0]["clock"] == "promise"
    due = datetime.datetime.fromtimestamp(promise[0]["due_s"], JST)
    assert (due.date(), due.hour, due.minute) == (day.day, 16, 0)

    # 9:40 田中 asks 倉庫 beside the customer's thread.
    day.at("9:40")
    asked = desk.call("inquiry.new", as_="tanaka", ticket=stock, to=SOKO,
                      subject="入荷日の確認", body="倉庫ご担当者様\n\n入荷日を教えてください。")
    inquiry = day.sends("tanaka", asked["draft"])
    assert day.state(stock) == "hold"
    assert day.servers.mails(HANAKO) == []

    # 10:30 倉庫 answers: back to 未対応, and 花子 has not seen a word of it.
    day.at("10:30")
    assert day.writes(SOKO, "Re: 入荷日の確認", "土曜に入ります。", inquiry) == asked["ticket"]
    assert day.state(stock) == "new"
    draft = desk.call("draft.new", as_="tanaka", ticket=stock, next="closed",
                      body="花子 様\n\n土曜日に入荷いたします。")["draft"]
    answer = day.sends("tanaka", draft)
    wait_until("the answer at the customer's", lambda: day.servers.mails(HANAKO), 30, desk.alive)
    assert SOKO.encode() not in day.servers.mails(HANAKO)[0]
    assert day.state(stock) == "closed"

    # 11:15 花子 thanks: it stays closed, and 田中 sees it.
    day.at("11:15")
    assert day.writes(HANAKO, "Re: 入荷について",
                      "ありがとうございました。\r\n今後ともよろしくお願いいたします。",
                      answer) == stock
    assert day.state(stock) == "closed"
    assert [t["ticket"] for t in desk.call("thanks.list", as_="tanaka")["thanks"]] == [stock]

    # 13:00 三郎 calls; 高橋 notes it and closes what is settled on the phone.
    day.at("13:00")
    memo = desk.call("ticket.new", as_="takahashi", window="support", kind="phone",
                     subject="配送先の変更", name="三郎", address=SABURO, phone="03-1234-5678",
                     text="配送先を会社に変えたいとのこと。変更済み。", answered=True)["ticket"]
    assert day.state(memo) == "closed"
    found = desk.call("customer.find", as_="takahashi", text="0312345678")["customers"]
    assert [c["address"] for c in found] == [SABURO]

    # 14:00 佐藤 goes home ill in the middle of a reply: nothing stays with her.
    day.at("14:00")
    draft = desk.call("draft.new", as_="sato", ticket=refund, next="closed",
                      body="次郎 様\n\n本日、返金の手続きをいたしました。")["draft"]
    desk.call("user.absent", as_="suzuki", login="sato")
    assert desk.call("ticket.show", ticket=refund)["assignee"] is None

    # 14:10 高橋 takes it over with its text and keeps the promise.
    day.at("14:10")
    assert "返金の手続き" in desk.call("draft.takeover", as_="takahashi", draft=draft)["body"]
    day.refused("draft.takeover", "nobody", "nobody", draft=draft)
    day.sends("takahashi", draft)
    assert day.state(refund) == "closed"
    kept = desk.query("SELECT c.state FROM clock c JOIN ticket t ON t.id = c.ticket_id"
                      " WHERE t.number = ?1 AND c.kind = 'promise'", refund)
    assert kept == [("met",)]

    # 17:50 田中 hands over what is left, with a word; the list is empty then.
    day.at("17:50")
    desk.call("ticket.take", as_="tanaka", ticket=usage)
    assert [s["ticket"] for s in desk.call("shift", as_="tanaka")["shift"]] == [usage]
    desk.call("handover", as_="tanaka", **{"from": "tanaka"}, to="takahashi",
              note="@takahashi 型番を確認中です。")
    assert desk.call("shift", as_="tanaka")["shift"] == []
    assert [m["ticket"] for m in desk.call("comment.mentions", as_="takahashi")["mentions"]] \
        == [usage]

    # 17:55 鈴木 takes a case home on paper: whole addresses, whole times.
    day.at("17:55")
    paper = desk.run("ticket", "print", stock, as_="suzuki").stdout
    assert HANAKO in paper and "土曜日に入荷いたします" in paper and str(day.day) in paper
    assert SOKO not in paper
    page = desk.run("ticket", "print", stock, "--format", "html", as_="suzuki").stdout
    assert "size: A4" in page and "&lt;%s&gt;" % Desk.ADDRESS in page and "<script" not in page

    # 18:00 what the traces tell of the day.
    day.at("18:00")
    in_order(day.story(refund), "mail.in", "ticket.label", "ticket.priority", "ticket.assign",
             "draft.new", "draft.submit", "draft.approve", "outbox.sent", "draft.new",
             "ticket.release", "draft.takeover", "draft.approve", "outbox.sent")
    in_order(day.story(stock), "mail.in", "ticket.assign", "ticket.hold", "inquiry.answered",
             "draft.new", "draft.approve", "outbox.sent", "mail.in")
    in_order(day.story(asked["ticket"]), "inquiry.new", "draft.submit", "draft.approve", "outbox.sent",
             "mail.in")
    in_order(day.story(memo), "ticket.new")
    in_order(day.story(usage), "mail.in", "ticket.assign", "ticket.handover", "comment.add")
    assert desk.run("audit", "verify").returncode == 0
    assert desk.run("sla", "recompute", "--check").returncode == 0


OUTLET, COLLEAGUE, MARKET = ("outlet@example.jp", "bucho@customer.example",
                             "m-7f3a@fw.market.example")


@pytest.fixture(scope="module")
def brands(day, place):
    """A second brand in the same desk: its own words, people and mailboxes."""
    desk, servers = day.desk, day.servers
    for address, password in ((OUTLET, PASSWORD), ("anshin@example.jp", PASSWORD),
                              (COLLEAGUE, "x"), (MARKET, "x")):
        servers.add_user(address, password)
    desk.run("window", "add", "outlet", "--address", OUTLET, "--name", "アウトレット",
             "--approval", "all")
    for name, text in (("greeting", "アウトレットをご利用いただき、ありがとうございます。"),
                       ("closing", "またのご来店をお待ちしております。"),
                       ("signature", "-- \nアウトレット窓口\n" + OUTLET)):
        with open("%s/%s.txt" % (place, name), "w", encoding="utf-8") as f:
            f.write(text)
        desk.run("window", "set", "outlet", "--" + name, f.name)
    for login, role in (("takahashi", "operator"), ("suzuki", "sv")):
        desk.run("user", "role", login, "--window", "outlet", "--role", role)
    desk.run("user", "add", "mori", "--name", "森 由美", "--email", "mori@example.jp",
             "--window", "outlet", "--role", "sv")
    desk.add_mailbox(servers, OUTLET, PASSWORD, window="outlet")
    desk.add_mailbox(servers, "anshin@example.jp", PASSWORD, window="outlet",
                     for_domain="fw.market.example")
    return day


def test_two_brands_keep_apart(brands):
    day, desk = brands, brands.desk
    day.at("18:10")

    # 18:10 花子 writes to the outlet, her superior and our other brand in Cc.
    ticket = day.writes(HANAKO, "傷の程度", "傷の程度を教えてください。", to=OUTLET,
                        cc="%s, %s" % (COLLEAGUE, Desk.ADDRESS))
    assert desk.call("ticket.show", ticket=ticket)["window"] == "outlet"

    # 18:11 田中 answers for the other brand only: he neither sees nor takes it.
    day.refused("ticket.take", "tanaka", "", ticket=ticket)
    assert ticket not in [t["ticket"] for t in desk.call("ticket.list", as_="tanaka")["tickets"]]

    # 18:12 高橋 answers: the outlet's words, and the superior still reads along.
    before = len(day.servers.mails(COLLEAGUE))
    draft = desk.call("draft.new", as_="takahashi", ticket=ticket,
                      body="花子 様\n\n背面に小さな傷がございます。")["draft"]
    day.sends("takahashi", draft)
    raw = day.servers.wait_mails(COLLEAGUE, before + 1, timeout_s=60)[-1]
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert [a.addr_spec for a in mail["From"].addresses] == [OUTLET]
    assert [a.addr_spec for a in mail["To"].addresses] == [HANAKO]
    assert [a.addr_spec for a in mail["Cc"].addresses] == [COLLEAGUE]
    text = mail.get_body(("plain",)).get_content()
    for words in ("アウトレットをご利用いただき", "またのご来店", "アウトレット窓口"):
        assert words in text
    assert Desk.WINDOW not in text
    in_order(day.story(ticket), "mail.in", "draft.new", "draft.approve", "outbox.sent")


def test_a_market_has_a_mailbox_of_its_own(brands):
    """Mail to customers of a market place goes out by the account it lets in."""
    ticket = brands.writes(MARKET, "注文の件", "届きません。", to=OUTLET)
    draft = brands.desk.call("draft.new", as_="takahashi", ticket=ticket,
                             body="お客様\n\n発送状況をお調べいたします。")["draft"]
    brands.sends("takahashi", draft)
    used = brands.desk.query("SELECT a.name FROM outbox o JOIN account a ON a.id = o.account_id"
                             " WHERE o.draft_id = ?1", draft)
    assert used == [("anshin@example.jp",)]


def test_two_leads_at_once_send_one_mail(brands):
    """Both press at the same moment: one approves, the other is told so."""
    desk = brands.desk
    ticket = brands.writes(JIRO, "在庫", "在庫はありますか。", to=OUTLET)
    draft = brands.drafts("takahashi", ticket, "次郎 様\n\n在庫がございます。")
    code = brands.submits("takahashi", draft)
    told = at_once(*(lambda lead=lead: desk.call("approve", as_=lead, draft=draft,
                                                 confirm=code)["outbox"]
                     for lead in ("suzuki", "mori")))
    assert sorted(type(t).__name__ for t in told) == ["int", "str"], told
    assert desk.query("SELECT COUNT(*) FROM outbox WHERE draft_id = ?1", draft) == [(1,)]
    # nor can anybody begin a second reply beside the one on its way
    brands.refused("draft.new", "takahashi", "", ticket=ticket, body="次郎 様\n\nもう一通。")
    in_order(brands.story(ticket), "mail.in", "draft.submit", "draft.approve")
    assert brands.story(ticket).count("draft.approve") == 1
