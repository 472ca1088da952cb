"""What ends soon, and what the venue attests of itself once a year."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.selectors import VenueDuty, venue_standing
from compliance.services import attest_venue
from core.actors import why_not
from core.api.paging import marked_of
from exchange.portal import look
from exchange.portal.edge import SHOWN, page, said, send, show
from exchange.portal.forms import KeyedForm
from exchange.portal.pages.watch import AttestationsPage, DutyRow, EndRow, EndsPage
from exchange.portal.pieces import EmptyState, Link
from exchange.selectors.endings import ShownEnding, endings
from exchange.services.watch import WORDS

# What of these there is no deadline chip of its own for is told as what it is.
CHIPS = {"declaration": "declaration", "clearance": "clearance"}


class AttestForm(KeyedForm):
    """One answer of the venue: whether it holds, and what was looked at."""

    item = forms.CharField(widget=forms.HiddenInput, max_length=40)
    holds = forms.ChoiceField(
        label=gettext_lazy("Does it hold?"),
        choices=[("yes", gettext_lazy("Yes, it holds")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("What you looked at"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
    )


@page()
def ends(request: Any) -> HttpResponse:
    """List what of the reader's organisation ends soon; for the venue all that does."""
    found, more = marked_of(
        lambda mark, size: endings(request.member, request.at, mark, size),
        2,
        after=request.GET.get("after", ""),
        size=SHOWN,
    )
    nothing = EmptyState(
        _("Nothing ends within 30 days"),
        _("What ends is told by mail 30 days, 7 days and 1 day ahead, and appears here."),
    )
    shown = EndsPage(
        rows=tuple(_row(request, one) for one in found),
        for_venue=request.member.is_venue,
        more_url=f"/ends?{urlencode({'after': more})}" if more else "",
        empty=None if found else nothing,
    )
    return show(request, "ends.html", shown)


def _row(request: Any, shown: ShownEnding) -> EndRow:
    one = shown.ending
    deadline = look.deadline(CHIPS.get(one.subject, "end"), one.ends_at, request.at)
    assert deadline is not None
    return EndRow(
        kind=str(WORDS[one.subject]),
        of=said(one.of_zh, one.of_en),
        owner=said(shown.organisation_zh, shown.organisation_en),
        deadline=deadline,
        told=tuple((telling.days, telling.at) for telling in shown.told),
        renew=_renew(request, shown),
    )


def _renew(request: Any, shown: ShownEnding) -> Link | None:
    """Return where the reader renews it, or looks at it."""
    one = shown.ending
    mine = one.organisation_id == request.member.organisation_id
    places = {
        "declaration": (_("Sign the next declaration"), f"/versions/{one.where}#declaration"),
        "clearance": (_("Open the version"), f"/versions/{one.where}"),
        "evidence": (_("Give newer evidence"), f"/versions/{one.where}#evidence"),
        "rights-record": (_("Record the newer right"), "/rights"),
        "venue-attestation": (_("Attest it again"), f"/attestations#{one.of_en}"),
        "grant": (_("Open the trade"), f"/trades/{one.where}"),
    }
    if one.subject not in places or not (mine or one.subject == "grant"):
        return None
    return Link(*places[one.subject])


@page(signed_in=False)
def attestations(request: Any) -> HttpResponse:
    """Show what the list in force asks of the venue, and what it has attested."""
    return _attestations(request)


@page(methods=("POST",))
def attest(request: Any) -> HttpResponse:
    """Answer one question for the venue."""
    form = AttestForm(request.POST, auto_id=f"{request.POST.get('item', '')[:40]}-%s")
    sent = send(
        request,
        form,
        lambda given: attest_venue(
            item=given["item"],
            holds=given["holds"] == "yes",
            note=given["note"],
            actor=request.member,
            at=request.at,
        ),
    )
    if sent.done:
        return redirect(f"/attestations#{form.cleaned_data['item']}")
    return _attestations(request, form)


def _attestations(request: Any, bound: AttestForm | None = None) -> HttpResponse:
    found = venue_standing(request.at, request.member)
    may_sign = not why_not(request.member, "attest")
    asked = bound["item"].value() if bound is not None else ""
    duties = tuple(_duty(request, one) for one in found.duties)
    forms_ = [_form(one, bound if one.item == asked else None) for one in duties]
    shown = AttestationsPage(
        checklist=found.checklist_code,
        complete=found.complete,
        duties=duties,
        missing=tuple(
            Link(f"{one.item} {one.title}", f"#{one.item}")
            for one in duties
            if one.state != "attested"
        ),
        may_sign=may_sign,
    )
    # An answer to what is not asked has no card to stand on: what is wrong with it is told on top.
    stray = bound if bound is not None and asked not in {one.item for one in duties} else None
    pairs = list(zip(duties, forms_, strict=True))
    return show(request, "attestations.html", shown, pairs=pairs, form=bound, stray=stray)


def _form(duty: DutyRow, bound: AttestForm | None) -> AttestForm:
    first = {"item": duty.item, "key": uuid4().hex}
    return bound or AttestForm(initial=first, auto_id=f"{duty.item}-%s")


def _duty(request: Any, one: VenueDuty) -> DutyRow:
    left = look.deadline("end", one.valid_until, request.at)
    return DutyRow(
        item=one.item,
        title=said(one.title_zh, one.title_en),
        question=said(one.question_zh, one.question_en),
        state=one.state,
        articles=tuple(look.article(source) for source in one.sources),
        note=one.note if request.member.is_venue else "",
        signed_by=one.signed_by,
        attested_at=one.attested_at,
        deadline=left,
    )
