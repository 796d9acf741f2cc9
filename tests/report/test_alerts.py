"""Rules of alerts: who hears of which call, and how often."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from gonggo.errors import DataFileError
from gonggo.pipeline import due_alerts, mark_sent
from gonggo.report.morning import render_markdown
from gonggo.settings import Settings
from gonggo.warehouse.link import link
from gonggo.warehouse.load import load_batches
from gonggo.warehouse.publish import publish
from tests.warehouse.batches import batch, day, document, settings_at

HEAD = "rules:\n- name: 창원\n  to: {webhook: chat}\n"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_at(tmp_path_factory.mktemp("published"))
    near = document(
        "gntp", "1", "경남 제조 AI 실증 [특별](http://x.example) 공고", day(2), at="2026-01-02T09:00:00+09:00"
    )
    far = document("gntp", "2", "경남 제조 AI 도입 공고", day(30))
    over = document("gntp", "3", "경남 제조 AI 지난 공고", day(-2))
    again(settings, "r1", [near, far, over])
    return settings


@pytest.fixture
def settings(published: Settings, tmp_path: Path) -> Settings:
    """A home of one's own, as it was published."""
    return settings_at(shutil.copytree(published.home, tmp_path / "home"))


def again(settings: Settings, run: str, documents: list[dict[str, Any]]) -> None:
    batch(settings, "gntp", run, documents)
    load_batches(settings)
    link(settings)
    publish(settings)


def texts(settings: Settings, rules: str) -> list[str]:
    settings.alerts.write_text(rules, "utf-8")
    return [message["text"] for message in due_alerts(settings)]


def test_nothing_is_due_without_rules(settings: Settings) -> None:
    assert due_alerts(settings) == []


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ("regions: [경남]", {"실증", "도입"}),
        ("regions: [부산]", set()),
        ("regions: [경상남도]", {"실증", "도입"}),
        ("sectors: [제조]", {"실증", "도입"}),
        ("sectors: [manufacturing]", {"실증", "도입"}),
        ("sectors: [health]", set()),
        ("words: [도입 공고]", {"도입"}),
        ("company_sizes: [startup]", {"실증", "도입"}),  # the calls name no size: they are for all
        ("new: false\n  days_before: [7, 3]", {"실증"}),
    ],
)
def test_a_rule_chooses_open_calls(settings: Settings, wish: str, named: set[str]) -> None:
    told_of = " ".join(texts(settings, f"{HEAD}  {wish}\n"))
    assert {word for word in ("실증", "도입", "지난") if f"AI {word}" in told_of} == named


def test_a_call_is_told_once_and_its_deadline_once_a_step(settings: Settings) -> None:
    settings.alerts.write_text(f"{HEAD}  days_before: [7, 1]\n", "utf-8")
    first = due_alerts(settings)
    assert [event for _, event in first[0]["events"]] == ["new", f"closing {day(2)} -7", "new"]
    assert due_alerts(settings) == first  # not sent, not told
    mark_sent(settings=settings, message=first[0])
    assert due_alerts(settings) == []
    again(settings, "r2", [document("gntp", "1", "경남 제조 AI 실증 공고", day(1), at="2026-01-05T09:00:00+09:00")])
    assert [event for _, event in due_alerts(settings)[0]["events"]] == [f"closing {day(1)} -1"]


def test_the_morning_report_is_sent_once_a_day(settings: Settings) -> None:
    settings.alerts.write_text(f"{HEAD}  new: false\n  morning: true\n", "utf-8")
    (message,) = due_alerts(settings)
    assert "## 곧 마감" in message["text"]
    mark_sent(settings=settings, message=message)
    assert due_alerts(settings) == []


def test_titles_are_no_markup(settings: Settings) -> None:
    (text,) = texts(settings, HEAD)
    assert "\\[특별\\](http://x.example)" in text
    assert "](https://example.or.kr/1)" in text
    page = render_markdown(settings).read_text("utf-8")
    assert "\\[특별\\]" in page and "견본 자료" in page and "| 경남 |" in page


@pytest.mark.parametrize(
    ("rules", "told_of"),
    [
        ("rules:\n- name: a\n  to: {}\n", r"alerts.yaml:3: .*give either email or webhook"),
        ("rules:\n- name: a\n  regions: 경남\n  to: {webhook: x}\n", r"alerts.yaml:3: rules.0.regions"),
        ("rules:\n- name: a\n  regions: [경냄]\n  to: {webhook: x}\n", r"alerts.yaml:3: .*there is no '경냄'.*경남"),
        (
            "rules:\n- name: a\n  sectors: [철강]\n  to: {webhook: x}\n",
            r"alerts.yaml:3: .*there is no '철강'.*manufacturing",
        ),
        ("rules:\n- name: a\n  company_sizes: [big]\n  to: {webhook: x}\n", r"alerts.yaml:3: .*there is no 'big'"),
        ("rules:\n- name: a\n  to: {webhook: x}\n- name: a\n  to: {webhook: x}\n", "two rules have the same name"),
    ],
)
def test_a_wrong_rule_is_told_with_its_line(settings: Settings, rules: str, told_of: str) -> None:
    with pytest.raises(DataFileError, match=told_of):
        texts(settings, rules)


def test_what_one_applicant_gets_and_the_time_left_are_written_as_people_say_them(settings: Settings) -> None:
    call = document("gntp", "4", "경남 제조 AI 이용권 공고", day(0))
    call["record"]["amounts"] = [{**call["record"]["amounts"][0], "role": "award_ceiling", "krw": 150_000_000}]
    again(settings, "r2", [call])
    (text,) = texts(settings, f"{HEAD}  words: [이용권]\n")
    assert "(오늘 마감)" in text and "· 최대 1억 5,000만 원" in text
