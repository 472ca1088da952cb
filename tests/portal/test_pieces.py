"""The pieces and page templates, rendered with made-up contents in both languages."""

import gettext
import hashlib
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from compliance.facts.vocabulary import PRICE_REASONS
from compliance.grounds import GROUNDS
from compliance.rules import VERDICTS
from core.actors import ORGANISATION_KINDS
from core.machine import MACHINES
from core.money import Money
from exchange.management.commands import compile_words
from exchange.portal.examples.vessel_calls import AT, badge, prohibited
from exchange.portal.gallery import PAGES, gallery
from exchange.portal.pieces import (
    Action,
    Deadline,
    GateStep,
    GateStrip,
    Shell,
    Total,
    split_bar,
)
from exchange.portal.reasons import CARDS
from exchange.portal.theme import set_theme
from exchange.selectors.statements import KINDS
from exchange.templatetags import laws, portal, verbs, words
from listings.content import plan, vocabulary
from listings.serializers import PRICE_BANDS

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "exchange" / "static"
LANGUAGES = ("en", "zh-hans")
ITEMS = json.loads((ROOT / "compliance" / "checklists" / "2026.1.json").read_text())["items"]
REFUSALS = tuple({item["refusal"] for item in ITEMS if item.get("refusal")})
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Messages that are the same in Chinese: marks and placeholders around no words.
WORDLESS = {"; ", ", ", ": ", "Databourse", "%(vendor)s to %(buyer)s", "Times in %(here)s"}


def show(name: str, language: str) -> str:
    request = RequestFactory().get("/gallery/")
    with translation.override(language), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DEBUG", True)
        return gallery(request, name).content.decode()


def part(template: str, language: str = "en", **context: object) -> str:
    with translation.override(language):
        return render_to_string(f"parts/{template}", {"shell": Shell(at=AT), **context})


# Pages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["", *PAGES])
def test_page_holds_to_the_content_security_policy(name: str, language: str) -> None:
    page = show(name, language)

    assert re.findall(r"<script(?![^>]* src=\"/static/)[^>]*>", page) == []
    assert re.findall(r"<style|<[^>]*\s(?:style|on\w+)=", page) == []
    assert re.findall(r"(?:src|href|action)=\"(?:https?:)?//[^\"]*", page) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["", *PAGES])
