"""Trying the examples of items. Invariant: an example differs from the ordinary only by its facts.

The ordinary product is enterprise data its supplier made itself, of the general grade; the
ordinary order is from a domestic enterprise, for a permitted purpose, inside the mainland.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from compliance.facts import (
    LISTING_TOPICS,
    ORDER_TOPICS,
    BuyerFacts,
    ClearedFacts,
    ExportFacts,
    FactsRefused,
    FitFacts,
    ListingFacts,
    OrderFacts,
    PartyFacts,
    PersonalFacts,
    PriceFacts,
    ProductFacts,
    RightsFacts,
    ScanFacts,
    SourceFacts,
    SpecialFacts,
    TermsFacts,
    TextFacts,
    TogetherFacts,
    UseFacts,
    checked,
    facts_of,
    to_context,
)
from compliance.facts.fields import Topic
from compliance.rules.checklist import PreparedItem, facts_of_stage
from compliance.rules.item import Example
from compliance.rules.run import run_items

_NO_ANSWERS = dict.fromkeys(facts_of(SpecialFacts), False)


def _carried_answers() -> dict[str, Any]:
    return {name: False for name in facts_of(ClearedFacts) if name in _NO_ANSWERS}


ORDINARY_LISTING = ListingFacts(
    product=ProductFacts(
        section="G",
        division=54,
        form="dataset",
        hands_over_data=True,
        data_class="enterprise",
        grade="general",
        grade_pending=False,
        grade_level=1,
        grade_determined_by="self",
        delivery_modes=("download",),
        update_frequency="monthly",
        records=200_000,
        derived=False,
        graded_anew=False,
    ),
    sources=SourceFacts(
        count=1,
        classes=("enterprise",),
        origins=("generated",),
        bases=("own_generation",),
        any_personal=False,
        any_public=False,
        any_scraped=False,
        any_entrusted=False,
        any_fused=False,
        any_shared=False,
        any_authorised_operation=False,
        any_from_others=False,
        any_unnamed_holder=False,
        any_personal_without_basis=False,
        any_public_outside_channels=False,
        any_raw_public=False,
        any_disputed=False,
        any_resale_forbidden=False,
    ),
    personal=PersonalFacts(
        declared=False,
        present=False,
        subjects_count=0,
        categories=(),
        sensitive_kinds=(),
        sensitive=False,
        minors=False,
        consent_basis="none",
        basis_valid=False,
        anonymised=False,
        identifies_alone=False,
        grave_count=0,
        serious_count=0,
        other_count=0,
        in_duty=False,
        weighed_count=0,
        withdrawn_purposes=(),
        withdrawn_recipients=(),
    ),
    special=SpecialFacts(**_NO_ANSWERS),
    text=TextFacts(
        mentions=(),
        classification_mark=False,
        personal_fields=0,
        sensitive_fields=0,
        personal_names=0,
        identifying_names=0,
        secret_fields=0,
        unmarked_fields=0,
        contradictions=(),
    ),
    scan=ScanFacts(
        state="done", rows=1_000, kinds=(), checksum_kinds=(), most_share_bp=0, columns=()
    ),
    rights=RightsFacts(hold=True, use=True, operate=True, certificate=False, days_left=700),
    parties=PartyFacts(
        vendor_is_venue=False,
        vendor_active=True,
        supplier_active=True,
        supplier_is_vendor=True,
        sponsored=False,
        zone="",
        vendor_country="CN",
        supplier_country="CN",
        supplier_kind="enterprise",
        licences=(),
        breaches=0,
        source_disputes=0,
    ),
    use=UseFacts(
        purposes=("research", "product_development"),
        territories=("CN",),
        outside_mainland=False,
        redistribution=False,
        derivation=True,
        term_days=365,
        buyer_types=(),
    ),
    price=PriceFacts(
        kinds=("one_off",),
        offer_modes=("standing",),
        any_paid=True,
        any_free=False,
        any_standing=True,
        any_exclusive=False,
    ),
)

ORDINARY_ORDER = OrderFacts(
    cleared=ClearedFacts(
        data_class="enterprise",
        grade="general",
        form="dataset",
        personal=False,
        sensitive=False,
        consent_basis="none",
        subjects_count=0,
        public=False,
        purposes=("research", "product_development"),
        territories=("CN",),
        redistribution=False,
        derivation=True,
        term_days=365,
        buyer_types=(),
        withdrawn_purposes=(),
        withdrawn_recipients=(),
        zone="",
        **_carried_answers(),
    ),
    order=TermsFacts(
        purpose="research",
        territory="CN",
        term_days=90,
        quantity=1,
        redistribution=False,
        derivation=False,
        total_minor=100_000,
        offer_mode="standing",
        confirmed=False,
        price_differs=False,
        price_reason=None,
        orders_last_year=0,
        foreign_judicial_request=False,
    ),
    buyer=BuyerFacts(
        kind="enterprise",
        country="CN",
        is_venue=False,
        is_vendor=False,
        is_supplier=False,
        active=True,
        public_data_operator=False,
        foreign_controlled=False,
        on_personal_data_list=False,
        on_control_list=False,
    ),
    fit=FitFacts(
        purpose=True,
        territory=True,
        term=True,
        redistribution=True,
        derivation=True,
        buyer_kind=True,
    ),
    export=ExportFacts(
        outbound=False,
        path="not_export",
        zone="",
        on_zone_list=False,
        list_parts=(),
        missing=(),
        table="2026-01-01",
        persons=0,
        sensitive_persons=0,
    ),
    together=TogetherFacts(persons=0, sensitive_products=0, subject_products=1, subject_regions=1),
)


# What is known at each stage, and of the ordinary case; of the venue itself nothing is.
_ORDINARY: dict[str, tuple[Mapping[str, type[Topic]], ListingFacts | OrderFacts | None]] = {
    "listing": (LISTING_TOPICS, ORDINARY_LISTING),
    "order": (ORDER_TOPICS, ORDINARY_ORDER),
    "": ({}, None),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an example came to; `wanted` is what it was to come to."""

    item: str
    name: str
    wanted: str
    got: str

    @property
    def holds(self) -> bool:
        """Whether the example came out as it says."""
        return self.wanted == self.got


def try_example(prepared: PreparedItem, example: Example, *, on: date) -> Outcome:
    """Return what `prepared` says of the facts and evidence of `example`.

    Raises:
        FactsRefused: the example names a fact that there is not, or gives it another type.

    """
    known = example_facts(prepared.stage, example.facts)
    said = {prepared.item.code: example.answer == "yes"} if example.answer else {}
    findings = run_items([prepared], known, example.evidence, on=on, answers=said)
    got = findings[0].status if findings else "clear"
    return Outcome(prepared.item.code, example.name, example.expect, got)


def example_facts(stage: str, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return the known facts of the ordinary listing or order with `overrides` (path → value).

    Raises:
        FactsRefused: there is no such fact at that stage, or the value is of another type.

    """
    topics, ordinary = _ORDINARY[facts_of_stage(stage)]
    known = {
        f"{topic}.{name}": one
        for topic, part in (to_context(ordinary) if ordinary else {}).items()
        for name, one in part.items()
    }
    for path, value in overrides.items():
        topic, _, name = path.partition(".")
        described = facts_of(topics[topic]).get(name) if topic in topics else None
        if described is None:
            raise FactsRefused(f"{path}: there is no such fact at this stage")
        if value is None:
            known.pop(path, None)
        else:
            known[path] = checked(path, described, value)
    return known
