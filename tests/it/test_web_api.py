"""The API against its own description, on a real desk; what two people change at once; who may what."""
import json
import re

import pytest
from desk import Desk
from jsonschema import Draft202012Validator
from prometheus_client.parser import text_string_to_metric_families
from servers import free_ports, wait_until
from web import Web, WebError

PASSWORD = "ことば と ことば の あいだ"
NOBODY, NO_ID, V1 = "nobody-of-that-name", 987654321, "/api/v1"
# who they are: login, their role in the window, an administrator of the desk
PEOPLE = {"gaibu": (None, False), "miru": ("viewer", False), "sato": ("operator", False),
          "suzuki": ("sv", False), "madokan": ("admin", False), "admin": ("admin", True)}
RANK = ["none", "viewer", "operator", "sv", "admin"]


@pytest.fixture(scope="module")
def desk(place, build_dir):
    with Desk(place + "/desk", build_dir, web=True) as d:
        d.init()
        d.start()
        d.add_people()
        for login in ("gaibu", "miru", "madokan", "kaeru"):
            role = PEOPLE.get(login, ("viewer", False))[0]
            d.run("user", "add", login, "--name", login, "--email", login + "@example.jp",
                  *(["--window", "support", "--role", role] if role else []))
        for login in PEOPLE:
            d.run("user", "password", login, "--password-file", "-", text=PASSWORD)
        d.wait_web()
        yield d


@pytest.fixture(scope="module")
def who(desk):
    return {login: Web(desk.web_port).sign_in(login, PASSWORD) for login in PEOPLE}


@pytest.fixture(scope="module")
def admin(who):
    return who["admin"]


@pytest.fixture(scope="module")
def ticket(who):
    return who["sato"].post("/tickets", kind="phone", window="support", subject="電話の件",
                            text="折り返しがほしい", name="花子",
                            address="hanako@customer.example")["ticket"]


@pytest.fixture(scope="module")
def doc(admin):
    return admin.get("/openapi.json")


def status_of(fn, *args, **kw):
    try:
        fn(*args, **kw)
        return 200, None
    except WebError as e:
        return e.status, e.body


def test_a_server_that_does_not_answer_is_no_fault_of_the_desk(admin):
    closed, name = free_ports(1)[0], "gone@example.jp"
    admin.post("/mailboxes", window="support", address=name, imap_host="127.0.0.1", imap_port=closed,
               smtp_host="127.0.0.1", smtp_port=closed, auth="oauth2")
    at = "https://127.0.0.1:%d/" % closed
    status, body = status_of(admin.post, "/mailboxes/%s/authorize" % name, provider="other", flow="device",
                             client_id="x", token_url=at + "token", device_url=at + "device")
    assert (status, body["status"], body["code"]) == (502, 502, "network"), body
    assert str(closed) in body["title"]
    admin.call("DELETE", "/mailboxes/" + name)


# ---- two people ------------------------------------------------------------

def editable(admin, ticket):
    """(what is read, method, what changes it, a first change, a second)"""
    rule = admin.post("/windows/support/rules", name="r", on="arrival",
                      actions=["label 新着"])["rule"]
    window = admin.get("/windows/support")
    customer = admin.get("/customers?text=hanako")["customers"][0]["customer"]
    source = admin.get("/templates/" + admin.get("/templates")["templates"][0]["id"])
    at = "/templates/" + source["id"]
    policy = {**window["policy"]}
    return [
        ("/windows/support", "PATCH", "/windows/support", {"from_name": "一"}, {"from_name": "二"}),
        ("/windows/support", "PATCH", "/windows/support",
         {"policy": {**policy, "first_response_min": 61}}, {"policy": {**policy, "first_response_min": 62}}),
        ("/windows/support", "POST", "/windows/support/letter", {"columns": 60}, {"columns": 62}),
        (at, "PUT", at, {"source": source["source"] + "\nまた。"}, {"source": source["source"] + "\nまたまた。"}),
        ("/customers/%d" % customer, "PATCH", "/customers/%d" % customer, {"note": "一"}, {"note": "二"}),
        ("/windows/support/rules", "POST", "/windows/support/rules/%d/disable" % rule, {}, {}),
        ("/windows/support/rules", "DELETE", "/windows/support/rules/%d" % rule, None, None),
        ("/users", "POST", "/users/kaeru/role", {"window": "support", "role": "operator"},
         {"window": "support", "role": "sv"}),
        ("/tickets/%d" % ticket, "POST", "/tickets/%d/priority" % ticket, {"level": "high"},
         {"level": "normal"}),
    ]


