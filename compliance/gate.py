"""Whether an order may be matched. Invariant: what is not known to be permitted is refused.

The gate puts together what the clearance carries, what the buyer orders and what the registers say
of the buyer, and runs the order's items of the checklist in force. It is pure and reads nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from compliance import cross_border
from compliance.cross_border import Exemption, FlowFacts, Path, ZoneFacts
from compliance.facts import (
    BuyerFacts,
    ClearedFacts,
    ExportFacts,
    FitFacts,
    OrderFacts,
    TermsFacts,
    reaches_abroad,
)
from compliance.rules import CHINA, Checklist, Finding, run

Answer = bool | None
_MAINLAND = "CN"
_OUTSIDE = ("CN-HK", "CN-MO", "CN-TW")
EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class Exporter:
    """The party whose data would leave the mainland, as registers and counts know it.

    The counts are those of the calendar year so far, without this order; `zone` is empty when it
    is in no zone with an export list, and None to go by the vendor's own.
    """

    critical_operator: Answer = None
    zone: str | None = None
    zone_field_covered: Answer = None
    on_zone_list: Answer = None
    zone_list_route: Path | None = None
    zone_list_parts: tuple[str, ...] | None = None
    greater_bay_pair: Answer = None
    overseas_origin_only: Answer = None
    persons: int | None = None
    sensitive_persons: int | None = None


NOBODY = Exporter()


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
    exporter: Exporter = NOBODY,
    at: datetime,
) -> OrderFacts:
    """Return everything the gate knows about one order, derived facts included."""
    return OrderFacts(
        cleared=cleared,
        order=order,
        buyer=buyer,
        fit=fit(cleared, order, buyer),
        export=export(cleared, order, buyer, exporter, on=at.astimezone(CHINA).date()),
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


def inside(territory: str, permitted: str) -> bool:
    """Return whether `territory` lies in `permitted`: CN covers CN-SH, not HK, MO, TW or abroad.

    Only * covers the whole world, and an order for the whole world is inside nothing else.
    """
    if permitted == EVERYWHERE:
        return True
    if _plain(territory) == _plain(permitted):
        return True
    country, _, region = _plain(territory).partition("-")
    return bool(region) and country == permitted


def _plain(territory: str) -> str:
    """Return HK for CN-HK, and so on: one place has one name."""
    return territory[3:] if territory in _OUTSIDE else territory


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
    exporter: Exporter,
    *,
    on: date,
) -> ExportFacts:
    """Return whether the order takes data out of the mainland, and what the law then asks."""
    outbound = reaches_abroad(order.territory, buyer.country)
    if exporter.zone is None:
        exporter = replace(exporter, zone=cleared.zone)
    flow = FlowFacts(outbound=False)
    if outbound is not False:
        flow = _flow(cleared, order, buyer, exporter, outbound)
    outcome = cross_border.decide(flow, on=on)
    return ExportFacts(
        outbound=outbound,
        path=None if outcome.path is Path.NEEDS_INFO else outcome.path.value,
        zone=exporter.zone,
        on_zone_list=exporter.on_zone_list,
        list_parts=exporter.zone_list_parts,
        missing=outcome.missing,
    )


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
        greater_bay_pair=exporter.greater_bay_pair,
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


def _with_order(cleared: ClearedFacts, exporter: Exporter) -> tuple[int | None, int | None]:
    """Return the year's count of persons and of persons with sensitive information, order included.

    All subjects of a product with sensitive information count as sensitive: nothing says otherwise.
    """
    if cleared.personal is False:
        return exporter.persons, exporter.sensitive_persons
    added = cleared.subjects_count
    if cleared.sensitive is None or added is None:
        return None, None
    ordinary, sensitive = (0, added) if cleared.sensitive else (added, 0)
    return _sum(exporter.persons, ordinary), _sum(exporter.sensitive_persons, sensitive)


def _sum(so_far: int | None, added: int) -> int | None:
    return None if so_far is None else so_far + added
