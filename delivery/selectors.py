"""Reads of delivery. Invariant: a grant is there for its buyer, its vendor and the venue alone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import (
    Count,
    DateTimeField,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Greatest, Least

from core.actors import SYSTEM, Member
from core.errors import NotFound
from delivery.errors import LinkUnknown
from delivery.links import LinkClaim, claim_of, token_of
from delivery.models import Access, AccessEnd, Deletion, Grant, Link, OutsideDelivery, Receipt
from delivery.representations import Representation
from delivery.states import GrantState, OutsideDeliveryState
from listings.models import Release


@dataclass(frozen=True, slots=True)
class Meter:
    """What was fetched under one grant; bytes that were asked for and bytes that went out."""

    download_count: int
    max_downloads: int | None
    request_count: int
    refusal_count: int
    asked_bytes: int
    sent_bytes: int
    receipt_count: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """One release that a grant lets its buyer fetch."""

    release_id: UUID
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    published_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class GrantPage:
    """All that a page tells of one grant."""

    id: UUID
    reference: UUID
    state: str
    buyer_id: UUID
    vendor_id: UUID
    version_id: UUID
    max_downloads: int | None
    download_count: int
    opened_at: datetime
    expires_at: datetime
    inspect_until: datetime
    handed_over_at: datetime | None
    inspection_ended_at: datetime | None
    files: tuple[OfferedFile, ...]

    @property
    def downloads_left(self) -> int | None:
        """How many more downloads may begin; None is no limit."""
        return None if self.max_downloads is None else self.max_downloads - self.download_count


@dataclass(frozen=True, slots=True)
class HeldLink:
    """What a genuine token leads to. Whether it may be used is for `begin_access` to say."""

    link: Link
    representation: Representation


def readable_grants(reader: Member) -> QuerySet[Grant]:
    """Return the grants that the reader bought or sold; all of them for the venue."""
    rows = Grant.objects.all()
    if reader.is_venue or reader.system:
        return rows
    return rows.filter(Q(buyer=reader.organisation_id) | Q(vendor=reader.organisation_id))


def own_grant(grant_id: UUID, reader: Member) -> Grant:
    """Return a grant that the reader may read.

    Raises:
        NotFound: there is none, or it is between other organisations.

    """
    grant = readable_grants(reader).filter(pk=grant_id).first()
    if grant is None:
        raise NotFound
    return grant


def grant_page(grant_id: UUID, reader: Member, at: datetime) -> GrantPage:
    """Return what a page tells of a grant, in two queries.

    Raises:
        NotFound: there is none, or it is between other organisations.

    """
    grant = own_grant(grant_id, reader)
    return GrantPage(
        id=grant.pk,
        reference=grant.reference,
        state=grant.state,
        buyer_id=grant.buyer_id,
        vendor_id=grant.vendor_id,
        version_id=grant.version_id,
        max_downloads=grant.max_downloads,
        download_count=grant.download_count,
        opened_at=grant.opened_at,
        expires_at=grant.expires_at,
        inspect_until=grant.inspect_until,
        handed_over_at=grant.handed_over_at,
        inspection_ended_at=grant.inspection_ended_at,
        files=tuple(_offered(release) for release in offered_releases(grant, at)),
    )


def grant_page_of(reference: UUID, reader: Member, at: datetime) -> GrantPage | None:
    """Return the same for the grant of a trade, or None while the trade has none."""
    grant_id = readable_grants(reader).filter(reference=reference).values_list("pk", flat=True)
    found = grant_id.first()
    return None if found is None else grant_page(found, reader, at)


def offered_releases(grant: Grant, at: datetime) -> QuerySet[Release]:
    """Return the data releases that a grant gives, the newest first."""
    return (
        Release.objects.filter(version_id=grant.version_id, kind="data", published_at__lte=at)
        .select_related("file")
        .order_by("-published_at", "-id")
    )


def _offered(release: Release) -> OfferedFile:
    return OfferedFile(
        release_id=release.pk,
        name=release.file.name,
        media_type=release.file.media_type,
        size_bytes=release.file.size_bytes,
        sha256=release.file.sha256,
        published_at=release.published_at,
        note=release.note,
    )


def link_token(*, link_id: UUID, grant_id: UUID, release_id: UUID, expires_at: datetime) -> str:
    """Return the token of a link: it is computed whenever it is shown, and never stored."""
    claim = LinkClaim(link_id, grant_id, release_id, expires_at)
    return token_of(claim, settings.SECRET_KEY)


def held_link(token: str) -> HeldLink:
    """Return what a token leads to, in one query; none for a token that the venue did not make.

    Raises:
        LinkUnknown: the token is not one of this venue.

    """
    claim = claim_of(token, settings.SECRET_KEY)
    if claim is None:
        raise LinkUnknown
    link = (
        Link.objects.select_related("release__file")
        .filter(pk=claim.link_id, grant=claim.grant_id, release=claim.release_id)
        .first()
    )
    if link is None:
        raise LinkUnknown
    file = link.release.file
    return HeldLink(link, Representation(file.name, file.media_type, file.size_bytes, file.sha256))


def locked_link(link_id: UUID) -> Link:
    """Return a link with its grant locked, so that it is not counted on or withdrawn meanwhile."""
    return (
        Link.objects.select_related("grant", "release__file")
        .select_for_update(of=("grant",), no_key=True)
        .get(pk=link_id)
    )


def grant_is_withdrawn(grant_id: UUID) -> bool:
    """Return whether a delivery under way has to stop."""
    return Grant.objects.filter(pk=grant_id, state=GrantState.WITHDRAWN).exists()


def sent_parts(link_id: UUID) -> QuerySet[AccessEnd, tuple[int, int]]:
    """Return (first byte, count) of what went out with one link."""
    return AccessEnd.objects.filter(access__link=link_id).values_list(
        "access__first_byte", "sent_bytes"
    )


def readable_receipts(grant_id: UUID, reader: Member) -> QuerySet[Receipt]:
    """Return the receipts of a grant.

    Raises:
        NotFound: the reader may not read the grant.

    """
    return own_grant(grant_id, reader).receipts.all()


def own_receipt(receipt_id: UUID, reader: Member) -> Receipt:
    """Return one receipt.

    Raises:
        NotFound: there is none, or it is between other organisations.

    """
    grants = readable_grants(reader).values("pk")
    receipt = Receipt.objects.filter(pk=receipt_id, grant__in=grants).first()
    if receipt is None:
        raise NotFound
    return receipt


def readable_outside_deliveries(grant_id: UUID, reader: Member) -> QuerySet[OutsideDelivery]:
    """Return the deliveries outside the platform that the vendor reported for a grant.

    Raises:
        NotFound: the reader may not read the grant.

    """
    return own_grant(grant_id, reader).outside_deliveries.all()


def locked_outside_delivery(delivery_id: UUID, buyer: Member) -> OutsideDelivery:
    """Return and lock a reported delivery to the buyer.

    Raises:
        NotFound: there is none, or it was made to another organisation.

    """
    delivery = (
        OutsideDelivery.objects.select_related("grant")
        .select_for_update(of=("self",))
        .filter(pk=delivery_id, grant__buyer=buyer.organisation_id)
        .first()
    )
    if delivery is None:
        raise NotFound
    return delivery


def meter(grant_id: UUID, reader: Member) -> Meter:
    """Return what was fetched under a grant.

    Raises:
        NotFound: the reader may not read the grant.

    """
    grant = own_grant(grant_id, reader)
    asked = Access.objects.filter(link__grant=grant).aggregate(
        requests=Count("pk"),
        refusals=Count("pk", filter=Q(status__gte=400)),
        asked=Sum("asked_bytes", default=0),
        first=Min("at"),
        last=Max("at"),
    )
    sent = AccessEnd.objects.filter(access__link__grant=grant).aggregate(
        bytes=Sum("sent_bytes", default=0)
    )
    return Meter(
        download_count=grant.download_count,
        max_downloads=grant.max_downloads,
        request_count=asked["requests"],
        refusal_count=asked["refusals"],
        asked_bytes=int(asked["asked"]),
        sent_bytes=int(sent["bytes"]),
        receipt_count=grant.receipts.count(),
        first_at=asked["first"],
        last_at=asked["last"],
    )


def meter_of(reference: UUID) -> Meter | None:
    """Return what was fetched for a trade, or None while the trade has no grant."""
    grant_id = Grant.objects.filter(reference=reference).values_list("pk", flat=True).first()
    return None if grant_id is None else meter(grant_id, SYSTEM)


def references(grant_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return the trade of each grant."""
    return dict(Grant.objects.filter(pk__in=list(grant_ids)).values_list("pk", "reference"))


