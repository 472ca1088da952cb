"""Facts of a listing from its content document. Invariant: nothing unknown becomes known here.

`content` is the plain JSON form of a version's content; whatever it leaves out, or states in
another type, is unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from compliance.facts import vocabulary as v
from compliance.facts.listing import (
    PersonalFacts,
    ProductFacts,
    ScanFacts,
    SourceFacts,
    SpecialFacts,
    TextFacts,
)
from compliance.facts.mentions import (
    has_classification_mark,
    mentions_in,
    names_identifier,
    names_personal,
)
from compliance.facts.personal import personal_facts
from compliance.facts.reading import (
    Answer,
    Document,
    among,
    answer,
    any_of,
    both,
    either,
    negated,
    number,
    one_of,
    part,
    rows,
    some_of,
    text,
)
from compliance.facts.records import NO_RECORDS, Records
from compliance.facts.terms import PartyFacts, PriceFacts, RightsFacts, UseFacts

# On these a source of personal data can rest; 公开 rests on PIPL art. 27 and is judged by people.
_CARRYING_BASES = (
    "consent",
    "contract",
    "statutory_duty",
    "public_disclosure",
    "authorised_operation",
)
_FROM_OTHERS = ("contract", "entrusted", "fused", "shared", "authorised_operation")


@dataclass(frozen=True, slots=True)
class ListingFacts:
    """Everything that screening knows about one version, topic by topic."""

    product: ProductFacts
    sources: SourceFacts
    personal: PersonalFacts
    special: SpecialFacts
    text: TextFacts
    scan: ScanFacts
    rights: RightsFacts
    parties: PartyFacts
    use: UseFacts
    price: PriceFacts


@dataclass(frozen=True, slots=True)
class Register:
    """What the venue's registers say of rights, parties and persons of a version at one moment."""

    rights: RightsFacts
    parties: PartyFacts
    records: Records = NO_RECORDS


def facts_from_content(
    content: Document,
    *,
    plans: Sequence[Document] = (),
    scan: ScanFacts | None = None,
    register: Register | None = None,
) -> ListingFacts:
    """Return the facts of the version whose content document is `content`.

    `plans` are its price plans as plain documents; `scan` is None while the sample is not scanned;
    `register` is None when nothing was looked up. Both then count as unknown.
    """
    scan = settled(scan or ScanFacts())
    register = register or Register(RightsFacts(), PartyFacts())
    spoken = _text(content)
    sources = _sources(content, spoken)
    answers = part(content, "special")
    special = SpecialFacts(**{name: answer(answers, name) for name in _ANSWERS})
    personal = personal_facts(
        content, sources=sources, text=spoken, scan=scan, records=register.records
    )
    facts = ListingFacts(
        product=_product(content, sources, personal),
        sources=sources,
        personal=personal,
        special=special,
        text=spoken,
        scan=scan,
        rights=register.rights,
        parties=register.parties,
        use=_use(content),
        price=_price(plans),
    )
    found = _contradictions(content, facts)
    return replace(facts, text=replace(spoken, contradictions=found))


_PERSONAL_MENTIONS = {"resident_id", "biometric", "whereabouts", "health"}
_ANSWERS = tuple(SpecialFacts.__dataclass_fields__)


def settled(scan: ScanFacts) -> ScanFacts:
    """Return `scan` with nothing found where there is no file, and unknown where it failed."""
    if scan.state == "no_file":
        return ScanFacts(state="no_file", rows=0, kinds=(), checksum_kinds=())
    return scan if scan.state == "done" else ScanFacts(state=scan.state)


def _product(content: Document, sources: SourceFacts, personal: PersonalFacts) -> ProductFacts:
    industry = text(content, "industry")
    form = one_of(content, "form", v.FORMS)
    return ProductFacts(
        section=industry[0] if industry[:1] in v.SECTIONS else None,
        division=int(industry[1:]) if industry[1:].isdecimal() and len(industry) == 3 else None,
        form=form,
        hands_over_data=among(form, ("dataset", "api")),
        data_class=_strictest(sources, personal),
        grade=one_of(content, "grade", v.GRADES),
        grade_pending=content.get("grade") == "pending",
        grade_level=number(content, "grade_level"),
        grade_determined_by=one_of(content, "grade_determined_by", v.DETERMINED_BY),
        delivery_modes=some_of(content, "delivery_modes", v.DELIVERY_MODES) or None,
        update_frequency=one_of(content, "update_frequency", v.FREQUENCIES),
        records=number(part(content, "volume"), "records"),
        derived=any(text(one, "upstream") for one in rows(content, "sources")),
    )


