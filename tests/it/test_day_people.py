"""People come, change and go; what they leave to others, and what a lead lets others do:
told as a day, on real Dovecot, SMTP and HTTP.

鈴木 and 森 lead; 佐藤, 田中 and 高橋 answer; 管理 太郎 is the administrator.
"""
import pytest
from day import HANAKO, JIRO, SABURO, day_of, in_order
from maildesk import MailUser, text_of
from servers import wait_until
from web import Web, WebError

SECRET = "ことば と ことば の あいだ"
PEOPLE = ("sato", "tanaka", "takahashi")
LEADS = {"suzuki": "suzuki@example.jp", "mori": "mori@example.jp"}


@pytest.fixture(scope="module")
def day(place, build_dir):
    with day_of(place, build_dir, people=("tanaka", "takahashi", "mori"), web=True,
                mailboxes=(HANAKO, JIRO, SABURO, "tanaka@example.jp", *LEADS.values())) as d:
        for login in PEOPLE:
            d.desk.run("user", "password", login, "--password-file", "-", text=SECRET)
        d.desk.wait_web()
        yield d


def shown(day, ticket):
    return day.desk.call("ticket.show", ticket=ticket)


def signed_in(day, who):
    return Web(day.desk.web_port).sign_in(who, SECRET)


def token(day, who):
    """A program of theirs, with a token."""
    web = Web(day.desk.web_port)
    web.header = {"Authorization": "Bearer " + day.desk.json(
        "token", "add", "集計", "--scope", "read", as_=who)["token"]}
    return web


def status(web):
    """What they are answered who ask for the queue."""
    try:
        web.get("/queue", **getattr(web, "header", {}))
        return 200
    except WebError as e:
        return e.status


def left_alone(day, ticket, draft, text):
    """Nobody's, with the text, and anybody may go on with it."""
    now = shown(day, ticket)
    assert now["assignee"] is None and now["state"] == "new" and now["lock"] == []
    assert text in day.desk.call("draft.show", as_="sato", draft=draft)["body"]


def test_who_becomes_a_reader_leaves_the_work_to_others(day):
    """9:05 高橋 moves to the accounts and only reads along from now on: what she had is 未割当, her
    half-written letter is kept and free, and she sees it, but writes no more."""
    day.at("9:05")
    ticket = day.writes(HANAKO, "請求書", "請求書をください。")
    draft = day.drafts("takahashi", ticket, "花子 様\n\n請求書をお送り")
    web = signed_in(day, "takahashi")
    assert status(web) == 200
    day.at("9:30")
    day.desk.run("user", "role", "takahashi", "--window", "support", "--role", "viewer")
    left_alone(day, ticket, draft, "請求書をお送り")
    assert status(web) == 200, "she still reads"
    day.refused("draft.edit", "takahashi", "", draft=draft, body="まだ書きます。")
    day.refused("ticket.take", "takahashi", "", ticket=ticket)
    assert day.desk.call("ticket.next", as_="sato")["ticket"] == ticket
    assert "請求書をお送り" in day.desk.call("draft.takeover", as_="sato", draft=draft)["body"]
    in_order(day.story(ticket), "mail.in", "draft.new", "ticket.release", "ticket.assign",
             "draft.takeover")
    day.desk.call("draft.edit", as_="sato", draft=draft, body="花子 様\n\n請求書をお送りいたします。")
    day.sends("sato", draft)
    day.desk.run("user", "role", "takahashi", "--window", "support", "--role", "operator")


def test_a_lost_device_opens_nothing(day):
    """10:00 佐藤 loses her notebook; 10:05 管理 resets her: the session and the token on it are
    dead, nothing is locked, her tickets stay hers, and she signs in anew."""
    day.at("10:00")
    ticket = day.writes(JIRO, "色", "何色がありますか。")
    draft = day.drafts("sato", ticket, "次郎 様\n\n赤と")
    lost, program = signed_in(day, "sato"), token(day, "sato")
    assert (status(lost), status(program)) == (200, 200)
    day.at("10:05")
    day.desk.run("user", "reset", "sato")
    assert (status(lost), status(program)) == (401, 401)
    now = shown(day, ticket)
    assert now["assignee"] == "sato" and now["lock"] == []
    assert status(signed_in(day, "sato")) == 200
    day.desk.call("draft.edit", as_="sato", draft=draft, body="次郎 様\n\n赤と青がございます。")
    day.sends("sato", draft)


