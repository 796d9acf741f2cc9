"""What the docs tell people to type runs as it stands."""

from __future__ import annotations

import importlib
import json
import re
import shlex
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import nbformat
import pytest
import yaml
from nbclient import NotebookClient
from starlette.testclient import TestClient

from gonggo.cli import main, parser
from gonggo.datafile import load_model
from gonggo.local_airflow.run_once import EXAMPLE_QUERIES
from gonggo.report.alerts import Rules
from gonggo.report.sql_command import run_sql
from gonggo.settings import Settings
from gonggo.warehouse.link import link
from gonggo.warehouse.load import load_batches
from gonggo.warehouse.publish import publish
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.web.site import create_site
from tests.warehouse.batches import batch, day, document, settings_at

ROOT = Path(__file__).parents[2]
DOC = ROOT / "docs" / "sql.md"
RULES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("docs.yaml").read_text("utf-8"))
PAGES = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "benchmarks" / "README.md")
}
_FENCE = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```", re.S | re.M)
# Below which a path of the docs may stand: the root, or the folder that the page is about.
BASES = [ROOT, ROOT / "tests", *(ROOT / "plugins" / part for part in ("", "gonggo", "gonggo/extract", "gonggo/web"))]
FILE = re.compile(r"[\w./<>-]{1,200}\.(?:py|yaml|yml|md|sql|csv|ipynb|css|js|svg|png|lock|toml|env|json|txt|sqlite)")


def blocks(kind: str) -> list[tuple[str, str]]:
    """The blocks of a language, each with its page."""
    return [(page, body) for page, text in PAGES.items() for name, body in _FENCE.findall(text) if name == kind]


def spans() -> list[tuple[str, str]]:
    """What stands in the text between backticks."""
    return [(page, one) for page, text in PAGES.items() for one in re.findall(r"`([^`\n]+)`", _FENCE.sub("", text))]


def commands() -> list[tuple[str, str]]:
    """Every command of the blocks, lines that go on joined, without comments; and those of the text that are ours."""
    lines = []
    for page, body in blocks("sh"):
        for line in body.replace("\\\n", " ").split("\n"):
            for part in re.split(r"(?:^|\s)#.*$|\s&&\s", line):
                if part.strip():
                    lines.append((page, part.strip()))
    ours = re.compile(r"(\.venv/bin/)?(gonggo|make) [a-z-]")
    return lines + [(page, one) for page, one in spans() if ours.match(one)]


def queries() -> list[tuple[str, str]]:
    """Every query: of the blocks, of `gonggo sql`, and of the text."""
    inside = [
        (page, argv(one)[-1]) for page, one in commands() if argv(one)[:2] == ["gonggo", "sql"] and "…" not in one
    ]
    in_text = [(page, one) for page, one in spans() if re.match("(SELECT|FROM|SHOW) ", one) and "…" not in one]
    whole = [(page, body) for page, body in blocks("sql") if not any(words in body for words in RULES["not_run"])]
    return whole + inside + in_text


def argv(command: str) -> list[str]:
    """The words of a command, up to where its output goes elsewhere; `.venv/bin/gonggo` is gonggo."""
    words = shlex.split(re.split(r"\s[|>]\s", command)[0])
    return [*(word.removeprefix(".venv/bin/") for word in words)]


QUERIES = queries()
COMMANDS = sorted(set(commands()))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_at(tmp_path_factory.mktemp("home"))
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", "경남 제조 AI 실증 공고", day(2))])
    load_batches(settings)
    link(settings)
    publish(settings)
    return settings


def test_the_pages_have_their_queries_and_commands() -> None:
    assert len(QUERIES) >= 30 and len(COMMANDS) >= 80
    assert {page for page, _ in QUERIES} >= {"README.md", "README.ko.md", "docs/sql.md", "docs/attachments.md"}


@pytest.mark.parametrize("number", range(len(QUERIES)))
def test_a_query_of_the_pages_runs(settings: Settings, number: int) -> None:
    with closing(open_snapshot(settings)) as con:
        con.execute(QUERIES[number][1]).fetchall()


def test_the_first_query_of_the_readme_has_rows(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    (first,) = {query for page, query in QUERIES if page.startswith("README") and "days_left" in query}
    run_sql(settings, first, "json")
    assert [row["days_left"] for row in json.loads(capsys.readouterr().out)] == [2]


@pytest.mark.parametrize("query", EXAMPLE_QUERIES)
def test_a_query_that_make_run_proposes_has_rows(settings: Settings, query: str) -> None:
    with closing(open_snapshot(settings)) as con:
        assert con.execute(query).fetchall()


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_a_command_of_the_pages_is_one(
    settings: Settings, page: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = argv(command)
    while re.fullmatch(r"[A-Z_]+=.*", words[0]):
        variable(words.pop(0).partition("=")[0])
    program, rest = words[0], words[1:]
    if program == "gonggo":
        placed = [word.replace("<name>", "open_calls_by_closing") for word in rest]
        parser().parse_args(placed)
        if placed[0] in RULES["harmless"] and "…" not in command and not {"--html", "--markdown"} & set(placed):
            monkeypatch.chdir(tmp_path)
            monkeypatch.setenv("GONGGO_HOME", str(settings.home))
            monkeypatch.setenv("GONGGO_SOURCES", "demo")
            assert main(placed) == 0
    elif program == "make":
        targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
        variables = set(re.findall(r"\$[({](?:if \$\()?([A-Z]{3,})", (ROOT / "Makefile").read_text("utf-8")))
        for word in rest:
            name, equals, _ = word.partition("=")
            assert name in (variables if equals else targets), word
    elif program == "export":
        for word in rest:
            variable(word.partition("=")[0])
    elif program == "python":
        assert rest[0] == "-m" and (rest[1] == "pytest" or (ROOT / f"{rest[1].replace('.', '/')}.py").is_file())
        assert all((ROOT / word).exists() for word in rest[2:] if "/" in word)
    elif program == "cp":
        assert (ROOT / rest[0]).is_file()
    else:
        assert program in RULES["programs"] or re.match(r"\w+=\$\(", command), (
            f"{page}: say in docs.yaml why {command} is not run"
        )


def variable(name: str) -> None:
    """A variable of the environment that something here reads."""
    sources = [
        *(ROOT / "plugins").rglob("*.py"),
        ROOT / "docker-compose.yml",
        *(ROOT / "plugins").rglob("sites/*.yaml"),
    ]
    known = name in RULES["variables"] or name.startswith(("AIRFLOW__", "OTEL_")) or name in ("PYTHONPATH",)
    assert known or any(name in path.read_text("utf-8") for path in sources), name


def test_every_variable_that_the_pages_name_is_read() -> None:
    named = {one for _, span in spans() for one in re.findall(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+){1,6}\b", span)}
    named = {name for name in named if not name.startswith("AIRFLOW__")}
    assert len(named) > 20
    for name in named:
        variable(name)


def test_every_path_that_the_pages_name_is_there() -> None:
    names = {path.name for path in ROOT.rglob("*") if not {".venv", ".git", "var"} & set(path.relative_to(ROOT).parts)}
    missing = []
    for page, span in spans():
        if not (FILE.fullmatch(span) or re.fullmatch(r"[\w./-]{2,100}/", span)) or "<" in span or "…" in span:
            continue
        there = any((base / span).exists() for base in BASES) or ("/" not in span and span in names)
        if not there and not any(span.startswith(begin) for begin in RULES["elsewhere"]):
            missing.append(f"{page}: {span}")
    assert missing == []


@pytest.mark.parametrize("page", list(PAGES))
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", _FENCE.sub("", PAGES[page])):
        path, _, heading = target.partition("#")
        if "://" in path:
            continue
        there = (ROOT / page).parent / path if path else ROOT / page
        assert there.exists(), target
        if heading:
            heads = re.findall(r"^#+ (.+)$", there.read_text("utf-8"), re.M)
            assert heading in [re.sub(r"[^\w\s-]", "", head).strip().lower().replace(" ", "-") for head in heads]


def test_every_address_of_the_site_that_the_pages_name_answers(settings: Settings) -> None:
    client = TestClient(create_site(settings))
    asked = {one for _, one in spans() if re.match(r"(api/v1/|calls[.?])\S", one) and "…" not in one}
    assert len(asked) >= 3
    for address in asked:
        assert client.get(f"/{address}").status_code == 200, address


def test_the_line_of_python_in_the_readme_runs(settings: Settings) -> None:
    (line,) = [one for page, one in spans() if page == "README.md" and one.startswith("duckdb.connect(")]
    snapshot = "var/demo/published/gonggo.duckdb"
    assert snapshot in line
    exec(line.replace(snapshot, str(settings.snapshot)), {"duckdb": duckdb})


@pytest.mark.parametrize("figure", RULES["measured"], ids=lambda one: one["says"][:40])
def test_a_figure_of_the_pages_is_one_that_was_measured(figure: dict[str, Any]) -> None:
    assert figure["says"] in PAGES[figure["page"]]
    rows = [line for line in PAGES["benchmarks/README.md"].split("\n") if figure["row"] in line]
    values = [figure["value"], *figure.get("plus", [])]
    numbers = {float(one.replace(",", "")) for row in rows for one in re.findall(r"\d[\d,]*(?:\.\d+)?", row)}
    assert rows and values[0] in numbers
    assert abs(figure["told"] - sum(values)) <= 0.02 * figure["told"]


@pytest.mark.parametrize("page", list(RULES["all_of"]))
def test_every_figure_of_a_measured_part_is_accounted_for(page: str) -> None:
    part = PAGES[page].partition(RULES["all_of"][page])[2].partition("\n## ")[0]
    accounted = [re.escape(figure["says"]) for figure in RULES["measured"]] + [r"`[^`]+`", r"!?\[[^\]]*\]\([^)]*\)"]
    covered = [match.span() for one in accounted for match in re.finditer(one, part)]
    open_ = [match for match in re.finditer(r"\d[\d,.]*", part) if not any(a <= match.start() < b for a, b in covered)]
    assert [part[max(0, match.start() - 30) : match.end() + 20] for match in open_] == []


@pytest.mark.parametrize("limit", RULES["limits"], ids=lambda one: one["constant"])
def test_a_limit_that_the_pages_name_is_the_one_that_is_set(limit: dict[str, Any]) -> None:
    module, _, name = limit["constant"].partition(":")
    assert limit["says"] in PAGES[limit["page"]]
    assert getattr(importlib.import_module(module), name) == limit["value"]


@pytest.mark.slow
def test_the_notebook_runs(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGGO_SNAPSHOT", str(settings.snapshot))
    notebook = nbformat.read(DOC.with_name("explore.ipynb"), as_version=4)
    done = NotebookClient(notebook, timeout=120).execute()
    outputs = [str(cell["outputs"]) for cell in done.cells if cell.cell_type == "code"]
    assert any("image/svg+xml" in text and "국비" in text for text in outputs)
    assert "150억 원" in outputs[-3] or "227억 원" in outputs[-3]


def test_the_sample_rules_are_rules(tmp_path: Path) -> None:
    (sample,) = re.findall(r"```yaml\n(.*?)```", DOC.with_name("alerts.md").read_text("utf-8"), re.S)
    (tmp_path / "alerts.yaml").write_text(sample, "utf-8")
    assert [rule.days_before for rule in load_model(tmp_path / "alerts.yaml", Rules).rules] == [[7, 1], [3], [], []]
