#!/usr/bin/env python3
"""mdg-parse by hand: what scripts rely on, over the corpus of gen_mail.py."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

TOP = os.environ.get("top_srcdir", ".")
PROG = os.path.join(os.environ.get("top_builddir", "."), "src", "mdg-parse")
KEYS = ["message_id", "in_reply_to", "references", "date", "from", "sender",
        "reply_to", "to", "cc", "subject", "text", "text_source", "reply",
        "quoted", "signature", "attachments", "class", "bounce", "warnings"]
MAIL = (b"From: a@example.jp\nSubject: one\nMessage-ID: <1@example.jp>\n"
        b"\nbody\n")
# A confined process cannot be searched for leaks; the unit tests are.
os.environ["ASAN_OPTIONS"] = "detect_leaks=0"
count = 0
tmp = tempfile.TemporaryDirectory()
sys.path.insert(0, os.path.join(TOP, "tests", "cli"))
sys.dont_write_bytecode = True
import check_mail  # noqa: E402


def ok(cond, name, detail=""):
    global count
    count += 1
    print(f"{'ok' if cond else 'not ok'} {count} - {name}", flush=True)
    if not cond:
        print("# " + str(detail)[:2000].replace("\n", "\n# "), flush=True)


def run(*args, stdin=b""):
    p = subprocess.run([PROG, *args], input=stdin, capture_output=True,
                       timeout=300)
    return p.returncode, p.stdout.decode("utf-8", "strict"), p.stderr.decode()


def write(name, data):
    path = os.path.join(tmp.name, name)
    with open(path, "wb") as f:
        f.write(data)
    return path


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
        return [int(p) for p in f.read().split()]


def corpus(script, *words):
    out = os.path.join(tmp.name, script)
    subprocess.run([sys.executable, os.path.join(TOP, "tests/data", script), out],
                   check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(out, "expected.json"), encoding="utf-8") as f:
        expected = json.load(f)
    files = [os.path.join(out, e["file"]) for e in expected]
    code, text, err = run(*words, "--json", *files)
    lines = text.splitlines()
    ok(code == 0 and len(lines) == len(files) and len(files) >= 150 and not err,
       "one line a mail, in order", (code, len(lines), err))
    objects = [json.loads(s) for s in lines]
    ok(all(list(o) == KEYS for o in objects), "the keys and their order are fixed")
    for e, got in zip(expected, objects):
        bad = list(check_mail.problems(e["want"], got))
        ok(not bad, e["file"], "\n".join(bad))


def basics():
    code, out, _ = run("--json", stdin=MAIL)
    got = json.loads(out)
    ok(code == 0 and got["subject"] == "one" and out.count("\n") == 1, "standard input", out)
    code, out, _ = run("--json", "--explain", stdin=MAIL)
    ok(code == 0 and list(json.loads(out)) == KEYS + ["explain"], "--explain adds one key", out)
    code, out, _ = run("--json", "-", stdin=MAIL)
    ok(code == 0 and json.loads(out)["subject"] == "one", "- is standard input")
    for raw in (b"", b" \r\n\n\t\n"):
        code, out, err = run("--json", stdin=raw)
        ok((code, out) == (65, "") and err, "65 when there is nothing to read", (code, out, err))
    for raw in (b"\xff\xfe\x00", b"x", b":", b"\0" * 10 + b"x", b"--\n--\n"):
        code, out, _ = run("--json", stdin=raw)
        ok(code == 0 and list(json.loads(out)) == KEYS, f"0 for {raw!r}", (code, out))
    for args in (["--what"], ["--json", "--own"], ["--json", "--timeout", "x"]):
        code, out, err = run(*args)
        ok((code, out) == (64, "") and "usage" in err, f"64 for {args}", (code, out, err))
    own = b"From: us@example.jp\nSubject: s\n\nx\n"
    code, out, _ = run("--json", "--own", "us@example.jp", stdin=own)
    ok(json.loads(out)["class"] == "ordinary", "our own From alone is ordinary")
    code, out, _ = run("--json", "--own=us@example.jp", stdin=b"X-Madoguchi-Loop: m\n" + own)
    ok(json.loads(out)["class"] == "self", "a loop mark is ours")


def files():
    good, empty = write("good", MAIL), write("empty", b"")
    code, out, _ = run("--json", good, "/nonexistent/x", empty, good)
    lines = [json.loads(s) for s in out.splitlines()]
    ok(code == 0 and len(lines) == 4, "a file that fails has its line", out)
    ok(lines[0]["subject"] == lines[3]["subject"] == "one" and "file" not in lines[0],
       "the others are read")
    ok(lines[1]["file"] == "/nonexistent/x" and lines[1]["warnings"] == ["file:unreadable"], "unreadable file")
    ok(lines[2]["file"] == empty and lines[2]["warnings"] == ["mail:empty"], "empty file")
    code, out, _ = run("--json", empty)
    ok(code == 65, "65 when no file holds anything", (code, out))
    code, out, _ = run("--json", tmp.name, good)
    ok(code == 0 and json.loads(out.splitlines()[0])["warnings"] == ["file:unreadable"], "a folder is no mail")


def poison():
    """More parts than the parser's memory holds: it dies, alone."""
    good = write("good", MAIL)
    bomb = write("bomb", b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 3000000)
    code, out, _ = run("--json", good, bomb, good, good)
    lines = [json.loads(s) for s in out.splitlines()]
    ok(code == 0 and len(lines) == 4, "the run goes on past a mail that kills the parser", (code, out[:500]))
    ok([o["subject"] for o in lines] == ["one", "", "one", "one"] and lines[1]["warnings"] in
       (["parser:died"], ["limit:parts"],
        # with sanitizers there is no memory limit: then it is the time
        ["parser:timeout"]), "only that mail is affected", out[:2000])


