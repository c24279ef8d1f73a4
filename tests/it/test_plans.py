"""No read model looks at the whole of a table that grows with the mails: what SQLite plans
for every statement that the daemon prepared while all routes were asked for."""
import re

import pytest
from desk import Desk
from test_described import ask_all, fill, post  # noqa: F401
from web import Web

GROWS = {"ticket", "message", "message_address", "event", "event_data", "delivery", "raw", "raw_chunk", "attachment",
         "ref_seen", "clock", "draft", "revision", "outbox", "outbox_rcpt", "figure", "surge_mail", "ticket_label",
         "comment", "customer", "customer_address", "ticket_participant", "view", "incident_ticket", "notice", "fact"}
# indexes of what is open or wrong: they stay small, whole
SMALL = {"ticket_open", "ticket_urgent", "ticket_error", "revision_waiting", "outbox_open", "outbox_failed",
         "message_thanks", "raw_half"}
# who may all the same, and why
MAY = (
    ("a report adds up all its rows", r"FROM figure|FROM review x"),
    ("status counts everything, for who asks", r"^SELECT (o\.)?state, COUNT\(\*\) FROM (delivery|ticket|outbox)"),
    ("audit verify reads all of it", r"DISTINCT lane FROM event"),
    ("an export is made seldom", r"FROM event_data x JOIN event e"),
)


@pytest.fixture(scope="module")
def plans(place, post, build_dir):    # noqa: F811
    with open(build_dir + "/config.h", encoding="utf-8") as f:
        if "#define MDG_FAULTS 1" not in f.read():
            pytest.skip("needs --enable-faults")
    path = place + "/plans"
    with Desk(place + "/desk", build_dir, web=True) as d:
        d.init()
        d.start(MDG_PLANS=path)
        filled = fill(d, post)
        ask_all(d, filled, Web(d.web_port).sign_in("admin", "ことば と ことば の あいだ"))
    with open(path, encoding="utf-8") as f:
        yield [line.rstrip("\n").split("\t", 1) for line in f if "\t" in line]


def names(sql):
    """Tables by the names that a statement gives them."""
    found = {}
    for table, alias in re.findall(r"(?:FROM|JOIN) (\w+)(?: (?:AS )?(\w+))?", sql):
        found[table] = table
        if alias:
            found[alias] = table
    return found


def test_no_statement_reads_a_whole_table_that_grows(plans):
    bad = set()
    for step, sql in plans:
        scan = re.match(r"SCAN (\w+)(.*)", step)
        if not scan or names(sql).get(scan[1], scan[1]) not in GROWS:
            continue
        index = re.search(r"INDEX (\w+)", step)
        if index and index[1] in SMALL:
            continue
        if any(re.search(pattern, sql) for _, pattern in MAY):
            continue
        bad.add((step, sql[:400]))
    assert not bad, "\n".join("%s\n    %s" % b for b in sorted(bad))


def test_the_course_of_days_reads_what_it_counts(plans):
    steps = {step for step, sql in plans if "/ 86400, COUNT(*)" in sql and step.startswith("SEARCH t ")}
    assert {re.search(r"INDEX (\w+) \(\w+_s>", s)[1] for s in steps} == {"ticket_created", "ticket_closed"}, steps
