"""The tables of the whole demo portal against the data beside its announcements, row by row."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from demo.content import Entry, load_entries, render
from demo.portal import serve
from demo.truth import Programme
from gonggo import pipeline
from gonggo.datafile import load_yaml
from gonggo.settings import SEOUL, Settings
from gonggo.sources.catalogue import load_catalogue
from gonggo.warehouse.snapshot import open_snapshot
from tests.conftest import demo_settings
from tests.demo import truth

pytestmark = pytest.mark.slow

ENTRIES = load_entries()


def collected(home: Path, today: date, **change: Any) -> Settings:
    """Collect the whole portal and publish it, and the inbox where ``change`` names one."""
    with serve(today=today) as portal:
        settings = replace(demo_settings(portal, home), chunk_size=20, **change)
        sources = [site.id for site in load_catalogue().values() if site.demo]
        for source in [*sources, *(["inbox"] if settings.inbox else [])]:
            assert pipeline.collect(source, settings=settings)["state"] == "ok"
    for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish):
        step(settings=settings)
    return settings


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory):
    """The snapshot of one collection of the whole portal, and the day on which it was collected."""
    today = datetime.now(SEOUL).date()
    settings = collected(tmp_path_factory.mktemp("home"), today)
    with closing(open_snapshot(settings)) as con:
        yield con, today


def test_what_articles_repeat_of_calls_is_not_added_to_them(tmp_path: Path) -> None:
    """The inbox has articles on programmes that the portal calls for: valleys, hubs and 제주's 대전환."""
    inbox = Path(__file__).parents[2] / "demo" / "inbox"
    settings = collected(tmp_path / "home", datetime.now(SEOUL).date(), inbox=(inbox,))
    with closing(open_snapshot(settings)) as con:
        rows = con.execute(
            "SELECT region, sum(krw)::BIGINT // 100000000 FROM funding_by_region WHERE funding_source = 'total'"
            " AND region IN ('광주', '대구', '제주') GROUP BY region"
        ).fetchall()
    # 광주: the valley; 대구: the hub and the 지역 디지털 혁신거점 beside it; 제주: the 대전환 alone.
    assert dict(rows) == {"광주": 6000, "대구": 477 + 126, "제주": 233}


def test_searches_find_what_people_ask_for(published):
    """Recall among the first ten, and the place of the first answer, over the questions of searches.yaml."""
    con, _ = published
    questions = load_yaml(Path(__file__).parents[1] / "questions" / "searches.yaml")["demo"]
    recalls, ranks = [], []
    for words, answers in questions:
        rows = con.execute("SELECT a.native_id FROM search($1) AS s JOIN announcement AS a USING (announcement_key)"
                           " ORDER BY s.score DESC, a.announcement_key", [words]).fetchall()  # fmt: skip
        first = list(dict.fromkeys(row[0][-4:] for row in rows))[:10]
        recalls.append(sum(str(answer) in first for answer in answers) / len(answers))
        ranks.append(max((1 / (first.index(str(one)) + 1) for one in answers if str(one) in first), default=0))
    assert sum(recalls) / len(recalls) >= 0.97 and sum(ranks) / len(ranks) >= 0.93


