"""Approval with teaching, on real servers: checks kept with the request, the
lead's screen, correcting, sending back, standing in, and what must not go out."""
import os
import re

import pytest
from desk import Desk, DeskError
from servers import Servers, wait_until

PASSWORD = "desk-secret"
GOOD = ("山田 花子 様\n\nお問い合わせいただき、ありがとうございます。\n"
        "お客様サポートの佐藤でございます。\n返品の手順をご案内いたします。\n"
        "ご不明な点がございましたら、お知らせください。\nよろしくお願いいたします。\n")


@pytest.fixture(scope="module")
def own_servers(place):
    with Servers(place + "/servers") as s:
        for user in (Desk.ADDRESS, "hanako@customer.example", "jiro@other.example"):
            s.add_user(user, PASSWORD)
        yield s


@pytest.fixture(scope="module")
def desk(place, own_servers, build_dir):
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    with Desk(place + "/desk", build_dir) as d:
        d.init()
        d.start()
        d.add_people()
        d.run("user", "add", "kato", "--name", "加藤 誠", "--email", "kato@example.jp",
              "--window", "support", "--role", "operator")
        d.add_mailbox(own_servers, Desk.ADDRESS, PASSWORD)
        yield d


numbers = iter(range(100, 1000))


def mail(desk, servers, body, sender="hanako@customer.example", name="山田 花子", reply_to=None):
    """The ticket that a mail has become or come to."""
    n = next(numbers)
    mid = "teach%d@customer.example" % n
    head = ("From: %s <%s>\r\nTo: %s\r\nSubject: teach %d\r\nMessage-ID: <%s>\r\n" %
            (name, sender, Desk.ADDRESS, n, mid))
    if reply_to:
        head += "In-Reply-To: <%s>\r\n" % reply_to
    head += ("Date: Sat, 21 Nov 2026 10:00:00 +0900\r\nMIME-Version: 1.0\r\n"
             "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n")
    servers.deliver(sender, Desk.ADDRESS, (head + body + "\r\n").encode())
    ticket = wait_until("mail %s" % mid, lambda: desk.query(
        "SELECT t.number FROM message m JOIN ticket t ON t.id = m.ticket_id"
        " WHERE m.message_id = ?1", mid), 60, desk.alive)[0][0]
    return ticket, mid


def draft(desk, ticket, body, *more):
    return desk.json("draft", "new", ticket, "--body-file", "-", *more, as_="sato",
                     text=body)["draft"]


def rules(findings, severity=None):
    return {f["rule"] for f in findings if severity in (None, f["severity"])}


def test_what_the_checks_said_is_kept_with_the_request(desk, own_servers):
    ticket, _ = mail(desk, own_servers, "返品したいです。")
    d = draft(desk, ticket, GOOD.replace("ご案内いたします", "ご案内します。ご確認してください"))
    desk.run("draft", "submit", d, as_="sato")
    shown = desk.json("approval", "show", d, as_="suzuki")
    assert "mixup.go-shite-kudasai" in rules(shown["findings"])
    assert "返品したいです。" in shown["customer_mail"][0]["text"]
    assert shown["confirm"]["to"][0]["known"]
    kept = desk.query("SELECT findings FROM revision WHERE draft_id = ?1", d)[0][0]
    assert "mixup.go-shite-kudasai" in kept
    assert d in [a["draft"] for a in desk.json("approval", "list", as_="suzuki")["approvals"]]


def test_the_draft_is_mended_by_one_key(desk, own_servers):
    ticket, _ = mail(desk, own_servers, "設定を教えてください。")
    d = draft(desk, ticket, GOOD + "ご確認してください。\n了解しました。\n")
    fixed = desk.json("draft", "fix", d, as_="sato")
    assert "ご確認ください。" in fixed["body"] and "承知いたしました。" in fixed["body"]
    left = desk.json("draft", "check", d, as_="sato")["findings"]
    assert not rules(left) & {"mixup.go-shite-kudasai", "rude.ryoukai"}


def test_a_slip_forbids_the_request_until_someone_answers_for_it(desk, own_servers):
    ticket, _ = mail(desk, own_servers, "いつ届きますか。")
    d = draft(desk, ticket, GOOD + "2026年12月1日（水）に○○様へお届けします。\n")
    refused = desk.run("draft", "submit", d, as_="sato", check=False)
    assert refused.returncode != 0 and "--override" in refused.stderr
    desk.run("draft", "submit", d, "--override", "店名の伏せ字です", as_="sato")
    request = desk.json("approval", "show", d, as_="suzuki")["requests"][-1]
    assert "guard.weekday" in request["overridden"] and "overridden" in request["care"]
    assert request["reason"] == "店名の伏せ字です"


