"""Refusals of the listings. Invariant: each says the fact, and what would change it."""

from collections.abc import Iterable
from typing import Protocol

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class ContentNotValid(DomainError):
    code, title, status = "content-not-valid", _("The content is not well formed"), 400
    way_out = _("Correct the fields named and send it again.")


class VersionIncomplete(DomainError):
    code, title, status = "version-incomplete", _("The version is not complete"), 409
    way_out = _("Fill in the fields named, then submit it again.")


class VersionFrozen(DomainError):
    code, title, status = "version-frozen", _("This version can no longer be changed"), 409
    way_out = _("Draft a new version of the product and change that one.")


class DraftChanged(DomainError):
    code, title, status = "draft-changed", _("This part has changed since you opened it"), 409
    way_out = _("What you typed is still here: save again to put it in the place of what is new.")


class VersionInTheMaking(DomainError):
    code, title, status = "version-in-the-making", _("Another version is being made already"), 409
    way_out = _("Go on with the version that is in draft or review, or abandon it first.")


class SupplierNotSponsored(DomainError):
    code, title, status = "supplier-not-sponsored", _("No sponsorship of this supplier"), 409
    way_out = _("Propose a sponsorship with the supplier's mandate, and have the supplier accept.")


class OrganisationNotAdmitted(DomainError):
    code, title, status = "organisation-not-admitted", _("Not admitted by the venue"), 409
    way_out = _("The organisation has to be active and admitted in the capacity named.")


class VersionNotListed(DomainError):
    code, title, status = "version-not-listed", _("This version is not on the market"), 409
    way_out = _("Only a listed version can be shown in the catalogue.")


class RightsWithoutProof(DomainError):
    code, title, status = "rights-without-proof", _("A right needs a proof"), 400
    way_out = _("Upload a proof, or cite the code of a national registration certificate.")


class ReleaseNotNow(DomainError):
    code, title, status = "release-not-now", _("This version takes no such file now"), 409
    way_out = _("Samples belong to a draft; data to a draft or to a version on the market.")


class ReleaseStays(DomainError):
    code, title, status = "release-stays", _("A file of what was submitted stays"), 409
    way_out = _("Take a blocked version back into draft, or draft the next version without it.")


class SponsorshipExists(DomainError):
    code, title, status = "sponsorship-exists", _("There is such a sponsorship already"), 409
    way_out = _("Withdraw the one that is proposed or in force first.")


class CatalogueUnreadable(DomainError):
    code, title, status = "catalogue-unreadable", _("The file is not a catalogue"), 400
    way_out = _("Give a file of JSON Lines, or a DCAT-US data.json, in UTF-8.")


class Fault(Protocol):
    """One fault of a document, as `listings.content` tells it."""

    @property
    def path(self) -> str:
        """Where it is."""

    @property
    def what(self) -> str:
        """What is wrong, as an English template."""

    @property
    def remedy(self) -> str:
        """What to do, as an English template."""

    @property
    def values(self) -> tuple[tuple[str, str], ...]:
        """What the templates name."""


def told(faults: Iterable[Fault]) -> dict[str, list[str]]:
    """Return field path → what is wrong and what to do, in the reader's language."""
    texts: dict[str, list[str]] = {}
    for fault in faults:
        values = {name: gettext(value) if value else "" for name, value in fault.values}
        what, remedy = gettext(fault.what) % values, gettext(fault.remedy) % values
        texts.setdefault(fault.path or "content", []).append(f"{what} {remedy}")
    return texts
