"""The whole desk on a PostgreSQL store, a private server that the test starts."""
import contextlib
import email
import email.policy
import os
import shutil
import signal
import subprocess

import pytest
from desk import Desk, DeskError
from postgres import Postgres, bin_dir
from servers import Servers, wait_until

PASSWORD = "desk-secret"
CUSTOMER = "hanako@customer.example"
TEXT = "山田様\n\nお問い合わせありがとうございます。\n返品を承りました。\n"


def mail(number, body="返品したいです。\r\n"):
    return ("From: 山田 花子 <%s>\r\nTo: support@example.jp\r\nSubject: 返品 %d\r\n"
            "Message-ID: <pg%d@customer.example>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0900\r\n"
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\n%s" % (CUSTOMER, number, number, body)).encode()


@pytest.fixture(scope="module")
def own_servers(place):
    with Servers(place + "/servers") as s:
        s.add_user(Desk.ADDRESS, PASSWORD)
        s.add_user(CUSTOMER, "x")
        yield s


@pytest.fixture(scope="module")
def server(place, build_dir):
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    with open(build_dir + "/config.h", encoding="utf-8") as f:
        if "#define MDG_HAVE_PQ 1" not in f.read() or not bin_dir():
            pytest.skip("no PostgreSQL here")
    with Postgres(place + "/pg") as pg:
        yield pg


@pytest.fixture(scope="module")
def desk(place, own_servers, server, build_dir):
    server.create("desk")
    with Desk(place + "/desk", build_dir, postgres=(server, "desk")) as d:
        d.init()
        d.start()
        d.add_people()
        d.add_mailbox(own_servers, Desk.ADDRESS, PASSWORD)
        yield d


def arrives(desk, number):
    """The ticket's number, as soon as the mail has one."""
    def look():
        rows = desk.query("SELECT t.number FROM message m JOIN ticket t ON t.id = m.ticket_id"
                          " WHERE m.message_id = ?1", "pg%d@customer.example" % number)
        return rows and rows[0][0]
    return wait_until("mail %d in the desk" % number, look, 60, desk.alive)


def deliver(servers, number):
    servers.deliver(CUSTOMER, Desk.ADDRESS, mail(number))


def whole(desk):
    wait_until("reconciled", lambda: desk.run("reconcile", check=False).returncode == 0, 60,
               desk.alive)          # once it is connected again
    assert desk.run("audit", "verify").returncode == 0


def test_a_mail_becomes_a_ticket_and_is_found(desk, own_servers):
    deliver(own_servers, 1)
    number = arrives(desk, 1)
    assert "返品したいです。" in str(desk.json("ticket", "show", number))
    assert desk.json("ticket", "list")
    whole(desk)


def test_an_approved_reply_reaches_the_customer(desk, own_servers):
    number = arrives(desk, 1)
    assert desk.json("suggest", number, as_="sato")["ranked"]
    draft = desk.json("draft", "new", number, "--body-file", "-", as_="sato", text=TEXT)["draft"]
    desk.run("draft", "submit", draft, as_="sato")
    desk.run("approve", draft, as_="suzuki")
    desk.run("golive")
    raw = own_servers.wait_mails(CUSTOMER, 1, timeout_s=60)[0]
    reply = email.message_from_bytes(raw, policy=email.policy.default)
    assert "返品を承りました。" in reply.get_content()
    assert reply["In-Reply-To"] == "<pg1@customer.example>"
    wait_until("the result", lambda: desk.query("SELECT 1 FROM outbox WHERE state = 'sent'"),
               alive=desk.alive)
    assert desk.json("sla", "explain", number)["clocks"][0]["state"] == "met"
    whole(desk)


def test_a_killed_core_comes_back_whole(desk, own_servers):
    for number in range(10, 30):
        deliver(own_servers, number)
    arrives(desk, 10)
    desk.kill()
    deliver(own_servers, 30)
    desk.start()
    for number in range(10, 31):
        arrives(desk, number)
    assert desk.query("SELECT count(*), count(DISTINCT message_id) FROM message"
                      " WHERE direction = 'in'") == [(22, 22)]
    assert len(own_servers.mails(CUSTOMER)) == 1
    whole(desk)


def test_a_server_that_was_away_loses_no_mail(desk, own_servers, server):
    server.stop(signal.SIGQUIT)
    deliver(own_servers, 40)
    server.start()
    arrives(desk, 40)
    assert desk.alive()
    whole(desk)


def test_a_server_that_stands_still_stops_nobody_for_long(desk, own_servers, server):
    """Its connections stay, and it answers nobody: whoever asks is told."""
    with server.frozen():
        deliver(own_servers, 41)
        said = desk.run("status", check=False)
        assert said.returncode == 69 and "接続できません" in said.stderr, said
        with pytest.raises(DeskError, match="接続できません"):
            desk.call("comment.add", as_="sato", ticket=1, text="x")
        assert desk.alive()
    arrives(desk, 41)
    whole(desk)


@contextlib.contextmanager
def failing(desk, table, when, state, times=2):
    """So often, such a write to the table ends with this SQLSTATE."""
    desk.query("CREATE SEQUENCE trouble; CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql"
               " AS $$ BEGIN IF %s AND nextval('trouble') <= %d THEN"
               " RAISE 'trouble' USING ERRCODE = '%s'; END IF; RETURN NEW; END $$;"
               " CREATE TRIGGER trouble BEFORE INSERT OR UPDATE ON %s FOR EACH ROW"
               " EXECUTE FUNCTION trouble()" % (when, times, state, table))
    yield lambda: desk.query("SELECT last_value FROM trouble")[0][0]
    desk.query("DROP FUNCTION trouble CASCADE; DROP SEQUENCE trouble")


# a deadlock, a query that is called off, no memory, an error of the server's own
@pytest.mark.parametrize("state", ["40P01", "57014", "53200", "XX000"])
def test_no_mail_is_blamed_for_the_trouble_of_the_server(desk, own_servers, state):
    number = 60 + int(state, 36) % 100
    with failing(desk, "message", "NEW.direction = 'in'", state) as tries:
        deliver(own_servers, number)
        arrives(desk, number)
        assert tries() >= 3
    assert desk.query("SELECT count(*) FROM delivery WHERE state = 'quarantined'") == [(0,)]
    whole(desk)


@pytest.mark.parametrize("step,state", [
    ("sending", "40P01"), ("committing", "40P01"), ("sent", "40P01"), ("sent", "XX000")])
def test_no_reply_is_in_doubt_for_the_trouble_of_the_server(desk, own_servers, build_with_faults,  # pylint: disable=W0613
                                                            step, state):
    before = len(own_servers.mails(CUSTOMER))
    number = 200 + before
    deliver(own_servers, number)
    ticket = arrives(desk, number)
    with failing(desk, "outbox", "NEW.state = '%s'" % step, state) as tries:
        draft = desk.json("draft", "new", ticket, "--body-file", "-", as_="sato", text=TEXT)["draft"]
        desk.run("draft", "submit", draft, as_="sato")
        desk.run("approve", draft, as_="suzuki")
        wait_until("the result", lambda: desk.call("clock.advance", seconds=60) and desk.query(
            "SELECT state FROM outbox WHERE draft_id = ?1", draft) == [("sent",)], 60, desk.alive)
        assert tries() >= 3
    assert len(own_servers.wait_mails(CUSTOMER, before + 1, timeout_s=60)) == before + 1
    whole(desk)


def test_cleaning_behind_an_erasure_holds_nobody_up(desk, own_servers, server):
    """VACUUM waits for a table that is locked as long as we like; the desk does not."""
    own_servers.deliver("taro@other.example", Desk.ADDRESS, mail(50).replace(
        CUSTOMER.encode(), b"taro@other.example"))
    arrives(desk, 50)
    (who,) = desk.json("customer", "find", "taro@other.example")["customers"]
    with subprocess.Popen([server.bin + "/psql", "-X", "-q", "-c", "LOCK TABLE customer IN SHARE"
                           " UPDATE EXCLUSIVE MODE; SELECT pg_sleep(600)", server.url("desk")],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as lock:
        held = ("SELECT l.pid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
                " WHERE a.query LIKE 'LOCK TABLE%' AND l.granted AND l.relation ="
                " 'customer'::regclass")
        wait_until("the lock", lambda: desk.query(held), 60, desk.alive)
        desk.run("customer", "erase", who["customer"])
        wait_until("VACUUM at the lock", lambda: desk.query(
            "SELECT 1 FROM pg_stat_activity WHERE query = 'VACUUM' AND wait_event_type = 'Lock'"),
                   60, desk.alive)
        deliver(own_servers, 51)
        arrives(desk, 51)
        assert desk.query("SELECT count(*) FROM setting WHERE key = 'scrub'") == [(1,)]
        desk.query("SELECT pg_terminate_backend(%d)" % desk.query(held)[0][0])
        lock.wait(60)
    wait_until("clean tables", lambda: desk.query(
        "SELECT count(*) FROM setting WHERE key = 'scrub'") == [(0,)], 120, desk.alive)
    assert desk.query("SELECT 1 FROM customer_address WHERE key = 'taro@other.example'") == []
    whole(desk)


def test_backup_and_restore_say_what_to_use_instead(desk, place):
    said = desk.run("backup", place + "/copy.db", check=False)
    assert said.returncode != 0
    assert "pg_dump" in said.stderr
    assert not os.path.exists(place + "/copy.db")
    said = desk.run("restore", place + "/copy.db", check=False)
    assert said.returncode != 0
    assert "pg_restore" in said.stderr


def test_two_daemons_are_told_apart(desk, build_dir, place):
    """The second one leaves, says why, and does no harm."""
    with Desk(place + "/second", build_dir, postgres=desk.postgres) as second:
        shutil.copy(desk.dir + "/master.key", second.dir)
        shutil.copy(desk.config, second.config)
        with open(second.config, encoding="utf-8") as f:
            text = f.read().replace(desk.dir, second.dir)
        with open(second.config, "w", encoding="utf-8") as f:
            f.write(text)
        with pytest.raises(Exception, match="the process has ended"):
            second.start()
        assert desk.alive()


def test_root_sets_up_a_desk_where_the_socket_asks_who_knocks(server, place, build_dir):
    """As Debian sets PostgreSQL up: the account must bear the name of the role."""
    if os.geteuid() != 0:
        pytest.skip("only root may knock as somebody else")
    rules = server.dir + "/data/pg_hba.conf"
    with open(rules, encoding="utf-8") as f:
        former = f.read()
    with open(rules, "w", encoding="utf-8") as f:
        f.write("local all nobody peer\n" + former)
    server.query("postgres", "SELECT pg_reload_conf()")
    server.query("postgres", "CREATE ROLE nobody LOGIN")
    server.create("peer")
    server.query("postgres", "ALTER DATABASE peer OWNER TO nobody")
    conf = place + "/peer.conf"
    with open(conf, "w", encoding="utf-8") as f:
        f.write("store = postgresql://nobody@/peer?host=%s\nkey_file = %s/peer.key\n"
                % (server.dir, place))
    made = subprocess.run(
        [build_dir + "/src/madoguchi", "--config", conf, "init", "--yes", "--window-name", "窓口",
         "--address", "s@example.jp", "--admin-name", "管理", "--admin-email", "a@example.jp"],
        capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert server.query("peer", "SELECT tableowner FROM pg_tables WHERE tablename = 'ticket'") == [
        ("nobody",)]
