"""A home that was collected and published in peace: what is damaged, asked and queried afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from attacks.boards import GOOD, BoardInput, staged
from attacks.commands import Command, run
from attacks.project import Project

SOURCE = "calm"


@dataclass(frozen=True)
class Calm:
    """The home, and the environment of a command over it while its board is served."""

    home: Path
    env: dict[str, str]


@contextmanager
def calm_home(project: Project, home: Path, *titles: str) -> Iterator[Calm]:
    """Collect and publish a board of good announcements, and of one more for each title; serve it until the block ends.

    Raises:
        RuntimeError: not even that can be collected.
    """
    with staged(SOURCE, BoardInput(id="board"), titles) as stage:
        project.drop_in(SOURCE, "board", {})
        env = project.environment(home, SOURCE, stage.host.url)
        did = run([Command(SOURCE, ["collect", SOURCE], env, 120, publish=True)], project.plugins)[SOURCE]
        if did.status or did.late:
            raise RuntimeError(f"nothing can be collected in peace: {did.err}")
        yield Calm(home, env)


def titles_in(home: Path) -> set[str]:
    """The titles of the published announcements."""
    import duckdb

    with duckdb.connect(str(home / "published" / "gonggo.duckdb"), read_only=True) as con:
        return {row[0] for row in con.execute("SELECT title FROM current_announcement").fetchall()}


def lacking(home: Path) -> list[str]:
    """What is not there of the good announcements."""
    if not (home / "published" / "gonggo.duckdb").exists():
        return ["nothing is published"]
    return [f"{title!r} is not published" for title in GOOD.values() if title not in titles_in(home)]
