"""A record about persons in words: what it says, and what keeps it from being relied on."""

from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.facts import test_of
from compliance.models import PersonalRecord
from compliance.selectors import withdrawn_of
from exchange.portal import look
from exchange.portal.edge import said
from exchange.portal.pages.records import RecordRow
from exchange.portal.pieces import FileLink, Row, Section
from exchange.templatetags import words
from exchange.templatetags.portal import moment_text, words_of

# Where these records have their pages.
RECORDS = "/personal-records"


def record_row(row: PersonalRecord, at: datetime) -> RecordRow:
    """Return a record as lists show it."""
    return RecordRow(
        kind=words.word("record_kind", row.kind),
        about=about(row),
        url=f"{RECORDS}/{row.pk}",
        state=row.state,
        valid_until=row.valid_until,
        recorded_at=row.recorded_at,
        versions=len(row.bindings.all()),
        note=note(row, at),
    )


def about(row: PersonalRecord) -> str:
    """Return what a record is about, in one line."""
    document = row.document
    if row.kind == "basis":
        return str(document["persons"])
    if row.kind == "assessment":
        return str(document["scope"])
    return words.word("anonymisation", document["method"])


def note(row: PersonalRecord, at: datetime) -> str:
    """Return why a record may not be relied on, "" where it may."""
    if row.state != "IN_FORCE":
        return ""
    if row.valid_until <= at:
        return _("Its time has run out.")
    if row.kind == "basis" and any(withdrawn_of(row).values()):
        return _("A part of it was withdrawn.")
    if row.kind == "anonymisation":
        test = test_of(row.document)
        if test.failed:
            return _("The test re-identified persons: the claim does not count.")
        if not test.passed:
            return _("No test bears it out: the claim does not count.")
    return ""


def left_of(row: PersonalRecord) -> tuple[list[str], list[str]]:
    """Return the purposes and kinds of recipient of a consent that are not withdrawn."""
    if row.kind != "basis":
        return [], []
    gone = withdrawn_of(row)
    document = row.document
    return (
        [one for one in document["purposes"] if one not in gone["purpose"]],
        [one for one in document["recipient_kinds"] if one not in gone["recipient"]],
    )


def record_file_link(row: PersonalRecord) -> FileLink | None:
    """Return the file of a record with the way to it."""
    if row.file is None:
        return None
    url = f"/api/v1/personal-records/{row.pk}/file"
    return FileLink(row.file.name, row.file.media_type, row.file.size_bytes, row.file.sha256, url)


def sections_of(row: PersonalRecord) -> tuple[Section, ...]:
    """Return what a record says, section by section."""
    build = {"basis": _basis, "assessment": _assessment, "anonymisation": _anonymisation}
    return (*build[row.kind](row), _record(row))


def _record(row: PersonalRecord) -> Section:
    rows = [
        Row(_("Who keeps the record"), said(row.organisation.name_zh, row.organisation.name_en)),
        Row(_("Recorded at"), moment_text(row.recorded_at)),
        Row(_("in force until"), moment_text(row.valid_until)),
    ]
    if row.trustee:
        rows.append(Row(_("Trustee"), said(row.trustee.name_zh, row.trustee.name_en)))
    if row.former_id:
        url = f"{RECORDS}/{row.former_id}"
        rows.append(Row(_("Renews"), look.short(row.former_id), url=url))
    return Section(_("The record"), tuple(rows))


def _basis(row: PersonalRecord) -> tuple[Section, ...]:
    said_ = row.document
    purposes, kinds = left_of(row)
    gone = withdrawn_of(row)
    covers = [
        Row(_("Basis"), words.word("processing_basis", said_["basis"])),
        Row(_("Purposes"), words_of(purposes, "purpose") or _("none any more")),
        Row(_("Kinds of recipient"), words_of(kinds, "buyer_type") or _("none any more")),
    ]
    if gone["purpose"]:
        withdrawn = words_of(sorted(gone["purpose"]), "purpose")
        covers.append(Row(_("Purposes withdrawn"), withdrawn))
    if gone["recipient"]:
        withdrawn = words_of(sorted(gone["recipient"]), "buyer_type")
        covers.append(Row(_("Kinds of recipient withdrawn"), withdrawn))
    if said_["law"]:
        covers.append(Row(_("Provision of law"), said_["law"]))
    count = said_["persons_count"]
    persons = [
        Row(_("Who the persons are"), said_["persons"]),
        Row(
            _("How many persons"),
            ngettext("%(n)d person", "%(n)d persons", count) % {"n": count},
        ),
        Row(_("What it is about"), words_of(said_["categories"], "personal_category")),
        *(
            Row(words.word("personal_category", code), str(number))
            for code, number in said_["counts"].items()
        ),
        Row(
            _("Sensitive kinds"),
            words_of(said_["sensitive_kinds"], "sensitive_kind") or _("none"),
        ),
        Row(_("Persons under 14"), look.yes_no(said_["minors"])),
    ]
    if said_["minors"]:
        persons.append(Row(_("Guardians consented"), look.yes_no(said_["guardian"])))
    days = f"{_day(said_['obtained_from'])} – {_day(said_['obtained_until'])}"
    how = [
        Row(_("Asked for separately"), look.yes_no(said_["separate"])),
        Row(_("How it was obtained"), words.word("consent_channel", said_["obtained_by"])),
        Row(_("Obtained"), days),
        Row(_("In duty or service"), look.yes_no(said_["in_duty"])),
    ]
    if said_["notice"]:
        how.append(Row(_("Collection notice"), said_["notice"]))
    if said_["wording_sha256"]:
        how.append(Row(_("Hash of the words"), said_["wording_sha256"], code=True))
    return (
        Section(_("What it carries"), tuple(covers)),
        Section(_("The persons"), tuple(persons)),
        Section(_("How it came about"), tuple(how)),
    )


def _assessment(row: PersonalRecord) -> tuple[Section, ...]:
    said_ = row.document
    rows = (
        Row(_("Day of the assessment"), _day(said_["assessed_on"])),
        Row(_("What was assessed"), said_["scope"]),
        Row(_("Purposes"), words_of(said_["purposes"], "purpose")),
        Row(_("Risk that is left"), words.word("risk", said_["risk"])),
        Row(_("Measures"), said_["measures"]),
        Row(_("Report kept until"), moment_text(row.valid_until)),
    )
    return (Section(_("Impact assessment"), rows),)


def _anonymisation(row: PersonalRecord) -> tuple[Section, ...]:
    said_ = row.document
    claim = Section(
        _("Anonymisation"),
        (
            Row(_("Method"), words.word("anonymisation", said_["method"])),
            Row(_("How it was done"), said_["description"]),
        ),
    )
    if not said_.get("test"):
        return (claim, Section(_("Test of re-identification"), (Row(_("Test"), None),)))
    test: dict[str, Any] = said_["test"]
    passed = test_of(said_).passed
    result = (
        _("passed: nobody was re-identified") if passed else _("failed: persons were re-identified")
    )
    rows = (
        Row(_("Day of the test"), _day(test["tested_on"])),
        Row(_("Who tested"), test["tested_by"]),
        Row(_("How it was tested"), test["method"]),
        Row(_("Attempts"), str(test["attempts_count"])),
        Row(_("Persons re-identified"), str(test["reidentified_count"])),
        Row(_("Result"), result),
    )
    return (claim, Section(_("Test of re-identification"), rows))


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text))
