"""The layers of the package as pyproject.toml states them, and that whoever imports upward is told."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def lint(folder):
    """Hold the package of a folder to the contracts of its pyproject.toml."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"]
    # No other copy of the package comes first.
    env = {**os.environ, "PYTHONPATH": str(folder / "plugins"), "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture
def copy(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "plugins" / "gonggo", tmp_path / "plugins" / "gonggo", ignore=_all_but_code)
    return tmp_path


def _all_but_code(folder, names):
    return [name for name in names if ("." in name and not name.endswith(".py")) or name in ("sql", "__pycache__")]


def add(copy, module, line):
    path = copy / "plugins" / "gonggo" / module
    path.write_text((path.read_text("utf-8") if path.exists() else "") + f"\n{line}\n", "utf-8")


def test_no_module_imports_one_above_it_and_none_stands_in_a_circle():
    linted = lint(ROOT)
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("boundary.py", "from gonggo.crawl import throttle", "layers of the package"),
        ("crawl/throttle.py", "def late() -> None:\n    from gonggo import pipeline", "layers of the package"),
        (
            "read/decode.py",
            "from gonggo import korean_dates\nfrom gonggo.sources import sheets",
            "layers of the package",
        ),
        ("new_room.py", '"""A module that nobody gave its place."""', "layers of the package"),
        ("sources/adapter.py", "from gonggo.sources import rss", "layers of the families of sites"),
        ("crawl/wire.py", "from gonggo.crawl import client", "no file in a circle"),
        ("read/grid.py", "from gonggo import settings", "readers and extractors get settings as arguments"),
        ("crawl/ledger.py", "from gonggo.crawl import plan", "layers of the crawl"),
        ("read/grid.py", "from gonggo.read import reading", "layers of the readers"),
        ("report/cells.py", "from gonggo.report import exports", "layers of the reports"),
        ("crawl/steps.py", "from gonggo.warehouse import steps", "layers of the package"),
        ("warehouse/steps.py", "from gonggo import pipeline", "layers of the package"),
    ],
)
def test_an_import_upward_a_circle_and_a_module_without_a_place_are_reported(copy, module, line, contract):
    add(copy, module, line)
    linted = lint(copy)
    assert linted.returncode == 1
    assert f"{contract} BROKEN" in linted.stdout
