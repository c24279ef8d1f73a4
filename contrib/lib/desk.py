"""A private desk: madoguchid with its own store, started from a build tree."""
import os
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def build_dir():
    """Where the programs were built: $top_builddir, else build*/, else the tree."""
    for path in (os.environ.get("top_builddir"), TOP + "/build", TOP + "/build-quickstart",
                 TOP + "/build-check", TOP):
        if path and os.path.exists(os.path.join(path, "config.status")):
            return os.path.abspath(path)
    raise SystemExit("nothing is configured in %s" % TOP)


class Desk:
    pass