def test_another_customers_address_and_number_do_not_go_out(desk, own_servers):
    mail(desk, own_servers, "注文番号 JX-7741983 が届きません。", "jiro@other.example", "次郎")
    ticket, _ = mail(desk, own_servers, "注文番号 HN-5550123 の件です。")
    d = draft(desk, ticket, GOOD + "ご注文 JX-7741983（jiro@other.example）を発送しました。\n"
              "HN-5550123 も同日に発送しました。\n")

    def found():
        f = desk.json("draft", "check", d, as_="sato")["findings"]
        return rules(f, "error") >= {"guard.other-address", "guard.other-number"} and f
    f = wait_until("the index", found, 30, desk.alive)
    body = desk.json("draft", "show", d, as_="sato")["body"]
    places = {body[x["start"]:x["end"]] for x in f if x["rule"].startswith("guard.other-")}
    assert places == {"JX-7741983", "jiro@other.example"}


def test_no_reply_and_newcomers_are_seen(desk, own_servers):
    ticket, _ = mail(desk, own_servers, "教えてください。")
    d = draft(desk, ticket, GOOD, "--cc", "no-reply@shop.example", "--cc", "new@else.example")
    f = desk.json("draft", "check", d, as_="sato")["findings"]
    assert "guard.no-reply" in rules(f, "error") and "guard.new-recipient" in rules(f)
    desk.run("draft", "edit", d, "--cc", "new@else.example", as_="sato")
    desk.run("draft", "submit", d, as_="sato")
    refused = desk.run("approve", d, as_="suzuki", check=False)
    code = desk.json("approval", "show", d, as_="suzuki")["confirm"]["code"]
    assert refused.returncode != 0 and code in refused.stderr
    desk.run("approve", d, "--confirm", code, as_="suzuki")


def test_a_lead_corrects_and_both_texts_are_kept(desk, own_servers):
    ticket, _ = mail(desk, own_servers, "交換できますか。")
    d = draft(desk, ticket, GOOD)
    desk.run("draft", "submit", d, as_="sato")
    better = GOOD.replace("返品の手順", "交換の手順")
    desk.run("approve", d, "--with", "-", "--code", "F1", "--note", "交換のご質問です",
             as_="suzuki", text=better)
    shown = desk.json("approval", "show", d, as_="sato")
    assert [r["state"] for r in shown["requests"]] == ["corrected", "approved"]
    assert "返品の手順" in shown["requests"][0]["body"]
    changed = {(p["op"], p["text"].strip()) for p in shown["diff_operator"]}
    assert ("-", "返品の手順をご案内いたします。") in changed
    assert ("+", "交換の手順をご案内いたします。") in changed
    assert shown["return_note"] == "交換のご質問です"


def test_sending_back_needs_a_reason_of_the_list(desk, own_servers):
    ticket, _ = mail(desk, own_servers, "返金はいつですか。")
    d = draft(desk, ticket, GOOD)
    desk.run("draft", "submit", d, as_="sato")
    assert desk.run("return", d, "--code", "Z9", "--note", "x", as_="suzuki",
                    check=False).returncode != 0
    desk.run("return", d, "--code", "A1", "--note", "返金日に答えていません", as_="suzuki")
    assert desk.json("draft", "show", d, as_="sato")["return_code"] == "A1"
    assert "A1" in [r["code"] for r in desk.json("approval", "reasons")["reasons"]]


def test_one_step_approves_again_under_a_new_mail(desk, own_servers):
    ticket, mid = mail(desk, own_servers, "手順を教えてください。")
    d = draft(desk, ticket, GOOD)
    desk.run("draft", "submit", d, as_="sato")
    mail(desk, own_servers, "急いでいます。", reply_to=mid)
    wait_until("the request is void", lambda: desk.query(
        "SELECT state FROM revision WHERE draft_id = ?1", d) == [("void",)], 30, desk.alive)
    assert desk.run("approve", d, as_="suzuki", check=False).returncode != 0
    shown = desk.run("approval", "show", d, as_="suzuki").stdout
    read, confirm = re.search(r"madoguchi approve %s --again (\d+) --confirm (\w+)" % d, shown).groups()
    # nobody approves under a mail that they were not shown
    mail(desk, own_servers, "それから、色も変えたいです。", reply_to=mid)
    wait_until("the third mail", lambda: desk.query(
        "SELECT COUNT(*) FROM message WHERE ticket_id = (SELECT ticket_id FROM draft WHERE id = ?1)"
        " AND direction = 'in'", d) == [(3,)], 30, desk.alive)
    refused = desk.run("approve", d, "--again", read, "--confirm", confirm, as_="suzuki", check=False)
    assert refused.returncode != 0 and "approval show %s" % d in refused.stderr
    newest = desk.json("approval", "show", d, as_="suzuki")["customer_mail"][0]
    assert newest["id"] > int(read) and "色も" in newest["text"]
    desk.run("approve", d, "--again", newest["id"], "--confirm", confirm, as_="suzuki")
    assert desk.query("SELECT state FROM revision WHERE draft_id = ?1 ORDER BY n", d) == [
        ("void",), ("approved",)]


