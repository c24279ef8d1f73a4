"""mdg-imap and mdg-smtp against real servers, with the test as their core."""
import ctypes
import ctypes.util
import hashlib
import imaplib
import os
import signal
import time
import uuid

import pytest
from core import Worker, access, blob, i64, imap_config, text, u32
from evil import sanitized
from servers import WAIT_S, wait_until

USER, PASSWORD = "worker@example.jp", "worker-secret"
OTHER = "rcpt@customer.example"
ACCEPTED, TEMPFAIL, PERMFAIL, UNKNOWN = range(4)
ZSTD = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
ZSTD.ZSTD_decompress.restype = ctypes.c_size_t


def inflate(data):
    out = ctypes.create_string_buffer(256 << 10)
    n = ZSTD.ZSTD_decompress(out, ctypes.c_size_t(len(out)), data, ctypes.c_size_t(len(data)))
    assert n <= len(out)
    return out.raw[:n]


@pytest.fixture(scope="module")
def account(servers):
    servers.add_user(USER, PASSWORD)
    servers.add_user(OTHER, "x")
    return servers


@pytest.fixture
def imap_worker(account, build_dir):
    with Worker(build_dir + "/src/mdg-imap", "--ca", account.ca_file) as w:
        hello, _ = w.until("HELLO")
        assert hello["version"] == 1 and hello["role"] == 3
        yield w


@pytest.fixture
def smtp_worker(account, build_dir):
    with Worker(build_dir + "/src/mdg-smtp", "--ca", account.ca_file) as w:
        hello, _ = w.until("HELLO")
        assert hello["role"] == 4
        yield w


def imap_access(account, **kw):
    return access(kw.get("host", account.host), account.imaps_port, "tls", USER,
                  kw.get("password", PASSWORD))


def smtp_access(account, tls="starttls", **kw):
    port = account.submission_port if tls == "starttls" else account.submissions_port
    return access(kw.get("host", account.host), port, tls, USER, kw.get("password", PASSWORD))


