"""What anybody may read of the market. Invariant: what a visitor may not see is not counted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from compliance.selectors import LookedAt, looked_at, public_clearance
from compliance.selectors.clearances import ClearancePage
from exchange.errors import SampleWithheld
from exchange.selectors.orders import MarketFigures, market_figures
from listings.models import CatalogueEntry, Release
from listings.selectors.catalogue import (
    CataloguePage,
    CatalogueQuery,
    catalogue_page,
    visible_product,
    visible_sample,
)


@dataclass(frozen=True, slots=True)
class HomeSheet:
    """What was cleared last, with how much there is, and the figures of the market."""

    newest: CataloguePage
    figures: MarketFigures


@dataclass(frozen=True, slots=True)
class ProductSheet:
    """A product on offer, the clearance of its version, and its newest sample with its rows.

    `releases` are those of data.
    """

    entry: CatalogueEntry
    clearance: ClearancePage
    releases: tuple[Release, ...] = ()
    sample: Release | None = None
    looked: LookedAt | None = None


def home_sheet(at: datetime, *, size: int) -> HomeSheet:
    """Return the figures of the market and the `size` products cleared last."""
    return HomeSheet(catalogue_page(CatalogueQuery(), at=at, size=size), market_figures())


def product_sheet(product_id: UUID, at: datetime) -> ProductSheet:
    """Return a product that a visitor may see.

    Raises:
        NotFound: there is none on offer.

    """
    entry = visible_product(product_id, at)
    releases = tuple(entry.version.releases.all())
    sample = next((one for one in reversed(releases) if one.kind == "sample"), None)
    return ProductSheet(
        entry,
        public_clearance(entry.version_id, at),
        tuple(one for one in releases if one.kind == "data"),
        sample,
        looked_at(sample.file) if sample else None,
    )


def shown_sample(product_id: UUID, at: datetime) -> Release:
    """Return the newest sample of a product on offer, if its scan is there and found nobody.

    Raises:
        NotFound: there is none on offer, or it has no sample.
        SampleWithheld: it is not scanned, or what was found in it is not for everybody.

    """
    release = visible_sample(product_id, at)
    looked = looked_at(release.file)
    if looked.reason in {"unscanned", "unreadable", "found"}:
        raise SampleWithheld(reason=looked.reason, kinds=list(looked.kinds))
    return release
