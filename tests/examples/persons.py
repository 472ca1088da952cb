"""Requests about records on persons: consents, assessments, anonymisation claims."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from core.canonical import plain
from tests.compliance import records
from tests.examples.world import Ask, World
from tests.listings import cast as offers


def consented(world: World) -> Ask:
    made = records.record_consent(world.vendor, world.at, versions=(world.draft.pk,))
    return Ask(world.vendor, {"record_id": made.pk})


def assessed(world: World) -> Ask:
    made = records.assessment(world.vendor, world.at)
    return Ask(world.vendor, {"record_id": made.pk})


def recording_consent(world: World) -> Ask:
    body: dict[str, Any] = {
        "terms": plain(records.consent(world.at)),
        "valid_until": (world.at + timedelta(days=300)).isoformat(),
    }
    return Ask(world.vendor, {}, body)


def recording_assessment(world: World) -> Ask:
    file = offers.file_of(world.vendor, world.at, b"%PDF-1.7 report")
    terms = {
        "assessed_on": (world.at.date() - timedelta(days=2)).isoformat(),
        "scope": "members' purchases",
        "purposes": ["research"],
        "risk": "low",
        "measures": "contract, encryption",
    }
    return Ask(world.vendor, {}, {"terms": terms, "file_id": str(file.pk)})


def recording_claim(world: World) -> Ask:
    test = plain(records.test_of_claim(world.at))
    terms = {"method": "aggregation", "description": "sums of fifty", "test": test}
    return Ask(world.vendor, {}, {"terms": terms})


def binding(world: World) -> Ask:
    made = records.record_consent(world.vendor, world.at)
    return Ask(world.vendor, {"record_id": made.pk}, {"version_id": str(world.draft.pk)})


def basis_fields(world: World) -> dict[str, Any]:
    """What the form of a consent says."""
    said = records.consent(world.at)
    days = ("obtained_from", "obtained_until")
    answers = ("separate", "minors", "refused_without", "in_duty")
    return {
        **{name: said[name] for name in said if name not in ("counts", "guardian")},
        **{name: said[name].isoformat() for name in days},
        **{name: "yes" if said[name] else "no" for name in answers},
        "valid_until": (world.at + timedelta(days=300)).date().isoformat(),
    }


def assessment_fields(world: World) -> dict[str, Any]:
    """What the form of an assessment says, its report included."""
    return {
        "assessed_on": (world.at.date() - timedelta(days=2)).isoformat(),
        "scope": "members' purchases",
        "purposes": ["research"],
        "risk": "low",
        "measures": "contract, encryption",
        "file": SimpleUploadedFile("report.pdf", b"%PDF-1.7 report", "application/pdf"),
    }


CLAIM_FIELDS = {"method": "aggregation", "description": "sums of fifty"}

PERSONS: dict[str, Callable[[World], Ask]] = {
    "record_basis": recording_consent,
    "record_assessment": recording_assessment,
    "record_anonymisation": recording_claim,
    "list_personal_records": lambda w: Ask(w.vendor, {}),
    "read_personal_record": consented,
    "bind_record": binding,
    "withdraw_record": lambda w: Ask(
        w.vendor, consented(w).where, {"purposes": ["research"], "reason": "as asked"}
    ),
    "download_record_file": assessed,
    "list_version_records": lambda w: Ask(w.vendor, {"version_id": w.draft.pk}),
}
