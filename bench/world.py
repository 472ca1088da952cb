"""A market to measure on: cleared versions on standing offers, buyers with money."""

import io
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection

from compliance import services as compliance
from compliance.models import Review
from compliance.statements import asked_of, codes, template_at
from core.actors import SYSTEM, Member
from core.files import store_file
from core.models import Membership, Organisation
from core.selectors import member_by_user
from exchange.demo.market import make_market
from exchange.demo.offers import PLANS, Offer, content, files
from exchange.services.conclusion import Intent
from listings import services as listings
from listings.models import Version
from settlement import services as settlement
from settlement.bank import DEPOSIT, StatementEntry, sub_account_of

VERSIONS, BUYERS = 6, 40
PLENTY = 10**13


@dataclass
class World:
    """Plans that can be ordered, and the buyers that order."""

    plans: list[UUID]
    buyers: list[Member]
    chance: random.Random

    def intent(self, buyer: Member) -> Intent:
        """Return an order that the gate clears."""
        assert buyer.organisation_id is not None
        return Intent(
            plan_id=self.chance.choice(self.plans),
            buyer_id=buyer.organisation_id,
            purpose="research",
            territory="CN-SH",
            term_days=30,
            volume=1,
        )


def build() -> World:
    """Make the world in an empty, migrated database."""
    at = datetime.now(UTC)
    make_market(at=at)
    vendor = _member("river@demo.invalid")
    maker, checker = _member("reviewer@demo.invalid"), _member("senior@demo.invalid")
    plans = [_listed(vendor, maker, checker, number, at) for number in range(VERSIONS)]
    buyers = [_buyer(number, at) for number in range(BUYERS)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return World(plans, buyers, random.Random(7))


def _member(email: str) -> Member:
    membership = Membership.objects.get(user__email=email)
    member = member_by_user(membership.user_id, membership.organisation_id)
    assert member is not None
    return member


def _listed(vendor: Member, maker: Member, checker: Member, number: int, at: datetime) -> UUID:
    assert vendor.organisation_id is not None
    offer = Offer("RIVER", "weather_stations", number, ({"code": "P1", **PLANS[0]},))
    proof = _file(vendor, "proof.pdf", b"%PDF-1.7", at)
    rights = [
        str(
            listings.record_right(
                supplier_id=vendor.organisation_id,
                kind=kind,
                holder_id=vendor.organisation_id,
                certificate_code="",
                proof_id=proof,
                valid_from=at - timedelta(days=1),
                valid_until=at + timedelta(days=600),
                actor=vendor,
                at=at,
            ).pk
        )
        for kind in ("hold", "use", "operate")
    ]
    made = listings.create_product(supplier_id=None, actor=vendor, at=at)
    listings.save_draft(
        version_id=made.pk,
        content=content(offer, 1, str(vendor.organisation_id), rights),
        plans=list(offer.plans),
        actor=vendor,
        at=at,
    )
    name, data = files(offer, 1)["sample"]
    listings.publish_release(
        version_id=made.pk,
        kind="sample",
        file_id=_file(vendor, name, data, at),
        note="",
        actor=vendor,
        at=at,
    )
    version = listings.submit_version(version_id=made.pk, actor=vendor, at=at)
    compliance.scan_and_screen(version_ids=[version.pk], actor=SYSTEM, at=at)
    version = Version.objects.get(pk=version.pk)
    template = asked_of(template_at(at), version.content)
    compliance.sign_declaration(
        version_id=version.pk,
        content_hash=version.content_hash,
        template=template.code,
        statements=codes(template),
        valid_until=at + timedelta(days=300),
        actor=vendor,
        at=at,
    )
    review = Review.objects.get(version=version)
    compliance.propose_review(review_id=review.pk, proposal="approve", note="", actor=maker, at=at)
    compliance.confirm_review(review_id=review.pk, actor=checker, at=at)
    return UUID(str(version.plans.get().pk))


def _file(owner: Member, name: str, data: bytes, at: datetime) -> UUID:
    assert owner.organisation_id is not None
    stored = store_file(
        io.BytesIO(data),
        name=name,
        media_type="text/csv",
        organisation_id=owner.organisation_id,
        at=at,
    )
    return UUID(str(stored.pk))


def _buyer(number: int, at: datetime) -> Member:
    organisation = Organisation.objects.create(
        name_en=f"Bench buyer {number}",
        country="CN",
        registry_number=f"BENCH-{number}",
        foreign_controlled=False,
        state="ACTIVE",
        created_at=at,
    )
    template = _member("lake@demo.invalid")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_capacity (id, organisation_id, kind, state, applied_at) "
            "VALUES (%s, %s, 'buyer', 'APPLIED', %s)",
            [uuid4(), organisation.pk, at],
        )
        cursor.execute(
            "UPDATE core_capacity SET state = 'ADMITTED' WHERE organisation_id = %s",
            [organisation.pk],
        )
    settlement.open_accounts(
        organisation_ids=[organisation.pk], currency="CNY", actor=SYSTEM, at=at
    )
    entry = StatementEntry(
        sequence=number + 1,
        entry_id=f"BENCH-{number}",
        kind=DEPOSIT,
        sub_account=sub_account_of(organisation.pk),
        bank_reference=f"B-{number}",
        amount_minor=PLENTY,
        currency="CNY",
        stated_minor=PLENTY * (number + 1),
        value_date=at.date(),
    )
    settlement.record_deposit(entry=entry, actor=SYSTEM, at=at)
    return Member(
        user_id=template.user_id,
        membership_id=uuid4(),
        organisation_id=organisation.pk,
        roles=template.roles,
        capacities=template.capacities,
        name="bench",
    )
