"""What drafts still lack. Invariant: page and service ask the same function.

The number of statements does not depend on the number of versions.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from listings.content import VersionContent, missing_for_submission, parse_content
from listings.errors import told
from listings.models import RightsRecord, Version
from listings.selectors.own import active_organisations, plan_terms


def missing_parts(versions: Collection[Version], at: datetime) -> dict[UUID, dict[str, list[str]]]:
    """Return what stands between each version and its submission: path → what is wrong.

    Each version comes with its product and its plans.
    """
    contents = {version.pk: parse_content(version.content) for version in versions}
    lines = [line for content in contents.values() for line in content.allocation]
    known = active_organisations({line.beneficiary for line in lines if line.beneficiary})
    usable = _usable_rights(contents.values(), at)
    missing = {}
    for version in versions:
        content = contents[version.pk]
        plans = [plan_terms(plan) for plan in sorted(version.plans.all(), key=lambda p: p.code)]
        missing[version.pk] = (
            told(missing_for_submission(content, plans))
            | _missing_beneficiaries(content, known)
            | _unusable_rights(content, version.product.supplier_id, usable)
        )
    return missing


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
