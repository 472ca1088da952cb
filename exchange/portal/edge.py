"""The edge of the pages. Invariant: a page knows who reads and when, and answers every refusal."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.actors import NOBODY, Member
from core.api.authentication import SESSION_KEY
from core.canonical import digest
from core.errors import DomainError, Malformed, NotFound
from core.selectors import member_by_user
from core.services import idempotency
from exchange.portal.pieces import Link, Problem, Shell
from exchange.portal.theme import chosen_theme
from exchange.selectors.names import organisation_name

View = Callable[..., HttpResponse]
Row = TypeVar("Row", bound=Model)
SHOWN = 50
CSRF_FIELD = "csrfmiddlewaretoken"


class PageRequest(HttpRequest):
    """A request of a page: who acts, and when."""

    member: Member
    at: datetime


def page(*, signed_in: bool = True, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Make a view a page: it has `request.member` and `request.at`, and refusals have a page."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def answer(request: Any, **where: Any) -> HttpResponse:
            request.at = timezone.now()
            request.member = member_of(request)
            if signed_in and request.member.user_id is None:
                return redirect_to_login(request.get_full_path())
            try:
                return view(request, **where)
            except DomainError as error:
                return refusal(request, error)

        return require_http_methods(list(methods))(answer)

    return decorate


def member_of(request: Any) -> Member:
    """Return whom the session acts as."""
    if not request.user.is_authenticated:
        return NOBODY
    chosen = request.session.get(SESSION_KEY)
    found = member_by_user(request.user.pk, UUID(chosen) if chosen else None)
    name = str(request.user)
    return found or Member(request.user.pk, None, None, organisation_state="", name=name)


def show(request: Any, template: str, page_: Any, **more: Any) -> HttpResponse:
    """Render a page with what is around it."""
    return render(request, template, {"shell": shell_of(request), "page": page_, **more})


def refusal(request: Any, error: DomainError) -> HttpResponse:
    """Render what a refused request led to, in the order it is told."""
    problem = Problem(
        code=error.code,
        title=str(error.title),
        status=error.status,
        detail=str(error.detail),
        way_out=str(error.way_out),
    )
    context = {"shell": shell_of(request), "problem": problem}
    return render(request, "error.html", context, status=error.status)


def act(request: Any, verb: Callable[[], Any], back: str) -> HttpResponse:
    """Do one verb of a posted button at most once, then lead back; a refusal is a message there."""
    try:
        do_once(request, verb)
    except DomainError as error:
        messages.error(request, told(error))
    return redirect(back)


def do_once(request: Any, verb: Callable[[], Any]) -> Any:
    """Do one verb of a posted form at most once: the same click again changes nothing.

    Returns what the verb answered, the first time and every time after, where that is a document.

    Raises:
        DomainError: what the verb raises, or KeyReused for another form under the same key.

    """
    key = request.POST.get("key") or uuid4().hex
    said_ = sorted((name, text) for name, text in request.POST.items() if name != CSRF_FIELD)
    return idempotency.once(
        scope=idempotency.scope_of(request.member),
        key=f"page:{key}"[:100],
        input_hash=digest([request.path, said_]),
        at=request.at,
        run=lambda: _done(verb),
    ).body


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a posted form: whether its verb was done, and what that answered."""

    done: bool
    answer: Any = None


def send(request: Any, form: Form, verb: Callable[[dict[str, Any]], Any]) -> Sent:
    """Do what a posted form asks, at most once; a refusal becomes an error of the form.

    Raises:
        NotFound: what it is about is not there for the reader; there is no form to go back to.

    """
    if not form.is_valid():
        return Sent(done=False)
    try:
        return Sent(True, do_once(request, lambda: verb(form.cleaned_data)))
    except NotFound:
        raise
    except DomainError as error:
        form.add_error(None, told(error))
        return Sent(done=False)


def told(error: DomainError) -> str:
    """Return a refusal as one paragraph: what happened, why, and what would change it."""
    wrong = [one for found in error.fields.values() for one in found]
    parts = [error.title, error.detail, *wrong, error.way_out]
    return " ".join(str(part) for part in parts if part)


def _done(verb: Callable[[], Any]) -> tuple[int, Any]:
    answer = verb()
    return 200, answer if isinstance(answer, dict) else None


def keyset(rows: QuerySet[Row], request: Any) -> tuple[list[Row], str]:
    """Return a page of rows, newest first, and where the next one begins ("" at the end)."""
    after = request.GET.get("after", "")
    if after:
        rows = rows.filter(pk__lt=uuid_of(after, "after"))
    found = list(rows.order_by("-pk")[: SHOWN + 1])
    return found[:SHOWN], str(found[SHOWN - 1].pk) if len(found) > SHOWN else ""


def uuid_of(text: str, name: str) -> UUID:
    """Return the identifier that an address or a form names.

    Raises:
        Malformed: it is none.

    """
    try:
        return UUID(text)
    except ValueError:
        raise Malformed(fields={name: [_("is not an identifier")]}) from None


def language() -> str:
    """Return the reader's language: zh or en."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def said(zh: str, en: str) -> str:
    """Return the text in the reader's language, else in the other."""
    return (zh or en) if language() == "zh" else (en or zh)


def shell_of(request: Any) -> Shell:
    """Return what is around the page for whoever reads it."""
    member: Member = getattr(request, "member", NOBODY)
    menu: list[Link] = []
    if member.is_venue:
        menu.append(Link(_("Reviews"), "/reviews"))
        menu.append(Link(pgettext("plural", "Trades"), "/trades"))
    elif member.organisation_id:
        if "vendor" in member.capacities:
            menu.append(Link(_("Products"), "/products"))
        if member.capacities & {"vendor", "buyer"}:
            menu.append(Link(_("Orders"), "/orders"))
        if member.capacities & {"vendor", "buyer"}:
            menu.append(Link(_("Demands"), "/demands"))
        menu.append(Link(pgettext("plural", "Trades"), "/trades"))
        menu.append(Link(_("Statement"), "/statement"))
    elif member.user_id is not None:
        menu.append(Link(_("Your organisation"), "/organisation"))
    for place, link in enumerate(menu):
        if request.path.startswith(link.url):
            menu[place] = Link(link.label, link.url, current=True)
    return Shell(
        at=getattr(request, "at", timezone.now()),
        theme=chosen_theme(request),
        person=member.name,
        organisation=organisation_name(member.organisation_id, language()),
        menu=tuple(menu),
    )
