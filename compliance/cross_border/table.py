"""Which way data may leave the mainland. Invariant: an unknown input never makes a flow exempt.

The table follows the Provisions on Promoting and Regulating Cross-border Data Flows (CAC Order 16,
2024-03-22), the Network Data Security Regulations and the Personal Information Protection Law.
Rows are tried in order and the first that holds decides; a row that cannot be decided stops it.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum

Answer = bool | None
# 以上 includes the number, 不满 excludes it. Persons are counted from 1 January of the year, those
# of sensitive information apart, per exporter; flows that are exempt are not counted.
MANY_PERSONS, MOST_PERSONS = 100_000, 1_000_000
MOST_SENSITIVE = 10_000


class Path(StrEnum):
    """What has to be done before the data may leave."""

    NOT_EXPORT = "not_export"
    BLOCK = "block"
    SECURITY_ASSESSMENT = "security_assessment"
    STANDARD_CONTRACT_OR_CERTIFICATION = "standard_contract_or_certification"
    GBA_STANDARD_CONTRACT = "gba_standard_contract"
    FREE_FTZ = "free_ftz"
    FREE = "free"
    FREE_WITH_DUTIES = "free_with_duties"
    NEEDS_INFO = "needs_info"


class Exemption(StrEnum):
    """The cases of art. 5(1)(1)–(3). A sale of data to a third party is none of them."""

    NONE = "none"
    CONTRACT_NECESSITY = "contract_necessity"
    HR_MANAGEMENT = "hr_management"
    EMERGENCY = "emergency"


REGIMES = frozenset(
    {"human_genetic", "survey_map", "restricted_technology", "automotive", "bank_insurance"}
)


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """The exporter's place in a free-trade zone with an export list of its own.

    `list_route` is the path that the list names for data that stand on it.
    """

    zone: str
    registered: Answer = None
    field_covered: Answer = None
    data_in_list: Answer = None
    list_route: Path | None = None


@dataclass(frozen=True, slots=True)
class FlowFacts:
    """The facts of one flow; None is unknown.

    `persons` and `sensitive_persons` are the exporter's count of the year with this flow included;
    the former leaves out the latter. `important_data` is true only if a department or region has notified or published the data as
    important (art. 2); `zone` None means that the exporter is in no zone with a list.
    """  # noqa: E501

    outbound: Answer = None
    state_secret: Answer = None
    core_data: Answer = None
    export_controlled: Answer = None
    foreign_judicial_request: Answer = None
    regimes: frozenset[str] | None = None
    recipient_listed: Answer = None
    important_data: Answer = None
    personal: Answer = None
    overseas_origin_only: Answer = None
    exemption: Exemption | None = None
    critical_operator: Answer = None
    zone: ZoneFacts | None = None
    greater_bay_pair: Answer = None
    persons: int | None = None
    sensitive_persons: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The path, what is required besides, the row that decided, and what is missing.

    `requirements` are kept whatever the path is; `missing` names inputs and is empty unless the
    path is NEEDS_INFO.
    """

    path: Path
    row: str
    basis: str
    requirements: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def free(self) -> bool:
        """Whether nothing has to be approved, filed or certified first."""
        return not self.requirements and self.path in _FREE


