"""Whether an order may be matched. Invariant: what is not known to be permitted is refused.

The gate puts together what the clearance carries, what the buyer orders and what the registers say
of the buyer, and runs the order's items of the checklist in force. It is pure and reads nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from compliance import cross_border
from compliance.cross_border import Exemption, FlowFacts, Outcome, Path, ZoneFacts
from compliance.facts import (
    BuyerFacts,
    ClearedFacts,
    ExportFacts,
    FitFacts,
    OrderFacts,
    TermsFacts,
    TogetherFacts,
    reaches_abroad,
)
from compliance.rules import CHINA, Checklist, Finding, run
from listings.content import inside

Answer = bool | None
_MAINLAND = "CN"


@dataclass(frozen=True, slots=True)
class Exporter:
    """A party whose data would leave the mainland, as registers and counts know it.

    The counts are those of the calendar year so far, without this order; `zone` is empty when it
    is in no zone with an export list.
    """

    id: str = ""
    critical_operator: Answer = None
    zone: str | None = None
    zone_field_covered: Answer = None
    on_zone_list: Answer = None
    zone_list_route: Path | None = None
    zone_list_parts: tuple[str, ...] | None = None
    greater_bay: Answer = None
    overseas_origin_only: Answer = None
    persons: int | None = None
    sensitive_persons: int | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    """What an order adds to an exporter's count of the year.

    The path that was found holds while the counts, this order included, stay under the bounds;
    None is no bound.
    """

    exporter: str
    persons: int
    sensitive_persons: int
    persons_below: int | None
    sensitive_below: int | None


NOBODY = Exporter()


def exporter_from(found: Mapping[str, Any]) -> Exporter:
    """Return an exporter as `compliance_exporters` tells of it.

    A lighter path is taken where the venue has recorded what permits it, and nowhere else: what
    is not recorded of the Greater Bay Area or of data from abroad counts as no. What could make
    the path heavier stays unknown until it is recorded.
    """
    entries: Mapping[str, Mapping[str, Any]] = found["entries"]
    zone, on_list = entries.get("zone"), entries.get("zone_list")
    standing = on_list["answer"] if on_list else None
    return Exporter(
        id=found["id"],
        critical_operator=register_answer(found, "critical_operator"),
        zone=None if zone is None else zone["zone"],
        zone_field_covered=None if standing is None else standing != "not_covered",
        on_zone_list=None if standing is None else standing == "on_list",
        zone_list_route=Path(on_list["route"]) if on_list and on_list["route"] else None,
        zone_list_parts=None if on_list is None else tuple(on_list["parts"]),
        greater_bay=register_answer(found, "greater_bay") is True,
        overseas_origin_only=register_answer(found, "overseas_origin") is True,
        persons=found["persons"],
        sensitive_persons=found["sensitive_persons"],
    )


def register_answer(found: Mapping[str, Any], kind: str) -> Answer:
    """Return what the register says, yes or no, of one party; None if it says nothing."""
    entry = found["entries"].get(kind)
    return None if entry is None else entry["answer"] == "yes"


def judge(
    facts: OrderFacts,
    checklist: Checklist,
    *,
    at: datetime,
    evidence_keys: Collection[str] = (),
) -> tuple[Finding, ...]:
    """Return the findings of the order's items on `facts`.

    The order may be matched only if no finding `blocks`. `evidence_keys` are the kinds of evidence
    in force for the listing, for the buyer and for this order together.
    """
    return run(checklist, facts, evidence_keys, at=at)


def facts_of_order(
    *,
    cleared: ClearedFacts,
    order: TermsFacts,
    buyer: BuyerFacts,
    exporters: Sequence[Exporter] = (NOBODY,),
    together: TogetherFacts | None = None,
    at: datetime,
) -> OrderFacts:
    """Return everything the gate knows about one order, derived facts included."""
    return OrderFacts(
        cleared=cleared,
        order=order,
        buyer=buyer,
        fit=fit(cleared, order, buyer),
        export=export(cleared, order, buyer, exporters, on=at.astimezone(CHINA).date()),
        together=together or TogetherFacts(),
    )


@dataclass(frozen=True, slots=True)
class Held:
    """One product in a buyer's hands: what of it grows with the number of products."""

    product: str
    persons: int | None
    sensitive: Answer
    subject: str
    regions: tuple[str, ...]


