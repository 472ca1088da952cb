"""What a product made from another may offer. Invariant: never more than its source permits.

A derived product is graded again, and not lower than its source; purposes, territories, term,
passing on, derivation and kinds of buyer stay within the source's own.
"""

from collections.abc import Mapping
from typing import Any

from listings.content.shapes import Problem, problem
from listings.content.version import PermittedUse, VersionContent

# From the lightest to the heaviest; what is pending or not stated limits nothing yet.
_GRADES = ("general", "important", "core")
_OUTSIDE = ("CN-HK", "CN-MO", "CN-TW")
EVERYWHERE = "*"


def inside(territory: str, permitted: str) -> bool:
    """Return whether `territory` lies in `permitted`: CN covers CN-SH, not HK, MO, TW or abroad.

    Only * covers the whole world, and an order for the whole world is inside nothing else.
    """
    if permitted == EVERYWHERE:
        return True
    if _plain(territory) == _plain(permitted):
        return True
    country, _, region = _plain(territory).partition("-")
    return bool(region) and country == permitted


def _plain(territory: str) -> str:
    """Return HK for CN-HK, and so on: one place has one name."""
    return territory[3:] if territory in _OUTSIDE else territory


def wider_than_upstream(
    content: VersionContent, number: int, code: str, source: VersionContent
) -> list[Problem]:
    """Return where `content` offers more than its source `number`, product `code`, permits."""
    problems = []
    if source.permitted_use.derivation is not True:
        problems.append(problem(f"sources[{number}].upstream", "upstream-derivation", product=code))
    return [*problems, *_lower(content, code, source), *_wider(content, code, source)]


def _lower(content: VersionContent, code: str, source: VersionContent) -> list[Problem]:
    if source.grade not in _GRADES:
        return []
    if content.grade not in _GRADES or _GRADES.index(content.grade) < _GRADES.index(source.grade):
        return [problem("grade", "upstream-grade", product=code, limit=source.grade)]
    least = source.grade_level or 0
    same = content.grade == source.grade == "general"
    if same and (content.grade_level or 0) < least:
        return [problem("grade_level", "upstream-grade", product=code, limit=least)]
    return []


def _wider(content: VersionContent, code: str, source: VersionContent) -> list[Problem]:
    use, limit = content.permitted_use, source.permitted_use
    found: dict[str, Any] = {
        "purposes": _outside(use.purposes, limit.purposes),
        "territories": [
            one
            for one in use.territories
            if not any(inside(one, permitted) for permitted in limit.territories)
        ],
        "buyer_types": _buyers(use, limit),
    }
    if use.term_days and limit.term_days and use.term_days > limit.term_days:
        found["term_days"] = [limit.term_days]
    for name in ("redistribution", "derivation"):
        if getattr(use, name) and not getattr(limit, name):
            found[name] = [name]
    return [
        problem(
            f"permitted_use.{name}",
            "upstream-wider",
            product=code,
            limit=", ".join(str(one) for one in beyond),
        )
        for name, beyond in found.items()
        if beyond
    ]


def _outside(wanted: tuple[str, ...], permitted: tuple[str, ...]) -> list[str]:
    return [one for one in wanted if one not in permitted]


def _buyers(use: PermittedUse, limit: PermittedUse) -> list[str]:
    """Return the kinds of buyer beyond the source's; no kinds mean any."""
    if not limit.buyer_types:
        return []
    return _outside(use.buyer_types, limit.buyer_types) if use.buyer_types else ["*"]


def upstream_codes(documents: Mapping[Any, VersionContent]) -> set[str]:
    """Return the codes of the products that some contents come from."""
    return {
        source.upstream
        for content in documents.values()
        for source in content.sources
        if source.upstream
    }
