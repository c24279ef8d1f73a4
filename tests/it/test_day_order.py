"""Who does what next, and never twice: the order of work, what is handed out, who writes,
and what is sent; told as a day, on real Dovecot and SMTP.

鈴木 and 森 lead; 佐藤, 田中 and 高橋 answer; 花子, 次郎, 三郎 and others write.
"""
import email
import email.policy
import json

import pytest
from day import HANAKO, JIRO, SABURO, at_once, day_of, in_order
from servers import wait_until

OTHER = "shop@example.jp"


@pytest.fixture(scope="module")
def day(place, build_dir):
    with day_of(place, build_dir, people=("tanaka", "takahashi", "mori")) as d:
        yield d


def queue(day, who):
    return [q["ticket"] for q in day.desk.json("queue", as_=who)["queue"]]


def assignee(day, ticket):
    return day.desk.call("ticket.show", ticket=ticket)["assignee"]


def lock(day, ticket):
    return [k["name"] for k in day.desk.call("ticket.show", ticket=ticket)["lock"]]


def events(day, ticket, kind):
    return [e for e in day.desk.json("trace", ticket)["events"] if e["kind"] == kind]


def close(day, *tickets):
    for ticket in tickets:
        day.desk.call("ticket.close", as_="suzuki", ticket=ticket, kind="no_reply")


def outgoing(day, ticket):
    return day.desk.query("SELECT COUNT(*) FROM outbox o JOIN ticket t ON t.id = o.ticket_id"
                          " WHERE t.number = ?1 AND o.kind = 'reply'", ticket)[0][0]


def test_the_most_urgent_stands_first(day):
    """9:05 to 9:30 five people write. Who waits longest stands first; a promise for 11:00 comes
    before them, an angry mail goes up, and so does what 鈴木 marks as urgent."""
    day.at("9:05")
    plain = day.writes(HANAKO, "色", "何色がありますか。")
    later = day.writes(JIRO, "重さ", "重さは何キロですか。")
    day.at("9:20")
    angry = day.writes(SABURO, "いい加減にしてください", "何度連絡しても返事がない。ふざけるな。"
                       "今すぐ対応しないなら消費者センターに通報し、返金を求めます。")
    high = day.writes("shiro@customer.example", "式典", "明日の式典で使う品について教えてください。")
    day.at("9:30")
    promised = day.writes("goro@customer.example", "部品", "部品はありますか。")
    assert day.desk.call("ticket.show", ticket=angry)["temperature"] >= 2
    day.desk.run("ticket", "priority", high, "high", as_="suzuki")
    day.desk.run("ticket", "promise", promised, "--due", "11:00", as_="sato")
    order = queue(day, "tanaka")
    assert order[0] == promised and order[3:] == [plain, later], order
    assert sorted(order[1:3]) == sorted([angry, high]), order
    # 9:35 they take the next, one by one: each gets what stood first
    day.at("9:35")
    taken = [json.loads(day.desk.run("ticket", "next", "--json", as_=who).stdout)["ticket"]
             for who in ("sato", "tanaka", "takahashi")]
    assert taken == order[:3]
    assert queue(day, "sato") == [taken[0], plain, later], "her own and nobody's"
    in_order(day.story(promised), "mail.in", "ticket.promise", "ticket.assign")
    # 17:30 what waits since the morning has gone before the angry one of today's evening
    close(day, *taken, later)
    day.at("17:30")
    evening = day.writes(SABURO, "返事がない", "まだですか。早くしてください。")
    assert queue(day, "mori") == [plain, evening]
    close(day, plain, evening)


def test_four_who_ask_at_once_get_four_different(day):
    """The next morning at 9:05 five mails are there; four people press at the same moment."""
    day.next_morning("9:05")
    tickets = [day.writes("c%d@customer.example" % n, "質問 %d" % n, "使い方を教えてください。")
               for n in range(5)]
    told = at_once(*(lambda who=who: day.desk.call("ticket.next", as_=who)["ticket"]
                     for who in ("sato", "tanaka", "takahashi", "mori")))
    assert sorted(told) == tickets[:4], (told, tickets)
    assert assignee(day, tickets[4]) is None
    day.refused("ticket.take", "sato", "さん", ticket=told[1])
    close(day, *tickets)


