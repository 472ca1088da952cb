"""The edge of the pages. Invariant: a page knows who reads and when, and answers every refusal."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from typing import Any, TypeVar
from uuid import UUID, uuid4

from allauth.account.internal.flows.reauthentication import suspend_request
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.actors import NOBODY, Member
from core.api.authentication import member_of_session
from core.api.paging import keyset_of
from core.api.problems import as_domain_error, plain_response
from core.canonical import digest
from core.errors import DomainError, Malformed, NotFound, TooLarge
from core.services import idempotency
from exchange.portal.forms import KeyedForm
from exchange.portal.menu import menu_of
from exchange.portal.pieces import Link, Problem, Shell
from exchange.portal.theme import chosen_theme
from exchange.selectors.names import organisation_name
from exchange.templatetags import field_words

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
                response = view(request, **where)
            except DomainError as error:
                response = refusal(request, error)
            if request.member.user_id is not None:
                # What a member sees is nobody else's, and some of it is shown once.
                add_never_cache_headers(response)
            return response

        # Little is read of a form with a file where anybody may send one (exchange.middleware).
        answer.open_to_all = not signed_in  # type: ignore[attr-defined]
        return require_http_methods(list(methods))(answer)

    return decorate


def member_of(request: Any) -> Member:
    """Return whom the session acts as."""
    if not request.user.is_authenticated:
        return NOBODY
    return member_of_session(request)


def show(
    request: Any, template: str, page_: Any, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Render a page with what is around it."""
    context = {"shell": shell_of(request), "page": page_, **more}
    return render(request, template, context, status=status)


def refusal(request: Any, error: DomainError) -> HttpResponse:
    """Render what a refused request led to, in the order it is told."""
    problem = Problem(
        code=error.code,
        title=str(error.title),
        status=error.status,
        detail=str(error.detail),
        way_out=str(error.way_out),
        links=_ways_out(error),
    )
    context = {"shell": shell_of(request), "problem": problem}
    return render(request, "error.html", context, status=error.status)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django could not read: a problem document under /api/, a page elsewhere."""
    error = as_domain_error(exception) or Malformed()
    if request.path.startswith("/api/"):
        return plain_response(error)
    if isinstance(error, TooLarge):
        said_ = _("What was sent is larger than this page reads. Nothing of it was taken.")
        error = TooLarge(f"{said_} {error.detail}".strip())
    return refusal(request, error)


def _ways_out(error: DomainError) -> tuple[Link, ...]:
    """Return where the reader itself can change what it was refused for."""
    if error.code == "no-organisation":
        return (Link(_("Enter your organisation"), "/organisation"),)
    if error.extra.get("reason") == "capacity":
        return (Link(_("Ask the venue for the capacity"), "/organisation"),)
    if error.extra.get("reason") == "role":
        return (Link(_("Who gives roles in your organisation"), "/organisation"),)
    if error.code == "supplier-not-sponsored":
        return (Link(_("Sponsorships"), "/sponsorships"),)
    if error.code == "organisation-suspended":
        return (Link(_("Your organisation"), "/organisation"),)
    return ()


def act(
    request: Any,
    verb: Callable[[], Any],
    back: str,
    *,
    listed: type[DomainError] | tuple[()] = (),
) -> HttpResponse:
    """Do one verb of a posted button at most once, then lead back; a refusal is a message there.

    Of a refusal that is `listed`, the page that is led back to tells the fields itself.

    Raises:
        NotFound: what it is about is not there for the reader; there is nothing to lead back to.

    """
    try:
        do_once(request, verb)
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, told(error, {} if isinstance(error, listed) else None))
    return redirect(back)


def do_once(request: Any, verb: Callable[[], Any]) -> Any:
    """Do one verb of a posted form at most once: the same click again changes nothing.

    Returns what the verb answered, the first time and every time after, where that is a document.

    Raises:
        DomainError: what the verb raises, or KeyReused for another form under the same key.

    """
    said_: list[tuple[str, Any]] = [*_posted(request)]
    key = request.POST.get("key") or uuid4().hex
    said_ += [(name, _hash_of(file)) for name, file in sorted(request.FILES.items())]
    return idempotency.once(
        scope=idempotency.scope_of(request.member),
        key=f"page:{key}"[:100],
        input_hash=digest([request.path, said_]),
        at=request.at,
        run=lambda: _done(verb),
    ).body


def _posted(request: Any) -> list[tuple[str, list[str]]]:
    """Return every field that was posted with all its values.

    Raises:
        Malformed: one holds a NUL, which no table takes; a form has said so before.

    """
    posted = sorted((name, texts) for name, texts in request.POST.lists() if name != CSRF_FIELD)
    for name, texts in posted:
        if any("\x00" in text for text in (name, *texts)):
            raise Malformed(fields={name.replace("\x00", ""): [_("holds a NUL character")]})
    return posted


def _hash_of(file: Any) -> str:
    """Return the SHA-256 of an uploaded file: the same click with another file is another one."""
    found = file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return found


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a posted form: whether its verb was done, what that answered, and why not."""

    done: bool
    answer: Any = None
    refusal: DomainError | None = None


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
        _blame(form, error)
        return Sent(done=False, refusal=error)


def confirm_first(request: Any) -> HttpResponse:
    """Ask who posted a form to prove to be there; what was posted is then done as it was posted."""
    asked: HttpResponse = suspend_request(request, reverse("account_reauthenticate"))
    return asked


def _blame(form: Form, error: DomainError) -> None:
    """Put what is wrong beside the fields that a refusal names, and the rest on top."""
    rest: dict[str, Any] = {}
    for path, wrong in error.fields.items():
        name = form.field_at(path) if isinstance(form, KeyedForm) else ""
        for one in wrong if name else ():
            form.add_error(name, str(one))
        if not name:
            rest[path] = wrong
    if rest or error.detail or not error.fields:
        form.add_error(None, told(error, rest))


def told(error: DomainError, fields: Mapping[str, Sequence[Any]] | None = None) -> str:
    """Return a refusal as one paragraph: what happened, where and why, and what would change it.

    `fields` are those to tell of, where others are told beside their fields.
    """
    wrong = [
        f"{field_words.label_of(path)}{_(': ')}{one}"
        for path, found in (error.fields if fields is None else fields).items()
        for one in found
    ]
    parts = [error.title, error.detail, *wrong, error.way_out]
    return " ".join(str(part) for part in parts if part)


def _done(verb: Callable[[], Any]) -> tuple[int, Any]:
    answer = verb()
    return 200, answer if isinstance(answer, dict) else None


def keyset(rows: QuerySet[Row], request: Any, key: tuple[str, ...] = ()) -> tuple[list[Row], str]:
    """Return a page of rows and where the next one begins ("" at the end).

    The newest come first, or `key` orders them, totally.
    """
    after = request.GET.get("after", "")
    if key:
        return keyset_of(rows, key, after=after, size=SHOWN)
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
    row, more = menu_of(member, request.path)
    return Shell(
        at=getattr(request, "at", timezone.now()),
        theme=chosen_theme(request),
        person=member.name,
        organisation=organisation_name(member.organisation_id, language()),
        menu=row,
        more=more,
    )
