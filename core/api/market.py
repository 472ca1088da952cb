"""Endpoints of the ground floor: organisations, members, tokens, the audit tree."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core import selectors, serializers
from core.api.paging import page_of
from core.api.routes import endpoint
from core.api.throttling import count_try
from core.errors import NotFound
from core.selectors import audit_head, consistency, event_proof, own_organisation
from core.services import organisations, people


@endpoint("GET", "me", summary="Who you act as", response=serializers.MemberOut)
def read_me(request: Any, body: Any) -> Any:
    """Return the member that this request acts as."""
    return request.member


@endpoint(
    "POST",
    "organisations",
    summary="Apply for an organisation",
    request=serializers.OrganisationIn,
    response=serializers.OrganisationOut,
    status=201,
)
def apply_for_organisation(request: Any, body: dict[str, Any]) -> Any:
    """Enter an organisation for the venue to verify; you become its owner."""
    return organisations.apply_for_organisation(**body, actor=request.member, at=request.at)


@endpoint(
    "GET",
    "organisations",
    summary="All organisations (venue)",
    response=serializers.OrganisationOut,
    many=True,
)
def list_organisations(request: Any, body: Any) -> Any:
    """List every organisation, for the venue's staff."""
    return page_of(selectors.organisations(request.member), request)


@endpoint(
    "GET",
    "organisations/<uuid:organisation_id>",
    summary="One organisation",
    response=serializers.OrganisationOut,
)
def read_organisation(request: Any, body: Any, organisation_id: UUID) -> Any:
    """Return your own organisation, or any for the venue's staff."""
    if organisation_id != request.member.organisation_id and not request.member.is_venue:
        raise NotFound
    return own_organisation(organisation_id)


def _declare_organisation_verb(verb: str) -> None:
    @endpoint(
        "POST",
        f"organisations/<uuid:organisation_id>/{verb}",
        summary=f"{verb.capitalize()} an organisation (venue)",
        request=serializers.ReasonIn,
        response=serializers.OrganisationOut,
    )
    def decide(request: Any, body: dict[str, Any], organisation_id: UUID) -> Any:
        return organisations.decide_organisation(
            organisation_id=organisation_id,
            verb=verb,
            reason=body["reason"],
            actor=request.member,
            at=request.at,
        )

    decide.__name__ = f"{verb}_organisation"


def _declare_capacity_verb(verb: str) -> None:
    @endpoint(
        "POST",
        f"organisations/<uuid:organisation_id>/capacities/<slug:kind>/{verb}",
        summary=f"{verb.capitalize()} a capacity (venue)",
        request=serializers.ReasonIn,
        response=serializers.CapacityOut,
    )
    def decide(request: Any, body: dict[str, Any], organisation_id: UUID, kind: str) -> Any:
        return organisations.decide_capacity(
            organisation_id=organisation_id,
            kind=kind,
            verb=verb,
            reason=body["reason"],
            actor=request.member,
            at=request.at,
        )

    decide.__name__ = f"{verb}_capacity"


for _verb in ("verify", "refuse", "suspend", "reinstate", "close"):
    _declare_organisation_verb(_verb)
for _verb in ("admit", "refuse", "suspend", "reinstate", "withdraw"):
    _declare_capacity_verb(_verb)


@endpoint(
    "POST",
    "capacities",
    summary="Apply for a capacity",
    request=serializers.CapacityIn,
    response=serializers.CapacityOut,
    status=201,
)
def apply_for_capacity(request: Any, body: dict[str, Any]) -> Any:
    """Ask the venue to admit your organisation as vendor, supplier, buyer, …"""  # noqa: D400, D415
    return organisations.apply_for_capacity(**body, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "invitations",
    summary="Invite a member",
    request=serializers.InvitationIn,
    response=serializers.InvitationOut,
    status=201,
)
def invite_member(request: Any, body: dict[str, Any]) -> Any:
    """Invite a person by e-mail to act for your organisation."""
    return people.invite_member(**body, actor=request.member, at=request.at).row


