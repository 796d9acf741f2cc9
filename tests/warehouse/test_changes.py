"""Marts that are updated by what changed are the same as completely rebuilt ones, row by row."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from gonggo.model import write_jsonl
from gonggo.settings import SQL, Settings
from gonggo.warehouse import changes, marts
from gonggo.warehouse.checks import run_checks
from gonggo.warehouse.corrections import as_yaml, entry_of
from gonggo.warehouse.link import link
from gonggo.warehouse.load import load_batches
from gonggo.warehouse.marts import build_marts, content_changed, verify_marts
from gonggo.warehouse.writer import writer
from tests.warehouse.batches import batch, day, document, record

SOURCES = ("bizinfo", "gtp", "ntis")
TITLES = (
    "경남 제조 AI 실증 지원 공고",
    "전북 농업 AI 보급 모집 공고",
    "의료 AI 인력양성 교육생 모집",
    "자율제조 선도 사업 추진",
)
PROGRAMMES = ("제조 AI 실증", "자율제조 선도 사업", "농업 AI 보급 사업", "의료 AI 인력양성", "지역 AI 대전환")
BODIES = (("경남테크노파크", ["경남TP"]), ("경남TP", []), ("경남로봇랜드재단", ["경남TP"]), ("전북테크노파크", []))
REGIONS = ("경남 창원시", "전북 전주시", "경남")
SIGNED = {"by": "홍길동", "date": "2026-03-02", "why": "잘못 읽었다"}


def draw_document(draw: random.Random, source: str, number: str, at: int) -> dict[str, Any]:
    """A document whose programmes, umbrellas, sums, bodies and rates are shared with others at random."""
    title, closes = draw.choice(TITLES), draw.choice((day(3), day(9), None))
    facts = record(title, closes)
    text = f"{facts['text']}\n{at}"

    def proof(start: int) -> dict[str, Any]:
        return {"start": start, "end": start + 2, "quote": text[start : start + 2]}

    names = draw.sample(PROGRAMMES, draw.randint(1, 2))
    whole = draw.randint(1, 9) * 10**9

    def programme(place: int, name: str) -> dict[str, Any]:
        parent = names[0] if place and draw.random() < 0.6 else None
        status, outcome = draw.choice(("open", "planned", "proposed", "ended")), draw.choice((None, None, "adopted"))
        return {
            "name": name, "aliases": [], "type": draw.choice(("demonstration", "training")), "status": status,
            "start": draw.choice(("2025", "2026")), "end": draw.choice((None, "2027")), "parent": parent, "outcome": outcome,
            "grounds": [], "evidence": proof(place),
        }  # fmt: skip

    amounts = [(whole, "total", None), (whole // 4, "national", whole), (whole // 2, "local", whole)]
    facts |= {
        "text": text,
        "kind": {"value": draw.choice(("announcement", "announcement", "press_release", "article"))},
        "relevant": {"value": draw.random() < 0.8},
        "regions": [{"name": draw.choice(REGIONS), "evidence": proof(1)}],
        "programmes": [programme(place, name) for place, name in enumerate(names)],
        "amounts": [
            {"krw": krw, "role": role, "programme": draw.choice((*names, None)), "part_of": part_of, "evidence": proof(place)}
            for place, (krw, role, part_of) in enumerate(amounts[: draw.randint(1, 3)])
        ],
        "organisations": [
            {"name": name, "aliases": aliases, "role": "operator", "programmes": names[:1], "evidence": proof(2)}
            for name, aliases in draw.sample(BODIES, 2)
        ],
        "quantities": [
            {"value": draw.randint(1, 3), "unit": "people", "programme": names[0], "what": what, "evidence": proof(3)}
            for what in ("trained", "supported")
        ],
        "metrics": [
            {"name": "도입률", "value": draw.randint(1, 5), "unit": "%", "programme": draw.choice((names[0], names[-1], None, "!")), "side": side, "evidence": proof(4)}
            for side in draw.sample(("target", "result", "indicator", None), 2)
        ],
        "application": {"opens_at": None, "closes_at": {"value": closes, "evidence": proof(5)} if closes else None},
    }  # fmt: skip
    values = {"record": facts, "content_hash": f"{number}{at}"}
    retrieved_at = f"2026-{draw.choice(('01', '02', '03'))}-{1 + at:02d}T09:00:00+09:00"
    return document(source, number, title, closes, retrieved_at, **values)


class Story:
    """A warehouse to which something happens at random, over and over."""

    def __init__(self, settings: Settings, seed: int, pins: Path) -> None:
        self.settings, self.draw, self.pins = settings, random.Random(seed), pins
        self.runs = 0
        self.read: dict[tuple[str, str], dict[str, Any]] = {}
        self.corrections: list[dict[str, Any]] = []
        pins.write_text("same: []\n", "utf-8")

    def load(self) -> None:
        """Read new announcements, and new versions of old ones."""
        source = self.draw.choice(SOURCES)
        self.runs += 1
        numbers = self.draw.sample(range(6), self.draw.randint(1, 3))
        rows = [draw_document(self.draw, source, str(number), self.runs) for number in numbers]
        self.read |= {(source, row["native_id"]): row for row in rows}
        batch(self.settings, source, f"r{self.runs}", rows)

    def replay(self) -> None:
        """Read the same page again and find other facts in it."""
        if not self.read:
            return
        (source, number), row = self.draw.choice(sorted(self.read.items()))
        self.runs += 1
        again = draw_document(self.draw, source, number, self.runs)
        unchanged = {name: row[name] for name in ("retrieved_at", "content_hash")}
        batch(self.settings, source, f"r{self.runs}", [{**again, **unchanged}])

    def withdraw(self) -> None:
        """Find that an announcement is not in its list any more."""
        if not self.read:
            return
        (source, number), row = self.draw.choice(sorted(self.read.items()))
        self.runs += 1
        folder = batch(self.settings, source, f"r{self.runs}", [])
        state, at = self.draw.choice(("vanished", "listed")), f"2026-04-{1 + self.runs:02d}T09:00:00+09:00"
        listing = {"key": row["key"], "source": source, "native_id": number, "url": row["url"], "title": row["title"]}
        write_jsonl(
            folder / "listings.jsonl", [{**listing, "fields": {}, "prefilter": "likely", "state": state, "at": at}]
        )

    def pin(self) -> None:
        """Say that two announcements are, or are not, the same call."""
        if len(self.read) < 2:
            return
        one, other = ("/".join(key) for key in self.draw.sample(sorted(self.read), 2))
        self.pins.write_text(f"{self.draw.choice(('same', 'apart'))}:\n- [{one}, {other}]\n", "utf-8")

    def correct(self) -> None:
        """Correct or silence a sum, or take back what was said."""
        (source, number), row = self.draw.choice(sorted(self.read.items())) if self.read else (("", ""), {})
        if row and self.draw.random() < 0.7:
            amount = row["record"]["amounts"][0]
            entry = entry_of(f"{source}/{number}", "amount", amount["evidence"]["quote"], {"krw": amount["krw"]})
            change = {"silence": True} if self.draw.random() < 0.5 else {"correct": {"krw": 7 * 10**9}}
            self.corrections = [{**entry, **change, **SIGNED}]
        else:
            self.corrections = []
        text = "".join(as_yaml(entry) for entry in self.corrections)
        self.settings.corrections.write_text(f"corrections:\n{text}" if text else "", "utf-8")

    def go_on(self) -> None:
        """Let something happen, and bring links and marts up to date, or only the marts."""
        self.draw.choice((self.load, self.load, self.load, self.replay, self.withdraw, self.pin, self.correct))()
        load_batches(self.settings)
        if self.draw.random() < 0.9:
            link(self.settings, self.pins)
        build_marts(self.settings)


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """However large the share of what changed, only that is rebuilt."""
    monkeypatch.setattr(changes, "MAX_SHARE", 1e9)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 8))])
@pytest.mark.usefixtures("unlimited")
def test_incremental_updates_bring_the_marts_to_the_state_of_a_complete_rebuild(
    settings: Settings, tmp_path: Path, seed: int
) -> None:
    story = Story(settings, seed, tmp_path / "pins.yaml")
    for step in range(12):
        story.go_on()
        assert (step, verify_marts(settings)["differences"]) == (step, {})


@pytest.mark.usefixtures("unlimited")
def test_only_the_rows_of_what_changed_are_rebuilt(settings: Settings) -> None:
    papers = [document("bizinfo", str(n), f"{n}번 제조 AI 실증 공고", day(3)) for n in range(3)]
    batch(settings, "bizinfo", "r1", papers)
    publish_marts(settings)
    with writer(settings) as con:
        con.execute("UPDATE announcement_state SET url = 'kept'")
    batch(settings, "gtp", "r2", [document("gtp", "9", "다른 농업 AI 보급 공고", day(3))])
    publish_marts(settings)
    with writer(settings) as con:
        urls = con.execute("SELECT url FROM announcement_state ORDER BY source, native_id").fetchall()
        assert urls == [("kept",), ("kept",), ("kept",), ("https://example.or.kr/9",)]


def publish_marts(settings: Settings) -> None:
    load_batches(settings)
    link(settings)
    build_marts(settings)


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        ("announcement_state.sql", "announcement_key of announcement", "title of announcement"),
        ("participation.sql", "announcement_key of announcement", "organisation_key of announcement"),
        pytest.param(
            "programme_status.sql", "programme_key of programme", "version_key of version", marks=pytest.mark.slow
        ),
        pytest.param(
            "programme_money_statement.sql",
            " or announcement_key of announcement, from statement",
            ", from announcement",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "programme_money.sql",
            "coalesce(programme_key, programme) of sum",
            "programme_key of owner",
            marks=pytest.mark.slow,
        ),
    ],
)
@pytest.mark.usefixtures("unlimited")
def test_a_wrong_key_is_found_by_the_comparison(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, right: str, wrong: str
) -> None:
    folder = Path(shutil.copytree(SQL / "marts", tmp_path / "marts"))
    text = (folder / file).read_text("utf-8")
    assert right in text
    (folder / file).write_text(text.replace(right, wrong, 1), "utf-8")
    monkeypatch.setattr(marts, "MARTS", folder)
    stories = [Story(settings, seed, tmp_path / "pins.yaml") for seed in range(3)]
    assert any(differs(story, file.removesuffix(".sql")) for story in stories for _ in range(10))


def differs(story: Story, mart: str) -> bool:
    """Let the story go on; return whether a mart differs from a complete rebuild."""
    story.go_on()
    return mart in verify_marts(story.settings)["differences"]


def test_what_differs_is_replaced_and_reported(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLES[0], day(3))])
    publish_marts(settings)
    with writer(settings) as con:
        con.execute("UPDATE change SET title = 'wrong'")
        con.execute("DELETE FROM site.directory")
    assert verify_marts(settings)["differences"] == {
        "change": {"missing": 1, "surplus": 1},
        "site.directory": {"missing": 1, "surplus": 0},
    }
    violation = run_checks(settings)["violations"]["mart_differs"]
    assert (violation["severity"], [row["mart"] for row in violation["rows"]]) == ("warn", ["change", "site.directory"])
    assert verify_marts(settings)["differences"] == {} and "mart_differs" not in run_checks(settings)["violations"]


@pytest.mark.usefixtures("unlimited")
def test_an_unrecorded_change_rebuilds_everything(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLES[0], day(3))])
    publish_marts(settings)
    with writer(settings) as con:
        con.execute("UPDATE announcement SET url = 'moved'")
        content_changed(con)
    build_marts(settings)
    assert verify_marts(settings)["differences"] == {}


def test_a_new_version_of_a_query_rebuilds_its_mart_alone(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLES[0], day(3))])
    publish_marts(settings)
    with writer(settings) as con:
        con.execute("UPDATE change SET title = 'kept'")
    folder = Path(shutil.copytree(SQL / "marts", tmp_path / "marts"))
    path = folder / "source_habit.sql"
    path.write_text(path.read_text("utf-8").replace("count(*) AS announcements", "42 AS announcements"), "utf-8")
    monkeypatch.setattr(marts, "MARTS", folder)
    build_marts(settings)
    with writer(settings) as con:
        assert con.execute("SELECT title FROM change").fetchall() == [("kept",)]
        assert con.execute("SELECT announcements FROM source_habit").fetchall() == [(42,)]


def test_no_table_depends_on_the_day() -> None:
    for mart in marts.read_marts(SQL / "marts").values():
        assert mart.kind == "VIEW" or not any(word in mart.text for word in ("today_seoul", "now(", "current_date"))
