"""Gathering the facts of versions. Invariant: a constant number of statements for any number.

What the registers, the scan and the evidence say is read as it stands at one moment.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Subquery

from compliance.facts import (
    Coverage,
    ListingFacts,
    PartyFacts,
    Records,
    Register,
    RightsFacts,
    carried_by,
    evidence_of,
    facts_from_content,
)
from compliance.models import Declaration, Evidence, PersonalRecord, RecordBinding, ScanReport
from compliance.selectors.gradings import graded_as_they_are
from compliance.selectors.personal import records_in_force
from compliance.selectors.scans import scan_facts
from compliance.states import DeclarationState, EvidenceState
from core.models import Capacity, Organisation
from listings.content import plan_document
from listings.models import Plan, Release, RightsRecord, Sponsorship, Version
from listings.selectors import plan_terms

# 24 months, as the fact `parties.breaches` counts them.
BREACH_DAYS = 731


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a screening of one version rests on, at one moment.

    `evidence` maps each key given and in force to when it ends, None for never, what the bound
    records give among it. `rests_until` is
    when the first right or mandate that the version rests on ends, None if it rests on none.
    """

    version: Version
    facts: ListingFacts
    evidence: dict[str, datetime | None]
    rests_until: datetime | None


@dataclass(frozen=True, slots=True)
class Registers:
    """What was read of the registers, keyed for look-up."""

    capacities: set[tuple[UUID, str]]
    rights: dict[str, RightsRecord]
    mandates: dict[tuple[UUID, UUID], datetime]
    breaches: Mapping[UUID, int]


def gathered(version_ids: Collection[UUID], at: datetime) -> dict[UUID, Gathered]:
    """Return what is known at `at` about each of the versions that exist."""
    versions = list(
        Version.objects.filter(pk__in=version_ids)
        .select_related("product__vendor", "product__supplier")
        .prefetch_related(
            Prefetch("plans", Plan.objects.order_by("code")),
            Prefetch("releases", Release.objects.filter(kind="sample").order_by("pk")),
        )
        .order_by("pk")
    )
    registers = registers_at(
        {party for one in versions for party in (one.product.vendor_id, one.product.supplier_id)},
        {str(key) for one in versions for key in one.content.get("rights") or ()},
        at,
    )
    scans = scan_reports({file.file_id for one in versions for file in one.releases.all()})
    ids = [version.pk for version in versions]
    evidence, records = evidence_in_force(ids, at), records_in_force(ids, at)
    graded = graded_as_they_are(versions)
    return {
        version.pk: _gathered(
            version,
            registers,
            scans,
            evidence[version.pk],
            records[version.pk],
            at,
            graded=version.pk in graded,
        )
        for version in versions
    }


def _gathered(
    version: Version,
    registers: Registers,
    scans: Mapping[UUID, Mapping[str, Any]],
    evidence: dict[str, datetime | None],
    records: Records,
    at: datetime,
    *,
    graded: bool,
) -> Gathered:
    product = version.product
    cited = [registers.rights.get(str(key)) for key in version.content.get("rights") or ()]
    rights = [record for record in cited if record is not None]
    samples = [release.file_id for release in version.releases.all()]
    parties = party_facts(product.vendor, product.supplier, registers)
    register = Register(rights_facts(rights, at), parties, records)
    ends = [record.valid_until for record in rights]
    mandate = registers.mandates.get((product.vendor_id, product.supplier_id))
    if product.vendor_id != product.supplier_id and mandate is not None:
        ends.append(mandate)
    facts = facts_from_content(
        version.content,
        plans=[plan_document(plan_terms(plan)) for plan in version.plans.all()],
        scan=scan_facts(samples, scans),
        register=register,
    )
    facts = replace(facts, product=replace(facts.product, graded_anew=graded))
    carried = carried_by(version.content, records)
    given = _with_records(evidence, records, carried, facts)
    if facts.personal.consent_basis != "none" and carried is not None and carried.until:
        ends.append(carried.until)
    if records.anonymised and (carried is None or carried.until is None):
        ends.append(max(one.until for one in records.claims if one.counts))
    return Gathered(version, facts, given, min(ends, default=None))


def _with_records(
    evidence: dict[str, datetime | None],
    records: Records,
    carried: Coverage | None,
    facts: ListingFacts,
) -> dict[str, datetime | None]:
    """Return the evidence with what records give; of two of one key the one that lasts longer."""
    personal = facts.personal
    # Fields marked sensitive without a kind could be of any kind.
    unnamed = personal.sensitive is not False and not personal.sensitive_kinds
    kinds = None if unnamed else personal.sensitive_kinds
    found = dict(evidence)
    for key, until in evidence_of(records, carried, facts.use.purposes or (), kinds).items():
        found[key] = later(found[key], until) if key in found else until
    return found


