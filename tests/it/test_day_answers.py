"""What becomes of an inquiry after its answer, and of work that no mail began: told as
a day, on real Dovecot and SMTP; `madoguchi trace` says in the end what happened.

鈴木 leads; 佐藤, 田中 and 高橋 answer; 花子, 次郎 and 三郎 write, call and come by.
"""
import datetime
import email
import email.mime.application
import email.mime.multipart
import email.mime.text
import email.policy
import imaplib

import pytest
from day import HANAKO, JIRO, JST, SABURO, day_of, in_order
from desk import Desk
from servers import wait_until


@pytest.fixture(scope="module")
def day(place, build_dir):
    # 70 days ago: the story goes on for more than a month
    with day_of(place, build_dir, people=("tanaka", "takahashi"), days_ago=70) as d:
        yield d


def clocks(day, ticket):
    return dict(day.desk.query("SELECT c.kind, c.state FROM clock c JOIN ticket t"
                               " ON t.id = c.ticket_id WHERE t.number = ?1", ticket))


def queued(day, ticket):
    return next((q for q in day.desk.call("queue", all=True)["queue"] if q["ticket"] == ticket),
                None)


def events(day, ticket, kind):
    return [e for e in day.desk.json("trace", ticket)["events"] if e["kind"] == kind]


def answered(day, who, sender, subject, text, reply, **more):
    """They ask, and get an answer: (ticket, its Message-ID)."""
    ticket = day.writes(sender, subject, text)
    return ticket, day.sends(who, day.drafts(who, ticket, reply, **more))


def test_a_promise_in_the_text_is_a_clock_in_the_queue(day):
    """9:05 次郎 asks what has to be looked up. 佐藤 answers with a template that promises 15:00:
    that time stands in the queue, warns, is late at 15:00, and ends with the next reply."""
    day.at("9:05")
    ticket = day.writes(JIRO, "対応機種", "この部品は古い機種でも使えますか。")
    made = day.desk.call("draft.new", as_="sato", ticket=ticket, template="hold-first", slots={
        "customer.name": "次郎", "topic": "対応機種", "dept": "技術部", "due.at": "本日15時"})
    assert made["open"] == []
    day.sends("sato", made["draft"])
    assert day.state(ticket) == "working"
    row = queued(day, ticket)
    assert row["clock"] == "promise" and row["due_s"] == day.moment("15:00").timestamp()
    assert row["assignee"] == "sato"
    # 14:30 three quarters of the time are over, and 佐藤 is told; 15:05 it is late
    day.at("14:30")
    wait_until("the warning", lambda: [e for e in events(day, ticket, "clock.warned")
                                       if e["codes"]["clock"] == "promise"], 30, day.desk.alive)
    day.at("15:05")
    wait_until("the breach", lambda: [e for e in events(day, ticket, "clock.breached")
                                      if e["codes"]["clock"] == "promise"], 30, day.desk.alive)
    assert queued(day, ticket)["clock"] == "promise"
    # 15:10 the next reply ends it
    day.at("15:10")
    day.sends("sato", day.drafts("sato", ticket, "次郎 様\n\n古い機種でもお使いいただけます。"))
    assert queued(day, ticket) is None and clocks(day, ticket)["promise"] == "breached"
    in_order(day.story(ticket), "mail.in", "draft.new", "draft.approve", "outbox.sent",
             "clock.warned", "clock.breached", "draft.new", "outbox.sent")


def test_a_reply_waited_for_that_comes_in_time(day):
    """15:20 田中 asks 三郎 back and sets the next morning; 三郎 answers at 15:40: it is to be
    answered again, stays with 田中, and the morning brings nothing more."""
    day.at("15:20")
    ticket = day.writes(SABURO, "動かない", "電源が入りません。")
    asked = day.sends("tanaka", day.drafts(
        "tanaka", ticket, "三郎 様\n\n型番をお知らせください。", next="waiting", due="翌営業日 10:00"))
    assert day.state(ticket) == "waiting" and queued(day, ticket) is None
    day.at("15:40")
    assert day.writes(SABURO, "Re: 動かない", "型番は AB-12 です。", asked) == ticket
    assert day.desk.call("ticket.show", ticket=ticket)["assignee"] == "tanaka"
    assert queued(day, ticket)["clock"] == "next_response"
    day.sends("tanaka", day.drafts("tanaka", ticket, "三郎 様\n\n修理を承ります。"))
    day.next_morning("10:05")
    assert day.state(ticket) == "closed" and events(day, ticket, "ticket.follow_up") == []