def test_page_has_one_heading_a_language_and_unique_ids(name: str, language: str) -> None:
    page = show(name, language)

    assert len(re.findall(r"<h1\b", page)) == 1
    assert len(re.findall(r"<main\b", page)) == 1
    assert re.search(r'<html lang="(en|zh-Hans|zh-hans)"', page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    # The gallery shows the same piece more than once on purpose.
    assert name == "" or sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("name", ["", *PAGES])
def test_page_draws_only_icons_of_the_sprite(name: str) -> None:
    page = show(name, "en")
    sprite = set(re.findall(r'<symbol id="([^"]+)"', render_to_string("parts/_sprite.html")))

    assert set(re.findall(r'<use href="#([^"]+)"', page)) <= sprite


@pytest.mark.parametrize("name", [name for name in PAGES if name != "500"])
def test_page_in_chinese_leaves_no_english_sentence(name: str) -> None:
    page = show(name, "zh-hans")
    body = re.sub(r"<(script|style|svg|code|pre)\b.*?</\1>", " ", page, flags=re.DOTALL)
    texts = [text.strip() for text in re.findall(r">([^<>]+)<", body)]

    sentences = [text for text in texts if re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", text)]
    assert sentences == []


def test_gallery_is_not_there_without_debug() -> None:
    with pytest.raises(Http404):
        gallery(RequestFactory().get("/gallery/"))


# Words


def test_every_message_is_said_in_chinese() -> None:
    source = (ROOT / "locale/zh_Hans/LC_MESSAGES/django.po").read_text()
    said = {entry.key: entry.text for entry in compile_words.read_catalogue(source)}

    missing = {key: place for key, place in compile_words.spoken(ROOT).items() if not said.get(key)}
    assert missing == {}, "manage.py compile_words --missing prints what to fill in"


def test_every_chinese_message_has_a_chinese_character() -> None:
    source = (ROOT / "locale/zh_Hans/LC_MESSAGES/django.po").read_text()
    entries = compile_words.read_catalogue(source)[1:]

    wordless = {entry.key for entry in entries if not CHINESE.search(entry.text)}
    assert wordless <= WORDLESS
    assert [entry.key for entry in entries if re.search("[\u4e00-\u9fff][,;:?!]", entry.text)] == []


def test_placeholders_are_those_of_the_english_message() -> None:
    source = (ROOT / "locale/zh_Hans/LC_MESSAGES/django.po").read_text()

    for entry in compile_words.read_catalogue(source)[1:]:
        wanted = set(re.findall(r"%\(\w+\)\d*[sd]", entry.key))
        assert set(re.findall(r"%\(\w+\)\d*[sd]", entry.text)) == wanted, entry.key


def test_compiled_catalogue_is_fresh() -> None:
    path = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"

    fresh = compile_words.compiled(compile_words.read_catalogue(path.read_text()))
    assert path.with_suffix(".mo").read_bytes() == fresh, "run manage.py compile_words"


def test_compiled_catalogue_is_read_by_gettext(tmp_path: Path) -> None:
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    header += '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    plural = 'msgid "%d day"\nmsgid_plural "%d days"\nmsgstr[0] "%d 天"\n\n'
    context = 'msgctxt "state"\nmsgid "Open"\nmsgstr "开"\n"放"\n\n'
    fuzzy = '#, fuzzy\nmsgid "Close"\nmsgstr "关"\n'
    path = tmp_path / "django.mo"
    path.write_bytes(
        compile_words.compiled(compile_words.read_catalogue(header + plural + context + fuzzy))
    )

    with path.open("rb") as stream:
        said = gettext.GNUTranslations(stream)
    assert said.ngettext("%d day", "%d days", 5) == "%d 天"
    assert said.pgettext("state", "Open") == "开放"
    assert said.gettext("Close") == "Close"


@pytest.mark.parametrize(
    "broken",
    ['msgid "a"\nmsgstr "b"\nnonsense\n', 'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"'],
)
def test_broken_catalogue_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match=r"catalogue|twice"):
        compile_words.read_catalogue(broken)


def test_every_state_and_verb_has_its_word() -> None:
    states = {(name, state) for name, machine in MACHINES.items() for state in machine.table}
    acts = {
        (name, verb)
        for name, machine in MACHINES.items()
        for row in machine.table.values()
        for verb in row
    }

    assert {pair for pair in states if pair[1] not in verbs.STATES} - verbs.STATES.keys() == set()
    assert {pair for pair in acts if pair[1] not in verbs.EVENTS} - verbs.EVENTS.keys() == set()


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("purpose", vocabulary.PURPOSES),
        ("form", vocabulary.FORMS),
        ("grade", vocabulary.GRADES),
        ("determined_by", vocabulary.DETERMINED_BY),
        ("data_class", vocabulary.DATA_CLASSES),
        ("origin", vocabulary.ORIGINS),
        ("legal_basis", vocabulary.LEGAL_BASES),
        ("sensitivity", vocabulary.SENSITIVITIES),
        ("consent_basis", vocabulary.CONSENT_BASES),
        ("personal_category", vocabulary.PERSONAL_CATEGORIES),
        ("sensitive_kind", vocabulary.SENSITIVE_KINDS),
        ("frequency", vocabulary.FREQUENCIES),
        ("delivery_mode", vocabulary.DELIVERY_MODES),
        ("buyer_type", vocabulary.BUYER_TYPES),
        ("allocation_role", vocabulary.ALLOCATION_ROLES),
        ("plan_kind", plan.KINDS),
        ("offer_mode", plan.OFFER_MODES),
        ("price_band", PRICE_BANDS),
        ("price_reason", PRICE_REASONS),
        ("organisation_kind", ORGANISATION_KINDS),
        ("cause", REFUSALS),
        ("cause", tuple(CARDS)),
        ("reason", tuple(GROUNDS)),
        ("reason", VERDICTS),
        ("account", KINDS),
    ],
)
def test_every_code_has_its_word(kind: str, codes: tuple[str, ...]) -> None:
    assert set(codes) - words.WORDS[kind].keys() == set()


def test_every_instrument_of_the_checklist_has_its_english_name() -> None:
    named = {source["instrument"] for item in ITEMS for source in item["sources"]}
    named = {name for name in named if not name.startswith("GB/T")}

    assert named - laws.INSTRUMENTS.keys() == set()
    with translation.override("en"):
        assert [name for name in named if CHINESE.search(laws.instrument(name))] == []
    with translation.override("zh-hans"):
        assert laws.instrument("数据安全法") == "《数据安全法》"


# Numbers and times


@pytest.mark.parametrize(
    ("minor", "currency", "shown", "value"),
    [
        (500_000, "CNY", "¥\u202f5,000.00", "5000.00"),
        (-12_345_678, "CNY", "−¥\u202f123,456.78", "-123456.78"),
        (9, "CNY", "¥\u202f0.09", "0.09"),
        (5_000, "JPY", "JP¥\u202f5,000", "5000"),
        (1_234_567, "KWD", "KWD\u202f1,234.567", "1234.567"),
    ],
)
def test_money_shows_sign_and_exact_value(
    minor: int, currency: str, shown: str, value: str
) -> None:
    amount = portal.money(Money(minor, currency))

    assert amount == f'<data class="money" value="{value}">{shown}</data>'


