"""The desk in a browser, as its people use it."""
import email
import email.policy
import shutil
import subprocess
import os

import pytest
from mails import CUSTOMER
from servers import wait_until


def test_places_in_a_text():
    if not shutil.which("node"):
        pytest.skip("no node here")
    script = os.path.join(os.path.dirname(__file__), "text.mjs")
    done = subprocess.run(["node", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout


def test_a_reply_goes_the_whole_way(browser, desk, post):
    browser("circle")
    raw = post.wait_mails(CUSTOMER, 1, timeout_s=120)[0]
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    text = mail.get_content()
    assert "交換品は明日発送し" in text and "写真を拝見いたしました" in text
    assert mail["In-Reply-To"] == "<ui1@customer.example>"
    wait_until("the result", lambda: desk.query("SELECT 1 FROM outbox WHERE state = 'sent'"), 60)


def test_a_hostile_mail_does_nothing(browser):
    browser("hostile")


def test_two_people_do_not_overwrite_each_other(browser):
    browser("two")


def test_each_piece_of_work_has_a_way_back(browser):
    browser("work")


def test_administrators_forms_do_what_they_say(browser):
    browser("govern")


def test_the_first_page_needs_little(browser):
    print(browser("first"))


def test_every_screen_is_for_everybody(browser):
    browser("axe")