def test_who_comes_second_is_told_and_changes_nothing(admin, ticket):
    for read, method, change, first, second in editable(admin, ticket):
        admin.get(read)
        tag = admin.headers["ETag"]
        admin.call(method, change, first, {"If-Match": tag})
        after = admin.get(read)
        status, body = status_of(admin.call, method, change, second, {"If-Match": tag})
        assert status == 412 and body["code"] == "changed" and "読み込み直して" in body["title"], change
        assert admin.get(read) == after or read.startswith("/tickets/"), change
        again = admin.headers["ETag"]
        assert again != tag, change
        if method != "DELETE":
            admin.call(method, change, second, {"If-Match": '"xyz", %s' % again})


def test_what_is_written_over_must_be_named(admin):
    for method, path, body in (("PATCH", "/windows/support", {"from_name": "三"}),
                               ("PATCH", "/customers/1", {"note": "三"}),
                               ("PUT", "/templates/x", {"source": "x"})):
        status, problem = status_of(admin.call, method, path, body)
        assert status == 428 and "ETag" in problem["title"] and "If-Match" in problem["title"]
    admin.call("PATCH", "/windows/support", {"from_name": "三"}, {"If-Match": "*"})


def test_a_tag_that_is_none_never_matches(admin):
    admin.get("/windows/support")
    tag = admin.headers["ETag"]
    for bad in ("W" + tag, tag.strip('"'), '"', "", '""', '"a" "b"', "garbage", tag[:-2] + '"'):
        assert status_of(admin.call, "PATCH", "/windows/support", {"from_name": "四"},
                         {"If-Match": bad})[0] == 412, bad
    # a proxy that packs answers makes their tags weak
    admin.call("PATCH", "/windows/support", {"from_name": "四"}, {"If-Match": "W/" + tag})
    assert status_of(admin.call, "POST", "/me/password", {"current": PASSWORD, "password": PASSWORD + "x"},
                     {"If-Match": tag})[0] == 412


def test_what_happens_by_itself_is_no_change(admin, who):
    path = "/customers/%d" % admin.get("/customers?text=hanako")["customers"][0]["customer"]
    before = admin.get(path)
    tag = admin.headers["ETag"]
    who["sato"].post("/tickets", kind="phone", window="support", subject="もう一件", text="x",
                     name="花子", address="hanako@customer.example")
    assert len(admin.get(path)["tickets"]) == len(before["tickets"]) + 1
    admin.call("PATCH", path, {"kana": "はなこ"}, {"If-Match": tag})


def test_the_same_answer_is_sent_once(admin):
    admin.get("/windows/support")
    assert admin.get("/windows/support", **{"If-None-Match": admin.headers["ETag"]}) == b""


# ---- the description -------------------------------------------------------

def follow(doc, o):
    if "$ref" in o:
        at = doc
        for part in o["$ref"][2:].split("/"):
            at = at[part]
        return at
    return o


def walk(o):
    yield o
    for v in o.values() if isinstance(o, dict) else o if isinstance(o, list) else ():
        yield from walk(v)


def operations(doc):
    for path, ops in doc["paths"].items():
        for method, op in ops.items():
            yield path, method.upper(), op


