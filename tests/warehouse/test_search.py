"""The index of the full-text search: up to date with every publication, and what its words find."""

from __future__ import annotations

import random
import unicodedata
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gonggo.errors import DataFileError
from gonggo.settings import Settings
from gonggo.warehouse import load, search_index, synonyms
from gonggo.warehouse.link import link
from gonggo.warehouse.marts import state
from gonggo.warehouse.publish import publish
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.writer import writer
from tests.warehouse.batches import batch, paper, settings_at
from tests.world import copy_home

WORDS = (
    "자율제조",
    "항만 물류",
    "인공지능",
    "바우처",
    "예지보전",
    "로봇",
    "데이터센터",
    "PoC",
    "5G",
    "쌀",
    "2026년",
    "드론",
)
# Every stretch of every document with its weight, without the numbers that documents happen to have.
CONTENT = """
SELECT d.version_key, p.gram, p.rest, p.weight FROM site.search_posting AS p JOIN site.search_document AS d USING (doc)
ANTI JOIN site.search_removed AS r USING (doc) ORDER BY ALL
"""


def published(settings: Settings, run: str, papers: list[dict[str, Any]]) -> int:
    """Load and publish papers; return how many announcements were indexed."""
    batch(settings, "bizinfo", run, papers)
    load.load_batches(settings)
    link(settings)
    return publish(settings)["indexed"]


def matching_numbers(settings: Settings, words: str) -> list[str]:
    with closing(open_snapshot(settings)) as con:
        return [row[0].rsplit("/", 1)[-1] for row in con.execute("SELECT url FROM search(?)", [words]).fetchall()]


def content(settings: Settings) -> list[tuple]:
    with closing(duckdb.connect(settings.snapshot, read_only=True)) as con:
        return con.execute(CONTENT).fetchall()


def at(run: int) -> dict[str, str]:
    return {"retrieved_at": f"2026-01-{run + 1:02}T09:00:00+09:00"}


@pytest.mark.slow
def test_publications_one_by_one_make_the_index_that_one_from_nothing_makes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "GROUP", 3)
    draw = random.Random(24)
    for run in range(1, 5):
        numbers = draw.sample(range(12), 6)
        texts = {n: " ".join(draw.choices(WORDS, k=8)) for n in numbers}
        indexed = published(
            settings, f"r{run}", [{**paper(str(n), f"{n}번 공고", texts[n]), **at(run)} for n in numbers]
        )
        assert indexed <= 6
        if run == 2:
            # From here on every publication sorts the index.
            monkeypatch.setattr(search_index, "MIN_UNSORTED", 0)
            monkeypatch.setattr(search_index, "UNSORTED_SHARE", 0)
    assert publish(settings)["indexed"] == 0
    step_by_step, answers = content(settings), {words: matching_numbers(settings, words) for words in WORDS}
    assert any(answers.values())
    with writer(settings) as con:
        con.execute("UPDATE warehouse_state SET value = 'other' WHERE name = 'search_format'")
    assert publish(settings)["indexed"] > 6
    assert content(settings) == step_by_step
    assert {words: matching_numbers(settings, words) for words in WORDS} == answers


def test_the_rows_of_an_index_made_at_once_are_sorted_and_count_as_such(settings: Settings) -> None:
    papers = [paper(str(n), f"{n}번 공고", " ".join(WORDS[n % 3 :])) for n in range(6)]
    assert published(settings, "r1", papers) == len(papers)
    with closing(open_snapshot(settings)) as con:
        rows = con.execute("SELECT gram, rest, doc FROM site.search_posting ORDER BY rowid").fetchall()
    assert rows
    assert rows == sorted(rows)
    with writer(settings) as con:
        assert state(con, "search_sorted_rows") == str(len(rows))


def test_only_what_changed_is_indexed_and_what_it_said_before_is_not_found(settings: Settings) -> None:
    assert published(settings, "r1", [paper("1", "로봇 공고", "용접"), paper("2", "드론 공고", "방제")]) == 2
    assert matching_numbers(settings, "용접") == ["1"]
    assert published(settings, "r2", [{**paper("1", "로봇 공고", "도장"), **at(3)}]) == 1
    assert (
        matching_numbers(settings, "용접") == []
        and matching_numbers(settings, "도장") == ["1"]
        and matching_numbers(settings, "방제") == ["2"]
    )


