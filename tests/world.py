"""What the published tables say of the world, to compare a collection that had trouble with one that had none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from gonggo.settings import Settings, load_settings
from gonggo.warehouse.snapshot import open_snapshot

ROOT = Path(__file__).parents[1]
# Without the moments and keys of the runs that brought it.
WORLD = {
    "calls": "SELECT source, native_id, title, kind, relevant, closes_on, closes_time, opens_on, status, sidos FROM current_announcement",
    "facts": "SELECT a.source, a.native_id, f.fact_table, f.label, f.evidence_quote, f.evidence_start, f.evidence_field FROM fact_evidence AS f "
    "JOIN announcement AS a USING (announcement_key) JOIN announcement_version AS v USING (version_key) WHERE v.is_current",
    "texts": "SELECT a.source, a.native_id, v.text FROM announcement_version AS v JOIN announcement AS a USING (announcement_key) WHERE v.is_current",
    "files": "SELECT a.source, a.native_id, t.name, t.sha256, t.outcome, t.role FROM attachment AS t JOIN announcement AS a USING (announcement_key) "
    "JOIN announcement_version AS v USING (version_key) WHERE v.is_current",
    "money": "SELECT title, role, krw, region, year FROM notice_amount",
    "rows": "SELECT source, native_id, title FROM current_listing",
}
# How often the content of an announcement changed, which no trouble may change either.
VERSIONS = "SELECT a.source, a.native_id, count(*) FROM announcement_version AS v JOIN announcement AS a USING (announcement_key) GROUP BY ALL"


def tables(settings: Settings, **more: str) -> dict[str, list[str]]:
    """The rows of each question, sorted."""
    with closing(open_snapshot(settings)) as con:
        return {name: sorted(map(repr, con.execute(query).fetchall())) for name, query in {**WORLD, **more}.items()}


def environment(home: Path, portal_url: str) -> dict[str, str]:
    """The variables of a process that collects a demo portal into a home."""
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
    return load_settings(environment(home, portal_url))


def command(home: Path, portal_url: str, *words: str) -> subprocess.Popen[str]:
    """``gonggo …`` in a process (and a process group) of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "gonggo.cli", *words],
        env=environment(home, portal_url),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def copied(home: Path, to: Path) -> Path:
    """Copy a home as it is: with the times and rights of its files, and one file under two names still one file."""
    first: dict[int, str] = {}

    def copy(one: str, other: str) -> str:
        kept = first.setdefault(Path(one).stat().st_ino, other)
        if kept != other:
            os.link(kept, other)
            return other
        return str(shutil.copy2(one, other))

    return Path(shutil.copytree(home, to, copy_function=copy))
