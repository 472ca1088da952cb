"""The editor of a draft: a new product, its sections one form each, its files.

Invariant: a section that is refused comes back as it was typed; the others stay as they are stored.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.scan import KINDS
from core.actors import acting_for, why_not
from exchange.portal import look
from exchange.portal.contents import TITLES
from exchange.portal.draft_forms import (
    MOST_ROWS,
    SECTIONS,
    DraftContents,
    SectionForm,
    section_of,
    singles,
    value_at,
)
from exchange.portal.edge import act, do_once, page, said, send, show, uuid_of
from exchange.portal.pages.vendor import DraftPage, NewProductPage, SectionShown, Step
from exchange.portal.pieces import Action, FileLink, Link
from exchange.portal.vendor_forms import ReleaseForm, SupplierForm, upload_of
from exchange.selectors.drafts import DraftSheet, draft_sheet, suppliers_of
from exchange.services.handing_in import release_file
from exchange.templatetags import words
from exchange.templatetags.field_words import label_of
from exchange.templatetags.portal import number
from listings import services as listings
from listings.content.shapes import YesNo
from listings.errors import DraftChanged

STEPS = ("describe", "sources", "personal", "use", "files", "split")


@page(methods=("GET", "POST"))
def new_product(request: Any) -> HttpResponse:
    """Make a product of one's own data or a supplier's; its empty draft is what comes next."""
    own = acting_for(request.member) if request.member.organisation_id else None
    suppliers = [(str(own), _("Your own organisation"))] if own else []
    suppliers += [
        (str(row.supplier_id), said(row.supplier.name_zh, row.supplier.name_en))
        for row in suppliers_of(request.member, request.at)
    ]
    form = SupplierForm(request.POST or None, initial={"key": uuid4().hex}, suppliers=suppliers)
    if request.method == "POST":
        sent = send(request, form, lambda given: _created(request, given))
        if sent.done:
            return redirect(f"/versions/{sent.answer['version']}/draft")
    return show(
        request, "product_new.html", NewProductPage("/products/new", "/products"), form=form
    )


def _created(request: Any, given: dict[str, Any]) -> dict[str, Any]:
    supplier = uuid_of(given["supplier"], "supplier")
    made = listings.create_product(supplier_id=supplier, actor=request.member, at=request.at)
    return {"version": made.pk}


@page()
def draft(request: Any, version_id: UUID) -> HttpResponse:
    """Show every section of a draft with its form; what is no draft any more is only read."""
    sheet = draft_sheet(version_id, request.member, request.at)
    if sheet.version.state != "DRAFT":
        return redirect(f"/versions/{version_id}")
    return _draft(request, sheet)


@page(methods=("POST",))
def save(request: Any, version_id: UUID, section: str) -> HttpResponse:
    """Save one section of a draft; a refused one comes back as it was typed."""
    named = [text for name, text in request.POST.items() if name.endswith(".other") and text]
    sheet = draft_sheet(version_id, request.member, request.at, numbers=named)
    first = _first(request.POST.get("first"))
    form = SectionForm(request.POST, name=section, draft=_contents(sheet), first=first)
    sent = send(
        request,
        form,
        lambda given: listings.save_section(
            version_id=version_id,
            parts=form.parts(),
            plans=form.plans(),
            seen=given["seen"],
            actor=request.member,
            at=request.at,
        ),
    )
    if not sent.done:
        if isinstance(sent.refusal, DraftChanged):
            # What is typed goes over what a colleague has saved only when it is sent once more.
            typed = request.POST.copy()
            typed["seen"] = form.digest()
            form.data = typed
        return _draft(request, sheet, form)
    messages.success(request, _("Saved: %(section)s") % {"section": TITLES[section]})
    query = f"?{section}={first}" if first else ""
    return redirect(f"/versions/{version_id}/draft{query}#{section}")


@page(methods=("POST",))
def upload(request: Any, version_id: UUID) -> HttpResponse:
    """Add a sample or a data file to a draft, or further data to a version on the market."""
    form = ReleaseForm(request.POST, request.FILES, auto_id="files-%s")
    sheet = draft_sheet(version_id, request.member, request.at)
    drafted = sheet.version.state == "DRAFT"
    sent = send(
        request,
        form,
        lambda given: _released(request, version_id, given),
    )
    if sent.done:
        text = _("%(name)s is in, with its SHA-256 below.")
        messages.success(request, text % {"name": form.cleaned_data["file"].name})
        return redirect(f"/versions/{version_id}{'/draft' if drafted else ''}#files")
    if drafted:
        return _draft(request, sheet, upload_form=form)
    for wrong in form.errors.values():
        messages.error(request, " ".join(str(one) for one in wrong))
    return redirect(f"/versions/{version_id}#files")


@page(methods=("POST",))
def remove_file(request: Any, version_id: UUID, release_id: UUID) -> HttpResponse:
    """Take a file out of a draft."""
    return act(
        request,
        lambda: listings.remove_release(release_id=release_id, actor=request.member, at=request.at),
        f"/versions/{version_id}/draft#files",
    )


def _released(request: Any, version_id: UUID, given: dict[str, Any]) -> None:
    file = upload_of(given["file"])
    assert file is not None
    release_file(
        version_id=version_id,
        kind=given["kind"],
        file=file,
        note=given["note"],
        actor=request.member,
        at=request.at,
    )


@page(methods=("POST",))
def next_version(request: Any, product_id: UUID) -> HttpResponse:
    """Begin the next version of a product from what the latest says."""
    made = do_once(
        request,
        lambda: {
            "version": listings.draft_version(
                product_id=product_id, actor=request.member, at=request.at
            ).pk
        },
    )
    return redirect(f"/versions/{made['version']}/draft")


def _draft(
    request: Any,
    sheet: DraftSheet,
    bound: SectionForm | None = None,
    *,
    upload_form: ReleaseForm | None = None,
) -> HttpResponse:
    version = sheet.version
    base = f"/versions/{version.pk}"
    contents = _contents(sheet)
    forms = []
    for name in SECTIONS:
        first = _first(request.GET.get(name))
        form = bound if bound is not None and bound.name == name else None
        if form is None:
            proposed = _proposed(request, sheet, first) if name == "dictionary" else ()
            form = SectionForm(name=name, draft=contents, first=first, proposed=proposed)
        forms.append((_section(sheet, form, base), form))
    shown = DraftPage(
        code=version.product.code,
        title=said(version.title_zh, version.title_en) or version.product.code,
        number=version.number,
        version_url=base,
        steps=steps_of(version, sheet.missing, f"{base}/draft"),
        files=files_of(
            version,
            sheet.scans,
            may_remove=version.state == "DRAFT" and not why_not(request.member, "list"),
        ),
        upload_url=f"{base}/files",
    )
    first_key = {"key": uuid4().hex}
    return show(
        request,
        "draft.html",
        shown,
        forms=tuple(forms),
        upload=upload_form or ReleaseForm(initial=first_key, auto_id="files-%s"),
    )


def _contents(sheet: DraftSheet) -> DraftContents:
    return DraftContents(
        content=sheet.version.content,
        plans=sheet.plans,
        rights=[(str(row.pk), right_label(row)) for row in sheet.rights],
        organisations=[
            (str(one.pk), said(one.name_zh, one.name_en)) for one in sheet.organisations
        ],
        numbers=sheet.numbers,
    )


def right_label(row: Any) -> str:
    """Return a rights record as one is chosen: the right, its holder, and until when."""
    return _("%(right)s, %(holder)s, until %(day)s") % {
        "right": words.word("right_kind", row.kind),
        "holder": said(row.holder.name_zh, row.holder.name_en),
        "day": row.valid_until.date().isoformat(),
    }


def _section(sheet: DraftSheet, form: SectionForm, base: str) -> SectionShown:
    name, terms = form.name, form.terms
    stored = len(form.draft.rows(terms.repeated)) if terms.repeated else 0
    pages = tuple(
        Link(
            f"{number(start + 1)}–{number(min(start + terms.shown, stored))}",
            f"{base}/draft?{name}={start}#{name}",
            current=start == form.first,
        )
        for start in range(0, stored, terms.shown or 1)
        if terms.repeated
    )
    note, link = _note(sheet, form, base) if name == "dictionary" else ("", None)
    if name == "sources" and not sheet.rights:
        note = _("No right in these data is recorded yet. A version rests on at least one.")
        link = Link(_("Record a right"), "/rights")
    return SectionShown(
        name=name,
        title=str(TITLES[name]),
        url=f"{base}/draft/{name}",
        missing=tuple(
            f"{label_of(path)}{_(': ')}{text}"
            for path, texts in sheet.missing.items()
            if section_of(path) == name
            for text in texts
        ),
        note=note,
        note_link=link,
        pages=pages if len(pages) > 1 else (),
        as_table=name == "dictionary",
    )


def _note(sheet: DraftSheet, form: SectionForm, base: str) -> tuple[str, Link | None]:
    """Return what the sample has to say on the dictionary."""
    count = len(sheet.columns)
    if not count:
        return "", None
    if form.proposed:
        return _(
            "Proposed from the head of the sample: check each name, type and sensitivity, say what "
            "it means, and save. Nothing is taken over before you do."
        ), None
    text = ngettext(
        "The sample has %(n)d column that is not in the dictionary.",
        "The sample has %(n)d columns that are not in the dictionary.",
        count,
    ) % {"n": count}
    stored = len(form.draft.rows("dictionary"))
    start = stored - stored % form.terms.shown
    where = f"{base}/draft?propose=1&dictionary={start}#dictionary"
    return text, Link(_("Propose them here"), where)


def _proposed(request: Any, sheet: DraftSheet, first: int) -> Sequence[Mapping[str, Any]]:
    """Return the sample's columns as entries to confirm: unasked while there is no dictionary."""
    stored = len(sheet.version.content.get("dictionary") or ())
    if stored and "propose" not in request.GET:
        return ()
    room = MOST_ROWS - SECTIONS["dictionary"].blank - max(0, stored - first)
    return [
        {"name": one.name[:120], "type": one.type, "sensitivity": one.sensitivity or None}
        for one in sheet.columns[:room]
    ]


