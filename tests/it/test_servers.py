"""The private servers themselves: what the other tests stand on."""
import imaplib
import os
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import uuid

import pytest
from servers import Servers, wait_until

MAIL = ("From: =?UTF-8?B?5bGx55Sw6Iqx5a2Q?= <hanako@customer.example>\r\n"
        "To: support@example.jp\r\nSubject: %s\r\nMessage-ID: <%s@customer.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=ISO-2022-JP\r\n"
        "Content-Transfer-Encoding: 7bit\r\n\r\n")
BODY = "お世話になっております。山田です。\r\n".encode("iso-2022-jp")


def new_mail():
    mark = uuid.uuid4().hex
    return mark, (MAIL % (mark, mark)).encode() + BODY


def with_mark(mails, mark):
    return [m for m in mails if mark.encode() in m]


def test_mail_sent_by_smtp_arrives_by_imap_over_verified_tls(servers):
    mark, raw = new_mail()
    servers.deliver("hanako@customer.example", "support@example.jp", raw)
    got = wait_until("the mail", lambda: with_mark(servers.mails("support@example.jp"), mark))
    assert len(got) == 1
    assert got[0].endswith(raw.split(b"\r\n\r\n", 1)[1])
    assert b"Received:" in got[0]


def test_submitted_mail_arrives(servers):
    mark, raw = new_mail()
    servers.submit("support@example.jp", "hanako@customer.example", raw)
    got = wait_until("the mail", lambda: with_mark(servers.mails("hanako@customer.example"), mark))
    assert len(got) == 1


def test_starttls_works_on_the_plain_imap_port(servers):
    box = imaplib.IMAP4(servers.host, servers.imap_port)
    box.starttls(servers.tls())
    box.login("support@example.jp", "desk-secret")
    box.logout()


def test_another_name_is_refused_by_a_client_that_checks(servers):
    with pytest.raises(ssl.SSLCertVerificationError):
        imaplib.IMAP4_SSL(servers.other_host, servers.imaps_port, ssl_context=servers.tls())


def test_another_authority_is_refused_by_a_client_that_checks(servers):
    with pytest.raises(ssl.SSLCertVerificationError):
        imaplib.IMAP4_SSL(servers.host, servers.imaps_port,
                          ssl_context=ssl.create_default_context())


def test_wrong_passwords_are_refused(servers):
    box = imaplib.IMAP4_SSL(servers.host, servers.imaps_port, ssl_context=servers.tls())
    with pytest.raises(imaplib.IMAP4.error):
        box.login("support@example.jp", "wrong")
    box.shutdown()
    with smtplib.SMTP(servers.host, servers.submission_port) as smtp:
        smtp.starttls(context=servers.tls())
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtp.login("support@example.jp", "wrong")


def test_submission_needs_a_login(servers):
    with smtplib.SMTP(servers.host, servers.submission_port) as smtp:
        smtp.starttls(context=servers.tls())
        with pytest.raises(smtplib.SMTPException):
            smtp.sendmail("x@example.jp", "hanako@customer.example", b"Subject: x\r\n\r\nx\r\n")


def test_implicit_tls_submission_works(servers):
    with smtplib.SMTP_SSL(servers.host, servers.submissions_port, context=servers.tls()) as smtp:
        smtp.login("support@example.jp", "desk-secret")


def test_an_unknown_recipient_bounces_to_the_sender(servers):
    mark, raw = new_mail()
    servers.deliver("hanako@customer.example", "nobody-here@customer.example", raw)
    got = wait_until("the bounce", lambda: [
        m for m in with_mark(servers.mails("hanako@customer.example"), mark)
        if b"delivery-status" in m])
    assert len(got) == 1


def test_a_big_mail_passes(servers):
    mark, raw = new_mail()
    raw += b"0123456789abcdef0123456789abcdef\r\n" * 200000
    servers.deliver("hanako@customer.example", "support@example.jp", raw)
    got = wait_until("the mail", lambda: with_mark(servers.mails("support@example.jp"), mark))
    assert len(got[0]) > len(raw)


def test_mailboxes_survive_a_restart_of_imap(servers):
    mark, raw = new_mail()
    servers.deliver("hanako@customer.example", "support@example.jp", raw)
    wait_until("the mail", lambda: with_mark(servers.mails("support@example.jp"), mark))
    servers.stop_imap()
    with pytest.raises(OSError):
        socket.create_connection((servers.host, servers.imaps_port), 1)
    servers.start_imap()
    assert with_mark(servers.mails("support@example.jp"), mark)


STARTER = """
import sys, time
sys.path.insert(0, sys.argv[1])
from servers import Servers
s = Servers(sys.argv[2]).start()
print(s.imaps_port, s.smtp_port, flush=True)
time.sleep(600)
"""


def test_servers_die_with_a_starter_that_is_killed(tmp_path):
    lib = os.path.dirname(sys.modules["servers"].__file__)
    home = Servers().dir                       # short, and passable for mail users
    starter = subprocess.Popen([sys.executable, "-c", STARTER, lib, home],
                               stdout=subprocess.PIPE, text=True)
    ports = [int(p) for p in starter.stdout.readline().split()]
    assert len(ports) == 2
    starter.send_signal(signal.SIGKILL)
    starter.wait()

    def all_gone():
        for port in ports:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return False
            except OSError:
                pass
        return True
    wait_until("the servers' end", all_gone)
    subprocess.run(["rm", "-rf", home], check=True)
