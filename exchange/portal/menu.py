"""Where a member's work is. Invariant: what nobody may do there is not offered to it."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.actors import Member, why_not
from exchange.portal.pieces import Link

# As many as fit beside the search on a screen 1,280 wide; what is left stands under "More".
IN_ROW = 5


def menu_of(member: Member, path: str) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """Return the links of the row and those under "More", the page of `path` marked."""
    if member.is_venue:
        found = _of_venue(member)
    elif member.organisation_id:
        found = _of_organisation(member)
    else:
        found = [(_("Your organisation"), "/organisation")] if member.user_id else []
    links = tuple(Link(label, url, current=path.startswith(url)) for label, url in found)
    # One link alone needs no fold.
    cut = IN_ROW if len(links) > IN_ROW + 1 else IN_ROW + 1
    return links[:cut], links[cut:]


def _of_venue(member: Member) -> list[tuple[str, str]]:
    every = [
        ("review", _("Reviews"), "/reviews"),
        ("review", _("Cases"), "/breaches"),
        ("author", _("Checklists"), "/checklists"),
        ("admit", _("Applications"), "/applications"),
        ("belong", pgettext("plural", "Trades"), "/trades"),
        ("belong", _("What ends soon"), "/ends"),
        ("belong", _("Statistics"), "/statistics"),
        ("belong", pgettext("plural", "Exports"), "/exports"),
        ("admit", _("Fees"), "/fees"),
        ("admit", _("Keys"), "/keys"),
        ("attest", _("Attestations"), "/attestations"),
    ]
    return [(label, url) for act, label, url in every if not why_not(member, act)]


def _of_organisation(member: Member) -> list[tuple[str, str]]:
    everybody = member.capacities | {""}
    every = [
        ({"vendor"}, _("Products"), "/products"),
        ({"vendor", "supplier"}, _("Rights"), "/rights"),
        ({"service_provider"}, _("Reports"), "/reports"),
        ({"vendor", "buyer"}, _("Orders"), "/orders"),
        ({""}, pgettext("plural", "Trades"), "/trades"),
        ({""}, _("Statement"), "/statement"),
        ({"vendor", "buyer"}, _("Demands"), "/demands"),
        ({"vendor", "service_provider"}, _("Declarations"), "/declarations"),
        ({"vendor", "supplier", "trustee"}, _("Personal data"), "/personal-records"),
        ({"vendor", "supplier"}, _("Sponsorships"), "/sponsorships"),
        ({"vendor", "supplier"}, pgettext("plural", "Exports"), "/exports"),
        ({""}, _("What ends soon"), "/ends"),
    ]
    return [(label, url) for capacities, label, url in every if everybody & capacities]