def test_a_rule_hands_out_in_turn_by_load_and_skill(day):
    """9:30 鈴木 lets a rule hand out what arrives: in turn, to who is there and has room, 修理 to
    who knows it; what nobody has room for stays 未割当, and the log says so."""
    desk = day.desk
    day.at("9:30")
    desk.run("user", "work", "sato", "--capacity", "2", as_="suzuki")
    desk.run("user", "work", "tanaka", "--capacity", "3", as_="suzuki")
    desk.run("user", "absent", "takahashi", as_="suzuki")
    desk.run("auto", "add", "support", "--name", "順番に", "--on", "arrival", "--do", "turn",
             as_="suzuki")
    day.at("9:40")
    tickets, got = [], []
    for n in range(6):
        tickets.append(day.writes("t%d@customer.example" % n, "問い合わせ %d" % n,
                                  "色を教えてください。"))
        wait_until("the rule", lambda: len(desk.json("auto", "log", "support", as_="suzuki")["log"])
                   > len(got), 30, desk.alive)
        got.append(assignee(day, tickets[-1]))
        desk.call("clock.advance", seconds=60)
    assert sorted(got[:2]) == sorted(got[2:4]) == ["sato", "tanaka"], got
    assert got[4:] == ["tanaka", None], got
    log = desk.json("auto", "log", "support", as_="suzuki")["log"]
    assert [r["outcome"] for r in log if r["ticket"] == tickets[5]] == ["failed"]
    in_order(day.story(tickets[0]), "mail.in", "ticket.assign")
    # 9:50 佐藤 is done with hers: the one that waited is handed to her
    close(day, *(t for t, who in zip(tickets, got) if who == "sato"))
    desk.run("ticket", "distribute", "support", as_="suzuki")
    assert assignee(day, tickets[5]) == "sato"
    for rule in desk.json("auto", "list", "support", as_="suzuki")["rules"]:
        desk.run("auto", "remove", rule["rule"], "--window", "support", as_="suzuki")
    close(day, *(t for t in tickets if day.state(t) != "closed"))


def test_what_nobody_knows_does_not_keep_the_rest_waiting(day):
    """10:00 佐藤 knows 配送, 田中 knows 配送 and 修理. Three mails wait, the first of which is about
    what neither of them knows: the others are handed out all the same."""
    desk = day.desk
    day.at("10:00")
    for login, skills in (("sato", ["配送"]), ("tanaka", ["配送", "修理"])):
        desk.call("user.work", as_="suzuki", login=login, capacity=0, skills=skills)
    tickets = {}
    for category in ("障害", "配送", "修理"):
        tickets[category] = day.writes("k%d@customer.example" % len(tickets), category,
                                       "教えてください。")
        desk.run("ticket", "category", tickets[category], category, as_="suzuki")
    desk.run("ticket", "distribute", "support", as_="suzuki")
    assert assignee(day, tickets["障害"]) is None
    assert assignee(day, tickets["修理"]) == "tanaka"
    assert assignee(day, tickets["配送"]) in ("sato", "tanaka")
    for login in ("sato", "tanaka"):
        desk.call("user.work", as_="suzuki", login=login, capacity=0, skills=[])
    desk.run("user", "present", "takahashi", as_="suzuki")
    close(day, *tickets.values())


