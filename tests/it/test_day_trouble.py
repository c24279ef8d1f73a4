"""What goes wrong in a day: told as it happens, with what each is told, and what
`madoguchi trace` says afterwards. Real Dovecot and SMTP, the clock of day.py.

鈴木 and 森 lead; 佐藤, 田中 and 高橋 answer; 倉庫 is asked; 花子, 次郎 and 三郎
write, and 三郎 sells.
"""
import datetime

import pytest
from day import HANAKO, JIRO, JST, PASSWORD, SABURO, SOKO, at_once, day_of, in_order
from servers import wait_until

OUTLET = "outlet@example.jp"


@pytest.fixture(scope="module")
def day(place, build_dir):
    with day_of(place, build_dir, ("tanaka", "mori", "takahashi")) as d:
        yield d


def outgoing(day, ticket):
    return day.desk.query("SELECT COUNT(*) FROM outbox o JOIN ticket t ON t.id = o.ticket_id"
                          " WHERE t.number = ?1 AND o.kind = 'reply'", ticket)[0][0]


def test_two_operators_answer_the_same_mail(day):
    """9:05 花子's mail; 佐藤 and 田中 press at the same moment. One writes, the other is told
    who does; the customer gets one mail."""
    day.at("9:05")
    ticket = day.writes(HANAKO, "入荷について", "いつ入荷しますか。")
    told = at_once(*(lambda who=who: day.drafts(who, ticket, "花子 様\n\n土曜日です。")
                     for who in ("sato", "tanaka")))
    assert sorted(type(t).__name__ for t in told) == ["int", "str"], told
    draft = next(t for t in told if isinstance(t, int))
    assert "下書き %d" % draft in next(t for t in told if isinstance(t, str))
    writer, other, name = ("sato", "tanaka", "佐藤") if isinstance(told[0], int) else \
        ("tanaka", "sato", "田中")
    day.refused("draft.edit", other, name, draft=draft, body="別の文")
    code = day.submits(writer, draft)
    # 9:15 both leads approve at the same moment: one mail
    day.at("9:15")
    told = at_once(*(lambda who=who: day.desk.call("approve", as_=who, draft=draft, confirm=code)
                     for who in ("suzuki", "mori")))
    assert sorted(type(t).__name__ for t in told) == ["dict", "str"], told
    assert outgoing(day, ticket) == 1
    day.desk.call("clock.advance", seconds=20)
    wait_until("the answer", lambda: day.servers.mails(HANAKO), 60, day.desk.alive)
    in_order(day.story(ticket), "mail.in", "draft.new", "draft.submit", "draft.approve", "outbox.sent")
    assert day.story(ticket).count("outbox.sent") == 1


def test_a_customer_writes_while_the_answer_waits_for_approval(day):
    """9:30 次郎 asks; 9:40 the answer waits for 鈴木; 9:45 次郎 writes again: what was asked
    for approval is void, and nothing goes out that does not know of it."""
    day.at("9:30")
    ticket = day.writes(JIRO, "交換", "サイズを交換してください。")
    draft = day.drafts("sato", ticket, "次郎 様\n\n交換を承ります。")
    day.at("9:40")
    code = day.submits("sato", draft)
    mine = day.desk.query("SELECT message_id FROM message m JOIN ticket t ON t.id = m.ticket_id"
                          " WHERE t.number = ?1", ticket)[0][0]
    day.at("9:45")
    assert day.writes(JIRO, "Re: 交換", "やはり返品します。", mine) == ticket
    day.refused("approve", "suzuki", "", draft=draft, confirm=code)
    assert outgoing(day, ticket) == 0
    in_order(day.story(ticket), "mail.in", "draft.submit", "mail.in")
    # 9:50 佐藤 reads it, writes anew, and that goes out
    day.at("9:50")
    day.desk.call("draft.edit", as_="sato", draft=draft, body="次郎 様\n\n返品を承ります。")
    day.sends("sato", draft)
    assert outgoing(day, ticket) == 1


