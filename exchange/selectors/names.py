"""What things are called. Invariant: a name costs one read at most."""

from dataclasses import dataclass
from uuid import UUID

from core.models import Event, Organisation
from core.selectors import events_of


def organisation_name(organisation_id: UUID | None, language: str) -> str:
    """Return an organisation's name in a language, else in the other; "" for none."""
    if organisation_id is None:
        return ""
    found = Organisation.objects.filter(pk=organisation_id).values_list("name_zh", "name_en")
    names = found.first() or ("", "")
    zh, en = names
    return str((zh or en) if language == "zh" else (en or zh))


def organisation_reference(organisation_id: UUID) -> tuple[str, str]:
    """Return an organisation's registry number and its code."""
    found = Organisation.objects.filter(pk=organisation_id)
    return found.values_list("registry_number", "code").get()


@dataclass(frozen=True, slots=True)
class NamedEvents:
    """What happened to a thing, oldest first, and what the organisations that did it are called."""

    events: tuple[Event, ...]
    names: dict[UUID, str]


def named_events(subject: str, subject_id: UUID, language: str) -> NamedEvents:
    """Return the events of a thing with the names of who did them; two statements."""
    events = tuple(events_of(subject, subject_id))
    rows = Organisation.objects.filter(pk__in={event.organisation_id for event in events})
    named = rows.values_list("pk", "name_zh", "name_en")
    chinese = language == "zh"
    names = {pk: str((zh or en) if chinese else (en or zh)) for pk, zh, en in named}
    return NamedEvents(events, names)
