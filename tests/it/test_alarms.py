"""What the desk says when something is wrong, on real servers."""
import datetime
import email
import email.policy
import os
import re
import time

import pytest
from desk import Desk
from servers import Servers, free_ports, wait_until

JST = datetime.timezone(datetime.timedelta(hours=9))
PASSWORD = "desk-secret"
ALARM, ADMIN, LEAD = "alarm@watch.example", "admin@example.jp", "suzuki@example.jp"


@pytest.fixture(scope="module")
def own_servers(place):
    with Servers(place + "/servers") as s:
        for who in (Desk.ADDRESS, ALARM, ADMIN, LEAD, "sato@example.jp", "hanako@customer.example"):
            s.add_user(who, PASSWORD)
        yield s


@pytest.fixture(scope="module")
def desk(place, own_servers, build_with_faults):
    with Desk(place + "/desk", build_with_faults, alarms=True) as d:
        d.env["MDG_CLOCK_OFFSET"] = str(quiet_day())
        d.init()
        d.start()
        d.add_people()
        d.add_mailbox(own_servers, Desk.ADDRESS, PASSWORD)
        yield d


def quiet_day():
    """Seconds to eleven of a day of which nothing is said by itself: the daily report comes at
    nine, and in December a calendar is missed that knows the next year."""
    now = datetime.datetime.now(JST)
    day = now.date() if now.month < 11 else datetime.date(now.year + 1, 1, 20)
    return int((datetime.datetime.combine(day, datetime.time(11), JST) - now).total_seconds())


def mails(servers, who, start):
    """Those in somebody's inbox whose subject begins so, oldest first."""
    out = []
    with servers.mailbox(who) as box:
        _, found = box.search(None, "ALL")
        for n in found[0].split():
            raw = box.fetch(n, "(RFC822)")[1][0][1]
            m = email.message_from_bytes(raw, policy=email.policy.default)
            if str(m["Subject"]).startswith(start):
                out.append(m)
    return out


def body(m):
    return m.get_content().replace("\r", "")


def alarms(desk):
    return {(a["kind"], a["state"]) for a in desk.json("alarm", "list", check=False)["alarms"]}


def troubles(desk):
    """Those that are none of the test's clock."""
    return {(kind, state) for kind, state in alarms(desk) if kind != "clock"}


def later(desk, seconds):
    desk.call("clock.advance", seconds=seconds)


def ticks(desk):
    return int(re.search(r"^madoguchi_loop_ticks_total (\d+)$", desk.call("metrics")["text"], re.M)[1])


def poison(servers, desk, number):
    servers.deliver("hanako@customer.example", Desk.ADDRESS, (
        b"From: hanako@customer.example\r\nTo: support@example.jp\r\nSubject: poison\r\n"
        b"Message-ID: <poison%d@customer.example>\r\nX-Mdg-Test: crash\r\n\r\nx\r\n" % number))
    return wait_until("the error ticket", lambda: desk.query(
        "SELECT number FROM ticket WHERE state = 'error' ORDER BY number DESC"), 120, desk.alive)[0][0]


def test_all_is_well_at_first(desk):
    assert desk.run("status", "--check").returncode == 0
    assert desk.run("alarm", "list").returncode == 0
    shown = desk.json("alarm", "set")
    assert shown["to"] == [ADMIN] and shown["heartbeat"] == "09:00"


def test_nothing_is_mailed_while_sending_is_off(desk, own_servers):
    poison(own_servers, desk, 1)
    wait_until("the alarm", lambda: ("quarantine", "raised") in alarms(desk), 60, desk.alive)
    later(desk, 55)
    assert desk.run("status", "--check", check=False).returncode == 1
    assert desk.run("alarm", "list", check=False).returncode == 1
    assert desk.query("SELECT count(*) FROM outbox") == [(0,)]
    assert desk.run("alarm", "test", check=False).returncode != 0


