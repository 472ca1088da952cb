"""Loaded before Django's settings are: puts the throw-away servers into the environment."""

import atexit
import os
import tempfile

from tests.services import throwaway_services

throwaway_services()
_home = tempfile.TemporaryDirectory(prefix="databourse-tests-")
atexit.register(_home.cleanup)
os.environ["DATABOURSE_HOME"] = _home.name
os.environ.setdefault("DATABOURSE_LOG_LEVEL", "ERROR")