def of_entries(con: Any, query: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of a query by the entry that they are of; the first column is the title of an announcement."""
    rows: dict[str, list[tuple[Any, ...]]] = {entry.id: [] for entry in ENTRIES}
    for title, *row in con.execute(query).fetchall():
        rows[_entry(title).id].append(tuple(row))
    return rows


def _entry(title: str) -> Entry:
    """Return the entry of a title, which sites shorten and put a region before."""
    (entry_of_title,) = [entry for entry in ENTRIES if _plain(title) in _plain(entry.title)]
    return entry_of_title


def _plain(title: str) -> str:
    return re.sub(r"^(\[\w+\]\s*)+|\W", "", title)


# Entries whose words are not read rightly, by what is wrong. Each may leave its list; none may come to it.
NOT_ABOUT_AI = {
    "cb-startup",
    "cb-re",
    "sj-result",
    "jb-cancel",
}  # a title beside other fields, a cancellation, a result

MONEY_NOT_READ = {
    "press-ulsan",  # no programme is read in a headline
    "cn-auto",  # the rows of a table are no programmes
    *("gg-infra", "gg-result"),  # neither list nor text has a day of the call, so the year is unknown
}
STAGE_NOT_READ = {
    *("press-ulsan", "press-gunsan"),  # the headline alone names the programme
    "dg-hub",  # the hub of which a call is a part is not read as planned
}
WINDOW_NOT_READ = {
    "bs-voucher",  # a board says when applications open, and 상시 stands under 운영기간 of the text alone
    *("jj-ax", "sj-voucher", "bs-smart2"),  # the hour beside a deadline that was moved is lost
}
COUNTS_NOT_READ = {
    *("press-gunsan", "bs-smart2", "gg-infra"),  # a count in a sentence is passed over
}
STAGES = {"proposed": "proposed", "planned": "planned", "open": "decided", "selected": "decided", "ended": "ended"}


def differing(wanted: dict[str, Any], extracted: dict[str, Any], not_read: set[str]) -> dict[str, tuple[Any, Any]]:
    """Return what is wanted and found of the entries that differ, but for those that are known not to be read."""
    return {
        name: (wanted[name], extracted[name])
        for name in wanted
        if wanted[name] != extracted[name] and name not in NOT_ABOUT_AI | not_read
    }


def test_money_of_every_entry_is_what_it_says(published) -> None:
    con, today = published
    rows = of_entries(con, "SELECT title, region, year, role, sum(krw)::BIGINT FROM notice_amount GROUP BY ALL")
    extracted = {name: {tuple(key): krw for *key, krw in amounts} for name, amounts in rows.items()}
    assert differing({entry.id: truth.funding([entry], today) for entry in ENTRIES}, extracted, MONEY_NOT_READ) == {}


def test_money_of_a_region_is_that_of_its_entries(published) -> None:
    con, today = published
    unread = NOT_ABOUT_AI | MONEY_NOT_READ
    wanted = truth.funding([entry for entry in ENTRIES if entry.id not in unread], today)
    rows = con.execute("SELECT region, year, funding_source, krw FROM funding_by_region").fetchall()
    # What is read of the others is theirs alone.
    others = of_entries(con, "SELECT title, region, year, role, sum(krw)::BIGINT FROM notice_amount GROUP BY ALL")
    for region, year, role, krw in [row for name in unread for row in others[name]]:
        wanted[region, year, role] = wanted.get((region, year, role), 0) + krw
    assert {tuple(key): krw for *key, krw in rows} == wanted


def test_every_entry_has_the_stage_that_it_says(published) -> None:
    con, _ = published
    extracted = {name: {stage for (stage,) in rows} for name, rows in of_entries(con, STAGE).items()}
    wanted = {entry.id: {_stage(programme) for programme in entry.truth.programmes} for entry in ENTRIES}
    assert differing(wanted, extracted, STAGE_NOT_READ) == {}


def _stage(programme: Programme) -> str:
    return "cancelled" if programme.outcome == "cancelled" else STAGES[programme.status]


def test_every_call_has_the_window_that_it_says(published) -> None:
    con, today = published
    extracted = {name: set(rows) for name, rows in of_entries(con, WINDOW).items()}
    about_ai = [entry for entry in ENTRIES if entry.truth.programmes]
    assert differing({entry.id: {_window(entry, today)} for entry in about_ai}, extracted, WINDOW_NOT_READ) == {}


def _window(entry: Entry, today: date) -> tuple[Any, ...]:
    post = render(entry, today)
    kind = "day" if post.closes else _KINDS.get((entry.period_text or "").replace(" ", ""))
    # A result or a briefing, which the demo's data call a notice.
    kind = "no call" if entry.status == "notice" else kind
    hour = time.fromisoformat(entry.closes_time) if entry.closes_time and post.closes else None
    return None if kind == "always" else post.opens, post.closes, hour, kind


_KINDS = {"예산소진시까지": "until_exhausted", "상시": "always", "상시접수": "always"}
COUNTS = "SELECT title, what, state, value::INTEGER, unit, per FROM supported"
STAGE = "SELECT title, stage FROM commitment"
WINDOW = "SELECT title, opens_on, closes_on, closes_time, closes_kind FROM announcement_state WHERE relevant"


def test_every_entry_supports_and_trains_as_many_as_it_says(published) -> None:
    con, _ = published
    extracted = {name: set(rows) for name, rows in of_entries(con, COUNTS).items()}
    assert differing({entry.id: truth.counts(entry) for entry in ENTRIES}, extracted, COUNTS_NOT_READ) == {}
