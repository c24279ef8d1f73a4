#!/usr/bin/env python3
"""madoguchi import --dry-run: files of every form, and what it tells."""
import json
import os
import random
import sys
import time

from sorted_mails import A, B, CONVERSATION, PROG, US
from sorted_mails import bounce, groups, mail, mbox, ok, plan, run, same, tmp

def evidence():
    got, rows = groups(CONVERSATION)
    ok([r[0] for r in rows] == ["a1@a", "u1@u", "a2@a", "b1@b"] and
       [r[2] for r in rows] == ["new", "ref", "ref", "new"],
       "a line tells the id, the ticket and why", rows)
    got, rows = groups([mail("a1@a", A, "返品")] * 3)
    ok([r[2] for r in rows] == ["new", "duplicate", "duplicate"],
       "duplicates are named", rows)
    got, rows = groups([
        mail("a1@a", A, "予約"),
        mail("u1@u", US, "Re: 予約", to=A, refs=["a1@a"]),
        bounce("x1@mx", US, "u1@u")])
    ok(rows[2][2] == "bounce", "so are bounces", rows)
    got, rows = groups([mail(None, A, "x")])
    ok(rows[0][0] == "", "a mail without an id has an empty one", rows)


def forms():
    mails = CONVERSATION
    want = [1, 1, 1, 2]
    folder = os.path.join(tmp.name, "folder")
    os.mkdir(folder)
    for i, m in enumerate(mails):
        with open(os.path.join(folder, f"{i}.eml"), "wb") as f:
            f.write(m.replace(b"\n", b"\r\n"))
    with open(os.path.join(folder, "note.txt"), "w", encoding="ascii") as f:
        f.write("not a mail")
    code, out, err = run("--dry-run", "--json", folder)
    rows = [json.loads(x) for x in out.splitlines()]
    ok(code == 0 and same(want, [r["ticket"] for r in rows]) and
       [os.path.basename(r["file"]) for r in rows] ==
       [f"{i}.eml" for i in range(4)] and
       [r["message_id"] for r in rows] == ["a1@a", "u1@u", "a2@a", "b1@b"] and
       set(rows[0]) == {"file", "message_id", "ticket", "evidence"},
       "a folder of .eml files, by name, as JSON", (code, out, err))
    files = [os.path.join(folder, f"{i}.eml") for i in (3, 0)]
    code, out, err = run("--dry-run", "--json", *files)
    ok([json.loads(x)["file"] for x in out.splitlines()] == files,
       "single files in the order given", (code, out, err))
    maildir = os.path.join(tmp.name, "Maildir")
    for d in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(maildir, d))
    for i, m in enumerate(mails):
        where = "new" if i % 2 else "cur"
        with open(os.path.join(maildir, where, f"{i}.host:2,S"), "wb") as f:
            f.write(m)
    with open(os.path.join(maildir, "tmp", "9"), "wb") as f:
        f.write(mails[0])
    code, out, err = run("--dry-run", maildir)
    rows = [x.split("\t") for x in out.splitlines()]
    ok(code == 0 and [r[0] for r in rows] == ["a1@a", "u1@u", "a2@a", "b1@b"]
       and same(want, [r[1] for r in rows]),
       "a Maildir: cur and new by name, not tmp", (code, out, err))
    code, out, err = run("--dry-run", mbox(mails), maildir)
    ok(code == 0 and len(out.splitlines()) == 8 and
       all(x.endswith("duplicate") for x in out.splitlines()[4:]),
       "several at once are one input", (code, out, err))
    empty = os.path.join(tmp.name, "empty")
    with open(empty, "wb"):
        pass
    code, out, err = run("--dry-run", empty)
    ok(code == 0 and out == "", "an empty mbox has no mails", (code, out, err))
    with open(empty + ".eml", "wb"):
        pass
    code, out, err = run("--dry-run", empty + ".eml")
    ok(code == 0 and len(out.splitlines()) == 1,
       "an empty .eml is a mail all the same", (code, out, err))
    for path in ("/nonexistent/x", tmp.name + "/nothing"):
        code, out, err = run("--dry-run", path)
        ok(code == 66 and path in err, "what is missing is named", (code, err))
    os.mkdir(tmp.name + "/void")
    code, out, err = run("--dry-run", tmp.name + "/void")
    ok(code == 66 and "void" in err, "so is a folder without mails", err)


