"""Loaded before Django's settings are: puts the throw-away servers into the environment."""

import atexit
import os
import tempfile

from tests.services import throwaway_services

# One of several processes that share the tests has servers of its own: databases have fixed names,
# and what one process does to a server must not be seen by the other.
_OF_THE_FIRST = "SERVERS_OF_THE_TESTS"
if "PYTEST_XDIST_WORKER" in os.environ:
    for _name in os.environ.pop(_OF_THE_FIRST, "").split():
        del os.environ[_name]
_given = {name for name in ("DATABASE_URL", "REDIS_URL") if name in os.environ}
os.environ[_OF_THE_FIRST] = " ".join(sorted(throwaway_services().keys() - _given))
_home = tempfile.TemporaryDirectory(prefix="databourse-tests-")
atexit.register(_home.cleanup)
os.environ["DATABOURSE_HOME"] = _home.name
os.environ.setdefault("DATABOURSE_LOG_LEVEL", "ERROR")
# What the tests start is compiled once, and not again by each of some hundred processes.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