def grants_under_way(version_id: UUID) -> QuerySet[Grant]:
    """Return the open grants of a version."""
    return Grant.objects.filter(version=version_id, state=GrantState.OPEN)


def grants_past_expiry(at: datetime) -> QuerySet[Grant]:
    """Return the open grants whose term is over, the longest over first."""
    return Grant.objects.filter(state=GrantState.OPEN, expires_at__lte=at).order_by(
        "expires_at", "pk"
    )


def grants_past_inspection(at: datetime) -> QuerySet[Grant]:
    """Return the grants whose inspection window is over and was not yet said to be.

    The window begins when the buyer can first have the data: the grant is open and a data
    release is published, or the vendor reports a delivery that the buyer does not deny. Where
    nothing was there to inspect, no window ends. A withdrawn or closed grant has none.
    """
    release = Release.objects.filter(version=OuterRef("version"), kind="data").order_by(
        "published_at"
    )
    report = (
        OutsideDelivery.objects.filter(grant=OuterRef("pk"))
        .exclude(state=OutsideDeliveryState.DENIED)
        .order_by("reported_at")
    )
    there_at = Least(
        Subquery(release.values("published_at")[:1]), Subquery(report.values("reported_at")[:1])
    )
    ends_at = ExpressionWrapper(
        Greatest("opened_at", F("there_at")) + (F("inspect_until") - F("opened_at")),
        output_field=DateTimeField(),
    )
    return (
        Grant.objects.filter(
            state__in=[GrantState.OPEN, GrantState.EXPIRED],
            inspection_ended_at__isnull=True,
            inspect_until__lte=at,
        )
        .annotate(there_at=there_at)
        .filter(there_at__lt=F("expires_at"))
        .annotate(inspection_ends_at=ends_at)
        .filter(inspection_ends_at__lte=at)
        .order_by("inspect_until", "pk")
    )