def test_alarms_come_by_the_second_account_in_one_mail(desk, own_servers):
    desk.run("alarm", "account", "--address", ALARM, "--ca", own_servers.ca_file, "--smtp-tls",
             "starttls", "--smtp", "%s:%d" % (own_servers.host, own_servers.submission_port),
             "--password-file", "-", text=PASSWORD)
    poison(own_servers, desk, 2)
    wait_until("both alarms", lambda: len(desk.json("alarm", "list", check=False)["alarms"]) == 2,
               60, desk.alive)
    desk.run("golive", "--mode", "internal")
    later(desk, 55)
    got = wait_until("the alarm mail", lambda: mails(own_servers, ADMIN, "【警報】"), 60, desk.alive)
    assert len(got) == 1
    assert ALARM in got[0]["From"] and got[0]["Auto-Submitted"] == "auto-generated"
    assert body(got[0]).count("取込エラー") == 2
    assert troubles(desk) == {("quarantine", "notified")}


def test_a_restart_neither_repeats_nor_forgets(desk, own_servers):
    offset_s = desk.call("queue", all=True)["now_s"] - int(time.time())
    desk.kill()
    desk.start(MDG_CLOCK_OFFSET=str(offset_s))       # its clock goes on
    later(desk, 50)
    before = ticks(desk)
    wait_until("a look at everything", lambda: ticks(desk) > before + 2, 30, desk.alive)
    assert troubles(desk) == {("quarantine", "notified")}
    poison(own_servers, desk, 3)
    wait_until("the third alarm", lambda: ("quarantine", "raised") in alarms(desk), 60, desk.alive)
    later(desk, 55)
    # told of so lately that it waits
    assert len(mails(own_servers, ADMIN, "【警報】")) == 1
    later(desk, 900)
    got = wait_until("the next alarm mail", lambda: len(mails(own_servers, ADMIN, "【警報】")) == 2
                     and mails(own_servers, ADMIN, "【警報】"), 60, desk.alive)
    assert body(got[1]).count("取込エラー") == 3 and "前回から" in body(got[1])
    # a jump of the clock is told too, here or in the next
    assert ("clock", "raised") in alarms(desk) or "時計" in body(got[1])


def test_what_is_over_is_said_once(desk, own_servers):
    for (number,) in desk.query("SELECT number FROM ticket WHERE state = 'error'"):
        desk.run("ticket", "close", number, "--as", "no_reply", check=False)
        desk.run("ticket", "close", number, check=False)
    wait_until("no error ticket", lambda: not [k for k, _ in alarms(desk) if k == "quarantine"],
               60, desk.alive)
    later(desk, 900)
    wait_until("the word of it", lambda: [m for s in ("【解決】", "【警報】") for m in
                                        mails(own_servers, ADMIN, s) if "解決したもの" in body(m)],
               60, desk.alive)
    assert desk.query("SELECT count(*) FROM alarm WHERE kind = 'quarantine'"
                      " AND state <> 'cleared'") == [(0,)]


def test_another_account_takes_over(desk, own_servers):
    dead = free_ports(1)[0]
    desk.run("alarm", "account", "--name", "dead", "--address", "dead@watch.example", "--smtp",
             "127.0.0.1:%d" % dead, "--smtp-tls", "none", "--password-file", "-", text="x")
    desk.run("alarm", "test")
    later(desk, 310)
    got = wait_until("the rerouted alarm", lambda: mails(own_servers, ADMIN, "【テスト】"), 60,
                     desk.alive)
    assert len(got) == 1 and "dead" in body(got[0]) and "dead@" not in got[0]["From"]
    desk.run("alarm", "set", "--mailbox", "alarm")
    desk.run("mailbox", "remove", "dead")


def test_the_daily_report_carries_the_head_of_the_chain(desk, own_servers):
    now_s = desk.call("queue", all=True)["now_s"] + 9 * 3600      # in Japan
    later(desk, 86400 - now_s % 86400 + 9 * 3600 + 600)           # ten past nine tomorrow
    got = wait_until("the report", lambda: [m for s in ("【正常】", "【警報 ") for m in
                                            mails(own_servers, LEAD, s)], 60, desk.alive)
    assert len(got) == 1 and len(mails(own_servers, ADMIN, str(got[0]["Subject"]))) == 1
    head = re.search(r"^([0-9a-f]{64})$", body(got[0]), re.M).group(1)
    said = desk.json("audit", "verify", "--head", head)
    assert said["head_found"] and said["fault"] is None
    wrong = ("0" if head[0] != "0" else "1") + head[1:]
    assert desk.run("audit", "verify", "--head", wrong, check=False).returncode == 65
    assert not mails(own_servers, "sato@example.jp", "【")


