"""Surges on the real daemon: from mails to an incident, the leads' mail, one answer to all
its tickets through approval, verdicts, the watch list, erasing, restarts."""
import datetime
import email
import email.policy
import email.utils
import os
import re
import shutil
import tempfile
import time

import pytest
from desk import DeskError
from servers import wait_until
from surgeplace import USUAL, Place, defects
from web import Web


@pytest.fixture(scope="module")
def place(build_dir):
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    folder = tempfile.mkdtemp(prefix="madoguchi-su.")
    os.chmod(folder, 0o711)
    p = Place(folder, build_dir)
    yield p
    p.close()
    shutil.rmtree(folder, ignore_errors=True)


def told(place):
    """The alarms about the model that the lead has got."""
    mails = [email.message_from_bytes(m, policy=email.policy.default)
             for m in place.servers.mails("suzuki@example.jp")]
    return [m for m in mails if "KX-512" in m.get_content()]


def digests(place, word):
    mails = [email.message_from_bytes(m, policy=email.policy.default)
             for m in place.servers.mails("suzuki@example.jp")]
    return [m for m in mails if word in m["Subject"]]


def test_the_lead_gets_a_digest_on_working_days_alone(place):
    # the first day is only noted, or the second if the desk went live after the
    # look of the first; and the last mail may be on its way yet
    work = working_days(place)
    wait_until("daily digests", lambda: len(digests(place, "日次まとめ")) >= len(work) - 2,
               alive=place.desk.alive)
    daily, weekly = digests(place, "日次まとめ"), digests(place, "週次まとめ")
    assert len(daily) <= len(work)
    weeks = len({d.isocalendar()[:2] for d in work})
    assert weeks - 2 <= len(weekly) <= weeks
    assert len({m["Subject"] for m in daily}) == len(daily)
    days = [email.utils.parsedate_to_datetime(m["Date"]) for m in daily]
    assert all(d.date() in work and 9 <= d.hour < 18 for d in days), days
    text = daily[-1].get_content()
    assert re.search(r"受付 \d+ 件、返信 0 件", text)
    assert "承認" not in text                    # what there is none of is left out
    # so many had come by then, and nobody has done anything
    came = (days[-1].date() - place.first).days * len(USUAL)
    assert came - len(USUAL) <= int(re.search(r"未完了 (\d+) 件", text)[1]) <= came + 2 * len(USUAL)
    assert re.search("[0-9a-f]{64}", text)


def working_days(place):
    """Those from the first day to the day of now."""
    days = [place.first + datetime.timedelta(days=n) for n in range(17)]
    off = {line.split("\t")[0] for line in place.desk.run(
        "holidays", "--from", days[0], "--to", days[-1]).stdout.splitlines()}
    return [d for d in days if d.weekday() < 5 and str(d) not in off]


def test_usual_days_bring_no_incident(place):
    assert place.incidents(True) == []


@pytest.fixture(scope="module")
def incident(place):
    """Seven customers write of one model within an hour."""
    tickets = place.come(defects(7))
    place.hours(1)
    found = place.incidents()
    assert len(found) == 1, found
    return found[0]["incident"], sorted(tickets)


def test_a_defective_model_is_one_incident_with_its_tickets_and_words(place, incident):
    number, tickets = incident
    shown = place.desk.call("incident.show", as_="suzuki", incident=number)
    assert sorted(t["ticket"] for t in shown["tickets"]) == tickets
    words = {(w["kind"], w["term"]) for w in shown["words"]}
    assert {("model", "KX-512"), ("error", "E-21")} <= words
    assert shown["customers"] >= 3 and shown["expected_milli"] < 1000
    assert 0 <= shown["opened_s"] - shown["began_s"] <= 7200
    out = place.desk.run("incident", "show", number, as_="suzuki").stdout
    assert "KX-512" in out and str(tickets[0]) in out
    assert "KX-512" in place.desk.run("incident", "list", as_="sato").stdout


