"""How data are graded by the harm that they could do. Invariant: an open question settles nothing.

The matrix is that of GB/T 43697-2024 (in force 2024-10-01): who would be harmed, and how badly.
*Important* and *core* are settled by a catalogue or an official notice; the matrix only proposes.
The four levels of general data follow its annex H.
"""

from collections.abc import Mapping
from dataclasses import dataclass

OBJECTS = (
    *("national_security", "economy", "social_order", "public_interest"),
    *("organisation", "person"),
)
DEGREES = ("none", "ordinary", "serious", "very_serious")
GRADES = ("general", "important", "core")
DETERMINED_BY = ("self", "catalogue", "official_notice")
# From no harm to very serious harm.
MATRIX: dict[str, tuple[str, str, str, str]] = {
    "national_security": ("general", "important", "core", "core"),
    **dict.fromkeys(
        ("economy", "social_order", "public_interest"),
        ("general", "general", "important", "core"),
    ),
    **dict.fromkeys(("organisation", "person"), ("general",) * 4),
}
MOST_LEVEL = 4


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the matrix says: the grade, the level of general data, and the harms that decide it."""

    grade: str
    level: int | None
    decided_by: tuple[str, ...]


def propose(harms: Mapping[str, str]) -> Proposal | None:
    """Return the grade that `harms` (object → degree) come to; None while one is unanswered."""
    if any(harms.get(one) not in DEGREES for one in OBJECTS):
        return None
    cells = {one: MATRIX[one][DEGREES.index(harms[one])] for one in OBJECTS}
    grade = max(cells.values(), key=GRADES.index)
    if grade != "general":
        return Proposal(grade, None, tuple(one for one in OBJECTS if cells[one] == grade))
    levels = {one: _level(one, harms[one]) for one in OBJECTS}
    level = max(levels.values())
    return Proposal(grade, level, tuple(one for one in OBJECTS if levels[one] == level))


def _level(harmed: str, degree: str) -> int:
    """Return the level of general data that one harm asks for: 1 for none, 4 for the public."""
    place = DEGREES.index(degree)
    if harmed in ("organisation", "person"):
        return 1 + place
    return MOST_LEVEL if place else 1


def is_settled(grade: str, determined_by: str) -> bool:
    """Return whether a grade stands: one above general never does by its holder's own judgement."""
    return grade == "general" or determined_by != "self"
