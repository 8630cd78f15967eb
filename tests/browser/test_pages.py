"""The officer's pages in a browser: for the eye, the keyboard, the thumb and the screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.site import DESK, PHONE, Site, serving
from tests.factories import make_engine
from tests.web.night import NUMBER, Night, the_night

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
# Person and path; {…} are ids of the night. Error and empty states are pages, too.
PAGES = (
    (None, "/sign-in"),
    ("handler", "/inbox"),
    ("handler", "/inbox?due=overdue"),
    ("handler", "/queue"),
    ("station", "/queue"),
    ("president", "/inbox"),
    ("president", "/archive"),
    ("handler", "/started"),
    ("handler", "/notices"),
    ("president", "/notices"),
    ("handler", "/start"),
    ("handler", "/password"),
    ("handler", "/tasks/{respond}"),
    ("president", "/instances/{court}"),
    ("station", "/watch-list"),
    ("handler", "/watch-list"),
    ("handler", "/nothing"),
    ("sysadmin", "/admin/directory"),
    ("secadmin", "/admin/people/handler"),
)


@pytest.fixture(scope="module")
def night_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Night]]:
    engine = make_engine(tmp_path_factory.mktemp("night"))
    night = the_night(engine)
    with serving(engine) as site:
        yield site, night
    engine.database.close()


@pytest.fixture
def site(night_site: tuple[Site, Night]) -> Site:
    return night_site[0]


@pytest.fixture
def night(night_site: tuple[Site, Night]) -> Night:
    return night_site[1]


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.1 A and AA."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
    )
    return [
        f"{one['id']}: {node['target']} {node['failureSummary'][:160]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def opened(site: Site, page: Page, path: str) -> Page:
    page.goto(site.url + path)
    if page.locator("[data-diagram-url]").count():
        page.wait_for_selector("[data-diagram-url][data-ready]", state="attached")
    return page


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_is_accessible_and_fits_and_complains_of_nothing(
    browser: Browser, site: Site, night: Night, viewport: dict[str, int]
) -> None:
    wrong = []
    for login, path in PAGES:
        page = opened(site, site.page(browser, login, viewport), path.format(**vars(night)))
        wrong += [f"{path} {one}" for one in violations(page) + page.said]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{path} is wider than the screen")
        page.context.close()
    assert wrong == []


def test_a_form_with_errors_is_accessible_and_the_summary_takes_the_focus(
    browser: Browser, site: Site, night: Night
) -> None:
    page = opened(site, site.page(browser, "handler"), f"/tasks/{night.respond}")
    page.click("text=提交")
    page.wait_for_selector("[data-error-summary]")
    assert violations(page) == []
    assert page.evaluate("document.activeElement.matches('[data-error-summary]')")
    page.click("[data-error-summary] a >> nth=0")
    assert page.evaluate("location.hash.startsWith('#f-')")


def test_the_watch_list_hit_and_the_refused_sign_in_are_accessible(
    browser: Browser, site: Site
) -> None:
    page = opened(site, site.page(browser, "station"), "/watch-list")
    page.fill("#number", NUMBER)
    page.click("main button")
    page.wait_for_selector("text=命中布控名单")
    assert violations(page) == []
    assert NUMBER not in page.url
    stranger = opened(site, site.page(browser, None), "/sign-in")
    stranger.fill("#login", "handler")
    stranger.fill("#password", "wrong password")
    stranger.click("main button")
    stranger.wait_for_selector("[data-error-summary]")
    assert violations(stranger) == []


def test_the_keyboard_skips_to_the_content(browser: Browser, site: Site) -> None:
    page = opened(site, site.page(browser, "handler"), "/inbox")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到主要内容"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_on_a_phone_the_menu_opens_and_the_task_has_tabs(
    browser: Browser, site: Site, night: Night
) -> None:
    page = opened(site, site.page(browser, "handler", PHONE), "/inbox")
    page.click("[aria-label=打开菜单]")
    page.wait_for_selector("#side.show")
    page.click("#side >> text=候办池")
    page.wait_for_url("**/queue")
    opened(site, page, f"/tasks/{night.respond}")
    assert not page.is_visible("#pane-history")
    page.click(".task-tabs >> text=办理过程")
    assert page.is_visible("#pane-history")
    assert not page.is_visible("#pane-form")


def test_the_diagram_shows_the_states(browser: Browser, site: Site, night: Night) -> None:
    page = opened(site, site.page(browser, "president"), f"/instances/{night.court}")
    assert "is-done" in page.get_attribute("[data-element-id=Task_Approve]", "class")
    assert "is-active" in page.get_attribute("[data-element-id=Task_Respond]", "class")
    assert page.is_visible("text=承办人甲 · 剩余 1小时12分")


def test_what_is_typed_is_saved_by_itself(browser: Browser, site: Site, night: Night) -> None:
    page = opened(site, site.page(browser, "handler"), f"/tasks/{night.respond}")
    with page.expect_response("**/draft"):
        page.fill("[name=note]", "已电话通知带队民警")
        page.keyboard.press("Tab")
    page.wait_for_selector("#draft-note >> text=草稿已保存")
    again = opened(site, site.page(browser, "handler"), f"/tasks/{night.respond}")
    assert again.input_value("[name=note]") == "已电话通知带队民警"
