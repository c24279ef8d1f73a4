"""Mailboxes without a password: access by OAuth 2.0, on a real Dovecot."""
import json
import os
import subprocess

import pytest
from desk import Desk, has_faults
from servers import Servers, wait_until
from test_desk import arrives, mail
from tokenserver import TokenServer

BOX = "support@example.jp"


@pytest.fixture(scope="module")
def tokens():
    server = TokenServer(BOX)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def own_servers(place, tokens):
    with Servers(place + "/servers", tokeninfo_url=tokens.tokeninfo_url) as s:
        s.add_user(BOX, "the desk does not know it")
        s.add_user("hanako@customer.example", "x")
        tokens.start_tls(s.dir + "/tls/server.pem", s.dir + "/tls/server.key")
        yield s


@pytest.fixture(scope="module")
def desk(place, own_servers, build_dir):
    with Desk(place + "/desk", build_dir) as d:
        d.init()
        d.start()
        d.add_people()
        d.run("mailbox", "add", "--window", "support", "--address", BOX, "--name", BOX,
              "--imap", "%s:%d" % (own_servers.host, own_servers.imaps_port),
              "--smtp", "%s:%d" % (own_servers.host, own_servers.submission_port),
              "--ca", own_servers.ca_file, "--since", "all", "--auth", "oauth2")
        yield d


def options(tokens, servers, flow):
    return ["--provider", "other", "--flow", flow, "--client-id", tokens.CLIENT_ID,
            "--token-url", tokens.url + "/token", "--device-url", tokens.url + "/device",
            "--authorize-url", tokens.url + "/authorize", "--ca", servers.ca_file,
            "--scope", "mail offline_access"]


def authorize(desk, words, talk):
    """Runs `mailbox authorize --json`; talk(first line, process) is the person."""
    argv = [desk.build + "/src/madoguchi", "mailbox", "authorize", BOX, *words, "--json",
            "--config", desk.config]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, env=desk.env) as p:
        first = ""
        while not first.endswith("}\n") and p.poll() is None:
            first += p.stdout.readline()
        answer = talk(json.loads(first)) if first.strip() else None
        _, errors = p.communicate(answer, timeout=120)
        return p.returncode, errors


def deliver(servers, desk, number):
    servers.deliver("hanako@customer.example", BOX, mail(number))
    return arrives(desk, number)


def state(desk):
    return desk.call("mailbox.oauth.show", name=BOX)["state"]


def renewals(tokens):
    return tokens.asked.count("refresh_token")


def test_a_mailbox_that_nobody_authorized_says_what_to_do(desk):
    done = desk.run("mailbox", "test", BOX, check=False)
    assert done.returncode != 0
    assert "madoguchi mailbox authorize " + BOX in done.stdout


def test_a_device_code_is_typed_elsewhere_and_mail_comes_in(desk, own_servers, tokens):
    def person(said):
        assert said["user_code"] == "ABCD-EFGH"
        wait_until("a first answer without a grant", lambda: len(tokens.asked) > 0)
        tokens.grant_devices()
    status, errors = authorize(desk, options(tokens, own_servers, "device"), person)
    assert status == 0, errors
    assert state(desk) == "ok"
    assert deliver(own_servers, desk, 1)
    assert "OK" in desk.run("mailbox", "test", BOX).stdout


def test_a_reply_goes_out_with_the_same_access(desk, own_servers):
    number = arrives(desk, 1)
    desk.run("golive")
    draft = desk.json("draft", "new", number, "--body-file", "-", as_="sato",
                      text="お問い合わせありがとうございます。確認してご連絡いたします。")["draft"]
    desk.run("draft", "submit", draft, as_="sato")
    desk.run("approve", draft, as_="suzuki")
    if has_faults(desk.build):
        desk.call("clock.advance", seconds=120)
    assert own_servers.wait_mails("hanako@customer.example", 1)


