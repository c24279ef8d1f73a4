"""Suggestions, facts and mood of mails on the real daemon, and what approvals teach it."""
import os

import pytest
from desk import Desk, DeskError
from servers import Servers, wait_until

PASSWORD = "desk-secret"
numbers = iter(range(1, 1000))


def mail(n, subject, body, sender="hanako@customer.example", name=""):
    return ("From: %s <%s>\r\nTo: support@example.jp\r\nSubject: %s\r\n"
            "Message-ID: <sg%d@customer.example>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0900\r\n"
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\n%s"
            % (name, sender, subject, n, body.replace("\n", "\r\n"))).encode()


@pytest.fixture(scope="module")
def servers(place):
    with Servers(place + "/servers") as s:
        s.add_user(Desk.ADDRESS, PASSWORD)
        for n in range(40):
            s.add_user("c%d@customer.example" % n, "x")
        s.add_user("hanako@customer.example", "x")
        yield s


@pytest.fixture(scope="module")
def desk(place, servers, build_dir):
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    with Desk(place + "/desk", build_dir) as d:
        d.init()
        d.start()
        d.add_mailbox(servers, Desk.ADDRESS, PASSWORD)
        d.add_people()
        yield d


def judged(desk, number):
    """The ticket as shown, once mdg-text has spoken; nobody asks it to."""
    def look():
        shown = desk.call("ticket.show", ticket=number)
        return shown.get("suggestions") is not None and shown
    return wait_until("ticket %d judged" % number, look, 60, desk.alive)


def arrive(desk, servers, subject, body, sender="hanako@customer.example", wait=True):
    n = next(numbers)
    servers.deliver(sender, Desk.ADDRESS, mail(n, subject, body, sender))

    def look():
        rows = desk.query("SELECT t.number FROM message m JOIN ticket t ON t.id = m.ticket_id"
                          " WHERE m.message_id = ?", "sg%d@customer.example" % n)
        return rows and rows[0][0]
    number = wait_until("mail %d in the desk" % n, look, 60, desk.alive)
    return judged(desk, number) if wait else number


def facts(shown):
    return {(f["slot"], f["value"]): f for f in shown["facts"]}


def approved(desk, number, template, **slots):
    """A reply from that template, with all its slots filled, goes through the lead."""
    draft = desk.call("draft.new", as_="sato", ticket=number, template=template, slots=slots)
    body = draft["body"]
    for slot in draft.get("open", []):
        body = body.replace("{{%s}}" % slot, "11月27日")
    desk.call("draft.edit", as_="sato", draft=draft["draft"], body=body)
    desk.call("draft.submit", as_="sato", draft=draft["draft"])
    desk.call("approve", as_="suzuki", draft=draft["draft"])
    return draft["draft"]


def test_a_mail_is_judged_though_nobody_asks(desk, servers):
    shown = arrive(desk, servers, "注文の件",
                   "山田花子と申します。\n注文番号 12345678 の商品がまだ届きません。\n"
                   "昨日届く予定でした。電話は 090-1234-5678 です。\n", "c1@customer.example")
    found = facts(shown)
    assert found["order.no", "12345678"]["words"] == "12345678"
    assert found["order.no", "12345678"]["source"] == "text"
    assert found["customer.name", "山田花子"]["confidence"] >= 85
    assert found["customer.phone", "09012345678"]["words"] == "090-1234-5678"
    assert ("date", "2026-11-20") in found
    assert shown["suggestions"][0]["id"] in ("not-arrived", "delay")
    assert shown["suggestions"][0]["why"]
    assert shown["category"] == "配送"
    assert shown["temperature"] <= 1 and not shown["harassment"]
    text = desk.run("ticket", "show", shown["ticket"]).stdout
    assert "090-1234-5678" in text


def test_sure_facts_fill_an_empty_record_and_say_so(desk, servers):
    shown = arrive(desk, servers, "質問", "田中次郎と申します。保証期間を知りたいです。\n",
                   "c2@customer.example")
    assert shown["customer"] == "田中次郎"
    events = desk.json("trace", str(shown["ticket"]))["events"]
    filled = [e for e in events if e["kind"] == "customer.filled"]
    assert filled and filled[0]["codes"]["slot"] == "customer.name"
    assert "田中" not in str(filled[0]["codes"])