def test_a_lead_takes_over_but_does_not_approve_what_is_theirs(desk, own_servers):
    ticket, _ = mail(desk, own_servers, "責任者を出してください。")
    d = draft(desk, ticket, GOOD)
    desk.run("draft", "submit", d, as_="sato")
    desk.run("approval", "takeover", d, as_="suzuki")
    desk.run("draft", "submit", d, as_="suzuki")
    assert desk.run("approve", d, as_="suzuki", check=False).returncode != 0
    assert desk.run("approve", d, as_="kato", check=False).returncode != 0
    desk.run("deputy", "set", "support", "kato", "--days", "2", as_="suzuki")
    desk.run("approve", d, as_="kato")


def test_a_window_makes_rules_of_its_own(desk, own_servers):
    ticket, _ = mail(desk, own_servers, "旧プランはありますか。")
    d = draft(desk, ticket, GOOD + "旧プランをご案内いたします。\nお客様のご利用状況、了解しました。\n")
    desk.run("rule", "add", "support", "--pattern", "旧プラン", "--message",
             "「スタンダード」と書きます", "--severity", "error", as_="suzuki")
    desk.run("rule", "allow", "support", "了解しました", as_="suzuki")
    f = desk.json("draft", "check", d, as_="sato")["findings"]
    assert "「スタンダード」と書きます" in [x["message"] for x in f]
    assert "rude.ryoukai" not in rules(f)
    assert desk.run("draft", "submit", d, as_="sato", check=False).returncode != 0
    for r in desk.json("rule", "list", "support", as_="suzuki")["rules"]:
        desk.run("rule", "remove", "support", r["rule"], as_="suzuki")
    assert "rude.ryoukai" in rules(desk.json("draft", "check", d, as_="sato")["findings"])
    assert desk.run("rule", "add", "support", "--pattern", "(", "--message", "x",
                    as_="suzuki", check=False).returncode != 0


def test_a_template_is_previewed_kept_and_retired(desk):
    ids = [t["id"] for t in desk.json("template", "list")["templates"]]
    seen = desk.json("template", "preview", ids[0])
    assert seen["body"] and "customer.name" in seen["open"]
    desk.run("template", "keep", ids[0], "--owner", "suzuki", "--days", "30")
    assert desk.json("template", "history", ids[0])["versions"][0]["expires_s"] > 0
    desk.run("template", "retire", ids[0])
    assert ids[0] not in [t["id"] for t in desk.json("template", "list")["templates"]]


@pytest.mark.usefixtures("build_with_faults")
def test_a_request_that_waits_too_long_is_escalated(desk, own_servers):
    ticket, _ = mail(desk, own_servers, "お返事を待っています。")
    d = draft(desk, ticket, GOOD)
    desk.run("draft", "submit", d, as_="sato")
    due = desk.query("SELECT w.escalate_s, w.asked_s FROM review w WHERE draft_id = ?1", d)[0]
    assert due[0] >= due[1] + 1800
    desk.call("clock.advance", seconds=due[0] - due[1])  # not past closing time
    wait_until("the escalation", lambda: desk.query(
        "SELECT count(*) FROM event WHERE kind = 'approval.escalated'")[0][0] >= 1, 30, desk.alive)
    row = [a for a in desk.json("approval", "list", as_="suzuki")["approvals"] if a["draft"] == d]
    assert row[0]["escalated_s"]
    # it is told by mail: to the lead, not to who asked
    told = desk.query("SELECT r.address FROM outbox o JOIN outbox_rcpt r ON r.outbox_id = o.id"
                      " WHERE o.kind = 'notice'")
    mails = {u["login"]: u["email"] for u in desk.json("user", "list")["users"]}
    assert (mails["suzuki"],) in [tuple(t) for t in told]
    assert (mails["sato"],) not in [tuple(t) for t in told]


def test_what_nobody_checked_is_looked_at(desk):
    with pytest.raises(DeskError):
        desk.call("approve", as_="sato", draft=1)
    assert desk.run("audit", "verify").returncode == 0


@pytest.mark.usefixtures("build_with_faults")
def test_a_template_whose_time_is_over_is_neither_offered_nor_used(desk, own_servers):
    ticket, _ = mail(desk, own_servers, "別件でお尋ねします。")
    old = desk.json("template", "list")["templates"][0]["id"]
    desk.run("template", "keep", old, "--days", "1")
    desk.call("clock.advance", seconds=86405)
    assert old not in [t["id"] for t in desk.json("template", "list")["templates"]]
    with pytest.raises(DeskError) as refused:
        desk.call("draft.new", as_="sato", ticket=ticket, template=old)
    assert old in str(refused.value)
    desk.run("template", "keep", old, "--days", "30")
    assert desk.call("draft.new", as_="sato", ticket=ticket, template=old)["body"]
