"""Damaged files on a board: each is read whole, or told to be less than whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from attacks.boards import GOOD
from attacks.commands import Command, Ran
from attacks.files import A_PAGE, Damage, FileSpec
from attacks.model import Format, Input, Inputs, Outcome
from attacks.probes import last_line
from attacks.project import Project, batch_of, today
from attacks.server import Host, page

LINES = 160
SECONDS = 60.0


class DamageInput(Input):
    """A kind of damage, done to a document of numbered lines in each of the formats."""

    formats: list[Format] = Field(min_length=1)
    damage: list[Damage] = Field(min_length=1)


class DamageKind(Inputs):
    inputs: list[DamageInput] = Field(min_length=1)


def document(kind: Format) -> bytes:
    """A notice of numbered lines, so that it shows what is missing."""
    lines = ["거창군 농업AI 실증 지원사업 공고", *(_line(number) for number in range(LINES))]
    if kind == "zip":
        spec = FileSpec(format="zip", members={"공고문.hwpx": FileSpec(format="hwpx", lines=lines)})
        return spec.content()
    return FileSpec(format=kind, lines=lines).content()


def _line(number: int) -> str:
    # What repeats packs so well that a cut would take all or nothing.
    spread = number * 7919 % 10007
    return f"제{number}조 인공지능 실증 {spread}번 과제는 별표 {spread * 31 % 997}에 따른다."


def try_damage(kind: DamageKind, project: Project, home: Path, chosen: Sequence[DamageInput]) -> Iterator[Outcome]:
    """Collect a board for each format, with an announcement for each damage; what became of each.

    Where that ends badly, each file is collected alone: the fault is one's, not all of them's.
    """
    boards: dict[str, list[Harmed]] = {}
    for one in chosen:
        for each in one.formats:
            whole = document(each)
            boards.setdefault(f"{kind.kind}_{each}", []).extend(
                Harmed(f"{one.id}_{how.name}", each, how.done_to(whole)) for how in one.damage
            )
    ran = _collected(boards, project, home)
    alone = {
        f"{source}_{file.name}": [file] for source, files in boards.items() if ran[source].missed for file in files
    }
    ran |= _collected(alone, project, home) if alone else {}
    for source, files in (alone | {name: files for name, files in boards.items() if not ran[name].missed}).items():
        did, batch = ran[source], batch_of(home, source)
        for file in files:
            collected = batch.documents.get(file.name) if batch else None
            missed = did.missed or ([] if collected else [f"its announcement is lost: {last_line(did.err)}"])
            missed = missed or list(_missed(collected or {}))
            yield Outcome(kind.kind, f"{file.name}_{file.format}", missed, did.seconds / len(files))


@dataclass(frozen=True)
class Harmed:
    """A damaged file."""

    name: str
    format: Format
    content: bytes


def _collected(boards: Mapping[str, Sequence[Harmed]], project: Project, home: Path) -> dict[str, Ran]:
    """Collect boards of files, each as a source."""
    with ExitStack() as stack:
        commands = []
        for source, files in boards.items():
            host = stack.enter_context(Host(_answers(files)).serving())
            project.drop_in(source, "board", {})
            commands.append(Command(source, ["collect", source], project.environment(home, source, host.url), SECONDS))
        return project.run(commands)


def _answers(files: Sequence[Harmed]) -> dict[str, bytes]:
    answers, rows, now = dict[str, bytes](), "", today()
    for file in files:
        name = file.name
        body = f'<div class="view"><p>{GOOD["1"]}</p><p>붙임의 공고문을 보시기 바랍니다.</p></div>'
        files_ = f'<ul class="files"><li><a href="/f/{name}">모집 공고문.{file.format}</a></li></ul>'
        answers[f"/board.test/view?no={name}"] = page(f"<html><body>{body}{files_}</body></html>".encode())
        answers[f"/f/{name}"] = page(file.content, "application/octet-stream")
        rows += (
            f'<tr><td class="no">{name}</td><td class="subject"><a href="/board.test/view?no={name}">'
            f'{GOOD["1"]} {name}</a></td><td class="date">{now}</td></tr>'
        )
    table = f'<table class="list"><tbody>{rows}</tbody></table>'
    return {**answers, "/board.test/list": page(f"<html><body>{table}</body></html>".encode())}


def _missed(document: dict[str, Any]) -> Iterator[str]:
    """A file that is called whole has every line, each as it was; one that is not says why."""
    if document["outcome"] != "ok":
        return
    (file,) = document["attachments"] or [{"outcome": "lost"}]
    if file["outcome"] == "ok":
        text = document["record"]["text"]
        lost = [number for number in range(LINES) if _line(number) not in text]
        # A PDF has no checksum: what was blanked within a page may look like a page that says less.
        if len(lost) > (A_PAGE if file["media_type"] == "pdf" else 0):
            yield f"it is called whole, and {len(lost)} of {LINES} lines are missing"
    elif not file.get("reason"):
        yield f"its file is {file['outcome']!r}, and no reason is told"
