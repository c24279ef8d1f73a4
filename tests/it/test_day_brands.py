"""Two brands and a market place in one desk, each with its own addresses, words, hours, and
people: told as a day, on real Dovecot and SMTP.

鈴木 leads both; 佐藤 answers for お客様サポート, 高橋 for both, 森 leads アウトレット.
"""
import datetime
import email
import email.policy
import imaplib
import json

import pytest
from day import HANAKO, JIRO, JST, PASSWORD, SABURO, day_of, in_order
from desk import Desk

OUTLET, SALE, BOSS = "outlet@example.jp", "sale@example.jp", "bucho@customer.example"


@pytest.fixture(scope="module")
def day(place, build_dir):
    with day_of(place, build_dir, people=("takahashi",), mailboxes=(HANAKO, JIRO, SABURO, BOSS)) as d:
        desk = d.desk
        d.servers.add_user(OUTLET, PASSWORD)
        d.servers.add_user(SALE, PASSWORD)
        # アウトレット has its own closed day today, and a shorter promise
        week = {w: [["10:00", "16:00"]] for w in ("mon", "tue", "wed", "thu", "fri")}
        files = {"calendar": json.dumps({"zone": "Asia/Tokyo", "weekly": week,
                                         "national_holidays": "jp", "closed": [str(d.day)]}),
                 "policy": json.dumps({"first_response_min": 120, "next_response_min": 60,
                                       "resolution_min": 0, "business": True}),
                 "greeting": "アウトレットをご利用いただき、ありがとうございます。\n担当の{{operator}}でございます。",
                 "closing": "またのご来店をお待ちしております。",
                 "signature": "-- \nアウトレット窓口\n" + OUTLET}
        words = []
        for name, text in files.items():
            with open("%s/%s" % (place, name), "w", encoding="utf-8") as f:
                f.write(text)
            words += ["--" + name, f.name]
        desk.run("window", "add", "outlet", "--address", OUTLET, "--name", "アウトレット",
                 "--approval", "all", *words)
        desk.run("window", "set", "outlet", "--address", SALE)
        desk.run("user", "role", "takahashi", "--window", "outlet", "--role", "operator")
        desk.run("user", "role", "suzuki", "--window", "outlet", "--role", "sv")
        desk.run("user", "add", "mori", "--name", "森 由美", "--email", "mori@example.jp",
                 "--window", "outlet", "--role", "sv")
        desk.add_mailbox(d.servers, OUTLET, PASSWORD, window="outlet")
        desk.add_mailbox(d.servers, SALE, PASSWORD, window="outlet")
        yield d


def due(day, ticket):
    row = next(q for q in day.desk.call("queue", all=True)["queue"] if q["ticket"] == ticket)
    return datetime.datetime.fromtimestamp(row["due_s"], JST)


def newest(day, address, n):
    raw = day.servers.wait_mails(address, n, timeout_s=60)[-1]
    return email.message_from_bytes(raw, policy=email.policy.default)


def to(mail, field):
    return [a.addr_spec for a in mail[field].addresses] if mail[field] else []


def test_each_brand_has_its_own_hours_and_promises(day):
    """9:05 花子 writes to both. お客様サポート is open and has its hours; アウトレット is closed today, so
    its two hours begin at ten of its next open day."""
    day.at("9:05")
    support = day.writes(HANAKO, "在庫", "在庫はありますか。")
    outlet = day.writes(HANAKO, "在庫", "在庫はありますか。", to=OUTLET)
    assert day.desk.call("ticket.show", ticket=outlet)["window"] == "outlet"
    assert due(day, support) <= day.moment("23:59")
    opens = day.works(day.day + datetime.timedelta(days=1), 1)
    assert due(day, outlet) == datetime.datetime.combine(opens, datetime.time(12), JST)
    told = day.desk.run("sla", "explain", outlet, as_="mori").stdout
    assert str(opens.day) in told
    assert [q["ticket"] for q in day.desk.json("queue", as_="sato")["queue"]] == [support]
    assert [q["ticket"] for q in day.desk.json("queue", as_="mori")["queue"]] == [outlet]


def test_an_answer_comes_from_the_address_that_was_written_to(day):
    """9:20 次郎 writes to the sale's address, his superior in Cc, and so is our other brand. 高橋's
    answer comes from the sale's address, in アウトレット's words, by its account; the superior reads
    along, our own addresses do not; 次郎's answer to it lands there again."""
    desk = day.desk
    day.at("9:20")
    ticket = day.writes(JIRO, "セール", "いつまでですか。", to=SALE,
                        cc="%s, %s, %s" % (BOSS, Desk.ADDRESS, OUTLET))
    n = len(day.servers.mails(JIRO))
    sent = day.sends("takahashi", day.drafts("takahashi", ticket, "次郎 様\n\n月末まででございます。"),
                     lead="mori")
    mail = newest(day, JIRO, n + 1)
    assert (to(mail, "From"), to(mail, "To"), to(mail, "Cc")) == ([SALE], [JIRO], [BOSS])
    assert mail["From"].addresses[0].display_name == "アウトレット"
    text = mail.get_body(("plain",)).get_content()
    for words in ("アウトレットをご利用いただき", "担当の高橋 直子でございます", "またのご来店", "アウトレット窓口"):
        assert words in text, words
    assert Desk.WINDOW not in text
    assert day.writes(JIRO, "Re: セール", "延長はありますか。", sent, to=SALE) == ticket
    assert desk.call("ticket.show", ticket=ticket)["window"] == "outlet"
    in_order(day.story(ticket), "mail.in", "draft.new", "draft.approve", "outbox.sent", "mail.in")


