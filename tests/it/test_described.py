"""Every route that reads, and the usual changes, on a desk with something in it: each
answer is what the description says (described.py looks at all of them)."""
import base64
import re
from urllib.parse import quote

import described
import pytest
from desk import Desk
from servers import Servers, wait_until
from web import Web

PASSWORD, MAIL = "ことば と ことば の あいだ", "desk-secret"
CUSTOMER = "hanako@customer.example"
# what another test asks for, and why not this one
ELSEWHERE = {
    "incident.show": "test_surge.py", "incident.replies": "test_surge.py",
    "mailbox.oauth.show": "test_oauth.py works at a shell; the same action",
}


def mail(number, text):
    return ("From: 花子 <%s>\r\nTo: support@example.jp\r\nSubject: 返品のお願い %d\r\n"
            "Message-ID: <described%d@customer.example>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0900\r\n"
            "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            "<p>%s</p>\r\n--b\r\nContent-Type: text/plain; name=a.txt\r\n"
            "Content-Disposition: attachment; filename=a.txt\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            "%s\r\n--b--\r\n" % (CUSTOMER, number, number, text,
                                 base64.b64encode(b"attached").decode())).encode()


@pytest.fixture(scope="module")
def post(place):
    """Mailboxes of its own: other desks have mails of these numbers, too."""
    with Servers(place + "/servers") as s:
        s.add_user(Desk.ADDRESS, MAIL)
        s.add_user(CUSTOMER, "x")
        yield s


@pytest.fixture(scope="module")
def desk(place, build_dir):
    with Desk(place + "/desk", build_dir, web=True) as d:
        d.init()
        d.start()
        yield d


def number_of(desk, n):
    return desk.query("SELECT t.number, m.id FROM message m JOIN ticket t ON t.id = m.ticket_id"
                      " WHERE m.message_id = ?1", "described%d@customer.example" % n)[0]


def fill(desk, servers):
    """The usual changes, all of them over the API; what then is there, by name."""
    desk.add_people()
    for login in ("sato", "suzuki", "admin"):
        desk.run("user", "password", login, "--password-file", "-", text=PASSWORD)
    desk.add_mailbox(servers, Desk.ADDRESS, MAIL)
    servers.deliver_all([(CUSTOMER, Desk.ADDRESS,
                          mail(n, "商品を返品したいです。注文番号は ORD-1234%d です。" % n)) for n in range(4)])
    wait_until("the mails", lambda: desk.query("SELECT count(*) FROM message")[0][0] >= 4, 60, desk.alive)
    desk.wait_web()
    sato, suzuki, admin = (Web(desk.web_port).sign_in(login, PASSWORD) for login in ("sato", "suzuki", "admin"))
    (one, message), (two, second), (three, _), (four, _) = (number_of(desk, n) for n in range(4))
    at = "/tickets/%d" % one
    # tickets
    sato.post(at + "/take")
    sato.post(at + "/comments", text="@suzuki ご確認ください")
    suzuki.post(at + "/seen")
    sato.post(at + "/comments", text="@suzuki もう一度")
    sato.post(at + "/labels", add=["返品"])
    sato.post(at + "/priority", level="high")
    suzuki.post(at + "/category", category="返品")
    sato.post(at + "/hold", reason="在庫を確認中")
    sato.post(at + "/promise", due="明日 9:00")
    sato.post("/tickets/%d/hold" % two, reason="工場に照会中")
    sato.post("/tickets/%d/inquiries" % two, to="koujou@example.jp", subject="照会", body="在庫はありますか。")
    sato.post("/tickets/%d/close" % three, kind="no_reply")
    sato.post("/tickets/%d/reopen" % three)
    sato.post("/tickets/%d/merge" % three, into=four)
    steps = sato.get("/tickets/%d" % four)["steps"]
    sato.post("/tickets/%d/undo" % four, step=steps[0]["step"])
    sato.post("/tickets/%d/link" % three, other=four)
    sato.post("/tickets/%d/unlink" % three, other=four)
    sato.post("/tickets/%d/link" % three, other=four)
    sato.post("/queue/next")
    suzuki.post("/windows/support/distribute")
    suzuki.post("/tickets/%d/assign" % two, to="sato")
    phone = sato.post("/tickets", kind="phone", window="support", subject="電話", text="折り返し希望", name="太郎",
                      address="taro@customer.example")["ticket"]
    suzuki.post("/tickets/%d/spam" % phone)
    # a reply that comes back, and one that waits
    template = admin.get("/templates")["templates"][0]["id"]
    draft = sato.post(at + "/drafts", template=template)["draft"]
    sato.call("PATCH", "/drafts/%d" % draft, {"body": "花子 様\n\nお問い合わせありがとうございます。\n承知いたしました。\n",
                                              "subject": "Re: 返品"})
    sato.post("/drafts/%d/lock" % draft)
    upload = sato.call("POST", "/drafts/%d/files?filename=a.txt" % draft, b"ours",
                       {"Content-Type": "text/plain"})["upload"]
    sato.post("/drafts/%d/check" % draft)
    asked = send(sato, "/drafts/%d/submit" % draft)
    assert asked["state"] == "waiting"
    suzuki.get("/drafts/%d/review" % draft)
    reason = suzuki.get("/approvals/reasons")["reasons"][0]["code"]
    suzuki.post("/drafts/%d/return" % draft, code=reason, note="もう少しやわらかく")
    send(sato, "/drafts/%d/submit" % draft)
    sato.post("/drafts/%d/withdraw" % draft)
    send(sato, "/drafts/%d/submit" % draft)
    # the rest of the desk
    admin.post("/windows/support/rules", name="r", on="arrival", actions=["label 新着"], conditions=["subject contains x"])
    suzuki.post("/windows/support/rules/try", conditions=["subject contains 返品"])
    suzuki.post("/windows/support/checks", pattern="至急", message="使いません")
    suzuki.post("/watched", term="KX-512")
    admin.post("/windows/support/policy/try")
    admin.post("/windows/support/retention", days=400, how="erase")
    admin.post("/users/sato/absent", until="明日 9:00")
    admin.post("/users/sato/present")
    admin.post("/mailboxes/%s/test" % Desk.ADDRESS)
    admin.post("/reconcile")
    admin.post("/sending", mode="live", dry_run=True)
    admin.post("/tokens", name="t", scopes=["read"])
    admin.post("/totp")
    admin.post("/customer-files", text="name,addresses\n一郎,ichi@c.example\n", dry=True)
    admin.post("/customer-table")
    return {
        "ticket": one, "draft": draft, "upload": upload, "message": message, "n": 1, "window": "support",
        "customer": admin.get("/customers?text=hanako")["customers"][0]["customer"], "id": template,
        "name": Desk.ADDRESS, "login": "sato", "person": "sato", "second": second,
        "text": "返品", "query": "返品", "what": str(one),
    }