def steps_of(
    version: Any, missing: Mapping[str, Any], url: str, *, declared: bool | None = None
) -> tuple[Step, ...]:
    """Return the steps of a version: done where nothing is missing, else how much is.

    A question that is not answered is not missing, but the checklist blocks what it does not know.
    """
    lacking: dict[str, int] = {}
    for path, texts in missing.items():
        step = SECTIONS[section_of(path)].step
        lacking[step] = lacking.get(step, 0) + len(texts)
    found = []
    for name in STEPS:
        count = lacking.get(name, 0)
        done = not count
        note = ngettext("%(n)d thing needed", "%(n)d things needed", count) % {"n": count}
        if name == "files":
            done = bool(version.releases.all())
        elif name == "personal":
            count = _unanswered(version.content)
            note, done = _("%(n)s not stated") % {"n": count}, not count
        state = "done" if done else "current"
        where = f"{url}#{name}" if url else ""
        found.append(Step(name, state, where, note if count else ""))
    if declared is not None:
        found.append(Step("declaration", "done" if declared else "ahead", "#declaration"))
    return tuple(found)


def _unanswered(content: Mapping[str, Any]) -> int:
    """Return how many of the questions on personal and special data have no answer."""
    asked = singles(SECTIONS["personal"])
    return sum(
        isinstance(shape, YesNo) and value_at(content, path) is None for path, shape in asked
    )


