"""What is known about one order at the gate. Invariant: listing facts are those of the clearance.

`ClearedFacts` is what a clearance carries of its listing to the gate, so that placing an order
reads one row; the rest comes from the order, the buyer's record and the exporter's yearly counts.
"""

from dataclasses import dataclass

from compliance.facts import vocabulary as v
from compliance.facts.fields import count, word, words, yes_no

AT_LISTING = "it was not known when the listing was cleared"
NOT_KNOWN = "the venue has not established it"
NOT_OUTBOUND = "not known, and asked only when data leave the mainland"


def _carried(meaning: str, name: str) -> bool | None:
    answer: bool | None = yes_no(meaning, "vendor", AT_LISTING, asks=(f"special.{name}",))
    return answer


@dataclass(frozen=True, slots=True)
class ClearedFacts:
    """The facts of the listing that an order depends on, as they were when it was cleared."""

    data_class: str | None = word(
        "strictest data class", "derived", AT_LISTING, values=v.DATA_CLASSES, basis=("vendor",)
    )
    grade: str | None = word("grade of the data", "vendor", AT_LISTING, values=v.GRADES)
    form: str | None = word("form of the product", "vendor", AT_LISTING, values=v.FORMS)
    personal: bool | None = yes_no(
        "personal information is present",
        "derived",
        AT_LISTING,
        basis=("vendor", "text", "scan"),
    )
    sensitive: bool | None = yes_no(
        "sensitive personal information is present",
        "derived",
        AT_LISTING,
        basis=("vendor", "text", "scan"),
    )
    consent_basis: str | None = word(
        "basis of providing personal information",
        "derived",
        AT_LISTING,
        values=v.CONSENT_BASES,
        basis=("register", "vendor"),
    )
    subjects_count: int | None = count(
        "number of persons", "derived", AT_LISTING, basis=("register", "vendor")
    )
    public: bool | None = yes_no(
        "public data are among the sources", "derived", AT_LISTING, basis=("vendor",)
    )
    purposes: tuple[str, ...] | None = words(
        "permitted purposes", "vendor", AT_LISTING, values=v.PURPOSES
    )
    territories: tuple[str, ...] | None = words("permitted territories", "vendor", AT_LISTING)
    redistribution: bool | None = yes_no("passing on is permitted", "vendor", AT_LISTING)
    derivation: bool | None = yes_no("making derived products is permitted", "vendor", AT_LISTING)
    term_days: int | None = count("longest term of use in days", "vendor", AT_LISTING)
    buyer_types: tuple[str, ...] | None = words(
        "kinds of buyer permitted; empty for any",
        "vendor",
        "never",
        values=v.ORGANISATION_KINDS,
    )
    withdrawn_purposes: tuple[str, ...] | None = words(
        "purposes that persons withdrew their consent for, up to the moment of the order",
        "register",
        "never",
        values=v.PURPOSES,
    )
    withdrawn_recipients: tuple[str, ...] | None = words(
        "kinds of buyer that persons withdrew their consent for, up to the moment of the order",
        "register",
        "never",
        values=v.ORGANISATION_KINDS,
    )
    zone: str | None = word(
        "zone with an export list that the vendor is registered in; empty for none",
        "register",
        AT_LISTING,
    )
    human_genetic: bool | None = _carried("human genetic resources", "human_genetic")
    map_or_survey: bool | None = _carried("maps or surveying results", "map_or_survey")
    map_public: bool | None = _carried("a public version of the surveying result", "map_public")
    bank_insurance: bool | None = _carried("data of a bank or insurer", "bank_insurance")
    export_controlled: bool | None = _carried(
        "technical data of controlled items", "export_controlled"
    )
    technology_restricted: bool | None = _carried(
        "technology of restricted export", "technology_restricted"
    )
    automotive_important: bool | None = _carried(
        "important automotive data", "automotive_important"
    )
    national_security_risk: bool | None = _carried(
        "may affect national security", "national_security_risk"
    )


@dataclass(frozen=True, slots=True)
class TermsFacts:
    """What the buyer orders."""

    purpose: str | None = word("purpose of use", "buyer", "never", values=v.PURPOSES)
    territory: str | None = word("territory of use: CN, CN-SH, HK, …", "buyer", "never")
    term_days: int | None = count("term of use in days", "buyer", "never")
    quantity: int | None = count("number of units or periods ordered", "buyer", "never")
    redistribution: bool | None = yes_no(
        "the buyer means to pass the data on", "buyer", "the buyer has not said"
    )
    derivation: bool | None = yes_no(
        "the buyer means to make derived products", "buyer", "the buyer has not said"
    )
    total_minor: int | None = count("price of the whole order in minor units", "venue", "no price")
    offer_mode: str | None = word("how the plan is offered", "venue", "never", values=v.OFFER_MODES)
    confirmed: bool | None = yes_no(
        "the vendor has assented to this buyer", "venue", "the vendor has not been asked yet"
    )
    price_differs: bool | None = yes_no(
        "the price differs from the plan's price for the same terms",
        "venue",
        "the plan's price could not be computed",
    )
    price_reason: str | None = word(
        "recorded reason for a different price", "venue", "no reason", values=v.PRICE_REASONS
    )
    orders_last_year: int | None = count(
        "orders of this buyer for this product in the last twelve months", "venue", NOT_KNOWN
    )
    foreign_judicial_request: bool | None = yes_no(
        "the data are for a foreign court or law enforcement body", "buyer", NOT_OUTBOUND
    )


