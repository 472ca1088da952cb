"""What a service is. Invariant: nothing is written outside one transaction and one permission."""

import functools
import inspect
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar, overload
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.actors import ACT_NAMES, CAPACITY_NAMES, PERMISSIONS, ROLE_NAMES, Member, why_not
from core.errors import (
    Forbidden,
    NoOrganisation,
    OrganisationSuspended,
    StepUpNeeded,
    VenueStaff,
)

P = ParamSpec("P")
R = TypeVar("R")

_REASONS = {
    "scope": gettext_noop("The token lacks the scope “%(act)s”: %(name)s."),
    "venue-only": gettext_noop("Only the venue's staff may do this."),
    "role": gettext_noop("It needs one of these roles: %(roles)s."),
    "capacity": gettext_noop("Your organisation lacks the capacity “%(capacity)s”."),
}


def require(actor: Member, act: str) -> None:
    """Refuse unless `actor` may do `act`.

    Raises:
        Forbidden, NoOrganisation, VenueStaff, OrganisationSuspended: as the refusal says.

    """
    reason = why_not(actor, act)
    if not reason:
        return
    if reason == "no-organisation":
        raise NoOrganisation(act=act, reason=reason)
    if reason == "venue-cannot-trade":
        raise VenueStaff
    if reason == "suspended":
        raise OrganisationSuspended
    permission = PERMISSIONS[act]
    named = [str(name) for role, name in ROLE_NAMES.items() if role in permission.roles]
    text = _(_REASONS[reason]) % {
        "act": act,
        "name": ACT_NAMES[act],
        "roles": _(", ").join(named),
        "capacity": CAPACITY_NAMES.get(permission.capacity, ""),
    }
    raise Forbidden(text, act=act, reason=reason)


def require_step_up(actor: Member, at: datetime) -> None:
    """Refuse unless the person that acts proved a moment ago that it is who it says.

    A session may be hours old and its screen unlocked, and a token lies in a file: neither is a
    person that means this.

    Raises:
        StepUpNeeded: it did not, or too long ago; `max_age` says how fresh it has to be (RFC 9470).

    """
    longest = timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
    if actor.confirmed_at is None or at - actor.confirmed_at > longest:
        raise StepUpNeeded(max_age=int(longest.total_seconds()))


def organisation_of(actor: Member) -> UUID:
    """Return the organisation that a reader acts for.

    Raises:
        NoOrganisation: it acts for none.

    """
    if actor.organisation_id is None:
        raise NoOrganisation(reason="no-organisation")
    return actor.organisation_id


def _checked(function: Callable[..., Any], may: str | None) -> None:
    parameters = inspect.signature(function).parameters.values()
    positional = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]
    if positional:
        raise TypeError(f"{function.__qualname__}: keyword-only, please: {positional}")
    if may is not None and may not in PERMISSIONS:
        raise TypeError(f"{function.__qualname__}: no such permission {may!r}")


@overload
def service(function: Callable[P, R]) -> Callable[P, R]: ...


@overload
def service(*, may: str) -> Callable[[Callable[P, R]], Callable[P, R]]: ...


def service(function: Callable[..., Any] | None = None, *, may: str | None = None) -> Any:
    """Make `function` a service: keyword-only, permission checked, in one transaction.

    It joins the transaction of the caller, without a savepoint, or opens its own.
    """
    if function is None:
        return functools.partial(_service, may=may)
    return _service(function, may)


def _service(function: Callable[..., Any], may: str | None) -> Callable[..., Any]:
    _checked(function, may)

    @functools.wraps(function)
    def call(**arguments: Any) -> Any:
        if may is not None:
            require(arguments["actor"], may)
        with transaction.atomic(savepoint=False):
            return function(**arguments)

    return call


@overload
def sql_service(function: Callable[P, R]) -> Callable[P, R]: ...


@overload
def sql_service(*, may: str) -> Callable[[Callable[P, R]], Callable[P, R]]: ...


def sql_service(function: Callable[..., Any] | None = None, *, may: str | None = None) -> Any:
    """Make `function` a service whose one SQL function is the transaction (autocommit)."""
    if function is None:
        return functools.partial(_sql_service, may=may)
    return _sql_service(function, may)


def _sql_service(function: Callable[..., Any], may: str | None) -> Callable[..., Any]:
    _checked(function, may)

    @functools.wraps(function)
    def call(**arguments: Any) -> Any:
        if may is not None:
            require(arguments["actor"], may)
        return function(**arguments)

    return call
