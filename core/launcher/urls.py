"""Addresses of servers on unix sockets. Invariant: pure; any path survives the round trip."""

from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

DATABASE = "databourse"
SUPERUSER = "postgres"
VALKEY_SOCKET = "vk.sock"
# As many as a Redis or Valkey server has unless told otherwise.
DATABASES = 16


def database_url(sockets: Path) -> str:
    """Name the database behind a socket directory, as django-environ and libpq both read it."""
    return f"postgres://{SUPERUSER}@/{DATABASE}?host={quote(str(sockets), safe='')}"


def redis_url(sockets: Path) -> str:
    """Name the Valkey behind a socket directory, as redis-py reads it."""
    return f"unix://{quote(str(sockets / VALKEY_SOCKET))}?db=0"


def socket_directory(url: str) -> Path | None:
    """Find the directory of the unix socket that an address names; None if it names a host."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return Path(unquote(parts.path)).parent
    host = parse_qs(parts.query).get("host", [""])[0]
    return Path(host) if host.startswith("/") else None


def broker_url(redis: str) -> str:
    """Derive Celery's broker from the cache's address: the same server, another database.

    They are kept apart because emptying the cache is FLUSHDB, which would empty the queues too.

    Raises:
        ValueError: the address is not one of a Redis or Valkey server.

    """
    parts = urlsplit(redis)
    query = parse_qs(parts.query)
    if parts.scheme == "unix":
        named = query.pop("db", ["0"])[0]
    elif parts.scheme in {"redis", "rediss"}:
        named = query.pop("db", [parts.path.strip("/") or "0"])[0]
    else:
        raise ValueError(f"not redis://, rediss:// or unix:// but {redis!r}")
    if not named.isdecimal():
        raise ValueError(f"the database of {redis!r} is not a number")
    number = (int(named) + 1) % DATABASES
    if parts.scheme == "unix":
        return f"redis+socket://{parts.path}?virtual_host={number}"
    return parts._replace(path=f"/{number}", query=urlencode(query, doseq=True)).geturl()
