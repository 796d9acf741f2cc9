"""The recipes of docs/connect.md run as they stand, in a folder with published data."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gonggo.model import now
from gonggo.report.exports import export
from gonggo.warehouse.link import link
from gonggo.warehouse.load import load_batches
from gonggo.warehouse.publish import publish
from tests.warehouse.batches import batch, day, document, settings_at

PAGE = (Path(__file__).parents[2] / "docs" / "connect.md").read_text("utf-8")
RECIPES = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.S | re.M)
PYTHON = [text for language, text in RECIPES if language == "python"]
SHELL = [line for language, text in RECIPES if language == "sh" for line in text.splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the home `var/demo` of a run."""
    folder = tmp_path_factory.mktemp("work")
    settings = settings_at(folder / "var" / "demo")
    papers = [
        document("bizinfo", "1", "경남 제조 AI 실증 공고", day(2) + "T18:00", at=now()),
        document("bizinfo", "2", "경남 제조 AI 도입 공고", day(5), at=now()),
    ]
    batch(settings, "bizinfo", "r1", papers)
    load_batches(settings)
    link(settings)
    publish(settings)
    export(settings)
    return folder


def run(folder: Path, *words: str) -> str:
    """Run a program of this environment in the folder and return its output."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        words, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("recipe", PYTHON, ids=lambda text: re.findall(r"import (\w+)", text)[0])
def test_a_recipe_of_python_reads_what_is_published(folder: Path, recipe: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    values: dict[str, Any] = {}
    exec(recipe, values)
    read = {name: values[name] for name in ("calls", "money", "facts", "titles") if name in values}
    assert read
    for name, value in read.items():
        assert (value if isinstance(value, int) else len(value)) > 0, name
    if "con" in values and "calls" in values and not isinstance(values["calls"], int):
        assert values["calls"]["title"].tolist() == ["경남 제조 AI 실증 공고", "경남 제조 AI 도입 공고"]
    if "titles" in values:
        assert any("경남 제조 AI 실증 공고" in title for title in values["titles"])


def test_datasette_answers_with_the_calls(folder: Path) -> None:
    assert len(SHELL) == 3
    *imports, ask = SHELL
    for line in imports:
        run(folder, "sh", "-c", line)
    assert "실증 공고" in run(folder, "sh", "-c", ask).encode().decode("unicode_escape")


def test_dbt_builds_a_model_on_the_sources(folder: Path) -> None:
    (profile,) = [text for language, text in RECIPES if language == "yaml"]
    (model,) = re.findall(r"^    (SELECT .*source\(.*)$", PAGE, re.M)
    (folder / "models").mkdir()
    shutil.copy(folder / "var/demo/exports/dbt/sources.yml", folder / "models")
    (folder / "models" / "calls_by_region.sql").write_text(model, "utf-8")
    (folder / "profiles.yml").write_text(profile, "utf-8")
    (folder / "dbt_project.yml").write_text(
        "name: reports\nconfig-version: 2\nprofile: gonggo_reports\nmodels: {+materialized: table}\n", "utf-8"
    )
    run(folder, "dbt", "--no-send-anonymous-usage-stats", "run", "--profiles-dir", ".")
    with duckdb.connect(str(folder / "reports.duckdb"), read_only=True) as con:
        assert con.execute("SELECT sum(calls) FROM calls_by_region").fetchone() == (2,)
