"""Every word of the pages is said in both languages."""

import gettext
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from compliance.facts.vocabulary import PRICE_REASONS
from compliance.grounds import GROUNDS
from compliance.rules import VERDICTS
from core.actors import ORGANISATION_KINDS
from core.machine import MACHINES
from exchange.management.commands import compile_words
from exchange.selectors.statements import KINDS
from exchange.templatetags import laws, verbs, words
from exchange.templatetags.reasons import CARDS
from listings.content import plan, vocabulary
from listings.serializers import PRICE_BANDS

ROOT = Path(settings.BASE_DIR)
ITEMS = json.loads((ROOT / "compliance" / "checklists" / "2026.3.json").read_text())["items"]
REFUSALS = tuple({item["refusal"] for item in ITEMS if item.get("refusal")})
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Messages that are the same in Chinese: marks and placeholders around no words.
WORDLESS = {". ", "; ", ", ", "bounds\x04, ", ": ", "Databourse"}
WORDLESS |= {"%(vendor)s to %(buyer)s", "Times in %(here)s"}


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
        ("reason", tuple(CARDS)),
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


def test_every_article_of_the_checklist_that_is_no_number_has_its_english_name() -> None:
    named = {source["article"] for item in ITEMS for source in item["sources"]}

    assert {name for name in named if not name[0].isdecimal()} - laws.ARTICLES.keys() == set()
