"""What a reviewer fills in. Invariant: a form checks shapes; a service decides."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.selectors import DeskPerson, QuestionLine
from exchange.portal.forms import KeyedForm, day_field

MOST_CODE, MOST_NOTE = 40, 1000
AREA = {"rows": 2}


class NoteForm(KeyedForm):
    """What a reviewer writes beside a decision: what the vendor reads, once two have decided."""

    note = forms.CharField(
        label=gettext_lazy("Note to the vendor"),
        widget=forms.Textarea(attrs=AREA),
        required=False,
        max_length=2000,
    )

    def asked(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Yield the two fields of each question; of a decision to confirm there is none."""
        yield from ()


class AnswersForm(NoteForm):
    """The notes, and an answer to each question that only a person can answer.

    The browser asks for an answer before an approval; whether one is needed the service decides.
    """

    internal_note = forms.CharField(
        label=gettext_lazy("Note for the venue alone"),
        widget=forms.Textarea(attrs=AREA),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("The vendor never reads it."),
    )

    def __init__(self, *given: Any, questions: Sequence[QuestionLine], **arguments: Any) -> None:
        super().__init__(*given, **arguments)
        self._items = [line.item for line in questions]
        for line in questions:
            needed = not line.lifted and not self.is_bound
            self.fields[f"yes_{line.item}"] = forms.ChoiceField(
                label=f"{line.item} {line.question}",
                help_text=_("Evidence on file stands for an answer.") if line.lifted else "",
                choices=[("yes", _("yes")), ("no", _("no"))],
                required=needed,
                widget=forms.RadioSelect,
            )
            self.fields[f"why_{line.item}"] = forms.CharField(
                label=_("What you looked at"), max_length=MOST_NOTE, required=needed
            )

    def asked(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Yield the two fields of each question."""
        for item in self._items:
            yield self[f"yes_{item}"], self[f"why_{item}"]

    def field_at(self, path: str) -> str:
        """Return the field of a question that a refusal names by its item."""
        return f"why_{path}" if f"why_{path}" in self.fields else super().field_at(path)

    def answers(self) -> list[dict[str, Any]]:
        """Return what was answered; a question without yes or no is not answered."""
        return [
            {
                "item": item,
                "yes": self.cleaned_data[f"yes_{item}"] == "yes",
                "note": self.cleaned_data.get(f"why_{item}") or "",
            }
            for item in self._items
            if self.cleaned_data.get(f"yes_{item}")
        ]


class HandForm(KeyedForm):
    """To which reviewer a case goes, and why."""

    to = forms.ChoiceField(label=gettext_lazy("Reviewer"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)

    def __init__(self, *given: Any, people: Sequence[DeskPerson], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["to"].choices = [(str(one.membership_id), told(one)) for one in people]  # type: ignore[attr-defined]


class WriteForm(KeyedForm):
    """A note beside a review, and who may read it."""

    audience = forms.ChoiceField(
        label=gettext_lazy("Who reads it"),
        choices=[
            ("venue", gettext_lazy("The venue alone")),
            ("vendor", gettext_lazy("The vendor too, at once")),
        ],
        initial="venue",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("Note"), widget=forms.Textarea(attrs=AREA), max_length=4000
    )


class AbsenceForm(KeyedForm):
    """Days on which a reviewer is away, both included, and who stands in."""

    first_day = day_field(gettext_lazy("First day"))
    last_day = day_field(gettext_lazy("Last day"))
    stand_in = forms.ChoiceField(label=gettext_lazy("Stands in"))
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)

    def __init__(
        self, *given: Any, people: Sequence[DeskPerson], senior: bool, me: Any, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        named = [(str(one.membership_id), told(one)) for one in people]
        others = [pair for pair in named if senior or pair[0] != str(me)]
        self.fields["stand_in"].choices = others  # type: ignore[attr-defined]
        if senior:
            self.fields["reviewer"] = forms.ChoiceField(
                label=_("Who is away"), choices=named, initial=str(me)
            )
            self.order_fields(["key", "reviewer"])


def told(one: DeskPerson) -> str:
    """Return a reviewer as one is chosen: name, how many cases, and until when away."""
    role = _("senior reviewer") if one.senior else _("reviewer")
    parts = [role, _("open cases: %(n)d") % {"n": one.open_count}]
    if one.away_until is not None:
        parts.append(_("away until %(day)s") % {"day": one.away_until.isoformat()})
    return f"{one.name} · {_(', ').join(parts)}"