def test_every_way_to_close_without_an_answer(day):
    """10:10 five mails need none, each for its own reason: no response time is met or late by
    that, and 応答率 counts the one mail that was answered, of the one that had to be."""
    desk, today = day.desk, day.day
    day.at("10:10")
    kinds = {"no_reply": "ご連絡まで", "thanks": "お世話になりました", "sales": "展示会のご案内",
             "duplicate": "再送", "spam": "当選のお知らせ"}
    tickets = {kind: day.writes("%s@other.example" % kind, subject, "本文です。")
               for kind, subject in kinds.items()}
    real, _ = answered(day, "sato", HANAKO, "在庫", "在庫はありますか。", "花子 様\n\n在庫がございます。")
    for kind, ticket in tickets.items():
        desk.run("ticket", "close", ticket, "--kind", kind, as_="sato")
        assert clocks(day, ticket)["first_response"] == "not_applicable", kind
        assert [e["codes"]["closing"] for e in events(day, ticket, "ticket.close")] == [kind]
    assert clocks(day, real)["first_response"] == "met"
    row = desk.json("report", "summary", "--from", today, "--to", today, as_="suzuki")["rows"][0]
    assert (row["received"], row["not_needed"], row["spam"], row["replied"]) == (6, 4, 1, 1), row
    assert row["answer_rate"] == 1.0

    # 10:40 who was closed with 返信不要 asks after all: the time to answer runs from now
    day.at("10:40")
    first = desk.query("SELECT message_id FROM message m JOIN ticket t ON t.id = m.ticket_id"
                       " WHERE t.number = ?1", tickets["no_reply"])[0][0]
    assert day.writes("no_reply@other.example", "Re: ご連絡まで", "届いていますか。", first) \
        == tickets["no_reply"]
    row = queued(day, tickets["no_reply"])
    assert row["state"] == "new" and row["due_s"] > day.now()


def test_thanks_stay_closed_and_any_doubt_reopens(day):
    """11:00 four inquiries of 花子 are answered. To one she sends thanks alone, to the others
    thanks and a question, thanks and a picture, thanks under another subject."""
    day.at("11:00")
    mails = [answered(day, "tanaka", HANAKO, subject, "教えてください。", "花子 様\n\nご案内いたします。")
             for subject in ("色", "丈", "柄", "袖")]
    day.at("11:30")
    (only, a), (asks, b), (shows, c), (other, d) = mails
    thanks = "ありがとうございました。助かりました。"
    assert day.writes(HANAKO, "Re: 色", thanks, a) == only
    assert day.writes(HANAKO, "Re: 丈", thanks + "\r\nところで返品はできますか。", b) == asks
    assert pictured(day, HANAKO, "Re: 柄", thanks, c) == shows
    assert day.writes(HANAKO, "丈が合わず返品したい", thanks, d) == other
    assert day.state(only) == "closed" and set(clocks(day, only).values()) == {"met"}
    for ticket in (asks, shows, other):
        shown = day.desk.call("ticket.show", ticket=ticket)
        assert (shown["state"], shown["assignee"]) != ("closed", "tanaka"), ticket
        assert shown["assignee"] == "tanaka" and queued(day, ticket), ticket
    assert [t["ticket"] for t in day.desk.call("thanks.list", as_="tanaka")["thanks"]] == [only]
    assert day.desk.call("thanks.list", as_="sato")["thanks"] == []
    assert [e["codes"].get("thanks") for e in events(day, only, "mail.in")] == [None, True]


def pictured(day, sender, subject, text, answers):
    """A mail with a picture arrives; its ticket."""
    day.n += 1
    mail = email.mime.multipart.MIMEMultipart(policy=email.policy.SMTP)
    ident = "day%d@customer.example" % day.n
    for name, value in (("From", sender), ("To", Desk.ADDRESS), ("Subject", subject),
                        ("Message-ID", "<%s>" % ident), ("In-Reply-To", "<%s>" % answers)):
        mail[name] = value
    mail.attach(email.mime.text.MIMEText(text, "plain", "utf-8"))
    mail.attach(email.mime.application.MIMEApplication(b"\xff\xd8\xff\xe0 picture", "jpeg",
                                                       name="kizu.jpg"))
    with day.servers.mailbox(Desk.ADDRESS) as box:
        box.append("INBOX", None, imaplib.Time2Internaldate(day.now()), mail.as_bytes())
    return day.ticket_of(ident)


def test_who_writes_again_lands_with_the_same_person_unless_away(day):
    """13:00 佐藤 and 田中 have each answered somebody; 佐藤 goes home. Both customers write again:
    田中 has hers again, the other is nobody's."""
    day.at("13:00")
    hers, a = answered(day, "sato", JIRO, "納期", "いつ届きますか。", "次郎 様\n\n明日届きます。")
    his, b = answered(day, "tanaka", SABURO, "納品書", "納品書は入りますか。",
                      "三郎 様\n\n同封いたします。")
    day.desk.run("user", "absent", "sato", as_="sato")
    day.at("13:20")
    assert day.writes(JIRO, "Re: 納期", "午前中に届きますか。", a) == hers
    assert day.writes(SABURO, "Re: 納品書", "宛名は会社名にできますか。", b) == his
    assert day.desk.call("ticket.show", ticket=hers)["assignee"] is None
    assert day.desk.call("ticket.show", ticket=his)["assignee"] == "tanaka"
    assert day.state(hers) == "new"
    in_order(day.story(hers), "outbox.sent", "mail.in")
    day.desk.run("user", "present", "sato", as_="sato")


