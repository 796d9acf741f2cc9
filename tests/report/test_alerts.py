"""Rules of alerts: who hears of which call, and how often."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from gonggo.cli import main
from gonggo.errors import DataFileError
from gonggo.model import announcement_key, now
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
        ("words: [인공지능 도입]", {"도입"}),  # a synonym of AI, in any order
        ("words: [도입을, 없는낱말]", {"도입"}),  # with a particle; any of the two
        ("words: [없는낱말]", set()),
        ("calls: [https://example.or.kr/2]\n  new: true", {"도입"}),
        ("calls: ['https://data.example.or.kr/gonggo/calls/KEY1?version=x']\n  new: true", {"실증"}),
        ("calls: [KEY1]\n  new: true", {"실증"}),
        ("dismissed: [https://example.or.kr/1]", {"도입"}),
        ("company_sizes: [startup]", {"실증", "도입"}),  # the calls name no size: they are for all
        ("new: false\n  days_before: [7, 3]", {"실증"}),
    ],
)
def test_a_rule_chooses_open_calls(settings: Settings, wish: str, named: set[str]) -> None:
    reported = " ".join(texts(settings, f"{HEAD}  {wish}\n".replace("KEY1", announcement_key("gntp", "1"))))
    assert {word for word in ("실증", "도입", "지난") if f"AI {word}" in reported} == named


def test_a_call_is_reported_once_and_its_deadline_once_a_step(settings: Settings) -> None:
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
    ("rules", "message"),
    [
        (f"{HEAD}  new: false\n", "alerts.yaml:2: .*this rule never sends anything"),
        (f"{HEAD}  calls: [x]\n  changes: false\n", "this rule never sends anything"),
        ("rules:\n- name: a\n  morning: true\n  to: {signed_webhook: x}\n", "gets events, not the morning report"),
        ("rules:\n- name: a\n  to: {webhook: x, apprise: y}\n", "give either email or webhook"),
        (f"{HEAD}  days_before: [-1]\n", r"alerts.yaml:4: .*greater than or equal to 0"),
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
def test_a_wrong_rule_is_reported_with_its_line(settings: Settings, rules: str, message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        texts(settings, rules)


def test_what_one_applicant_gets_and_the_time_left_are_written_as_people_say_them(settings: Settings) -> None:
    call = document("gntp", "4", "경남 제조 AI 이용권 공고", day(0))
    call["record"]["amounts"] = [{**call["record"]["amounts"][0], "role": "award_ceiling", "krw": 150_000_000}]
    again(settings, "r2", [call])
    (text,) = texts(settings, f"{HEAD}  words: [이용권]\n")
    assert "(오늘 마감)" in text and "· 최대 1억 5,000만 원" in text


def changed(settings: Settings, title: str = "경남 제조 AI 실증 공고", closes: str | None = None) -> None:
    """Publish a new version of the first call, found now."""
    again(settings, "r2", [document("gntp", "1", title, closes or day(9), at=now())])


@pytest.mark.slow
def test_a_single_call_is_reported_when_it_changes_and_each_change_once(settings: Settings) -> None:
    rules = f"{HEAD}  calls: [https://example.or.kr/1]\n"
    assert texts(settings, rules) == []
    changed(settings)
    (message,) = due_alerts(settings)
    (line,) = [line for line in message["text"].splitlines() if "연장" in line]
    assert f"{day(2)} → {day(9)}" in line and "실증" in line
    mark_sent(settings=settings, message=message)
    assert due_alerts(settings) == []
    again(settings, "r3", [document("gntp", "1", "[취소] 경남 제조 AI 실증 공고", day(9), at=now())])
    assert "취소" in due_alerts(settings)[0]["text"]


def test_a_change_is_reported_to_those_who_ask_for_changes_and_not_for_what_is_dismissed(settings: Settings) -> None:
    changed(settings)
    assert "연장" not in " ".join(texts(settings, HEAD))
    assert "연장" in texts(settings, f"{HEAD}  changes: true\n")[0]
    assert "실증" not in texts(settings, f"{HEAD}  changes: true\ndismissed: [https://example.or.kr/1]\n")[0]


def test_a_signed_webhook_gets_each_event_with_its_data_and_the_same_id_again(settings: Settings) -> None:
    settings.alerts.write_text("rules:\n- name: 시스템\n  days_before: [7]\n  to: {signed_webhook: hook}\n", "utf-8")
    (message,) = due_alerts(settings)
    types = sorted(payload["body"]["type"] for payload in message["payloads"])
    assert types == ["announcement.closing", "announcement.new", "announcement.new"]
    assert len({payload["id"] for payload in message["payloads"]}) == 3
    data = next(p["body"]["data"] for p in message["payloads"] if p["body"]["type"] == "announcement.closing")
    assert (data["rule"], data["closes_on"], data["days_left"], data["regions"]) == ("시스템", day(2), 2, ["경남"])
    json.dumps(message)
    first = message["payloads"][0]
    mark_sent(settings=settings, message={"rule": "시스템", "events": first["events"]})
    (rest,) = due_alerts(settings)
    assert [payload["id"] for payload in rest["payloads"]] == [payload["id"] for payload in message["payloads"][1:]]


@pytest.mark.slow
def test_a_trial_shows_what_rules_would_have_sent_and_which_have_no_effect(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(settings)
    again(settings, "r7", [document("gntp", "4", "경남 제조 AI 새 공고", day(3), at=now())])
    settings.alerts.write_text(
        f"{HEAD}  days_before: [7, 1]\n  changes: true\n  words: [새 공고, 실증]\n"
        "- name: 부산\n  regions: [부산]\n  words: [AI]\n  to: {webhook: x}\n"
        "- name: 아침\n  new: false\n  morning: true\n  to: {webhook: x}\n",
        "utf-8",
    )
    monkeypatch.setenv("GONGGO_HOME", str(settings.home))
    assert main(["alerts", "--try"]) == 0
    output = "\n" + capsys.readouterr().out
    changwon, busan, morning = (output.split(f"\n{name}: ")[1] for name in ("창원", "부산", "아침"))
    assert (
        f"{day(0)} 새 공고: 경남 제조 AI 새 공고" in changwon and f"{day(0)} 연장: 경남 제조 AI 실증 공고" in changwon
    )
    assert f"{day(0)} 마감 7일 전: 경남 제조 AI 새 공고" in changwon
    assert busan.startswith("0 in the last 30 days") and "no effect" in busan.split("아침")[0]
    assert "regions 부산: met by 0 of" in busan and "words AI: met by 0 of" not in busan
    assert "30 morning reports" in morning and "no effect" not in morning
    assert due_alerts(settings)  # nothing was recorded as sent
