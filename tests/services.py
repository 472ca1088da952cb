"""The servers that the tests run on: throw-away ones, started once for the whole session.

Invariant: after `throwaway_services` the environment names both servers, and nothing that the
tests write is left when the session ends. Addresses set by the caller win.
"""

import atexit
import os

from core import launcher


def throwaway_services() -> dict[str, str]:
    """Put DATABASE_URL and REDIS_URL into the environment and return them.

    To be called before Django's settings are read, as often as one likes: the second call finds
    the addresses of the first.
    """
    services = launcher.provide(os.environ, throwaway=True)
    if services:
        atexit.register(services.close)
    return {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
