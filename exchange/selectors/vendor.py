"""What a vendor has on its table. Invariant: its own, and one statement."""

from django.db.models import F, QuerySet
from django.db.models.expressions import Window
from django.db.models.functions import RowNumber

from core.actors import Member
from listings.models import Version
from listings.selectors.own import readable_versions


def newest_versions(member: Member) -> QuerySet[Version]:
    """Return the newest version of each of the member's products, last changed first."""
    newest = (
        readable_versions(member)
        .annotate(place=Window(RowNumber(), partition_by="product_id", order_by=F("number").desc()))
        .filter(place=1)
    )
    return newest.select_related("product").order_by("-created_at", "-pk")
