"""Refusals of delivery. Invariant: a link that is no longer good says why and what to do."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class LinkUnknown(DomainError):
    code, title, status = "link-unknown", _("This is not a download link of this venue"), 404
    way_out = _("Copy the link whole, or ask for a fresh one on the page of your trade.")


class LinkExpired(DomainError):
    code, title, status = "link-expired", _("This download link has expired"), 403
    way_out = _("Ask for a fresh link; a download that broke off can go on with it.")


class GrantWithdrawn(DomainError):
    code, title, status = "grant-withdrawn", _("Access to this data was withdrawn"), 403
    way_out = _("Ask the venue what it rests on; the reason is on the page of your trade.")


class GrantExpired(DomainError):
    code, title, status = "grant-expired", _("The term of access to this data is over"), 403
    way_out = _("Order the product again to have access for a new term.")


class GrantClosed(DomainError):
    code, title, status = "grant-closed", _("The delivery of this trade is closed"), 403
    way_out = _("Order the product again to have it delivered anew.")


class DownloadsUsedUp(DomainError):
    code, title, status = "downloads-used-up", _("All downloads of this trade are used"), 409
    way_out = _(
        "A link that was used already goes on working until it expires; for more downloads, "
        "order again or dispute the delivery."
    )


class GrantDiffers(DomainError):
    code, title, status = "grant-differs", _("This trade has a grant on other terms"), 409


class RangeNotSatisfiable(DomainError):
    code, title, status = "range-not-satisfiable", _("The file has no such bytes"), 416
    way_out = _("Ask for a range that begins before the end of the file.")


class PreconditionFailed(DomainError):
    code, title, status = "precondition-failed", _("The file is not the one you named"), 412
    way_out = _("Compare the ETag: it is the SHA-256 of the file that this link delivers.")


class FileUnavailable(DomainError):
    code, title, status = "file-unavailable", _("The file cannot be read at the moment"), 503
    way_out = _("Try again later and tell the venue if it lasts; nothing was counted.")