def test_who_is_away_gets_nothing_until_the_day_they_said(day):
    """10:30 佐藤 leaves until 13:00. Her ticket is 未割当, a rule passes her by, nobody hands
    anything over to her; at 13:01 she is there again without anybody's doing."""
    desk = day.desk
    day.at("10:30")
    ticket = day.writes(SABURO, "丈", "丈は何センチですか。")
    draft = day.drafts("sato", ticket, "三郎 様\n\n丈は")
    desk.run("user", "absent", "sato", "--until", "13:00", as_="sato")
    left_alone(day, ticket, draft, "丈は")
    asked = day.writes(HANAKO, "幅", "幅は何センチですか。")
    for other in ("tanaka", "takahashi"):
        desk.call("user.work", as_="suzuki", login=other, capacity=1)
    for one in (ticket, asked):
        desk.run("ticket", "turn", one, as_="suzuki")
    assert sorted(shown(day, t)["assignee"] for t in (ticket, asked)) == ["takahashi", "tanaka"]
    third = day.writes(JIRO, "高さ", "高さは何センチですか。")
    day.refused("ticket.turn", "suzuki", "%d" % third, ticket=third)
    day.refused("handover", "tanaka", "sato", **{"from": "tanaka", "to": "sato"})
    day.at("13:01")
    desk.run("ticket", "turn", third, as_="suzuki")
    assert shown(day, third)["assignee"] == "sato"
    for other in ("tanaka", "takahashi"):
        desk.call("user.work", as_="suzuki", login=other, capacity=0)
    for one in (ticket, asked, third):
        desk.call("ticket.close", as_="suzuki", ticket=one, kind="no_reply")


def test_the_end_of_a_shift(day):
    """17:30 佐藤 looks what is left: a promise, a half-written letter, a hold. She hands two of the
    three to 田中 with a word, and the third to nobody; the list is empty, and 田中 is told."""
    desk = day.desk
    day.at("17:30")
    promised = day.writes(HANAKO, "部品", "部品はありますか。")
    writing = day.writes(JIRO, "説明書", "説明書はありますか。")
    held = day.writes(SABURO, "在庫", "在庫はありますか。")
    for ticket in (promised, writing, held):
        desk.call("ticket.take", as_="sato", ticket=ticket)
    desk.run("ticket", "promise", promised, "--due", "翌営業日 11:00", as_="sato")
    draft = day.drafts("sato", writing, "次郎 様\n\n説明書は")
    desk.run("ticket", "hold", held, "--reason", "メーカー確認中", as_="sato")
    desk.run("comment", "add", held, "@suzuki 返事待ちです。", as_="sato")
    left = {s["ticket"]: s for s in desk.json("shift", as_="sato")["shift"]}
    assert sorted(left) == sorted([promised, writing, held])
    assert left[promised]["promise_s"] and left[writing]["draft"] == "editing"
    assert left[held]["hold_reason"] == "メーカー確認中" and "返事待ち" in left[held]["comment"]
    paper = desk.run("shift", as_="sato").stdout
    assert "部品" in paper and "説明書" in paper and "メーカー確認中" in paper
    # a lead sees the list of others
    assert len(desk.json("shift", "sato", as_="suzuki")["shift"]) == 3

    # 17:40 the administrator is no member of this window's operators: 管理 may, a stranger may not
    day.at("17:40")
    desk.run("user", "add", "gaibu", "--name", "外部 花", "--email", "gaibu@example.jp")
    day.refused("handover", "sato", "gaibu", **{"from": "sato", "to": "gaibu"})
    day.refused("handover", "tanaka", "sato", **{"from": "sato", "to": "tanaka"})
    desk.run("handover", "--from", "sato", "--to", "tanaka", "--note", "明日の朝一番でお願いします。",
             "--ticket", promised, "--ticket", writing, as_="sato")
    desk.run("handover", "--from", "sato", "--note", "どなたかお願いします。", as_="sato")
    assert desk.json("shift", as_="sato")["shift"] == []
    assert [s["ticket"] for s in desk.json("shift", as_="tanaka")["shift"]] == [promised, writing]
    assert shown(day, held)["assignee"] is None
    assert "説明書は" in desk.call("draft.takeover", as_="tanaka", draft=draft)["body"]
    for ticket, words in ((promised, "朝一番"), (held, "どなたか")):
        assert any(words in c["text"] for c in shown(day, ticket)["comments"])
        in_order(day.story(ticket), "mail.in", "ticket.assign", "ticket.handover", "comment.add")
    for one in (promised, writing, held):
        desk.call("ticket.close", as_="suzuki", ticket=one, kind="no_reply")


