"""Damage to what the product keeps on the disk: it mends that or says what to do, and the good ones are there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Literal

from pydantic import Field

from attacks.calm import SOURCE, Calm, calm_home, lacking
from attacks.commands import Command
from attacks.model import Input, Inputs, Outcome, Strict
from attacks.probes import last_line
from attacks.project import Project, batch_of

SECONDS = 40.0


class Harm(Strict):
    """What is done to the files that a pattern below the home finds, or to one that is made."""

    files: str
    what: Literal["bytes", "cut", "empty", "folder", "gone", "loop", "sqlite"]
    bytes: str = "\x00\xff\xfe not what was written \x80"
    sql: str = ""

    def do(self, home: Path) -> None:
        """Do it.

        Raises:
            LookupError: the pattern finds nothing to damage.
        """
        files = sorted(path for path in home.glob(self.files) if not path.name.endswith(("-wal", "-shm")))
        if not files and not set(self.files) & set("*?["):
            new = home / self.files
            new.parent.mkdir(parents=True, exist_ok=True)
            files = [new]
        if not files:
            raise LookupError(f"{self.files} finds nothing in a home")
        for path in files:
            self._do_to(path)

    def _do_to(self, path: Path) -> None:
        if self.what == "sqlite":
            _execute(path, self.sql)
            return
        content = path.read_bytes() if path.is_file() else b""
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        if self.what == "folder":
            path.mkdir()
        elif self.what == "loop":
            path.symlink_to(path)
        elif self.what != "gone":
            damaged = {"bytes": self.bytes.encode("latin-1"), "cut": content[: len(content) // 2], "empty": b""}
            path.write_bytes(damaged[self.what])


class StateInput(Input):
    """Damage, and the command that has to live with it. ``publish``: the warehouse's steps run too."""

    harm: list[Harm] = Field(min_length=1)
    words: list[str] = ["collect", SOURCE]
    publish: bool = False
    told: str | None = None
    good: bool = True


class StateKind(Inputs):
    inputs: list[StateInput] = Field(min_length=1)


def try_state(kind: StateKind, project: Project, home: Path, chosen: Sequence[StateInput]) -> Iterator[Outcome]:
    """Damage a copy of a calm home for each input; what became of it."""
    calm = calm_home(project)
    ran = project.run([_harmed(one, calm, home / f"state-{one.id}") for one in chosen])
    for one in chosen:
        did, room = ran[one.id], home / f"state-{one.id}"
        missed = did.missed or list(_missed(one, did.out + did.err, room))
        yield Outcome(kind.kind, one.id, missed, did.seconds)


def _harmed(one: StateInput, calm: Calm, room: Path) -> Command:
    shutil.copytree(calm.home, room, symlinks=True)
    for harm in one.harm:
        harm.do(room)
    return Command(one.id, one.words, calm.env | {"GONGGO_HOME": str(room)}, SECONDS, one.publish)


def _missed(one: StateInput, output: str, room: Path) -> Iterator[str]:
    if one.told is not None and not re.search(one.told, output):
        yield f"nothing is told of it: {last_line(output)!r}"
    if one.good:
        batch = batch_of(room, SOURCE)
        if batch is None:
            yield f"no batch was left: {last_line(output)}"
        yield from lacking(room)


def _execute(path: Path, sql: str) -> None:
    import sqlite3

    with closing(sqlite3.connect(path)) as con:
        con.executescript(sql)
        con.commit()