def test_rules_that_pass_a_ticket_on_are_stopped(day, place):
    """10:00 鈴木 sends 傷 to the outlet, whose lead sends all of it back: it comes to rest,
    and the log says why. Before, she had looked what the rule would have met."""
    desk = day.desk
    day.servers.add_user(OUTLET, PASSWORD)
    desk.run("window", "add", "outlet", "--address", OUTLET, "--name", "アウトレット")
    desk.run("user", "role", "suzuki", "--window", "outlet", "--role", "sv")
    day.at("10:00")
    seen = desk.run("auto", "try", "support", "--if", "subject contains 交換", as_="suzuki").stdout
    assert "交換" in seen and "入荷" not in seen
    desk.run("auto", "add", "support", "--name", "傷はアウトレット", "--on", "arrival",
             "--if", "subject contains 傷", "--do", "move outlet", as_="suzuki")
    desk.run("auto", "add", "outlet", "--name", "戻す", "--on", "arrival",
             "--if", "subject contains 傷", "--do", "move support", as_="suzuki")
    day.at("10:05")
    ticket = day.writes(SABURO, "傷について", "傷の程度を教えてください。")
    log = wait_until("the loop is stopped", lambda: [
        r for r in desk.json("auto", "log", "support", as_="suzuki")["log"]
        if r["outcome"] == "loop"], 60, desk.alive)
    assert [r["name"] for r in log] == ["傷はアウトレット"] and log[0]["ticket"] == ticket
    assert "繰り返しを停止" in desk.run("auto", "log", "support", as_="suzuki").stdout
    assert desk.call("ticket.show", ticket=ticket)["window"] == "support"
    assert day.story(ticket).count("ticket.move") == 2
    for rule in desk.json("auto", "list", "outlet", as_="suzuki")["rules"]:
        desk.run("auto", "disable", rule["rule"], "--window", "outlet", as_="suzuki")


def test_a_window_without_an_account_says_so(day):
    """10:30 the outlet has an address, but no mailbox yet: an answer there is refused with
    what is missing, and nothing is lost."""
    day.at("10:30")
    ticket = day.writes(HANAKO, "傷の写真", "写真をお願いします。")
    wait_until("moved", lambda: day.desk.call("ticket.show", ticket=ticket)["window"] == "outlet",
               60, day.desk.alive)
    draft = day.drafts("suzuki", ticket, "花子 様\n\n写真をお送りします。")
    day.refused("draft.submit", "suzuki", "メールアカウント", draft=draft, override="確認済み")
    assert day.desk.call("draft.show", as_="suzuki", draft=draft)["state"] == "editing"
    assert outgoing(day, ticket) == 0
    # 10:40 back at the shop it can be answered
    day.at("10:40")
    day.desk.run("ticket", "move", ticket, "--to", "support", as_="suzuki")
    for rule in day.desk.json("auto", "list", "support", as_="suzuki")["rules"]:
        day.desk.run("auto", "disable", rule["rule"], "--window", "support", as_="suzuki")
    in_order(day.story(ticket), "mail.in", "ticket.move", "draft.new", "ticket.move")


def test_the_customer_answers_a_question_to_the_warehouse(day):
    """11:00 田中 asks 倉庫 beside the thread; 11:10 somebody there forwards it, and 花子 answers
    on it: her words come to people's eyes, and neither thread's words go to the other."""
    day.at("11:00")
    ticket = day.writes(HANAKO, "配送の遅れ", "まだ届きません。")
    day.desk.call("ticket.take", as_="tanaka", ticket=ticket)
    asked = day.desk.call("inquiry.new", as_="tanaka", ticket=ticket, to=SOKO, subject="出荷状況",
                          body="倉庫ご担当者様\n\n出荷状況を教えてください。")
    inquiry = day.sends("tanaka", asked["draft"])
    assert day.state(ticket) == "hold"
    day.at("11:10")
    into = day.writes(HANAKO, "Re: 出荷状況", "倉庫の方から転送されました。いつですか。", inquiry)
    assert day.state(ticket) == "new"
    before = len(day.servers.mails(HANAKO))
    shown = day.desk.call("ticket.show", ticket=into)
    assert any("いつですか" in (m["text"] or "") for m in shown["messages"])
    draft = day.drafts("tanaka", ticket, "花子 様\n\n本日出荷いたしました。")
    day.sends("tanaka", draft)
    mails = wait_until("the answer", lambda: day.servers.mails(HANAKO)[before:], 60, day.desk.alive)
    assert SOKO.encode() not in mails[0]


