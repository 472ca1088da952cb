"""Who asks to be let in. Invariant: the venue's administrators alone read it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as NumberError

from core.actors import Member
from core.models import Capacity, Event, Membership, Organisation
from core.selectors import own_organisation, timeline
from core.service import require
from core.states import CAPACITY, ORGANISATION, CapacityState, OrganisationState

# The first two characters of a unified social credit code say which register gave it out, and to
# what (GB 32100-2015, table 1): the kinds of organisation here that it can belong to.
KINDS_OF_CODES: dict[str, frozenset[str]] = {
    "11": frozenset({"government"}),
    "12": frozenset({"public_institution", "research_institute"}),
    "13": frozenset({"social_organisation"}),
    "51": frozenset({"social_organisation"}),
    "52": frozenset({"social_organisation", "research_institute"}),
    "53": frozenset({"social_organisation"}),
    "91": frozenset({"enterprise", "financial_institution", "research_institute"}),
}
# Individual businesses and farmers' cooperatives stand in the same register as companies.
PERSONS_OWN = "92"
# Codes of provinces (GB/T 2260).
PROVINCES = frozenset(
    {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55)}
    | {*range(61, 66), 71, 81, 82}
)


@dataclass(frozen=True, slots=True)
class Check:
    """One look at a registry number: `verdict` is passed, failed or unknown; `found` what it is."""

    name: str
    verdict: str
    found: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationSheet:
    """An organisation, what it asks for, who speaks for it, what became of it, what may be done."""

    organisation: Organisation
    capacities: tuple[Capacity, ...]
    members: tuple[Membership, ...]
    checks: tuple[Check, ...]
    namesakes: tuple[Organisation, ...]
    events: tuple[Event, ...]
    names: dict[UUID, str]
    verbs: tuple[str, ...]
    capacity_verbs: dict[str, tuple[str, ...]]


def applications(reader: Member, *, waiting: bool) -> QuerySet[Organisation]:
    """Return the organisations that ask for a decision, or all others of the market too.

    Raises:
        Forbidden: the reader is no administrator of the venue.

    """
    require(reader, "admit")
    asks = Capacity.objects.filter(organisation=OuterRef("pk"), state=CapacityState.APPLIED)
    rows = Organisation.objects.filter(is_venue=False).prefetch_related("capacities")
    if not waiting:
        return rows
    # What asks for a capacity has to be verified first; a closed or refused one never is.
    return rows.filter(
        Q(state=OrganisationState.APPLIED)
        | Q(Exists(asks), state__in=[OrganisationState.ACTIVE, OrganisationState.SUSPENDED])
    )


def application_sheet(organisation_id: UUID, reader: Member, language: str) -> ApplicationSheet:
    """Return everything that a decision on an organisation rests on.

    Raises:
        Forbidden: the reader is no administrator of the venue.
        NotFound: there is no such organisation.

    """
    require(reader, "admit")
    found = own_organisation(organisation_id)
    capacities = tuple(sorted(found.capacities.all(), key=lambda row: row.kind))
    events = tuple(timeline([found.pk, *(row.pk for row in capacities)]))
    members = Membership.objects.filter(organisation=found, is_active=True).select_related("user")
    same = Q(name_zh=found.name_zh) & ~Q(name_zh="") | Q(name_en=found.name_en) & ~Q(name_en="")
    speakers = Organisation.objects.filter(pk__in={event.organisation_id for event in events})
    chinese = language == "zh"
    return ApplicationSheet(
        organisation=found,
        capacities=capacities,
        members=tuple(members.order_by("created_at", "pk")),
        checks=number_checks(found.country, found.registry_number, found.kind, found.region),
        namesakes=tuple(Organisation.objects.filter(same).exclude(pk=found.pk).order_by("pk")[:5]),
        events=events,
        names={
            one.pk: (one.name_zh or one.name_en) if chinese else (one.name_en or one.name_zh)
            for one in speakers
        },
        verbs=() if found.is_venue else tuple(ORGANISATION.verbs(found.state)),
        capacity_verbs={row.kind: _capacity_verbs(row, found) for row in capacities},
    )


def _capacity_verbs(capacity: Capacity, holder: Organisation) -> tuple[str, ...]:
    verbs = [verb for verb in CAPACITY.verbs(capacity.state) if verb != "apply"]
    if holder.state != OrganisationState.ACTIVE:
        verbs = [verb for verb in verbs if verb != "admit"]
    return tuple(verbs)


def number_checks(country: str, number: str, kind: str, region: str) -> tuple[Check, ...]:
    """Return what a registry number itself can tell; the register has still to be looked at.

    A Chinese one says its register, its kind and its region (GB 32100-2015); of others nothing is
    known here.
    """
    if country != "CN":
        return (Check("form", "unknown"),)
    try:
        code = uscc.validate(number)
    except NumberError:
        return (Check("check-character", "failed", number[-1:]),)
    province = int(code[2:4]) if code[2:4].isdigit() else 0
    checks = [Check("check-character", "passed", code[17])]
    if code[:2] == PERSONS_OWN or code[:2] not in KINDS_OF_CODES:
        checks.append(Check("kind", "failed", code[:2]))
    else:
        fits = kind in KINDS_OF_CODES[code[:2]]
        checks.append(Check("kind", "passed" if fits else "failed", code[:2]))
    checks.append(Check("area", "passed" if province in PROVINCES else "failed", code[2:8]))
    # Where digits are stated as the region (CN-31), they are the province's own.
    stated = region.removeprefix("CN-")
    if stated.isdigit() and province in PROVINCES:
        verdict = "passed" if int(stated) == province else "failed"
        checks.append(Check("region", verdict, code[2:4]))
    return tuple(checks)
