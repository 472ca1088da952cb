"""What a version still lacks before it can be submitted.

Invariant: a draft may be incomplete, a submitted version never is. What is unknown to the vendor
is not missing: the checklist blocks it.
"""

from collections.abc import Sequence

from listings.content.plan import PlanTerms
from listings.content.shapes import Problem, problem
from listings.content.version import AllocationLine, VersionContent, strictest_class

WHOLE_BP = 10_000


def missing_for_submission(content: VersionContent, plans: Sequence[PlanTerms]) -> list[Problem]:
    """Return everything that stands between this draft and its submission."""
    use = content.permitted_use
    stated: dict[str, object] = {
        "title": content.title.zh or content.title.en,
        "summary": content.summary.zh or content.summary.en,
        "form": content.form,
        "sources": content.sources,
        "delivery_modes": content.delivery_modes,
        "permitted_use.purposes": use.purposes,
        "permitted_use.territories": use.territories,
        "permitted_use.redistribution": use.redistribution is not None,
        "permitted_use.derivation": use.derivation is not None,
        "permitted_use.term_days": use.term_days,
        "plans": plans,
        "allocation": content.allocation,
    }
    if content.form in ("dataset", "api"):
        stated["dictionary"] = content.dictionary
    missing = [path for path, value in stated.items() if not value]
    for number, source in enumerate(content.sources):
        missing += [f"sources[{number}].name"] * (source.name is None)
    for number, entry in enumerate(content.dictionary):
        missing += [f"dictionary[{number}].name"] * (entry.name is None)
        missing += [f"dictionary[{number}].type"] * (entry.type is None)
    return [
        *(problem(path, "needed") for path in missing),
        *allocation_faults(content.allocation),
        *offer_mode_faults(content, plans),
    ]


def allocation_faults(lines: Sequence[AllocationLine]) -> list[Problem]:
    """Return why the allocation plan does not divide the whole exactly once.

    One line takes the remainder. The shares of what the fixed amounts leave add up to 10000 basis
    points, the remainder line taking what the others leave if it states no share of its own.
    """
    if not lines:
        return []
    faults = []
    for number, line in enumerate(lines):
        path = f"allocation[{number}]"
        faults += [problem(f"{path}.beneficiary", "needed")] * (line.beneficiary is None)
        faults += [problem(f"{path}.role", "needed")] * (line.role is None)
        stated = (line.share_bp is not None) + (line.fixed_minor is not None)
        if stated > 1 or (stated == 0 and not line.remainder):
            faults.append(problem(path, "one-of"))
    rest = [line for line in lines if line.remainder]
    if len(rest) != 1:
        faults.append(problem("allocation", "remainder", count=len(rest)))
    total = sum(line.share_bp or 0 for line in lines)
    takes_the_rest = len(rest) == 1 and rest[0].share_bp is None
    if total > WHOLE_BP or (total < WHOLE_BP and not takes_the_rest):
        faults.append(problem("allocation", "whole", sum=total))
    return faults


def needs_confirmation(content: VersionContent) -> bool:
    """Return whether the vendor has to accept each buyer: personal and important data."""
    return strictest_class(content) == "personal" or content.grade in ("important", "core")


def offer_mode_faults(content: VersionContent, plans: Sequence[PlanTerms]) -> list[Problem]:
    """Return the plans that would conclude with whoever comes although they may not."""
    if not needs_confirmation(content):
        return []
    return [
        problem(f"plans[{number}].offer_mode", "confirm")
        for number, plan in enumerate(plans)
        if plan.offer_mode == "standing"
    ]