def test_a_note_of_a_call_a_visit_and_a_first_mail(day):
    """14:00 高橋 takes a call, 14:10 somebody comes by, 14:20 she writes to 次郎 first; his answer
    lands in that very ticket, with her."""
    desk = day.desk
    day.at("14:00")
    call = int(desk.json("ticket", "new", "support", "--subject", "折り返し希望", "--name", "三郎",
                         "--phone", "090-1111-2222", "--text", "修理の見積もりを知りたい。",
                         "--due", "16:00", as_="takahashi")["ticket"])
    shown = desk.call("ticket.show", ticket=call)
    assert (shown["state"], shown["assignee"]) == ("working", "takahashi")
    assert queued(day, call)["clock"] == "promise"
    assert queued(day, call)["due_s"] == day.moment("16:00").timestamp()
    # nobody knows where to write to: she is told so before she has written anything
    day.refused("draft.submit", "takahashi", "宛先", draft=day.drafts("takahashi", call, "三郎 様"))

    day.at("14:10")
    visit = int(desk.json("ticket", "new", "support", "--kind", "visit", "--subject", "店頭で返品",
                          "--name", "花子", "--address", HANAKO, "--text", "返品を受け取った。",
                          "--answered", as_="takahashi")["ticket"])
    assert day.state(visit) == "closed" and clocks(day, visit)["first_response"] == "met"

    day.at("14:20")
    ours = int(desk.json("ticket", "new", "support", "--kind", "mail", "--subject", "お届け日の確認",
                         "--name", "次郎", "--address", JIRO, as_="takahashi")["ticket"])
    assert queued(day, ours) is None or not queued(day, ours)["due_s"], "nobody waits for it"
    before = len(day.servers.mails(JIRO))
    sent = day.sends("takahashi", day.drafts("takahashi", ours,
                                             "次郎 様\n\n土曜日のお届けでよろしいでしょうか。",
                                             next="waiting"))
    mail = email.message_from_bytes(day.servers.wait_mails(JIRO, before + 1, timeout_s=60)[-1],
                                    policy=email.policy.default)
    assert "お届け日の確認" in mail["Subject"] and not mail["Subject"].startswith("Re:")
    assert [a.addr_spec for a in mail["From"].addresses] == [Desk.ADDRESS]
    day.at("14:40")
    assert day.writes(JIRO, "Re: お届け日の確認", "日曜日にしてください。", sent) == ours
    assert desk.call("ticket.show", ticket=ours)["assignee"] == "takahashi"
    assert queued(day, ours)["clock"] == "first_response", "the first they ask of us there"
    in_order(day.story(ours), "ticket.new", "draft.new", "draft.approve", "outbox.sent", "mail.in")
    # 14:50 a second call of 三郎, noted under his number: the same customer, two notes
    day.at("14:50")
    again = int(desk.json("ticket", "new", "support", "--subject", "催促", "--name", "三郎",
                          "--phone", "０９０（１１１１）２２２２", as_="sato")["ticket"])
    people = [desk.query("SELECT customer_id FROM ticket WHERE number = ?1", t)[0][0]
              for t in (call, again)]
    assert people[0] == people[1]


def test_a_month_later_it_is_a_new_matter(day):
    """次郎 writes on an answered inquiry after 29 days: the same ticket. 花子 after 31: a new one,
    which shows the old one."""
    day.at("15:00")
    young, a = answered(day, "sato", JIRO, "保証書", "保証書はありますか。", "次郎 様\n\n同封しております。")
    old, b = answered(day, "tanaka", HANAKO, "説明書", "説明書はありますか。",
                      "花子 様\n\n同封しております。")
    day.desk.call("clock.advance", seconds=29 * 86400)
    assert day.writes(JIRO, "Re: 保証書", "見当たりません。", a) == young
    assert day.desk.call("ticket.show", ticket=young)["assignee"] == "sato"
    day.desk.call("clock.advance", seconds=2 * 86400)
    new = day.writes(HANAKO, "Re: 説明書", "英語の説明書もありますか。", b)
    assert new != old and day.state(old) == "closed" and day.state(new) == "new"
    assert [k["ticket"] for k in day.desk.call("ticket.show", ticket=new)["links"]] == [old]
    assert [e["codes"].get("continues") is not None for e in events(day, new, "mail.in")] == [True]
    assert day.desk.run("audit", "verify").returncode == 0
    assert day.desk.run("sla", "recompute", "--check").returncode == 0
