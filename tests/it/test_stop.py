"""A stop, as an upgrade or a restart of the machine asks for it, while a reply is on its way."""
import os
import signal
import threading

import pytest
from evil import Evil
from servers import wait_until
from test_full import Place, Post


@pytest.fixture(name="post")
def fixture_post():
    server = Post()
    server.mail_is_out, server.may_answer = threading.Event(), threading.Event()

    def before_the_answer():
        server.mail_is_out.set()
        assert server.may_answer.wait(120)
    server.at["DOT"] = before_the_answer
    with Evil(server) as port:
        server.port = port
        yield server


def test_a_stop_waits_for_the_answer_to_what_is_sent(place, build_with_faults, post):
    small = place + "/small"
    os.makedirs(small)
    p = Place(place, small, build_with_faults, post.port)
    try:
        draft, waiting = p.approved(p.come()), p.approved(p.come())
        p.desk.call("clock.advance", seconds=120)
        assert post.mail_is_out.wait(90)
        p.desk.proc.send_signal(signal.SIGTERM)
        wait_until("it was told", lambda: "stopping" in p.log(), 60)
        assert p.desk.alive()                 # it does not end under the mail
        post.may_answer.set()
        p.desk.stop()
        # nothing is in doubt, and nothing more was begun
        assert sorted(p.outbox(d)[0] for d in (draft, waiting)) == ["queued", "sent"]
        assert len(post.taken) == 1
        p.desk.start()
        p.sent(draft), p.sent(waiting)
        assert len(post.taken) == 2
        p.whole()
    finally:
        p.close()
