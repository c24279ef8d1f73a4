"""Fixtures of the integration tests: real servers, one set for all tests."""
import os
import sys

import pytest

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(TOP, "contrib", "lib"))

from servers import Servers  # noqa: E402


@pytest.fixture(scope="session")
def servers():
    """A running Dovecot and OpenSMTPD with two people."""
    with Servers() as s:
        s.add_user("support@example.jp", "desk-secret")
        s.add_user("hanako@customer.example", "hanako-secret")
        yield s


@pytest.fixture(scope="session")
def build_dir():
    """Where the programs were built: $top_builddir, else build/, else the tree."""
    for path in (os.environ.get("top_builddir"), os.path.join(TOP, "build"), TOP):
        if path and os.path.exists(os.path.join(path, "config.status")):
            return os.path.abspath(path)
    pytest.skip("nothing is configured here")
    return None
