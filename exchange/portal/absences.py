"""Who reviews and who is away: the page on which absences are noted and cancelled."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect

from compliance import services
from compliance.selectors import AbsenceLine, desk_page
from core.actors import why_not
from exchange.portal import look
from exchange.portal.desk_forms import AbsenceForm
from exchange.portal.edge import act, page, send, show
from exchange.portal.pages.review import AbsenceRow, AbsencesPage, ReviewerRow


@page()
def absences(request: Any) -> HttpResponse:
    """Show the reviewers, what is on their tables, and who is away now or later."""
    return _absences(request)


@page(methods=("POST",))
def note_absence(request: Any) -> HttpResponse:
    """Note an absence; a senior reviewer may note another's."""
    found = desk_page(request.member, request.at)
    form = _form(request, found.reviewers, request.POST)
    sent = send(
        request,
        form,
        lambda given: services.note_absence(
            first_day=given["first_day"],
            last_day=given["last_day"],
            stand_in=UUID(given["stand_in"]),
            note=given["note"],
            reviewer=UUID(given["reviewer"]) if given.get("reviewer") else None,
            actor=request.member,
            at=request.at,
        ),
    )
    if sent.done:
        return redirect("/absences")
    return _absences(request, form)


@page(methods=("POST",))
def cancel_absence(request: Any, absence_id: UUID) -> HttpResponse:
    """Cancel an absence: the reviewer is there after all."""
    return act(
        request,
        lambda: services.cancel_absence(absence_id=absence_id, actor=request.member, at=request.at),
        "/absences",
    )


def _form(request: Any, people: Any, *given: Any) -> AbsenceForm:
    return AbsenceForm(
        *given,
        people=people,
        senior=not why_not(request.member, "reassign"),
        me=request.member.membership_id,
        initial={"key": uuid4().hex},
    )


def _absences(request: Any, form: AbsenceForm | None = None) -> HttpResponse:
    found = desk_page(request.member, request.at)
    senior = not why_not(request.member, "reassign")
    shown = AbsencesPage(
        reviewers=tuple(
            ReviewerRow(one.name, one.senior, one.open_count, one.away_until, one.stand_in)
            for one in found.reviewers
        ),
        absences=tuple(_row(one, senior=senior) for one in found.absences),
        queue_url="/reviews",
        left_url="/reviews?view=absent",
        left_count=found.counts["absent"],
    )
    return show(request, "absences.html", shown, form=form or _form(request, found.reviewers))


def _row(one: AbsenceLine, *, senior: bool) -> AbsenceRow:
    button = look.button("absence", "cancel", f"/absences/{one.id}/cancel", danger=True)
    return AbsenceRow(
        reviewer=one.reviewer,
        stand_in=one.stand_in,
        first_day=one.first_day,
        last_day=one.last_day,
        note=one.note,
        under_way=one.under_way,
        cancel=button if senior or one.yours else None,
    )