def test_a_hot_mail_is_seen_in_the_list_with_its_reasons(desk, servers):
    shown = arrive(desk, servers, "いい加減にして",
                   "三度目のメールです。何度も言っているのに返事がありません。ひどい対応です。\n"
                   "消費者センターに相談します!!\n", "c3@customer.example")
    assert shown["temperature"] >= 3
    assert {"repeat", "anger", "demand"} <= {r["sign"] for r in shown["mood"]}
    listed = {t["ticket"]: t for t in desk.call("ticket.list")["tickets"]}
    assert listed[shown["ticket"]]["temperature"] == shown["temperature"]
    kinds = [e["kind"] for e in desk.json("trace", str(shown["ticket"]))["events"]]
    assert "ticket.mood" in kinds


def test_harassment_is_flagged_apart(desk, servers):
    shown = arrive(desk, servers, "おい", "お前らみたいな無能は死ね。家まで謝りに来い。\n",
                   "c4@customer.example")
    assert shown["harassment"]
    listed = {t["ticket"]: t for t in desk.call("ticket.list")["tickets"]}
    assert listed[shown["ticket"]]["harassment"]


def test_slots_are_filled_and_an_open_one_blocks(desk, servers):
    shown = arrive(desk, servers, "まだ届かない",
                   "佐々木一郎と申します。注文番号は A-778899 です。まだ届きません。\n",
                   "c5@customer.example")
    draft = desk.call("draft.new", as_="sato", ticket=shown["ticket"], template="not-arrived")
    assert "A-778899" in draft["body"] and "佐々木一郎 様" in draft["body"]
    assert {f["slot"]: f["words"] for f in draft["filled"]}["order.no"] == "A-778899"
    assert draft["open"]
    with pytest.raises(DeskError) as refused:
        desk.call("draft.submit", as_="sato", draft=draft["draft"])
    assert draft["open"][0] in str(refused.value)


def test_a_conflict_is_shown_and_not_guessed(desk, servers):
    shown = arrive(desk, servers, "届きません",
                   "注文番号 11112222 の件です。\n控えには注文番号 33334444 とあります。届きません。\n",
                   "c6@customer.example")
    orders = [f for f in shown["facts"] if f["slot"] == "order.no"]
    assert len(orders) == 2 and all(f["conflict"] for f in orders)
    draft = desk.call("draft.new", as_="sato", ticket=shown["ticket"], template="not-arrived")
    assert "order.no" in draft["open"]
    assert {f["value"] for f in draft["unclear"]} >= {"11112222", "33334444"}
    desk.call("draft.discard", as_="sato", draft=draft["draft"])
    right = next(f["fact"] for f in orders if f["value"] == "33334444")
    desk.run("ticket", "fact", shown["ticket"], right, as_="sato")
    draft = desk.call("draft.new", as_="sato", ticket=shown["ticket"], template="not-arrived")
    assert "33334444" in draft["body"] and "11112222" not in draft["body"]


ODD = "ふわもこちゃんがおうちに帰ってこないのですけれど"


def first_of(desk, servers, body, sender):
    ranked = arrive(desk, servers, "こんにちは", body, sender)["suggestions"]
    return ranked[0]["id"] if ranked else None


def test_an_approval_teaches_at_once_and_for_good(desk, servers):
    assert first_of(desk, servers, ODD, "c7@customer.example") != "return-received"
    shown = arrive(desk, servers, "お尋ね", ODD + "。ふわもこちゃんは元気ですか。", "c8@customer.example")
    approved(desk, shown["ticket"], "return-received")
    row = desk.query("SELECT template_id, position, changed, weight FROM learned")
    assert len(row) == 1 and row[0][0] == "return-received" and row[0][3] > 0
    assert first_of(desk, servers, "ふわもこちゃんが帰ってきません", "c9@customer.example") == "return-received"
    desk.stop()
    desk.start()
    shown = arrive(desk, servers, "ねえ", "うちのふわもこちゃんは帰ってきましたか", "c10@customer.example")
    assert shown["suggestions"][0]["id"] == "return-received"
    assert any(w.startswith("past: ") for w in shown["suggestions"][0]["why"])


def test_what_one_person_may_teach_in_a_day_is_bounded(desk, servers):
    before = desk.query("SELECT count(*) FROM learned WHERE weight > 0")[0][0]
    for n in range(25):
        number = arrive(desk, servers, "件 %d" % n, "パスワードを忘れました %d" % n,
                        "c%d@customer.example" % (11 + n))["ticket"]
        approved(desk, number, "stock")
    after = desk.query("SELECT count(*) FROM learned WHERE weight > 0")[0][0]
    assert after - before <= 20
    shown = arrive(desk, servers, "困りました", "ログインのパスワードを忘れました。再設定したいです。",
                   "c37@customer.example")
    assert "password-reset" in [s["id"] for s in shown["suggestions"][:3]]


