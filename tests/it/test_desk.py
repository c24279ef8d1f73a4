"""The whole desk on real servers: the way of a mail, and what may go wrong."""
import base64
import errno
import os
import smtplib
import subprocess

import pytest
from desk import Desk
from servers import Servers, wait_until

PASSWORD = "desk-secret"


def mail(number, sender="hanako@customer.example", extra=b"", body="返品したいです。\r\n".encode()):
    return (b"From: " + sender.encode() + b"\r\nTo: support@example.jp\r\nSubject: mail %d\r\n"
            b"Message-ID: <it%d@customer.example>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0900\r\n"
            b"MIME-Version: 1.0\r\n" % (number, number) +
            (extra or b"Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n")
            + b"\r\n" + body)


@pytest.fixture(scope="module")
def own_servers(place):
    with Servers(place + "/servers") as s:
        s.add_user(Desk.ADDRESS, PASSWORD)
        s.add_user("hanako@customer.example", "x")
        yield s


@pytest.fixture(scope="module")
def desk(place, own_servers, build_dir):
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    with Desk(place + "/desk", build_dir) as d:
        d.init()
        d.start()
        d.add_mailbox(own_servers, Desk.ADDRESS, PASSWORD)
        yield d


def arrives(desk, number):
    """(delivery state, ticket number) of a mail, as soon as it is known."""
    def look():
        rows = desk.query("SELECT t.number FROM message m JOIN ticket t ON t.id = m.ticket_id"
                          " WHERE m.message_id = ?1", "it%d@customer.example" % number)
        return rows and rows[0][0]
    return wait_until("mail %d in the desk%s" % (number, ""), look, 60, desk.alive)


def send(servers, number, **kw):
    servers.deliver("hanako@customer.example", Desk.ADDRESS, mail(number, **kw))


def test_a_mail_becomes_a_ticket(desk, own_servers):
    send(own_servers, 1)
    number = arrives(desk, 1)
    shown = desk.json("ticket", "show", number)
    assert "返品したいです。" in str(shown)


def test_a_restart_fetches_nothing_twice(desk, own_servers):
    desk.stop()
    send(own_servers, 2)
    desk.start()
    arrives(desk, 2)
    assert desk.query("SELECT count(*) FROM message WHERE message_id = ?1",
                      "it1@customer.example") == [(1,)]
    assert desk.run("reconcile").returncode == 0


def test_a_killed_core_comes_back_whole(desk, own_servers):
    desk.kill()
    send(own_servers, 3)
    desk.start()
    arrives(desk, 3)
    assert desk.run("audit", "verify").returncode == 0


def test_an_empty_mail_is_a_ticket_too(desk, own_servers):
    own_servers.deliver("hanako@customer.example", Desk.ADDRESS, b"\r\n")
    before = desk.delivered()
    send(own_servers, 4)
    arrives(desk, 4)
    wait_until("the empty mail", lambda: desk.delivered() >= before + 1, alive=desk.alive)


def test_ten_thousand_nested_parts_stop_nobody(desk, own_servers):
    depth = 10000
    body = b"".join(b'--b%d\r\nContent-Type: multipart/mixed; boundary="b%d"\r\n\r\n' % (i, i + 1)
                    for i in range(depth)) + b"--b%d\r\n\r\ndeep\r\n" % depth
    before = desk.delivered()
    send(own_servers, 5, extra=b'Content-Type: multipart/mixed; boundary="b0"\r\n', body=body)
    send(own_servers, 6)
    arrives(desk, 6)
    wait_until("the nested mail", lambda: desk.delivered() >= before + 2, 60, desk.alive)


