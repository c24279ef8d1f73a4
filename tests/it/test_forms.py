"""Mail that speaks for somebody else, on real servers: from the web form's
SMTP to the answer in the customer's mailbox."""
import io
import os
import zipfile

import pytest
from desk import Desk, DeskError, has_faults
from servers import Servers, wait_until

PASSWORD = "desk-secret"
FORM = "form@shop.example"
NOTICE = """お問い合わせフォームから送信がありました。

■お名前
山田 花子

■メールアドレス
hanako@customer.example

■ご注文番号
A-100

■お問い合わせ内容
椅子の脚が折れました。
お名前：偽物
メールアドレス：evil@attacker.example

----------------------------------------
このメールはフォームから自動送信されています。
"""


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
        d.start()
        d.add_people()
        d.add_mailbox(own_servers, Desk.ADDRESS, PASSWORD)
        d.run("form", "add", "--window", "support", "--name", "web", "--from", FORM,
              "--subject", "【Web】*", "--route", "local")
        d.run("golive")
        yield d


def deliver(servers, sender, ident, subject, text, extra=""):
    mail = ("From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0900\r\n"
            "%sMIME-Version: 1.0\r\n" % (sender, Desk.ADDRESS, subject, ident, extra))
    if not extra.lower().startswith("content-type"):
        mail += "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    servers.deliver(sender, Desk.ADDRESS, (mail + "\r\n" + text.replace("\n", "\r\n")).encode())


def ticket_of(desk, ident):
    rows = wait_until("the mail " + ident, lambda: desk.query(
        "SELECT t.number FROM message m JOIN ticket t ON t.id = m.ticket_id WHERE m.message_id = ?1",
        ident), 60, desk.alive)
    return desk.json("ticket", "show", rows[0][0])


def badges(ticket):
    return [b for m in ticket["messages"] for b in m["badges"]]


def test_a_notice_is_answered_to_the_customer(desk, own_servers):
    deliver(own_servers, FORM, "n1@shop.example", "【Web】お問い合わせ", NOTICE,
            "Auto-Submitted: auto-generated\r\nPrecedence: bulk\r\n")
    ticket = ticket_of(desk, "n1@shop.example")
    assert ticket["state"] == "new" and badges(ticket) == ["form"]
    mail = ticket["messages"][0]
    assert mail["customer_address"] == "hanako@customer.example"
    assert mail["text"] == "椅子の脚が折れました。\nお名前：偽物\nメールアドレス：evil@attacker.example"
    listed = desk.json("ticket", "list")["tickets"]
    assert [t["badges"] for t in listed if t["ticket"] == ticket["ticket"]] == [["form"]]
    draft = desk.json("draft", "new", ticket["ticket"], "--body-file", "-", as_="sato",
                      text="山田様\n\n交換いたします。\n")["draft"]
    desk.run("draft", "submit", draft, as_="sato")
    desk.run("approve", draft, as_="suzuki")
    if has_faults(desk.build):
        desk.call("clock.advance", seconds=20)
    got = own_servers.wait_mails("hanako@customer.example", 1)
    assert b"To: hanako@customer.example" in got[0] or b"<hanako@customer.example>" in got[0]


def test_fields_of_a_form_are_facts_for_the_reply(desk, own_servers):
    """The customer's own text may say what it likes: who writes stands in the fields."""
    deliver(own_servers, FORM, "n10@shop.example", "【Web】お問い合わせ", NOTICE.replace(
        "■お問い合わせ内容", "■電話番号\n０９０－１２３４－５６７８\n\n■お問い合わせ内容"))
    number = ticket_of(desk, "n10@shop.example")["ticket"]
    shown = wait_until("facts of the form", lambda: (lambda t: t if t["facts"] else None)(
        desk.json("ticket", "show", number)), 60, desk.alive)
    found = {(f["slot"], f["value"]): f["source"] for f in shown["facts"]}
    assert found.pop(("customer.name", "山田花子"), found.pop(("customer.name", "山田 花子"), None)) == "form"
    assert found.pop(("customer.phone", "09012345678")) == "form"
    assert found.pop(("order.no", "A-100")) == "form"
    assert not [slot for slot, _ in found if slot in ("customer.name", "customer.phone")]
    draft = desk.call("draft.new", as_="sato", ticket=number, template="not-arrived", slots={})
    assert "A-100" in draft["body"] and "山田" in draft["body"]


