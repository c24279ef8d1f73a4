"""A Dovecot that hands a quiet connection over to a small process (imap-hibernate)."""
import os
import shutil
import smtplib
import subprocess
import tempfile

import pytest
from desk import Desk
from servers import DOVECOT_HIBERNATES, Servers, wait_until

PASSWORD = "desk-secret"
MAIL = ("From: taro@customer.example\r\nTo: support@example.jp\r\nSubject: mail %d\r\n"
        "Message-ID: <h%d@customer.example>\r\n\r\nhello\r\n")


@pytest.fixture(scope="module", name="place")
def fixture_place(build_dir):
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    folder = tempfile.mkdtemp(prefix="madoguchi-it.")
    os.chmod(folder, 0o711)
    try:
        with Servers(folder + "/servers", smtp=False, conf=DOVECOT_HIBERNATES) as servers, \
                Desk(folder + "/desk", build_dir) as desk:
            servers.add_user(Desk.ADDRESS, PASSWORD)
            desk.init()
            desk.start()
            desk.add_mailbox(servers, Desk.ADDRESS, PASSWORD)
            yield servers, desk
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def processes(servers, name):
    """How many of Dovecot's have the name."""
    with open(servers.dir + "/dovecot/master.pid", encoding="ascii") as f:
        return len(subprocess.run(["pgrep", "-P", f.read().strip(), "-x", name], check=False,
                                  stdout=subprocess.PIPE).stdout.split())


def wait_for_quiet(servers, desk):
    wait_until("an IDLE handed over", lambda: processes(servers, "imap-hibernate")
               and not processes(servers, "imap"), 60, desk.alive)


def deliver(servers, n):
    with smtplib.LMTP(servers.host, servers.lmtp_port) as lmtp:
        lmtp.sendmail("taro@customer.example", Desk.ADDRESS, (MAIL % (n, n)).encode())


def test_mail_wakes_the_connection_each_time(place):
    servers, desk = place
    wait_until("the mailbox", lambda: processes(servers, "imap"), 60, desk.alive)
    for n in range(1, 4):
        wait_for_quiet(servers, desk)
        deliver(servers, n)
        wait_until("mail %d" % n, lambda: desk.delivered() == n, 60, desk.alive)  # noqa: B023
    assert len(desk.json("ticket", "list")["tickets"]) == 3


def test_a_dovecot_that_is_gone_meanwhile_is_asked_again(place):
    servers, desk = place
    before = desk.delivered()
    wait_for_quiet(servers, desk)
    servers.stop_imap()
    servers.start_imap()
    deliver(servers, 10)
    wait_until("the mail", lambda: desk.delivered() == before + 1, 120, desk.alive)
