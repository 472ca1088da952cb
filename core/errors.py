"""Anticipated failures. Invariant: each has one code, one title and one status, for ever."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refusal that the caller can understand and act on (RFC 9457 problem details).

    `detail` says what is wrong with this request; `way_out` what to do; `fields` maps an input
    field to what is wrong with it; `extra` is carried into the problem document as it is.
    """

    code: ClassVar[str]
    title: ClassVar[Any]
    status: ClassVar[int]
    way_out: ClassVar[Any] = ""

    def __init__(
        self,
        detail: Any = "",
        *,
        fields: Mapping[str, Sequence[Any]] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(str(detail))
        self.detail = detail
        self.fields = dict(fields or {})
        self.extra = extra


class Malformed(DomainError):
    code, title, status = "malformed", _("The request is not well formed"), 400
    way_out = _("Correct the fields named and send it again.")


class NotSignedIn(DomainError):
    code, title, status = "not-signed-in", _("You are not signed in"), 401
    way_out = _("Sign in, or send an API token.")


class StepUpNeeded(DomainError):
    code, title, status = "step-up-needed", _("Confirm first that it is you"), 401
    way_out = _(
        "On a page, confirm with your password or second factor. A program asks for a "
        "confirmation at POST /api/v1/step-ups and sends its secret as Step-Up; or it hands in "
        "a signature that was made with the organisation's own key."
    )


class NotConfirmed(DomainError):
    code, title, status = "not-confirmed", _("This does not prove that it is you"), 403
    way_out = _("Give your present password, or a fresh code of your second factor.")


class KeyReplaced(DomainError):
    code, title, status = "venue-key-replaced", _("The venue's key was replaced"), 503
    way_out = _("The operator has to give this process the key in use; try again then.")


class Forbidden(DomainError):
    code, title, status = "forbidden", _("You may not do this"), 403
    way_out = _("Ask an owner of your organisation for the role, or the venue for the capacity.")


class NoOrganisation(Forbidden):
    code, title, status = "no-organisation", _("You act for no organisation yet"), 403
    way_out = _("Enter yours for the venue to verify, or open the link of an invitation.")


class NotFound(DomainError):
    code, title, status = "not-found", _("There is nothing here, or it is not yours"), 404


class MethodNotAllowed(DomainError):
    code, title, status = "method-not-allowed", _("This address does not take that method"), 405


class Conflict(DomainError):
    code, title, status = "conflict", _("This cannot be done now"), 409


class IllegalTransition(DomainError):
    code, title, status = "illegal-transition", _("Its state does not allow this"), 409
    way_out = _("Reload to see its present state and what can be done from there.")


class KeyReused(DomainError):
    code, title, status = (
        "idempotency-key-reused",
        _("This Idempotency-Key was used for a different request"),
        409,
    )
    way_out = _("Use a new key for a new request.")


class KeyMissing(DomainError):
    code, title, status = "idempotency-key-missing", _("An Idempotency-Key is needed"), 400
    way_out = _("Send the header Idempotency-Key with a value of your own, 8 to 100 characters.")


class TooLarge(DomainError):
    code, title, status = "too-large", _("The request is too large"), 413
    way_out = _("Send less at once; of a large file to verify, give its SHA-256 instead.")


class NoRoomForFiles(DomainError):
    code, title, status = "no-room-for-files", _("The venue has no room for files now"), 409
    way_out = _("Nothing was kept. Send it again later; the venue's operator makes room.")


class FilesExhausted(DomainError):
    code, title, status = (
        "files-exhausted",
        _("Your organisation has handed in as much as one may"),
        409,
    )
    way_out = _("Nothing was kept. Ask the venue's operator for more room.")


class UnsupportedMedia(DomainError):
    code, title, status = "unsupported-media-type", _("This kind of content is not taken here"), 415


class TooManyRequests(DomainError):
    code, title, status = "too-many-requests", _("Too many requests"), 429
    way_out = _("Wait for the time in Retry-After and send it again.")


class VenueStaff(DomainError):
    code, title, status = "venue-staff-cannot-trade", _("The venue and its staff cannot trade"), 403
    way_out = _("Trading needs a membership in an organisation that is not the venue.")


class OrganisationSuspended(DomainError):
    code, title, status = "organisation-suspended", _("The organisation is suspended"), 409
    way_out = _("Ask the venue what would lift the suspension.")


class RegistryNumberTaken(DomainError):
    code, title, status = "registry-number-taken", _("This organisation is already known"), 409
    way_out = _("Ask one of its owners to invite you.")


class SigningLimit(DomainError):
    code, title, status = "over-signing-limit", _("The amount is over your signing limit"), 403
    way_out = _("Ask a member with a higher limit to sign.")


class FourEyes(DomainError):
    code, title, status = "four-eyes", _("A second person has to confirm this"), 409
    way_out = _("Ask a colleague who did not prepare it.")