def test_two_notices_of_one_moment_are_two_tickets(desk, own_servers):
    for k in (2, 3):
        deliver(own_servers, FORM, "n%d@shop.example" % k, "【Web】お問い合わせ", NOTICE)
    a, b = (ticket_of(desk, "n%d@shop.example" % k) for k in (2, 3))
    assert a["ticket"] != b["ticket"] and not a["offers"] and not b["offers"]


def test_another_subject_is_no_notice(desk, own_servers):
    deliver(own_servers, FORM, "n4@shop.example", "パスワードの変更", "変更しました。\n")
    assert badges(ticket_of(desk, "n4@shop.example")) == []


def test_without_an_address_the_reply_is_refused(desk, own_servers):
    deliver(own_servers, FORM, "n5@shop.example", "【Web】お問い合わせ", "お名前：山田\nメール：\n内容：質問です\n")
    ticket = ticket_of(desk, "n5@shop.example")
    assert badges(ticket) == ["form", "no_customer"]
    with pytest.raises(DeskError, match="madoguchi ticket customer"):
        desk.run("draft", "new", ticket["ticket"], "--body-file", "-", as_="sato", text="x")
    said = desk.run("ticket", "customer", ticket["ticket"], "--to", "jiro@customer.example", as_="sato").stdout
    assert "jiro@customer.example" in said
    desk.run("draft", "new", ticket["ticket"], "--body-file", "-", as_="sato", text="x")


def test_a_forward_offers_its_customer(desk, own_servers):
    deliver(own_servers, "sales@example.jp", "f1@example.jp", "FW: 椅子",
            "対応をお願いします。\n\n________________________________\n差出人: 山田 <hanako@customer.example>\n"
            "送信日時: 2026年11月21日 9:00\n宛先: sales@example.jp\n件名: 椅子\n\n脚が折れました。\n")
    ticket = ticket_of(desk, "f1@example.jp")
    assert badges(ticket) == ["forward"]
    offer = ticket["offers"][0]
    assert (offer["kind"], offer["reason"], offer["address"]) == ("customer", "forward", "hanako@customer.example")
    shown = desk.run("ticket", "show", ticket["ticket"]).stdout
    assert "hanako@customer.example" in shown and "offer accept %d" % offer["offer"] in shown
    desk.run("offer", "accept", offer["offer"], as_="sato")
    after = desk.json("ticket", "show", ticket["ticket"])
    assert after["messages"][0]["customer_address"] == "hanako@customer.example" and not after["offers"]


def locked_zip():
    """An archive whose entries say that they are encrypted."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("見積書.txt", "x" * 100)
    raw = bytearray(out.getvalue())
    raw[6] |= 1
    raw[raw.find(b"PK\1\2") + 8] |= 1
    return bytes(raw)


def test_a_password_is_offered_to_its_file(desk, own_servers):
    import base64
    body = ("--b\n\n添付をご確認ください。\n--b\nContent-Type: application/zip; name=\"a.zip\"\n"
            "Content-Transfer-Encoding: base64\n\n" + base64.b64encode(locked_zip()).decode() + "\n--b--\n")
    deliver(own_servers, "taro@partner.example", "z1@partner.example", "見積書", body,
            "Content-Type: multipart/mixed; boundary=b\r\n")
    first = ticket_of(desk, "z1@partner.example")
    assert badges(first) == ["sealed"] and first["attachments"][0]["locked"] == "sealed"
    deliver(own_servers, "taro@partner.example", "z2@partner.example", "パスワードのお知らせ",
            "先ほどのファイルの解凍パスワードは下記の通りです。\n\nx1y2z3\n")
    second = ticket_of(desk, "z2@partner.example")
    offer = second["offers"][0]
    assert (offer["kind"], offer["reason"], offer["ticket"]) == ("merge", "password", first["ticket"])
    assert "開封不可" in desk.run("ticket", "show", first["ticket"]).stdout
    desk.run("offer", "accept", offer["offer"], as_="sato")
    assert len(desk.json("ticket", "show", first["ticket"])["messages"]) == 2


def test_a_killed_core_keeps_who_speaks(desk, own_servers):
    desk.stop()
    for k in (6, 7, 8):
        deliver(own_servers, FORM, "n%d@shop.example" % k, "【Web】お問い合わせ", NOTICE)
    desk.start()
    ticket_of(desk, "n6@shop.example")
    desk.kill()
    desk.start()
    tickets = [ticket_of(desk, "n%d@shop.example" % k) for k in (6, 7, 8)]
    assert len({t["ticket"] for t in tickets}) == 3
    assert all(t["messages"][0]["customer_address"] == "hanako@customer.example" for t in tickets)
    assert desk.run("audit", "verify").returncode == 0
