"""The venue's settings, on the backend that takes no row locks."""

from exchange.settings import *  # noqa: F403
from exchange.settings import DATABASES

DATABASES["default"]["ENGINE"] = "tests.races.lockless"
