"""What is known about the object of a listing. Invariant: an unknown fact is None, never a guess.

Vendors state, the scan and the text show, registers hold; a derived fact says what it rests on.
A derived "any …" is true if one source says so, unknown if one does not say, else false.
"""

from dataclasses import dataclass

from compliance.facts import vocabulary as v
from compliance.facts.fields import count, word, words, yes_no

NOT_STATED = "the vendor has not stated it"


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What is offered, and how it is classed and graded."""

    section: str | None = word(
        "industry, section of GB/T 4754", "vendor", NOT_STATED, values=v.SECTIONS
    )
    division: int | None = count("industry, division of GB/T 4754", "vendor", "only a section")
    form: str | None = word("form of the product", "vendor", NOT_STATED, values=v.FORMS)
    hands_over_data: bool | None = yes_no(
        "the data themselves leave the vendor (dataset or API), not only results made from them",
        "derived",
        "the form is not stated",
        basis=("vendor",),
    )
    data_class: str | None = word(
        "strictest data class of any source; personal as soon as personal information shows",
        "derived",
        "a source has no class that could be stricter than those stated",
        values=v.DATA_CLASSES,
        basis=("vendor", "scan", "text"),
    )
    grade: str | None = word(
        "grade of the data (GB/T 43697)",
        "vendor",
        "the vendor has not graded the data, or the grade is pending",
        values=v.GRADES,
    )
    grade_pending: bool | None = yes_no(
        "the grade is stated to be still open (待完善)", "derived", "never", basis=("vendor",)
    )
    grade_level: int | None = count("sub-level of general data, 1 to 4", "vendor", NOT_STATED)
    grade_determined_by: str | None = word(
        "who settled the grade", "vendor", NOT_STATED, values=v.DETERMINED_BY
    )
    delivery_modes: tuple[str, ...] | None = words(
        "how the product is delivered", "vendor", NOT_STATED, values=v.DELIVERY_MODES
    )
    update_frequency: str | None = word(
        "how often it is updated", "vendor", NOT_STATED, values=v.FREQUENCIES
    )
    records: int | None = count("number of records", "vendor", NOT_STATED)
    derived: bool | None = yes_no(
        "a source is another product of this venue", "derived", "never", basis=("vendor",)
    )
    graded_anew: bool | None = yes_no(
        "the content as it stands was graded by the harm matrix, with its reasons",
        "venue",
        "the venue has not looked",
    )


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """Where the data come from, over all sources of the version."""

    count: int | None = count("number of sources", "derived", "never", basis=("vendor",))
    classes: tuple[str, ...] | None = words(
        "data classes of the sources",
        "derived",
        "a source has no class",
        values=v.DATA_CLASSES,
        basis=("vendor",),
    )
    origins: tuple[str, ...] | None = words(
        "how the data were come by",
        "derived",
        "a source has no origin",
        values=v.ORIGINS,
        basis=("vendor",),
    )
    bases: tuple[str, ...] | None = words(
        "legal bases of the sources",
        "derived",
        "a source has no legal basis",
        values=v.LEGAL_BASES,
        basis=("vendor",),
    )
    any_personal: bool | None = yes_no(
        "a source is personal data", "derived", "a source has no class", basis=("vendor",)
    )
    any_public: bool | None = yes_no(
        "a source is public data", "derived", "a source has no class", basis=("vendor",)
    )
    any_scraped: bool | None = yes_no(
        "a source was gathered by automated programs, or the text says so",
        "derived",
        "a source has no origin",
        basis=("vendor", "text"),
    )
    any_entrusted: bool | None = yes_no(
        "a source is processed for a principal", "derived", "no origin", basis=("vendor",)
    )
    any_fused: bool | None = yes_no(
        "a source was fused with others' data", "derived", "no origin", basis=("vendor",)
    )
    any_shared: bool | None = yes_no(
        "a source came by sharing between public bodies", "derived", "no origin", basis=("vendor",)
    )
    any_authorised_operation: bool | None = yes_no(
        "public data under an operation authorised by its holder",
        "derived",
        "a source has neither origin nor basis",
        basis=("vendor",),
    )
    any_from_others: bool | None = yes_no(
        "a source came from someone else by contract, entrustment, fusion or sharing",
        "derived",
        "no origin",
        basis=("vendor",),
    )
    any_unnamed_holder: bool | None = yes_no(
        "a source that came from someone else does not name its holder",
        "derived",
        "no origin",
        basis=("vendor",),
    )
    any_personal_without_basis: bool | None = yes_no(
        "a source of personal data names no legal basis that can carry it",
        "derived",
        "a source has no class, or a personal one no legal basis",
        basis=("vendor",),
    )
    any_public_outside_channels: bool | None = yes_no(
        "public data neither opened nor under authorised operation",
        "derived",
        "not stated whether a public source was opened",
        basis=("vendor",),
        asks=("sources.opened",),
    )
    any_raw_public: bool | None = yes_no(
        "raw public data that were not opened by law are part of the product",
        "derived",
        "not stated whether a public source is raw",
        basis=("vendor",),
        asks=("sources.raw",),
    )
    any_disputed: bool | None = yes_no(
        "the ownership of a source is in dispute", "vendor", NOT_STATED, asks=("sources.disputed",)
    )
    any_resale_forbidden: bool | None = yes_no(
        "the contract of a source forbids resale or limits it",
        "vendor",
        NOT_STATED,
        asks=("sources.resale_forbidden",),
    )


@dataclass(frozen=True, slots=True)
class PersonalFacts:
    """Personal information in the product: what is stated and what shows."""

    declared: bool | None = yes_no(
        "the vendor says that there is personal information",
        "vendor",
        NOT_STATED,
        asks=("personal.contains",),
    )
    present: bool | None = yes_no(
        "personal information is stated, or shows in class, dictionary or scan; a bare no of the "
        "vendor does not make it false",
        "derived",
        "nothing shows, but a source has no class or the sample is not scanned yet",
        basis=("vendor", "text", "scan"),
    )
    subjects_count: int | None = count(
        "number of persons: by the basis records where there are some, else as the vendor states",
        "derived",
        NOT_STATED,
        basis=("register", "vendor"),
    )
    categories: tuple[str, ...] | None = words(
        "what the information is about, by basis records and vendor together; empty when there "
        "is none",
        "derived",
        NOT_STATED,
        values=v.PERSONAL_CATEGORIES,
        basis=("register", "vendor"),
    )
    sensitive_kinds: tuple[str, ...] | None = words(
        "kinds of sensitive information (PIPL art. 28), stated or following from the categories, "
        "the dictionary and the scan",
        "derived",
        "there is personal information of unstated categories",
        values=v.SENSITIVE_KINDS,
        basis=("register", "vendor", "text", "scan"),
    )
    sensitive: bool | None = yes_no(
        "there is sensitive personal information",
        "derived",
        "there is personal information of unstated categories",
        basis=("vendor", "text", "scan"),
    )
    minors: bool | None = yes_no(
        "persons under 14 are among the subjects: by kind, scan or basis record; where there is "
        "no record, as the vendor states",
        "derived",
        "there is personal information and it is not stated",
        basis=("register", "vendor", "scan"),
        asks=("personal.minors",),
    )
    consent_basis: str | None = word(
        "weakest basis that any permitted purpose and kind of buyer rests on, by the basis "
        "records; none if one of them rests on nothing. Without records, as the vendor states",
        "derived",
        NOT_STATED,
        values=v.CONSENT_BASES,
        basis=("register", "vendor"),
    )
    basis_valid: bool | None = yes_no(
        "every permitted purpose and kind of buyer is carried by a basis record in force for every "
        "class of persons, or a tested claim says that the data are anonymised; without records, "
        "a basis is stated that can carry a provision to others",
        "derived",
        "no basis is recorded or stated, or the data are only said to be anonymised",
        basis=("register", "vendor"),
        asks=("personal.anonymised",),
    )
    anonymised: bool | None = yes_no(
        "anonymised beyond restoring, borne out by a test of re-identification on record; the "
        "vendor's bare yes does not make it true",
        "derived",
        "the vendor has not stated it, or no test bears it out",
        basis=("register", "vendor"),
        asks=("personal.anonymised",),
    )
    identifies_alone: bool | None = yes_no(
        "a person can be identified without other data: shown by scan or dictionary, or stated",
        "derived",
        "there is personal information and it is not stated",
        basis=("vendor", "text", "scan"),
        asks=("personal.identifies_alone",),
    )
    in_duty: bool | None = yes_no(
        "obtained in performing a duty or providing a service: a source is entrusted or shared, or "
        "a basis record says so",
        "derived",
        "a source has no origin",
        basis=("register", "vendor"),
    )
    grave_count: int | None = count(
        "records about whereabouts, communication content, credit or property",
        "derived",
        "neither persons nor records are counted, or the categories are not stated",
        basis=("register", "vendor", "scan"),
    )
    serious_count: int | None = count(
        "records about lodging, communication records, health or transactions",
        "derived",
        "neither persons nor records are counted, or the categories are not stated",
        basis=("register", "vendor", "scan"),
    )
    other_count: int | None = count(
        "records of personal information of any kind",
        "derived",
        "neither persons nor records are counted",
        basis=("register", "vendor", "scan"),
    )
    weighed_count: int | None = count(
        "records put together pro rata against 5,000: each counts once, by its gravest kind, "
        "100, 10 or 1",
        "derived",
        "neither persons nor records are counted, or the categories are not stated",
        basis=("register", "vendor", "scan"),
    )
    withdrawn_purposes: tuple[str, ...] | None = words(
        "purposes that a class of persons withdrew its consent for",
        "register",
        "never",
        values=v.PURPOSES,
    )
    withdrawn_recipients: tuple[str, ...] | None = words(
        "kinds of buyer that a class of persons withdrew its consent for",
        "register",
        "never",
        values=v.ORGANISATION_KINDS,
    )


def _answer(meaning: str, name: str) -> bool | None:
    answer: bool | None = yes_no(meaning, "vendor", NOT_STATED, asks=(f"special.{name}",))
    return answer


@dataclass(frozen=True, slots=True)
class SpecialFacts:
    """The vendor's answers to what single laws ask about."""

    state_secret: bool | None = _answer("state secrets", "state_secret")
    work_secret: bool | None = _answer("work secrets of organs and units", "work_secret")
    core_catalogue: bool | None = _answer("entry of a core-data catalogue", "core_catalogue")
    national_security_risk: bool | None = _answer(
        "may affect national security", "national_security_risk"
    )
    aggregate_secret: bool | None = _answer(
        "becomes a secret when put together", "aggregate_secret"
    )
    human_genetic: bool | None = _answer("human genetic resources", "human_genetic")
    map_or_survey: bool | None = _answer("maps or surveying results", "map_or_survey")
    map_public: bool | None = _answer(
        "a public version of the surveying result, no secret one", "map_public"
    )
    unit_level_statistics: bool | None = _answer(
        "survey material about single respondents", "unit_level_statistics"
    )
    credit_reporting: bool | None = _answer(
        "product of personal credit reporting", "credit_reporting"
    )
    bank_insurance: bool | None = _answer("data of a bank or insurer", "bank_insurance")
    public_place_images: bool | None = _answer(
        "images taken by devices in public places", "public_place_images"
    )
    public_security_video: bool | None = _answer(
        "video of public-security systems", "public_security_video"
    )
    trade_secret: bool | None = _answer("another's trade secret", "trade_secret")
    third_party_ip: bool | None = _answer("another's intellectual property", "third_party_ip")
    export_controlled: bool | None = _answer(
        "technical data of controlled items", "export_controlled"
    )
    technology_restricted: bool | None = _answer(
        "technology of restricted export", "technology_restricted"
    )
    automotive_important: bool | None = _answer("important automotive data", "automotive_important")
    illegally_obtained: bool | None = _answer("stolen or come by illegally", "illegally_obtained")
    substitutes_source: bool | None = _answer(
        "replaces the product of the one it was collected from", "substitutes_source"
    )


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What the title, summary, description, topic, source names and dictionary speak of."""

    mentions: tuple[str, ...] | None = words(
        "what the text speaks of, clauses that deny it left out",
        "text",
        "never",
        values=v.MENTIONS,
    )
    classification_mark: bool | None = yes_no(
        "a secrecy mark such as 机密★ stands in the text", "text", "never"
    )
    personal_fields: int | None = count(
        "dictionary fields marked personal or sensitive",
        "text",
        "never: without a dictionary it is 0",
    )
    sensitive_fields: int | None = count(
        "dictionary fields marked sensitive", "text", "never: without a dictionary it is 0"
    )
    personal_names: int | None = count(
        "dictionary fields whose name is that of personal information",
        "text",
        "never: without a dictionary it is 0",
    )
    identifying_names: int | None = count(
        "dictionary fields whose name is that of an identity document, card or biometric feature",
        "text",
        "never: without a dictionary it is 0",
    )
    secret_fields: int | None = count(
        "dictionary fields marked secret", "text", "never: without a dictionary it is 0"
    )
    unmarked_fields: int | None = count(
        "dictionary fields without a sensitivity", "text", "never: without a dictionary it is 0"
    )
    contradictions: tuple[str, ...] | None = words(
        "where what the vendor states and what text, dictionary and scan show do not agree",
        "derived",
        "never",
        values=v.CONTRADICTIONS,
        basis=("text", "scan", "vendor"),
    )


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """What the scan of the sample found: kinds and counts, never the values."""

    state: str | None = word(
        "whether the sample was scanned", "scan", "the scan is not done yet", values=v.SCAN_STATES
    )
    rows: int | None = count("rows scanned", "scan", "nothing was scanned")
    kinds: tuple[str, ...] | None = words(
        "what was found; empty when there is no file",
        "scan",
        "the scan failed or is not done yet",
        values=v.SCAN_KINDS,
    )
    checksum_kinds: tuple[str, ...] | None = words(
        "kinds confirmed by their checksum",
        "scan",
        "the scan failed or is not done yet",
        values=v.SCAN_KINDS,
    )
    most_share_bp: int | None = count(
        "largest share of rows, in basis points, that one kind was found in",
        "scan",
        "nothing was scanned",
    )
    columns: tuple[str, ...] | None = words(
        "columns with findings, as 'name = kind, share in basis points', for explanations only",
        "scan",
        "nothing was scanned",
    )
