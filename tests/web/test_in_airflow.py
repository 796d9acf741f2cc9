"""The site within a real Airflow: nothing without its login, everything in its frame after it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
import requests

if not os.environ.get("GONGGO_BROWSER"):
    pytest.skip("`make test-web` installs a browser's driver and runs these", allow_module_level=True)

from playwright.sync_api import expect

from gonggo.access_keys import AccessKeys
from gonggo.local_airflow.database import prepare_database
from gonggo.local_airflow.environment import USER, airflow_environment, free_port, password
from gonggo.local_airflow.programs import Programs, wait_for
from gonggo.settings import Settings
from tests.web import test_browser

browser = test_browser.browser
PATHS = (
    "",
    "calls",
    "calls.csv",
    "console",
    "api/v1/calls",
    "api/v1/openapi.json",
    "static/gonggo.js",
    "language?to=en",
    "files/x/y",
    "docs",
    "nothing",
)


@pytest.fixture(scope="module")
def airflow(home: Settings) -> Iterator[str]:
    """The address of an Airflow whose web server has the plugin."""
    port = free_port(8180)
    programs = Programs(home.home / "airflow" / "logs", airflow_environment(home, port, one_shot=False))
    try:
        prepare_database(programs)
        programs.start("api-server", sys.executable, "-m", "airflow", "api-server")
        wait_for(f"http://127.0.0.1:{port}/api/v2/version", 180, programs)
        yield f"http://127.0.0.1:{port}"
    finally:
        programs.stop()


@pytest.mark.parametrize("path", PATHS)
def test_nobody_sees_anything_without_a_login(airflow, path):
    plain = requests.get(f"{airflow}/gonggo/{path}", timeout=30, allow_redirects=False)
    assert plain.status_code == 401 and "공고" not in plain.text
    forged = requests.get(f"{airflow}/gonggo/{path}", timeout=30, cookies={"_token": "forged"})
    assert forged.status_code in (401, 403)
    browsing = requests.get(
        f"{airflow}/gonggo/{path}", timeout=30, headers={"Accept": "text/html"}, allow_redirects=False
    )
    assert browsing.status_code == 307 and browsing.headers["location"].startswith("/auth/login?next=")
    written = requests.post(f"{airflow}/gonggo/{path}", timeout=30, data={"sql": "SELECT 1"}, allow_redirects=False)
    assert written.status_code == 401


def test_a_key_opens_its_address_without_a_login_and_stays_out_of_the_log(airflow, home):
    secret = AccessKeys(home).add("달력", "calls.ics?status=open", "test")[1]
    calendar = f"{airflow}/gonggo/calls.ics?status=open&access_key={secret}"
    answer = requests.get(calendar, timeout=30)
    assert answer.status_code == 200 and "BEGIN:VCALENDAR" in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    browsing = {"timeout": 30, "headers": {"Accept": "text/html"}, "allow_redirects": False}
    assert requests.get(calendar[:-1], **browsing).status_code == 401
    for path in ("", "calls", "console", "keys", "calls.ics"):
        assert requests.get(f"{airflow}/gonggo/{path}?access_key={secret}", **browsing).status_code == 403
    assert requests.get(f"{airflow}/api/v2/dags?access_key={secret}", timeout=30).status_code == 401
    bearer = {"Authorization": f"Bearer {secret}"}
    assert requests.get(f"{airflow}/gonggo/console", timeout=30, headers=bearer).status_code == 403
    assert requests.get(f"{airflow}/api/v2/dags", timeout=30, headers=bearer).status_code in (401, 403)
    logs = [
        path.read_text("utf-8", "replace") for path in (home.home / "airflow" / "logs").rglob("*") if path.is_file()
    ]
    assert any("/gonggo/calls.ics" in text for text in logs)
    assert not any(secret[16:] in text for text in logs)


def test_after_the_login_the_site_stands_in_airflows_menu(airflow, home, browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ko-KR")
    page, complaints = context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{airflow}/gonggo/")
    assert "/auth/login" in page.url
    page.locator("input[name=username]").fill(USER)
    page.locator("input[type=password]").fill(password(home))
    page.locator("button[type=submit]").click()
    expect(page.locator("h1")).to_contain_text("지역 AI 사업 공고", timeout=30_000)
    page.goto(f"{airflow}/")
    expect(page.get_by_text("공고", exact=True).first).to_be_visible(timeout=30_000)
    page.goto(f"{airflow}/plugin/gonggo")
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1")).to_contain_text("지역 AI 사업 공고", timeout=30_000)
    frame.get_by_role("link", name="공고", exact=True).click()
    expect(frame.locator("h1")).to_contain_text("건")
    frame.locator(".call .title").first.click()
    expect(frame.locator(".facts").first).to_be_visible()
    with context.expect_page() as opened:
        frame.locator("a.out").first.click()
    assert opened.value.url != page.url
    assert complaints == []
    context.close()