def test_who_has_left_does_nothing_any_more(day):
    """12:00 高橋 leaves with a letter half written and a session open: both end, her tickets
    are 未割当, the letter is kept for others."""
    day.at("12:00")
    ticket = day.writes(SABURO, "領収書", "領収書をください。")
    draft = day.drafts("takahashi", ticket, "三郎 様\n\n領収書をお送りします。")
    day.desk.run("user", "disable", "takahashi")
    day.refused("draft.edit", "takahashi", "", draft=draft, body="まだいます。")
    day.refused("ticket.take", "takahashi", "", ticket=ticket)
    assert day.desk.call("ticket.show", ticket=ticket)["assignee"] is None
    assert "領収書をお送りします" in day.desk.call("draft.takeover", as_="sato", draft=draft)["body"]
    day.sends("sato", draft)
    in_order(day.story(ticket), "mail.in", "draft.new", "ticket.release", "draft.takeover",
             "outbox.sent")


def test_what_needs_no_answer_does_not_count_as_unanswered(day):
    """13:00 三郎 sells; 13:05 a mail is closed as not to be answered. Their first response is
    neither met nor late, and 応答率 leaves them out."""
    day.at("13:00")
    offer = day.writes(SABURO, "SEO対策のご提案",
                       "突然のご連絡失礼いたします。弊社は検索順位を上げるサービスを月額3万円から提供して"
                       "おります。無料の診断レポートをお送りいたします。ぜひお時間をいただけますでしょうか。")
    badges = day.desk.call("ticket.show", ticket=offer)
    assert "sales" in str(badges["messages"][0].get("badges") or badges), badges
    note = day.writes(JIRO, "ご連絡", "本日は休業いたします。")
    day.at("13:05")
    day.desk.call("ticket.close", as_="sato", ticket=offer, kind="sales")
    day.desk.call("ticket.close", as_="sato", ticket=note, kind="no_reply")
    for ticket in (offer, note):
        assert day.desk.query("SELECT c.state FROM clock c JOIN ticket t ON t.id = c.ticket_id"
                              " WHERE t.number = ?1 AND c.kind = 'first_response'",
                              ticket) == [("not_applicable",)]
        in_order(day.story(ticket), "mail.in", "ticket.close")
    row = day.desk.json("report", "summary", "--from", day.day, "--to",
                        day.day + datetime.timedelta(days=1), as_="suzuki")["rows"][0]
    left = row["received"] - row["not_needed"] - row["spam"]
    assert row["not_needed"] >= 2 and abs(row["answer_rate"] - row["replied"] / left) < 1e-3


def test_a_reply_waited_for_comes_back(day):
    """14:00 佐藤 asks 次郎 something back: 返信待ち, for three working days; then it is 未対応
    again, and the trace says why."""
    day.at("14:00")
    ticket = day.writes(JIRO, "保証", "保証は使えますか。")
    draft = day.drafts("sato", ticket, "次郎 様\n\n製造番号をお知らせください。", next="waiting")
    day.sends("sato", draft)
    assert day.state(ticket) == "waiting"
    due = day.desk.query("SELECT follow_up_s FROM ticket WHERE number = ?1", ticket)[0][0]
    when = datetime.datetime.fromtimestamp(due, JST)
    assert when.date() >= day.day + datetime.timedelta(days=3) and when.weekday() < 5
    day.desk.call("clock.advance", seconds=int(due - day.now()) + 5)
    wait_until("it is back", lambda: day.state(ticket) == "new", 30, day.desk.alive)
    in_order(day.story(ticket), "outbox.sent", "ticket.follow_up")
    assert day.desk.run("audit", "verify").returncode == 0
    assert day.desk.run("sla", "recompute", "--check").returncode == 0