@pytest.mark.usefixtures("build_with_faults")
@pytest.mark.parametrize("number, trick", [(50, b"crash"), (60, b"stall")])
def test_a_mail_that_kills_its_parser_stops_nobody(desk, own_servers, number, trick):
    """Only that one becomes an error ticket; those in flight with it do not count."""
    for k in range(number + 1, number + 5):
        send(own_servers, k)
    send(own_servers, number, extra=b"X-Mdg-Test: " + trick + b"\r\n")
    for k in range(number + 5, number + 9):
        send(own_servers, k)
    bad = wait_until("the error ticket", lambda: desk.query(
        "SELECT t.subject, m.from_name FROM ticket t JOIN message m ON m.ticket_id = t.id"
        " WHERE t.state = 'error' AND t.subject = ?1", "mail %d" % number), 120, desk.alive)
    assert bad == [("mail %d" % number, "hanako@customer.example")]
    for k in [*range(number + 1, number + 5), *range(number + 5, number + 9)]:
        arrives(desk, k)
    assert desk.query("SELECT count(*) FROM ticket WHERE state = 'error' AND subject LIKE 'mail _'"
                      " AND subject <> ?1", "mail %d" % number)[0][0] == 0


def test_sixty_megabytes_pass_in_bounded_memory(desk, own_servers):
    line = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5\r\n"
    body = b"--b\r\n\r\nbig\r\n--b\r\nContent-Type: application/zip; name=\"big.zip\"\r\n" \
           b"Content-Transfer-Encoding: base64\r\n\r\n" + line * (60000000 // len(line)) + b"--b--\r\n"
    send_big = mail(7, extra=b'Content-Type: multipart/mixed; boundary="b"\r\n', body=body)
    # past smtpd's limit of 35 MB: straight into the mailbox

    with smtplib.LMTP(own_servers.host, own_servers.lmtp_port) as lmtp:
        lmtp.sendmail("hanako@customer.example", Desk.ADDRESS, send_big)
    send(own_servers, 8)
    arrives(desk, 8)
    arrives(desk, 7)
    with open("/proc/%d/status" % desk.pid, encoding="utf-8") as f:
        peak_kb = int(next(r for r in f if r.startswith("VmHWM")).split()[1])
    assert peak_kb < 150000


def test_the_server_goes_away_and_comes_back(desk, own_servers):
    own_servers.stop_smtp()     # or it would wait for minutes after losing LMTP
    own_servers.stop_imap()
    said = desk.run("mailbox", "test", Desk.ADDRESS, check=False)
    assert said.returncode != 0 and str(own_servers.imaps_port) in said.stdout + said.stderr
    own_servers.start_imap()
    own_servers.start_smtp()
    send(own_servers, 9)
    arrives(desk, 9)


@pytest.mark.parametrize("host,password,words", [
    ("127.0.0.1", "wrong", ("ログイン",)),
    ("127.0.0.2", PASSWORD, ("証明書",)),
])
def test_mailbox_test_says_what_is_wrong(desk, own_servers, host, password, words):
    name = "bad-%s" % host
    desk.add_mailbox(own_servers, Desk.ADDRESS, password, host=host, name=name)
    said = desk.run("mailbox", "test", name, check=False)
    desk.run("mailbox", "remove", name)
    assert said.returncode != 0
    assert all(w in said.stdout + said.stderr for w in words), said.stdout + said.stderr
    assert desk.alive()


@pytest.fixture
def impatient_desk(desk):
    """The desk, waiting three seconds where it otherwise waits for half a minute."""
    desk.stop()
    desk.start(MDG_NET_TIMEOUT_MS="3000")
    yield desk
    desk.stop()
    desk.start()


@pytest.mark.usefixtures("build_with_faults")
@pytest.mark.parametrize("imap,smtp,advice", [
    ("starttls:imaps", "starttls:submission", "implicit"),
    ("implicit:imaps", "starttls:submissions", "implicit"),
    ("implicit:imap", "starttls:submission", "starttls"),
    ("implicit:imaps", "implicit:submission", "starttls"),
])
def test_mailbox_test_knows_a_port_of_the_other_kind_of_tls(impatient_desk, own_servers, imap,
                                                            smtp, advice):
    desk, args = impatient_desk, []
    for option, which in (("--imap", imap), ("--smtp", smtp)):
        tls, port = which.split(":")
        args += [option, "%s:%d" % (own_servers.host, getattr(own_servers, port + "_port")),
                 option + "-tls", tls]
    desk.run("mailbox", "add", "--window", "support", "--address", Desk.ADDRESS, "--name", "ports",
             *args, "--ca", own_servers.ca_file, "--password-file", "-", text=PASSWORD)
    said = desk.run("mailbox", "test", "ports", check=False)
    desk.run("mailbox", "remove", "ports")
    assert said.returncode != 0
    assert advice in said.stdout.lower(), said.stdout + said.stderr


def test_a_backup_where_the_service_may_not_write_says_what_to_allow(desk, place):
    folder = place + "/sealed"
    os.makedirs(folder)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", folder], check=False,
                      capture_output=True).returncode != 0:
        pytest.skip("needs to mount a file system")
    said = desk.run("backup", folder + "/copy.db", check=False)
    subprocess.run(["umount", "-l", folder], check=True)
    assert said.returncode != 0
    assert "ReadWritePaths=" + folder in said.stderr


