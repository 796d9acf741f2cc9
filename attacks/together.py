"""After every board was collected into one home: one publication of all of them, and what it left."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import duckdb
import openpyxl
from icalendar import Calendar
from lxml import etree
from pydantic import Field

from attacks.boards import GOOD
from attacks.commands import Command, Ran
from attacks.model import Input, Inputs, Outcome
from attacks.project import Project, batch_of

SECONDS = 150.0


class TogetherInput(Input):
    """One thing that must be right of the publication."""

    look: Literal["status", "announcements", "workbook", "tables", "feeds", "calendars", "graph", "parquet", "doctor"]


class TogetherKind(Inputs):
    inputs: list[TogetherInput] = Field(min_length=1)


def try_together(
    kind: TogetherKind, project: Project, home: Path, chosen: Sequence[TogetherInput]
) -> Iterator[Outcome]:
    """Publish what the boards left in the home, and look at it."""
    env = {"GONGGO_HOME": str(home), "GONGGO_SOURCES": "demo"}
    did = project.run([Command("publish", ["publish"], env, SECONDS, publish=True)])["publish"]
    for one in chosen:
        try:
            missed = list(LOOKS[one.look](home, did, project))
        except (OSError, ValueError, duckdb.Error, etree.LxmlError) as error:
            missed = [f"{type(error).__name__}: {str(error)[:160]}"]
        yield Outcome(kind.kind, one.id, missed, did.seconds / len(chosen))


def _status(home: Path, did: Ran, project: Project) -> Iterator[str]:
    yield from did.missed
    if did.status:
        yield f"the publication ended with status {did.status}"


def _announcements(home: Path, did: Ran, project: Project) -> Iterator[str]:
    """Every document that a batch calls read is in the published tables."""
    with duckdb.connect(str(home / "published" / "gonggo.duckdb"), read_only=True) as con:
        found = set(con.execute("SELECT source, native_id FROM current_announcement").fetchall())
    sources = sorted({path.name.partition("__")[0] for path in (home / "batches").iterdir()})
    for source in sources:
        batch = batch_of(home, source)
        read = {number for number, one in (batch.documents if batch else {}).items() if one["outcome"] == "ok"}
        lost = [number for number in read if (source, number) not in found]
        if lost:
            yield f"{lost[0]} of {source} was read and is not published"
    if not any(number in GOOD for _, number in found):
        yield "not one good announcement is published"


def _workbook(home: Path, did: Ran, project: Project) -> Iterator[str]:
    book = openpyxl.load_workbook(home / "exports" / "gonggo.xlsx", read_only=True)
    if not any(True for sheet in book for _ in sheet.rows):
        yield "the workbook is empty"


def _tables(home: Path, did: Ran, project: Project) -> Iterator[str]:
    paths = list((home / "exports" / "csv").glob("*.csv"))
    if not paths:
        yield "there is no CSV"
    for path in paths:
        path.read_text("utf-8-sig")


def _feeds(home: Path, did: Ran, project: Project) -> Iterator[str]:
    paths = list((home / "exports" / "feeds").glob("*.atom"))
    if not paths:
        yield "there is no feed"
    for path in paths:
        etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False))


def _calendars(home: Path, did: Ran, project: Project) -> Iterator[str]:
    paths = list((home / "exports" / "calendar").glob("*.ics"))
    if not paths:
        yield "there is no calendar"
    for path in paths:
        Calendar.from_ical(path.read_bytes())


def _graph(home: Path, did: Ran, project: Project) -> Iterator[str]:
    if not json.loads((home / "exports" / "gonggo.jsonld").read_text("utf-8"))["@graph"]:
        yield "the linked data are empty"


def _parquet(home: Path, did: Ran, project: Project) -> Iterator[str]:
    count = duckdb.sql(f"SELECT count(*) FROM '{home}/exports/parquet/announcement/*.parquet'").fetchone()
    if not count or not count[0]:
        yield "the Parquet file is empty"


def _doctor(home: Path, did: Ran, project: Project) -> Iterator[str]:
    """The doctor examines such a home and says which sources went wrong."""
    env = {"GONGGO_HOME": str(home), "GONGGO_SOURCES": "demo"}
    doctor = project.run([Command("doctor", ["doctor"], env, 60)])["doctor"]
    yield from doctor.missed
    if not re.search("source|수집", doctor.out):
        yield "the doctor says nothing of the sources"


LOOKS: dict[str, Callable[[Path, Ran, Project], Iterator[str]]] = {
    "status": _status,
    "announcements": _announcements,
    "workbook": _workbook,
    "tables": _tables,
    "feeds": _feeds,
    "calendars": _calendars,
    "graph": _graph,
    "parquet": _parquet,
    "doctor": _doctor,
}
