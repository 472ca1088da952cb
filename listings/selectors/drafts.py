"""What drafts still lack. Invariant: page and service ask the same function.

The number of statements does not depend on the number of versions.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from listings.content import (
    Problem,
    VersionContent,
    missing_for_submission,
    parse_content,
    upstream_codes,
    wider_than_upstream,
)
from listings.content.shapes import problem
from listings.errors import told
from listings.models import RightsRecord, Version
from listings.selectors.own import active_organisations, plan_terms
from listings.states import NEVER_LISTED


def missing_parts(versions: Collection[Version], at: datetime) -> dict[UUID, dict[str, list[str]]]:
    """Return what stands between each version and its submission: path → what is wrong.

    Each version comes with its product and its plans.
    """
    contents = {version.pk: parse_content(version.content) for version in versions}
    lines = [line for content in contents.values() for line in content.allocation]
    known = active_organisations({line.beneficiary for line in lines if line.beneficiary})
    usable = _usable_rights(contents.values(), at)
    upstream = _upstream(upstream_codes(contents))
    missing = {}
    for version in versions:
        content = contents[version.pk]
        plans = [plan_terms(plan) for plan in sorted(version.plans.all(), key=lambda p: p.code)]
        missing[version.pk] = (
            told(missing_for_submission(content, plans))
            | _missing_beneficiaries(content, known)
            | _unusable_rights(content, version.product.supplier_id, usable)
            | _beyond_upstream(content, version.product.code, upstream)
        )
    return missing


def _upstream(codes: set[str]) -> dict[str, VersionContent]:
    """Return the content of each product named: what is listed, else what was listed last."""
    if not codes:
        return {}
    rows = Version.objects.filter(product__code__in=codes).exclude(state__in=NEVER_LISTED)
    ordered = sorted(
        rows.select_related("product"), key=lambda one: (one.state == "LISTED", one.number)
    )
    return {one.product.code: parse_content(one.content) for one in ordered}


def _beyond_upstream(
    content: VersionContent, own_code: str, upstream: dict[str, VersionContent]
) -> dict[str, list[str]]:
    """Return where a derived product offers more than what it comes from."""
    found: list[Problem] = []
    for number, source in enumerate(content.sources):
        code, path = source.upstream, f"sources[{number}].upstream"
        if not code:
            continue
        if code == own_code:
            found.append(problem(path, "upstream-itself"))
        elif code not in upstream:
            found.append(problem(path, "upstream-unknown"))
        else:
            found += wider_than_upstream(content, number, code, upstream[code])
    return told(found)


def _usable_rights(contents: Collection[VersionContent], at: datetime) -> set[tuple[UUID, UUID]]:
    """Return each cited right that can be relied on, with the supplier whose data it is in."""
    cited = {key for content in contents for key in content.rights}
    rows = RightsRecord.objects.filter(
        pk__in=cited, state="RECORDED", valid_from__lte=at, valid_until__gt=at
    )
    return set(rows.values_list("supplier_id", "pk"))


def _missing_beneficiaries(content: VersionContent, known: set[UUID]) -> dict[str, list[str]]:
    text = _("This is no active organisation of the venue. Correct it.")
    return {
        f"allocation[{number}].beneficiary": [text]
        for number, line in enumerate(content.allocation)
        if line.beneficiary and line.beneficiary not in known
    }


def _unusable_rights(
    content: VersionContent, supplier_id: UUID, usable: set[tuple[UUID, UUID]]
) -> dict[str, list[str]]:
    text = _("This right has ended or been withdrawn. Record its renewal, or take it out.")
    return {
        f"rights[{number}]": [text]
        for number, key in enumerate(content.rights)
        if (supplier_id, key) not in usable
    }