def test_a_deputy_approves_for_a_day(day):
    """The next morning 鈴木 and 森 are at a fair: 高橋 may not approve until 鈴木 makes her deputy
    for a day; never her own letters; and not any more the day after."""
    desk = day.desk
    day.next_morning("9:05")
    one = day.writes(HANAKO, "重さ", "重さは何キロですか。")
    draft = day.drafts("sato", one, "花子 様\n\n重さは2キロでございます。")
    code = day.submits("sato", draft)
    day.refused("approve", "takahashi", "", draft=draft, confirm=code)
    desk.run("deputy", "set", "support", "takahashi", "--days", "1", as_="suzuki")
    day.refused("deputy.set", "sato", "", window="support", person="sato", days=1)
    assert [a["draft"] for a in desk.json("approval", "list", as_="takahashi")["approvals"]] \
        == [draft]
    desk.call("approve", as_="takahashi", draft=draft, confirm=code)
    own = day.writes(JIRO, "長さ", "長さは何センチですか。")
    mine = day.drafts("takahashi", own, "次郎 様\n\n長さは30センチでございます。")
    code = day.submits("takahashi", mine)
    day.refused("approve", "takahashi", "", draft=mine, confirm=code)
    desk.call("approve", as_="suzuki", draft=mine, confirm=code)
    in_order(day.story(one), "draft.submit", "draft.approve")
    # a day later she is an operator like any other
    day.next_morning("9:30")
    two = day.writes(SABURO, "厚さ", "厚さは何ミリですか。")
    draft = day.drafts("sato", two, "三郎 様\n\n厚さは3ミリでございます。")
    code = day.submits("sato", draft)
    day.refused("approve", "takahashi", "", draft=draft, confirm=code)
    desk.call("approve", as_="suzuki", draft=draft, confirm=code)


def test_who_has_left_cannot_get_in_by_any_door(day):
    """10:00 田中, who works by mail and by browser and has a program with a token, leaves. The link
    in his old mail, the session and the token open nothing; the ticket is nobody's."""
    desk = day.desk
    day.at("10:00")
    desk.run("user", "mail", "tanaka", "on")
    ticket = day.writes(HANAKO, "送料", "送料はいくらですか。")
    desk.call("ticket.take", as_="suzuki", ticket=ticket)
    desk.run("ticket", "assign", ticket, "--to", "tanaka", as_="suzuki")
    notice = wait_until("the notice", lambda: day.servers.mails("tanaka@example.jp"), 60,
                        desk.alive)[-1]
    web, program = signed_in(day, "tanaka"), token(day, "tanaka")
    assert (status(web), status(program)) == (200, 200)
    day.at("10:30")
    desk.run("user", "disable", "tanaka")
    assert (status(web), status(program)) == (401, 401)
    with pytest.raises(WebError):
        signed_in(day, "tanaka")
    refusals = desk.query("SELECT COUNT(*) FROM event WHERE kind LIKE 'maildesk%'")[0][0]
    MailUser(day.servers, "tanaka@example.jp", "田中 一郎").answer(notice, "#完了")
    wait_until("the answer was refused", lambda: desk.query(
        "SELECT COUNT(*) FROM event WHERE kind LIKE 'maildesk%'")[0][0] > refusals, 60, desk.alive)
    now = shown(day, ticket)
    assert now["assignee"] is None and now["state"] == "new" and now["comments"] == []
    assert now["drafts"] == []
    in_order(day.story(ticket), "mail.in", "ticket.assign", "ticket.release")
    # 10:40 back after all: what was handed out before stays dead
    day.at("10:40")
    desk.run("user", "enable", "tanaka")
    assert (status(web), status(program)) == (401, 401)
    assert desk.run("audit", "verify").returncode == 0


