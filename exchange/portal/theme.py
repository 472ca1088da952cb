"""The reader's choice of light or dark. Invariant: it is a cookie of the reader's, never stored."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

THEMES = ("light", "dark")
YEAR_SECONDS = 365 * 24 * 3600


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep `theme` (light, dark, or empty to follow the system) and go back to `next`."""
    theme = request.POST.get("theme", "")
    if theme and theme not in THEMES:
        return HttpResponseBadRequest()
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if theme:
        response.set_cookie("theme", theme, max_age=YEAR_SECONDS, samesite="Lax")
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


def chosen_theme(request: HttpRequest) -> str:
    """Return the reader's choice, "" to follow the system."""
    theme = request.COOKIES.get("theme", "")
    return theme if theme in THEMES else ""