def test_a_second_daemon_on_the_same_store_is_refused(desk):
    other = subprocess.run([desk.build + "/src/madoguchid", "--config", desk.config], timeout=120,
                           env=desk.env, capture_output=True, text=True, check=False)
    assert other.returncode != 0 and other.stderr.strip()
    assert desk.alive()


def test_an_unknown_key_names_file_line_and_choices(desk, place):
    path = place + "/bad.conf"
    with open(desk.config, encoding="utf-8") as f, open(path, "w", encoding="utf-8") as out:
        out.write(f.read() + "pol_s = 60\n")
    lines = len(open(path, encoding="utf-8").readlines())
    said = subprocess.run([desk.build + "/src/madoguchid", "--config", path], timeout=120,
                          env=desk.env, capture_output=True, text=True, check=False)
    assert said.returncode != 0
    assert path in said.stderr and str(lines) in said.stderr and "poll_s" in said.stderr


@pytest.fixture(scope="module")
def small_disk(place):
    """A file system of a few megabytes."""
    folder = place + "/small"
    os.makedirs(folder)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder],
                          capture_output=True, check=False)
    if made.returncode != 0:
        pytest.skip("needs to mount a file system")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(path):
    """Takes all the room there is."""
    with open(path, "wb", buffering=0) as f:
        try:
            while f.write(bytes(4096)):
                pass
        except OSError as e:
            assert e.errno == errno.ENOSPC


def past_smtpd(servers, address, raw):
    """Straight into the mailbox: smtpd still waits for the server that went away."""
    with smtplib.LMTP(servers.host, servers.lmtp_port) as lmtp:
        lmtp.sendmail("hanako@customer.example", address, raw)


def test_a_full_disk_loses_no_mail(small_disk, own_servers, build_dir):
    """The daemon says so and waits; with room again every mail comes, once."""
    address, numbers = "full@example.jp", range(900, 906)
    own_servers.add_user(address, PASSWORD)
    with Desk(small_disk, build_dir) as d:
        d.log = small_disk + ".log"
        d.init()
        d.start()
        d.add_mailbox(own_servers, address, PASSWORD)
        past_smtpd(own_servers, address, mail(899))
        arrives(d, 899)
        fill(small_disk + "/filler")
        for k in numbers:
            past_smtpd(own_servers, address,
                       mail(k, body=base64.encodebytes(os.urandom(60000))))
        wait_until("word of the full disk", lambda: "intake waits" in d.log_tail(1000), 60, d.alive)
        # what it can, it still does
        assert d.run("status").returncode == 0
        assert d.run("ticket", "list").returncode == 0
        os.remove(small_disk + "/filler")
        for k in numbers:
            arrives(d, k)
        assert d.query("SELECT count(*), count(DISTINCT message_id) FROM message") == [(7, 7)]
        assert d.run("reconcile").returncode == 0
        assert d.run("audit", "verify").returncode == 0


