"""Real PostgreSQL and Valkey for a machine that has none.

Invariant: nothing outside the standard library is imported here, and the servers live exactly as
long as some process keeps a connection to their one supervisor.
"""

from core.launcher.client import Services, ensure, environment, provide
from core.launcher.errors import LauncherError
from core.launcher.places import home_directory

__all__ = ["LauncherError", "Services", "ensure", "environment", "home_directory", "provide"]