def test_browsers_get_what_is_described(place, incident):
    desk = place.desk
    desk.run("user", "password", "suzuki", "--password-file", "-", text="ことば と ことば の あいだ")
    desk.wait_web()
    web = Web(desk.web_port).sign_in("suzuki", "ことば と ことば の あいだ")
    at = "/incidents/%d" % incident[0]
    assert [i["incident"] for i in web.get("/incidents")["incidents"]] == [incident[0]]
    assert [w["term"] for w in web.get(at)["words"] if w["kind"] == "model"] == ["KX-512"]
    assert {r["ticket"] for r in web.get(at + "/replies")["replies"]} == set(incident[1])


def test_the_lead_is_told_once_by_mail(place, incident):
    mails = wait_until("mail to the lead", lambda: told(place), 60, place.desk.alive)
    assert "急増" in mails[0]["Subject"] and "KX-512" in mails[0]["Subject"]
    place.hours(2)
    assert len(told(place)) == 1


def test_only_a_lead_decides_and_a_code_must_be_fresh(place, incident):
    with pytest.raises(DeskError):
        place.desk.call("incident.verdict", as_="sato", incident=incident[0], verdict="real")
    with pytest.raises(DeskError):
        place.desk.call("incident.watch", as_="sato", term="起動")
    with pytest.raises(DeskError):
        place.desk.call("incident.approve", as_="suzuki", incident=incident[0], code="00000000")
    with pytest.raises(DeskError):
        place.desk.call("incident.show", as_="suzuki", incident=999)


def test_one_answer_for_all_waits_for_approval_and_goes_out_once_to_each(place, incident):
    number, tickets = incident
    # one of them is closed, and gets none
    place.desk.call("ticket.close", as_="sato", ticket=tickets[0], kind="no_reply")
    soon = time.gmtime(place.desk.call("incident.list")["now_s"] + (9 + 48) * 3600)
    slots = {"customer.name": "お客様", "service": "KX-512", "start.at": "本日 9 時",
             "workaround": "電源の入れ直し", "next.at": "%d月%d日 18時" % (soon.tm_mon, soon.tm_mday)}
    template = "outage"
    made = place.desk.call("incident.draft", as_="sato", incident=number, template=template,
                           slots=slots)["replies"]
    by_ticket = {r["ticket"]: r for r in made}
    assert by_ticket[tickets[0]]["why_not"] == "closed"
    open_slots = {s for r in made for s in r.get("open", [])}
    assert not open_slots, open_slots
    assert all(by_ticket[t].get("draft_state") == "waiting" for t in tickets[1:]), made
    # asking again makes no second draft
    again = place.desk.call("incident.draft", as_="sato", incident=number, template=template,
                            slots=slots)["replies"]
    assert [r for r in again if "draft" in r] == []
    with pytest.raises(DeskError):
        place.desk.call("draft.new", as_="sato", ticket=tickets[1], incident=number)
    screen = place.desk.call("incident.replies", as_="suzuki", incident=number)
    waiting = [r for r in screen["replies"] if r.get("revision")]
    assert sorted(r["ticket"] for r in waiting) == tickets[1:]
    assert len({r["revision"] for r in waiting}) == len(tickets) - 1
    shown = place.desk.run("incident", "replies", number, as_="suzuki").stdout
    assert screen["code"] in shown and shown.count("-> ") == len(tickets) - 1
    # one is changed after the lead has looked: its code is no longer good
    changed = waiting[0]
    place.desk.call("draft.edit", as_="sato", draft=changed["draft"],
                    body=changed["body"] + "\n追記いたします。")
    with pytest.raises(DeskError):
        place.desk.call("incident.approve", as_="suzuki", incident=number, code=screen["code"])
    place.desk.call("draft.submit", as_="sato", draft=changed["draft"])
    # an operator approves none of them
    code = place.desk.call("incident.replies", as_="suzuki", incident=number)["code"]
    with pytest.raises(DeskError):
        place.desk.call("incident.approve", as_="sato", incident=number, code=code)
    # a deputy does, as long as they are one
    place.desk.run("user", "add", "kato", "--name", "加藤 直美", "--email", "kato@example.jp",
                   "--window", "support", "--role", "operator")
    assert not place.desk.call("incident.replies", as_="kato", incident=number)["may_approve"]
    with pytest.raises(DeskError):
        place.desk.call("incident.approve", as_="kato", incident=number, code=code)
    place.desk.run("deputy", "set", "support", "kato", "--days", "1", as_="suzuki")
    assert place.desk.call("incident.replies", as_="kato", incident=number)["may_approve"]
    done = place.desk.json("incident", "approve", number, "--code", code, as_="kato")["replies"]
    assert len(done) == len(tickets) - 1 and not [r for r in done if "error" in r]
    place.desk.call("clock.advance", seconds=60)

    def sent():
        rows = place.desk.query(
            "SELECT t.number, count(*) FROM outbox o JOIN ticket t ON t.id = o.ticket_id"
            " WHERE o.kind = 'reply' AND o.state = 'sent' GROUP BY t.number")
        return len(rows) == len(tickets) - 1 and rows
    rows = wait_until("replies sent", sent, 60, place.desk.alive)
    assert all(n == 1 for _, n in rows)
    late = place.desk.call("incident.draft", as_="sato", incident=number, template=template,
                           slots=slots)["replies"]
    assert [r for r in late if "draft" in r] == []


