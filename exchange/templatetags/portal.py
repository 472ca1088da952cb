"""Template tags of the portal. Invariant: a number, a date and a code look the same everywhere."""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.money import CURRENCIES, Money, format_minor
from exchange.templatetags import checklist_words, field_words, laws, verbs, words
from exchange.templatetags.countries import COUNTRIES, chinese, country
from listings.content.vocabulary import INDUSTRIES

register = template.Library()

SIGNS = {"CNY": "¥", "USD": "US$", "EUR": "€", "JPY": "JP¥", "KWD": "KWD"}
THIN = "\N{NARROW NO-BREAK SPACE}"
DASH = SafeString('<span class="none">–</span>')
NOTHING = SafeString("")
TONES_OF_SEVERITY = {
    "prohibited": "ban",
    "restricted": "lock",
    "caution": "alert",
    "unknown": "question",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of the sprite; it is decoration, so a word must stand beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.filter
def severity_icon(severity: str) -> str:
    """Return the icon of a finding's severity."""
    return TONES_OF_SEVERITY.get(severity, "question")


# Words for codes


@register.filter
def word(code: str, kind: str) -> str:
    """Return the word for a code, as `{{ code|word:"purpose" }}`."""
    return words.word(kind, code)


@register.filter
def words_of(codes: Iterable[str], kind: str) -> str:
    """Return the words for several codes, as one list in the reader's language."""
    return (_("; ") if kind == "buyer_type" else _(", ")).join(
        words.word(kind, code) for code in codes
    )


@register.filter
def article(number: str) -> str:
    """Return the place in an instrument: `8` is article 8, an annex keeps its name."""
    if number[:1].isdecimal():
        return _("art. %(number)s") % {"number": number}
    return str(laws.ARTICLES.get(number, number))


@register.filter
def industry(code: str) -> str:
    """Return the name of a section of GB/T 4754, for a section or a division in it."""
    known = INDUSTRIES.get(code[:1])
    if known is None:
        return code
    return known[2] if chinese() else known[3]


register.filter("country", country)
register.filter("region", words.region)


def countries() -> list[tuple[str, str]]:
    """Return code and name of every country and region, the venue's own first."""
    # GB 18030 orders the common characters by their sound, as a Chinese reader looks them up.
    by_name = {code: country(code).encode("gb18030") for code in COUNTRIES}
    codes = sorted(COUNTRIES, key=lambda code: (code != "CN", by_name[code]))
    return [(code, country(code)) for code in codes]


@register.inclusion_tag("parts/_state.html")
def state(code: str, subject: str = "") -> dict[str, str]:
    """Draw the word of a state with its icon."""
    label, tone, name = verbs.state_look(code, subject)
    return {"label": label, "tone": tone, "name": name}


@register.simple_tag
def button_word(subject: str, verb: str) -> str:
    """Return what the button of a verb says."""
    return verbs.button_word(subject, verb)


@register.simple_tag
def event_word(subject: str, verb: str) -> str:
    """Return what the timeline says of a verb."""
    return verbs.event_word(subject, verb)


@register.simple_tag
def state_word(code: str, subject: str = "") -> str:
    """Return the word of a state alone."""
    return verbs.state_look(code, subject)[0]


# Numbers


def amount_text(amount: Money) -> str:
    """Return an amount with its currency sign, as plain text."""
    sign = f"{SIGNS[amount.currency]}{THIN}"
    text = format_minor(abs(amount.minor), amount.currency)
    return f"−{sign}{text}" if amount.minor < 0 else sign + text


@register.filter
def counted(count: int, what: str) -> str:
    """Return how many calls or records, as `{{ n|counted:"record" }}`."""
    n = number(count)
    return (_("%(n)s records") if what == "record" else _("%(n)s calls")) % {"n": n}


@register.filter
def unit(price: Any) -> str:
    """Return what a price is for: once, so many days, a call, so many records; "" for none."""
    if price.amount is None or price.kind == "free":
        return ""
    if price.kind == "subscription" and price.period_days:
        days = ngettext("%(n)s day", "%(n)s days", price.period_days)
        return "/ " + days % {"n": number(price.period_days)}
    if price.kind != "per_call":
        return pgettext("unit", "once")
    if price.per_count == 1:
        return "/ " + words.word("unit", price.unit)
    return "/ " + counted(price.per_count, price.unit)


def plain_amount(amount: Money) -> str:
    """Return an amount as people type it, without sign of currency and thousands."""
    decimals = CURRENCIES[amount.currency]
    whole, part = divmod(abs(amount.minor), 10**decimals)
    text = f"{whole}.{part:0{decimals}d}" if decimals else str(whole)
    return f"-{text}" if amount.minor < 0 else text


@register.simple_tag
def money(amount: Money | None) -> SafeString:
    """Set an amount with its currency sign; None is a dash."""
    if amount is None:
        return DASH
    return format_html(
        '<data class="money" value="{}">{}</data>', plain_amount(amount), amount_text(amount)
    )


@register.simple_tag
def cell(amount: Money | None) -> SafeString:
    """Set an amount for a column whose head names the currency; None leaves it empty."""
    if amount is None:
        return NOTHING
    text = format_minor(amount.minor, amount.currency)
    return format_html('<data class="money" value="{}">{}</data>', plain_amount(amount), text)


@register.filter
def is_money(value: Any) -> bool:
    """Return whether `value` is an amount rather than a count."""
    return isinstance(value, Money)


@register.filter
def number(value: int) -> str:
    """Return a count with thousands separators and a true minus sign."""
    return f"{value:,}".replace("-", "−")


@register.filter
def share(basis_points: int) -> str:
    """Return basis points as per cent: 1250 is 12.5 %."""
    whole, part = divmod(basis_points, 100)
    digits = f"{whole}.{part:02d}".rstrip("0").rstrip(".")
    return f"{digits}%" if chinese() else f"{digits}{THIN}%"


@register.filter
def size(size_bytes: int) -> str:
    """Return a file size in the largest decimal unit that keeps it above 1."""
    power = min(4, max(0, (len(str(size_bytes)) - 1) // 3))
    amount = size_bytes / 1000**power
    digits = f"{amount:.0f}" if power == 0 or amount >= 100 else f"{amount:.1f}"
    return f"{digits}{THIN}{('B', 'kB', 'MB', 'GB', 'TB')[power]}"


@register.filter
def percent_of(done: int, total: int) -> int:
    """Return how many whole per cent of `total` are done."""
    return min(100, 100 * done // total) if total else 0


@register.filter
def duration(seconds: int) -> str:
    """Return roughly how long that is, in the largest unit."""
    if seconds < 60:
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    minutes = round(seconds / 60)
    if minutes < 90:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


@register.filter
def middle(digest: str) -> str:
    """Return a hash shortened in the middle."""
    return digest if len(digest) <= 18 else f"{digest[:8]}…{digest[-6:]}"


# Times, in the reader's zone


def _zone(moment: datetime) -> str:
    offset = moment.utcoffset() or timedelta()
    sign = "−" if offset < timedelta() else "+"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    if not hours and not minutes:
        return "UTC"
    return f"UTC{sign}{hours}" + (f":{minutes:02d}" if minutes else "")


def _day(value: date) -> str:
    return format_date(value, "Y年n月j日" if chinese() else "j M Y")


def _time_tag(moment: datetime, text: str) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{} {}">{}</time>',
        moment.isoformat(timespec="seconds"),
        moment.strftime("%Y-%m-%d %H:%M:%S"),
        _zone(moment),
        text,
    )


def moment_text(moment: datetime) -> str:
    """Return a moment with its zone, as plain text."""
    local = timezone.localtime(moment)
    return f"{_day(local)} {local:%H:%M} {_zone(local)}"


@register.simple_tag
def when(moment: datetime) -> SafeString:
    """Set a moment with its zone."""
    return _time_tag(timezone.localtime(moment), moment_text(moment))


@register.simple_tag
def moment(value: datetime) -> SafeString:
    """Set a moment for a column whose head names the zone."""
    local = timezone.localtime(value)
    return _time_tag(local, f"{_day(local)} {local:%H:%M}")


@register.simple_tag
def day(value: date | datetime | None) -> SafeString:
    """Set a day; None is a dash."""
    if value is None:
        return DASH
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return _time_tag(local, _day(local))
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), _day(value))


@register.simple_tag(takes_context=True)
def ago(context: Context, moment: datetime) -> SafeString:
    """Set a moment relative to the page's own, if less than a day ago; else as a day."""
    shell = context.get("shell")
    local = timezone.localtime(moment)
    passed = shell.at - moment if shell else None
    if passed is None or not timedelta() <= passed < timedelta(days=1):
        return _time_tag(local, _day(local))
    if passed < timedelta(minutes=1):
        text = _("just now")
    else:
        text = _("%(span)s ago") % {"span": duration(int(passed.total_seconds()))}
    return format_html(
        '<time class="tip" tabindex="0" datetime="{}" data-tip="{} {}">{}</time>',
        local.isoformat(timespec="seconds"),
        local.strftime("%Y-%m-%d %H:%M:%S"),
        _zone(local),
        text,
    )


@register.simple_tag
def zone() -> str:
    """Return the reader's time zone, for the head of a column."""
    return _zone(timezone.localtime())


# Forms


@register.filter
def field_label(path: str) -> str:
    """Return what a field of a draft is called, with the entry it belongs to."""
    return field_words.label_of(path)


@register.filter
def item_field(path: str) -> str:
    """Return what a field of a checklist's item is called."""
    return checklist_words.item_field(path)


@register.filter
def kind(field: BoundField) -> str:
    """Return how a field is drawn: check, choices, file, hidden or plain."""
    kinds = {"checkbox": "check", "file": "file", "hidden": "hidden", "radio": "choices"}
    if field.use_fieldset:
        return "choices"
    return kinds.get(field.widget_type, "plain")


@register.simple_tag
def problem_json(code: str, title: str, status: int) -> SafeString:
    """Return the least problem document of a refusal, as it is sent (RFC 9457)."""
    document = {"type": f"/problems/{code}", "title": title, "status": status}
    return format_html("{}", json.dumps(document, ensure_ascii=False, indent=2))


@register.simple_tag
def hidden_fields(pairs: Iterable[tuple[str, str]]) -> SafeString:
    """Draw name-value pairs as hidden inputs."""
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)
