"""What the pages of checklists and their authors are given. Invariant: plain frozen values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from exchange.portal.pieces import (
    Action,
    EmptyState,
    FactValue,
    Lift,
    Link,
    Progress,
    Section,
    Timeline,
)


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """A list in the list of lists. `origin` is the venue that it was taken over from."""

    code: str
    url: str
    state: str
    created_at: datetime
    effective_at: datetime | None
    superseded_at: datetime | None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ChecklistsPage:
    """`checklists.html`: with the forms `copy` and `take_over` for who may write lists."""

    rows: tuple[ChecklistRow, ...]
    more_url: str = ""
    empty: EmptyState | None = None
    import_url: str = ""
    copy_url: str = ""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item in the table of a list."""

    code: str
    title: str
    url: str
    severity: str
    scope: str
    list: str
    asked: bool = False


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A run of a list over the catalogue."""

    url: str
    state: str
    at: datetime
    versions_count: int
    blocked_count: int
    freed_count: int
    against: str = ""


@dataclass(frozen=True, slots=True)
class ListProblem:
    """One fault of a list: which item, which field, what is wrong and what to do."""

    where: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ChecklistPage:
    """`checklist.html`: what this list says, and what becomes of it.

    With the page come the forms `schedule` (when it takes force), `copy` and `evidence`, each where
    this reader may use it. `problems` keep it from its trial. `compare` are other lists.
    """

    code: str
    state: str
    dates: Section
    items: tuple[ItemRow, ...]
    evidence: tuple[Section, ...]
    actions: tuple[Action, ...]
    trials: tuple[TrialRow, ...]
    timeline: Timeline
    compare: tuple[Link, ...]
    list_url: str
    base_url: str
    problems: tuple[ListProblem, ...] = ()
    running: Progress | None = None
    origin: str = ""
    why_not: str = ""
    new_item_url: str = ""
    items_hash: str = ""


@dataclass(frozen=True, slots=True)
class ExpressionShown:
    """An expression with one place marked: what stands before it, there, and after."""

    before: str
    marked: str
    after: str


@dataclass(frozen=True, slots=True)
class ItemProblem:
    """One fault of an item. `field` is the form's, `caret` the character, from 0, to go to."""

    where: str
    text: str
    field: str = ""
    caret: int | None = None
    line: int = 0
    column: int = 0
    expression: ExpressionShown | None = None


@dataclass(frozen=True, slots=True)
class ExampleOutcome:
    """What an example came to beside what it was to come to; `fault` says why it could not run."""

    name: str
    wanted: str
    got: str
    holds: bool
    fault: str = ""


@dataclass(frozen=True, slots=True)
class TriedOn:
    """What the item says of one listing, and the facts that it read."""

    listing: Link
    status: str
    facts: tuple[FactValue, ...]
    lifts: tuple[Lift, ...]


@dataclass(frozen=True, slots=True)
class ItemCheckShown:
    """`parts/_item_check.html`, as `check`: what can be said of an item while it is written.

    `choices` are listings to choose from where what was typed names several; `no_listing` says
    that it names none. `unreadable` is what cannot be read yet. `url` takes the same form again.
    """

    url: str = ""
    problems: tuple[ItemProblem, ...] = ()
    examples: tuple[ExampleOutcome, ...] = ()
    tried: TriedOn | None = None
    choices: tuple[Link, ...] = ()
    no_listing: str = ""
    unreadable: tuple[ItemProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact that a condition may look at. `type` is its CEL type, `values` its closed list."""

    path: str
    name: str
    type: str
    values: str


@dataclass(frozen=True, slots=True)
class FactTopic:
    """The facts of one topic."""

    name: str
    facts: tuple[FactRow, ...]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """`item.html`: one item, to be read or to be written.

    `form` comes with a page to write. `check` is what a posted check came to.
    """

    code: str
    title: str
    severity: str
    checklist: Link
    state: str
    save_url: str
    check_url: str
    sections: tuple[Section, ...] = ()
    when: str = ""
    lift: str = ""
    examples: tuple[Any, ...] = ()
    sources: tuple[Any, ...] = ()
    check: ItemCheckShown | None = None
    facts: tuple[FactTopic, ...] = ()
    remove: Action | None = None
    previous_url: str = ""
    next_url: str = ""
    writes: bool = False


@dataclass(frozen=True, slots=True)
class ItemTrialRow:
    """What one item would change."""

    item: str
    title: str
    url: str
    item_url: str
    blocked_count: int
    freed_count: int
    noted_count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One version of which an item would speak otherwise; `effect` is blocked, freed or noted."""

    title: str
    url: str
    code: str
    number: int
    item: str
    effect: str
    severity: str
    facts: tuple[FactValue, ...]


@dataclass(frozen=True, slots=True)
class TrialPage:
    """`trial.html`: what a list would change in the catalogue, item by item."""

    checklist: Link
    state: str
    at: datetime
    progress: Progress
    blocked_count: int
    freed_count: int
    against: Link | None
    items: tuple[ItemTrialRow, ...]
    rows: tuple[FoundRow, ...]
    actions: tuple[Action, ...]
    fault: str = ""
    chosen: str = ""
    all_url: str = ""
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class DifferencesPage:
    """`checklist_differences.html`: what one list says otherwise than another."""

    before: Link
    after: Link
    items: tuple[Any, ...]
    evidence: tuple[Any, ...]
    added_count: int
    removed_count: int
    changed_count: int
    same_count: int
    compare: tuple[Link, ...]
    action: str