def test_similar_tickets_come_with_their_answers(desk, servers):
    desk.run("golive", check=False)
    shown = arrive(desk, servers, "加湿器の異音", "加湿器の型番HM-300から異音がします。どうすればよいですか。",
                   "c38@customer.example")
    draft = approved(desk, shown["ticket"], "repair")

    def sent():
        return desk.query("SELECT 1 FROM message WHERE direction = 'out' AND ticket_id ="
                          " (SELECT ticket_id FROM draft WHERE id = ?)", draft)
    desk.call("clock.advance", seconds=20)
    if not wait_until("the answer sent", sent, 60, desk.alive):
        pytest.fail("not sent")
    other = arrive(desk, servers, "教えて", "加湿器HM-300の異音について教えてください。", "c39@customer.example")

    def found():
        return desk.call("ticket.similar", ticket=other["ticket"])["similar"]
    similar = wait_until("the index to know it", found, 60, desk.alive)
    assert similar[0]["ticket"] == shown["ticket"]
    assert similar[0]["answer"] and similar[0]["words"]


def test_mdg_text_killed_at_a_mail_is_asked_again(desk, servers):
    desk.stop()
    desk.start(MDG_FAULT="text.suggest")
    shown = arrive(desk, servers, "在庫", "黒い鞄の在庫はありますか。", "c1@customer.example")
    assert shown["suggestions"]


def test_a_mail_that_always_kills_mdg_text_stops_no_other(desk, servers):
    desk.stop()
    desk.start(MDG_FAULT_WORDS="ころりんぱ")
    try:
        number = arrive(desk, servers, "毒", "ころりんぱ。在庫はありますか。", "c2@customer.example", wait=False)
        shown = arrive(desk, servers, "次", "赤い鞄の在庫はありますか。", "c3@customer.example")
        assert shown["suggestions"]
        assert "suggestions" not in desk.call("ticket.show", ticket=number)
        with open(desk.log, encoding="utf-8") as f:
            assert "mdg-text ends on it" in f.read()
    finally:
        desk.stop()
        desk.start()


# ---- an mdg-text that is broken ----------------------------------------------

BREAKS = {"what fits": (b"\0ranked\0", b"\0rancid\0"),
          "what is wrong": (b"findings\0", b"fondings\0")}


@pytest.fixture(params=["what fits", "what is wrong"])
def broken(place, servers, build_dir, request):
    """A desk whose mdg-text says something else than that."""
    was, becomes = BREAKS[request.param]
    home = "%s/broken.%d" % (place, len(request.param))
    os.mkdir(home)
    for name in ("imap", "parse", "smtp", "token"):
        os.symlink("%s/src/mdg-%s" % (build_dir, name), "%s/mdg-%s" % (home, name))
    with open(build_dir + "/src/mdg-text", "rb") as f:
        program = f.read()
    assert was in program
    with open(home + "/mdg-text", "wb") as f:
        f.write(program.replace(was, becomes))
    os.chmod(home + "/mdg-text", 0o755)
    with Desk(home + "/desk", build_dir) as d:
        d.env["MDG_LIBEXEC"] = home
        d.broken = request.param
        d.init()
        d.start()
        d.add_people()
        servers.add_user("broken@example.jp", PASSWORD)
        d.add_mailbox(servers, "broken@example.jp", PASSWORD)
        yield d


def test_what_a_broken_mdg_text_says_reaches_nobody(broken, servers):
    n = next(numbers)
    servers.deliver("c4@customer.example", "broken@example.jp", mail(n, "在庫", "鞄の在庫はありますか。"))
    number = wait_until("the mail", lambda: [t["ticket"] for t in broken.call("ticket.list")["tickets"]],
                        60, broken.alive)[0]
    shown = broken.call("ticket.show", ticket=number)
    draft = broken.call("draft.new", as_="sato", ticket=number, body="鞄の在庫はございます。")["draft"]
    found = broken.call("draft.check", as_="sato", draft=draft)["findings"]
    if broken.broken == "what fits":
        assert "suggestions" not in shown
        with pytest.raises(DeskError, match="もう一度お試しください"):
            broken.call("suggest", as_="sato", ticket=number)
    else:
        assert "guard.unchecked" in [f["rule"] for f in found]
    broken.call("draft.submit", as_="sato", draft=draft)
    assert broken.call("approve", as_="suzuki", draft=draft)
    with open(broken.log, encoding="utf-8") as f:
        assert "mdg-text answers out of form" in f.read()