@dataclass(frozen=True, slots=True)
class BuyerFacts:
    """The buyer as the venue's registers know it."""

    kind: str | None = word(
        "kind of organisation", "register", NOT_KNOWN, values=v.ORGANISATION_KINDS
    )
    country: str | None = word("country", "register", NOT_KNOWN)
    is_venue: bool | None = yes_no("the buyer is the venue", "register", NOT_KNOWN)
    is_vendor: bool | None = yes_no(
        "the buyer is the vendor of this product", "register", NOT_KNOWN
    )
    is_supplier: bool | None = yes_no(
        "the buyer is the supplier of this product", "register", NOT_KNOWN
    )
    active: bool | None = yes_no("the buyer is active and admitted as buyer", "register", NOT_KNOWN)
    public_data_operator: bool | None = yes_no(
        "the buyer is the authorised operator that delivered these public data",
        "register",
        NOT_KNOWN,
    )
    foreign_controlled: bool | None = yes_no(
        "foreign, or set up or controlled by foreigners", "register", NOT_KNOWN
    )
    on_personal_data_list: bool | None = yes_no(
        "on the list of those who may not be given personal information", "register", NOT_OUTBOUND
    )
    on_control_list: bool | None = yes_no(
        "on the control list of the export law", "register", NOT_OUTBOUND
    )


@dataclass(frozen=True, slots=True)
class FitFacts:
    """Whether the order lies inside what the listing permits."""

    purpose: bool | None = yes_no(
        "the purpose is one of those permitted", "derived", AT_LISTING, basis=("vendor", "buyer")
    )
    territory: bool | None = yes_no(
        "the territory lies inside one of those permitted",
        "derived",
        AT_LISTING,
        basis=("vendor", "buyer"),
    )
    term: bool | None = yes_no(
        "the term is not longer than the longest permitted",
        "derived",
        AT_LISTING,
        basis=("vendor", "buyer"),
    )
    redistribution: bool | None = yes_no(
        "the data are not passed on, or passing on is permitted",
        "derived",
        AT_LISTING,
        basis=("vendor", "buyer"),
    )
    derivation: bool | None = yes_no(
        "no derived products are made, or making them is permitted",
        "derived",
        AT_LISTING,
        basis=("vendor", "buyer"),
    )
    buyer_kind: bool | None = yes_no(
        "the buyer is of a kind permitted",
        "derived",
        "the listing limits the kinds and the buyer's is not registered",
        basis=("vendor", "register"),
    )


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """Whether the order takes data out of the mainland, and what the law then asks."""

    outbound: bool | None = yes_no(
        "data leave the mainland: territory or buyer outside it",
        "derived",
        "the territory or the buyer's country is not known",
        basis=("buyer", "register"),
    )
    path: str | None = word(
        "what the cross-border table asks for",
        "derived",
        "the table lacks a fact",
        values=v.EXPORT_PATHS,
        basis=("vendor", "register", "venue"),
    )
    zone: str | None = word(
        "zone with an export list that the exporter is registered in; empty for none",
        "register",
        NOT_KNOWN,
    )
    on_zone_list: bool | None = yes_no(
        "the data stand on the export list of that zone", "venue", NOT_OUTBOUND
    )
    list_parts: tuple[str, ...] | None = words(
        "parts of that zone's export list that the data stand in; empty for none",
        "venue",
        NOT_OUTBOUND,
        values=v.ZONE_LIST_PARTS,
    )
    missing: tuple[str, ...] | None = words(
        "facts that the cross-border table lacks", "derived", "never", basis=("venue",)
    )
    table: str | None = word("version of the cross-border table in force", "venue", "never")
    persons: int | None = count(
        "persons whose data the exporter sends abroad this year, this order included; those of "
        "sensitive information apart",
        "venue",
        NOT_OUTBOUND,
    )
    sensitive_persons: int | None = count(
        "persons of whose sensitive information the same holds", "venue", NOT_OUTBOUND
    )


NOT_ADDED_UP = "not added up: the product has nothing in it that grows with its number"


@dataclass(frozen=True, slots=True)
class TogetherFacts:
    """What comes together in the buyer's hands: all that it has bought here, and this order.

    Each product counts once, what was refunded does not, and of one bundle of orders each is
    judged with those before it. It is added up for personal and for important data, for maps and
    surveys, and for what may affect national security.
    """

    persons: int | None = count("persons in the personal data bought", "venue", NOT_ADDED_UP)
    sensitive_products: int | None = count(
        "products with sensitive personal information bought", "venue", NOT_ADDED_UP
    )
    subject_products: int | None = count(
        "products bought on the subject of this one: its topic, else its industry",
        "venue",
        NOT_ADDED_UP,
    )
    subject_regions: int | None = count(
        "different regions that those products cover", "venue", NOT_ADDED_UP
    )