def test_the_description_is_well_formed(doc):
    assert doc["openapi"] == "3.1.0"
    for part in walk(doc):
        if isinstance(part, dict) and "$ref" in part:
            assert follow(doc, part)
        if isinstance(part, dict) and isinstance(part.get("schema"), dict):
            Draft202012Validator.check_schema(part["schema"])
    for schema in doc["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
        assert schema["additionalProperties"] is False
    ids = [op["operationId"] for _, _, op in operations(doc) if "operationId" in op]
    assert len(ids) == len(set(ids)) > 100
    for path, method, op in operations(doc):
        named = {p["name"] for p in op["parameters"] if p["in"] == "path"}
        assert named == set(re.findall(r"\{(\w+)\}", path)), path
        assert all(p["required"] for p in op["parameters"] if p["in"] == "path")
        assert op["summary"] and "default" in op["responses"], (method, path)


def example(name, schema):
    """Something of the right type that is not there."""
    return {"integer": NO_ID, "boolean": True, "array": [], "object": {}}.get(schema.get("type"), NOBODY)


def ask(web, doc, path, method, query=(), body=None, headers=None):
    """Sends it; the answer must be as described. (status, JSON or None)"""
    op = doc["paths"][path][method.lower()]
    url = re.sub(r"\{(\w+)\}", lambda m: str(example(m[1], next(
        p["schema"] for p in op["parameters"] if p["name"] == m[1]))), path)
    words = "&".join("%s=%s" % pair for pair in query)
    h = {"Cookie": web.cookie, "X-CSRF-Token": web.csrf, "X-Forwarded-For": web.address, **(headers or {})}
    data = None if body is None else json.dumps(body)
    status, got, out = web.raw(method, url + ("?" + words if words else ""), data, h)
    described = op["responses"].get(str(status)) or op["responses"].get("%dXX" % (status // 100)) \
        or op["responses"]["default"]
    kind = (got.get("Content-Type") or "").split(";")[0]
    if status >= 400:
        assert kind == "application/problem+json", (method, path, status, kind)
    if "content" in described and status != 304:
        known = described["content"]
        assert kind in known or "*/*" in known, (method, path, status, kind)
        if kind in known and kind.endswith("json"):
            Draft202012Validator({**known[kind]["schema"], "components": doc["components"]}).validate(json.loads(out))
    if status < 400 and "headers" in described and kind == "application/json":
        assert got.get("ETag"), (method, path)
    return status, json.loads(out) if kind.endswith("json") and out else None


def slow_down(web):
    """Each address may ask so often: another one for each question."""
    ask.n = getattr(ask, "n", 0) + 1
    web.address = "203.0.113.%d" % (ask.n % 250)


def of_body(op):
    return op.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})


def conditions(op):
    return {p["name"]: "*" for p in op["parameters"] if p["in"] == "header" and p["required"]}


def test_each_answer_is_as_described(admin, doc):
    for path, method, op in operations(doc):
        if path.endswith(("/events", "/session", "/me/password")):
            continue
        slow_down(admin)
        query = [(p["name"], example(p["name"], p["schema"])) for p in op["parameters"]
                 if p["in"] == "query" and p["required"]]
        if method == "GET":
            status, body = ask(admin, doc, path, method, query)
            assert status in (200, 404, 409, 422), (path, status, body)
        elif "{" in path and not path.startswith(V1 + "/windows/"):
            needed = {k: example(k, s) for k, s in of_body(op).get("properties", {}).items()
                      if k in of_body(op).get("required", ())}
            status, body = ask(admin, doc, path, method, (), needed or None, conditions(op))
            # all of it is about somebody or something that is not there
            assert status in (200, 404, 409, 422), (method, path, status, body)
        if status == 404:
            assert body["title"] != "このアドレスには何もありません。", path


def test_each_argument_is_as_described(admin, doc):
    wrong = {"integer": "x", "boolean": "x", "array": "x", "object": "x", "string": 7}
    for path, method, op in operations(doc):
        act = op.get("operationId")
        if not act or path.endswith(("/files", "/session")):
            continue
        slow_down(admin)
        schema = of_body(op)
        if method == "GET":
            status, body = ask(admin, doc, path, method, [("no_such_argument", 1)])
            # a whole ticket is not there, or the argument is not: nothing was done with it
            assert status in (404, 422) and body["title"], (path, status)
            continue
        status, body = ask(admin, doc, path, method, (), {"no_such_argument": 1}, conditions(op))
        if act in ("draft.fix", "draft.submit", "approve"):
            assert status in (404, 422)   # the draft is read first, to be checked
            continue
        assert status == 422 and "no_such_argument" in body["title"], (method, path, status, body)
        for name in schema.get("required", ()):
            rest = {k: example(k, s) for k, s in schema["properties"].items() if k != name}
            slow_down(admin)
            status, body = ask(admin, doc, path, method, (), rest, conditions(op))
            assert status == 422 and name in body["title"], (method, path, name, status, body)
        for name, s in schema.get("properties", {}).items():
            given = {k: example(k, t) for k, t in schema["properties"].items()}
            given[name] = wrong[s["type"]]
            slow_down(admin)
            status, body = ask(admin, doc, path, method, (), given, conditions(op))
            assert status == 422, (method, path, name, status, body)


# ---- who may what ----------------------------------------------------------

def test_each_role_may_what_the_table_says(desk, who, doc, ticket):
    """Arguments are of the right type; what they name is there where it decides the role."""
    draft = who["sato"].post("/tickets/%d/drafts" % ticket, body="x")["draft"]
    named = {"window": "support", "ticket": ticket, "draft": draft, "login": "kaeru", "customer": 1}
    seen = set()
    for path, method, op in operations(doc):
        act = op.get("operationId")
        if not act or act in ("golive", "backup", "reconcile", "user.reset", "customer.erase", "alarm.test",
                              "session.close"):
            continue
        schema = of_body(op)
        needed = {k: named.get(k, example(k, s)) for k, s in schema.get("properties", {}).items()
                  if k in schema.get("required", ())}
        query = "&".join("%s=%s" % (p["name"], named.get(p["name"], example(p["name"], p["schema"])))
                         for p in op["parameters"] if p["in"] == "query" and p["required"])
        url = re.sub(r"\{(\w+)\}", lambda m: str(named.get(m[1], NO_ID if m[1] != "name" else NOBODY)), path)
        for login, (role, is_admin) in PEOPLE.items():
            web = who[login]
            slow_down(web)
            h = {"Cookie": web.cookie, "X-CSRF-Token": web.csrf, "X-Forwarded-For": web.address,
                 **conditions(op)}
            status, _, out = web.raw(method, url + ("?" + query if query else ""),
                                     None if method == "GET" else json.dumps(needed), h)
            rank = RANK.index(role or "none")
            if is_admin:
                rank = len(RANK)
            elif op["x-scope"] == "desk":
                rank = 0           # the installation is an administrator's, whatever their windows
            may = rank >= RANK.index(op["x-role"])
            if may:
                assert status != 401 and b'"act_forbidden"' not in out, (login, method, path, status, out)
            else:
                # what is not theirs to see may as well not be there
                assert status == 403 or (status == 404 and op["x-scope"] != "desk"), \
                    (login, method, path, status, out)
            seen.add((may, login))
    assert len(seen) == 2 * len(PEOPLE) - 1        # all but the administrator were refused something


# ---- watching --------------------------------------------------------------

def test_health_needs_nobody_and_tells_nothing(desk):
    status, headers, out = Web(desk.web_port).raw("GET", "/healthz")
    assert (status, out) == (200, b"ok\n") and headers["Content-Type"].startswith("text/plain")


def test_figures_are_what_prometheus_reads(desk, admin):
    token = admin.post("/tokens", name="prometheus", scopes=["metrics"])["token"]
    status, _, text = admin.raw("GET", "/metrics", headers={"Authorization": "Bearer " + token})
    assert status == 200
    families = list(text_string_to_metric_families(text.decode()))
    names = [f.name for f in families]
    assert len(names) == len(set(names)) > 10 and sum(len(f.samples) > 0 for f in families) > 10
    for f in families:
        assert f.name.startswith("madoguchi_") and f.documentation and f.type in ("counter", "gauge", "histogram"), f
        # promtool check metrics: base units, _total on counters alone
        assert not re.search(r"_(ms|msec|millis|minutes|hours|days|kb|mb|percent)$", f.name), f.name
        for s in f.samples:
            assert s.name.endswith("_total") == (f.type == "counter") or f.type == "histogram", s
            assert all(re.fullmatch(r"[a-z_]+", k) for k in s.labels), s
        keys = [(s.name, tuple(sorted(s.labels.items()))) for s in f.samples]
        assert len(keys) == len(set(keys)), f.name


def test_a_desk_that_is_gone_says_so(desk, admin):
    """Last: the core goes, and comes back."""
    desk.stop()
    desk.start()
    desk.wait_web()
    wait_until("the session", lambda: admin.get("/me")["login"] == "admin", 30, desk.alive)
