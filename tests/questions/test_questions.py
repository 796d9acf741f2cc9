"""The questions that the product was made for, asked of texts of the five kinds that they were first asked of."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pydantic import BaseModel, ConfigDict

from gonggo import pipeline
from gonggo.datafile import load_model
from gonggo.warehouse.snapshot import open_snapshot
from tests.warehouse.batches import settings_at

HERE = Path(__file__).parent
# Articles that stay outside of the repository, in a folder beside it or one that is named.
SHARED = Path(os.environ.get("GONGGO_TEST_GOLD", HERE.parents[2] / "shared" / "gold")) / "dev" / "texts"


class Question(BaseModel):
    """A question in words and in SQL, with its rows in any order."""

    model_config = ConfigDict(extra="forbid")
    ask: str
    sql: str
    rows: list[list[Any]]
    not_read: str | None = None


class Questions(BaseModel):
    """``questions.yaml``."""

    model_config = ConfigDict(extra="forbid")
    own: list[Question]
    shared: list[Question]


QUESTIONS = load_model(HERE / "questions.yaml", Questions)


def published(home: Path, texts: list[Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Read the texts as files of the inbox, and open what is published of them."""
    folder = home / "texts"
    folder.mkdir(parents=True)
    for path in texts:
        shutil.copy(path, folder)
    settings = replace(settings_at(home / "home"), inbox=(folder,))
    assert pipeline.collect("inbox", settings=settings)["failed"] == 0
    for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish):
        step(settings=settings)
    with closing(open_snapshot(settings)) as con:
        yield con


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    yield from published(tmp_path_factory.mktemp("own"), sorted((HERE / "texts").glob("*.txt")))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not there; name the folder of the labelled documents as GONGGO_TEST_GOLD")
    yield from published(tmp_path_factory.mktemp("shared"), sorted(SHARED.glob("s00[0-4].txt")))


def check(con: duckdb.DuckDBPyConnection, question: Question) -> None:
    rows = sorted(map(list, con.execute(question.sql).fetchall()), key=repr)
    if question.not_read and rows != sorted(question.rows, key=repr):
        pytest.xfail(question.not_read)
    assert rows == sorted(question.rows, key=repr)


@pytest.mark.parametrize("question", QUESTIONS.own, ids=lambda question: question.ask)
def test_texts_of_our_own_answer(own: duckdb.DuckDBPyConnection, question: Question) -> None:
    check(own, question)


@pytest.mark.parametrize("question", QUESTIONS.shared, ids=lambda question: question.ask)
def test_the_articles_that_the_product_was_made_for_answer(
    shared: duckdb.DuckDBPyConnection, question: Question
) -> None:
    check(shared, question)