def missing_links(missing: Mapping[str, Sequence[str]], url: str) -> tuple[Link, ...]:
    """Return what is missing, each as a link to where it is filled in."""
    return tuple(
        Link(f"{label_of(path)}{_(': ')}{text}", f"{url}#{section_of(path)}")
        for path, texts in missing.items()
        for text in texts
    )


def files_of(
    version: Any, scans: Sequence[Any], *, may_remove: bool = False
) -> tuple[FileLink, ...]:
    """Return the files of a version, each with what it is and what the scan found in it."""
    reports = {scan.file_id: scan.report for scan in scans}
    found = []
    for release in version.releases.all():
        file = release.file
        note = words.word("release_kind", release.kind)
        if release.kind == "sample":
            note += _(": ") + _scan_text(reports.get(file.pk))
        if release.note:
            note += " · " + release.note
        found.append(
            FileLink(
                file.name,
                file.media_type,
                file.size_bytes,
                file.sha256,
                at=release.published_at,
                note=note,
                remove=_remove(version, release) if may_remove else None,
            )
        )
    return tuple(found)


def _remove(version: Any, release: Any) -> Action:
    return look.button(
        "release",
        "remove",
        f"/versions/{version.pk}/files/{release.pk}/remove",
        danger=True,
        consequence=_(
            "%(name)s leaves this draft, and the hash of what you sign changes. Upload another in "
            "its place, or none."
        )
        % {"name": release.file.name},
    )


def _scan_text(report: Mapping[str, Any] | None) -> str:
    if report is None:
        return _("scanned when you submit")
    if report["state"] != "done":
        return _("could not be scanned: it is no table of delimited text")
    if not report["kinds"]:
        return _("nothing personal found in %(n)s rows") % {"n": number(report["rows"])}
    return _("found in it: %(kinds)s") % {
        "kinds": _(", ").join(_(KINDS[kind].title) for kind in report["kinds"])
    }


def _first(text: str | None) -> int:
    """Return the place of the first row of a page, 0 where the address names none."""
    return min(int(text), 10_000) if text and text.isascii() and text[:6].isdigit() else 0
