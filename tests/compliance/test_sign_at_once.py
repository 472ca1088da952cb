"""Two at once: one signature handed in twice in the same moment counts once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.db import connection

from compliance import services
from compliance.errors import DeclarationKnown
from compliance.models import Declaration
from tests import make
from tests.compliance import cast
from tests.compliance.signing import Pen, registered
from tests.compliance.test_hand_in_declaration import given_out, handed_in


def test_same_signature_handed_in_twice_at_once_counts_once(
    live_database: str, at: datetime
) -> None:
    vendor, pen = make.vendor(at), Pen.ed25519()
    version = cast.draft(vendor, at)
    registered(vendor, pen, at)
    document = given_out(version, vendor, pen, at)
    signature = pen.over(document)

    def hand_in(_number: int) -> str:
        try:
            return handed_in(version, vendor, document, signature, at).state
        except DeclarationKnown as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(hand_in, range(4)))

    assert answers == ["IN_FORCE", *["declaration-known"] * 3]
    assert Declaration.objects.count() == 1


def test_key_revoked_while_its_signature_comes_in_leaves_one_truth(
    live_database: str, at: datetime
) -> None:
    vendor, pen = make.vendor(at), Pen.ed25519()
    version = cast.draft(vendor, at)
    key = registered(vendor, pen, at)
    document = given_out(version, vendor, pen, at)
    signature = pen.over(document)

    def act(number: int) -> str:
        try:
            if number:
                services.revoke_key(key_id=key.pk, reason="lost", actor=vendor, at=at)
                return "revoked"
            return handed_in(version, vendor, document, signature, at).state
        except Exception as error:  # noqa: BLE001 - which refusal it is depends on who was first
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        signed, revoked = pool.map(act, range(2))

    key.refresh_from_db()
    assert (revoked, key.state) == ("revoked", "REVOKED")
    assert Declaration.objects.count() == (signed == "IN_FORCE")
    assert signed in {"IN_FORCE", "KeyNotUsable"}