def held_together(held: Sequence[Held], subject: str) -> TogetherFacts:
    """Return what comes together of products, each once; `subject` is that of this order."""
    products = {one.product: one for one in held}.values()
    alike = [one for one in products if one.subject == subject]
    persons = [one.persons for one in products]
    known = None not in {one.sensitive for one in products}
    return TogetherFacts(
        persons=None if None in persons else sum(one or 0 for one in persons),
        sensitive_products=sum(bool(one.sensitive) for one in products) if known else None,
        subject_products=len(alike),
        subject_regions=len({region for one in alike for region in one.regions}),
    )


def fit(cleared: ClearedFacts, order: TermsFacts, buyer: BuyerFacts) -> FitFacts:
    """Return whether the order lies inside what the listing permits, point by point."""
    resale = order.purpose == "resale"
    return FitFacts(
        purpose=_among(order.purpose, cleared.purposes),
        territory=_inside_one(order.territory, cleared.territories),
        term=_not_more(order.term_days, cleared.term_days),
        redistribution=_permitted(True if resale else order.redistribution, cleared.redistribution),
        derivation=_permitted(order.derivation, cleared.derivation),
        buyer_kind=True if cleared.buyer_types == () else _among(buyer.kind, cleared.buyer_types),
    )


def _inside_one(territory: str | None, permitted: tuple[str, ...] | None) -> Answer:
    if territory is None or permitted is None:
        return None
    return any(inside(territory, one) for one in permitted)


def _among(value: str | None, permitted: tuple[str, ...] | None) -> Answer:
    return None if value is None or permitted is None else value in permitted


def _not_more(asked: int | None, most: int | None) -> Answer:
    return None if asked is None or most is None else asked <= most


def _permitted(wanted: Answer, permitted: Answer) -> Answer:
    """Return whether it is not wanted or permitted; unknown unless one of the two settles it."""
    if wanted is False or permitted is True:
        return True
    return False if wanted is True and permitted is False else None


def export(
    cleared: ClearedFacts,
    order: TermsFacts,
    buyer: BuyerFacts,
    exporters: Sequence[Exporter],
    *,
    on: date,
) -> ExportFacts:
    """Return whether the order takes data out of the mainland, and what the law then asks.

    Vendor and supplier both export what one lists for the other: the heavier path is taken, and
    what either lacks is missing.
    """
    outbound = reaches_abroad(order.territory, buyer.country)
    if outbound is False:
        outcome = cross_border.decide(FlowFacts(outbound=False), on=on)
        told = _told(outbound, cleared.zone, exporters[0], outcome, outcome.missing)
        return replace(told, table=cross_border.table_on(on).version)
    decided = [
        (one, cross_border.decide(_flow(cleared, order, buyer, one, outbound), on=on))
        for one in exporters
    ]
    heaviest, outcome = max(decided, key=lambda one: _HEAVIER.index(one[1].path))
    missing = dict.fromkeys(name for _, other in decided for name in other.missing)
    told = _told(outbound, cleared.zone, heaviest, outcome, tuple(missing))
    persons, sensitive = _with_order(cleared, heaviest)
    return replace(
        told,
        table=cross_border.table_on(on).version,
        persons=persons,
        sensitive_persons=sensitive,
    )


# From the lightest to the heaviest. What is not known outweighs every path but the one that ends.
_HEAVIER = (
    Path.NOT_EXPORT,
    Path.FREE,
    Path.FREE_WITH_DUTIES,
    Path.FREE_FTZ,
    Path.GBA_STANDARD_CONTRACT,
    Path.STANDARD_CONTRACT_OR_CERTIFICATION,
    Path.SECURITY_ASSESSMENT,
    Path.NEEDS_INFO,
    Path.BLOCK,
)
# Exempt flows are not counted (art. 3, 4 and 6 of Order 16), nor is what stays.
_UNCOUNTED = (Path.NOT_EXPORT, Path.FREE, Path.FREE_FTZ)


def _told(
    outbound: Answer,
    stated: str | None,
    exporter: Exporter,
    outcome: Outcome,
    missing: tuple[str, ...],
) -> ExportFacts:
    return ExportFacts(
        outbound=outbound,
        path=None if outcome.path is Path.NEEDS_INFO else outcome.path.value,
        # Which zone's list might apply is asked also where the register says nothing yet: then by
        # the zone that the vendor was admitted with. It permits nothing.
        zone=stated if exporter.zone is None else exporter.zone,
        on_zone_list=exporter.on_zone_list,
        list_parts=exporter.zone_list_parts,
        missing=missing,
    )