def told(day, lead, *words):
    """A mail in the lead's mailbox that says all of these."""
    return wait_until("%s is told %s" % (lead, words), lambda: [
        text for text in map(text_of, day.servers.mails(LEADS[lead]))
        if all(w in text for w in words)], 60, day.desk.alive)


def owners(day, ticket):
    return [row[0] for row in day.desk.query(
        "SELECT p.login FROM escalation e JOIN person p ON p.id = e.person_id"
        " JOIN ticket t ON t.id = e.ticket_id WHERE t.number = ?1", ticket)]


def test_an_answered_ticket_of_who_is_away_comes_back(day):
    """The next morning 佐藤 is ill. 花子 writes again on what 佐藤 had answered: it is 未割当, the
    history says why, and the leads find it in their mail. Nobody takes it, and at 11:00 the
    promise is broken: one lead has it; when she leaves the house, the other one has, and hears."""
    desk = day.desk
    day.next_morning("9:05")
    ticket = day.writes(HANAKO, "取っ手", "取っ手だけ買えますか。")
    desk.call("ticket.take", as_="sato", ticket=ticket)
    day.sends("sato", day.drafts("sato", ticket, "花子 様\n\nはい、ご購入いただけます。"))
    answered = desk.query("SELECT message_id FROM outbox o JOIN ticket t ON t.id = o.ticket_id"
                          " WHERE t.number = ?1 AND o.kind = 'reply'", ticket)[0][0]
    assert day.state(ticket) == "closed"
    desk.run("user", "absent", "sato", as_="sato")
    day.at("9:30")
    assert day.writes(HANAKO, "Re: 取っ手", "色は選べますか。", answers=answered) == ticket
    now = shown(day, ticket)
    assert now["assignee"] is None and now["state"] == "new"
    in_order(day.story(ticket), "outbox.sent", "mail.in", "ticket.left")
    day.at("9:50")                     # a lead hears at most once in 15 minutes
    print(desk.query("SELECT * FROM warning"), desk.query("SELECT subject, text FROM notice"), desk.query("SELECT kind, state, last_error FROM outbox") if 0 else desk.query("SELECT kind, state FROM outbox"), desk.query("SELECT login,email FROM person"), desk.query("SELECT * FROM setting WHERE key LIKE 'warn%'"))
    for lead in LEADS:
        told(day, lead, "受付番号 %d" % ticket, "不在のため未割当")
    assert owners(day, ticket) == []
    desk.run("ticket", "promise", ticket, "--due", "11:00", as_="suzuki")
    day.at("11:01")
    owner = wait_until("an owner", lambda: owners(day, ticket), 30, desk.alive)
    assert len(owner) == 1 and owner[0] in LEADS
    day.at("11:20")
    for lead in LEADS:
        told(day, lead, "受付番号 %d" % ticket, "お約束", "超過")
    other = next(lead for lead in LEADS if lead != owner[0])
    before = len(day.servers.mails(LEADS[other]))
    desk.run("user", "absent", owner[0], as_=owner[0])
    assert owners(day, ticket) == [other]
    day.at("11:45")
    wait_until("the other one hears", lambda: any(
        "受付番号 %d" % ticket in text and "超過" in text for text in map(
            text_of, day.servers.mails(LEADS[other])[before:])), 60, desk.alive)
    assert desk.run("sla", "recompute", "--check").returncode == 0
    for login in ("sato", owner[0]):
        desk.run("user", "present", login, as_=login)
