"""What is known about rights, terms and parties. Invariant: registers are read, vendors are not.

The edge that gathers facts resolves dates: a record counts if it is in force at that moment.
"""

from dataclasses import dataclass

from compliance.facts import vocabulary as v
from compliance.facts.fields import count, word, words, yes_no

NOT_STATED = "the vendor has not stated it"
NOT_KNOWN = "the venue has not established it"


@dataclass(frozen=True, slots=True)
class RightsFacts:
    """The venue's records of the three rights in the data, those that this version cites."""

    hold: bool | None = yes_no("a record of the right to hold is in force", "register", NOT_KNOWN)
    use: bool | None = yes_no(
        "a record of the right to process and use is in force", "register", NOT_KNOWN
    )
    operate: bool | None = yes_no(
        "a record of the right to operate products is in force", "register", NOT_KNOWN
    )
    certificate: bool | None = yes_no(
        "a national registration certificate is cited", "register", NOT_KNOWN
    )
    days_left: int | None = count(
        "days until the first cited record ends", "register", "no record is cited"
    )


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """The vendor and the supplier as the venue's registers know them."""

    vendor_is_venue: bool | None = yes_no("the vendor is the venue", "register", NOT_KNOWN)
    vendor_active: bool | None = yes_no(
        "vendor organisation active and admitted as vendor", "register", NOT_KNOWN
    )
    supplier_active: bool | None = yes_no(
        "supplier organisation active and admitted as supplier", "register", NOT_KNOWN
    )
    supplier_is_vendor: bool | None = yes_no(
        "vendor and supplier are one organisation, or the supplier is itself admitted as vendor",
        "register",
        NOT_KNOWN,
    )
    sponsored: bool | None = yes_no(
        "the vendor holds a mandate of the supplier in force", "register", NOT_KNOWN
    )
    zone: str | None = word(
        "zone with an export list that the vendor is registered in, such as CN-SH; empty for none",
        "register",
        NOT_KNOWN,
    )
    vendor_country: str | None = word("country of the vendor", "register", NOT_KNOWN)
    supplier_country: str | None = word("country of the supplier", "register", NOT_KNOWN)
    supplier_kind: str | None = word(
        "kind of organisation of the supplier", "register", NOT_KNOWN, values=v.ORGANISATION_KINDS
    )
    licences: tuple[str, ...] | None = words(
        "licences of the vendor that the venue has verified",
        "register",
        NOT_KNOWN,
        values=v.LICENCES,
    )
    breaches: int | None = count(
        "declarations of the vendor found breached in the last 24 months", "register", NOT_KNOWN
    )
    source_disputes: int | None = count(
        "objections to the title in this product that are still open", "register", NOT_KNOWN
    )


@dataclass(frozen=True, slots=True)
class UseFacts:
    """What a buyer will be permitted to do. These are terms the vendor sets, not answers."""

    purposes: tuple[str, ...] | None = words(
        "permitted purposes", "vendor", NOT_STATED, values=v.PURPOSES
    )
    territories: tuple[str, ...] | None = words(
        "permitted territories: CN, CN-SH, HK, or * for any", "vendor", NOT_STATED
    )
    outside_mainland: bool | None = yes_no(
        "use outside the mainland is permitted; Hong Kong, Macao and Taiwan count as outside",
        "derived",
        "no territory is stated",
        basis=("vendor",),
    )
    redistribution: bool | None = yes_no("passing the data on is permitted", "vendor", NOT_STATED)
    derivation: bool | None = yes_no("making derived products is permitted", "vendor", NOT_STATED)
    term_days: int | None = count("longest term of use in days", "vendor", NOT_STATED)
    buyer_types: tuple[str, ...] | None = words(
        "kinds of buyer permitted; empty for any", "vendor", "never", values=v.ORGANISATION_KINDS
    )


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """The price plans of the version, taken together."""

    kinds: tuple[str, ...] | None = words(
        "kinds of plan", "vendor", "no plan yet", values=v.PLAN_KINDS
    )
    offer_modes: tuple[str, ...] | None = words(
        "modes in which plans are offered", "vendor", "no plan yet", values=v.OFFER_MODES
    )
    any_paid: bool | None = yes_no(
        "a plan costs money or is negotiated", "derived", "no plan yet", basis=("vendor",)
    )
    any_free: bool | None = yes_no("a plan is free", "derived", "no plan yet", basis=("vendor",))
    any_standing: bool | None = yes_no(
        "a plan concludes at once with whoever orders", "derived", "no plan yet", basis=("vendor",)
    )
    any_exclusive: bool | None = yes_no(
        "a plan is sold to one buyer alone", "derived", "no plan yet", basis=("vendor",)
    )
