"""Every dialog, and the states that work brings about, for everybody; on a desk
of its own with a surge, a virus and a provider of leave."""
import base64
import contextlib
import json
import os
import sys
import time

import pytest
from desk import has_faults
from mails import PASSWORD, PNG
from servers import free_ports, wait_until

sys.path[1:1] = [os.path.join(os.path.dirname(__file__), "..", "it")]
from clamd import Clamd  # noqa: E402
from surgeplace import Place, defects  # noqa: E402
from tokenserver import TokenServer  # noqa: E402

SENDER = "tanaka@customer.example"


def mail(number, subject, text, file=None, about=None):
    """One of a customer; file: (name, type, bytes)."""
    return ("From: %s\r\nTo: support@example.jp\r\nSubject: %s\r\nMessage-ID: <di%d@customer.example>\r\n%s"
            "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n%s--b--\r\n" % (
                SENDER, subject, number, "In-Reply-To: <di%d@customer.example>\r\n" % about if about else "", text,
                "--b\r\nContent-Type: %s; name=%s\r\nContent-Disposition: attachment; filename=%s\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\n%s\r\n" % (file[1], file[0], file[0], base64.b64encode(file[2]).decode())
                if file else "")).encode()


@pytest.fixture
def clamd(folder):
    with contextlib.ExitStack() as stack:
        yield stack.enter_context(Clamd(folder + "/clamd")) if Clamd.program() else None


@pytest.fixture
def place(folder, clamd, modules):
    made = Place(folder + "/surge", conf="clamd = %s\n" % clamd.socket if clamd else "")
    yield made
    made.close()


@pytest.fixture
def desk(place):
    """It gets its surge; and what the browser fixture runs its script at."""
    d = place.desk
    if not os.path.exists(d.env["MDG_UI"] + "/app.js"):
        pytest.skip("the UI is not built here")
    if not has_faults(d.build):
        pytest.skip("moves the clock: needs --enable-faults")
    d.run("window", "add", "shop", "--address", "shop@example.jp", "--name", "ショップ")
    d.run("user", "add", "mori", "--name", "森 はるか", "--email", "mori@example.jp",
          "--window", "support", "--role", "operator")
    for login in ("sato", "suzuki", "mori", "admin"):
        d.run("user", "password", login, "--password-file", "-", text=PASSWORD)
    place.come(defects(7))
    place.hours(1)
    wait_until("the incident", place.incidents, 60, d.alive)
    d.wait_web()
    yield d


def test_every_dialog_is_for_everybody(browser, desk, place, clamd, folder):
    def comes(number, **kw):
        place.servers.deliver(SENDER, desk.ADDRESS, mail(number, **kw))

        def there():
            return desk.query("SELECT t.number FROM message m JOIN ticket t ON t.id = m.ticket_id"
                              " WHERE m.message_id = ?1", "di%d@customer.example" % number)
        return wait_until("mail %d" % number, there, 120, desk.alive)[0][0]

    photo = comes(1, subject="写真を送ります", text="届いた商品の写真です。", file=("photo.png", "image/png", base64.b64decode(PNG)))
    like = comes(2, subject="返品したい", text="サイズが合わないので返品の手順を知りたいです。")
    assert comes(3, subject="Re: 返品したい", text="注文番号は M-20500 です。", about=2) == like
    virus = clamd and comes(4, subject="見積書", text="ご確認ください。", file=("mitsumori.txt", "text/plain", clamd.VIRUS))
    if virus:
        wait_until("the virus", lambda: desk.json("attachment", "list", virus)["attachments"][0]["scan"] == "found",
                   120, desk.alive)
    provider = TokenServer("leave@example.jp")
    try:
        provider.start_tls(place.servers.dir + "/tls/server.pem", place.servers.dir + "/tls/server.key")
        browser("dialogs", limit_s=2400, of=json.dumps({
            "incident": place.incidents()[0]["incident"], "photo": photo, "like": like, "virus": virus, "png": PNG,
            "own": {"ja": "mori", "en": "suzuki"}, "provider": provider.url, "client": provider.CLIENT_ID,
            "ca": place.servers.ca_file, "host": place.servers.host, "closed": free_ports(1)[0],
            "file": folder + "/copy", "steps": round((desk.call("incident.list")["now_s"] - time.time()) / 30)}),
            asks={"again": lambda: comes(5, subject="Re: 写真を送ります", text="もう一枚あります。", about=1)})
    finally:
        provider.stop()