def fill(account, folder, n, size=300):
    out = []
    with account.mailbox(USER) as box:
        box.create(folder)
        for i in range(n):
            raw = ("Message-ID: <%s@x.example>\r\nSubject: %d\r\n\r\n"
                   % (uuid.uuid4().hex, i)).encode()
            raw += (hashlib.sha256(raw).hexdigest().encode() + b"\r\n") * (size // 66 + 1)
            box.append(folder, None, None, raw)
            out.append(raw)
    return out


def open_folder(w, ident=7, low=0, begun=None):
    state, _ = w.until("FOLDER")
    assert state["folder"] == ident
    w.send("CURSOR", i64(ident) + u32(state["uidvalidity"]) + u32(low)
           + u32(state["uidnext"] if begun is None else begun))
    return state


def bodies(frames):
    """uid -> bytes, checked by digest, of the RAW frames among these."""
    out, parts = {}, []
    for name, f, _ in frames:
        if name != "RAW":
            continue
        assert f["n"] == len(parts)
        parts.append(inflate(f["zstd"]))
        if f["last"]:
            raw = b"".join(parts)
            assert len(raw) == f["bytes"]
            assert hashlib.blake2b(raw, digest_size=32).digest() == f["digest"]
            out[f["uid"]] = raw
            parts = []
    assert not parts
    return out


def new_name():
    return "w" + uuid.uuid4().hex[:8]


# ---- mdg-imap -------------------------------------------------------------

def test_a_pass_announces_then_brings_each_mail(account, imap_worker):
    folder = new_name()
    raws = fill(account, folder, 20) + fill(account, folder, 1, 600_000)
    imap_worker.send("CONFIG", imap_config(imap_access(account), [(7, folder, 0)]))
    state = open_folder(imap_worker)
    assert state["exists"] == 21 and state["uidnext"] == 22
    listed, _ = imap_worker.until("LISTED")
    assert [u[0] for u in listed["uids"]] == list(range(1, 22))
    done, frames = imap_worker.until("SYNCED")
    assert done["id"] == 7
    assert bodies(frames) == dict(enumerate(raws, 1))


def test_no_more_than_600_mails_wait_for_the_core(account, imap_worker):
    folder = new_name()
    raws = fill(account, folder, 720)
    imap_worker.send("CONFIG", imap_config(imap_access(account), [(7, folder, 0)]))
    state = open_folder(imap_worker)
    frames = []
    while sum(f[0] == "RAW" for f in frames) < 550:
        frames.append(imap_worker.recv())
    imap_worker.sock.settimeout(2)
    with pytest.raises(TimeoutError):                  # then it falls silent
        while True:
            frames.append(imap_worker.recv())
    got = bodies(frames)
    assert 550 <= len(got) <= 600
    imap_worker.sock.settimeout(WAIT_S)
    imap_worker.send("ACK", i64(7) + u32(state["uidvalidity"]) + u32(max(got)))
    got.update(bodies(imap_worker.until("SYNCED")[1]))
    assert got == dict(enumerate(raws, 1))


def test_the_first_mails_do_not_wait_for_the_listing_of_the_last(account, imap_worker):
    folder = new_name()
    raws = fill(account, folder, 1100)
    imap_worker.send("CONFIG", imap_config(imap_access(account), [(7, folder, 0)]))
    state = open_folder(imap_worker)
    frames = []
    while frames[-1:] != ["SYNCED"]:
        name, f, _ = imap_worker.recv()
        if name == "RAW" and f["uid"] % 100 == 0:
            imap_worker.send("ACK", i64(7) + u32(state["uidvalidity"]) + u32(f["uid"]))
        frames += [f["uid"]] if name == "RAW" else [
            ["listed", u[0]] for u in f["uids"]] if name == "LISTED" else [name]
    assert [f for f in frames if isinstance(f, int)] == list(range(1, len(raws) + 1))
    assert frames.index(["listed", 1000]) < frames.index(1) < frames.index(1000)
    assert frames.index(1000) < frames.index(["listed", 1001]) < frames.index(1001)


def test_old_mail_stays_out_also_after_a_first_pass_that_broke(account, imap_worker):
    folder, now_s = new_name(), int(time.time())
    with account.mailbox(USER) as box:
        box.create(folder)
        for i in range(8):                             # every other one is old
            age_s = 100 * 86400 if i % 2 else 3600
            box.append(folder, None, imaplib.Time2Internaldate(now_s - age_s),
                       b"Subject: %d\r\n\r\nx\r\n" % i)
    imap_worker.send("CONFIG", imap_config(imap_access(account),
                                           [(7, folder, now_s - 7 * 86400)]))
    open_folder(imap_worker, low=2, begun=7)           # 7 and 8 were put there since
    _, frames = imap_worker.until("SYNCED")
    assert sorted(bodies(frames)) == [3, 5, 7, 8]
    assert [f["uids"] for name, f, _ in frames if name == "IGNORED"] == [[4, 4, 6, 6]]


def test_news_come_by_idle_and_only_above_the_watermark(account, imap_worker):
    folder = new_name()
    fill(account, folder, 3)
    imap_worker.send("CONFIG", imap_config(imap_access(account), [(7, folder, 0)]))
    open_folder(imap_worker, low=2)
    _, frames = imap_worker.until("SYNCED")
    assert list(bodies(frames)) == [3]
    raw = fill(account, folder, 1)[0]
    frames = []
    while not bodies(frames):
        frames += imap_worker.until("SYNCED")[1]
    assert bodies(frames) == {4: raw}
    assert not any(f[0] == "FOLDER" for f in frames)


def test_a_poke_brings_the_other_folders_too(account, imap_worker):
    one, two = new_name(), new_name()
    fill(account, one, 1)
    fill(account, two, 2)
    imap_worker.send("CONFIG", imap_config(imap_access(account), [(1, one, 0), (2, two, 0)]))
    open_folder(imap_worker, 2)
    assert len(bodies(imap_worker.until("SYNCED")[1])) == 2
    open_folder(imap_worker, 1)
    assert len(bodies(imap_worker.until("SYNCED")[1])) == 1
    raw = fill(account, two, 1)[0]
    imap_worker.send("POKE")
    open_folder(imap_worker, 2, low=2)
    assert bodies(imap_worker.until("SYNCED")[1]) == {3: raw}


def test_a_quiet_folder_is_known_to_be_quiet(account, imap_worker):
    one, two = new_name(), new_name()
    fill(account, one, 1)
    fill(account, two, 1)
    imap_worker.send("CONFIG", imap_config(imap_access(account), [(1, one, 0), (2, two, 0)]))
    imap_worker.low = 0
    assert [imap_worker.until("SYNCED")[0]["id"] for _ in range(2)] == [2, 1]
    raw = fill(account, one, 1)[0]                  # news of the first only
    imap_worker.low = 1
    first, before = imap_worker.until("SYNCED")
    assert first["id"] == 2 and not before
    second, before = imap_worker.until("SYNCED")
    assert second["id"] == 1 and bodies(before) == {2: raw}


def test_a_first_sync_leaves_old_mail_where_it_is(account, imap_worker):
    folder = new_name()
    with account.mailbox(USER) as box:
        box.create(folder)
        box.append(folder, None, '"01-Jan-2020 00:00:00 +0000"', b"Subject: old\r\n\r\n")
    fill(account, folder, 1)
    imap_worker.send("CONFIG", imap_config(imap_access(account), [(7, folder, 1700000000)]))
    open_folder(imap_worker)
    assert list(bodies(imap_worker.until("SYNCED")[1])) == [2]
    # moved here later: old by date, new to us
    with account.mailbox(USER) as box:
        box.append(folder, None, '"01-Jan-2020 00:00:00 +0000"', b"Subject: moved\r\n\r\n")
    frames = []
    while not bodies(frames):
        frames += imap_worker.until("SYNCED")[1]
    assert list(bodies(frames)) == [3]


def test_the_sent_copy_and_all_uids(account, imap_worker):
    folder = new_name()
    fill(account, folder, 3)
    ident = uuid.uuid4().hex + "@example.jp"
    raw = ("Message-ID: <%s>\r\n\r\nsent\r\n" % ident).encode()
    imap_worker.send("CONFIG", imap_config(imap_access(account), [(7, folder, 0)]))
    imap_worker.low = 3
    imap_worker.until("SYNCED")
    for n in (1, 2):
        imap_worker.send("APPEND", text(None) + text(ident) + blob(raw), n)
        got = imap_worker.until("APPENDED")[0]
        assert got["ok"] == 1
    assert account.mails(USER, "Sent").count(raw) == 1
    imap_worker.send("LIST_UIDS", i64(7), 5)
    uids = imap_worker.until("UIDS")[0]
    assert uids["uids"] == [1, 2, 3] and uids["last"] == 1 and uids["uidvalidity"] > 0


def test_all_uids_of_an_empty_folder_are_none(account, imap_worker):
    folder = new_name()
    fill(account, folder, 0)
    imap_worker.send("CONFIG", imap_config(imap_access(account), [(7, folder, 0)]))
    imap_worker.low = 0
    imap_worker.until("SYNCED")
    imap_worker.send("LIST_UIDS", i64(7), 5)
    uids = imap_worker.until("UIDS")[0]
    assert uids["uids"] == [] and uids["last"] == 1
    # a folder that went is not one without mails
    with account.mailbox(USER) as box:
        box.delete(folder)
    imap_worker.send("LIST_UIDS", i64(7), 6)
    assert not [f for f in imap_worker.until("PROBLEM")[1] if f[0] == "UIDS"]


def test_a_missing_folder_is_the_problem_told(account, imap_worker):
    imap_worker.send("CONFIG", imap_config(imap_access(account), [(7, new_name(), 0)]))
    problem, _ = imap_worker.until("PROBLEM")
    assert problem["err"][0] == 4
    assert imap_worker.recv() is None
    assert imap_worker.proc.wait(WAIT_S) != 0


def test_a_refused_login_is_the_problem_told(account, imap_worker):
    imap_worker.send("CONFIG", imap_config(imap_access(account, password="no"), [(7, "INBOX", 0)]))
    assert imap_worker.until("PROBLEM")[0]["err"][0] == 14
    assert imap_worker.proc.wait(WAIT_S) != 0


def test_the_worker_ends_with_its_core(account, imap_worker):
    imap_worker.send("CONFIG", imap_config(imap_access(account), [(7, "INBOX", 0)]))
    open_folder(imap_worker)
    imap_worker.until("SYNCED")
    imap_worker.sock.close()
    assert imap_worker.proc.wait(WAIT_S) == 0


def test_a_restarted_server_is_dialled_again(account, imap_worker):
    folder = new_name()
    fill(account, folder, 1)
    imap_worker.send("CONFIG", imap_config(imap_access(account), [(7, folder, 0)]))
    open_folder(imap_worker)
    imap_worker.until("SYNCED")
    account.stop_imap()
    account.start_imap()
    state, _ = imap_worker.until("FOLDER")
    assert state["exists"] == 1


@pytest.mark.parametrize("pause", [0, 0.01, 0.5])
def test_a_mailbox_test_names_its_steps(account, imap_worker, pause):
    # the configuration first, as the daemon does; at once and a little later
    imap_worker.send("CONFIG", imap_config(imap_access(account), [(7, "INBOX", 0)]))
    time.sleep(pause)
    imap_worker.send("TEST", b"", 9)
    steps = [f for n, f, _ in imap_worker.until("END")[1] if n == "STEP"]
    assert imap_worker.proc.wait(WAIT_S) == 0
    assert [s["name"] for s in steps] == ["dns", "connect", "tls", "capability", "login",
                                          "folder"]
    assert all(s["ok"] for s in steps)


def test_a_test_of_a_missing_folder_names_those_there_are(account, imap_worker):
    imap_worker.send("TEST", imap_config(imap_access(account), [(7, new_name(), 0)]), 9)
    step = [f for n, f, _ in imap_worker.until("END")[1] if n == "STEP"][-1]
    assert step["name"] == "folder" and not step["ok"]
    assert b"INBOX" in step["err"][2] and b"Sent" in step["err"][2]


@pytest.mark.parametrize("change,last,code", [
    (dict(host="127.0.0.2"), "tls", 13),
    (dict(password="no"), "login", 14),
])
def test_a_failed_mailbox_test_ends_at_its_step(account, imap_worker, change, last, code):
    imap_worker.send("TEST", imap_config(imap_access(account, **change), [(7, "INBOX", 0)]), 9)
    steps = [f for n, f, _ in imap_worker.until("END")[1] if n == "STEP"]
    assert steps[-1]["name"] == last and not steps[-1]["ok"]
    assert all(s["ok"] for s in steps[:-1])
    assert steps[-1]["err"][0] == code and steps[-1]["err"][1] > 0


# ---- mdg-smtp -------------------------------------------------------------

def mail(mark):
    return ("From: %s\r\nTo: %s\r\nMessage-ID: <%s@example.jp>\r\n\r\n.dot\r\n..two\r\nbare\n"
            "end" % (USER, OTHER, mark)).encode()


def send(w, ident, rcpts, raw, sender=USER):
    w.send("SEND", i64(ident) + text(sender) + u32(len(rcpts)) + b"".join(map(text, rcpts))
           + text("") + blob(raw), ident & 0xffffffff)


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_mail_goes_out_after_the_core_said_so(account, smtp_worker, tls):
    mark = uuid.uuid4().hex
    smtp_worker.send("CONFIG", smtp_access(account, tls))
    send(smtp_worker, 77, [OTHER], mail(mark))
    asked, before = smtp_worker.until("COMMITTING")
    assert asked["id"] == 77 and not before
    smtp_worker.send("COMMIT_OK", i64(77))
    result, _ = smtp_worker.until("RESULT")
    assert result["outbox"] == 77 and result["phase"] == "final"
    assert [r[:3] for r in result["rcpts"]] == [(OTHER, ACCEPTED, 250)]
    got = wait_until("the mail", lambda: [m for m in account.mails(OTHER) if mark.encode() in m])
    assert got[0].split(b"\r\n\r\n", 1)[1] == b".dot\r\n..two\r\nbare\r\nend\r\n"
    # the kept connection takes the next one
    send(smtp_worker, 78, [OTHER], mail(uuid.uuid4().hex))
    smtp_worker.until("COMMITTING")
    smtp_worker.send("COMMIT_OK", i64(78))
    assert smtp_worker.until("RESULT")[0]["rcpts"][0][1] == ACCEPTED


def test_without_the_word_of_the_core_nothing_is_sent(account, smtp_worker):
    mark = uuid.uuid4().hex
    smtp_worker.send("CONFIG", smtp_access(account))
    send(smtp_worker, 80, [OTHER], mail(mark))
    smtp_worker.until("COMMITTING")
    smtp_worker.sock.close()
    assert smtp_worker.proc.wait(WAIT_S) == 0
    check = uuid.uuid4().hex
    account.submit(USER, OTHER, mail(check))
    wait_until("a later mail", lambda: [m for m in account.mails(OTHER) if check.encode() in m])
    assert not [m for m in account.mails(OTHER) if mark.encode() in m]


def test_each_recipient_has_a_verdict(account, smtp_worker):
    smtp_worker.send("CONFIG", smtp_access(account))
    rcpts = ["a b@x.example", "\u5c71@x.example", "x>\r\nDATA@x.example", OTHER]
    send(smtp_worker, 81, rcpts, mail(uuid.uuid4().hex))
    smtp_worker.until("COMMITTING")
    smtp_worker.send("COMMIT_OK", i64(81))
    result, _ = smtp_worker.until("RESULT")
    assert [r[1] for r in result["rcpts"]] == [PERMFAIL, PERMFAIL, PERMFAIL, ACCEPTED]


@pytest.mark.parametrize("change,phase", [
    (dict(password="no"), "auth"),
    (dict(host="127.0.0.2"), "connect"),
])
def test_trouble_of_the_account_is_not_the_mails(account, smtp_worker, change, phase):
    smtp_worker.send("CONFIG", smtp_access(account, **change))
    send(smtp_worker, 82, [OTHER], mail("x"))
    result, _ = smtp_worker.until("RESULT")
    assert result["account"] == 1 and result["phase"] == phase
    assert result["rcpts"][0][1] == TEMPFAIL and result["rcpts"][0][3]


def test_a_test_of_sending_names_its_steps(account, smtp_worker):
    smtp_worker.send("CONFIG", smtp_access(account))
    smtp_worker.send("TEST", b"", 3)
    steps = [f for n, f, _ in smtp_worker.until("END")[1] if n == "STEP"]
    assert smtp_worker.proc.wait(WAIT_S) == 0
    assert [s["name"] for s in steps if s["ok"]] == ["dns", "connect", "tls", "capability",
                                                     "login"]


def test_workers_are_confined(account, imap_worker, build_dir):
    if os.environ.get("MDG_UNCONFINED"):
        pytest.skip("not while leaks are searched for")
    imap_worker.send("CONFIG", imap_config(imap_access(account), [(7, "INBOX", 0)]))
    open_folder(imap_worker)
    imap_worker.until("SYNCED")
    with open("/proc/%d/status" % imap_worker.proc.pid, encoding="ascii") as f:
        status = dict(line.split(":", 1) for line in f)
    assert status["Seccomp"].strip() == "2"
    assert status["NoNewPrivs"].strip() == "1"
    assert sanitized(build_dir) or imap_worker.peak_kb() < 60_000
    imap_worker.proc.send_signal(signal.SIGTERM)
