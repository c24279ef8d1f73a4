"""How full a mailbox is, from a Dovecot that counts."""
import os
import shutil
import tempfile

import pytest
from desk import Desk
from evil import Imap
from servers import Servers, wait_until
from test_evil_imap import drive, err

QUOTA = """
mail_plugins = quota
protocol imap {
  mail_plugins = quota imap_quota
}
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=1M
}
"""


def test_a_mailbox_that_is_nearly_full_is_told_of(build_dir):
    if not os.path.exists(build_dir + "/src/madoguchid"):
        pytest.skip("madoguchid is not built")
    folder = tempfile.mkdtemp(prefix="madoguchi-it.")
    os.chmod(folder, 0o711)
    try:
        with Servers(folder + "/servers", smtp=False, conf=QUOTA) as servers, \
                Desk(folder + "/desk", build_dir) as desk:
            servers.add_user(Desk.ADDRESS, "desk-secret")
            with servers.mailbox(Desk.ADDRESS) as box:
                for _ in range(9):
                    assert box.append("INBOX", None, None, b"Subject: x\r\n\r\n" + b"y" * 100_000)[
                        0] == "OK"
            desk.init()
            desk.start()
            desk.add_mailbox(servers, Desk.ADDRESS, "desk-secret")
            quota = wait_until("the quota", lambda: desk.json("status")["quotas"], 60, desk.alive)[0]
            assert quota["limit_bytes"] == 1 << 20 and quota["nearly_full"]
            assert 85 <= quota["percent"] <= 90
            assert "もうすぐ上限" in desk.run("status").stdout
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("answer", [
    "* QUOTA x (STORAGE 99999999999999999999999 1)", "* QUOTA x (STORAGE 1 18446744073709551616)",
    "* QUOTA x (", "* QUOTA", "* QUOTA x (STORAGE)", "* QUOTA x (STORAGE 1 0)",
    "* QUOTA {3}\r\nabc (STORAGE 1 2)"])
def test_an_odd_quota_harms_nothing(build_dir, answer):
    server = Imap({1: b"Subject: 1\r\n\r\none\r\n"}, caps="IMAP4rev1 SASL-IR AUTH=PLAIN QUOTA",
                  GETQUOTAROOT=lambda c, tag, a: c.send("%s\r\n%s OK done\r\n" % (answer, tag)))
    assert err(drive(build_dir, server, "quota", "select", "INBOX")) is None