@endpoint(
    "POST",
    "invitations/accept",
    summary="Accept an invitation",
    request=serializers.InvitationAnswerIn,
    status=204,
)
def accept_invitation(request: Any, body: dict[str, Any]) -> None:
    """Become a member by the key of an invitation to your own e-mail address."""
    people.accept_invitation(**body, actor=request.member, at=request.at)


@endpoint(
    "POST",
    "members/<uuid:membership_id>/end",
    summary="End a membership",
    status=204,
)
def end_membership(request: Any, body: Any, membership_id: UUID) -> None:
    """End another member's rights in your organisation at once."""
    people.end_membership(membership_id=membership_id, actor=request.member, at=request.at)


@endpoint("GET", "tokens", summary="Your API tokens", response=serializers.TokenOut, many=True)
def list_tokens(request: Any, body: Any) -> Any:
    """List your own tokens; secrets are not kept."""
    return page_of(selectors.own_tokens(request.member.membership_id), request)


def _token_again(_request: Any, kept: dict[str, Any]) -> dict[str, Any]:
    note = _("The secret was shown once, when the token was made. If it is lost, revoke the token.")
    return kept | {"note": note}


@endpoint(
    "POST",
    "tokens",
    summary="Make an API token",
    request=serializers.TokenIn,
    response=serializers.TokenOut,
    status=201,
    unkept=("secret",),
    completed=_token_again,
)
def make_token(request: Any, body: dict[str, Any]) -> Any:
    """Make a token that acts as you within its scopes. Its secret is shown only now."""
    made = people.make_token(**body, actor=request.member, at=request.at)
    return {**vars(made.row), "secret": made.secret}


@endpoint(
    "POST",
    "step-ups",
    summary="Confirm that it is you",
    request=serializers.StepUpIn,
    response=serializers.StepUpOut,
    status=201,
    # Of what was asked a hash would be kept, and that of a password can be guessed.
    keyed=False,
)
def step_up(request: Any, body: dict[str, Any]) -> Any:
    """Give your password, or a code of your second factor. Send the secret as `Step-Up`."""
    count_try(request)
    made = people.step_up(**body, actor=request.member, at=request.at)
    return {**vars(made.row), "valid_until": made.row.valid_until, "secret": made.secret}


@endpoint(
    "POST",
    "tokens/<uuid:token_id>/revoke",
    summary="Revoke a token",
    response=serializers.TokenOut,
)
def revoke_token(request: Any, body: Any, token_id: UUID) -> Any:
    """Revoke your own token at once."""
    return people.revoke_token(token_id=token_id, actor=request.member, at=request.at)


@endpoint(
    "GET",
    "venue-keys",
    summary="The venue's public keys",
    response=serializers.VenueKeysOut,
    may_anonymous=True,
)
def read_venue_keys(request: Any, body: Any) -> Any:
    """Return every key that the venue has sealed with, as a JSON Web Key Set (RFC 7517)."""
    return {"keys": selectors.venue_keys()}


@endpoint(
    "GET",
    "audit/head",
    summary="The latest signed head of the audit tree",
    response=serializers.HeadOut,
    may_anonymous=True,
)
def read_audit_head(request: Any, body: Any) -> Any:
    """Return the latest head: size, root, and the venue's signature over both."""
    return audit_head()


@endpoint(
    "GET",
    "audit/events/<int:event_id>/proof",
    summary="Inclusion proof of one event",
    response=serializers.ProofOut,
    may_anonymous=True,
)
def read_event_proof(request: Any, body: Any, event_id: int) -> Any:
    """Return the path from an event's leaf to the latest head (RFC 9162)."""
    return event_proof(event_id)


@endpoint(
    "GET",
    "audit/consistency",
    summary="Consistency proof between two sizes",
    query=serializers.ConsistencyIn,
    response=serializers.ConsistencyOut,
    may_anonymous=True,
)
def read_consistency(request: Any, body: dict[str, int]) -> Any:
    """Return the proof that the tree of `first` leaves begins that of `second` (RFC 9162)."""
    return consistency(body["first"], body["second"])
