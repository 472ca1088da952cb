"""In a real browser: sign in, find a product, be refused, order it, read its contract; a demand."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from core.models import User
from exchange.models import Trade
from tests.exchange import cast
from tests.races.serving import gunicorn

PASSWORD = "a long pass phrase of the test"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SECONDS = 30_000


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    # Playwright keeps an event loop in this thread; no query is made from within it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    if CHROMIUM is None:
        pytest.skip("NO BROWSER: install one with make browser")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def test_buyer_orders_in_a_browser(
    chromium: Any, live_database: str, at: datetime, tmp_path: Path
) -> None:
    market = cast.market(at)
    user = User.objects.get(pk=market.buyer.user_id)
    user.set_password(PASSWORD)
    user.save()
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
        page.goto(f"{base}/catalogue?q=水位")
        page.click("text=Yangtze water levels")
        page.click(".page a:has-text('Order')")
        page.wait_for_selector("text=Every check passes")
        page.select_option("#id_purpose", "marketing")
        page.wait_for_selector("#order-findings >> text=The purpose is not permitted")
        page.fill("#id_label", "our project")
        page.click("text=Sign and order")
        page.wait_for_selector(".problem >> text=Choose a permitted purpose")
        assert page.input_value("#id_label") == "our project"
        page.select_option("#id_purpose", "research")
        page.wait_for_selector("text=Every check passes")
        page.click("text=Sign and order")
        page.wait_for_url(f"{base}/trades/**")
        assert "Money held" in page.inner_text("main")
        trade = Trade.objects.get()
        assert page.url.endswith(str(trade.pk))

        page.click("text=Read the contract")
        assert "The text is the one that both sides signed" in page.inner_text("main")

        page.goto(f"{base}/demands/new")
        page.fill("#id_title", "River levels")
        page.fill("#id_words", "水位 levels")
        page.click("main >> text=Publish the demand")
        page.wait_for_url(f"{base}/demands/*")
        assert "it speaks of 水位, levels" in page.inner_text("main")

        chinese = chromium.new_context(locale="zh-CN", viewport={"width": 400, "height": 900})
        narrow = chinese.new_page()
        narrow.goto(f"{base}/catalogue")
        assert "长江水位日报" in narrow.inner_text("main")
        width = narrow.evaluate("document.documentElement.scrollWidth")
        assert width <= 400

    assert [line for line in said if "Content Security Policy" in line] == []


def test_documentation_of_the_api_breaks_no_content_policy(
    chromium: Any, live_database: str
) -> None:
    said: list[str] = []
    with gunicorn(live_database) as server:
        page = chromium.new_page()
        page.set_default_timeout(SECONDS)
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.goto(f"http://127.0.0.1:{server.port}/api/")
        page.wait_for_selector(".opblock")

    assert [line for line in said if "Content Security Policy" in line] == []