def test_a_mailbox_that_is_not_read_is_an_alarm(desk, own_servers):
    own_servers.stop_smtp()
    own_servers.stop_imap()
    try:
        later(desk, 1000)      # a jump: silence before it does not count
        later(desk, 50)
        wait_until("the jump", lambda: "clock" in {k for k, _ in alarms(desk)}, 30, desk.alive)
        assert "fetch" not in {k for k, _ in alarms(desk)}
        for _ in range(20):    # a thousand seconds as they pass
            later(desk, 50)
            before = ticks(desk)
            wait_until("a tick", lambda b=before: ticks(desk) > b, 30, desk.alive)
        wait_until("the alarm", lambda: "fetch" in {k for k, _ in alarms(desk)}, 60, desk.alive)
    finally:
        own_servers.start_imap()
        own_servers.start_smtp()


def test_metrics_are_prometheus_text_and_in_the_manual(desk):
    text = desk.run("metrics").stdout
    with open(os.path.join(os.path.dirname(__file__), "..", "..", "contrib", "man", "madoguchi.1"),
              encoding="utf-8") as f:
        known = set(re.findall(r"^\.It Va (madoguchi_\w+)$", f.read(), re.M))
    names = set()
    for line in text.splitlines():
        if line.startswith("# "):
            assert re.fullmatch(r"# (HELP|TYPE) madoguchi_\w+ .+", line), line
            names.add(line.split()[2])
        else:
            assert re.fullmatch(r'madoguchi_\w+(\{\w+="[^"\n]*"(,\w+="[^"\n]*")*\})? -?\d+', line)
    assert names == known
    assert re.search(r'madoguchi_mailbox_last_fetch_timestamp_seconds\{mailbox="support@example.jp"'
                     r',folder="INBOX"\} [1-9]\d+', text)


def test_an_alarm_that_comes_back_is_told_of_and_is_no_inquiry(desk, own_servers):
    tickets = desk.query("SELECT count(*) FROM ticket")
    desk.run("alarm", "set", "--mailbox", Desk.ADDRESS, "--to", "nobody@example.jp")
    desk.run("alarm", "test")
    wait_until("the report", lambda: desk.query(
        "SELECT 1 FROM event WHERE kind = 'alarm.answered'"), 90, desk.alive)
    wait_until("the word of it", lambda: "unheard" in {k for k, _ in alarms(desk)}, 60, desk.alive)
    assert desk.query("SELECT count(*) FROM ticket") == tickets
    assert "通知" in desk.run("status").stdout
    # each that came back is kept (a real alarm may go out beside the test), and the mailbox balances
    kept, answered = desk.query(
        "SELECT (SELECT count(*) FROM delivery d JOIN raw r ON r.id = d.raw_id"
        " WHERE d.state = 'done' AND d.message_id IS NULL),"
        " (SELECT count(*) FROM event WHERE kind = 'alarm.answered')")[0]
    assert kept == answered >= 1
    assert desk.run("reconcile").returncode == 0


def test_status_says_what_a_worker_meets_now(desk):
    def problem():
        return next(f["problem"] for f in desk.json("status")["folders"]
                    if f["mailbox"] == Desk.ADDRESS and f["role"] == "intake")

    assert problem() == ""
    desk.run("mailbox", "password", Desk.ADDRESS, "--password-file", "-", text="wrong")
    wait_until("the refusal", problem, 60, desk.alive)
    assert "ログイン" in problem() or "パスワード" in problem()
    assert problem() in desk.run("mailbox", "list").stdout
    desk.run("mailbox", "password", Desk.ADDRESS, "--password-file", "-", text=PASSWORD)
    wait_until("all is well", lambda: not problem(), 120, desk.alive)
