"""Fixtures of the browser tests: a real desk with real mail servers, and a
Chromium that works in it. Each test is a script for node (NAME.mjs), which
fails with its reason; what it left behind is looked at here."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading

import pytest

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path[:0] = [os.path.join(TOP, "contrib", "lib"), os.path.dirname(__file__)]

from desk import Desk, build_dir  # noqa: E402
from mails import CUSTOMER, PASSWORD, mails  # noqa: E402
from servers import Servers, wait_until  # noqa: E402

LIMIT_S = 1200


@pytest.fixture(scope="session")
def modules():
    """Where Playwright and axe are: in the build folder, by the lock file."""
    here, place = os.path.dirname(__file__), os.path.join(build_dir(), "tests", "ui", "npm")
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("no node and npm here")
    if not shutil.which("chromium"):
        pytest.skip("no chromium here")
    os.makedirs(place, exist_ok=True)
    lock, done = os.path.join(here, "package-lock.json"), os.path.join(place, "installed.json")
    with open(lock, encoding="utf-8") as f:
        wanted = f.read()
    if not os.path.exists(done) or open(done, encoding="utf-8").read() != wanted:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(os.path.join(here, name), place)
        got = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund",
                              "--loglevel=error"], cwd=place, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, check=False, timeout=300)
        if got.returncode != 0:
            pytest.skip("npm could not fetch Playwright and axe: " + got.stdout.strip()[-300:])
        shutil.copy(lock, done)
    return place


@pytest.fixture(scope="session")
def folder():
    place = tempfile.mkdtemp(prefix="madoguchi-ui.")
    os.chmod(place, 0o711)
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="session")
def post(folder):
    with Servers(folder + "/servers") as s:
        for who in (Desk.ADDRESS, CUSTOMER):
            s.add_user(who, "mail-secret")
        yield s


@pytest.fixture(scope="session")
def desk(folder, post, modules):
    with Desk(folder + "/desk", web=True) as d:
        if not os.path.exists(d.env["MDG_UI"] + "/app.js"):
            pytest.skip("the UI is not built here")
        d.init()
        d.start()
        d.add_people()
        for login in ("sato", "suzuki", "admin"):
            d.run("user", "password", login, "--password-file", "-", text=PASSWORD)
        d.add_mailbox(post, Desk.ADDRESS, "mail-secret")
        sent = list(mails())
        post.deliver_all([(CUSTOMER, Desk.ADDRESS, raw) for raw in sent])
        wait_until("the mails", lambda: d.delivered() >= len(sent), 120, d.alive)
        d.run("golive")
        d.wait_web()
        yield d


@pytest.fixture
def browser(desk, modules):
    """browser("name", key=value): runs name.mjs. asks: what it may ask for with
    please(word) while it runs, each a function; limit_s: then it hangs."""
    def run(name, asks=None, limit_s=LIMIT_S, **more):
        env = {**os.environ, "URL": "http://127.0.0.1:%d" % desk.web_port, "MODULES": modules,
               "PASSWORD": PASSWORD, "SHOTS": os.environ.get("SHOTS", ""),
               "TZ": "Asia/Tokyo", **{k.upper(): str(v) for k, v in more.items()}}
        said = []
        with subprocess.Popen(["node", os.path.join(os.path.dirname(__file__), name + ".mjs")],
                              env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True) as p:
            too_long = threading.Timer(limit_s, p.kill)
            too_long.start()
            try:
                for line in p.stdout:
                    if not line.startswith("please: "):
                        said.append(line)
                        continue
                    p.stdin.write(json.dumps(asks[line[8:].strip()]()) + "\n")
                    p.stdin.flush()
            finally:
                too_long.cancel()
                p.kill()
        assert p.returncode == 0, "".join(said)[-4000:] + desk.log_tail(5)
        return "".join(said)
    return run