def rights_facts(records: Iterable[RightsRecord], at: datetime) -> RightsFacts:
    """Return what the rights that a version cites, and that are in force, come to."""
    kinds = {record.kind for record in records}
    ends = [record.valid_until for record in records]
    return RightsFacts(
        hold="hold" in kinds,
        use="use" in kinds,
        operate="operate" in kinds,
        certificate=any(record.certificate_code for record in records),
        days_left=(min(ends) - at).days if ends else None,
    )


def party_facts(vendor: Organisation, supplier: Organisation, registers: Registers) -> PartyFacts:
    """Return what the registers say of the two parties to a version."""
    same = vendor.pk == supplier.pk
    admitted = registers.capacities
    return PartyFacts(
        vendor_is_venue=vendor.is_venue,
        vendor_active=vendor.state == "ACTIVE" and (vendor.pk, "vendor") in admitted,
        supplier_active=supplier.state == "ACTIVE"
        and (same or (supplier.pk, "supplier") in admitted),
        supplier_is_vendor=same or (supplier.pk, "vendor") in admitted,
        sponsored=(vendor.pk, supplier.pk) in registers.mandates,
        zone=vendor.zone,
        vendor_country=vendor.country,
        supplier_country=supplier.country,
        # The venue keeps no register of licences and of objections beside these yet, so none is
        # entered; what kind of body the supplier is, is not recorded and therefore unknown.
        licences=(),
        source_disputes=0,
        breaches=registers.breaches.get(vendor.pk, 0),
    )


def registers_at(parties: Collection[UUID], rights_ids: Collection[str], at: datetime) -> Registers:
    """Return what the registers say at `at` of vendors and suppliers, and of rights cited."""
    capacities = Capacity.objects.filter(organisation__in=parties, state="ADMITTED")
    rights = RightsRecord.objects.filter(
        pk__in=rights_ids, state="RECORDED", valid_from__lte=at, valid_until__gt=at
    )
    mandates = Sponsorship.objects.filter(
        vendor__in=parties, supplier__in=parties, state="IN_FORCE", valid_until__gt=at
    )
    breached = Declaration.objects.filter(
        organisation__in=parties,
        version__isnull=False,
        state=DeclarationState.BREACHED,
        ended_at__gt=at - timedelta(days=BREACH_DAYS),
    )
    breaches: dict[UUID, int] = defaultdict(int)
    for vendor_id in breached.values_list("organisation_id", flat=True):
        breaches[vendor_id] += 1
    return Registers(
        capacities=set(capacities.values_list("organisation_id", "kind")),
        rights={str(record.pk): record for record in rights},
        mandates={(one.vendor_id, one.supplier_id): one.valid_until for one in mandates},
        breaches=breaches,
    )


def scan_reports(files: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return file → what the newest scan of it says."""
    rows = ScanReport.objects.filter(file__in=files).order_by("at")
    return dict(rows.values_list("file_id", "report"))


def lock_what_it_rests_on(version: Version) -> None:
    """Lock what a version rests on: none of it ends before a clearance begins."""
    cited = RightsRecord.objects.filter(pk__in=version.content.get("rights") or ())
    list(cited.order_by("pk").select_for_update(of=("self",), no_key=True).values("pk"))
    lock_evidence([version.pk])


def lock_evidence(version_ids: Collection[UUID]) -> None:
    """Lock the evidence that versions have, and the records and declarations that carry it."""
    given = Evidence.objects.filter(version__in=version_ids, state=EvidenceState.GIVEN)
    list(given.order_by("pk").select_for_update(of=("self",), no_key=True).values("pk"))
    bound = PersonalRecord.objects.filter(
        pk__in=RecordBinding.objects.filter(version__in=version_ids).values("record")
    )
    list(bound.order_by("pk").select_for_update(of=("self",), no_key=True).values("pk"))
    standing = Declaration.objects.filter(
        report__in=given.filter(report__isnull=False).values("report"),
        state=DeclarationState.IN_FORCE,
    )
    list(standing.order_by("pk").select_for_update(of=("self",), no_key=True).values("pk"))


def evidence_in_force(
    version_ids: Collection[UUID], at: datetime
) -> dict[UUID, dict[str, datetime | None]]:
    """Return version → key → end of the evidence in force; of several of one key the last to end."""  # noqa: E501
    found: dict[UUID, dict[str, datetime | None]] = {key: {} for key in version_ids}
    declared = Declaration.objects.filter(
        report=OuterRef("report"), state=DeclarationState.IN_FORCE, valid_until__gt=at
    )
    rows = Evidence.objects.filter(version__in=found, state=EvidenceState.GIVEN).annotate(
        declared_until=Subquery(declared.order_by("-valid_until").values("valid_until")[:1])
    )
    for version_id, key, given_until, report_id, declared_until in rows.values_list(
        "version_id", "key", "valid_until", "report_id", "declared_until"
    ):
        if report_id is not None and declared_until is None:
            continue
        until = min((end for end in (given_until, declared_until) if end), default=None)
        if until is None or until > at:
            known = found[version_id]
            known[key] = later(known[key], until) if key in known else until
    return found


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the later of two ends; None never ends."""
    return None if one is None or other is None else max(one, other)
