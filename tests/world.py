"""Collections in homes of their own, and their published tables, which are compared after trouble of any kind."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from gonggo.settings import Settings, load_settings
from gonggo.warehouse.snapshot import open_snapshot

ROOT = Path(__file__).parents[1]
# Without times and keys of the runs, which differ between two collections of the same pages.
QUERIES = {
    "calls": "SELECT source, native_id, title, kind, relevant, closes_on, closes_time, opens_on, status, sidos FROM current_announcement",
    "facts": "SELECT a.source, a.native_id, f.fact_table, f.label, f.evidence_quote, f.evidence_start, f.evidence_field FROM fact_evidence AS f "
    "JOIN announcement AS a USING (announcement_key) JOIN announcement_version AS v USING (version_key) WHERE v.is_current",
    "texts": "SELECT a.source, a.native_id, v.text FROM announcement_version AS v JOIN announcement AS a USING (announcement_key) WHERE v.is_current",
    "files": "SELECT a.source, a.native_id, t.name, t.sha256, t.outcome, t.role FROM attachment AS t JOIN announcement AS a USING (announcement_key) "
    "JOIN announcement_version AS v USING (version_key) WHERE v.is_current",
    "money": "SELECT title, role, krw, region, year FROM notice_amount",
    "rows": "SELECT source, native_id, title FROM current_listing",
}
# The number of versions of each announcement, which must not depend on trouble either.
VERSIONS = "SELECT a.source, a.native_id, count(*) FROM announcement_version AS v JOIN announcement AS a USING (announcement_key) GROUP BY ALL"

# Keys of versions, times, addresses and the region before a title.
RUN_DETAILS = re.compile(r"[0-9a-f]{20}|20\d\d-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*\+|http://[^']*|(?<=')(?:\[\w\w\] )+")


def tables(settings: Settings, **more: str) -> dict[str, list[str]]:
    """Return the sorted rows of each query of QUERIES and ``more``."""
    with closing(open_snapshot(settings)) as con:
        return {name: sorted(map(repr, con.execute(query).fetchall())) for name, query in {**QUERIES, **more}.items()}


def masked(rows_by_name: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return rows without run details.

    Among them is the region that one site puts before titles: which of two sites with the same call is shown depends on
    which was collected first.
    """
    return {name: sorted(RUN_DETAILS.sub("", row) for row in lines) for name, lines in rows_by_name.items()}


def environment(home: Path, portal_url: str) -> dict[str, str]:
    """Return the environment of a process that collects a demo portal into a home."""
    own = {
        "GONGGO_SOURCES": "demo",
        "GONGGO_DEMO_URL": portal_url,
        "GONGGO_HOME": str(home),
        "GONGGO_PREFILTER": "off",
        "GONGGO_CHUNK_SIZE": "5",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }
    return {**{name: value for name, value in os.environ.items() if not name.startswith("GONGGO_")}, **own}


def home_settings(home: Path, portal_url: str) -> Settings:
    """Return the settings of such a process."""
    return load_settings(environment(home, portal_url))


def start_gonggo(home: Path, portal_url: str, *words: str) -> subprocess.Popen[str]:
    """Start ``gonggo …`` in a process and process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "gonggo.cli", *words],
        env=environment(home, portal_url),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def copy_home(home: Path, to: Path) -> Path:
    """Copy a home with the times and modes of its files; hard links stay hard links."""
    copies: dict[int, str] = {}

    def copy(source: str, target: str) -> str:
        first = copies.setdefault(Path(source).stat().st_ino, target)
        if first != target:
            os.link(first, target)
            return target
        return str(shutil.copy2(source, target))

    return Path(shutil.copytree(home, to, copy_function=copy))


def built_once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """Return a folder that ``build`` fills: once for all processes of a run of the tests, which must only read it."""
    temporary = factory.getbasetemp()
    # Each process of pytest-xdist has a folder of its own in that of the run.
    shared = temporary.parent if "PYTEST_XDIST_WORKER" in os.environ else temporary
    folder, done = shared / name, shared / f"{name}.done"
    with FileLock(shared / f"{name}.lock"):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            build(folder)
            done.touch()
    return folder
