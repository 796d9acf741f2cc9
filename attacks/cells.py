"""Titles that spreadsheets would run: what every table that leaves the product makes of them."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
from pydantic import Field

from attacks.boards import BoardInput, staged
from attacks.commands import Command
from attacks.model import Input, Inputs, Outcome, Step
from attacks.project import Project, today

SOURCE = "cells"
STARTS = ("=", "+", "-", "@")
# What readers and spreadsheets pass over before a formula.
PASSED = " \t\r\n\x0b\x0c\u00a0\u200b\u2060\ufeff"


class CellInput(Input):
    """The beginning of a title."""

    text: str


class CellKind(Inputs):
    inputs: list[CellInput] = Field(min_length=1)


def try_cells(kind: CellKind, project: Project, home: Path, chosen: Sequence[CellInput]) -> Iterator[Outcome]:
    """Collect and publish the titles, and look for each in every table that leaves."""
    now = today()
    rows = [
        {
            "no": f"c{number}",
            "title": f"{one.text} {_mark(number)} 인공지능 실증 지원사업 공고",
            "day": now,
            "agency": f"{one.text} {_mark(number)}",
            "text": f"제조AI 실증 지원사업 공고 {number}호. 접수기간: {now} ~ 2099. 12. 1.까지",
        }
        for number, one in enumerate(chosen)
    ]
    answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + json.dumps(
        {"items": rows}
    )
    room = home / "cells"
    with staged(SOURCE, BoardInput(id="cells", template="json", listing=[Step(send=answer)])) as stage:
        project.drop_in(SOURCE, "json", {"list": {"page_size": len(rows) + 1}})
        env = project.environment(room, SOURCE, stage.host.url)
        collected = Command("collect", ["collect", SOURCE], env, 120, publish=True)
        did = project.run([collected])["collect"]
    query = ["sql", "-f", "csv", "SELECT title, source, native_id FROM current_announcement"]
    asked = project.run([Command("sql", query, env, 30)])["sql"]
    cells = [*_cells(room / "exports"), *_of_csv("gonggo sql", asked.out)]
    for number, one in enumerate(chosen):
        missed = list(did.missed)
        mine = [(where, cell) for where, cell in cells if _mark(number) in cell]
        if not mine:
            missed.append("its title is in no table")
        missed += [f"{where} has the cell {cell[:30]!r}" for where, cell in mine if _runs(cell)][:1]
        yield Outcome(kind.kind, one.id, missed, did.seconds / len(chosen))


def _mark(number: int) -> str:
    return f"표지{number:03d}"


def _runs(cell: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula."""
    return unicodedata.normalize("NFKC", cell.lstrip(PASSED)).lstrip(PASSED).startswith(STARTS)


def _cells(exports: Path) -> Iterator[tuple[str, str]]:
    """Every cell of the exports that a spreadsheet opens, with the name of its file."""
    for path in exports.rglob("*.csv"):
        yield from _of_csv(path.name, path.read_text("utf-8-sig"))
    if (exports / "gonggo.xlsx").exists():
        for sheet in openpyxl.load_workbook(exports / "gonggo.xlsx"):
            for row in sheet:
                for cell in row:
                    if cell.value is not None:
                        # A text of a workbook is a text, whatever it begins with; only a formula runs.
                        yield "gonggo.xlsx", str(cell.value) if cell.data_type == "f" else f"'{cell.value}"


def _of_csv(name: str, text: str) -> Iterator[tuple[str, str]]:
    for row in csv.reader(io.StringIO(text)):
        for cell in row:
            yield name, cell