def test_a_reply_to_all_by_the_customer_makes_one_inquiry(day):
    """9:40 花子 writes to both brands at once: it is one inquiry, in the first of them, not two."""
    day.at("9:40")
    before = day.desk.query("SELECT COUNT(*) FROM ticket")[0][0]
    ident = "both@customer.example"
    raw = ("From: %s\r\nTo: %s, %s\r\nSubject: =?UTF-8?B?5Lih5pa544G4?=\r\nMessage-ID: <%s>\r\n"
           "\r\nhello\r\n" % (HANAKO, OUTLET, Desk.ADDRESS, ident)).encode()
    for address in (OUTLET, Desk.ADDRESS):
        with day.servers.mailbox(address) as box:
            box.append("INBOX", None, imaplib.Time2Internaldate(day.now()), raw)
    ticket = day.ticket_of(ident)
    day.writes(SABURO, "次の件", "在庫はありますか。", to=OUTLET)
    day.writes(SABURO, "次の件 2", "在庫はありますか。")
    assert day.desk.query("SELECT COUNT(*) FROM ticket")[0][0] == before + 3
    assert len(day.desk.call("ticket.show", ticket=ticket)["messages"]) == 1


def test_what_is_moved_to_the_other_brand_is_answered_there(day):
    """10:00 三郎 asks the wrong brand; 鈴木 moves it: the time that was promised stays, who does not
    work there sees it no more, and the answer comes from アウトレット in its words."""
    desk = day.desk
    day.at("10:00")
    ticket = day.writes(SABURO, "傷", "アウトレットの傷の程度を教えてください。")
    promised = due(day, ticket)
    desk.run("ticket", "take", ticket, as_="sato")
    desk.run("ticket", "move", ticket, "--to", "outlet", as_="suzuki")
    assert due(day, ticket) == promised
    assert desk.call("ticket.show", ticket=ticket)["assignee"] is None
    day.refused("ticket.show", "sato", "", ticket=ticket)
    n = len(day.servers.mails(SABURO))
    sent = day.sends("takahashi", day.drafts("takahashi", ticket, "三郎 様\n\n小さな傷でございます。"),
                     lead="mori")
    mail = newest(day, SABURO, n + 1)
    assert to(mail, "From") == [OUTLET] and "アウトレット窓口" in mail.get_content()
    assert day.writes(SABURO, "Re: 傷", "写真はありますか。", sent, to=OUTLET) == ticket
    in_order(day.story(ticket), "mail.in", "ticket.assign", "ticket.move", "outbox.sent", "mail.in")


def test_a_template_of_one_brand_is_offered_there_alone(day, place):
    """10:15 the administrator writes a template for アウトレット. It is offered for its mails; in the
    other brand it is neither offered nor taken, nor sent as a receipt."""
    desk = day.desk
    day.at("10:15")
    text = ("---\nid: scratch-degree\ntitle: 傷の程度のご案内\ncategory: 商品\nversion: 1\n"
            "slots: customer.name:name\nwindows: %s\nexamples:\n  - 傷の程度を教えてください\n---\n"
            "{{customer.name}} 様\n\n傷の程度は、商品ページの写真のとおりでございます。\n")
    with open(place + "/scratch.txt", "w", encoding="utf-8") as f:
        f.write(text % "outlet")
    desk.run("template", "put", f.name)
    ours, theirs = (day.writes(HANAKO, "傷の程度", "アウトレットの商品の傷の程度を教えてください。", to=to)
                    for to in (Desk.ADDRESS, OUTLET))
    offered = {t: [r["id"] for r in desk.json("suggest", str(t))["ranked"]] for t in (ours, theirs)}
    assert offered[theirs][0] == "scratch-degree" and "scratch-degree" not in offered[ours]
    day.refused("draft.new", "sato", "outlet", ticket=ours, template="scratch-degree")
    day.refused("window.receipt", None, "outlet", window="support", template="scratch-degree")
    draft = desk.call("draft.new", as_="takahashi", ticket=theirs, template="scratch-degree")
    assert "写真のとおり" in desk.run("draft", "show", str(draft["draft"]), as_="takahashi").stdout
    with open(f.name, "w", encoding="utf-8") as f:
        f.write(text % "outlat")
    assert "outlat" in desk.run("template", "put", f.name, check=False).stderr
    desk.run("template", "retire", "scratch-degree")


def test_people_see_and_do_only_what_is_theirs(day):
    """10:30 佐藤 neither finds nor prints a case of アウトレット; 森 may not approve for the other
    brand, nor change its rules; a member of both works in both from one queue."""
    desk = day.desk
    day.at("10:30")
    theirs = day.writes(HANAKO, "秘密の価格", "卸値を教えてください。", to=OUTLET)
    ours = day.writes(HANAKO, "丈", "丈を教えてください。")
    assert [t["ticket"] for t in desk.json("search", "秘密の価格", as_="takahashi")["tickets"]] == [theirs]
    assert desk.json("search", "秘密の価格", as_="sato")["tickets"] == []
    day.refused("ticket.print", "sato", "", ticket=theirs)
    day.refused("trace", "sato", "%d" % theirs, what=str(theirs))
    draft = day.drafts("sato", ours, "花子 様\n\n丈は80センチでございます。")
    code = day.submits("sato", draft)
    day.refused("approve", "mori", "", draft=draft, confirm=code)
    day.refused("auto.add", "mori", "", window="support", name="x", actions=["label x"])
    desk.call("approve", as_="suzuki", draft=draft, confirm=code)
    both = [q["ticket"] for q in desk.json("queue", as_="takahashi")["queue"]]
    assert theirs in both and {"support", "outlet"} == {
        q["window"] for q in desk.json("queue", as_="takahashi")["queue"]}
    assert desk.run("audit", "verify").returncode == 0
