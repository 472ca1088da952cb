"""The pages of checklists: who sees what, the editor, trials, four eyes, lists of other venues."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from compliance import selectors, services
from compliance.models import ChecklistVersion, Trial
from core.actors import SYSTEM, Member
from core.models import Event
from exchange.portal.author_forms import ItemForm
from tests import make
from tests.compliance import cast
from tests.portal.test_bad_writing import BAD
from tests.portal.test_views import browser, text_of

LIST = "checklists/<uuid:checklist_id>"
# Forms that start a process or take a file: their bad input is tried here.
TRIED = {
    "checklists/import",
    f"{LIST}/try",
    f"{LIST}/items/<str:item_code>/save",
    f"{LIST}/items/<str:item_code>/check",
}


def drafted(desk: cast.Desk, at: datetime, *items: dict[str, Any]) -> ChecklistVersion:
    return services.draft_checklist(
        document=cast.document("2026.2", *items), actor=desk.author, at=at
    )


def boxes(item: dict[str, Any], **changes: str) -> dict[str, str]:
    """What the editor of an item posts."""
    form = ItemForm(item=item)
    posted = {name: str(form[name].value() or "") for name in form.fields}
    seen = selectors.item_hash(item)
    return posted | {"key": "a-click", "seen_hash": seen, "territory": "CN"} | changes


def item_of(checklist: ChecklistVersion, code: str = "TST-01") -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in checklist.items["items"] if one["code"] == code)
    return found


def saved(desk: cast.Desk, at: datetime, *, draft: ChecklistVersion) -> ChecklistVersion:
    """The draft with its test item written whole, as the editor writes it."""
    item = item_of(draft)
    services.save_item(
        checklist_id=draft.pk,
        item_code="TST-01",
        item={**item, "valid_from": "2021-01-01"},
        seen_hash=selectors.item_hash(item),
        actor=desk.author,
        at=at,
    )
    return ChecklistVersion.objects.get(pk=draft.pk)


def test_drafts_are_the_venues_alone_and_lists_in_force_everybodys(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    binding = cast.in_force(at)
    draft = drafted(desk, at, cast.no_reports())
    readers: dict[str, Member | None] = {
        "author": desk.author,
        "vendor": make.vendor(at),
        "nobody": None,
    }

    found = {}
    for name, reader in readers.items():
        client = browser(reader)
        pages = [
            client.get(f"/checklists/{binding.pk}"),
            client.get(f"/checklists/{binding.pk}/items/PI-04"),
            client.get(f"/checklists/{binding.pk}/export"),
            client.get(f"/checklists/{draft.pk}"),
            client.get(f"/checklists/{draft.pk}/items/TST-01"),
            client.get(f"/checklists/{draft.pk}/export"),
            client.get(f"/checklists/{binding.pk}/compare?other={draft.pk}"),
        ]
        found[name] = [page.status_code for page in pages]
        listed = text_of(client.get("/checklists").content.decode())
        assert ("2026.2" in listed) == (name == "author")

    assert found == {
        "author": [200] * 7,
        "vendor": [200, 200, 200, 404, 404, 404, 404],
        "nobody": [200, 200, 200, 404, 404, 404, 404],
    }


def test_pages_speak_both_languages_at_a_fixed_number_of_queries(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    draft = drafted(desk, at, cast.no_reports())
    addresses = {
        "/checklists": ("Take over another venue", "采用其他交易场所的清单"),
        f"/checklists/{draft.pk}": ("Write a new item", "新增条目"),
        f"/checklists/{draft.pk}/items/TST-01": ("Save the item", "保存条目"),
        f"/checklists/{draft.pk}/items/new": ("A new item", "新条目"),
    }
    for address, (english, chinese) in addresses.items():
        for language, words in (("en", english), ("zh-hans", chinese)):
            client = browser(desk.author, language)
            with CaptureQueriesContext(connection) as queries:
                page = client.get(address).content.decode()
            assert words in page, address
            assert len(queries) < 20, address


def test_editor_shows_the_fault_in_place_and_saves_what_is_right(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    draft = saved(desk, at, draft=drafted(desk, at, cast.no_reports()))
    client, here = browser(desk.author), f"/checklists/{draft.pk}/items/TST-01"
    item = item_of(draft)
    wrong = boxes(item, when="product.form == 'report' &&\n product.gradee == 'x'")

    fragment = client.post(f"{here}/check", wrong, headers={"X-Fragment": "1"}).content.decode()
    whole = client.post(f"{here}/check", wrong).content.decode()

    assert "<html" not in fragment
    assert "<html" in whole
    for page in (fragment, whole):
        assert "<mark>product.gradee</mark>" in page
        assert "line 2, character 2" in page
        assert "There is no fact product.gradee." in page
    assert ChecklistVersion.objects.get(pk=draft.pk).items_hash == draft.items_hash

    right = boxes(item, when="product.form == 'report' || product.form == 'api'")
    assert client.post(f"{here}/save", right).status_code == 302
    now = item_of(ChecklistVersion.objects.get(pk=draft.pk))
    assert now == {**item, "when": right["when"]}

    late = client.post(f"{here}/save", {**right, "key": "another", "title_en": "Late"})
    assert "Another author has changed this item" in late.content.decode()
    assert item_of(ChecklistVersion.objects.get(pk=draft.pk)) == now


def test_editor_tries_the_item_on_a_listing(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    version = cast.cleared(make.vendor(at), desk, at).version
    draft = saved(desk, at, draft=drafted(desk, at, cast.no_reports()))
    client, here = browser(desk.author), f"/checklists/{draft.pk}/items/TST-01/check"
    posted = boxes(item_of(draft), when="product.form == 'dataset' && product.grade == 'general'")

    def check(listing: str) -> str:
        return text_of(client.post(here, {**posted, "listing": listing}).content.decode())

    tried = check(version.product.code)
    assert "hit: clears instead of hits" in tried
    assert "(product.form)" in tried
    assert "dataset" in tried
    assert f"{version.product.code} v1" in check(f"http://venue/versions/{version.pk}")
    assert "No listing is called “zebra”." in check("zebra")


def test_form_that_cannot_be_read_says_where(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    draft = saved(desk, at, draft=drafted(desk, at, cast.no_reports()))
    client, here = browser(desk.author), f"/checklists/{draft.pk}/items/TST-01"
    posted = boxes(item_of(draft), example0_facts='product.form = "report"\nproduct.grade core')

    for verb in ("check", "save"):
        page = client.post(f"{here}/{verb}", posted)
        assert page.status_code == 200
        assert "line 2: write it like" in text_of(page.content.decode())
    for what, bad in BAD.items():
        for name in ("code", "when", "valid_from", "example0_facts", "seen_hash", "severity"):
            answer = client.post(f"{here}/save", {**posted, name: bad})
            assert answer.status_code < 500, (what, name)
    assert ChecklistVersion.objects.get(pk=draft.pk).items_hash == draft.items_hash


def test_list_is_put_on_trial_and_shows_what_it_would_change(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    version = cast.cleared(make.vendor(at), desk, at).version
    broken = drafted(desk, at, cast.no_reports() | {"title_zh": ""})
    client, here = browser(desk.author), f"/checklists/{broken.pk}"

    refused = client.post(f"{here}/try", {"key": "one"})
    assert refused.status_code == 409
    assert f'href="{here}/items/TST-01"' in refused.content.decode()
    assert not Trial.objects.exists()

    stricter = cast.item("TST-01", "product.form == 'dataset'", "prohibited")
    stricter["examples"] = [
        {"name": "hit", "expect": "hit", "facts": {"product.form": "dataset"}},
        {"name": "clear", "expect": "clear", "facts": {"product.form": "report"}},
        {"name": "not stated", "expect": "unknown", "facts": {"product.form": None}},
    ]
    document = cast.document("2026.2", stricter)
    services.save_checklist(checklist_id=broken.pk, document=document, actor=desk.author, at=at)
    assert client.post(f"{here}/try", {"key": "two"}).status_code == 302
    trial = Trial.objects.get()
    running = client.get(f"{here}/trials/{trial.pk}").content.decode()
    assert 'hx-trigger="every 2s"' in running
    cast.run_trials(at)

    ended = client.get(f"{here}/trials/{trial.pk}/progress")
    page = client.get(f"{here}/trials/{trial.pk}?item=TST-01").content.decode()
    assert ended["HX-Refresh"] == "true"
    assert "1 version newly blocked" in text_of(page)
    assert f'href="/versions/{version.pk}"' in page
    assert browser(make.vendor(at)).get(f"{here}/trials/{trial.pk}").status_code == 404


def test_author_cannot_schedule_the_own_list_and_a_colleague_can(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    tried = cast.tried(desk, at)
    here = f"/checklists/{tried.pk}"
    when = timezone.localtime(at + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    posted = {"effective_at": when, "key": "a-click"}

    own = browser(desk.author)
    assert "Set when it takes force" not in own.get(here).content.decode()
    refused = own.post(f"{here}/schedule", posted)
    assert refused.status_code == 200
    assert ChecklistVersion.objects.get(pk=tried.pk).state == "TRIAL"

    colleague = browser(desk.second_author)
    assert "Set when it takes force" in colleague.get(here).content.decode()
    assert colleague.post(f"{here}/schedule", posted).status_code == 302
    assert ChecklistVersion.objects.get(pk=tried.pk).state == "SCHEDULED"
    told = own.post(f"{here}/items/PI-04/save", {"key": "k"}, follow=True)
    assert told.status_code in {200, 404, 409}


def import_page(client: Client, text: str, **changes: str) -> Any:
    file = SimpleUploadedFile("list.json", text.encode(), "application/json")
    posted = {"code": "2027.1", "signed_by": "", "key": text[:3] + str(len(text)), **changes}
    return client.post("/checklists/import", {**posted, "file": file})


def test_list_of_another_venue_is_taken_over_or_refused_with_its_line(
    db: None, at: datetime
) -> None:
    desk = cast.desk(at)
    binding = cast.in_force(at)
    text = browser(None).get(f"/checklists/{binding.pk}/export").content.decode()
    client = browser(desk.author)

    tampered = import_page(client, text.replace('"restricted"', '"caution"', 1))
    cut = import_page(client, text[:5000])
    foreign = import_page(client, text, signed_by="0" * 32)
    assert "line 4: The list is not the one that was signed" in text_of(tampered.content.decode())
    assert "This is not JSON at column" in text_of(cut.content.decode())
    assert "and not with 00000000" in text_of(foreign.content.decode())
    assert not ChecklistVersion.objects.filter(code="2027.1").exists()

    taken = import_page(client, text)
    page = text_of(client.get(taken["Location"]).content.decode())
    assert "Taken over from" in page
    assert "its list 2026.1" in page
    for bad in BAD.values():
        assert import_page(client, text[:50], code=bad, key="k").status_code < 500


def test_vendor_reads_on_its_version_what_a_list_changes(db: None, at: datetime) -> None:
    desk = cast.desk(at)
    cast.in_force(at)
    vendor = make.vendor(at)
    version = cast.cleared(vendor, desk, at).version
    stricter = cast.item("TST-01", "product.form == 'dataset'", "prohibited")
    stricter["examples"] = [
        {"name": "hit", "expect": "hit", "facts": {"product.form": "dataset"}},
        {"name": "clear", "expect": "clear", "facts": {"product.form": "report"}},
        {"name": "not stated", "expect": "unknown", "facts": {"product.form": None}},
    ]
    cast.scheduled(desk, at, stricter, effective_at=at + timedelta(days=1))
    here = f"/versions/{version.pk}"
    assert "What checklist" not in browser(vendor).get(here).content.decode()

    services.prepare_clearances(limit=10, actor=SYSTEM, at=at)

    english = text_of(browser(vendor).get(here).content.decode())
    assert "What checklist 2026.2 changes here" in english
    assert "It will not be cleared then" in english
    assert "TST-01" in english
    assert "届时本版本将失去交易准入" in browser(vendor, "zh-hans").get(here).content.decode()
    assert Event.objects.filter(subject="checklist", verb="announce").count() == 0


@pytest.mark.parametrize("role", ["reviewer", "admin"])
def test_staff_that_writes_no_lists_reads_them_only(db: None, at: datetime, role: str) -> None:
    desk = cast.desk(at)
    draft = saved(desk, at, draft=drafted(desk, at, cast.no_reports()))
    client, here = browser(make.staff(at, role)), f"/checklists/{draft.pk}"

    page = client.get(f"{here}/items/TST-01").content.decode()
    assert "Save the item" not in page
    posted = boxes(item_of(draft))
    answers = [
        client.post(f"{here}/items/TST-01/check", posted).status_code,
        client.post(f"{here}/items/TST-01/save", posted).status_code,
        client.post(f"{here}/copy", {"code": "2027.1", "key": "k"}).status_code,
    ]
    assert answers[0] == 403
    assert ChecklistVersion.objects.get(pk=draft.pk).items_hash == draft.items_hash
    assert ChecklistVersion.objects.count() == 1