def test_times_name_their_zone() -> None:
    moment = datetime(2026, 3, 14, 6, 5, 9, tzinfo=UTC)

    with timezone.override("Asia/Shanghai"), translation.override("en"):
        english, day = portal.when(moment), portal.day(date(2027, 3, 14))
    with timezone.override("Asia/Kolkata"), translation.override("zh-hans"):
        chinese = portal.when(moment)
    assert '"2026-03-14T14:05:09+08:00"' in english
    assert ">14 Mar 2026 14:05 UTC+8</time>" in english
    assert day == '<time datetime="2027-03-14">14 Mar 2027</time>'
    assert ">2026年3月14日 11:35 UTC+5:30</time>" in chinese


@pytest.mark.parametrize(
    ("passed", "shown"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(hours=23, minutes=59), "24 hours ago"),
        (timedelta(days=1), "22 Nov 2026"),
        (timedelta(seconds=-1), "23 Nov 2026"),
    ],
)
def test_moment_is_relative_within_a_day_only(passed: timedelta, shown: str) -> None:
    context = portal.template.Context({"shell": Shell(at=AT)})

    with timezone.override(UTC), translation.override("en"):
        assert f">{shown}</time>" in portal.ago(context, AT - passed)


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0\u202fB"), (999, "999\u202fB"), (1_500, "1.5\u202fkB"), (18_342_114, "18.3\u202fMB")],
)
def test_size_is_in_decimal_units(size: int, shown: str) -> None:
    assert portal.size(size) == shown


def test_share_is_per_cent_without_trailing_zeros() -> None:
    with translation.override("en"):
        assert [portal.share(bp) for bp in (10_000, 1_250, 5)] == [
            "100\u202f%",
            "12.5\u202f%",
            "0.05\u202f%",
        ]
    with translation.override("zh-hans"):
        assert portal.share(1_250) == "12.5%"


def test_hash_is_shortened_in_the_middle_and_copied_whole() -> None:
    value = "ab" * 32

    shown = part("_hash.html", value=value)

    assert f'<code title="{value}">abababab…ababab</code>' in shown
    assert f'data-copy="{value}"' in shown


# Pieces


@given(st.lists(st.integers(min_value=0, max_value=2**50), min_size=1, max_size=12))
def test_split_bar_parts_touch_and_fill_the_bar(amounts: list[int]) -> None:
    bar = split_bar([("party", "holding", Money(minor, "CNY"), None) for minor in amounts])

    ends = [line.start + line.width for line in bar.lines]
    assert bar.total.minor == sum(amounts)
    assert [line.start for line in bar.lines] == [0, *ends[:-1]]
    assert ends[-1] == (10_000 if sum(amounts) else 0)


def test_split_bar_shows_the_fee_apart_and_the_same_numbers_as_a_table() -> None:
    bar = split_bar(
        [
            ("Venue", "venue_fee", Money(12_500, "CNY"), 250),
            ("Supplier", "holding", Money(487_500, "CNY"), None),
        ]
    )

    shown = part("_split.html", split=bar)

    assert [(line.start, line.width, line.tone) for line in bar.lines] == [
        (0, 250, 0),
        (250, 9_750, 1),
    ]
    assert 'data-line="2" x="250" y="0" width="9750"' in shown
    assert "4,875.00" in shown
    assert "fixed" in shown


def test_unknown_fact_is_said_to_be_unknown() -> None:
    shown = part("_finding.html", finding=prohibited())

    assert "not stated" in shown
    assert "None" not in shown


def test_finding_names_item_law_and_way_out() -> None:
    shown = part("_finding.html", "zh-hans", finding=prohibited())

    for text in ("PI-04", "禁止", "第 13 条", "怎样才能改变", "由谁办理"):
        assert text in shown


def test_gate_tells_the_reason_of_the_step_that_fails() -> None:
    gate = GateStrip((GateStep("clearance", "passed"), GateStep("funds", "failed", "¥ 3 short.")))

    shown = part("_gate.html", gate=gate)

    assert gate.state == "failed"
    assert "¥ 3 short." in shown
    assert "Every check passes" not in shown


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        (("passed", "passed"), "passed"),
        (("passed", "waiting"), "waiting"),
        (("failed", "waiting"), "failed"),
    ],
)
def test_gate_is_as_good_as_its_worst_step(states: tuple[str, ...], whole: str) -> None:
    assert GateStrip(tuple(GateStep("price", state) for state in states)).state == whole


