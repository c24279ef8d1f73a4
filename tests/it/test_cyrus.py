"""The desk on another real IMAP server than Dovecot."""
import os
import shutil
import tempfile

import pytest
from cyrus import Cyrus
from desk import Desk
from servers import wait_until

PASSWORD = "desk-secret"
TARO = "taro@customer.example"


@pytest.fixture(scope="module", name="place")
def fixture_place():
    folder = tempfile.mkdtemp(prefix="madoguchi-cy.")
    os.chmod(folder, 0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module", name="server")
def fixture_server(place):
    with Cyrus(place + "/server") as s:
        s.add_user(Desk.ADDRESS, PASSWORD)
        yield s


@pytest.fixture(scope="module", name="desk")
def fixture_desk(place, server, build_dir):
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    with Desk(place + "/desk", build_dir) as d:
        d.init()
        d.start()
        d.run("mailbox", "add", "--window", "support", "--address", Desk.ADDRESS,
              "--imap", "%s:%d" % (server.host, server.imaps_port), "--imap-tls", "implicit",
              "--smtp", "%s:%d" % (server.host, server.lmtp_port), "--ca", server.ca_file,
              "--since", "all", "--password-file", "-", text=PASSWORD)
        yield d


def mail(number):
    return ("From: %s\r\nTo: %s\r\nSubject: mail %d\r\nMessage-ID: <cy%d@customer.example>\r\n"
            "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            "返品したいです。\r\n" % (TARO, Desk.ADDRESS, number, number)).encode()


def arrives(desk, number):
    wait_until("mail %d in the desk%s" % (number, desk.log_tail()), lambda: desk.query(
        "SELECT 1 FROM message WHERE message_id = ?1 AND text LIKE '返品%'",
        "cy%d@customer.example" % number), 60, desk.alive)


def test_mail_comes_in_before_and_after_the_connection(desk, server):
    for number in range(1, 6):
        server.deliver(TARO, Desk.ADDRESS, mail(number))
        arrives(desk, number)
    assert desk.delivered() == 5


def test_what_is_there_is_proved(desk):
    assert desk.run("reconcile").returncode == 0
    names = {r["name"] for r in desk.json("folder", "list", Desk.ADDRESS)["folders"]}
    assert {"INBOX", "Sent"} <= names


def test_a_mail_that_goes_from_the_server_stays_in_the_desk(desk, server):
    with server.mailbox(Desk.ADDRESS) as box:
        box.uid("STORE", "1:2", "+FLAGS", "\\Deleted")
        box.expunge()
    server.deliver(TARO, Desk.ADDRESS, mail(6))
    arrives(desk, 6)
    assert desk.delivered() == 6
