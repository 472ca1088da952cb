"""How a test of the portal renders one part of a page."""

from django.template.loader import render_to_string
from django.utils import translation

from exchange.portal.examples.vessel_calls import AT
from exchange.portal.pieces import Shell


def part(template: str, language: str = "en", **context: object) -> str:
    with translation.override(language):
        return render_to_string(f"parts/{template}", {"shell": Shell(at=AT), **context})