@pytest.mark.parametrize(
    ("days", "tone"),
    [(4, "info"), (3, "caution"), (2, "caution"), (1, "restricted"), (-1, "restricted")],
)
def test_deadline_warns_as_it_nears(days: int, tone: str) -> None:
    assert Deadline("confirm", AT, days).tone == tone


def test_action_with_a_consequence_asks_first() -> None:
    action = Action("order", "confirm", "/o/1/confirm", consequence="It binds.", key="k-1")

    shown = part("_action.html", action=action)

    assert shown.index("<summary") < shown.index("It binds.") < shown.index("<button")
    assert '<input type="hidden" name="key" value="k-1">' in shown
    assert "Confirm buyer" in shown


def test_clearance_badge_says_why_a_version_cannot_be_ordered() -> None:
    shown = part("_clearance.html", badge=badge())
    ended = part("_catalogue_row.html", row=PAGES["catalogue"][1]()["page"].rows[2])

    assert "checklist 2026.3" in shown
    assert "Declaration expired" in ended


@pytest.mark.parametrize(
    ("available", "short"), [(500_000, None), (499_999, Money(1, "CNY")), (None, None)]
)
def test_total_says_what_the_balance_lacks(available: int | None, short: Money | None) -> None:
    balance = None if available is None else Money(available, "CNY")

    assert Total((), Money(500_000, "CNY"), balance).short == short


# The look


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", block))


def _blocks() -> list[dict[str, str]]:
    css = (STATIC / "css" / "variables.css").read_text()
    return [tokens for tokens in map(_tokens, re.findall(r"\{([^{}]*)\}", css)) if tokens]


def _contrast(first: str, second: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_dark_by_choice_is_dark_by_system() -> None:
    _light, system, choice = _blocks()

    assert system == choice


@pytest.mark.parametrize("number", [0, 1])
def test_colours_meet_wcag_aa(number: int) -> None:
    tokens = _blocks()[number]
    tones = ("cleared", "caution", "restricted", "prohibited", "unknown", "info", "plain")
    pairs = [("ink", ground, 7.0) for ground in ("bg", "card", "plain-bg")]
    pairs += [("muted", ground, 5.0) for ground in ("bg", "card", "plain-bg")]
    pairs += [(tone, f"{tone}-bg", 4.5) for tone in tones]
    pairs += [(tone, ground, 4.5) for tone in tones for ground in ("bg", "card")]
    pairs += [("accent", "bg", 4.5), ("accent", "card", 4.5), ("accent-ink", "accent", 4.5)]
    pairs += [("accent-ink", "accent-deep", 4.5), ("edge", "bg", 3.0), ("edge", "card", 3.0)]
    pairs += [(f"part-{n}", "bg", 3.0) for n in range(6)]

    low = [
        (one, other, round(_contrast(tokens[one], tokens[other]), 2))
        for one, other, least in pairs
        if _contrast(tokens[one], tokens[other]) < least
    ]
    assert low == []


def test_vendored_files_are_the_published_ones() -> None:
    rows = re.findall(
        r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$",
        (STATIC / "vendor" / "README.md").read_text(),
        re.MULTILINE,
    )

    digests = {name: hashlib.sha256((STATIC / "vendor" / name).read_bytes()) for name, _ in rows}
    assert rows == [(name, digest.hexdigest()) for name, digest in digests.items()]
    assert [name for name, _ in rows] == ["pico-2.1.1.min.css"]


def test_every_stylesheet_is_linked_and_loads_nothing_from_elsewhere() -> None:
    linked = set(re.findall(r"/static/css/(\w+\.css)", part("_styles.html")))
    sheets = {path.name: path.read_text() for path in (STATIC / "css").glob("*.css")}

    assert linked == sheets.keys()
    assert [name for name, css in sheets.items() if re.search(r"url\(\"?(https?:)?//", css)] == []


# The theme


def test_theme_is_kept_in_a_cookie_and_the_reader_goes_back() -> None:
    response = set_theme(RequestFactory().post("/theme", {"theme": "dark", "next": "/catalogue"}))

    assert (response.status_code, response.headers["Location"]) == (302, "/catalogue")
    assert response.cookies["theme"].value == "dark"


def test_theme_leads_to_no_other_host() -> None:
    request = RequestFactory().post("/theme", {"theme": "dark", "next": "//example.org/"})

    assert set_theme(request).headers["Location"] == "/"


def test_unknown_theme_is_refused() -> None:
    response = set_theme(RequestFactory().post("/theme", {"theme": "sepia", "next": "/"}))

    assert response.status_code == 400
    assert "theme" not in response.cookies


def test_chosen_theme_is_on_the_page() -> None:
    request = RequestFactory().get("/gallery/")
    request.COOKIES["theme"] = "dark"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DEBUG", True)
        page = gallery(request, "home").content.decode()

    assert 'data-theme="dark"' in page
