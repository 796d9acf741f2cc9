"""What the docs tell people to type runs as it stands."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from gonggo.datafile import load_model
from gonggo.report.alerts import Rules
from gonggo.settings import Settings
from gonggo.warehouse.connect import open_snapshot
from gonggo.warehouse.link import link
from gonggo.warehouse.load import load_batches
from gonggo.warehouse.publish import publish
from tests.warehouse.batches import batch, day, document, settings_at

DOC = Path(__file__).parents[2] / "docs" / "sql.md"
QUERIES = [
    query
    for page in (DOC, DOC.with_name("attachments.md"))
    for query in re.findall(r"```sql\n(.*?)```", page.read_text("utf-8"), re.S)
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_at(tmp_path_factory.mktemp("home"))
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", "경남 제조 AI 실증 공고", day(2))])
    load_batches(settings)
    link(settings)
    publish(settings)
    return settings


def test_the_pages_have_their_queries() -> None:
    assert len(QUERIES) >= 15


@pytest.mark.parametrize("number", range(len(QUERIES)))
def test_a_query_of_the_pages_runs(settings: Settings, number: int) -> None:
    with closing(open_snapshot(settings)) as con:
        con.execute(QUERIES[number]).fetchall()


@pytest.mark.slow
def test_the_notebook_runs(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGGO_SNAPSHOT", str(settings.snapshot))
    notebook = nbformat.read(DOC.with_name("explore.ipynb"), as_version=4)
    done = NotebookClient(notebook, timeout=120).execute()
    said = [str(cell["outputs"]) for cell in done.cells if cell.cell_type == "code"]
    assert any("image/svg+xml" in text and "국비" in text for text in said)
    assert "150억 원" in said[-3] or "227억 원" in said[-3]


def test_the_sample_rules_are_rules(tmp_path: Path) -> None:
    (sample,) = re.findall(r"```yaml\n(.*?)```", DOC.with_name("alerts.md").read_text("utf-8"), re.S)
    (tmp_path / "alerts.yaml").write_text(sample, "utf-8")
    assert [rule.days_before for rule in load_model(tmp_path / "alerts.yaml", Rules).rules] == [[7, 1], []]
