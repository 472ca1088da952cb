"""What ends soon is told to those concerned. Invariant: of one thing, each distance is told once.

The notice, its event and the letters are written in one transaction: a worker that is killed has
told all of a batch or nothing, and the next one goes on where it ended.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.actors import Member
from core.events import record_many
from core.models import Membership
from core.service import service
from core.services.letters import Written, write_letters
from exchange.models import EndNotice
from exchange.selectors.endings import Ending, untold

# The advisory lock of the one watch: two at once would write the same letters.
LOCK = 0x656E6473

# What ends, in words; whose members are told; and what to do about it.
WORDS: dict[str, Promise] = {
    "declaration": gettext_lazy("Declaration and commitment"),
    "clearance": gettext_lazy("Clearance"),
    "evidence": gettext_lazy("Evidence"),
    "rights-record": gettext_lazy("Rights record"),
    "sponsorship": gettext_lazy("Mandate of a supplier"),
    "venue-attestation": gettext_lazy("Attestation of the venue"),
    "grant": gettext_lazy("Access to data bought"),
}
TOLD: dict[str, tuple[str, ...]] = {
    "declaration": ("owner", "signatory"),
    "clearance": ("owner", "editor"),
    "evidence": ("owner", "editor", "signatory"),
    "rights-record": ("owner", "editor", "signatory"),
    "sponsorship": ("owner", "signatory"),
    "venue-attestation": ("admin",),
    "grant": ("owner", "trader"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One ending that is told now, and how many days ahead."""

    ending: Ending
    days: int


@service
def tell_ends(*, limit: int, actor: Member, at: datetime) -> int:
    """Tell of up to about `limit` things that end within 30, 7 or 1 days; return how many notices.

    0 means that all is told. Another watch that is under way tells them instead.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    told = [Told(ending, days) for ending, days in untold(at, limit)]
    if not told:
        return 0
    rows = EndNotice.objects.bulk_create(
        EndNotice(
            subject=one.ending.subject,
            subject_id=one.ending.subject_id,
            organisation_id=one.ending.organisation_id,
            ends_at=one.ending.ends_at,
            days=one.days,
            at=at,
        )
        for one in told
    )
    record_many("end-notice", [row.pk for row in rows], "tell", actor=actor, at=at)
    write_letters(letters=_letters(told, rows[0].pk), at=at)
    return len(rows)


def _letters(told: Sequence[Told], batch: UUID) -> list[Written]:
    """Return one letter for each member concerned: of all that is told to its organisation."""
    organisations = {one.ending.organisation_id for one in told}
    members = Membership.objects.filter(
        organisation__in=organisations, is_active=True, user__is_active=True
    ).order_by("pk")
    by_organisation: dict[UUID, list[Told]] = defaultdict(list)
    for one in told:
        by_organisation[one.ending.organisation_id].append(one)
    letters = []
    for member in members:
        concerned = [
            one
            for one in by_organisation[member.organisation_id]
            if set(TOLD[one.ending.subject]) & set(member.roles)
        ]
        if concerned:
            subject, text = _said(concerned)
            letters.append(Written(member.user_id, f"ends:{batch}:{member.pk}", subject, text))
    return letters


def _said(told: Collection[Told]) -> tuple[str, str]:
    """Return the letter in English and Chinese, as every letter of the venue is."""
    subjects, parts = [], []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            count = len(told)
            subjects.append(
                ngettext("%(n)d thing ends soon", "%(n)d things end soon", count) % {"n": count}
            )
            lines = [_line(one, chinese=language != "en") for one in told]
            head = _("These end soon. What rests on them ends with them:")
            foot = _("The page says what to do about each:")
            parts.append("\n".join([head, "", *lines, "", foot, f"{settings.BASE_URL}/ends"]))
    return " · ".join(subjects), "\n\n----\n\n".join(parts) + "\n"


def _line(one: Told, *, chinese: bool) -> str:
    ending = one.ending
    name = (ending.of_zh or ending.of_en) if chinese else (ending.of_en or ending.of_zh)
    when = timezone.localtime(ending.ends_at, timezone.get_default_timezone())
    within = ngettext("within %(n)d day", "within %(n)d days", one.days) % {"n": one.days}
    return _("- %(what)s, %(of)s: %(when)s, %(within)s") % {
        "what": WORDS[ending.subject],
        "of": name,
        "when": f"{when:%Y-%m-%d %H:%M}",
        "within": within,
    }
