"""A home that was collected and published in peace: what is damaged, asked and queried afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from attacks.boards import GOOD, BoardInput, staged
from attacks.commands import Command
from attacks.project import Project

SOURCE = "calm"


@dataclass(frozen=True)
class Calm:
    """The home, and the environment of a command over it while its board is served."""

    home: Path
    env: dict[str, str]


def calm_home(project: Project) -> Calm:
    """Collect and publish a board of good announcements, once for all who ask; it is served as long as the project.

    Raises:
        RuntimeError: not even that can be collected.
    """
    with project.lock:
        if project.calm is None:
            stage = project.stack.enter_context(staged(SOURCE, BoardInput(id="board")))
            project.drop_in(SOURCE, "board", {})
            env = project.environment(project.folder / "calm", SOURCE, stage.host.url)
            did = project.run([Command(SOURCE, ["collect", SOURCE], env, 120, publish=True)])[SOURCE]
            if did.status or did.late:
                raise RuntimeError(f"nothing can be collected in peace: {did.err}")
            project.calm = Calm(project.folder / "calm", env)
    calm: Calm = project.calm
    return calm


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