def _strictest(sources: SourceFacts, personal: PersonalFacts) -> str | None:
    if personal.present:
        return "personal"
    if not sources.classes or personal.present is None:
        return None
    return max(sources.classes, key=v.DATA_CLASSES.index)


def _sources(content: Document, spoken: TextFacts) -> SourceFacts:
    sources = rows(content, "sources")

    def of_origin(*origins: str) -> Answer:
        return any_of(sources, lambda one: among(_origin(one), origins))

    crawled = "scraped" in (spoken.mentions or ())
    return SourceFacts(
        count=len(sources),
        classes=_every(sources, "data_class", v.DATA_CLASSES),
        origins=_every(sources, "origin", v.ORIGINS),
        bases=_every(sources, "legal_basis", v.LEGAL_BASES),
        any_personal=any_of(sources, lambda one: among(_class(one), ("personal",))),
        any_public=any_of(sources, _public),
        any_scraped=True if crawled else of_origin("scraped"),
        any_entrusted=of_origin("entrusted"),
        any_fused=of_origin("fused"),
        any_shared=of_origin("shared"),
        any_authorised_operation=any_of(sources, _authorised),
        any_from_others=of_origin(*_FROM_OTHERS),
        any_unnamed_holder=any_of(sources, _unnamed),
        any_personal_without_basis=any_of(sources, _personal_without_basis),
        any_public_outside_channels=any_of(sources, _outside_channels),
        any_raw_public=any_of(sources, _raw_public),
        any_disputed=any_of(sources, lambda one: answer(one, "disputed")),
        any_resale_forbidden=any_of(sources, lambda one: answer(one, "resale_forbidden")),
    )


def _class(source: Document) -> str | None:
    return one_of(source, "data_class", v.DATA_CLASSES)


def _origin(source: Document) -> str | None:
    return one_of(source, "origin", v.ORIGINS)


def _basis(source: Document) -> str | None:
    return one_of(source, "legal_basis", v.LEGAL_BASES)


def _every(sources: Sequence[Document], name: str, values: Sequence[str]) -> tuple[str, ...] | None:
    """Return each different word of `name`; None if a source lacks it or there is no source."""
    stated = [one_of(source, name, values) for source in sources]
    if not stated or None in stated:
        return None
    return tuple(value for value in values if value in stated)


def _public(source: Document) -> Answer:
    return among(_class(source), ("public",))


def _authorised(source: Document) -> Answer:
    wanted = ("authorised_operation",)
    return either(among(_origin(source), wanted), among(_basis(source), wanted))


def _unnamed(source: Document) -> Answer:
    return both(among(_origin(source), _FROM_OTHERS), not text(source, "holder"))


def _personal_without_basis(source: Document) -> Answer:
    carried = among(_basis(source), _CARRYING_BASES)
    return both(among(_class(source), ("personal",)), negated(carried))


def _opened(source: Document) -> Answer:
    return either(answer(source, "opened"), among(_origin(source), ("open",)))


def _outside_channels(source: Document) -> Answer:
    return both(_public(source), negated(either(_opened(source), _authorised(source))))


def _raw_public(source: Document) -> Answer:
    return both(_public(source), both(answer(source, "raw"), negated(_opened(source))))


def _text(content: Document) -> TextFacts:
    dictionary = rows(content, "dictionary")
    labels = [f"{text(one, 'name')} {text(one, 'meaning')}" for one in dictionary]
    described = [
        text(part(content, name), language)
        for name in ("title", "summary", "description")
        for language in ("zh", "en")
    ]
    named = [text(one, "name") for one in rows(content, "sources")]
    spoken = [*described, text(content, "topic"), *named, *labels]
    marked = [one_of(one, "sensitivity", v.SENSITIVITIES) for one in dictionary]
    return TextFacts(
        mentions=mentions_in(spoken),
        classification_mark=has_classification_mark(spoken),
        personal_fields=_number_of(marked, ("personal", "sensitive")),
        sensitive_fields=_number_of(marked, ("sensitive",)),
        personal_names=sum(map(names_personal, labels)),
        identifying_names=sum(map(names_identifier, labels)),
        secret_fields=_number_of(marked, ("secret",)),
        unmarked_fields=marked.count(None),
        contradictions=(),
    )