def reservations(
    facts: OrderFacts, exporters: Sequence[Exporter], *, on: date
) -> tuple[Reservation, ...]:
    """Return what an order adds to the count of each exporter; nothing where it is not counted."""
    if facts.export.outbound is False or facts.cleared.personal is False:
        return ()
    table, found = cross_border.table_on(on), []
    for one in exporters:
        flow = _flow(facts.cleared, facts.order, facts.buyer, one, facts.export.outbound)
        added = _added(facts.cleared)
        if added is None or cross_border.decide(flow, on=on).path in _UNCOUNTED:
            continue
        persons, sensitive = added
        found.append(
            Reservation(
                exporter=one.id,
                persons=persons,
                sensitive_persons=sensitive,
                persons_below=_next(table.persons_bounds, flow.persons),
                sensitive_below=_next(table.sensitive_bounds, flow.sensitive_persons),
            )
        )
    return tuple(found)


def with_reserved(
    exporters: Sequence[Exporter], reserved: Mapping[str, tuple[int, int]]
) -> tuple[Exporter, ...]:
    """Return `exporters` with what is reserved for each besides counted in."""
    return tuple(
        replace(
            one,
            persons=_sum(one.persons, reserved[one.id][0]),
            sensitive_persons=_sum(one.sensitive_persons, reserved[one.id][1]),
        )
        if one.id in reserved
        else one
        for one in exporters
    )


def _next(bounds: Sequence[int], count: int | None) -> int | None:
    """Return the first bound above `count`; without a count the lowest, which nothing passes."""
    return next((bound for bound in bounds if count is None or bound > count), None)


def _flow(
    cleared: ClearedFacts,
    order: TermsFacts,
    buyer: BuyerFacts,
    exporter: Exporter,
    outbound: Answer,
) -> FlowFacts:
    persons, sensitive = _with_order(cleared, exporter)
    return FlowFacts(
        outbound=outbound,
        # No clearance is given for state secrets. Controlled items, requests of foreign courts and
        # special regimes have items of their own, and would only be asked for twice here.
        state_secret=False,
        core_data=None if cleared.grade is None else cleared.grade == "core",
        export_controlled=False,
        foreign_judicial_request=False,
        regimes=frozenset(),
        recipient_listed=buyer.on_personal_data_list,
        important_data=None if cleared.grade is None else cleared.grade == "important",
        personal=cleared.personal,
        overseas_origin_only=exporter.overseas_origin_only,
        # A sale to a third party is none of the exempt cases of art. 5(1)(1)–(3).
        exemption=Exemption.NONE,
        critical_operator=exporter.critical_operator,
        zone=_zone(exporter),
        greater_bay_pair=_pair(exporter.greater_bay, buyer.country),
        persons=persons,
        sensitive_persons=sensitive,
    )


def _zone(exporter: Exporter) -> ZoneFacts | None:
    if exporter.zone == "":
        return None
    return ZoneFacts(
        zone=exporter.zone or "",
        registered=None if exporter.zone is None else True,
        field_covered=exporter.zone_field_covered,
        data_in_list=exporter.on_zone_list,
        list_route=exporter.zone_list_route,
    )


def _pair(greater_bay: Answer, country: str | None) -> Answer:
    """Return whether both sides are in the Greater Bay Area, the buyer in Hong Kong or Macao."""
    if greater_bay is False:
        return False
    return None if greater_bay is None or country is None else country in ("HK", "MO")


def _added(cleared: ClearedFacts) -> tuple[int, int] | None:
    """Return how many persons an order adds, and persons with sensitive information.

    All subjects of a product with sensitive information count as sensitive: nothing says otherwise.
    """
    added = cleared.subjects_count
    if cleared.sensitive is None or added is None:
        return None
    return (0, added) if cleared.sensitive else (added, 0)


def _with_order(cleared: ClearedFacts, exporter: Exporter) -> tuple[int | None, int | None]:
    """Return the year's counts with this order, unknown where either part is."""
    if cleared.personal is False:
        return exporter.persons, exporter.sensitive_persons
    added = _added(cleared)
    if added is None:
        return None, None
    return _sum(exporter.persons, added[0]), _sum(exporter.sensitive_persons, added[1])


def _sum(so_far: int | None, added: int) -> int | None:
    return None if so_far is None else so_far + added
