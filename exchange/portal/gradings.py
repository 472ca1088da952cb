"""The page that grades a version: the harm matrix, walked one object at a time."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance import selectors
from compliance import services as compliance
from compliance.grading import DEGREES, DETERMINED_BY, GRADES, MATRIX, OBJECTS
from compliance.services import Graded
from core.actors import why_not
from exchange.portal.edge import page, said, send, show
from exchange.portal.forms import KeyedForm
from exchange.portal.pages.vendor import GradingPage, GradingRow, MatrixRow
from exchange.portal.pieces import Row
from exchange.templatetags import words

HARMED = {
    "national_security": gettext_lazy("National security"),
    "economy": gettext_lazy("The working of the economy"),
    "social_order": gettext_lazy("Social order"),
    "public_interest": gettext_lazy("Public interest"),
    "organisation": gettext_lazy("An organisation's rights and interests"),
    "person": gettext_lazy("A person's rights and interests"),
}
HARM = {
    "none": gettext_lazy("no harm"),
    "ordinary": gettext_lazy("ordinary harm"),
    "serious": gettext_lazy("serious harm"),
    "very_serious": gettext_lazy("very serious harm"),
}


class GradingForm(KeyedForm):
    """Who could be harmed and how badly, who settles the grade, and why."""

    determined_by = forms.ChoiceField(
        label=gettext_lazy("Who settles the grade"),
        choices=[(one, words.WORDS["determined_by"][one]) for one in DETERMINED_BY],
        help_text=gettext_lazy(
            "Your own judgement follows the matrix. Important and core stay proposals until a "
            "catalogue or an official notice says so."
        ),
    )
    grade = forms.ChoiceField(
        label=gettext_lazy("Grade that the catalogue or notice names"),
        choices=[
            ("", gettext_lazy("by my own judgement")),
            *((one, words.WORDS["grade"][one]) for one in GRADES),
        ],
        required=False,
    )
    level = forms.TypedChoiceField(
        label=gettext_lazy("Level of general data that it names"),
        choices=[("", gettext_lazy("none")), *((str(one), str(one)) for one in (1, 2, 3, 4))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    reference = forms.CharField(
        label=gettext_lazy("Catalogue or notice"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Its name, number and date."),
    )
    reasoning = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Whom it could harm, how, and how badly. Reviewers read this."),
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        asked = {one: _harm_field(one) for one in OBJECTS}
        self.fields = asked | self.fields

    def graded(self) -> Graded:
        """Return what was said."""
        given = self.cleaned_data
        return Graded(
            harms={one: given[one] for one in OBJECTS},
            reasoning=given["reasoning"],
            determined_by=given["determined_by"],
            grade=given["grade"] or None,
            level=given["level"],
            reference=given["reference"],
        )

    def field_at(self, path: str) -> str:
        """Return the field that shows what a refusal calls `path`, or ""."""
        return super().field_at(path.removeprefix("harms."))


def _harm_field(harmed: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=HARMED[harmed],
        choices=[(one, HARM[one]) for one in DEGREES],
        widget=forms.RadioSelect,
    )


@page()
def grading(request: Any, version_id: UUID) -> HttpResponse:
    """Show the matrix, how the version was graded, and the form where it is still a draft."""
    return _grading(request, version_id)


@page(methods=("POST",))
def grade(request: Any, version_id: UUID) -> HttpResponse:
    """Grade a draft: what the matrix comes to is entered in it."""
    form = GradingForm(request.POST)
    sent = send(
        request,
        form,
        lambda _given: _graded(request, version_id, form),
    )
    if sent.done:
        messages.success(request, _("The grade is recorded, and the draft states it."))
        return redirect(f"/versions/{version_id}/grading")
    return _grading(request, version_id, form)


def _graded(request: Any, version_id: UUID, form: GradingForm) -> None:
    compliance.grade_version(
        version_id=version_id, graded=form.graded(), actor=request.member, at=request.at
    )


def _grading(request: Any, version_id: UUID, form: GradingForm | None = None) -> HttpResponse:
    sheet = selectors.grading_sheet(version_id, request.member)
    version, member = sheet.version, request.member
    own = version.product.vendor_id == member.organisation_id
    may = own and version.state == "DRAFT" and not why_not(member, "list")
    if form is None and may:
        last = sheet.gradings[0] if sheet.gradings else None
        first = dict(last.harms) if last else {}
        form = GradingForm(initial={**first, "key": uuid4().hex})
    shown = GradingPage(
        title=said(version.title_zh, version.title_en) or version.product.code,
        code=version.product.code,
        number=version.number,
        version_url=f"/versions/{version.pk}",
        degrees=tuple(str(HARM[one]) for one in DEGREES),
        matrix=tuple(
            MatrixRow(str(HARMED[one]), tuple(words.word("grade", cell) for cell in MATRIX[one]))
            for one in OBJECTS
        ),
        gradings=tuple(grading_row(one) for one in sheet.gradings),
        bound=sheet.bound,
        submit_url=f"/versions/{version.pk}/grade",
    )
    return show(request, "grading.html", shown, form=form if may else None)


def grading_row(one: Any) -> GradingRow:
    """Return one grading as pages show it."""
    return GradingRow(
        grade=grade_text(one.grade, one.level),
        proposed=grade_text(one.proposed_grade, one.proposed_level),
        determined_by=words.word("determined_by", one.determined_by),
        settled=one.settled,
        reference=one.reference,
        reasoning=one.reasoning,
        harms=tuple(Row(str(HARMED[name]), str(HARM[one.harms[name]])) for name in OBJECTS),
        at=one.at,
        by=str(one.graded_by),
    )


def grade_text(code: str, level: int | None) -> str:
    """Return a grade with its level."""
    word = words.word("grade", code)
    return word if level is None else _("%(grade)s, level %(n)d") % {"grade": word, "n": level}


def grading_rows(last: Any, content_hash: str) -> tuple[Row, ...]:
    """Return how a version was graded, for whoever reviews it."""
    if last is None:
        return (Row(_("Grading"), _("not recorded: the grade is only stated")),)
    bound = last.content_hash == content_hash
    settled = _("settled") if last.settled else _("proposed: no catalogue or notice says so yet")
    return (
        Row(_("Graded as"), grade_text(last.grade, last.level)),
        Row(_("The matrix proposes"), grade_text(last.proposed_grade, last.proposed_level)),
        Row(_("Settled by"), f"{words.word('determined_by', last.determined_by)} · {settled}"),
        Row(_("Catalogue or notice"), last.reference or None),
        Row(_("Why"), last.reasoning),
        Row(_("For this content"), _("yes") if bound else _("no: the content changed since")),
    )