def references_of_grants(grant_ids: Collection[UUID]) -> list[UUID]:
    """Return the trades that some grants are of, in order."""
    return sorted(Grant.objects.filter(pk__in=grant_ids).values_list("reference", flat=True))


def grants_of(references: Collection[UUID]) -> dict[UUID, Grant]:
    """Return the grant of each trade that has one."""
    return {grant.reference: grant for grant in Grant.objects.filter(reference__in=references)}


def fetched_grants(references: Collection[UUID]) -> list[Grant]:
    """Return the grants of some trades under which anything was begun to be handed over."""
    return list(
        Grant.objects.filter(reference__in=references)
        .filter(Q(download_count__gt=0) | Q(handed_over_at__isnull=False))
        .order_by("pk")
    )


def references_given(references: Collection[UUID]) -> list[UUID]:
    """Return those of some trades whose data went out, as far as anybody says.

    What was begun to be fetched did, and what the vendor reports to have handed over elsewhere
    unless the buyer denies it.
    """
    elsewhere = OutsideDelivery.objects.filter(grant__reference__in=references).exclude(
        state=OutsideDeliveryState.DENIED
    )
    given = set(elsewhere.values_list("grant__reference", flat=True))
    return sorted(given | {grant.reference for grant in fetched_grants(references)})


def readable_deletions(reader: Member) -> QuerySet[Deletion]:
    """Return what the reader's organisation is asked to delete; of its buyers for a vendor.

    All of them for the venue.
    """
    rows = Deletion.objects.select_related("grant", "file")
    if reader.is_venue or reader.system:
        return rows
    own = reader.organisation_id
    return rows.filter(Q(grant__buyer=own) | Q(grant__vendor=own))


def own_deletion(deletion_id: UUID, reader: Member) -> Deletion:
    """Return one deletion that the reader may read.

    Raises:
        NotFound: there is none, or it is between other organisations.

    """
    deletion = readable_deletions(reader).filter(pk=deletion_id).first()
    if deletion is None:
        raise NotFound
    return deletion


def locked_deletion(deletion_id: UUID, reader: Member) -> Deletion:
    """Return the same, locked.

    Raises:
        NotFound: there is none, or it is between other organisations.

    """
    rows = readable_deletions(reader).select_for_update(of=("self",))
    deletion = rows.filter(pk=deletion_id).first()
    if deletion is None:
        raise NotFound
    return deletion


def deletions_of(reference: UUID) -> tuple[Deletion, ...]:
    """Return what was asked to be deleted of one trade, the latest first."""
    rows = Deletion.objects.filter(grant__reference=reference).select_related("file")
    return tuple(rows.order_by("-asked_at", "-pk"))
