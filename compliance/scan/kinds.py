"""The kinds of data that the scan tells apart. Invariant: a code never changes its meaning.

`category` and `sensitive` use the words of a version's personal facts.
"""

from dataclasses import dataclass


def gettext_noop(text: str) -> str:
    """Mark `text` for translation; the edge that shows it translates it."""
    return text


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: what of a person it tells ("" = nothing) and why it is sensitive ("" = it is not).

    `sensitive` is after 个人信息保护法 art. 28.
    """

    code: str
    title: str
    category: str = ""
    sensitive: str = ""

    @property
    def personal(self) -> bool:
        """Whether it is about a natural person."""
        return bool(self.category)


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("resident_id", gettext_noop("Resident identity number"), "identity"),
        Kind("passport", gettext_noop("Passport or travel permit number"), "identity"),
        Kind("foreign_id", gettext_noop("Identity number of another country"), "identity"),
        Kind("person_name", gettext_noop("Name of a person"), "identity"),
        Kind("birth_date", gettext_noop("Date of birth"), "identity"),
        Kind("minor", gettext_noop("Person under 14"), "identity", "minor_under_14"),
        Kind("mobile", gettext_noop("Mobile number"), "contact"),
        Kind("landline", gettext_noop("Landline number"), "contact"),
        Kind("foreign_phone", gettext_noop("Telephone number outside China"), "contact"),
        Kind("email", gettext_noop("E-mail address"), "contact"),
        Kind("postal_address", gettext_noop("Postal address"), "contact"),
        Kind(
            "bank_card",
            gettext_noop("Bank card or account number"),
            "property",
            "financial_account",
        ),
        Kind("vehicle_plate", gettext_noop("Vehicle plate"), "other"),
        Kind("device_id", gettext_noop("Identifier of a personal device"), "device"),
        Kind("ip_address", gettext_noop("IP address"), "device"),
        Kind("gps_track", gettext_noop("Track of positions"), "whereabouts", "whereabouts"),
        Kind("health", gettext_noop("Health of a person"), "health", "health"),
        Kind("biometric", gettext_noop("Biometric feature"), "biometric", "biometric"),
        Kind("genetic", gettext_noop("Genetic feature"), "biometric", "genetic"),
        Kind("religion", gettext_noop("Religious belief"), "other", "religious_belief"),
        Kind("social_credit_code", gettext_noop("Unified social credit code")),
        Kind("classification_mark", gettext_noop("Classification mark")),
    )
}
