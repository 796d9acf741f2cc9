"""Linking: corrections, organisations by alias, programmes by name, announcements of the same call on several sites."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, cast

import duckdb
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from gonggo.datafile import load_model
from gonggo.extract.lexicons import FOLDER, organisations
from gonggo.settings import SQL, Settings
from gonggo.step_results import LinkResult
from gonggo.warehouse.corrections import CORRECTABLE, apply_corrections, load_corrections
from gonggo.warehouse.governments import government_names
from gonggo.warehouse.marts import content_changed, fingerprint, set_state, state
from gonggo.warehouse.memory import retry_with_more_memory
from gonggo.warehouse.migrate import migrate
from gonggo.warehouse.sql_files import rows, run_sql_file
from gonggo.warehouse.transactions import transaction
from gonggo.warehouse.writer import writer

STEPS = ("before", "notice", "pins", "organisation", "programme", "changes")
PINS = Path(__file__).with_name("pins.yaml")
AnnouncementName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+/.+$")]
Pair = Annotated[list[AnnouncementName], Field(min_length=2, max_length=2)]


class Pins(BaseModel):
    """``pins.yaml``: pairs of announcements that are the same call, and pairs that are not, as decided by a person."""

    model_config = ConfigDict(extra="forbid")
    same: list[Pair] = []
    apart: list[Pair] = []

    def rows(self) -> list[dict[str, str]]:
        """Return one row for each pair, its announcements given as source and native id."""
        pair_rows: list[dict[str, str]] = []
        for kind, pairs in (("same", self.same), ("apart", self.apart)):
            for one, other in pairs:
                (source, _, number), (other_source, _, other_number) = one.partition("/"), other.partition("/")
                row = {"kind": kind, "source": source, "native_id": number}
                pair_rows.append({**row, "other_source": other_source, "other_native_id": other_number})
        return pair_rows


def link(settings: Settings, pins: Path = PINS) -> LinkResult:
    """Apply the corrections, and rebuild the links from the facts and the pins, unless they are up to date.

    Raises:
        DataFileError: The file of pins or of corrections is invalid; the message names file and line.
    """
    files = [*(SQL / "link").glob("*.sql"), FOLDER / "organisations.yaml", FOLDER / "regions.csv", pins, CORRECTABLE]
    corrections = json.dumps(load_corrections(settings.corrections), ensure_ascii=False)
    with writer(settings) as con:
        migrate(con)
        inputs = partial(fingerprint, con, files, corrections)
        if state(con, "links") != inputs():
            values = {
                "pins": load_model(pins, Pins).rows(),
                "known_organisations": _organisations(),
                "government_names": government_names(),
            }
            as_json = {name: json.dumps(listed, ensure_ascii=False) for name, listed in values.items()}
            retry_with_more_memory(con, partial(_link_all, con, inputs, corrections, as_json))
        return cast(LinkResult, rows(con, _COUNTS)[0])


def _link_all(
    con: duckdb.DuckDBPyConnection, inputs: Callable[[], str], corrections: str, values: dict[str, str]
) -> None:
    with transaction(con):
        apply_corrections(con, corrections)
        for step in STEPS:
            run_sql_file(con, SQL / "link" / f"{step}.sql", **values)
        con.execute("DELETE FROM warehouse_state WHERE name = 'content'")
        content_changed(con, is_recorded=True)
        set_state(con, "links", inputs())


_COUNTS = """
SELECT (SELECT count(*) FROM organisation) AS organisations, (SELECT count(*) FROM programme) AS programmes,
    count(*) AS announcements, count(DISTINCT notice_key) AS notices
FROM announcement
"""


def _organisations() -> list[dict[str, str]]:
    """Return the organisations of the lexicon, one row for each alias."""
    lexicon = organisations()
    aliases_by_name = {**lexicon.ministries, **lexicon.agencies}
    return [{"name": name, "alias": alias} for name, aliases in aliases_by_name.items() for alias in aliases]
