#!/usr/bin/env python3
"""init, restore, audit verify --offline: on a store of their own."""
import fcntl
import json
import os
import pty
import sqlite3
import subprocess
import tempfile

TOP = os.path.abspath(os.environ.get("top_srcdir", "."))
PROG = os.path.abspath(os.path.join(os.environ.get("top_builddir", "."),
                                    "src", "madoguchi"))
count = 0
tmp = tempfile.TemporaryDirectory()
DIR = os.path.join(tmp.name, "lib")
STORE = os.path.join(DIR, "desk.db")
KEY = os.path.join(DIR, "master.key")
CONF = os.path.join(tmp.name, "madoguchi.conf")
with open(CONF, "w", encoding="utf-8") as conf:
    conf.write(f"store = sqlite:{STORE}\nkey_file = {KEY}\n"
               f"socket = {tmp.name}/sock\ntemplates = {TOP}/templates\n")


def ok(cond, name, detail=""):
    global count
    count += 1
    print(f"{'ok' if cond else 'not ok'} {count} - {name}", flush=True)
    if not cond:
        print("# " + str(detail)[:2000].replace("\n", "\n# "), flush=True)


def run(*args, stdin=""):
    env = {k: v for k, v in os.environ.items() if not k.startswith("LC_")}
    p = subprocess.run([PROG, "--config", CONF, "--lang", "ja", *args],
                       input=stdin.encode(), env=env | {"LANG": "ja"},
                       capture_output=True, timeout=120)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


WHOLE = {"--window-name": "サポート窓口", "--address": "support@example.jp",
         "--admin-name": "管理 花子", "--admin-email": "hanako@example.jp",
         "--window": "main", "--admin": "hanako", "--approval": "all",
         "--admin-uid": "1234"}


def init(**change):
    line = dict(WHOLE, **{"--" + k.replace("_", "-"): v
                          for k, v in change.items()})
    return run("init", "--yes", "--json",
               *[w for k, v in line.items() if v for w in (k, v)])


def db():
    return sqlite3.connect(f"file:{STORE}?mode=ro", uri=True)


def inits():
    bad = []
    for k in ("window_name", "address", "admin_name", "admin_email"):
        code, out, err = init(**{k: None})
        if code != 64 or k.replace("_", "-") not in err:
            bad.append((k, code, err))
    ok(not bad, "what a script leaves out is named", bad)
    bad = []
    for k, v in (("address", "not an address"), ("approval", "some"),
                 ("zone", "Asia/Nowhere"), ("window", "日本"),
                 ("admin", "A B"), ("admin_email", "x")):
        code, out, err = init(**{k: v})
        if code == 0 or not err or os.path.exists(STORE) or \
                os.path.exists(KEY):
            bad.append((k, code, err, os.listdir(DIR)))
    ok(not bad, "a wrong answer leaves nothing behind", bad)
    code, out, err = init()
    ok(code == 0 and json.loads(out)["templates"] > 10, "init sets a desk up",
       (code, out, err))
    ok(os.stat(KEY).st_mode & 0o777 == 0o600 and os.path.getsize(KEY) == 32,
       "with a master key that only its owner reads")
    c = db()
    win = c.execute("SELECT code, name, greeting, closing, signature, approval"
                    " FROM win").fetchall()
    ok(len(win) == 1 and win[0][1] == "サポート窓口" and win[0][5] == "all" and
       all("\n" in x for x in win[0][2:5]), "a window with its blocks", win)
    cal = json.loads(c.execute("SELECT json FROM calendar").fetchone()[0])
    ok(cal["zone"] == "Asia/Tokyo" and cal["national_holidays"] == "jp" and
       cal["weekly"]["mon"] == [["09:00", "18:00"]], "its calendar", cal)
    pol = json.loads(c.execute("SELECT json FROM policy").fetchone()[0])
    ok(pol["first_response_min"] == 480 and pol["business"] is True,
       "its response times", pol)
    who = c.execute("SELECT login, os_uid, is_admin FROM person").fetchall()
    ok(who == [("hanako", 1234, 1)], "an administrator", who)
    settings = dict(c.execute("SELECT key, value FROM setting"))
    ok(settings["sending"] == "off" and int(settings["live_since_s"]) > 0,
       "nothing is sent yet", settings)
    c.close()
    with open(STORE, "rb") as f:
        before = f.read()
    code, out, err = init()
    with open(STORE, "rb") as f:
        ok(code == 73 and STORE in err and f.read() == before,
           "a desk that is there is never touched", (code, err))