def _number_of(marked: Sequence[str | None], wanted: tuple[str, ...]) -> int:
    return sum(mark in wanted for mark in marked)


def _contradictions(content: Document, facts: ListingFacts) -> tuple[str, ...]:
    personal, spoken, special = facts.personal, facts.text, facts.special
    denied = personal.declared is False
    said, found = set(spoken.mentions or ()), set(facts.scan.kinds or ())
    origins = {_origin(one) for one in rows(content, "sources")}
    holds = {
        "scan_finds_personal": denied and bool(found & set(v.PERSONAL_SCAN_KINDS)),
        "scan_finds_identity": denied and bool(found & set(v.IDENTIFYING_KINDS)),
        "scan_finds_identifier_in_anonymised": _claimed(content, personal)
        and bool(found & set(v.IDENTIFYING_KINDS)),
        "dictionary_has_personal": denied and bool(spoken.personal_fields),
        "source_class_is_personal": denied and facts.sources.any_personal is True,
        "names_look_personal": denied and bool(spoken.personal_names),
        "text_names_identifiers": denied and bool(said & _PERSONAL_MENTIONS),
        "text_says_core": "core_data" in said and facts.product.grade in ("important", "general"),
        "text_says_important": "important_data" in said and facts.product.grade == "general",
        "text_says_scraped": "scraped" in said and "scraped" not in origins,
        "text_says_public": "public_data" in said and facts.sources.any_public is False,
        "text_says_genetic": "genetic" in said and special.human_genetic is False,
        "text_says_personal_credit": "personal_credit" in said
        and special.credit_reporting is False,
        "text_says_public_images": "public_images" in said and special.public_place_images is False,
        "text_says_third_party": bool(said & {"trade_secret", "third_party_ip"})
        and special.trade_secret is False
        and special.third_party_ip is False,
    }
    return tuple(name for name in v.CONTRADICTIONS if holds[name])


def _claimed(content: Document, personal: PersonalFacts) -> bool:
    """Return whether anybody says that the data are anonymised, with a test or without."""
    return personal.anonymised is True or answer(part(content, "personal"), "anonymised") is True


def _use(content: Document) -> UseFacts:
    stated = part(content, "permitted_use")
    territories = some_of(stated, "territories", None) or None
    abroad = None if territories is None else any(map(outside_mainland, territories))
    return UseFacts(
        purposes=some_of(stated, "purposes", v.PURPOSES) or None,
        territories=territories,
        outside_mainland=abroad,
        redistribution=answer(stated, "redistribution"),
        derivation=answer(stated, "derivation"),
        term_days=number(stated, "term_days"),
        buyer_types=some_of(stated, "buyer_types", v.ORGANISATION_KINDS),
    )


def outside_mainland(territory: str) -> bool:
    """Return whether `territory` reaches beyond the mainland; HK, MO and TW lie outside CN."""
    return territory.partition("-")[0] != "CN" or territory in ("CN-HK", "CN-MO", "CN-TW")


def _price(plans: Sequence[Document]) -> PriceFacts:
    kinds = [one_of(plan, "kind", v.PLAN_KINDS) for plan in plans]
    modes = [one_of(plan, "offer_mode", v.OFFER_MODES) for plan in plans]
    if not plans or None in kinds or None in modes:
        return PriceFacts()
    return PriceFacts(
        kinds=tuple(kind for kind in v.PLAN_KINDS if kind in kinds),
        offer_modes=tuple(mode for mode in v.OFFER_MODES if mode in modes),
        any_paid=any(kind != "free" for kind in kinds),
        any_free="free" in kinds,
        any_standing="standing" in modes,
        any_exclusive=any_of(plans, lambda one: answer(one, "exclusive")),
    )