def mbox_forms():
    body = ("前\n\nFrom here on it is text\nFrom: not a field\n"
            ">From quoted\n>>From twice\n\nFrom the other side\n")
    mails = [mail("a1@a", A, "一", body), mail("b1@b", B, "二", body)]
    path = mbox(mails)
    code, out, err = run("--dry-run", path)
    ok(len(out.splitlines()) == 2, "quoted From lines are no mails", out)
    raw = (b"From - Sat Nov 21 09:00:00 2026\n" + mails[0].rstrip(b"\n") +
           b"\nFrom y Sat Nov 21 09:00:00 2026\n" + mails[1])
    with open(path, "wb") as f:
        f.write(raw)
    code, out, err = run("--dry-run", path)
    ok([x.split("\t")[0] for x in out.splitlines()] == ["a1@a", "b1@b"],
       "an mbox without empty lines, and From lines in a text", out)
    with open(path, "wb") as f:
        f.write(raw.replace(b"\n", b"\r\n"))
    code, out, err = run("--dry-run", path)
    ok([x.split("\t")[0] for x in out.splitlines()] == ["a1@a", "b1@b"],
       "an mbox with CRLF", out)
    one = mail("a1@a", A, "一", "x\n>From y")
    code, out, err = run("--dry-run", mbox([one]), write("one.eml", one))
    ok([x.split("\t")[2] for x in out.splitlines()] == ["new", "duplicate"],
       "mboxrd quoting is undone", (out, err))


def write(name, data):
    path = os.path.join(tmp.name, name)
    with open(path, "wb") as f:
        f.write(data)
    return path


def crash():
    """A parser that dies of one mail: the others go on."""
    fake = os.path.join(tmp.name, "libexec")
    os.mkdir(fake)
    real = os.path.join(os.path.dirname(PROG), "mdg-parse")
    with open(os.path.join(fake, "mdg-parse"), "w", encoding="ascii") as f:
        f.write(WRAPPER.format(python=sys.executable, real=real))
    os.chmod(os.path.join(fake, "mdg-parse"), 0o755)
    mails = [mail(f"m{i}@a", f"p{i}@example.jp", f"件{i}") for i in range(30)]
    mails[7] = mail("bad@a", B, "毒", "x")
    os.environ["MDG_LIBEXEC"] = fake
    code, out, err = run("--dry-run", mbox(mails))
    del os.environ["MDG_LIBEXEC"]
    rows = [x.split("\t") for x in out.splitlines()]
    ok(code == 0 and len(rows) == 30 and rows[7][0] == "" and
       rows[7][1] not in [r[1] for i, r in enumerate(rows) if i != 7] and
       [r[0] for i, r in enumerate(rows) if i != 7] ==
       [f"m{i}@a" for i in range(30) if i != 7],
       "a mail that kills the parser gets its ticket, the rest their own",
       (code, out, err))
    os.environ["MDG_LIBEXEC"] = tmp.name
    code, out, err = run("--dry-run", mbox(mails[:1]))
    del os.environ["MDG_LIBEXEC"]
    ok(code != 0 and "mdg-parse" in err, "a missing parser is told",
       (code, err))


# passes frames on to the real parser, but dies of the eighth mail
WRAPPER = """#!{python}
import os, socket, struct, subprocess, threading
up = socket.socket(fileno=os.dup(3))
ours, theirs = socket.socketpair()
def child():
    os.dup2(theirs.fileno(), 3, inheritable=True)
p = subprocess.Popen(["{real}"], pass_fds=(3,), preexec_fn=child)
theirs.close()
def down():
    while True:
        d = ours.recv(65536)
        if not d:
            os._exit(0)
        up.sendall(d)
threading.Thread(target=down, daemon=True).start()
def read(n):
    b = b""
    while len(b) < n:
        m = up.recv(n - len(b))
        if not m:
            p.kill()
            os._exit(0)
        b += m
    return b
while True:
    head = read(12)
    n, = struct.unpack("<I", head[:4])
    body = read(n)
    if head[8:12] == struct.pack("<I", 8):  # ids count from 1 in a batch
        p.kill()
        os._exit(1)
    ours.sendall(head + body)
"""


def big():
    rng = random.Random(3)
    mails = []
    for i in range(3000):
        who = f"c{rng.randrange(900)}@example.jp"
        refs = [f"m{rng.randrange(i)}@a"] if i and rng.random() < .3 else []
        mails.append(mail(f"m{i}@a", who, f"件名 {rng.randrange(300)}",
                          "本文。" * rng.randrange(400), refs=refs))
    path = mbox(mails)
    start = time.monotonic()
    code, out, err = run("--dry-run", path)
    took = time.monotonic() - start
    print(f"# 3000 mails in {took:.1f} s")
    ok(code == 0 and len(out.splitlines()) == 3000 and took < 120,
       "thousands of mails in one run", (code, err, took))
    large = mail("big@a", A, "大きい", "\n".join(["あ" * 300] * 8000))
    code, out, err = run("--dry-run", mbox([mails[0], large, mails[1]]))
    ok([x.split("\t")[0] for x in out.splitlines()] == ["m0@a", "big@a", "m1@a"],
       "a mail of many chunks among small ones", (code, out, err))


evidence()
forms()
mbox_forms()
crash()
big()
plan()
