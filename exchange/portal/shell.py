"""What is around every page. Invariant: it reads the request only, so it costs no query."""

from django.http import HttpRequest
from django.utils import timezone

from exchange.portal.pieces import Shell
from exchange.portal.theme import chosen_theme


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Give `shell` to every template; a view that knows more overrides it in its context."""
    user = getattr(request, "user", None)
    person = str(user) if user is not None and user.is_authenticated else ""
    return {"shell": Shell(at=timezone.now(), theme=chosen_theme(request), person=person)}