_FREE = (Path.NOT_EXPORT, Path.FREE, Path.FREE_FTZ, Path.FREE_WITH_DUTIES)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: when it holds, on which inputs it looks, what follows and why."""

    code: str
    looks_at: tuple[str, ...]
    holds: Callable[[FlowFacts], Answer]
    path: Path | Callable[[FlowFacts], Path]
    basis: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """What is asked for besides the path, whichever it is."""

    code: str
    looks_at: str
    holds: Callable[[FlowFacts], Answer]
    basis: str


@dataclass(frozen=True, slots=True)
class Table:
    """The rows as they stand from a day on.

    The bounds are the counts at which a row begins to hold or ends, ascending: between two of them
    no row asks for another path.
    """

    version: str
    valid_from: date
    rows: tuple[Row, ...]
    requirements: tuple[Requirement, ...]
    persons_bounds: tuple[int, ...]
    sensitive_bounds: tuple[int, ...]


class NoTable(ValueError):
    """There is no table for that day."""


def _any(*answers: Answer) -> Answer:
    if True in answers:
        return True
    return None if None in answers else False


def _all(*answers: Answer) -> Answer:
    if False in answers:
        return False
    return None if None in answers else True


def _not(value: Answer) -> Answer:
    return None if value is None else not value


def _is(exemption: Exemption) -> Callable[[FlowFacts], Answer]:
    return lambda flow: None if flow.exemption is None else flow.exemption is exemption


def _at_least(count: int | None, bound: int) -> Answer:
    return None if count is None else count >= bound


def _in_zone(flow: FlowFacts, in_list: bool) -> Answer:
    if flow.zone is None:
        return False
    listed = flow.zone.data_in_list
    wanted = None if listed is None else listed is in_list
    return _all(flow.zone.registered, flow.zone.field_covered, wanted)


def _zone_route(flow: FlowFacts) -> Path:
    route = flow.zone.list_route if flow.zone else None
    return route or Path.NEEDS_INFO


def _many(flow: FlowFacts) -> Answer:
    return _any(
        _at_least(flow.persons, MANY_PERSONS),
        _at_least(flow.sensitive_persons, 1),
    )


def _most(flow: FlowFacts) -> Answer:
    return _any(
        _at_least(flow.persons, MOST_PERSONS),
        _at_least(flow.sensitive_persons, MOST_SENSITIVE),
    )


_ORDER_16 = "促进和规范数据跨境流动规定"
_ZONE_INPUTS = ("zone.registered", "zone.field_covered", "zone.data_in_list")
_COUNTS = ("persons", "sensitive_persons")

_ROWS = (
    Row("scope", ("outbound",), lambda f: _not(f.outbound), Path.NOT_EXPORT, f"{_ORDER_16} 1"),
    Row(
        "secret-or-core",
        ("state_secret", "core_data"),
        lambda f: _any(f.state_secret, f.core_data),
        Path.BLOCK,
        "保守国家秘密法 28; 数据安全法 21",
    ),
    Row(
        "recipient-listed",
        ("personal", "recipient_listed"),
        lambda f: _all(f.personal, f.recipient_listed),
        Path.BLOCK,
        "个人信息保护法 42",
    ),
    Row(
        "important-data",
        ("important_data",),
        lambda f: f.important_data,
        Path.SECURITY_ASSESSMENT,
        f"{_ORDER_16} 7; 网络数据安全管理条例 37",
    ),
    Row(
        "neither-personal-nor-important",
        ("personal", "important_data"),
        lambda f: _all(_not(f.personal), _not(f.important_data)),
        Path.FREE,
        f"{_ORDER_16} 3",
    ),
    Row(
        "overseas-origin",
        ("overseas_origin_only",),
        lambda f: f.overseas_origin_only,
        Path.FREE,
        f"{_ORDER_16} 4",
    ),
    Row(
        "contract-necessity",
        ("exemption",),
        _is(Exemption.CONTRACT_NECESSITY),
        Path.FREE_WITH_DUTIES,
        f"{_ORDER_16} 5(1)(1)",
    ),
    Row(
        "hr-management",
        ("exemption",),
        _is(Exemption.HR_MANAGEMENT),
        Path.FREE_WITH_DUTIES,
        f"{_ORDER_16} 5(1)(2)",
    ),
    Row(
        "emergency",
        ("exemption",),
        _is(Exemption.EMERGENCY),
        Path.FREE_WITH_DUTIES,
        f"{_ORDER_16} 5(1)(3)",
    ),
    Row(
        "zone-outside-list",
        (*_ZONE_INPUTS, "critical_operator"),
        lambda f: _all(_in_zone(f, in_list=False), _not(f.critical_operator)),
        Path.FREE_FTZ,
        f"{_ORDER_16} 6",
    ),
    Row(
        "zone-on-list",
        (*_ZONE_INPUTS, "zone.list_route"),
        lambda f: _in_zone(f, in_list=True),
        _zone_route,
        f"{_ORDER_16} 6",
    ),
    Row(
        "greater-bay",
        ("greater_bay_pair", "personal"),
        lambda f: _all(f.greater_bay_pair, f.personal, _not(f.important_data)),
        Path.GBA_STANDARD_CONTRACT,
        "粤港澳大湾区个人信息跨境流动标准合同实施指引 2, 4, 7",
    ),
    Row(
        "critical-operator",
        ("personal", "critical_operator"),
        lambda f: _all(f.personal, f.critical_operator),
        Path.SECURITY_ASSESSMENT,
        f"{_ORDER_16} 7(1)",
    ),
    Row("most-persons", _COUNTS, _most, Path.SECURITY_ASSESSMENT, f"{_ORDER_16} 7(2)"),
    Row(
        "many-persons",
        _COUNTS,
        _many,
        Path.STANDARD_CONTRACT_OR_CERTIFICATION,
        f"{_ORDER_16} 8",
    ),
    Row(
        "few-persons",
        _COUNTS,
        lambda f: _not(_many(f)),
        Path.FREE_WITH_DUTIES,
        f"{_ORDER_16} 5(1)(4)",
    ),
)

_REQUIREMENTS = (
    Requirement(
        "competent_authority_approval",
        "foreign_judicial_request",
        lambda f: f.foreign_judicial_request,
        "数据安全法 36; 个人信息保护法 41",
    ),
    Requirement(
        "export_licence", "export_controlled", lambda f: f.export_controlled, "出口管制法 2, 12"
    ),
    Requirement(
        "sector_approval",
        "regimes",
        lambda f: None if f.regimes is None else bool(f.regimes),
        "人类遗传资源管理条例 28; 测绘法 34; 技术进出口管理条例 30",
    ),
)

# Duties that stay where no approval is asked for (PIPL art. 39, 55, 56; Order 16 art. 10, 11).
DUTIES = ("notice", "separate_consent", "impact_assessment", "security_measures")

_BOUNDS = (MANY_PERSONS, MOST_PERSONS), (1, MOST_SENSITIVE)
TABLES = (
    Table("2024-03-22", date(2024, 3, 22), _ROWS, _REQUIREMENTS, *_BOUNDS),
    # From this day certification has measures of its own and a certificate is good for 3 years;
    # the rows did not change.
    Table("2026-01-01", date(2026, 1, 1), _ROWS, _REQUIREMENTS, *_BOUNDS),
)


def table_on(day: date) -> Table:
    """Return the table in force on `day`.

    Raises:
        NoTable: the day lies before the first.

    """
    in_force = [table for table in TABLES if table.valid_from <= day]
    if not in_force:
        raise NoTable(f"there is no cross-border table for {day}")
    return in_force[-1]


@dataclass(frozen=True, slots=True)
class Bound:
    """From how many persons on, exported in a year, a heavier path is asked for."""

    sensitive: bool
    count: int
    path: Path


_USUAL = FlowFacts(
    outbound=True,
    state_secret=False,
    core_data=False,
    export_controlled=False,
    foreign_judicial_request=False,
    regimes=frozenset(),
    recipient_listed=False,
    important_data=False,
    personal=True,
    overseas_origin_only=False,
    exemption=Exemption.NONE,
    critical_operator=False,
    greater_bay_pair=False,
    persons=0,
    sensitive_persons=0,
)


def bounds_on(day: date) -> tuple[Bound, ...]:
    """Return the bounds of the table in force on `day`, with what it asks for from each on.

    It is what is asked of an exporter that is in no zone and no critical operator.
    """
    table = table_on(day)
    flows = [(False, one, replace(_USUAL, persons=one)) for one in table.persons_bounds]
    flows += [(True, one, replace(_USUAL, sensitive_persons=one)) for one in table.sensitive_bounds]
    return tuple(
        Bound(sensitive, count, decide(flow, on=day).path) for sensitive, count, flow in flows
    )


def decide(flow: FlowFacts, *, on: date) -> Outcome:
    """Return what the law in force on that day asks of `flow`.

    Raises:
        NoTable: there is no table for that day.

    """
    table = table_on(on)
    scope, *rows = table.rows
    if scope.holds(flow) is True:
        return Outcome(Path.NOT_EXPORT, scope.code, scope.basis)
    outcome = _first(flow, [scope, *rows])
    if outcome.path is Path.BLOCK:
        return outcome
    required = [one for one in table.requirements if one.holds(flow) is True]
    unknown = tuple(one.looks_at for one in table.requirements if one.holds(flow) is None)
    missing = (*outcome.missing, *unknown)
    if missing:
        outcome = Outcome(Path.NEEDS_INFO, outcome.row, outcome.basis, missing=missing)
    return replace(outcome, requirements=tuple(one.code for one in required))


def _first(flow: FlowFacts, rows: list[Row]) -> Outcome:
    missing: list[str] = []
    for row in rows:
        answer = row.holds(flow)
        if answer is None:
            missing += [one for one in row.looks_at if _unknown(flow, one) and one not in missing]
        elif answer:
            path = row.path if isinstance(row.path, Path) else row.path(flow)
            if path is Path.NEEDS_INFO:
                missing.append("zone.list_route")
            if path is Path.BLOCK and "outbound" not in missing:
                return Outcome(path, row.code, row.basis)
            if missing:
                return Outcome(Path.NEEDS_INFO, row.code, row.basis, missing=tuple(missing))
            duties = DUTIES if path in (Path.FREE_WITH_DUTIES, Path.FREE_FTZ) else ()
            return Outcome(path, row.code, row.basis, duties=duties if flow.personal else ())
    return Outcome(Path.NEEDS_INFO, "", "", missing=tuple(missing))


def _unknown(flow: FlowFacts, path: str) -> bool:
    name, _, inner = path.partition(".")
    value = getattr(flow, name)
    if inner:
        return value is not None and getattr(value, inner) is None
    return value is None


INPUTS = tuple(one.name for one in fields(FlowFacts))
