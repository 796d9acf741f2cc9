"""Texts and files: ``gonggo extract`` reads them, and their facts are looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import Field, model_validator

from attacks.commands import AT_ONCE, Command, Ran
from attacks.files import FileSpec
from attacks.model import Facts, Format, Input, Inputs, Outcome
from attacks.probes import misses
from attacks.project import Project

EACH = 5.0
# How many files a command is given at once.
TOGETHER = 40


class TextInput(Input):
    """A text: a ``line`` in the frame of its file, a ``text``, the ``markup`` of a page, or a file in some formats."""

    line: str | None = None
    text: str | None = None
    markup: str | None = None
    file: FileSpec | None = None
    formats: list[Format] = []
    expected: Facts

    @model_validator(mode="after")
    def _one(self) -> TextInput:
        if sum(each is not None for each in (self.line, self.text, self.markup, self.file)) != 1:
            raise ValueError("give one of line, text, markup, file")
        return self

    def contents(self, frame: str) -> Iterator[tuple[str, bytes]]:
        """The name and the bytes of each file that it is."""
        if self.file is not None:
            for each in self.formats or [self.file.format]:
                spec = self.file.model_copy(update={"format": each})
                yield f"{self.id}.{each}", spec.content()
        elif self.markup is not None:
            # What is in the frame's place of a line is markup here.
            lines = "".join(
                f"<p>{line}</p>" if line != "{line}" else self.markup for line in frame.splitlines() if line
            )
            yield f"{self.id}.html", f"<html><body>{lines or self.markup}</body></html>".encode()
        else:
            text = self.text if self.text is not None else frame.replace("{line}", self.line or "")
            yield f"{self.id}.txt", text.encode()


class TextKind(Inputs):
    """``frame`` is a whole announcement in which ``{line}`` is the place of what differs."""

    frame: str = ""
    inputs: list[TextInput] = Field(min_length=1)


def try_texts(kind: TextKind, project: Project, home: Path, chosen: Sequence[TextInput]) -> Iterator[Outcome]:
    """Read every file; what became of each."""
    folder = home / f"files-{kind.kind}"
    folder.mkdir(parents=True)
    files = list[tuple[Path, TextInput, str]]()
    for one in chosen:
        for name, content in one.contents(kind.frame):
            path = folder / name
            path.write_bytes(content)
            files.append((path, one, f"{one.id}_{path.suffix[1:]}" if one.formats else one.id))
    results = extracted([path for path, _, _ in files], project, home)
    for path, one, name in files:
        ran, record = results[path]
        missed = ran.missed or misses(record, ran.err, one.expected)
        yield Outcome(kind.kind, name, missed, ran.seconds)


def extracted(paths: Sequence[Path], project: Project, home: Path) -> dict[Path, tuple[Ran, dict[str, object] | None]]:
    """The record of each file, and the command that read it: one for many, and one for each where that went wrong."""
    size = max(1, min(TOGETHER, -(-len(paths) // AT_ONCE)))
    groups = [list(paths[at : at + size]) for at in range(0, len(paths), size)]
    found = _each(groups, project, home)
    alone = [[path] for path in paths if found[path][0].missed]
    return found | (_each(alone, project, home) if alone else {})


def _each(
    groups: Sequence[Sequence[Path]], project: Project, home: Path
) -> dict[Path, tuple[Ran, dict[str, object] | None]]:
    env = {"GONGGO_HOME": str(home), "GONGGO_SOURCES": "demo"}
    commands = [
        Command(f"extract-{number}", ["extract", "--json", *map(str, group)], env, EACH * len(group) + 5)
        for number, group in enumerate(groups)
    ]
    ran, found = project.run(commands), dict[Path, tuple[Ran, dict[str, object] | None]]()
    for command, group in zip(commands, groups, strict=True):
        did = ran[command.id]
        records = [json.loads(line) for line in did.out.splitlines() if line.startswith("{")]
        for path in group:
            # Two formats of one name stand in the order in which they were given.
            mine = [record for record in records if record["id"] == path.stem]
            refused = "\n".join(line for line in did.err.splitlines() if str(path) in line)
            record = None if refused or not mine else mine[0]
            if record is not None:
                records.remove(record)
            message = did.err if did.missed else refused
            found[path] = (Ran(did.id, did.status, "", message, did.seconds / len(group), did.late), record)
    return found
