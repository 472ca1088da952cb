"""Grading a version. Invariant: what the version states is what the last grading came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from compliance.grading import DEGREES, DETERMINED_BY, GRADES, OBJECTS, is_settled, propose
from compliance.models import Grading
from core.actors import Member, signer
from core.errors import Malformed
from core.events import record
from core.service import service
from listings import selectors as listings
from listings import services as drafts
from listings.content import part_digest

_PARTS = ("grade", "grade_level", "grade_determined_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """What is said of a version's grade.

    `harms` answers for each object how badly it could be harmed; `grade` and `level` are what a
    catalogue or a notice says, None where the holder judges itself.
    """

    harms: Mapping[str, str]
    reasoning: str
    determined_by: str = "self"
    grade: str | None = None
    level: int | None = None
    reference: str = ""


@service(may="list")
def grade_version(*, version_id: UUID, graded: Graded, actor: Member, at: datetime) -> Grading:
    """Grade a draft by the harm matrix, and enter in it what that came to.

    The holder's own judgement settles *general*; where the matrix proposes more, the draft states
    that and counts as unsettled until a catalogue or an official notice says so.

    Raises:
        NotFound: it is not the actor's own.
        Malformed: an answer is missing, or the parts do not go together.
        VersionFrozen: the version is no draft any more.

    """
    wrong = _wrong(graded)
    if wrong:
        raise Malformed(fields=wrong)
    proposal = propose(graded.harms)
    assert proposal is not None
    own = graded.determined_by == "self"
    grade = proposal.grade if own or graded.grade is None else graded.grade
    level = proposal.level if own else graded.level
    version = listings.locked_own_version(version_id, actor)
    saved = drafts.save_section(
        version_id=version_id,
        parts=dict(zip(_PARTS, (grade, level, graded.determined_by), strict=True)),
        plans=None,
        seen=part_digest(version.content, _PARTS, None),
        actor=actor,
        at=at,
    )
    row = Grading.objects.create(
        version=saved,
        content_hash=saved.content_hash,
        harms={one: graded.harms[one] for one in OBJECTS},
        proposed_grade=proposal.grade,
        proposed_level=proposal.level,
        grade=grade,
        level=level,
        determined_by=graded.determined_by,
        settled=is_settled(grade, graded.determined_by),
        reference=graded.reference.strip(),
        reasoning=graded.reasoning.strip(),
        graded_by_id=signer(actor),
        at=at,
    )
    detail = {"grading": row.pk, "grade": grade, "level": level, "by": graded.determined_by}
    record("version", version_id, "grade", actor=actor, at=at, detail=detail)
    return row


def _wrong(graded: Graded) -> dict[str, list[str]]:
    """Return what does not go together, by field."""
    words = _("must be among %(p)s") % {"p": ", ".join(DEGREES)}
    wrong = {f"harms.{one}": [words] for one in OBJECTS if graded.harms.get(one) not in DEGREES}
    wrong |= {f"harms.{one}": [_("unknown field")] for one in graded.harms if one not in OBJECTS}
    if not graded.reasoning.strip():
        wrong["reasoning"] = [_("say why: whom it could harm, how, and how badly")]
    if graded.determined_by not in DETERMINED_BY:
        wrong["determined_by"] = [_("must be among %(p)s") % {"p": ", ".join(DETERMINED_BY)}]
    elif graded.determined_by == "self":
        said = {"grade": graded.grade, "level": graded.level, "reference": graded.reference.strip()}
        text = _("only a catalogue or a notice says this; your own judgement follows the matrix")
        wrong |= {name: [text] for name, value in said.items() if value not in (None, "")}
    else:
        wrong |= _wrong_notice(graded)
    return wrong


def _wrong_notice(graded: Graded) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if graded.grade not in GRADES:
        wrong["grade"] = [_("must be among %(p)s") % {"p": ", ".join(GRADES)}]
    if not graded.reference.strip():
        wrong["reference"] = [_("name the catalogue or the notice, with its number and date")]
    if graded.grade == "general" and graded.level not in (1, 2, 3, 4):
        wrong["level"] = [_("general data have a level from 1 to 4")]
    if graded.grade != "general" and graded.level is not None:
        wrong["level"] = [_("only general data have a level")]
    return wrong