def test_commands_for_what_browsers_do(desk, own_servers, place):
    """A mail as it came, a draft's file, a rule in another form, a year, a trial, a course."""
    raw = mail(901)
    own_servers.deliver_all([("hanako@customer.example", Desk.ADDRESS, raw)])
    ticket = arrives(desk, 901)
    message = desk.json("ticket", "show", ticket)["messages"][0]["id"]
    out = place + "/m.eml"
    desk.run("mail", "raw", message, "--output", out)
    with open(out, "rb") as f:
        assert raw in f.read().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    desk.run("user", "add", "kaku", "--name", "書く", "--email", "kaku@example.jp", "--window", "support")
    draft = desk.json("draft", "new", ticket, "--subject", "x", "--body-file", "-", as_="kaku",
                      text="本文")["draft"]
    with open(place + "/a.txt", "w", encoding="utf-8") as f:
        f.write("添付\n")
    file = desk.json("draft", "attach", draft, place + "/a.txt", as_="kaku")["upload"]
    saved = place + "/b.txt"
    desk.run("draft", "file", "%d.%d" % (draft, file), "--output", saved)
    with open(saved, encoding="utf-8") as f:
        assert f.read() == "添付\n"
    assert desk.run("draft", "file", "%d.%d" % (draft, file + 9), check=False).returncode != 0
    desk.run("draft", "discard", draft, as_="kaku")
    rule = desk.json("auto", "add", "support", "--name", "前", "--on", "arrival",
                     "--if", "subject contains 解約", "--do", "priority high")["rule"]
    desk.run("auto", "set", rule, "--window", "support", "--name", "後", "--on", "arrival",
             "--if", "subject contains 退会", "--do", "label 退会", "--stop")
    (now,) = [r for r in desk.json("auto", "list", "support")["rules"] if r["rule"] == rule]
    assert (now["name"], now["conditions"], now["actions"], now["stop"]) == (
        "後", "subject contains 退会", "label 退会", True)
    desk.run("auto", "remove", rule, "--window", "support")
    year = desk.run("window", "calendar", "support", "--year", 2027).stdout.splitlines()
    assert len(year) == 365 and year[0] == "2027-01-01  -" and "2027-02-11  -  建国記念の日" in year
    assert "2027-05-06  09:00-18:00" in year
    with open(place + "/p.json", "w", encoding="utf-8") as f:
        f.write('{"first_response_min": 1}')
    tried = desk.json("window", "try", "support", "--policy", place + "/p.json", "--days", 5)
    assert tried["tickets"] >= 1 and "first_response" in tried["kinds"]
    assert "試算" not in desk.run("window", "try", "support", "--policy", place + "/p.json").stdout
    course = desk.run("report", "course", "--csv", "--encoding", "cp932").stdout
    assert course.startswith('"day","received","closed","open"') and len(course.splitlines()) == 31
    assert desk.run("report", "course", "--encoding", "euc", check=False).returncode == 64
    assert "--provider" in desk.run("mailbox", "oauth", Desk.ADDRESS, check=False).stderr


def test_a_table_of_customers_says_in_words_what_became_of_a_row(desk, place):
    with open(place + "/customers.csv", "w", encoding="utf-8") as f:
        f.write("アドレス,氏名,電話番号\ntaro@customer.example,太郎,312345678\nnoaddr,次郎,\n")
    took = desk.run("customer", "csv-in", place + "/customers.csv", check=False)
    assert took.returncode == 65 and "取り込めない行 1" in took.stdout
    rows = [line.split()[:2] for line in took.stdout.splitlines()[1:3]]
    assert rows == [["2", "補足"], ["3", "取り込み不可"]], took.stdout
