"""Fixtures of the integration tests: real servers, one set for all tests."""
import os
import shutil
import sys
import tempfile

import pytest

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(TOP, "contrib", "lib"))

from desk import has_faults  # noqa: E402
from servers import Servers  # noqa: E402
from web import Web  # noqa: E402


@pytest.fixture(scope="session")
def servers():
    """A running Dovecot and OpenSMTPD with two people."""
    with Servers() as s:
        s.add_user("support@example.jp", "desk-secret")
        s.add_user("hanako@customer.example", "hanako-secret")
        yield s


@pytest.fixture(scope="session", autouse=True)
def described():
    """Every answer of the API is one that its description knows."""
    try:
        import described as of    # pylint: disable=C0415
        Web.watch = staticmethod(of.watch)
    except ImportError:
        pass                      # no jsonschema here: test_web_api.py asks for it
    yield
    Web.watch = None


@pytest.fixture(scope="module")
def place():
    """A folder that the servers' people can pass through."""
    folder = tempfile.mkdtemp(prefix="madoguchi-it.")
    os.chmod(folder, 0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def build_dir():
    """Where the programs were built: $top_builddir, else build/, else the tree."""
    for path in (os.environ.get("top_builddir"), os.path.join(TOP, "build"), TOP):
        if path and os.path.exists(os.path.join(path, "config.status")):
            return os.path.abspath(path)
    pytest.skip("nothing is configured here")
    return None


@pytest.fixture(scope="session")
def build_with_faults(build_dir):
    """The same, for what breaks it at a point or moves its clock."""
    if not has_faults(build_dir):
        pytest.skip("needs --enable-faults")
    return build_dir
