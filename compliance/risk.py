"""How carefully a listing has to be looked at. Invariant: the same facts have the same risk.

The points only order the review queue; they decide nothing.
"""

from collections.abc import Collection

from compliance.facts import ListingFacts
from compliance.rules import Finding

MOST = 100
CAUTION, LIFTED = 12, 8
GRADE = {"core": 40, "important": 30}
CLASS = {"personal": 20, "public": 5}
MANY_SUBJECTS = 100_000


def risk_of(facts: ListingFacts, findings: Collection[Finding]) -> int:
    """Return the risk of a listing, from 0 to 100.

    What is unknown counts as half of what it would at worst be.
    """
    personal = facts.personal
    points = GRADE.get(facts.product.grade or "", 0) + CLASS.get(facts.product.data_class or "", 0)
    points += _weighed(personal.sensitive, 15) + _weighed(personal.minors, 15)
    points += _weighed(facts.sources.any_scraped, 10) + _weighed(facts.use.outside_mainland, 10)
    points += _weighed(facts.use.redistribution, 5)
    points += 10 * ((personal.subjects_count or 0) >= MANY_SUBJECTS)
    points += 15 * bool(facts.text.contradictions)
    points += sum(_finding(finding) for finding in findings)
    return min(points, MOST)


def _weighed(answer: bool | None, points: int) -> int:
    return points // 2 if answer is None else points * answer


def _finding(finding: Finding) -> int:
    if finding.status == "lifted":
        return LIFTED
    return CAUTION if finding.severity == "caution" else 0