@pytest.mark.usefixtures("build_with_faults")
def test_access_is_renewed_once_before_it_ends_and_the_rotated_token_is_kept(desk, own_servers, tokens):
    before = renewals(tokens)
    desk.call("clock.advance", seconds=3600)
    wait_until("a renewal", lambda: renewals(tokens) > before)
    assert deliver(own_servers, desk, 2)
    assert renewals(tokens) == before + 1
    # the rotated token survives the core
    desk.kill()
    desk.start()
    desk.call("clock.advance", seconds=3 * 3600)
    wait_until("a renewal after the crash", lambda: renewals(tokens) > before + 1)
    assert deliver(own_servers, desk, 3)
    assert state(desk) == "ok"


def test_an_access_token_revoked_too_early_is_replaced(desk, own_servers, tokens):
    before = renewals(tokens)
    tokens.revoke_access()
    own_servers.stop_smtp()
    own_servers.stop_imap()
    own_servers.start_imap()
    own_servers.start_smtp()
    wait_until("a renewal", lambda: renewals(tokens) > before, 60)
    assert deliver(own_servers, desk, 4)


@pytest.mark.usefixtures("build_with_faults")
def test_a_final_refusal_asks_for_a_person_and_nothing_is_lost(desk, own_servers, tokens):
    tokens.refuse = "invalid_grant"
    tokens.revoke_access()
    desk.call("clock.advance", seconds=3 * 3600)
    wait_until("要再認証", lambda: state(desk) == "reauth")
    own_servers.stop_smtp()
    own_servers.stop_imap()
    own_servers.start_imap()
    own_servers.start_smtp()
    own_servers.deliver("hanako@customer.example", BOX, mail(5))
    wait_until("the status to say so", lambda: "要再認証" in desk.run("status").stdout, 60)
    asked = renewals(tokens)
    desk.call("clock.advance", seconds=3600)
    desk.run("status")
    assert renewals(tokens) == asked          # it is not asked again and again
    tokens.refuse = None

    def person(said):
        return tokens.log_in(said["url"]) + "\n"
    status, errors = authorize(desk, options(tokens, own_servers, "code"), person)
    assert status == 0, errors
    assert arrives(desk, 5)


def test_an_address_of_another_attempt_is_refused(desk, own_servers, tokens):
    def person(said):
        return tokens.log_in(said["url"]).replace("state=", "state=x") + "\n"
    status, errors = authorize(desk, options(tokens, own_servers, "code"), person)
    assert status != 0
    assert "URL" in errors


def test_an_application_gets_access_by_its_own_secret(desk, own_servers, tokens):
    secret = own_servers.dir + "/client-secret"
    with open(secret, "w", encoding="utf-8") as f:
        f.write(tokens.CLIENT_SECRET + "\n")
    status, errors = authorize(desk, options(tokens, own_servers, "client") +
                               ["--client-secret-file", secret], lambda said: None)
    assert status == 0, errors
    assert deliver(own_servers, desk, 6)


def test_a_token_server_that_is_not_there_is_named(desk):
    done = desk.run("mailbox", "authorize", BOX, "--flow", "client", "--token-url",
                    "https://127.0.0.1:9/token", check=False)
    assert done.returncode != 0 and "127.0.0.1:9 " in done.stderr and "接続できません" in done.stderr


def test_http_without_tls_is_refused(desk):
    done = desk.run("mailbox", "authorize", BOX, "--token-url", "http://127.0.0.1/token", check=False)
    assert done.returncode != 0 and "https" in done.stderr


def test_no_secret_lies_in_the_log_or_the_store(desk, tokens):
    desk.stop()
    with open(desk.log, "rb") as f:
        bytes_ = f.read()
    for end in ("", "-wal"):
        if os.path.exists(desk.store + end):
            with open(desk.store + end, "rb") as f:
                bytes_ += f.read()
    for secret in tokens.secrets + [tokens.CLIENT_SECRET]:
        assert secret.encode() not in bytes_
