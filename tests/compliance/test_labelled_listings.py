"""How well screening does on 150 listings that were labelled before the rules were read."""

import copy
import io
import json
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from compliance import services
from compliance.models import Decision
from compliance.selectors import evidence_kinds
from core.actors import SYSTEM, Member
from core.errors import DomainError
from core.files import store_file
from core.models import StoredFile
from listings import services as listings
from listings.models import Version
from tests import make
from tests.compliance import cast

FOLDER = Path(__file__).parent / "labelled"
DESCRIBED = ("name", "type", "meaning", "sensitivity")


@dataclass(frozen=True)
class Screened:
    """A listing, and what screening made of it."""

    row: dict[str, Any]
    state: str
    findings: dict[str, str]

    @property
    def held(self) -> bool:
        return self.state in ("DRAFT", "BLOCKED")


@cache
def rows() -> tuple[dict[str, Any], ...]:
    files = sorted(FOLDER.glob("*.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return tuple(json.loads(line) for line in lines)


def document(row: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return content and plans of a listing: the base with what the row says of its own."""
    base = json.loads((FOLDER / "base.json").read_text(encoding="utf-8"))
    content: dict[str, Any] = copy.deepcopy(base["content"])
    for path, value in row.get("facts", {}).items():
        *parts, last = path.split(".")
        place: Any = content
        for part in parts:
            place = place[int(part)] if part.isdigit() else place[part]
        place[last] = value
    language = row["language"]
    content["title"] = {language: row["title"]}
    content["summary"] = {language: row["summary"]}
    content["industry"] = row["industry"]
    content["dictionary"] = [
        dict(zip(DESCRIBED, [*field.split(":"), "none"][:4], strict=True))
        for field in row["fields"]
    ]
    return content, row.get("plans") or base["plans"]


def submit(row: dict[str, Any], vendor: Member, rights: list[str], at: datetime) -> Version:
    content, plans = document(row)
    payee = str(vendor.organisation_id)
    content |= {
        "rights": rights,
        "allocation": [{"beneficiary": payee, "role": "operation", "remainder": True}],
    }
    version = listings.create_product(supplier_id=None, actor=vendor, at=at)
    listings.save_draft(version_id=version.pk, content=content, plans=plans, actor=vendor, at=at)
    header = ",".join(field.split(":")[0] for field in row["fields"])
    text = "\n".join([header, *row["sample"]]) + "\n"
    file: StoredFile = store_file(
        io.BytesIO(text.encode()),
        name="sample.csv",
        media_type="text/csv",
        organisation_id=vendor.organisation_id,
        at=at,
    )
    listings.publish_release(
        version_id=version.pk, kind="sample", file_id=file.pk, note="", actor=vendor, at=at
    )
    # What no item of ours asks for, or only the venue can establish, the vendor cannot attach.
    kinds = evidence_kinds(at)
    for key in row["evidence"]:
        if key in kinds and kinds[key].by == "vendor":
            cast.given(version, vendor, at, key, note="attached")
    with suppress(DomainError), transaction.atomic():
        listings.submit_version(version_id=version.pk, actor=vendor, at=at)
    return Version.objects.get(pk=version.pk)


def said(version: Version) -> dict[str, str]:
    found = Decision.objects.filter(reference=version.pk).first()
    return {one["code"]: one["status"] for one in found.findings} if found else {}


@pytest.fixture
def screened(db: None, at: datetime) -> list[Screened]:
    cast.in_force(at)
    vendor = make.vendor(at)
    rights = cast.rights(vendor, at)
    made = [(row, submit(row, vendor, rights, at)) for row in rows()]
    services.scan_and_screen(version_ids=[one.pk for _row, one in made], actor=SYSTEM, at=at)
    return [Screened(row, Version.objects.get(pk=one.pk).state, said(one)) for row, one in made]


# Held although they may pass: a reviewer's time is lost, no law is broken.
HELD_WRONGLY = {
    "L080": "anonymised data still count as personal while no category is stated: unknown",
    "L091": "the summary denies identity numbers in words that the denial rule does not know",
    "L114": "genetic data are prohibited whole: the exception for science at cost is not built",
}
# Handed to the reviewers although they must not pass: the four eyes are the next line.
LET_THROUGH = {
    "L001": "warships are heard, and words on military matters are a caution: a senior decides",
    "L012": "the summary speaks of owners' names and telephones, the sample shows none of them",
    "L022": "children aged 5 to 8 are a caution while the vendor denies minors; a senior decides",
    "L039": "a paid plan for public governance alone is a caution; the gate refuses the order",
    "L040": "as L039: a fee for public welfare is refused at the order, not at listing",
    "L042": "the text says that the contract does not permit it; the rights records say it does",
    "L057": "sealed juvenile records are not among the words for state archives",
    "L059": "files of investigations are not among the words for state archives",
    "L072": "one firm in a cell can be inferred only by who counts the rows of the whole file",
    "L074": "unequal prices are judged where a buyer is known: at the order, not at listing",
    "L075": "unequal prices are judged where a buyer is known: at the order, not at listing",
}


def test_labels_are_as_many_as_they_should_be() -> None:
    labels = Counter(row["label"] for row in rows())

    assert labels == {"pass": 75, "must_not_pass": 75}
    assert len({row["id"] for row in rows()}) == 150
    assert len({row["category"] for row in rows() if row["label"] == "must_not_pass"}) >= 20


def test_screening_agrees_with_the_labels_but_for_what_is_explained(
    screened: list[Screened], capsys: pytest.CaptureFixture[str]
) -> None:
    wrongly = {one.row["id"] for one in screened if one.held and one.row["label"] == "pass"}
    missed = {one.row["id"] for one in screened if not one.held and one.row["label"] != "pass"}
    held = sum(one.held for one in screened)
    found = held - len(wrongly)

    with capsys.disabled():
        _tell(screened, precision=found / held, recall=found / (found + len(missed)))
    assert wrongly == HELD_WRONGLY.keys()
    assert missed == LET_THROUGH.keys()
    assert (held, found) == (67, 64)


def _tell(screened: list[Screened], *, precision: float, recall: float) -> None:
    print(f"\n150 labelled listings: precision {precision:.3f}, recall {recall:.3f}")
    categories: dict[str, Counter[str]] = {}
    for one in screened:
        name = one.row["category"] or "ordinary"
        right = one.held == (one.row["label"] == "must_not_pass")
        categories.setdefault(name, Counter())["right" if right else "wrong"] += 1
    for name, counts in sorted(categories.items()):
        print(f"  {name:28} {counts['right']:3} right {counts['wrong']:3} wrong")
    for ident, why in sorted((HELD_WRONGLY | LET_THROUGH).items()):
        print(f"  {ident}: {why}")
