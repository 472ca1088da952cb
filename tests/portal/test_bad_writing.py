"""What no form of a vendor should hold: as its page shows it, with every box spoilt at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from compliance.models import Declaration, Evidence
from core.models import Event, StoredFile
from exchange.portal.draft_forms import SECTIONS
from listings.models import Product, RightsRecord, Version
from tests import make
from tests.compliance import cast as desk
from tests.examples.owned import declaration, evidence, removing
from tests.examples.world import World
from tests.portal.bad import BAD as ALL_BAD
from tests.portal.bad import rows_of
from tests.portal.test_views import browser
from tests.portal.writing import boxes_of

# Forms with files are sent in parts, in which no lone surrogate can be written at all.
BAD = {what: bad for what, bad in ALL_BAD.items() if bad != "\ud800"}
VERSION = "versions/<uuid:version_id>"
# Form: the page that shows it, by the route that it is posted to. `{}` is a draft's address.
SHOWN = {
    "products/new": "/products/new",
    "rights/record": "/rights",
    "sponsorships/propose": "/sponsorships",
    f"{VERSION}/files": "{}/draft",
    f"{VERSION}/sign": "{}",
    **{f"{VERSION}/draft/{name}": "{}/draft" for name in SECTIONS},
}
# A click with a reason at most: who may click, on what.
Clicked = Callable[[World], tuple[Any, str]]


def _declared(world: World) -> tuple[Any, str]:
    key = declaration(world).where["declaration_id"]
    version = Declaration.objects.get(pk=key).version_id
    return world.vendor, f"versions/{version}/declarations/{key}/withdraw"


def _evident(world: World) -> tuple[Any, str]:
    key = evidence(world).where["evidence_id"]
    version = Evidence.objects.get(pk=key).version_id
    return world.vendor, f"versions/{version}/evidence/{key}/withdraw"


def _recorded(world: World) -> tuple[Any, str]:
    own = world.market.clearance.version.product.supplier_id
    right = RightsRecord.objects.filter(supplier_id=own).first()
    assert right is not None
    return world.vendor, f"rights/{right.pk}/withdraw"


def _removed(world: World) -> tuple[Any, str]:
    key = removing(world).where["release_id"]
    return world.vendor, f"versions/{world.draft.pk}/files/{key}/remove"


CLICKED: dict[str, Clicked] = {
    f"{VERSION}/abandon": lambda w: (w.vendor, f"versions/{w.draft.pk}/abandon"),
    f"{VERSION}/evidence": lambda w: (w.vendor, f"versions/{w.draft.pk}/evidence"),
    f"{VERSION}/declarations/<uuid:declaration_id>/withdraw": _declared,
    f"{VERSION}/evidence/<uuid:evidence_id>/withdraw": _evident,
    "rights/<uuid:rights_record_id>/withdraw": _recorded,
    f"{VERSION}/files/<uuid:release_id>/remove": _removed,
    "products/<uuid:product_id>/draft": lambda w: (
        w.vendor,
        f"products/{w.market.clearance.version.product_id}/draft",
    ),
}
TRIED = SHOWN.keys() | CLICKED.keys()


def counted() -> tuple[int, ...]:
    return rows_of(Event, Product, RightsRecord, StoredFile, Declaration, Evidence)


@pytest.mark.parametrize("route", sorted(SHOWN))
def test_form_with_every_box_spoilt_is_refused_and_changes_nothing(
    db: None, at: datetime, route: str
) -> None:
    vendor = make.vendor(at)
    desk.in_force(at)
    version = desk.draft(vendor, at)
    client = browser(vendor)
    client.raise_request_exception = False
    base = f"/versions/{version.pk}"
    page = client.get(SHOWN[route].format(base)).content.decode()
    action = "/" + route.replace("<uuid:version_id>", str(version.pk))
    boxes = boxes_of(page, action)
    before = Version.objects.get(pk=version.pk)
    for what, bad in BAD.items():
        spoilt: dict[str, Any] = {
            name: bad for name in boxes if name not in {"csrfmiddlewaretoken", "key"}
        }
        if route.endswith("/files"):
            spoilt |= {"kind": bad, "file": SimpleUploadedFile("a.csv", b"a\n1\n")}
        if route == "products/new":
            spoilt = {"supplier": bad}
        with transaction.atomic():
            had = counted()
            response = client.post(action, {"key": f"k {what}"} | spoilt)
            changed = response.status_code < 500 and counted() != had
            transaction.set_rollback(True)
        assert response.status_code < 500, what
        assert not changed, what
    assert Version.objects.get(pk=version.pk).content_hash == before.content_hash


@pytest.mark.parametrize("route", sorted(CLICKED))
def test_click_with_a_bad_reason_is_never_a_fault(db: None, at: datetime, route: str) -> None:
    who, address = CLICKED[route](World(at))
    client = browser(who)
    client.raise_request_exception = False
    for what, bad in BAD.items():
        with transaction.atomic():
            response = client.post(f"/{address}", {"key": bad, "reason": bad, "note": bad})
            transaction.set_rollback(True)
        assert response.status_code < 500, what
