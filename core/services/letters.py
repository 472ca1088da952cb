"""Letters written, claimed and sent. Invariant: a letter is lost by no crash, and told to one once.

Whoever mails a letter claims it first: another worker takes it up only when the claim has run out.
A worker that dies between the mail server's yes and `mark_sent` leaves a letter that is sent again,
under the same Message-ID, by which a mailbox knows it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.actors import Member
from core.models import Letter
from core.service import service
from core.services.work import MAX_TRIES, pause_after
from core.states import LETTER, LetterState

CLAIMED_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Written:
    """A letter to be: to whom, under which key, and what it says."""

    user_id: int
    key: str
    subject: str
    text: str


@service
def write_letters(*, letters: Collection[Written], at: datetime) -> int:
    """Write letters, those of a known key not again; return how many were given."""
    Letter.objects.bulk_create(
        (
            Letter(
                user_id=one.user_id,
                key=one.key,
                # A name is somebody's input: it must not end the line of the subject.
                subject=" ".join(one.subject.split())[:200],
                text=one.text,
                written_at=at,
                retry_at=at,
            )
            for one in letters
        ),
        ignore_conflicts=True,
    )
    return len(letters)


@service
def claim_letter(*, at: datetime) -> Letter | None:
    """Claim the letter that has waited longest; None if none is due."""
    rows = Letter.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    due = rows.filter(state=LetterState.DUE, retry_at__lte=at).select_related("user")
    letter = due.order_by("retry_at", "pk").first()
    if letter is None:
        return None
    letter.tries += 1
    pause = max(CLAIMED_FOR, pause_after(letter.tries))
    Letter.objects.filter(pk=letter.pk).update(tries=letter.tries, retry_at=at + pause)
    return letter


@service
def mark_sent(*, letter: Letter, actor: Member, at: datetime) -> Letter:
    """Note that the mail server took a letter.

    Raises:
        IllegalTransition: it was sent or given up already.
    """
    return LETTER.move(letter, "send", actor=actor, at=at, sent_at=at, reason="")


@service
def note_failure(*, letter: Letter, reason: str, actor: Member, at: datetime) -> Letter:
    """Note why a letter was not taken; after its last try it is given up, with the reason."""
    reason = reason[:2000]
    if letter.tries >= MAX_TRIES:
        Letter.objects.filter(pk=letter.pk).update(reason=reason)
        return LETTER.move(letter, "fail", actor=actor, at=at, reason=reason)
    retry_at = at + pause_after(letter.tries)
    Letter.objects.filter(pk=letter.pk, state=LetterState.DUE).update(
        reason=reason, retry_at=retry_at
    )
    return letter