def stopped(sig, timeout, want):
    """Do something to the idle child while the parent waits for a file."""
    fifo = os.path.join(tmp.name, f"fifo-{sig}")
    os.mkfifo(fifo)
    good = write("good", MAIL)
    with subprocess.Popen([PROG, "--json", "--timeout", str(timeout), good, fifo, good],
                          stdout=subprocess.PIPE) as p:
        fd = os.open(fifo, os.O_WRONLY)
        end = time.monotonic() + 30
        while not children(p.pid) and time.monotonic() < end:
            time.sleep(0.01)
        # its line is out once the child waits for the next mail
        os.kill(children(p.pid)[0], sig)
        os.write(fd, MAIL)
        os.close(fd)
        out = p.communicate(timeout=120)[0].decode()
    lines = [json.loads(s) for s in out.splitlines()]
    ok(p.returncode == 0 and len(lines) == 3, f"signal {sig}: every mail has a line", out)
    ok([o["warnings"] for o in lines].count(want) == (1 if want else 3) and lines[2]["subject"] == "one",
       f"signal {sig}: {want or 'nobody is blamed'}", out)


def mutated():
    """A short form of what tests/fuzz/README.md tells about."""
    p = subprocess.run([sys.executable, os.path.join(TOP, "tests/fuzz/mutate.py"), "-n", "2000"],
                       capture_output=True, text=True, timeout=600)
    ok(p.returncode == 0, "2,000 mutated mails", p.stdout + p.stderr)


def main():
    basics()
    files()
    corpus("gen_mail.py")
    corpus("gen_unseen.py", "--own", "support@example.jp")
    corpus("gen_strange.py", "--own", "support@example.jp")
    corpus("gen_senders.py", "--own", "support@example.jp")
    corpus("gen_odd.py", "--own", "support@example.jp")
    mutated()
    stopped(signal.SIGKILL, 20, [])
    stopped(signal.SIGSTOP, 1, ["parser:timeout"])
    if not os.environ.get("MDG_SANITIZERS"):
        poison()
    print(f"1..{count}")


main()
