"""Pages that anybody may read: home, catalogue, product, problems. One selector each."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from compliance.selectors import LookedAt
from core.errors import DomainError, NotFound
from core.money import Money
from exchange.errors import OrderRefused
from exchange.portal import look
from exchange.portal.edge import page, said, show
from exchange.portal.forms import VerifyForm
from exchange.portal.pages.public import (
    CataloguePage,
    CatalogueRow,
    Check,
    DictionaryField,
    Figure,
    HistoryRow,
    HomePage,
    Price,
    ProblemPage,
    ProductPage,
    Sample,
    SourceRow,
    Verification,
    VerifyPage,
)
from exchange.portal.pieces import (
    Article,
    ClearanceBadge,
    EmptyState,
    Facet,
    FacetGroup,
    Link,
    Row,
)
from exchange.selectors.contracts import KnownContract, known_contract
from exchange.selectors.market import ProductSheet, home_sheet, product_sheet
from exchange.templatetags import content_words, laws, words
from exchange.templatetags.reasons import CARDS, Card
from listings.content import vocabulary
from listings.selectors.catalogue import (
    CatalogueCard,
    CatalogueQuery,
    catalogue_page,
)

LATEST = 5
FACETS = ("section", "form", "grade", "data_class", "offer_mode", "price_band")
LONGEST_QUESTION = 100


@page(signed_in=False)
def home(request: Any) -> HttpResponse:
    """Show what the venue is, its figures, and what was cleared last."""
    sheet = home_sheet(request.at, size=LATEST)
    found, figures = sheet.newest, sheet.figures
    shown = HomePage(
        figures=(
            Figure(_("Products on offer"), found.total.count, url="/catalogue"),
            Figure(_("Trades concluded"), figures.trades),
            Figure(_("Settled"), Money(figures.settled_minor, "CNY")),
        ),
        latest=tuple(_row(card) for card in found.cards),
    )
    return show(request, "home.html", shown)


@page(signed_in=False)
def catalogue(request: Any) -> HttpResponse:
    """Search what is on offer, by words and facets."""
    asked = {name: text.replace("\x00", " ").strip() for name, text in request.GET.items()}
    given = {
        name: asked[name]
        for name in FACETS
        if asked.get(name) and len(asked[name]) <= LONGEST_QUESTION
    }
    question = " ".join(asked.get("q", "").split())[:LONGEST_QUESTION]
    query = CatalogueQuery(q=question, **given)
    found = catalogue_page(query, at=request.at, after=request.GET.get("after", ""))
    chosen = {"q": question, **given} if question else given
    empty = EmptyState(
        _("Nothing on offer answers this"),
        _("Try fewer words, or take a filter away."),
        (Link(_("The whole catalogue"), "/catalogue"),),
    )
    shown = CataloguePage(
        query=question,
        rows=tuple(_row(card) for card in found.cards),
        count=found.total.count,
        count_capped=found.total.capped,
        facets=tuple(_facets(found.total.facets, chosen)),
        chosen=tuple(
            Link(_facet_word(name, value), _address(chosen, name, ""))
            for name, value in given.items()
        ),
        more_url=_address(chosen, "after", found.after) if found.after else "",
        empty=None if found.cards else empty,
    )
    return show(request, "catalogue.html", shown)


def _facets(counted: dict[str, Any], chosen: dict[str, str]) -> list[FacetGroup]:
    groups = []
    labels = {
        "section": _("Industry"),
        "form": _("Form"),
        "grade": _("Grade"),
        "data_class": _("Data class"),
        "offer_mode": _("Offer"),
        "price_band": _("Price"),
    }
    for name, label in labels.items():
        values = tuple(
            Facet(
                _facet_word(name, one.value),
                _address(chosen, name, "" if chosen.get(name) == one.value else one.value),
                one.count,
                chosen=chosen.get(name) == one.value,
            )
            for one in counted.get(name, ())
        )
        if values:
            groups.append(FacetGroup(name, label, values))
    return groups


def _facet_word(name: str, value: str) -> str:
    if name == "section":
        entry = vocabulary.INDUSTRIES.get(value)
        return f"{value} {said(entry[2], entry[3])}" if entry and len(entry) > 3 else value
    tables: dict[str, Any] = {
        "form": content_words.FORMS,
        "grade": content_words.GRADES,
        "data_class": content_words.DATA_CLASSES,
        "offer_mode": content_words.OFFER_MODES,
        "price_band": content_words.PRICE_BANDS,
    }
    return str(tables.get(name, {}).get(value, value.replace("_", " ")))


def _address(chosen: dict[str, str], name: str, value: str | None) -> str:
    query = {key: text for key, text in chosen.items() if key not in {name, "after"}}
    if value:
        query[name] = value
    return f"/catalogue?{urlencode(query)}" if query else "/catalogue"


def _row(card: CatalogueCard) -> CatalogueRow:
    return CatalogueRow(
        code=card.code,
        title=said(card.title_zh, card.title_en),
        url=f"/catalogue/{card.product_id}",
        summary=said(card.summary_zh, card.summary_en),
        supplier=card.vendor_name,
        vendor=card.vendor_name,
        industry=card.section,
        form=card.form,
        grade=card.grade,
        data_class=card.data_class,
        updated_at=card.listed_at,
        badge=ClearanceBadge("LIVE"),
        price=_lowest(card),
        purposes=card.purposes,
        simulated=card.simulated,
    )


def _lowest(card: CatalogueCard) -> Price:
    """Return the lowest price with what it is for, exactly as its plan says it."""
    terms = card.price_terms
    if card.price_from_minor is None:
        return Price("negotiated")
    if not terms:
        kind = "free" if card.price_band == "free" else "one_off"
        return Price(kind, Money(card.price_from_minor, card.currency))
    minor = terms["price_minor"] or 0
    return Price(
        terms["kind"],
        Money(minor, card.currency),
        terms["per_count"],
        terms["unit"],
        terms["period_days"],
    )


@page(signed_in=False)
def product(request: Any, product_id: UUID) -> HttpResponse:
    """Show whether it may be bought, for what, at what price."""
    sheet = product_sheet(product_id, request.at)
    entry = sheet.entry
    content = entry.version.content
    vendor = said(entry.vendor.name_zh, entry.vendor.name_en)
    supplier = said(entry.supplier.name_zh, entry.supplier.name_en)
    coverage, volume = content.get("coverage") or {}, content.get("volume") or {}
    span = "–".join(str(coverage.get(end) or "…") for end in ("time_from", "time_to"))
    description = content.get("description") or {}
    frequency = content.get("update_frequency")
    shown = ProductPage(
        code=entry.code,
        title=said(entry.title_zh, entry.title_en),
        number=entry.version.number,
        summary=said(entry.summary_zh, entry.summary_en),
        description=said(description.get("zh") or "", description.get("en") or ""),
        vendor=Link(vendor, f"/catalogue?vendor={entry.vendor_id}"),
        supplier=Link(supplier, f"/catalogue?vendor={entry.supplier_id}"),
        industry=entry.section,
        form=entry.form,
        grade=entry.grade,
        data_class=entry.data_class,
        badge=look.badge(sheet.clearance),
        use=look.use_of(content),
        plans=tuple(
            look.plan_card(plan, order_url=f"/order/{plan.pk}")
            for plan in entry.version.plans.all()
        ),
        about=(
            Row(_("Time covered"), span if coverage else None),
            Row(
                _("Regions"),
                _(", ").join(words.region(one) for one in coverage.get("regions") or ()) or None,
            ),
            Row(_("Updated"), str(content_words.FREQUENCIES.get(frequency, "")) or None),
            Row(_("Records"), _number(volume.get("records"))),
        ),
        dictionary=tuple(
            DictionaryField(
                field.get("name") or "",
                field.get("type") or "",
                field.get("meaning") or "",
                field.get("sensitivity") or "",
            )
            for field in content.get("dictionary") or ()
        ),
        sources=tuple(
            SourceRow(
                one.get("name") or "",
                one.get("data_class") or "",
                one.get("origin") or "",
                one.get("legal_basis") or "",
                one.get("holder") or "",
            )
            for one in content.get("sources") or ()
        ),
        delivery_modes=tuple(content.get("delivery_modes") or ()),
        sample=_sample(sheet),
        releases=tuple(
            HistoryRow(release.file.name, release.published_at, note=release.note)
            for release in sheet.releases
        ),
        simulated=entry.simulated,
    )
    return show(request, "product.html", shown)


def _sample(sheet: ProductSheet) -> Sample | None:
    release, looked = sheet.sample, sheet.looked
    if release is None or looked is None:
        return None
    file = replace(look.file_link(release.file), at=release.published_at)
    if looked.rows is None:
        return Sample((), (), file, looked.row_count, why_not=_why_not(looked))
    named = enumerate(looked.rows.names, 1)
    return Sample(
        columns=tuple(name or _("Column %(n)s") % {"n": number} for number, name in named),
        rows=looked.rows.rows,
        file=file,
        row_count=looked.row_count,
        more_columns=looked.rows.width - len(looked.rows.names),
    )


def _why_not(looked: LookedAt) -> str:
    """Return why the rows of a sample are not shown."""
    if looked.reason == "found":
        kinds = _(", ").join(words.word("scan_kind", kind) for kind in looked.kinds)
        return _(
            "The rows are not shown: the scan found %(kinds)s in them. Ask the vendor for a sample "
            "without it."
        ) % {"kinds": kinds}
    if looked.reason == "unreadable":
        return _("The rows are not shown: the scan cannot read this kind of file.")
    if looked.reason == "no-text":
        return _("The rows are not shown: the sample is no plain table. Download it to look at it.")
    return _("The rows are shown once the sample has been scanned.")


def _number(value: int | None) -> str | None:
    return None if value is None else f"{value:,}"


@page(signed_in=False)
def problem(request: Any, code: str) -> HttpResponse:
    """Explain what a refusal means, what would change it, and who can."""
    kind = next((one for one in _kinds(DomainError) if one.code == code), None)
    if kind is None:
        if code not in CARDS:
            raise NotFound
        return show(request, "problem.html", _explained(code, CARDS[code]))
    shown = ProblemPage(
        code=code,
        title=str(kind.title),
        status=kind.status,
        meaning=str(kind.title),
        way_out=str(kind.way_out),
    )
    return show(request, "problem.html", shown)


def _explained(code: str, card: Card) -> ProblemPage:
    instrument, article, quote = card.law
    return ProblemPage(
        code=code,
        title=words.word("reason", code),
        status=OrderRefused.status,
        meaning=str(card.text),
        way_out=str(card.change),
        who=str(card.who),
        articles=(Article(laws.instrument(instrument), article, quote),),
        example=_as_finding(code),
    )


def _as_finding(code: str) -> str:
    """Return how a refused order tells the code: as what one of its findings is refused with."""
    problem = {
        "type": f"/problems/{OrderRefused.code}",
        "status": OrderRefused.status,
        "order": {"findings": [{"refusal": code}]},
    }
    return json.dumps(problem, indent=2)


def _kinds(base: type[DomainError]) -> list[type[DomainError]]:
    found = []
    for kind in base.__subclasses__():
        found += [kind, *_kinds(kind)] if hasattr(kind, "code") else _kinds(kind)
    return found


@page(signed_in=False, methods=("GET", "POST"))
def verify(request: Any) -> HttpResponse:
    """Say whether the venue concluded the contract with a hash, or the one in a file."""
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else None
    query = request.GET.get("code", "").strip().lower()[:64]
    if form is not None and form.is_valid():
        query = form.hash_asked()
    found = known_contract(query) if query else None
    shown = VerifyPage(query=query, result=_verified(found) if found else None, at=request.at)
    return show(request, "verify.html", shown, form=form or VerifyForm(initial={"code": query}))


def _verified(found: KnownContract) -> Verification:
    return Verification(
        kind="contract",
        code=found.contract.sha256[:16],
        state="IN_FORCE",
        issued_at=found.contract.concluded_at,
        rows=(),
        checks=(Check("record", passed=True), Check("hash", passed=found.agrees)),
        content_hash=found.contract.sha256,
    )
