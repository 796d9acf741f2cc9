"""The site in a real browser: what a reader does, at a desk and on a phone, without a complaint of the browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

if not os.environ.get("GONGGO_BROWSER"):
    pytest.skip("`make test-web` installs a browser's driver and runs these", allow_module_level=True)

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gonggo.distribution.distribute import distribute
from gonggo.report.exports import export
from gonggo.settings import Settings, load_settings
from tests.serving import running
from tests.web.test_pages import PATHS, api, key_of
from tests.world import copy_home

WIDTHS = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
SHOTS = os.environ.get("GONGGO_SCREENSHOTS")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = os.environ.get("GONGGO_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield launched
        launched.close()


class Visit:
    """A page, and everything that its browser complained of or asked for elsewhere."""

    def __init__(self, browser: Browser, url: str, **options: Any) -> None:
        self.url, self.complaints = url, list[str]()
        self.context = browser.new_context(locale="ko-KR", **options)
        self.page: Page = self.context.new_page()
        self.page.on(
            "console", lambda message: message.type in ("error", "warning") and self.complaints.append(message.text)
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda asked: self._elsewhere(asked.url))

    def _elsewhere(self, address: str) -> None:
        if urlsplit(address).scheme != "data" and urlsplit(address).netloc != urlsplit(self.url).netloc:
            self.complaints.append(f"asked for {address}")

    def go(self, path: str = "") -> Page:
        self.page.goto(f"{self.url}/{path}", wait_until="networkidle")
        return self.page


class SilentFiles(SimpleHTTPRequestHandler):
    """Serves a folder as a web server does."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def demand_usable(page: Page, where: str) -> None:
    """Demand a heading, no sideways scrolling, and no serious finding of axe."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{where}: wider than the screen"
    expect(page.locator("h1")).to_be_visible()
    violations = [(v["id"], v["impact"], v["nodes"][0]["html"][:150]) for v in Axe().run(page).response["violations"]]
    assert [entry for entry in violations if entry[1] in ("serious", "critical")] == [], where


@pytest.fixture(params=list(WIDTHS))
def visit(browser: Browser, url: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    one = Visit(browser, url, viewport=WIDTHS[request.param])
    yield one
    one.context.close()
    assert one.complaints == []


@pytest.mark.parametrize("path", [*PATHS, "calls?status=open", "CALL", "regions/부산/brief"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_its_screen_and_anyone_can_use_it(browser, url, path, scheme):
    path = f"calls/{key_of(url, '항만물류')}" if path == "CALL" else path
    for name, size in WIDTHS.items():
        one = Visit(browser, url, viewport=size, color_scheme=scheme)
        page = one.go(path)
        demand_usable(page, f"{path} on a {name}")
        if SHOTS and scheme == "light":
            page_name = path.split("?")[0].split("/")[0] or "front"
            page.screenshot(path=str(Path(SHOTS) / f"{page_name}-{name}.png"))
        one.context.close()
        assert one.complaints == []


@pytest.fixture(scope="module")
def edition(home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a static edition of the site."""
    root = tmp_path_factory.mktemp("web") / "공개"
    address = "https://data.example.or.kr/gonggo/"
    # Of a copy, because the site of this process has the published file open with limits of its own.
    copy = copy_home(home.home, tmp_path_factory.mktemp("edition") / "home")
    own = load_settings({"GONGGO_HOME": str(copy), "GONGGO_SOURCES": "demo"})
    export(own)
    settings = replace(own, distribution_url=address, publisher="예시테크노파크")
    # In a thread of its own, because the browser's driver has an event loop in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(distribute, settings, str(root)).result()
    return root


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_of_the_static_edition_fits_its_screen_and_anyone_can_use_it(browser, edition, scheme):
    kinds = {path.relative_to(edition).parent: path for path in sorted(edition.rglob("*.html"))}
    assert len(kinds) > 1
    handler = partial(SilentFiles, directory=str(edition))
    with running(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as server:
        for path in [*kinds.values(), edition / "index.html"]:
            for name, size in WIDTHS.items():
                one = Visit(browser, f"http://127.0.0.1:{server.server_port}", viewport=size, color_scheme=scheme)
                demand_usable(one.go(quote(path.relative_to(edition).as_posix())), f"{path} on a {name}")
                one.context.close()
                assert one.complaints == []


def test_search_and_facets_narrow_the_list(visit, url):
    page = visit.go("calls")
    page.get_by_role("searchbox").fill("항만 물류를")
    page.get_by_role("button", name="검색").click()
    expect(page.locator(".call .title").first).to_contain_text("항만물류")
    page.goto(f"{url}/calls")
    facet = page.locator(".facet", has_text="시도").locator("li").first
    count = int(facet.locator(".n").inner_text())
    facet.locator("a").click()
    expect(page.locator("h1 small")).to_contain_text(str(count))
    page.locator(".chip").first.click()
    expect(page.locator("h1 small")).to_contain_text(str(api(url, "calls")["found"]))


def test_a_fact_lights_its_words_and_leads_to_them(visit, url):
    page = visit.go(f"calls/{key_of(url, '항만물류')}")
    fact = page.locator(".fact", has_text="1억 6,000만")
    fact.hover()
    lit = page.locator("mark.lit")
    expect(lit.first).to_be_visible()
    assert set(lit.all_inner_texts()) == {"1억6천만원", "1억5천만원"}
    fact.locator("a.value").click()
    assert "#e-" in page.url
    page.locator("mark", has_text="120명").hover()
    expect(page.locator(".fact.lit")).to_contain_text("120")


def test_a_fact_that_was_chosen_stays_shown_when_the_pointer_passes_others(visit, url):
    page = visit.go(f"calls/{key_of(url, '항만물류')}")
    fact = page.locator(".fact", has_text="1억 6,000만")
    fact.locator("a.value").click()
    box = page.locator(".evidence .text")
    shown = box.evaluate("box => box.scrollTop")
    page.locator(".fact", has_text="총사업비").first.hover()
    assert box.evaluate("box => box.scrollTop") == shown
    assert set(page.locator("mark.chosen-fact").all_inner_texts()) == {"1억6천만원", "1억5천만원"}


def test_a_company_sees_what_fits_it_and_sends_nothing_of_itself(visit):
    page = visit.go("mine")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    page.locator("[name=region]").select_option("부산")
    page.locator("[name=size]").select_option("startup")
    page.locator("[name=age]").fill("3")
    expect(page.locator("[data-verdict=no] .misses").first).to_be_visible()
    fits = page.locator("[data-verdict=yes] .reasons")
    assert fits.count() > 0 and all("부산" in text or "전국" in text for text in fits.all_inner_texts())
    page.reload()
    expect(page.locator("[name=region]")).to_have_value("부산")
    assert not [one for one in asked if "startup" in one or "age" in one]


def test_a_call_that_fits_is_starred_where_it_is_found_with_the_days_left(visit):
    page = visit.go("mine")
    first = page.locator("#matches .call").first
    expect(first.locator(".left")).to_contain_text("남음")
    first.locator(".star").click()
    expect(first.locator(".star")).to_have_attribute("aria-pressed", "true")
    title = first.locator(".title").inner_text()
    expect(page.locator("#starred-list a")).to_have_text(title)
    page.locator("#starred-list button").click()
    expect(first.locator(".star")).to_have_attribute("aria-pressed", "false")


def test_starred_calls_are_kept_and_compared(visit):
    page = visit.go("calls?status=open")
    stars = page.locator("button.star")
    for number in (0, 1):
        stars.nth(number).click()
    expect(stars.nth(0)).to_have_attribute("aria-pressed", "true")
    page = visit.go("mine")
    boxes = page.locator("#starred-list input")
    expect(boxes).to_have_count(2)
    for number in (0, 1):
        boxes.nth(number).check()
    page.locator("#starred-section button:not([type=button])").click()
    expect(page.locator(".beside thead th")).to_have_count(2)
    page = visit.go("mine")
    page.locator("#starred-list button").first.click()
    expect(page.locator("#starred-list input")).to_have_count(1)


def test_everything_is_reached_by_keyboard(visit):
    page = visit.go("")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_console_answers_refuses_and_remembers(visit):
    page = visit.go("console")
    box = page.locator("#sql")
    box.fill("SELECT status, count(*) AS 공고 FROM notice GROUP BY status ORDER BY 공고 DESC")
    page.get_by_role("button", name="실행").click()
    expect(page.locator(".result table")).to_contain_text("공고")
    first_letter = "head => getComputedStyle(head, '::first-letter').textTransform"
    assert page.locator(".result thead th").first.evaluate(first_letter) == "none"
    sides = [cell.bounding_box() for cell in page.locator(".result tr > .n").all()]
    assert len(sides) > 1 and len({round(box["x"] + box["width"]) for box in sides if box}) == 1
    expect(page.locator(".result svg").first).to_be_visible()
    box.fill("COPY directory TO '/tmp/x.csv'")
    box.press("Control+Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator(".history summary").click()
    assert page.locator(".history li").count() == 2
    page.locator(".history li a", has_text="SELECT status").click()
    expect(page.locator("#sql")).to_contain_text("SELECT status")


def test_a_query_is_cancelled(visit):
    page = visit.go("console")
    page.locator("#sql").fill("SELECT count(*) FROM range(1000000000000) AS a, range(1000) AS b")
    page.get_by_role("button", name="실행").click()
    page.get_by_role("button", name="중지").click()
    expect(page.get_by_role("alert")).to_be_visible(timeout=8000)


def test_without_scripts_everything_still_works(browser, url):
    one = Visit(browser, url, java_script_enabled=False)
    page = one.go("console")
    page.locator("form.console button").first.click()
    assert page.locator(".result tbody tr").count() > 0
    page.goto(f"{url}/calls/{key_of(url, '항만물류')}")
    page.locator(".fact a.value").first.click()
    assert "#e-" in page.url
    one.context.close()


def test_the_other_language(visit):
    page = visit.go("calls?status=open")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("nav").first).to_contain_text("Programmes")
    assert "status=open" in page.url


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_phone_shows_the_whole_menu_and_words_of_a_chart_in_a_size_to_read(browser, url, language):
    one = Visit(browser, url, viewport=WIDTHS["phone"])
    one.context.add_cookies([{"name": "gonggo_language", "value": language, "url": url}])
    page = one.go()
    for link in page.locator(".top nav a").all():
        box = link.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= WIDTHS["phone"]["width"], link.inner_text()
    words = page.locator(".chart > svg text").all()
    assert words and min((text.bounding_box() or {"height": 0})["height"] for text in words) >= 12
    for tile in page.locator(".steps li").all():
        assert tile.evaluate("tile => tile.scrollWidth <= tile.clientWidth"), tile.inner_text()
    one.context.close()


def test_the_brief_of_a_region_uses_the_width_of_a_phone(browser, url):
    one = Visit(browser, url, viewport=WIDTHS["phone"])
    page = one.go("regions/부산/brief")
    for row in page.locator("tbody tr").all()[:10]:
        assert (row.bounding_box() or {"width": 0})["width"] > 0.85 * WIDTHS["phone"]["width"], row.inner_text()
    one.context.close()


def test_on_a_phone_a_label_and_its_value_stay_on_one_line(browser, url):
    one = Visit(browser, url, viewport=WIDTHS["phone"])
    for path in ("regions", "programmes", "sources"):
        page = one.go(path)
        line = page.locator(".cards td[data-label]").first.evaluate(
            "cell => parseFloat(getComputedStyle(cell).lineHeight)"
        )
        for cell in page.locator(".cards td[data-label]:not(:empty)").all()[:40]:
            assert (cell.bounding_box() or {"height": 0})["height"] < 1.6 * line, cell.inner_text()
    one.context.close()