def typed():
    """The questions, answered on a terminal; twice nothing means: again, and
    after a refused answer all are asked again, with what was said proposed."""
    conf2 = os.path.join(tmp.name, "typed.conf")
    store = os.path.join(tmp.name, "typed", "desk.db")
    with open(conf2, "w", encoding="utf-8") as f:
        f.write(f"store = sqlite:{store}\nkey_file = {store}.key\n"
                f"templates = {tmp.name}\n")
    master, slave = pty.openpty()
    p = subprocess.Popen([PROG, "--config", conf2, "--lang", "ja", "init"],
                         stdin=slave, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)
    os.close(slave)
    os.write(master, "\n相談窓口\ns at example\n\n\n管理 太郎\n"
                     "t@example.jp\nnone\n\n\n"
                     "\ns@example.jp\n\n\n\n\n\n\n\n".encode())
    out, err = p.communicate(timeout=60)
    os.close(master)
    ok(p.returncode == 0 and "相談窓口" in out.decode() and
       "窓口のメールアドレス [s at example]" in err.decode() and
       "メールアドレスとして使えません" in err.decode(), "init asks on a terminal",
       (p.returncode, out.decode(), err.decode()))
    c = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    row = c.execute("SELECT code, name, address, approval FROM win").fetchone()
    ok(row == ("main", "相談窓口", "s@example.jp", "none"),
       "and takes the answers and its own proposals", row)
    c.close()


def stopped():
    code, out, err = run("audit", "verify", "--offline", "--json")
    ok(code == 0 and json.loads(out)["fault"] is None,
       "the trail of a new desk is whole", (code, out, err))
    with open(STORE + ".lock", "r+", encoding="ascii") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        code, out, err = run("audit", "verify", "--offline")
        ok(code == 75 and STORE in err, "a running daemon is respected",
           (code, err))
        code, out, err = run("restore", STORE)
        ok(code == 75, "by restore too", (code, err))


def copy(path):
    src, dst = db(), sqlite3.connect(path)
    src.backup(dst)
    dst.close()
    src.close()


def restores():
    good = os.path.join(tmp.name, "good.db")
    copy(good)
    bad = []
    for name, sql in (
            ("changed", "UPDATE event SET kind = 'x' WHERE seq = 3"),
            ("cut", "DELETE FROM event WHERE seq = 4"),
            ("newer", "INSERT INTO migration SELECT 9999, 'x', checksum,"
                      " applied_at FROM migration WHERE n = 1"),
            ("strange", "DROP TABLE migration")):
        path = os.path.join(tmp.name, name + ".db")
        copy(path)
        c = sqlite3.connect(path)
        c.execute("PRAGMA foreign_keys = OFF")
        c.execute(sql)
        c.commit()
        c.close()
        before = os.stat(STORE).st_ino
        code, out, err = run("restore", path)
        if code == 0 or not err or os.stat(STORE).st_ino != before:
            bad.append((name, code, out, err))
    text = os.path.join(tmp.name, "text.db")
    with open(text, "w", encoding="ascii") as f:
        f.write("this is not a store " * 1000)
    for path in (text, os.path.join(tmp.name, "none.db")):
        code, out, err = run("restore", path)
        if code == 0 or not err:
            bad.append((path, code, out, err))
    ok(not bad, "a backup that is not whole is refused", bad)
    with open(STORE, "r+b") as f:
        f.write(b"rubbish" * 1000)
    for part in ("-wal", "-shm"):
        if os.path.exists(STORE + part):
            os.unlink(STORE + part)
    code, out, err = run("restore", "--json", good)
    kept = json.loads(out)["kept"] if code == 0 else ""
    ok(code == 0 and os.path.exists(kept),
       "a good one replaces even a damaged store, which is kept",
       (code, out, err))
    with open(kept or STORE, "rb") as f:
        ok(f.read(7) == b"rubbish", "as it was")
    code, out, err = run("audit", "verify", "--offline")
    ok(code == 0, "and the desk is whole again", (code, out, err))


inits()
typed()
stopped()
restores()
print(f"1..{count}")