def test_an_index_that_was_interrupted_is_completed_by_the_next_publication(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "GROUP", 1)
    index, done = search_index._index, []

    def index_two(con: duckdb.DuckDBPyConnection, first: int, last: int) -> None:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(first)
        index(con, first, last)

    monkeypatch.setattr(search_index, "_index", index_two)
    papers = [paper(str(n), f"{n}번 공고", word) for n, word in enumerate(WORDS)]
    with pytest.raises(KeyboardInterrupt):
        published(settings, "r1", papers)
    assert not settings.snapshot.exists()
    monkeypatch.setattr(search_index, "_index", index)
    assert publish(settings)["indexed"] == len(WORDS) - 2
    assert all(str(n) in matching_numbers(settings, word) for n, word in enumerate(WORDS))


@pytest.fixture(scope="module")
def texts(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A snapshot with texts in all spellings, for tests that only read."""
    settings = settings_at(copy_home(empty, tmp_path_factory.mktemp("texts") / "home"))
    papers = [
        paper("1", "제조AX 실증 공고", "5Ｇ 특화망 <b>굵게</b> & 데이터 센터를 구축한다. 2026년도"),
        paper("2", "쌀 가공 지원", unicodedata.normalize("NFD", "초거대 언어모델로 품종을 고른다. 1000개 농가")),
        paper("3", "PoC 지원", "ChatGPT를 쓰는 R&D, S/W 기업. 10000개"),
        paper("4", "대전 기업 모집", "항만 물류"),
        paper("5", "전기차 모집", "인공지능 전환"),
    ]
    published(settings, "r1", papers)
    return settings


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("데이터센터구축", "1"),
        ("데이터 센터 구축하는", "1"),
        ("5G", "1"),
        ("５ｇ", "1"),
        ("2026년", "1"),
        ("AI", "15"),  # AX is a kind of it
        ("AX", "15"),
        ("실증", "13"),  # PoC is one
        ("개념검증", "3"),
        ("LLM", "2"),
        (unicodedata.normalize("NFD", "언어모델"), "2"),
        ("쌀", "2"),
        ("100", ""),  # not 1000
        ("1000개", "23"),  # of longer ones, what they begin with
        ("gpt", "3"),
        ("r&d", "3"),
        ("sw", "3"),
        ("연구개발", "3"),
        ("전기", "5"),  # not 대전 기업
        ("물류를", "4"),
        ("항만물류", "4"),
    ],
)
def test_words_are_found_in_any_spelling(texts: Settings, words: str, numbers: str) -> None:
    assert sorted(matching_numbers(texts, words)) == list(numbers)


def test_a_snippet_shows_the_words_marked(texts: Settings) -> None:
    with closing(open_snapshot(texts)) as con:
        (snippet,) = con.execute("SELECT snippet FROM search('데이터센터 구축')").fetchone() or ("",)
    assert "«데이터 센터»를 «구축»한다" in snippet


def test_a_snippet_begins_and_ends_with_whole_words(settings: Settings) -> None:
    filler = " ".join(f"낱말{'가' * (n % 5)}{n}번째" for n in range(60))
    text = f"{filler} 항만물류 {filler}"
    published(settings, "r1", [paper("1", "소식입니다", text), paper("2", "짧은 글", "곧 항만물류 시작")])
    with closing(open_snapshot(settings)) as con:
        found = dict(con.execute("SELECT title, snippet FROM search('항만물류')").fetchall())
    shown = found["소식입니다"].replace("«", "").replace("»", "")
    assert 100 < len(shown) <= 160 and f" {shown} " in f" {text} "
    assert found["짧은 글"].endswith("곧 «항만물류» 시작")


def test_the_published_file_is_searched_by_who_attaches_it(texts: Settings) -> None:
    with closing(duckdb.connect()) as con:
        con.execute(f"ATTACH '{texts.snapshot}' AS g (READ_ONLY)")
        con.execute("USE g")
        assert con.execute("SELECT title FROM search('물류')").fetchall() == [("대전 기업 모집",)]


@pytest.mark.parametrize(
    ("same", "kinds", "line"),
    [
        ("[AI, 인공지능]\n- [인공 지능, 에이아이]", "{}", 1),
        ("[AI, 인공지능]", "\n  AI: []", 4),
    ],
)
def test_a_synonym_that_is_wrong_names_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, same: str, kinds: str, line: int
) -> None:
    wrong = tmp_path / "synonyms.yaml"
    wrong.write_text(f"same:\n- {same}\nkinds: {kinds}\nendings: [를]\n", "utf-8")
    monkeypatch.setattr(synonyms, "SYNONYMS", wrong)
    with pytest.raises(DataFileError, match=rf"synonyms\.yaml:{line}:"):
        synonyms.macros()
