"""What administrators do, each thing to its end; each story has a desk of its
own, for its servers stop, its provider says no, and its clock runs on."""
import datetime
import itertools
import json
import os
import re
import sys

import pytest
from desk import Desk, has_faults
from mails import CUSTOMER, PASSWORD, mail
from servers import Servers, free_ports, wait_until

sys.path.insert(1, os.path.join(os.path.dirname(__file__), "..", "it"))
from tokenserver import TokenServer  # noqa: E402

turn = itertools.count()
SECOND, LEAVE = "second@example.jp", "leave@example.jp"


@pytest.fixture
def provider():
    server = TokenServer(LEAVE)
    yield server
    server.stop()


@pytest.fixture
def post(folder, provider):
    with Servers(folder + "/mail%d" % next(turn), tokeninfo_url=provider.tokeninfo_url) as s:
        for who in (Desk.ADDRESS, CUSTOMER, SECOND):
            s.add_user(who, "mail-secret")
        s.add_user(LEAVE, "the desk does not know it")
        provider.start_tls(s.dir + "/tls/server.pem", s.dir + "/tls/server.key")
        yield s


@pytest.fixture
def desk(folder, post, modules):
    with Desk(folder + "/office%d" % next(turn), web=True) as d:
        if not os.path.exists(d.env["MDG_UI"] + "/app.js"):
            pytest.skip("the UI is not built here")
        d.init()
        d.start()
        d.add_people()
        d.run("user", "add", "mori", "--name", "森 はるか", "--email", "mori@example.jp",
              "--window", "support", "--role", "operator")
        for login in ("sato", "suzuki", "mori", "admin"):
            d.run("user", "password", login, "--password-file", "-", text=PASSWORD)
        d.add_mailbox(post, Desk.ADDRESS, "mail-secret")
        post.deliver(CUSTOMER, Desk.ADDRESS, mail(1, "返金のお願い", "返金してください。"))
        wait_until("the mail", lambda: d.delivered() == 1, 120, d.alive)
        d.run("golive")
        d.wait_web()
        yield d


@pytest.fixture
def writes(post):
    numbers = iter(range(100, 1000))
    return lambda to, subject: lambda: post.deliver(
        CUSTOMER, to, mail(next(numbers), subject, "よろしくお願いします。"))


def test_a_mail_account_is_put_right_where_it_was_typed(browser, desk, post, provider, writes):
    def revoke():
        provider.refuse = "invalid_grant"
        provider.revoke_access()
        if has_faults(desk.build):
            desk.call("clock.advance", seconds=3 * 3600)
        post.stop_smtp()
        post.stop_imap()
        post.start_imap()
        post.start_smtp()

    def again():
        provider.refuse = None
        writes(LEAVE, "もう一度の許可のあとのメール")()

    print(browser("accounts", servers=json.dumps({
        "host": post.host, "other": post.other_host, "imaps": post.imaps_port, "ca": post.ca_file,
        "submission": post.submission_port, "closed": free_ports(1)[0]}),
        provider=json.dumps({"url": provider.url, "client": provider.CLIENT_ID}),
        asks={"second": writes(SECOND, "二つめの宛先へ"), "late": provider.let_codes_end,
              "moved": writes(SECOND, "引っ越しのあとのメール"),
              "granted": writes(LEAVE, "許可のあとのメール"), "revoke": revoke, "again": again}))


def test_what_people_may_not_do_is_not_there_or_says_why(browser, desk):
    desk.run("user", "add", "kobayashi", "--name", "小林 薫", "--email", "kobayashi@example.jp",
             "--window", "support", "--role", "admin")
    desk.run("user", "password", "kobayashi", "--password-file", "-", text=PASSWORD)
    browser("limits")


def test_an_administrators_year_at_the_desk(browser, desk, post, writes):
    if not has_faults(desk.build):
        pytest.skip("moves the clock: needs --enable-faults")
    copy = desk.dir + "/copy.db"

    def later(seconds):
        return lambda: desk.call("clock.advance", seconds=seconds)

    def quarter():
        """A thousand seconds as they pass, not as a clock that jumps."""
        def ticks():
            return int(re.search(r"^madoguchi_loop_ticks_total (\d+)$", desk.call("metrics")["text"], re.M)[1])
        for _ in range(20):
            before = ticks()
            later(50)()
            wait_until("a tick", lambda b=before: ticks() > b, 60, desk.alive)

    def december():
        """Of next year: a new desk has the closed days of two."""
        now = datetime.datetime.now(datetime.timezone.utc)
        then = datetime.datetime(now.year + 1, 12, 2, tzinfo=now.tzinfo)
        later(int((then - now).total_seconds()))()

    print(browser("office", file=copy, asks={
        "unlabelled": writes(Desk.ADDRESS, "返金はまだですか"),
        "labelled": writes(Desk.ADDRESS, "返金をいただきました"),
        "hours": later(2 * 3600), "quarter": quarter, "december": december,
        "silent": post.stop_imap, "back": post.start_imap}))
    # the copy holds what was there, and is accepted in place of the store
    tickets = desk.query("SELECT count(*) FROM ticket")
    desk.stop()
    desk.run("restore", copy)
    assert desk.query("SELECT count(*) FROM ticket") == tickets
    desk.start()
    assert desk.run("audit", "verify").returncode == 0
