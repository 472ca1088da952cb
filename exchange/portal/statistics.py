"""The statistics of the venue for who supervises it: tables, charts, CSV and JSON."""

import csv
import io
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Malformed
from exchange import serializers
from exchange.portal.edge import page, said, show
from exchange.portal.pages.statistics import Bar, Chart, StatisticsLine, StatisticsPage
from exchange.portal.pieces import EmptyState, Link
from exchange.selectors.statistics import BY, Statistics, StatisticsRow, statistics
from exchange.templatetags.words import word

HEADS: dict[str, Any] = {
    "item": gettext_lazy("Item"),
    "industry": gettext_lazy("Industry"),
    "vendor": gettext_lazy("Vendor"),
    "month": gettext_lazy("Month"),
}
# How many lines a chart draws: the table below it has all.
DRAWN, LINE, LABEL = 12, 34, 40
COLUMNS = ("key", "zh", "en", "screened", "blocked", "orders", "refused")


class MonthsForm(forms.Form):
    """Which months, both included; nothing is the last twelve."""

    since = forms.CharField(
        label=gettext_lazy("From month"),
        max_length=7,
        required=False,
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-01"}),
    )
    until = forms.CharField(
        label=gettext_lazy("To month"),
        max_length=7,
        required=False,
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-12"}),
    )


@page()
def statistics_page(request: Any) -> HttpResponse:
    """Show one table with its charts."""
    form = MonthsForm(request.GET)
    by = _by(request)
    try:
        found = _asked(request)
    except Malformed as wrong:
        form.is_valid()
        for field, texts in wrong.fields.items():
            name = "since" if field == "from" else "until"
            form.add_error(name if field in ("from", "until") else None, [str(t) for t in texts])
        found = statistics(request.member, request.at, by, "", "")
    months = {"since": f"{found.first:%Y-%m}", "until": f"{found.last:%Y-%m}"}
    rows = tuple(_line(by, row) for row in found.rows)
    shown = StatisticsPage(
        by=by,
        head=str(HEADS[by]),
        since=months["since"],
        until=months["until"],
        views=tuple(
            Link(
                str(HEADS[one]),
                f"/statistics?{urlencode({'by': one, **months})}",
                current=one == by,
            )
            for one in BY
        ),
        charts=_charts(by, rows),
        rows=rows,
        fewest=found.fewest,
        csv_url=f"/statistics.csv?{urlencode({'by': by, **months})}",
        json_url=f"/statistics.json?{urlencode({'by': by, **months})}",
        counts_orders=by != "item",
        empty=None
        if rows
        else EmptyState(
            _("Nothing was screened or ordered in these months"),
            _("Choose other months, or wait for the first submission."),
        ),
    )
    if not form.errors:
        form = MonthsForm(initial=months)
    return show(request, "statistics.html", shown, form=form)


@page()
def statistics_csv(request: Any) -> HttpResponse:
    """Send one table as CSV; an empty cell is not told, or not counted."""
    found = _asked(request)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in found.rows:
        writer.writerow([_plain(getattr(row, name)) for name in COLUMNS])
    return _file(HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8"), found)


@page()
def statistics_json(request: Any) -> HttpResponse:
    """Send one table as JSON, as the API answers it."""
    found = _asked(request)
    document = serializers.StatisticsOut(found).data
    return _file(JsonResponse(document, json_dumps_params={"ensure_ascii": False}), found)


def _file(response: HttpResponse, found: Statistics) -> HttpResponse:
    kind = response["Content-Type"].partition(";")[0].rpartition("/")[2]
    name = f"statistics-{found.by}-{found.first:%Y-%m}-{found.last:%Y-%m}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _plain(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: a name is somebody's input."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text != "–" else text


def _by(request: Any) -> str:
    by = request.GET.get("by", "")
    return by if by in BY else BY[0]


def _asked(request: Any) -> Statistics:
    since, until = (request.GET.get(name, "") for name in ("since", "until"))
    return statistics(request.member, request.at, _by(request), since, until)


def _line(by: str, row: StatisticsRow) -> StatisticsLine:
    label = said(row.zh, row.en)
    if by == "item":
        name = word("cause", row.key) if label == row.key else label
        label = name if name == row.key or row.key.islower() else f"{row.key} {name}"
    elif row.key == "–":
        label = _("not stated")
    return StatisticsLine(row.key, label, row.screened, row.blocked, row.orders, row.refused)


def _charts(by: str, rows: tuple[StatisticsLine, ...]) -> tuple[Chart, ...]:
    versions = _chart(
        "versions",
        _("Versions"),
        _("spoken of") if by == "item" else _("screened"),
        _("blocked"),
        [(row.label, row.screened, row.blocked) for row in rows if row.screened],
    )
    orders = _chart(
        "orders",
        _("Orders"),
        "" if by == "item" else _("placed"),
        _("refused"),
        [(row.label, row.orders or 0, row.refused) for row in rows if row.orders or row.refused],
    )
    return tuple(one for one in (versions, orders) if one.bars)


def _chart(
    name: str, title: str, whole: str, part: str, lines: list[tuple[str, int, int | None]]
) -> Chart:
    drawn = lines[:DRAWN]
    longest = max((max(all_, some or 0) for _label, all_, some in drawn), default=0) or 1
    bars = []
    for number, (label, all_, some) in enumerate(drawn):
        told = _("not told") if some is None else str(some)
        says = f"{part} {told}"
        if whole:
            says = f"{whole} {all_}{_(', ')}{says}"
        bars.append(
            Bar(
                label if len(label) <= LABEL else f"{label[: LABEL - 1]}…",
                says,
                1000 * all_ // longest,
                1000 * (some or 0) // longest,
                LINE * number,
            )
        )
    text = _("; ").join(f"{bar.label}{_(': ')}{bar.says}" for bar in bars)
    return Chart(name, title, text, whole, part, tuple(bars), LINE * len(bars))