def test_one_writes_and_another_takes_over_with_the_text(day):
    """10:30 佐藤 writes: 編集中（佐藤）. 田中 may not change it, but take it over with the text;
    from then on 佐藤 may not."""
    day.at("10:30")
    ticket = day.writes(HANAKO, "箱", "箱はありますか。")
    draft = day.drafts("sato", ticket, "花子 様\n\n箱は")
    assert lock(day, ticket) == ["佐藤 美咲"]
    day.refused("draft.edit", "tanaka", "佐藤 美咲", draft=draft, body="別の文")
    day.refused("draft.unlock", "tanaka", "佐藤 美咲", draft=draft)
    day.refused("draft.submit", "tanaka", "佐藤 美咲", draft=draft, override="確認済み")
    day.desk.call("draft.edit", as_="sato", draft=draft, body="花子 様\n\n箱はございます。")
    day.desk.run("draft", "takeover", draft, as_="tanaka")
    assert "箱はございます。" in day.desk.run("draft", "show", draft, as_="tanaka").stdout
    assert lock(day, ticket) == ["田中 一郎"] and assignee(day, ticket) == "tanaka"
    day.refused("draft.edit", "sato", "田中 一郎", draft=draft, body="花子 様\n\n箱はありません。")
    assert day.desk.call("draft.show", as_="sato", draft=draft)["body"] == "花子 様\n\n箱はございます。"
    in_order(day.story(ticket), "mail.in", "draft.new", "draft.edit", "draft.takeover")

    # 10:45 田中 was called away: fourteen minutes on it is still hers, a minute later anybody's
    day.at("10:45")
    day.desk.call("draft.edit", as_="tanaka", draft=draft, body="花子 様\n\n箱はございます。大小")
    day.desk.call("clock.advance", seconds=14 * 60)
    day.refused("draft.edit", "takahashi", "田中 一郎", draft=draft, body="別の文")
    day.desk.call("clock.advance", seconds=61)
    assert lock(day, ticket) == []
    day.desk.call("draft.edit", as_="takahashi", draft=draft,
                  body="花子 様\n\n箱はございます。大小からお選びください。")
    assert lock(day, ticket) == ["高橋 直子"]
    day.sends("takahashi", draft)
    assert outgoing(day, ticket) == 1 and lock(day, ticket) == []


def test_what_was_let_lie_is_handed_out_again(day):
    """11:30 佐藤 begins a reply, gives the ticket back and forgets her text: as long as she is
    writing nobody gets it as the next, a quarter of an hour later somebody does."""
    day.at("11:30")
    ticket = day.writes(JIRO, "紐", "紐は付きますか。")
    draft = day.drafts("sato", ticket, "次郎 様\n\n紐は")
    day.desk.run("ticket", "assign", ticket, as_="sato")
    assert assignee(day, ticket) is None
    day.refused("ticket.next", "tanaka", "")
    day.desk.call("clock.advance", seconds=15 * 60 + 1)
    assert day.desk.call("ticket.next", as_="tanaka")["ticket"] == ticket
    assert "紐は" in day.desk.call("draft.takeover", as_="tanaka", draft=draft)["body"]
    close(day, ticket)


def test_two_who_send_at_the_same_moment_send_one_mail(day):
    """13:00 in the shop's window nobody has to approve. 佐藤's reply is ready; she and 田中, who has
    just taken it over, press 送信 at the same moment, and 佐藤 twice: one mail."""
    desk = day.desk
    day.at("13:00")
    day.servers.add_user(OTHER, "day-secret")
    desk.run("window", "add", "shop", "--address", OTHER, "--name", "ショップ", "--approval", "none")
    for login in ("sato", "tanaka", "mori"):
        desk.run("user", "role", login, "--window", "shop", "--role", "operator")
    desk.add_mailbox(day.servers, OTHER, "day-secret", window="shop")
    ticket = day.writes(HANAKO, "営業時間", "何時まで開いていますか。", to=OTHER)
    draft = day.drafts("sato", ticket, "花子 様\n\n18時まででございます。")
    told = at_once(*(lambda who=who: desk.call("draft.submit", as_=who, draft=draft)
                     for who in ("sato", "tanaka", "sato", "mori")))
    assert sorted(type(t).__name__ for t in told) == ["dict", "str", "str", "str"], told
    assert outgoing(day, ticket) == 1
    # while it waits to be sent there is no second reply, and no way around
    day.refused("draft.new", "mori", "下書き", ticket=ticket, body="花子 様\n\n19時まで。")
    desk.call("clock.advance", seconds=20)
    wait_until("it is sent", lambda: day.state(ticket) == "closed", 60, desk.alive)
    wait_until("the reply", lambda: replies(day, HANAKO, "営業時間"), 60, desk.alive)
    assert replies(day, HANAKO, "営業時間") == 1
    assert day.story(ticket).count("outbox.sent") == 1
    assert desk.run("audit", "verify").returncode == 0


def replies(day, address, subject):
    """How many mails there are about."""
    return len([m for m in day.servers.mails(address) if subject in str(
        email.message_from_bytes(m, policy=email.policy.default)["Subject"])])
