#!/usr/bin/env python3
"""madoguchi against a daemon that this test plays: frames, words, statuses."""
import fcntl
import json
import os
import pty
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import unicodedata

PROG = os.path.join(os.environ.get("top_builddir", "."), "src", "madoguchi")
CALL, ANSWER, PROGRESS = 100, 101, 102
count = 0
tmp = tempfile.TemporaryDirectory()
SOCK = os.path.join(tmp.name, "control.sock")


def ok(cond, name, detail=""):
    global count
    count += 1
    print(f"{'ok' if cond else 'not ok'} {count} - {name}", flush=True)
    if not cond:
        print("# " + str(detail)[:2000].replace("\n", "\n# "), flush=True)


def frame(kind, ident, obj):
    body = json.dumps(obj).encode()
    return struct.pack("<IHHI", len(body), kind, 0, ident) + body


class Daemon:
    """Answers one call with what it was told."""

    def __init__(self, answer, news=(), hang_up=False):
        if os.path.exists(SOCK):
            os.unlink(SOCK)
        self.s = socket.socket(socket.AF_UNIX)
        self.s.bind(SOCK)
        self.s.listen(1)
        self.answer, self.news, self.hang_up = answer, news, hang_up
        self.request = None
        self.t = threading.Thread(target=self.serve, daemon=True)
        self.t.start()

    def read(self, c, n):
        data = b""
        while len(data) < n:
            more = c.recv(n - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def serve(self):
        c, _ = self.s.accept()
        n, kind, zero, ident = struct.unpack("<IHHI", self.read(c, 12))
        assert kind == CALL and zero == 0 and ident == 1
        self.request = json.loads(self.read(c, n))
        for one in self.news:
            c.sendall(frame(PROGRESS, ident, one))
        if not self.hang_up:
            whole = frame(ANSWER, ident, self.answer)
            c.sendall(whole[:7])
            time.sleep(0.01)
            c.sendall(whole[7:])
        c.close()
        self.s.close()


def run(*args, stdin="", env=None, lang="ja"):
    e = {k: v for k, v in os.environ.items() if not k.startswith("LC_")}
    e.update({"LANG": lang, "TZ": "Asia/Tokyo"}, **(env or {}))
    p = subprocess.run([PROG, *args], input=stdin.encode(), env=e,
                       capture_output=True, timeout=60)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def call(*args, result=None, error=None, **kw):
    extra = {k: kw.pop(k) for k in ("news", "hang_up") if k in kw}
    answer = {"error": error} if error else {"result": result or {}}
    d = Daemon(answer, **extra)
    out = run("--socket", SOCK, *args, **kw)
    d.t.join(5)
    return (*out, d.request)


def requests():
    """Words of the command line, and the arguments they become."""
    table = [
        ("ticket list --state all --limit 5", "ticket.list",
         {"state": "all", "limit": 5}),
        ("ticket show 10001", "ticket.show", {"ticket": 10001}),
        ("ticket assign 10001 --to sato", "ticket.assign",
         {"ticket": 10001, "to": "sato"}),
        ("ticket assign 10001", "ticket.assign", {"ticket": 10001}),
        ("ticket close 10001 --kind=thanks", "ticket.close",
         {"ticket": 10001, "kind": "thanks"}),
        ("ticket reopen 10001", "ticket.reopen", {"ticket": 10001}),
        ("ticket hold 10001 --reason x", "ticket.hold",
         {"ticket": 10001, "reason": "x"}),
        ("draft new 10001 --template delay --slot order.no=A=1 --slot x=y "
         "--to a@example.jp --to b@example.jp --next waiting", "draft.new",
         {"ticket": 10001, "template": "delay",
          "slots": {"order.no": "A=1", "x": "y"},
          "to": ["a@example.jp", "b@example.jp"], "next": "waiting"}),
        ("draft edit 3 --rev 2 --subject s", "draft.edit",
         {"draft": 3, "rev": 2, "subject": "s"}),
        ("draft submit 3", "draft.submit", {"draft": 3}),
        ("draft withdraw 3", "draft.withdraw", {"draft": 3}),
        ("draft discard 3", "draft.discard", {"draft": 3}),
        ("draft show 3", "draft.show", {"draft": 3}),
        ("approve 3 --revision 7", "approve", {"draft": 3, "revision": 7}),
        ("return 3 --code F4 --note n", "return",
         {"draft": 3, "code": "F4", "note": "n"}),
        ("outbox list --all", "outbox.list", {"all": True}),
        ("outbox cancel 4", "outbox.cancel", {"outbox": 4}),
        ("outbox resolve 4 --sent", "outbox.resolve",
         {"outbox": 4, "as": "sent"}),
        ("outbox resolve 4 --again", "outbox.resolve",
         {"outbox": 4, "as": "again"}),
        ("user add sato --name S --email s@example.jp --window main "
         "--role sv --novice --uid 1000", "user.add",
         {"login": "sato", "name": "S", "email": "s@example.jp",
          "window": "main", "role": "sv", "novice": True, "uid": 1000}),
        ("user role sato --window main --role viewer", "user.role",
         {"login": "sato", "window": "main", "role": "viewer"}),
        ("user disable sato", "user.disable", {"login": "sato"}),
        ("user list", "user.list", {}),
        ("window list", "window.list", {}),
        ("template list", "template.list", {}),
        ("mailbox list", "mailbox.list", {}),
        ("mailbox test m", "mailbox.test", {"name": "m"}),
        ("mailbox remove m", "mailbox.remove", {"name": "m"}),
        ("status", "status", {}),
        ("reconcile", "reconcile", {}),
        ("audit verify", "audit.verify", {}),
        ("golive --mode internal", "golive", {"mode": "internal"}),
        ("golive", "golive", {}),
        ("trace 10001", "trace", {"what": "10001"}),
        ("trace <a@b>", "trace", {"what": "<a@b>"}),
        ("sla explain 10001", "sla.explain", {"ticket": 10001}),
        ("suggest 10001", "suggest", {"ticket": 10001}),
    ]
    bad = []
    for line, act, args in table:
        code, out, err, req = call("--json", "--as", "admin", *line.split(),
                                   result={"ok": True, "x": 1})
        want = {"act": act, "args": args, "as": "admin", "lang": "ja"}
        if req != want or code != 0 or json.loads(out) != {"ok": True, "x": 1}:
            bad.append((line, code, out, err, req))
    ok(not bad, f"{len(table)} command lines become their actions", bad)
    code, out, err, req = call("status", "--json", lang="C")
    ok(req["as"] is None and req["lang"] == "en", "nobody is spoken for", req)


def usage():
    bad = []
    for line in ["ticket show", "ticket show x", "ticket show 1 2",
                 "ticket show --nothing 1", "ticket list --limit",
                 "outbox list --all=1", "draft new", "return 3",
                 "draft new 1 --slot x", "draft new 1 --slot =x",
                 "mailbox add", "user add x", "backup keygen --x", "suggest", "suggest abc",
                 "nonsense", "", "audit verify --x", "ticket", "init x",
                 "restore", "import"]:
        code, out, err = run("--socket", "/nonexistent/x", *line.split())
        if code != 64 or out or not err:
            bad.append((line, code, out, err))
    ok(not bad, "wrong usage gives 64 and says the usage", bad)
    asked = [(run("help", *words), run(*words, "--help")) for words in ([], ["ticket"], ["ticket", "list"])]
    ok(all(a == b and a[0] == 0 for a, b in asked), "help is asked for by the word, too", asked)
    meant = [("tikcet show", "madoguchi ticket show"), ("aprove", "madoguchi approve"),
             ("ticket shwo", "madoguchi ticket show"), ("reopen", "madoguchi ticket reopen"),
             ("ticket", "assign close reopen"), ("queue --foo", "--foo"),
             ("holidays --from", "--from"), ("lint --foo=1 x", "--foo=1")]
    bad = [(line, err) for line, want in meant
           for err in [run(*line.split(), "--lang", "en")[2]]
           if want not in err or len(err.splitlines()) > 12]
    ok(not bad, "what was perhaps meant is said, in a few lines", bad)
    code, out, err = run("ticket", "--help", "--lang", "en")
    ok(code == 0 and not err and "madoguchi ticket merge" in out
       and "madoguchi draft" not in out, "--help of one word shows its commands", out)
    bad = []
    for lang in ("ja", "en"):
        code, out, err = run("--help", "--lang", lang)
        lines = [x for x in out.splitlines() if x.startswith("  madoguchi ")]
        if code != 0 or len(lines) < 46:
            bad.append((lang, code, len(lines)))
        for x in lines:
            words = x.split()[1:3]
            for n in (2, 1):
                code, o, e = run(*words[:n], "--help", "--lang", lang)
                if code == 0 and o:
                    break
            if code != 0 or not o:
                bad.append((x, code, e))
    ok(not bad, "every command has --help in both languages", bad)


def failures():
    code, out, err = run("--socket", "/nonexistent/x", "status")
    ok(code == 69 and "systemctl start madoguchid" in err and "/nonexistent/x" in err,
       "without a daemon it says how to start it", (code, err))
    code, out, err = run("--socket", "/nonexistent/x", "status", "--json")
    ok(code == 69 and json.loads(err)["error"]["code"] == "network",
       "and so in JSON", (code, err))
    code, out, err = run("--socket", "/" + "x" * 200, "status")
    ok(code == 64, "an impossible socket path is refused", (code, err))
    e = {"code": "conflict", "message": "下書き 3 は他の人が変更しました。"}
    code, out, err, _ = call("approve", "3", error=e)
    ok(code == 75 and e["message"] in err, "an error is told as it came",
       (code, err))
    code, out, err, _ = call("approve", "3", "--json", error=e)
    ok(code == 75 and json.loads(err)["error"] == e and not out,
       "and in JSON with its code", (code, err))
    for kind, want in (("not-found", 66), ("forbidden", 77), ("invalid", 64),
                       ("wrong-state", 65), ("nobody-knows-this", 70)):
        code, _, err, _ = call("approve", "3",
                               error={"code": kind, "message": "m"})
        ok(code == want, f"{kind} gives {want}", (code, err))
    code, out, err, _ = call("status", hang_up=True)
    ok(code == 69 and err, "a daemon that goes away is told", (code, err))
    d = Daemon({"neither": 1})
    code, out, err = run("--socket", SOCK, "status")
    ok(code != 0 and err, "an answer without a result is told", (code, err))
    conf = os.path.join(tmp.name, "conf")
    with open(conf, "w", encoding="utf-8") as f:
        f.write("store = sqlite:/x\n\nscoket = /y\n")
    code, out, err = run("--config", conf, "status")
    ok(code == 64 and conf in err and "3" in err and "socket" in err,
       "a mistake in the configuration names file, line and keys", err)
    with open(conf, "w", encoding="utf-8") as f:
        f.write(f"socket = {SOCK}\n")
    d = Daemon({"result": {}})
    code, out, err = run("status", "--json", env={"MADOGUCHI_CONF": conf})
    ok(code == 0, "the socket comes from $MADOGUCHI_CONF", (code, err))


def passwords():
    secret = os.path.join(tmp.name, "pw")
    with open(secret, "w", encoding="utf-8") as f:
        f.write("ひみつ p\n")
    line = ["mailbox", "add", "--address", "s@example.jp", "--window", "main",
            "--imap", "imap.example.jp:1993", "--imap-tls", "starttls",
            "--smtp", "[::1]:2525", "--folder", "INBOX", "--folder", "問合せ",
            "--since", "30", "--ca", "/ca.pem", "--sent-folder", "Sent"]
    want = {"address": "s@example.jp", "window": "main",
            "imap_host": "imap.example.jp", "imap_port": 1993,
            "imap_tls": "starttls", "smtp_host": "::1", "smtp_port": 2525,
            "folders": ["INBOX", "問合せ"], "since": "30",
            "ca_file": "/ca.pem", "sent_folder": "Sent",
            "password": "ひみつ p"}
    code, out, err, req = call(*line, "--password-file", secret,
                               result={"mailbox": "m"})
    ok(code == 0 and req["args"] == want, "mailbox add with a password file",
       (code, err, req))
    code, out, err, req = call(*line, "--password-file", "-", stdin="ひみつ p",
                               result={"mailbox": "m"})
    ok(code == 0 and req["args"] == want, "a password from standard input",
       (code, err, req))
    code, out, err = run("--socket", SOCK, *line)
    ok(code == 64 and "--password-file" in err,
       "without a terminal a password is not asked for", (code, err))
    code, out, err = run("--socket", SOCK, *line[:6], "--imap", "h:0",
                         "--password-file", secret)
    ok(code == 64, "a port is checked", (code, err))


def shown():
    now = int(time.time())
    rows = [{"ticket": 10001, "state": "new", "due_s": now + 3 * 3600 + 330,
             "customer": "田中 一郎", "assignee": None, "subject": "返品の件",
             "messages": 2, "inbound_s": now, "window": "main"},
            {"ticket": 10002, "state": "waiting", "due_s": now - 600,
             "customer": "A", "assignee": "sato",
             "subject": "\x1b[31mx\u202e\ny", "messages": 12,
             "inbound_s": now - 86400 * 400, "window": "main"}]
    code, out, err, _ = call("ticket", "list",
                             result={"now_s": now, "tickets": rows})
    lines = out.splitlines()
    ok(code == 0 and len(lines) == 3 and "未対応" in lines[1] and
       "返信待ち" in lines[2] and "あと3時間5分" in lines[1] and
       "10分超過" in lines[2] and "\x1b" not in out and "\u202e" not in out,
       "a list in the desk's words, safe for a terminal", out)

    def column(line, text):
        head = line[:line.index(text)]
        return sum(2 if ord(c) > 0x2e7f else 1 for c in head)
    ok(column(lines[0], "状態") == column(lines[1], "未対応") ==
       column(lines[2], "返信待ち"), "columns stand under each other", out)
    code, out, err, _ = call("ticket", "list", lang="C",
                             result={"now_s": now, "tickets": rows})
    ok("overdue" in out and "waiting for reply" in out, "and in English", out)
    for words, key in (("ticket list", "tickets"), ("outbox list", "outbox"),
                       ("user list", "users"), ("mailbox list", "mailboxes")):
        code, out, err, _ = call(*words.split(), result={key: []})
        ok(code == 0 and "madoguchi " in out,
           f"an empty {words} says what to do next", out)
    for words, key in (("ticket list --state all", "tickets"), ("outbox list --all", "outbox")):
        code, out, err, _ = call(*words.split(), result={key: []})
        ok(code == 0 and out.strip() and words not in out,
           f"an empty {words} does not send people to itself", out)
    steps = [{"step": "imap.dns", "ok": True, "ms": 3, "message": ""},
             {"step": "smtp.tls", "ok": False, "ms": 40,
              "message": "証明書の名前が違います"}]
    code, out, err, _ = call("mailbox", "test", "m",
                             result={"ok": False, "steps": steps})
    ok(code == 69 and "証明書の名前が違います" in out and
       "OK  imap ホスト名" in out and "NG  smtp 証明書" in out,
       "a failed mailbox test gives 69", (code, out))
    code, out, err, _ = call("mailbox", "test", "m", "--json",
                             result={"ok": False, "steps": steps})
    ok(code == 69, "with --json too", code)
    folder = {"mailbox": "m", "folder": "INBOX", "server": 3, "stored": 2,
              "ignored": 0,
              "states": {"done": 2, "listed": 1},
              "differences": [{"uid": 7, "what": "not yet fetched",
                               "state": "listed"}]}
    code, out, err, _ = call("reconcile", news=[{"folder": "INBOX"}],
                             result={"ok": False, "folders": [folder]})
    ok(code == 65 and "UID 7" in out and not err,
       "a reconcile that does not add up gives 65", (code, out, err))
    code, out, err, _ = call("audit", "verify",
                             result={"events": 3, "erased": 0, "head": "ab",
                                     "fault": "lane 1 seq 2"})
    ok(code == 65 and "lane 1 seq 2" in out, "a broken trail gives 65", out)
    whole = {"now_s": now, "ticket": 10001, "state": "working",
             "subject": "返品", "window": "main", "customer": "田中",
             "created_s": now, "inbound_s": now, "due_s": None,
             "messages": [{"direction": "in", "from_name": "田中",
                           "from_address": "t@example.jp", "text": "a\nb",
                           "received_s": now}],
             "drafts": [{"draft": 1, "state": "waiting", "author": "s",
                         "subject": "Re: 返品", "changed_s": now}],
             "clocks": [{"clock": "first_response", "state": "running",
                         "started_s": now, "due_s": now + 60}],
             "attachments": [{"filename": "写真.jpg", "bytes": 123456,
                              "media_type": "image/jpeg"}]}
    code, out, err, _ = call("ticket", "show", "10001", result=whole)
    ok(code == 0 and all(x in out for x in
                         ("対応中", "   a\n   b", "承認待ち", "一次回答期限",
                          "写真.jpg", "123 kB")),
       "a ticket is shown whole", out)
    review(now)
    narrow(now)
    by_mail = {"people": [], "refused": [], "settings": {"at_night": "off"}, "waiting": 3}
    code, out, err, _ = call("maildesk", "status", result=by_mail)
    ok("3 件" in out and "--at-night on" in out, "notices that wait for the morning are counted", out)
    code, out, err, _ = call("backup", "b.db", result={"file": "/x/b.db"})
    ok(code == 0 and "/x/b.db" in out, "backup tells the file", out)


def on_screen(columns, *args, result):
    """The lines that a terminal of this width gets."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    d = Daemon({"result": result})
    with subprocess.Popen([PROG, "--socket", SOCK, *args], stdout=theirs, stderr=subprocess.DEVNULL,
                          stdin=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "ja", "TZ": "Asia/Tokyo"}):
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:            # nobody writes there any more
                break
            if not piece:
                break
            seen += piece
    os.close(ours)
    d.t.join(5)
    return seen.decode().replace("\r", "").splitlines()


def narrow(now):
    row = {"ticket": 10001, "window": "support", "state": "new", "subject": "返品のお願い" * 9, "customer": "山田 花子",
           "assignee": "sato", "inbound_s": now, "due_s": now + 3600, "messages": 2, "temperature": 0, "badges": []}
    for columns in (20, 40, 80, 120, 400):
        lines = on_screen(columns, "ticket", "list", result={"now_s": now, "tickets": [row, {**row, "ticket": 10002}]})
        wide = [line for line in lines if sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line) > max(columns, 40)]
        each = len(lines) // 3
        at = [i for i, line in enumerate(lines) if "10001" in line or "10002" in line]
        ok(not wide and at == [each, 2 * each] and any("山田 花子" in line for line in lines) and
           any("返品の" in line for line in lines) and (each == 1) == (columns == 400),
           f"a list on {columns} columns breaks between its cells alone", lines)


def review(now):
    body = "田中 様\n\nメールをご拝見しました。\n"
    found = [{"rule": "double.go-haiken", "severity": "warn", "start": 10, "end": 13,
              "message": "「ご」は不要です。", "suggestion": "拝見"},
             {"rule": "guard.new-recipient", "severity": "warn", "start": 0, "end": 0,
              "message": "初めて加わる宛先です。", "suggestion": ""}]
    code, out, err, _ = call("draft", "check", "3",
                             result={"draft": 3, "body": body, "findings": found})
    row = out.splitlines()[1].split()
    ok(row[:3] == ["確認", "3", "ご拝見"] and "draft submit" not in out,
       "a finding has its line and its words", out)
    code, out, err, _ = call("draft", "check", "3", result={"draft": 3, "body": body, "findings": []})
    ok("draft submit" in out, "without findings the next step is said", out)
    asked = {"draft": 3, "ticket": 10001, "state": "waiting", "body": body, "subject": "s",
             "template": "hold", "next": "closed", "now_s": now, "findings": found,
             "customer_mail": [{"id": 9, "direction": "in", "subject": "Re: 返品", "text": "まだですか"},
                               {"id": 8, "direction": "in", "subject": "返品", "text": "返品したいです"},
                               {"id": 7, "direction": "out", "subject": "返品", "text": "承りました"}],
             "diff_operator": [{"op": "=", "text": body}],
             "diff_template": [{"op": "-", "text": "x"}, {"op": "+", "text": "y"}],
             "confirm": {"code": "ab12cd", "to": [], "cc": [], "files": []},
             "requests": [{"revision": 1, "state": "waiting", "care": "new_address,overridden"}],
             "clocks": []}
    code, out, err, _ = call("approval", "show", "3", result=asked)
    ok("10001" in out and "madoguchi approve 3 --confirm ab12cd" in out and
       "madoguchi return 3" in out and "初めての宛先, 指摘を了承" in out,
       "a lead sees the ticket, why it needs care, and how to decide", out)
    ok(out.index("承りました") < out.index("返品したいです") < out.index("まだですか") < out.index("ご拝見しました"),
       "a lead reads our last mail and what the customer wrote since, in order, above the reply", out)
    ok("最初の依頼との違い" not in out and "テンプレートとの違い" in out,
       "only differences are shown as such", out)
    ok("期限" not in out, "no heads stand over nothing", out)
    asked["state"] = "queued"
    code, out, err, _ = call("approval", "show", "3", result=asked)
    ok("madoguchi approve" not in out, "what is decided asks for no decision", out)
    now_is = {"draft": 3, "ticket": 10001, "state": "editing"}
    code, out, err, _ = call("draft", "edit", "3", result={**now_is, "withdrawn": True})
    ok("受付番号 10001" in out and "取り消しました" in out and "draft submit 3" in out,
       "an edit that takes the request back says so", out)
    code, out, err, _ = call("draft", "edit", "3", result=now_is)
    ok("取り消し" not in out, "another edit does not", out)
    queued = {"draft": 3, "ticket": 10001, "state": "queued", "outbox": 5, "not_before_s": now + 10}
    code, out, err, _ = call("approve", "3", result={**queued, "sending": "off"})
    ok("madoguchi golive" in out and "停止" in out and "秒" not in out,
       "before golive nobody is told that it leaves in seconds", out)
    code, out, err, _ = call("approve", "3", result=queued)
    ok("秒" in out and "golive" not in out, "afterwards they are", out)
    code, out, err, _ = call("draft", "new", "10001", result={
        **now_is, "body": body, "open": ["date.stock"], "unused": ["foo"]})
    ok("使っていません: foo" in out and "date.stock" in out, "a slot that the template lacks is named", out)
    code, out, err, _ = call("draft", "show", "3", result={
        **now_is, "subject": "s", "body": body, "template": None, "next": "closed",
        "return_code": "K1", "return_reason": "敬語の誤り", "return_note": "直してください",
        "revisions": [{"revision": 1, "state": "corrected"}]})
    ok("10001" in out and "敬語の誤り" in out and "approval show 3" in out,
       "the writer sees why, and where the lead's changes are", out)
    bad = []
    for word in ("disable", "block"):
        code, out, err, req = call("rule", word, "main", "rude.ryoukai", result={"ok": True})
        if code != 0 or req["args"] != {"window": "main", "subject": "rude.ryoukai"}:
            bad.append((word, code, err))
    ok(not bad, "a rule is switched off or made to block by a name that is one", bad)
    code, out, err, _ = call("suggest", "10001", result={"ranked": [
        {"id": "a", "title": "A", "why": ["返品", "example: 返品したい", "past: 10002"]}]})
    ok("返品, 似た例文「返品したい」, 受付番号 10002 の返信で使用" in out, "reasons are in the reader's words", out)


requests()
usage()
failures()
passwords()
shown()
print(f"1..{count}")