def test_a_restart_counts_again_and_tells_nobody_twice(place, incident):
    place.desk.stop()
    place.desk.start(MDG_CLOCK_OFFSET=str(offset(place)))
    place.hours(1)
    found = place.incidents(True)
    assert [i["incident"] for i in found] == [incident[0]]
    assert len(told(place)) == 1


def offset(place):
    """The test clock is the daemon's own: a new one starts where it was."""
    rows = place.desk.query("SELECT max(time_s) FROM event")
    return rows[0][0] - int(time.time()) + 1


def test_a_verdict_ends_it_and_is_kept(place, incident):
    said = place.desk.json("incident", "verdict", incident[0], "--noise", as_="suzuki")
    assert said["verdict"] == "noise" and said["state"] == "over"
    assert said["verdict_by"] == "鈴木 健一"
    place.hours(1)
    assert place.incidents() == []
    kinds = [k for (k,) in place.desk.query("SELECT kind FROM event")]
    assert kinds.count("incident.opened") == 1 and "incident.verdict" in kinds


def test_a_watched_term_is_seen_sooner(place):
    shown = place.desk.json("incident", "watch", "ﾘﾓｺﾝ", as_="suzuki")
    assert [t["term"] for t in shown["terms"]] == ["ﾘﾓｺﾝ"]
    place.come([("質問", "リモコンの電池はどれですか。%d回目です" % n) for n in range(3)])
    place.hours(1)
    signs = place.desk.query("SELECT count(*) FROM surge_mail WHERE signs LIKE '%watched ﾘﾓｺﾝ%'")
    assert signs[0][0] == 3
    assert [i for i in place.incidents() if i["incident"]]
    place.desk.run("incident", "unwatch", "ﾘﾓｺﾝ", as_="suzuki")
    with pytest.raises(DeskError):
        place.desk.run("incident", "unwatch", "ﾘﾓｺﾝ", as_="suzuki")


def test_erasing_takes_the_signs_along(place):
    ticket = place.come([("無二の件", "ペガサス号について伺います。")])[0]
    held = "SELECT count(*) FROM surge_mail WHERE signs LIKE '%ペガサス%'"
    assert place.desk.query(held)[0][0] == 1
    customer = place.desk.query("SELECT customer_id FROM ticket WHERE number = ?", ticket)[0][0]
    place.desk.run("customer", "erase", customer)
    assert place.desk.query(held)[0][0] == 0


def test_a_kill_while_an_incident_is_written_loses_and_doubles_nothing(place):
    place.come(defects(6, "ZQ-900", "F-77"))
    place.desk.stop()
    before = place.desk.query("SELECT max(id) FROM incident")[0][0]
    place.desk.start(MDG_CLOCK_OFFSET=str(offset(place) + 3800), MDG_FAULT="surge.keep")
    wait_until("killed", lambda: not place.desk.alive(), 60)
    place.desk.proc = None
    assert place.desk.query("SELECT max(id) FROM incident")[0][0] == before
    place.desk.start(MDG_CLOCK_OFFSET=str(offset(place) + 3800))

    def found():
        return [i for i in place.incidents() if i["incident"] > before]
    got = wait_until("the incident", found, 60, place.desk.alive)
    assert len(got) == 1 and got[0]["tickets_n"] == 6
