"""In a real browser: a reviewer works the whole desk by the keyboard, without touching a mouse."""

from datetime import datetime
from typing import Any

from compliance.models import Absence, Review, ReviewNote
from core.actors import Member
from core.models import User
from tests.browser.test_order_journey import PASSWORD, SECONDS, chromium
from tests.compliance import cast as desk
from tests.exchange import cast
from tests.races.serving import Server, gunicorn

__all__ = ["chromium"]
MOST_TABS = 120


def signed_in(chromium: Any, server: Server, member: Member) -> Any:
    user = User.objects.get(pk=member.user_id)
    user.set_password(PASSWORD)
    user.save()
    base = f"http://127.0.0.1:{server.port}"
    page = chromium.new_context(locale="en-US").new_page()
    page.set_default_timeout(SECONDS)
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{base}/")
    return page


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until what is looked for has the focus."""
    for _ in range(MOST_TABS):
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


def tab_and_press(page: Any, selector: str) -> None:
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_every_action_of_the_desk_is_reached_by_the_keyboard(
    chromium: Any, live_database: str, at: datetime
) -> None:
    market = cast.market(at)
    review = desk.queued(market.vendor, at)
    with gunicorn(live_database) as server:
        base = f"http://127.0.0.1:{server.port}"
        page = signed_in(chromium, server, market.desk.maker)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))

        # From the queue to the case: a view by Tab, the row by j, opened by Enter.
        page.goto(f"{base}/reviews")
        tab_and_press(page, 'a.chip[href="/reviews?view=free"]')
        page.keyboard.press("j")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.endswith(f"/reviews/{review.pk}")

        # t takes the case, w writes a note, h hands the case over.
        page.keyboard.press("t")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert Review.objects.get(pk=review.pk).assigned_id == market.desk.maker.user_id
        page.keyboard.press("w")
        page.keyboard.type("looked up by telephone")
        tab_and_press(page, '.notes [data-verb="note"]')
        assert list(ReviewNote.objects.values_list("audience", "text")) == [
            ("venue", "looked up by telephone")
        ]
        page.keyboard.press("h")
        page.keyboard.type(market.desk.senior.name)
        tab_to(page, "#hand-reason")
        page.keyboard.type("a senior has to look")
        tab_and_press(page, '.case [data-verb="delegate"]')
        assert Review.objects.get(pk=review.pk).assigned_id == market.desk.senior.user_id

        # The senior gives it back, and notes an absence; every field by Tab.
        senior = signed_in(chromium, server, market.desk.senior)
        senior.goto(f"{base}/reviews/{review.pk}")
        senior.keyboard.press("h")
        senior.keyboard.type(market.desk.maker.name)
        tab_to(senior, "#hand-reason")
        senior.keyboard.type("yours again")
        tab_and_press(senior, ".case form:last-of-type button")
        assert Review.objects.get(pk=review.pk).assigned_id == market.desk.maker.user_id

        # c asks for changes: the button has the focus, its notes are before it.
        page.goto(f"{base}/reviews/{review.pk}")
        page.keyboard.press("c")
        assert page.evaluate("document.activeElement.dataset.verb") == "return"
        page.focus(".decide textarea[name=note]")
        page.keyboard.type("state the volume")
        tab_to(page, ".decide textarea[name=internal_note]")
        page.keyboard.type("they know why")
        tab_and_press(page, '.decide [data-verb="return"]')
        assert Review.objects.get(pk=review.pk).state == "PROPOSED"

        checker = signed_in(chromium, server, market.desk.checker)
        checker.goto(f"{base}/reviews/{review.pk}")
        checker.keyboard.press("a")
        assert checker.evaluate("document.activeElement.dataset.verb") == "confirm"
        with checker.expect_navigation():
            checker.keyboard.press("Enter")
        assert Review.objects.get(pk=review.pk).state == "DECIDED"

        # Absences, and what the keys are.
        checker.goto(f"{base}/absences")
        today = desk.selectors.today(at).isoformat()
        for name in ("first_day", "last_day"):
            checker.fill(f"[name={name}]", today)
        tab_to(checker, "[name=note]")
        checker.keyboard.type("a day off")
        tab_and_press(checker, 'form[action="/absences/note"] button')
        assert Absence.objects.get().reviewer_id == market.desk.checker.user_id
        tab_and_press(checker, 'form[action*="/cancel"] button')
        assert Absence.objects.get().state == "CANCELLED"
        page.goto(f"{base}/reviews/{review.pk}")
        page.keyboard.press("?")
        page.wait_for_selector("dialog[open] >> text=Take the case, hand it over, write a note")
        assert errors == []

        # Narrow, in Chinese: nothing is wider than the screen.
        chinese = chromium.new_context(
            locale="zh-CN",
            viewport={"width": 390, "height": 900},
            storage_state=senior.context.storage_state(),
        ).new_page()
        for address in (f"reviews/{review.pk}", "reviews", "absences", "ends", "statistics"):
            chinese.goto(f"{base}/{address}")
            assert chinese.evaluate("document.documentElement.scrollWidth") <= 390, address
