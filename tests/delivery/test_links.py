"""Tokens of links, computed without a server."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from delivery.links import TOKEN_LENGTH, LinkClaim, claim_of, token_of

SECRET = "of the venue"
CLAIM = LinkClaim(uuid4(), uuid4(), uuid4(), datetime(2026, 11, 23, 12, 0, 0, 123456, UTC))
TOKEN = token_of(CLAIM, SECRET)


@given(
    ids=st.tuples(st.uuids(), st.uuids(), st.uuids()),
    expires_at=st.datetimes(timezones=st.just(UTC)),
)
def test_token_gives_back_the_claim_it_was_made_of(
    ids: tuple[UUID, UUID, UUID], expires_at: datetime
) -> None:
    claim = LinkClaim(*ids, expires_at)

    assert claim_of(token_of(claim, SECRET), SECRET) == claim


@given(place=st.integers(0, len(TOKEN) - 1), letter=st.characters(codec="utf-8"))
def test_no_other_character_anywhere_passes(place: int, letter: str) -> None:
    other = TOKEN[:place] + letter + TOKEN[place + 1 :]

    assert claim_of(other, SECRET) == (CLAIM if other == TOKEN else None)


@given(text=st.text(max_size=TOKEN_LENGTH * 2))
def test_no_text_whatever_passes_or_breaks(text: str) -> None:
    assert claim_of(text, SECRET) is None


def test_another_secret_makes_another_token() -> None:
    assert claim_of(TOKEN, "of another venue") is None


def test_claim_with_a_later_expiry_is_another_token() -> None:
    later = LinkClaim(
        CLAIM.link_id, CLAIM.grant_id, CLAIM.release_id, CLAIM.expires_at + timedelta(days=1)
    )

    assert token_of(later, SECRET) != TOKEN
    assert token_of(later, SECRET)[-43:] != TOKEN[-43:]
