"""In a real browser: a vendor begins a product, writes sections, proposes, signs nothing unseen."""

from datetime import datetime
from pathlib import Path
from typing import Any

from core.models import User
from listings.models import Version
from tests import make
from tests.browser.test_order_journey import PASSWORD, SECONDS, chromium
from tests.compliance import cast as desk
from tests.races.serving import gunicorn

__all__ = ["chromium"]


def test_vendor_writes_a_draft_in_a_browser(
    chromium: Any, live_database: str, at: datetime, tmp_path: Path
) -> None:
    desk.in_force(at)
    vendor = make.vendor(at)
    user = User.objects.get(pk=vendor.user_id)
    user.set_password(PASSWORD)
    user.save()
    sample = tmp_path / "sample.csv"
    sample.write_text(desk.SAMPLE, encoding="utf-8")
    said: list[str] = []

    with gunicorn(live_database) as server:
        base = f"http://127.0.0.1:{server.port}"
        page = chromium.new_context(locale="en-US").new_page()
        page.set_default_timeout(SECONDS)
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.goto(f"{base}/accounts/login/")
        page.fill("input[name=login]", user.email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"{base}/")
        page.goto(f"{base}/products")
        page.click("main >> text=Describe a new product >> nth=0")
        page.click("main >> text=Begin the draft")
        page.wait_for_url("**/draft")
        draft = page.url

        page.fill('[name="title.en"]', "Yangtze water levels")
        page.fill('[name="coverage.time_from"]', "2025-02-01")
        page.fill('[name="coverage.time_to"]', "2025-01-01")
        page.click("#describe >> text=Save this section")
        page.wait_for_selector("#describe >> text=The end lies before the beginning.")
        assert page.input_value('[name="title.en"]') == "Yangtze water levels"
        page.fill('[name="coverage.time_to"]', "2025-03-01")
        page.click("#describe >> text=Save this section")
        page.wait_for_selector("text=Saved: Describe")

        page.set_input_files("#files input[type=file]", str(sample))
        page.click("#files >> text=Upload the file")
        page.wait_for_selector("text=Proposed from the head of the sample")
        page.click("#dictionary >> text=Save this section")
        page.wait_for_selector("text=Saved: Dictionary")
        names = [one["name"] for one in Version.objects.get().content["dictionary"]]
        assert names == ["站点", "日期", "水位"]

        # What is typed in one section is not left behind unasked when another is saved.
        asked: list[str] = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.fill('[name="topic"]', "hydrology")
        page.click("#personal >> text=Save this section")
        page.wait_for_selector("text=Saved: Personal data and special questions")
        assert asked == ["beforeunload"]

        chinese = chromium.new_context(
            locale="zh-CN",
            viewport={"width": 390, "height": 900},
            storage_state=page.context.storage_state(),
        )
        narrow = chinese.new_page()
        for address in (draft, draft.removesuffix("/draft"), f"{base}/rights", f"{base}/products"):
            narrow.goto(address)
            assert narrow.evaluate("document.documentElement.scrollWidth") <= 390, address

    assert [line for line in said if "Content Security Policy" in line] == []