def send(web, path):
    """Asks for approval, with a reason why what the checks found is right."""
    return web.call("POST", path, {"ask": True, "override": "確認しました"})


@pytest.fixture(scope="module")
def filled(desk, post):
    return fill(desk, post)


def ask_all(desk, filled, admin):
    """Every route that reads; the paths of those that were asked."""
    doc = described.servers[desk.web_port].doc
    asked = set()
    for path, ops in doc["paths"].items():
        op = ops.get("get")
        if not op or path.endswith("/events") or op.get("operationId") in ELSEWHERE:
            continue
        query = "&".join("%s=%s" % (p["name"], filled[p["name"]] if p["name"] in filled else "x")
                         for p in op["parameters"] if p["in"] == "query" and p["required"])
        url = re.sub(r"\{(\w+)\}", lambda m: str(filled[m[1]]), path).replace("/api/v1", "")
        if path == "/metrics":
            continue
        admin.get(url + ("?" + quote(query, safe="=&") if query else ""))
        asked.add(path)
    return asked


def test_every_route_that_reads_answers_as_described(desk, filled):
    asked = ask_all(desk, filled, Web(desk.web_port).sign_in("admin", PASSWORD))
    doc = described.servers[desk.web_port].doc
    json_ones = {p for p in asked if "application/json" in doc["paths"][p]["get"]["responses"]["200"]["content"]
                 and not p.endswith("openapi.json")}
    seen = {p for m, p in described.servers[desk.web_port].seen if m == "GET"}
    assert not json_ones - seen and len(json_ones) > 55


def test_an_answer_that_is_not_described_is_found(desk):
    """What this file stands on: one member more, one less, one of another type."""
    of = described.Described(desk.web_port)
    headers = {"Content-Type": "application/json"}
    good = b'{"ticket": 1, "state": "new"}'
    of.check("POST", "/tickets/1/take", 200, headers, good)
    for bad in (b'{"ticket": 1, "state": "new", "more": 1}', b'{"ticket": 1}', b'{"ticket": "1", "state": "new"}',
                b'{"ticket": 1, "state": "none"}', b'{"ticket": null, "state": "new"}', b"[]"):
        with pytest.raises(AssertionError):
            of.check("POST", "/tickets/1/take", 200, headers, bad)
    with pytest.raises(AssertionError):
        of.check("GET", "/nowhere", 200, headers, b"{}")
